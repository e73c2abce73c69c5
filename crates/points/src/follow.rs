//! What other modules' entries tell: who voted on the platform, and that the votes were counted. Paid after the count, so
//! that no award tells a turnout that the rules hide until then.

use std::sync::Arc;

use db::Tx;
use journal::{Entry, Follower};
use kernel::AccountId;

use crate::store;

/// Reads every community's journal for acts that earn by themselves.
pub(crate) fn follower() -> Follower {
    Follower {
        name: "points.events",
        handle: Arc::new(follow),
    }
}

fn follow(tx: &mut dyn Tx, entry: &Entry) -> Result<(), journal::Error> {
    match entry.kind.as_str() {
        // The actor of a vote on paper is whoever entered it.
        "decisions.vote.cast" if is_electronic(entry)? && !entry.actor.is_nil() => {
            let account = AccountId::from_uuid(entry.actor);
            let subject = entry.subject.trim_end_matches("/ballots");
            store::put_event(tx, entry.community, subject, account, entry.at)?;
        }
        "decisions.votes.counted" => {
            store::count_event(tx, entry.community, &entry.subject, entry.at)?;
        }
        _ => {}
    }
    Ok(())
}

fn is_electronic(entry: &Entry) -> Result<bool, journal::Error> {
    let public = entry.public_value()?;
    Ok(public.get("channel").and_then(|channel| channel.as_str()) == Some("electronic"))
}
