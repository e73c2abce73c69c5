//! The plan a careful clerk would make: one project after the other, each as early as it fits.

use crate::instance::Instance;
use crate::math::{At, float};
use crate::placement::Placement;

/// Takes musts first, then by worth for its money; each goes to its best start that is free.
pub(crate) fn plan(instance: &Instance) -> Placement<'_> {
    let worth: Vec<f64> = instance
        .jobs
        .iter()
        .map(|job| {
            let best = job
                .starts
                .iter()
                .map(|start| start.value)
                .max()
                .unwrap_or(0);
            let cost: i64 = job.spend.iter().sum();
            float(best) / float(cost.max(1))
        })
        .collect();
    fill(instance, &worth)
}

/// Places jobs by falling worth, a must and what it needs before all others.
pub(crate) fn fill<'a>(instance: &'a Instance, worth: &[f64]) -> Placement<'a> {
    let mut made = Placement::new(instance);
    let mut order: Vec<usize> = (0..instance.jobs.len()).collect();
    let must = |job: &usize| instance.jobs.get(*job).is_some_and(|it| it.must);
    order.sort_by(|one, other| {
        let by_worth = || worth.at(*other).total_cmp(&worth.at(*one));
        must(other).cmp(&must(one)).then_with(by_worth)
    });
    for job in order {
        place_with_before(&mut made, job);
    }
    made
}

/// A job waits for its prerequisites: they come first, if the job can come at all.
fn place_with_before(made: &mut Placement<'_>, job: usize) {
    let instance = made.instance;
    let mut needed = vec![job];
    let mut seen = 0;
    while let Some(it) = needed.get(seen).and_then(|job| instance.jobs.get(*job)) {
        for before in &it.before {
            if !needed.contains(before) && made.start.at(*before).is_none() {
                needed.push(*before);
            }
        }
        seen += 1;
        if needed.len() > 50 {
            return;
        }
    }
    let mut placed = Vec::new();
    let mut gained = 0_i128;
    let before = made.score();
    while let Some(next) = ready(made, &needed) {
        let best = made.best_start(next, |_| 0.0);
        match best {
            Some((at, _)) if made.place(next, at) => placed.push(next),
            _ => break,
        }
        gained = made.score() - before;
    }
    if placed.len() < needed.len() || gained <= 0 {
        made.restore(&placed, &[]);
    }
}

fn ready(made: &Placement<'_>, needed: &[usize]) -> Option<usize> {
    let instance = made.instance;
    let open = |job: &usize| made.start.at(*job).is_none();
    let all_before = |job: &usize| {
        let it = instance.jobs.get(*job);
        it.is_some_and(|it| it.before.iter().all(|before| !open(before)))
    };
    needed
        .iter()
        .rev()
        .copied()
        .find(|job| open(job) && all_before(job))
}
