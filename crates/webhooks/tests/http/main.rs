//! The record and the webhooks as their users meet them: pages and API in this process, events on a real server.

mod delivering;
mod managing;
mod promises;
mod receiver;
mod record;
mod site;
