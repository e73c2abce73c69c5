//! Who belongs to a community, in which roles; giving and ending roles, helping back in.

use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use identity::commands::{EndRole, GrantRole, RESET_DAYS};
use identity::{RESET, VIEW_MEMBERS, appointing, queries};
use kernel::{AccountId, CommunityId, OrganisationId, Role, Timestamp};
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::known_role;
use super::me::RoleBody;
use crate::pages::{last_day, send_reset};

/// The routes.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(members, grant))
        .routes(routes!(member))
        .routes(routes!(end))
        .routes(routes!(issue_reset))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct After {
    /// The account of the last member of the page before.
    #[param(value_type = Option<uuid::Uuid>)]
    after: Option<AccountId>,
    /// The role of the last member of the page before.
    role: Option<String>,
}

/// A role that someone holds in the community.
#[derive(Serialize, ToSchema)]
pub(super) struct MemberBody {
    /// The account.
    account: uuid::Uuid,
    /// The person's name, masked.
    name: String,
    /// The role.
    role: String,
    /// The organisation it is held for, if not for oneself.
    organisation: Option<uuid::Uuid>,
    /// Since when, RFC 3339.
    since: String,
    /// The first instant at which it no longer holds, RFC 3339.
    until: Option<String>,
}

impl MemberBody {
    pub(super) fn of(member: &identity::Member) -> Self {
        Self {
            account: member.account.uuid(),
            name: member.name.clone(),
            role: member.role.name().to_owned(),
            organisation: member.organisation.map(OrganisationId::uuid),
            since: member.since.rfc3339(),
            until: member.until.map(Timestamp::rfc3339),
        }
    }
}

/// List who holds which role in the community, names masked, 100 at a time.
#[utoipa::path(get, path = "/api/v1/communities/{community}/members", tag = "account",
    params(("community" = uuid::Uuid, Path, description = "The community"), After),
    responses((status = 200, body = Vec<MemberBody>), (status = "default", body = ProblemDetails)))]
async fn members(
    member: Member,
    Query(After { after, role }): Query<After>,
) -> Result<Json<Vec<MemberBody>>, Failure> {
    let after = after.zip(role.as_deref().and_then(Role::from_name));
    let members = member
        .read(move |read, ctx| queries::members(read, ctx, after))
        .await?;
    Ok(Json(members.iter().map(MemberBody::of).collect()))
}

/// A role to give.
#[derive(Deserialize, ToSchema)]
struct GrantBody {
    /// To whom.
    #[schema(value_type = uuid::Uuid)]
    account: AccountId,
    /// `resident`, `owner`, `butler`, `committee_member`, `provider`, `applicant`, `city_staff` or `supervisor`.
    role: String,
    /// For which organisation, if not for themselves.
    #[schema(value_type = Option<uuid::Uuid>)]
    organisation: Option<OrganisationId>,
    /// The last day, such as `2026-12-31`, if it is to end by itself.
    last_day: Option<String>,
    /// Why: the election, the contract, the request.
    reason: String,
}

/// Give an account a role in the community.
#[utoipa::path(post, path = "/api/v1/communities/{community}/members", tag = "account", request_body = GrantBody,
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn grant(
    member: Member,
    shell::Json(body): shell::Json<GrantBody>,
) -> Result<StatusCode, Failure> {
    let role = known_role(&body.role)?;
    member.context()?.require(appointing(role))?;
    let command = GrantRole {
        account: body.account,
        role,
        organisation: body.organisation,
        until: last_day(body.last_day.as_deref().unwrap_or_default())?,
        reason: body.reason,
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An account as the community's desk may know it.
#[derive(Serialize, ToSchema)]
struct AccountBody {
    /// The account.
    account: uuid::Uuid,
    /// The person's name, masked unless it is one's own.
    name: String,
    /// What they sign in with, masked likewise.
    logins: Vec<String>,
    /// Since when there is this account, RFC 3339.
    since: String,
    /// The roles that they hold here.
    roles: Vec<RoleBody>,
}

/// See one member, with all their roles in the community.
#[utoipa::path(get, path = "/api/v1/communities/{community}/members/{account}", tag = "account",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("account" = uuid::Uuid, Path, description = "The member's account")),
    responses((status = 200, body = AccountBody), (status = "default", body = ProblemDetails)))]
async fn member(
    member: Member,
    Path((_, account)): Path<(CommunityId, AccountId)>,
) -> Result<Json<AccountBody>, Failure> {
    let known = member.read(move |read, ctx| {
        ctx.require(VIEW_MEMBERS)?;
        let view = queries::account(read, ctx, account)?;
        let mut roles = queries::roles_of(read, ctx, account)?;
        roles.retain(|role| role.community == ctx.community);
        Ok::<_, identity::Error>(AccountBody {
            account: account.uuid(),
            name: view.name,
            logins: view.logins,
            since: view.created_at.rfc3339(),
            roles: roles.iter().map(RoleBody::of).collect(),
        })
    });
    Ok(Json(known.await?))
}

/// A role to end.
#[derive(Deserialize, ToSchema)]
struct EndBody {
    /// The role.
    role: String,
    /// For which organisation it is held, if not for themselves.
    #[schema(value_type = Option<uuid::Uuid>)]
    organisation: Option<OrganisationId>,
    /// Why.
    reason: String,
}

/// End a role that a member holds in the community.
#[utoipa::path(post, path = "/api/v1/communities/{community}/members/{account}/roles/end", tag = "account",
    request_body = EndBody,
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("account" = uuid::Uuid, Path, description = "The member's account")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn end(
    member: Member,
    Path((_, account)): Path<(CommunityId, AccountId)>,
    shell::Json(body): shell::Json<EndBody>,
) -> Result<StatusCode, Failure> {
    let role = known_role(&body.role)?;
    member.context()?.require(appointing(role))?;
    let command = EndRole {
        account,
        role,
        organisation: body.organisation,
        reason: body.reason,
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A code with which a member sets a new password.
#[derive(Serialize, ToSchema)]
struct ResetCode {
    /// Its id, for withdrawing it.
    id: uuid::Uuid,
    /// The code to hand over. It is told once, or again to whoever repeats the request with its `Idempotency-Key`.
    code: String,
    /// The first instant at which it no longer works, RFC 3339.
    expires: String,
}

/// Issue a code with which a member sets a new password.
#[utoipa::path(post, path = "/api/v1/communities/{community}/members/{account}/reset-codes", tag = "account",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("account" = uuid::Uuid, Path, description = "The member's account")),
    responses((status = 201, body = ResetCode), (status = "default", body = ProblemDetails)))]
async fn issue_reset(
    member: Member,
    Path((_, account)): Path<(CommunityId, AccountId)>,
) -> Result<(StatusCode, Json<ResetCode>), Failure> {
    member.context()?.require(RESET)?;
    let (id, code) = send_reset(&member, account, "").await?;
    let expires = member.visitor.now.plus_days(RESET_DAYS).rfc3339();
    Ok((
        StatusCode::CREATED,
        Json(ResetCode {
            id: id.uuid(),
            code: code.expose(),
            expires,
        }),
    ))
}
