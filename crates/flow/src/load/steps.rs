//! Steps: whom they wait for, and the order in which each stands behind those before it.

use std::collections::{BTreeMap, BTreeSet};

use super::Loading;
use super::file::{RawOutcome, RawStage, RawStep};
use crate::definition::{Count, Outcome, Step, Unit};

/// The most steps of a process.
const MOST_STEPS: usize = 500;

impl Loading<'_> {
    /// The steps in an order in which each stands behind those before it.
    pub(super) fn steps(&mut self, stages: &[RawStage], units: &[Unit]) -> Option<Vec<Step>> {
        let raw: Vec<(usize, &RawStage, &RawStep)> = stages
            .iter()
            .enumerate()
            .flat_map(|(place, stage)| stage.step.iter().map(move |step| (place, stage, step)))
            .collect();
        if raw.len() > MOST_STEPS {
            self.refuse(
                "",
                format!(
                    "{} steps are more than {MOST_STEPS}; split the process",
                    raw.len()
                ),
            );
            return None;
        }
        let order = self.order(&raw)?;
        let mut steps: Vec<Step> = Vec::new();
        for number in order {
            let Some((stage_place, stage, step)) = raw.get(number) else {
                continue;
            };
            let unit = step.unit.clone().unwrap_or_else(|| stage.lead.clone());
            self.unit(&step.id, &unit, units);
            let after = step
                .after
                .iter()
                .filter_map(|named| {
                    let (before, on) = parted(named);
                    let place = steps.iter().position(|known| known.id == before)?;
                    Some((place, on.map(str::to_owned)))
                })
                .collect();
            self.unique("outcome", step.outcomes.iter().map(RawOutcome::id));
            let at_least = step
                .at_least
                .clone()
                .map(|limit| self.limit(&step.id, limit));
            if at_least
                .as_ref()
                .is_some_and(|limit| limit.count != Count::Calendar)
            {
                self.refuse(
                    &step.id,
                    "what a step takes at the least is counted in calendar days",
                );
            }
            steps.push(Step {
                id: step.id.clone(),
                title: step.title.clone(),
                stage: *stage_place,
                unit,
                after,
                at_least,
                join: step.join,
                outcomes: step.outcomes.iter().cloned().map(Outcome::from).collect(),
            });
        }
        Some(steps)
    }

    /// Places of the steps, each behind those before it; `None` after telling of circles and unknown names.
    fn order(&mut self, raw: &[(usize, &RawStage, &RawStep)]) -> Option<Vec<usize>> {
        let by_name: BTreeMap<&str, &RawStep> = raw
            .iter()
            .map(|(_, _, step)| (step.id.as_str(), *step))
            .collect();
        let mut sound = true;
        for (_, _, step) in raw {
            for named in &step.after {
                let (before, on) = parted(named);
                let message = match (by_name.get(before), on) {
                    (None, _) => format!("it comes after `{before}`, which there is not"),
                    (Some(found), Some(on))
                        if !found.outcomes.iter().any(|outcome| outcome.id() == on) =>
                    {
                        format!("`{before}` has no outcome `{on}`")
                    }
                    _ => continue,
                };
                self.refuse(&step.id, message);
                sound = false;
            }
        }
        let mut order = Vec::new();
        let mut placed: BTreeSet<&str> = BTreeSet::new();
        while order.len() < raw.len() {
            let ready: Vec<usize> = raw
                .iter()
                .enumerate()
                .filter(|(_, (_, _, step))| !placed.contains(step.id.as_str()))
                .filter(|(_, (_, _, step))| {
                    step.after
                        .iter()
                        .all(|named| placed.contains(parted(named).0))
                })
                .map(|(number, _)| number)
                .collect();
            if ready.is_empty() {
                let left: Vec<&str> = raw
                    .iter()
                    .map(|(_, _, step)| step.id.as_str())
                    .filter(|id| !placed.contains(id))
                    .collect();
                if sound {
                    self.refuse(
                        "",
                        format!(
                            "these steps wait for each other in a circle: {}",
                            left.join(", ")
                        ),
                    );
                }
                return None;
            }
            for number in ready {
                if let Some((_, _, step)) = raw.get(number) {
                    placed.insert(&step.id);
                }
                order.push(number);
            }
        }
        sound.then_some(order)
    }
}

/// `step` or `step=outcome`.
fn parted(named: &str) -> (&str, Option<&str>) {
    match named.split_once('=') {
        Some((step, outcome)) => (step.trim(), Some(outcome.trim())),
        None => (named.trim(), None),
    }
}
