//! How good a plan must be proven, how long the search may take, and who searches.

use std::fmt;
use std::str::FromStr;

use crate::Error;

/// How far a plan may be from the proven bound, in millionths of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap(u32);

impl Gap {
    /// Nothing better exists.
    pub const NONE: Self = Self(0);
    /// One percent.
    pub const ONE_PERCENT: Self = Self(10_000);

    /// A gap of so many millionths, at most all.
    pub fn ppm(ppm: u32) -> Self {
        Self(ppm.min(1_000_000))
    }

    /// In millionths.
    pub fn as_ppm(self) -> u32 {
        self.0
    }

    /// Whether a plan of `value` is near enough to `bound`.
    pub(crate) fn holds(self, value: i64, bound: i64) -> bool {
        let apart = i128::from(bound) - i128::from(value);
        apart * 1_000_000 <= i128::from(self.0) * i128::from(value.unsigned_abs())
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = format!("{}.{:04}", self.0 / 10_000, self.0 % 10_000);
        let short = percent.trim_end_matches('0').trim_end_matches('.');
        write!(f, "{short}%")
    }
}

impl FromStr for Gap {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = || Error::Gap {
            given: text.chars().take(40).collect(),
        };
        let percent = text.strip_suffix('%').ok_or_else(wrong)?;
        let (whole, part) = percent.split_once('.').unwrap_or((percent, ""));
        let plain = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 3 || part.len() > 4 || !plain(whole) || !plain(part) {
            return Err(wrong());
        }
        let whole: u32 = whole.parse().map_err(|_| wrong())?;
        let part: u32 = format!("{part:0<4}").parse().map_err(|_| wrong())?;
        let ppm = whole * 10_000 + part;
        (ppm <= 1_000_000).then_some(Self(ppm)).ok_or_else(wrong)
    }
}

/// Who looks for the plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Solver {
    /// Our own search first; HiGHS goes on from its plan where it was compiled in and the gap is not reached.
    #[default]
    Best,
    /// Our own search alone.
    Own,
    /// HiGHS alone.
    Highs,
}

impl FromStr for Solver {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "best" => Ok(Self::Best),
            "own" => Ok(Self::Own),
            "highs" => Ok(Self::Highs),
            _ => Err(format!("`{text}` is no solver: write best, own or highs")),
        }
    }
}

/// When to stop.
#[derive(Clone, Copy)]
pub struct Limits<'a> {
    /// Stop as soon as the plan is proven to be this near to the best.
    pub gap: Gap,
    /// Stop when the clock shows this many milliseconds; without it only gap and nodes end the search.
    pub time_ms: Option<u64>,
    /// Milliseconds since the search began; engines have no clock of their own.
    pub clock: &'a dyn Fn() -> u64,
    /// The most nodes of the search tree; with no time limit this makes the result the same on every machine.
    pub nodes: u32,
    /// Who searches.
    pub solver: Solver,
}

impl Default for Limits<'_> {
    fn default() -> Self {
        Self {
            gap: Gap::ONE_PERCENT,
            time_ms: None,
            clock: &|| 0,
            nodes: 2000,
            solver: Solver::default(),
        }
    }
}

impl Limits<'_> {
    pub(crate) fn over(&self) -> bool {
        self.time_ms.is_some_and(|time| (self.clock)() >= time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_reads_what_it_writes() {
        for text in ["0%", "1%", "0.5%", "0.0001%", "100%", "12.25%"] {
            assert_eq!(text.parse::<Gap>().unwrap().to_string(), text);
        }
        for wrong in ["", "1", "%", "-1%", "101%", "1.00001%", "1e2%", "１%"] {
            assert!(wrong.parse::<Gap>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_gap_is_reckoned_by_cross_multiplication() {
        assert!(Gap::ONE_PERCENT.holds(100, 101));
        assert!(!Gap::ONE_PERCENT.holds(100, 102));
        assert!(Gap::NONE.holds(-5, -5));
        assert!(!Gap::NONE.holds(i64::MAX - 1, i64::MAX));
    }
}
