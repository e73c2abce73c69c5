//! Grants and their tranches.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use kernel::CommunityId;
use polls::{ProposalId, RoundId};
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails, Uploads};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{FundMade, evidence};
use crate::model::{GrantId, GrantTerms, Purse, TrancheId, TrancheTerms};
use crate::queries::{self, GrantView};
use crate::store::Grant;
use crate::{
    ApplyForGrant, CheckEvidence, DecideGrant, EndGrant, GrantFromVote, PayTranche, ReviewGrant,
    SubmitEvidence,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, apply))
        .routes(routes!(grant))
        .routes(routes!(from_vote))
        .routes(routes!(review))
        .routes(routes!(decide))
        .routes(routes!(end))
        .routes(routes!(submit))
        .routes(routes!(check))
        .routes(routes!(pay))
}

/// A grant.
#[derive(Serialize, ToSchema)]
struct FundGrant {
    /// Its id.
    id: uuid::Uuid,
    /// The project.
    title: String,
    /// Who does it.
    who: String,
    /// From which money.
    #[schema(value_type = String)]
    purse: Purse,
    /// How much, in fen.
    amount: i64,
    /// `applied`, `refused`, `running`, `finished` or `cancelled`.
    stage: &'static str,
    /// Whether a participatory budget decided it.
    is_voted: bool,
}

impl FundGrant {
    fn of(grant: &Grant) -> Self {
        Self {
            id: grant.id.uuid(),
            title: grant.title.clone(),
            who: grant.who.clone(),
            purse: grant.purse,
            amount: grant.amount,
            stage: grant.stage(),
            is_voted: grant.vote.is_some(),
        }
    }
}

/// A tranche of a grant.
#[derive(Serialize, ToSchema)]
struct FundTranche {
    /// Its id.
    id: uuid::Uuid,
    /// What it pays.
    title: String,
    /// How much is held for it, in fen.
    amount: i64,
    /// What was paid.
    paid: Option<i64>,
    /// `held`, `submitted`, `met`, `not-met` or `paid`.
    stage: &'static str,
}

/// A grant with its plan and tranches.
#[derive(Serialize, ToSchema)]
struct FundGrantWhole {
    /// The grant.
    grant: FundGrant,
    /// What is done.
    plan: String,
    /// Its parts.
    tranches: Vec<FundTranche>,
    /// What was paid, in fen.
    paid: i64,
    /// What is held, in fen.
    held: i64,
}

fn whole(view: &GrantView) -> FundGrantWhole {
    let tranches = view.tranches.iter().map(|one| FundTranche {
        id: one.tranche.id.uuid(),
        title: one.tranche.title.clone(),
        amount: one.tranche.amount,
        paid: one.tranche.paid,
        stage: one.tranche.stage(),
    });
    FundGrantWhole {
        grant: FundGrant::of(&view.grant),
        plan: view.grant.plan.clone(),
        tranches: tranches.collect(),
        paid: view.paid(),
        held: view.held(),
    }
}

/// List every project that money was asked for.
#[utoipa::path(get, path = "/api/v1/communities/{community}/fund/grants", tag = "fund",
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 200, body = Vec<FundGrant>), (status = "default", body = ProblemDetails)))]
async fn list(member: Member) -> Result<Json<Vec<FundGrant>>, Failure> {
    let grants = member.read(queries::grants).await?;
    Ok(Json(grants.iter().map(FundGrant::of).collect()))
}

/// Read a grant.
#[utoipa::path(get, path = "/api/v1/communities/{community}/fund/grants/{grant}", tag = "fund",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("grant" = uuid::Uuid, Path, description = "The grant")),
    responses((status = 200, body = FundGrantWhole), (status = "default", body = ProblemDetails)))]
async fn grant(
    member: Member,
    Path((_, id)): Path<(CommunityId, GrantId)>,
) -> Result<Json<FundGrantWhole>, Failure> {
    let view = member
        .read(move |read, ctx| queries::grant(read, ctx, id))
        .await?;
    Ok(Json(whole(&view)))
}

/// A part of a grant.
#[derive(Deserialize, ToSchema)]
struct TrancheBody {
    /// What it pays, and what must be shown for it.
    title: String,
    /// How much, in fen.
    amount: i64,
}

/// What is applied for.
#[derive(Deserialize, ToSchema)]
struct ProjectBody {
    /// The project, in a line.
    title: String,
    /// What is done, for whom, until when.
    plan: String,
    /// Who does it, as everybody may read.
    who: String,
    /// `general`, `operation`, or a purpose's id.
    #[schema(value_type = String)]
    purse: Purse,
    /// The parts in which it is paid.
    tranches: Vec<TrancheBody>,
}

impl From<ProjectBody> for GrantTerms {
    fn from(body: ProjectBody) -> Self {
        let tranches = body.tranches.into_iter().map(|tranche| TrancheTerms {
            title: tranche.title,
            amount: tranche.amount,
        });
        Self {
            title: body.title,
            plan: body.plan,
            who: body.who,
            purse: body.purse,
            tranches: tranches.collect(),
        }
    }
}

/// Apply for a grant.
#[utoipa::path(post, path = "/api/v1/communities/{community}/fund/grants", tag = "fund",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = ProjectBody,
    responses((status = 201, body = FundMade), (status = "default", body = ProblemDetails)))]
async fn apply(
    member: Member,
    shell::Json(body): shell::Json<ProjectBody>,
) -> Result<(StatusCode, Json<FundMade>), Failure> {
    let terms = body.into();
    let id = member.execute(ApplyForGrant { terms }).await?.uuid();
    Ok((StatusCode::CREATED, Json(FundMade { id })))
}

/// A project that won a participatory budget.
#[derive(Deserialize, ToSchema)]
struct VotedBody {
    /// The round.
    #[schema(value_type = uuid::Uuid)]
    round: RoundId,
    /// The proposal that won.
    #[schema(value_type = uuid::Uuid)]
    proposal: ProposalId,
    /// Who does it, from which money, in which parts; they come to what the budget decided.
    grant: ProjectBody,
}

/// Make a grant of a proposal that won a participatory budget.
#[utoipa::path(post, path = "/api/v1/communities/{community}/fund/voted-grants", tag = "fund",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = VotedBody,
    responses((status = 201, body = FundMade), (status = "default", body = ProblemDetails)))]
async fn from_vote(
    member: Member,
    shell::Json(body): shell::Json<VotedBody>,
) -> Result<(StatusCode, Json<FundMade>), Failure> {
    let command = GrantFromVote {
        round: body.round,
        proposal: body.proposal,
        terms: body.grant.into(),
    };
    let id = member.execute(command).await?.uuid();
    Ok((StatusCode::CREATED, Json(FundMade { id })))
}

/// A reviewer's word.
#[derive(Deserialize, ToSchema)]
struct GrantReview {
    /// Whether the project is fit.
    is_fit: bool,
    /// Why.
    reason: String,
}

/// Say whether an application is fit, and why.
#[utoipa::path(post, path = "/api/v1/communities/{community}/fund/grants/{grant}/reviews", tag = "fund",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("grant" = uuid::Uuid, Path, description = "The application")),
    request_body = GrantReview,
    responses((status = 201, body = FundMade), (status = "default", body = ProblemDetails)))]
async fn review(
    member: Member,
    Path((_, grant)): Path<(CommunityId, GrantId)>,
    shell::Json(body): shell::Json<GrantReview>,
) -> Result<(StatusCode, Json<FundMade>), Failure> {
    let command = ReviewGrant {
        grant,
        is_fit: body.is_fit,
        reason: body.reason,
    };
    let id = member.execute(command).await?.uuid();
    Ok((StatusCode::CREATED, Json(FundMade { id })))
}

/// What the committee decides.
#[derive(Deserialize, ToSchema)]
struct GrantDecision {
    /// Whether it is approved.
    is_approved: bool,
    /// Why.
    reason: String,
}

/// Approve or refuse an application; what is approved is held.
#[utoipa::path(post, path = "/api/v1/communities/{community}/fund/grants/{grant}/decision", tag = "fund",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("grant" = uuid::Uuid, Path, description = "The application")),
    request_body = GrantDecision,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn decide(
    member: Member,
    Path((_, grant)): Path<(CommunityId, GrantId)>,
    shell::Json(body): shell::Json<GrantDecision>,
) -> Result<StatusCode, Failure> {
    let command = DecideGrant {
        grant,
        is_approved: body.is_approved,
        reason: body.reason,
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How a grant ends.
#[derive(Deserialize, ToSchema)]
struct GrantEnd {
    /// Whether the project was finished; cancelled otherwise.
    is_finished: bool,
    /// Why.
    reason: String,
}

/// What became free.
#[derive(Serialize, ToSchema)]
struct GrantFreed {
    /// In fen.
    freed: i64,
}

/// End a grant: what is still held for it is free again.
#[utoipa::path(post, path = "/api/v1/communities/{community}/fund/grants/{grant}/end", tag = "fund",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("grant" = uuid::Uuid, Path, description = "The grant")),
    request_body = GrantEnd,
    responses((status = 200, body = GrantFreed), (status = "default", body = ProblemDetails)))]
async fn end(
    member: Member,
    Path((_, grant)): Path<(CommunityId, GrantId)>,
    shell::Json(body): shell::Json<GrantEnd>,
) -> Result<Json<GrantFreed>, Failure> {
    let command = EndGrant {
        grant,
        is_finished: body.is_finished,
        reason: body.reason,
    };
    let freed = member.execute(command).await?;
    Ok(Json(GrantFreed { freed }))
}

/// What was done for a tranche, with the file that shows it.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "describes the form's parts; they are read one by one"
)]
struct EvidenceForm {
    /// What it shows.
    note: String,
    /// The file; everybody here may open it.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
}

/// Show what was done for a tranche.
#[utoipa::path(post, path = "/api/v1/communities/{community}/fund/tranches/{tranche}/evidence", tag = "fund",
    request_body(content = EvidenceForm, content_type = "multipart/form-data"),
    params(("community" = uuid::Uuid, Path, description = "The community"), ("tranche" = uuid::Uuid, Path, description = "The tranche")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn submit(
    member: Member,
    Path((_, tranche)): Path<(CommunityId, TrancheId)>,
    mut uploads: Uploads,
) -> Result<StatusCode, Failure> {
    let command = SubmitEvidence {
        tranche,
        note: uploads.text("note").to_owned(),
        evidence: evidence(&mut uploads),
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a check came to.
#[derive(Deserialize, ToSchema)]
struct EvidenceCheck {
    /// Whether it shows what was agreed.
    is_met: bool,
    /// Why.
    reason: String,
}

/// Check what was shown for a tranche.
#[utoipa::path(post, path = "/api/v1/communities/{community}/fund/tranches/{tranche}/check", tag = "fund",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("tranche" = uuid::Uuid, Path, description = "The tranche")),
    request_body = EvidenceCheck,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn check(
    member: Member,
    Path((_, tranche)): Path<(CommunityId, TrancheId)>,
    shell::Json(body): shell::Json<EvidenceCheck>,
) -> Result<StatusCode, Failure> {
    let command = CheckEvidence {
        tranche,
        is_met: body.is_met,
        reason: body.reason,
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How a tranche was paid.
#[derive(Deserialize, ToSchema)]
struct PaymentBody {
    /// How much, in fen; the whole of it if not said.
    amount: Option<i64>,
    /// The line of the bank statement.
    reference: String,
}

/// What was paid.
#[derive(Serialize, ToSchema)]
struct TranchePaid {
    /// In fen.
    paid: i64,
}

/// Pay a tranche whose evidence was found to meet what was agreed.
#[utoipa::path(post, path = "/api/v1/communities/{community}/fund/tranches/{tranche}/payment", tag = "fund",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("tranche" = uuid::Uuid, Path, description = "The tranche")),
    request_body = PaymentBody,
    responses((status = 200, body = TranchePaid), (status = "default", body = ProblemDetails)))]
async fn pay(
    member: Member,
    Path((_, tranche)): Path<(CommunityId, TrancheId)>,
    shell::Json(body): shell::Json<PaymentBody>,
) -> Result<Json<TranchePaid>, Failure> {
    let command = PayTranche {
        tranche,
        amount: body.amount,
        reference: body.reference,
    };
    let paid = member.execute(command).await?;
    Ok(Json(TranchePaid { paid }))
}
