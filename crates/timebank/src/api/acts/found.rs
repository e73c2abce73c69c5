//! What the committee decides: the scheme, services, hours for the pool.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use kernel::CommunityId;
use serde::Deserialize;
use shell::{Failure, Member, ProblemDetails};
use utoipa::ToSchema;

use super::{HoursMade, made};
use crate::model::{Scheme, ServiceId};
use crate::{ChooseScheme, EndService, FundPool, MakeService};

/// A scheme to choose.
#[derive(Deserialize, ToSchema)]
pub(super) struct SchemeBody {
    /// `nanjing`, `beijing`, `shanghai` or `hangzhou_xihu`.
    #[schema(value_type = String)]
    scheme: Scheme,
    /// After how many days Linli itself confirms a visit.
    confirm_after_days: i64,
}

/// Chooses a scheme.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/scheme", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = SchemeBody,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
pub(super) async fn choose(
    member: Member,
    Json(body): Json<SchemeBody>,
) -> Result<StatusCode, Failure> {
    let command = ChooseScheme {
        scheme: body.scheme,
        confirm_after_days: body.confirm_after_days,
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A service to list.
#[derive(Deserialize, ToSchema)]
pub(super) struct ServiceBody {
    /// What it is.
    title: String,
    /// How long it takes.
    minutes: i64,
}

/// Lists a service.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/services", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = ServiceBody,
    responses((status = 201, body = HoursMade), (status = "default", body = ProblemDetails)))]
pub(super) async fn make_service(
    member: Member,
    Json(body): Json<ServiceBody>,
) -> Result<(StatusCode, Json<HoursMade>), Failure> {
    let command = MakeService {
        title: body.title,
        minutes: body.minutes,
    };
    Ok(made(member.execute(command).await?.uuid()))
}

/// Takes a service off the list.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/services/{service}/end", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("service" = uuid::Uuid, Path, description = "The service")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
pub(super) async fn end_service(
    member: Member,
    Path((_, service)): Path<(CommunityId, ServiceId)>,
) -> Result<StatusCode, Failure> {
    let command = EndService { service };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Hours for the pool.
#[derive(Deserialize, ToSchema)]
pub(super) struct FundBody {
    /// How many minutes.
    minutes: i64,
    /// On what ground.
    reason: String,
}

/// Gives the pool hours.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/pool", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = FundBody,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
pub(super) async fn fund(
    member: Member,
    Json(body): Json<FundBody>,
) -> Result<StatusCode, Failure> {
    let command = FundPool {
        minutes: body.minutes,
        reason: body.reason,
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}
