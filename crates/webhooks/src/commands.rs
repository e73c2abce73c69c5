//! What an actor may do to a webhook: each one journal entry, whose public part never holds a secret or a whole
//! address (the path of some services is as good as a password).

use db::Tx;
use journal::{Change, Command, record};
use kernel::{Context, Permission};
use serde::Serialize;
use serde_json::json;

use crate::store::{self, LastAnswer, NewWebhook};
use crate::{
    Endpoint, Error, Failing, Kinds, MANAGE, MAX_DESCRIPTION, MAX_WEBHOOKS, OLD_SECRET_SECONDS,
    Outcome, PauseReason, Secret, WebhookId,
};

/// Every command with the permission it needs; the permission test goes through this list.
pub const COMMANDS: &[(&str, Permission)] = &[
    (AddWebhook::NAME, MANAGE),
    (PauseWebhook::NAME, MANAGE),
    (ResumeWebhook::NAME, MANAGE),
    (RemoveWebhook::NAME, MANAGE),
    (RotateSecret::NAME, MANAGE),
    (TestWebhook::NAME, MANAGE),
    (RepeatDelivery::NAME, MANAGE),
    (StopGoneWebhook::NAME, MANAGE),
];

/// The kind of the entry that a test event is.
pub(crate) const TESTED: &str = "webhooks.webhook.tested";

/// The subject under which the journal keeps a webhook's history.
pub(crate) fn subject(id: WebhookId) -> String {
    format!("webhook/{id}")
}

/// Tells an address of what happens from now on. Its secret is made here and stored sealed; whoever added it reads it
/// once with [`crate::new_secret`].
#[derive(Serialize)]
pub struct AddWebhook {
    /// Where events go.
    pub endpoint: Endpoint,
    /// Which entries.
    pub kinds: Kinds,
    /// What it is for; may be empty.
    pub description: String,
}

impl Command for AddWebhook {
    const NAME: &'static str = "webhooks.webhook.add";
    type Outcome = WebhookId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<WebhookId, Error> {
        ctx.require(MANAGE)?;
        let length = self.description.chars().count();
        if length > MAX_DESCRIPTION {
            return Err(Error::DescriptionTooLong {
                length,
                max: MAX_DESCRIPTION,
            });
        }
        if store::webhook_count(tx, ctx.community)? >= MAX_WEBHOOKS {
            return Err(Error::TooManyWebhooks { max: MAX_WEBHOOKS });
        }
        let id = WebhookId::from_uuid(ctx.new_uuid());
        let sealed_secret = Secret::generate(&ctx.random).seal(ctx)?;
        let change = Change::new("webhooks.webhook.added", subject(id))
            .public(json!({ "host": self.endpoint.host(), "kinds": self.kinds }))
            .private(json!({ "url": self.endpoint, "description": self.description }));
        let since = record(tx, ctx, change)?.position;
        let (endpoint, kinds, description) = (&self.endpoint, &self.kinds, self.description.trim());
        store::insert_webhook(
            tx,
            ctx,
            NewWebhook {
                id,
                endpoint,
                kinds,
                description,
                sealed_secret,
                since,
            },
        )?;
        Ok(id)
    }
}

/// Tells an address nothing until it goes on; what happens meanwhile waits for it.
#[derive(Serialize)]
pub struct PauseWebhook {
    /// The webhook.
    pub webhook: WebhookId,
}

impl Command for PauseWebhook {
    const NAME: &'static str = "webhooks.webhook.pause";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(MANAGE)?;
        store::webhook(tx, ctx.community, self.webhook)?;
        if !store::insert_pause(tx, ctx, self.webhook, PauseReason::Person)? {
            return Err(Error::AlreadyPaused);
        }
        let change = Change::new("webhooks.webhook.paused", subject(self.webhook))
            .public(json!({ "reason": PauseReason::Person.name() }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Tells an address again, first of what waited.
#[derive(Serialize)]
pub struct ResumeWebhook {
    /// The webhook.
    pub webhook: WebhookId,
}

impl Command for ResumeWebhook {
    const NAME: &'static str = "webhooks.webhook.resume";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(MANAGE)?;
        store::webhook(tx, ctx.community, self.webhook)?;
        if !store::delete_pause(tx, ctx.community, self.webhook)? {
            return Err(Error::NotPaused);
        }
        store::hurry(tx, ctx.community, self.webhook, ctx.now)?;
        record(
            tx,
            ctx,
            Change::new("webhooks.webhook.resumed", subject(self.webhook)),
        )?;
        Ok(())
    }
}

/// Forgets an address, its secret and its deliveries.
#[derive(Serialize)]
pub struct RemoveWebhook {
    /// The webhook.
    pub webhook: WebhookId,
}

impl Command for RemoveWebhook {
    const NAME: &'static str = "webhooks.webhook.remove";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(MANAGE)?;
        store::webhook(tx, ctx.community, self.webhook)?;
        store::delete_webhook(tx, ctx.community, self.webhook)?;
        record(
            tx,
            ctx,
            Change::new("webhooks.webhook.removed", subject(self.webhook)),
        )?;
        Ok(())
    }
}

/// Gives a webhook a new secret. The old one signs beside it for a day, so that the receiver can change over.
#[derive(Serialize)]
pub struct RotateSecret {
    /// The webhook.
    pub webhook: WebhookId,
}

impl Command for RotateSecret {
    const NAME: &'static str = "webhooks.secret.rotate";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(MANAGE)?;
        store::webhook(tx, ctx.community, self.webhook)?;
        let sealed = Secret::generate(&ctx.random).seal(ctx)?;
        let old_until = ctx.now.plus_seconds(OLD_SECRET_SECONDS);
        store::change_secret(tx, ctx, self.webhook, sealed, old_until)?;
        let change = Change::new("webhooks.secret.rotated", subject(self.webhook))
            .public(json!({ "old_signs_until": old_until.rfc3339() }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Writes an entry that this webhook is told of whatever its kinds, to see whether it arrives.
#[derive(Serialize)]
pub struct TestWebhook {
    /// The webhook.
    pub webhook: WebhookId,
}

impl Command for TestWebhook {
    const NAME: &'static str = "webhooks.webhook.test";
    type Outcome = u64;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<u64, Error> {
        ctx.require(MANAGE)?;
        store::webhook(tx, ctx.community, self.webhook)?;
        let change = Change::new(TESTED, subject(self.webhook)).public(json!({ "test": true }));
        Ok(record(tx, ctx, change)?.position)
    }
}

/// Sends an entry again, or at once instead of later.
#[derive(Serialize)]
pub struct RepeatDelivery {
    /// The webhook.
    pub webhook: WebhookId,
    /// The entry's position.
    pub position: u64,
}

impl Command for RepeatDelivery {
    const NAME: &'static str = "webhooks.delivery.repeat";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(MANAGE)?;
        store::webhook(tx, ctx.community, self.webhook)?;
        if !store::repeat(tx, ctx.community, self.webhook, self.position, ctx.now)? {
            return Err(Error::NoSuchDelivery {
                position: self.position,
            });
        }
        let change = Change::new("webhooks.delivery.repeated", subject(self.webhook))
            .public(json!({ "position": self.position }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Linli stops a webhook whose address answered 410 Gone, and gives that delivery up.
#[derive(Serialize)]
pub struct StopGoneWebhook {
    /// The webhook.
    pub webhook: WebhookId,
    /// The entry that was refused.
    pub position: u64,
}

impl Command for StopGoneWebhook {
    const NAME: &'static str = "webhooks.webhook.stop_gone";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(MANAGE)?;
        store::webhook(tx, ctx.community, self.webhook)?;
        let answer = LastAnswer {
            status: Some(410),
            problem: Some(Failing::Status),
        };
        let delivery = (self.webhook, self.position);
        store::settle(
            tx,
            ctx.community,
            delivery,
            (Outcome::GivenUp, ctx.now),
            answer,
        )?;
        if !store::insert_pause(tx, ctx, self.webhook, PauseReason::Gone)? {
            return Err(Error::AlreadyPaused);
        }
        let change = Change::new("webhooks.webhook.paused", subject(self.webhook))
            .public(json!({ "reason": PauseReason::Gone.name() }));
        record(tx, ctx, change)?;
        Ok(())
    }
}
