//! Money, points and time: whole numbers of their smallest part, never mixed up.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::decimal::{parse_hundredths, write_hundredths};
use crate::error::{UnitsError, shortened};

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(i64);

        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(0);

            /// The quantity of so many smallest parts.
            pub const fn new(value: i64) -> Self {
                Self(value)
            }

            /// The number of smallest parts.
            pub const fn get(self) -> i64 {
                self.0
            }

            /// Whether it is below zero.
            pub const fn is_negative(self) -> bool {
                self.0 < 0
            }

            /// The sum, or [`UnitsError::Overflow`].
            pub fn checked_add(self, other: Self) -> Result<Self, UnitsError> {
                Self::fits(self.0.checked_add(other.0))
            }

            /// The difference, or [`UnitsError::Overflow`].
            pub fn checked_sub(self, other: Self) -> Result<Self, UnitsError> {
                Self::fits(self.0.checked_sub(other.0))
            }

            /// So many times the quantity, or [`UnitsError::Overflow`].
            pub fn checked_mul(self, times: i64) -> Result<Self, UnitsError> {
                Self::fits(self.0.checked_mul(times))
            }

            /// The quantity with the other sign, or [`UnitsError::Overflow`].
            pub fn checked_neg(self) -> Result<Self, UnitsError> {
                Self::fits(self.0.checked_neg())
            }

            /// The sum of all, or [`UnitsError::Overflow`]; nothing sums to zero.
            pub fn sum(all: impl IntoIterator<Item = Self>) -> Result<Self, UnitsError> {
                all.into_iter().try_fold(Self::ZERO, Self::checked_add)
            }

            fn fits(value: Option<i64>) -> Result<Self, UnitsError> {
                value.map(Self).ok_or(UnitsError::Overflow { what: $what })
            }
        }
    };
}

quantity! {
    /// Money in fen (0.01 yuan). Reads and shows as yuan: `12.34`. Serialised as integer fen.
    Fen, "the sum of money"
}

quantity! {
    /// Community points, whole. Serialised as an integer.
    Points, "the number of points"
}

quantity! {
    /// Time in whole minutes. Reads and shows as a plain number of minutes. Serialised as an integer.
    Minutes, "the number of minutes"
}

impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hundredths(self.0, f)
    }
}

impl FromStr for Fen {
    type Err = UnitsError;

    fn from_str(yuan: &str) -> Result<Self, UnitsError> {
        parse_hundredths(yuan, "the sum of money").map(Self)
    }
}

macro_rules! whole_number_text {
    ($name:ident, $what:literal) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = UnitsError;

            fn from_str(text: &str) -> Result<Self, UnitsError> {
                let digits = text.strip_prefix('-').unwrap_or(text);
                if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(UnitsError::NotANumber {
                        text: shortened(text),
                    });
                }
                text.parse()
                    .map(Self)
                    .map_err(|_| UnitsError::Overflow { what: $what })
            }
        }
    };
}

whole_number_text!(Points, "the number of points");
whole_number_text!(Minutes, "the number of minutes");
