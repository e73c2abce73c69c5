//! a
use shell::App;
use utoipa_axum::router::OpenApiRouter;
pub(crate) fn routes() -> OpenApiRouter<App> { OpenApiRouter::new() }
