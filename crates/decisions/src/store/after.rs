//! SQL of what follows the close: counts, objections, announcements.

use db::{Read, Tx};
use kernel::{CommunityId, Context, Timestamp, Uuid};

use super::CountRow;
use crate::model::{ObjectionId, ResolutionId};

db::statements! {
    INSERT_COUNT = "insert into resolution_count (community_id, resolution_id, counted_at, counted_by, \
        objections_until, passed, record, record_sha256, position) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    INSERT_OBJECTION = "insert into objection (community_id, resolution_id, objection_id, raised_by, raised_at, text) \
        values ($1, $2, $3, $4, $5, $6)";
    INSERT_ANSWER = "insert into objection_answer (community_id, resolution_id, objection_id, answered_by, \
        answered_at, text) values ($1, $2, $3, $4, $5, $6)";
    OBJECTIONS = "select o.objection_id, o.raised_by, o.raised_at, o.text, a.answered_at, a.text from objection o \
        left join objection_answer a on a.community_id = o.community_id and a.resolution_id = o.resolution_id \
        and a.objection_id = o.objection_id \
        where o.community_id = $1 and o.resolution_id = $2 order by o.objection_id";
    INSERT_ANNOUNCEMENT = "insert into announcement (community_id, resolution_id, announced_by, announced_at, remark, \
        position) values ($1, $2, $3, $4, $5, $6)";
}

/// An objection with its answer.
#[derive(Clone, Debug)]
pub struct Objection {
    /// Its id.
    pub id: ObjectionId,
    /// The account that raised it.
    pub raised_by: Uuid,
    /// When.
    pub raised_at: Timestamp,
    /// What it says.
    pub text: String,
    /// When it was answered and how.
    pub answer: Option<(Timestamp, String)>,
}

pub(crate) fn insert_count(
    tx: &mut dyn Tx,
    ctx: &Context,
    resolution: ResolutionId,
    count: &CountRow,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_COUNT,
        &[
            ctx.community.into(),
            resolution.into(),
            count.counted_at.into(),
            ctx.actor.uuid().into(),
            count.objections_until.into(),
            count.passed.into(),
            count.record.as_str().into(),
            count.record_sha256.into(),
            i64::try_from(count.position).unwrap_or(i64::MAX).into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn insert_objection(
    tx: &mut dyn Tx,
    ctx: &Context,
    resolution: ResolutionId,
    id: ObjectionId,
    text: &str,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_OBJECTION,
        &[
            ctx.community.into(),
            resolution.into(),
            id.into(),
            ctx.actor.uuid().into(),
            ctx.now.into(),
            text.into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn insert_answer(
    tx: &mut dyn Tx,
    ctx: &Context,
    resolution: ResolutionId,
    id: ObjectionId,
    text: &str,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_ANSWER,
        &[
            ctx.community.into(),
            resolution.into(),
            id.into(),
            ctx.actor.uuid().into(),
            ctx.now.into(),
            text.into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn objections(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
) -> Result<Vec<Objection>, db::Error> {
    read.query(OBJECTIONS, &[community.into(), resolution.into()])?
        .iter()
        .map(|row| {
            let answer = match row.get::<Option<Timestamp>>(4)? {
                Some(at) => Some((at, row.get(5)?)),
                None => None,
            };
            Ok(Objection {
                id: row.get(0)?,
                raised_by: row.get(1)?,
                raised_at: row.get(2)?,
                text: row.get(3)?,
                answer,
            })
        })
        .collect()
}

pub(crate) fn insert_announcement(
    tx: &mut dyn Tx,
    ctx: &Context,
    resolution: ResolutionId,
    remark: &str,
    position: u64,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_ANNOUNCEMENT,
        &[
            ctx.community.into(),
            resolution.into(),
            ctx.actor.uuid().into(),
            ctx.now.into(),
            remark.into(),
            i64::try_from(position).unwrap_or(i64::MAX).into(),
        ],
    )?;
    Ok(())
}
