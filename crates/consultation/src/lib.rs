//! Public consultation (公开征求意见, row 9.1 of the policy): a draft text is open for comment until a date.
//!
//! Staff bring a text as DOCX or TXT, which is split into clauses; they correct the clauses and publish with a deadline that
//! the law's period allows. Residents comment on a clause or on the whole; what comes by letter, paper or telephone is
//! entered beside. After the deadline nothing more comes in, by the server's clock. Every comment stays where everyone can
//! read it, a withdrawn one struck through, and staff answer like comments together: adopted, partly, or not, with reasons.
//! Once all are answered the text that came of it is issued as the next version, its changes shown clause by clause.

mod api;
mod audit;
mod clauses;
mod commands;
mod diff;
mod error;
mod law;
mod model;
mod module;
mod pages;
mod queries;
mod store;

use db::{Migration, Statement};

pub use audit::{Audit, Proved};
pub use clauses::{blocks, joined, label_of, split};
pub use commands::*;
pub use diff::{Change, Fate, Piece, changes};
pub use error::Error;
pub use law::{Ground, Period, period};
pub use model::*;
pub use module::module;
pub use queries::*;
pub use store::version::Version;
pub use store::{Answered, Comment, Consultation, Line};

/// The module's tables.
pub const MIGRATIONS: &[Migration] = &[Migration {
    module: "consultation",
    version: 1,
    sql: include_str!("../migrations/0001_consultation.sql"),
}];

/// Every statement of this module.
pub const STATEMENTS: &[&[Statement]] = store::ALL_STATEMENTS;
