#![doc = include_str!("../README.md")]

mod account;
mod amount;
mod book;
mod check;
mod error;
mod lot;
mod plan;
mod record;
mod request;
mod rules;

pub use account::{Account, AccountId, Counters};
pub use amount::{Amount, Asset};
pub use book::{Book, Receipt};
pub use check::Broken;
pub use error::{Refusal, Refused, RulesFault};
pub use lot::{Lot, Piece};
pub use record::{Act, Part, Record, RecordId};
pub use request::{Action, Request, Terms, TransferId};
pub use rules::{Code, Kind, KindRule, Route, Rules};

/// The most requests of one linked chain.
pub const CHAIN_MAX: usize = 1_000;
