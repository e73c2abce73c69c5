//! Says why a plan is as it is: what binds, and what each waiting project waits for.

use std::collections::BTreeSet;

use units::Fen;

use crate::instance::{Instance, Resource, UNLIMITED, offset, quarter_at, spread};
use crate::math::{At, count, round};
use crate::model::{Plan, Project};
use crate::outcome::{Blocker, Limit, Outcome, Placed, Proof, Use, Waiting};
use crate::solve::Found;

/// A million yuan in fen: the step in which money's price is told.
const MILLION_YUAN: f64 = 1e8;

/// Everything there is to say about a plan.
pub(crate) fn outcome(plan: &Plan, instance: &Instance, found: &Found<'_>) -> Outcome {
    let value = found.best.value().unwrap_or(0);
    let bound = (found.proof != Proof::None).then_some(found.bound.max(value));
    let mut binding = BTreeSet::new();
    let waiting = waiting(plan, instance, found, &mut binding);
    Outcome {
        value,
        bound,
        gap_ppm: bound.and_then(|bound| gap_ppm(value, bound)),
        proof: found.proof,
        placed: placed(plan, instance, found),
        waiting,
        limits: uses(plan, instance, found, &binding),
        spend: spend(plan, found),
    }
}

/// Rounded up, so that a gap is never told smaller than it is; none where the value is 0 and the bound isn't.
fn gap_ppm(value: i64, bound: i64) -> Option<u64> {
    let apart = i128::from(bound) - i128::from(value);
    if apart == 0 {
        return Some(0);
    }
    let whole = i128::from(value.unsigned_abs());
    let ppm = (apart * 1_000_000 + whole - 1).checked_div(whole)?;
    u64::try_from(ppm).ok()
}

fn placed(plan: &Plan, instance: &Instance, found: &Found<'_>) -> Vec<Placed> {
    let show = |project: &Project, start, value| Placed {
        project: project.id.clone(),
        name: project.name.clone(),
        unit: project.unit.clone(),
        start,
        end: start.plus(i32::try_from(project.quarters).unwrap_or(1) - 1),
        cost: project.cost,
        started: project.started.is_some(),
        moved: project
            .planned
            .filter(|_| project.started.is_none())
            .map(|planned| start.since(planned)),
        value,
    };
    let started = plan.projects.iter();
    let mut placed: Vec<Placed> = started
        .filter_map(|project| Some(show(project, project.started?, 0)))
        .collect();
    for (job, it) in instance.jobs.iter().enumerate() {
        let project = plan.projects.get(it.project);
        if let (Some(project), Some(at)) = (project, found.best.start.at(job)) {
            let value = it.value_at(at).unwrap_or(0);
            placed.push(show(project, quarter_at(plan, at), value));
        }
    }
    placed.sort_by(|one, other| (one.start, &one.project).cmp(&(other.start, &other.project)));
    placed
}

fn waiting(
    plan: &Plan,
    instance: &Instance,
    found: &Found<'_>,
    binding: &mut BTreeSet<usize>,
) -> Vec<Waiting> {
    let mut waiting = Vec::new();
    for (job, it) in instance.jobs.iter().enumerate() {
        let Some(project) = plan.projects.get(it.project) else {
            continue;
        };
        let at = found.best.start.at(job);
        let best = it
            .starts
            .iter()
            .max_by_key(|start| (start.value, usize::MAX - start.at));
        let better = at.and_then(|at| it.value_at(at)) < best.map(|best| best.value);
        if at.is_some() && !better {
            continue;
        }
        let mut instead = Vec::new();
        let blockers = match best {
            None => vec![Blocker::Never {
                reason: never(plan, instance, project, job),
            }],
            Some(best) => blockers(plan, found, job, best.at, binding, &mut instead),
        };
        waiting.push(Waiting {
            project: project.id.clone(),
            name: project.name.clone(),
            start: at.map(|at| quarter_at(plan, at)),
            best: best.map(|best| quarter_at(plan, best.at)),
            blockers,
            instead,
        });
    }
    waiting
}

fn never(plan: &Plan, instance: &Instance, project: &Project, job: usize) -> String {
    let Some(it) = instance.jobs.get(job) else {
        return String::new();
    };
    let no_way = |job: &&usize| {
        instance
            .jobs
            .get(**job)
            .is_some_and(|it| it.starts.is_empty())
    };
    let stuck = it
        .before
        .iter()
        .find(no_way)
        .and_then(|job| instance.jobs.get(*job));
    if let Some(stuck) = stuck.and_then(|stuck| plan.projects.get(stuck.project)) {
        return format!("it needs {}, which can never start", stuck.id);
    }
    let first = project
        .earliest
        .and_then(|earliest| offset(plan, earliest))
        .unwrap_or(0);
    let alone = instance.why_alone(plan, it, first);
    if alone.is_empty() {
        "its dates, its prerequisites and the end of the plan leave no quarter".to_owned()
    } else {
        alone
    }
}

/// What stands against a start in the finished plan; notes the limits that bind and who stands there instead.
fn blockers(
    plan: &Plan,
    found: &Found<'_>,
    job: usize,
    at: usize,
    binding: &mut BTreeSet<usize>,
    instead: &mut Vec<String>,
) -> Vec<Blocker> {
    let instance = found.best.instance;
    let Some(it) = instance.jobs.get(job) else {
        return Vec::new();
    };
    let mut blockers = late_prerequisites(plan, found, job, at);
    let mut own = vec![0_i64; instance.limit.len()];
    if let Some(stands) = found.best.start.at(job) {
        instance.needs(it, stands, |resource, amount| own.put(resource, amount));
    }
    let mut first = None;
    instance.needs(it, at, |resource, amount| {
        let free = instance
            .limit
            .at(resource)
            .saturating_sub(found.best.used.at(resource));
        let lacking = amount - free.saturating_add(own.at(resource));
        if lacking > 0 {
            binding.insert(resource);
            first.get_or_insert(resource);
            let limit = limit(plan, instance, resource);
            blockers.push(Blocker::Lacks { limit, lacking });
        }
    });
    if let Some(resource) = first {
        *instead = standing(plan, found, job, resource);
    }
    if blockers.is_empty() {
        blockers.push(Blocker::NoGain);
    }
    blockers
}

fn late_prerequisites(plan: &Plan, found: &Found<'_>, job: usize, at: usize) -> Vec<Blocker> {
    let instance = found.best.instance;
    let before = instance.jobs.get(job).into_iter().flat_map(|it| &it.before);
    before
        .filter_map(|before| {
            let it = instance.jobs.get(*before)?;
            let after = found
                .best
                .start
                .at(*before)
                .map(|start| start + it.quarters());
            let late = after.is_none_or(|after| after > at);
            late.then(|| Blocker::Prerequisite {
                project: plan
                    .projects
                    .get(it.project)
                    .map(|it| it.id.clone())
                    .unwrap_or_default(),
                ends: after.map(|after| quarter_at(plan, after).plus(-1)),
            })
        })
        .collect()
}

/// The most valuable projects that use a resource.
fn standing(plan: &Plan, found: &Found<'_>, but: usize, wanted: usize) -> Vec<String> {
    let instance = found.best.instance;
    let mut users = Vec::new();
    for (job, it) in instance
        .jobs
        .iter()
        .enumerate()
        .filter(|(job, _)| *job != but)
    {
        if let Some(at) = found.best.start.at(job) {
            let mut uses = false;
            instance.needs(it, at, |resource, amount| {
                uses |= resource == wanted && amount > 0;
            });
            if uses {
                users.push((it.value_at(at).unwrap_or(0), it.project));
            }
        }
    }
    users.sort_by(|one, other| other.cmp(one));
    let names = users
        .iter()
        .filter_map(|(_, project)| plan.projects.get(*project));
    names.take(3).map(|project| project.id.clone()).collect()
}

fn limit(plan: &Plan, instance: &Instance, resource: usize) -> Limit {
    match instance.resource(resource) {
        Resource::Quarter(at) => Limit::Quarter {
            quarter: quarter_at(plan, at),
        },
        Resource::Year(year) => Limit::Year { year },
        Resource::Unit(unit, at) => Limit::Unit {
            unit: plan
                .units
                .get(unit)
                .map(|unit| unit.id.clone())
                .unwrap_or_default(),
            quarter: quarter_at(plan, at),
        },
    }
}

fn uses(
    plan: &Plan,
    instance: &Instance,
    found: &Found<'_>,
    binding: &BTreeSet<usize>,
) -> Vec<Use> {
    let limited = (0..instance.limit.len()).filter(|it| instance.limit.at(*it) != UNLIMITED);
    limited
        .map(|resource| {
            let started = instance.taken.at(resource);
            let step = match instance.resource(resource) {
                Resource::Unit(..) => 1.0,
                _ => MILLION_YUAN,
            };
            Use {
                limit: limit(plan, instance, resource),
                available: instance.limit.at(resource) + started,
                used: found.best.used.at(resource) + started,
                started,
                binds: binding.contains(&resource),
                price: i64::try_from(round(found.prices.resource.at(resource) * step))
                    .unwrap_or(i64::MAX),
            }
        })
        .collect()
}

fn spend(plan: &Plan, found: &Found<'_>) -> Vec<(crate::Quarter, Fen)> {
    let instance = found.best.instance;
    let mut fen = vec![0_i64; instance.horizon];
    let mut add = |start: i64, spend: &[i64]| {
        for (at, amount) in (start..).zip(spend) {
            if let Some(sum) = usize::try_from(at).ok().and_then(|at| fen.get_mut(at)) {
                *sum = sum.saturating_add(*amount);
            }
        }
    };
    for project in &plan.projects {
        if let Some(started) = project.started {
            add(started.since(plan.first).into(), &spread(project));
        }
    }
    for (job, it) in instance.jobs.iter().enumerate() {
        if let Some(at) = found.best.start.at(job) {
            add(count(at), &it.spend);
        }
    }
    let quarters = fen.into_iter().enumerate();
    quarters
        .map(|(at, fen)| (quarter_at(plan, at), Fen::new(fen)))
        .collect()
}
