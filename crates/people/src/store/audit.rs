//! The roll's tables as the audit reads them, and what a command says of the rows that it wrote.

use journal::{KeyType, Table};

db::statements! {
    COMMUNITY_ROW = "select name, place, address, demo, created_at from people_community \
        where community_id = $1 limit $2";
    BUILDINGS_PAGE = "select building_id, name, sort_key from people_building \
        where community_id = $1 and building_id > $2 order by building_id limit $3";
    UNITS_PAGE = "select unit_id, building_id, number, sort_key, added_at from people_unit \
        where community_id = $1 and unit_id > $2 order by unit_id limit $3";
    STATES_PAGE = "select unit_id, revision, exclusive_area, area_source, unit_use, since, recorded_by, until \
        from people_unit_state where community_id = $1 and (unit_id, revision) > ($2, $3) \
        order by unit_id, revision limit $4";
    OWNERS_PAGE = "select owner_id, kind, name, name_index, id_number, id_number_index, phone, phone_index, added_at \
        from people_owner where community_id = $1 and owner_id > $2 order by owner_id limit $3";
    OWNER_ROW = "select owner_id, kind, name, name_index, id_number, id_number_index, phone, phone_index, added_at \
        from people_owner where community_id = $1 and owner_id = $2";
    OWNERSHIPS_PAGE = "select unit_id, revision, owner_id, since, recorded_at, recorded_by, until \
        from people_ownership where community_id = $1 and (unit_id, revision, owner_id) > ($2, $3, $4) \
        order by unit_id, revision, owner_id limit $5";
    VOICES_PAGE = "select voice_id, unit_id, owner_id, ownership_revision, since, appointed_by, until, ended_by \
        from people_voice where community_id = $1 and voice_id > $2 order by voice_id limit $3";
    VOICE_ROW = "select voice_id, unit_id, owner_id, ownership_revision, since, appointed_by, until, ended_by \
        from people_voice where community_id = $1 and voice_id = $2";
    HOUSEHOLDS_PAGE = "select household_id, unit_id from people_household \
        where community_id = $1 and household_id > $2 order by household_id limit $3";
    RESIDENTS_PAGE = "select resident_id, household_id, name, name_index, phone, phone_index, birth_year, relation, \
        since, until from people_resident \
        where community_id = $1 and resident_id > $2 order by resident_id limit $3";
    RESIDENT_ROW = "select resident_id, household_id, name, name_index, phone, phone_index, birth_year, relation, \
        since, until from people_resident where community_id = $1 and resident_id = $2";
    LINKS_PAGE = "select link_id, person_kind, person_id, account_id, since, linked_by, until, ended_by \
        from people_account_link where community_id = $1 and link_id > $2 order by link_id limit $3";
    LINK_ROW = "select link_id, person_kind, person_id, account_id, since, linked_by, until, ended_by \
        from people_account_link where community_id = $1 and link_id = $2";
    NAME_OF_UNIT = "select b.name, u.number from people_unit u \
        join people_building b on b.community_id = u.community_id and b.building_id = u.building_id \
        where u.community_id = $1 and u.unit_id = $2";
}

const UNIT: (&str, KeyType) = ("unit_id", KeyType::Id);
const REVISION: (&str, KeyType) = ("revision", KeyType::Number);

/// A table of which rows are added, and changed only where `one` tells how to read them again.
const fn table(
    name: &'static str,
    keys: &'static [(&'static str, KeyType)],
    columns: usize,
    page: &'static str,
    one: &'static str,
) -> Table {
    Table {
        name,
        keys,
        columns,
        page,
        one,
    }
}

pub(crate) static COMMUNITY: Table = table("people_community", &[], 5, COMMUNITY_ROW, "");
pub(crate) static BUILDING: Table = table(
    "people_building",
    &[("building_id", KeyType::Id)],
    3,
    BUILDINGS_PAGE,
    "",
);
pub(crate) static UNITS: Table = table("people_unit", &[UNIT], 5, UNITS_PAGE, "");
/// A revision ends when the next begins, so its end is not fingerprinted: see `audit/spans.rs`.
pub(crate) static STATES: Table = table("people_unit_state", &[UNIT, REVISION], 7, STATES_PAGE, "");
pub(crate) static OWNERS: Table = table(
    "people_owner",
    &[("owner_id", KeyType::Id)],
    9,
    OWNERS_PAGE,
    OWNER_ROW,
);
/// As [`STATES`].
pub(crate) static OWNERSHIPS: Table = table(
    "people_ownership",
    &[UNIT, REVISION, ("owner_id", KeyType::Id)],
    6,
    OWNERSHIPS_PAGE,
    "",
);
pub(crate) static VOICES: Table = table(
    "people_voice",
    &[("voice_id", KeyType::Id)],
    8,
    VOICES_PAGE,
    VOICE_ROW,
);
pub(crate) static HOUSEHOLDS: Table = table(
    "people_household",
    &[("household_id", KeyType::Id)],
    2,
    HOUSEHOLDS_PAGE,
    "",
);
pub(crate) static RESIDENTS: Table = table(
    "people_resident",
    &[("resident_id", KeyType::Id)],
    10,
    RESIDENTS_PAGE,
    RESIDENT_ROW,
);
pub(crate) static LINKS: Table = table(
    "people_account_link",
    &[("link_id", KeyType::Id)],
    8,
    LINKS_PAGE,
    LINK_ROW,
);

/// Every table whose rows entries vouch for. Files that wait for their import are not among them: they are gone within
/// a day.
pub(crate) static TABLES: [&Table; 10] = [
    &COMMUNITY,
    &BUILDING,
    &UNITS,
    &STATES,
    &OWNERS,
    &OWNERSHIPS,
    &VOICES,
    &HOUSEHOLDS,
    &RESIDENTS,
    &LINKS,
];

/// How people call a unit.
pub(crate) fn name_of_unit(
    read: &mut dyn db::Read,
    community: kernel::CommunityId,
    unit: &db::Value,
) -> Result<Option<String>, db::Error> {
    read.query_one(NAME_OF_UNIT, &[community.into(), unit.clone()])?
        .map(|row| {
            Ok(format!(
                "{} {}",
                row.get::<String>(0)?,
                row.get::<String>(1)?
            ))
        })
        .transpose()
}
