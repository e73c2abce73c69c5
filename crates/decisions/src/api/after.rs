//! After the close: the count, the published record, objections, the announcement.

use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use ballot::resolution::Choice;
use kernel::CommunityId;
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Made, Words};
use crate::announcement::announcement_lines;
use crate::model::{Channel, ObjectionId, ResolutionId, Stage};
use crate::{AnnounceResult, AnswerObjection, CountVotes, Error, RaiseObjection, queries};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(count))
        .routes(routes!(result))
        .routes(routes!(record))
        .routes(routes!(check))
        .routes(routes!(objections, object))
        .routes(routes!(answer))
        .routes(routes!(announcement, announce))
        .routes(routes!(announcement_file))
}

/// Whether it passed.
#[derive(Serialize, ToSchema)]
struct Verdict {
    /// Whether every threshold is met.
    passed: bool,
}

/// Count a closed vote.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/count", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 201, body = Verdict), (status = "default", body = ProblemDetails)))]
async fn count(
    member: Member,
    Path((_, resolution)): Path<(CommunityId, ResolutionId)>,
) -> Result<(StatusCode, Json<Verdict>), Failure> {
    let passed = member.execute(CountVotes { resolution }).await?;
    Ok((StatusCode::CREATED, Json(Verdict { passed })))
}

/// The result in every number.
#[utoipa::path(get, path = "/api/v1/communities/{community}/resolutions/{resolution}/result", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 200, body = Object), (status = "default", body = ProblemDetails)))]
async fn result(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Json<ballot::resolution::Outcome>, Failure> {
    Ok(Json(
        member
            .read(move |read, ctx| queries::result(read, ctx, id))
            .await?
            .outcome,
    ))
}

/// The published record: every ballot under its receipt code.
#[utoipa::path(get, path = "/api/v1/communities/{community}/resolutions/{resolution}/record", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 200, body = Object), (status = "default", body = ProblemDetails)))]
async fn record(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<([(axum::http::HeaderName, &'static str); 1], String), Failure> {
    let text = member
        .read(move |read, ctx| queries::published_record(read, ctx, id))
        .await?;
    Ok((
        [(axum::http::header::CONTENT_TYPE, "application/json")],
        text,
    ))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Code {
    /// A receipt's code as a person types it; blanks, dashes and small letters do not matter.
    #[serde(default)]
    #[param(required)]
    code: String,
}

/// A ballot as the published record shows it.
#[derive(Serialize, ToSchema)]
struct BallotBody {
    /// The receipt's code.
    code: String,
    /// `for`, `against`, `abstain` or `follow`.
    #[schema(value_type = String)]
    choice: Choice,
    /// `electronic`, `paper`, `door` or `phone`.
    #[schema(value_type = String)]
    channel: Channel,
    /// The unit's exclusive area in 0.01 m².
    area_hundredths: i64,
}

/// Find the ballot under a receipt's code in the published record.
#[utoipa::path(get, path = "/api/v1/communities/{community}/resolutions/{resolution}/record/ballot", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution"), Code),
    responses((status = 200, body = BallotBody), (status = "default", body = ProblemDetails)))]
async fn check(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
    Query(Code { code }): Query<Code>,
) -> Result<Json<BallotBody>, Failure> {
    let found = member
        .read(move |read, ctx| queries::find_ballot(read, ctx, id, &code))
        .await?;
    let ballot = found.ok_or(Error::NoSuchBallot)?;
    Ok(Json(BallotBody {
        code: ballot.code,
        choice: ballot.choice,
        channel: ballot.channel,
        area_hundredths: ballot.area_hundredths,
    }))
}

/// An objection to a preliminary result.
#[derive(Serialize, ToSchema)]
struct ObjectionBody {
    /// Its id.
    id: uuid::Uuid,
    /// When it was raised, RFC 3339.
    raised_at: String,
    /// What it says.
    text: String,
    /// When it was answered, RFC 3339.
    answered_at: Option<String>,
    /// The answer.
    answer: Option<String>,
}

/// List the objections to a preliminary result with their answers.
#[utoipa::path(get, path = "/api/v1/communities/{community}/resolutions/{resolution}/objections", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 200, body = Vec<ObjectionBody>), (status = "default", body = ProblemDetails)))]
async fn objections(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Json<Vec<ObjectionBody>>, Failure> {
    let view = member
        .read(move |read, ctx| queries::view(read, ctx, id))
        .await?;
    let objections = view.objections.into_iter().map(|objection| {
        let (answered_at, answer) = objection.answer.unzip();
        ObjectionBody {
            id: objection.id.uuid(),
            raised_at: objection.raised_at.rfc3339(),
            text: objection.text,
            answered_at: answered_at.map(kernel::Timestamp::rfc3339),
            answer,
        }
    });
    Ok(Json(objections.collect()))
}

/// Object to a preliminary result.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/objections", tag = "decisions", request_body = Words,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 201, body = Made), (status = "default", body = ProblemDetails)))]
async fn object(
    member: Member,
    Path((_, resolution)): Path<(CommunityId, ResolutionId)>,
    shell::Json(Words { text }): shell::Json<Words>,
) -> Result<(StatusCode, Json<Made>), Failure> {
    let id = member.execute(RaiseObjection { resolution, text }).await?;
    Ok((StatusCode::CREATED, Json(Made { id: id.uuid() })))
}

/// Answer an objection.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/objections/{objection}/answer", tag = "decisions", request_body = Words,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution"), ("objection" = uuid::Uuid, Path, description = "The objection")),
    responses((status = 201), (status = "default", body = ProblemDetails)))]
async fn answer(
    member: Member,
    Path((_, resolution, objection)): Path<(CommunityId, ResolutionId, ObjectionId)>,
    shell::Json(Words { text }): shell::Json<Words>,
) -> Result<StatusCode, Failure> {
    member
        .execute(AnswerObjection {
            resolution,
            objection,
            text,
        })
        .await?;
    Ok(StatusCode::CREATED)
}

/// An announcement, final once the resolution is `announced`, before that as it would read.
#[derive(Serialize, ToSchema)]
struct AnnouncementBody {
    /// Whether it was issued.
    is_final: bool,
    /// Whether the resolution passed.
    passed: bool,
    /// Its sentences, in Chinese.
    lines: Vec<String>,
}

/// Read the announcement.
#[utoipa::path(get, path = "/api/v1/communities/{community}/resolutions/{resolution}/announcement", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 200, body = AnnouncementBody), (status = "default", body = ProblemDetails)))]
async fn announcement(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Json<AnnouncementBody>, Failure> {
    let view = member
        .read(move |read, ctx| queries::result(read, ctx, id))
        .await?;
    Ok(Json(AnnouncementBody {
        is_final: view.stage == Stage::Announced,
        passed: view.passed,
        lines: announcement_lines(&view, &member.face.name),
    }))
}

/// The announcement as a PDF to print, sign and seal.
#[utoipa::path(get, path = "/api/v1/communities/{community}/resolutions/{resolution}/announcement/file", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = "default", body = ProblemDetails)))]
async fn announcement_file(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Response, Failure> {
    crate::pages::announcement_pdf(&member, id).await
}

/// Announce the final result; `text` is what the committee adds, perhaps nothing.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/announcement", tag = "decisions", request_body = Words,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 201, body = Verdict), (status = "default", body = ProblemDetails)))]
async fn announce(
    member: Member,
    Path((_, resolution)): Path<(CommunityId, ResolutionId)>,
    shell::Json(Words { text }): shell::Json<Words>,
) -> Result<(StatusCode, Json<Verdict>), Failure> {
    let passed = member
        .execute(AnnounceResult {
            resolution,
            remark: text,
        })
        .await?;
    Ok((StatusCode::CREATED, Json(Verdict { passed })))
}
