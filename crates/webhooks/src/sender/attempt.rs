//! One try of one delivery: claimed, made, and its answer noted.

use db::Tx;
use journal::Entry;
use kernel::{CommunityId, Timestamp};
use shell::{App, Failure};

use super::post::{self, Answer, Call};
use crate::held::Held;
use crate::store::{self, LastAnswer, SealedSecrets};
use crate::{
    Error, Event, Failing, Outcome, Secret, StopGoneWebhook, WebhookId, event_id, retry_seconds,
};

/// How long a claim holds, in seconds: longer than a call may take, with room for a busy database.
const CLAIM_SECONDS: i64 = 60;

/// A claimed try.
pub(super) struct Attempt {
    pub(super) community: CommunityId,
    pub(super) webhook: WebhookId,
    pub(super) position: u64,
    /// Which try it is, from 1.
    attempts: u32,
    url: String,
    secrets: SealedSecrets,
    entry: Entry,
    /// What may not be told yet.
    held: Held,
}

/// Claims at most `room` tries that are due in a community.
pub(super) async fn claim_due(
    app: &App,
    community: CommunityId,
    room: usize,
) -> Result<Vec<Attempt>, Error> {
    let (now, limit) = (app.now(), u32::try_from(room).unwrap_or(u32::MAX));
    let due = app
        .database()
        .read(move |read| store::due(read, community, now, limit))
        .await?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let claim = move |tx: &mut dyn Tx| {
        let claimed = due
            .iter()
            .map(|(webhook, position)| claim(tx, community, *webhook, *position, now));
        claimed.filter_map(Result::transpose).collect()
    };
    app.database().write(community, claim).await
}

fn claim(
    tx: &mut dyn Tx,
    community: CommunityId,
    id: WebhookId,
    position: u64,
    now: Timestamp,
) -> Result<Option<Attempt>, Error> {
    if !store::claim(
        tx,
        community,
        id,
        position,
        now,
        now.plus_seconds(CLAIM_SECONDS),
    )? {
        return Ok(None);
    }
    let Some(delivery) = store::delivery(tx, community, id, position)? else {
        return Ok(None);
    };
    Ok(Some(Attempt {
        community,
        webhook: id,
        position,
        attempts: delivery.attempts,
        url: store::webhook(tx, community, id)?.url,
        secrets: store::secrets(tx, community, id, now)?,
        entry: journal::entry(tx, community, position)?,
        held: Held::at(tx, community, now)?,
    }))
}

impl Attempt {
    /// Makes the call and notes what came of it.
    pub(super) async fn make(self, app: &App) -> Result<(), Failure> {
        let answer = match self.call(app) {
            Ok(call) => post::post(call, post::loopback_allowed(app)).await,
            Err(Error::Vault(_)) => Answer::None(Failing::Secret),
            Err(error) => return Err(error.into()),
        };
        self.note(app, answer).await
    }

    fn call(&self, app: &App) -> Result<Call, Error> {
        let id = event_id(self.community, self.position);
        let timestamp_seconds = app.now().micros().div_euclid(1_000_000);
        let body = Event::of(&self.entry, &self.held, &app.settings().public_url)?.to_json()?;
        let sealed = std::iter::once(&self.secrets.newest).chain(&self.secrets.old);
        let signatures = sealed
            .map(|sealed| {
                Ok(Secret::open(app.vault(), self.community, sealed)?.sign(
                    &id,
                    timestamp_seconds,
                    &body,
                ))
            })
            .collect::<Result<Vec<String>, Error>>()?;
        Ok(Call {
            url: self.url.clone(),
            id,
            timestamp_seconds,
            signature: signatures.join(" "),
            body,
        })
    }

    async fn note(self, app: &App, answer: Answer) -> Result<(), Failure> {
        match answer {
            Answer::Status(status @ 200..=299) => {
                self.settle(
                    app,
                    Outcome::Delivered,
                    LastAnswer {
                        status: Some(status),
                        problem: None,
                    },
                )
                .await
            }
            Answer::Status(410) => self.stop(app).await,
            Answer::Status(status) => {
                self.failed(
                    app,
                    LastAnswer {
                        status: Some(status),
                        problem: Some(Failing::Status),
                    },
                )
                .await
            }
            Answer::None(problem) => {
                self.failed(
                    app,
                    LastAnswer {
                        status: None,
                        problem: Some(problem),
                    },
                )
                .await
            }
        }
    }

    /// Puts it off, or gives it up after the last try.
    async fn failed(self, app: &App, last: LastAnswer) -> Result<(), Failure> {
        let chance = u32::try_from(app.randomness()?.below(1 << 32)).unwrap_or(0);
        let Some(seconds) = retry_seconds(self.attempts, chance) else {
            tracing::warn!(webhook = %self.webhook, position = self.position, "gave a delivery up");
            return self.settle(app, Outcome::GivenUp, last).await;
        };
        let (community, key) = (self.community, (self.webhook, self.position));
        let put_off = (self.attempts, app.now().plus_seconds(seconds));
        app.database()
            .write(community, move |tx| {
                store::put_off(tx, community, key, put_off, last)
            })
            .await?;
        Ok(())
    }

    async fn settle(self, app: &App, outcome: Outcome, last: LastAnswer) -> Result<(), Failure> {
        let (community, key, settled) = (
            self.community,
            (self.webhook, self.position),
            (outcome, app.now()),
        );
        app.database()
            .write(community, move |tx| {
                store::settle(tx, community, key, settled, last)
            })
            .await?;
        Ok(())
    }

    /// The receiver is gone: nothing more goes there until a person says so.
    async fn stop(self, app: &App) -> Result<(), Failure> {
        let ctx = app.system_context(self.community)?;
        let command = StopGoneWebhook {
            webhook: self.webhook,
            position: self.position,
        };
        match app.journal().execute(ctx, command).await {
            // Removed or paused by a person meanwhile: nothing goes there either.
            Ok(()) | Err(Error::NoSuchWebhook | Error::AlreadyPaused) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
