//! Exact numbers: integers, decimals and ratios as one reduced fraction, never a float.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Numerator and denominator stay below this, so that every product of two fits in 128 bits.
const LIMIT: i128 = 1_000_000_000_000_000_000;

/// An exact rational number, reduced, with a positive denominator.
///
/// Numerator and denominator are at most 10^18 in size; an operation whose result is larger answers
/// `None` rather than rounding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Number {
    num: i64,
    den: i64,
}

impl Number {
    /// Zero.
    pub const ZERO: Number = Number { num: 0, den: 1 };

    /// A whole number; `None` beyond ±10^18.
    pub fn integer(value: i64) -> Option<Self> {
        Self::reduced(i128::from(value), 1)
    }

    /// `num / den`; `None` for a zero denominator or beyond ±10^18.
    pub fn ratio(num: i64, den: i64) -> Option<Self> {
        Self::reduced(i128::from(num), i128::from(den))
    }

    /// Reads `12`, `-3.25` or `2/3`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once('/') {
            Some((num, den)) => Self::ratio(num.parse().ok()?, den.parse().ok()?),
            None => Self::parse_decimal(text),
        }
    }

    fn parse_decimal(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let dangling = digits.contains('.') && fraction.is_empty();
        if whole.is_empty() || dangling || !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        let mut num: i128 = 0;
        let mut den: i128 = 1;
        for digit in whole.bytes().chain(fraction.bytes()) {
            num = num.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
        }
        for _ in fraction.bytes() {
            den = den.checked_mul(10)?;
        }
        Self::reduced(if negative { -num } else { num }, den)
    }

    fn reduced(num: i128, den: i128) -> Option<Self> {
        if den == 0 {
            return None;
        }
        let divisor = greatest_common_divisor(num.unsigned_abs(), den.unsigned_abs());
        let divisor = i128::try_from(divisor).ok()?;
        let sign = if den < 0 { -1 } else { 1 };
        let (num, den) = (sign * (num / divisor), sign * (den / divisor));
        if num.abs() > LIMIT || den > LIMIT {
            return None;
        }
        Some(Self {
            num: i64::try_from(num).ok()?,
            den: i64::try_from(den).ok()?,
        })
    }

    /// The numerator; it carries the sign.
    pub fn numerator(self) -> i64 {
        self.num
    }

    /// The denominator, at least 1.
    pub fn denominator(self) -> i64 {
        self.den
    }

    /// The value, if it is a whole number.
    pub fn as_integer(self) -> Option<i64> {
        (self.den == 1).then_some(self.num)
    }

    /// Sum; `None` if the result is out of range.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let (a, b) = self.cross(other);
        Self::reduced(a + b, i128::from(self.den) * i128::from(other.den))
    }

    /// Difference; `None` if the result is out of range.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        let (a, b) = self.cross(other);
        Self::reduced(a - b, i128::from(self.den) * i128::from(other.den))
    }

    /// Product; `None` if the result is out of range.
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        Self::reduced(
            i128::from(self.num) * i128::from(other.num),
            i128::from(self.den) * i128::from(other.den),
        )
    }

    /// Quotient; `None` for division by zero or a result out of range.
    pub fn checked_div(self, other: Self) -> Option<Self> {
        Self::reduced(
            i128::from(self.num) * i128::from(other.den),
            i128::from(self.den) * i128::from(other.num),
        )
    }

    /// The nearest multiple of `step` in the given direction; `None` for a step that is not positive.
    pub fn round(self, step: Self, rounding: Rounding) -> Option<Self> {
        if step.num <= 0 {
            return None;
        }
        let steps = self.checked_div(step)?;
        let (num, den) = (i128::from(steps.num), i128::from(steps.den));
        let below = num.div_euclid(den);
        let doubled_rest = 2 * num.rem_euclid(den);
        let away_from_zero = if num < 0 { below } else { below + 1 };
        let toward_zero = if num < 0 { below + 1 } else { below };
        let whole = match (rounding, doubled_rest.cmp(&den)) {
            _ if doubled_rest == 0 => below,
            (Rounding::Down, _) => toward_zero,
            (Rounding::Up, _) | (Rounding::HalfUp, Ordering::Equal) => away_from_zero,
            (_, Ordering::Less) => below,
            (_, Ordering::Greater) => below + 1,
            (Rounding::HalfEven, Ordering::Equal) => below + below.rem_euclid(2),
        };
        Self::reduced(whole, 1)?.checked_mul(step)
    }

    fn cross(self, other: Self) -> (i128, i128) {
        (
            i128::from(self.num) * i128::from(other.den),
            i128::from(other.num) * i128::from(self.den),
        )
    }
}

fn greatest_common_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = self.cross(*other);
        a.cmp(&b)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Number {
    /// A terminating decimal where there is one (`0.75`), else the fraction (`2/3`).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut rest, mut twos, mut fives) = (self.den, 0_u32, 0_u32);
        while rest % 2 == 0 {
            (rest, twos) = (rest / 2, twos + 1);
        }
        while rest % 5 == 0 {
            (rest, fives) = (rest / 5, fives + 1);
        }
        let places = twos.max(fives);
        if places == 0 && rest == 1 {
            return write!(f, "{}", self.num);
        }
        let scale = 10_i128
            .checked_pow(places)
            .filter(|_| rest == 1 && places <= 18);
        let Some(scale) = scale else {
            return write!(f, "{}/{}", self.num, self.den);
        };
        let scaled = i128::from(self.num).abs() * (scale / i128::from(self.den));
        let sign = if self.num < 0 { "-" } else { "" };
        let width = usize::try_from(places).map_err(|_| fmt::Error)?;
        write!(f, "{sign}{}.{:0width$}", scaled / scale, scaled % scale)
    }
}

impl Serialize for Number {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.as_integer() {
            Some(whole) => serializer.serialize_i64(whole),
            None => serializer.collect_str(self),
        }
    }
}

/// How a number is brought to a step, such as 0.01 yuan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// To the nearest step, halves away from zero (四舍五入).
    HalfUp,
    /// To the nearest step, halves to the even one.
    HalfEven,
    /// Toward zero.
    Down,
    /// Away from zero.
    Up,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn n(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn decimals_and_ratios_are_read_and_written_exactly() {
        for text in [
            "0",
            "-3.25",
            "0.01",
            "2/3",
            "1000000000000000000",
            "-1/7",
            "0.5",
        ] {
            assert_eq!(n(text).to_string(), text);
        }
        assert_eq!(n("4/6"), n("2/3"));
        assert_eq!(n("0.750").to_string(), "0.75");
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "1/0",
            "1e3",
            "+1/ 2",
            "--1",
            "2000000000000000000",
        ] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }

    #[test]
    fn rounding_goes_where_its_name_says() {
        let cases = [
            ("2.345", Rounding::HalfUp, "2.35"),
            ("-2.345", Rounding::HalfUp, "-2.35"),
            ("2.345", Rounding::HalfEven, "2.34"),
            ("2.355", Rounding::HalfEven, "2.36"),
            ("2.349", Rounding::Down, "2.34"),
            ("-2.349", Rounding::Down, "-2.34"),
            ("2.341", Rounding::Up, "2.35"),
            ("-2.341", Rounding::Up, "-2.35"),
            ("2.34", Rounding::Up, "2.34"),
            ("-2.344", Rounding::HalfUp, "-2.34"),
        ];
        for (value, rounding, expected) in cases {
            assert_eq!(
                n(value).round(n("0.01"), rounding),
                Some(n(expected)),
                "{value} {rounding:?}"
            );
        }
        assert_eq!(n("1").round(Number::ZERO, Rounding::Up), None);
    }

    #[test]
    fn a_result_beyond_the_limit_is_none() {
        let large = n("1000000000000000000");
        assert_eq!(large.checked_add(large), None);
        assert_eq!(large.checked_mul(large), None);
        assert_eq!(large.checked_div(Number::ZERO), None);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(num in -LIMIT..=LIMIT, den in 1..=LIMIT) {
            let number = Number::reduced(num, den).unwrap();
            prop_assert_eq!(Number::parse(&number.to_string()), Some(number));
        }

        #[test]
        fn sums_and_differences_cancel(a in -10_000_i64..10_000, b in 1_i64..10_000, c in -10_000_i64..10_000, d in 1_i64..10_000) {
            let (x, y) = (Number::ratio(a, b).unwrap(), Number::ratio(c, d).unwrap());
            prop_assert_eq!(x.checked_add(y).unwrap().checked_sub(y), Some(x));
            prop_assert_eq!(x.cmp(&y), x.checked_sub(y).unwrap().cmp(&Number::ZERO));
            if c != 0 {
                prop_assert_eq!(x.checked_mul(y).unwrap().checked_div(y), Some(x));
            }
        }

        #[test]
        fn any_text_is_read_without_panic(text in ".*") {
            let _ = Number::parse(&text);
        }
    }
}
