//! Life circles through commands and queries on both databases, and what is found on maps drawn for the purpose.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod found;
mod kept;
mod town;
