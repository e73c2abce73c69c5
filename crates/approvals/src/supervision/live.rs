//! Open files in memory, as their events make them; kept up by the journal's position, so that a look reads only what
//! changed since the last one.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use db::Read;
use flow::{Case, Days, Definition, Past, StageState, Waited, Waits};
use kernel::{CommunityId, Context};
use policy::Text;

use crate::model::CaseId;
use crate::store::{self, CaseRow};
use crate::{Error, calendar, definitions};

/// How many changed files are read at once.
const AT_ONCE: u32 = 2_000;

/// The memory of one program over one database, shared by its pages and its API.
#[derive(Clone, Debug, Default)]
pub struct Live(Arc<Mutex<HashMap<CommunityId, State>>>);

/// What is known of a city's files.
#[derive(Debug, Default)]
pub(super) struct State {
    /// The position from which on changes are still to be read.
    next: u64,
    /// The calendar by which the past was counted.
    calendar: String,
    pub(super) definitions: Vec<Arc<Definition>>,
    numbers: HashMap<(String, String), usize>,
    /// Every stage by process and name, whatever its version.
    pub(super) stages: Vec<KnownStage>,
    pub(super) open: BTreeMap<CaseId, Watched>,
    closed: HashMap<CaseId, u64>,
    /// Files whose events do not fit their process.
    pub(super) unread: BTreeSet<CaseId>,
}

/// A stage over all versions of its process, and its past in files that are closed.
#[derive(Clone, Debug)]
pub(super) struct KnownStage {
    pub(super) process: String,
    pub(super) id: String,
    pub(super) process_title: Text,
    pub(super) title: Text,
    pub(super) past: Past,
    pub(super) took: Vec<u32>,
    pub(super) waited: Waited,
}

/// An open file.
#[derive(Debug)]
pub(super) struct Watched {
    pub(super) number: String,
    pub(super) title: String,
    /// The version that it keeps, as a place in `definitions`.
    pub(super) definition: usize,
    /// The stages that were submitted and not decided, by their places in the definition and in `stages`.
    pub(super) running: Vec<(usize, usize, StageState)>,
    pub(super) waits: Vec<Waits>,
    pub(super) decided: Vec<Decided>,
}

/// A decided stage.
#[derive(Clone, Debug)]
pub(super) struct Decided {
    pub(super) stage: usize,
    /// Days of its clock; none where it has no limit.
    pub(super) used: Option<u32>,
    pub(super) waited: Waited,
}

impl Live {
    /// Reads what changed, and hands what is known now to `look`.
    pub(super) fn look<T>(
        &self,
        read: &mut dyn Read,
        ctx: &Context,
        look: impl FnOnce(&State, &Days) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let days = calendar::days(read, ctx.community)?;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let state = known.entry(ctx.community).or_default();
        if state.calendar != days.version() {
            *state = State::counted_by(&days);
        }
        if let Err(error) = state.keep_up(read, ctx, &days) {
            // Half of it is nothing to go on from.
            *state = State::default();
            return Err(error);
        }
        look(state, &days)
    }
}

impl State {
    fn counted_by(days: &Days) -> Self {
        Self {
            calendar: days.version().to_owned(),
            ..Self::default()
        }
    }

    fn keep_up(&mut self, read: &mut dyn Read, ctx: &Context, days: &Days) -> Result<(), Error> {
        let mut at_once = AT_ONCE;
        loop {
            let rows = store::changed_since(read, ctx.community, self.next, at_once)?;
            let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
                return Ok(());
            };
            let (first, last) = (first.position, last.position);
            let is_all = u32::try_from(rows.len()).is_ok_and(|count| count < at_once);
            if !is_all && first == last {
                // One command changed more files than are read at once.
                at_once = at_once.saturating_mul(2);
                continue;
            }
            let mut events = store::events_between(read, ctx.community, first, last)?;
            for row in &rows {
                let events = events.remove(&row.id).unwrap_or_default();
                if !self.take(read, ctx, days, row, &events)? {
                    *self = Self::counted_by(days);
                    return self.keep_up(read, ctx, days);
                }
            }
            self.next = if is_all { last + 1 } else { last };
            if is_all {
                return Ok(());
            }
        }
    }

    /// Takes a changed file in; `false` if it was closed before, so that its past counts already.
    fn take(
        &mut self,
        read: &mut dyn Read,
        ctx: &Context,
        days: &Days,
        row: &CaseRow,
        events: &[flow::Event],
    ) -> Result<bool, Error> {
        if let Some(position) = self.closed.get(&row.id) {
            return Ok(*position == row.position);
        }
        let definition = self.definition(read, ctx, row)?;
        let Some(process) = self.definitions.get(definition).cloned() else {
            return Ok(true);
        };
        let Ok(case) = Case::replay(&process, events) else {
            self.open.remove(&row.id);
            self.unread.insert(row.id);
            return Ok(true);
        };
        self.unread.remove(&row.id);
        let mut watched = Watched {
            number: row.number.clone().unwrap_or_default(),
            title: row.title.clone(),
            definition,
            running: Vec::new(),
            waits: case.waiting_steps(&process),
            decided: Vec::new(),
        };
        let today = ctx.now.date();
        for (place, (stage, state)) in process.stages.iter().zip(&case.stages).enumerate() {
            let number = self.stage(&process, stage);
            if state.decided.is_some() {
                let due = case.due(&process, &stage.id, days, today)?;
                watched.decided.push(Decided {
                    stage: number,
                    used: due.limit.map(|_| due.used),
                    waited: case.waited(&process, &stage.id, days, today)?,
                });
            } else if state.submitted.is_some() && state.refused.is_none() && !row.closed {
                watched.running.push((place, number, state.clone()));
            }
        }
        if !row.closed {
            self.open.insert(row.id, watched);
            return Ok(true);
        }
        self.open.remove(&row.id);
        self.closed.insert(row.id, row.position);
        for decided in &watched.decided {
            if let Some(stage) = self.stages.get_mut(decided.stage) {
                stage.learn(decided);
            }
        }
        Ok(true)
    }

    fn definition(
        &mut self,
        read: &mut dyn Read,
        ctx: &Context,
        row: &CaseRow,
    ) -> Result<usize, Error> {
        let version = row.version.clone().unwrap_or_default();
        let key = (row.process.clone(), version);
        if let Some(number) = self.numbers.get(&key) {
            return Ok(*number);
        }
        let found = definitions::definition(read, ctx.community, &key.0, &key.1)?;
        self.definitions.push(found);
        let number = self.definitions.len() - 1;
        self.numbers.insert(key, number);
        Ok(number)
    }

    fn stage(&mut self, process: &Definition, stage: &flow::Stage) -> usize {
        let known = |one: &KnownStage| one.process == process.id && one.id == stage.id;
        if let Some(number) = self.stages.iter().position(known) {
            return number;
        }
        self.stages.push(KnownStage {
            process: process.id.clone(),
            id: stage.id.clone(),
            process_title: process.title.clone(),
            title: stage.title.clone(),
            past: Past::default(),
            took: Vec::new(),
            waited: Waited::default(),
        });
        self.stages.len() - 1
    }
}

impl KnownStage {
    /// Takes a decided stage in.
    pub(super) fn learn(&mut self, decided: &Decided) {
        if let Some(used) = decided.used {
            self.past.decided(&self.id, used);
        }
        self.took.push(
            decided
                .waited
                .total()
                .saturating_sub(decided.waited.preparing),
        );
        self.waited.add(&decided.waited);
    }
}
