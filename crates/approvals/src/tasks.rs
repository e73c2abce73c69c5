//! Who has what to do in a case now, and until when: derived from the events, never kept.
//!
//! A stage that was submitted and not decided has exactly one task of its lead, or of the applicant while something is
//! missing; a unit that was asked has one until it replies; a step that is open has one, once its stage was taken in.

use flow::{Case, Clock, Days, Definition, Due, StepState};
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
    if case.withdrawn.is_some() || is_closed(definition, case) {
        return Ok(found);
    }
    for (place, stage) in definition.stages.iter().enumerate() {
        let Some(state) = case.stages.get(place) else {
            continue;
        };
        let open_steps = || steps_of(definition, case, place, StepState::Open);
        if state.submitted.is_none() {
            if open_steps().next().is_some() && !has_failed(case) {
                found.push(Task::of(TaskKind::Submit, &stage.id, "", None));
            }
            continue;
        }
        if state.decided.is_some() || state.refused.is_some() {
            continue;
        }
        let lead = state.lead.as_deref().unwrap_or(&stage.lead);
        let due = case.due(definition, &stage.id, days, as_of)?;
        if state.correction_asked.is_some() && state.corrected.is_none() {
            found.push(Task::of(TaskKind::Correct, &stage.id, "", None));
            continue;
        }
        if state.accepted.is_none() {
            let arrived = state.corrected.or(state.submitted);
            let last = match (&stage.correction, arrived) {
                (Some(limit), Some(from)) => Some(last_day(days, from, limit)?),
                _ => None,
            };
            let task = Task::of(TaskKind::TakeIn, &stage.id, lead, None);
            found.push(task.until(last, arrived, days, as_of)?);
            continue;
        }
        found.push(Task::of(TaskKind::Decide, &stage.id, lead, None).with(&due, days)?);
        for asked in state.asked.iter().filter(|asked| asked.replied.is_none()) {
            let known = stage.supporting.iter().find(|one| one.unit == asked.unit);
            let last = known
                .map(|one| last_day(days, asked.on, &one.reply))
                .transpose()?;
            let task = Task::of(TaskKind::Reply, &stage.id, &asked.unit, None);
            found.push(task.until(last, Some(asked.on), days, as_of)?);
        }
        for step in open_steps() {
            // Who leads now does what the lead was to do.
            let unit = if step.unit == stage.lead {
                lead
            } else {
                &step.unit
            };
            let task = Task::of(TaskKind::Step, &stage.id, unit, Some(&step.id));
            found.push(task.with(&due, days)?);
        }
    }
    Ok(found)
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
    definition
        .steps
        .iter()
        .zip(&case.steps)
        .filter(move |(step, state)| step.stage == stage && **state == wanted)
        .map(|(step, _)| step)
}

fn last_day(days: &Days, from: Date, limit: &flow::Limit) -> Result<Date, Error> {
    let last = days.after(from, limit.days, limit.count)?;
    Ok(match limit.count {
        flow::Count::Working => last,
        flow::Count::Calendar => days.or_next_working(last)?,
    })
}

impl Task {
    fn of(kind: TaskKind, stage: &str, unit: &str, step: Option<&str>) -> Self {
        Self {
            kind,
            stage: stage.to_owned(),
            step: step.map(str::to_owned),
            unit: unit.to_owned(),
            due: None,
            provisional: false,
            stopped: false,
            late: false,
            working_days_left: None,
        }
    }

    /// With the stage's clock.
    fn with(mut self, due: &Due, days: &Days) -> Result<Self, Error> {
        self.stopped = due.clock == Clock::Stopped;
        self.provisional = due.provisional;
        self.due = due.date;
        self.late = due.late;
        self.working_days_left = left(days, due.as_of, due.date)?;
        Ok(self)
    }

    /// Until a day that was counted from another.
    fn until(
        mut self,
        last: Option<Date>,
        from: Option<Date>,
        days: &Days,
        as_of: Date,
    ) -> Result<Self, Error> {
        self.due = last;
        self.late = last.is_some_and(|last| last < as_of);
        if let (Some(from), Some(last)) = (from, last) {
            self.provisional = days.provisional(from, last)?;
        }
        self.working_days_left = left(days, as_of, last)?;
        Ok(self)
    }
}

fn left(days: &Days, as_of: Date, due: Option<Date>) -> Result<Option<u32>, Error> {
    due.map(|due| days.between(as_of, due, flow::Count::Working))
        .transpose()
        .map_err(Into::into)
}
