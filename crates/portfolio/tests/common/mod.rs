//! Made-up plans by a seed, and a plain reckoning of what a plan is worth.

use std::collections::HashMap;

use portfolio::{Budget, Period, Plan, Preferences, Project, Quarter, Unit};
use units::Fen;

/// What to make up.
#[derive(Clone, Copy)]
pub(crate) struct Seeded {
    pub(crate) seed: u64,
    pub(crate) projects: u32,
    pub(crate) quarters: u32,
    /// With musts, earlier plans and dates.
    pub(crate) tight: bool,
}

impl Default for Seeded {
    fn default() -> Self {
        Self {
            seed: 1,
            projects: 20,
            quarters: 8,
            tight: false,
        }
    }
}

struct Lots(u64);

impl Lots {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(end)).unwrap()
    }
}

/// Projects of one to a third of the plan's quarters, budgets for about half of them, units for most.
pub(crate) fn made(seeded: &Seeded) -> Plan {
    let mut lots = Lots(seeded.seed.wrapping_mul(77).wrapping_add(5));
    let first: Quarter = "2026Q1".parse().unwrap();
    let units = seeded.projects / 20 + 1;
    let projects: Vec<Project> = (0..seeded.projects)
        .map(|index| project(index, seeded, units, first, &mut lots))
        .collect();
    let total: i64 = projects.iter().map(|it| it.cost.get()).sum();
    let years = seeded.quarters.div_ceil(4);
    let budgets = (0..years).map(|year| Budget {
        period: Period::Year(2026 + i32::try_from(year).unwrap()),
        amount: Fen::new(total * 55 / 100 / i64::from(years)),
    });
    let quarterly = Budget {
        period: Period::Quarter(first.plus(1)),
        amount: Fen::new(total / i64::from(seeded.quarters)),
    };
    Plan {
        first,
        quarters: seeded.quarters,
        run_over: false,
        preferences: Preferences::default(),
        budgets: budgets.chain([quarterly]).collect(),
        units: (0..units)
            .map(|unit| Unit {
                id: format!("U{unit}"),
                capacity: 3 + lots.below(4),
            })
            .collect(),
        projects,
    }
}

fn project(index: u32, seeded: &Seeded, units: u32, first: Quarter, lots: &mut Lots) -> Project {
    let quarters = 1 + lots.below((seeded.quarters / 3).max(1));
    let after = if index > 0 && lots.below(5) == 0 {
        vec![format!("P{}", lots.below(index))]
    } else {
        Vec::new()
    };
    let chance = |of: u32, lots: &mut Lots| seeded.tight && lots.below(of) == 0;
    Project {
        id: format!("P{index}"),
        name: String::new(),
        unit: Some(format!("U{}", lots.below(units))),
        cost: Fen::new(i64::from(1 + lots.below(1000)) * 1_000_007),
        quarters,
        spend: Vec::new(),
        benefit: 50 + lots.below(1000),
        ease: lots.below(101),
        load: 1 + lots.below(2),
        after,
        must: chance(12, lots),
        earliest: chance(6, lots).then(|| first.plus(1)),
        finish_by: None,
        started: None,
        planned: chance(4, lots)
            .then(|| first.plus(i32::try_from(lots.below(seeded.quarters)).unwrap())),
    }
}

/// What starts are worth if they hold every rule, reckoned without the crate's own machinery.
pub(crate) fn value_if_allowed(plan: &Plan, starts: &[Option<Quarter>]) -> Option<i64> {
    let mut quarters: HashMap<Quarter, i64> = HashMap::new();
    let mut loads: HashMap<(&str, Quarter), u32> = HashMap::new();
    let mut ends: HashMap<&str, Quarter> = HashMap::new();
    let mut value = 0;
    for (project, start) in plan.projects.iter().zip(starts) {
        value += worth(plan, project, *start);
        let Some(start) = *start else {
            if project.must {
                return None;
            }
            continue;
        };
        if project.earliest.is_some_and(|earliest| start < earliest) {
            return None;
        }
        let long = i64::from(project.quarters);
        for nth in 0..long {
            let quarter = start.plus(i32::try_from(nth).unwrap());
            let due = |parts: i64| (project.cost.get() * parts + long - 1) / long;
            *quarters.entry(quarter).or_default() += due(nth + 1) - due(nth);
            let unit = project.unit.as_deref().unwrap();
            *loads.entry((unit, quarter)).or_default() += project.load;
        }
        ends.insert(&project.id, start.plus(i32::try_from(long).unwrap() - 1));
    }
    for (project, start) in plan.projects.iter().zip(starts) {
        for before in &project.after {
            let end = ends.get(before.as_str());
            if start.is_some_and(|start| end.is_none_or(|end| *end >= start)) {
                return None;
            }
        }
    }
    let within = plan.budgets.iter().all(|budget| {
        let spent: i64 = quarters
            .iter()
            .filter(|(quarter, _)| match budget.period {
                Period::Quarter(only) => **quarter == only,
                Period::Year(year) => quarter.year() == year,
            })
            .map(|(_, fen)| fen)
            .sum();
        spent <= budget.amount.get()
    });
    let carried = plan.units.iter().all(|unit| {
        let mut of_unit = loads.iter().filter(|((id, _), _)| *id == unit.id);
        of_unit.all(|(_, load)| *load <= unit.capacity)
    });
    (within && carried).then_some(value)
}

fn worth(plan: &Plan, project: &Project, start: Option<Quarter>) -> i64 {
    let weigh = &plan.preferences;
    let easy = i64::from(weigh.easy_first);
    let full = i64::from(project.benefit) * ((100 - easy) * 100 + easy * i64::from(project.ease));
    let part = |permille: i64| full / 10 * permille / 1000;
    match (start, project.planned) {
        (None, Some(_)) => -part(weigh.drop_permille.into()),
        (None, None) => 0,
        (Some(start), planned) => {
            let ends = i64::from(start.since(plan.first)) + i64::from(project.quarters);
            let kept = (1000 - i64::from(weigh.delay_permille) * ends).max(0);
            let moved = planned.map_or(0, |planned| i64::from(start.since(planned).abs()));
            part(kept) - part(i64::from(weigh.move_permille) * moved)
        }
    }
}
