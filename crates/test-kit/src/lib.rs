//! A community in a test, on either database.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod community;
mod postgres;

pub use community::{NOON, Permissions, Person, TestCommunity};
pub use postgres::{PostgresCluster, SERVER_VARIABLE};
