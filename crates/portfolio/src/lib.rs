#![doc = include_str!("../README.md")]

mod branch;
mod check;
mod error;
mod explain;
mod file;
mod greedy;
#[cfg(feature = "highs")]
mod highs;
mod instance;
mod lagrange;
mod limits;
mod math;
mod model;
mod outcome;
mod placement;
mod quarter;
mod render;
mod repair;
mod solve;
mod what_if;

pub use error::Error;
pub use file::parse;
pub use limits::{Gap, Limits, Solver};
pub use model::{Budget, Period, Plan, Preferences, Project, Unit};
pub use outcome::{Blocker, Limit, Outcome, Placed, Proof, Use, Waiting};
pub use quarter::Quarter;
pub use render::render_text;
pub use solve::{greedy, solve};
pub use what_if::{Move, MoveCost, move_cost};
