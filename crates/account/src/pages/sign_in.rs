//! Signing in and out.

use std::sync::Arc;

use axum::Extension;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use identity::CeremonyId;
use identity::commands::EndSession;
use kernel::Actor;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Session, Visitor, flash_to, signed_out_cookie};
use web_ui::{Heading, Icon, Input, Tone, button, field, form, hidden, link_button, local_path};

use super::answer::{errors, query_value, see_other, shown_again, with_cookie};
use super::passkeys::{Purpose, passkey_form};
use crate::door::{self, Door};
use shell::Client;

#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// `GET /sign-in`.
pub(super) async fn page(
    visitor: Visitor,
    Extension(door): Extension<Arc<Door>>,
    Query(typed): Query<Typed>,
) -> Result<Response, Failure> {
    if visitor.session.is_some() {
        return Ok(see_other(&after(&typed.next)));
    }
    Ok(form_page(&visitor, &door, &typed.login, &typed.next, None).into_response())
}

/// `POST /sign-in`: login and password.
pub(super) async fn sign_in(
    visitor: Visitor,
    client: Client,
    Extension(door): Extension<Arc<Door>>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let Typed {
        login,
        password,
        next,
    } = typed;
    match enter(&visitor, &client, &door, &login, password).await {
        Ok(cookie) => Ok(with_cookie(see_other(&after(&next)), cookie)),
        Err(failure) => shown_again(failure, |failure| {
            form_page(&visitor, &door, &login, &next, Some(failure))
        }),
    }
}

/// Proves the person and starts a session; answers its cookie.
pub(super) async fn enter(
    visitor: &Visitor,
    client: &Client,
    door: &Arc<Door>,
    login: &str,
    password: String,
) -> Result<axum::http::HeaderValue, Failure> {
    let verified = door.prove(visitor, client, login, password).await?;
    let opened = door::open(visitor, client, verified).await?;
    door::cookie(visitor, &opened)
}

/// What a browser's passkey answered, filled in by the page's script.
#[derive(Deserialize)]
pub(super) struct Answered {
    pub(super) ceremony: CeremonyId,
    pub(super) answer: String,
    #[serde(default)]
    pub(super) next: String,
}

/// `POST /sign-in/passkey`.
pub(super) async fn with_passkey(
    visitor: Visitor,
    client: Client,
    Extension(door): Extension<Arc<Door>>,
    Form(answered): Form<Answered>,
) -> Result<Response, Failure> {
    let Answered {
        ceremony,
        answer,
        next,
    } = answered;
    let entered = async {
        let verified = super::passkeys::verified(&visitor, &door, ceremony, answer).await?;
        let opened = door::open(&visitor, &client, verified).await?;
        door::cookie(&visitor, &opened)
    };
    match entered.await {
        Ok(cookie) => Ok(with_cookie(see_other(&after(&next)), cookie)),
        Err(failure) => shown_again(failure, |failure| {
            form_page(&visitor, &door, "", &next, Some(failure))
        }),
    }
}

/// `POST /sign-out`: the session ends on the server, then in the browser.
pub(super) async fn sign_out(visitor: Visitor) -> Result<Response, Failure> {
    if let Some(Session { signed_in, .. }) = &visitor.session {
        let ctx = door::context(&visitor, Actor::account(signed_in.account))?;
        let command = EndSession {
            session: signed_in.session,
        };
        match visitor.app.journal().execute(ctx, command).await {
            // Ended a moment ago, from another device or by a second press of the button.
            Ok(()) | Err(identity::Error::NoSuchSession) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let response = flash_to("/", FlashKey(Tone::Success, "account-flash-signed-out"))?;
    Ok(with_cookie(response, signed_out_cookie(&visitor.app)?))
}

/// Where to go after signing in: never to another site, and not back to the door.
fn after(next: &str) -> String {
    let local = local_path(next);
    let door = local.starts_with("/sign-in") || local.starts_with("/sign-out");
    if door {
        "/".to_owned()
    } else {
        local.to_owned()
    }
}

fn form_page(
    visitor: &Visitor,
    door: &Door,
    login: &str,
    next: &str,
    failure: Option<&Failure>,
) -> Markup {
    let ui = visitor.ui();
    let errors = errors(&ui, failure);
    let heading = Heading::new(ui.t("account-sign-in")).lead(ui.t("account-sign-in-lead"));
    let join = format!("/join?next={}", query_value(next));
    ui.page(heading, html! {
        (form(&ui, "/sign-in", html! {
            (hidden("next", next))
            (field(&ui, "login", ui.t("account-login")).value(login).hint(ui.t("account-login-hint"))
                .autocomplete("username webauthn").max_length(64).error(errors.of("login")).required())
            (field(&ui, "password", ui.t("account-password")).input(Input::Password)
                .autocomplete("current-password").error(errors.of("password")).required())
        })
        .errors(&ui, &errors)
        .button(button(ui.t("account-sign-in")).icon(Icon::Person)))
        @if door.passkeys(&visitor.app).is_some() {
            (passkey_form(&ui, Purpose::SignIn, next, ""))
        }
        div.actions {
            (link_button(join, ui.t("account-have-invitation")).quiet())
            (link_button("/reset", ui.t("account-forgot")).quiet())
        }
    })
}
