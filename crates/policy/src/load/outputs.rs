//! Outputs: what stands under `then` in a row, from a plain value to a calculation.

use toml::{Table, Value};

use super::conditions::{date, range};
use super::fields::number;
use crate::expression::{Band, Expression, Then};
use crate::number::{Number, Rounding};
use crate::table::{Range, Source};
use crate::value::{Field, Kind};
use crate::{Text, Threshold};

/// Calculations nested deeper than this are refused.
const MOST_DEPTH: usize = 32;

/// The fields that a calculation may refer to: inputs, and outputs of earlier tables.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) inputs: &'a [Field],
    pub(super) outputs: &'a [Field],
    pub(super) settled: &'a [bool],
}

/// Reads the output of a row; the message says what may stand there.
pub(super) fn read(field: &Field, raw: &Value, scope: Scope<'_>) -> Result<Then, String> {
    let fault = || {
        format!(
            "output `{}` is `{raw}`; write {}",
            field.name,
            wanted(field)
        )
    };
    match field.kind {
        Kind::Integer | Kind::Decimal | Kind::Ratio => {
            let expression =
                expression(raw, scope, 0).map_err(|why| format!("{}: {why}", fault()))?;
            let fraction =
                matches!(&expression, Expression::Number(it) if it.as_integer().is_none());
            if field.kind == Kind::Integer && fraction {
                return Err(fault());
            }
            Ok(Then::Calculated(expression))
        }
        Kind::Threshold => threshold(raw).map(Then::Threshold).ok_or_else(fault),
        Kind::Flag => raw.as_bool().map(Then::Flag).ok_or_else(fault),
        Kind::Text => text(raw).map(Then::Text).ok_or_else(fault),
        Kind::Choice => {
            let position = raw.as_str().and_then(|code| field.position(code));
            position.map(Then::Choice).ok_or_else(fault)
        }
        Kind::Choices => choices(field, raw).map(Then::Choices).ok_or_else(fault),
        Kind::Date => date(raw).map(Then::Date).ok_or_else(fault),
        Kind::Place => Err(fault()),
    }
}

fn wanted(field: &Field) -> String {
    match field.kind {
        Kind::Integer | Kind::Decimal | Kind::Ratio => {
            "an exact number or a calculation".to_owned()
        }
        Kind::Threshold => {
            "{ at_least = \"2/3\" } or { more_than = \"1/2\" }, a share up to 1".to_owned()
        }
        Kind::Text => "{ zh = \"...\", en = \"...\" }".to_owned(),
        _ => field.allowed().en,
    }
}

fn threshold(raw: &Value) -> Option<Threshold> {
    let table = raw.as_table().filter(|table| table.len() == 1)?;
    match (table.get("at_least"), table.get("more_than")) {
        (Some(share), None) => Threshold::new(number(share)?, false),
        (None, Some(share)) => Threshold::new(number(share)?, true),
        _ => None,
    }
}

fn text(raw: &Value) -> Option<Text> {
    raw.clone()
        .try_into::<Text>()
        .ok()
        .filter(|text| !text.is_blank())
}

fn choices(field: &Field, raw: &Value) -> Option<Vec<usize>> {
    raw.as_array()?
        .iter()
        .map(|item| field.position(item.as_str()?))
        .collect()
}

fn expression(raw: &Value, scope: Scope<'_>, depth: usize) -> Result<Expression, String> {
    if depth > MOST_DEPTH {
        return Err(format!("calculations nest at most {MOST_DEPTH} deep"));
    }
    if let Some(number) = number(raw) {
        return Ok(Expression::Number(number));
    }
    let Value::Table(table) = raw else {
        return Err("a number is whole, or text such as \"0.05\" or \"2/3\"".to_owned());
    };
    let mut keys: Vec<&str> = table.keys().map(String::as_str).collect();
    keys.sort_unstable();
    let part = |key: &str| {
        table.get(key).map_or_else(
            || Err(format!("`{key}` is missing")),
            |it| expression(it, scope, depth + 1),
        )
    };
    let list = |key: &str| parts(table, key, scope, depth);
    match keys.as_slice() {
        ["input"] => reference(table, "input", scope),
        ["output"] => reference(table, "output", scope),
        ["sum"] => Ok(Expression::Sum(list("sum")?)),
        ["product"] => Ok(Expression::Product(list("product")?)),
        ["difference"] => Ok(Expression::Difference(pair(list("difference")?)?)),
        ["quotient"] => Ok(Expression::Quotient(pair(list("quotient")?)?)),
        ["at_least" | "at_most", "of"] | ["at_least", "at_most", "of"] => {
            let limit = |key: &str| {
                table
                    .contains_key(key)
                    .then(|| part(key).map(Box::new))
                    .transpose()
            };
            limited(part("of")?, limit("at_least")?, limit("at_most")?)
        }
        ["of", "round", "to"] => Ok(Expression::Rounded {
            of: Box::new(part("of")?),
            step: step(table)?,
            rounding: rounding(table)?,
        }),
        ["bands", "of"] => {
            let bands = bands(table, "bands", "value", None)?;
            Ok(Expression::Banded {
                of: Box::new(part("of")?),
                bands,
            })
        }
        ["of", "progressive"] => {
            let bands = bands(table, "progressive", "rate", Some(Number::ZERO))?;
            Ok(Expression::Progressive {
                of: Box::new(part("of")?),
                bands,
            })
        }
        _ => Err(format!("no operator has the keys {}", keys.join(", "))),
    }
}

fn reference(table: &Table, side: &str, scope: Scope<'_>) -> Result<Expression, String> {
    let name = table.get(side).and_then(Value::as_str).unwrap_or_default();
    let fields = if side == "input" {
        scope.inputs
    } else {
        scope.outputs
    };
    let index = fields
        .iter()
        .position(|field| field.name == name && field.kind.is_number());
    let index = index.ok_or_else(|| format!("there is no number {side} `{name}`"))?;
    if side == "input" {
        return Ok(Expression::Field(Source::Input(index)));
    }
    if !scope.settled.get(index).copied().unwrap_or_default() {
        return Err(format!(
            "output `{name}` is not settled by an earlier table"
        ));
    }
    Ok(Expression::Field(Source::Output(index)))
}

fn parts(
    table: &Table,
    key: &str,
    scope: Scope<'_>,
    depth: usize,
) -> Result<Vec<Expression>, String> {
    let items = table
        .get(key)
        .and_then(Value::as_array)
        .filter(|items| !items.is_empty());
    let items = items.ok_or_else(|| format!("`{key}` takes a list"))?;
    items
        .iter()
        .map(|item| expression(item, scope, depth + 1))
        .collect()
}

fn pair(parts: Vec<Expression>) -> Result<Box<[Expression; 2]>, String> {
    let pair: Result<[Expression; 2], _> = parts.try_into();
    pair.map(Box::new)
        .map_err(|_| "a difference or quotient takes two parts".to_owned())
}

fn limited(
    of: Expression,
    at_least: Option<Box<Expression>>,
    at_most: Option<Box<Expression>>,
) -> Result<Expression, String> {
    if let (Some(Expression::Number(floor)), Some(Expression::Number(cap))) =
        (at_least.as_deref(), at_most.as_deref())
        && floor > cap
    {
        return Err("the floor lies above the cap".to_owned());
    }
    Ok(Expression::Limited {
        of: Box::new(of),
        at_least,
        at_most,
    })
}

fn step(table: &Table) -> Result<Number, String> {
    let step = table
        .get("to")
        .and_then(number)
        .filter(|step| *step > Number::ZERO);
    step.ok_or_else(|| "`to` is the step of rounding, above zero".to_owned())
}

fn rounding(table: &Table) -> Result<Rounding, String> {
    let raw = table.get("round").cloned();
    let rounding = raw.and_then(|raw| raw.try_into::<Rounding>().ok());
    rounding.ok_or_else(|| "`round` is half_up, half_even, down or up".to_owned())
}

/// Bands from the lowest up. Each starts where the one before ends; the first is open below or starts at
/// `start`, the last is open above.
fn bands(
    table: &Table,
    key: &str,
    amount: &str,
    start: Option<Number>,
) -> Result<Vec<Band>, String> {
    let items = table
        .get(key)
        .and_then(Value::as_array)
        .filter(|items| !items.is_empty());
    let items = items.ok_or_else(|| format!("`{key}` takes a list of bands"))?;
    let mut bands: Vec<Band> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let band = band(item, amount)?;
        let expected = match bands.last() {
            None => start.map(|start| (start, true)),
            Some(before) => match before.range.high {
                Some((edge, inside)) => Some((edge, !inside)),
                None => return Err(format!("band {index} is open above and is not the last")),
            },
        };
        bands.push(joined(band, expected, index)?);
    }
    match bands.last().map(|band| &band.range.high) {
        Some(None) => Ok(bands),
        _ => Err("the last band must be open above; values beyond it have no band".to_owned()),
    }
}

fn band(raw: &Value, amount: &str) -> Result<Band, String> {
    let fault = || format!("a band is {{ from, above, to, below, {amount} }}, found `{raw}`");
    let mut table = raw.as_table().cloned().ok_or_else(fault)?;
    let amount = table
        .remove(amount)
        .as_ref()
        .and_then(number)
        .ok_or_else(fault)?;
    let range = if table.is_empty() {
        Range::ALL
    } else {
        range(&Value::Table(table), number).ok_or_else(fault)?
    };
    Ok(Band { range, amount })
}

fn joined(mut band: Band, expected: Option<(Number, bool)>, index: usize) -> Result<Band, String> {
    match (band.range.low, expected) {
        (None, _) => band.range.low = expected,
        (Some(low), Some(expected)) if low == expected => {}
        (Some((low, _)), Some((edge, _))) if low > edge => {
            return Err(format!("gap between {edge} and {low} before band {index}"));
        }
        (Some((low, _)), Some((edge, _))) if low == edge => {
            return Err(format!(
                "the edge {edge} before band {index} is in both bands or in none"
            ));
        }
        (Some((low, _)), Some((edge, _))) => {
            return Err(format!(
                "bands overlap between {low} and {edge} at band {index}"
            ));
        }
        (Some((low, _)), None) => return Err(format!("values below {low} have no band")),
    }
    if band.range.is_empty() {
        return Err(format!("band {index} is empty"));
    }
    Ok(band)
}
