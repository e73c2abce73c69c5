//! Cases as an event log, and a process as a net to replay logs on.

use event_log::{LoggedCase, LoggedEvent, Net, Transition};

use crate::case::standing;
use crate::{Case, Days, Definition, Error, Event, Join, What};

/// A case as it goes into a log: the steps that were done, each an activity by its name (with its outcome,
/// where the way parts), and what happened to its
/// stages as `stage: event`. Due and end are those of its last stage with a due date.
///
/// # Errors
/// Those of [`Case::replay`] and [`Case::due`].
pub fn logged(
    id: &str,
    definition: &Definition,
    events: &[Event],
    days: &Days,
) -> Result<LoggedCase, Error> {
    let case = Case::replay(definition, events)?;
    let mut logged = LoggedCase {
        id: id.to_owned(),
        due: None,
        end: None,
        events: Vec::new(),
    };
    let mut last = None;
    for event in standing(events)? {
        let Some(at) = event.at.microseconds() else {
            continue;
        };
        last = Some(event.at);
        let activity = match &event.what {
            What::Done { step, outcome } => activity_of(step, outcome.as_deref()),
            what => match what.stage() {
                Some(stage) => format!("{stage}: {}", what.name()),
                None => what.name().to_owned(),
            },
        };
        logged.events.push(LoggedEvent {
            activity,
            at,
            unit: event.by.clone(),
        });
    }
    if case.is_finished() || case.withdrawn.is_some() {
        logged.end = last.and_then(crate::Moment::microseconds);
    }
    if let Some(last) = last {
        for stage in &definition.stages {
            if let Some(due) = case.due(definition, &stage.id, days, last.date())?.date {
                // Due to the end of that day.
                let end = due
                    .tomorrow()
                    .ok()
                    .and_then(|next| crate::Moment::from(next).microseconds());
                logged.due = logged.due.max(end.map(|end| end - 1));
            }
        }
    }
    Ok(logged)
}

/// A step as an activity; where the way parts, the outcome belongs to it, or nobody could tell which way it went.
fn activity_of(step: &str, outcome: Option<&str>) -> String {
    match outcome {
        Some(outcome) => format!("{step}={outcome}"),
        None => step.to_owned(),
    }
}

/// The process as a Petri net whose activities are the names of its steps; `step=outcome`, where the way parts.
pub fn net(definition: &Definition) -> Net {
    // A place for each way from one step to another, one before each first step, one at the end.
    let mut places = 0;
    let mut place = || {
        places += 1;
        places - 1
    };
    let incoming: Vec<Vec<usize>> = definition
        .steps
        .iter()
        .map(|step| (0..step.after.len().max(1)).map(|_| place()).collect())
        .collect();
    let end = place();
    let mut transitions = Vec::new();
    for (number, step) in definition.steps.iter().enumerate() {
        let own = incoming.get(number).cloned().unwrap_or_default();
        let takes: Vec<Vec<usize>> = match step.join {
            Join::All => vec![own],
            Join::Any => own.into_iter().map(|place| vec![place]).collect(),
        };
        let outcomes: Vec<Option<&str>> = match step.outcomes.as_slice() {
            [] => vec![None],
            outcomes => outcomes
                .iter()
                .map(|outcome| Some(outcome.id.as_str()))
                .collect(),
        };
        for outcome in outcomes {
            let puts = ways_on(definition, &incoming, number, outcome);
            let puts = if puts.is_empty() { vec![end] } else { puts };
            for takes in &takes {
                transitions.push(Transition {
                    label: Some(activity_of(&step.id, outcome)),
                    takes: takes.clone(),
                    puts: puts.clone(),
                });
            }
        }
    }
    let start = definition
        .steps
        .iter()
        .zip(&incoming)
        .filter(|(step, _)| step.after.is_empty())
        .flat_map(|(_, places)| places.iter().copied())
        .collect();
    Net {
        name: definition.id.clone(),
        places: end + 1,
        transitions,
        start,
        end: vec![end],
    }
}

/// The places that a step's outcome leads into.
fn ways_on(
    definition: &Definition,
    incoming: &[Vec<usize>],
    from: usize,
    outcome: Option<&str>,
) -> Vec<usize> {
    let mut found = Vec::new();
    for (step, places) in definition.steps.iter().zip(incoming) {
        for ((before, on), place) in step.after.iter().zip(places) {
            if *before == from && (on.is_none() || on.as_deref() == outcome) {
                found.push(*place);
            }
        }
    }
    found
}
