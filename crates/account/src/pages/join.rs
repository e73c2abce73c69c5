//! Using an invitation: a new account, or one more community for an account that exists.

use std::sync::Arc;

use axum::Extension;
use axum::extract::Query;
use axum::http::HeaderValue;
use axum::response::{IntoResponse, Response};
use identity::commands::{JoinWithCode, RedeemInvitation, Redeemed};
use identity::queries::CodeView;
use identity::{CodePurpose, Login, OneTimeCode, queries};
use kernel::{Actor, Role};
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Visitor, flash_to};
use web_ui::{
    Heading, Icon, Tone, button, checkbox, facts, field, form, hidden, link_button, local_path,
};

use super::answer::{check_repeated, errors, query_value, shown_again, with_cookie};
use super::home::community_name;
use super::me::role_name;
use super::password::new_password_fields;
use super::sign_in::enter;
use crate::door::{self, Door};
use shell::Client;

#[derive(Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    code: String,
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    repeated: String,
    elder: Option<String>,
}

/// `GET /join?code=…`: asks for the code, then for what the account needs.
pub(super) async fn page(
    visitor: Visitor,
    client: Client,
    Extension(door): Extension<Arc<Door>>,
    Query(mut typed): Query<Typed>,
) -> Result<Response, Failure> {
    if typed.code.is_empty() {
        return Ok(code_page(&visitor, "", None).into_response());
    }
    typed.elder = visitor.elder.then(String::new);
    match look_up(&visitor, &client, &door, &typed.code).await {
        Ok(invitation) => Ok(invitation.page(&visitor, &typed, None).into_response()),
        Err(failure) => shown_again(failure, |failure| {
            code_page(&visitor, &typed.code, Some(failure))
        }),
    }
}

/// `POST /join`: makes the account and signs in.
pub(super) async fn redeem(
    visitor: Visitor,
    client: Client,
    Extension(door): Extension<Arc<Door>>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    match make_account(&visitor, &client, &door, &typed).await {
        Ok((path, cookie)) => {
            let response = flash_to(&path, FlashKey(Tone::Success, "account-flash-joined"))?;
            Ok(with_cookie(response, cookie))
        }
        Err(failure) if failure.code.starts_with("identity-error-code-") => {
            shown_again(failure, |failure| {
                code_page(&visitor, &typed.code, Some(failure))
            })
        }
        Err(failure) => {
            let invitation = look_up(&visitor, &client, &door, &typed.code).await?;
            shown_again(failure, |failure| {
                invitation.page(&visitor, &typed, Some(failure))
            })
        }
    }
}

/// `POST /join/community`: one more community for whoever is signed in.
pub(super) async fn join(
    visitor: Visitor,
    client: Client,
    Extension(door): Extension<Arc<Door>>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    visitor.signed_in()?;
    match join_with(&visitor, &client, &door, &typed.code).await {
        Ok(redeemed) => flash_to(
            &format!("/c/{}", redeemed.community),
            FlashKey(Tone::Success, "account-flash-joined"),
        ),
        Err(failure) => shown_again(failure, |failure| {
            code_page(&visitor, &typed.code, Some(failure))
        }),
    }
}

/// One more community for whoever is signed in.
pub(crate) async fn join_with(
    visitor: &Visitor,
    client: &Client,
    door: &Door,
    code: &str,
) -> Result<Redeemed, Failure> {
    let account = visitor.signed_in()?.signed_in.account;
    door.may_try_code(client)?;
    let code = OneTimeCode::parse(code)?.index(visitor.app.vault())?;
    let ctx = door::context(visitor, Actor::account(account))?;
    let journal = visitor.app.journal();
    Ok(journal.execute(ctx, JoinWithCode { code }).await?)
}

/// Where the new account goes, with its cookie. A form sent twice signs in the second time.
async fn make_account(
    visitor: &Visitor,
    client: &Client,
    door: &Arc<Door>,
    typed: &Typed,
) -> Result<(String, HeaderValue), Failure> {
    check_repeated(&typed.password, &typed.repeated)?;
    let new = NewAccount {
        code: &typed.code,
        login: &typed.login,
        password: &typed.password,
        language: identity::Language::from_name(visitor.language.tag()).unwrap_or_default(),
        elder: typed.elder.is_some(),
    };
    let path = match open_account(visitor, client, door, new).await {
        Ok(redeemed) => format!("/c/{}", redeemed.community),
        Err(failure) if failure.code == "identity-error-code-settled" => {
            let entered = enter(visitor, client, door, &typed.login, typed.password.clone()).await;
            return entered
                .map(|cookie| ("/".to_owned(), cookie))
                .map_err(|_| failure);
        }
        Err(failure) => return Err(failure),
    };
    let cookie = enter(visitor, client, door, &typed.login, typed.password.clone()).await?;
    Ok((path, cookie))
}

/// What the bearer of an invitation says to get an account.
pub(crate) struct NewAccount<'a> {
    /// The invitation's code.
    pub(crate) code: &'a str,
    /// What they want to sign in with.
    pub(crate) login: &'a str,
    /// Their password.
    pub(crate) password: &'a str,
    /// The language they read.
    pub(crate) language: identity::Language,
    /// Whether they want large print.
    pub(crate) elder: bool,
}

/// Opens an account with an invitation's code.
pub(crate) async fn open_account(
    visitor: &Visitor,
    client: &Client,
    door: &Arc<Door>,
    new: NewAccount<'_>,
) -> Result<Redeemed, Failure> {
    let invitation = look_up(visitor, client, door, new.code).await?;
    let login = Login::parse(new.login)?;
    let personal = vec![invitation.name, login.as_str().to_owned()];
    let command = RedeemInvitation {
        code: OneTimeCode::parse(new.code)?.index(visitor.app.vault())?,
        login,
        password: door.hash(new.password.to_owned(), personal).await?,
        language: new.language,
        elder: new.elder,
    };
    let ctx = door::context(visitor, Actor::Anonymous)?;
    Ok(visitor.app.journal().execute(ctx, command).await?)
}

/// An invitation as its bearer sees it.
struct Invitation {
    name: String,
    role: Role,
    community: String,
}

async fn look_up(
    visitor: &Visitor,
    client: &Client,
    door: &Door,
    typed: &str,
) -> Result<Invitation, Failure> {
    door.may_try_code(client)?;
    let code = OneTimeCode::parse(typed)?;
    let (vault, now) = (visitor.app.vault().clone(), visitor.now);
    let read = visitor
        .app
        .database()
        .read(move |read| queries::look_up_code(read, &vault, now, &code));
    let CodeView {
        community, purpose, ..
    } = read.await?;
    let CodePurpose::Invitation { name, role } = purpose else {
        return Err(identity::Error::CodeUnknown.into());
    };
    Ok(Invitation {
        name,
        role,
        community: community_name(visitor, community).await?,
    })
}

fn code_page(visitor: &Visitor, code: &str, failure: Option<&Failure>) -> Markup {
    let ui = visitor.ui();
    let errors = errors(&ui, failure);
    let heading = Heading::new(ui.t("account-join")).lead(ui.t("account-join-lead"));
    ui.page(heading, html! {
        (form(&ui, "/join", html! {
            (field(&ui, "code", ui.t("account-code")).value(code).hint(ui.t("account-code-hint"))
                .autocomplete("one-time-code").max_length(32).error(errors.of("code")).required())
        })
        .get()
        .errors(&ui, &errors)
        .button(button(ui.t("account-next")).icon(Icon::Forward))
        .button(link_button("/", ui.t("account-back")).secondary()))
    })
}

impl Invitation {
    fn page(&self, visitor: &Visitor, typed: &Typed, failure: Option<&Failure>) -> Markup {
        let ui = visitor.ui();
        let heading = Heading::new(ui.t("account-join")).lead(ui.t("account-join-welcome"));
        ui.page(
            heading,
            html! {
                (facts([
                    (ui.t("account-name"), self.name.clone()),
                    (ui.t("account-community"), self.community.clone()),
                    (ui.t("account-role"), role_name(&ui, self.role)),
                ]))
                @if visitor.session.is_some() {
                    (form(&ui, "/join/community", hidden("code", typed.code.as_str()))
                        .errors(&ui, &errors(&ui, failure))
                        .button(button(ui.t("account-join-this")).icon(Icon::Check))
                        .button(link_button("/me", ui.t("account-back")).secondary()))
                } @else {
                    (account_form(visitor, &ui, typed, failure))
                    p {
                        a href={ "/sign-in?next=" (query_value(local_path(&visitor.path))) } {
                            (ui.t("account-join-have-account"))
                        }
                    }
                }
            },
        )
    }
}

fn account_form(
    visitor: &Visitor,
    ui: &web_ui::Ui,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Markup {
    let errors = errors(ui, failure);
    let elder = typed.elder.is_some() || visitor.elder;
    html! {
        (form(ui, "/join", html! {
            (hidden("code", typed.code.as_str()))
            (field(ui, "login", ui.t("account-login")).value(typed.login.as_str()).hint(ui.t("account-login-rule"))
                .autocomplete("username").max_length(64).error(errors.of("login")).required())
            (new_password_fields(ui, &errors))
            (checkbox(ui, "elder", ui.t("ui-mode-elder")).checked(elder).hint(ui.t("ui-mode-elder-text")))
        })
        .errors(ui, &errors)
        .button(button(ui.t("account-join-do")).icon(Icon::Check)))
    }
}
