//! The JSON twin of the pages: the same commands and queries.

use std::sync::Arc;

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::{Extension, Json};
use identity::commands::{EndSession, GrantRole, INVITATION_DAYS, WithdrawCode};
use identity::{
    Assurance, CodeId, CodePurpose, INVITE, Membership, OpenCode, Started, appointing, queries,
};
use kernel::{AccountId, Actor, CommunityId, Kind, OrganisationId, Role, Timestamp};
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails, Visitor};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::client::Client;
use crate::door::{self, Door, Opened, seconds_to_wait};
use crate::pages::{act_for, last_day, send_invitation};

/// Every API route of the module.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(sign_in))
        .routes(routes!(sign_out))
        .routes(routes!(choose_organisation))
        .routes(routes!(me))
        .routes(routes!(start_passkey_sign_in))
        .routes(routes!(start_passkey_registration))
        .routes(routes!(members, grant))
        .merge(crate::organisations::routes())
        .routes(routes!(invitations, invite))
        .routes(routes!(withdraw))
}

/// What a program signs in with.
#[derive(Deserialize, ToSchema)]
struct Credentials {
    /// Phone number or user name.
    login: String,
    /// The password.
    password: String,
}

/// A new session.
#[derive(Serialize, ToSchema)]
struct NewSession {
    /// Send it as `Authorization: Bearer TOKEN`. It is told once.
    token: String,
    /// When the session ends, used or not; RFC 3339.
    expires: String,
}

impl NewSession {
    fn of(opened: &Opened) -> Self {
        Self {
            token: opened.token.expose(),
            expires: opened.signed_in.ends_at.rfc3339(),
        }
    }
}

/// Sign in. An `Idempotency-Key` is ignored here: every call that succeeds starts a session of its own, because a
/// token is never told twice.
#[utoipa::path(post, path = "/api/v1/sessions", tag = "account", request_body = Credentials,
    responses((status = 201, body = NewSession), (status = "default", body = ProblemDetails)))]
async fn sign_in(
    visitor: Visitor,
    client: Client,
    Extension(door): Extension<Arc<Door>>,
    shell::Json(typed): shell::Json<Credentials>,
) -> Result<(StatusCode, Json<NewSession>), Failure> {
    let verified = door
        .prove(&visitor, &client, &typed.login, typed.password)
        .await
        .map_err(with_wait)?;
    let opened = door::open(&visitor, &client, verified)
        .await
        .map_err(with_wait)?;
    Ok((StatusCode::CREATED, Json(NewSession::of(&opened))))
}

/// The failure with a `Retry-After` where it says how long to wait.
fn with_wait(mut failure: Failure) -> Failure {
    failure.retry_seconds = seconds_to_wait(&failure);
    failure
}

/// End the session of this request.
#[utoipa::path(delete, path = "/api/v1/sessions/current", tag = "account",
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn sign_out(visitor: Visitor) -> Result<StatusCode, Failure> {
    let signed_in = &visitor.signed_in()?.signed_in;
    let ctx = door::context(&visitor, Actor::account(signed_in.account))?;
    visitor
        .app
        .journal()
        .execute(
            ctx,
            EndSession {
                session: signed_in.session,
            },
        )
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// For whom a session acts.
#[derive(Deserialize, ToSchema)]
struct ActingBody {
    /// The organisation; null for oneself.
    #[schema(value_type = Option<uuid::Uuid>)]
    organisation: Option<OrganisationId>,
}

/// Choose for whom this session acts from now on: an organisation in which the person holds a role, or themselves.
/// What is done then names the organisation in the record.
#[utoipa::path(put, path = "/api/v1/sessions/current/organisation", tag = "account", request_body = ActingBody,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn choose_organisation(
    visitor: Visitor,
    shell::Json(body): shell::Json<ActingBody>,
) -> Result<StatusCode, Failure> {
    act_for(&visitor, body.organisation).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who this request comes from.
#[derive(Serialize, ToSchema)]
struct Me {
    /// The account.
    account: uuid::Uuid,
    /// The person's name, unmasked.
    name: String,
    /// `zh-CN` or `en`.
    language: String,
    /// Whether they want large print and few choices.
    elder: bool,
    /// `password` or `passkey`: what opened or last confirmed the session.
    assurance: String,
    /// Staff roles are left out until a passkey confirms the session.
    passkey_needed: bool,
    /// When the session ends, used or not; RFC 3339.
    expires: String,
    /// The organisation that the session acts for, if one was chosen; it counts where the person holds a role for it.
    acting_for: Option<uuid::Uuid>,
    /// The organisations for which the person may act somewhere.
    organisations: Vec<NamedOrganisation>,
    /// The roles that count in this session.
    roles: Vec<RoleBody>,
}

/// An organisation by its name.
#[derive(Serialize, ToSchema)]
struct NamedOrganisation {
    /// Its id.
    id: uuid::Uuid,
    /// Its name.
    name: String,
}

/// A role somewhere.
#[derive(Serialize, ToSchema)]
struct RoleBody {
    /// The community; all zeros for the city.
    community: uuid::Uuid,
    /// `resident`, `owner`, `butler`, `committee_member`, `provider`, `city_staff` or `administrator`.
    role: String,
    /// The organisation it is held for, if not for oneself.
    organisation: Option<uuid::Uuid>,
    /// Since when, RFC 3339.
    since: String,
    /// The first instant at which it no longer holds, RFC 3339.
    until: Option<String>,
}

impl RoleBody {
    fn of(membership: &Membership) -> Self {
        Self {
            community: membership.community.uuid(),
            role: membership.role.name().to_owned(),
            organisation: membership.organisation.map(OrganisationId::uuid),
            since: membership.since.rfc3339(),
            until: membership.until.map(Timestamp::rfc3339),
        }
    }
}

/// Who this request comes from, with which roles.
#[utoipa::path(get, path = "/api/v1/me", tag = "account",
    responses((status = 200, body = Me), (status = "default", body = ProblemDetails)))]
async fn me(visitor: Visitor) -> Result<Json<Me>, Failure> {
    let signed_in = &visitor.signed_in()?.signed_in;
    Ok(Json(Me {
        account: signed_in.account.uuid(),
        name: signed_in.name.clone(),
        language: signed_in.language.name().to_owned(),
        elder: signed_in.elder,
        assurance: Assurance::name(signed_in.assurance).to_owned(),
        passkey_needed: signed_in.passkey_needed,
        expires: signed_in.ends_at.rfc3339(),
        acting_for: signed_in.organisation.map(OrganisationId::uuid),
        organisations: signed_in
            .may_choose(None, visitor.now)
            .into_iter()
            .map(|(id, name)| NamedOrganisation {
                id: id.uuid(),
                name: name.to_owned(),
            })
            .collect(),
        roles: signed_in.memberships.iter().map(RoleBody::of).collect(),
    }))
}

/// The first half of a passkey ceremony.
#[derive(Serialize, ToSchema)]
struct Ceremony {
    /// Goes back with the answer.
    ceremony: uuid::Uuid,
    /// For `navigator.credentials`: `{"publicKey": …}`, binary fields in base64url.
    #[schema(value_type = Object)]
    options: serde_json::Value,
}

impl Ceremony {
    fn of(started: &Started) -> Result<Json<Self>, Failure> {
        let options = serde_json::from_str(&started.options)
            .map_err(|error| Failure::internal("the options of a passkey", &error))?;
        Ok(Json(Self {
            ceremony: started.ceremony.uuid(),
            options,
        }))
    }
}

/// Begin signing in, or confirming, with a passkey. The browser's answer goes to the form on `/sign-in`.
#[utoipa::path(post, path = "/api/v1/passkeys/sign-in", tag = "account",
    responses((status = 200, body = Ceremony), (status = "default", body = ProblemDetails)))]
async fn start_passkey_sign_in(
    visitor: Visitor,
    client: Client,
    Extension(door): Extension<Arc<Door>>,
) -> Result<Json<Ceremony>, Failure> {
    door.may_start_passkey(&client).map_err(with_wait)?;
    let passkeys = door.passkeys(&visitor.app).ok_or_else(Failure::not_found)?;
    let ctx = visitor.context(CommunityId::CITY)?;
    let write = visitor.app.database().write(CommunityId::CITY, move |tx| {
        passkeys.start_sign_in(tx, &ctx)
    });
    Ceremony::of(&write.await?)
}

/// Begin adding a passkey; the session must be freshly confirmed. The browser's answer goes to the form on
/// `/me/passkeys/new`.
#[utoipa::path(post, path = "/api/v1/passkeys/registration", tag = "account",
    responses((status = 200, body = Ceremony), (status = "default", body = ProblemDetails)))]
async fn start_passkey_registration(
    visitor: Visitor,
    client: Client,
    Extension(door): Extension<Arc<Door>>,
) -> Result<Json<Ceremony>, Failure> {
    door.may_start_passkey(&client).map_err(with_wait)?;
    let session = visitor.signed_in()?.signed_in.session;
    let passkeys = door.passkeys(&visitor.app).ok_or_else(Failure::not_found)?;
    let ctx = visitor.context(CommunityId::CITY)?;
    let write = visitor.app.database().write(CommunityId::CITY, move |tx| {
        passkeys.start_registration(tx, &ctx, session)
    });
    Ceremony::of(&write.await?)
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
pub(crate) struct MemberBody {
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
    pub(crate) fn of(member: &identity::Member) -> Self {
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
    /// `resident`, `owner`, `butler`, `committee_member`, `provider` or `city_staff`.
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

fn known_role(name: &str) -> Result<Role, Failure> {
    Role::from_name(name).ok_or_else(|| {
        Failure::new(
            Kind::Invalid,
            "account-error-role",
            "there is no role of this name",
        )
    })
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
