//! SQL of webhooks: their addresses, secrets and pauses.

use db::{Read, Row, Tx};
use kernel::{CommunityId, Context, Timestamp};

use super::count;
use crate::{Endpoint, Error, Kinds, Pause, PauseReason, Webhook, WebhookId};

db::statements! {
    INSERT_WEBHOOK = "insert into webhook (community_id, webhook_id, url, kinds, description, secret, secret_at, since, \
        added_at, added_by) values ($1, $2, $3, $4, $5, $6, $8, $7, $8, $9)";
    WEBHOOKS = "select w.webhook_id, w.url, w.kinds, w.description, w.added_at, w.old_secret_until, \
        p.paused_at, p.reason from webhook w \
        left join webhook_pause p on p.community_id = w.community_id and p.webhook_id = w.webhook_id \
        where w.community_id = $1 order by w.webhook_id";
    WEBHOOK = "select w.webhook_id, w.url, w.kinds, w.description, w.added_at, w.old_secret_until, \
        p.paused_at, p.reason from webhook w \
        left join webhook_pause p on p.community_id = w.community_id and p.webhook_id = w.webhook_id \
        where w.community_id = $1 and w.webhook_id = $2";
    COUNT = "select count(*) from webhook where community_id = $1";
    SECRETS = "select secret, old_secret, old_secret_until, secret_at from webhook where community_id = $1 and webhook_id = $2";
    CHANGE_SECRET = "update webhook set old_secret = secret, old_secret_until = $4, secret = $3, secret_at = $5 \
        where community_id = $1 and webhook_id = $2";
    DELETE_WEBHOOK = "delete from webhook where community_id = $1 and webhook_id = $2";
    INSERT_PAUSE = "insert into webhook_pause (community_id, webhook_id, paused_at, paused_by, reason) \
        values ($1, $2, $3, $4, $5) on conflict (community_id, webhook_id) do nothing";
    DELETE_PAUSE = "delete from webhook_pause where community_id = $1 and webhook_id = $2";
    SUBSCRIPTIONS = "select w.webhook_id, w.kinds, w.since from webhook w \
        left join webhook_pause p on p.community_id = w.community_id and p.webhook_id = w.webhook_id \
        where w.community_id = $1 and (p.reason is null or p.reason <> 'gone')";
    DELETE_DELIVERIES = "delete from webhook_delivery where community_id = $1 and webhook_id = $2";
    COMMUNITIES = "select distinct community_id from webhook";
}

/// What a webhook is stored as at first.
pub(crate) struct NewWebhook<'a> {
    pub(crate) id: WebhookId,
    pub(crate) endpoint: &'a Endpoint,
    pub(crate) kinds: &'a Kinds,
    pub(crate) description: &'a str,
    pub(crate) sealed_secret: Vec<u8>,
    /// The position of the entry that added it: it is told of what comes after.
    pub(crate) since: u64,
}

pub(crate) fn insert_webhook(
    tx: &mut dyn Tx,
    ctx: &Context,
    new: NewWebhook<'_>,
) -> Result<(), Error> {
    tx.execute(
        INSERT_WEBHOOK,
        &[
            ctx.community.into(),
            new.id.into(),
            new.endpoint.as_str().into(),
            new.kinds.text().into(),
            new.description.into(),
            new.sealed_secret.into(),
            count(new.since),
            ctx.now.into(),
            ctx.actor.uuid().into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn webhooks(read: &mut dyn Read, community: CommunityId) -> Result<Vec<Webhook>, Error> {
    read.query(WEBHOOKS, &[community.into()])?
        .iter()
        .map(webhook_of)
        .collect()
}

pub(crate) fn webhook(
    read: &mut dyn Read,
    community: CommunityId,
    id: WebhookId,
) -> Result<Webhook, Error> {
    let row = read.query_one(WEBHOOK, &[community.into(), id.into()])?;
    webhook_of(&row.ok_or(Error::NoSuchWebhook)?)
}

fn webhook_of(row: &Row) -> Result<Webhook, Error> {
    let pause = match row.get::<Option<Timestamp>>(6)? {
        Some(at) => {
            let reason: String = row.get(7)?;
            let known = PauseReason::from_name(&reason);
            Some(Pause {
                at,
                reason: known.ok_or(Error::Unreadable {
                    what: "a pause",
                    value: reason,
                })?,
            })
        }
        None => None,
    };
    Ok(Webhook {
        id: row.get(0)?,
        url: row.get(1)?,
        kinds: Kinds::parse(&row.get::<String>(2)?)?,
        description: row.get(3)?,
        added_at: row.get(4)?,
        old_secret_until: row.get(5)?,
        pause,
    })
}

pub(crate) fn webhook_count(read: &mut dyn Read, community: CommunityId) -> Result<u64, db::Error> {
    read.query_one(COUNT, &[community.into()])?
        .map_or(Ok(0), |row| row.get(0))
}

/// A webhook's secrets, sealed: the newest, and the one before it as long as it signs too.
pub(crate) struct SealedSecrets {
    pub(crate) newest: Vec<u8>,
    /// When the newest was made.
    pub(crate) made_at: Timestamp,
    pub(crate) old: Option<Vec<u8>>,
}

pub(crate) fn secrets(
    read: &mut dyn Read,
    community: CommunityId,
    id: WebhookId,
    now: Timestamp,
) -> Result<SealedSecrets, Error> {
    let row = read
        .query_one(SECRETS, &[community.into(), id.into()])?
        .ok_or(Error::NoSuchWebhook)?;
    let until: Option<Timestamp> = row.get(2)?;
    let old: Option<Vec<u8>> = row.get(1)?;
    let old = old.filter(|_| until.is_some_and(|until| now < until));
    Ok(SealedSecrets {
        newest: row.get(0)?,
        made_at: row.get(3)?,
        old,
    })
}

pub(crate) fn change_secret(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: WebhookId,
    sealed: Vec<u8>,
    old_until: Timestamp,
) -> Result<(), db::Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        sealed.into(),
        old_until.into(),
        ctx.now.into(),
    ];
    tx.execute(CHANGE_SECRET, &row)?;
    Ok(())
}

/// Removes a webhook with everything that hangs on it; its history stays in the journal.
pub(crate) fn delete_webhook(
    tx: &mut dyn Tx,
    community: CommunityId,
    id: WebhookId,
) -> Result<(), db::Error> {
    for statement in [DELETE_DELIVERIES, DELETE_PAUSE, DELETE_WEBHOOK] {
        tx.execute(statement, &[community.into(), id.into()])?;
    }
    Ok(())
}

/// Whether it was not paused before.
pub(crate) fn insert_pause(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: WebhookId,
    reason: PauseReason,
) -> Result<bool, db::Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
        reason.name().into(),
    ];
    Ok(tx.execute(INSERT_PAUSE, &row)? > 0)
}

/// Whether it was paused before.
pub(crate) fn delete_pause(
    tx: &mut dyn Tx,
    community: CommunityId,
    id: WebhookId,
) -> Result<bool, db::Error> {
    Ok(tx.execute(DELETE_PAUSE, &[community.into(), id.into()])? > 0)
}

/// A webhook as the follower sees it.
#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    pub(crate) id: WebhookId,
    pub(crate) kinds: Kinds,
    pub(crate) since: u64,
}

pub(crate) fn subscriptions(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<Subscription>, Error> {
    read.query(SUBSCRIPTIONS, &[community.into()])?
        .iter()
        .map(|row| {
            let kinds = Kinds::parse(&row.get::<String>(1)?)?;
            Ok(Subscription {
                id: row.get(0)?,
                kinds,
                since: row.get(2)?,
            })
        })
        .collect()
}

/// Every community that has a webhook.
pub(crate) fn communities(read: &mut dyn Read) -> Result<Vec<CommunityId>, db::Error> {
    read.query(COMMUNITIES, &[])?
        .iter()
        .map(|row| row.get(0))
        .collect()
}
