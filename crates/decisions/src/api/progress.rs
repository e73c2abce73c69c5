//! How far a vote has come, without how anyone voted, and all that was done to it.

use axum::Json;
use axum::extract::Path;
use kernel::CommunityId;
use serde::Serialize;
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::model::ResolutionId;
use crate::queries;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(units))
        .routes(routes!(history))
}

/// How far a unit has come.
#[derive(Serialize, ToSchema)]
struct UnitBody {
    /// The unit.
    unit: uuid::Uuid,
    /// Its building's name.
    building: String,
    /// Its number.
    label: String,
    /// How many owners it has.
    owners: u32,
    /// When the ballot was last delivered, RFC 3339.
    delivered_at: Option<String>,
    /// How its vote came in: `electronic`, `paper`, `door` or `phone`.
    channel: Option<String>,
    /// When its vote came in, RFC 3339.
    voted_at: Option<String>,
    /// 1 for the first vote, 2 for a changed one…
    revision: Option<u32>,
}

/// List every unit of the electorate with deliveries and whether it has voted: for those who organise the vote.
#[utoipa::path(get, path = "/api/v1/communities/{community}/resolutions/{resolution}/units", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 200, body = Vec<UnitBody>), (status = "default", body = ProblemDetails)))]
async fn units(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Json<Vec<UnitBody>>, Failure> {
    let (_, units) = member
        .read(move |read, ctx| queries::unit_progress(read, ctx, id))
        .await?;
    let units = units.into_iter().map(|unit| UnitBody {
        unit: unit.unit.uuid(),
        building: unit.building,
        label: unit.label,
        owners: unit.owners,
        delivered_at: unit.delivered_at.map(kernel::Timestamp::rfc3339),
        channel: unit.voted.map(|(channel, ..)| channel.name().to_owned()),
        voted_at: unit.voted.map(|(_, at, _)| at.rfc3339()),
        revision: unit.voted.map(|(.., revision)| revision),
    });
    Ok(Json(units.collect()))
}

/// Something done to a resolution.
#[derive(Serialize, ToSchema)]
struct Act {
    /// Its entry's position in the community's journal.
    position: u64,
    /// When, RFC 3339.
    at: String,
    /// What, such as `decisions.resolution.published`.
    kind: String,
    /// Whether Linli did it by itself.
    by_linli: bool,
}

/// List what was done to a resolution, newest first, from the journal.
#[utoipa::path(get, path = "/api/v1/communities/{community}/resolutions/{resolution}/history", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 200, body = Vec<Act>), (status = "default", body = ProblemDetails)))]
async fn history(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Json<Vec<Act>>, Failure> {
    let (_, entries) = member
        .read(move |read, ctx| queries::history(read, ctx, id))
        .await?;
    let acts = entries.into_iter().map(|entry| Act {
        position: entry.position,
        at: entry.at.rfc3339(),
        by_linli: entry.actor.is_nil(),
        kind: entry.kind,
    });
    Ok(Json(acts.collect()))
}
