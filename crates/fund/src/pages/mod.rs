//! p
use axum::Router;
use shell::App;
pub(crate) fn routes() -> Router<App> { Router::new() }
