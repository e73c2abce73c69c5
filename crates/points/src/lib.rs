//! Points for services, services for points (积分换服务、服务换积分; row 7.8 of the policy).
//!
//! A committee says which acts earn how many points, how often, and what shows that they were done. A resident claims an
//! act with evidence and somebody else confirms it, or scans a session's code, or voted and the votes were counted; the points stand in the resident's book as a lot with
//! its day of expiry. Providers offer goods and services, the committee approves them; a resident redeems one with a code,
//! which holds the points until the provider hands over against the code, the resident cancels, or the deadline passes.
//! Points go to one's own family as gifts. What seems odd is raised to a reviewer and refused to nobody.
//! What expires is taken by a visible job whose preview anyone on the committee can read. Every movement stands in `book`.

mod api;
mod commands;
mod error;
mod follow;
mod model;
mod module;
mod pages;
mod queries;
mod store;

use db::{Migration, Statement};

pub use commands::*;
pub use error::Error;
pub use model::*;
pub use module::module;
pub use queries::*;
pub use store::{ClosedYear, Signal};

/// The module's tables.
pub const MIGRATIONS: &[Migration] = &[Migration {
    module: "points",
    version: 1,
    sql: include_str!("../migrations/0001_points.sql"),
}];

/// Every statement of this module.
pub const STATEMENTS: &[&[Statement]] = store::ROOMS;
