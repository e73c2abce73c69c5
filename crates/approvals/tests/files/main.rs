//! Files on a clock, through commands and queries, on SQLite and on PostgreSQL.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod bad_luck;
mod cards;
mod clerks;
mod course;
mod laws;
mod office;
mod permissions;
mod statements;
mod supervision;
mod tampering;
mod world;
