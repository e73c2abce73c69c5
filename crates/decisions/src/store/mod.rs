//! SQL of the decisions: resolutions and their terms here, electors and votes, what follows the close, in files beside.

mod after;
mod electors;
mod resolutions;

use db::Statement;

pub use after::*;
pub use electors::*;
pub use resolutions::*;

/// Every statement of this module, room by room.
pub(crate) const STATEMENTS: &[&[Statement]] = &[
    resolutions::STATEMENTS,
    electors::STATEMENTS,
    after::STATEMENTS,
];
