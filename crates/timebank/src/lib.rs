//! Neighbours care for elders, and hours are kept to the minute (时间银行; row 7.4 of the policy).
//!
//! A community chooses a city's scheme (`policy/time_bank.*`) and lists what may be asked for. Volunteers say what they can do
//! and when, and staff vet them. An elder asks for a visit, or family or the butler does with the elder's consent on record;
//! volunteers see what fits them and why, and accept, which reserves the minutes. Codes at the door say when the visit began
//! and ended; the elder confirms, or family, or staff, or after some days Linli itself with a flag; the real minutes are posted.
//! Nobody confirms their own visit. Hours cross to another community within what the two committees agreed. Hours go to spouse and relatives and to a pool for those who need it most; what exceeds a
//! cap goes there too. A complaint is settled by an arbiter who reverses the posting. Every minute stands in `book`.

mod api;
mod audit;
mod commands;
mod courier;
mod error;
mod law;
mod model;
mod module;
mod pages;
mod queries;
mod store;

use db::{Migration, Statement};

pub use audit::{Audit, Proved, prove_clearing};
pub use commands::*;
pub use courier::deliver;
pub use error::Error;
pub use law::{Ground, Law, Standing};
pub use model::*;
pub use module::module;
pub use queries::*;
pub use store::{Chosen, Complaint, Elder, Relation, Request, Service, Signal, Visit, Volunteer};

/// The module's tables.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        module: "timebank",
        version: 1,
        sql: include_str!("../migrations/0001_timebank.sql"),
    },
    Migration {
        module: "timebank",
        version: 2,
        sql: include_str!("../migrations/0002_clearing.sql"),
    },
    Migration {
        module: "timebank",
        version: 3,
        sql: include_str!("../migrations/0003_signals.sql"),
    },
];

/// Every statement of this module.
pub const STATEMENTS: &[&[Statement]] = store::ROOMS;
