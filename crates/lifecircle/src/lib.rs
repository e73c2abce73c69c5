//! Life circles (rows 3.3 and 4.1 of the policy: the 15-minute life circle as the unit of planning, and building near transit).
//!
//! A planner opens a circle, a piece of the city, and imports its street map. For every building and every type of facility of
//! the standard, or of her own, it is then known what is reached on foot and in what time, what is not, and what is not known.
//! Gaps are a map, a list and a table for Excel. She adds her own lists in whatever datum they are, asks what a new facility, a
//! new way or a closed gate would change, and where the next facility serves most people who have none.
//!
//! The search is done by the engines `street-map` and `walk`, off the database's lane and off the threads that answer requests
//! ([`Analyses`]); what is stored are its inputs, so that it can be repeated by anyone.

mod analyses;
mod api;
mod audit;
mod commands;
mod error;
mod found;
mod frame;
mod ground;
mod lists;
mod model;
mod module;
mod pages;
mod picture;
mod queries;
mod shares;
mod sites;
mod store;
mod transit;

use db::{Migration, Statement};

pub use analyses::{Analyses, Standing};
pub use audit::{Audit, Proved};
pub use commands::*;
pub use error::Error;
pub use found::{District, Found, GroupFound, Inputs, OwnList, Residents};
pub use lists::{Fault, Feature, List, read_list};
pub use model::*;
pub use module::module;
pub use queries::*;
pub use shares::{Counted, Share, shares};
pub use sites::{Site, Sites, best_sites};
pub use store::{Circle, Line, MapRow, OwnRow, ScenarioRow};
pub use transit::{BandFound, ModeFound, transit};

/// The module's tables.
pub const MIGRATIONS: &[Migration] = &[Migration {
    module: "lifecircle",
    version: 1,
    sql: include_str!("../migrations/0001_lifecircle.sql"),
}];

/// Every statement of this module.
pub const STATEMENTS: &[&[Statement]] = store::ALL_STATEMENTS;
