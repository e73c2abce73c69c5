//! The JSON twin of the pages.

use axum::extract::{DefaultBodyLimit, Path, Query};
use axum::http::StatusCode;
use axum::{Extension, Json};
use kernel::CommunityId;
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails, Uploads};
use street_map::{Answer, Datum, FacilityType, FacilityTypes, Question};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::analyses::{Analyses, Standing, now, ready};
use crate::found::Found;
use crate::model::{CircleId, MAX_MAP_BYTES, MapSummary, OwnId, PLAN, PlanChange, ScenarioId};
use crate::shares::{Counted, shares};
use crate::sites::{MAX_SITES, best_sites};
use crate::{
    ChangeTypes, DropScenario, Error, ImportList, ImportMap, ListKind, OpenCircle, RestateList,
    SaveScenario, WithdrawList, pages, queries, read_list,
};

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
        .routes(routes!(gaps))
        .routes(routes!(building))
        .routes(routes!(lists, import_list))
        .routes(routes!(restate, withdraw))
        .routes(routes!(scenarios, save))
        .routes(routes!(compare, drop_scenario))
        .routes(routes!(sites))
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

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Only buildings that lack this type.
    kind: Option<String>,
    /// Skip so many.
    #[serde(default)]
    skip: usize,
}

/// A building that lacks something.
#[derive(Serialize, ToSchema)]
struct LifeCircleGap {
    /// Its number in this analysis.
    number: usize,
    /// What it is on the map.
    object: String,
    /// Its name.
    name: Option<String>,
    /// Longitude in 1e-7 degrees, WGS-84.
    lon_e7: i32,
    /// Latitude.
    lat_e7: i32,
    /// Who lives there, if a list says so.
    people: Option<u32>,
    /// The types that it lacks.
    lacks: Vec<String>,
    /// How many types are not known.
    unknown: usize,
}

/// List buildings by what they lack and how many live there, 50 at a time.
#[utoipa::path(get, path = "/api/v1/communities/{community}/circles/{circle}/gaps", tag = "lifecircle",
    params(("community" = Uuid, Path, description = "The community"), ("circle" = Uuid, Path, description = "The circle"), Which),
    responses((status = 200, body = Vec<LifeCircleGap>), (status = "default", body = ProblemDetails)))]
async fn gaps(
    member: Member,
    Extension(analyses): Extension<Analyses>,
    Path((_, id)): Path<(CommunityId, CircleId)>,
    Query(Which { kind, skip }): Query<Which>,
) -> Result<Json<Vec<LifeCircleGap>>, Failure> {
    let (_, found) = ready(&analyses, &member, id).await?;
    let kind = found
        .types
        .types
        .iter()
        .position(|one| Some(&one.id) == kind.as_ref());
    let all = pages::ranked(&found, kind);
    let gap = |place: usize| {
        let building = found.map.buildings.get(place)?;
        let everyone = found.everyone()?;
        let lacks = found.types.types.iter().enumerate();
        let lacks = lacks.filter(|(kind, _)| everyone.answer(*kind, place) == Answer::Unmet);
        Some(LifeCircleGap {
            number: place,
            object: building.object.to_string(),
            name: building.name.clone(),
            lon_e7: building.position.lon_e7,
            lat_e7: building.position.lat_e7,
            people: found.residents.get(place).and_then(|one| one.people),
            lacks: lacks.map(|(_, kind)| kind.id.clone()).collect(),
            unknown: found.lacking(place).1,
        })
    };
    Ok(Json(
        all.into_iter()
            .skip(skip)
            .take(50)
            .filter_map(gap)
            .collect(),
    ))
}

/// What a building reaches of one type.
#[derive(Serialize, ToSchema)]
struct LifeCircleReached {
    /// The type's id.
    id: String,
    /// met, unmet or unknown.
    answer: &'static str,
    /// The limit in metres.
    limit_m: u32,
    /// The nearest five, the nearest first.
    nearest: Vec<LifeCircleNear>,
}

/// A facility that is reached.
#[derive(Serialize, ToSchema)]
struct LifeCircleNear {
    /// What it is on the map.
    object: String,
    /// Its name.
    name: Option<String>,
    /// Metres of way.
    metres: u32,
    /// Seconds on foot.
    seconds: u32,
}

/// Read what a building reaches.
#[utoipa::path(get, path = "/api/v1/communities/{community}/circles/{circle}/buildings/{number}", tag = "lifecircle",
    params(("community" = Uuid, Path, description = "The community"), ("circle" = Uuid, Path, description = "The circle"),
        ("number" = usize, Path, description = "The building's number in this analysis")),
    responses((status = 200, body = Vec<LifeCircleReached>), (status = "default", body = ProblemDetails)))]
async fn building(
    member: Member,
    Extension(analyses): Extension<Analyses>,
    Path((_, id, number)): Path<(CommunityId, CircleId, usize)>,
) -> Result<Json<Vec<LifeCircleReached>>, Failure> {
    let (_, found) = ready(&analyses, &member, id).await?;
    let everyone = found
        .everyone()
        .filter(|_| number < found.map.buildings.len());
    let everyone = everyone.ok_or(Error::NoSuchPart { what: "building" })?;
    let near = |kind: usize, reach: walk::Reach| {
        let facility = found.facility(kind, reach)?;
        Some(LifeCircleNear {
            object: facility.object.to_string(),
            name: facility.name.clone(),
            metres: (Question::default().walker.distance_dm(reach.ds) + 5) / 10,
            seconds: (reach.ds + 5) / 10,
        })
    };
    let kinds = found.types.types.iter().enumerate();
    let reached = kinds.map(|(place, kind)| LifeCircleReached {
        id: kind.id.clone(),
        answer: match everyone.answer(place, number) {
            Answer::Met => "met",
            Answer::Unmet => "unmet",
            Answer::Unknown => "unknown",
        },
        limit_m: kind.limit_m,
        nearest: everyone
            .of(place, number)
            .into_iter()
            .filter_map(|reach| near(place, reach))
            .collect(),
    });
    Ok(Json(reached.collect()))
}

/// A list of a circle's own.
#[derive(Serialize, ToSchema)]
struct LifeCircleList {
    /// Its id.
    id: Uuid,
    /// facilities, buildings, entrances or districts.
    kind: &'static str,
    /// Its file's name.
    file_name: String,
    /// The datum of its coordinates.
    datum: &'static str,
    /// Whether longitude and latitude stand in each other's place.
    swapped: bool,
    /// Rows that are used.
    features: u64,
    /// Rows that can't be.
    faults: u64,
    /// Whether it is in use.
    in_use: bool,
}

/// List a circle's own lists.
#[utoipa::path(get, path = "/api/v1/communities/{community}/circles/{circle}/lists", tag = "lifecircle",
    params(("community" = Uuid, Path, description = "The community"), ("circle" = Uuid, Path, description = "The circle")),
    responses((status = 200, body = Vec<LifeCircleList>), (status = "default", body = ProblemDetails)))]
async fn lists(
    member: Member,
    Path((_, id)): Path<(CommunityId, CircleId)>,
) -> Result<Json<Vec<LifeCircleList>>, Failure> {
    let circle = member
        .read(move |read, ctx| queries::circle(read, ctx, id))
        .await?;
    let told = |row: crate::OwnRow| LifeCircleList {
        id: row.id.uuid(),
        kind: row.kind.name(),
        file_name: row.file_name,
        datum: row.datum.name(),
        swapped: row.swapped,
        features: row.features,
        faults: row.faults,
        in_use: row.withdrawn.is_none(),
    };
    Ok(Json(circle.lists.into_iter().map(told).collect()))
}

/// A list to import.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form to the API's readers")]
struct LifeCircleListForm {
    /// facilities, buildings, entrances or districts.
    kind: String,
    /// wgs84, cgcs2000, gcj02 or bd09.
    datum: String,
    /// The type of facilities whose row names none.
    otherwise: Option<String>,
    /// The file: GeoJSON, CSV or Excel.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
}

/// Import a list of the circle's own.
#[utoipa::path(post, path = "/api/v1/communities/{community}/circles/{circle}/lists", tag = "lifecircle",
    request_body(content = LifeCircleListForm, content_type = "multipart/form-data"),
    params(("community" = Uuid, Path, description = "The community"), ("circle" = Uuid, Path, description = "The circle")),
    responses((status = 201, body = LifeCircleMade), (status = "default", body = ProblemDetails)))]
async fn import_list(
    member: Member,
    Path((_, circle)): Path<(CommunityId, CircleId)>,
    mut uploads: Uploads,
) -> Result<(StatusCode, Json<LifeCircleMade>), Failure> {
    member.context()?.require(PLAN).map_err(Failure::from)?;
    let types: FacilityTypes = member
        .read(move |read, ctx| queries::types(read, ctx, circle))
        .await?;
    let kind = ListKind::from_name(uploads.text("kind")).ok_or(Error::Blank { field: "kind" })?;
    let datum = Datum::from_name(uploads.text("datum")).ok_or(Error::Blank { field: "datum" })?;
    let otherwise = uploads.text("otherwise").to_owned();
    let file = uploads
        .take_file("file")
        .ok_or(Error::Blank { field: "file" })?;
    let content = file.content;
    let list = tokio::task::spawn_blocking(move || {
        let otherwise = Some(otherwise.as_str()).filter(|id| !id.is_empty());
        read_list(kind, &types, otherwise, &content)
    });
    let list = list
        .await
        .map_err(|error| Failure::internal("reading a list", &error))??;
    let command = ImportList {
        circle,
        kind,
        file_name: file.name,
        datum: datum.name().to_owned(),
        swapped: false,
        list,
    };
    let id = member.execute(command).await?;
    Ok((StatusCode::CREATED, Json(LifeCircleMade { id: id.uuid() })))
}

/// How a list's coordinates are read.
#[derive(Deserialize, ToSchema)]
struct LifeCircleReading {
    /// wgs84, cgcs2000, gcj02 or bd09.
    datum: String,
    /// Whether longitude and latitude stand in each other's place.
    #[serde(default)]
    swapped: bool,
}

/// Say anew in which datum a list's coordinates are.
#[utoipa::path(put, path = "/api/v1/communities/{community}/circles/{circle}/lists/{list}", tag = "lifecircle",
    request_body = LifeCircleReading,
    params(("community" = Uuid, Path, description = "The community"), ("circle" = Uuid, Path, description = "The circle"),
        ("list" = Uuid, Path, description = "The list")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn restate(
    member: Member,
    Path((_, circle, list)): Path<(CommunityId, CircleId, OwnId)>,
    shell::Json(LifeCircleReading { datum, swapped }): shell::Json<LifeCircleReading>,
) -> Result<StatusCode, Failure> {
    member
        .execute(RestateList {
            circle,
            list,
            datum,
            swapped,
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a list out of use.
#[utoipa::path(delete, path = "/api/v1/communities/{community}/circles/{circle}/lists/{list}", tag = "lifecircle",
    params(("community" = Uuid, Path, description = "The community"), ("circle" = Uuid, Path, description = "The circle"),
        ("list" = Uuid, Path, description = "The list")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn withdraw(
    member: Member,
    Path((_, circle, list)): Path<(CommunityId, CircleId, OwnId)>,
) -> Result<StatusCode, Failure> {
    member.execute(WithdrawList { circle, list }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A change of a scenario: `what` is facility (with `kind`), way (with `to_lon_e7`, `to_lat_e7`) or closure.
#[derive(Serialize, Deserialize, ToSchema)]
struct LifeCircleChange {
    /// facility, way or closure.
    what: String,
    /// The type of a new facility.
    #[serde(default)]
    kind: Option<String>,
    /// Longitude in 1e-7 degrees, WGS-84.
    lon_e7: i32,
    /// Latitude.
    lat_e7: i32,
    /// Where a new way ends: longitude.
    #[serde(default)]
    to_lon_e7: Option<i32>,
    /// Latitude.
    #[serde(default)]
    to_lat_e7: Option<i32>,
}

impl LifeCircleChange {
    fn of(change: &PlanChange) -> Self {
        let places = change.places();
        let (at, to) = (places.first().copied().unwrap_or_default(), places.get(1));
        Self {
            what: change.name().to_owned(),
            kind: match change {
                PlanChange::Facility { kind, .. } => Some(kind.clone()),
                _ => None,
            },
            lon_e7: at.lon_e7,
            lat_e7: at.lat_e7,
            to_lon_e7: to.map(|to| to.lon_e7),
            to_lat_e7: to.map(|to| to.lat_e7),
        }
    }

    fn read(self) -> Result<PlanChange, Error> {
        let Self { lon_e7, lat_e7, .. } = self;
        Ok(
            match (
                self.what.as_str(),
                self.kind,
                self.to_lon_e7,
                self.to_lat_e7,
            ) {
                ("facility", Some(kind), ..) => PlanChange::Facility {
                    kind,
                    lon_e7,
                    lat_e7,
                },
                ("way", _, Some(to_lon_e7), Some(to_lat_e7)) => PlanChange::Way {
                    lon_e7,
                    lat_e7,
                    to_lon_e7,
                    to_lat_e7,
                },
                ("closure", ..) => PlanChange::Closure { lon_e7, lat_e7 },
                _ => return Err(Error::Blank { field: "what" }),
            },
        )
    }
}

/// A scenario.
#[derive(Serialize, ToSchema)]
struct LifeCircleScenario {
    /// Its id.
    id: Uuid,
    /// Its name.
    name: String,
    /// What would be built or closed.
    changes: Vec<LifeCircleChange>,
}

/// List scenarios.
#[utoipa::path(get, path = "/api/v1/communities/{community}/circles/{circle}/scenarios", tag = "lifecircle",
    params(("community" = Uuid, Path, description = "The community"), ("circle" = Uuid, Path, description = "The circle")),
    responses((status = 200, body = Vec<LifeCircleScenario>), (status = "default", body = ProblemDetails)))]
async fn scenarios(
    member: Member,
    Path((_, id)): Path<(CommunityId, CircleId)>,
) -> Result<Json<Vec<LifeCircleScenario>>, Failure> {
    let rows = member
        .read(move |read, ctx| queries::scenarios(read, ctx, id))
        .await?;
    let told = |row: &crate::ScenarioRow| LifeCircleScenario {
        id: row.id.uuid(),
        name: row.name.clone(),
        changes: row.changes.iter().map(LifeCircleChange::of).collect(),
    };
    Ok(Json(rows.iter().map(told).collect()))
}

/// A scenario to save.
#[derive(Deserialize, ToSchema)]
struct LifeCircleScenarioDraft {
    /// Its name.
    name: String,
    /// What would be built or closed.
    changes: Vec<LifeCircleChange>,
}

/// Save a scenario. One that leads nowhere is refused.
#[utoipa::path(post, path = "/api/v1/communities/{community}/circles/{circle}/scenarios", tag = "lifecircle",
    request_body = LifeCircleScenarioDraft,
    params(("community" = Uuid, Path, description = "The community"), ("circle" = Uuid, Path, description = "The circle")),
    responses((status = 201, body = LifeCircleMade), (status = "default", body = ProblemDetails)))]
async fn save(
    member: Member,
    Extension(analyses): Extension<Analyses>,
    Path((_, id)): Path<(CommunityId, CircleId)>,
    shell::Json(draft): shell::Json<LifeCircleScenarioDraft>,
) -> Result<(StatusCode, Json<LifeCircleMade>), Failure> {
    member.context()?.require(PLAN).map_err(Failure::from)?;
    let changes = draft.changes.into_iter().map(LifeCircleChange::read);
    let changes: Vec<PlanChange> = changes.collect::<Result<_, _>>()?;
    let (circle, found) = ready(&analyses, &member, id).await?;
    analyses
        .changed(member.community, &circle, found, changes.clone())
        .await?;
    let command = SaveScenario {
        circle: id,
        name: draft.name,
        changes,
    };
    let scenario = member.execute(command).await?;
    Ok((
        StatusCode::CREATED,
        Json(LifeCircleMade {
            id: scenario.uuid(),
        }),
    ))
}

/// A type before and after a scenario.
#[derive(Serialize, ToSchema)]
struct LifeCircleDifference {
    /// Buildings that gain.
    gains: usize,
    /// Buildings that lose.
    loses: usize,
    /// Who is served today, by type.
    before: Vec<LifeCircleServed>,
    /// Who would be.
    after: Vec<LifeCircleServed>,
}

/// Read what a scenario would change.
#[utoipa::path(get, path = "/api/v1/communities/{community}/circles/{circle}/scenarios/{scenario}", tag = "lifecircle",
    params(("community" = Uuid, Path, description = "The community"), ("circle" = Uuid, Path, description = "The circle"),
        ("scenario" = Uuid, Path, description = "The scenario")),
    responses((status = 200, body = LifeCircleDifference), (status = "default", body = ProblemDetails)))]
async fn compare(
    member: Member,
    Extension(analyses): Extension<Analyses>,
    Path((_, id, scenario)): Path<(CommunityId, CircleId, ScenarioId)>,
) -> Result<Json<LifeCircleDifference>, Failure> {
    let (circle, before) = ready(&analyses, &member, id).await?;
    let row = member
        .read(move |read, ctx| queries::scenario(read, ctx, id, scenario))
        .await?;
    let after = analyses
        .changed(member.community, &circle, before.clone(), row.changes)
        .await?;
    let moved = pages::moved(&before, &after);
    let gains = moved.values().filter(|gains| **gains).count();
    Ok(Json(LifeCircleDifference {
        gains,
        loses: moved.len() - gains,
        before: served(&before),
        after: served(&after),
    }))
}

/// Drop a scenario.
#[utoipa::path(delete, path = "/api/v1/communities/{community}/circles/{circle}/scenarios/{scenario}", tag = "lifecircle",
    params(("community" = Uuid, Path, description = "The community"), ("circle" = Uuid, Path, description = "The circle"),
        ("scenario" = Uuid, Path, description = "The scenario")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn drop_scenario(
    member: Member,
    Path((_, circle, scenario)): Path<(CommunityId, CircleId, ScenarioId)>,
) -> Result<StatusCode, Failure> {
    member.execute(DropScenario { circle, scenario }).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// The type's id.
    kind: Option<String>,
    /// How many sites, 1 to 20.
    count: Option<usize>,
}

/// Sites for the next facilities of a type.
#[derive(Serialize, ToSchema)]
struct LifeCircleSites {
    /// The sites in the order of their choice.
    sites: Vec<LifeCircleSite>,
    /// Who is served by them together: people where lists tell them, else buildings.
    served: u64,
    /// No choice of as many of the sites that were tried serves more.
    bound: u64,
    /// Who has none now.
    open: u64,
    /// How many sites were tried.
    tried: usize,
}

/// A site.
#[derive(Serialize, ToSchema)]
struct LifeCircleSite {
    /// Longitude in 1e-7 degrees, WGS-84.
    lon_e7: i32,
    /// Latitude.
    lat_e7: i32,
    /// Who is served by it and by none before.
    gain: u64,
}

/// Choose sites that serve most of those who have none.
#[utoipa::path(get, path = "/api/v1/communities/{community}/circles/{circle}/sites", tag = "lifecircle",
    params(("community" = Uuid, Path, description = "The community"), ("circle" = Uuid, Path, description = "The circle"), Wanted),
    responses((status = 200, body = LifeCircleSites), (status = "default", body = ProblemDetails)))]
async fn sites(
    member: Member,
    Extension(analyses): Extension<Analyses>,
    Path((_, id)): Path<(CommunityId, CircleId)>,
    Query(Wanted { kind, count }): Query<Wanted>,
) -> Result<Json<LifeCircleSites>, Failure> {
    let (_, found) = ready(&analyses, &member, id).await?;
    let kind = found
        .types
        .types
        .iter()
        .position(|one| Some(&one.id) == kind.as_ref());
    let kind = kind.ok_or(Error::Blank { field: "kind" })?;
    let count = count.unwrap_or(5).clamp(1, MAX_SITES);
    let chosen = tokio::task::spawn_blocking(move || best_sites(&found, kind, count));
    let chosen = chosen
        .await
        .map_err(|error| Failure::internal("choosing sites", &error))??;
    let site = |site: &crate::Site| LifeCircleSite {
        lon_e7: site.at.lon_e7,
        lat_e7: site.at.lat_e7,
        gain: site.gain,
    };
    Ok(Json(LifeCircleSites {
        sites: chosen.sites.iter().map(site).collect(),
        served: chosen.served,
        bound: chosen.bound,
        open: chosen.open,
        tried: chosen.tried,
    }))
}
