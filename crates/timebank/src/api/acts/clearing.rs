//! Hours between communities: agreements and offers for committees, a member's hours on their way.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use kernel::CommunityId;
use serde::{Deserialize, Serialize};
use shell::{Failure, Member, ProblemDetails};
use utoipa::ToSchema;

use super::{HoursMade, made};
use crate::model::{CrossingId, CrossingKind, MANAGE};
use crate::pages::carry;
use crate::queries::{self, CrossingView};
use crate::{AnswerOffer, EndClearing, Error, OfferClearing, SendHours};

/// What stands between this community and others.
#[derive(Serialize, ToSchema)]
pub(super) struct ClearingBody {
    /// The agreements.
    pairs: Vec<HoursPair>,
    /// What crossed, newest first.
    crossings: Vec<HoursCrossing>,
}

/// An agreement with another community.
#[derive(Serialize, ToSchema)]
struct HoursPair {
    /// The other community.
    #[schema(value_type = uuid::Uuid)]
    partner: CommunityId,
    /// Its name.
    name: String,
    /// The most minutes that one may owe the other.
    limit_minutes: i64,
    /// What is owed to the other in minutes; below zero, what the other owes.
    owes: i64,
    /// Whether this side ended it.
    is_ended: bool,
}

/// Something that crossed or is on its way.
#[derive(Serialize, ToSchema)]
struct HoursCrossing {
    /// Its id, the same in both communities.
    #[schema(value_type = uuid::Uuid)]
    id: CrossingId,
    /// The other community's name.
    partner: String,
    /// Whether it goes out from here.
    is_out: bool,
    /// `limit`, `hours`, `settlement` or `forgiveness`.
    kind: &'static str,
    /// How many minutes.
    minutes: i64,
    /// `waiting`, `done` or `refused`.
    state: &'static str,
    /// By which rule it was refused.
    refusal: Option<&'static str>,
    /// When it was made or came in, RFC 3339.
    made_at: String,
}

impl From<CrossingView> for HoursCrossing {
    fn from(one: CrossingView) -> Self {
        Self {
            id: one.id,
            partner: one.partner,
            is_out: one.is_out,
            kind: one.kind.name(),
            minutes: one.minutes,
            state: one.state.name(),
            refusal: one.refusal.map(crate::model::Turned::name),
            made_at: one.made_at.rfc3339(),
        }
    }
}

/// What stands between this community and others, for staff.
#[utoipa::path(get, path = "/api/v1/communities/{community}/timebank/clearing", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 200, body = ClearingBody), (status = "default", body = ProblemDetails)))]
pub(super) async fn clearing(member: Member) -> Result<Json<ClearingBody>, Failure> {
    let clearing = member.read(queries::clearing).await?;
    let pairs = clearing.pairs.into_iter().map(|pair| HoursPair {
        partner: pair.partner,
        name: pair.name,
        limit_minutes: pair.limit_minutes,
        owes: pair.owes,
        is_ended: pair.is_ended,
    });
    Ok(Json(ClearingBody {
        pairs: pairs.collect(),
        crossings: clearing.crossings.into_iter().map(Into::into).collect(),
    }))
}

/// An offer to another community's committee.
#[derive(Deserialize, ToSchema)]
pub(super) struct OfferBody {
    /// To whom.
    #[schema(value_type = uuid::Uuid)]
    partner: CommunityId,
    /// `limit`, `settlement` or `forgiveness`.
    kind: String,
    /// How many minutes.
    minutes: i64,
    /// On what ground, for both communities to read.
    ground: String,
}

/// Offers another community's committee a limit, a settlement or forgiveness.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/clearing/offers", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = OfferBody,
    responses((status = 201, body = HoursMade), (status = "default", body = ProblemDetails)))]
pub(super) async fn offer(
    member: Member,
    Json(body): Json<OfferBody>,
) -> Result<(StatusCode, Json<HoursMade>), Failure> {
    let kind = CrossingKind::from_name(&body.kind);
    let command = OfferClearing {
        partner: body.partner,
        kind: kind.ok_or(Error::NotFound { what: "offer" })?,
        minutes: body.minutes,
        ground: body.ground,
    };
    let id = member.execute(command).await?;
    carry(&member, member.community).await;
    Ok(made(id.uuid()))
}

/// An answer to an offer.
#[derive(Deserialize, ToSchema)]
pub(super) struct OfferAnswer {
    /// Whether it is accepted.
    accept: bool,
}

/// Accepts or declines another committee's offer.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/clearing/offers/{crossing}/answer", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("crossing" = uuid::Uuid, Path, description = "The offer")), request_body = OfferAnswer,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
pub(super) async fn answer(
    member: Member,
    Path((_, crossing)): Path<(CommunityId, CrossingId)>,
    Json(body): Json<OfferAnswer>,
) -> Result<StatusCode, Failure> {
    if member.may(MANAGE) {
        carry(&member, member.community).await;
    }
    let accept = body.accept;
    let by = member.execute(AnswerOffer { crossing, accept }).await?;
    carry(&member, by).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends the agreement with another community from this side.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/clearing/{partner}/end", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("partner" = uuid::Uuid, Path, description = "The other community")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
pub(super) async fn end(
    member: Member,
    Path((_, partner)): Path<(CommunityId, CommunityId)>,
) -> Result<StatusCode, Failure> {
    member.execute(EndClearing { partner }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Hours to take along.
#[derive(Deserialize, ToSchema)]
pub(super) struct HoursAlong {
    /// Where.
    #[schema(value_type = uuid::Uuid)]
    partner: CommunityId,
    /// How many minutes.
    minutes: i64,
}

/// Sends one's own hours to oneself in another community.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/crossings", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = HoursAlong,
    responses((status = 201, body = HoursMade), (status = "default", body = ProblemDetails)))]
pub(super) async fn send(
    member: Member,
    Json(body): Json<HoursAlong>,
) -> Result<(StatusCode, Json<HoursMade>), Failure> {
    let command = SendHours {
        partner: body.partner,
        minutes: body.minutes,
    };
    let id = member.execute(command).await?;
    carry(&member, member.community).await;
    Ok(made(id.uuid()))
}
