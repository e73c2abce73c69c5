//! What the bearer of a code on paper does with it: look at it, open an account, set a new password.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::{Extension, Json};
use identity::{CodePurpose, OneTimeCode, queries};
use serde::{Deserialize, Serialize};
use shell::{App, Failure, ProblemDetails, Visitor};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::me::known_language;
use super::with_wait;
use crate::door::Door;
use crate::pages::{NewAccount, open_account, reset_password};
use shell::Client;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(check))
        .routes(routes!(new_account))
        .routes(routes!(reset))
}

/// A code from paper.
#[derive(Deserialize, ToSchema)]
struct CodeBody {
    /// The code; spaces and dashes don't matter.
    code: String,
}

/// What a code does.
#[derive(Serialize, ToSchema)]
struct CodeMeaning {
    /// `invitation` or `reset`.
    purpose: String,
    /// The community that issued it.
    community: uuid::Uuid,
    /// The invited person's name, as the desk wrote it.
    name: Option<String>,
    /// The role that the invitation gives.
    role: Option<String>,
    /// The first instant at which it no longer works, RFC 3339.
    expires: String,
}

/// See what a code does, before it is used. Whoever holds the code may; one address can't try many.
#[utoipa::path(post, path = "/api/v1/codes/check", tag = "account", security(()), request_body = CodeBody,
    responses((status = 200, body = CodeMeaning), (status = "default", body = ProblemDetails)))]
async fn check(
    visitor: Visitor,
    client: Client,
    Extension(door): Extension<Arc<Door>>,
    shell::Json(body): shell::Json<CodeBody>,
) -> Result<Json<CodeMeaning>, Failure> {
    door.may_try_code(&client).map_err(with_wait)?;
    let code = OneTimeCode::parse(&body.code)?;
    let (vault, now) = (visitor.app.vault().clone(), visitor.now);
    let database = visitor.app.database();
    let found = database
        .read(move |read| queries::look_up_code(read, &vault, now, &code))
        .await?;
    let (purpose, name, role) = match found.purpose {
        CodePurpose::Invitation { name, role } => {
            ("invitation", Some(name), Some(role.name().to_owned()))
        }
        CodePurpose::Reset { .. } => ("reset", None, None),
    };
    Ok(Json(CodeMeaning {
        purpose: purpose.to_owned(),
        community: found.community.uuid(),
        name,
        role,
        expires: found.expires_at.rfc3339(),
    }))
}

/// An account to open.
#[derive(Deserialize, ToSchema)]
struct NewAccountBody {
    /// The invitation's code.
    code: String,
    /// The phone number or user name to sign in with.
    login: String,
    /// The password.
    password: String,
    /// `zh-CN` or `en`.
    language: String,
    /// Whether they want large print and few choices.
    elder: bool,
}

/// An account that was opened.
#[derive(Serialize, ToSchema)]
struct OpenedAccount {
    /// The account. Sign in with `POST /api/v1/sessions`.
    account: uuid::Uuid,
    /// The community that the invitation came from.
    community: uuid::Uuid,
}

/// Open an account with an invitation's code.
#[utoipa::path(post, path = "/api/v1/accounts", tag = "account", security(()), request_body = NewAccountBody,
    responses((status = 201, body = OpenedAccount), (status = "default", body = ProblemDetails)))]
async fn new_account(
    visitor: Visitor,
    client: Client,
    Extension(door): Extension<Arc<Door>>,
    shell::Json(body): shell::Json<NewAccountBody>,
) -> Result<(StatusCode, Json<OpenedAccount>), Failure> {
    let new = NewAccount {
        code: &body.code,
        login: &body.login,
        password: &body.password,
        language: known_language(&body.language)?,
        elder: body.elder,
    };
    let redeemed = open_account(&visitor, &client, &door, new)
        .await
        .map_err(with_wait)?;
    Ok((
        StatusCode::CREATED,
        Json(OpenedAccount {
            account: redeemed.account.uuid(),
            community: redeemed.community.uuid(),
        }),
    ))
}

/// A password to set with a code.
#[derive(Deserialize, ToSchema)]
struct ResetBody {
    /// The code from the community's desk.
    code: String,
    /// The new password.
    password: String,
}

/// Set a new password with a code from the community's desk; every session of the account ends.
#[utoipa::path(post, path = "/api/v1/password-resets", tag = "account", security(()), request_body = ResetBody,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn reset(
    visitor: Visitor,
    client: Client,
    Extension(door): Extension<Arc<Door>>,
    shell::Json(body): shell::Json<ResetBody>,
) -> Result<StatusCode, Failure> {
    reset_password(&visitor, &client, &door, &body.code, body.password)
        .await
        .map_err(with_wait)?;
    Ok(StatusCode::NO_CONTENT)
}
