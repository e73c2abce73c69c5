//! One book a community (rows 7.4, 7.8, 7.9 and 5.6 of the policy): the `ledger`'s accounts and records in the database.
//!
//! Modules post within their own commands ([`post`]): the requests are judged against balances that the lane keeps in
//! memory, written with the command's other changes, and bound into its journal entry by a [`Stamp`], a hash over every
//! record so far. Bare transfers of many callers at once go through a [`Teller`], which takes what waits into one command.
//! [`BookInJournal`] proves offline that balances, lots and reservations equal a replay of the records, and that the
//! records are those that the journal has stamped.
//!
//! What may happen at all stands in [`chart`].

mod audit;
pub mod chart;
mod error;
mod load;
mod post;
mod queries;
mod records;
mod store;
mod teller;

use db::{Migration, Statement};

pub use audit::{BookInJournal, prove_since_last};
pub use error::Error;
pub use post::{Posted, Stamp, account_id, open, post, post_all};
pub use queries::{
    AccountLine, Balance, Due, LotLine, Recorded, StatementLine, available, balances, due,
    has_overdue, held, lots, moved_before, movements, recorded, sources, trial_balance,
    trial_balance_on,
};
pub use teller::{Answer, GiveBackOverdue, POST, PostBatch, Teller};

/// The book's tables.
pub const MIGRATIONS: &[Migration] = &[Migration {
    module: "book",
    version: 1,
    sql: include_str!("../migrations/0001_book.sql"),
}];

/// Every statement of this crate.
pub const STATEMENTS: &[Statement] = store::STATEMENTS;

/// The book's texts: language tag and Fluent source.
pub const MESSAGES: &[(&str, &str)] = &[
    ("zh-CN", include_str!("../messages/zh-CN.ftl")),
    ("en", include_str!("../messages/en.ftl")),
];
