//! Approvals as a browser and a program meet them: requests in, pages and JSON out, on a database in memory.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod clerks;
mod doors;
mod programs;
mod strangers;
mod supervisors;
mod town;
