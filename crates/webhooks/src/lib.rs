//! The community's open record, and webhooks that follow it.
//!
//! Every change to a community is an entry of its journal. This module lets people read the newest entries, save the
//! signed head, and check a receipt against it; and it tells other programs of entries as they come: CloudEvents 1.0
//! with Standard Webhooks signatures, in order, at least once. Only the public part of an entry ever leaves.
//!
//! A [`journal::Follower`] writes a delivery for every webhook that an entry concerns; [`run`] sends what is due until
//! it is dropped.

mod address;
mod api;
mod commands;
mod endpoint;
mod error;
mod event;
mod follow;
mod held;
mod kinds;
mod model;
mod module;
mod pages;
mod queries;
mod record;
mod secret;
mod sender;
mod store;

use db::{Migration, Statement};

pub use commands::*;
pub use endpoint::Endpoint;
pub use error::Error;
pub use event::{Event, event_id};
pub use follow::follower;
pub use kinds::Kinds;
pub use model::*;
pub use module::module;
pub use queries::{Summary, deliveries, new_secret, webhook, webhooks};
pub use record::{Page, newest};
pub use secret::Secret;
pub use sender::{loopback_allowed, run, send_due};

/// The module's tables.
pub const MIGRATIONS: &[Migration] = &[Migration {
    module: "webhooks",
    version: 1,
    sql: include_str!("../migrations/0001_webhooks.sql"),
}];

/// Every statement of this module.
pub const STATEMENTS: &[&[Statement]] = store::STATEMENTS;
