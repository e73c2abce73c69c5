//! What the open files amount to on a day: who has what to do and until when, what runs late, which cards are due. Kept up
//! file by file, so that a look adds up sums and takes the first lines of lists that are in order, and reads no file that
//! it does not show. On another day it is begun anew.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use flow::{Clock, Days, Definition, Due, Whom};
use jiff::civil::Date;

use super::live::{Running, Watched};
use crate::Error;
use crate::cards::card;
use crate::model::{CaseId, Colour};
use crate::store::Card;
use crate::tasks::{Dates, TaskKind, Undated};

/// The open files on one day.
#[derive(Debug)]
pub(crate) struct Today {
    pub(crate) as_of: Date,
    units: Units,
    /// Running stages by what makes them alike on this day.
    pub(super) alike: HashMap<Alike, BTreeSet<CaseId>>,
    /// Who waits for whom, and how often.
    pub(super) waits: HashMap<Wait, usize>,
    /// Replies that are waited for: by unit, stage, and whether the time to reply is over.
    pub(super) asked: HashMap<(Unit, usize, bool), usize>,
    queues: HashMap<Unit, BTreeSet<Place>>,
    /// The cards that are due and have not gone out, by file and the stage's place in its process.
    cards: BTreeMap<(CaseId, usize), Card>,
}

/// A unit, as a number of this day's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Unit(usize);

/// What running stages have in common that are told about in one sum, and of which the past says the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Alike {
    /// The stage, as a place in the state's list of stages.
    pub(super) stage: usize,
    /// Who leads it, by the definition and hand-overs.
    pub(super) lead: Unit,
    /// Days of the limit; none without one.
    pub(super) limit: Option<u32>,
    pub(super) used: u32,
    pub(super) clock: Clock,
    pub(super) late: bool,
}

/// Somebody who waits for somebody.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Wait {
    pub(super) who: Unit,
    /// None for applicants.
    pub(super) whom: Option<Unit>,
    pub(super) since: Date,
    pub(super) overdue: bool,
}

/// The place of a task in its unit's queue: late first, then by due date, what has none last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    in_time: bool,
    undated: bool,
    due: Option<Date>,
    pub(crate) case: CaseId,
    kind: TaskKind,
    step: Option<usize>,
    /// Which of the file's running stages, and which of its tasks.
    pub(crate) running: usize,
    pub(crate) task: usize,
}

/// Units by number.
#[derive(Debug, Default)]
struct Units {
    names: Vec<String>,
    numbers: HashMap<String, Unit>,
}

/// Whether a file comes or goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Comes,
    Goes,
}

impl Today {
    pub(super) fn on(as_of: Date) -> Self {
        Self {
            as_of,
            units: Units::default(),
            alike: HashMap::new(),
            waits: HashMap::new(),
            asked: HashMap::new(),
            queues: HashMap::new(),
            cards: BTreeMap::new(),
        }
    }

    /// A unit by what the definitions call it.
    pub(super) fn unit(&self, unit: Unit) -> &str {
        self.units.names.get(unit.0).map_or("", String::as_str)
    }

    /// What each unit has to do; units as the definitions and hand-overs have them.
    pub(crate) fn queues(&self) -> impl Iterator<Item = (&str, &BTreeSet<Place>)> {
        self.queues
            .iter()
            .map(|(unit, places)| (self.unit(*unit), places))
    }

    /// The cards that are due and have not gone out.
    pub(crate) fn cards(&self) -> impl Iterator<Item = &Card> {
        self.cards.values()
    }

    /// Takes a file in as it is, or out as it was.
    pub(super) fn change(
        &mut self,
        change: Change,
        id: CaseId,
        case: &Watched,
        definition: &Definition,
        days: &Days,
        was_sent: impl Fn(&Card) -> bool,
    ) -> Result<(), Error> {
        for (number, running) in case.running.iter().enumerate() {
            let Some(stage) = definition.stages.get(running.place) else {
                continue;
            };
            let due = running.state.due(stage, running.place, days, self.as_of)?;
            self.change_running(change, id, running, stage, &due, days)?;
            self.change_queues(change, (id, number), running, definition, &due, days)?;
            self.cards.remove(&(id, running.place));
            if change == Change::Comes {
                let card = card(id, stage, &running.state, &due, days)?;
                if let Some(card) = card.filter(|card| !was_sent(card)) {
                    self.cards.insert((id, running.place), card);
                }
            }
        }
        for wait in &case.waits {
            if let Whom::Unit(whom) = &wait.whom {
                let (who, whom) = (self.units.number(&wait.who), self.units.number(whom));
                self.change_wait(change, who, Some(whom), wait.since, false);
            }
        }
        Ok(())
    }

    fn change_running(
        &mut self,
        change: Change,
        id: CaseId,
        running: &Running,
        stage: &flow::Stage,
        due: &Due,
        days: &Days,
    ) -> Result<(), Error> {
        let state = &running.state;
        let lead = self
            .units
            .number(state.lead.as_deref().unwrap_or(&stage.lead));
        let alike = Alike {
            stage: running.number,
            lead,
            limit: due.limit.map(|(days, _)| days),
            used: due.used,
            clock: due.clock,
            late: due.late,
        };
        match change {
            Change::Comes => _ = self.alike.entry(alike).or_default().insert(id),
            Change::Goes => {
                if let Some(cases) = self.alike.get_mut(&alike) {
                    cases.remove(&id);
                    if cases.is_empty() {
                        self.alike.remove(&alike);
                    }
                }
            }
        }
        for asked in state.asked.iter().filter(|asked| asked.replied.is_none()) {
            let until = stage.reply_by(asked, days)?;
            let is_late = until.is_some_and(|until| until < self.as_of);
            let whom = self.units.number(&asked.unit);
            count(change, &mut self.asked, (whom, running.number, is_late));
            self.change_wait(change, lead, Some(whom), asked.on, is_late);
        }
        if let (Some(asked), None) = (state.correction_asked, state.corrected) {
            self.change_wait(change, lead, None, asked, false);
        }
        Ok(())
    }

    fn change_queues(
        &mut self,
        change: Change,
        (case, number): (CaseId, usize),
        running: &Running,
        definition: &Definition,
        due: &Due,
        days: &Days,
    ) -> Result<(), Error> {
        let Some(stage) = definition.stages.get(running.place) else {
            return Ok(());
        };
        for (task, undated) in running.tasks.iter().enumerate() {
            let dates = undated.dates(stage, &running.state, due, days)?;
            let unit = undated.unit(definition, stage, &running.state);
            let place = Place::of(undated, dates, case, number, task);
            let queue = self.queues.entry(self.units.number(unit)).or_default();
            match change {
                Change::Comes => queue.insert(place),
                Change::Goes => queue.remove(&place),
            };
        }
        Ok(())
    }

    fn change_wait(
        &mut self,
        change: Change,
        who: Unit,
        whom: Option<Unit>,
        since: Date,
        overdue: bool,
    ) {
        let wait = Wait {
            who,
            whom,
            since,
            overdue,
        };
        count(change, &mut self.waits, wait);
    }

    /// Takes a card out that went out.
    pub(super) fn sent(&mut self, sent: &Card) {
        let is_sent = |card: &Card| {
            let key = |card: &Card| -> (Colour, u32) { (card.colour, card.days_before) };
            card.stage == sent.stage && key(card) == key(sent)
        };
        let of_case = (sent.case, 0)..=(sent.case, usize::MAX);
        let found = self.cards.range(of_case).find(|(_, card)| is_sent(card));
        if let Some(place) = found.map(|(place, _)| *place) {
            self.cards.remove(&place);
        }
    }
}

impl Place {
    fn of(undated: &Undated, dates: Dates, case: CaseId, running: usize, task: usize) -> Self {
        Self {
            in_time: !dates.late,
            undated: dates.due.is_none(),
            due: dates.due,
            case,
            kind: undated.kind,
            step: undated.step,
            running,
            task,
        }
    }

    /// Behind everything that is late, before everything else.
    pub(crate) fn is_late(&self) -> bool {
        !self.in_time
    }
}

impl Units {
    fn number(&mut self, name: &str) -> Unit {
        if let Some(known) = self.numbers.get(name) {
            return *known;
        }
        let number = Unit(self.names.len());
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        number
    }
}

fn count<K: std::hash::Hash + Eq>(change: Change, counts: &mut HashMap<K, usize>, key: K) {
    match change {
        Change::Comes => *counts.entry(key).or_default() += 1,
        Change::Goes => {
            if let Some(count) = counts.get_mut(&key) {
                *count -= 1;
                if *count == 0 {
                    counts.remove(&key);
                }
            }
        }
    }
}
