//! A login is tied to a person of the roll, or released.

use axum::extract::Path;
use axum::response::Response;
use identity::Login;
use kernel::{AccountId, CommunityId, Uuid};
use maud::{Markup, html};
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{Icon, Tone, button, facts, field, form, textarea};

use super::{Typed, form_errors, heading, person_path};
use crate::commands::{LinkAccount, UnlinkAccount};
use crate::model::{PersonKind, PersonRef};
use crate::queries::{self, FoundPerson};
use crate::{ACCOUNT_LINK, Error};

pub(super) async fn page(
    member: Member,
    Path((_, kind, id)): Path<(CommunityId, PersonKind, Uuid)>,
) -> Result<Markup, Failure> {
    shown(&member, kind.person(id), &Typed::default(), None).await
}

async fn shown(
    member: &Member,
    person: PersonRef,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Result<Markup, Failure> {
    member.context()?.require(ACCOUNT_LINK)?;
    let (found, account) = member
        .read(move |read, ctx| {
            let account = queries::login_of(read, ctx, person)?;
            Ok::<_, Error>((queries::person(read, ctx, person)?, account))
        })
        .await?;
    let login = match account {
        Some(account) => Some(masked_login(member, account).await),
        None => None,
    };
    Ok(login_page(member, &found, login.as_deref(), typed, failure))
}

/// The login as the desk may see it; its id where the account is no member here.
async fn masked_login(member: &Member, account: AccountId) -> String {
    let view = member
        .read(move |read, ctx| identity::queries::account(read, ctx, account))
        .await;
    view.ok()
        .and_then(|view| view.logins.first().cloned())
        .unwrap_or_else(|| account.to_string())
}

fn login_page(
    member: &Member,
    found: &FoundPerson,
    login: Option<&str>,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Markup {
    let ui = member.ui();
    let errors = form_errors(&ui, failure);
    let page = if let Some(login) = login {
        html! {
            (facts([(ui.t("roll-field-login"), login)]))
            (form(&ui, person_path(member, found.person, "login/end"), html! {
                (textarea(&ui, "reason", ui.t("roll-field-reason")).value(typed.text("reason")).lines(3)
                    .error(errors.of("reason")).required())
            })
            .errors(&ui, &errors)
            .button(button(ui.t("roll-unlink")).danger()))
        }
    } else {
        html! {
            (form(&ui, person_path(member, found.person, "login"), html! {
                (field(&ui, "login", ui.t("roll-field-login")).value(typed.text("login"))
                    .hint(ui.t("roll-login-hint")).error(errors.of("login")).required())
                (textarea(&ui, "evidence", ui.t("roll-field-evidence")).value(typed.text("evidence")).lines(3)
                    .hint(ui.t("roll-login-evidence")).error(errors.of("evidence")).required())
            })
            .errors(&ui, &errors)
            .button(button(ui.t("roll-link")).icon(Icon::Check)))
        }
    };
    ui.page(heading(member, &ui, "roll-login").lead(&found.name), page)
}

pub(super) async fn link(
    member: Member,
    Path((_, kind, id)): Path<(CommunityId, PersonKind, Uuid)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let person = kind.person(id);
    let sent = match account_of(&member, typed.text("login")).await {
        Ok(account) => {
            let evidence = typed.text("evidence").to_owned();
            member
                .execute(LinkAccount {
                    person,
                    account,
                    evidence,
                })
                .await
        }
        Err(failure) => Err(failure),
    };
    answer(&member, person, &typed, sent, "roll-flash-linked").await
}

/// The account of someone who has joined this community, by what they sign in with.
pub(crate) async fn account_of(member: &Member, login: &str) -> Result<AccountId, Failure> {
    let login = Login::parse(login)?;
    let found = member
        .read(move |read, ctx| identity::queries::find_account(read, ctx, &login))
        .await;
    match found {
        Ok(view) => Ok(view.account),
        // Said in the form, where another login can be typed.
        Err(failure) if failure.kind == kernel::Kind::NotFound => Err(Failure {
            kind: kernel::Kind::Invalid,
            ..failure
        }),
        Err(failure) => Err(failure),
    }
}

pub(super) async fn unlink(
    member: Member,
    Path((_, kind, id)): Path<(CommunityId, PersonKind, Uuid)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let person = kind.person(id);
    let sent = member
        .execute(UnlinkAccount {
            person,
            reason: typed.text("reason").to_owned(),
        })
        .await;
    answer(&member, person, &typed, sent, "roll-flash-unlinked").await
}

async fn answer(
    member: &Member,
    person: PersonRef,
    typed: &Typed,
    sent: Result<(), Failure>,
    done: &'static str,
) -> Result<Response, Failure> {
    match sent {
        Ok(()) => flash_to(
            &person_path(member, person, "login"),
            FlashKey(Tone::Success, done),
        ),
        Err(failure) if failure.is_correctable() => {
            Ok(failure.again(shown(member, person, typed, Some(&failure)).await?))
        }
        Err(failure) => Err(failure),
    }
}
