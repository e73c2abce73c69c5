//! What an applicant does: list, draft, change, submit, answer, withdraw.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use kernel::CommunityId;
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Entered, TaskBody};
use crate::model::{CaseId, Form};
use crate::queries;
use crate::{
    AnswerCorrection, ChangeDraft, DraftApplication, SubmitApplication, SubmitStages,
    WithdrawApplication,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(own, draft))
        .routes(routes!(change))
        .routes(routes!(submit))
        .routes(routes!(submit_stages))
        .routes(routes!(answer))
        .routes(routes!(withdraw))
}

/// A file in a list.
#[derive(Serialize, ToSchema)]
struct CaseLine {
    /// Its id.
    id: uuid::Uuid,
    /// Its number; none for a draft.
    number: Option<String>,
    /// The project.
    title: String,
    /// The process.
    process: String,
    /// The version that it keeps.
    version: Option<String>,
    /// Whether nothing can follow.
    closed: bool,
    /// What there is to do.
    tasks: Vec<TaskBody>,
}

/// List one's own applications, newest first.
#[utoipa::path(get, path = "/api/v1/communities/{community}/approvals", tag = "approvals",
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID")),
    responses((status = 200, body = Vec<CaseLine>), (status = "default", body = ProblemDetails)))]
async fn own(member: Member) -> Result<Json<Vec<CaseLine>>, Failure> {
    let lines = member.read(queries::own_applications).await?;
    let body = |line: &queries::OwnLine| CaseLine {
        id: line.row.id.uuid(),
        number: line.row.number.clone(),
        title: line.row.title.clone(),
        process: line.row.process.clone(),
        version: line.row.version.clone(),
        closed: line.row.closed,
        tasks: line.tasks.iter().map(TaskBody::of).collect(),
    };
    Ok(Json(lines.iter().map(body).collect()))
}

/// What an applicant fills in.
#[derive(Deserialize, ToSchema)]
struct ApplicationBody {
    /// The process, such as `zhejiang.construction_approval`.
    process: String,
    /// The project's name.
    title: String,
    /// The project's code.
    #[serde(default)]
    code: String,
    /// Where it lies.
    #[serde(default)]
    place: String,
    /// Who applies.
    #[serde(default)]
    applicant: String,
    /// Whom to call.
    #[serde(default)]
    contact: String,
    /// Under which number.
    #[serde(default)]
    phone: String,
    /// What else there is to say.
    #[serde(default)]
    note: String,
    /// The stages that are asked for together.
    #[serde(default)]
    stages: Vec<String>,
}

impl ApplicationBody {
    fn form(self) -> (String, Form) {
        let form = Form {
            title: self.title,
            code: self.code,
            place: self.place,
            applicant: self.applicant,
            contact: self.contact,
            phone: self.phone,
            note: self.note,
            stages: self.stages,
        };
        (self.process, form)
    }
}

/// The id of what was made.
#[derive(Serialize, ToSchema)]
struct CaseMade {
    /// The new id.
    id: uuid::Uuid,
}

/// Draft an application.
#[utoipa::path(post, path = "/api/v1/communities/{community}/approvals", tag = "approvals", request_body = ApplicationBody,
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID")),
    responses((status = 201, body = CaseMade), (status = "default", body = ProblemDetails)))]
async fn draft(
    member: Member,
    shell::Json(body): shell::Json<ApplicationBody>,
) -> Result<(StatusCode, Json<CaseMade>), Failure> {
    let (process, form) = body.form();
    let id = member.execute(DraftApplication { process, form }).await?;
    Ok((StatusCode::CREATED, Json(CaseMade { id: id.uuid() })))
}

/// Change a draft; what is not sent is empty from then on.
#[utoipa::path(put, path = "/api/v1/communities/{community}/approvals/{case}", tag = "approvals", request_body = ApplicationBody,
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID"), ("case" = uuid::Uuid, Path, description = "The draft")),
    responses((status = 204, description = "Changed"), (status = "default", body = ProblemDetails)))]
async fn change(
    member: Member,
    Path((_, case)): Path<(CommunityId, CaseId)>,
    shell::Json(body): shell::Json<ApplicationBody>,
) -> Result<StatusCode, Failure> {
    let (process, form) = body.form();
    let command = ChangeDraft {
        case,
        process,
        form,
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a submission came to.
#[derive(Serialize, ToSchema)]
struct SubmittedBody {
    /// The file's number.
    number: String,
    /// The entry's position in the journal.
    position: u64,
}

/// Submit a draft with every stage that was chosen.
#[utoipa::path(post, path = "/api/v1/communities/{community}/approvals/{case}/submission", tag = "approvals",
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID"), ("case" = uuid::Uuid, Path, description = "The draft")),
    responses((status = 200, body = SubmittedBody), (status = "default", body = ProblemDetails)))]
async fn submit(
    member: Member,
    Path((_, case)): Path<(CommunityId, CaseId)>,
) -> Result<Json<SubmittedBody>, Failure> {
    let done = member.execute(SubmitApplication { case }).await?;
    Ok(Json(SubmittedBody {
        number: done.number,
        position: done.position,
    }))
}

/// Stages that have come to be open.
#[derive(Deserialize, ToSchema)]
struct StagesBody {
    /// The last event read.
    seen: u32,
    /// The stages.
    stages: Vec<String>,
}

/// Submit stages that have come to be open.
#[utoipa::path(post, path = "/api/v1/communities/{community}/approvals/{case}/stages", tag = "approvals", request_body = StagesBody,
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID"), ("case" = uuid::Uuid, Path, description = "The file")),
    responses((status = 200, body = Entered), (status = "default", body = ProblemDetails)))]
async fn submit_stages(
    member: Member,
    Path((_, case)): Path<(CommunityId, CaseId)>,
    shell::Json(StagesBody { seen, stages }): shell::Json<StagesBody>,
) -> Result<Json<Entered>, Failure> {
    let command = SubmitStages { case, seen, stages };
    let position = member.execute(command).await?;
    Ok(Json(Entered { position }))
}

/// The answer to a notice.
#[derive(Deserialize, ToSchema)]
struct AnswerBody {
    /// The last event read.
    seen: u32,
    /// The stage.
    stage: String,
    /// What is written with it.
    #[serde(default)]
    note: String,
}

/// Say that what a notice asked for was handed in.
#[utoipa::path(post, path = "/api/v1/communities/{community}/approvals/{case}/correction", tag = "approvals", request_body = AnswerBody,
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID"), ("case" = uuid::Uuid, Path, description = "The file")),
    responses((status = 200, body = Entered), (status = "default", body = ProblemDetails)))]
async fn answer(
    member: Member,
    Path((_, case)): Path<(CommunityId, CaseId)>,
    shell::Json(AnswerBody { seen, stage, note }): shell::Json<AnswerBody>,
) -> Result<Json<Entered>, Failure> {
    let command = AnswerCorrection {
        case,
        seen,
        stage,
        note,
    };
    let position = member.execute(command).await?;
    Ok(Json(Entered { position }))
}

/// Why it is withdrawn.
#[derive(Deserialize, ToSchema)]
struct ReasonBody {
    /// The last event read.
    seen: u32,
    /// Why.
    reason: String,
}

/// Withdraw an application.
#[utoipa::path(post, path = "/api/v1/communities/{community}/approvals/{case}/withdrawal", tag = "approvals", request_body = ReasonBody,
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID"), ("case" = uuid::Uuid, Path, description = "The file")),
    responses((status = 200, body = Entered), (status = "default", body = ProblemDetails)))]
async fn withdraw(
    member: Member,
    Path((_, case)): Path<(CommunityId, CaseId)>,
    shell::Json(ReasonBody { seen, reason }): shell::Json<ReasonBody>,
) -> Result<Json<Entered>, Failure> {
    let command = WithdrawApplication { case, seen, reason };
    let position = member.execute(command).await?;
    Ok(Json(Entered { position }))
}
