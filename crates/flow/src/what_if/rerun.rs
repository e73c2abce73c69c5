//! One past case, run again under changes.

use jiff::civil::Date;

use super::plan::{Plan, Time};
use super::{Taken, Takes};
use crate::due::{end, start};
use crate::{Case, Count, Days, Definition, Error, Step, StepState};

/// A case as it was and as it would have been.
pub(super) struct Rerun<'a> {
    days: &'a Days,
    began: Date,
    /// The steps that were done: which, when it opened, when it was done.
    was: Vec<Option<(Date, Date)>>,
    /// Whether the whole hung on each.
    decisive: Vec<bool>,
    ended: Date,
    would_end: Date,
    /// Stages that were to be cut, but whose clock never ran or has no end.
    pub(super) without_clock: Vec<usize>,
}

/// A step's own time.
#[derive(Clone, Copy)]
struct Lasts {
    count: Count,
    days: u32,
    calendar: u32,
    /// Whether a cut made it shorter.
    cut: bool,
}

/// The days of a stage's clock that a shorter limit takes away.
struct Over<'a> {
    stage: usize,
    from: Date,
    to: Date,
    stops: &'a [crate::Stopped],
}

impl<'a> Rerun<'a> {
    pub(super) fn of(
        definition: &Definition,
        case: &Case,
        began: Date,
        plan: &Plan,
        days: &'a Days,
    ) -> Result<Self, Error> {
        let was: Vec<Option<(Date, Date)>> = (0..definition.steps.len())
            .map(|place| Some((case.opened(place).unwrap_or(began), case.done_on(place)?)))
            .collect();
        let ended = was
            .iter()
            .flatten()
            .map(|(_, done)| *done)
            .max()
            .unwrap_or(began);
        let mut rerun = Self {
            days,
            began,
            decisive: decisive(definition, case, &was, ended),
            was,
            ended,
            would_end: ended,
            without_clock: Vec::new(),
        };
        let over = rerun.over(definition, case, plan)?;
        let mut lasts = Vec::new();
        for (place, step) in definition.steps.iter().enumerate() {
            lasts.push(rerun.lasts(definition, place, step, &over)?);
        }
        rerun.would_end = rerun.run(case, plan, &lasts)?;
        Ok(rerun)
    }

    pub(super) fn before(&self) -> Result<Taken, Error> {
        Taken::between(self.began, self.ended, self.days)
    }

    pub(super) fn after(&self) -> Result<Taken, Error> {
        Taken::between(self.began, self.would_end, self.days)
    }

    /// What each step that was done took, and whether the whole hung on it.
    pub(super) fn own_times(&self) -> Result<Vec<(usize, Taken, bool)>, Error> {
        let mut times = Vec::new();
        for (place, (was, decisive)) in self.was.iter().zip(&self.decisive).enumerate() {
            if let Some((opened, done)) = was {
                times.push((place, Taken::between(*opened, *done, self.days)?, *decisive));
            }
        }
        Ok(times)
    }

    /// For each stage whose limit is cut, the days that its clock ran over the new one.
    fn over<'c>(
        &mut self,
        definition: &Definition,
        case: &'c Case,
        plan: &Plan,
    ) -> Result<Vec<Over<'c>>, Error> {
        let mut found = Vec::new();
        for (place, limit) in &plan.limits {
            let (Some(stage), Some(state)) =
                (definition.stages.get(*place), case.stages.get(*place))
            else {
                continue;
            };
            let own = definition.steps.iter().zip(&self.was);
            let last = own
                .filter(|(step, _)| step.stage == *place)
                .filter_map(|(_, was)| was.map(|(_, done)| done))
                .max();
            if last.is_none() && state.submitted.is_none() {
                // The way went past the whole stage.
                continue;
            }
            let stopped = state.decided.map(|(on, _)| on).or(last);
            let started = match stopped {
                Some(stopped) => start(stage, state, self.days, stopped)?,
                None => None,
            };
            let (Some(to), Some((from, _))) = (stopped, started) else {
                self.without_clock.push(*place);
                continue;
            };
            let count = stage.limit().map_or(Count::Working, |limit| limit.count);
            let extension = state.extended.map_or(0, |(_, days)| days);
            let limit = (limit.saturating_add(extension), count);
            match end(from, limit, &state.stops, self.days)? {
                Some(due) if due < to => found.push(Over {
                    stage: *place,
                    from: due,
                    to,
                    stops: &state.stops,
                }),
                _ => {}
            }
        }
        Ok(found)
    }

    /// A step's own time, less what a cut takes from it.
    fn lasts(
        &self,
        definition: &Definition,
        place: usize,
        step: &Step,
        over: &[Over<'_>],
    ) -> Result<Option<Lasts>, Error> {
        let Some((opened, done)) = self.was.get(place).copied().flatten() else {
            return Ok(None);
        };
        let stage = definition.stages.get(step.stage);
        let limit = stage.and_then(|stage| stage.limit());
        let count = match (&step.at_least, limit.map(|limit| limit.count)) {
            (Some(_), _) | (None, Some(Count::Calendar)) => Count::Calendar,
            (None, _) => Count::Working,
        };
        let own = |count| self.days.between(opened, done, count);
        let (mut lasts, calendar) = (own(count)?, own(Count::Calendar)?);
        let over = over.iter().find(|over| over.stage == step.stage);
        let (taken, taken_calendar) = match over {
            Some(over) => (
                over.within(opened, done, count, self.days)?,
                over.within(opened, done, Count::Calendar, self.days)?,
            ),
            None => (0, 0),
        };
        let least = step.at_least.as_ref().map_or(0, |least| least.days);
        let cut = taken > 0;
        if cut {
            lasts = lasts.saturating_sub(taken).max(least.min(lasts));
        }
        Ok(Some(Lasts {
            count,
            days: lasts,
            calendar: calendar
                .saturating_sub(taken_calendar)
                .max(least.min(calendar)),
            cut,
        }))
    }

    /// The day on which the last step would be done.
    fn run(&self, case: &Case, plan: &Plan, lasts: &[Option<Lasts>]) -> Result<Date, Error> {
        let mut done: Vec<Option<Date>> = vec![None; self.was.len()];
        let mut last = self.began;
        for number in &plan.order {
            let Some(node) = plan.node(*number) else {
                continue;
            };
            let Some(time) = taken_by(&node.time, lasts) else {
                continue;
            };
            let leading = node.before.iter().filter(|(step, on)| {
                self.was.get(*step).is_some_and(Option::is_some)
                    && (on.is_none() || on.as_deref() == case.outcome(*step))
            });
            let opens = leading
                .filter_map(|(step, _)| done.get(plan.node_of(*step)?).copied().flatten())
                .max()
                .unwrap_or(self.began);
            let as_it_was = match node.time {
                Time::Step(place) if !time.cut => self.was.get(place).copied().flatten(),
                _ => None,
            };
            let finished = match as_it_was {
                Some((opened, done)) if opened == opens => done,
                _ => self.days.after(opens, time.days, time.count)?,
            };
            last = last.max(finished);
            if let Some(place) = done.get_mut(*number) {
                *place = Some(finished);
            }
        }
        Ok(last)
    }
}

impl Over<'_> {
    /// How many of the days on which a step was open it takes away: those on which the clock ran.
    fn within(&self, opened: Date, done: Date, count: Count, days: &Days) -> Result<u32, Error> {
        let (from, to) = (self.from.max(opened), self.to.min(done));
        let mut counted = days.between(from, to, count)?;
        for stop in self.stops {
            let stood = (stop.from.max(from), stop.to.unwrap_or(to).min(to));
            counted = counted.saturating_sub(days.between(stood.0, stood.1, count)?);
        }
        Ok(counted)
    }
}

/// What a node takes in a case; `None` if none of it was done there.
fn taken_by(time: &Time, lasts: &[Option<Lasts>]) -> Option<Lasts> {
    let (takes, parts) = match time {
        Time::Step(place) => return lasts.get(*place).copied().flatten(),
        Time::Merged(takes, parts) => (*takes, parts),
    };
    let (one, other) = match (taken_by(&parts.0, lasts), taken_by(&parts.1, lasts)) {
        (Some(one), Some(other)) => (one, other),
        (one, other) => return one.or(other),
    };
    let together = |one: u32, other: u32| match takes {
        Takes::Longer => one.max(other),
        Takes::Sum => one.saturating_add(other),
    };
    let calendar = together(one.calendar, other.calendar);
    let same = one.count == other.count;
    Some(Lasts {
        count: if same { one.count } else { Count::Calendar },
        days: if same {
            together(one.days, other.days)
        } else {
            calendar
        },
        calendar,
        cut: true,
    })
}

/// The steps without a day to spare: those done last, and whatever each of them waited for until the day it opened.
fn decisive(
    definition: &Definition,
    case: &Case,
    was: &[Option<(Date, Date)>],
    ended: Date,
) -> Vec<bool> {
    let mut decisive: Vec<bool> = was
        .iter()
        .map(|was| was.is_some_and(|(_, done)| done == ended))
        .collect();
    for (place, step) in definition.steps.iter().enumerate().rev() {
        let opened = was.get(place).copied().flatten().map(|(opened, _)| opened);
        let hangs = decisive.get(place).copied().unwrap_or_default();
        let Some(opened) = opened.filter(|_| hangs) else {
            continue;
        };
        for (before, on) in &step.after {
            let leads = on.is_none() || on.as_deref() == case.outcome(*before);
            let done = was.get(*before).copied().flatten().map(|(_, done)| done);
            if let Some(place) = decisive.get_mut(*before)
                && leads
                && done == Some(opened)
            {
                *place = true;
            }
        }
    }
    decisive
}

impl Case {
    /// When a step was opened by those before it; `None` for the first ones, which always were, and where it is not open yet.
    pub fn opened(&self, step: usize) -> Option<Date> {
        self.opened.get(step).copied().flatten()
    }

    /// When a step was done.
    pub fn done_on(&self, step: usize) -> Option<Date> {
        let done = self.steps.get(step) == Some(&StepState::Done);
        self.done.get(step).copied().flatten().filter(|_| done)
    }

    /// The outcome with which a step was done, where the way parts.
    pub fn outcome(&self, step: usize) -> Option<&str> {
        self.outcomes.get(step)?.as_deref()
    }

    /// The day of its first event.
    pub fn began(&self) -> Option<Date> {
        self.began
    }
}
