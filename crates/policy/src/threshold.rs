//! Majorities: a share that a part of a whole must reach or exceed, compared in integers.

use std::fmt;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::{Number, Text};

/// A share that must be reached (`三分之二以上`, inclusive by Civil Code Art. 1259) or exceeded
/// (`过半数`, strict).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Threshold {
    num: u64,
    den: u64,
    strict: bool,
}

impl Threshold {
    /// A share between 0 and 1; `None` outside.
    pub fn new(share: Number, strict: bool) -> Option<Self> {
        let num = u64::try_from(share.numerator()).ok()?;
        let den = u64::try_from(share.denominator()).ok()?;
        (num <= den).then_some(Self { num, den, strict })
    }

    /// Numerator of the share.
    pub fn num(self) -> u64 {
        self.num
    }

    /// Denominator of the share, at least 1.
    pub fn den(self) -> u64 {
        self.den
    }

    /// Whether exactly the share is not enough.
    pub fn strict(self) -> bool {
        self.strict
    }

    /// Whether `part` of `whole` meets the threshold, by cross-multiplication. Nothing of nothing meets none.
    pub fn is_met(self, part: u64, whole: u64) -> bool {
        let have = u128::from(part) * u128::from(self.den);
        let need = u128::from(whole) * u128::from(self.num);
        whole > 0
            && if self.strict {
                have > need
            } else {
                have >= need
            }
    }

    /// In words: `at least 2/3`, `more than 1/2`.
    pub fn text(self) -> Text {
        let Self { num, den, strict } = self;
        if strict {
            Text::new(
                format!("超过 {num}/{den}"),
                format!("more than {num}/{den}"),
            )
        } else {
            Text::new(
                format!("{num}/{den} 以上（含本数）"),
                format!("at least {num}/{den}"),
            )
        }
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.strict { ">" } else { "≥" };
        write!(f, "{sign}{}/{}", self.num, self.den)
    }
}

impl Serialize for Threshold {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut threshold = serializer.serialize_struct("Threshold", 3)?;
        threshold.serialize_field("num", &self.num)?;
        threshold.serialize_field("den", &self.den)?;
        threshold.serialize_field("strict", &self.strict)?;
        threshold.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn threshold(share: &str, strict: bool) -> Threshold {
        Threshold::new(Number::parse(share).unwrap(), strict).unwrap()
    }

    #[test]
    fn exactly_the_share_meets_an_inclusive_and_fails_a_strict_threshold() {
        assert!(threshold("2/3", false).is_met(2, 3));
        assert!(!threshold("2/3", false).is_met(1_999_999, 3_000_000));
        assert!(!threshold("1/2", true).is_met(5, 10));
        assert!(threshold("1/2", true).is_met(500_001, 1_000_000));
        assert!(threshold("2/3", false).is_met(u64::MAX, u64::MAX));
    }

    #[test]
    fn nothing_of_nothing_meets_no_threshold() {
        assert!(!threshold("0", false).is_met(0, 0));
    }

    #[test]
    fn a_share_beyond_the_whole_is_no_threshold() {
        assert_eq!(Threshold::new(Number::parse("4/3").unwrap(), false), None);
        assert_eq!(Threshold::new(Number::parse("-1/3").unwrap(), false), None);
    }
}
