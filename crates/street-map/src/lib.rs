#![doc = include_str!("../README.md")]

mod block;
mod circle;
mod datum;
mod edit;
mod error;
mod import;
mod pbf;
mod types;
mod wire;

pub use circle::{Analysis, Answer, Coverage, Question, Unsnapped, analyse, place_of_facility};
pub use datum::{Datum, Judgement, Reading, judge};
pub use error::StreetMapError;
pub use import::{Building, Facility, Missing, Object, StreetMap, read};
pub use types::{FacilityType, FacilityTypes, WalkingRules};
