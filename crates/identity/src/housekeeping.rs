//! Writes that are nobody's act, and so have no journal entry: seen sessions, and what may be forgotten.
//!
//! Run them in `database.write(CommunityId::CITY, …)`.

use db::Tx;
use kernel::Timestamp;

use crate::{Error, Lockout, SessionId, TOUCH_EVERY_SECONDS, store};

/// Writes that a session was seen, at most every five minutes however often it is asked;
/// when [`SignedIn::touch_due`](crate::SignedIn::touch_due).
pub fn touch(tx: &mut dyn Tx, session: SessionId, now: Timestamp) -> Result<(), Error> {
    store::touch_session(tx, session, now, now.plus_seconds(-TOUCH_EVERY_SECONDS))
}

/// Days after which ended and unused sessions are forgotten; the journal keeps that they were.
const SESSION_DAYS: i64 = 60;

/// Forgets what has run out: failures, passkey ceremonies, old sessions. Says how many rows; run it hourly.
pub fn prune(tx: &mut dyn Tx, now: Timestamp, lockout: Lockout) -> Result<u64, Error> {
    let failures = store::prune_failures(tx, now.plus_seconds(-lockout.forget_after_seconds))?;
    let ceremonies = store::prune_ceremonies(tx, now)?;
    let sessions = store::prune_sessions(tx, now.plus_days(-SESSION_DAYS))?;
    Ok(failures.saturating_add(ceremonies).saturating_add(sessions))
}
