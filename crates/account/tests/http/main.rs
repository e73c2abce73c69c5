//! The account as a browser and a program see it, through HTTP in the same process.

mod api;
mod members;
mod own_account;
mod signing_in;
mod support;
