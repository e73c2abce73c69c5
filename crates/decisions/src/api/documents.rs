//! What is attached to a resolution: documents for all, evidence for those who record votes.

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

use super::Made;
use crate::model::{AttachmentId, ResolutionId};
use crate::{AddAttachment, RemoveAttachment, queries};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, attach))
        .routes(routes!(download, detach))
}

/// An attachment.
#[derive(Serialize, ToSchema)]
struct AttachmentBody {
    /// Its id.
    id: uuid::Uuid,
    /// `document` for all to read, `evidence` for those who record votes.
    purpose: String,
    /// Its name.
    name: String,
    /// Its media type.
    media_type: String,
    /// Its SHA-256 in hexadecimal, as the journal has it.
    sha256: String,
    /// Its size in bytes.
    size: u64,
    /// When it was added, RFC 3339.
    added_at: String,
}

/// List a resolution's attachments.
#[utoipa::path(get, path = "/api/v1/communities/{community}/resolutions/{resolution}/attachments", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 200, body = Vec<AttachmentBody>), (status = "default", body = ProblemDetails)))]
async fn list(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Json<Vec<AttachmentBody>>, Failure> {
    let view = member
        .read(move |read, ctx| queries::view(read, ctx, id))
        .await?;
    let attachments = view
        .attachments
        .into_iter()
        .map(|attachment| AttachmentBody {
            id: attachment.id.uuid(),
            purpose: attachment.purpose,
            name: attachment.name,
            media_type: attachment.media_type,
            sha256: crate::hex(&attachment.sha256),
            size: attachment.size,
            added_at: attachment.added_at.rfc3339(),
        });
    Ok(Json(attachments.collect()))
}

/// A file to attach.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "describes the form's parts; they are read one by one"
)]
struct AttachForm {
    /// The file: PDF, Word, Excel, a picture, a recording or plain text; its first bytes must be of its media type.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
    /// `document`, which is the default, or `evidence`.
    purpose: Option<String>,
}

/// Attach a file to a resolution.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/attachments", tag = "decisions",
    request_body(content = AttachForm, content_type = "multipart/form-data"),
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 201, body = Made), (status = "default", body = ProblemDetails)))]
async fn attach(
    member: Member,
    Path((_, resolution)): Path<(CommunityId, ResolutionId)>,
    mut uploads: Uploads,
) -> Result<(StatusCode, Json<Made>), Failure> {
    let file = uploads
        .take_file("file")
        .ok_or_else(|| Failure::malformed("file"))?;
    let command = AddAttachment {
        resolution,
        evidence: uploads.text("purpose") == "evidence",
        name: file.name,
        media_type: file.media_type,
        content: file.content,
    };
    let id = member.execute(command).await?;
    Ok((StatusCode::CREATED, Json(Made { id: id.uuid() })))
}

/// Download an attachment.
#[utoipa::path(get, path = "/api/v1/communities/{community}/resolutions/{resolution}/attachments/{attachment}", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution"), ("attachment" = uuid::Uuid, Path, description = "The attachment")),
    responses((status = 200, content_type = "*/*", body = Vec<u8>), (status = "default", body = ProblemDetails)))]
async fn download(
    member: Member,
    Path((_, resolution, attachment)): Path<(CommunityId, ResolutionId, AttachmentId)>,
) -> Result<Response, Failure> {
    crate::pages::attachment_file(&member, resolution, attachment).await
}

/// Remove an attachment from a draft; what was published stays.
#[utoipa::path(delete, path = "/api/v1/communities/{community}/resolutions/{resolution}/attachments/{attachment}", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution"), ("attachment" = uuid::Uuid, Path, description = "The attachment")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn detach(
    member: Member,
    Path((_, resolution, attachment)): Path<(CommunityId, ResolutionId, AttachmentId)>,
) -> Result<StatusCode, Failure> {
    member
        .execute(RemoveAttachment {
            resolution,
            attachment,
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
