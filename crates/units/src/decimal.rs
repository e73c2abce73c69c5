//! Reading and writing hundredths as decimal text, exactly.

use crate::error::{UnitsError, shortened};

/// Reads `[-]digits[.digits]` as hundredths. ASCII digits only: full-width digits, signs of
/// thousands, blanks and exponents are errors, because a guess about money or area is a fault.
pub(crate) fn parse_hundredths(text: &str, what: &'static str) -> Result<i64, UnitsError> {
    let not_a_number = || UnitsError::NotANumber {
        text: shortened(text),
    };
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, decimals) = match unsigned.split_once('.') {
        Some((whole, decimals)) if is_digits(decimals) => (whole, decimals),
        Some(_) => return Err(not_a_number()),
        None => (unsigned, ""),
    };
    if !is_digits(whole) {
        return Err(not_a_number());
    }
    let significant = decimals.trim_end_matches('0');
    if significant.len() > 2 {
        return Err(UnitsError::TooManyDecimals {
            text: shortened(text),
        });
    }
    let digits = format!(
        "{}{whole}{significant:0<2}",
        if negative { "-" } else { "" }
    );
    digits.parse().map_err(|_| UnitsError::Overflow { what })
}

/// Writes hundredths as `12.34`, `-0.05`.
pub(crate) fn write_hundredths(
    hundredths: i64,
    out: &mut std::fmt::Formatter<'_>,
) -> std::fmt::Result {
    let size = hundredths.unsigned_abs();
    let sign = if hundredths < 0 { "-" } else { "" };
    out.pad(&format!("{sign}{}.{:02}", size / 100, size % 100))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}
