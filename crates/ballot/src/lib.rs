//! Electorates, ballots, thresholds and counting: exact, in integers, with every number shown.
//!
//! [`resolution`] counts an owners' vote under Civil Code 278: by heads and by area, with the
//! silent shown apart and the result under each rule of silence.
//!
//! [`pabulib`] tallies participatory budgets in the Pabulib format: greedy rules, the Method of
//! Equal Shares and Phragmén's sequential rule, each with the reason why a project won or lost.
//!
//! [`choosing`] picks one of several options: most votes, approval, instant run-off, Schulze's method, each with the way
//! to its result and ties told.
//!
//! [`election`] elects several members at once, each by the double majority, with ties told and reserve members in order.
//!
//! Thresholds are never written here: they are data of the law in force and are handed in.

pub mod choosing;
pub mod election;
mod error;
mod names;
pub mod pabulib;
pub mod resolution;
mod rows;

pub use error::{BallotError, RowFault};
