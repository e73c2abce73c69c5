//! Time: microseconds since 1970 UTC in storage, civil dates of Asia/Shanghai in law.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// An instant, in microseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant this many microseconds after 1970-01-01 UTC.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970-01-01 UTC.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The start of `date` in China (UTC+8 all year).
    pub fn start_of(date: Date) -> Self {
        let zoned = date
            .to_zoned(china())
            .map(|zoned| zoned.timestamp().as_microsecond());
        Self(zoned.unwrap_or(i64::MAX))
    }

    /// The civil date in China at this instant.
    pub fn date(self) -> Date {
        self.zoned().map_or(Date::MAX, |zoned| zoned.date())
    }

    /// `YYYY-MM-DDTHH:MM:SS+08:00`, as APIs and the journal's readers want it.
    pub fn rfc3339(self) -> String {
        self.zoned().map_or_else(
            || self.0.to_string(),
            |zoned| zoned.strftime("%Y-%m-%dT%H:%M:%S+08:00").to_string(),
        )
    }

    /// The instant `seconds` later (or earlier, if negative); stops at the ends of time.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// The instant `days` of 24 hours later; China has no daylight saving time, so these are civil days.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        self.plus_seconds(days.saturating_mul(86_400))
    }

    fn zoned(self) -> Option<jiff::Zoned> {
        jiff::Timestamp::from_microsecond(self.0)
            .ok()
            .map(|at| at.to_zoned(china()))
    }
}

fn china() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(8))
}

/// From an instant (inclusive) to another (exclusive).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The first instant inside.
    pub opens: Timestamp,
    /// The first instant after.
    pub closes: Timestamp,
}

impl Window {
    /// Whether the instant lies inside: at the opening yes, at the close no.
    pub fn contains(self, at: Timestamp) -> bool {
        self.opens <= at && at < self.closes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_starts_at_midnight_in_china() {
        let date = jiff::civil::date(2026, 11, 23);
        let start = Timestamp::start_of(date);
        assert_eq!(start.rfc3339(), "2026-11-23T00:00:00+08:00");
        assert_eq!(start.date(), date);
        assert_eq!(
            start.plus_seconds(-1).date(),
            jiff::civil::date(2026, 11, 22)
        );
        assert_eq!(start.plus_days(1).date(), jiff::civil::date(2026, 11, 24));
    }

    #[test]
    fn no_instant_makes_dates_panic() {
        for micros in [i64::MIN, i64::MAX, 0, -1] {
            let at = Timestamp::from_micros(micros);
            let _ = (at.date(), at.rfc3339(), at.plus_days(i64::MAX));
        }
    }

    #[test]
    fn a_window_is_closed_at_its_close() {
        let at = Timestamp::from_micros;
        let window = Window {
            opens: at(10),
            closes: at(20),
        };
        assert!(window.contains(at(10)) && window.contains(at(19)));
        assert!(!window.contains(at(9)) && !window.contains(at(20)));
    }
}
