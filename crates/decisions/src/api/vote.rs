//! Voting: on the platform, recorded beside it, delivered, and proved.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use ballot::resolution::Choice;
use kernel::{CommunityId, Timestamp};
use people::model::UnitId;
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::model::{Channel, DeliveryChannel, ResolutionId};
use crate::{CastVote, RecordDelivery, RecordVote};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(cast))
        .routes(routes!(record_vote))
        .routes(routes!(record_delivery))
        .routes(routes!(receipt))
}

/// A vote.
#[derive(Deserialize, ToSchema)]
struct VoteBody {
    /// The unit voted for.
    #[schema(value_type = uuid::Uuid)]
    unit: UnitId,
    /// `for`, `against`, `abstain` or, where the rules allow it, `follow`.
    #[schema(value_type = String)]
    choice: Choice,
}

/// What the voter gets to know.
#[derive(Serialize, ToSchema)]
pub(super) struct VoteMade {
    /// The receipt's code.
    code: String,
    /// The vote's entry in the community's journal.
    position: u64,
    /// 1 for the unit's first vote, 2 for a changed one…
    revision: u32,
    /// The server's time of the vote, RFC 3339.
    at: String,
}

impl From<crate::VoteCast> for VoteMade {
    fn from(cast: crate::VoteCast) -> Self {
        Self {
            code: cast.code,
            position: cast.position,
            revision: cast.revision,
            at: cast.at.rfc3339(),
        }
    }
}

/// Vote for one's own unit, or change the vote where the rules allow it.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/votes", tag = "decisions", request_body = VoteBody,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 201, body = VoteMade), (status = "default", body = ProblemDetails)))]
async fn cast(
    member: Member,
    Path((_, resolution)): Path<(CommunityId, ResolutionId)>,
    shell::Json(VoteBody { unit, choice }): shell::Json<VoteBody>,
) -> Result<(StatusCode, Json<VoteMade>), Failure> {
    let cast = member
        .execute_together(CastVote {
            resolution,
            unit,
            choice,
        })
        .await?;
    Ok((StatusCode::CREATED, Json(cast.into())))
}

/// A vote that came in beside the platform.
#[derive(Deserialize, ToSchema)]
struct RecordVoteBody {
    /// The unit voted for.
    #[schema(value_type = uuid::Uuid)]
    unit: UnitId,
    /// `for`, `against`, `abstain` or `follow`.
    #[schema(value_type = String)]
    choice: Choice,
    /// `paper`, `door` or `phone`.
    #[schema(value_type = String)]
    channel: Channel,
    /// When it was received: microseconds since 1970 UTC.
    received_us: i64,
    /// Who took it, and where the paper or recording lies.
    evidence: String,
}

/// Record a vote on paper, at the door or by phone.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/recorded-votes", tag = "decisions", request_body = RecordVoteBody,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 201, body = VoteMade), (status = "default", body = ProblemDetails)))]
async fn record_vote(
    member: Member,
    Path((_, resolution)): Path<(CommunityId, ResolutionId)>,
    shell::Json(body): shell::Json<RecordVoteBody>,
) -> Result<(StatusCode, Json<VoteMade>), Failure> {
    let command = RecordVote {
        resolution,
        unit: body.unit,
        choice: body.choice,
        channel: body.channel,
        received_at: Timestamp::from_micros(body.received_us),
        evidence: body.evidence,
    };
    Ok((
        StatusCode::CREATED,
        Json(member.execute(command).await?.into()),
    ))
}

/// A delivery of the ballot.
#[derive(Deserialize, ToSchema)]
struct DeliveryBody {
    /// The unit.
    #[schema(value_type = uuid::Uuid)]
    unit: UnitId,
    /// `hand`, `post`, `message` or `letter_box`.
    #[schema(value_type = String)]
    channel: DeliveryChannel,
    /// When: microseconds since 1970 UTC.
    delivered_us: i64,
    /// By whom, and where the proof lies.
    evidence: String,
    /// Whether the ballot said what silence means.
    warned_of_silence: bool,
}

/// Record that the ballot was delivered to a unit.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/deliveries", tag = "decisions", request_body = DeliveryBody,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 201), (status = "default", body = ProblemDetails)))]
async fn record_delivery(
    member: Member,
    Path((_, resolution)): Path<(CommunityId, ResolutionId)>,
    shell::Json(body): shell::Json<DeliveryBody>,
) -> Result<StatusCode, Failure> {
    let command = RecordDelivery {
        resolution,
        unit: body.unit,
        channel: body.channel,
        delivered_at: Timestamp::from_micros(body.delivered_us),
        evidence: body.evidence,
        warned_of_silence: body.warned_of_silence,
    };
    member.execute(command).await?;
    Ok(StatusCode::CREATED)
}

/// The receipt of one's own unit's vote, for `linli verify`.
#[utoipa::path(get, path = "/api/v1/communities/{community}/resolutions/{resolution}/receipts/{unit}", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution"), ("unit" = uuid::Uuid, Path, description = "The unit")),
    responses((status = 200, body = Object), (status = "default", body = ProblemDetails)))]
async fn receipt(
    member: Member,
    Path((_, resolution, unit)): Path<(CommunityId, ResolutionId, UnitId)>,
) -> Result<Json<proof::Receipt>, Failure> {
    Ok(Json(
        crate::pages::receipt_of(&member, resolution, unit).await?,
    ))
}
