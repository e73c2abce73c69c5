//! The community desk as JSON: paper ballots handed out, and their box entered by two people.

use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use kernel::CommunityId;
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::model::{ElectorId, PaperId, PollId};
use crate::{ConfirmPaper, EnterPaper, HandOutPaper, queries};

/// The desk's routes.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(electors))
        .routes(routes!(hand_out))
        .routes(routes!(boxes, enter))
        .routes(routes!(confirm))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Unit {
    /// The building's name on the roll.
    #[serde(default)]
    building: String,
    /// The unit's number.
    #[serde(default)]
    number: String,
}

/// Someone who has a vote.
#[derive(Serialize, ToSchema)]
struct ElectorBody {
    /// The elector.
    #[schema(value_type = uuid::Uuid)]
    elector: ElectorId,
    /// How they got their ballot: `device` or `paper`; null if not yet.
    channel: Option<String>,
}

/// Find the electors of a unit.
#[utoipa::path(get, path = "/api/v1/communities/{community}/polls/{poll}/electors", tag = "polls",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("poll" = uuid::Uuid, Path, description = "The poll"), Unit),
    responses((status = 200, body = Vec<ElectorBody>), (status = "default", body = ProblemDetails)))]
async fn electors(
    member: Member,
    Path((_, poll)): Path<(CommunityId, PollId)>,
    Query(Unit { building, number }): Query<Unit>,
) -> Result<Json<Vec<ElectorBody>>, Failure> {
    let found = member
        .read(move |read, ctx| queries::find_electors(read, ctx, poll, &building, &number))
        .await?;
    let body = |one: crate::Elector| ElectorBody {
        elector: one.id,
        channel: one.channel,
    };
    Ok(Json(found.into_iter().map(body).collect()))
}

/// To whom a paper ballot goes.
#[derive(Deserialize, ToSchema)]
struct PaperFor {
    /// The elector.
    #[schema(value_type = uuid::Uuid)]
    elector: ElectorId,
}

/// Hand a paper ballot to an elector, who then can't collect a credential any more.
#[utoipa::path(post, path = "/api/v1/communities/{community}/polls/{poll}/paper-ballots", tag = "polls", request_body = PaperFor,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("poll" = uuid::Uuid, Path, description = "The poll")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn hand_out(
    member: Member,
    Path((_, poll)): Path<(CommunityId, PollId)>,
    shell::Json(PaperFor { elector }): shell::Json<PaperFor>,
) -> Result<StatusCode, Failure> {
    member.execute(HandOutPaper { poll, elector }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A box of paper ballots. What stands on them shows on the board only.
#[derive(Serialize, ToSchema)]
struct PaperBox {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: PaperId,
    /// How many ballots it holds.
    ballots: usize,
    /// Whether another person entered the same.
    confirmed: bool,
}

/// List the boxes of paper ballots that were entered.
#[utoipa::path(get, path = "/api/v1/communities/{community}/polls/{poll}/paper-boxes", tag = "polls",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("poll" = uuid::Uuid, Path, description = "The poll")),
    responses((status = 200, body = Vec<PaperBox>), (status = "default", body = ProblemDetails)))]
async fn boxes(
    member: Member,
    Path((_, poll)): Path<(CommunityId, PollId)>,
) -> Result<Json<Vec<PaperBox>>, Failure> {
    let (_, papers, _) = member
        .read(move |read, ctx| queries::desk(read, ctx, poll))
        .await?;
    let body = |paper: crate::Paper| PaperBox {
        id: paper.id,
        ballots: paper.choices.len(),
        confirmed: paper.confirmed,
    };
    Ok(Json(papers.into_iter().map(body).collect()))
}

/// What stands on the ballots of a box.
#[derive(Deserialize, ToSchema)]
struct PaperChoices {
    /// One text a ballot: option numbers from 1, comma-separated; empty for a blank one.
    choices: Vec<String>,
}

/// Enter a box of paper ballots for the first time.
#[utoipa::path(post, path = "/api/v1/communities/{community}/polls/{poll}/paper-boxes", tag = "polls", request_body = PaperChoices,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("poll" = uuid::Uuid, Path, description = "The poll")),
    responses((status = 201, body = uuid::Uuid), (status = "default", body = ProblemDetails)))]
async fn enter(
    member: Member,
    Path((_, poll)): Path<(CommunityId, PollId)>,
    shell::Json(PaperChoices { choices }): shell::Json<PaperChoices>,
) -> Result<(StatusCode, Json<uuid::Uuid>), Failure> {
    let paper = member.execute(EnterPaper { poll, choices }).await?;
    Ok((StatusCode::CREATED, Json(paper.uuid())))
}

/// Enter a box for the second time, by another person who has not seen the first entry.
#[utoipa::path(post, path = "/api/v1/communities/{community}/polls/{poll}/paper-boxes/{paper}/second-entry", tag = "polls", request_body = PaperChoices,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("poll" = uuid::Uuid, Path, description = "The poll"),
        ("paper" = uuid::Uuid, Path, description = "The box")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn confirm(
    member: Member,
    Path((_, poll, paper)): Path<(CommunityId, PollId, PaperId)>,
    shell::Json(PaperChoices { choices }): shell::Json<PaperChoices>,
) -> Result<StatusCode, Failure> {
    let second = ConfirmPaper {
        poll,
        paper,
        choices,
    };
    member.execute(second).await?;
    Ok(StatusCode::NO_CONTENT)
}
