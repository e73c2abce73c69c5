//! What this installation is, for programs.

use axum::Json;
use serde::Serialize;
use shell::{App, Failure, Visitor};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The route.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(about))
}

/// An installation of Linli.
#[derive(Serialize, ToSchema)]
struct About {
    /// The program's version.
    version: String,
    /// The address that people use.
    address: String,
    /// The database it stands on.
    database: String,
    /// The key with which anyone checks its signed heads and receipts.
    key: String,
}

/// What this installation is, and the key with which anyone checks its record.
#[utoipa::path(get, path = "/api/v1/about", tag = "account", security(()),
    responses((status = 200, body = About), (status = "default", body = shell::ProblemDetails)))]
async fn about(visitor: Visitor) -> Result<Json<About>, Failure> {
    let app = &visitor.app;
    Ok(Json(About {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        address: app.settings().public_url.clone(),
        database: app.database().engine().to_string(),
        key: app.journal().signer().verifying_key().to_string(),
    }))
}
