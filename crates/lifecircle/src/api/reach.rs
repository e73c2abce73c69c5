//! What buildings reach and lack, as JSON.

use axum::extract::{Path, Query};
use axum::{Extension, Json};
use kernel::CommunityId;
use serde::{Deserialize, Serialize};
use shell::{Failure, Member, ProblemDetails};
use street_map::{Answer, Question};
use utoipa::{IntoParams, ToSchema};

use crate::analyses::{Analyses, ready};
use crate::model::CircleId;
use crate::{Error, pages};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Only buildings that lack this type.
    kind: Option<String>,
    /// Skip so many.
    #[serde(default)]
    skip: usize,
}

/// A building that lacks something.
#[derive(Serialize, ToSchema)]
pub(super) struct LifeCircleGap {
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
pub(super) async fn gaps(
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
pub(super) struct LifeCircleReached {
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
pub(super) struct LifeCircleNear {
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
pub(super) async fn building(
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
