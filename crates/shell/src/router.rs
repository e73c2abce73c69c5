//! All routes on one page: the shell's own, then every module's.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use maud::Markup;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::{App, Failure, Module, Place, Visitor, middleware, preferences, reference};

/// The largest body a request may have, in bytes: a roll or an attachment with some room around it.
const MAX_BODY: usize = 24 * 1024 * 1024;
/// How long a request may take.
const MAX_SECONDS: u64 = 60;

/// The description that every module's paths are added to.
#[derive(utoipa::OpenApi)]
#[openapi(info(
    title = "Linli",
    description = "The JSON API beside every page. Sign in with POST /api/v1/sessions and send the token as \
        `Authorization: Bearer TOKEN`. Commands take an `Idempotency-Key` header: a repeated key answers the same. \
        Errors are problem details by RFC 9457."
))]
struct Description;

/// The whole site: these modules, and the pages that the roof adds.
pub fn router(app: App, modules: Vec<Module>, roof: Router<App>) -> Router {
    let mut pages = roof.layer(Extension(Place::Everywhere));
    let mut api = OpenApiRouter::with_openapi(Description::openapi());
    for module in modules {
        pages = pages.merge(module.pages.layer(Extension(module.place)));
        api = api.merge(module.api.layer(Extension(module.place)));
    }
    let (api, mut description) = api.split_for_parts();
    reference::describe_problems(&mut description);
    reference::describe_security(&mut description);
    let site = pages
        .merge(api)
        .merge(own(Arc::new(description)))
        .fallback(nothing_here);
    site.layer(
        ServiceBuilder::new()
            .layer(axum::middleware::from_fn_with_state(
                app.clone(),
                middleware::around,
            ))
            .layer(CatchPanicLayer::custom(
                |_: Box<dyn std::any::Any + Send>| {
                    Failure::internal("a handler", &"it panicked").into_response()
                },
            ))
            .layer(CompressionLayer::new())
            .layer(
                CsrfLayer::new().with_rejection_response(|_| middleware::forged().into_response()),
            )
            .layer(TimeoutLayer::with_status_code(
                StatusCode::SERVICE_UNAVAILABLE,
                Duration::from_secs(MAX_SECONDS),
            ))
            .layer(DefaultBodyLimit::max(MAX_BODY)),
    )
    .with_state(app)
}

fn own(description: Arc<OpenApi>) -> Router<App> {
    let for_page = description.clone();
    Router::new()
        .route("/assets/{name}", get(asset))
        .route(
            "/favicon.ico",
            get(async || asset(Path("favicon.svg".to_owned())).await),
        )
        .route("/preferences", post(preferences::choose))
        .route("/components", get(components))
        .route("/healthz", get(async || "ok"))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .route(
            "/api/v1",
            get(async move |visitor: Visitor| reference::page(&visitor, &for_page)),
        )
        .route(
            "/api/v1/openapi.json",
            get(reference::openapi).with_state(description),
        )
}

/// A style sheet, script or icon; its name carries a hash of its content, so it is kept for a year.
async fn asset(Path(name): Path<String>) -> Result<Response, Failure> {
    let asset = web_ui::asset(&name).ok_or_else(Failure::not_found)?;
    let headers = [
        (CONTENT_TYPE, asset.content_type),
        (CACHE_CONTROL, asset.cache_control),
        (ETAG, asset.etag),
    ];
    Ok((headers, asset.bytes).into_response())
}

async fn components(visitor: Visitor) -> Markup {
    web_ui::component_page(&visitor.ui())
}

/// Whether this process can do its work: 200 if the database answers, else 503.
async fn ready(State(app): State<App>) -> Result<&'static str, Failure> {
    let database = app.database().clone();
    let checked = tokio::task::spawn_blocking(move || database.check()).await;
    checked.map_err(|error| Failure::internal("the readiness check", &error))??;
    Ok("ready")
}

async fn metrics(State(app): State<App>) -> impl IntoResponse {
    (
        [(
            CONTENT_TYPE,
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
        )],
        app.metrics().text(),
    )
}

async fn nothing_here() -> Failure {
    Failure::not_found()
}
