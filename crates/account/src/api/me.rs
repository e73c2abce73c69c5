//! One's own account: who one is, name and language, password, logins, and one more community.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::{Extension, Json};
use identity::commands::UpdateProfile;
use identity::{Assurance, Login, Membership};
use kernel::{Actor, Kind, OrganisationId, Timestamp};
use serde::{Deserialize, Serialize};
use shell::{App, Failure, ProblemDetails, Visitor};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{NewSession, with_wait};
use crate::door::{self, Door};
use crate::pages::{LoginChange, change_login, change_password, join_with, own_logins};
use shell::Client;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(me, update))
        .routes(routes!(set_password))
        .routes(routes!(logins, add_login))
        .routes(routes!(remove_login))
        .routes(routes!(join))
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
pub(super) struct RoleBody {
    /// The community; all zeros for the city.
    community: uuid::Uuid,
    /// `resident`, `owner`, `butler`, `committee_member`, `provider`, `applicant`, `city_staff`, `supervisor` or `administrator`.
    role: String,
    /// The organisation it is held for, if not for oneself.
    organisation: Option<uuid::Uuid>,
    /// Since when, RFC 3339.
    since: String,
    /// The first instant at which it no longer holds, RFC 3339.
    until: Option<String>,
}

impl RoleBody {
    pub(super) fn of(membership: &Membership) -> Self {
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

/// What a person says of themselves.
#[derive(Deserialize, ToSchema)]
struct ProfileBody {
    /// Their name, 1 to 64 characters.
    name: String,
    /// `zh-CN` or `en`.
    language: String,
    /// Whether they want large print and few choices.
    elder: bool,
}

/// Set one's own name, language and print.
#[utoipa::path(put, path = "/api/v1/me", tag = "account", request_body = ProfileBody,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn update(
    visitor: Visitor,
    shell::Json(body): shell::Json<ProfileBody>,
) -> Result<StatusCode, Failure> {
    let account = visitor.signed_in()?.signed_in.account;
    let command = UpdateProfile {
        name: body.name,
        language: known_language(&body.language)?,
        elder: body.elder,
    };
    let ctx = door::context(&visitor, Actor::account(account))?;
    visitor.app.journal().execute(ctx, command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The language with this tag.
pub(super) fn known_language(tag: &str) -> Result<identity::Language, Failure> {
    identity::Language::from_name(tag).ok_or_else(|| {
        let code = "account-error-language";
        Failure::new(Kind::Invalid, code, "there are no pages in this language")
            .with("field", "language")
    })
}

/// A password to set.
#[derive(Deserialize, ToSchema)]
struct NewPassword {
    /// The new password.
    password: String,
}

/// Change one's password; the session must be freshly confirmed. Every other session ends, this one's token changes.
#[utoipa::path(put, path = "/api/v1/me/password", tag = "account", request_body = NewPassword,
    responses((status = 200, body = NewSession), (status = "default", body = ProblemDetails)))]
async fn set_password(
    visitor: Visitor,
    Extension(door): Extension<Arc<Door>>,
    shell::Json(body): shell::Json<NewPassword>,
) -> Result<Json<NewSession>, Failure> {
    let opened = change_password(&visitor, &door, body.password).await?;
    Ok(Json(NewSession::of(&opened)))
}

/// What a person signs in with.
#[derive(Serialize, Deserialize, ToSchema)]
struct LoginBody {
    /// A phone number, or a user name of 3 to 32 letters, digits, dots and dashes.
    login: String,
}

/// List one's own logins, unmasked.
#[utoipa::path(get, path = "/api/v1/me/logins", tag = "account",
    responses((status = 200, body = Vec<LoginBody>), (status = "default", body = ProblemDetails)))]
async fn logins(visitor: Visitor) -> Result<Json<Vec<LoginBody>>, Failure> {
    let own = own_logins(&visitor).await?;
    Ok(Json(
        own.into_iter().map(|login| LoginBody { login }).collect(),
    ))
}

/// Add a login; the session must be freshly confirmed.
#[utoipa::path(post, path = "/api/v1/me/logins", tag = "account", request_body = LoginBody,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn add_login(
    visitor: Visitor,
    shell::Json(body): shell::Json<LoginBody>,
) -> Result<StatusCode, Failure> {
    let login = Login::parse(&body.login)?;
    change_login(&visitor, login, LoginChange::Add).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remove a login; the session must be freshly confirmed, and one login stays. A login is personal, so it stands in
/// the body and not in the path.
#[utoipa::path(post, path = "/api/v1/me/logins/removal", tag = "account", request_body = LoginBody,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn remove_login(
    visitor: Visitor,
    shell::Json(body): shell::Json<LoginBody>,
) -> Result<StatusCode, Failure> {
    let login = Login::parse(&body.login)?;
    change_login(&visitor, login, LoginChange::Remove).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A code from paper.
#[derive(Deserialize, ToSchema)]
struct JoinBody {
    /// The code.
    code: String,
}

/// Where a code led.
#[derive(Serialize, ToSchema)]
struct Joined {
    /// The community.
    community: uuid::Uuid,
}

/// Join one more community with an invitation's code.
#[utoipa::path(post, path = "/api/v1/me/communities", tag = "account", request_body = JoinBody,
    responses((status = 201, body = Joined), (status = "default", body = ProblemDetails)))]
async fn join(
    visitor: Visitor,
    client: Client,
    Extension(door): Extension<Arc<Door>>,
    shell::Json(body): shell::Json<JoinBody>,
) -> Result<(StatusCode, Json<Joined>), Failure> {
    let redeemed = join_with(&visitor, &client, &door, &body.code)
        .await
        .map_err(with_wait)?;
    let community = redeemed.community.uuid();
    Ok((StatusCode::CREATED, Json(Joined { community })))
}
