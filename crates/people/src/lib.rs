//! The roll of a community: buildings, units, owners, households, residents, and who speaks for a co-owned unit.
//!
//! It is the ground of row 7.3 of the systems list: owners decide by heads and by exclusive area, so the roll says who
//! owns what, on what evidence, and since when. Nothing is overwritten: a unit's facts, its owners, its voice and the
//! logins of its people are rows with a beginning and an end. Personal data lies sealed, shows masked, and is read in
//! full only with a reason that the record keeps.
//!
//! Change by [`commands`], look by [`queries`], bring files by [`import`].

mod api;
mod audit;
pub mod commands;
pub mod demo;
mod error;
pub mod import;
pub mod model;
mod module;
mod pages;
mod permissions;
pub mod queries;
mod store;

use db::{Migration, Statement};

pub use audit::{Audit, Proved};
pub use error::{Error, FieldFault};
pub use module::module;
pub use permissions::{
    ACCOUNT_LINK, COMMUNITY_CREATE, PERMISSIONS, PERSONAL_DATA_ERASE, PERSONAL_DATA_READ,
    ROLL_CHANGE, ROLL_IMPORT, ROLL_READ, VOICE_APPOINT,
};
pub use store::{Appointment, PersonalData, SealedPerson, UnitState};

/// The roll's tables.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        module: "people",
        version: 1,
        sql: include_str!("../migrations/0001_people.sql"),
    },
    Migration {
        module: "people",
        version: 2,
        sql: include_str!("../migrations/0002_upload.sql"),
    },
];

/// Every statement of this crate.
pub const STATEMENTS: &[&[Statement]] = &[store::STATEMENTS, store::audit::STATEMENTS];

/// The roll's texts: language tag and Fluent source.
pub const MESSAGES: &[(&str, &str)] = &[
    ("zh-CN", include_str!("../messages/zh-CN.ftl")),
    ("en", include_str!("../messages/en.ftl")),
];
