//! A new password with a code from the community's desk.

use std::sync::Arc;

use axum::Extension;
use axum::extract::Query;
use axum::response::Response;
use identity::commands::RedeemReset;
use identity::{CodePurpose, OneTimeCode, queries};
use kernel::Actor;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Visitor, flash_to};
use web_ui::{Heading, Icon, Tone, button, field, form, link_button};

use super::answer::{check_repeated, errors, shown_again};
use super::password::new_password_fields;
use crate::door::{self, Door};
use shell::Client;

#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    code: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    repeated: String,
}

/// `GET /reset?code=…`.
pub(super) async fn page(visitor: Visitor, Query(typed): Query<Typed>) -> Markup {
    form_page(&visitor, &typed.code, None)
}

/// `POST /reset`: sets the password; every session of the account ends.
pub(super) async fn redeem(
    visitor: Visitor,
    client: Client,
    Extension(door): Extension<Arc<Door>>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let code = typed.code.clone();
    match set(&visitor, &client, &door, typed).await {
        Ok(()) => flash_to("/sign-in", FlashKey(Tone::Success, "account-flash-reset")),
        Err(failure) => shown_again(failure, |failure| form_page(&visitor, &code, Some(failure))),
    }
}

async fn set(
    visitor: &Visitor,
    client: &Client,
    door: &Arc<Door>,
    typed: Typed,
) -> Result<(), Failure> {
    check_repeated(&typed.password, &typed.repeated)?;
    reset_password(visitor, client, door, &typed.code, typed.password).await
}

/// Sets a new password with a code from the desk.
pub(crate) async fn reset_password(
    visitor: &Visitor,
    client: &Client,
    door: &Arc<Door>,
    code: &str,
    password: String,
) -> Result<(), Failure> {
    door.may_try_code(client)?;
    let code = OneTimeCode::parse(code)?;
    let index = code.index(visitor.app.vault())?;
    let (vault, now) = (visitor.app.vault().clone(), visitor.now);
    let read = visitor.app.database().read(move |read| {
        let view = queries::look_up_code(read, &vault, now, &code)?;
        let CodePurpose::Reset { account } = view.purpose else {
            return Err(identity::Error::CodeUnknown);
        };
        queries::personal_words(read, &vault, account)
    });
    let password = door.hash(password, read.await?).await?;
    let ctx = door::context(visitor, Actor::Anonymous)?;
    visitor
        .app
        .journal()
        .execute(
            ctx,
            RedeemReset {
                code: index,
                password,
            },
        )
        .await?;
    Ok(())
}

fn form_page(visitor: &Visitor, code: &str, failure: Option<&Failure>) -> Markup {
    let ui = visitor.ui();
    let errors = errors(&ui, failure);
    let heading = Heading::new(ui.t("account-reset")).lead(ui.t("account-reset-lead"));
    ui.page(heading, html! {
        (form(&ui, "/reset", html! {
            (field(&ui, "code", ui.t("account-code")).value(code).hint(ui.t("account-code-hint"))
                .autocomplete("one-time-code").max_length(32).error(errors.of("code")).required())
            (new_password_fields(&ui, &errors))
        })
        .errors(&ui, &errors)
        .button(button(ui.t("account-password-set")).icon(Icon::Check))
        .button(link_button("/sign-in", ui.t("account-back")).secondary()))
    })
}
