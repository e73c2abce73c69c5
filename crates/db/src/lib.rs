//! SQL for modules: one text on SQLite and PostgreSQL, written in lanes.
//!
//! The only crate that names a database driver. Modules see [`Read`] and [`Tx`], both synchronous; a write is a
//! closure run to completion in its community's lane, which commits many at once.

mod error;
mod migration;
mod statement;
mod tx;
mod value;

pub use error::Error;
pub use migration::Migration;
pub use statement::Statement;
pub use tx::{Cache, Read, Tx};
pub use value::{FromValue, Row, Value};
