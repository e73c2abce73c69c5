//! Queues: what a clerk's unit has to do, by due date; what an applicant has under way; what is near or past its limit.

use std::collections::HashMap;
use std::sync::Arc;

use db::Read;
use flow::{Case, Definition};
use kernel::Context;
use policy::Text;

use crate::cards::due_cards;
use crate::model::{APPLY, HANDLE, READ, SUPERVISE};
use crate::office::{Office, acting_for, unit_text};
use crate::store::{self, Card, CardRow, CaseRow};
use crate::tasks::{Task, tasks};
use crate::{Error, calendar, definitions};

/// One thing to do, with its file.
#[derive(Clone, Debug)]
pub struct QueueLine {
    /// The file.
    pub row: CaseRow,
    /// The process.
    pub process: Text,
    /// The stage's title.
    pub stage: Text,
    /// The step's title, for steps.
    pub step: Option<Text>,
    /// Who is to do it.
    pub unit: Text,
    /// What there is to do.
    pub task: Task,
}

/// What the actor's unit has to do, late first and then by due date; what has no date comes last.
///
/// # Errors
/// Those of the database and of the process engine.
pub fn queue(read: &mut dyn Read, ctx: &Context) -> Result<Vec<QueueLine>, Error> {
    ctx.require(HANDLE)?;
    let own = acting_for(ctx);
    let office = Office::of(read, ctx.community)?;
    let mut lines = lines(read, ctx, &office)?;
    lines.retain(|line| !line.task.kind.is_applicants() && office.holds(own, &line.task.unit));
    lines.sort_by_key(|line| {
        let task = &line.task;
        (
            !task.late,
            task.due.is_none(),
            task.due,
            line.row.id,
            task.kind,
        )
    });
    Ok(lines)
}

/// The open tasks that a unit has now, whoever holds it.
pub(crate) fn tasks_of_unit(
    read: &mut dyn Read,
    ctx: &Context,
    unit: &str,
) -> Result<Vec<QueueLine>, Error> {
    let mut lines = tasks_of_units(read, ctx)?;
    Ok(lines.remove(unit).unwrap_or_default())
}

/// The open tasks of every unit.
pub(crate) fn tasks_of_units(
    read: &mut dyn Read,
    ctx: &Context,
) -> Result<HashMap<String, Vec<QueueLine>>, Error> {
    let office = Office::of(read, ctx.community)?;
    let mut of_units: HashMap<String, Vec<QueueLine>> = HashMap::new();
    for line in lines(read, ctx, &office)? {
        if !line.task.kind.is_applicants() {
            let unit = office.successor(&line.task.unit).to_owned();
            of_units.entry(unit).or_default().push(line);
        }
    }
    Ok(of_units)
}

/// Every open task of every open case.
fn lines(read: &mut dyn Read, ctx: &Context, office: &Office) -> Result<Vec<QueueLine>, Error> {
    let days = calendar::days(read, ctx.community)?;
    let today = ctx.now.date();
    let mut lines = Vec::new();
    for (row, definition, case) in open(read, ctx)? {
        for task in tasks(&definition, &case, &days, today)? {
            let stage = definition.stage(&task.stage);
            let step = task.step.as_deref().and_then(|step| definition.step(step));
            lines.push(QueueLine {
                row: row.clone(),
                process: definition.title.clone(),
                stage: stage.map_or_else(|| Text::same(""), |stage| stage.title.clone()),
                step: step.map(|(_, step)| step.title.clone()),
                unit: unit_text(&definition, office, &task.unit),
                task,
            });
        }
    }
    Ok(lines)
}

/// The open cases as their events make them.
pub(crate) fn open(
    read: &mut dyn Read,
    ctx: &Context,
) -> Result<Vec<(CaseRow, Arc<Definition>, Case)>, Error> {
    let rows = store::open_cases(read, ctx.community)?;
    let mut events = store::events_of_many(read, ctx.community)?;
    let mut known: HashMap<(String, String), Arc<Definition>> = HashMap::new();
    let mut open = Vec::with_capacity(rows.len());
    for row in rows {
        let version = row.version.clone().unwrap_or_default();
        let key = (row.process.clone(), version);
        let definition = if let Some(definition) = known.get(&key) {
            definition.clone()
        } else {
            let found = definitions::definition(read, ctx.community, &key.0, &key.1)?;
            known.insert(key, found.clone());
            found
        };
        let case = Case::replay(&definition, &events.remove(&row.id).unwrap_or_default())?;
        open.push((row, definition, case));
    }
    Ok(open)
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
}

/// The actor's own applications, newest first.
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
    Ok(lines)
}

/// The cards that are due in any open case and have not gone out.
pub(crate) fn cards_to_send(read: &mut dyn Read, ctx: &Context) -> Result<Vec<Card>, Error> {
    ctx.require(SUPERVISE)?;
    let days = calendar::days(read, ctx.community)?;
    let mut to_send = Vec::new();
    for (row, definition, case) in open(read, ctx)? {
        let due = due_cards(row.id, &definition, &case, &days, ctx.now.date())?;
        if due.is_empty() {
            continue;
        }
        let sent = store::cards_of(read, ctx.community, row.id)?;
        to_send.extend(due.into_iter().filter(|card| {
            !sent.iter().any(|row| {
                (&row.card.stage, row.card.colour, row.card.days_before)
                    == (&card.stage, card.colour, card.days_before)
            })
        }));
    }
    Ok(to_send)
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
