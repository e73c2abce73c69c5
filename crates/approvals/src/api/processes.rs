//! Processes in their versions, and files that go over to another.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use kernel::CommunityId;
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ContentBody;
use crate::model::CaseId;
use crate::{AddDefinition, MigrateCases, queries};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(processes, add_definition))
        .routes(routes!(migration, migrate))
}

/// A version of a process.
#[derive(Serialize, ToSchema)]
struct ProcessBody {
    /// The process.
    process: String,
    /// The version.
    version: String,
    /// The first day on which cases begin under it.
    from: String,
    /// The title in both languages.
    #[schema(value_type = Object)]
    title: policy::Text,
}

/// List the processes in their versions.
#[utoipa::path(get, path = "/api/v1/communities/{community}/approval-processes", tag = "approvals",
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID")),
    responses((status = 200, body = Vec<ProcessBody>), (status = "default", body = ProblemDetails)))]
async fn processes(member: Member) -> Result<Json<Vec<ProcessBody>>, Failure> {
    let known = member.read(queries::processes).await?;
    let body = |one: &crate::KnownDefinition| ProcessBody {
        process: one.definition.id.clone(),
        version: one.definition.version.clone(),
        from: one.definition.from.to_string(),
        title: one.definition.title.clone(),
    };
    Ok(Json(known.iter().map(body).collect()))
}

/// The version that was brought.
#[derive(Serialize, ToSchema)]
struct VersionBody {
    /// The process.
    process: String,
    /// The version.
    version: String,
}

/// Bring a new version of a process.
#[utoipa::path(post, path = "/api/v1/communities/{community}/approval-processes", tag = "approvals", request_body = ContentBody,
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID")),
    responses((status = 201, body = VersionBody), (status = "default", body = ProblemDetails)))]
async fn add_definition(
    member: Member,
    shell::Json(ContentBody { content }): shell::Json<ContentBody>,
) -> Result<(StatusCode, Json<VersionBody>), Failure> {
    let (process, version) = member.execute(AddDefinition { content }).await?;
    Ok((StatusCode::CREATED, Json(VersionBody { process, version })))
}

/// What a version changes for a case.
#[derive(Serialize, ToSchema)]
struct MigrationBody {
    /// The case.
    case: uuid::Uuid,
    /// The version that it keeps.
    version: Option<String>,
    /// The last days of its running stages before and after.
    #[schema(value_type = Vec<Vec<Option<String>>>)]
    dates: Vec<[Option<String>; 2]>,
    /// Why it can't go over, in both languages.
    #[schema(value_type = Option<Object>)]
    refused: Option<policy::Text>,
}

/// See what a version would change for the cases that run.
#[utoipa::path(get, path = "/api/v1/communities/{community}/approval-processes/{process}/{version}/migration", tag = "approvals",
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID"), ("process" = String, Path, description = "The process"),
        ("version" = String, Path, description = "The version to go to")),
    responses((status = 200, body = Vec<MigrationBody>), (status = "default", body = ProblemDetails)))]
async fn migration(
    member: Member,
    Path((_, process, version)): Path<(CommunityId, String, String)>,
) -> Result<Json<Vec<MigrationBody>>, Failure> {
    let preview = member
        .read(move |read, ctx| queries::migration(read, ctx, &process, &version))
        .await?;
    let text = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string());
    let body = |one: queries::CaseMigration| MigrationBody {
        case: one.row.id.uuid(),
        version: one.row.version,
        dates: one
            .dates
            .iter()
            .map(|stage| [text(stage.before), text(stage.after)])
            .collect(),
        refused: one.refused,
    };
    Ok(Json(preview.into_iter().map(body).collect()))
}

/// Which cases go over.
#[derive(Deserialize, ToSchema)]
struct MigrateBody {
    /// The cases; none for all that can.
    #[serde(default)]
    cases: Vec<uuid::Uuid>,
}

/// What came of it.
#[derive(Serialize, ToSchema)]
struct MigratedBody {
    /// The cases that went over.
    cases: Vec<uuid::Uuid>,
    /// How many stay.
    refused: usize,
}

/// Take cases over to a version.
#[utoipa::path(post, path = "/api/v1/communities/{community}/approval-processes/{process}/{version}/migration", tag = "approvals",
    request_body = MigrateBody,
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID"), ("process" = String, Path, description = "The process"),
        ("version" = String, Path, description = "The version to go to")),
    responses((status = 200, body = MigratedBody), (status = "default", body = ProblemDetails)))]
async fn migrate(
    member: Member,
    Path((_, process, version)): Path<(CommunityId, String, String)>,
    shell::Json(body): shell::Json<MigrateBody>,
) -> Result<Json<MigratedBody>, Failure> {
    let command = MigrateCases {
        process,
        to: version,
        cases: body.cases.into_iter().map(CaseId::from_uuid).collect(),
    };
    let done = member.execute(command).await?;
    Ok(Json(MigratedBody {
        cases: done.cases.iter().map(|case| case.uuid()).collect(),
        refused: done.refused,
    }))
}
