//! How often one address may do what takes no account.

use std::sync::Arc;

use identity::{Limit, RateLimiter};

use crate::{Client, Failure};

/// Counts acts by address, in memory. A module that has an act for anyone keeps one and hands it to its routes.
#[derive(Clone, Debug)]
pub struct Throttle {
    limit: Limit,
    limiter: Arc<RateLimiter>,
}

impl Throttle {
    /// So many at once from an address, and so many a minute on the long run.
    pub fn new(name: &'static str, burst: u32, per_minute: u32) -> Self {
        let limit = Limit::new(name, burst, per_minute);
        Self {
            limit,
            limiter: Arc::new(RateLimiter::new(&[limit])),
        }
    }

    /// Counts one act.
    ///
    /// # Errors
    /// When the address has used its limit up: how long to wait.
    pub fn count(&self, client: &Client) -> Result<(), Failure> {
        Ok(self.limiter.check(self.limit.name, &client.address)?)
    }
}
