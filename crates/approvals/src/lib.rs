//! Approvals on a clock (row 8.1 of the policy, and the responsibility half of 9.2): the city's green channel.
//!
//! An applicant fills one form for what runs in parallel, hands each paper in once and has one file, which says where it
//! lies, who leads, when it is due and why on that very day. A clerk has a queue by due date and does what the process
//! allows: take in, ask for corrections once, stop and resume the clock on a legal ground, ask others, decide. What
//! happened is a row of events; where a case stands and when it is due is derived from them, from the definition that the
//! case was begun under and from the working-day calendar, by the engine [`flow`]. Nothing of that is stored.

mod api;
mod audit;
mod calendar;
mod cards;
mod commands;
mod definitions;
mod error;
mod model;
mod module;
mod office;
mod pages;
mod queries;
mod store;
mod supervision;
mod tasks;
mod words;

use db::{Migration, Statement};

pub use audit::{Audit, Proved};
pub use calendar::days;
pub use cards::due_cards;
pub use commands::*;
pub use definitions::{KnownDefinition, definition, known_definitions};
pub use error::Error;
pub use model::*;
pub use module::module;
pub use office::Office;
pub use queries::*;
pub use store::{Appointment, Card, CardRow, CaseRow, Logged, PaperFile, Reading, Succession};
pub use supervision::{
    CaseLine, Live, Load, Overview, PastOf, StageLine, WaitLine, fewer_steps, log_of, overview,
};
pub use tasks::{Task, TaskKind, is_closed, tasks};
pub use words::Words;

/// The module's tables.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        module: "approvals",
        version: 1,
        sql: include_str!("../migrations/0001_approvals.sql"),
    },
    Migration {
        module: "approvals",
        version: 2,
        sql: include_str!("../migrations/0002_supervision.sql"),
    },
    Migration {
        module: "approvals",
        version: 3,
        sql: include_str!("../migrations/0003_readings.sql"),
    },
];

/// Every statement of this module.
pub const STATEMENTS: &[&[Statement]] = store::STATEMENTS;

/// Bytes in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// A value as JSON text.
pub(crate) fn to_json<T: serde::Serialize>(what: &'static str, value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| {
        journal::Error::Json {
            what,
            reason: error.to_string(),
        }
        .into()
    })
}
