//! What a caller gives a policy: named values, checked against the declared inputs.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::value::{Field, Kind, Value};
use crate::{Error, Number, Place, Policy};

/// Named values for one decision.
///
/// ```
/// let inputs = policy::Inputs::new().text("matter", "rebuild").text("place", "330602");
/// assert_eq!(inputs.len(), 2);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inputs<'a> {
    entries: Vec<(&'a str, Given<'a>)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Given<'a> {
    Text(&'a str),
    Number(Number),
    Flag(bool),
    Date(Date),
    TooLarge(i64),
}

impl<'a> Inputs<'a> {
    /// No inputs yet.
    pub fn new() -> Self {
        Self {
            entries: Vec::with_capacity(4),
        }
    }

    /// A choice, a place, words, or any other value as it is typed by a person.
    #[must_use]
    pub fn text(mut self, field: &'a str, value: &'a str) -> Self {
        self.entries.push((field, Given::Text(value)));
        self
    }

    /// A whole number.
    #[must_use]
    pub fn integer(mut self, field: &'a str, value: i64) -> Self {
        let given = Number::integer(value).map_or(Given::TooLarge(value), Given::Number);
        self.entries.push((field, given));
        self
    }

    /// An exact number.
    #[must_use]
    pub fn number(mut self, field: &'a str, value: Number) -> Self {
        self.entries.push((field, Given::Number(value)));
        self
    }

    /// Yes or no.
    #[must_use]
    pub fn flag(mut self, field: &'a str, value: bool) -> Self {
        self.entries.push((field, Given::Flag(value)));
        self
    }

    /// A day.
    #[must_use]
    pub fn date(mut self, field: &'a str, value: Date) -> Self {
        self.entries.push((field, Given::Date(value)));
        self
    }

    /// `field=value` pairs, as a command line gives them.
    pub fn from_pairs(pairs: &'a [String]) -> Result<Self, Error> {
        pairs
            .iter()
            .try_fold(Self::new(), |inputs, pair| match pair.split_once('=') {
                Some((field, value)) if !field.trim().is_empty() => {
                    Ok(inputs.text(field.trim(), value.trim()))
                }
                _ => Err(Error::NotAPair {
                    given: pair.clone(),
                }),
            })
    }

    /// How many values are given.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing is given.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// One slot per declared input, in the declared order.
    pub(crate) fn resolve<'p>(&self, policy: &'p Policy) -> Result<Vec<Option<Value<'p>>>, Error> {
        let mut slots: Vec<_> = std::iter::repeat_with(|| None)
            .take(policy.inputs.len())
            .collect();
        for (name, given) in &self.entries {
            let position = policy.inputs.iter().position(|field| field.name == *name);
            let (Some(field), Some(slot)) = (
                position.and_then(|index| policy.inputs.get(index)),
                position.and_then(|index| slots.get_mut(index)),
            ) else {
                return Err(unknown(policy, name));
            };
            if slot.is_some() {
                return Err(Error::GivenTwice {
                    field: (*name).to_owned(),
                });
            }
            *slot = Some(value_of(field, given)?);
        }
        Ok(slots)
    }
}

fn unknown(policy: &Policy, field: &str) -> Error {
    let known: BTreeSet<&str> = policy
        .inputs
        .iter()
        .map(|field| field.name.as_str())
        .collect();
    Error::UnknownInput {
        policy: policy.id.clone(),
        field: field.to_owned(),
        known: known.into_iter().collect::<Vec<_>>().join(", "),
    }
}

fn value_of<'p>(field: &'p Field, given: &Given<'_>) -> Result<Value<'p>, Error> {
    let value = match (field.kind, given) {
        (Kind::Choice, Given::Text(code)) => field.position(code).map(Value::Choice),
        (Kind::Integer | Kind::Decimal | Kind::Ratio, Given::Text(text)) => {
            Number::parse(text).and_then(|number| number_of(field, number))
        }
        (Kind::Integer | Kind::Decimal | Kind::Ratio, Given::Number(number)) => {
            number_of(field, *number)
        }
        (Kind::Flag, Given::Flag(flag)) => Some(Value::Flag(*flag)),
        (Kind::Flag, Given::Text(text)) => text.parse().ok().map(Value::Flag),
        (Kind::Date, Given::Date(date)) => Some(Value::Date(*date)),
        (Kind::Date, Given::Text(text)) => crate::parse_date(text).ok().map(Value::Date),
        (Kind::Place, Given::Text(code)) => Place::parse(code).map(Value::Place),
        (Kind::Text, Given::Text(words)) => Some(Value::Words((*words).into())),
        _ => None,
    };
    value.ok_or_else(|| Error::NotAllowed {
        field: field.name.clone(),
        given: given.show(),
        allowed: Box::new(field.allowed()),
    })
}

fn number_of<'p>(field: &Field, number: Number) -> Option<Value<'p>> {
    let whole_enough = field.kind != Kind::Integer || number.as_integer().is_some();
    let in_range =
        field.min.is_none_or(|min| min <= number) && field.max.is_none_or(|max| number <= max);
    (whole_enough && in_range).then_some(Value::Number(number))
}

impl Given<'_> {
    fn show(&self) -> String {
        match self {
            Self::Text(text) => (*text).to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string(),
            Self::Date(date) => date.to_string(),
            Self::TooLarge(value) => value.to_string(),
        }
    }
}
