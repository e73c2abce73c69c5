//! Scenarios and sites as JSON.

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::{Extension, Json};
use kernel::CommunityId;
use serde::{Deserialize, Serialize};
use shell::{Failure, Member, ProblemDetails};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{LifeCircleMade, LifeCircleServed, served};
use crate::analyses::{Analyses, ready};
use crate::model::{CircleId, PLAN, PlanChange, ScenarioId};
use crate::sites::{MAX_SITES, best_sites};
use crate::{DropScenario, Error, SaveScenario, pages, queries};

/// A change of a scenario: `what` is facility (with `kind`), way (with `to_lon_e7`, `to_lat_e7`) or closure.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct LifeCircleChange {
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
pub(super) struct LifeCircleScenario {
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
pub(super) async fn scenarios(
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
pub(super) struct LifeCircleScenarioDraft {
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
pub(super) async fn save(
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
pub(super) struct LifeCircleDifference {
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
pub(super) async fn compare(
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
pub(super) async fn drop_scenario(
    member: Member,
    Path((_, circle, scenario)): Path<(CommunityId, CircleId, ScenarioId)>,
) -> Result<StatusCode, Failure> {
    member.execute(DropScenario { circle, scenario }).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// The type's id.
    kind: Option<String>,
    /// How many sites, 1 to 20.
    count: Option<usize>,
}

/// Sites for the next facilities of a type.
#[derive(Serialize, ToSchema)]
pub(super) struct LifeCircleSites {
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
pub(super) struct LifeCircleSite {
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
pub(super) async fn sites(
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
