//! Who has what to do in a case now, and until when: derived from the events, never kept.
//!
//! A stage that was submitted and not decided has exactly one task of its lead, or of the applicant while something is
//! missing; a unit that was asked has one until it replies; a step that is open has one, once its stage was taken in.

use flow::{Case, Clock, Days, Definition, Due, Stage, StageState, StepState};
use jiff::civil::Date;
use serde::Serialize;

use crate::Error;

/// What there is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// The applicant: hand in what is missing.
    Correct,
    /// The lead: take in, refuse, or say what is missing.
    TakeIn,
    /// The lead: decide.
    Decide,
    /// A unit that was asked: reply.
    Reply,
    /// The unit of a step: do it.
    Step,
    /// The applicant: submit a stage that is open now.
    Submit,
}

impl TaskKind {
    /// The word in the API and in message keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Correct => "correct",
            Self::TakeIn => "take_in",
            Self::Decide => "decide",
            Self::Reply => "reply",
            Self::Step => "step",
            Self::Submit => "submit",
        }
    }

    /// Whether it is the applicant's.
    pub const fn is_applicants(self) -> bool {
        matches!(self, Self::Correct | Self::Submit)
    }
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Task {
    /// What.
    pub kind: TaskKind,
    /// In which stage.
    pub stage: String,
    /// Which step, for steps.
    pub step: Option<String>,
    /// Whose, by the definition and hand-overs; empty for the applicant.
    pub unit: String,
    /// The last day for it, where there is a limit and the clock runs.
    pub due: Option<Date>,
    /// Whether a holiday notice still to come may move that day.
    pub provisional: bool,
    /// Whether the clock stands still.
    pub stopped: bool,
    /// Whether that day is past.
    pub late: bool,
    /// Working days from the day it is looked at until the last day; 0 on that day and when it is past.
    pub working_days_left: Option<u32>,
}

/// What there is to do in a case, seen from a day.
///
/// # Errors
/// [`Error::Flow`] for dates that nobody counts.
pub fn tasks(
    definition: &Definition,
    case: &Case,
    days: &Days,
    as_of: Date,
) -> Result<Vec<Task>, Error> {
    let mut found = Vec::new();
    for one in undated(definition, case) {
        let stage = definition.stages.get(one.stage);
        let (Some(stage), Some(state)) = (stage, case.stages.get(one.stage)) else {
            continue;
        };
        let due = state.due(stage, one.stage, days, as_of)?;
        let dates = one.dates(stage, state, &due, days)?;
        found.push(one.task(definition, stage, state, dates, days)?);
    }
    Ok(found)
}

/// A task by its places in the definition and in the case: what does not change from one day to the next.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Undated {
    pub(crate) kind: TaskKind,
    pub(crate) stage: usize,
    pub(crate) step: Option<usize>,
    /// Which of those asked, for replies.
    asked: Option<usize>,
}

/// A task's dates, seen from a day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dates {
    pub(crate) due: Option<Date>,
    pub(crate) provisional: bool,
    pub(crate) stopped: bool,
    pub(crate) late: bool,
    as_of: Date,
}

/// What there is to do in a case, whatever the day.
pub(crate) fn undated(definition: &Definition, case: &Case) -> Vec<Undated> {
    let mut found = Vec::new();
    if case.withdrawn.is_some() || is_closed(definition, case) {
        return found;
    }
    for (stage, state) in case.stages.iter().enumerate() {
        let mut push = |kind, step, asked| {
            found.push(Undated {
                kind,
                stage,
                step,
                asked,
            });
        };
        let open_steps = || places_of(definition, case, stage, StepState::Open);
        if state.submitted.is_none() {
            if open_steps().next().is_some() && !has_failed(case) {
                push(TaskKind::Submit, None, None);
            }
        } else if state.decided.is_some() || state.refused.is_some() {
            // Nothing more.
        } else if state.correction_asked.is_some() && state.corrected.is_none() {
            push(TaskKind::Correct, None, None);
        } else if state.accepted.is_none() {
            push(TaskKind::TakeIn, None, None);
        } else {
            push(TaskKind::Decide, None, None);
            for (place, asked) in state.asked.iter().enumerate() {
                if asked.replied.is_none() {
                    push(TaskKind::Reply, None, Some(place));
                }
            }
            for (place, _) in open_steps() {
                push(TaskKind::Step, Some(place), None);
            }
        }
    }
    found
}

impl Undated {
    /// Whose it is, by the definition and hand-overs; empty for the applicant.
    pub(crate) fn unit<'a>(
        &self,
        definition: &'a Definition,
        stage: &'a Stage,
        state: &'a StageState,
    ) -> &'a str {
        let lead = state.lead.as_deref().unwrap_or(&stage.lead);
        match self.kind {
            TaskKind::Correct | TaskKind::Submit => "",
            TaskKind::TakeIn | TaskKind::Decide => lead,
            TaskKind::Reply => self.asked(state).map_or(lead, |asked| &asked.unit),
            // Who leads now does what the lead was to do.
            TaskKind::Step => match self.step.and_then(|step| definition.steps.get(step)) {
                Some(step) if step.unit != stage.lead => &step.unit,
                _ => lead,
            },
        }
    }

    fn asked<'a>(&self, state: &'a StageState) -> Option<&'a flow::Asked> {
        state.asked.get(self.asked?)
    }

    /// Its dates, with the stage's clock as it is on the day.
    pub(crate) fn dates(
        &self,
        stage: &Stage,
        state: &StageState,
        due: &Due,
        days: &Days,
    ) -> Result<Dates, Error> {
        let as_of = due.as_of;
        let none = Dates {
            due: None,
            provisional: false,
            stopped: false,
            late: false,
            as_of,
        };
        let (from, last) = match self.kind {
            TaskKind::Correct | TaskKind::Submit => return Ok(none),
            TaskKind::Decide | TaskKind::Step => {
                return Ok(Dates {
                    due: due.date,
                    provisional: due.provisional,
                    stopped: due.clock == Clock::Stopped,
                    late: due.late,
                    as_of,
                });
            }
            TaskKind::TakeIn => {
                let arrived = state.corrected.or(state.submitted);
                let last = match (&stage.correction, arrived) {
                    (Some(limit), Some(from)) => Some(last_day(days, from, limit)?),
                    _ => None,
                };
                (arrived, last)
            }
            TaskKind::Reply => {
                let Some(asked) = self.asked(state) else {
                    return Ok(none);
                };
                let known = stage.supporting.iter().find(|one| one.unit == asked.unit);
                let last = known
                    .map(|one| last_day(days, asked.on, &one.reply))
                    .transpose()?;
                (Some(asked.on), last)
            }
        };
        let provisional = match (from, last) {
            (Some(from), Some(last)) => days.provisional(from, last)?,
            _ => false,
        };
        Ok(Dates {
            due: last,
            provisional,
            late: last.is_some_and(|last| last < as_of),
            ..none
        })
    }

    /// With its dates.
    pub(crate) fn task(
        &self,
        definition: &Definition,
        stage: &Stage,
        state: &StageState,
        dates: Dates,
        days: &Days,
    ) -> Result<Task, Error> {
        let step = self.step.and_then(|step| definition.steps.get(step));
        Ok(Task {
            kind: self.kind,
            stage: stage.id.clone(),
            step: step.map(|step| step.id.clone()),
            unit: self.unit(definition, stage, state).to_owned(),
            due: dates.due,
            provisional: dates.provisional,
            stopped: dates.stopped,
            late: dates.late,
            working_days_left: left(days, dates.as_of, dates.due)?,
        })
    }
}

/// Whether nothing can follow any more: withdrawn, all done and decided, or one stage ended badly and no other runs.
pub fn is_closed(definition: &Definition, case: &Case) -> bool {
    if case.withdrawn.is_some() {
        return true;
    }
    let mut submitted = case
        .stages
        .iter()
        .filter(|state| state.submitted.is_some())
        .peekable();
    if submitted.peek().is_none() {
        return false;
    }
    let over = submitted.all(|state| state.decided.is_some() || state.refused.is_some());
    let undone = definition.stages.iter().enumerate().any(|(place, _)| {
        steps_of(definition, case, place, StepState::Open)
            .next()
            .is_some()
            || steps_of(definition, case, place, StepState::Waiting)
                .next()
                .is_some()
    });
    over && (has_failed(case) || !undone)
}

/// Whether a stage was refused or not passed.
fn has_failed(case: &Case) -> bool {
    case.stages.iter().any(|state| {
        state.refused.is_some() || matches!(state.decided, Some((_, flow::Decision::Failed)))
    })
}

/// The steps of a stage in one state.
pub(crate) fn steps_of<'d>(
    definition: &'d Definition,
    case: &'d Case,
    stage: usize,
    wanted: StepState,
) -> impl Iterator<Item = &'d flow::Step> {
    places_of(definition, case, stage, wanted).map(|(_, step)| step)
}

/// The same with their places in the definition.
fn places_of<'d>(
    definition: &'d Definition,
    case: &'d Case,
    stage: usize,
    wanted: StepState,
) -> impl Iterator<Item = (usize, &'d flow::Step)> {
    definition
        .steps
        .iter()
        .zip(&case.steps)
        .enumerate()
        .filter(move |(_, (step, state))| step.stage == stage && **state == wanted)
        .map(|(place, (step, _))| (place, step))
}

fn last_day(days: &Days, from: Date, limit: &flow::Limit) -> Result<Date, Error> {
    let last = days.after(from, limit.days, limit.count)?;
    Ok(match limit.count {
        flow::Count::Working => last,
        flow::Count::Calendar => days.or_next_working(last)?,
    })
}

fn left(days: &Days, as_of: Date, due: Option<Date>) -> Result<Option<u32>, Error> {
    due.map(|due| days.between(as_of, due, flow::Count::Working))
        .transpose()
        .map_err(Into::into)
}
