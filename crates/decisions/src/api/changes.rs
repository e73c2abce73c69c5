//! What changes a published vote: its one extension, and corrections of votes that were recorded wrongly.

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

use super::{Made, Words};
use crate::model::{AttachmentId, CorrectionId, ResolutionId};
use crate::{ConfirmCorrection, ExtendWindow, ProposeCorrection, RefuseCorrection, queries};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(extend))
        .routes(routes!(corrections, propose))
        .routes(routes!(confirm))
        .routes(routes!(refuse))
        .routes(routes!(earlier_record))
}

/// A later close.
#[derive(Deserialize, ToSchema)]
struct VoteExtensionBody {
    /// When the vote closes from now on: microseconds since 1970 UTC.
    closes_us: i64,
    /// Why, for everyone to read.
    reason: String,
}

/// Extend an open vote in which too few have taken part: once, where the rules allow it.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/extension", tag = "decisions", request_body = VoteExtensionBody,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 201), (status = "default", body = ProblemDetails)))]
async fn extend(
    member: Member,
    Path((_, resolution)): Path<(CommunityId, ResolutionId)>,
    shell::Json(body): shell::Json<VoteExtensionBody>,
) -> Result<StatusCode, Failure> {
    let command = ExtendWindow {
        resolution,
        closes: Timestamp::from_micros(body.closes_us),
        reason: body.reason,
    };
    member.execute(command).await?;
    Ok(StatusCode::CREATED)
}

/// The correction of a vote that was recorded wrongly.
#[derive(Serialize, ToSchema)]
struct VoteCorrectionLine {
    /// Its id.
    id: uuid::Uuid,
    /// The unit.
    unit: uuid::Uuid,
    /// The unit's building and number.
    label: String,
    /// The entry of the vote that it is about.
    vote_position: u64,
    /// What the paper says; none where the vote is not this unit's.
    choice: Option<String>,
    /// Why.
    reason: String,
    /// The scan: an attachment of the resolution.
    scan: uuid::Uuid,
    /// The account that proposed it.
    proposed_by: uuid::Uuid,
    /// When, RFC 3339.
    proposed_at: String,
    /// Whether it was confirmed; none while it waits for the second signature.
    confirmed: Option<bool>,
    /// When it ended, RFC 3339.
    ended_at: Option<String>,
}

/// List the corrections of votes, the newest first: for those who may correct.
#[utoipa::path(get, path = "/api/v1/communities/{community}/resolutions/{resolution}/corrections", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 200, body = Vec<VoteCorrectionLine>), (status = "default", body = ProblemDetails)))]
async fn corrections(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Json<Vec<VoteCorrectionLine>>, Failure> {
    let (_, all) = member
        .read(move |read, ctx| queries::corrections(read, ctx, id))
        .await?;
    let lines = all.into_iter().map(|one| VoteCorrectionLine {
        id: one.id.uuid(),
        unit: one.unit.uuid(),
        label: one.label,
        vote_position: one.vote_position,
        choice: one.choice.map(|choice| choice.name().to_owned()),
        reason: one.reason,
        scan: one.scan.uuid(),
        proposed_by: one.proposed_by.uuid(),
        proposed_at: one.proposed_at.rfc3339(),
        confirmed: one.end.as_ref().map(|end| end.is_confirmed),
        ended_at: one.end.map(|end| end.ended_at.rfc3339()),
    });
    Ok(Json(lines.collect()))
}

/// What the paper says.
#[derive(Deserialize, ToSchema)]
struct VoteCorrectionBody {
    /// The unit.
    #[schema(value_type = uuid::Uuid)]
    unit: UnitId,
    /// `for`, `against`, `abstain` or `follow`; left out where the vote is not this unit's.
    #[schema(value_type = Option<String>)]
    choice: Option<Choice>,
    /// What went wrong.
    reason: String,
    /// The scan of the paper: evidence attached before.
    #[schema(value_type = uuid::Uuid)]
    scan: AttachmentId,
}

/// Propose to correct a vote that was recorded from paper, at the door or by phone.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/corrections", tag = "decisions", request_body = VoteCorrectionBody,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 201, body = Made), (status = "default", body = ProblemDetails)))]
async fn propose(
    member: Member,
    Path((_, resolution)): Path<(CommunityId, ResolutionId)>,
    shell::Json(body): shell::Json<VoteCorrectionBody>,
) -> Result<(StatusCode, Json<Made>), Failure> {
    let command = ProposeCorrection {
        resolution,
        unit: body.unit,
        choice: body.choice,
        reason: body.reason,
        scan: body.scan,
    };
    let id = member.execute(command).await?;
    Ok((StatusCode::CREATED, Json(Made { id: id.uuid() })))
}

/// Confirm a correction that somebody else proposed; a count that was made is made again.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/corrections/{correction}/confirmation", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution"), ("correction" = uuid::Uuid, Path, description = "The correction")),
    responses((status = 201), (status = "default", body = ProblemDetails)))]
async fn confirm(
    member: Member,
    Path((_, resolution, correction)): Path<(CommunityId, ResolutionId, CorrectionId)>,
) -> Result<StatusCode, Failure> {
    let command = ConfirmCorrection {
        resolution,
        correction,
    };
    member.execute(command).await?;
    Ok(StatusCode::CREATED)
}

/// Refuse a correction, or take back one's own; `text` says why.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/corrections/{correction}/refusal", tag = "decisions", request_body = Words,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution"), ("correction" = uuid::Uuid, Path, description = "The correction")),
    responses((status = 201), (status = "default", body = ProblemDetails)))]
async fn refuse(
    member: Member,
    Path((_, resolution, correction)): Path<(CommunityId, ResolutionId, CorrectionId)>,
    shell::Json(Words { text }): shell::Json<Words>,
) -> Result<StatusCode, Failure> {
    let command = RefuseCorrection {
        resolution,
        correction,
        remark: text,
    };
    member.execute(command).await?;
    Ok(StatusCode::CREATED)
}

/// Read the record that an earlier count published, before a correction made it anew.
#[utoipa::path(get, path = "/api/v1/communities/{community}/resolutions/{resolution}/records/{number}", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution"), ("number" = u64, Path, description = "The entry of that count")),
    responses((status = 200, body = Object), (status = "default", body = ProblemDetails)))]
async fn earlier_record(
    member: Member,
    Path((_, id, position)): Path<(CommunityId, ResolutionId, u64)>,
) -> Result<([(axum::http::HeaderName, &'static str); 1], String), Failure> {
    let text = member
        .read(move |read, ctx| queries::earlier_record(read, ctx, id, position))
        .await?;
    Ok((
        [(axum::http::header::CONTENT_TYPE, "application/json")],
        text,
    ))
}
