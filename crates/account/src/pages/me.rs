//! One's own account: name, language, roles, devices, passkeys.

use axum::extract::Path;
use axum::http::HeaderValue;
use axum::response::{IntoResponse, Response};
use db::Read;
use identity::commands::{EndSession, EndSessions, UpdateProfile};
use identity::queries::{AccountView, OwnPasskey};
use identity::{Assurance, Membership, OwnSession, SessionId, SignedIn, queries};
use kernel::{Actor, CommunityId, Context};
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Visitor, flash_to};
use web_ui::{
    Choice, FormErrors, Heading, Icon, Language, Shade, Tone, Ui, badge, button, checkbox, choices,
    disclosure, facts, field, form, link_button, notice, row, rows, section,
};

use super::answer::{errors, see_other, shown_again, with_cookie};
use super::home::community_name;
use crate::door;
use shell::Client;

/// `GET /me`; also where a browser gets its new token after the person's roles changed.
pub(super) async fn page(visitor: Visitor, client: Client) -> Result<Response, Failure> {
    visitor.signed_in()?;
    let own = Own::of(&visitor).await?;
    let response = own.page(&visitor, None).into_response();
    Ok(match door::rotated(&visitor, &client).await? {
        Some(cookie) => with_cookie(response, cookie),
        None => response,
    })
}

/// What the person typed about themselves.
#[derive(Deserialize)]
pub(super) struct Profile {
    #[serde(default)]
    name: String,
    #[serde(default)]
    language: String,
    elder: Option<String>,
}

/// `POST /me`: name, language, large print.
pub(super) async fn update(
    visitor: Visitor,
    Form(typed): Form<Profile>,
) -> Result<Response, Failure> {
    let account = visitor.signed_in()?.signed_in.account;
    let (language, elder) = (typed.language, typed.elder.is_some());
    let command = UpdateProfile {
        name: typed.name,
        language: identity::Language::from_name(&language).unwrap_or_default(),
        elder,
    };
    let ctx = door::context(&visitor, Actor::account(account))?;
    match visitor.app.journal().execute(ctx, command).await {
        Ok(()) => {
            let saved = flash_to("/me", FlashKey(Tone::Success, "account-flash-saved"))?;
            Ok(with_preferences(&visitor, saved, &language, elder))
        }
        Err(error) => {
            let own = Own::of(&visitor).await?;
            shown_again(error.into(), |failure| own.page(&visitor, Some(failure)))
        }
    }
}

/// The switches in the header are kept in cookies and go before the account, so they follow what was just saved.
fn with_preferences(
    visitor: &Visitor,
    response: Response,
    language: &str,
    elder: bool,
) -> Response {
    let secure = if visitor.app.settings().secure {
        "; Secure"
    } else {
        ""
    };
    let language = Language::from_tag(language)
        .unwrap_or(visitor.language)
        .tag();
    let mode = if elder { "elder" } else { "standard" };
    let kept = [("language", language), ("mode", mode)].map(|(name, value)| {
        format!("{name}={value}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{secure}")
    });
    kept.iter()
        .filter_map(|cookie| HeaderValue::from_str(cookie).ok())
        .fold(response, with_cookie)
}

/// `POST /me/sessions/{session}/end`: another device, or this one.
pub(super) async fn end_session(
    visitor: Visitor,
    Path(session): Path<SessionId>,
) -> Result<Response, Failure> {
    let signed_in = &visitor.signed_in()?.signed_in;
    let ctx = door::context(&visitor, Actor::account(signed_in.account))?;
    visitor
        .app
        .journal()
        .execute(ctx, EndSession { session })
        .await?;
    if session == signed_in.session {
        let cookie = shell::signed_out_cookie(&visitor.app)?;
        return Ok(with_cookie(see_other("/"), cookie));
    }
    flash_to(
        "/me",
        FlashKey(Tone::Success, "account-flash-session-ended"),
    )
}

/// `POST /me/sessions/others/end`.
pub(super) async fn end_others(visitor: Visitor) -> Result<Response, Failure> {
    let signed_in = &visitor.signed_in()?.signed_in;
    let ctx = door::context(&visitor, Actor::account(signed_in.account))?;
    let command = EndSessions {
        account: signed_in.account,
        keep: Some(signed_in.session),
    };
    visitor.app.journal().execute(ctx, command).await?;
    flash_to("/me", FlashKey(Tone::Success, "account-flash-others-ended"))
}

/// Everything that the page shows.
struct Own {
    account: AccountView,
    places: Vec<Held>,
    sessions: Vec<OwnSession>,
    passkeys: Vec<OwnPasskey>,
}

impl Own {
    async fn of(visitor: &Visitor) -> Result<Self, Failure> {
        let signed_in = &visitor.signed_in()?.signed_in;
        let (ctx, account) = (visitor.context(CommunityId::CITY)?, signed_in.account);
        let question = move |read: &mut dyn Read| own_account(read, &ctx, account);
        let (account, roles, sessions, passkeys) = visitor.app.database().read(question).await?;
        let mut places: Vec<Held> = Vec::new();
        for role in roles {
            match places
                .iter_mut()
                .find(|held| held.community == role.community)
            {
                Some(held) => held.roles.push(role),
                None => places.push(Held {
                    community: role.community,
                    name: community_name(visitor, role.community).await?,
                    roles: vec![role],
                }),
            }
        }
        Ok(Self {
            account,
            places,
            sessions,
            passkeys,
        })
    }

    fn page(&self, visitor: &Visitor, failure: Option<&Failure>) -> Markup {
        let ui = visitor.ui();
        let heading = Heading::new(ui.t("account-me")).actions(html! {
            form method="post" action="/sign-out" {
                (button(ui.t("account-sign-out")).icon(Icon::Leave).secondary())
            }
        });
        let signed_in = visitor
            .session
            .as_ref()
            .map(|session| session.signed_in.as_ref());
        ui.page(heading, html! {
            @if signed_in.is_some_and(|signed_in| signed_in.passkey_needed) {
                (notice(&ui, Tone::Warning, html! { (ui.t("account-passkey-needed")) })
                    .action(link_button("/me/confirm?with=passkey&next=/me", ui.t("account-confirm-do"))))
            }
            (section(ui.t("account-places"), self.place_rows(&ui)))
            (section(ui.t("account-profile"), self.profile(&ui, &errors(&ui, failure))))
            (section(ui.t("account-signing-in"), self.ways_in(&ui)))
            (section(ui.t("account-passkeys"), self.passkey_part(&ui)))
            (section(ui.t("account-devices"), self.device_part(&ui, signed_in)))
        })
    }

    fn place_rows(&self, ui: &Ui) -> Markup {
        html! {
            @if self.places.is_empty() { p { (ui.t("account-places-none")) } }
            (rows(self.places.iter().map(|held| {
                row(format!("/c/{}", held.community), held.name.clone())
                    .icon(Icon::Home)
                    .detail(html! { @for role in &held.roles { (ends(ui, role)) } })
                    .status(html! { @for role in held.names(ui) { (badge(Shade::Jade, role)) " " } })
            })))
            div.actions { (link_button("/join", ui.t("account-have-invitation")).quiet()) }
        }
    }

    fn profile(&self, ui: &Ui, errors: &FormErrors) -> Markup {
        let language = choices(ui, "language", ui.t("ui-language"))
            .choice(Choice::new(Language::Zh.tag(), Language::Zh.own_name()))
            .choice(Choice::new(Language::En.tag(), Language::En.own_name()))
            .selected(self.account.language.name())
            .required();
        html! {
            (form(ui, "/me", html! {
                (field(ui, "name", ui.t("account-name")).value(self.account.name.as_str()).autocomplete("name")
                    .max_length(64).error(errors.of("name")).required())
                (language)
                (checkbox(ui, "elder", ui.t("ui-mode-elder")).checked(self.account.elder)
                    .hint(ui.t("ui-mode-elder-text")))
            })
            .errors(ui, errors)
            .button(button(ui.t("ui-save")).icon(Icon::Check)))
        }
    }

    fn ways_in(&self, ui: &Ui) -> Markup {
        html! {
            (facts([(ui.t("account-logins"), html! { (self.account.logins.join("，")) })]))
            div.actions {
                (link_button("/me/password", ui.t("account-password-change")).secondary())
                (link_button("/me/logins", ui.t("account-logins-change")).secondary())
            }
        }
    }

    fn passkey_part(&self, ui: &Ui) -> Markup {
        html! {
            p { (ui.t("account-passkey-lead")) }
            @for passkey in &self.passkeys {
                (disclosure(passkey.label.as_str(), passkey_fold(ui, passkey)))
            }
            div.actions {
                (link_button("/me/passkeys/new", ui.t("account-passkey-add")).icon(Icon::Add).secondary())
            }
        }
    }

    fn device_part(&self, ui: &Ui, signed_in: Option<&SignedIn>) -> Markup {
        let current = signed_in.map(|signed_in| signed_in.session);
        html! {
            @for session in &self.sessions {
                @let device = if session.device.is_empty() { ui.t("account-device-unknown") } else { session.device.as_str().into() };
                (disclosure(html! {
                    (device)
                    @if Some(session.session) == current { " " (badge(Shade::Jade, ui.t("account-this-device"))) }
                }, session_fold(ui, session)))
            }
            @if self.sessions.len() > 1 {
                (form(ui, "/me/sessions/others/end", html! {})
                    .button(button(ui.t("account-end-others")).icon(Icon::Leave).secondary()))
            }
        }
    }
}

/// The roles that the person holds in one community.
struct Held {
    community: CommunityId,
    name: String,
    roles: Vec<Membership>,
}

impl Held {
    /// Each role's name once: someone may hold one for themselves and for an organisation.
    fn names(&self, ui: &Ui) -> Vec<String> {
        let mut names = Vec::new();
        for role in &self.roles {
            let name = role_name(ui, role.role);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

/// When a role ends by itself, if it does.
fn ends(ui: &Ui, role: &Membership) -> Markup {
    let until = role.until.map(|until| ui.date(until.micros()));
    html! {
        @if let Some(until) = until {
            (role_name(ui, role.role)) " " (ui.t_with("account-until", &[("date", until.into())])) " "
        }
    }
}

type OwnRows = (
    AccountView,
    Vec<Membership>,
    Vec<OwnSession>,
    Vec<OwnPasskey>,
);

fn own_account(
    read: &mut dyn Read,
    ctx: &Context,
    account: kernel::AccountId,
) -> Result<OwnRows, identity::Error> {
    Ok((
        queries::account(read, ctx, account)?,
        queries::roles_of(read, ctx, account)?,
        queries::own_sessions(read, ctx)?,
        queries::own_passkeys(read, ctx)?,
    ))
}

fn passkey_fold(ui: &Ui, passkey: &OwnPasskey) -> Markup {
    let used = passkey.last_used_at.map_or_else(
        || html! { (ui.t("account-never")) },
        |at| ui.moment(at.micros()),
    );
    let path = format!("/me/passkeys/{}", passkey.passkey);
    html! {
        (facts([
            (ui.t("account-added"), ui.moment(passkey.added_at.micros())),
            (ui.t("account-last-used"), used),
        ]))
        form.form method="post" action={ (path) "/label" } {
            div.field {
                label for={ "label-" (passkey.passkey) } { (ui.t("account-passkey-label")) }
                input id={ "label-" (passkey.passkey) } name="label" type="text" maxlength="64" required
                    value=(passkey.label);
            }
            div.actions {
                (button(ui.t("account-rename")).secondary())
                (button(ui.t("account-remove")).danger().form_action(format!("{path}/removal")))
            }
        }
    }
}

fn session_fold(ui: &Ui, session: &OwnSession) -> Markup {
    let how = match session.assurance {
        Assurance::Password => "account-by-password",
        Assurance::Passkey => "account-by-passkey",
    };
    html! {
        (facts([
            (ui.t("account-opened"), ui.moment(session.created_at.micros())),
            (ui.t("account-last-used"), html! { (ui.relative(session.last_seen_at.micros())) }),
            (ui.t("account-how"), html! { (ui.t(how)) }),
        ]))
        (form(ui, format!("/me/sessions/{}/end", session.session), html! {})
            .button(button(ui.t("account-end-session")).icon(Icon::Leave).secondary()))
    }
}

/// A role in the reader's language.
pub(super) fn role_name(ui: &Ui, role: kernel::Role) -> String {
    ui.t(&format!("role-{}", role.name().replace('_', "-")))
        .into_owned()
}
