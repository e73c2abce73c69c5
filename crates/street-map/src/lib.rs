#![doc = include_str!("../README.md")]

mod block;
mod circle;
mod datum;
mod edit;
mod error;
mod import;
mod pbf;
mod sketch;
mod tile;
mod types;
mod wire;
mod write;

pub use circle::{Analysis, Answer, Coverage, Question, Unsnapped, analyse, place_of_facility};
pub use datum::{Datum, Judgement, Reading, from_degrees, judge};
pub use error::StreetMapError;
pub use import::{Building, Facility, Missing, Object, StreetMap, begins_as_map, read};
pub use sketch::Sketch;
pub use tile::{Layer, Tile, tile};
pub use types::{FacilityType, FacilityTypes, LandUse, TransitBand, WalkingGroup, WalkingRules};
