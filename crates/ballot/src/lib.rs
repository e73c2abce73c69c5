//! Electorates, ballots, thresholds and counting: exact, in integers, with every number shown.
//!
//! [`resolution`] counts an owners' vote under Civil Code 278: by heads and by area, with the
//! silent shown apart and the result under each rule of silence.
//!
//! Thresholds are never written here: they are data of the law in force and are handed in.

mod error;
mod names;
pub mod resolution;
mod rows;

pub use error::{BallotError, RowFault};
