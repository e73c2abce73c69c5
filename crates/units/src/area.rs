//! Exclusive area (专有部分面积) in whole 0.01 m², as it stands in the property register.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::decimal::{parse_hundredths, write_hundredths};
use crate::error::UnitsError;

const WHAT: &str = "the area";

/// An area in 0.01 m², never negative. Reads and shows as m² with two decimals: `89.53`.
/// Serialised as the integer number of 0.01 m²; use [`square_metres`] where a reader expects m².
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(try_from = "i64", into = "i64")]
pub struct Area(i64);

impl Area {
    /// No area.
    pub const ZERO: Self = Self(0);

    /// The area of so many 0.01 m².
    ///
    /// # Errors
    /// [`UnitsError::Negative`] below zero.
    pub fn new(hundredths: i64) -> Result<Self, UnitsError> {
        if hundredths < 0 {
            return Err(UnitsError::Negative {
                what: WHAT,
                value: hundredths.to_string(),
            });
        }
        Ok(Self(hundredths))
    }

    /// The number of 0.01 m².
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Whether there is no area.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum, or [`UnitsError::Overflow`].
    pub fn checked_add(self, other: Self) -> Result<Self, UnitsError> {
        Self::fits(self.0.checked_add(other.0))
    }

    /// The difference, or [`UnitsError::Negative`] where the other is larger.
    pub fn checked_sub(self, other: Self) -> Result<Self, UnitsError> {
        // Both are at least zero, so the difference always fits.
        Self::new(self.0.saturating_sub(other.0))
    }

    /// So many times the area, or [`UnitsError::Overflow`], [`UnitsError::Negative`].
    pub fn checked_mul(self, times: i64) -> Result<Self, UnitsError> {
        Self::fits(self.0.checked_mul(times)).and_then(|area| Self::new(area.0))
    }

    /// The sum of all, or [`UnitsError::Overflow`]; nothing sums to zero.
    pub fn sum(all: impl IntoIterator<Item = Self>) -> Result<Self, UnitsError> {
        all.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    fn fits(value: Option<i64>) -> Result<Self, UnitsError> {
        value.map(Self).ok_or(UnitsError::Overflow { what: WHAT })
    }
}

impl TryFrom<i64> for Area {
    type Error = UnitsError;

    fn try_from(hundredths: i64) -> Result<Self, UnitsError> {
        Self::new(hundredths)
    }
}

impl From<Area> for i64 {
    fn from(area: Area) -> Self {
        area.0
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hundredths(self.0, f)
    }
}

impl FromStr for Area {
    type Err = UnitsError;

    fn from_str(square_metres: &str) -> Result<Self, UnitsError> {
        if square_metres.starts_with('-') {
            // A misspelt negative number is first of all not a number.
            parse_hundredths(square_metres, WHAT)?;
            return Err(UnitsError::Negative {
                what: WHAT,
                value: square_metres.to_owned(),
            });
        }
        parse_hundredths(square_metres, WHAT).map(Self)
    }
}

/// Serialises an area as a JSON number of m² for readers outside: `#[serde(with = "units::area::square_metres")]`.
///
/// The number is the shortest decimal that means the same, so `89.53` stays `89.53` and `100.00`
/// becomes `100.0`; that is exact below 10¹³ m². Numbers and strings are read back.
pub mod square_metres {
    use serde::de::Error as _;
    use serde::ser::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Area;

    /// Writes m² as a number.
    pub fn serialize<S: Serializer>(area: &Area, out: S) -> Result<S::Ok, S::Error> {
        let number: f64 = area.to_string().parse().map_err(S::Error::custom)?;
        out.serialize_f64(number)
    }

    /// Reads m² from a number or a string, refusing more than two decimals.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Area, D::Error> {
        let text = match Written::deserialize(from)? {
            Written::Whole(number) => number.to_string(),
            Written::Decimal(number) => number.to_string(),
            Written::Text(text) => text,
        };
        text.parse().map_err(D::Error::custom)
    }

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Whole(i64),
        Decimal(f64),
        Text(String),
    }
}
