//! Failed sign-ins: how long the next try has to wait.

use serde::Serialize;

/// When failed sign-ins make the next one wait. Counted by login (existing or not) and by client address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Lockout {
    /// For one login.
    pub login: Threshold,
    /// For one address; higher, because a community's desk or a mobile network shares one.
    pub address: Threshold,
    /// Seconds without a failure after which all is forgotten.
    pub forget_after_seconds: i64,
}

/// From which failure on there is a wait, and how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Threshold {
    /// From this many failures on each doubles the wait: 2 s, 4 s, 8 s…
    pub delay_from: u32,
    /// From this many on each waits `lock_seconds`.
    pub lock_from: u32,
    /// The longest wait.
    pub lock_seconds: i64,
}

impl Default for Lockout {
    fn default() -> Self {
        let quarter_of_an_hour = 15 * 60;
        Self {
            login: Threshold {
                delay_from: 5,
                lock_from: 10,
                lock_seconds: quarter_of_an_hour,
            },
            address: Threshold {
                delay_from: 30,
                lock_from: 60,
                lock_seconds: quarter_of_an_hour,
            },
            forget_after_seconds: 24 * 3600,
        }
    }
}

impl Threshold {
    /// Seconds to wait after this many failures.
    pub fn wait_seconds(self, failures: i64) -> i64 {
        if failures >= i64::from(self.lock_from) {
            return self.lock_seconds;
        }
        match failures - i64::from(self.delay_from) {
            ..0 => 0,
            past @ 0..=30 => (2 << past).min(self.lock_seconds),
            _ => self.lock_seconds,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_from_the_fifth_failure_and_lock_from_the_tenth() {
        let threshold = Lockout::default().login;
        let waits: Vec<i64> = (0..=12)
            .map(|failures| threshold.wait_seconds(failures))
            .collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 900, 900, 900]);
        assert_eq!(threshold.wait_seconds(i64::MAX), 900);
    }
}
