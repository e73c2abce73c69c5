//! Participatory budgets as JSON: rounds, proposals, checks, the vote, reports.

use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::CommunityId;
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::model::{
    CommentId, Picture, PollId, ProposalId, ProposalText, Report, ReportId, RoundId, RoundTerms,
    VoteTerms,
};
use crate::queries::{self, RoundView};
use crate::store::Proposal;
use crate::{
    CheckProposal, CommentOn, OpenRound, Propose, PutToVote, ReportProgress, WithdrawProposal,
};

/// The budgets' routes.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, open))
        .routes(routes!(one))
        .routes(routes!(propose))
        .routes(routes!(proposal))
        .routes(routes!(withdraw))
        .routes(routes!(comment))
        .routes(routes!(check))
        .routes(routes!(vote))
        .routes(routes!(report))
        .routes(routes!(picture))
        .routes(routes!(pabulib))
}

/// A round of a participatory budget.
#[derive(Serialize, ToSchema)]
struct BudgetRound {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: RoundId,
    /// What is called for.
    #[schema(value_type = Object)]
    terms: RoundTerms,
    /// Where it stands: proposing, checking, voting, decided.
    stage: String,
    /// The poll that decides it.
    #[schema(value_type = Option<uuid::Uuid>)]
    poll: Option<PollId>,
    /// Its proposals; empty in a list.
    proposals: Vec<BudgetProposal>,
}

/// A proposal.
#[derive(Serialize, ToSchema)]
struct BudgetProposal {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: ProposalId,
    /// What is proposed; costs in fen.
    #[schema(value_type = Object)]
    text: ProposalText,
    /// Why it was withdrawn, if it was.
    withdrawn: Option<String>,
    /// Whether it can be done, once checked.
    feasible: Option<bool>,
    /// What it costs by the check, in fen.
    checked_cost_fen: Option<i64>,
    /// Why, by the check.
    check_reason: Option<String>,
}

impl BudgetProposal {
    fn of(proposal: Proposal) -> Self {
        let check = proposal.check;
        Self {
            id: proposal.id,
            text: proposal.text,
            withdrawn: proposal.withdrawn,
            feasible: check.as_ref().map(|check| check.feasible),
            checked_cost_fen: check.as_ref().map(|check| check.cost_fen),
            check_reason: check.map(|check| check.reason),
        }
    }
}

impl BudgetRound {
    fn of(view: RoundView) -> Self {
        Self {
            id: view.round.id,
            terms: view.round.terms,
            stage: view.stage.name().to_owned(),
            poll: view.poll.map(|poll| poll.id),
            proposals: view.proposals.into_iter().map(BudgetProposal::of).collect(),
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct BeforeRound {
    /// Only rounds opened before this one.
    #[param(value_type = Option<uuid::Uuid>)]
    before: Option<RoundId>,
}

/// List participatory budgets, newest first, 30 at a time.
#[utoipa::path(get, path = "/api/v1/communities/{community}/budgets", tag = "budgets",
    params(("community" = uuid::Uuid, Path, description = "The community"), BeforeRound),
    responses((status = 200, body = Vec<BudgetRound>), (status = "default", body = ProblemDetails)))]
async fn list(
    member: Member,
    Query(BeforeRound { before }): Query<BeforeRound>,
) -> Result<Json<Vec<BudgetRound>>, Failure> {
    let rounds = member
        .read(move |read, ctx| queries::rounds(read, ctx, before))
        .await?;
    Ok(Json(rounds.into_iter().map(BudgetRound::of).collect()))
}

/// The id of what was added to a budget.
#[derive(Serialize, ToSchema)]
struct BudgetMade {
    /// The new id.
    id: uuid::Uuid,
}

fn made(id: uuid::Uuid) -> (StatusCode, Json<BudgetMade>) {
    (StatusCode::CREATED, Json(BudgetMade { id }))
}

/// Call for proposals.
#[utoipa::path(post, path = "/api/v1/communities/{community}/budgets", tag = "budgets", request_body = Object,
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 201, body = BudgetMade), (status = "default", body = ProblemDetails)))]
async fn open(
    member: Member,
    shell::Json(terms): shell::Json<RoundTerms>,
) -> Result<(StatusCode, Json<BudgetMade>), Failure> {
    Ok(made(member.execute(OpenRound { terms }).await?.uuid()))
}

/// Read a participatory budget with its proposals.
#[utoipa::path(get, path = "/api/v1/communities/{community}/budgets/{round}", tag = "budgets",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("round" = uuid::Uuid, Path, description = "The round")),
    responses((status = 200, body = BudgetRound), (status = "default", body = ProblemDetails)))]
async fn one(
    member: Member,
    Path((_, id)): Path<(CommunityId, RoundId)>,
) -> Result<Json<BudgetRound>, Failure> {
    let view = member
        .read(move |read, ctx| queries::round(read, ctx, id))
        .await?;
    Ok(Json(BudgetRound::of(view)))
}

/// Propose what the budget should pay.
#[utoipa::path(post, path = "/api/v1/communities/{community}/budgets/{round}/proposals", tag = "budgets", request_body = Object,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("round" = uuid::Uuid, Path, description = "The round")),
    responses((status = 201, body = BudgetMade), (status = "default", body = ProblemDetails)))]
async fn propose(
    member: Member,
    Path((_, round)): Path<(CommunityId, RoundId)>,
    shell::Json(proposal): shell::Json<ProposalText>,
) -> Result<(StatusCode, Json<BudgetMade>), Failure> {
    Ok(made(
        member.execute(Propose { round, proposal }).await?.uuid(),
    ))
}

/// A proposal with what was said about it and how it comes along.
#[derive(Serialize, ToSchema)]
struct BudgetProposalPage {
    /// The proposal.
    proposal: BudgetProposal,
    /// Up to 30 comments, newest first.
    comments: Vec<BudgetCommentMade>,
    /// Reports since it won, newest first.
    reports: Vec<BudgetReport>,
}

/// What somebody said about a proposal.
#[derive(Serialize, ToSchema)]
struct BudgetCommentMade {
    /// Its id.
    id: uuid::Uuid,
    /// When, RFC 3339.
    at: String,
    /// What.
    text: String,
}

/// Which page of comments.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct BeforeComment {
    /// Only comments made before this one.
    #[param(value_type = Option<uuid::Uuid>)]
    before: Option<CommentId>,
}

/// A report on a winning proposal.
#[derive(Serialize, ToSchema)]
struct BudgetReport {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: ReportId,
    /// When, RFC 3339.
    at: String,
    /// State, money spent in fen, text.
    #[schema(value_type = Object)]
    report: Report,
    /// What its picture shows, if it has one.
    picture_shows: Option<String>,
}

/// Read a proposal.
#[utoipa::path(get, path = "/api/v1/communities/{community}/budgets/{round}/proposals/{proposal}", tag = "budgets",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("round" = uuid::Uuid, Path, description = "The round"),
        ("proposal" = uuid::Uuid, Path, description = "The proposal"), BeforeComment),
    responses((status = 200, body = BudgetProposalPage), (status = "default", body = ProblemDetails)))]
async fn proposal(
    member: Member,
    Path((_, round, id)): Path<(CommunityId, RoundId, ProposalId)>,
    Query(BeforeComment { before }): Query<BeforeComment>,
) -> Result<Json<BudgetProposalPage>, Failure> {
    let view = member
        .read(move |read, ctx| queries::proposal(read, ctx, round, id, before))
        .await?;
    let reports = view.reports.into_iter().map(|reported| BudgetReport {
        id: reported.id,
        at: reported.at.rfc3339(),
        report: reported.report,
        picture_shows: reported.shows,
    });
    let comments = view.comments.into_iter().map(|one| BudgetCommentMade {
        id: one.id.uuid(),
        at: one.at.rfc3339(),
        text: one.text,
    });
    Ok(Json(BudgetProposalPage {
        proposal: BudgetProposal::of(view.proposal),
        comments: comments.collect(),
        reports: reports.collect(),
    }))
}

/// A reason for everyone to read.
#[derive(Deserialize, ToSchema)]
struct BudgetReason {
    /// Why.
    reason: String,
}

/// Take one's own proposal back.
#[utoipa::path(post, path = "/api/v1/communities/{community}/budgets/{round}/proposals/{proposal}/withdrawal", tag = "budgets",
    request_body = BudgetReason,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("round" = uuid::Uuid, Path, description = "The round"),
        ("proposal" = uuid::Uuid, Path, description = "The proposal")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn withdraw(
    member: Member,
    Path((_, round, proposal)): Path<(CommunityId, RoundId, ProposalId)>,
    shell::Json(BudgetReason { reason }): shell::Json<BudgetReason>,
) -> Result<StatusCode, Failure> {
    let withdrawal = WithdrawProposal {
        round,
        proposal,
        reason,
    };
    member.execute(withdrawal).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A comment.
#[derive(Deserialize, ToSchema)]
struct BudgetComment {
    /// What is said, at most 2,000 characters.
    text: String,
}

/// Comment on a proposal.
#[utoipa::path(post, path = "/api/v1/communities/{community}/budgets/{round}/proposals/{proposal}/comments", tag = "budgets",
    request_body = BudgetComment,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("round" = uuid::Uuid, Path, description = "The round"),
        ("proposal" = uuid::Uuid, Path, description = "The proposal")),
    responses((status = 201, body = BudgetMade), (status = "default", body = ProblemDetails)))]
async fn comment(
    member: Member,
    Path((_, round, proposal)): Path<(CommunityId, RoundId, ProposalId)>,
    shell::Json(BudgetComment { text }): shell::Json<BudgetComment>,
) -> Result<(StatusCode, Json<BudgetMade>), Failure> {
    let comment = CommentOn {
        round,
        proposal,
        text,
    };
    Ok(made(member.execute(comment).await?.uuid()))
}

/// What a check says.
#[derive(Deserialize, ToSchema)]
struct BudgetCheck {
    /// Whether it can be done.
    feasible: bool,
    /// What it costs, in fen.
    cost_fen: i64,
    /// Why, for everyone to read.
    reason: String,
}

/// Say whether a proposal can be done, what it costs, and why.
#[utoipa::path(post, path = "/api/v1/communities/{community}/budgets/{round}/proposals/{proposal}/checks", tag = "budgets",
    request_body = BudgetCheck,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("round" = uuid::Uuid, Path, description = "The round"),
        ("proposal" = uuid::Uuid, Path, description = "The proposal")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn check(
    member: Member,
    Path((_, round, proposal)): Path<(CommunityId, RoundId, ProposalId)>,
    shell::Json(said): shell::Json<BudgetCheck>,
) -> Result<StatusCode, Failure> {
    let check = CheckProposal {
        round,
        proposal,
        feasible: said.feasible,
        cost_fen: said.cost_fen,
        reason: said.reason,
    };
    member.execute(check).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Put the feasible proposals to the vote: makes the draft of a poll, to be published as any other.
#[utoipa::path(post, path = "/api/v1/communities/{community}/budgets/{round}/vote", tag = "budgets", request_body = Object,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("round" = uuid::Uuid, Path, description = "The round")),
    responses((status = 201, body = BudgetMade), (status = "default", body = ProblemDetails)))]
async fn vote(
    member: Member,
    Path((_, round)): Path<(CommunityId, RoundId)>,
    shell::Json(terms): shell::Json<VoteTerms>,
) -> Result<(StatusCode, Json<BudgetMade>), Failure> {
    Ok(made(
        member.execute(PutToVote { round, terms }).await?.uuid(),
    ))
}

/// A report with a picture, if there is one.
#[derive(Deserialize, ToSchema)]
struct BudgetReportBody {
    /// State (planned, underway, delayed, done), `spent_fen`, text.
    #[schema(value_type = Object)]
    report: Report,
    /// What the picture shows.
    #[serde(default)]
    picture_shows: String,
    /// A JPEG or PNG in Base64.
    picture: Option<String>,
}

/// Report how a winning proposal comes along.
#[utoipa::path(post, path = "/api/v1/communities/{community}/budgets/{round}/proposals/{proposal}/reports", tag = "budgets",
    request_body = BudgetReportBody,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("round" = uuid::Uuid, Path, description = "The round"),
        ("proposal" = uuid::Uuid, Path, description = "The proposal")),
    responses((status = 201, body = BudgetMade), (status = "default", body = ProblemDetails)))]
async fn report(
    member: Member,
    Path((_, round, proposal)): Path<(CommunityId, RoundId, ProposalId)>,
    shell::Json(body): shell::Json<BudgetReportBody>,
) -> Result<(StatusCode, Json<BudgetMade>), Failure> {
    let picture = match body.picture {
        None => None,
        Some(text) => Some(Picture {
            shows: body.picture_shows,
            content: STANDARD.decode(text).map_err(Failure::malformed)?,
        }),
    };
    let progress = ReportProgress {
        round,
        proposal,
        report: body.report,
        picture,
    };
    Ok(made(member.execute(progress).await?.uuid()))
}

/// Read the picture of a report.
#[utoipa::path(get, path = "/api/v1/communities/{community}/budgets/{round}/proposals/{proposal}/reports/{report}/picture", tag = "budgets",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("round" = uuid::Uuid, Path, description = "The round"),
        ("proposal" = uuid::Uuid, Path, description = "The proposal"), ("report" = uuid::Uuid, Path, description = "The report")),
    responses((status = 200, description = "A JPEG or PNG", content_type = "application/octet-stream", body = Vec<u8>),
        (status = "default", body = ProblemDetails)))]
async fn picture(
    member: Member,
    Path((_, _, proposal, report)): Path<(CommunityId, RoundId, ProposalId, ReportId)>,
) -> Result<Response, Failure> {
    let (media_type, content) = member
        .read(move |read, ctx| queries::report_picture(read, ctx, proposal, report))
        .await?;
    Ok(([(CONTENT_TYPE, media_type)], content).into_response())
}

/// Read a counted budget as a Pabulib file, which tallies to the same result.
#[utoipa::path(get, path = "/api/v1/communities/{community}/polls/{poll}/pabulib", tag = "budgets",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("poll" = uuid::Uuid, Path, description = "The poll")),
    responses((status = 200, body = String, content_type = "text/plain"), (status = "default", body = ProblemDetails)))]
async fn pabulib(
    member: Member,
    Path((_, id)): Path<(CommunityId, PollId)>,
) -> Result<String, Failure> {
    let text = member
        .read(move |read, ctx| queries::pabulib_file(read, ctx, id))
        .await?;
    Ok(text)
}
