//! The follower: writes a delivery for every webhook that an entry concerns, in the transaction that moves its position.

use std::collections::HashMap;
use std::sync::Arc;

use db::Tx;
use journal::{Entry, Follower};
use kernel::CommunityId;

use crate::commands::{TESTED, subject};
use crate::held::Held;
use crate::store::{self, Subscription};

/// The follower of the journal behind all webhooks.
pub fn follower() -> Follower {
    Follower {
        name: "webhooks",
        handle: Arc::new(|tx, entry| take(tx, entry).map_err(for_journal)),
    }
}

/// What the lane remembers of a community's webhooks. Every change to them is an entry itself, so what was read stands
/// until such an entry comes by; a position that does not follow the last one was followed by another process.
#[derive(Default)]
struct Remembered(HashMap<CommunityId, Known>);

struct Known {
    next: u64,
    subscriptions: Arc<[Subscription]>,
}

fn take(tx: &mut dyn Tx, entry: &Entry) -> Result<(), crate::Error> {
    let subscriptions = subscriptions(tx, entry)?;
    // Who asked for some kinds only must not count what is held back by them.
    let by_kind = subscriptions.iter().any(|one| !one.kinds.is_all());
    let shown = if by_kind && entry.kind.starts_with("decisions.") {
        &Held::at(tx, entry.community, entry.at)?.shown(entry)
    } else {
        entry
    };
    for subscription in subscriptions
        .iter()
        .filter(|subscription| concerns(subscription, shown))
    {
        store::insert_delivery(
            tx,
            entry.community,
            subscription.id,
            entry.position,
            entry.at,
        )?;
    }
    let remembered = &mut tx.cache().entry::<Remembered>().0;
    if entry.kind.starts_with("webhooks.") {
        remembered.remove(&entry.community);
    } else {
        remembered.insert(
            entry.community,
            Known {
                next: entry.position + 1,
                subscriptions,
            },
        );
    }
    Ok(())
}

fn subscriptions(tx: &mut dyn Tx, entry: &Entry) -> Result<Arc<[Subscription]>, crate::Error> {
    let known = tx.cache().entry::<Remembered>().0.get(&entry.community);
    if let Some(known) = known.filter(|known| known.next == entry.position) {
        return Ok(Arc::clone(&known.subscriptions));
    }
    Ok(store::subscriptions(tx, entry.community)?.into())
}

/// Whether a webhook is told of an entry: it came after the webhook, and is of its kinds or its own test.
fn concerns(subscription: &Subscription, entry: &Entry) -> bool {
    let own_test = || entry.kind == TESTED && entry.subject == subject(subscription.id);
    entry.position > subscription.since && (subscription.kinds.take(&entry.kind) || own_test())
}

/// A follower speaks the journal's errors.
fn for_journal(error: crate::Error) -> journal::Error {
    match error {
        crate::Error::Database(error) => error.into(),
        crate::Error::Journal(error) => error,
        other => journal::Error::Json {
            what: "a stored webhook",
            reason: other.to_string(),
        },
    }
}
