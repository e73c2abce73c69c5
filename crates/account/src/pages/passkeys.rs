//! Keeping passkeys, and the form that the page's script fills with a passkey's answer.

use std::sync::Arc;

use axum::Extension;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use identity::commands::{AddPasskey, RemovePasskey, RenamePasskey};
use identity::{Assurance, CeremonyId, PasskeyId, SignedIn, Verified, queries};
use kernel::{Actor, CommunityId};
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Visitor, flash_to};
use web_ui::{Heading, Icon, Tone, Ui, asset_url, button, field, hidden, link_button, notice};

use super::answer::{errors, see_other, shown_again};
use super::confirm::confirm_first;
use crate::door::{self, Door};

/// What a passkey is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    SignIn,
    Confirm,
    Create,
}

impl Purpose {
    /// Where the first half is asked for, where the answer goes, and what the button says.
    const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::SignIn => (
                "/api/v1/passkeys/sign-in",
                "/sign-in/passkey",
                "account-passkey-sign-in",
            ),
            Self::Confirm => (
                "/api/v1/passkeys/sign-in",
                "/me/confirm/passkey",
                "account-passkey-confirm",
            ),
            Self::Create => (
                "/api/v1/passkeys/registration",
                "/me/passkeys",
                "account-passkey-create",
            ),
        }
    }
}

/// A form that stays hidden until `passkey.js` finds that the browser has passkeys.
pub(super) fn passkey_form(ui: &Ui, purpose: Purpose, next: &str, label_typed: &str) -> Markup {
    let (start, action, label) = purpose.words();
    let kind = match purpose {
        Purpose::SignIn => "sign-in",
        Purpose::Confirm => "confirm",
        Purpose::Create => "create",
    };
    html! {
        form.form method="post" action=(action) data-passkey=(kind) data-start=(start) hidden {
            @if purpose == Purpose::Create {
                (field(ui, "label", ui.t("account-passkey-label")).hint(ui.t("account-passkey-label-hint"))
                    .value(label_typed).max_length(64).required())
            } @else {
                (hidden("next", next))
            }
            (hidden("ceremony", ""))
            (hidden("answer", ""))
            p.field-error role="status" data-passkey-problem hidden { (ui.t("account-passkey-problem")) }
            div.actions {
                @if purpose == Purpose::Create {
                    (button(ui.t(label)).icon(Icon::Add))
                    (link_button("/me", ui.t("account-back")).secondary())
                } @else {
                    (button(ui.t(label)).icon(Icon::Proof).secondary())
                }
            }
        }
        script src=(asset_url("passkey.js")) defer {}
    }
}

/// Checks the answer of a passkey that signs in or confirms.
pub(crate) async fn verified(
    visitor: &Visitor,
    door: &Door,
    ceremony: CeremonyId,
    answer: String,
) -> Result<Verified, Failure> {
    let passkeys = door.passkeys(&visitor.app).ok_or_else(Failure::not_found)?;
    let (vault, now) = (visitor.app.vault().clone(), visitor.now);
    let read = visitor
        .app
        .database()
        .read(move |read| passkeys.finish_sign_in(read, &vault, now, ceremony, &answer));
    Ok(read.await?)
}

/// `GET /me/passkeys/new`: asks for a fresh confirmation first, by a passkey where there is one already.
pub(super) async fn page(
    visitor: Visitor,
    Extension(door): Extension<Arc<Door>>,
) -> Result<Response, Failure> {
    let signed_in = Arc::clone(&visitor.signed_in()?.signed_in);
    if let Some(elsewhere) = confirmed_for_adding(&visitor, &signed_in).await? {
        return Ok(elsewhere);
    }
    Ok(new_page(&visitor, &door, "", None).into_response())
}

async fn confirmed_for_adding(
    visitor: &Visitor,
    signed_in: &SignedIn,
) -> Result<Option<Response>, Failure> {
    let ctx = visitor.context(CommunityId::CITY)?;
    let held = visitor
        .app
        .database()
        .read(move |read| queries::own_passkeys(read, &ctx))
        .await?;
    let by_passkey = !held.is_empty();
    let strong = !by_passkey || signed_in.assurance == Assurance::Passkey;
    if signed_in.recently_authenticated(visitor.now) && strong {
        return Ok(None);
    }
    let path = if by_passkey {
        "/me/confirm?with=passkey&next=/me/passkeys/new"
    } else {
        "/me/confirm?next=/me/passkeys/new"
    };
    Ok(Some(see_other(path)))
}

fn new_page(visitor: &Visitor, door: &Door, label: &str, failure: Option<&Failure>) -> Markup {
    let ui = visitor.ui();
    let errors = errors(&ui, failure);
    let heading = Heading::new(ui.t("account-passkey-add"))
        .crumb("/me", ui.t("account-me"))
        .lead(ui.t("account-passkey-lead"));
    ui.page(heading, html! {
        (web_ui::error_summary(&ui, &errors))
        @if door.passkeys(&visitor.app).is_some() {
            (passkey_form(&ui, Purpose::Create, "", label))
            noscript { (notice(&ui, Tone::Info, html! { (ui.t("account-passkey-needs-script")) })) }
        } @else {
            (notice(&ui, Tone::Info, html! { (ui.t("account-passkey-not-here")) }))
        }
    })
}

#[derive(Deserialize)]
pub(super) struct New {
    ceremony: CeremonyId,
    answer: String,
    #[serde(default)]
    label: String,
}

/// `POST /me/passkeys`.
pub(super) async fn add(
    visitor: Visitor,
    Extension(door): Extension<Arc<Door>>,
    Form(new): Form<New>,
) -> Result<Response, Failure> {
    let New {
        ceremony,
        answer,
        label,
    } = new;
    match store(&visitor, &door, ceremony, answer, label.clone()).await {
        Ok(_) => flash_to(
            "/me",
            FlashKey(Tone::Success, "account-flash-passkey-added"),
        ),
        Err(failure) if failure.code == "identity-error-confirm-first" => {
            Ok(see_other("/me/passkeys/new"))
        }
        Err(failure) => shown_again(failure, |failure| {
            new_page(&visitor, &door, &label, Some(failure))
        }),
    }
}

/// Keeps a new passkey of whoever is signed in, freshly confirmed, if its answer holds.
pub(crate) async fn store(
    visitor: &Visitor,
    door: &Door,
    ceremony: CeremonyId,
    answer: String,
    label: String,
) -> Result<PasskeyId, Failure> {
    let signed_in = &visitor.signed_in()?.signed_in;
    let passkeys = door.passkeys(&visitor.app).ok_or_else(Failure::not_found)?;
    let (vault, now) = (visitor.app.vault().clone(), visitor.now);
    let read = visitor
        .app
        .database()
        .read(move |read| passkeys.finish_registration(read, &vault, now, ceremony, &answer));
    let command = AddPasskey::new(read.await?, signed_in.session, label);
    let ctx = door::context(visitor, Actor::account(signed_in.account))?;
    Ok(visitor.app.journal().execute(ctx, command).await?)
}

#[derive(Deserialize)]
pub(super) struct Label {
    #[serde(default)]
    label: String,
}

/// `POST /me/passkeys/{passkey}/label`.
pub(super) async fn rename(
    visitor: Visitor,
    Path(passkey): Path<PasskeyId>,
    Form(Label { label }): Form<Label>,
) -> Result<Response, Failure> {
    let account = visitor.signed_in()?.signed_in.account;
    let ctx = door::context(&visitor, Actor::account(account))?;
    visitor
        .app
        .journal()
        .execute(ctx, RenamePasskey { passkey, label })
        .await?;
    flash_to("/me", FlashKey(Tone::Success, "account-flash-saved"))
}

/// `POST /me/passkeys/{passkey}/removal`.
pub(super) async fn remove(
    visitor: Visitor,
    Path(passkey): Path<PasskeyId>,
) -> Result<Response, Failure> {
    let signed_in = &visitor.signed_in()?.signed_in;
    if let Some(elsewhere) = confirm_first(&visitor, "/me")? {
        return Ok(elsewhere);
    }
    let ctx = door::context(&visitor, Actor::account(signed_in.account))?;
    let command = RemovePasskey {
        session: signed_in.session,
        passkey,
    };
    visitor.app.journal().execute(ctx, command).await?;
    flash_to(
        "/me",
        FlashKey(Tone::Success, "account-flash-passkey-removed"),
    )
}
