//! Electorates, ballots, thresholds and counting: exact, in integers, with every number shown.
//!
//! [`resolution`] counts an owners' vote under Civil Code 278: by heads and by area, with the
//! silent shown apart and the result under each rule of silence.
//!
//! [`pabulib`] tallies participatory budgets in the Pabulib format: greedy rules, the Method of
//! Equal Shares and Phragmén's sequential rule, each with the reason why a project won or lost.
//!
//! Thresholds are never written here: they are data of the law in force and are handed in.

mod error;
mod names;
pub mod pabulib;
pub mod resolution;
mod rows;

pub use error::{BallotError, RowFault};
