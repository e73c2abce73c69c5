//! Codes on paper that wait to be used: inviting, listing, taking back.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use identity::commands::{INVITATION_DAYS, WithdrawCode};
use identity::{CodeId, CodePurpose, INVITE, OpenCode, queries};
use kernel::CommunityId;
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::known_role;
use crate::pages::send_invitation;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(invitations, invite))
        .routes(routes!(withdraw))
}

/// A code that waits to be used.
#[derive(Serialize, ToSchema)]
struct InvitationBody {
    /// The code's id, for withdrawing it.
    id: uuid::Uuid,
    /// `invitation` or `reset`.
    purpose: String,
    /// The invited person's name, masked.
    name: Option<String>,
    /// The role that the invitation gives.
    role: Option<String>,
    /// When it was issued, RFC 3339.
    issued: String,
    /// The first instant at which it no longer works, RFC 3339.
    expires: String,
}

impl InvitationBody {
    fn of(code: &OpenCode) -> Self {
        let (purpose, name, role) = match &code.purpose {
            CodePurpose::Invitation { name, role } => (
                "invitation",
                Some(identity::mask::name(name)),
                Some(role.name().to_owned()),
            ),
            CodePurpose::Reset { .. } => ("reset", None, None),
        };
        Self {
            id: code.id.uuid(),
            purpose: purpose.to_owned(),
            name,
            role,
            issued: code.issued_at.rfc3339(),
            expires: code.expires_at.rfc3339(),
        }
    }
}

/// List the codes that wait to be used, newest first, at most 1,000.
#[utoipa::path(get, path = "/api/v1/communities/{community}/invitations", tag = "account",
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 200, body = Vec<InvitationBody>), (status = "default", body = ProblemDetails)))]
async fn invitations(member: Member) -> Result<Json<Vec<InvitationBody>>, Failure> {
    let open = member.read(queries::open_codes).await?;
    Ok(Json(open.iter().map(InvitationBody::of).collect()))
}

/// Whom to invite.
#[derive(Deserialize, ToSchema)]
struct InviteBody {
    /// The person's name.
    name: String,
    /// `resident` or `owner`.
    role: String,
}

/// A new invitation.
#[derive(Serialize, ToSchema)]
struct NewInvitation {
    /// Its id, for withdrawing it.
    id: uuid::Uuid,
    /// The code to hand over. It is told once, or again to whoever repeats the request with its `Idempotency-Key`.
    code: String,
    /// The first instant at which it no longer works, RFC 3339.
    expires: String,
}

/// Invite a resident or owner with a one-time code.
#[utoipa::path(post, path = "/api/v1/communities/{community}/invitations", tag = "account", request_body = InviteBody,
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 201, body = NewInvitation), (status = "default", body = ProblemDetails)))]
async fn invite(
    member: Member,
    shell::Json(body): shell::Json<InviteBody>,
) -> Result<(StatusCode, Json<NewInvitation>), Failure> {
    member.context()?.require(INVITE)?;
    let (id, code) = send_invitation(&member, &body.name, known_role(&body.role)?, "").await?;
    let expires = member.visitor.now.plus_days(INVITATION_DAYS).rfc3339();
    Ok((
        StatusCode::CREATED,
        Json(NewInvitation {
            id: id.uuid(),
            code: code.expose(),
            expires,
        }),
    ))
}

/// Take back a code that was not used.
#[utoipa::path(delete, path = "/api/v1/communities/{community}/invitations/{code}", tag = "account",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("code" = uuid::Uuid, Path, description = "The code's id")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn withdraw(
    member: Member,
    Path(path): Path<(CommunityId, CodeId)>,
) -> Result<StatusCode, Failure> {
    let (_, code) = path;
    member.execute(WithdrawCode { code }).await?;
    Ok(StatusCode::NO_CONTENT)
}
