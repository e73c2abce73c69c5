//! SQL of the audit: every table of the decisions in the order of its keys.

use db::{Read, Row};
use journal::{KeyType, Table};
use kernel::CommunityId;
use people::model::{OwnerId, UnitId};

use super::Elector;
use crate::Error;
use crate::model::ResolutionId;

/// How many electors are read at once.
const PAGE: u32 = 1000;

db::statements! {
    RULES = "select version, adopted_at, adopted_by, source, silence, vote_may_change, follow_allowed, \
        turnout_while_open, objection_days, extension_days from decision_rules \
        where community_id = $1 and version > $2 order by version limit $3";
    RESOLUTIONS = "select resolution_id, title, body, matter, meeting, opens, closes, drafted_by, drafted_at, \
        changed_at from resolution where community_id = $1 and resolution_id > $2 order by resolution_id limit $3";
    ATTACHMENTS = "select resolution_id, attachment_id, purpose, name, media_type, sha256, \
        cast(length(content) as bigint), added_at from resolution_attachment \
        where community_id = $1 and (resolution_id, attachment_id) > ($2, $3) \
        order by resolution_id, attachment_id limit $4";
    PUBLICATIONS = "select resolution_id, number, published_at, published_by, terms, units, heads, area \
        from resolution_publication where community_id = $1 and resolution_id > $2 order by resolution_id limit $3";
    DELIVERIES = "select resolution_id, unit_id, delivery_id, channel, delivered_at, recorded_by, recorded_at, \
        evidence, warned_of_silence from delivery \
        where community_id = $1 and (resolution_id, unit_id, delivery_id) > ($2, $3, $4) \
        order by resolution_id, unit_id, delivery_id limit $5";
    VOTES = "select resolution_id, unit_id, choice, channel, cast_at, cast_by, evidence, position, code, revision, \
        replaced_channel, picks from vote where community_id = $1 and (resolution_id, unit_id) > ($2, $3) \
        order by resolution_id, unit_id limit $4";
    COUNTS = "select resolution_id, counted_at, counted_by, objections_until, passed, record_sha256, position \
        from resolution_count where community_id = $1 and resolution_id > $2 order by resolution_id limit $3";
    OBJECTIONS = "select resolution_id, objection_id, raised_by, raised_at, text from objection \
        where community_id = $1 and (resolution_id, objection_id) > ($2, $3) \
        order by resolution_id, objection_id limit $4";
    ANSWERS = "select resolution_id, objection_id, answered_by, answered_at, text from objection_answer \
        where community_id = $1 and (resolution_id, objection_id) > ($2, $3) \
        order by resolution_id, objection_id limit $4";
    ANNOUNCEMENTS = "select resolution_id, announced_by, announced_at, remark, position from announcement \
        where community_id = $1 and resolution_id > $2 order by resolution_id limit $3";
    WITHDRAWALS = "select resolution_id, withdrawn_by, withdrawn_at, reason from resolution_withdrawal \
        where community_id = $1 and resolution_id > $2 order by resolution_id limit $3";
    EXTENSIONS = "select resolution_id, closes_before, closes, reason, extended_by, extended_at from resolution_extension \
        where community_id = $1 and resolution_id > $2 order by resolution_id limit $3";
    CORRECTIONS = "select resolution_id, correction_id, unit_id, vote_position, code, choice, reason, attachment_id, \
        proposed_by, proposed_at from vote_correction \
        where community_id = $1 and (resolution_id, correction_id) > ($2, $3) \
        order by resolution_id, correction_id limit $4";
    CORRECTION_ENDS = "select resolution_id, correction_id, is_confirmed, remark, ended_by, ended_at, position \
        from vote_correction_end where community_id = $1 and (resolution_id, correction_id) > ($2, $3) \
        order by resolution_id, correction_id limit $4";
    COUNTS_BEFORE = "select resolution_id, position, counted_at, passed, record_sha256 from resolution_count_before \
        where community_id = $1 and (resolution_id, position) > ($2, $3) order by resolution_id, position limit $4";
    REMINDER_CHOICES = "select unit_id, channel, chosen_by, chosen_at, evidence from reminder_choice \
        where community_id = $1 and unit_id > $2 order by unit_id limit $3";
    REMINDERS = "select resolution_id, round, text, sent_by, sent_at from reminder \
        where community_id = $1 and (resolution_id, round) > ($2, $3) order by resolution_id, round limit $4";
    REMINDED = "select resolution_id, unit_id, round, channel from reminder_unit \
        where community_id = $1 and (resolution_id, unit_id, round) > ($2, $3, $4) \
        order by resolution_id, unit_id, round limit $5";
    VISITS = "select resolution_id, visit_id, unit_id, outcome, note, visited_at, recorded_by, recorded_at from visit \
        where community_id = $1 and (resolution_id, visit_id) > ($2, $3) \
        order by resolution_id, visit_id limit $4";
    ASSEMBLIES = "select assembly_id, title, meeting, opens, closes, called_by, called_at from assembly \
        where community_id = $1 and assembly_id > $2 order by assembly_id limit $3";
    AGENDA_ITEMS = "select resolution_id, assembly_id, place from agenda_item \
        where community_id = $1 and resolution_id > $2 order by resolution_id limit $3";
    ELECTIONS = "select resolution_id, seats, reserve, whole_committee, nominations_until, planned_by, planned_at \
        from election where community_id = $1 and resolution_id > $2 order by resolution_id limit $3";
    CANDIDATES = "select resolution_id, candidate_id, owner_id, name, route, supporters, statement, declared, evidence, \
        nominated_by, nominated_at from candidate where community_id = $1 and (resolution_id, candidate_id) > ($2, $3) \
        order by resolution_id, candidate_id limit $4";
    CANDIDATE_CHECKS = "select resolution_id, candidate_id, is_accepted, reason, checked_by, checked_at \
        from candidate_check where community_id = $1 and (resolution_id, candidate_id) > ($2, $3) \
        order by resolution_id, candidate_id limit $4";
    CANDIDATE_WITHDRAWALS = "select resolution_id, candidate_id, reason, withdrawn_by, withdrawn_at \
        from candidate_withdrawal where community_id = $1 and (resolution_id, candidate_id) > ($2, $3) \
        order by resolution_id, candidate_id limit $4";
    ELECTORATES = "select resolution_id from elector where community_id = $1 \
        union select resolution_id from elector_owner where community_id = $1";
    ELECTORS = "select unit_id, building, label, area, head, developer, owners from elector \
        where community_id = $1 and resolution_id = $2 and unit_id > $3 order by unit_id limit $4";
    ELECTOR_OWNERS = "select owner_id, unit_id from elector_owner \
        where community_id = $1 and resolution_id = $2 and (owner_id, unit_id) > ($3, $4) \
        order by owner_id, unit_id limit $5";
    NAME_OF_UNIT = "select building, label from elector where community_id = $1 and unit_id = $2 limit 1";
}

const RESOLUTION: (&str, KeyType) = ("resolution_id", KeyType::Id);
const UNIT: (&str, KeyType) = ("unit_id", KeyType::Id);
const ROUND: (&str, KeyType) = ("round", KeyType::Number);
const CANDIDATE: (&str, KeyType) = ("candidate_id", KeyType::Id);
const CORRECTION: (&str, KeyType) = ("correction_id", KeyType::Id);
const OBJECTION: (&str, KeyType) = ("objection_id", KeyType::Id);

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

/// The tables whose every row an entry tells. The electorate's two are proved by a hash over all of them.
pub(crate) static TABLES: &[&Table] = &[
    &table("decision_rules", &[("version", KeyType::Number)], 10, RULES),
    &table("resolution", &[RESOLUTION], 10, RESOLUTIONS),
    &table(
        "resolution_attachment",
        &[RESOLUTION, ("attachment_id", KeyType::Id)],
        8,
        ATTACHMENTS,
    ),
    &table("resolution_publication", &[RESOLUTION], 8, PUBLICATIONS),
    &table(
        "delivery",
        &[RESOLUTION, UNIT, ("delivery_id", KeyType::Id)],
        9,
        DELIVERIES,
    ),
    &table("vote", &[RESOLUTION, UNIT], 12, VOTES),
    &table("resolution_count", &[RESOLUTION], 7, COUNTS),
    &table("objection", &[RESOLUTION, OBJECTION], 5, OBJECTIONS),
    &table("objection_answer", &[RESOLUTION, OBJECTION], 5, ANSWERS),
    &table("announcement", &[RESOLUTION], 5, ANNOUNCEMENTS),
    &table("resolution_withdrawal", &[RESOLUTION], 4, WITHDRAWALS),
    &table("election", &[RESOLUTION], 7, ELECTIONS),
    &table("candidate", &[RESOLUTION, CANDIDATE], 11, CANDIDATES),
    &table(
        "candidate_check",
        &[RESOLUTION, CANDIDATE],
        6,
        CANDIDATE_CHECKS,
    ),
    &table(
        "candidate_withdrawal",
        &[RESOLUTION, CANDIDATE],
        5,
        CANDIDATE_WITHDRAWALS,
    ),
    &table("assembly", &[("assembly_id", KeyType::Id)], 7, ASSEMBLIES),
    &table("agenda_item", &[RESOLUTION], 3, AGENDA_ITEMS),
    &table("reminder_choice", &[UNIT], 5, REMINDER_CHOICES),
    &table("reminder", &[RESOLUTION, ROUND], 5, REMINDERS),
    &table("reminder_unit", &[RESOLUTION, UNIT, ROUND], 4, REMINDED),
    &table("visit", &[RESOLUTION, ("visit_id", KeyType::Id)], 8, VISITS),
    &table("resolution_extension", &[RESOLUTION], 6, EXTENSIONS),
    &table(
        "vote_correction",
        &[RESOLUTION, CORRECTION],
        10,
        CORRECTIONS,
    ),
    &table(
        "vote_correction_end",
        &[RESOLUTION, CORRECTION],
        7,
        CORRECTION_ENDS,
    ),
    &table(
        "resolution_count_before",
        &[RESOLUTION, ("position", KeyType::Number)],
        5,
        COUNTS_BEFORE,
    ),
];

/// The resolutions for which units or owners stand in an electorate.
pub(crate) fn electorates(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<ResolutionId>, db::Error> {
    read.query(ELECTORATES, &[community.into()])?
        .iter()
        .map(|row| row.get(0))
        .collect()
}

/// Shows every unit of an electorate, in the order of their ids, with how many owners it says it has.
pub(crate) fn each_elector(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
    see: &mut dyn FnMut(&Elector, u32),
) -> Result<(), Error> {
    let mut after = Vec::new();
    loop {
        let parameters = [
            community.into(),
            resolution.into(),
            after.into(),
            PAGE.into(),
        ];
        let page = read.query(ELECTORS, &parameters)?;
        for row in &page {
            see(&elector(row)?, row.get(6)?);
        }
        match page.last() {
            Some(last) => after = last.get(0)?,
            None => return Ok(()),
        }
    }
}

fn elector(row: &Row) -> Result<Elector, Error> {
    Ok(Elector {
        unit: row.get(0)?,
        building: row.get(1)?,
        label: row.get(2)?,
        area: super::area(row, 3)?,
        head: row.get(4)?,
        developer: row.get(5)?,
        owners: Vec::new(),
    })
}

/// Shows who may vote for which unit, in the order of the owners' ids.
pub(crate) fn each_elector_owner(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
    see: &mut dyn FnMut(OwnerId, UnitId),
) -> Result<(), db::Error> {
    let mut after: (Vec<u8>, Vec<u8>) = (Vec::new(), Vec::new());
    loop {
        let parameters = [
            community.into(),
            resolution.into(),
            after.0.into(),
            after.1.into(),
            PAGE.into(),
        ];
        let page = read.query(ELECTOR_OWNERS, &parameters)?;
        for row in &page {
            see(row.get(0)?, row.get(1)?);
        }
        match page.last() {
            Some(last) => after = (last.get(0)?, last.get(1)?),
            None => return Ok(()),
        }
    }
}

/// How people call a unit that was in an electorate.
pub(crate) fn name_of_unit(
    read: &mut dyn Read,
    community: CommunityId,
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
