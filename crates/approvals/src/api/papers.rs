//! Papers that applicants hand in.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::CommunityId;
use serde::Serialize;
use shell::{App, Failure, Member, ProblemDetails, Uploads};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::model::{CaseId, PaperId};
use crate::{AddPaper, RemovePaper};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(hand_in))
        .routes(routes!(download, remove))
}

/// A paper to hand in.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "describes the form's parts; they are read one by one"
)]
struct PaperForm {
    /// The file: PDF, Word, Excel, a picture or plain text; its first bytes must be of its media type.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
    /// Which paper of the process it is; empty for any other.
    paper: Option<String>,
}

/// The id of a paper.
#[derive(Serialize, ToSchema)]
struct PaperMade {
    /// The new id.
    id: uuid::Uuid,
}

/// Hand a paper in, once for every stage that asks for it.
#[utoipa::path(post, path = "/api/v1/communities/{community}/approvals/{case}/papers", tag = "approvals",
    request_body(content = PaperForm, content_type = "multipart/form-data"),
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID"), ("case" = uuid::Uuid, Path, description = "The file")),
    responses((status = 201, body = PaperMade), (status = "default", body = ProblemDetails)))]
async fn hand_in(
    member: Member,
    Path((_, case)): Path<(CommunityId, CaseId)>,
    mut uploads: Uploads,
) -> Result<(StatusCode, Json<PaperMade>), Failure> {
    let file = uploads
        .take_file("file")
        .ok_or_else(|| Failure::malformed("file"))?;
    let command = AddPaper {
        case,
        paper: uploads.text("paper").to_owned(),
        name: file.name,
        media_type: file.media_type,
        content: file.content,
    };
    let id = member.execute(command).await?;
    Ok((StatusCode::CREATED, Json(PaperMade { id: id.uuid() })))
}

/// Download a paper.
#[utoipa::path(get, path = "/api/v1/communities/{community}/approvals/{case}/papers/{paper}", tag = "approvals",
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID"), ("case" = uuid::Uuid, Path, description = "The file"),
        ("paper" = uuid::Uuid, Path, description = "The paper")),
    responses((status = 200, content_type = "*/*", body = Vec<u8>), (status = "default", body = ProblemDetails)))]
async fn download(
    member: Member,
    Path((_, case, paper)): Path<(CommunityId, CaseId, PaperId)>,
) -> Result<Response, Failure> {
    crate::pages::paper_file(&member, case, paper).await
}

/// Remove a paper from a draft; what was submitted stays.
#[utoipa::path(delete, path = "/api/v1/communities/{community}/approvals/{case}/papers/{paper}", tag = "approvals",
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID"), ("case" = uuid::Uuid, Path, description = "The draft"),
        ("paper" = uuid::Uuid, Path, description = "The paper")),
    responses((status = 204, description = "Removed"), (status = "default", body = ProblemDetails)))]
async fn remove(
    member: Member,
    Path((_, case, paper)): Path<(CommunityId, CaseId, PaperId)>,
) -> Result<StatusCode, Failure> {
    member.execute(RemovePaper { case, paper }).await?;
    Ok(StatusCode::NO_CONTENT)
}
