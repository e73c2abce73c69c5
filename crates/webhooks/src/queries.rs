//! What an actor may see of webhooks.

use db::Read;
use kernel::Context;

use crate::store;
use crate::{Delivery, Error, MANAGE, Secret, Webhook, WebhookId};

/// How many deliveries a page shows.
pub(crate) const PAGE: u32 = 50;

/// A webhook and how it fares.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The webhook.
    pub webhook: Webhook,
    /// How many deliveries wait.
    pub waiting: u64,
    /// The delivery whose turn it is.
    pub next: Option<Delivery>,
    /// The newest delivery.
    pub newest: Option<Delivery>,
}

/// The community's webhooks, oldest first.
pub fn webhooks(read: &mut dyn Read, ctx: &Context) -> Result<Vec<Summary>, Error> {
    ctx.require(MANAGE)?;
    let webhooks = store::webhooks(read, ctx.community)?;
    webhooks
        .into_iter()
        .map(|webhook| summary(read, ctx, webhook))
        .collect()
}

/// One webhook.
pub fn webhook(read: &mut dyn Read, ctx: &Context, id: WebhookId) -> Result<Summary, Error> {
    ctx.require(MANAGE)?;
    let webhook = store::webhook(read, ctx.community, id)?;
    summary(read, ctx, webhook)
}

fn summary(read: &mut dyn Read, ctx: &Context, webhook: Webhook) -> Result<Summary, Error> {
    let id = webhook.id;
    Ok(Summary {
        webhook,
        waiting: store::waiting(read, ctx.community, id)?,
        next: store::first_waiting(read, ctx.community, id)?,
        newest: store::deliveries(read, ctx.community, id, u64::MAX, 1)?
            .into_iter()
            .next(),
    })
}

/// A webhook's deliveries, newest first: 50 before a position.
pub fn deliveries(
    read: &mut dyn Read,
    ctx: &Context,
    id: WebhookId,
    before: Option<u64>,
) -> Result<Vec<Delivery>, Error> {
    ctx.require(MANAGE)?;
    store::webhook(read, ctx.community, id)?;
    store::deliveries(read, ctx.community, id, before.unwrap_or(u64::MAX), PAGE)
}

/// The secret that a command of this very request has just made, to be shown once; `None` for any older one, also
/// where a repeated command answers as before.
pub fn new_secret(
    read: &mut dyn Read,
    ctx: &Context,
    id: WebhookId,
) -> Result<Option<Secret>, Error> {
    ctx.require(MANAGE)?;
    let sealed = store::secrets(read, ctx.community, id, ctx.now)?;
    if sealed.made_at != ctx.now {
        return Ok(None);
    }
    Ok(Some(Secret::open(
        &ctx.vault,
        ctx.community,
        &sealed.newest,
    )?))
}
