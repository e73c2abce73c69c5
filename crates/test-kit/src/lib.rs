//! A community in a test, on either database.

mod postgres;

pub use postgres::{PostgresCluster, SERVER_VARIABLE};
