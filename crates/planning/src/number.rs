//! Numbers as people write them in a file: `"2.90"`, `2.9` or `3`, exact in each case.

use policy::Number;
use serde::de::{Deserialize, Deserializer, Error as _};

/// No length, area or count of a building programme is larger.
const LARGEST: i64 = 1_000_000_000;

/// A number that is not negative, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Written(pub(crate) Number);

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Form {
    Integer(i64),
    /// The shortest decimal that means the same float is what was typed.
    Float(f64),
    Text(String),
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = match Form::deserialize(from)? {
            Form::Integer(whole) => whole.to_string(),
            Form::Float(real) => real.to_string(),
            Form::Text(text) => text.trim().to_owned(),
        };
        let number = Number::parse(&text)
            .ok_or_else(|| D::Error::custom(format!("`{text}` is no number: write 12 or 12.34")))?;
        if number < Number::ZERO {
            return Err(D::Error::custom(format!(
                "{text} is negative: lengths, areas and counts start at 0"
            )));
        }
        let too_large = Number::integer(LARGEST).is_none_or(|largest| number > largest);
        if too_large || number.denominator() > 1_000_000 {
            return Err(D::Error::custom(format!(
                "{text} is out of range: at most {LARGEST}, with at most 6 decimals"
            )));
        }
        Ok(Self(number))
    }
}
