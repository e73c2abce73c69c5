//! Ratios as law writes them (two thirds, half), compared without division.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{UnitsError, shortened};

/// An exact share `num/den` in lowest terms, `num ≥ 0`, `den > 0`. Text and serde: `2/3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Ratio {
    num: i64,
    den: i64,
}

/// Whether exactly reaching a ratio is enough.
///
/// Civil Code 1259: 以上 (or more) includes the number itself; 过半数 and 超过 do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// 以上: equal is enough.
    AtLeast,
    /// 过半数, 超过: equal is not enough.
    StrictlyMore,
}

impl Ratio {
    /// `num/den`, reduced.
    ///
    /// # Errors
    /// [`UnitsError::NotARatio`] unless `num ≥ 0` and `den > 0`.
    pub fn new(num: i64, den: i64) -> Result<Self, UnitsError> {
        if num < 0 || den <= 0 {
            return Err(UnitsError::NotARatio {
                text: format!("{num}/{den}"),
            });
        }
        let divisor = greatest_common_divisor(num, den);
        Ok(Self {
            num: num / divisor,
            den: den / divisor,
        })
    }

    /// The upper number, in lowest terms.
    pub const fn num(self) -> i64 {
        self.num
    }

    /// The lower number, in lowest terms; above zero.
    pub const fn den(self) -> i64 {
        self.den
    }

    /// Whether `part` of `whole` reaches this ratio: `part · den` against `num · whole`, in 128
    /// bits, so no rounding and no overflow. A share of nothing (`whole ≤ 0`) reaches no ratio.
    pub fn holds(self, part: i64, whole: i64, how: Comparison) -> bool {
        if whole <= 0 {
            return false;
        }
        let have = i128::from(part) * i128::from(self.den);
        let need = i128::from(self.num) * i128::from(whole);
        match how {
            Comparison::AtLeast => have >= need,
            Comparison::StrictlyMore => have > need,
        }
    }

    /// The smallest `part` of `whole` for which [`Ratio::holds`]; none where `whole ≤ 0` or no
    /// 64-bit number is enough.
    pub fn least(self, whole: i64, how: Comparison) -> Option<i64> {
        if whole <= 0 {
            return None;
        }
        let need = i128::from(self.num) * i128::from(whole);
        let den = i128::from(self.den);
        let least = match how {
            Comparison::AtLeast => (need + den - 1) / den,
            Comparison::StrictlyMore => need / den + 1,
        };
        i64::try_from(least).ok()
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}/{}", self.num, self.den))
    }
}

impl FromStr for Ratio {
    type Err = UnitsError;

    fn from_str(text: &str) -> Result<Self, UnitsError> {
        let error = || UnitsError::NotARatio {
            text: shortened(text),
        };
        let whole_number = |digits: &str| -> Result<i64, UnitsError> {
            let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            digits.parse().ok().filter(|_| plain).ok_or_else(error)
        };
        let (num, den) = text.split_once('/').ok_or_else(error)?;
        Self::new(whole_number(num)?, whole_number(den)?)
    }
}

impl TryFrom<String> for Ratio {
    type Error = UnitsError;

    fn try_from(text: String) -> Result<Self, UnitsError> {
        text.parse()
    }
}

impl From<Ratio> for String {
    fn from(ratio: Ratio) -> Self {
        ratio.to_string()
    }
}

/// A share as text with two decimals, rounded down so that 66.666…% never shows as if it had
/// reached 66.67%: `percent_floor(703, 1291)` is `54.45%`. Nothing of nothing is `–`.
pub fn percent_floor(part: i64, whole: i64) -> String {
    if whole <= 0 || part < 0 {
        return "–".to_owned();
    }
    let hundredths = i128::from(part) * 10_000 / i128::from(whole);
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

fn greatest_common_divisor(a: i64, b: i64) -> i64 {
    if b == 0 {
        a
    } else {
        greatest_common_divisor(b, a % b)
    }
}
