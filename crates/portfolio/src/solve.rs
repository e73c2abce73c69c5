//! Makes a plan: a greedy one, better ones from it, bounds beside them, and a tree for what is left to prove.

use crate::branch::Tree;
use crate::instance::Instance;
use crate::lagrange::{Bounds, Choice, Domains, Prices, all};
use crate::limits::{Limits, Solver};
use crate::math::At;
use crate::model::Plan;
use crate::outcome::{Outcome, Proof};
use crate::placement::Placement;
use crate::repair::Repair;
use crate::{Error, check, explain, greedy as clerk};

/// The best plan found, how near to the best possible it is proven to be, and why it is as it is.
///
/// The same data and limits without a time give the same plan on every machine.
pub fn solve(plan: &Plan, limits: &Limits<'_>) -> Result<Outcome, Error> {
    check::plan(plan)?;
    let instance = Instance::new(plan)?;
    let found = search(plan, &instance, limits)?;
    Ok(explain::outcome(plan, &instance, &found))
}

/// The plan of a careful clerk: one project after the other, each as early as it fits; nothing is proven.
pub fn greedy(plan: &Plan) -> Result<Outcome, Error> {
    check::plan(plan)?;
    let instance = Instance::new(plan)?;
    let best = clerk::plan(&instance);
    let bounds = Bounds::new(&instance);
    let prices = Prices::free(&instance);
    let bound = bounds.prove(&all(&instance), &prices).and(None);
    complete(plan, &best, false)?;
    let found = Found {
        best,
        bound: bound.unwrap_or(i64::MAX),
        proof: Proof::None,
        prices,
    };
    Ok(explain::outcome(plan, &instance, &found))
}

/// A plan with its proof.
pub(crate) struct Found<'a> {
    pub(crate) best: Placement<'a>,
    pub(crate) bound: i64,
    pub(crate) proof: Proof,
    pub(crate) prices: Prices<f64>,
}

fn search<'a>(
    plan: &Plan,
    instance: &'a Instance,
    limits: &Limits<'_>,
) -> Result<Found<'a>, Error> {
    match limits.solver {
        Solver::Highs => highs(plan, instance, limits, None),
        Solver::Own => own(plan, instance, limits, true),
        Solver::Best => {
            let tree = !cfg!(feature = "highs");
            let found = own(plan, instance, limits, tree);
            match found {
                Ok(found) if tree || near(&found, limits) || limits.over() => Ok(found),
                Ok(found) => highs(plan, instance, limits, Some(found)),
                Err(Error::MustsDontFit { proven: false, .. }) if !tree => {
                    highs(plan, instance, limits, None)
                }
                Err(error) => Err(error),
            }
        }
    }
}

fn near(found: &Found<'_>, limits: &Limits<'_>) -> bool {
    found
        .best
        .value()
        .is_some_and(|value| limits.gap.holds(value, found.bound))
}

#[cfg(feature = "highs")]
fn highs<'a>(
    plan: &Plan,
    instance: &'a Instance,
    limits: &Limits<'_>,
    from: Option<Found<'a>>,
) -> Result<Found<'a>, Error> {
    crate::highs::search(plan, instance, limits, from)
}

#[cfg(not(feature = "highs"))]
fn highs<'a>(
    _plan: &Plan,
    _instance: &'a Instance,
    _limits: &Limits<'_>,
    from: Option<Found<'a>>,
) -> Result<Found<'a>, Error> {
    from.ok_or(Error::NoHighs)
}

/// Our own search; `tree` says whether to branch where bounds and repair don't reach the gap.
fn own<'a>(
    plan: &Plan,
    instance: &'a Instance,
    limits: &Limits<'_>,
    tree: bool,
) -> Result<Found<'a>, Error> {
    let bounds = Bounds::new(instance);
    let domains = all(instance);
    let mut search = Own {
        instance,
        bounds: &bounds,
        limits,
        repair: Repair::new(clerk::plan(instance), 2019),
        prices: Prices::free(instance),
        bound: i64::MAX,
    };
    search.root(&domains);
    if tree && !search.done() {
        search.branch(domains);
    }
    let proven = search.bound == i64::MIN;
    complete(plan, &search.repair.best, proven)?;
    let value = search.repair.best.value().unwrap_or(i64::MIN);
    Ok(Found {
        bound: search.bound.max(value),
        best: search.repair.best,
        proof: Proof::Exact,
        prices: search.prices,
    })
}

/// Musts without a place are an error.
pub(crate) fn complete(plan: &Plan, best: &Placement<'_>, proven: bool) -> Result<(), Error> {
    let missing = best.missing();
    if missing.is_empty() {
        return Ok(());
    }
    let name = |job: &usize| {
        let it = best.instance.jobs.get(*job)?;
        plan.projects
            .get(it.project)
            .map(|project| project.id.clone())
    };
    Err(Error::MustsDontFit {
        projects: missing.iter().filter_map(name).collect(),
        proven,
    })
}

struct Own<'a, 'b> {
    instance: &'a Instance,
    bounds: &'b Bounds<'a>,
    limits: &'b Limits<'b>,
    repair: Repair<'a>,
    prices: Prices<f64>,
    /// No plan is worth more; the least number if there is no plan at all.
    bound: i64,
}

impl Own<'_, '_> {
    fn value(&self) -> Option<i64> {
        self.repair.best.value()
    }

    fn done(&self) -> bool {
        self.bound == i64::MIN
            || self.limits.over()
            || self
                .value()
                .is_some_and(|value| self.limits.gap.holds(value, self.bound))
    }

    /// Prices and repair in turn, as long as either gains.
    fn root(&mut self, domains: &Domains) {
        self.repair.rounds(200, &self.prices);
        let mut idle = 0;
        while idle < 3 && !self.done() {
            let before = self.bound;
            self.price(domains, 60);
            if self.done() {
                return;
            }
            let better = self.repair.rounds(1500, &self.prices);
            let lower = i128::from(before) - i128::from(self.bound);
            let gained = better || lower * 5000 > i128::from(before.max(0));
            idle = if gained { 0 } else { idle + 1 };
        }
    }

    fn price(&mut self, domains: &Domains, steps: u32) {
        let goal = self
            .value()
            .unwrap_or_else(|| self.bound.min(1 << 50) / 10 * 9);
        let instance = self.instance;
        let mut found = Vec::new();
        let proven = self.bounds.improve(
            domains,
            &self.prices,
            goal,
            steps,
            |step, choice, prices| {
                if step % 20 == 19 {
                    found.push(by_choice(instance, choice, prices));
                }
            },
        );
        for plan in found {
            self.repair.offer(plan);
        }
        self.prices = proven.prices;
        self.bound = proven.bound.map_or(i64::MIN, |bound| bound.min(self.bound));
    }

    fn branch(&mut self, mut domains: Domains) {
        if let Some(value) = self.value() {
            self.bounds.fix(&mut domains, &self.prices, value);
        }
        let mut tree = Tree::new(
            self.bounds,
            self.instance,
            domains,
            self.bound,
            self.prices.clone(),
        );
        for node in 1..=self.limits.nodes {
            if let Some(found) = tree.step(self.value()) {
                self.repair.offer(found);
            }
            let left = tree.bound().unwrap_or(i64::MIN);
            self.bound = left.max(self.value().unwrap_or(i64::MIN)).min(self.bound);
            if self.done() || tree.full() {
                return;
            }
            if node % 10 == 0 {
                self.repair.rounds(300, &self.prices);
            }
        }
    }
}

/// A plan filled in the order of what jobs are worth at the prices.
fn by_choice<'a>(
    instance: &'a Instance,
    choice: &Choice<f64>,
    prices: &Prices<f64>,
) -> Placement<'a> {
    let bill = crate::lagrange::Bill::new(instance, prices);
    let worth: Vec<f64> = instance
        .jobs
        .iter()
        .enumerate()
        .map(|(job, it)| {
            let at = choice
                .start
                .at(job)
                .or(it.starts.first().map(|start| start.at));
            let price = at.map_or(1.0, |at| bill.resources(instance, job, at));
            choice.worth.at(job) / price.max(1.0)
        })
        .collect();
    clerk::fill(instance, &worth)
}
