//! Changing one's password.

use std::sync::Arc;

use axum::Extension;
use axum::response::{IntoResponse, Response};
use identity::commands::ChangePassword;
use identity::{SHORTEST_PASSWORD, SessionToken, queries};
use kernel::Actor;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Visitor, flash_to};
use web_ui::{FormErrors, Heading, Icon, Input, Tone, Ui, button, field, form, link_button};

use super::answer::{check_repeated, errors, shown_again, with_cookie};
use super::confirm::confirm_first;
use crate::door::{self, Door, Opened};

/// `GET /me/password`.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Failure> {
    if let Some(elsewhere) = confirm_first(&visitor, "/me/password")? {
        return Ok(elsewhere);
    }
    Ok(form_page(&visitor, None).into_response())
}

#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    password: String,
    #[serde(default)]
    repeated: String,
}

/// `POST /me/password`: other devices are signed out, this one gets a new token.
pub(super) async fn change(
    visitor: Visitor,
    Extension(door): Extension<Arc<Door>>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    if let Some(elsewhere) = confirm_first(&visitor, "/me/password")? {
        return Ok(elsewhere);
    }
    match set(&visitor, &door, typed).await {
        Ok(opened) => {
            let response = flash_to(
                "/me",
                FlashKey(Tone::Success, "account-flash-password-changed"),
            )?;
            Ok(with_cookie(response, door::cookie(&visitor, &opened)?))
        }
        Err(failure) => shown_again(failure, |failure| form_page(&visitor, Some(failure))),
    }
}

async fn set(visitor: &Visitor, door: &Arc<Door>, typed: Typed) -> Result<Opened, Failure> {
    check_repeated(&typed.password, &typed.repeated)?;
    change_password(visitor, door, typed.password).await
}

/// Sets the password of whoever is signed in; answers this session's new token.
pub(crate) async fn change_password(
    visitor: &Visitor,
    door: &Arc<Door>,
    password: String,
) -> Result<Opened, Failure> {
    let signed_in = Arc::clone(&visitor.signed_in()?.signed_in);
    let (vault, account) = (visitor.app.vault().clone(), signed_in.account);
    let read = visitor
        .app
        .database()
        .read(move |read| queries::personal_words(read, &vault, account));
    let password = door.hash(password, read.await?).await?;
    let token = SessionToken::generate()?;
    let command = ChangePassword {
        session: signed_in.session,
        password,
        token: token.hash(),
    };
    let ctx = door::context(visitor, Actor::account(account))?;
    visitor.app.journal().execute(ctx, command).await?;
    Ok(Opened { token, signed_in })
}

fn form_page(visitor: &Visitor, failure: Option<&Failure>) -> Markup {
    let ui = visitor.ui();
    let errors = errors(&ui, failure);
    let heading = Heading::new(ui.t("account-password-change"))
        .crumb("/me", ui.t("account-me"))
        .lead(ui.t("account-password-change-lead"));
    ui.page(
        heading,
        html! {
            (form(&ui, "/me/password", new_password_fields(&ui, &errors))
                .errors(&ui, &errors)
                .button(button(ui.t("account-password-set")).icon(Icon::Check))
                .button(link_button("/me", ui.t("account-back")).secondary()))
        },
    )
}

/// A new password, twice.
pub(super) fn new_password_fields(ui: &Ui, errors: &FormErrors) -> Markup {
    html! {
        (field(ui, "password", ui.t("account-password-new")).input(Input::Password)
            .hint(ui.t_with("account-password-hint", &[("shortest", SHORTEST_PASSWORD.into())]))
            .autocomplete("new-password").error(errors.of("password")).required())
        (field(ui, "repeated", ui.t("account-password-repeat")).input(Input::Password)
            .autocomplete("new-password").error(errors.of("repeated")).required())
    }
}
