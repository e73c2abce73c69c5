//! Residents choose together (rows 6.4 and 7.3 of the policy): which canteen, which nursery, which supplier of energy.
//!
//! A committee drafts a poll: options with provider, price and terms, a method, who may vote, and when. Publication freezes
//! the electors and makes a key for this poll alone. Each elector collects one blind credential ([`credential`]) and votes
//! with it from their device; whoever has none votes on paper at the community desk, entered by two people. Nothing that
//! is kept links an elector and a ballot: ballots carry no time, no account and no order. After the close the board shows
//! every ballot with its credential, so that anybody can recount, and everybody finds their own by the code on their receipt.
//!
//! Participatory budgets stand in the same house, because their vote is the same: a round calls for proposals, residents
//! make and discuss them, staff check them, and the feasible ones become the options of a poll whose result a rule of
//! `ballot::pabulib` decides. One box, one desk, one board, one audit.
//!
//! What this can't prevent is said on the page and in `docs/security.md`.

mod api;
mod audit;
mod board;
mod commands;
mod error;
mod funded;
mod key;
mod model;
mod module;
mod pages;
mod queries;
mod store;

use std::fmt::Write as _;

use db::{Migration, Statement};

pub use audit::{Audit, Proved};
pub use board::{Board, BoardBallot, Counted};
pub use commands::*;
pub use error::Error;
pub use funded::{Funded, OtherRule, ProjectResult, TieResult};
pub use model::*;
pub use module::module;
pub use queries::*;
pub use store::{
    Check, Comment, Elector, Paper, Poll, PollLine, Progress as Turnout, Proposal, Publication,
    Reported, Round,
};

/// The module's tables.
pub const MIGRATIONS: &[Migration] = &[Migration {
    module: "polls",
    version: 1,
    sql: include_str!("../migrations/0001_polls.sql"),
}];

/// Every statement of this module.
pub const STATEMENTS: &[&[Statement]] = store::STATEMENTS;

/// Bytes in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
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
