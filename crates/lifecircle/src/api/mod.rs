//! The JSON twin of the pages.

mod lists;
mod reach;
mod whatif;

use axum::extract::{DefaultBodyLimit, Path};
use axum::http::StatusCode;
use axum::{Extension, Json};
use kernel::CommunityId;
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails, Uploads};
use street_map::FacilityType;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::analyses::{Analyses, Standing, now};
use crate::found::Found;
use crate::model::{CircleId, MAX_MAP_BYTES, MapSummary};
use crate::shares::{Counted, shares};
use crate::{ChangeTypes, Error, ImportMap, OpenCircle, queries};

/// Every API route of the module.
pub(crate) fn routes() -> OpenApiRouter<App> {
    let maps = OpenApiRouter::new()
        .routes(routes!(import_map))
        .layer(DefaultBodyLimit::max(MAX_MAP_BYTES + (1 << 20)));
    OpenApiRouter::new()
        .routes(routes!(list, open))
        .routes(routes!(one))
        .merge(maps)
        .routes(routes!(types, change_types))
        .routes(routes!(reach::gaps))
        .routes(routes!(reach::building))
        .routes(routes!(lists::all, lists::import_list))
        .routes(routes!(lists::restate, lists::withdraw))
        .routes(routes!(whatif::scenarios, whatif::save))
        .routes(routes!(whatif::compare, whatif::drop_scenario))
        .routes(routes!(whatif::sites))
}

/// A life circle in a list.
#[derive(Serialize, ToSchema)]
struct LifeCircleLine {
    /// Its id.
    id: Uuid,
    /// Its name.
    name: String,
    /// Whether it has a street map.
    has_map: bool,
}

/// List life circles.
#[utoipa::path(get, path = "/api/v1/communities/{community}/circles", tag = "lifecircle",
    params(("community" = Uuid, Path, description = "The community")),
    responses((status = 200, body = Vec<LifeCircleLine>), (status = "default", body = ProblemDetails)))]
async fn list(member: Member) -> Result<Json<Vec<LifeCircleLine>>, Failure> {
    let lines = member.read(queries::circles).await?;
    let line = |line: crate::store::Line| LifeCircleLine {
        id: line.id.uuid(),
        name: line.name,
        has_map: line.has_map,
    };
    Ok(Json(lines.into_iter().map(line).collect()))
}

/// What a life circle is called.
#[derive(Deserialize, ToSchema)]
struct LifeCircleName {
    /// Its name.
    name: String,
}

/// The id of what was made.
#[derive(Serialize, ToSchema)]
struct LifeCircleMade {
    /// The new id.
    id: Uuid,
}

/// Open a life circle.
#[utoipa::path(post, path = "/api/v1/communities/{community}/circles", tag = "lifecircle", request_body = LifeCircleName,
    params(("community" = Uuid, Path, description = "The community")),
    responses((status = 201, body = LifeCircleMade), (status = "default", body = ProblemDetails)))]
async fn open(
    member: Member,
    shell::Json(LifeCircleName { name }): shell::Json<LifeCircleName>,
) -> Result<(StatusCode, Json<LifeCircleMade>), Failure> {
    let id = member.execute(OpenCircle { name }).await?;
    Ok((StatusCode::CREATED, Json(LifeCircleMade { id: id.uuid() })))
}

/// A life circle and how its analysis stands.
#[derive(Serialize, ToSchema)]
struct LifeCircleBody {
    /// Its id.
    id: Uuid,
    /// Its name.
    name: String,
    /// `no_map`, `working`, `ready` or `failed`.
    standing: &'static str,
    /// Steps of the analysis that are done, of four, while it is being made.
    steps: Option<u64>,
    /// Why the map or the types can't be used.
    reason: Option<String>,
    /// What the map holds.
    map: Option<MapSummary>,
    /// Who is served, by type.
    served: Vec<LifeCircleServed>,
}

/// How many buildings a type of facility serves.
#[derive(Serialize, ToSchema)]
struct LifeCircleServed {
    /// The type's id.
    id: String,
    /// The circle in minutes.
    circle: String,
    /// The limit in metres.
    limit_m: u32,
    /// The clause.
    cite: String,
    /// Whether the clause was read: verified or unverified.
    status: String,
    /// Buildings with one near enough.
    met: u64,
    /// Buildings without.
    unmet: u64,
    /// Buildings of which it is not known.
    unknown: u64,
}

fn served(found: &Found) -> Vec<LifeCircleServed> {
    let all = found
        .everyone()
        .map(|group| shares(found, group, Counted::Buildings, None));
    let of = |(kind, share): (&FacilityType, crate::Share)| LifeCircleServed {
        id: kind.id.clone(),
        circle: kind.circle.clone(),
        limit_m: kind.limit_m,
        cite: kind.cite.clone(),
        status: kind.status.clone(),
        met: share.met,
        unmet: share.unmet,
        unknown: share.unknown,
    };
    found
        .types
        .types
        .iter()
        .zip(all.unwrap_or_default())
        .map(of)
        .collect()
}

/// Read a life circle; its analysis is begun if nobody has yet.
#[utoipa::path(get, path = "/api/v1/communities/{community}/circles/{circle}", tag = "lifecircle",
    params(("community" = Uuid, Path, description = "The community"), ("circle" = Uuid, Path, description = "The circle")),
    responses((status = 200, body = LifeCircleBody), (status = "default", body = ProblemDetails)))]
async fn one(
    member: Member,
    Extension(analyses): Extension<Analyses>,
    Path((_, id)): Path<(CommunityId, CircleId)>,
) -> Result<Json<LifeCircleBody>, Failure> {
    let (circle, standing) = now(&analyses, &member, id).await?;
    let mut body = LifeCircleBody {
        id: id.uuid(),
        name: circle.name,
        standing: "no_map",
        steps: None,
        reason: None,
        map: None,
        served: Vec::new(),
    };
    match standing {
        Standing::NoMap => {}
        Standing::Working { done, .. } => {
            body.standing = "working";
            body.steps = Some(done);
        }
        Standing::Failed(reason) => {
            body.standing = "failed";
            body.reason = Some(reason);
        }
        Standing::Ready(found) => {
            body.standing = "ready";
            body.map = Some(found.summary());
            body.served = served(&found);
        }
    }
    Ok(Json(body))
}

/// A street map.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form to the API's readers")]
struct LifeCircleMapForm {
    /// The file, OpenStreetMap PBF of at most 20 MB.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
}

/// The number of a map or of types.
#[derive(Serialize, ToSchema)]
struct LifeCircleNumber {
    /// From 1.
    number: u32,
}

/// Import a street map.
#[utoipa::path(post, path = "/api/v1/communities/{community}/circles/{circle}/maps", tag = "lifecircle",
    request_body(content = LifeCircleMapForm, content_type = "multipart/form-data"),
    params(("community" = Uuid, Path, description = "The community"), ("circle" = Uuid, Path, description = "The circle")),
    responses((status = 201, body = LifeCircleNumber), (status = "default", body = ProblemDetails)))]
async fn import_map(
    member: Member,
    Path((_, id)): Path<(CommunityId, CircleId)>,
    mut uploads: Uploads,
) -> Result<(StatusCode, Json<LifeCircleNumber>), Failure> {
    let file = uploads
        .take_file("file")
        .ok_or(Error::Blank { field: "file" })?;
    let number = member
        .execute(ImportMap::new(id, &file.name, file.content))
        .await?;
    Ok((StatusCode::CREATED, Json(LifeCircleNumber { number })))
}

/// A type of facility.
#[derive(Serialize, Deserialize, ToSchema)]
struct LifeCircleType {
    /// Its id.
    id: String,
    /// Its name in Chinese.
    zh: String,
    /// Its name in English.
    en: String,
    /// The circle in minutes: 5, 10, 15.
    circle: String,
    /// How far it may be on foot, in metres.
    limit_m: u32,
    /// The clause.
    cite: String,
    /// Tags of OpenStreetMap that make an object such a facility, any one of them: `a=b`, `a=b&c=d`, `a=*`.
    tags: Vec<String>,
    /// Whether the clause was read: verified or unverified. What is changed here is unverified.
    #[serde(default)]
    status: String,
}

/// Read the types of facilities.
#[utoipa::path(get, path = "/api/v1/communities/{community}/circles/{circle}/types", tag = "lifecircle",
    params(("community" = Uuid, Path, description = "The community"), ("circle" = Uuid, Path, description = "The circle")),
    responses((status = 200, body = Vec<LifeCircleType>), (status = "default", body = ProblemDetails)))]
async fn types(
    member: Member,
    Path((_, id)): Path<(CommunityId, CircleId)>,
) -> Result<Json<Vec<LifeCircleType>>, Failure> {
    let types = member
        .read(move |read, ctx| queries::types(read, ctx, id))
        .await?;
    let told = |kind: FacilityType| LifeCircleType {
        id: kind.id,
        zh: kind.zh,
        en: kind.en,
        circle: kind.circle,
        limit_m: kind.limit_m,
        cite: kind.cite,
        tags: kind.tags,
        status: kind.status,
    };
    Ok(Json(types.types.into_iter().map(told).collect()))
}

/// Change the types of facilities: all of them at once.
#[utoipa::path(put, path = "/api/v1/communities/{community}/circles/{circle}/types", tag = "lifecircle",
    request_body = Vec<LifeCircleType>,
    params(("community" = Uuid, Path, description = "The community"), ("circle" = Uuid, Path, description = "The circle")),
    responses((status = 200, body = LifeCircleNumber), (status = "default", body = ProblemDetails)))]
async fn change_types(
    member: Member,
    Path((_, circle)): Path<(CommunityId, CircleId)>,
    shell::Json(types): shell::Json<Vec<LifeCircleType>>,
) -> Result<Json<LifeCircleNumber>, Failure> {
    let kind = |one: LifeCircleType| FacilityType {
        id: one.id,
        zh: one.zh,
        en: one.en,
        circle: one.circle,
        limit_m: one.limit_m,
        cite: one.cite,
        status: "unverified".to_owned(),
        note: None,
        tags: one.tags,
    };
    let types = types.into_iter().map(kind).collect();
    let number = member.execute(ChangeTypes { circle, types }).await?;
    Ok(Json(LifeCircleNumber { number }))
}
