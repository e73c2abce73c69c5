//! Conditions: what stands under `when` in a row.

use jiff::civil::Date;
use toml::Value;

use super::fields::number;
use crate::table::{Condition, Range};
use crate::value::{Field, Kind};
use crate::{Number, Place};

/// Reads one condition on a field; the message says what may stand there.
pub(super) fn read(field: &Field, raw: &Value) -> Result<Condition, String> {
    match field.kind {
        Kind::Choice => choice(field, raw),
        Kind::Flag => match raw {
            Value::Boolean(flag) => Ok(Condition::OneOf(vec![usize::from(*flag)])),
            _ => Err(expected(field, raw, "true or false")),
        },
        Kind::Integer | Kind::Decimal | Kind::Ratio => {
            let whole = |it: Number| field.kind != Kind::Integer || it.as_integer().is_some();
            range(raw, |raw| number(raw).filter(|it| whole(*it)))
                .map(Condition::Number)
                .ok_or_else(|| {
                    expected(
                        field,
                        raw,
                        "a number, or { from, above, to, below } with exact numbers",
                    )
                })
        }
        Kind::Date => range(raw, date).map(Condition::Days).ok_or_else(|| {
            expected(
                field,
                raw,
                "a date, or { from, above, to, below } with dates",
            )
        }),
        Kind::Place => places(field, raw),
        Kind::Text => match strings(raw) {
            Some(words) => Ok(Condition::Words(words)),
            None => Err(expected(field, raw, "text, or a list of texts")),
        },
        Kind::Choices | Kind::Threshold => Err(expected(
            field,
            raw,
            "no condition: of this type there is none",
        )),
    }
}

fn choice(field: &Field, raw: &Value) -> Result<Condition, String> {
    let (raw, negated) = match raw {
        Value::Table(table) if table.len() == 1 => match table.get("not") {
            Some(inner) => (inner, true),
            None => return Err(expected(field, raw, "a value, a list, or { not = ... }")),
        },
        _ => (raw, false),
    };
    let codes =
        strings(raw).ok_or_else(|| expected(field, raw, "a value, a list, or { not = ... }"))?;
    let mut named = Vec::new();
    for code in &codes {
        let position = field.position(code);
        named.push(position.ok_or_else(|| {
            format!(
                "`{}` has no value `{code}`; {}",
                field.name,
                field.allowed().en
            )
        })?);
    }
    if negated {
        named = (0..field.labels.len())
            .filter(|position| !named.contains(position))
            .collect();
    }
    if named.is_empty() {
        return Err(format!("the condition on `{}` leaves no value", field.name));
    }
    Ok(Condition::OneOf(named))
}

fn places(field: &Field, raw: &Value) -> Result<Condition, String> {
    let codes =
        strings(raw).ok_or_else(|| expected(field, raw, "a declared place, or a list of them"))?;
    let mut places = Vec::new();
    for code in &codes {
        let declared = field.position(code).and_then(|_| Place::parse(code));
        places.push(declared.ok_or_else(|| {
            format!(
                "declare the place `{code}` among the values of `{}`",
                field.name
            )
        })?);
    }
    Ok(Condition::Places(places))
}

fn strings(raw: &Value) -> Option<Vec<String>> {
    match raw {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Array(items) if !items.is_empty() => items
            .iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect(),
        _ => None,
    }
}

/// A single value, or a table with `from` or `above`, and `to` or `below`.
pub(super) fn range<T: Copy + Ord>(
    raw: &Value,
    read: impl Fn(&Value) -> Option<T>,
) -> Option<Range<T>>
where
    Range<T>: NotEmpty,
{
    let Value::Table(table) = raw else {
        let value = read(raw)?;
        return Some(Range {
            low: Some((value, true)),
            high: Some((value, true)),
        });
    };
    let mut range = Range {
        low: None,
        high: None,
    };
    for (key, raw) in table {
        let value = read(raw)?;
        let (end, inside) = match key.as_str() {
            "from" => (&mut range.low, true),
            "above" => (&mut range.low, false),
            "to" => (&mut range.high, true),
            "below" => (&mut range.high, false),
            _ => return None,
        };
        if end.replace((value, inside)).is_some() {
            return None;
        }
    }
    (!table.is_empty() && range.holds_something()).then_some(range)
}

/// Ranges that can say whether they hold anything.
pub(super) trait NotEmpty {
    fn holds_something(&self) -> bool;
}

impl NotEmpty for Range<Number> {
    fn holds_something(&self) -> bool {
        !self.is_empty()
    }
}

impl NotEmpty for Range<Date> {
    fn holds_something(&self) -> bool {
        !self.is_empty()
    }
}

pub(super) fn date(raw: &Value) -> Option<Date> {
    match raw {
        Value::Datetime(raw) => crate::source::date(raw),
        _ => None,
    }
}

fn expected(field: &Field, raw: &Value, what: &str) -> String {
    format!("the condition on `{}` is `{raw}`; write {what}", field.name)
}
