#![doc = include_str!("../README.md")]

mod analyse;
mod analysis;
mod columns;
mod draw;
mod error;
mod instant;
mod layers;
mod markup;
mod net;
mod on_time;
mod read_csv;
mod read_xes;
mod render;
mod source;
mod spread;
mod write_xes;

pub use analyse::{Analyser, Case, Closing, Event, Trace};
pub use analysis::{Activity, Analysis, Edge, Rework, Variant, Warnings};
pub use columns::Columns;
pub use draw::{Arrow, Drawing, Node, draw, draw_analysis};
pub use error::Error;
pub use instant::parse_instant;
pub use layers::layout;
pub use net::{Conformance, Net, Replayed, Transition};
pub use on_time::{OnTime, Outcome};
pub use read_csv::read_csv;
pub use read_xes::read_xes;
pub use render::{render_text, shown_duration};
pub use source::{Kind, read};
pub use spread::Spread;
pub use write_xes::{LoggedCase, LoggedEvent, write_xes};
