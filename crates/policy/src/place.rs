//! Places by their administrative division code (GB/T 2260), so that a city's rule comes before the
//! province's, and the province's before the country's.

use std::fmt;

/// A division: the country (`CN`), a province (`33`), a city (`3306`), a district (`330602`), or a
/// subdistrict (9 digits) or community (12 digits) inside one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// Four bits a digit from the top, digits as 1 to 10, so that a wider place is a prefix in bits.
    bits: u64,
    digits: u32,
}

/// First two digits of every province-level division.
const PROVINCES: [&str; 34] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41",
    "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71",
    "81", "82",
];

impl Place {
    /// Reads `CN` or a code of 2, 4, 6, 9 or 12 digits; `330600` is the same city as `3306`.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "CN" {
            return Some(Self { bits: 0, digits: 0 });
        }
        let known = text
            .get(..2)
            .is_some_and(|province| PROVINCES.contains(&province));
        let text = match text.len() {
            2 | 4 | 9 | 12 => text,
            6 => text
                .strip_suffix("0000")
                .or(text.strip_suffix("00"))
                .unwrap_or(text),
            _ => return None,
        };
        if !known || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let digits = u32::try_from(text.len()).ok()?;
        let packed = text
            .bytes()
            .fold(0, |bits, digit| bits << 4 | u64::from(digit - b'0' + 1));
        Some(Self {
            bits: packed << (64 - 4 * digits),
            digits,
        })
    }

    /// Whether the other place lies in this one, or is it.
    pub fn contains(&self, other: &Place) -> bool {
        let unlike = (self.bits ^ other.bits).leading_zeros() / 4;
        unlike >= self.digits
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.digits == 0 {
            return f.write_str("CN");
        }
        (0..self.digits).try_for_each(|at| {
            let digit = (self.bits >> (60 - 4 * at) & 0xf).saturating_sub(1);
            write!(f, "{digit}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_district_lies_in_its_city_province_and_country() {
        let yuecheng = Place::parse("330602").unwrap();
        for wider in ["330600", "3306", "330000", "33", "CN", "330602"] {
            assert!(Place::parse(wider).unwrap().contains(&yuecheng), "{wider}");
        }
        for other in ["3301", "11", "330603"] {
            assert!(!Place::parse(other).unwrap().contains(&yuecheng), "{other}");
        }
    }

    #[test]
    fn what_is_no_division_code_is_refused() {
        for text in ["", "3", "330", "33060", "99", "绍兴", "3306ab", "绍1", "cn"] {
            assert_eq!(Place::parse(text), None, "{text}");
        }
        for code in ["CN", "33", "3306", "330602", "330602003", "330602003001"] {
            assert_eq!(Place::parse(code).unwrap().to_string(), code);
        }
        assert_eq!(Place::parse("330600").unwrap().to_string(), "3306");
    }
}
