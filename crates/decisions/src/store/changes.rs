//! SQL of what changes a published vote: its one extension, and corrections of votes that were recorded wrongly.

use ballot::resolution::Choice;
use db::{Read, Row, Tx};
use kernel::{AccountId, CommunityId, Context, Timestamp};
use people::model::UnitId;

use super::{CountRow, named};
use crate::Error;
use crate::model::{AttachmentId, Channel, CorrectionId, ResolutionId};
use crate::record::PublishedCorrection;

db::statements! {
    INSERT_EXTENSION = "insert into resolution_extension (community_id, resolution_id, closes_before, closes, reason, \
        extended_by, extended_at) values ($1, $2, $3, $4, $5, $6, $7)";
    INSERT_CORRECTION = "insert into vote_correction (community_id, resolution_id, correction_id, unit_id, vote_position, \
        code, choice, reason, attachment_id, proposed_by, proposed_at) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    INSERT_CORRECTION_END = "insert into vote_correction_end (community_id, resolution_id, correction_id, is_confirmed, \
        remark, ended_by, ended_at, position) values ($1, $2, $3, $4, $5, $6, $7, $8)";
    CORRECTIONS = "select c.correction_id, c.unit_id, e.building, e.label, c.vote_position, c.code, c.choice, c.reason, \
        c.attachment_id, c.proposed_by, c.proposed_at, d.is_confirmed, d.remark, d.ended_at, d.position \
        from vote_correction c \
        join elector e on e.community_id = c.community_id and e.resolution_id = c.resolution_id \
        and e.unit_id = c.unit_id \
        left join vote_correction_end d on d.community_id = c.community_id and d.resolution_id = c.resolution_id \
        and d.correction_id = c.correction_id \
        where c.community_id = $1 and c.resolution_id = $2 order by c.proposed_at, c.correction_id";
    STANDING_VOTE = "select choice, channel, cast_at, position, code, revision, evidence from vote \
        where community_id = $1 and resolution_id = $2 and unit_id = $3";
    DELETE_VOTE = "delete from vote where community_id = $1 and resolution_id = $2 and unit_id = $3";
    KEEP_COUNT = "insert into resolution_count_before (community_id, resolution_id, position, counted_at, passed, record, \
        record_sha256) select community_id, resolution_id, position, counted_at, passed, record, record_sha256 \
        from resolution_count where community_id = $1 and resolution_id = $2";
    UPDATE_COUNT = "update resolution_count set counted_at = $3, counted_by = $4, objections_until = $5, passed = $6, \
        record = $7, record_sha256 = $8, position = $9 where community_id = $1 and resolution_id = $2";
    RECORD_BEFORE = "select record, record_sha256 from resolution_count_before \
        where community_id = $1 and resolution_id = $2 and position = $3";
    POSITIONS_BEFORE = "select position, counted_at from resolution_count_before \
        where community_id = $1 and resolution_id = $2 order by position";
}

/// The one extension of a vote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// When the vote would have closed.
    pub closes_before: Timestamp,
    /// When it closes.
    pub closes: Timestamp,
    /// Why, for everyone to read.
    pub reason: String,
    /// When it was announced.
    pub extended_at: Timestamp,
}

/// The correction of a vote that was recorded wrongly.
#[derive(Clone, Debug)]
pub struct Correction {
    /// Its id.
    pub id: CorrectionId,
    /// The unit whose vote it is about.
    pub unit: UnitId,
    /// The unit's building and number.
    pub label: String,
    /// The entry of the vote that it is about.
    pub vote_position: u64,
    /// The code of that vote's receipt; the corrected vote keeps it.
    pub code: String,
    /// What the paper says; `None` where the vote is not this unit's.
    pub choice: Option<Choice>,
    /// Why.
    pub reason: String,
    /// The scan of the paper.
    pub scan: AttachmentId,
    /// The first hand.
    pub proposed_by: AccountId,
    /// When.
    pub proposed_at: Timestamp,
    /// How it ended, if it did.
    pub end: Option<CorrectionEnd>,
}

/// How a correction ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrectionEnd {
    /// Whether the second hand confirmed it.
    pub is_confirmed: bool,
    /// What was said to it; may be empty.
    pub remark: String,
    /// When.
    pub ended_at: Timestamp,
    /// Its entry in the journal.
    pub position: u64,
}

pub(crate) fn insert_extension(
    tx: &mut dyn Tx,
    ctx: &Context,
    resolution: ResolutionId,
    extension: &Extension,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_EXTENSION,
        &[
            ctx.community.into(),
            resolution.into(),
            extension.closes_before.into(),
            extension.closes.into(),
            extension.reason.as_str().into(),
            ctx.actor.uuid().into(),
            extension.extended_at.into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn insert_correction(
    tx: &mut dyn Tx,
    ctx: &Context,
    resolution: ResolutionId,
    correction: &Correction,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_CORRECTION,
        &[
            ctx.community.into(),
            resolution.into(),
            correction.id.into(),
            correction.unit.into(),
            place(correction.vote_position),
            correction.code.as_str().into(),
            correction.choice.map(Choice::name).into(),
            correction.reason.as_str().into(),
            correction.scan.into(),
            correction.proposed_by.into(),
            correction.proposed_at.into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn insert_correction_end(
    tx: &mut dyn Tx,
    ctx: &Context,
    resolution: ResolutionId,
    correction: CorrectionId,
    end: &CorrectionEnd,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_CORRECTION_END,
        &[
            ctx.community.into(),
            resolution.into(),
            correction.into(),
            end.is_confirmed.into(),
            end.remark.as_str().into(),
            ctx.actor.uuid().into(),
            end.ended_at.into(),
            place(end.position),
        ],
    )?;
    Ok(())
}

/// Every correction of a resolution, the oldest first.
pub(crate) fn corrections(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
) -> Result<Vec<Correction>, Error> {
    read.query(CORRECTIONS, &[community.into(), resolution.into()])?
        .iter()
        .map(correction)
        .collect()
}

fn correction(row: &Row) -> Result<Correction, Error> {
    let choice: Option<String> = row.get(6)?;
    let end = match row.get::<Option<bool>>(11)? {
        None => None,
        Some(is_confirmed) => Some(CorrectionEnd {
            is_confirmed,
            remark: row.get(12)?,
            ended_at: row.get(13)?,
            position: row.get(14)?,
        }),
    };
    Ok(Correction {
        id: row.get(0)?,
        unit: row.get(1)?,
        label: format!("{} {}", row.get::<String>(2)?, row.get::<String>(3)?),
        vote_position: row.get(4)?,
        code: row.get(5)?,
        choice: choice.map(|name| name.parse()).transpose()?,
        reason: row.get(7)?,
        scan: row.get(8)?,
        proposed_by: row.get(9)?,
        proposed_at: row.get(10)?,
        end,
    })
}

/// What the published record says of the corrections that were confirmed, by code.
pub(crate) fn published_corrections(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
) -> Result<Vec<PublishedCorrection>, Error> {
    let mut confirmed: Vec<PublishedCorrection> = corrections(read, community, resolution)?
        .into_iter()
        .filter_map(|correction| {
            let end = correction.end.filter(|end| end.is_confirmed)?;
            Some(PublishedCorrection {
                code: correction.code,
                choice: correction.choice,
                corrected_at: end.ended_at,
            })
        })
        .collect();
    confirmed.sort();
    Ok(confirmed)
}

/// The vote that stands for a unit, with what was written down of it.
pub(crate) struct StandingVote {
    pub(crate) choice: Choice,
    pub(crate) channel: Channel,
    pub(crate) cast_at: Timestamp,
    pub(crate) position: u64,
    pub(crate) code: String,
    pub(crate) revision: u32,
    pub(crate) evidence: String,
}

pub(crate) fn standing_vote(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
    unit: UnitId,
) -> Result<Option<StandingVote>, Error> {
    let parameters = [community.into(), resolution.into(), unit.into()];
    let Some(row) = read.query_one(STANDING_VOTE, &parameters)? else {
        return Ok(None);
    };
    Ok(Some(StandingVote {
        choice: row.get::<String>(0)?.parse()?,
        channel: named(&row, 1, "a channel", Channel::from_name)?,
        cast_at: row.get(2)?,
        position: row.get(3)?,
        code: row.get(4)?,
        revision: row.get(5)?,
        evidence: row.get(6)?,
    }))
}

pub(crate) fn delete_vote(
    tx: &mut dyn Tx,
    community: CommunityId,
    resolution: ResolutionId,
    unit: UnitId,
) -> Result<(), db::Error> {
    let parameters = [community.into(), resolution.into(), unit.into()];
    tx.execute(DELETE_VOTE, &parameters)?;
    Ok(())
}

/// Keeps the count that stands beside the one that takes its place.
pub(crate) fn keep_count(
    tx: &mut dyn Tx,
    community: CommunityId,
    resolution: ResolutionId,
) -> Result<(), db::Error> {
    tx.execute(KEEP_COUNT, &[community.into(), resolution.into()])?;
    Ok(())
}

pub(crate) fn update_count(
    tx: &mut dyn Tx,
    ctx: &Context,
    resolution: ResolutionId,
    count: &CountRow,
) -> Result<(), db::Error> {
    tx.execute(
        UPDATE_COUNT,
        &[
            ctx.community.into(),
            resolution.into(),
            count.counted_at.into(),
            ctx.actor.uuid().into(),
            count.objections_until.into(),
            count.passed.into(),
            count.record.as_str().into(),
            count.record_sha256.into(),
            place(count.position),
        ],
    )?;
    Ok(())
}

/// The published record of a count that was replaced, by that count's entry, and the SHA-256 it had.
pub(crate) fn record_before(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
    position: u64,
) -> Result<Option<(String, Vec<u8>)>, db::Error> {
    let parameters = [community.into(), resolution.into(), place(position)];
    read.query_one(RECORD_BEFORE, &parameters)?
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .transpose()
}

/// The entries of the counts that were replaced, and when they were made.
pub(crate) fn counts_before(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
) -> Result<Vec<(u64, Timestamp)>, db::Error> {
    read.query(POSITIONS_BEFORE, &[community.into(), resolution.into()])?
        .iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .collect()
}

/// A position of the journal as a column; none reaches 2⁶³.
fn place(position: u64) -> db::Value {
    i64::try_from(position).unwrap_or(i64::MAX).into()
}
