//! The fund through its commands and queries, on both databases.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod acts;
mod donations;
mod faults;
mod grants;
mod messages;
mod permissions;
mod proof;
mod restricted;
mod voted;
mod watching;
mod world;
