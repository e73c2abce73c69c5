//! A visit from asking to confirming.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use kernel::CommunityId;
use serde::Deserialize;
use shell::{Failure, Member, ProblemDetails};
use utoipa::ToSchema;

use super::{HoursMade, MinutesBody, instant, made};
use crate::model::{Channel, ElderId, Gender, PaidBy, RequestId, ServiceId, VisitId};
use crate::{
    AcceptRequest, AskForVisit, CancelRequest, CancelVisit, CheckIn, CheckOut, ConfirmVisit,
    EnterTimes,
};

/// Why.
#[derive(Deserialize, ToSchema)]
pub(super) struct WhyBody {
    /// Why, for the others to read.
    reason: String,
}

/// A visit to ask for.
#[derive(Deserialize, ToSchema)]
pub(super) struct AskBody {
    /// What.
    #[schema(value_type = uuid::Uuid)]
    service: ServiceId,
    /// When, RFC 3339.
    begins: String,
    /// Whom the elder wishes for.
    #[schema(value_type = Option<String>)]
    gender_wish: Option<Gender>,
    /// What else to know.
    note: Option<String>,
    /// `page` unless staff enter what came by `phone` or on `paper`.
    #[schema(value_type = Option<String>)]
    channel: Option<Channel>,
    /// `elder`, `family` or `pool`.
    #[schema(value_type = String)]
    paid_by: PaidBy,
}

/// Asks for a visit.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/elders/{elder}/requests", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("elder" = uuid::Uuid, Path, description = "The elder")), request_body = AskBody,
    responses((status = 201, body = HoursMade), (status = "default", body = ProblemDetails)))]
pub(super) async fn ask(
    member: Member,
    Path((_, elder)): Path<(CommunityId, ElderId)>,
    Json(body): Json<AskBody>,
) -> Result<(StatusCode, Json<HoursMade>), Failure> {
    let command = AskForVisit {
        elder,
        service: body.service,
        begins: instant(&body.begins)?,
        gender_wish: body.gender_wish,
        note: body.note.unwrap_or_default(),
        channel: body.channel.unwrap_or(Channel::Page),
        paid_by: body.paid_by,
    };
    Ok(made(member.execute(command).await?.uuid()))
}

/// Takes a request back.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/requests/{request}/cancellation", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("request" = uuid::Uuid, Path, description = "The request")), request_body = WhyBody,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
pub(super) async fn take_back(
    member: Member,
    Path((_, request)): Path<(CommunityId, RequestId)>,
    Json(body): Json<WhyBody>,
) -> Result<StatusCode, Failure> {
    let command = CancelRequest {
        request,
        reason: body.reason,
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How one goes.
#[derive(Deserialize, ToSchema)]
pub(super) struct AcceptBody {
    /// Whether the minutes are one's team's.
    for_team: bool,
}

/// Accepts a request: the minutes are held.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/requests/{request}/acceptance", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("request" = uuid::Uuid, Path, description = "The request")), request_body = AcceptBody,
    responses((status = 201, body = HoursMade), (status = "default", body = ProblemDetails)))]
pub(super) async fn accept(
    member: Member,
    Path((_, request)): Path<(CommunityId, RequestId)>,
    Json(body): Json<AcceptBody>,
) -> Result<(StatusCode, Json<HoursMade>), Failure> {
    let command = AcceptRequest {
        request,
        for_team: body.for_team,
    };
    Ok(made(member.execute(command).await?.uuid()))
}

/// Calls a visit off.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/visits/{visit}/cancellation", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("visit" = uuid::Uuid, Path, description = "The visit")), request_body = WhyBody,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
pub(super) async fn cancel(
    member: Member,
    Path((_, visit)): Path<(CommunityId, VisitId)>,
    Json(body): Json<WhyBody>,
) -> Result<StatusCode, Failure> {
    let command = CancelVisit {
        visit,
        reason: body.reason,
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// At the door.
#[derive(Deserialize, ToSchema)]
pub(super) struct DoorBody {
    /// The code that the elder says.
    code: String,
    /// Where, if one wants to say so.
    place: Option<String>,
}

/// Begins a visit.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/check-in", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = DoorBody,
    responses((status = 201, body = HoursMade), (status = "default", body = ProblemDetails)))]
pub(super) async fn check_in(
    member: Member,
    Json(body): Json<DoorBody>,
) -> Result<(StatusCode, Json<HoursMade>), Failure> {
    let command = CheckIn {
        code: body.code,
        place: body.place.unwrap_or_default(),
    };
    Ok(made(member.execute(command).await?.uuid()))
}

/// Ends a visit.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/check-out", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = DoorBody,
    responses((status = 200, body = MinutesBody), (status = "default", body = ProblemDetails)))]
pub(super) async fn check_out(
    member: Member,
    Json(body): Json<DoorBody>,
) -> Result<Json<MinutesBody>, Failure> {
    let command = CheckOut { code: body.code };
    let minutes = member.execute(command).await?;
    Ok(Json(MinutesBody { minutes }))
}

/// When a visit was.
#[derive(Deserialize, ToSchema)]
pub(super) struct TimesBody {
    /// When it began, RFC 3339.
    came: String,
    /// When it ended, RFC 3339.
    left: String,
}

/// Enters when a visit was, as told by telephone.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/visits/{visit}/times", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("visit" = uuid::Uuid, Path, description = "The visit")), request_body = TimesBody,
    responses((status = 200, body = MinutesBody), (status = "default", body = ProblemDetails)))]
pub(super) async fn enter_times(
    member: Member,
    Path((_, visit)): Path<(CommunityId, VisitId)>,
    Json(body): Json<TimesBody>,
) -> Result<Json<MinutesBody>, Failure> {
    let command = EnterTimes {
        visit,
        came: instant(&body.came)?,
        left: instant(&body.left)?,
    };
    let minutes = member.execute(command).await?;
    Ok(Json(MinutesBody { minutes }))
}

/// How a visit is confirmed.
#[derive(Deserialize, ToSchema)]
pub(super) struct ConfirmBody {
    /// Whether to pay for longer than was booked.
    longer: bool,
}

/// Confirms a visit: the real minutes are credited.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/visits/{visit}/confirmation", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("visit" = uuid::Uuid, Path, description = "The visit")), request_body = ConfirmBody,
    responses((status = 200, body = MinutesBody), (status = "default", body = ProblemDetails)))]
pub(super) async fn confirm(
    member: Member,
    Path((_, visit)): Path<(CommunityId, VisitId)>,
    Json(body): Json<ConfirmBody>,
) -> Result<Json<MinutesBody>, Failure> {
    let command = ConfirmVisit {
        visit,
        longer: body.longer,
    };
    let minutes = member.execute(command).await?;
    Ok(Json(MinutesBody { minutes }))
}
