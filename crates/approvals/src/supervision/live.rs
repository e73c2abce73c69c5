//! Open files in memory, as their events make them; kept up by the journal's position, so that a look reads only what
//! changed since the last one. The clerk's queue, the cards and the supervisor's pages look at it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use db::Read;
use flow::{Case, Days, Definition, Past, StageState, Waited, Waits};
use jiff::civil::Date;
use kernel::{CommunityId, Context};
use policy::Text;

use super::day::{Change, Today};
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
    /// Every stage by process and name, whatever its version, with the past of closed files.
    closed_stages: Vec<KnownStage>,
    /// The same with what was decided in open files, too; empty when that is to be added up anew.
    pub(super) stages: Vec<KnownStage>,
    pub(crate) open: BTreeMap<CaseId, Watched>,
    /// What those amount to on the day of the last look.
    today: Option<Today>,
    closed: HashMap<CaseId, u64>,
    /// The position from which on cards are still to be read.
    next_card: u64,
    sent: HashSet<SentCard>,
    /// Files whose events do not fit their process.
    pub(super) unread: BTreeSet<CaseId>,
}

/// A card that went out: its file, stage, colour, and for which reminder.
type SentCard = (CaseId, String, Colour, u32);

/// A stage over all versions of its process, and its past.
#[derive(Clone, Debug)]
pub(super) struct KnownStage {
    pub(super) process: String,
    pub(super) id: String,
    pub(super) process_title: Text,
    pub(super) title: Text,
    pub(super) past: Past,
    /// How many took how many working days from submission to decision.
    pub(super) took: BTreeMap<u32, usize>,
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
#[derive(Clone, Debug, PartialEq, Eq)]
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
        look: impl FnOnce(&State, &Today, &Days) -> Result<T, Error>,
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
        let today = state.today(ctx.now.date(), &days)?;
        let answer = look(state, &today, &days);
        state.today = Some(today);
        answer
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
            if let Some(today) = &mut self.today {
                today.sent(&row.card);
            }
            self.sent.insert(key_of(&row.card));
        }
        Ok(())
    }

    /// What the open files amount to on a day: as it was kept up, or added up anew.
    fn today(&mut self, as_of: Date, days: &Days) -> Result<Today, Error> {
        if self.stages.is_empty() {
            self.stages.clone_from(&self.closed_stages);
            for decided in self.open.values().flat_map(|case| &case.decided) {
                learn(&mut self.stages, decided);
            }
        }
        if let Some(known) = self.today.take().filter(|today| today.as_of == as_of) {
            return Ok(known);
        }
        let mut today = Today::on(as_of);
        for (id, case) in &self.open {
            if let Some(definition) = self.definitions.get(case.definition) {
                let was_sent = |card: &Card| self.sent.contains(&key_of(card));
                today.change(Change::Comes, *id, case, definition, days, was_sent)?;
            }
        }
        Ok(today)
    }

    /// Puts what a file is now, none once it is closed, in the place of what it was.
    fn replace(
        &mut self,
        id: CaseId,
        now: Option<Watched>,
        decided: &[Decided],
        days: &Days,
    ) -> Result<(), Error> {
        let before = self.open.remove(&id);
        if let Some(before) = &before {
            self.change_today(Change::Goes, id, before, days)?;
        }
        let known = before.map(|case| case.decided).unwrap_or_default();
        if known.iter().any(|one| !decided.contains(one)) {
            // A decision was taken back; what it counted for can't be.
            self.stages.clear();
        }
        for one in decided.iter().filter(|one| !known.contains(one)) {
            learn(&mut self.stages, one);
        }
        if let Some(now) = now {
            self.change_today(Change::Comes, id, &now, days)?;
            self.open.insert(id, now);
        }
        Ok(())
    }

    fn change_today(
        &mut self,
        change: Change,
        id: CaseId,
        case: &Watched,
        days: &Days,
    ) -> Result<(), Error> {
        let definition = self.definitions.get(case.definition);
        let (Some(today), Some(definition)) = (&mut self.today, definition) else {
            return Ok(());
        };
        let was_sent = |card: &Card| self.sent.contains(&key_of(card));
        today.change(change, id, case, definition, days, was_sent)
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
            self.unread.insert(row.id);
            self.replace(row.id, None, &[], days)?;
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
        let decided = watched.decided.clone();
        if row.closed {
            self.closed.insert(row.id, row.position);
            for one in &decided {
                learn(&mut self.closed_stages, one);
            }
        }
        let now = Some(watched).filter(|_| !row.closed);
        self.replace(row.id, now, &decided, days)?;
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
        if let Some(number) = self.closed_stages.iter().position(known) {
            return number;
        }
        self.stages.clear();
        self.closed_stages.push(KnownStage {
            process: process.id.clone(),
            id: stage.id.clone(),
            process_title: process.title.clone(),
            title: stage.title.clone(),
            past: Past::default(),
            took: BTreeMap::new(),
            waited: Waited::default(),
        });
        self.closed_stages.len() - 1
    }
}

/// Takes a decided stage in.
fn learn(stages: &mut [KnownStage], decided: &Decided) {
    let Some(stage) = stages.get_mut(decided.stage) else {
        return;
    };
    if let Some(used) = decided.used {
        stage.past.decided(&stage.id, used);
    }
    let waited = &decided.waited;
    let took = waited.total().saturating_sub(waited.preparing);
    *stage.took.entry(took).or_default() += 1;
    stage.waited.add(waited);
}

fn key_of(card: &Card) -> SentCard {
    (card.case, card.stage.clone(), card.colour, card.days_before)
}
