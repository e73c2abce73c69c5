//! Takes cases one after the other and keeps of each only what the analysis needs.

use rustc_hash::FxHashMap;

use crate::analysis::{self, Analysis, Warnings};
use crate::{Error, Net, Outcome};

/// More kinds of activity than any process has; a column of ids has more.
const MOST_ACTIVITIES: usize = 65_536;

/// How many events one case may have.
const MOST_EVENTS_OF_CASE: usize = 1_000_000;

/// One event of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// The activity's number, from [`Analyser::activity`].
    pub activity: u32,
    /// When, in microseconds since 1970 UTC; `None` where the log doesn't say.
    pub at: Option<i64>,
}

/// Whether and when a case was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    /// The log doesn't say: with its last event, or open if that is none of the final activities.
    LastEvent,
    /// At this instant.
    At(i64),
    /// The log says that it is open.
    Open,
}

/// What is known of a case beside its events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    /// When it is due.
    pub due: Option<i64>,
    /// Whether it is closed.
    pub closing: Closing,
}

/// The activities of one case in order: those of a variant.
pub type Trace = Box<[u32]>;

/// Gathers cases.
#[derive(Debug, Default)]
pub struct Analyser {
    names: FxHashMap<String, u32>,
    pub(crate) tallies: Vec<Tally>,
    final_activities: Vec<String>,
    nets: Vec<Net>,
    observed_at: Option<i64>,
    pub(crate) variants: FxHashMap<Trace, u64>,
    pub(crate) edges: FxHashMap<(u32, u32), EdgeTimes>,
    pub(crate) throughput: Vec<i64>,
    due: Vec<(Option<i64>, End)>,
    pub(crate) cases: u64,
    pub(crate) events: u64,
    pub(crate) first: Option<i64>,
    pub(crate) last: Option<i64>,
    pub(crate) reworked_cases: u64,
    pub(crate) warnings: Warnings,
    trace: Vec<u32>,
    seen: FxHashMap<u32, u32>,
}

/// An activity's name and counts.
#[derive(Debug, Default, Clone)]
pub(crate) struct Tally {
    pub(crate) name: String,
    pub(crate) events: u64,
    pub(crate) cases: u64,
    pub(crate) repeats: u64,
    pub(crate) repeating_cases: u64,
    pub(crate) starts: u64,
    pub(crate) ends: u64,
}

/// How often one activity directly followed another, and after how long where both have a time.
#[derive(Debug, Default)]
pub(crate) struct EdgeTimes {
    pub(crate) count: u64,
    pub(crate) waits: Vec<i64>,
}

#[derive(Debug, Clone, Copy)]
enum End {
    At(i64),
    Open,
    Unknown,
}

impl Analyser {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Cases that end with another activity than these count as open, where the log has no column that says so.
    #[must_use]
    pub fn with_final_activities(mut self, names: Vec<String>) -> Self {
        self.final_activities = names;
        self
    }

    /// The instant at which open cases are looked at; the log's last event, if not given.
    #[must_use]
    pub fn observed_at(mut self, at: Option<i64>) -> Self {
        self.observed_at = at;
        self
    }

    /// Replays every case on a process.
    #[must_use]
    pub fn against(mut self, net: Net) -> Self {
        self.nets.push(net);
        self
    }

    /// The number of an activity; a new one at its first mention.
    ///
    /// # Errors
    /// [`Error::TooMany`] beyond 65,536 kinds: then the column is no activity.
    pub fn activity(&mut self, name: &str) -> Result<u32, Error> {
        if let Some(number) = self.names.get(name) {
            return Ok(*number);
        }
        let number = self.tallies.len();
        if number >= MOST_ACTIVITIES {
            return Err(Error::TooMany {
                what: "activities",
                most: MOST_ACTIVITIES,
            });
        }
        let number = u32::try_from(number).map_err(|_| Error::Overflow)?;
        self.tallies.push(Tally {
            name: name.to_owned(),
            ..Tally::default()
        });
        self.names.insert(name.to_owned(), number);
        Ok(number)
    }

    /// What was found odd so far.
    pub fn warnings(&mut self) -> &mut Warnings {
        &mut self.warnings
    }

    /// Adds a case. Its events are put in the order of their times; one without time stays behind the one before it.
    ///
    /// # Errors
    /// [`Error::TooMany`] for a case of more than a million events.
    pub fn case(&mut self, case: Case, events: &mut [Event]) -> Result<(), Error> {
        if events.is_empty() {
            self.warnings.empty_cases += 1;
            return Ok(());
        }
        if events.len() > MOST_EVENTS_OF_CASE {
            return Err(Error::TooMany {
                what: "events of one case",
                most: MOST_EVENTS_OF_CASE,
            });
        }
        self.put_in_order(events);
        self.cases += 1;
        self.events += u64::try_from(events.len()).map_err(|_| Error::Overflow)?;
        self.count_steps(events)?;
        self.count_rework(events);
        self.count_times(case, events)?;
        self.trace.clear();
        self.trace.extend(events.iter().map(|event| event.activity));
        match self.variants.get_mut(self.trace.as_slice()) {
            Some(count) => *count += 1,
            None => {
                self.variants.insert(self.trace.as_slice().into(), 1);
            }
        }
        Ok(())
    }

    /// The analysis.
    ///
    /// # Errors
    /// [`Error::Empty`] if there was no case; [`Error::NoColumn`] if a final activity never occurs.
    pub fn finish(self) -> Result<Analysis, Error> {
        if self.cases == 0 {
            return Err(Error::Empty);
        }
        if let Some(missing) = self
            .final_activities
            .iter()
            .find(|name| !self.names.contains_key(*name))
        {
            return Err(Error::NoColumn {
                column: missing.clone(),
                role: "final activity",
                known: self
                    .tallies
                    .iter()
                    .map(|tally| tally.name.as_str())
                    .collect::<Vec<_>>()
                    .join(", "),
            });
        }
        Ok(analysis::of(self))
    }

    /// How each case stands to its due time, and how many have none.
    pub(crate) fn outcomes(&self) -> (Vec<Outcome>, u64) {
        let now = self.observed_at.or(self.last);
        let mut without = 0;
        let mut outcomes = Vec::with_capacity(self.due.len());
        for (due, end) in &self.due {
            let outcome = due.and_then(|due| match end {
                End::At(end) => Some(Outcome::Closed(end.saturating_sub(due))),
                End::Open => now.map(|now| Outcome::Open(now.saturating_sub(due))),
                End::Unknown => None,
            });
            match outcome {
                Some(outcome) => outcomes.push(outcome),
                None => without += 1,
            }
        }
        (outcomes, without)
    }

    /// The processes to compare with, with the numbers of their activities here.
    pub(crate) fn take_nets(&mut self) -> Vec<Net> {
        std::mem::take(&mut self.nets)
    }

    fn put_in_order(&mut self, events: &mut [Event]) {
        let mut before = None;
        let mut ordered = true;
        for event in events.iter() {
            self.warnings.events_without_time += u64::from(event.at.is_none());
            ordered &= event
                .at
                .is_none_or(|at| before.is_none_or(|before| before <= at));
            before = event.at.or(before);
        }
        if ordered {
            return;
        }
        self.warnings.cases_out_of_order += 1;
        let mut before = i64::MIN;
        let mut keyed: Vec<(i64, Event)> = events
            .iter()
            .map(|event| {
                before = event.at.unwrap_or(before);
                (before, *event)
            })
            .collect();
        keyed.sort_by_key(|(at, _)| *at);
        for (place, (_, event)) in events.iter_mut().zip(keyed) {
            *place = event;
        }
    }

    fn count_steps(&mut self, events: &[Event]) -> Result<(), Error> {
        let mut before: Option<Event> = None;
        for event in events {
            if let Some(tally) = self.tally(event.activity) {
                tally.events += 1;
            }
            if let Some(before) = before {
                let edge = self
                    .edges
                    .entry((before.activity, event.activity))
                    .or_default();
                edge.count += 1;
                if let (Some(from), Some(to)) = (before.at, event.at) {
                    edge.waits
                        .push(to.checked_sub(from).ok_or(Error::Overflow)?);
                }
            }
            before = Some(*event);
        }
        if let Some(tally) = events.first().and_then(|event| self.tally(event.activity)) {
            tally.starts += 1;
        }
        if let Some(tally) = events.last().and_then(|event| self.tally(event.activity)) {
            tally.ends += 1;
        }
        Ok(())
    }

    fn count_rework(&mut self, events: &[Event]) {
        let mut seen = std::mem::take(&mut self.seen);
        seen.clear();
        for event in events {
            *seen.entry(event.activity).or_insert(0) += 1;
        }
        for (activity, times) in &seen {
            let again = u64::from(times.saturating_sub(1));
            if let Some(tally) = self.tally(*activity) {
                tally.cases += 1;
                tally.repeats += again;
                tally.repeating_cases += u64::from(again > 0);
            }
        }
        self.reworked_cases += u64::from(seen.values().any(|times| *times > 1));
        self.seen = seen;
    }

    fn count_times(&mut self, case: Case, events: &[Event]) -> Result<(), Error> {
        let times = || events.iter().filter_map(|event| event.at);
        let (first, last) = (times().min(), times().max());
        if let (Some(first), Some(last)) = (first, last) {
            self.throughput
                .push(last.checked_sub(first).ok_or(Error::Overflow)?);
            self.first = Some(self.first.map_or(first, |before| before.min(first)));
            self.last = Some(self.last.map_or(last, |before| before.max(last)));
        }
        let ended = events
            .last()
            .is_none_or(|event| self.is_final(event.activity));
        let end = match case.closing {
            Closing::At(at) => End::At(at),
            Closing::LastEvent if ended => last.map_or(End::Unknown, End::At),
            Closing::Open | Closing::LastEvent => End::Open,
        };
        self.warnings.open_cases += u64::from(matches!(end, End::Open));
        self.due.push((case.due, end));
        Ok(())
    }

    fn is_final(&self, activity: u32) -> bool {
        let name = |activity: u32| {
            let place = usize::try_from(activity).ok()?;
            self.tallies.get(place).map(|tally| tally.name.as_str())
        };
        self.final_activities.is_empty()
            || self
                .final_activities
                .iter()
                .any(|wanted| name(activity) == Some(wanted))
    }

    fn tally(&mut self, activity: u32) -> Option<&mut Tally> {
        let place = usize::try_from(activity).ok()?;
        self.tallies.get_mut(place)
    }
}
