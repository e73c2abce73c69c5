//! SQL of turnout help: how units are reminded, rounds of reminders, visits.

use std::collections::HashMap;

use db::{Read, Tx, Value};
use kernel::{CommunityId, Context, Timestamp};
use people::model::UnitId;

use super::named;
use crate::Error;
use crate::model::{ReminderChannel, ResolutionId, VisitId, VisitOutcome};

const INSERT_REMINDED: &str =
    "insert into reminder_unit (community_id, resolution_id, unit_id, round, channel)";

db::statements! {
    PUT_CHOICE = "insert into reminder_choice (community_id, unit_id, channel, chosen_by, chosen_at, evidence) \
        values ($1, $2, $3, $4, $5, $6) on conflict (community_id, unit_id) do update set \
        channel = excluded.channel, chosen_by = excluded.chosen_by, chosen_at = excluded.chosen_at, \
        evidence = excluded.evidence";
    CHOICE = "select channel from reminder_choice where community_id = $1 and unit_id = $2";
    UNVOTED = "select e.unit_id, e.building, e.label, c.channel, \
        (select max(d.delivered_at) from delivery d where d.community_id = e.community_id \
        and d.resolution_id = e.resolution_id and d.unit_id = e.unit_id), \
        (select count(*) from reminder_unit u where u.community_id = e.community_id \
        and u.resolution_id = e.resolution_id and u.unit_id = e.unit_id) \
        from elector e \
        left join reminder_choice c on c.community_id = e.community_id and c.unit_id = e.unit_id \
        left join vote v on v.community_id = e.community_id and v.resolution_id = e.resolution_id \
        and v.unit_id = e.unit_id \
        where e.community_id = $1 and e.resolution_id = $2 and v.unit_id is null order by e.building, e.label";
    VISITS = "select unit_id, outcome, note, visited_at from visit \
        where community_id = $1 and resolution_id = $2 order by visited_at, visit_id";
    INSERT_VISIT = "insert into visit (community_id, resolution_id, visit_id, unit_id, outcome, note, visited_at, \
        recorded_by, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    INSERT_REMINDER = "insert into reminder (community_id, resolution_id, round, text, sent_by, sent_at) \
        values ($1, $2, $3, $4, $5, $6)";
    LAST_REMINDER = "select round, text, sent_at from reminder \
        where community_id = $1 and resolution_id = $2 order by round desc limit 1";
    REMINDED = "select max(round) from reminder_unit \
        where community_id = $1 and resolution_id = $2 and unit_id = $3 and channel = $4";
}

/// A unit for which nothing was cast yet.
#[derive(Clone, Debug)]
pub struct UnreachedUnit {
    /// The unit.
    pub unit: UnitId,
    /// Its building's name.
    pub building: String,
    /// Its number.
    pub label: String,
    /// How it is reminded: as its owners chose, else on their pages where one has a login, else by letter.
    pub channel: ReminderChannel,
    /// Whether they chose it.
    pub is_chosen: bool,
    /// When the ballot was last delivered.
    pub delivered_at: Option<Timestamp>,
    /// How often it was reminded.
    pub reminders: u32,
    /// The visits there, the last one at the end.
    pub visits: Vec<Visit>,
}

/// A visit at a unit's door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// What came of it.
    pub outcome: VisitOutcome,
    /// What the next visitor should know.
    pub note: String,
    /// When.
    pub visited_at: Timestamp,
}

/// A round of reminders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminder {
    /// 1, 2, 3…
    pub round: u32,
    /// What was said.
    pub text: String,
    /// When.
    pub sent_at: Timestamp,
}

pub(crate) fn put_reminder_choice(
    tx: &mut dyn Tx,
    ctx: &Context,
    unit: UnitId,
    channel: ReminderChannel,
    evidence: &str,
) -> Result<(), db::Error> {
    tx.execute(
        PUT_CHOICE,
        &[
            ctx.community.into(),
            unit.into(),
            channel.name().into(),
            ctx.actor.uuid().into(),
            ctx.now.into(),
            evidence.into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn reminder_choice(
    read: &mut dyn Read,
    community: CommunityId,
    unit: UnitId,
) -> Result<Option<ReminderChannel>, Error> {
    read.query_one(CHOICE, &[community.into(), unit.into()])?
        .map(|row| named(&row, 0, "a reminder's channel", ReminderChannel::from_name))
        .transpose()
}

/// The units for which nothing was cast; where none chose how to be reminded, `channel` is what `otherwise` says.
pub(crate) fn unreached(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
    otherwise: impl Fn(UnitId) -> ReminderChannel,
) -> Result<Vec<UnreachedUnit>, Error> {
    let mut visits = visits(read, community, resolution)?;
    read.query(UNVOTED, &[community.into(), resolution.into()])?
        .iter()
        .map(|row| {
            let unit: UnitId = row.get(0)?;
            let chosen: Option<String> = row.get(3)?;
            let chosen = chosen.as_deref().and_then(ReminderChannel::from_name);
            Ok(UnreachedUnit {
                unit,
                building: row.get(1)?,
                label: row.get(2)?,
                channel: chosen.unwrap_or_else(|| otherwise(unit)),
                is_chosen: chosen.is_some(),
                delivered_at: row.get(4)?,
                reminders: row.get(5)?,
                visits: visits.remove(&unit).unwrap_or_default(),
            })
        })
        .collect()
}

fn visits(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
) -> Result<HashMap<UnitId, Vec<Visit>>, Error> {
    let mut visits: HashMap<UnitId, Vec<Visit>> = HashMap::new();
    for row in read.query(VISITS, &[community.into(), resolution.into()])? {
        let visit = Visit {
            outcome: named(&row, 1, "a visit's outcome", VisitOutcome::from_name)?,
            note: row.get(2)?,
            visited_at: row.get(3)?,
        };
        visits.entry(row.get(0)?).or_default().push(visit);
    }
    Ok(visits)
}

pub(crate) fn insert_visit(
    tx: &mut dyn Tx,
    ctx: &Context,
    resolution: ResolutionId,
    unit: UnitId,
    id: VisitId,
    visit: &Visit,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_VISIT,
        &[
            ctx.community.into(),
            resolution.into(),
            id.into(),
            unit.into(),
            visit.outcome.name().into(),
            visit.note.as_str().into(),
            visit.visited_at.into(),
            ctx.actor.uuid().into(),
            ctx.now.into(),
        ],
    )?;
    Ok(())
}

/// A round, and the units that it goes to.
pub(crate) fn insert_reminder(
    tx: &mut dyn Tx,
    ctx: &Context,
    resolution: ResolutionId,
    reminder: &Reminder,
    units: &[(UnitId, ReminderChannel)],
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_REMINDER,
        &[
            ctx.community.into(),
            resolution.into(),
            reminder.round.into(),
            reminder.text.as_str().into(),
            ctx.actor.uuid().into(),
            reminder.sent_at.into(),
        ],
    )?;
    let rows: Vec<Vec<Value>> = units
        .iter()
        .map(|(unit, channel)| {
            vec![
                ctx.community.into(),
                resolution.into(),
                (*unit).into(),
                reminder.round.into(),
                channel.name().into(),
            ]
        })
        .collect();
    tx.insert_many(INSERT_REMINDED, &rows)?;
    Ok(())
}

pub(crate) fn last_reminder(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
) -> Result<Option<Reminder>, db::Error> {
    read.query_one(LAST_REMINDER, &[community.into(), resolution.into()])?
        .map(|row| {
            Ok(Reminder {
                round: row.get(0)?,
                text: row.get(1)?,
                sent_at: row.get(2)?,
            })
        })
        .transpose()
}

/// The last round in which a unit was reminded this way.
pub(crate) fn reminded(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
    unit: UnitId,
    channel: ReminderChannel,
) -> Result<Option<u32>, db::Error> {
    let parameters = [
        community.into(),
        resolution.into(),
        unit.into(),
        channel.name().into(),
    ];
    read.query_one(REMINDED, &parameters)?
        .map_or(Ok(None), |row| row.get(0))
}
