//! The web around every module: the program's state, who is asking, how errors speak, headers, the API's description.
//!
//! A module gives its face as a [`Module`]; [`router`] puts all faces together. A handler takes a [`Member`] (someone
//! in a community) or a [`Visitor`] (anyone), asks one query or sends one command, and renders.

mod answer;
mod api;
mod app;
mod client;
mod failure;
mod form;
mod member;
mod metrics;
mod middleware;
mod module;
mod preferences;
mod reference;
mod router;
mod throttle;
mod visitor;

pub use answer::download;
pub use api::ProblemDetails;
pub use app::{App, Clock, CommunityFace, FindCommunity, Parts, Settings};
pub use client::Client;
pub use failure::{Failure, permission_message};
pub use form::{Form, Json, Upload, Uploads};
pub use member::Member;
pub use metrics::Metrics;
pub use module::{Home, HomeCard, Job, Module, NavEntry, Navigation, Place};
pub use preferences::{FlashKey, flash_to};
pub use router::router;
pub use throttle::Throttle;
pub use visitor::{Session, Visitor, session_cookie, signed_out_cookie};

use web_ui::{Language, MessageSource};

/// The shell's texts.
pub const MESSAGES: [MessageSource; 2] = [
    MessageSource::new(Language::Zh, "shell", include_str!("../messages/zh-CN.ftl")),
    MessageSource::new(Language::En, "shell", include_str!("../messages/en.ftl")),
];
