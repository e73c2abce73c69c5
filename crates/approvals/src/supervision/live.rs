//! Open files in memory, as their events make them; kept up by the journal's position, so that a look reads only what
//! changed since the last one. The clerk's queue, the cards and the supervisor's pages look at it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use db::Read;
use flow::{Case, Days, Definition, Past, StageState, Waited, Waits};
use jiff::civil::Date;
use kernel::{CommunityId, Context};
use policy::Text;

use crate::cards::card;
use crate::model::{CaseId, Colour};
use crate::store::{self, Card, CaseRow};
use crate::tasks::{Undated, undated};
use crate::{Error, calendar, definitions};

/// How many changed files are read at once.
const AT_ONCE: u32 = 2_000;

/// The memory of one program over one database, shared by all that read there.
#[derive(Clone, Debug, Default)]
pub struct Live(Arc<Memory>);

/// What a database's readers share.
type Memory = Mutex<HashMap<CommunityId, State>>;

/// What is known of a city's files.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// The position from which on changes are still to be read.
    next: u64,
    /// The calendar by which the past was counted.
    calendar: String,
    pub(crate) definitions: Vec<Arc<Definition>>,
    numbers: HashMap<(String, String), usize>,
    /// Every stage by process and name, whatever its version.
    pub(super) stages: Vec<KnownStage>,
    pub(crate) open: BTreeMap<CaseId, Watched>,
    closed: HashMap<CaseId, u64>,
    /// The position from which on cards are still to be read.
    next_card: u64,
    sent: HashSet<SentCard>,
    /// On which day and with which files no card was due.
    nothing_due: Option<(Date, u64)>,
    /// Files whose events do not fit their process.
    pub(super) unread: BTreeSet<CaseId>,
}

/// A card that went out: its file, stage, colour, and for which reminder.
type SentCard = (CaseId, String, Colour, u32);

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
pub(crate) struct Watched {
    pub(crate) number: String,
    pub(crate) title: String,
    /// The version that it keeps, as a place in `definitions`.
    pub(crate) definition: usize,
    /// The stages that were submitted and not decided.
    pub(crate) running: Vec<Running>,
    pub(super) waits: Vec<Waits>,
    pub(super) decided: Vec<Decided>,
}

/// A stage that was submitted and not decided.
#[derive(Debug)]
pub(crate) struct Running {
    /// Its place in the definition.
    pub(crate) place: usize,
    /// Its place in the state's list of stages.
    pub(super) number: usize,
    pub(crate) state: StageState,
    /// What units have to do in it.
    pub(crate) tasks: Vec<Undated>,
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
    /// The memory that this database's readers share; an empty one in a transaction, which sees what may yet be undone.
    pub fn of(read: &dyn Read) -> Self {
        read.remembered()
            .map_or_else(Self::default, |cache| Self(cache.entry::<Memory>()))
    }

    /// Reads what changed, and hands what is known now to `look`.
    pub(crate) fn look<T>(
        &self,
        read: &mut dyn Read,
        ctx: &Context,
        look: impl FnOnce(&mut State, &Days) -> Result<T, Error>,
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
        self.keep_up_with_cards(read, ctx)?;
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

    fn keep_up_with_cards(&mut self, read: &mut dyn Read, ctx: &Context) -> Result<(), Error> {
        for row in store::cards_from(read, ctx.community, self.next_card)? {
            self.next_card = self.next_card.max(row.position + 1);
            let card = row.card;
            self.sent
                .insert((card.case, card.stage, card.colour, card.days_before));
        }
        Ok(())
    }

    /// The cards that are due on a day and have not gone out.
    pub(crate) fn cards_to_send(&mut self, days: &Days, as_of: Date) -> Result<Vec<Card>, Error> {
        let as_known = Some((as_of, self.next));
        let mut to_send = Vec::new();
        if self.nothing_due == as_known {
            return Ok(to_send);
        }
        for (id, case) in &self.open {
            let definition = self.definitions.get(case.definition);
            for running in &case.running {
                let place = running.place;
                let Some(stage) = definition.and_then(|one| one.stages.get(place)) else {
                    continue;
                };
                let due = running.state.due(stage, place, days, as_of)?;
                let card = card(*id, stage, &running.state, &due, days)?;
                to_send.extend(card.filter(|card| {
                    let key = (*id, card.stage.clone(), card.colour, card.days_before);
                    !self.sent.contains(&key)
                }));
            }
        }
        if to_send.is_empty() {
            self.nothing_due = as_known;
        }
        Ok(to_send)
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
        let tasks = undated(&process, &case);
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
                let own = |task: &&Undated| task.stage == place && !task.kind.is_applicants();
                watched.running.push(Running {
                    place,
                    number,
                    state: state.clone(),
                    tasks: tasks.iter().filter(own).copied().collect(),
                });
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
