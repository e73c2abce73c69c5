//! A person's own account: signing in and out, devices, passkeys, invitations on paper, and who belongs to a community.
//!
//! These are the pages and the API over [`identity`], which keeps accounts, sessions and roles. A password is looked
//! up, compared on a blocking thread and then turned into a session; the cookie holds a token that changes whenever
//! the person proves again who they are, changes the password, or comes back to the home page or their account after
//! their roles changed. Sensitive acts ask for that proof when the last one is older than ten minutes.
//!
//! Codes on paper are derived from the request's idempotency key, so that a repeated request prints the same code
//! and no second invitation exists.

mod api;
mod code;
mod door;
mod module;
mod pages;

pub use door::Options;
pub use module::{module, module_with};
