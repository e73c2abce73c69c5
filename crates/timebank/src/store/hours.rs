//! SQL of hours: what visits earned, and what moved without a visit.

use db::{Read, Tx};
use kernel::{AccountId, CommunityId, Context, Uuid};

use super::audit::{self, vouch};
use crate::model::{GiftId, GiftKind};

db::statements! {
    EARNED = "select cast(coalesce(sum(credited), 0) as bigint), cast(coalesce(sum(overflow), 0) as bigint) \
        from timebank_visit where community_id = $1 and volunteer_id = $2 and confirmed_at is not null and not for_team";
    DONATED = "select cast(coalesce(sum(minutes), 0) as bigint) from timebank_gift \
        where community_id = $1 and giver_id = $2 and kind = 'donation'";
    INSERT_GIFT = "insert into timebank_gift (community_id, gift_id, kind, giver_id, receiver_id, minutes, given_at, \
        given_by) values ($1, $2, $3, $4, $5, $6, $7, $8)";
    STARTED = "select gift_id from timebank_gift where community_id = $1 and receiver_id = $2 and kind = 'start'";
}

/// What a volunteer has earned by visits, and what of it went to the pool.
pub(crate) fn earned(
    read: &mut dyn Read,
    community: CommunityId,
    volunteer: AccountId,
) -> Result<(i64, i64), db::Error> {
    let row = read.query_one(EARNED, &[community.into(), volunteer.into()])?;
    row.map_or(Ok((0, 0)), |row| Ok((row.get(0)?, row.get(1)?)))
}

/// What somebody has given to the pool by their own decision.
pub(crate) fn donated(
    read: &mut dyn Read,
    community: CommunityId,
    giver: Uuid,
) -> Result<i64, db::Error> {
    let row = read.query_one(DONATED, &[community.into(), giver.into()])?;
    row.map_or(Ok(0), |row| row.get(0))
}

pub(crate) fn insert_gift(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: GiftId,
    kind: GiftKind,
    (giver, receiver): (Uuid, Uuid),
    minutes: i64,
) -> Result<(), db::Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        kind.name().into(),
        giver.into(),
        receiver.into(),
        minutes.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
    ];
    tx.execute(INSERT_GIFT, &row)?;
    vouch(tx, &audit::GIFT, ctx.community, id)
}

/// Whether somebody got what everybody begins with.
pub(crate) fn has_started(
    read: &mut dyn Read,
    community: CommunityId,
    receiver: Uuid,
) -> Result<bool, db::Error> {
    let row = read.query_one(STARTED, &[community.into(), receiver.into()])?;
    Ok(row.is_some())
}
