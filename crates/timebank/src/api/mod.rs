//! The JSON twin of the pages: the same commands and queries.

mod acts;

use axum::Json;
use serde::Serialize;
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::queries::{self, Balance, RequestView};
use crate::{Fit, Service};

/// Every API route of the module.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(mine))
        .routes(routes!(open))
        .routes(routes!(services))
        .routes(routes!(statement))
        .merge(acts::routes())
}

/// One's own part in the time bank.
#[derive(Serialize, ToSchema)]
struct HoursBody {
    /// Hours in minutes: available, reserved, earned, donated; from which age they buy care; the cap.
    #[schema(value_type = Object)]
    balance: Balance,
    /// What was asked for oneself and family, newest first.
    #[schema(value_type = Vec<Object>)]
    requests: Vec<RequestView>,
    /// One's visits as a volunteer, newest first.
    #[schema(value_type = Vec<Object>)]
    visits: Vec<RequestView>,
}

/// One's own hours, requests and visits.
#[utoipa::path(get, path = "/api/v1/communities/{community}/timebank", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 200, body = HoursBody), (status = "default", body = ProblemDetails)))]
async fn mine(member: Member) -> Result<Json<HoursBody>, Failure> {
    let mine = member.read(queries::mine).await?;
    Ok(Json(HoursBody {
        balance: mine.balance,
        requests: mine.requests,
        visits: mine.visits,
    }))
}

/// An open request and why it fits.
#[derive(Serialize, ToSchema)]
struct OpenBody {
    /// The request.
    #[schema(value_type = Object)]
    request: RequestView,
    /// Why it fits the volunteer who asks.
    #[schema(value_type = Object)]
    fit: Fit,
}

/// The open requests that fit the actor as a volunteer, best first.
#[utoipa::path(get, path = "/api/v1/communities/{community}/timebank/requests", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 200, body = Vec<OpenBody>), (status = "default", body = ProblemDetails)))]
async fn open(member: Member) -> Result<Json<Vec<OpenBody>>, Failure> {
    let open = member.read(queries::open_requests).await?;
    let told = open
        .into_iter()
        .map(|(request, fit)| OpenBody { request, fit });
    Ok(Json(told.collect()))
}

/// The services that may be asked for.
#[utoipa::path(get, path = "/api/v1/communities/{community}/timebank/services", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 200, body = Vec<Object>), (status = "default", body = ProblemDetails)))]
async fn services(member: Member) -> Result<Json<Vec<Service>>, Failure> {
    Ok(Json(member.read(queries::services).await?))
}

/// A movement of one's hours.
#[derive(Serialize, ToSchema)]
struct HoursMoved {
    /// The record's number in the community's book.
    seq: u64,
    /// When, RFC 3339.
    at: String,
    /// What it changed the balance by, in minutes.
    change: i64,
    /// What it held or gave back.
    held: i64,
    /// The balance after it.
    balance: i64,
}

/// One's own statement, newest first.
#[utoipa::path(get, path = "/api/v1/communities/{community}/timebank/statement", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 200, body = Vec<HoursMoved>), (status = "default", body = ProblemDetails)))]
async fn statement(member: Member) -> Result<Json<Vec<HoursMoved>>, Failure> {
    let lines = member.read(queries::statement).await?;
    let told = lines.into_iter().map(|line| HoursMoved {
        seq: line.seq,
        at: line.at.rfc3339(),
        change: line.change,
        held: line.held,
        balance: line.balance,
    });
    Ok(Json(told.collect()))
}
