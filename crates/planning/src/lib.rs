#![doc = include_str!("../README.md")]

mod error;
mod indicators;
mod measure;
mod number;
mod programme;
mod render;

pub use error::Error;
pub use indicators::{Bound, Check, Indicator, Limit, Report, check};
pub use measure::{Counted, Measured, Ruling};
pub use programme::{Building, Parking, Part, Plan, Plot, Programme, Vertical, parse};
pub use render::render_text;
