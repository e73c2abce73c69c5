//! SQL for modules: one text on SQLite and PostgreSQL, written in lanes.
//!
//! The only crate that names a database driver. Modules see [`Read`] and [`Tx`], both synchronous; a write is a
//! closure run to completion in its community's lane, which commits many at once.

mod address;
mod checkpoint;
mod command;
mod database;
mod error;
mod fault;
mod lane;
mod migrate;
mod migration;
mod options;
mod postgres;
mod reader;
mod rows;
mod session;
mod sqlite;
mod statement;
mod tx;
mod value;

pub use address::shown_address;
pub use command::{Answers, Together};
pub use database::{Database, Engine};
pub use error::Error;
pub use fault::FaultPlan;
pub use migration::Migration;
pub use options::Options;
pub use statement::Statement;
pub use tx::{Cache, Read, ReadCache, Tx};
pub use value::{FromValue, Row, Value};
