//! SQL of life circles, and nothing else knows SQL.

pub(crate) mod audit;

use db::{Read, Row, Tx};
use kernel::{CommunityId, Context, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use street_map::{Datum, FacilityType};

use crate::Error;
use crate::model::{CircleId, ListKind, MapOutcome, OwnId, PlanChange, ScenarioId};

db::statements! {
    INSERT_CIRCLE = "insert into life_circle (community_id, circle_id, name, opened_by, opened_at) \
        values ($1, $2, $3, $4, $5)";
    CIRCLES = "select c.circle_id, c.name, c.opened_at, (select max(m.number) from life_circle_map m \
            where m.community_id = c.community_id and m.circle_id = c.circle_id) from life_circle c \
        where c.community_id = $1 order by c.circle_id";
    CIRCLE = "select circle_id, name, opened_at from life_circle where community_id = $1 and circle_id = $2";
    INSERT_MAP = "insert into life_circle_map (community_id, circle_id, number, file_name, sha256, imported_by, \
        imported_at, content) values ($1, $2, $3, $4, $5, $6, $7, $8)";
    MAPS = "select m.number, m.file_name, m.sha256, m.imported_at, cast(length(m.content) as bigint), r.outcome \
        from life_circle_map m left join life_circle_reading r on r.community_id = m.community_id \
            and r.circle_id = m.circle_id and r.number = m.number \
        where m.community_id = $1 and m.circle_id = $2 order by m.number";
    MAP_CONTENT = "select file_name, content from life_circle_map \
        where community_id = $1 and circle_id = $2 and number = $3";
    INSERT_READING = "insert into life_circle_reading (community_id, circle_id, number, outcome, read_at) \
        values ($1, $2, $3, $4, $5)";
    READING = "select outcome from life_circle_reading where community_id = $1 and circle_id = $2 and number = $3";
    INSERT_TYPES = "insert into life_circle_types (community_id, circle_id, number, types, changed_by, changed_at) \
        values ($1, $2, $3, $4, $5, $6)";
    TYPES = "select number, types from life_circle_types where community_id = $1 and circle_id = $2 \
        order by number desc limit 1";
    INSERT_OWN = "insert into life_circle_own (community_id, circle_id, own_id, kind, file_name, sha256, datum, swapped, \
        features, faults, imported_by, imported_at, withdrawn_at, content) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, null, $13)";
    OWN = "select own_id, kind, file_name, datum, swapped, features, faults, imported_at, withdrawn_at \
        from life_circle_own where community_id = $1 and circle_id = $2 order by own_id";
    OWN_CONTENT = "select content from life_circle_own where community_id = $1 and circle_id = $2 and own_id = $3";
    RESTATE_OWN = "update life_circle_own set datum = $4, swapped = $5 \
        where community_id = $1 and circle_id = $2 and own_id = $3";
    WITHDRAW_OWN = "update life_circle_own set withdrawn_at = $4 \
        where community_id = $1 and circle_id = $2 and own_id = $3";
    INSERT_SCENARIO = "insert into life_circle_scenario (community_id, circle_id, scenario_id, name, changes, saved_by, \
        saved_at, dropped_at) values ($1, $2, $3, $4, $5, $6, $7, null)";
    SCENARIOS = "select scenario_id, name, changes, saved_at from life_circle_scenario \
        where community_id = $1 and circle_id = $2 and dropped_at is null order by scenario_id";
    DROP_SCENARIO = "update life_circle_scenario set dropped_at = $4 \
        where community_id = $1 and circle_id = $2 and scenario_id = $3 and dropped_at is null";
}

/// Every statement of this module, room by room.
pub(crate) const ALL_STATEMENTS: &[&[db::Statement]] = &[STATEMENTS, audit::STATEMENTS];

/// A circle in a list: its id, its name, when it was opened, and whether it has a map.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its id.
    pub id: CircleId,
    /// Its name.
    pub name: String,
    /// When it was opened.
    pub opened: Timestamp,
    /// Whether a map was imported.
    pub has_map: bool,
}

/// A street map as it was imported.
#[derive(Clone, Debug)]
pub struct MapRow {
    /// Its number, from 1.
    pub number: u32,
    /// Its file's name.
    pub file_name: String,
    /// Its SHA-256.
    pub sha256: [u8; 32],
    /// When it was imported.
    pub imported: Timestamp,
    /// Its size in bytes.
    pub bytes: u64,
    /// What it held, once it was read.
    pub outcome: Option<MapOutcome>,
}

/// A list of a circle's own, without what is in it.
#[derive(Clone, Debug)]
pub struct OwnRow {
    /// Its id.
    pub id: OwnId,
    /// What it holds.
    pub kind: ListKind,
    /// Its file's name.
    pub file_name: String,
    /// The datum of its coordinates.
    pub datum: Datum,
    /// Whether longitude and latitude stand in each other's place.
    pub swapped: bool,
    /// How many rows are used.
    pub features: u64,
    /// How many can't be.
    pub faults: u64,
    /// When it was imported.
    pub imported: Timestamp,
    /// When it was withdrawn, if it was.
    pub withdrawn: Option<Timestamp>,
}

/// A circle as its pages show it.
#[derive(Clone, Debug)]
pub struct Circle {
    /// Its id.
    pub id: CircleId,
    /// Its name.
    pub name: String,
    /// When it was opened.
    pub opened: Timestamp,
    /// Its street maps, the first first.
    pub maps: Vec<MapRow>,
    /// The number of its own types; `None` where those that come with Linli are used.
    pub types: Option<u32>,
    /// Its own lists.
    pub lists: Vec<OwnRow>,
}

impl Circle {
    /// The newest map that was not refused.
    pub fn map_in_use(&self) -> Option<&MapRow> {
        let usable = |map: &&MapRow| !matches!(map.outcome, Some(MapOutcome::Refused(_)));
        self.maps.iter().rev().find(usable)
    }
}

/// A scenario.
#[derive(Clone, Debug)]
pub struct ScenarioRow {
    /// Its id.
    pub id: ScenarioId,
    /// Its name.
    pub name: String,
    /// What would be built or closed.
    pub changes: Vec<PlanChange>,
    /// When it was saved.
    pub saved: Timestamp,
}

pub(crate) fn json_of(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|_| Error::Unreadable { what: "a value" })
}

fn from_json<T: DeserializeOwned>(text: &str, what: &'static str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|_| Error::Unreadable { what })
}

pub(crate) fn insert_circle(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: CircleId,
    name: &str,
) -> Result<(), Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        name.into(),
        ctx.actor.uuid().into(),
        ctx.now.into(),
    ];
    tx.execute(INSERT_CIRCLE, &row)?;
    Ok(())
}

pub(crate) fn circles(read: &mut dyn Read, community: CommunityId) -> Result<Vec<Line>, Error> {
    let line = |row: &Row| {
        let map: Option<u32> = row.get(3)?;
        Ok(Line {
            id: row.get(0)?,
            name: row.get(1)?,
            opened: row.get(2)?,
            has_map: map.is_some(),
        })
    };
    read.query(CIRCLES, &[community.into()])?
        .iter()
        .map(line)
        .collect()
}

pub(crate) fn circle(
    read: &mut dyn Read,
    community: CommunityId,
    id: CircleId,
) -> Result<Circle, Error> {
    let key = [community.into(), id.into()];
    let row = read.query_one(CIRCLE, &key)?.ok_or(Error::NoSuchCircle)?;
    let types = read.query_one(TYPES, &key)?;
    Ok(Circle {
        id: row.get(0)?,
        name: row.get(1)?,
        opened: row.get(2)?,
        maps: read
            .query(MAPS, &key)?
            .iter()
            .map(map_of)
            .collect::<Result<_, Error>>()?,
        types: types.map(|row| row.get(0)).transpose()?,
        lists: read
            .query(OWN, &key)?
            .iter()
            .map(own_of)
            .collect::<Result<_, Error>>()?,
    })
}

fn map_of(row: &Row) -> Result<MapRow, Error> {
    let outcome: Option<String> = row.get(5)?;
    Ok(MapRow {
        number: row.get(0)?,
        file_name: row.get(1)?,
        sha256: row.get(2)?,
        imported: row.get(3)?,
        bytes: row.get(4)?,
        outcome: outcome
            .map(|text| from_json(&text, "a map's outcome"))
            .transpose()?,
    })
}

fn own_of(row: &Row) -> Result<OwnRow, Error> {
    let (kind, datum): (String, String) = (row.get(1)?, row.get(3)?);
    Ok(OwnRow {
        id: row.get(0)?,
        kind: ListKind::from_name(&kind).ok_or(Error::Unreadable {
            what: "a kind of list",
        })?,
        file_name: row.get(2)?,
        datum: Datum::from_name(&datum).ok_or(Error::Unreadable { what: "a datum" })?,
        swapped: row.get(4)?,
        features: row.get(5)?,
        faults: row.get(6)?,
        imported: row.get(7)?,
        withdrawn: row.get(8)?,
    })
}

pub(crate) fn insert_map(
    tx: &mut dyn Tx,
    ctx: &Context,
    circle: CircleId,
    number: u32,
    (file_name, sha256, content): (&str, [u8; 32], &[u8]),
) -> Result<(), Error> {
    let row = [
        ctx.community.into(),
        circle.into(),
        number.into(),
        file_name.into(),
        sha256.into(),
        ctx.actor.uuid().into(),
        ctx.now.into(),
        content.into(),
    ];
    tx.execute(INSERT_MAP, &row)?;
    Ok(())
}

/// A map's name and content.
pub(crate) fn map_content(
    read: &mut dyn Read,
    community: CommunityId,
    circle: CircleId,
    number: u32,
) -> Result<(String, Vec<u8>), Error> {
    let row = read.query_one(
        MAP_CONTENT,
        &[community.into(), circle.into(), number.into()],
    )?;
    let row = row.ok_or(Error::NoSuchPart { what: "map" })?;
    Ok((row.get(0)?, row.get(1)?))
}

pub(crate) fn insert_reading(
    tx: &mut dyn Tx,
    ctx: &Context,
    circle: CircleId,
    number: u32,
    outcome: &MapOutcome,
) -> Result<(), Error> {
    let row = [
        ctx.community.into(),
        circle.into(),
        number.into(),
        json_of(outcome)?.into(),
        ctx.now.into(),
    ];
    tx.execute(INSERT_READING, &row)?;
    Ok(())
}

pub(crate) fn has_reading(
    read: &mut dyn Read,
    ctx: &Context,
    circle: CircleId,
    number: u32,
) -> Result<bool, Error> {
    let key = [ctx.community.into(), circle.into(), number.into()];
    Ok(read.query_one(READING, &key)?.is_some())
}

pub(crate) fn insert_types(
    tx: &mut dyn Tx,
    ctx: &Context,
    circle: CircleId,
    number: u32,
    types: &[FacilityType],
) -> Result<(), Error> {
    let row = [
        ctx.community.into(),
        circle.into(),
        number.into(),
        json_of(&types)?.into(),
        ctx.actor.uuid().into(),
        ctx.now.into(),
    ];
    tx.execute(INSERT_TYPES, &row)?;
    Ok(())
}

/// The circle's own types, the newest, with their number.
pub(crate) fn types(
    read: &mut dyn Read,
    community: CommunityId,
    circle: CircleId,
) -> Result<Option<(u32, Vec<FacilityType>)>, Error> {
    let Some(row) = read.query_one(TYPES, &[community.into(), circle.into()])? else {
        return Ok(None);
    };
    let text: String = row.get(1)?;
    Ok(Some((
        row.get(0)?,
        from_json(&text, "types of facilities")?,
    )))
}

/// A list about to be kept.
pub(crate) struct NewOwn<'o> {
    pub(crate) id: OwnId,
    pub(crate) kind: ListKind,
    pub(crate) file_name: &'o str,
    pub(crate) sha256: [u8; 32],
    pub(crate) datum: Datum,
    pub(crate) swapped: bool,
    pub(crate) features: u64,
    pub(crate) faults: u64,
    pub(crate) content: &'o str,
}

pub(crate) fn insert_own(
    tx: &mut dyn Tx,
    ctx: &Context,
    circle: CircleId,
    own: &NewOwn<'_>,
) -> Result<(), Error> {
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let row = [
        ctx.community.into(),
        circle.into(),
        own.id.into(),
        own.kind.name().into(),
        own.file_name.into(),
        own.sha256.into(),
        own.datum.name().into(),
        own.swapped.into(),
        count(own.features).into(),
        count(own.faults).into(),
        ctx.actor.uuid().into(),
        ctx.now.into(),
        own.content.into(),
    ];
    tx.execute(INSERT_OWN, &row)?;
    Ok(())
}

/// What is in a list.
pub(crate) fn own_content<T: DeserializeOwned>(
    read: &mut dyn Read,
    community: CommunityId,
    circle: CircleId,
    own: OwnId,
) -> Result<T, Error> {
    let row = read.query_one(OWN_CONTENT, &[community.into(), circle.into(), own.into()])?;
    let text: String = row.ok_or(Error::NoSuchPart { what: "list" })?.get(0)?;
    from_json(&text, "a list")
}

pub(crate) fn restate_own(
    tx: &mut dyn Tx,
    ctx: &Context,
    circle: CircleId,
    own: OwnId,
    (datum, swapped): (Datum, bool),
) -> Result<u64, Error> {
    let row = [
        ctx.community.into(),
        circle.into(),
        own.into(),
        datum.name().into(),
        swapped.into(),
    ];
    Ok(tx.execute(RESTATE_OWN, &row)?)
}

pub(crate) fn withdraw_own(
    tx: &mut dyn Tx,
    ctx: &Context,
    circle: CircleId,
    own: OwnId,
) -> Result<u64, Error> {
    let row = [
        ctx.community.into(),
        circle.into(),
        own.into(),
        ctx.now.into(),
    ];
    Ok(tx.execute(WITHDRAW_OWN, &row)?)
}

pub(crate) fn insert_scenario(
    tx: &mut dyn Tx,
    ctx: &Context,
    circle: CircleId,
    id: ScenarioId,
    (name, changes): (&str, &[PlanChange]),
) -> Result<(), Error> {
    let row = [
        ctx.community.into(),
        circle.into(),
        id.into(),
        name.into(),
        json_of(&changes)?.into(),
        ctx.actor.uuid().into(),
        ctx.now.into(),
    ];
    tx.execute(INSERT_SCENARIO, &row)?;
    Ok(())
}

pub(crate) fn scenarios(
    read: &mut dyn Read,
    community: CommunityId,
    circle: CircleId,
) -> Result<Vec<ScenarioRow>, Error> {
    let scenario = |row: &Row| {
        let changes: String = row.get(2)?;
        Ok(ScenarioRow {
            id: row.get(0)?,
            name: row.get(1)?,
            changes: from_json(&changes, "a scenario")?,
            saved: row.get(3)?,
        })
    };
    let rows = read.query(SCENARIOS, &[community.into(), circle.into()])?;
    rows.iter().map(scenario).collect()
}

pub(crate) fn drop_scenario(
    tx: &mut dyn Tx,
    ctx: &Context,
    circle: CircleId,
    scenario: ScenarioId,
) -> Result<u64, Error> {
    let row = [
        ctx.community.into(),
        circle.into(),
        scenario.into(),
        ctx.now.into(),
    ];
    Ok(tx.execute(DROP_SCENARIO, &row)?)
}
