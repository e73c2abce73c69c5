//! SQL of the audit: the tables of the approvals in the order of their keys.

use db::Read;
use journal::{KeyType, Table};
use kernel::CommunityId;
use sha2::{Digest, Sha256};

use crate::model::{CaseId, PaperId};

db::statements! {
    CASES_PAGE = "select case_id, number, process, version, account_id, organisation_id, title, form, begun_at, closed, \
        position from approval_case where community_id = $1 and case_id > $2 order by case_id limit $3";
    CASE_ROW = "select case_id, number, process, version, account_id, organisation_id, title, form, begun_at, closed, \
        position from approval_case where community_id = $1 and case_id = $2";
    EVENTS_PAGE = "select case_id, seq, event, words, unit, received_at, account_id, organisation_id, position \
        from approval_event where community_id = $1 and (case_id, seq) > ($2, $3) order by case_id, seq limit $4";
    PAPERS_PAGE = "select case_id, paper_id, paper, name, media_type, sha256, added_at, added_by from approval_paper \
        where community_id = $1 and (case_id, paper_id) > ($2, $3) order by case_id, paper_id limit $4";
    PAPER_ROW = "select case_id, paper_id, paper, name, media_type, sha256, added_at, added_by from approval_paper \
        where community_id = $1 and case_id = $2 and paper_id = $3";
    PAPER_CONTENT = "select sha256, content from approval_paper \
        where community_id = $1 and case_id = $2 and paper_id = $3";
    DEFINITIONS_PAGE = "select process, version, sha256, content, added_at, added_by from approval_definition \
        where community_id = $1 and (process, version) > ($2, $3) order by process, version limit $4";
    CALENDAR_PAGE = "select year, revision, sha256, content, added_at, added_by from approval_calendar_year \
        where community_id = $1 and (year, revision) > ($2, $3) order by year, revision limit $4";
    APPOINTMENTS_PAGE = "select unit, since, organisation_id, organisation_name, appointed_by, ended_at \
        from approval_appointment where community_id = $1 and (unit, since, organisation_id) > ($2, $3, $4) \
        order by unit, since, organisation_id limit $5";
    SUCCESSIONS_PAGE = "select unit, successor, reason, dissolved_at, dissolved_by from approval_succession \
        where community_id = $1 and unit > $2 order by unit limit $3";
    CARDS_PAGE = "select case_id, stage, colour, days_before, due, unit, escalated_to, issued_at, position \
        from approval_card where community_id = $1 and (case_id, stage, colour, days_before) > ($2, $3, $4, $5) \
        order by case_id, stage, colour, days_before limit $6";
    MIGRATIONS_PAGE = "select case_id, migrated_at, from_version, to_version, migrated_by from approval_migration \
        where community_id = $1 and (case_id, migrated_at) > ($2, $3) order by case_id, migrated_at limit $4";
    READINGS_PAGE = "select case_id, position, account_id, read_at, organisation_id from approval_reading \
        where community_id = $1 and (case_id, position) > ($2, $3) order by case_id, position limit $4";
}

const CASE: (&str, KeyType) = ("case_id", KeyType::Id);

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

/// Each change vouches for the case, but for the position of its own entry.
pub(crate) static CASES: Table = table("approval_case", &[CASE], 10, CASES_PAGE, CASE_ROW);

/// Vouched for by the entry whose position stands beside them.
pub(crate) static EVENTS: Table = table(
    "approval_event",
    &[CASE, ("seq", KeyType::Number)],
    8,
    EVENTS_PAGE,
    "",
);

pub(crate) static PAPERS: Table = table(
    "approval_paper",
    &[CASE, ("paper_id", KeyType::Id)],
    8,
    PAPERS_PAGE,
    PAPER_ROW,
);

pub(crate) static DEFINITIONS: Table = table(
    "approval_definition",
    &[("process", KeyType::Text), ("version", KeyType::Text)],
    6,
    DEFINITIONS_PAGE,
    "",
);

pub(crate) static CALENDAR_YEARS: Table = table(
    "approval_calendar_year",
    &[("year", KeyType::Number), ("revision", KeyType::Number)],
    6,
    CALENDAR_PAGE,
    "",
);

pub(crate) static SUCCESSIONS: Table = table(
    "approval_succession",
    &[("unit", KeyType::Text)],
    5,
    SUCCESSIONS_PAGE,
    "",
);

/// The tables whose every row an entry tells or vouches for.
pub(crate) static TABLES: &[&Table] = &[
    &CASES,
    &EVENTS,
    &PAPERS,
    &DEFINITIONS,
    &CALENDAR_YEARS,
    &SUCCESSIONS,
    &table(
        "approval_appointment",
        &[
            ("unit", KeyType::Text),
            ("since", KeyType::Number),
            ("organisation_id", KeyType::Id),
        ],
        6,
        APPOINTMENTS_PAGE,
        "",
    ),
    &table(
        "approval_card",
        &[
            CASE,
            ("stage", KeyType::Text),
            ("colour", KeyType::Text),
            ("days_before", KeyType::Number),
        ],
        9,
        CARDS_PAGE,
        "",
    ),
    &table(
        "approval_migration",
        &[CASE, ("migrated_at", KeyType::Number)],
        5,
        MIGRATIONS_PAGE,
        "",
    ),
    &table(
        "approval_reading",
        &[CASE, ("position", KeyType::Number)],
        5,
        READINGS_PAGE,
        "",
    ),
];

/// Whether a paper's content has the SHA-256 of its row; `None` if it is gone.
pub(crate) fn paper_is_whole(
    read: &mut dyn Read,
    community: CommunityId,
    case: CaseId,
    paper: PaperId,
) -> Result<Option<bool>, db::Error> {
    let values = [community.into(), case.into(), paper.into()];
    let row = read.query_one(PAPER_CONTENT, &values)?;
    row.map(|row| {
        let (hash, content): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
        Ok(Sha256::digest(&content).as_slice() == hash)
    })
    .transpose()
}
