//! SQL of what crosses between communities. Each statement names one community: the two sides meet in commands alone.

use db::{Read, Row, Tx, Value};
use kernel::{AccountId, CommunityId, Context};

use super::audit::{self, vouch};
use super::{LIST_MAX, named};
use crate::model::{Crossing, CrossingId, CrossingKind, CrossingState, Pair, Turned};

db::statements! {
    PAIRS = "select partner_id, revision, limit_minutes, agreed_at, ended_at, ended_by from timebank_pair \
        where community_id = $1 order by partner_id limit $2";
    PUT_PAIR = "insert into timebank_pair (community_id, partner_id, revision, limit_minutes, agreed_at, ended_at, ended_by) \
        values ($1, $2, $3, $4, $5, $6, $7) on conflict (community_id, partner_id) do update set revision = excluded.revision, \
        limit_minutes = excluded.limit_minutes, agreed_at = excluded.agreed_at, ended_at = null, ended_by = null";
    END_PAIR = "update timebank_pair set ended_at = $3, ended_by = $4 \
        where community_id = $1 and partner_id = $2 and ended_at is null";
    INSERT_CROSSING = "insert into timebank_crossing (community_id, crossing_id, partner_id, is_out, kind, minutes, holder_id, \
        ground, made_at, made_by, state, refusal, answered_at, answered_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
        $10, $11, $12, $13, $14)";
    ANSWER_CROSSING = "update timebank_crossing set state = $3, refusal = $4, answered_at = $5, answered_by = $6 \
        where community_id = $1 and crossing_id = $2 and state = 'waiting'";
    WAITING = "select crossing_id, partner_id, is_out, kind, minutes, holder_id, ground, made_at, made_by, state, refusal, \
        answered_at, answered_by from timebank_crossing where community_id = $1 and state = 'waiting' order by crossing_id limit $2";
    CROSSINGS = "select crossing_id, partner_id, is_out, kind, minutes, holder_id, ground, made_at, made_by, state, refusal, \
        answered_at, answered_by from timebank_crossing where community_id = $1 order by crossing_id desc limit $2";
    CROSSINGS_OF = "select crossing_id, partner_id, is_out, kind, minutes, holder_id, ground, made_at, made_by, state, refusal, \
        answered_at, answered_by from timebank_crossing where community_id = $1 and holder_id = $2 \
        order by crossing_id desc limit $3";
    OPEN_OFFER = "select crossing_id from timebank_crossing where community_id = $1 and partner_id = $2 \
        and state = 'waiting' and kind <> 'hours' limit 1";
}

pub(crate) fn pair(
    read: &mut dyn Read,
    community: CommunityId,
    partner: CommunityId,
) -> Result<Option<Pair>, db::Error> {
    let row = read.query_one(audit::PAIR.one, &[community.into(), partner.into()])?;
    row.map(|row| pair_of(&row)).transpose()
}

pub(crate) fn pairs(read: &mut dyn Read, community: CommunityId) -> Result<Vec<Pair>, db::Error> {
    let rows = read.query(PAIRS, &[community.into(), LIST_MAX.into()])?;
    rows.iter().map(pair_of).collect()
}

fn pair_of(row: &Row) -> Result<Pair, db::Error> {
    Ok(Pair {
        partner: row.get(0)?,
        revision: row.get(1)?,
        limit_minutes: row.get(2)?,
        agreed_at: row.get(3)?,
        ended_at: row.get(4)?,
    })
}

/// Writes an agreement, in place of the one before.
pub(crate) fn put_pair(tx: &mut dyn Tx, ctx: &Context, pair: &Pair) -> Result<(), db::Error> {
    let row = [
        ctx.community.into(),
        pair.partner.into(),
        pair.revision.into(),
        pair.limit_minutes.into(),
        pair.agreed_at.into(),
        Value::Null,
        Value::Null,
    ];
    tx.execute(PUT_PAIR, &row)?;
    vouch(tx, &audit::PAIR, ctx.community, pair.partner)
}

pub(crate) fn end_pair(
    tx: &mut dyn Tx,
    ctx: &Context,
    partner: CommunityId,
) -> Result<u64, db::Error> {
    let row = [
        ctx.community.into(),
        partner.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
    ];
    let ended = tx.execute(END_PAIR, &row)?;
    vouch(tx, &audit::PAIR, ctx.community, partner)?;
    Ok(ended)
}

pub(crate) fn crossing(
    read: &mut dyn Read,
    community: CommunityId,
    id: CrossingId,
) -> Result<Option<Crossing>, db::Error> {
    let row = read.query_one(audit::CROSSING.one, &[community.into(), id.into()])?;
    row.map(|row| crossing_of(&row)).transpose()
}

pub(crate) fn crossings(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<Crossing>, db::Error> {
    let rows = read.query(CROSSINGS, &[community.into(), LIST_MAX.into()])?;
    rows.iter().map(crossing_of).collect()
}

pub(crate) fn crossings_of(
    read: &mut dyn Read,
    community: CommunityId,
    holder: AccountId,
) -> Result<Vec<Crossing>, db::Error> {
    let rows = read.query(
        CROSSINGS_OF,
        &[community.into(), holder.into(), LIST_MAX.into()],
    )?;
    rows.iter().map(crossing_of).collect()
}

/// Every crossing, for the audit.
pub(crate) fn all_crossings(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<Crossing>, db::Error> {
    let mut all: Vec<Crossing> = Vec::new();
    loop {
        let after = all
            .last()
            .map_or(CrossingId::from_uuid(kernel::Uuid::nil()), |last| last.id);
        let page = [community.into(), after.into(), LIST_MAX.into()];
        let rows = read.query(audit::CROSSING.page, &page)?;
        if rows.is_empty() {
            return Ok(all);
        }
        for row in &rows {
            all.push(crossing_of(row)?);
        }
    }
}

/// What went out from here and has no answer yet, a member's hours first.
pub(crate) fn waiting_out(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<Crossing>, db::Error> {
    let rows = read.query(WAITING, &[community.into(), LIST_MAX.into()])?;
    let mut waiting = rows
        .iter()
        .map(crossing_of)
        .collect::<Result<Vec<_>, _>>()?;
    waiting.retain(|one| one.is_out);
    waiting.sort_by_key(|one| (one.kind != CrossingKind::Hours, one.id));
    Ok(waiting)
}

/// Whether an offer between the two committees waits, whoever made it.
pub(crate) fn has_open_offer(
    read: &mut dyn Read,
    community: CommunityId,
    partner: CommunityId,
) -> Result<bool, db::Error> {
    let row = read.query_one(OPEN_OFFER, &[community.into(), partner.into()])?;
    Ok(row.is_some())
}

fn crossing_of(row: &Row) -> Result<Crossing, db::Error> {
    let refusal: Option<String> = row.get(10)?;
    Ok(Crossing {
        id: row.get(0)?,
        partner: row.get(1)?,
        is_out: row.get(2)?,
        kind: named(row, 3, CrossingKind::from_name)?,
        minutes: row.get(4)?,
        holder: row.get(5)?,
        ground: row.get(6)?,
        made_at: row.get(7)?,
        state: named(row, 9, CrossingState::from_name)?,
        refusal: refusal.as_deref().and_then(Turned::from_name),
    })
}

pub(crate) fn insert_crossing(
    tx: &mut dyn Tx,
    ctx: &Context,
    crossing: &Crossing,
) -> Result<(), db::Error> {
    let is_answered = crossing.state != CrossingState::Waiting;
    let row = [
        ctx.community.into(),
        crossing.id.into(),
        crossing.partner.into(),
        crossing.is_out.into(),
        crossing.kind.name().into(),
        crossing.minutes.into(),
        crossing.holder.into(),
        crossing.ground.clone().into(),
        crossing.made_at.into(),
        ctx.actor.uuid().into(),
        crossing.state.name().into(),
        crossing.refusal.map(Turned::name).into(),
        is_answered.then_some(ctx.now).into(),
        is_answered.then(|| ctx.actor.uuid()).into(),
    ];
    tx.execute(INSERT_CROSSING, &row)?;
    vouch(tx, &audit::CROSSING, ctx.community, crossing.id)
}

/// Answers a crossing that waits.
pub(crate) fn answer_crossing(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: CrossingId,
    refusal: Option<Turned>,
) -> Result<u64, db::Error> {
    let state = match refusal {
        Some(_) => CrossingState::Refused,
        None => CrossingState::Done,
    };
    let row = [
        ctx.community.into(),
        id.into(),
        state.name().into(),
        refusal.map(Turned::name).into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
    ];
    let answered = tx.execute(ANSWER_CROSSING, &row)?;
    vouch(tx, &audit::CROSSING, ctx.community, id)?;
    Ok(answered)
}
