//! SQL of webhooks and their deliveries; nothing else here knows SQL.

mod deliveries;
mod webhooks;

use db::{Statement, Value};

pub(crate) use deliveries::*;
pub(crate) use webhooks::*;

/// Every statement, room by room.
pub(crate) const STATEMENTS: &[&[Statement]] = &[webhooks::STATEMENTS, deliveries::STATEMENTS];

/// A position as a column; none reaches 2⁶³.
fn count(number: u64) -> Value {
    Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}
