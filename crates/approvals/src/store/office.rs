//! SQL of what the office keeps: definitions, calendar years, who holds a unit, who followed one, migrations.

use db::{Read, Tx};
use kernel::{CommunityId, Context, OrganisationId, Timestamp};

use super::audit;
use crate::Error;
use crate::model::CaseId;

db::statements! {
    INSERT_DEFINITION = "insert into approval_definition (community_id, process, version, sha256, content, added_at, \
        added_by) values ($1, $2, $3, $4, $5, $6, $7)";
    DEFINITION_MARK = "select sha256 from approval_definition \
        where community_id = $1 and process = $2 and version = $3";
    DEFINITION_TEXT = "select content from approval_definition \
        where community_id = $1 and process = $2 and version = $3";
    DEFINITION_VERSIONS = "select process, version from approval_definition where community_id = $1 \
        order by process, version";
    INSERT_CALENDAR_YEAR = "insert into approval_calendar_year (community_id, year, revision, sha256, content, added_at, \
        added_by) values ($1, $2, $3, $4, $5, $6, $7)";
    CALENDAR_MARKS = "select year, revision, sha256 from approval_calendar_year where community_id = $1 \
        order by year, revision";
    CALENDAR_YEARS = "select year, revision, content from approval_calendar_year where community_id = $1 \
        order by year, revision";
    INSERT_APPOINTMENT = "insert into approval_appointment (community_id, unit, since, organisation_id, \
        organisation_name, appointed_by) values ($1, $2, $3, $4, $5, $6)";
    END_APPOINTMENT = "update approval_appointment set ended_at = $3 \
        where community_id = $1 and unit = $2 and ended_at is null";
    APPOINTMENTS = "select unit, organisation_id, organisation_name, since from approval_appointment \
        where community_id = $1 and ended_at is null order by unit";
    INSERT_SUCCESSION = "insert into approval_succession (community_id, unit, successor, reason, dissolved_at, \
        dissolved_by) values ($1, $2, $3, $4, $5, $6)";
    SUCCESSIONS = "select unit, successor, dissolved_at from approval_succession where community_id = $1 order by unit";
    SET_VERSION = "update approval_case set version = $3 where community_id = $1 and case_id = $2";
    INSERT_MIGRATION = "insert into approval_migration (community_id, case_id, migrated_at, from_version, to_version, \
        migrated_by) values ($1, $2, $3, $4, $5, $6)";
}

/// Which organisation holds a unit.
#[derive(Clone, Debug)]
pub struct Appointment {
    /// The unit.
    pub unit: String,
    /// The organisation.
    pub organisation: OrganisationId,
    /// Its name when it was appointed.
    pub name: String,
    /// Since when.
    pub since: Timestamp,
}

/// A unit that was dissolved, and the one that took its tasks over.
#[derive(Clone, Debug)]
pub struct Succession {
    /// The unit that is no more.
    pub unit: String,
    /// Who followed; empty if it had no tasks and nobody did.
    pub successor: String,
    /// When.
    pub dissolved_at: Timestamp,
}

/// A calendar year that the city's staff brought.
#[derive(Clone, Debug)]
pub(crate) struct CalendarYear {
    /// The year.
    pub year: i16,
    /// Which text of it; the last one counts.
    pub revision: u32,
    /// The text.
    pub content: String,
}

pub(crate) fn insert_definition(
    tx: &mut dyn Tx,
    ctx: &Context,
    process: &str,
    version: &str,
    sha256: [u8; 32],
    content: &str,
) -> Result<(), Error> {
    let values = [
        ctx.community.into(),
        process.into(),
        version.into(),
        sha256.into(),
        content.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
    ];
    tx.execute(INSERT_DEFINITION, &values)?;
    journal::wrote(tx, &audit::DEFINITIONS, &[values.into()]);
    Ok(())
}

pub(crate) fn definition_mark(
    read: &mut dyn Read,
    community: CommunityId,
    process: &str,
    version: &str,
) -> Result<Option<[u8; 32]>, Error> {
    let values = [community.into(), process.into(), version.into()];
    let row = read.query_one(DEFINITION_MARK, &values)?;
    Ok(row.map(|row| row.get(0)).transpose()?)
}

pub(crate) fn definition_text(
    read: &mut dyn Read,
    community: CommunityId,
    process: &str,
    version: &str,
) -> Result<String, Error> {
    let values = [community.into(), process.into(), version.into()];
    let row = read.query_one(DEFINITION_TEXT, &values)?;
    let row = row.ok_or(Error::NoSuchPart { what: "definition" })?;
    Ok(row.get(0)?)
}

pub(crate) fn definition_versions(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<(String, String)>, Error> {
    let rows = read.query(DEFINITION_VERSIONS, &[community.into()])?;
    rows.iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .collect()
}

pub(crate) fn insert_calendar_year(
    tx: &mut dyn Tx,
    ctx: &Context,
    year: i16,
    revision: u32,
    sha256: [u8; 32],
    content: &str,
) -> Result<(), Error> {
    let values = [
        ctx.community.into(),
        i64::from(year).into(),
        revision.into(),
        sha256.into(),
        content.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
    ];
    tx.execute(INSERT_CALENDAR_YEAR, &values)?;
    journal::wrote(tx, &audit::CALENDAR_YEARS, &[values.into()]);
    Ok(())
}

/// The marks of the texts that count, one a year.
pub(crate) fn calendar_marks(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<[u8; 32]>, Error> {
    let rows = read.query(CALENDAR_MARKS, &[community.into()])?;
    let mut last: Vec<(i64, [u8; 32])> = Vec::new();
    for row in rows {
        let (year, mark) = (row.get(0)?, row.get(2)?);
        last.retain(|(known, _)| *known != year);
        last.push((year, mark));
    }
    Ok(last.into_iter().map(|(_, mark)| mark).collect())
}

/// The texts that count, one a year.
pub(crate) fn calendar_years(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<CalendarYear>, Error> {
    let mut last: Vec<CalendarYear> = Vec::new();
    for row in read.query(CALENDAR_YEARS, &[community.into()])? {
        let year: i64 = row.get(0)?;
        let year = i16::try_from(year).map_err(|_| Error::Unreadable {
            what: "a calendar year",
            value: year.to_string(),
        })?;
        last.retain(|known| known.year != year);
        last.push(CalendarYear {
            year,
            revision: row.get(1)?,
            content: row.get(2)?,
        });
    }
    Ok(last)
}

pub(crate) fn insert_appointment(
    tx: &mut dyn Tx,
    ctx: &Context,
    unit: &str,
    organisation: OrganisationId,
    name: &str,
) -> Result<(), Error> {
    let values = [
        ctx.community.into(),
        unit.into(),
        ctx.now.into(),
        organisation.into(),
        name.into(),
        ctx.actor.uuid().into(),
    ];
    tx.execute(INSERT_APPOINTMENT, &values)?;
    Ok(())
}

pub(crate) fn end_appointment(tx: &mut dyn Tx, ctx: &Context, unit: &str) -> Result<(), Error> {
    tx.execute(
        END_APPOINTMENT,
        &[ctx.community.into(), unit.into(), ctx.now.into()],
    )?;
    Ok(())
}

/// Who holds a unit now.
pub(crate) fn appointments(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<Appointment>, Error> {
    let rows = read.query(APPOINTMENTS, &[community.into()])?;
    rows.iter()
        .map(|row| {
            Ok(Appointment {
                unit: row.get(0)?,
                organisation: row.get(1)?,
                name: row.get(2)?,
                since: row.get(3)?,
            })
        })
        .collect()
}

pub(crate) fn insert_succession(
    tx: &mut dyn Tx,
    ctx: &Context,
    unit: &str,
    successor: &str,
    reason: &str,
) -> Result<(), Error> {
    let values = [
        ctx.community.into(),
        unit.into(),
        successor.into(),
        reason.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
    ];
    tx.execute(INSERT_SUCCESSION, &values)?;
    journal::wrote(tx, &audit::SUCCESSIONS, &[values.into()]);
    Ok(())
}

pub(crate) fn successions(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<Succession>, Error> {
    let rows = read.query(SUCCESSIONS, &[community.into()])?;
    rows.iter()
        .map(|row| {
            Ok(Succession {
                unit: row.get(0)?,
                successor: row.get(1)?,
                dissolved_at: row.get(2)?,
            })
        })
        .collect()
}

pub(crate) fn set_version(
    tx: &mut dyn Tx,
    community: CommunityId,
    case: CaseId,
    version: &str,
) -> Result<(), Error> {
    tx.execute(
        SET_VERSION,
        &[community.into(), case.into(), version.into()],
    )?;
    Ok(())
}

pub(crate) fn insert_migration(
    tx: &mut dyn Tx,
    ctx: &Context,
    case: CaseId,
    from: &str,
    to: &str,
) -> Result<(), Error> {
    let values = [
        ctx.community.into(),
        case.into(),
        ctx.now.into(),
        from.into(),
        to.into(),
        ctx.actor.uuid().into(),
    ];
    tx.execute(INSERT_MIGRATION, &values)?;
    Ok(())
}
