//! The units and who holds them.

use axum::Json;
use axum::http::StatusCode;
use kernel::OrganisationId;
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::{AppointUnit, DissolveUnit, queries};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(units, appoint))
        .routes(routes!(dissolve))
}

/// A unit of the processes.
#[derive(Serialize, ToSchema)]
struct ApprovalUnit {
    /// Its name in the definitions.
    unit: String,
    /// The organisation that holds it.
    holder: Option<String>,
    /// Who followed it, if it was dissolved.
    dissolved: Option<String>,
    /// How many open tasks it has.
    tasks: usize,
}

/// List the units and who holds them.
#[utoipa::path(get, path = "/api/v1/communities/{community}/approval-units", tag = "approvals",
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID")),
    responses((status = 200, body = Vec<ApprovalUnit>), (status = "default", body = ProblemDetails)))]
async fn units(member: Member) -> Result<Json<Vec<ApprovalUnit>>, Failure> {
    let view = member.read(queries::office_view).await?;
    let units = view.units.into_iter().map(|unit| ApprovalUnit {
        unit: unit.id,
        holder: unit.holder,
        dissolved: unit.dissolved,
        tasks: unit.tasks,
    });
    Ok(Json(units.collect()))
}

/// Who is to hold a unit.
#[derive(Deserialize, ToSchema)]
struct AppointUnitBody {
    /// The unit.
    unit: String,
    /// A city department.
    organisation: uuid::Uuid,
}

/// Appoint a department to a unit.
#[utoipa::path(post, path = "/api/v1/communities/{community}/approval-units", tag = "approvals", request_body = AppointUnitBody,
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID")),
    responses((status = 204, description = "Appointed"), (status = "default", body = ProblemDetails)))]
async fn appoint(
    member: Member,
    shell::Json(body): shell::Json<AppointUnitBody>,
) -> Result<StatusCode, Failure> {
    let command = AppointUnit {
        unit: body.unit,
        organisation: OrganisationId::from_uuid(body.organisation),
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What becomes of a unit's tasks.
#[derive(Deserialize, ToSchema)]
struct DissolveBody {
    /// The unit.
    unit: String,
    /// Who takes its tasks over.
    successor: Option<String>,
    /// Why.
    reason: String,
}

/// How many tasks went over.
#[derive(Serialize, ToSchema)]
struct Moved {
    /// How many.
    tasks: usize,
}

/// Dissolve a unit.
#[utoipa::path(post, path = "/api/v1/communities/{community}/approval-units/dissolution", tag = "approvals", request_body = DissolveBody,
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID")),
    responses((status = 200, body = Moved), (status = "default", body = ProblemDetails)))]
async fn dissolve(
    member: Member,
    shell::Json(body): shell::Json<DissolveBody>,
) -> Result<Json<Moved>, Failure> {
    let command = DissolveUnit {
        unit: body.unit,
        successor: body.successor,
        reason: body.reason,
    };
    let tasks = member.execute(command).await?;
    Ok(Json(Moved { tasks }))
}
