//! SQL of a unit's trace: its vote, and those that the vote replaced.

use db::{Read, Row, Tx, Value};
use kernel::{AccountId, CommunityId, Timestamp};
use people::model::UnitId;

use super::named;
use crate::Error;
use crate::model::{Channel, ResolutionId};

const INSERT_REPLACED: &str = "insert into vote_replaced (community_id, resolution_id, unit_id, revision, choice, \
    channel, cast_at, cast_by, evidence, position, code)";

db::statements! {
    TO_REPLACE = "with asked (place, community_id, resolution_id, unit_id) \
        as (values $rows(bigint, bytea, bytea, bytea)) \
        select v.community_id, v.resolution_id, v.unit_id, v.revision, v.choice, v.channel, v.cast_at, v.cast_by, \
        v.evidence, v.position, v.code from asked a cross join vote v where v.community_id = a.community_id \
        and v.resolution_id = a.resolution_id and v.unit_id = a.unit_id";
    VOTES_OF_UNIT = "select revision, choice, channel, cast_at, cast_by, evidence, position from vote \
        where community_id = $1 and resolution_id = $2 and unit_id = $3 \
        union all select revision, choice, channel, cast_at, cast_by, evidence, position from vote_replaced \
        where community_id = $1 and resolution_id = $2 and unit_id = $3 order by 1 desc";
    REPLACED_CODE = "select r.cast_at, v.cast_at from vote_replaced r \
        join vote v on v.community_id = r.community_id and v.resolution_id = r.resolution_id \
        and v.unit_id = r.unit_id where r.community_id = $1 and r.resolution_id = $2 and r.code = $3";
}

/// A vote of a unit, standing or replaced.
#[derive(Clone, Debug)]
pub struct TracedVote {
    /// 1 for the unit's first vote, 2 for the next…; the highest stands.
    pub revision: u32,
    /// The choice's name.
    pub choice: String,
    /// How it came in.
    pub channel: Channel,
    /// When it was cast, or received.
    pub cast_at: Timestamp,
    /// The owner, or who recorded it.
    pub cast_by: AccountId,
    /// Who took it, and where the paper or recording lies; empty for a vote on the platform.
    pub evidence: String,
    /// Its entry in the journal.
    pub position: u64,
}

/// Keeps the votes that stand for these units, before others are put in their place.
pub(crate) fn keep_replaced(
    tx: &mut dyn Tx,
    community: CommunityId,
    units: &[(ResolutionId, UnitId)],
) -> Result<(), db::Error> {
    if units.is_empty() {
        return Ok(());
    }
    let asked: Vec<Vec<Value>> = (0_i64..)
        .zip(units)
        .map(|(place, (resolution, unit))| {
            vec![
                place.into(),
                community.into(),
                (*resolution).into(),
                (*unit).into(),
            ]
        })
        .collect();
    let standing = tx.query_many(TO_REPLACE, &asked)?;
    let rows: Vec<Vec<Value>> = standing.iter().map(copied).collect::<Result<_, _>>()?;
    tx.insert_many(INSERT_REPLACED, &rows)?;
    Ok(())
}

fn copied(row: &Row) -> Result<Vec<Value>, db::Error> {
    Ok(vec![
        row.get::<CommunityId>(0)?.into(),
        row.get::<ResolutionId>(1)?.into(),
        row.get::<UnitId>(2)?.into(),
        row.get::<i64>(3)?.into(),
        row.get::<String>(4)?.into(),
        row.get::<String>(5)?.into(),
        row.get::<i64>(6)?.into(),
        row.get::<AccountId>(7)?.into(),
        row.get::<String>(8)?.into(),
        row.get::<i64>(9)?.into(),
        row.get::<String>(10)?.into(),
    ])
}

/// Every vote of a unit, the standing one first.
pub(crate) fn votes_of_unit(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
    unit: UnitId,
) -> Result<Vec<TracedVote>, Error> {
    let parameters = [community.into(), resolution.into(), unit.into()];
    let rows = read.query(VOTES_OF_UNIT, &parameters)?;
    rows.iter()
        .map(|row| {
            Ok(TracedVote {
                revision: row.get(0)?,
                choice: row.get(1)?,
                channel: named(row, 2, "a channel", Channel::from_name)?,
                cast_at: row.get(3)?,
                cast_by: row.get(4)?,
                evidence: row.get(5)?,
                position: row.get(6)?,
            })
        })
        .collect()
}

/// When the vote under a code was cast that a later one replaced, and when that one was.
pub(crate) fn replaced_code(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
    code: &str,
) -> Result<Option<(Timestamp, Timestamp)>, db::Error> {
    let parameters = [community.into(), resolution.into(), code.into()];
    read.query_one(REPLACED_CODE, &parameters)?
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .transpose()
}
