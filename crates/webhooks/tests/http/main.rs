//! The record and the webhooks as their users meet them: pages and API in this process, events on a real server.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where its ground fails"
)]

mod delivering;
mod managing;
mod promises;
mod receiver;
mod record;
mod site;
