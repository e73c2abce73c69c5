//! What can go wrong when a quantity is read or computed.

/// Why a quantity could not be read or computed, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnitsError {
    /// The text is not a plain decimal number.
    #[error("`{text}` is not a number: write digits 0-9 with at most one point, such as 89.53")]
    NotANumber {
        /// The text as given, shortened.
        text: String,
    },
    /// The text has more than two decimals that are not zero.
    #[error("`{text}` has more than two decimals: round it to 0.01 where it was measured")]
    TooManyDecimals {
        /// The text as given, shortened.
        text: String,
    },
    /// The value is negative where the quantity cannot be.
    #[error("{what} cannot be negative, but would be {value}: check the amounts")]
    Negative {
        /// Which quantity.
        what: &'static str,
        /// The offending value as text.
        value: String,
    },
    /// The value does not fit in 64 bits.
    #[error("{what} is too large to be kept exactly: check the amounts")]
    Overflow {
        /// Which quantity.
        what: &'static str,
    },
    /// The ratio is not `num/den` with a positive denominator.
    #[error("`{text}` is not a ratio: write two whole numbers such as 2/3, the second above zero")]
    NotARatio {
        /// The text as given, shortened.
        text: String,
    },
}

/// Keeps error messages short whatever was given.
pub(crate) fn shortened(text: &str) -> String {
    const LONGEST: usize = 40;
    if text.chars().count() <= LONGEST {
        text.to_owned()
    } else {
        text.chars().take(LONGEST).chain(['…']).collect()
    }
}
