//! SQL of deliveries: queued, claimed, settled, forgotten.

use db::{Read, Row, Tx, Value};
use kernel::{CommunityId, Timestamp};

use super::count;
use crate::{Delivery, Error, Failing, Outcome, WebhookId};

db::statements! {
    // The webhook may have been removed since its entry was written: then there is nothing to insert.
    INSERT_DELIVERY = "insert into webhook_delivery \
        (community_id, webhook_id, position, outcome, attempts, next_at) \
        select w.community_id, w.webhook_id, cast($3 as bigint), 'waiting', 0, cast($4 as bigint) from webhook w \
        where w.community_id = $1 and w.webhook_id = $2 \
        on conflict (community_id, webhook_id, position) do nothing";
    // The first that waits of each webhook, if its time has come: the others wait for it.
    DUE = "select w.webhook_id, d.position from webhook w \
        join webhook_delivery d on d.community_id = w.community_id and d.webhook_id = w.webhook_id \
        and d.position = (select min(first.position) from webhook_delivery first \
            where first.community_id = w.community_id and first.webhook_id = w.webhook_id \
            and first.outcome = 'waiting') \
        where w.community_id = $1 and d.next_at <= $2 and not exists (select 1 from webhook_pause p \
            where p.community_id = w.community_id and p.webhook_id = w.webhook_id) \
        order by d.next_at limit $3";
    CLAIM = "update webhook_delivery set attempts = attempts + 1, tried_at = $4, next_at = $5 \
        where community_id = $1 and webhook_id = $2 and position = $3 and outcome = 'waiting' and next_at <= $4";
    SETTLE = "update webhook_delivery set outcome = $4, settled_at = $5, status = $6, problem = $7 \
        where community_id = $1 and webhook_id = $2 and position = $3";
    PUT_OFF = "update webhook_delivery set next_at = $5, status = $6, problem = $7 \
        where community_id = $1 and webhook_id = $2 and position = $3 and attempts = $4 and outcome = 'waiting'";
    REPEAT = "update webhook_delivery set outcome = 'waiting', attempts = 0, next_at = $4, settled_at = null \
        where community_id = $1 and webhook_id = $2 and position = $3";
    HURRY = "update webhook_delivery set attempts = 0, next_at = $3 \
        where community_id = $1 and webhook_id = $2 and outcome = 'waiting' and attempts > 0";
    DELIVERY = "select position, outcome, attempts, next_at, tried_at, status, problem from webhook_delivery \
        where community_id = $1 and webhook_id = $2 and position = $3";
    DELIVERIES = "select position, outcome, attempts, next_at, tried_at, status, problem from webhook_delivery \
        where community_id = $1 and webhook_id = $2 and position < $3 order by position desc limit $4";
    FIRST_WAITING = "select position, outcome, attempts, next_at, tried_at, status, problem from webhook_delivery \
        where community_id = $1 and webhook_id = $2 and outcome = 'waiting' order by position limit 1";
    WAITING = "select count(*) from webhook_delivery \
        where community_id = $1 and webhook_id = $2 and outcome = 'waiting'";
    OLD = "select 1 from webhook_delivery where community_id = $1 and settled_at < $2 limit 1";
    DELETE_OLD = "delete from webhook_delivery where community_id = $1 and settled_at < $2";
}

pub(crate) fn insert_delivery(
    tx: &mut dyn Tx,
    community: CommunityId,
    id: WebhookId,
    position: u64,
    at: Timestamp,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_DELIVERY,
        &[community.into(), id.into(), count(position), at.into()],
    )?;
    Ok(())
}

/// At most `limit` deliveries whose turn and time have come.
pub(crate) fn due(
    read: &mut dyn Read,
    community: CommunityId,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<(WebhookId, u64)>, db::Error> {
    read.query(DUE, &[community.into(), now.into(), limit.into()])?
        .iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .collect()
}

/// Takes a delivery for one try, unless another process was quicker. If this process dies before it says what came of
/// the try, the delivery is due again at `until`.
pub(crate) fn claim(
    tx: &mut dyn Tx,
    community: CommunityId,
    id: WebhookId,
    position: u64,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, db::Error> {
    let changed = tx.execute(
        CLAIM,
        &[
            community.into(),
            id.into(),
            count(position),
            now.into(),
            until.into(),
        ],
    )?;
    Ok(changed > 0)
}

/// The last answer: a status, or why there was none.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LastAnswer {
    pub(crate) status: Option<u32>,
    pub(crate) problem: Option<Failing>,
}

impl LastAnswer {
    fn columns(self) -> [Value; 2] {
        [self.status.into(), self.problem.map(Failing::name).into()]
    }
}

pub(crate) fn settle(
    tx: &mut dyn Tx,
    community: CommunityId,
    (id, position): (WebhookId, u64),
    (outcome, at): (Outcome, Timestamp),
    answer: LastAnswer,
) -> Result<(), db::Error> {
    let [status, problem] = answer.columns();
    let key = [community.into(), id.into(), count(position)];
    let columns = [outcome.name().into(), at.into(), status, problem];
    tx.execute(SETTLE, &[key.as_slice(), &columns].concat())?;
    Ok(())
}

/// Puts a failed delivery off, unless something else became of it meanwhile.
pub(crate) fn put_off(
    tx: &mut dyn Tx,
    community: CommunityId,
    (id, position): (WebhookId, u64),
    (attempts, next_at): (u32, Timestamp),
    answer: LastAnswer,
) -> Result<(), db::Error> {
    let [status, problem] = answer.columns();
    let key = [community.into(), id.into(), count(position)];
    let columns = [attempts.into(), next_at.into(), status, problem];
    tx.execute(PUT_OFF, &[key.as_slice(), &columns].concat())?;
    Ok(())
}

/// Lets a delivery wait again from its first try; whether there is such a delivery.
pub(crate) fn repeat(
    tx: &mut dyn Tx,
    community: CommunityId,
    id: WebhookId,
    position: u64,
    at: Timestamp,
) -> Result<bool, db::Error> {
    Ok(tx.execute(
        REPEAT,
        &[community.into(), id.into(), count(position), at.into()],
    )? > 0)
}

/// Lets everything that failed before be tried at once.
pub(crate) fn hurry(
    tx: &mut dyn Tx,
    community: CommunityId,
    id: WebhookId,
    at: Timestamp,
) -> Result<(), db::Error> {
    tx.execute(HURRY, &[community.into(), id.into(), at.into()])?;
    Ok(())
}

pub(crate) fn delivery(
    read: &mut dyn Read,
    community: CommunityId,
    id: WebhookId,
    position: u64,
) -> Result<Option<Delivery>, Error> {
    let row = read.query_one(DELIVERY, &[community.into(), id.into(), count(position)])?;
    row.as_ref().map(delivery_of).transpose()
}

pub(crate) fn deliveries(
    read: &mut dyn Read,
    community: CommunityId,
    id: WebhookId,
    before: u64,
    limit: u32,
) -> Result<Vec<Delivery>, Error> {
    let parameters = [community.into(), id.into(), count(before), limit.into()];
    read.query(DELIVERIES, &parameters)?
        .iter()
        .map(delivery_of)
        .collect()
}

pub(crate) fn first_waiting(
    read: &mut dyn Read,
    community: CommunityId,
    id: WebhookId,
) -> Result<Option<Delivery>, Error> {
    let row = read.query_one(FIRST_WAITING, &[community.into(), id.into()])?;
    row.as_ref().map(delivery_of).transpose()
}

pub(crate) fn waiting(
    read: &mut dyn Read,
    community: CommunityId,
    id: WebhookId,
) -> Result<u64, db::Error> {
    read.query_one(WAITING, &[community.into(), id.into()])?
        .map_or(Ok(0), |row| row.get(0))
}

fn delivery_of(row: &Row) -> Result<Delivery, Error> {
    let outcome: String = row.get(1)?;
    let problem: Option<String> = row.get(6)?;
    Ok(Delivery {
        position: row.get(0)?,
        outcome: Outcome::from_name(&outcome).ok_or(Error::Unreadable {
            what: "an outcome",
            value: outcome,
        })?,
        attempts: row.get(2)?,
        next_at: row.get(3)?,
        tried_at: row.get(4)?,
        status: row.get(5)?,
        problem: problem.as_deref().and_then(Failing::from_name),
    })
}

/// Whether something was settled before this time.
pub(crate) fn has_old(
    read: &mut dyn Read,
    community: CommunityId,
    before: Timestamp,
) -> Result<bool, db::Error> {
    Ok(read
        .query_one(OLD, &[community.into(), before.into()])?
        .is_some())
}

/// Forgets what was settled before this time, and says how much that was.
pub(crate) fn delete_old(
    tx: &mut dyn Tx,
    community: CommunityId,
    before: Timestamp,
) -> Result<u64, db::Error> {
    tx.execute(DELETE_OLD, &[community.into(), before.into()])
}
