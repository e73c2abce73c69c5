//! The API of organisations: registering one, and seeing and appointing who acts for it.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use identity::commands::RegisterOrganisation;
use identity::{Organisation, REGISTER_ORGANISATION, VIEW_MEMBERS, queries};
use kernel::{CommunityId, OrganisationId};
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::known_role;
use super::members::MemberBody;
use crate::pages::{Appointment, appoint as give, last_day, organisation_kind};

/// The routes.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(organisations, register))
        .routes(routes!(organisation))
        .routes(routes!(acting, appoint))
}

/// A committee, company, provider or department.
#[derive(Serialize, ToSchema)]
struct OrganisationBody {
    /// Its id.
    id: uuid::Uuid,
    /// `committee`, `property_company`, `provider` or `city_department`.
    kind: String,
    /// Its name.
    name: String,
}

impl OrganisationBody {
    fn of(one: &Organisation) -> Self {
        Self {
            id: one.id.uuid(),
            kind: one.kind.name().to_owned(),
            name: one.name.clone(),
        }
    }
}

/// List the organisations of the community and of the city.
#[utoipa::path(get, path = "/api/v1/communities/{community}/organisations", tag = "account",
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 200, body = Vec<OrganisationBody>), (status = "default", body = ProblemDetails)))]
async fn organisations(member: Member) -> Result<Json<Vec<OrganisationBody>>, Failure> {
    let known = member.read(|read, ctx| {
        ctx.require(VIEW_MEMBERS)?;
        queries::organisations(read, ctx)
    });
    Ok(Json(
        known.await?.iter().map(OrganisationBody::of).collect(),
    ))
}

/// An organisation to register.
#[derive(Deserialize, ToSchema)]
struct NewOrganisation {
    /// `committee`, `property_company`, `provider` or `city_department`.
    kind: String,
    /// Its name.
    name: String,
}

/// What was registered.
#[derive(Serialize, ToSchema)]
struct Registered {
    /// Its id.
    id: uuid::Uuid,
}

/// Register an organisation.
#[utoipa::path(post, path = "/api/v1/communities/{community}/organisations", tag = "account",
    request_body = NewOrganisation,
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 201, body = Registered), (status = "default", body = ProblemDetails)))]
async fn register(
    member: Member,
    shell::Json(body): shell::Json<NewOrganisation>,
) -> Result<(StatusCode, Json<Registered>), Failure> {
    member.context()?.require(REGISTER_ORGANISATION)?;
    let command = RegisterOrganisation {
        kind: organisation_kind(&body.kind)?,
        name: body.name,
    };
    let id = member.execute(command).await?.uuid();
    Ok((StatusCode::CREATED, Json(Registered { id })))
}

/// See one organisation of the community or of the city.
#[utoipa::path(get, path = "/api/v1/communities/{community}/organisations/{organisation}", tag = "account",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("organisation" = uuid::Uuid, Path, description = "The organisation")),
    responses((status = 200, body = OrganisationBody), (status = "default", body = ProblemDetails)))]
async fn organisation(
    member: Member,
    Path((_, id)): Path<(CommunityId, OrganisationId)>,
) -> Result<Json<OrganisationBody>, Failure> {
    let known = member.read(move |read, ctx| {
        ctx.require(VIEW_MEMBERS)?;
        queries::organisation(read, ctx, id)
    });
    Ok(Json(OrganisationBody::of(&known.await?)))
}

/// List who may act for an organisation in the community, names masked, at most 1,000.
#[utoipa::path(get, path = "/api/v1/communities/{community}/organisations/{organisation}/members", tag = "account",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("organisation" = uuid::Uuid, Path, description = "The organisation")),
    responses((status = 200, body = Vec<MemberBody>), (status = "default", body = ProblemDetails)))]
async fn acting(
    member: Member,
    Path((_, id)): Path<(CommunityId, OrganisationId)>,
) -> Result<Json<Vec<MemberBody>>, Failure> {
    let acting = member
        .read(move |read, ctx| {
            ctx.require(VIEW_MEMBERS)?;
            queries::organisation(read, ctx, id)?;
            queries::acting_for(read, ctx, id)
        })
        .await?;
    Ok(Json(acting.iter().map(MemberBody::of).collect()))
}

/// Someone to act for an organisation.
#[derive(Deserialize, ToSchema)]
struct AppointBody {
    /// What they sign in with; they belong to the community already.
    login: String,
    /// The role in which they act: `committee_member`, `butler`, `provider` or `city_staff`.
    role: String,
    /// The last day, such as `2026-12-31`, if it is to end by itself.
    last_day: Option<String>,
    /// Why: the election, the contract, the request.
    reason: String,
}

/// Appoint someone who belongs to the community to act for an organisation there.
#[utoipa::path(post, path = "/api/v1/communities/{community}/organisations/{organisation}/members", tag = "account",
    request_body = AppointBody,
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("organisation" = uuid::Uuid, Path, description = "The organisation")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn appoint(
    member: Member,
    Path((_, id)): Path<(CommunityId, OrganisationId)>,
    shell::Json(body): shell::Json<AppointBody>,
) -> Result<StatusCode, Failure> {
    let appointment = Appointment {
        organisation: id,
        login: &body.login,
        role: known_role(&body.role)?,
        until: last_day(body.last_day.as_deref().unwrap_or_default())?,
        reason: body.reason,
    };
    give(&member, appointment).await?;
    Ok(StatusCode::NO_CONTENT)
}
