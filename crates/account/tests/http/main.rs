//! The account as a browser and a program see it, through HTTP in the same process.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where its ground fails"
)]

mod api;
#[path = "../../../identity/tests/support/authenticator.rs"]
mod authenticator;
mod members;
mod organisations;
mod own_account;
mod own_api;
mod passkeys;
mod signing_in;
mod support;
mod twins;
