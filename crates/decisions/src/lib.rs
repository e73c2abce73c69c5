//! Owners decide (row 7.3 of the policy): resolutions by the double majority of Civil Code Art. 278.
//!
//! A committee drafts a resolution; the page says which thresholds apply and why. Publication checks notice and window
//! against the rule in force there and then and freezes the electorate. Votes come in on the platform, on paper, at the
//! door and by phone into one tally, each unit once; every vote leaves a receipt that anyone can check against the
//! published record. After the close come the count, objections with answers, and the announcement.

mod announcement;
mod api;
mod audit;
mod commands;
mod electorate;
mod error;
pub mod law;
mod model;
mod module;
mod notice;
mod pages;
mod queries;
mod record;
mod store;
mod trace;

use db::{Migration, Statement};

pub use audit::{Audit, Proved};
pub use commands::*;
pub use error::Error;
pub use model::*;
pub use module::module;
pub use queries::*;
pub use record::{PublishedBallot, PublishedCorrection, PublishedRecord, WithoutBallot};
pub use store::{
    Assembly, Attachment, Candidate, Correction, CorrectionEnd, Delivery, Extension, Objection,
    OwnUnit, OwnVote, Reminder, Resolution, ResolutionLine, UnitProgress, UnreachedUnit, Visit,
};
pub use trace::TracedVote;

/// The module's tables.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        module: "decisions",
        version: 1,
        sql: include_str!("../migrations/0001_decisions.sql"),
    },
    Migration {
        module: "decisions",
        version: 2,
        sql: include_str!("../migrations/0002_replaced_channel.sql"),
    },
    Migration {
        module: "decisions",
        version: 3,
        sql: include_str!("../migrations/0003_vote_replaced.sql"),
    },
    Migration {
        module: "decisions",
        version: 4,
        sql: include_str!("../migrations/0004_trace_from_journal.sql"),
    },
    Migration {
        module: "decisions",
        version: 5,
        sql: include_str!("../migrations/0005_corrections_extension.sql"),
    },
    Migration {
        module: "decisions",
        version: 6,
        sql: include_str!("../migrations/0006_turnout.sql"),
    },
    Migration {
        module: "decisions",
        version: 7,
        sql: include_str!("../migrations/0007_agenda.sql"),
    },
    Migration {
        module: "decisions",
        version: 8,
        sql: include_str!("../migrations/0008_election.sql"),
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

/// Bytes from hexadecimal digits; `None` if there are others.
pub(crate) fn unhex(digits: &str) -> Option<Vec<u8>> {
    let nibble = |digit: char| {
        digit
            .to_digit(16)
            .and_then(|nibble| u8::try_from(nibble).ok())
    };
    let nibbles: Vec<u8> = digits.chars().map(nibble).collect::<Option<_>>()?;
    nibbles
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(high << 4 | low),
            _ => None,
        })
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
