//! The types of inputs and outputs, and their values.

use jiff::civil::Date;
use serde_json::json;

use crate::{Number, Place, Text, Threshold};

/// A declared input or output: its name, type, unit and allowed values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The name in code and files.
    pub name: String,
    /// The title on screen.
    pub title: Text,
    /// The type.
    pub kind: Kind,
    /// The unit of a number.
    pub unit: Option<Text>,
    /// Whether a row may leave the output out.
    pub optional: bool,
    /// The values of a choice, or the places that rows name.
    pub labels: Vec<Label>,
    /// The least number allowed.
    pub min: Option<Number>,
    /// The greatest number allowed.
    pub max: Option<Number>,
}

/// A value of a choice, or a place, with its title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The value in code and files.
    pub code: String,
    /// The title on screen.
    pub title: Text,
}

/// The type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One of the declared values.
    Choice,
    /// A list of declared values.
    Choices,
    /// A whole number.
    Integer,
    /// An exact decimal.
    Decimal,
    /// An exact ratio.
    Ratio,
    /// Yes or no.
    Flag,
    /// A day.
    Date,
    /// Words.
    Text,
    /// An administrative division.
    Place,
    /// A majority.
    Threshold,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Choice => "choice",
            Self::Choices => "choices",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Ratio => "ratio",
            Self::Flag => "flag",
            Self::Date => "date",
            Self::Text => "text",
            Self::Place => "place",
            Self::Threshold => "threshold",
        }
    }

    pub(crate) fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::Decimal | Self::Ratio)
    }
}

impl Field {
    /// What may be given, in words for an error message.
    pub(crate) fn allowed(&self) -> Text {
        match self.kind {
            Kind::Choice | Kind::Choices => {
                let codes = self.labels.iter().map(|label| label.code.as_str());
                let codes = codes.collect::<Vec<_>>().join(", ");
                Text::new(format!("以下之一：{codes}"), format!("one of {codes}"))
            }
            Kind::Integer => self.allowed_numbers("整数", "a whole number"),
            Kind::Decimal | Kind::Ratio => self.allowed_numbers("数", "a number"),
            Kind::Flag => Text::new("true 或 false", "true or false"),
            Kind::Date => Text::new("日期，YYYY-MM-DD", "a date, YYYY-MM-DD"),
            Kind::Text => Text::new("文字", "text"),
            Kind::Place => Text::new(
                "CN 或行政区划代码，如 3306",
                "CN or a division code such as 3306",
            ),
            Kind::Threshold => Text::new("比例", "a threshold"),
        }
    }

    fn allowed_numbers(&self, zh: &str, en: &str) -> Text {
        let bound = |bound: Option<Number>, word: &str| {
            bound
                .map(|bound| format!("{word}{bound}"))
                .unwrap_or_default()
        };
        Text::new(
            format!("{zh}{}{}", bound(self.min, " ≥ "), bound(self.max, " ≤ ")),
            format!(
                "{en}{}{}",
                bound(self.min, " from "),
                bound(self.max, " to ")
            ),
        )
    }

    pub(crate) fn position(&self, code: &str) -> Option<usize> {
        self.labels.iter().position(|label| label.code == code)
    }

    /// The value in words, with its unit.
    pub(crate) fn describe(&self, value: &Value<'_>) -> Text {
        let text = match value {
            Value::Number(number) => Text::same(number.to_string()),
            Value::Flag(true) => Text::new("是", "yes"),
            Value::Flag(false) => Text::new("否", "no"),
            Value::Choice(index) => self.label(*index),
            Value::Choices(indices) => {
                let labels: Vec<Text> = indices.iter().map(|index| self.label(*index)).collect();
                Text::new(
                    labels
                        .iter()
                        .map(|label| label.zh.as_str())
                        .collect::<Vec<_>>()
                        .join("、"),
                    labels
                        .iter()
                        .map(|label| label.en.as_str())
                        .collect::<Vec<_>>()
                        .join(", "),
                )
            }
            Value::Date(date) => Text::same(date.to_string()),
            Value::Place(place) => self.describe_place(place),
            Value::Threshold(threshold) => threshold.text(),
            Value::Text(text) => (*text).clone(),
            Value::Words(words) => Text::same(words.as_ref()),
        };
        match &self.unit {
            Some(unit) => Text::new(
                format!("{}{}", text.zh, unit.zh),
                format!("{} {}", text.en, unit.en),
            ),
            None => text,
        }
    }

    pub(crate) fn describe_place(&self, place: &Place) -> Text {
        let code = place.to_string();
        match self.labels.iter().find(|label| label.code == code) {
            Some(label) => Text::new(
                format!("{} {code}", label.title.zh),
                format!("{} {code}", label.title.en),
            ),
            None => Text::same(code),
        }
    }

    pub(crate) fn label(&self, index: usize) -> Text {
        self.labels
            .get(index)
            .map_or_else(|| Text::same("?"), |label| label.title.clone())
    }

    /// The value as JSON: codes for choices, numbers where whole, else exact text.
    pub(crate) fn json(&self, value: &Value<'_>) -> serde_json::Value {
        let code = |index: &usize| self.labels.get(*index).map(|label| label.code.clone());
        match value {
            Value::Number(number) => json!(number),
            Value::Flag(flag) => json!(flag),
            Value::Choice(index) => json!(code(index)),
            Value::Choices(indices) => json!(indices.iter().map(code).collect::<Vec<_>>()),
            Value::Date(date) => json!(date.to_string()),
            Value::Place(place) => json!(place.to_string()),
            Value::Threshold(threshold) => json!(threshold),
            Value::Text(text) => json!(text),
            Value::Words(words) => json!(words),
        }
    }
}

/// A value of a field; choices by their position among the declared values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value<'p> {
    Number(Number),
    Flag(bool),
    Choice(usize),
    Choices(&'p [usize]),
    Date(Date),
    Place(Place),
    Threshold(Threshold),
    Text(&'p Text),
    Words(Box<str>),
}
