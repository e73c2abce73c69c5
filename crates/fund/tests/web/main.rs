//! The fund as a browser and a program meet it: requests in, pages and JSON out, on a database in memory.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod doors;
mod strangers;
mod town;
