//! One's passkeys, and the first halves of their ceremonies.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::{Extension, Json};
use identity::commands::{RemovePasskey, RenamePasskey};
use identity::queries::OwnPasskey;
use identity::{CeremonyId, PasskeyId, Started, queries};
use kernel::{Actor, CommunityId, Timestamp};
use serde::{Deserialize, Serialize};
use shell::{App, Failure, ProblemDetails, Visitor};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::with_wait;
use crate::door::{self, Door};
use crate::pages::add_passkey;
use shell::Client;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(start_passkey_sign_in))
        .routes(routes!(start_passkey_registration))
        .routes(routes!(passkeys, add))
        .routes(routes!(rename, remove))
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

/// Begin signing in, or confirming, with a passkey. Send its answer to
/// `POST /api/v1/sessions/passkey`, or to `POST /api/v1/sessions/current/confirmation/passkey`.
#[utoipa::path(post, path = "/api/v1/passkeys/sign-in", tag = "account", security(()),
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

/// Begin adding a passkey; the session must be freshly confirmed. Send its answer to
/// `POST /api/v1/me/passkeys`.
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

/// A passkey of one's own.
#[derive(Serialize, ToSchema)]
struct PasskeyBody {
    /// Its id, for renaming and removing it.
    id: uuid::Uuid,
    /// What its owner calls it.
    label: String,
    /// When it was added, RFC 3339.
    added: String,
    /// When it was last used, RFC 3339.
    last_used: Option<String>,
}

impl PasskeyBody {
    fn of(passkey: &OwnPasskey) -> Self {
        Self {
            id: passkey.passkey.uuid(),
            label: passkey.label.clone(),
            added: passkey.added_at.rfc3339(),
            last_used: passkey.last_used_at.map(Timestamp::rfc3339),
        }
    }
}

/// List one's own passkeys, oldest first.
#[utoipa::path(get, path = "/api/v1/me/passkeys", tag = "account",
    responses((status = 200, body = Vec<PasskeyBody>), (status = "default", body = ProblemDetails)))]
async fn passkeys(visitor: Visitor) -> Result<Json<Vec<PasskeyBody>>, Failure> {
    visitor.signed_in()?;
    let ctx = visitor.context(CommunityId::CITY)?;
    let database = visitor.app.database();
    let own = database
        .read(move |read| queries::own_passkeys(read, &ctx))
        .await?;
    Ok(Json(own.iter().map(PasskeyBody::of).collect()))
}

/// A new passkey's answer.
#[derive(Deserialize, ToSchema)]
struct NewPasskeyBody {
    /// The ceremony that `POST /api/v1/passkeys/registration` began.
    #[schema(value_type = uuid::Uuid)]
    ceremony: CeremonyId,
    /// The credential, as `PublicKeyCredential.toJSON()` gives it.
    #[schema(value_type = Object)]
    answer: serde_json::Value,
    /// What to call it, such as "my phone".
    label: String,
}

/// What was added.
#[derive(Serialize, ToSchema)]
struct PasskeyAdded {
    /// The passkey's id.
    id: uuid::Uuid,
}

/// Add a passkey: the second half of `POST /api/v1/passkeys/registration`. The session must be freshly confirmed, by a
/// passkey if there is one already.
#[utoipa::path(post, path = "/api/v1/me/passkeys", tag = "account", request_body = NewPasskeyBody,
    responses((status = 201, body = PasskeyAdded), (status = "default", body = ProblemDetails)))]
async fn add(
    visitor: Visitor,
    Extension(door): Extension<Arc<Door>>,
    shell::Json(body): shell::Json<NewPasskeyBody>,
) -> Result<(StatusCode, Json<PasskeyAdded>), Failure> {
    let answer = body.answer.to_string();
    let id = add_passkey(&visitor, &door, body.ceremony, answer, body.label).await?;
    Ok((StatusCode::CREATED, Json(PasskeyAdded { id: id.uuid() })))
}

/// A passkey's label.
#[derive(Deserialize, ToSchema)]
struct LabelBody {
    /// What to call it.
    label: String,
}

/// Give one of one's passkeys another label.
#[utoipa::path(put, path = "/api/v1/me/passkeys/{passkey}", tag = "account", request_body = LabelBody,
    params(("passkey" = uuid::Uuid, Path, description = "The passkey")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn rename(
    visitor: Visitor,
    Path(passkey): Path<PasskeyId>,
    shell::Json(LabelBody { label }): shell::Json<LabelBody>,
) -> Result<StatusCode, Failure> {
    let account = visitor.signed_in()?.signed_in.account;
    let ctx = door::context(&visitor, Actor::account(account))?;
    let journal = visitor.app.journal();
    journal
        .execute(ctx, RenamePasskey { passkey, label })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remove one of one's passkeys; the session must be freshly confirmed.
#[utoipa::path(delete, path = "/api/v1/me/passkeys/{passkey}", tag = "account",
    params(("passkey" = uuid::Uuid, Path, description = "The passkey")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn remove(visitor: Visitor, Path(passkey): Path<PasskeyId>) -> Result<StatusCode, Failure> {
    let signed_in = &visitor.signed_in()?.signed_in;
    let ctx = door::context(&visitor, Actor::account(signed_in.account))?;
    let command = RemovePasskey {
        session: signed_in.session,
        passkey,
    };
    visitor.app.journal().execute(ctx, command).await?;
    Ok(StatusCode::NO_CONTENT)
}
