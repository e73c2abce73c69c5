//! The JSON twin of the pages: the same commands and queries.

use shell::App;
use utoipa_axum::router::OpenApiRouter;

/// Every API route of the module.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
}
