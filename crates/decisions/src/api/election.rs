//! The election of a committee: what is filled, who stands, and ballots with names.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use kernel::{CommunityId, Timestamp};
use people::model::UnitId;
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Made;
use super::vote::VoteMade;
use crate::model::{CandidateId, Channel, Condition, ElectionPlan, ResolutionId, Route, Stage};
use crate::{
    CastElectionBallot, CheckCandidate, PlanElection, RecordCandidateWithdrawal,
    RecordElectionBallot, RecordNomination, StandForCommittee, WithdrawCandidacy, queries,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(election, plan))
        .routes(routes!(stand))
        .routes(routes!(nominate))
        .routes(routes!(check))
        .routes(routes!(withdraw))
        .routes(routes!(cast))
        .routes(routes!(record))
}

/// An election with those who stand.
#[derive(Serialize, ToSchema)]
struct CommitteeElection {
    /// Seats to fill; none where the election was not planned.
    seats: Option<u32>,
    /// Reserve members at most.
    reserve: Option<u32>,
    /// Until when names are taken, RFC 3339.
    nominations_until: Option<String>,
    /// What the law asks of candidates here.
    conditions: Vec<String>,
    /// Everyone who was named.
    candidates: Vec<CommitteeCandidate>,
    /// Every candidate with votes, place and fate, once counted.
    #[schema(value_type = Option<Object>)]
    result: Option<ballot::election::Election>,
}

/// Someone who stands for the committee.
#[derive(Serialize, ToSchema)]
struct CommitteeCandidate {
    /// Their id.
    id: uuid::Uuid,
    /// The number on the ballot, once published.
    number: Option<u32>,
    /// Their name.
    name: String,
    /// `self`, `neighbourhood` or `joint`.
    route: String,
    /// What they say of themselves.
    statement: String,
    /// The conditions they declare to meet.
    declared: Vec<String>,
    /// Whether they were found fit; none before the check.
    accepted: Option<bool>,
    /// Why.
    reason: Option<String>,
    /// When they withdrew, RFC 3339.
    withdrawn_at: Option<String>,
}

/// Read an election with its candidates, and its result once counted.
#[utoipa::path(get, path = "/api/v1/communities/{community}/resolutions/{resolution}/election", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 200, body = CommitteeElection), (status = "default", body = ProblemDetails)))]
async fn election(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Json<CommitteeElection>, Failure> {
    let view = member
        .read(move |read, ctx| queries::election(read, ctx, id))
        .await?;
    let counted = [Stage::Objection, Stage::Settled, Stage::Announced].contains(&view.stage);
    let result = if counted {
        let counted = member
            .read(move |read, ctx| queries::result(read, ctx, id))
            .await?;
        counted.election
    } else {
        None
    };
    let on_ballot = view.on_ballot();
    let candidates = view.candidates.iter().map(|one| CommitteeCandidate {
        id: one.id.uuid(),
        number: on_ballot
            .iter()
            .find(|(_, known)| known.id == one.id)
            .map(|(number, _)| *number),
        name: one.name.clone(),
        route: one.route.name().to_owned(),
        statement: one.statement.clone(),
        declared: one
            .declared
            .iter()
            .map(|condition| condition.name().to_owned())
            .collect(),
        accepted: one.check.as_ref().map(|(accepted, _)| *accepted),
        reason: one.check.as_ref().map(|(_, reason)| reason.clone()),
        withdrawn_at: one.withdrawal.as_ref().map(|(at, _)| at.rfc3339()),
    });
    Ok(Json(CommitteeElection {
        seats: view.plan.map(|plan| plan.seats),
        reserve: view.plan.map(|plan| plan.reserve),
        nominations_until: view.plan.map(|plan| plan.nominations_until.rfc3339()),
        conditions: view
            .rules
            .conditions
            .iter()
            .map(|condition| condition.name().to_owned())
            .collect(),
        candidates: candidates.collect(),
        result,
    }))
}

/// What an election fills.
#[derive(Deserialize, ToSchema)]
struct ElectionPlanBody {
    /// Seats to fill.
    seats: u32,
    /// Reserve members at most.
    reserve: u32,
    /// Whether the whole committee is elected.
    whole_committee: bool,
    /// Until when names are taken: microseconds since 1970 UTC.
    nominations_until_us: i64,
}

/// Say what an election fills, and open it to nominations.
#[utoipa::path(put, path = "/api/v1/communities/{community}/resolutions/{resolution}/election", tag = "decisions", request_body = ElectionPlanBody,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn plan(
    member: Member,
    Path((_, resolution)): Path<(CommunityId, ResolutionId)>,
    shell::Json(body): shell::Json<ElectionPlanBody>,
) -> Result<StatusCode, Failure> {
    let plan = ElectionPlan {
        seats: body.seats,
        reserve: body.reserve,
        whole_committee: body.whole_committee,
        nominations_until: Timestamp::from_micros(body.nominations_until_us),
    };
    member.execute(PlanElection { resolution, plan }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What somebody who stands says.
#[derive(Deserialize, ToSchema)]
struct CandidacyBody {
    /// What they say of themselves.
    statement: String,
    /// The conditions they declare to meet.
    #[schema(value_type = Vec<String>)]
    declared: Vec<Condition>,
}

/// Stand for the committee oneself.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/candidates", tag = "decisions", request_body = CandidacyBody,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 201, body = Made), (status = "default", body = ProblemDetails)))]
async fn stand(
    member: Member,
    Path((_, resolution)): Path<(CommunityId, ResolutionId)>,
    shell::Json(body): shell::Json<CandidacyBody>,
) -> Result<(StatusCode, Json<Made>), Failure> {
    let command = StandForCommittee {
        resolution,
        statement: body.statement,
        declared: body.declared,
    };
    let id = member.execute(command).await?;
    Ok((StatusCode::CREATED, Json(Made { id: id.uuid() })))
}

/// A nomination on paper.
#[derive(Deserialize, ToSchema)]
struct NominationBody {
    /// A unit that the candidate owns.
    #[schema(value_type = uuid::Uuid)]
    unit: UnitId,
    /// Their name.
    name: String,
    /// `self`, `neighbourhood` or `joint`.
    #[schema(value_type = String)]
    route: Route,
    /// How many owners named them together.
    supporters: u32,
    /// What they say of themselves.
    statement: String,
    /// The conditions they declare to meet.
    #[schema(value_type = Vec<String>)]
    declared: Vec<Condition>,
    /// Where the paper lies.
    evidence: String,
}

/// Record a nomination that came in on paper.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/nominations", tag = "decisions", request_body = NominationBody,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 201, body = Made), (status = "default", body = ProblemDetails)))]
async fn nominate(
    member: Member,
    Path((_, resolution)): Path<(CommunityId, ResolutionId)>,
    shell::Json(body): shell::Json<NominationBody>,
) -> Result<(StatusCode, Json<Made>), Failure> {
    let command = RecordNomination {
        resolution,
        unit: body.unit,
        name: body.name,
        route: body.route,
        supporters: body.supporters,
        statement: body.statement,
        declared: body.declared,
        evidence: body.evidence,
    };
    let id = member.execute(command).await?;
    Ok((StatusCode::CREATED, Json(Made { id: id.uuid() })))
}

/// Whether a candidate stands on the ballot.
#[derive(Deserialize, ToSchema)]
struct CandidateCheckBody {
    /// Whether they do.
    accepted: bool,
    /// Why, for all owners to read.
    reason: String,
}

/// Find a candidate fit or not, with the reason.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/candidates/{candidate}/check", tag = "decisions", request_body = CandidateCheckBody,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution"), ("candidate" = uuid::Uuid, Path, description = "The candidate")),
    responses((status = 201), (status = "default", body = ProblemDetails)))]
async fn check(
    member: Member,
    Path((_, resolution, candidate)): Path<(CommunityId, ResolutionId, CandidateId)>,
    shell::Json(body): shell::Json<CandidateCheckBody>,
) -> Result<StatusCode, Failure> {
    let command = CheckCandidate {
        resolution,
        candidate,
        is_accepted: body.accepted,
        reason: body.reason,
    };
    member.execute(command).await?;
    Ok(StatusCode::CREATED)
}

/// Why a candidate withdraws.
#[derive(Deserialize, ToSchema)]
struct CandidateWithdrawalBody {
    /// For all owners to read.
    reason: String,
    /// Whether the committee records a withdrawal on paper, of somebody else.
    #[serde(default)]
    on_paper: bool,
}

/// Withdraw one's own candidacy, or record that a candidate withdrew on paper.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/candidates/{candidate}/withdrawal", tag = "decisions", request_body = CandidateWithdrawalBody,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution"), ("candidate" = uuid::Uuid, Path, description = "The candidate")),
    responses((status = 201), (status = "default", body = ProblemDetails)))]
async fn withdraw(
    member: Member,
    Path((_, resolution, candidate)): Path<(CommunityId, ResolutionId, CandidateId)>,
    shell::Json(body): shell::Json<CandidateWithdrawalBody>,
) -> Result<StatusCode, Failure> {
    let reason = body.reason;
    if body.on_paper {
        let command = RecordCandidateWithdrawal {
            resolution,
            candidate,
            reason,
        };
        member.execute(command).await?;
    } else {
        let command = WithdrawCandidacy {
            resolution,
            candidate,
            reason,
        };
        member.execute(command).await?;
    }
    Ok(StatusCode::CREATED)
}

/// A ballot with names.
#[derive(Deserialize, ToSchema)]
struct ElectionBallotBody {
    /// The unit voted for.
    #[schema(value_type = uuid::Uuid)]
    unit: UnitId,
    /// The candidates' numbers, at most as many as there are seats; none is to abstain.
    picks: Vec<u32>,
}

/// Vote for candidates with one's own unit.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/election-ballots", tag = "decisions", request_body = ElectionBallotBody,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 201, body = VoteMade), (status = "default", body = ProblemDetails)))]
async fn cast(
    member: Member,
    Path((_, resolution)): Path<(CommunityId, ResolutionId)>,
    shell::Json(body): shell::Json<ElectionBallotBody>,
) -> Result<(StatusCode, Json<VoteMade>), Failure> {
    let command = CastElectionBallot {
        resolution,
        unit: body.unit,
        picks: body.picks,
    };
    let cast = member.execute(command).await?;
    Ok((StatusCode::CREATED, Json(cast.into())))
}

/// A ballot with names that came in beside the platform.
#[derive(Deserialize, ToSchema)]
struct RecordedElectionBallot {
    /// The unit voted for.
    #[schema(value_type = uuid::Uuid)]
    unit: UnitId,
    /// The candidates' numbers.
    picks: Vec<u32>,
    /// `paper`, `door` or `phone`.
    #[schema(value_type = String)]
    channel: Channel,
    /// When it was received: microseconds since 1970 UTC.
    received_us: i64,
    /// Who took it, and where it lies.
    evidence: String,
}

/// Record an election's ballot on paper, at the door or by phone.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/recorded-election-ballots", tag = "decisions", request_body = RecordedElectionBallot,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 201, body = VoteMade), (status = "default", body = ProblemDetails)))]
async fn record(
    member: Member,
    Path((_, resolution)): Path<(CommunityId, ResolutionId)>,
    shell::Json(body): shell::Json<RecordedElectionBallot>,
) -> Result<(StatusCode, Json<VoteMade>), Failure> {
    let command = RecordElectionBallot {
        resolution,
        unit: body.unit,
        picks: body.picks,
        channel: body.channel,
        received_at: Timestamp::from_micros(body.received_us),
        evidence: body.evidence,
    };
    let cast = member.execute(command).await?;
    Ok((StatusCode::CREATED, Json(cast.into())))
}
