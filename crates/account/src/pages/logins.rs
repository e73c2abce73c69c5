//! The phone numbers and user names that one signs in with.

use axum::response::{IntoResponse, Response};
use identity::commands::{AddLogin, RemoveLogin};
use identity::{Login, queries};
use kernel::{Actor, CommunityId};
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Visitor, flash_to};
use web_ui::{Heading, Icon, Tone, button, field, form, hidden, link_button, section};

use super::answer::{errors, shown_again};
use super::confirm::confirm_first;
use crate::door;

/// `GET /me/logins`.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Failure> {
    if let Some(elsewhere) = confirm_first(&visitor, "/me/logins")? {
        return Ok(elsewhere);
    }
    let logins = own_logins(&visitor).await?;
    Ok(form_page(&visitor, &logins, "", None).into_response())
}

#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    login: String,
}

/// `POST /me/logins`.
pub(super) async fn add(
    visitor: Visitor,
    Form(Typed { login }): Form<Typed>,
) -> Result<Response, Failure> {
    change(visitor, login, Change::Add).await
}

/// `POST /me/logins/removal`.
pub(super) async fn remove(
    visitor: Visitor,
    Form(Typed { login }): Form<Typed>,
) -> Result<Response, Failure> {
    change(visitor, login, Change::Remove).await
}

/// What happens to a login.
#[derive(Clone, Copy)]
pub(crate) enum Change {
    /// It is added.
    Add,
    /// It is removed.
    Remove,
}

async fn change(visitor: Visitor, typed: String, change: Change) -> Result<Response, Failure> {
    if let Some(elsewhere) = confirm_first(&visitor, "/me/logins")? {
        return Ok(elsewhere);
    }
    let sent = async { send(&visitor, Login::parse(&typed)?, change).await };
    match sent.await {
        Ok(()) => flash_to("/me", FlashKey(Tone::Success, "account-flash-saved")),
        Err(failure) => {
            let logins = own_logins(&visitor).await?;
            shown_again(failure, |failure| {
                form_page(&visitor, &logins, &typed, Some(failure))
            })
        }
    }
}

/// Adds or removes a login of whoever is signed in, freshly confirmed.
pub(crate) async fn send(visitor: &Visitor, login: Login, change: Change) -> Result<(), Failure> {
    let signed_in = &visitor.signed_in()?.signed_in;
    let session = signed_in.session;
    let ctx = door::context(visitor, Actor::account(signed_in.account))?;
    let journal = visitor.app.journal();
    match change {
        Change::Add => journal.execute(ctx, AddLogin { session, login }).await?,
        Change::Remove => journal.execute(ctx, RemoveLogin { session, login }).await?,
    }
    Ok(())
}

/// The person's own logins, unmasked.
pub(crate) async fn own_logins(visitor: &Visitor) -> Result<Vec<String>, Failure> {
    let account = visitor.signed_in()?.signed_in.account;
    let ctx = visitor.context(CommunityId::CITY)?;
    let view = visitor
        .app
        .database()
        .read(move |read| queries::account(read, &ctx, account))
        .await?;
    Ok(view.logins)
}

fn form_page(
    visitor: &Visitor,
    logins: &[String],
    typed: &str,
    failure: Option<&Failure>,
) -> Markup {
    let ui = visitor.ui();
    let errors = errors(&ui, failure);
    let heading = Heading::new(ui.t("account-logins"))
        .crumb("/me", ui.t("account-me"))
        .lead(ui.t("account-logins-lead"));
    ui.page(heading, html! {
        (form(&ui, "/me/logins", html! {
            (field(&ui, "login", ui.t("account-login-add")).value(typed).hint(ui.t("account-login-rule"))
                .autocomplete("username").max_length(64).error(errors.of("login")).required())
        })
        .errors(&ui, &errors)
        .button(button(ui.t("account-add")).icon(Icon::Add))
        .button(link_button("/me", ui.t("account-back")).secondary()))
        @for login in logins {
            (section(login.as_str(), html! {
                @if logins.len() > 1 {
                    (form(&ui, "/me/logins/removal", hidden("login", login.as_str()))
                        .button(button(ui.t("account-remove")).danger()))
                } @else {
                    p.hint { (ui.t("account-login-last")) }
                }
            }))
        }
    })
}
