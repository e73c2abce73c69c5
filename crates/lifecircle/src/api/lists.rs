//! A circle's own lists as JSON.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use kernel::CommunityId;
use serde::{Deserialize, Serialize};
use shell::{Failure, Member, ProblemDetails, Uploads};
use street_map::{Datum, FacilityTypes};
use utoipa::ToSchema;
use uuid::Uuid;

use super::LifeCircleMade;
use crate::model::{CircleId, OwnId, PLAN};
use crate::{Error, ImportList, ListKind, RestateList, WithdrawList, queries, read_list};

/// A list of a circle's own.
#[derive(Serialize, ToSchema)]
pub(super) struct LifeCircleList {
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
pub(super) async fn all(
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
pub(super) struct LifeCircleListForm {
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
pub(super) async fn import_list(
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
pub(super) struct LifeCircleReading {
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
pub(super) async fn restate(
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
pub(super) async fn withdraw(
    member: Member,
    Path((_, circle, list)): Path<(CommunityId, CircleId, OwnId)>,
) -> Result<StatusCode, Failure> {
    member.execute(WithdrawList { circle, list }).await?;
    Ok(StatusCode::NO_CONTENT)
}
