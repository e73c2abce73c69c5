//! SQL of the audit: the tables in the order of their keys, and whether a file is what its entry vouches for.

use db::Read;
use journal::{KeyType, Table};
use kernel::CommunityId;
use sha2::{Digest, Sha256};

use crate::Error;
use crate::model::{CircleId, OwnId};

db::statements! {
    CIRCLES = "select circle_id, name, opened_by, opened_at from life_circle \
        where community_id = $1 and circle_id > $2 order by circle_id limit $3";
    MAPS = "select circle_id, number, file_name, sha256, imported_by, imported_at from life_circle_map \
        where community_id = $1 and (circle_id, number) > ($2, $3) order by circle_id, number limit $4";
    READINGS = "select circle_id, number, outcome, read_at from life_circle_reading \
        where community_id = $1 and (circle_id, number) > ($2, $3) order by circle_id, number limit $4";
    TYPES = "select circle_id, number, types, changed_by, changed_at from life_circle_types \
        where community_id = $1 and (circle_id, number) > ($2, $3) order by circle_id, number limit $4";
    OWN = "select circle_id, own_id, kind, file_name, sha256, datum, swapped, features, faults, imported_by, imported_at, \
        withdrawn_at from life_circle_own \
        where community_id = $1 and (circle_id, own_id) > ($2, $3) order by circle_id, own_id limit $4";
    SCENARIOS = "select circle_id, scenario_id, name, changes, saved_by, saved_at, dropped_at from life_circle_scenario \
        where community_id = $1 and (circle_id, scenario_id) > ($2, $3) order by circle_id, scenario_id limit $4";
    MAP_FILE = "select sha256, content from life_circle_map \
        where community_id = $1 and circle_id = $2 and number = $3";
    OWN_FILE = "select sha256, content from life_circle_own \
        where community_id = $1 and circle_id = $2 and own_id = $3";
}

const CIRCLE: (&str, KeyType) = ("circle_id", KeyType::Id);
const NUMBER: (&str, KeyType) = ("number", KeyType::Number);

const fn table(
    name: &'static str,
    keys: &'static [(&'static str, KeyType)],
    columns: usize,
    page: &'static str,
) -> Table {
    Table {
        name,
        keys,
        columns,
        page,
        one: "",
    }
}

/// The tables whose every row an entry tells.
pub(crate) static TABLES: &[&Table] = &[
    &table("life_circle", &[CIRCLE], 4, CIRCLES),
    &table("life_circle_map", &[CIRCLE, NUMBER], 6, MAPS),
    &table("life_circle_reading", &[CIRCLE, NUMBER], 4, READINGS),
    &table("life_circle_types", &[CIRCLE, NUMBER], 5, TYPES),
    &table(
        "life_circle_own",
        &[CIRCLE, ("own_id", KeyType::Id)],
        12,
        OWN,
    ),
    &table(
        "life_circle_scenario",
        &[CIRCLE, ("scenario_id", KeyType::Id)],
        7,
        SCENARIOS,
    ),
];

/// Whether a map's content has its SHA-256; `None` if there is no such map.
pub(crate) fn map_is_whole(
    read: &mut dyn Read,
    community: CommunityId,
    circle: CircleId,
    number: u32,
) -> Result<Option<bool>, Error> {
    let row = read.query_one(MAP_FILE, &[community.into(), circle.into(), number.into()])?;
    let Some(row) = row else { return Ok(None) };
    let (sha256, content): ([u8; 32], Vec<u8>) = (row.get(0)?, row.get(1)?);
    let own: [u8; 32] = Sha256::digest(&content).into();
    Ok(Some(own == sha256))
}

/// Whether a list's content has its SHA-256; `None` if there is no such list.
pub(crate) fn own_is_whole(
    read: &mut dyn Read,
    community: CommunityId,
    circle: CircleId,
    own: OwnId,
) -> Result<Option<bool>, Error> {
    let row = read.query_one(OWN_FILE, &[community.into(), circle.into(), own.into()])?;
    let Some(row) = row else { return Ok(None) };
    let (sha256, content): ([u8; 32], String) = (row.get(0)?, row.get(1)?);
    let own: [u8; 32] = Sha256::digest(content.as_bytes()).into();
    Ok(Some(own == sha256))
}
