//! The roll of a community: buildings, units, owners, households, residents.

pub mod import;
pub mod model;
