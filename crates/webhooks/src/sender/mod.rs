//! Sends what is due until it is dropped: per webhook in order, many webhooks at once, at least once each.
//!
//! A try is claimed in the database before it is made. Whoever dies between the call and the note of its answer leaves
//! the claim to run out, and the event goes out again under the same id.

mod attempt;
mod post;

use std::time::Duration;

use kernel::CommunityId;
use shell::{App, Failure};
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinSet;

use crate::store;
use attempt::{Attempt, claim_due};

pub use post::loopback_allowed;

/// How often it looks for what other processes wrote and for what became due.
const POLL: Duration = Duration::from_secs(2);
/// How long it waits after an entry for the follower to write deliveries, and for more entries.
const GATHER: Duration = Duration::from_millis(200);
/// How many calls are under way at once.
const MAX_CALLS: usize = 32;

/// Sends deliveries as they become due, until the future is dropped. Several processes may do so on one database.
pub async fn run(app: App) {
    let mut written = app.journal().watch();
    let mut calls = JoinSet::new();
    loop {
        if let Err(failure) = start_due(&app, &mut calls).await {
            tracing::error!("webhooks can't see what is due: {}", failure.english);
        }
        tokio::select! {
            Some(done) = calls.join_next() => note_broken(done),
            () = tokio::time::sleep(POLL) => {}
            next = written.recv() => {
                if let Err(RecvError::Closed) = next {
                    return;
                }
                tokio::time::sleep(GATHER).await;
                // What was written meanwhile is looked at now; what comes later wakes again.
                written = written.resubscribe();
            }
        }
    }
}

/// Sends everything that is due now, webhook by webhook in order, and says how many calls that were. For tests and for
/// those who drive the time themselves.
pub async fn send_due(app: &App) -> Result<u64, Failure> {
    let mut sent = 0;
    loop {
        let mut calls = JoinSet::new();
        start_due(app, &mut calls).await?;
        if calls.is_empty() {
            return Ok(sent);
        }
        while let Some(done) = calls.join_next().await {
            note_broken(done);
            sent += 1;
        }
    }
}

/// Starts the calls that are due, as far as there is room.
async fn start_due(app: &App, calls: &mut JoinSet<()>) -> Result<(), Failure> {
    let communities: Vec<CommunityId> =
        app.database().read(|read| store::communities(read)).await?;
    for community in communities {
        let room = MAX_CALLS.saturating_sub(calls.len());
        if room == 0 {
            return Ok(());
        }
        match claim_due(app, community, room).await {
            Ok(attempts) => {
                for attempt in attempts {
                    calls.spawn(make(app.clone(), attempt));
                }
            }
            Err(error) => {
                tracing::error!(%community, %error, "webhooks of a community can't be sent");
            }
        }
    }
    Ok(())
}

async fn make(app: App, attempt: Attempt) {
    let (community, webhook, position) = (attempt.community, attempt.webhook, attempt.position);
    if let Err(failure) = attempt.make(&app).await {
        tracing::error!(%community, %webhook, position, "a delivery can't be noted: {}", failure.english);
    }
}

fn note_broken(done: Result<(), tokio::task::JoinError>) {
    if let Err(error) = done {
        tracing::error!(%error, "a call to a webhook broke off");
    }
}
