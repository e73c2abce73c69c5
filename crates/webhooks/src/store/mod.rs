//! SQL of webhooks and their deliveries; nothing else here knows SQL.

mod deliveries;
mod webhooks;

use db::{Statement, Value};

pub(crate) use deliveries::{
    LastAnswer, claim, delete_old, deliveries, delivery, due, first_waiting, has_old, hurry,
    insert_delivery, put_off, repeat, settle, waiting,
};
pub(crate) use webhooks::{
    NewWebhook, SealedSecrets, Subscription, change_secret, communities, delete_pause,
    delete_webhook, insert_pause, insert_webhook, secrets, subscriptions, webhook, webhook_count,
    webhooks,
};

/// Every statement, room by room.
pub(crate) const STATEMENTS: &[&[Statement]] = &[webhooks::STATEMENTS, deliveries::STATEMENTS];

/// A position as a column; none reaches 2⁶³.
fn count(number: u64) -> Value {
    Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}
