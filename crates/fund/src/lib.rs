//! A community's fund, every fen of it in the open (社区基金; rows 7.9 and 5.6 of the policy).
//!
//! The treasurer records what the bank statement or the cash box shows, with a file as evidence; a second person confirms, and
//! only then it stands in `book`. A donation is for whatever the fund's rules allow or for one purpose; the donor is named,
//! masked or anonymous as they choose, and gets a receipt. Residents apply for grants, or win them in a participatory budget of
//! `polls`; a grant's tranches are held in the book when it is approved, paid against evidence that somebody else has checked,
//! and what is left is free again at the end. Restricted money has no route away from its purpose but back to its donor, or
//! to another purpose with the donor's consent. The operation fund gets the share of a surplus that the community has set.
//!
//! What a public foundation must spend, and what may be administration, is watched by `policy/community_fund.*`.

mod api;
mod audit;
mod commands;
mod error;
mod law;
mod model;
mod module;
mod pages;
mod queries;
mod store;

use db::{Migration, Statement};

pub use audit::{Audit, Proved};
pub use commands::*;
pub use error::Error;
pub use law::{Ground, Limits, Restriction};
pub use model::*;
pub use module::module;
pub use queries::*;
pub use store::{Charter, FileLine, Gift, Grant, Purpose, Review, Tranche, Voucher};

/// The module's tables.
pub const MIGRATIONS: &[Migration] = &[Migration {
    module: "fund",
    version: 1,
    sql: include_str!("../migrations/0001_fund.sql"),
}];

/// Every statement of this module.
pub const STATEMENTS: &[&[Statement]] = store::ROOMS;

/// Bytes in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}
