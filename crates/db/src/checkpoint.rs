//! Moves what was committed from SQLite's write-ahead log into the database, beside the lane and not in its way.

use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError};

use crate::session::Session;

/// How long commits are gathered before they are moved.
const EVERY: Duration = Duration::from_millis(50);

/// Works until the lane that tells of its commits is gone.
pub(crate) fn serve(mut session: Box<dyn Session>, committed: &Receiver<()>) {
    while committed.recv().is_ok() {
        let due = Instant::now() + EVERY;
        loop {
            match committed.recv_deadline(due) {
                Ok(()) => {}
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
        session.checkpoint();
    }
}
