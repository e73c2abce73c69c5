//! Rolling plans: 200 projects over 20 quarters to a proven gap of 1 %, against HiGHS alone on the same model.

use std::time::{Duration, Instant};

use portfolio::{
    Budget, Error, Gap, Limits, Outcome, Period, Plan, Preferences, Project, Quarter, Solver, Unit,
    solve,
};
use units::Fen;

use crate::line::Line;

/// How long one search may take.
const PATIENCE_MS: u64 = 30_000;

/// Time to the gap on some seeds, and how the time of a search of fixed size grows.
pub(crate) fn rolling() -> anyhow::Result<Vec<Line>> {
    let mut lines = vec![to_gap()?];
    lines.push(growth()?);
    Ok(lines)
}

/// What a search came to.
struct Run {
    took: Duration,
    gap_ppm: u64,
}

fn run(plan: &Plan, solver: Solver) -> Result<Run, Error> {
    let started = Instant::now();
    let clock = || u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let limits = Limits {
        gap: Gap::ONE_PERCENT,
        time_ms: Some(PATIENCE_MS),
        clock: &clock,
        nodes: u32::MAX,
        solver,
    };
    let outcome = solve(plan, &limits)?;
    Ok(Run {
        took: started.elapsed(),
        gap_ppm: outcome.gap_ppm.unwrap_or(u64::MAX),
    })
}

fn to_gap() -> anyhow::Result<Line> {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let mut peer = true;
    for seed in 1..=5 {
        let plan = city(200, 20, seed)?;
        ours.push(run(&plan, Solver::Best)?);
        match run(&plan, Solver::Highs) {
            Ok(run) => theirs.push(run),
            Err(Error::NoHighs) => peer = false,
            Err(error) => return Err(error.into()),
        }
    }
    let (ours, theirs) = (middle(ours), middle(theirs));
    let reached = ours.as_ref().is_some_and(|run| run.gap_ppm <= 10_000);
    let ratio = ours
        .as_ref()
        .zip(theirs.as_ref())
        .map(|(ours, theirs)| theirs.took.as_secs_f64() / ours.took.as_secs_f64());
    Ok(Line {
        work: "rolling plan, 200 projects × 20 quarters, to a proven gap of 1 %".to_owned(),
        ours: shown(ours.as_ref()),
        reference: if peer {
            shown(theirs.as_ref())
        } else {
            "not built in".to_owned()
        },
        reference_name: "HiGHS alone, same model (cargo xtask bench --highs)".to_owned(),
        ratio,
        goal: "no worse".to_owned(),
        ok: ratio.map(|ratio| ratio >= 1.0 && reached),
    })
}

fn middle(mut runs: Vec<Run>) -> Option<Run> {
    runs.sort_by_key(|run| (run.took, run.gap_ppm));
    let middle = runs.len() / 2;
    runs.into_iter().nth(middle)
}

fn shown(run: Option<&Run>) -> String {
    run.map_or("–".to_owned(), |run| {
        let percent =
            u32::try_from(run.gap_ppm).map_or(f64::INFINITY, |ppm| f64::from(ppm) / 10_000.0);
        format!("{:.2} s, gap {percent:.2} %", run.took.as_secs_f64())
    })
}

/// The same search, without a clock, on one, eight and sixty-four times as many projects.
fn growth() -> anyhow::Result<Line> {
    let mut times = Vec::new();
    let mut gaps = Vec::new();
    for times_as_many in [1, 8, 64] {
        let plan = city(200 * times_as_many, 20, 1)?;
        let started = Instant::now();
        let limits = Limits {
            nodes: 0,
            solver: Solver::Own,
            ..Limits::default()
        };
        let outcome = solve(&plan, &limits)?;
        times.push(started.elapsed().as_secs_f64());
        holds(&plan, &outcome)?;
        gaps.push(outcome.gap_ppm.map_or(f64::NAN, |ppm| {
            f64::from(u32::try_from(ppm).unwrap_or(u32::MAX)) / 10_000.0
        }));
    }
    let ([one, eight, all], [gap_one, gap_eight, gap_all]) = (&times[..], &gaps[..]) else {
        anyhow::bail!("three sizes were measured")
    };
    let exponent = (all / one).ln() / 64_f64.ln();
    Ok(Line {
        work: "bounds and repair alone, 12,800 projects × 20 quarters".to_owned(),
        ours: format!("{all:.2} s, gap {gap_all:.2} %"),
        reference: format!("×1 {one:.2} s, {gap_one:.2} %; ×8 {eight:.2} s, {gap_eight:.2} %"),
        reference_name: format!("growth: exponent {exponent:.2}"),
        ratio: None,
        goal: "exponent < 1.3".to_owned(),
        ok: Some(exponent < 1.3),
    })
}

/// A fast plan that breaks a limit is no plan.
fn holds(plan: &Plan, outcome: &Outcome) -> anyhow::Result<()> {
    for limit in &outcome.limits {
        anyhow::ensure!(limit.used <= limit.available, "{limit:?} is broken");
    }
    anyhow::ensure!(
        outcome.placed.len() <= plan.projects.len(),
        "no project stands twice"
    );
    Ok(())
}

/// A made-up city: ten units, projects of a quarter to a year and a half, money for about half of them, a fifth
/// with a prerequisite.
fn city(projects: u32, quarters: u32, seed: u64) -> anyhow::Result<Plan> {
    let mut lots = seed;
    let mut below = |end: u32| -> u32 {
        lots = lots
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((lots >> 33) % u64::from(end)).unwrap_or(0)
    };
    let first = Quarter::new(2026, 1).ok_or_else(|| anyhow::anyhow!("2026Q1 is a quarter"))?;
    let units = projects / 20;
    let made: Vec<Project> = (0..projects)
        .map(|index| Project {
            id: format!("P{index}"),
            name: String::new(),
            unit: Some(format!("U{}", below(units))),
            cost: Fen::new(i64::from(1 + below(1000)) * 10_000_000),
            quarters: 1 + below(6),
            spend: Vec::new(),
            benefit: 50 + below(1000),
            ease: below(101),
            load: 1 + below(2),
            after: if index > 0 && below(5) == 0 {
                vec![format!("P{}", below(index))]
            } else {
                Vec::new()
            },
            must: false,
            earliest: None,
            finish_by: None,
            started: None,
            planned: None,
        })
        .collect();
    let total: i64 = made.iter().map(|project| project.cost.get()).sum();
    let years = i64::from(quarters.div_ceil(4));
    let budget = |year: i64| Budget {
        period: Period::Year(i32::try_from(2026 + year).unwrap_or(2026)),
        amount: Fen::new(total * 55 / 100 / years),
    };
    Ok(Plan {
        first,
        quarters,
        run_over: false,
        preferences: Preferences::default(),
        budgets: (0..years).map(budget).collect(),
        units: (0..units)
            .map(|unit| Unit {
                id: format!("U{unit}"),
                capacity: 3 + below(4),
            })
            .collect(),
        projects: made,
    })
}
