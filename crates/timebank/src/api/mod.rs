//! The JSON twin of the pages: the same commands and queries.

mod acts;

use axum::Json;
use serde::Serialize;
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::queries::{self, Balance, RequestView};
use crate::{Fit, ServiceId};

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
    balance: Balance,
    /// What was asked for oneself and family, newest first.
    requests: Vec<RequestView>,
    /// One's visits as a volunteer, newest first.
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
    request: RequestView,
    /// Why it fits the volunteer who asks.
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

/// A service that may be asked for.
#[derive(Serialize, ToSchema)]
#[schema(as = CareService)]
struct ServiceBody {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: ServiceId,
    /// What it is.
    title: String,
    /// How many minutes it takes.
    minutes: i64,
}

/// The services that may be asked for.
#[utoipa::path(get, path = "/api/v1/communities/{community}/timebank/services", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 200, body = Vec<ServiceBody>), (status = "default", body = ProblemDetails)))]
async fn services(member: Member) -> Result<Json<Vec<ServiceBody>>, Failure> {
    let listed = member.read(queries::services).await?;
    let told = listed.into_iter().map(|service| ServiceBody {
        id: service.id,
        title: service.title,
        minutes: service.minutes,
    });
    Ok(Json(told.collect()))
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
    let lines = member
        .read(|read, ctx| queries::statement(read, ctx, None))
        .await?;
    let told = lines.into_iter().map(|line| HoursMoved {
        seq: line.seq,
        at: line.at.rfc3339(),
        change: line.change,
        held: line.held,
        balance: line.balance,
    });
    Ok(Json(told.collect()))
}
