//! Faults on purpose: the n-th call of the write lanes fails, so that a test can try every n.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::Error;

/// Which call of the write lanes fails, once. Clones share the plan.
///
/// Calls are `query`, `query_many`, `execute`, `insert_many` of commands and the lane's commit. What fails answers
/// [`Error::Unavailable`] with the reason "injected fault".
#[derive(Clone, Debug, Default)]
pub struct FaultPlan(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    made: AtomicU64,
    before: AtomicU64,
    after: AtomicU64,
}

impl FaultPlan {
    /// The `n`-th call from now (from 1) fails instead of being made.
    pub fn fail_call(&self, n: u64) {
        self.0.before.store(self.calls_made() + n, Ordering::SeqCst);
    }

    /// The `n`-th call from now (from 1) is made, and its answer is lost: as when a server commits and the network
    /// fails before it can say so.
    pub fn lose_answer(&self, n: u64) {
        self.0.after.store(self.calls_made() + n, Ordering::SeqCst);
    }

    /// No call fails any more.
    pub fn disarm(&self) {
        self.0.before.store(0, Ordering::SeqCst);
        self.0.after.store(0, Ordering::SeqCst);
    }

    /// How many calls were made so far, failed ones included.
    pub fn calls_made(&self) -> u64 {
        self.0.made.load(Ordering::SeqCst)
    }

    /// Makes a call, unless it is the one to fail.
    pub(crate) fn call<T>(&self, made: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        let number = self.0.made.fetch_add(1, Ordering::SeqCst) + 1;
        if number == self.0.before.load(Ordering::SeqCst) {
            return Err(injected());
        }
        let answer = made();
        if number == self.0.after.load(Ordering::SeqCst) {
            return Err(injected());
        }
        answer
    }
}

fn injected() -> Error {
    Error::Unavailable {
        reason: "injected fault".to_owned(),
    }
}
