//! Meetings: several matters with one notice, one electorate and one ballot.

use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use ballot::resolution::Choice;
use kernel::{CommunityId, Timestamp, Window};
use people::model::UnitId;
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Made, matter, meeting};
use crate::model::{AssemblyId, Call, Channel, Draft, ResolutionId};
use crate::store::Assembly;
use crate::{
    CallAssembly, CastVote, ChangeAssembly, Error, PublishAssembly, PutOnAgenda, RecordVote,
    TakeOffAgenda, queries,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, call))
        .routes(routes!(one, change))
        .routes(routes!(put))
        .routes(routes!(take_off))
        .routes(routes!(publish))
        .routes(routes!(cast))
        .routes(routes!(record))
        .routes(routes!(notice_file))
}

/// A meeting in a list.
#[derive(Serialize, ToSchema)]
struct AssemblyLine {
    /// Its id.
    id: uuid::Uuid,
    /// What it is.
    title: String,
    /// `regular` or `extraordinary`.
    meeting: String,
    /// When votes are taken from, RFC 3339.
    opens: String,
    /// When votes close, RFC 3339, as called.
    closes: String,
}

impl From<Assembly> for AssemblyLine {
    fn from(assembly: Assembly) -> Self {
        Self {
            id: assembly.id.uuid(),
            title: assembly.call.title,
            meeting: assembly.call.meeting.name().to_owned(),
            opens: assembly.call.window.opens.rfc3339(),
            closes: assembly.call.window.closes.rfc3339(),
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct BeforeAssembly {
    /// Only meetings called before this one.
    #[param(value_type = Option<uuid::Uuid>)]
    before: Option<AssemblyId>,
}

/// List meetings of the owners, newest first, 30 at a time.
#[utoipa::path(get, path = "/api/v1/communities/{community}/assemblies", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), BeforeAssembly),
    responses((status = 200, body = Vec<AssemblyLine>), (status = "default", body = ProblemDetails)))]
async fn list(
    member: Member,
    Query(BeforeAssembly { before }): Query<BeforeAssembly>,
) -> Result<Json<Vec<AssemblyLine>>, Failure> {
    let all = member
        .read(move |read, ctx| queries::assemblies(read, ctx, before))
        .await?;
    Ok(Json(all.into_iter().map(AssemblyLine::from).collect()))
}

/// What whoever calls a meeting writes.
#[derive(Deserialize, ToSchema)]
struct CallBody {
    /// What it is, at most 100 characters.
    title: String,
    /// `regular` or `extraordinary`.
    meeting: String,
    /// When votes are taken from: microseconds since 1970 UTC.
    opens_us: i64,
    /// When votes close: microseconds since 1970 UTC.
    closes_us: i64,
}

impl CallBody {
    fn call(self) -> Result<Call, Failure> {
        Ok(Call {
            title: self.title,
            meeting: meeting(&self.meeting)?,
            window: Window {
                opens: Timestamp::from_micros(self.opens_us),
                closes: Timestamp::from_micros(self.closes_us),
            },
        })
    }
}

/// Call a meeting; its agenda is filled next.
#[utoipa::path(post, path = "/api/v1/communities/{community}/assemblies", tag = "decisions", request_body = CallBody,
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 201, body = Made), (status = "default", body = ProblemDetails)))]
async fn call(
    member: Member,
    shell::Json(body): shell::Json<CallBody>,
) -> Result<(StatusCode, Json<Made>), Failure> {
    let call = body.call()?;
    let id = member.execute(CallAssembly { call }).await?;
    Ok((StatusCode::CREATED, Json(Made { id: id.uuid() })))
}

/// A meeting with its agenda.
#[derive(Serialize, ToSchema)]
struct AssemblyOne {
    /// The meeting.
    assembly: AssemblyLine,
    /// Its matters, in order.
    matters: Vec<AgendaMatter>,
}

/// A matter on an agenda.
#[derive(Serialize, ToSchema)]
struct AgendaMatter {
    /// Its id.
    resolution: uuid::Uuid,
    /// The question.
    title: String,
    /// Where it stands.
    stage: String,
    /// Whether it passed, once counted.
    passed: Option<bool>,
}

/// Read a meeting with its agenda.
#[utoipa::path(get, path = "/api/v1/communities/{community}/assemblies/{assembly}", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("assembly" = uuid::Uuid, Path, description = "The meeting")),
    responses((status = 200, body = AssemblyOne), (status = "default", body = ProblemDetails)))]
async fn one(
    member: Member,
    Path((_, id)): Path<(CommunityId, AssemblyId)>,
) -> Result<Json<AssemblyOne>, Failure> {
    let view = member
        .read(move |read, ctx| queries::assembly(read, ctx, id))
        .await?;
    let matters = view.matters.into_iter().map(|matter| AgendaMatter {
        resolution: matter.resolution.id.uuid(),
        title: matter.resolution.draft.title,
        stage: matter.stage.name().to_owned(),
        passed: matter.resolution.count.map(|count| count.passed),
    });
    Ok(Json(AssemblyOne {
        matters: matters.collect(),
        assembly: view.assembly.into(),
    }))
}

/// Change a meeting before its publication; kind and window of its matters follow.
#[utoipa::path(put, path = "/api/v1/communities/{community}/assemblies/{assembly}", tag = "decisions", request_body = CallBody,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("assembly" = uuid::Uuid, Path, description = "The meeting")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn change(
    member: Member,
    Path((_, assembly)): Path<(CommunityId, AssemblyId)>,
    shell::Json(body): shell::Json<CallBody>,
) -> Result<StatusCode, Failure> {
    let call = body.call()?;
    member.execute(ChangeAssembly { assembly, call }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A matter for an agenda.
#[derive(Deserialize, ToSchema)]
struct AgendaMatterBody {
    /// The question, at most 100 characters.
    title: String,
    /// The text put to the vote.
    body: String,
    /// One of the nine matters of Civil Code Art. 278, such as `use_repair_fund`.
    matter: String,
}

/// Draft a matter on a meeting's agenda.
#[utoipa::path(post, path = "/api/v1/communities/{community}/assemblies/{assembly}/matters", tag = "decisions", request_body = AgendaMatterBody,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("assembly" = uuid::Uuid, Path, description = "The meeting")),
    responses((status = 201, body = Made), (status = "default", body = ProblemDetails)))]
async fn put(
    member: Member,
    Path((_, assembly)): Path<(CommunityId, AssemblyId)>,
    shell::Json(body): shell::Json<AgendaMatterBody>,
) -> Result<(StatusCode, Json<Made>), Failure> {
    let call = member
        .read(move |read, ctx| queries::assembly(read, ctx, assembly))
        .await?
        .assembly
        .call;
    let draft = Draft {
        title: body.title,
        body: body.body,
        matter: matter(&body.matter)?,
        meeting: call.meeting,
        window: call.window,
    };
    let id = member.execute(PutOnAgenda { assembly, draft }).await?;
    Ok((StatusCode::CREATED, Json(Made { id: id.uuid() })))
}

/// Take a matter off the agenda before its publication; it stays a draft of its own.
#[utoipa::path(delete, path = "/api/v1/communities/{community}/assemblies/{assembly}/matters/{resolution}", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("assembly" = uuid::Uuid, Path, description = "The meeting"), ("resolution" = uuid::Uuid, Path, description = "The matter")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn take_off(
    member: Member,
    Path((_, _, resolution)): Path<(CommunityId, AssemblyId, ResolutionId)>,
) -> Result<StatusCode, Failure> {
    member.execute(TakeOffAgenda { resolution }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The numbers of published matters.
#[derive(Serialize, ToSchema)]
struct AgendaPublished {
    /// Such as `2026-3`, in the order of the agenda.
    numbers: Vec<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AgendaMeant {
    /// Whether a window that is unusually short, long or far off is meant; without it such a one is refused.
    #[serde(default)]
    confirmed: bool,
}

/// Publish every matter of a meeting together; the electorate freezes once for all.
#[utoipa::path(post, path = "/api/v1/communities/{community}/assemblies/{assembly}/publication", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("assembly" = uuid::Uuid, Path, description = "The meeting"), AgendaMeant),
    responses((status = 201, body = AgendaPublished), (status = "default", body = ProblemDetails)))]
async fn publish(
    member: Member,
    Path((_, assembly)): Path<(CommunityId, AssemblyId)>,
    Query(AgendaMeant { confirmed }): Query<AgendaMeant>,
) -> Result<(StatusCode, Json<AgendaPublished>), Failure> {
    let command = PublishAssembly {
        assembly,
        is_confirmed: confirmed,
    };
    let numbers = member.execute(command).await?;
    Ok((StatusCode::CREATED, Json(AgendaPublished { numbers })))
}

/// A choice for one matter of a ballot.
#[derive(Deserialize, ToSchema)]
struct BallotChoice {
    /// The matter.
    #[schema(value_type = uuid::Uuid)]
    resolution: ResolutionId,
    /// `for`, `against`, `abstain` or, where the rules allow it, `follow`.
    #[schema(value_type = String)]
    choice: Choice,
}

/// A ballot; matters that are left out are not voted on.
#[derive(Deserialize, ToSchema)]
struct BallotSheet {
    /// The unit voted for.
    #[schema(value_type = uuid::Uuid)]
    unit: UnitId,
    /// The choices.
    choices: Vec<BallotChoice>,
}

/// What became of one matter of a ballot.
#[derive(Serialize, ToSchema)]
struct BallotMatter {
    /// The matter.
    resolution: uuid::Uuid,
    /// The receipt's code, if the vote was taken.
    code: Option<String>,
    /// Why it was refused, if it was: an error's code.
    refused: Option<String>,
}

/// Vote on several matters of a meeting at once: each has its own entry and receipt, and what is refused is told.
#[utoipa::path(post, path = "/api/v1/communities/{community}/assemblies/{assembly}/ballots", tag = "decisions", request_body = BallotSheet,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("assembly" = uuid::Uuid, Path, description = "The meeting")),
    responses((status = 201, body = Vec<BallotMatter>), (status = "default", body = ProblemDetails)))]
async fn cast(
    member: Member,
    Path((_, assembly)): Path<(CommunityId, AssemblyId)>,
    shell::Json(sheet): shell::Json<BallotSheet>,
) -> Result<(StatusCode, Json<Vec<BallotMatter>>), Failure> {
    check(&member, assembly, &sheet.choices).await?;
    let mut told = Vec::new();
    for BallotChoice { resolution, choice } in sheet.choices {
        let vote = CastVote {
            resolution,
            unit: sheet.unit,
            choice,
        };
        let (code, refused) = match member.execute_together(vote).await {
            Ok(cast) => (Some(cast.code), None),
            Err(failure) => (None, Some(failure.code.to_owned())),
        };
        told.push(BallotMatter {
            resolution: resolution.uuid(),
            code,
            refused,
        });
    }
    Ok((StatusCode::CREATED, Json(told)))
}

/// Every choice must be for a matter of the meeting, and there must be one.
async fn check(
    member: &Member,
    assembly: AssemblyId,
    choices: &[BallotChoice],
) -> Result<(), Failure> {
    let view = member
        .read(move |read, ctx| queries::assembly(read, ctx, assembly))
        .await?;
    if choices.is_empty() {
        return Err(Error::BlankBallot.into());
    }
    let known = |id: ResolutionId| view.matters.iter().any(|matter| matter.resolution.id == id);
    if choices.iter().all(|choice| known(choice.resolution)) {
        Ok(())
    } else {
        Err(Error::NoSuchResolution.into())
    }
}

/// A paper ballot with several matters.
#[derive(Deserialize, ToSchema)]
struct PaperBallotSheet {
    /// The unit voted for.
    #[schema(value_type = uuid::Uuid)]
    unit: UnitId,
    /// The choices; what is blank on paper is left out.
    choices: Vec<BallotChoice>,
    /// `paper`, `door` or `phone`.
    #[schema(value_type = String)]
    channel: Channel,
    /// When it was received: microseconds since 1970 UTC.
    received_us: i64,
    /// Who took it, and where it lies.
    evidence: String,
}

/// Record a paper ballot with several matters, each with its own entry and receipt; the first refusal ends it.
#[utoipa::path(post, path = "/api/v1/communities/{community}/assemblies/{assembly}/recorded-ballots", tag = "decisions", request_body = PaperBallotSheet,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("assembly" = uuid::Uuid, Path, description = "The meeting")),
    responses((status = 201, body = Vec<BallotMatter>), (status = "default", body = ProblemDetails)))]
async fn record(
    member: Member,
    Path((_, assembly)): Path<(CommunityId, AssemblyId)>,
    shell::Json(sheet): shell::Json<PaperBallotSheet>,
) -> Result<(StatusCode, Json<Vec<BallotMatter>>), Failure> {
    check(&member, assembly, &sheet.choices).await?;
    let mut told = Vec::new();
    for BallotChoice { resolution, choice } in sheet.choices {
        let vote = RecordVote {
            resolution,
            unit: sheet.unit,
            choice,
            channel: sheet.channel,
            received_at: Timestamp::from_micros(sheet.received_us),
            evidence: sheet.evidence.clone(),
        };
        told.push(BallotMatter {
            resolution: resolution.uuid(),
            code: Some(member.execute(vote).await?.code),
            refused: None,
        });
    }
    Ok((StatusCode::CREATED, Json(told)))
}

/// The one notice of all matters as a PDF, with a code that leads to the ballot.
#[utoipa::path(get, path = "/api/v1/communities/{community}/assemblies/{assembly}/notice/file", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("assembly" = uuid::Uuid, Path, description = "The meeting")),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = "default", body = ProblemDetails)))]
async fn notice_file(
    member: Member,
    Path((_, id)): Path<(CommunityId, AssemblyId)>,
) -> Result<Response, Failure> {
    crate::pages::agenda_pdf(&member, id).await
}
