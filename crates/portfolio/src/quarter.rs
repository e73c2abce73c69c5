//! A quarter of a year, such as 2026Q1.

use std::fmt;
use std::str::FromStr;

use crate::Error;

/// A quarter; ordered in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter(i32);

impl Quarter {
    /// The first and the last year a plan may name.
    const YEARS: std::ops::RangeInclusive<i32> = 1949..=2199;

    /// Quarter `of_year` (1 to 4) of a year from 1949 to 2199.
    pub fn new(year: i32, of_year: i32) -> Option<Self> {
        let known = Self::YEARS.contains(&year) && (1..=4).contains(&of_year);
        known.then(|| Self(year * 4 + of_year - 1))
    }

    /// The quarter of a date by its year and month (1 to 12).
    pub fn of_month(year: i32, month: i32) -> Option<Self> {
        Self::new(year, (month - 1).div_euclid(3) + 1)
    }

    /// Its year.
    pub fn year(self) -> i32 {
        self.0.div_euclid(4)
    }

    /// Its place in the year, from 1 to 4.
    pub fn of_year(self) -> i32 {
        self.0.rem_euclid(4) + 1
    }

    /// The quarter that comes `quarters` later, or earlier if negative.
    #[must_use]
    pub fn plus(self, quarters: i32) -> Self {
        Self(self.0.saturating_add(quarters))
    }

    /// How many quarters lie from `earlier` to this one; negative if this one comes first.
    pub fn since(self, earlier: Self) -> i32 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}Q{}", self.year(), self.of_year())
    }
}

impl FromStr for Quarter {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let unreadable = || Error::Quarter {
            given: text.chars().take(40).collect(),
        };
        let (year, of_year) = text.split_once(['Q', 'q']).ok_or_else(unreadable)?;
        let digits = |part: &str, wanted: usize| -> Option<i32> {
            let plain = part.len() == wanted && part.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| part.parse().ok()).flatten()
        };
        digits(year, 4)
            .zip(digits(of_year, 1))
            .and_then(|(year, of_year)| Self::new(year, of_year))
            .ok_or_else(unreadable)
    }
}

impl serde::Serialize for Quarter {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Quarter {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_reads_what_it_writes_and_counts_across_years() {
        let quarter: Quarter = "2026Q4".parse().unwrap();
        assert_eq!(quarter.to_string(), "2026Q4");
        assert_eq!(quarter.plus(1).to_string(), "2027Q1");
        assert_eq!(quarter.plus(-4).to_string(), "2025Q4");
        assert_eq!(quarter.plus(7).since(quarter), 7);
        assert_eq!(Quarter::of_month(2026, 12), Some(quarter));
    }

    #[test]
    fn what_is_no_quarter_is_refused() {
        for wrong in [
            "",
            "2026",
            "2026Q0",
            "2026Q5",
            "26Q1",
            "+026Q1",
            "2026Q1 ",
            "二〇二六Q1",
        ] {
            assert!(wrong.parse::<Quarter>().is_err(), "{wrong}");
        }
    }
}
