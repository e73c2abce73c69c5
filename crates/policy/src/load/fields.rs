//! Declarations: the inputs and outputs of a policy.

use std::collections::BTreeSet;

use crate::error::Report;
use crate::source::{RawField, RawKind};
use crate::value::{Field, Kind, Label};
use crate::{Number, Place, Text};

/// Whether a field is given or answered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Input,
    Output,
}

pub(super) fn build(raw: Vec<RawField>, side: Side, report: &mut Report) -> Vec<Field> {
    let mut seen = BTreeSet::new();
    let mut fields = Vec::new();
    for raw in raw {
        let what = if side == Side::Input {
            "input"
        } else {
            "output"
        };
        let place = format!("{what} {}", raw.name);
        if !seen.insert(raw.name.clone()) {
            report.refuse(&place, "this name is declared twice");
        }
        fields.push(field(raw, side, &place, report));
    }
    fields
}

fn field(raw: RawField, side: Side, place: &str, report: &mut Report) -> Field {
    let kind = kind(raw.kind);
    let (min, max) = (
        bound(raw.min.as_ref(), place, report),
        bound(raw.max.as_ref(), place, report),
    );
    let labels: Vec<Label> = raw
        .values
        .into_iter()
        .map(|label| Label {
            code: label.code,
            title: Text::new(label.zh, label.en),
        })
        .collect();
    let field = Field {
        name: raw.name,
        title: raw.title,
        kind,
        unit: raw.unit,
        optional: raw.optional,
        labels,
        min,
        max,
    };
    check(&field, side, place, report);
    field
}

fn check(field: &Field, side: Side, place: &str, report: &mut Report) {
    let named = !field.name.is_empty()
        && field
            .name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if !named {
        report.refuse(place, "a name has lower-case letters, digits and _");
    }
    if field.title.is_blank() {
        report.refuse(place, "the title is blank");
    }
    let only_output = matches!(field.kind, Kind::Choices | Kind::Threshold | Kind::Ratio);
    let wrong_side = match side {
        Side::Input => only_output || field.optional,
        Side::Output => field.kind == Kind::Place,
    };
    if wrong_side {
        report.refuse(place, "this type or `optional` cannot stand here");
    }
    let has_labels = matches!(field.kind, Kind::Choice | Kind::Choices | Kind::Place);
    if has_labels == field.labels.is_empty() && field.kind != Kind::Place {
        report.refuse(place, "a choice declares its values, other types have none");
    }
    let codes: BTreeSet<&str> = field
        .labels
        .iter()
        .map(|label| label.code.as_str())
        .collect();
    if codes.len() != field.labels.len() {
        report.refuse(place, "a value is declared twice");
    }
    if field
        .labels
        .iter()
        .any(|label| label.title.is_blank() || label.code.is_empty())
    {
        report.refuse(place, "a value has no code or no title");
    }
    if field.kind == Kind::Place {
        let plain = |code: &str| Place::parse(code).is_some_and(|place| place.to_string() == code);
        if let Some(label) = field.labels.iter().find(|label| !plain(&label.code)) {
            report.refuse(
                place,
                format!(
                    "`{}` is no division code without trailing zeros",
                    label.code
                ),
            );
        }
    }
    let bounded = field.min.is_some() || field.max.is_some();
    let backwards = field.min.zip(field.max).is_some_and(|(min, max)| min > max);
    let fraction = |bound: Option<Number>| bound.is_some_and(|it| it.as_integer().is_none());
    if bounded && !field.kind.is_number()
        || backwards
        || field.kind == Kind::Integer && fraction(field.min)
        || field.kind == Kind::Integer && fraction(field.max)
    {
        report.refuse(
            place,
            "min and max are numbers of the field's type, min first",
        );
    }
}

fn bound(raw: Option<&toml::Value>, place: &str, report: &mut Report) -> Option<Number> {
    let raw = raw?;
    let number = number(raw);
    if number.is_none() {
        report.refuse(
            place,
            format!("`{raw}` is no exact number; write decimals as text: \"0.05\""),
        );
    }
    number
}

/// An exact number: a TOML integer, or text such as `"0.05"` and `"2/3"`. TOML floats are not exact.
pub(super) fn number(raw: &toml::Value) -> Option<Number> {
    match raw {
        toml::Value::Integer(value) => Number::integer(*value),
        toml::Value::String(text) => Number::parse(text),
        _ => None,
    }
}

fn kind(raw: RawKind) -> Kind {
    match raw {
        RawKind::Choice => Kind::Choice,
        RawKind::Choices => Kind::Choices,
        RawKind::Integer => Kind::Integer,
        RawKind::Decimal => Kind::Decimal,
        RawKind::Ratio => Kind::Ratio,
        RawKind::Flag => Kind::Flag,
        RawKind::Date => Kind::Date,
        RawKind::Text => Kind::Text,
        RawKind::Place => Kind::Place,
        RawKind::Threshold => Kind::Threshold,
    }
}
