//! How often one client may ask for one thing: in memory, per process, for the web to apply before any work.

use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};

use crate::Error;

/// A named limit: so many at once, and so many a minute on the long run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// What it limits, for configuration and logs: `sign_in`, `code`, `write`.
    pub name: &'static str,
    /// How many may come at once.
    pub burst: NonZeroU32,
    /// How many a minute come back.
    pub per_minute: NonZeroU32,
}

impl Limit {
    /// So many at once and so many a minute; at least one of each.
    pub const fn new(name: &'static str, burst: u32, per_minute: u32) -> Self {
        const fn at_least_one(number: u32) -> NonZeroU32 {
            match NonZeroU32::new(number) {
                Some(number) => number,
                None => NonZeroU32::MIN,
            }
        }
        Self {
            name,
            burst: at_least_one(burst),
            per_minute: at_least_one(per_minute),
        }
    }
}

/// Limits by key: a client's address or an account. Each limit has its own counts.
#[derive(Debug)]
pub struct RateLimiter {
    limits: Vec<(Limit, DefaultKeyedRateLimiter<String>)>,
}

/// Above this many keys of a limit, those at rest are forgotten at the next question.
const KEYS: usize = 100_000;

impl RateLimiter {
    /// With these limits.
    pub fn new(limits: &[Limit]) -> Self {
        let limiter = |limit: &Limit| {
            let quota = Quota::per_minute(limit.per_minute).allow_burst(limit.burst);
            (*limit, DefaultKeyedRateLimiter::keyed(quota))
        };
        Self {
            limits: limits.iter().map(limiter).collect(),
        }
    }

    /// Counts one request; refuses with [`Error::TooManyRequests`] if the key has used the limit up. A name that was
    /// not declared limits nothing.
    pub fn check(&self, limit: &'static str, key: &str) -> Result<(), Error> {
        let Some((_, limiter)) = self.limits.iter().find(|(known, _)| known.name == limit) else {
            return Ok(());
        };
        if limiter.len() > KEYS {
            limiter.retain_recent();
        }
        limiter.check_key(&key.to_owned()).map_err(|not_until| {
            let wait = not_until.wait_time_from(DefaultClock::default().now());
            Error::TooManyRequests {
                seconds: wait.as_secs().saturating_add(1),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_then_the_key_waits_and_others_do_not() {
        let some = |n| NonZeroU32::new(n).unwrap();
        let limiter = RateLimiter::new(&[
            Limit {
                name: "code",
                burst: some(3),
                per_minute: some(1),
            },
            Limit {
                name: "write",
                burst: some(1),
                per_minute: some(60),
            },
        ]);
        for _ in 0..3 {
            limiter.check("code", "10.0.0.1").unwrap();
        }
        let refused = limiter.check("code", "10.0.0.1").unwrap_err();
        assert!(
            matches!(refused, Error::TooManyRequests { seconds: 50..=61 }),
            "{refused}"
        );
        limiter.check("code", "10.0.0.2").unwrap();
        limiter.check("write", "10.0.0.1").unwrap();
        limiter.check("undeclared", "10.0.0.1").unwrap();
    }
}
