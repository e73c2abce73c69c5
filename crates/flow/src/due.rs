//! When a stage is due. Derived each time from the case's events, the definition and the calendar; never kept.
//!
//! The day of taking in is not counted (Civil Code Art. 201). When the clock stops, the day it stops still counts,
//! and counting goes on with the day after it resumes. A limit in calendar days that ends on a day off ends on the
//! next working day (Art. 203).

use jiff::civil::Date;
use serde::Serialize;

use crate::case::{StageState, Stopped};
use crate::{Case, Count, Days, Definition, Error, Limit, Moment, Stage};

/// Where the clock of a stage stands, and when the stage is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Due {
    /// The stage, as a place in the definition.
    pub stage: usize,
    /// Where the clock stands.
    pub clock: Clock,
    /// From when it runs, and why from then.
    pub start: Option<(Date, Start)>,
    /// When it is due by the limit that the unit is held to.
    pub date: Option<Date>,
    /// When it is due by law.
    pub statutory: Option<Date>,
    /// Whether a holiday notice still to come may move it.
    pub provisional: bool,
    /// Days of the limit, extension included.
    pub limit: Option<(u32, Count)>,
    /// Days added by extension.
    pub extension: u32,
    /// Days used by the day it is looked at, or until the decision.
    pub used: u32,
    /// Stops of the clock, each with the days of the limit that it did not count.
    pub stops: Vec<(Date, Option<Date>, String, u32)>,
    /// The day it is looked at.
    pub as_of: Date,
    /// Whether it is late: past its date and undecided, or decided after it.
    pub late: bool,
}

/// Where a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// Nothing was taken in.
    NotStarted,
    /// It runs.
    Running,
    /// It stands still.
    Stopped,
    /// The stage was decided, refused or withdrawn.
    Ended,
    /// The stage has no limit.
    NoLimit,
}

/// Why a clock runs from a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// It was taken in then.
    Accepted,
    /// It arrived then, and nothing was said in time (Administrative Licensing Law Art. 32).
    Deemed,
}

impl Case {
    /// When a stage is due, seen from a day.
    ///
    /// # Errors
    /// [`Error::NoStage`]; [`Error::BeyondDays`] for dates that nobody counts.
    pub fn due(
        &self,
        definition: &Definition,
        stage: &str,
        days: &Days,
        as_of: Date,
    ) -> Result<Due, Error> {
        let place = self.place_of(stage)?;
        let missing = || Error::NoStage {
            stage: stage.to_owned(),
            known: "others; the case is of another definition".to_owned(),
        };
        let own = definition.stages.get(place).ok_or_else(missing)?;
        let state = self.stages.get(place).ok_or_else(missing)?;
        let withdrawn = self.withdrawn.map(Moment::date);
        Due::of(place, own, state, withdrawn, days, as_of)
    }
}

impl StageState {
    /// When the stage is due, seen from a day, where nothing else is known of its case. `place` is the stage's in the definition.
    ///
    /// # Errors
    /// [`Error::BeyondDays`].
    pub fn due(&self, stage: &Stage, place: usize, days: &Days, as_of: Date) -> Result<Due, Error> {
        Due::of(place, stage, self, None, days, as_of)
    }
}

impl Due {
    /// Works a stage's due date out.
    pub(crate) fn of(
        place: usize,
        stage: &Stage,
        state: &StageState,
        withdrawn: Option<Date>,
        days: &Days,
        as_of: Date,
    ) -> Result<Self, Error> {
        let start = start(stage, state, days, as_of)?;
        let ended = state
            .decided
            .map(|(on, _)| on)
            .or(state.refused)
            .or(withdrawn);
        let mut due = Self {
            stage: place,
            clock: Clock::NotStarted,
            start,
            date: None,
            statutory: None,
            provisional: false,
            limit: None,
            extension: state.extended.map_or(0, |(_, days)| days),
            used: 0,
            stops: Vec::new(),
            as_of,
            late: false,
        };
        let (Some((from, _)), Some(limit)) = (start, stage.limit()) else {
            due.clock = match (ended, start) {
                (Some(_), _) => Clock::Ended,
                (None, Some(_)) => Clock::NoLimit,
                (None, None) => Clock::NotStarted,
            };
            return Ok(due);
        };
        due.clock = match ended {
            Some(_) => Clock::Ended,
            None if state.is_stopped() => Clock::Stopped,
            None => Clock::Running,
        };
        due.limit = Some((limit.days.saturating_add(due.extension), limit.count));
        let extended = |limit: &Limit| (limit.days.saturating_add(due.extension), limit.count);
        let statutory = stage.statutory.as_ref().map(extended);
        due.date = end(from, extended(limit), &state.stops, days)?;
        due.statutory = match statutory {
            Some(statutory) => end(from, statutory, &state.stops, days)?,
            None => None,
        };
        due.used = counted(
            from,
            ended.unwrap_or(as_of),
            limit.count,
            &state.stops,
            days,
        )?;
        for stop in &state.stops {
            let to = stop.to.or(ended).unwrap_or(as_of);
            let lost = days.between(stop.from.max(from), to, limit.count)?;
            due.stops
                .push((stop.from, stop.to, stop.ground.clone(), lost));
        }
        if let Some(date) = due.date {
            due.provisional = days.provisional(from, date)?;
            due.late = date < ended.unwrap_or(as_of);
        }
        Ok(due)
    }

    /// Days of the limit that are left; negative, if it is late.
    pub fn left(&self) -> Option<i64> {
        self.limit
            .map(|(limit, _)| i64::from(limit) - i64::from(self.used))
    }

    /// The stage in its definition.
    pub fn stage_of<'d>(&self, definition: &'d Definition) -> Option<&'d Stage> {
        definition.stages.get(self.stage)
    }
}

/// From when the clock runs: from taking in; or from arrival, if nothing was said within the time for corrections.
pub(crate) fn start(
    stage: &Stage,
    state: &StageState,
    days: &Days,
    as_of: Date,
) -> Result<Option<(Date, Start)>, Error> {
    let Some(submitted) = state.submitted else {
        return Ok(None);
    };
    let taken = state.accepted.map(|on| (on, Start::Accepted));
    let arrived = match (state.correction_asked, state.corrected) {
        (Some(_), None) => None,
        (_, corrected) => Some(corrected.unwrap_or(submitted)),
    };
    let (Some(limit), Some(arrived)) = (&stage.correction, arrived) else {
        return Ok(taken);
    };
    if state.refused.is_some() {
        return Ok(taken);
    }
    let last = end(arrived, (limit.days, limit.count), &[], days)?;
    let answered = state.accepted.unwrap_or(as_of);
    if last.is_some_and(|last| last < answered) {
        return Ok(Some((arrived, Start::Deemed)));
    }
    Ok(taken)
}

/// The last day of a limit, extension included; `None` while the clock stands still before it.
pub(crate) fn end(
    from: Date,
    (limit, count): (u32, Count),
    stops: &[Stopped],
    days: &Days,
) -> Result<Option<Date>, Error> {
    let mut left = limit;
    let mut cursor = from;
    for stop in stops {
        let counted = days.between(cursor, stop.from, count)?;
        if counted >= left {
            break;
        }
        left -= counted;
        match stop.to {
            Some(to) => cursor = cursor.max(to),
            None => return Ok(None),
        }
    }
    let last = days.after(cursor, left, count)?;
    Ok(Some(match count {
        Count::Working => last,
        Count::Calendar => days.or_next_working(last)?,
    }))
}

/// Days that count after `from`, up to and including `to`.
fn counted(
    from: Date,
    to: Date,
    count: Count,
    stops: &[Stopped],
    days: &Days,
) -> Result<u32, Error> {
    let mut cursor = from;
    let mut counted = 0_u32;
    for stop in stops {
        counted = counted.saturating_add(days.between(cursor, stop.from.min(to), count)?);
        cursor = cursor.max(stop.to.unwrap_or(to));
    }
    Ok(counted.saturating_add(days.between(cursor, to, count)?))
}
