//! How far a vote has come, without how anyone voted, and all that was done to it.

use axum::Json;
use axum::extract::Path;
use kernel::CommunityId;
use serde::Serialize;
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use people::model::UnitId;

use crate::model::ResolutionId;
use crate::queries;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(units))
        .routes(routes!(trace))
        .routes(routes!(history))
}

/// How far a unit has come.
#[derive(Serialize, ToSchema)]
struct UnitProgressBody {
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
    responses((status = 200, body = Vec<UnitProgressBody>), (status = "default", body = ProblemDetails)))]
async fn units(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Json<Vec<UnitProgressBody>>, Failure> {
    let (_, units) = member
        .read(move |read, ctx| queries::unit_progress(read, ctx, id))
        .await?;
    let units = units.into_iter().map(|unit| UnitProgressBody {
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

/// Everything done for a unit.
#[derive(Serialize, ToSchema)]
struct TraceBody {
    /// Its building and number.
    label: String,
    /// Its votes, the standing one first.
    votes: Vec<TracedBody>,
    /// Deliveries of its ballot.
    deliveries: Vec<DeliveredBody>,
}

/// A vote of a unit, standing or replaced.
#[derive(Serialize, ToSchema)]
struct TracedBody {
    /// 1 for the first vote, 2 for the next…; the highest stands.
    revision: u32,
    /// What was chosen; told to the unit's owners, and to others only where it was recorded by hand.
    choice: Option<String>,
    /// `electronic`, `paper`, `door` or `phone`.
    channel: String,
    /// When it was cast or received, RFC 3339.
    cast_at: String,
    /// The account of the owner, or of who recorded it.
    cast_by: uuid::Uuid,
    /// Who took it, and where the paper or recording lies.
    evidence: String,
    /// Its entry in the community's journal.
    position: u64,
    /// Why it was corrected, where it corrects a vote that was recorded wrongly.
    corrected: Option<String>,
}

/// A delivery of the ballot.
#[derive(Serialize, ToSchema)]
struct DeliveredBody {
    /// `electronic`, `hand`, `post`, `message` or `letter_box`.
    channel: String,
    /// When, RFC 3339.
    delivered_at: String,
    /// By whom, and where the proof lies.
    evidence: String,
    /// Whether the ballot said what silence means.
    warned_of_silence: bool,
}

/// Everything done for a unit: votes, standing and replaced, with their evidence, and deliveries. For its owners and for
/// those who record votes.
#[utoipa::path(get, path = "/api/v1/communities/{community}/resolutions/{resolution}/units/{unit}", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution"), ("unit" = uuid::Uuid, Path, description = "The unit")),
    responses((status = 200, body = TraceBody), (status = "default", body = ProblemDetails)))]
async fn trace(
    member: Member,
    Path((_, id, unit)): Path<(CommunityId, ResolutionId, UnitId)>,
) -> Result<Json<TraceBody>, Failure> {
    let trace = member
        .read(move |read, ctx| queries::unit_trace(read, ctx, id, unit))
        .await?;
    let votes = trace.votes.into_iter().map(|vote| TracedBody {
        revision: vote.revision,
        choice: vote.choice,
        channel: vote.channel.name().to_owned(),
        cast_at: vote.cast_at.rfc3339(),
        cast_by: vote.cast_by.uuid(),
        evidence: vote.evidence,
        position: vote.position,
        corrected: vote.corrected,
    });
    let deliveries = trace.deliveries.into_iter().map(|delivery| DeliveredBody {
        channel: delivery.channel.name().to_owned(),
        delivered_at: delivery.delivered_at.rfc3339(),
        evidence: delivery.evidence,
        warned_of_silence: delivery.warned_of_silence,
    });
    Ok(Json(TraceBody {
        label: trace.label,
        votes: votes.collect(),
        deliveries: deliveries.collect(),
    }))
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
