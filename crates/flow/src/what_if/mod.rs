//! Fewer steps: what past cases would have taken, had steps been merged, had they run side by side, had a limit been kept.
//!
//! The model, in full. A past case is its steps with the day each opened and the day it was done; it lasts from its first event
//! to its last step. A step's *own time* is what lies between the two, whoever was waited for: stops of the clock, replies and
//! the applicant stay inside. Own time is counted in working days; in calendar days where the step must last a number of
//! them or its stage's limit counts them. Then the case is run again: a step opens when all that led to it are done, and
//! takes its own time from there; one that opens on the day it did open, and is not changed, is done on the day it was.
//!
//! - **Merged** steps open when both could, take the longer own time or the sum of both, as chosen, and what followed either
//!   follows both. So merging may also delay: what needed only one of them waits for both.
//! - **Side by side**: the later step needs no more what the earlier needed to be done, only what the earlier itself waited for;
//!   what followed the later waits for both.
//! - **A limit cut** takes away what ran over it and nothing else: days of the stage's clock between the new due date and the
//!   decision, in the steps that were open on them. Stops stay, an extension stays, and no step becomes shorter than it must last.
//!
//! The way a case took stays as it was chosen. Cases that are not finished can't be told, nor those withdrawn, nor those whose
//! events do not fit the process; they are counted and left out. Nothing here says that people would not work differently.

mod plan;
mod rerun;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Case, Count, Days, Definition, Error, Event};
use plan::Plan;
use rerun::Rerun;

/// The most changes in one question.
pub const MOST_CHANGES: usize = 16;

/// One change of a process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// Two steps become one.
    Merge {
        /// A step.
        first: String,
        /// Another, right before or after it or beside it.
        second: String,
        /// How long the one takes.
        takes: Takes,
    },
    /// Two steps of which one follows the other run side by side.
    Parallel {
        /// A step.
        first: String,
        /// Another, right before or after it.
        second: String,
    },
    /// A stage keeps a shorter limit.
    Limit {
        /// The stage.
        stage: String,
        /// Days, counted as its limit is; working days where it has none.
        days: u32,
    },
}

/// How long a merged step takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Takes {
    /// As long as the longer of the two: they are done in one go.
    #[default]
    Longer,
    /// As long as both: only waiting for others is saved.
    Sum,
}

/// Why a change makes no sense in the process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// No such step.
    NoStep(String),
    /// No such stage.
    NoStage(String),
    /// A step with itself.
    Same(String),
    /// Another step lies between the two.
    Between(String),
    /// Neither of the two follows the other: they run side by side already, or exclude each other.
    BesideAlready,
    /// What is decided in the one decides whether the other is done at all.
    Chosen(String),
    /// The limit is that short already, or is nothing.
    NoCut(u32),
    /// More changes than are worked out together.
    TooMany(usize),
}

/// What past cases took and would have taken.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct WhatIf {
    /// The finished cases, in the order they came in.
    pub cases: Vec<CaseTimes>,
    /// What they took.
    pub before: Spans,
    /// What they would have taken.
    pub after: Spans,
    /// How many would have been shorter, in calendar days.
    pub shorter: usize,
    /// How many would have taken the same.
    pub same: usize,
    /// How many would have been longer.
    pub longer: usize,
    /// Cases left out, because they are not finished.
    pub open: usize,
    /// Cases left out, because they were withdrawn.
    pub withdrawn: usize,
    /// Cases left out, because their events do not fit the process: which, and what is wrong.
    pub unread: Vec<(String, String)>,
    /// Finished cases in which a cut changed nothing because the stage's clock never ran or has no end: stage and how many.
    pub without_clock: Vec<(String, usize)>,
    /// Where the time of the past went, step by step, in the order of the process.
    pub steps: Vec<StepTimes>,
}

/// One past case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseTimes {
    /// Its name.
    pub id: String,
    /// What it took.
    pub before: Taken,
    /// What it would have taken.
    pub after: Taken,
}

/// How long something took: days after the first, up to and including the last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Taken {
    /// Working days.
    pub working_days: u32,
    /// Calendar days.
    pub calendar_days: u32,
}

/// The middle and the slow end of what cases took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Spans {
    /// Half took no longer. `None` without a case.
    pub median: Option<Taken>,
    /// Nine of ten took no longer.
    pub p90: Option<Taken>,
}

/// What a step took in the past.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepTimes {
    /// The step.
    pub step: String,
    /// In how many finished cases it was done.
    pub cases: usize,
    /// Its own time.
    pub own: Spans,
    /// In how many of those the whole would have been done a day later, had it been done a day later.
    pub decisive: usize,
}

/// What past cases of a process would have taken under changes, each building on those before. Without a change it tells where
/// the time went.
///
/// # Errors
/// [`Error::Change`] for a change that makes no sense; [`Error::BeyondDays`].
pub fn what_if<'a>(
    definition: &Definition,
    past: impl IntoIterator<Item = (&'a str, &'a [Event])>,
    changes: &[Change],
    days: &Days,
) -> Result<WhatIf, Error> {
    let plan = Plan::of(definition, changes)?;
    let mut found = WhatIf::default();
    let mut own: Vec<(Vec<Taken>, usize)> = vec![(Vec::new(), 0); definition.steps.len()];
    let mut without_clock = vec![0; definition.stages.len()];
    for (id, events) in past {
        let case = match Case::replay(definition, events) {
            Ok(case) => case,
            Err(fault) => {
                found.unread.push((id.to_owned(), fault.to_string()));
                continue;
            }
        };
        if case.withdrawn.is_some() {
            found.withdrawn += 1;
            continue;
        }
        let Some(began) = case.began().filter(|_| case.is_finished()) else {
            found.open += 1;
            continue;
        };
        let rerun = Rerun::of(definition, &case, began, &plan, days)?;
        for (place, taken, decisive) in rerun.own_times()? {
            if let Some((times, decided)) = own.get_mut(place) {
                times.push(taken);
                *decided += usize::from(decisive);
            }
        }
        for stage in &rerun.without_clock {
            if let Some(count) = without_clock.get_mut(*stage) {
                *count += 1;
            }
        }
        found.push(CaseTimes {
            id: id.to_owned(),
            before: rerun.before()?,
            after: rerun.after()?,
        });
    }
    found.sum_up();
    let stages = definition.stages.iter().zip(without_clock);
    found.without_clock = stages
        .filter(|(_, count)| *count > 0)
        .map(|(stage, count)| (stage.id.clone(), count))
        .collect();
    let steps = definition.steps.iter().zip(own);
    found.steps = steps
        .map(|(step, (times, decisive))| StepTimes {
            step: step.id.clone(),
            cases: times.len(),
            own: Spans::of(&times),
            decisive,
        })
        .collect();
    Ok(found)
}

impl WhatIf {
    fn push(&mut self, case: CaseTimes) {
        match case.after.calendar_days.cmp(&case.before.calendar_days) {
            std::cmp::Ordering::Less => self.shorter += 1,
            std::cmp::Ordering::Equal => self.same += 1,
            std::cmp::Ordering::Greater => self.longer += 1,
        }
        self.cases.push(case);
    }

    fn sum_up(&mut self) {
        let before: Vec<Taken> = self.cases.iter().map(|case| case.before).collect();
        let after: Vec<Taken> = self.cases.iter().map(|case| case.after).collect();
        self.before = Spans::of(&before);
        self.after = Spans::of(&after);
    }
}

impl Spans {
    /// Working and calendar days each by themselves; the value of a case that was, never one between two.
    pub fn of(taken: &[Taken]) -> Self {
        let mut working: Vec<u32> = taken.iter().map(|one| one.working_days).collect();
        let mut calendar: Vec<u32> = taken.iter().map(|one| one.calendar_days).collect();
        working.sort_unstable();
        calendar.sort_unstable();
        let at = |percent: usize| {
            Some(Taken {
                working_days: nearest_rank(&working, percent)?,
                calendar_days: nearest_rank(&calendar, percent)?,
            })
        };
        Self {
            median: at(50),
            p90: at(90),
        }
    }
}

/// The least value that `percent` of all do not pass; `None` of none.
pub(crate) fn nearest_rank(sorted: &[u32], percent: usize) -> Option<u32> {
    let rank = sorted.len().saturating_mul(percent).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}

impl Taken {
    pub(crate) fn between(
        from: jiff::civil::Date,
        to: jiff::civil::Date,
        days: &Days,
    ) -> Result<Self, Error> {
        Ok(Self {
            working_days: days.between(from, to, Count::Working)?,
            calendar_days: days.between(from, to, Count::Calendar)?,
        })
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoStep(step) => write!(out, "the process has no step `{step}`"),
            Self::NoStage(stage) => write!(out, "the process has no stage `{stage}`"),
            Self::Same(step) => write!(out, "`{step}` is one step already; name two"),
            Self::Between(step) => write!(
                out,
                "step `{step}` lies between the two; take steps of which one follows right after the other"
            ),
            Self::BesideAlready => out.write_str(
                "neither of the two waits for the other; take steps of which one follows right after the other",
            ),
            Self::Chosen(step) => write!(
                out,
                "what `{step}` ends in decides whether the other is done at all; they can't be done together"
            ),
            Self::NoCut(days) => write!(out, "{days} days are no cut of this limit; give fewer, at least 1"),
            Self::TooMany(count) => write!(out, "{count} changes are more than {MOST_CHANGES}; leave some out"),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Merge { first, second, .. } => write!(out, "merge {first} and {second}"),
            Self::Parallel { first, second } => write!(out, "run {first} beside {second}"),
            Self::Limit { stage, days } => write!(out, "limit {stage} to {days} days"),
        }
    }
}
