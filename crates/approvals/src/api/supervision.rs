//! The JSON twin of the supervisor's pages.

use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use flow::{Change, WhatIf};
use kernel::CommunityId;
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::files::CardBody;
use crate::model::CaseId;
use crate::supervision::{self, Live, Overview};
use crate::{ReadForSupervision, queries};

/// How many files a list has at most.
const MOST: usize = 10_000;

/// The routes of supervision.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(overview))
        .routes(routes!(of_unit))
        .routes(routes!(cards))
        .routes(routes!(read))
        .routes(routes!(log))
        .routes(routes!(fewer_steps))
}

/// All open files today: what is late, what may be, where time goes, who waits for whom.
#[derive(Serialize, ToSchema)]
struct OverviewBody {
    /// The day, counts, stages, lists of files, waits and loads.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    overview: Overview,
}

/// See what is late, what may be, where time goes and who waits for whom.
#[utoipa::path(get, path = "/api/v1/communities/{community}/approval-supervision", tag = "approvals",
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID")),
    responses((status = 200, body = OverviewBody), (status = "default", body = ProblemDetails)))]
async fn overview(member: Member) -> Result<Json<OverviewBody>, Failure> {
    let found = member
        .read(move |read, ctx| {
            let live = Live::of(read);
            supervision::overview(read, ctx, &live, None, MOST)
        })
        .await?;
    Ok(Json(OverviewBody { overview: found }))
}

/// See what one unit leads and supports, and the late files that it leads.
#[utoipa::path(get, path = "/api/v1/communities/{community}/approval-supervision/{unit}", tag = "approvals",
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID"), ("unit" = String, Path, description = "The unit")),
    responses((status = 200, body = OverviewBody), (status = "default", body = ProblemDetails)))]
async fn of_unit(
    member: Member,
    Path((_, unit)): Path<(CommunityId, String)>,
) -> Result<Json<OverviewBody>, Failure> {
    let found = member
        .read(move |read, ctx| {
            let live = Live::of(read);
            supervision::overview(read, ctx, &live, Some(&unit), MOST)
        })
        .await?;
    Ok(Json(OverviewBody { overview: found }))
}

/// List the yellow and red cards of the last thirty days, newest first, 200 at most.
#[utoipa::path(get, path = "/api/v1/communities/{community}/approval-cards", tag = "approvals",
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID")),
    responses((status = 200, body = Vec<CardBody>), (status = "default", body = ProblemDetails)))]
async fn cards(member: Member) -> Result<Json<Vec<CardBody>>, Failure> {
    let cards = member.read(queries::all_recent_cards).await?;
    Ok(Json(cards.iter().map(CardBody::of).collect()))
}

/// Why a file is read.
#[derive(Deserialize, ToSchema)]
struct SupervisionReason {
    /// Why.
    reason: String,
}

/// Open a file in which one's unit has no part, for supervision: it can be read until the end of the day.
#[utoipa::path(post, path = "/api/v1/communities/{community}/approvals/{case}/readings", tag = "approvals", request_body = SupervisionReason,
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID"), ("case" = uuid::Uuid, Path, description = "The file")),
    responses((status = 204, description = "Opened"), (status = "default", body = ProblemDetails)))]
async fn read(
    member: Member,
    Path((_, case)): Path<(CommunityId, CaseId)>,
    shell::Json(SupervisionReason { reason }): shell::Json<SupervisionReason>,
) -> Result<StatusCode, Failure> {
    member.execute(ReadForSupervision { case, reason }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which process.
#[derive(Deserialize, IntoParams)]
struct Asked {
    /// The process; the first one, if none is named.
    #[serde(default)]
    process: String,
}

/// A process' event log as XES.
#[derive(Serialize, ToSchema)]
struct LogBody {
    /// The process.
    process: String,
    /// Its version.
    version: String,
    /// How many files.
    cases: usize,
    /// Files by other versions, left out.
    other_versions: usize,
    /// The log (IEEE 1849).
    xes: String,
    /// The process (BPMN 2.0), titles in Chinese.
    bpmn: String,
}

/// Take a process' event log and its drawing along.
#[utoipa::path(get, path = "/api/v1/communities/{community}/approval-log", tag = "approvals",
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID"), Asked),
    responses((status = 200, body = LogBody), (status = "default", body = ProblemDetails)))]
async fn log(
    member: Member,
    Query(Asked { process }): Query<Asked>,
) -> Result<Json<LogBody>, Failure> {
    let past = member
        .read(move |read, ctx| supervision::log_of(read, ctx, &process))
        .await?;
    Ok(Json(LogBody {
        process: past.definition.id.clone(),
        version: past.definition.version.clone(),
        cases: past.answer.len(),
        other_versions: past.other_versions,
        xes: event_log::write_xes(&past.answer),
        bpmn: flow::bpmn(&past.definition, policy::Lang::Zh),
    }))
}

/// Changes of a process.
#[derive(Deserialize, ToSchema)]
struct ChangesBody {
    /// The process; the first one, if none is named.
    #[serde(default)]
    process: String,
    /// The changes, each building on those before: `change` is `merge` (with `first`, `second`, `takes`: `longer` or `sum`),
    /// `parallel` (with `first`, `second`) or `limit` (with `stage`, `days`).
    #[schema(value_type = Vec<Object>)]
    changes: Vec<Change>,
}

/// What finished files took and would have taken.
#[derive(Serialize, ToSchema)]
struct WhatIfBody {
    /// The process.
    process: String,
    /// Its version.
    version: String,
    /// Files by other versions, left out.
    other_versions: usize,
    /// The answer.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    answer: WhatIf,
}

/// See what finished files would have taken, had steps been merged or run side by side, had a limit been kept.
#[utoipa::path(post, path = "/api/v1/communities/{community}/approval-fewer-steps", tag = "approvals", request_body = ChangesBody,
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID")),
    responses((status = 200, body = WhatIfBody), (status = "default", body = ProblemDetails)))]
async fn fewer_steps(
    member: Member,
    shell::Json(ChangesBody { process, changes }): shell::Json<ChangesBody>,
) -> Result<Json<WhatIfBody>, Failure> {
    let past = member
        .read(move |read, ctx| supervision::fewer_steps(read, ctx, &process, &changes))
        .await?;
    let answer = past.answer.map_err(|error| crate::Error::Refused {
        reason: policy::Text::same(error.to_string()),
    })?;
    Ok(Json(WhatIfBody {
        process: past.definition.id.clone(),
        version: past.definition.version.clone(),
        other_versions: past.other_versions,
        answer,
    }))
}
