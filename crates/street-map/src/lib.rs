#![doc = include_str!("../README.md")]

mod block;
mod circle;
mod error;
mod import;
mod pbf;
mod types;
mod wire;

pub use circle::{Analysis, Answer, Coverage, Question, Unsnapped, analyse};
pub use error::StreetMapError;
pub use import::{Building, Facility, Missing, Object, StreetMap, read};
pub use types::{FacilityType, FacilityTypes, WalkingRules};
