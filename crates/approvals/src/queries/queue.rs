//! Queues: what a clerk's unit has to do, by due date; what an applicant has under way; what is near or past its limit.

use std::collections::HashMap;

use db::Read;
use flow::{Days, Definition, Stage, Step};
use jiff::civil::Date;
use kernel::Context;
use policy::Text;

use crate::model::{APPLY, CaseId, HANDLE, ORGANISE, READ, SUPERVISE};
use crate::office::{Office, acting_for, unit_text};
use crate::store::{self, Card, CardRow, CaseRow};
use crate::supervision::{Live, Place, Running, State, Watched};
use crate::tasks::{Task, TaskKind, Undated, tasks};
use crate::{Error, calendar, definitions};

/// What a unit has to do.
#[derive(Clone, Debug)]
pub struct Queue {
    /// The first of it.
    pub lines: Vec<QueueLine>,
    /// How much it is.
    pub all: usize,
    /// Of that, late.
    pub late: usize,
}

/// One thing to do, with its file.
#[derive(Clone, Debug)]
pub struct QueueLine {
    /// The file.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// The project.
    pub title: String,
    /// The stage's title.
    pub stage: Text,
    /// The step's title, for steps.
    pub step: Option<Text>,
    /// Who is to do it.
    pub unit: Text,
    /// What there is to do.
    pub task: Task,
}

/// What the actor's unit has to do, late first and then by due date; what has no date comes last. At most `most` lines.
///
/// # Errors
/// Those of the database and of the process engine.
pub fn queue(read: &mut dyn Read, ctx: &Context, most: usize) -> Result<Queue, Error> {
    ctx.require(HANDLE)?;
    let own = acting_for(ctx);
    queue_where(read, ctx, most, |office, unit| office.holds(own, unit))
}

/// What a unit has to do, whoever holds it, in the same order. At most `most` lines.
///
/// # Errors
/// Those of the database and of the process engine.
pub(crate) fn queue_of_unit(
    read: &mut dyn Read,
    ctx: &Context,
    unit: &str,
    most: usize,
) -> Result<Queue, Error> {
    ctx.require(ORGANISE)?;
    queue_where(read, ctx, most, |office, one| office.successor(one) == unit)
}

fn queue_where(
    read: &mut dyn Read,
    ctx: &Context,
    most: usize,
    wanted: impl Fn(&Office, &str) -> bool,
) -> Result<Queue, Error> {
    let office = Office::of(read, ctx.community)?;
    Live::of(read).look(read, ctx, |state, today, days| {
        let (mut all, mut late) = (0, 0);
        let mut first: Vec<Place> = Vec::new();
        for (_, places) in today.queues().filter(|(unit, _)| wanted(&office, unit)) {
            all += places.len();
            late += places.iter().take_while(|place| place.is_late()).count();
            first.extend(places.iter().take(most));
        }
        first.sort_unstable();
        let mut lines = Vec::new();
        for place in first.into_iter().take(most) {
            if let Some(task) = OpenTask::at(state, place) {
                lines.push(task.line(&office, days, today.as_of)?);
            }
        }
        Ok(Queue { lines, all, late })
    })
}

/// A task of a unit in an open file.
struct OpenTask<'s> {
    case: CaseId,
    watched: &'s Watched,
    definition: &'s Definition,
    stage: &'s Stage,
    running: &'s Running,
    undated: Undated,
}

impl<'s> OpenTask<'s> {
    fn at(state: &'s State, place: Place) -> Option<Self> {
        let watched = state.open.get(&place.case)?;
        let running = watched.running.get(place.running)?;
        let definition = state.definitions.get(watched.definition)?;
        Some(Self {
            case: place.case,
            watched,
            definition,
            stage: definition.stages.get(running.place)?,
            running,
            undated: *running.tasks.get(place.task)?,
        })
    }

    fn step(&self) -> Option<&'s Step> {
        self.definition.steps.get(self.undated.step?)
    }

    fn line(&self, office: &Office, days: &Days, as_of: Date) -> Result<QueueLine, Error> {
        let state = &self.running.state;
        let clock = state.due(self.stage, self.running.place, days, as_of)?;
        let dates = self.undated.dates(self.stage, state, &clock, days)?;
        let unit = self.undated.unit(self.definition, self.stage, state);
        let task = self
            .undated
            .task(self.definition, self.stage, state, dates, days)?;
        Ok(QueueLine {
            case: self.case,
            number: self.watched.number.clone(),
            title: self.watched.title.clone(),
            stage: self.stage.title.clone(),
            step: self.step().map(|step| step.title.clone()),
            unit: unit_text(self.definition, office, unit),
            task,
        })
    }
}

/// An open task of a unit that goes over to another.
#[derive(Clone, Debug)]
pub(crate) struct HandedOver {
    pub(crate) case: CaseId,
    pub(crate) stage: String,
    pub(crate) step: Option<String>,
    pub(crate) kind: TaskKind,
}

/// The open tasks that a unit has now, whoever holds it.
pub(crate) fn tasks_of_unit(
    read: &mut dyn Read,
    ctx: &Context,
    unit: &str,
) -> Result<Vec<HandedOver>, Error> {
    let office = Office::of(read, ctx.community)?;
    Live::of(read).look(read, ctx, |state, today, _| {
        let own = today
            .queues()
            .filter(|(one, _)| office.successor(one) == unit);
        let mut places: Vec<&Place> = own.flat_map(|(_, places)| places).collect();
        places.sort_unstable_by_key(|place| (place.case, place.running, place.task));
        let tasks = places
            .into_iter()
            .filter_map(|place| OpenTask::at(state, *place));
        let handed = tasks.map(|one| HandedOver {
            case: one.case,
            stage: one.stage.id.clone(),
            step: one.step().map(|step| step.id.clone()),
            kind: one.undated.kind,
        });
        Ok(handed.collect())
    })
}

/// How many open tasks each unit has.
pub(crate) fn task_counts(
    read: &mut dyn Read,
    ctx: &Context,
) -> Result<HashMap<String, usize>, Error> {
    let office = Office::of(read, ctx.community)?;
    Live::of(read).look(read, ctx, |_, today, _| {
        let mut counts: HashMap<String, usize> = HashMap::new();
        for (unit, places) in today.queues().filter(|(_, places)| !places.is_empty()) {
            let unit = office.successor(unit).to_owned();
            *counts.entry(unit).or_default() += places.len();
        }
        Ok(counts)
    })
}

/// An application in its applicant's list.
#[derive(Clone, Debug)]
pub struct OwnLine {
    /// The file.
    pub row: CaseRow,
    /// The process.
    pub process: Text,
    /// What there is to do, by whomever; none for drafts and closed files.
    pub tasks: Vec<Task>,
}

impl OwnLine {
    /// Whether the applicant is waited for with a notice.
    pub fn needs_you(&self) -> bool {
        let correct = |task: &Task| task.kind == crate::TaskKind::Correct;
        self.tasks.iter().any(correct)
    }

    /// What is due first, of the tasks that have a day.
    pub fn next(&self) -> Option<&Task> {
        let dated = self.tasks.iter().filter(|task| task.due.is_some());
        dated.min_by_key(|task| task.due)
    }

    /// What waits for the applicant first, then drafts and what runs, then what is closed.
    fn order(&self) -> (bool, bool) {
        (!self.needs_you(), self.row.closed)
    }
}

/// The actor's own applications: those that wait for them, then those that run, then closed ones; each newest first.
///
/// # Errors
/// Those of the database and of the process engine.
pub fn own_applications(read: &mut dyn Read, ctx: &Context) -> Result<Vec<OwnLine>, Error> {
    ctx.require(APPLY)?;
    let Some(account) = ctx.actor.account_id() else {
        return Ok(Vec::new());
    };
    let mut rows = store::of_applicant(read, ctx.community, account, acting_for(ctx))?;
    rows.retain(|row| crate::commands::is_own(ctx, row));
    let days = calendar::days(read, ctx.community)?;
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let (definition, tasks) = match &row.version {
            None => {
                let today = ctx.now.date();
                let definition = definitions::in_force(read, ctx.community, &row.process, today)?;
                (definition, Vec::new())
            }
            Some(version) => {
                let definition =
                    definitions::definition(read, ctx.community, &row.process, version)?;
                let events = store::events(read, ctx, row.id)?;
                let case = crate::commands::replayed(&definition, &events)?;
                let tasks = tasks(&definition, &case, &days, ctx.now.date())?;
                (definition, tasks)
            }
        };
        lines.push(OwnLine {
            process: definition.title.clone(),
            row,
            tasks,
        });
    }
    lines.sort_by_key(OwnLine::order);
    Ok(lines)
}

/// The cards that are due in any open case and have not gone out.
///
/// # Errors
/// Those of the database and of the process engine.
pub fn cards_to_send(read: &mut dyn Read, ctx: &Context) -> Result<Vec<Card>, Error> {
    ctx.require(SUPERVISE)?;
    Live::of(read).look(read, ctx, |_, today, _| {
        Ok(today.cards().cloned().collect())
    })
}

/// The cards of the last thirty days that went to the actor's unit, newest first, at most 200.
///
/// # Errors
/// Those of the database.
pub fn recent_cards(read: &mut dyn Read, ctx: &Context) -> Result<Vec<CardRow>, Error> {
    ctx.require(READ)?;
    ctx.require(HANDLE)?;
    let office = Office::of(read, ctx.community)?;
    let own = acting_for(ctx);
    let mut cards = store::cards_since(read, ctx.community, ctx.now.plus_days(-30), 200)?;
    cards.retain(|row| {
        office.holds(own, &row.card.unit) || office.holds(own, &row.card.escalated_to)
    });
    Ok(cards)
}

/// The cards of the last thirty days, whoever they went to, newest first, at most 200.
///
/// # Errors
/// Those of the database.
pub fn all_recent_cards(read: &mut dyn Read, ctx: &Context) -> Result<Vec<CardRow>, Error> {
    ctx.require(SUPERVISE)?;
    store::cards_since(read, ctx.community, ctx.now.plus_days(-30), 200)
}
