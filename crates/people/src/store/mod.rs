//! The roll's SQL. A row of state is never overwritten: a new revision ends the one before.

pub(crate) mod audit;
mod communities;
mod find;
mod links;
mod owners;
mod residents;
mod roll;
mod sealing;
mod units;
mod uploads;
mod voices;

pub(crate) use communities::{
    buildings, communities, community, insert_buildings, insert_community,
};
pub(crate) use find::{owners_found, residents_found, sealed_owners, units_of_owner};
pub(crate) use links::{
    end_link, family, insert_link, link_of_person, owner_links, owners_of_accounts,
    people_of_account, units_lived_in_by, units_owned_by,
};
pub(crate) use owners::{
    OwnershipThen, erase_owner, insert_owners, owner, ownership_history, same_owner, sealed_owner,
    update_owner,
};
pub use residents::Residence;
pub(crate) use residents::{
    NewResident, end_residence, erase_resident, former_resident, former_residents_of_unit,
    insert_households, insert_residents, residences, resident, residents_of_unit, sealed_resident,
    update_resident,
};
pub(crate) use roll::{PageOf, Place, owners_between, roll_page, roll_state, voices_between};
pub use sealing::{PersonalData, SealedPerson};
pub use units::UnitState;
pub(crate) use units::{
    NewOwnership, NewState, NewUnit, OwnershipNow, UnitNow, insert_ownerships, insert_states,
    insert_units, ownership_of_unit, ownerships_now, unit_now, unit_states, units_now,
};
pub(crate) use uploads::{
    UploadRow, delete_own_uploads, delete_upload, delete_uploads_before, insert_upload, upload,
};
pub use voices::Appointment;
pub(crate) use voices::{
    end_voice, end_voices_of_former_owners, insert_voice, voice_history, voice_of_unit, voices_now,
};

db::statements! {
    INSERT_COMMUNITY = "insert into people_community (community_id, name, place, address, demo, created_at) \
        values ($1, $2, $3, $4, $5, $6)";
    COMMUNITY = "select community_id, name, place, address, demo, created_at from people_community \
        where community_id = $1";
    COMMUNITIES = "select community_id, name, place, address, demo, created_at from people_community \
        order by community_id";

    BUILDINGS = "select building_id, name from people_building where community_id = $1 order by sort_key, building_id";
    UNITS_NOW = "select u.unit_id, u.building_id, b.name, u.number, s.exclusive_area, s.area_source, s.unit_use, \
            s.revision, h.household_id \
        from people_unit u \
        join people_building b on b.community_id = u.community_id and b.building_id = u.building_id \
        join people_unit_state s on s.community_id = u.community_id and s.unit_id = u.unit_id and s.until is null \
        left join people_household h on h.community_id = u.community_id and h.unit_id = u.unit_id \
        where u.community_id = $1 order by u.sort_key, u.unit_id";
    UNIT_NOW = "select u.unit_id, u.building_id, b.name, u.number, s.exclusive_area, s.area_source, s.unit_use, \
            s.revision, h.household_id \
        from people_unit u \
        join people_building b on b.community_id = u.community_id and b.building_id = u.building_id \
        join people_unit_state s on s.community_id = u.community_id and s.unit_id = u.unit_id and s.until is null \
        left join people_household h on h.community_id = u.community_id and h.unit_id = u.unit_id \
        where u.community_id = $1 and u.unit_id = $2";
    UNIT_STATES = "select revision, exclusive_area, area_source, unit_use, since, until, recorded_by \
        from people_unit_state where community_id = $1 and unit_id = $2 order by revision desc";
    END_OLDER_STATES = "update people_unit_state set until = $2 \
        where community_id = $1 and until is null and exists (select 1 from people_unit_state newer \
            where newer.community_id = people_unit_state.community_id \
            and newer.unit_id = people_unit_state.unit_id and newer.revision > people_unit_state.revision)";

    OWNERS = "select owner_id, kind, name, id_number, phone from people_owner where community_id = $1 \
        order by owner_id";
    OWNER = "select owner_id, kind, name, id_number, phone from people_owner \
        where community_id = $1 and owner_id = $2";
    OWNER_WITH_ID_NUMBER = "select owner_id, kind, name, id_number, phone from people_owner \
        where community_id = $1 and id_number_index = $2";
    OWNERS_WITH_NAME_AND_PHONE = "select owner_id, kind, name, id_number, phone from people_owner \
        where community_id = $1 and name_index = $2 and phone_index = $3 order by owner_id";
    UPDATE_OWNER = "update people_owner set kind = $3, name = $4, name_index = $5, id_number = $6, \
            id_number_index = $7, phone = $8, phone_index = $9 \
        where community_id = $1 and owner_id = $2";

    OWNERS_FOUND = "select owner_id, kind, name, id_number, phone from people_owner \
        where community_id = $1 and (name_index = $2 or phone_index = $3 or id_number_index = $4) \
        order by owner_id limit 100";
    UNITS_OF_OWNER = "select w.unit_id, b.name, u.number from people_ownership w \
        join people_unit u on u.community_id = w.community_id and u.unit_id = w.unit_id \
        join people_building b on b.community_id = u.community_id and b.building_id = u.building_id \
        where w.community_id = $1 and w.owner_id = $2 and w.until is null order by u.sort_key, w.unit_id";

    OWNERSHIPS_NOW = "select w.unit_id, w.owner_id, w.revision, o.kind from people_ownership w \
        join people_owner o on o.community_id = w.community_id and o.owner_id = w.owner_id \
        where w.community_id = $1 and w.until is null order by w.unit_id, w.owner_id";
    OWNERSHIP_OF_UNIT = "select w.owner_id, w.revision, w.since, o.kind from people_ownership w \
        join people_owner o on o.community_id = w.community_id and o.owner_id = w.owner_id \
        where w.community_id = $1 and w.unit_id = $2 and w.until is null order by w.owner_id";
    OWNERSHIP_HISTORY = "select w.revision, w.since, w.until, w.recorded_at, o.owner_id, o.kind, o.name, o.id_number, \
            o.phone \
        from people_ownership w \
        join people_owner o on o.community_id = w.community_id and o.owner_id = w.owner_id \
        where w.community_id = $1 and w.unit_id = $2 order by w.revision desc, w.owner_id";
    END_OLDER_OWNERSHIPS = "update people_ownership set until = $2 \
        where community_id = $1 and until is null and exists (select 1 from people_ownership newer \
            where newer.community_id = people_ownership.community_id \
            and newer.unit_id = people_ownership.unit_id and newer.revision > people_ownership.revision)";

    VOICES_NOW = "select unit_id, owner_id from people_voice where community_id = $1 and until is null";
    VOICE_OF_UNIT = "select voice_id, owner_id, since from people_voice \
        where community_id = $1 and unit_id = $2 and until is null";
    VOICE_HISTORY = "select owner_id, since, until from people_voice where community_id = $1 and unit_id = $2 \
        order by since desc, voice_id desc";
    INSERT_VOICE = "insert into people_voice \
        (community_id, voice_id, unit_id, owner_id, ownership_revision, since, appointed_by) \
        values ($1, $2, $3, $4, $5, $6, $7)";
    END_VOICE = "update people_voice set until = $3, ended_by = $4 \
        where community_id = $1 and voice_id = $2 and until is null";
    END_VOICES_OF_FORMER_OWNERS = "update people_voice set until = $2, ended_by = $3 \
        where community_id = $1 and until is null and exists (select 1 from people_ownership newer \
            where newer.community_id = people_voice.community_id and newer.unit_id = people_voice.unit_id \
            and newer.revision > people_voice.ownership_revision)";

    VOICES_OF_FORMER_OWNERS = "select voice_id from people_voice \
        where community_id = $1 and until is null and exists (select 1 from people_ownership newer \
            where newer.community_id = people_voice.community_id and newer.unit_id = people_voice.unit_id \
            and newer.revision > people_voice.ownership_revision)";

    RESIDENTS = "select r.resident_id, h.unit_id, r.name, r.phone, r.birth_year, r.relation from people_resident r \
        join people_household h on h.community_id = r.community_id and h.household_id = r.household_id \
        where r.community_id = $1 and r.until is null order by r.resident_id";
    RESIDENCES = "select r.resident_id, h.unit_id, b.name, u.number, r.birth_year from people_resident r \
        join people_household h on h.community_id = r.community_id and h.household_id = r.household_id \
        join people_unit u on u.community_id = h.community_id and u.unit_id = h.unit_id \
        join people_building b on b.community_id = u.community_id and b.building_id = u.building_id \
        where r.community_id = $1 and r.until is null order by r.resident_id";
    RESIDENTS_OF_UNIT = "select r.resident_id, h.unit_id, r.name, r.phone, r.birth_year, r.relation \
        from people_resident r \
        join people_household h on h.community_id = r.community_id and h.household_id = r.household_id \
        where r.community_id = $1 and h.unit_id = $2 and r.until is null order by r.resident_id";
    RESIDENT = "select r.resident_id, h.unit_id, r.name, r.phone, r.birth_year, r.relation from people_resident r \
        join people_household h on h.community_id = r.community_id and h.household_id = r.household_id \
        where r.community_id = $1 and r.resident_id = $2 and r.until is null";
    RESIDENTS_FOUND = "select r.resident_id, h.unit_id, r.name, r.phone, r.birth_year, r.relation, b.name, u.number \
        from people_resident r \
        join people_household h on h.community_id = r.community_id and h.household_id = r.household_id \
        join people_unit u on u.community_id = h.community_id and u.unit_id = h.unit_id \
        join people_building b on b.community_id = u.community_id and b.building_id = u.building_id \
        where r.community_id = $1 and (r.name_index = $2 or r.phone_index = $3) and r.until is null \
        order by r.resident_id limit 100";
    UPDATE_RESIDENT = "update people_resident set name = $3, name_index = $4, phone = $5, phone_index = $6, \
            birth_year = $7, relation = $8 \
        where community_id = $1 and resident_id = $2";

    FORMER_RESIDENTS_OF_UNIT = "select r.resident_id, h.unit_id, r.name, r.phone, r.birth_year, r.relation \
        from people_resident r \
        join people_household h on h.community_id = r.community_id and h.household_id = r.household_id \
        where r.community_id = $1 and h.unit_id = $2 and r.until is not null order by r.resident_id";
    FORMER_RESIDENT = "select r.resident_id, h.unit_id, r.name, r.phone, r.birth_year, r.relation \
        from people_resident r \
        join people_household h on h.community_id = r.community_id and h.household_id = r.household_id \
        where r.community_id = $1 and r.resident_id = $2 and r.until is not null";
    ERASE_OWNER = "update people_owner set name = $3, name_index = $4, id_number = null, id_number_index = null, \
            phone = null, phone_index = null \
        where community_id = $1 and owner_id = $2";
    ERASE_RESIDENT = "update people_resident set name = $3, name_index = $4, phone = null, phone_index = null, \
            birth_year = null, relation = 'other' \
        where community_id = $1 and resident_id = $2 and until is not null";

    END_RESIDENCE = "update people_resident set until = $3 \
        where community_id = $1 and resident_id = $2 and until is null";

    INSERT_LINK = "insert into people_account_link \
        (community_id, link_id, person_kind, person_id, account_id, since, linked_by) \
        values ($1, $2, $3, $4, $5, $6, $7)";
    LINK_OF_PERSON = "select link_id, account_id from people_account_link \
        where community_id = $1 and person_id = $2 and until is null";
    LINKS_OF_ACCOUNT = "select person_kind, person_id from people_account_link \
        where community_id = $1 and account_id = $2 and until is null order by link_id";
    OWNERS_OF_ACCOUNTS = "with asked (place, community_id, account_id) as (values $rows(bigint, bytea, bytea)) \
        select asked.place, l.person_id from asked cross join people_account_link l \
        where l.community_id = asked.community_id and l.account_id = asked.account_id \
        and l.person_kind = 'owner' and l.until is null order by asked.place, l.link_id";
    OWNER_LINKS = "select person_id, account_id from people_account_link \
        where community_id = $1 and person_kind = 'owner' and until is null order by person_id, account_id";
    END_LINK = "update people_account_link set until = $3, ended_by = $4 \
        where community_id = $1 and link_id = $2 and until is null";
    UNITS_OWNED_BY_ACCOUNT = "select w.unit_id, w.owner_id from people_account_link l \
        join people_ownership w on w.community_id = l.community_id and w.owner_id = l.person_id and w.until is null \
        where l.community_id = $1 and l.account_id = $2 and l.person_kind = 'owner' and l.until is null \
        order by w.unit_id, w.owner_id";
    FAMILY_RESIDENTS = "with home (unit_id) as ( \
        select w.unit_id from people_account_link l join people_ownership w \
        on w.community_id = l.community_id and w.owner_id = l.person_id and w.until is null \
        where l.community_id = $1 and l.account_id = $2 and l.person_kind = 'owner' and l.until is null \
        union select h.unit_id from people_account_link l join people_resident r \
        on r.community_id = l.community_id and r.resident_id = l.person_id and r.until is null \
        and r.relation in ('owner', 'spouse', 'child', 'parent') \
        join people_household h on h.community_id = r.community_id and h.household_id = r.household_id \
        where l.community_id = $1 and l.account_id = $2 and l.person_kind = 'resident' and l.until is null) \
        select l.account_id, r.name from home join people_household h on h.community_id = $1 and h.unit_id = home.unit_id \
        join people_resident r on r.community_id = $1 and r.household_id = h.household_id and r.until is null \
        and r.relation in ('owner', 'spouse', 'child', 'parent') \
        join people_account_link l on l.community_id = $1 and l.person_id = r.resident_id \
        and l.person_kind = 'resident' and l.until is null where l.account_id <> $2 order by r.resident_id";
    FAMILY_OWNERS = "select l.account_id, o.name from people_account_link m join people_resident r \
        on r.community_id = m.community_id and r.resident_id = m.person_id and r.until is null \
        and r.relation in ('owner', 'spouse', 'child', 'parent') \
        join people_household h on h.community_id = r.community_id and h.household_id = r.household_id \
        join people_ownership w on w.community_id = h.community_id and w.unit_id = h.unit_id and w.until is null \
        join people_owner o on o.community_id = w.community_id and o.owner_id = w.owner_id \
        join people_account_link l on l.community_id = w.community_id and l.person_id = w.owner_id \
        and l.person_kind = 'owner' and l.until is null \
        where m.community_id = $1 and m.account_id = $2 and m.person_kind = 'resident' and m.until is null \
        and l.account_id <> $2 order by o.owner_id";
    UNITS_LIVED_IN_BY_ACCOUNT = "select h.unit_id, r.resident_id from people_account_link l \
        join people_resident r on r.community_id = l.community_id and r.resident_id = l.person_id and r.until is null \
        join people_household h on h.community_id = r.community_id and h.household_id = r.household_id \
        where l.community_id = $1 and l.account_id = $2 and l.person_kind = 'resident' and l.until is null \
        order by h.unit_id, r.resident_id";

    INSERT_UPLOAD = "insert into people_upload \
        (community_id, upload_id, uploaded_by, uploaded_at, file_name, file_sha256, content) \
        values ($1, $2, $3, $4, $5, $6, $7)";
    UPLOAD = "select file_name, file_sha256, uploaded_at, content from people_upload \
        where community_id = $1 and upload_id = $2";
    DELETE_UPLOAD = "delete from people_upload where community_id = $1 and upload_id = $2";
    DELETE_UPLOADS_BY = "delete from people_upload where community_id = $1 and uploaded_by = $2";
    DELETE_UPLOADS_BEFORE = "delete from people_upload where community_id = $1 and uploaded_at < $2";

    ROLL_PAGE = "select u.unit_id, u.building_id, b.name, u.number, s.exclusive_area, s.area_source, s.unit_use, \
            s.revision, h.household_id, u.sort_key \
        from people_unit u \
        join people_building b on b.community_id = u.community_id and b.building_id = u.building_id \
        join people_unit_state s on s.community_id = u.community_id and s.unit_id = u.unit_id and s.until is null \
        left join people_household h on h.community_id = u.community_id and h.unit_id = u.unit_id \
        where u.community_id = $1 and (u.sort_key, u.unit_id) > ($2, $3) and lower(u.number) like $4 escape '!' \
        order by u.sort_key, u.unit_id limit $5";
    ROLL_PAGE_OF_BUILDING = "select u.unit_id, u.building_id, b.name, u.number, s.exclusive_area, s.area_source, \
            s.unit_use, s.revision, h.household_id, u.sort_key \
        from people_unit u \
        join people_building b on b.community_id = u.community_id and b.building_id = u.building_id \
        join people_unit_state s on s.community_id = u.community_id and s.unit_id = u.unit_id and s.until is null \
        left join people_household h on h.community_id = u.community_id and h.unit_id = u.unit_id \
        where u.community_id = $1 and (u.sort_key, u.unit_id) > ($2, $3) and lower(u.number) like $4 escape '!' \
            and u.building_id = $6 \
        order by u.sort_key, u.unit_id limit $5";
    OWNERS_BETWEEN = "select w.unit_id, o.owner_id, o.kind, o.name, o.id_number, o.phone from people_unit u \
        join people_ownership w on w.community_id = u.community_id and w.unit_id = u.unit_id and w.until is null \
        join people_owner o on o.community_id = w.community_id and o.owner_id = w.owner_id \
        where u.community_id = $1 and u.sort_key >= $2 and u.sort_key <= $3 \
        order by w.unit_id, o.owner_id";
    VOICES_BETWEEN = "select v.unit_id, v.owner_id from people_unit u \
        join people_voice v on v.community_id = u.community_id and v.unit_id = u.unit_id and v.until is null \
        where u.community_id = $1 and u.sort_key >= $2 and u.sort_key <= $3 order by v.unit_id";
}

/// An inserted row with the columns that it leaves NULL, which follow the others.
pub(crate) fn with_nulls(mut row: Vec<db::Value>, nulls: usize) -> Vec<db::Value> {
    row.extend(std::iter::repeat_n(db::Value::Null, nulls));
    row
}

const INSERT_BUILDINGS: &str =
    "insert into people_building (community_id, building_id, name, sort_key)";
const INSERT_UNITS: &str =
    "insert into people_unit (community_id, unit_id, building_id, number, sort_key, added_at)";
const INSERT_UNIT_STATES: &str = "insert into people_unit_state \
    (community_id, unit_id, revision, exclusive_area, area_source, unit_use, since, recorded_by)";
const INSERT_OWNERS: &str = "insert into people_owner \
    (community_id, owner_id, kind, name, name_index, id_number, id_number_index, phone, phone_index, added_at)";
const INSERT_OWNERSHIPS: &str = "insert into people_ownership \
    (community_id, unit_id, revision, owner_id, since, recorded_at, recorded_by)";
const INSERT_HOUSEHOLDS: &str =
    "insert into people_household (community_id, household_id, unit_id)";
const INSERT_RESIDENTS: &str = "insert into people_resident \
    (community_id, resident_id, household_id, name, name_index, phone, phone_index, birth_year, relation, since)";
