//! The supervisor's view: what is late, what will be, where time goes, who waits for whom, and what fewer steps would
//! have saved. Everything is derived by the engine `flow`; what is kept between two looks ([`Live`]) is what the
//! derivation needs, and what it gave on that day for files that did not change since.

mod day;
mod live;
mod overview;
mod past;

pub(crate) use day::Place;
pub use live::Live;
pub(crate) use live::{Running, State, Watched};
pub use overview::{CaseLine, Load, Overview, StageLine, WaitLine, overview};
pub use past::{PastOf, fewer_steps, log_of};
