//! Money as the file writes it: an exact decimal.

use std::fmt;

use serde::{Serialize, Serializer};

/// An exact decimal: `value / 10^scale`. Serialised as a JSON number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amount {
    /// The digits.
    pub value: i64,
    /// How many of them stand behind the point.
    pub scale: u32,
}

/// More decimals than any currency has; a longer fraction is a fault of export.
const MOST_DECIMALS: usize = 9;

impl Amount {
    /// Reads `digits[.digits]`, without sign or exponent.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (whole, decimals) = match text.split_once('.') {
            Some((whole, decimals)) => (whole, decimals.trim_end_matches('0')),
            None => (text, ""),
        };
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(decimals) || decimals.len() > MOST_DECIMALS
        {
            return None;
        }
        let value = format!("{whole}{decimals}").parse().ok()?;
        Some(Self {
            value,
            scale: u32::try_from(decimals.len()).ok()?,
        })
    }

    /// What is wrong with a text that is no amount, and what would be right.
    pub(super) fn fault(text: &str) -> &'static str {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if text.starts_with('-') {
            "it must not be negative"
        } else if !whole.is_empty() && digits(whole) && digits(decimals) {
            "it is too large or has more than nine decimals; the largest that is counted exactly is 9223372036854775807, \
            its decimals included"
        } else {
            "write a number such as 100000 or 99.50"
        }
    }

    /// The same amount with more digits behind the point; none where it doesn't fit.
    pub(super) fn with_scale(self, scale: u32) -> Option<Self> {
        let times = 10_i64.checked_pow(scale.checked_sub(self.scale)?)?;
        Some(Self {
            value: self.value.checked_mul(times)?,
            scale,
        })
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = usize::try_from(self.scale).unwrap_or(0);
        if digits == 0 {
            return f.pad(&self.value.to_string());
        }
        let all = format!("{:0>width$}", self.value, width = digits + 1);
        let (whole, decimals) = all.split_at(all.len() - digits);
        let decimals = decimals.trim_end_matches('0');
        let point = if decimals.is_empty() { "" } else { "." };
        f.pad(&format!("{whole}{point}{decimals}"))
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let text = self.to_string();
        match text.parse::<i64>() {
            Ok(whole) => out.serialize_i64(whole),
            Err(_) => out.serialize_f64(text.parse().map_err(serde::ser::Error::custom)?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_and_shown_exactly() {
        let amount = Amount::parse("1234.50").unwrap();
        assert_eq!(
            amount,
            Amount {
                value: 12345,
                scale: 1
            }
        );
        assert_eq!(amount.with_scale(2).unwrap().to_string(), "1234.5");
        assert_eq!(Amount { value: 5, scale: 2 }.to_string(), "0.05");
        assert_eq!(serde_json::to_string(&amount).unwrap(), "1234.5");
        assert_eq!(
            serde_json::to_string(&amount.with_scale(3).unwrap()).unwrap(),
            "1234.5"
        );
        assert_eq!(
            serde_json::to_string(&Amount::parse("7.00").unwrap()).unwrap(),
            "7"
        );
        for wrong in [
            "",
            "-1",
            "1e3",
            "1,5",
            ".5",
            "1.2.3",
            "99999999999999999999",
            "1.0000000001",
        ] {
            assert_eq!(Amount::parse(wrong), None, "{wrong}");
        }
    }
}
