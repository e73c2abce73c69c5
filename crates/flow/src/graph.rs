//! Whether every case can reach its end, whatever is chosen on the way.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Finding;
use crate::{Definition, Join, Step};

/// The most combinations of choices that are walked through.
const MOST_WAYS: usize = 4_096;

/// Everything that could strand a case. The steps stand behind those before them.
pub(crate) fn check(definition: &Definition) -> Vec<Finding> {
    let mut findings = ends(definition);
    let choices: Vec<(usize, &Step)> = definition
        .steps
        .iter()
        .enumerate()
        .filter(|(_, step)| !step.outcomes.is_empty())
        .collect();
    let ways = choices.iter().try_fold(1_usize, |ways, (_, step)| {
        ways.checked_mul(step.outcomes.len())
    });
    let Some(ways) = ways.filter(|ways| *ways <= MOST_WAYS) else {
        findings.push(finding(
            "",
            format!("more than {MOST_WAYS} combinations of choices; split the process"),
        ));
        return findings;
    };
    let mut reached: BTreeSet<usize> = BTreeSet::new();
    let mut told: BTreeSet<String> = BTreeSet::new();
    for way in 0..ways {
        let (visited, faults) = walk(definition, &chosen(&choices, way));
        reached.extend(visited);
        for fault in faults {
            if told.insert(fault.to_string()) {
                findings.push(fault);
            }
        }
    }
    for (place, step) in definition.steps.iter().enumerate() {
        if !reached.contains(&place) {
            findings.push(finding(
                &step.id,
                "no choice ever leads here; connect it or leave it out".to_owned(),
            ));
        }
    }
    findings
}

/// The one end, and no other step without another behind it.
fn ends(definition: &Definition) -> Vec<Finding> {
    let led_from: BTreeSet<usize> = definition
        .steps
        .iter()
        .flat_map(|step| step.after.iter().map(|(before, _)| *before))
        .collect();
    let last: Vec<&Step> = definition
        .steps
        .iter()
        .enumerate()
        .filter(|(place, _)| !led_from.contains(place))
        .map(|(_, step)| step)
        .collect();
    let mut findings = Vec::new();
    if last.len() > 1 {
        let names: Vec<&str> = last.iter().map(|step| step.id.as_str()).collect();
        findings.push(finding(
            "",
            format!(
                "dead ends: nothing follows {}; let all ways meet in one last step",
                names.join(", ")
            ),
        ));
    }
    for (place, step) in definition.steps.iter().enumerate() {
        for outcome in &step.outcomes {
            let leads = definition.steps.iter().any(|other| {
                other.after.iter().any(|(before, on)| {
                    *before == place && on.as_ref().is_none_or(|on| *on == outcome.id)
                })
            });
            if !leads {
                findings.push(finding(
                    &step.id,
                    format!("dead end: no step follows the outcome `{}`", outcome.id),
                ));
            }
        }
    }
    findings
}

/// The outcome of each choice in one of the combinations.
fn chosen<'d>(choices: &[(usize, &'d Step)], way: usize) -> BTreeMap<usize, &'d str> {
    let mut rest = way;
    let mut chosen = BTreeMap::new();
    for (place, step) in choices {
        let count = step.outcomes.len().max(1);
        if let Some(outcome) = step.outcomes.get(rest % count) {
            chosen.insert(*place, outcome.id.as_str());
        }
        rest /= count;
    }
    chosen
}

/// Which steps are done under these choices, and where a case would hang or be split.
fn walk(
    definition: &Definition,
    chosen: &BTreeMap<usize, &str>,
) -> (BTreeSet<usize>, Vec<Finding>) {
    let mut done: BTreeSet<usize> = BTreeSet::new();
    let mut faults = Vec::new();
    let how = || {
        let ways: Vec<String> = chosen
            .iter()
            .filter_map(|(place, outcome)| {
                Some(format!("{} = {outcome}", definition.steps.get(*place)?.id))
            })
            .collect();
        if ways.is_empty() {
            String::new()
        } else {
            format!(" when {}", ways.join(", "))
        }
    };
    for (place, step) in definition.steps.iter().enumerate() {
        let arriving = step
            .after
            .iter()
            .filter(|(before, on)| {
                done.contains(before)
                    && on
                        .as_deref()
                        .is_none_or(|on| chosen.get(before) == Some(&on))
            })
            .count();
        let all = step.after.len();
        let starts = match step.join {
            Join::All if arriving == all => true,
            Join::Any if arriving == 1 => true,
            Join::All if arriving > 0 => {
                faults.push(finding(
                    &step.id,
                    format!(
                        "it waits for ever{}: join = \"any\", or have all before it done",
                        how()
                    ),
                ));
                false
            }
            Join::Any if arriving > 1 => {
                faults.push(finding(
                    &step.id,
                    format!("it would start more than once{}: join = \"all\"", how()),
                ));
                true
            }
            _ => false,
        };
        if starts {
            done.insert(place);
        }
    }
    (done, faults)
}

fn finding(place: &str, message: String) -> Finding {
    Finding {
        place: place.to_owned(),
        message,
    }
}
