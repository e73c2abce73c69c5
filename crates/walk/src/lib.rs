#![doc = include_str!("../README.md")]

mod contract;
mod cover;
mod error;
mod flood;
mod geometry;
mod index;
mod nearest;
mod network;
mod path;
mod snap;
mod streets;
mod what_if;

pub use cover::{Cover, Pick, cover};
pub use error::WalkError;
pub use geometry::{Position, distance_dm};
pub use nearest::{Door, Doors, Nearest, Place, Reach, Settings, nearest};
pub use network::{Direction, Network, Segment};
pub use path::path;
pub use snap::{Snap, Snapper};
pub use streets::{Streets, Walker};
pub use what_if::{Change, Changes, WhatIf};
