//! How owners decide, through commands and queries, on SQLite and on PostgreSQL.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a test stops at the first surprise"
)]

mod after;
mod agenda;
mod changes;
mod election;
mod job;
mod permissions;
mod proof_of_votes;
mod publishing;
mod simulation;
mod statements;
mod tampering;
mod turnout;
mod voting;
mod world;
