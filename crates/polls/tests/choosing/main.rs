//! How residents choose, through commands and queries, on SQLite and on PostgreSQL.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod budgets;
mod faults;
mod messages;
mod paper;
mod permissions;
mod secrecy;
mod statements;
mod tampering;
mod voting;
mod world;
