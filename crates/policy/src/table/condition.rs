//! What a row asks of one field.

use jiff::civil::Date;

use super::range::Range;
use super::{Atoms, Dimension, Fields};
use crate::value::Kind;
use crate::{Number, Place, Text};

/// What a row asks of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    /// One of the declared values, by position; for a flag 0 is no and 1 is yes.
    OneOf(Vec<usize>),
    Number(Range<Number>),
    Days(Range<Date>),
    /// In one of the places.
    Places(Vec<Place>),
    /// One of the texts.
    Words(Vec<String>),
}

impl Condition {
    /// Whether the atom's values meet the condition.
    pub(crate) fn covers(&self, atoms: &Atoms, atom: usize) -> bool {
        match (self, atoms) {
            (Self::OneOf(values), Atoms::Values(_)) => values.contains(&atom),
            (Self::Number(range), Atoms::Numbers(edges)) => edges.covers(range, atom),
            (Self::Days(range), Atoms::Days(edges)) => edges.covers(range, atom),
            (Self::Places(wider), Atoms::Places(places)) => {
                let here = places.get(atom);
                here.is_some_and(|here| wider.iter().any(|place| place.contains(here)))
            }
            (Self::Words(wanted), Atoms::Words(words)) => {
                words.get(atom).is_some_and(|word| wanted.contains(word))
            }
            _ => false,
        }
    }

    pub(crate) fn numbers(&self) -> Vec<Number> {
        match self {
            Self::Number(range) => range.edges().collect(),
            _ => Vec::new(),
        }
    }

    pub(crate) fn days(&self) -> Vec<Date> {
        match self {
            Self::Days(range) => range.edges().collect(),
            _ => Vec::new(),
        }
    }

    pub(crate) fn places(&self) -> Vec<Place> {
        match self {
            Self::Places(places) => places.clone(),
            _ => Vec::new(),
        }
    }

    pub(crate) fn words(&self) -> Vec<String> {
        match self {
            Self::Words(words) => words.clone(),
            _ => Vec::new(),
        }
    }

    /// What is asked, in words.
    pub(crate) fn describe(&self, dimension: &Dimension, fields: Fields<'_>) -> Text {
        let field = fields.get(dimension.source);
        match self {
            Self::OneOf(values) => either(values.iter().map(|value| match field {
                Some(field) if field.kind == Kind::Flag => {
                    if *value == 1 {
                        Text::new("是", "yes")
                    } else {
                        Text::new("否", "no")
                    }
                }
                Some(field) => field.label(*value),
                None => Text::same("?"),
            })),
            Self::Number(range) => describe_range(range),
            Self::Days(range) => describe_range(range),
            Self::Places(places) => either(places.iter().map(|place| match field {
                Some(field) => field.describe_place(place),
                None => Text::same(place.to_string()),
            })),
            Self::Words(words) => either(words.iter().map(Text::same)),
        }
    }
}

fn either(options: impl Iterator<Item = Text>) -> Text {
    let options: Vec<Text> = options.collect();
    Text::new(
        options
            .iter()
            .map(|text| text.zh.as_str())
            .collect::<Vec<_>>()
            .join("或"),
        options
            .iter()
            .map(|text| text.en.as_str())
            .collect::<Vec<_>>()
            .join(" or "),
    )
}

fn describe_range<T: ToString + PartialEq>(range: &Range<T>) -> Text {
    let low = range
        .low
        .as_ref()
        .map(|(low, inside)| (low.to_string(), *inside));
    let high = range
        .high
        .as_ref()
        .map(|(high, inside)| (high.to_string(), *inside));
    if let (Some((low, true)), Some((high, true))) = (&low, &high)
        && low == high
    {
        return Text::same(low);
    }
    let from = low.map(|(low, inside)| {
        if inside {
            format!("≥ {low}")
        } else {
            format!("> {low}")
        }
    });
    let to = high.map(|(high, inside)| {
        if inside {
            format!("≤ {high}")
        } else {
            format!("< {high}")
        }
    });
    match (from, to) {
        (Some(from), Some(to)) => Text::new(format!("{from} 且 {to}"), format!("{from} and {to}")),
        (Some(one), None) | (None, Some(one)) => Text::same(one),
        (None, None) => Text::new("任意", "any"),
    }
}
