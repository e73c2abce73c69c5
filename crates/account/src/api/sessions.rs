//! Signing in and out, one's devices, proving again who one is, and for whom one acts.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::{Extension, Json};
use identity::commands::{EndSession, EndSessions};
use identity::{Assurance, CeremonyId, OwnSession, SessionId, queries};
use kernel::{Actor, CommunityId, OrganisationId};
use serde::{Deserialize, Serialize};
use shell::{App, Failure, ProblemDetails, Visitor};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{NewSession, with_wait};
use crate::door::{self, Door};
use crate::pages::{act_for, verified};
use shell::Client;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(sessions, sign_in))
        .routes(routes!(sign_in_with_passkey))
        .routes(routes!(end_others))
        .routes(routes!(end))
        .routes(routes!(sign_out))
        .routes(routes!(confirm))
        .routes(routes!(confirm_with_passkey))
        .routes(routes!(choose_organisation))
}

/// A device that has signed in.
#[derive(Serialize, ToSchema)]
struct SessionBody {
    /// Its id, for ending it.
    id: uuid::Uuid,
    /// Whether this request comes from it.
    current: bool,
    /// What the device called itself.
    device: String,
    /// `password` or `passkey`: what opened or last confirmed it.
    assurance: String,
    /// When it was opened, RFC 3339.
    opened: String,
    /// When it was used last, to five minutes, RFC 3339.
    last_seen: String,
}

impl SessionBody {
    fn of(session: &OwnSession, current: SessionId) -> Self {
        Self {
            id: session.session.uuid(),
            current: session.session == current,
            device: session.device.clone(),
            assurance: Assurance::name(session.assurance).to_owned(),
            opened: session.created_at.rfc3339(),
            last_seen: session.last_seen_at.rfc3339(),
        }
    }
}

/// List one's own sessions, the last used first.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "account",
    responses((status = 200, body = Vec<SessionBody>), (status = "default", body = ProblemDetails)))]
async fn sessions(visitor: Visitor) -> Result<Json<Vec<SessionBody>>, Failure> {
    let current = visitor.signed_in()?.signed_in.session;
    let ctx = visitor.context(CommunityId::CITY)?;
    let read = visitor.app.database();
    let own = read
        .read(move |read| queries::own_sessions(read, &ctx))
        .await?;
    let bodies = own.iter().map(|session| SessionBody::of(session, current));
    Ok(Json(bodies.collect()))
}

/// What a program signs in with.
#[derive(Deserialize, ToSchema)]
struct Credentials {
    /// Phone number or user name.
    login: String,
    /// The password.
    password: String,
}

/// Sign in. An `Idempotency-Key` is ignored here: every call that succeeds starts a session of its own, because a
/// token is never told twice.
#[utoipa::path(post, path = "/api/v1/sessions", tag = "account", security(()), request_body = Credentials,
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

/// What a passkey answered to a ceremony.
#[derive(Deserialize, ToSchema)]
struct PasskeyAnswer {
    /// The ceremony that `POST /api/v1/passkeys/sign-in` began.
    #[schema(value_type = uuid::Uuid)]
    ceremony: CeremonyId,
    /// The credential, as `PublicKeyCredential.toJSON()` gives it.
    #[schema(value_type = Object)]
    answer: serde_json::Value,
}

/// Sign in with a passkey: the second half of `POST /api/v1/passkeys/sign-in`.
#[utoipa::path(post, path = "/api/v1/sessions/passkey", tag = "account", security(()), request_body = PasskeyAnswer,
    responses((status = 201, body = NewSession), (status = "default", body = ProblemDetails)))]
async fn sign_in_with_passkey(
    visitor: Visitor,
    client: Client,
    Extension(door): Extension<Arc<Door>>,
    shell::Json(typed): shell::Json<PasskeyAnswer>,
) -> Result<(StatusCode, Json<NewSession>), Failure> {
    let answer = typed.answer.to_string();
    let verified = verified(&visitor, &door, typed.ceremony, answer).await?;
    let opened = door::open(&visitor, &client, verified).await?;
    Ok((StatusCode::CREATED, Json(NewSession::of(&opened))))
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

/// End one of one's own sessions: a lost or borrowed device.
#[utoipa::path(delete, path = "/api/v1/sessions/{session}", tag = "account",
    params(("session" = uuid::Uuid, Path, description = "The session")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn end(visitor: Visitor, Path(session): Path<SessionId>) -> Result<StatusCode, Failure> {
    let account = visitor.signed_in()?.signed_in.account;
    let ctx = door::context(&visitor, Actor::account(account))?;
    let journal = visitor.app.journal();
    journal.execute(ctx, EndSession { session }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How many sessions ended.
#[derive(Serialize, ToSchema)]
struct Ended {
    /// How many.
    ended: u64,
}

/// End all of one's own sessions but the one of this request.
#[utoipa::path(delete, path = "/api/v1/sessions/others", tag = "account",
    responses((status = 200, body = Ended), (status = "default", body = ProblemDetails)))]
async fn end_others(visitor: Visitor) -> Result<Json<Ended>, Failure> {
    let signed_in = &visitor.signed_in()?.signed_in;
    let ctx = door::context(&visitor, Actor::account(signed_in.account))?;
    let command = EndSessions {
        account: signed_in.account,
        keep: Some(signed_in.session),
    };
    let ended = visitor.app.journal().execute(ctx, command).await?;
    Ok(Json(Ended { ended }))
}

/// A person's password.
#[derive(Deserialize, ToSchema)]
struct PasswordBody {
    /// The password.
    password: String,
}

/// Prove again, by password, who one is. What asks for a fresh confirmation (`confirm_at` in a problem) goes for ten
/// minutes; the token changes.
#[utoipa::path(post, path = "/api/v1/sessions/current/confirmation", tag = "account", request_body = PasswordBody,
    responses((status = 200, body = NewSession), (status = "default", body = ProblemDetails)))]
async fn confirm(
    visitor: Visitor,
    client: Client,
    Extension(door): Extension<Arc<Door>>,
    shell::Json(typed): shell::Json<PasswordBody>,
) -> Result<Json<NewSession>, Failure> {
    let account = visitor.signed_in()?.signed_in.account;
    let verified = door
        .prove_again(&visitor, &client, account, typed.password)
        .await
        .map_err(with_wait)?;
    let opened = door::confirm(&visitor, verified).await.map_err(with_wait)?;
    Ok(Json(NewSession::of(&opened)))
}

/// Prove again, by a passkey, who one is: the second half of `POST /api/v1/passkeys/sign-in`. The token changes.
#[utoipa::path(post, path = "/api/v1/sessions/current/confirmation/passkey", tag = "account",
    request_body = PasskeyAnswer,
    responses((status = 200, body = NewSession), (status = "default", body = ProblemDetails)))]
async fn confirm_with_passkey(
    visitor: Visitor,
    Extension(door): Extension<Arc<Door>>,
    shell::Json(typed): shell::Json<PasskeyAnswer>,
) -> Result<Json<NewSession>, Failure> {
    visitor.signed_in()?;
    let answer = typed.answer.to_string();
    let verified = verified(&visitor, &door, typed.ceremony, answer).await?;
    let opened = door::confirm(&visitor, verified).await?;
    Ok(Json(NewSession::of(&opened)))
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
