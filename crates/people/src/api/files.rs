//! The API of the roll as a table: what the importer takes, masked or, for a reason on the record, in the open.

use axum::Json;
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::commands::ExportRoll;
use crate::import::{Column, RESIDENT_COLUMNS, RollTable, UNIT_COLUMNS};
use crate::{ROLL_IMPORT, queries};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(masked))
        .routes(routes!(open))
        .routes(routes!(template))
}

/// The roll as a table in the importer's columns.
#[derive(Serialize, ToSchema)]
struct RollBody {
    /// The columns' names.
    header: Vec<String>,
    /// A row a unit; several owners of one unit stand in one cell.
    rows: Vec<Vec<String>>,
}

impl From<RollTable> for RollBody {
    fn from(table: RollTable) -> Self {
        Self {
            header: table.header,
            rows: table.rows.into_iter().map(|(_, cells)| cells).collect(),
        }
    }
}

/// Export the roll with names and numbers masked.
#[utoipa::path(get, path = "/api/v1/communities/{community}/roll", tag = "people",
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 200, body = RollBody), (status = "default", body = ProblemDetails)))]
async fn masked(member: Member) -> Result<Json<RollBody>, Failure> {
    Ok(Json(member.read(queries::export_rows).await?.into()))
}

/// Why the roll leaves in the open.
#[derive(Deserialize, ToSchema)]
struct ExportBody {
    /// Everyone entitled to the record reads it.
    reason: String,
}

/// Export the roll in the open; the record says who did and why.
#[utoipa::path(post, path = "/api/v1/communities/{community}/roll/exports", tag = "people", request_body = ExportBody,
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 200, body = RollBody), (status = "default", body = ProblemDetails)))]
async fn open(
    member: Member,
    shell::Json(body): shell::Json<ExportBody>,
) -> Result<Json<RollBody>, Failure> {
    let command = ExportRoll {
        reason: body.reason,
    };
    let sealed = member.execute(command).await?;
    let opened = sealed.open(member.app().vault(), member.community);
    let table = opened.map_err(|error| Failure::internal("opening the roll", &error))?;
    Ok(Json(table.into()))
}

/// A column that an import takes.
#[derive(Serialize, ToSchema)]
struct ColumnBody {
    /// Its name.
    name: String,
    /// Whether every row fills it.
    required: bool,
}

/// What an import takes.
#[derive(Serialize, ToSchema)]
struct Template {
    /// The columns of the units' table.
    units: Vec<ColumnBody>,
    /// The columns of the residents' table.
    residents: Vec<ColumnBody>,
}

/// Read which columns an import takes.
#[utoipa::path(get, path = "/api/v1/communities/{community}/imports/template", tag = "people",
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 200, body = Template), (status = "default", body = ProblemDetails)))]
async fn template(member: Member) -> Result<Json<Template>, Failure> {
    member.context()?.require(ROLL_IMPORT)?;
    let columns = |columns: &[Column]| {
        let body = |column: &Column| ColumnBody {
            name: column.name.to_owned(),
            required: column.is_required,
        };
        columns.iter().map(body).collect()
    };
    Ok(Json(Template {
        units: columns(UNIT_COLUMNS),
        residents: columns(RESIDENT_COLUMNS),
    }))
}
