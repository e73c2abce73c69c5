//! Proving again who one is, before an act that someone at an unlocked screen must not be able to do.

use std::sync::Arc;

use axum::Extension;
use axum::extract::Query;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, Form, Visitor};
use web_ui::{Heading, Icon, Input, button, field, form, hidden, link_button, local_path};

use super::answer::{errors, query_value, see_other, shown_again, with_cookie};
use super::passkeys::{Purpose, passkey_form, verified};
use super::sign_in::Answered;
use crate::door::{self, Door};
use shell::Client;

/// Leads to the confirmation and from there to `next`, unless the person proved recently who they are.
pub(super) fn confirm_first(visitor: &Visitor, next: &str) -> Result<Option<Response>, Failure> {
    if visitor
        .signed_in()?
        .signed_in
        .recently_authenticated(visitor.now)
    {
        return Ok(None);
    }
    Ok(Some(see_other(&format!(
        "/me/confirm?next={}",
        query_value(next)
    ))))
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    next: String,
    /// `passkey` where a password is not enough.
    #[serde(default)]
    with: String,
}

/// `GET /me/confirm`.
pub(super) async fn page(
    visitor: Visitor,
    Extension(door): Extension<Arc<Door>>,
    Query(Asked { next, with }): Query<Asked>,
) -> Result<Markup, Failure> {
    visitor.signed_in()?;
    Ok(confirm_page(
        &visitor,
        &door,
        &next,
        with == "passkey",
        None,
    ))
}

#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// `POST /me/confirm`: by password.
pub(super) async fn with_password(
    visitor: Visitor,
    client: Client,
    Extension(door): Extension<Arc<Door>>,
    Form(Typed { password, next }): Form<Typed>,
) -> Result<Response, Failure> {
    let account = visitor.signed_in()?.signed_in.account;
    let confirmed = async {
        let verified = door
            .prove_again(&visitor, &client, account, password)
            .await?;
        door::confirm(&visitor, verified).await
    };
    match confirmed.await {
        Ok(opened) => Ok(with_cookie(
            see_other(&next),
            door::cookie(&visitor, &opened)?,
        )),
        Err(failure) => shown_again(failure, |failure| {
            confirm_page(&visitor, &door, &next, false, Some(failure))
        }),
    }
}

/// `POST /me/confirm/passkey`.
pub(super) async fn with_passkey(
    visitor: Visitor,
    Extension(door): Extension<Arc<Door>>,
    Form(answered): Form<Answered>,
) -> Result<Response, Failure> {
    visitor.signed_in()?;
    let Answered {
        ceremony,
        answer,
        next,
    } = answered;
    let confirmed = async {
        let verified = verified(&visitor, &door, ceremony, answer).await?;
        door::confirm(&visitor, verified).await
    };
    match confirmed.await {
        Ok(opened) => Ok(with_cookie(
            see_other(&next),
            door::cookie(&visitor, &opened)?,
        )),
        Err(failure) => shown_again(failure, |failure| {
            confirm_page(&visitor, &door, &next, false, Some(failure))
        }),
    }
}

fn confirm_page(
    visitor: &Visitor,
    door: &Door,
    next: &str,
    only_passkey: bool,
    failure: Option<&Failure>,
) -> Markup {
    let ui = visitor.ui();
    let errors = errors(&ui, failure);
    let lead = if only_passkey {
        "account-confirm-by-passkey"
    } else {
        "account-confirm-lead"
    };
    let heading = Heading::new(ui.t("account-confirm"))
        .crumb("/me", ui.t("account-me"))
        .lead(ui.t(lead));
    ui.page(
        heading,
        html! {
            @if !only_passkey {
                (form(&ui, "/me/confirm", html! {
                    (hidden("next", local_path(next)))
                    (field(&ui, "password", ui.t("account-password")).input(Input::Password)
                        .autocomplete("current-password").error(errors.of("password")).required())
                })
                .errors(&ui, &errors)
                .button(button(ui.t("account-confirm-do")).icon(Icon::Check))
                .button(link_button("/me", ui.t("account-back")).secondary()))
            }
            @if door.passkeys(&visitor.app).is_some() {
                (passkey_form(&ui, Purpose::Confirm, local_path(next), ""))
            }
        },
    )
}
