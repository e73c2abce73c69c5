//! Who belongs to a community, in which roles; giving and ending roles, helping back in.

use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use identity::commands::{EndRole, GrantRole, IssueReset, RESET_DAYS};
use identity::queries::{AccountView, MEMBERS_PAGE};
use identity::{
    CodeId, INVITE, Membership, OneTimeCode, Organisation, RESET, VIEW_MEMBERS, appointing, queries,
};
use kernel::{AccountId, CommunityId, Kind, OrganisationId, Role, Timestamp};
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{
    FormErrors, Heading, Icon, Input, Shade, Tone, Ui, badge, button, empty, facts, field, form,
    hidden, link_button, pagination, row, rows, section, select,
};

use super::answer::{errors, shown_again};
use super::invitations::form_key;
use super::me::role_name;
use super::slip::Slip;
use crate::code::one_time_code;

#[derive(Deserialize)]
pub(super) struct After {
    after: Option<AccountId>,
    role: Option<String>,
}

/// `GET /c/{community}/members`: a hundred roles a page, names masked.
pub(super) async fn list(
    member: Member,
    Query(After { after, role }): Query<After>,
) -> Result<Markup, Failure> {
    let after = after.zip(role.as_deref().and_then(Role::from_name));
    let members = member
        .read(move |read, ctx| queries::members(read, ctx, after))
        .await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("account-members"))
        .lead(ui.t("account-members-lead"))
        .actions(html! {
            @if member.may(INVITE) {
                (link_button(member.path("invitations"), ui.t("account-invite")).icon(Icon::Add))
            }
            (link_button(member.path("organisations"), ui.t("account-organisations")).secondary())
        });
    let full = members.len() == usize::try_from(MEMBERS_PAGE).unwrap_or(usize::MAX);
    let next = members.last().filter(|_| full).map(|last| {
        member.path(&format!(
            "members?after={}&role={}",
            last.account,
            last.role.name()
        ))
    });
    let first = after.map(|_| member.path("members"));
    Ok(ui.page(heading, html! {
        @if members.is_empty() {
            (empty(Icon::People, ui.t("account-members-none")).text(ui.t("account-members-none-text")))
        }
        (rows(members.iter().map(|one| {
            let since = ui.date(one.since.micros());
            row(member.path(&format!("members/{}", one.account)), one.name.clone())
                .icon(Icon::Person)
                .detail(html! { (ui.t_with("account-since", &[("date", since.into())])) })
                .status(badge(Shade::Jade, role_name(&ui, one.role)))
        })))
        (pagination(&ui, first.as_deref(), next.as_deref()))
    }))
}

/// `GET /c/{community}/members/{account}`.
pub(super) async fn page(
    member: Member,
    Path((_, account)): Path<(CommunityId, AccountId)>,
) -> Result<Markup, Failure> {
    let known = Known::of(&member, account).await?;
    known.page(&member, &Typed::default(), None)
}

#[derive(Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    role: String,
    #[serde(default)]
    organisation: String,
    /// The last day, empty for no end.
    #[serde(default)]
    until: String,
    #[serde(default)]
    reason: String,
}

/// `POST /c/{community}/members/{account}/roles`.
pub(super) async fn grant(
    member: Member,
    Path((_, account)): Path<(CommunityId, AccountId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let granted = async {
        let command = GrantRole {
            account,
            role: role(&typed.role)?,
            organisation: organisation(&typed.organisation)?,
            until: last_day(&typed.until)?,
            reason: typed.reason.clone(),
        };
        member.execute(command).await
    };
    match granted.await {
        Ok(()) => {
            let path = member.path(&format!("members/{account}"));
            flash_to(&path, FlashKey(Tone::Success, "account-flash-granted"))
        }
        Err(failure) if failure.kind == Kind::Denied => Err(failure),
        Err(failure) => {
            let page = Known::of(&member, account)
                .await?
                .page(&member, &typed, Some(&failure))?;
            shown_again(failure, |_| page)
        }
    }
}

/// `POST /c/{community}/members/{account}/roles/end`.
pub(super) async fn end(
    member: Member,
    Path((_, account)): Path<(CommunityId, AccountId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let command = EndRole {
        account,
        role: role(&typed.role)?,
        organisation: organisation(&typed.organisation)?,
        reason: typed.reason,
    };
    member.execute(command).await?;
    flash_to(
        &member.path("members"),
        FlashKey(Tone::Success, "account-flash-role-ended"),
    )
}

#[derive(Deserialize)]
pub(super) struct Key {
    #[serde(default)]
    key: String,
}

/// `POST /c/{community}/members/{account}/reset`: shows the slip with the code, once.
pub(super) async fn issue_reset(
    member: Member,
    Path((_, account)): Path<(CommunityId, AccountId)>,
    Form(Key { key }): Form<Key>,
) -> Result<Response, Failure> {
    let view = member
        .read(move |read, ctx| queries::account(read, ctx, account))
        .await?;
    let (_, code) = send_reset(&member, account, &key).await?;
    let slip = Slip {
        title: "account-slip-reset",
        name: &view.name,
        code: &code,
        path: "/reset",
        steps: "account-slip-reset-steps",
        expires_at: member.visitor.now.plus_days(RESET_DAYS),
        back: member.path(&format!("members/{account}")),
    };
    Ok(slip.page(&member).into_response())
}

/// Issues a code for a new password, with a form's key or the request's own idempotency key.
pub(crate) async fn send_reset(
    member: &Member,
    account: AccountId,
    key: &str,
) -> Result<(CodeId, OneTimeCode), Failure> {
    let mut ctx = member.context()?;
    if !key.is_empty() {
        ctx.idempotency_key = Some(key.to_owned());
    }
    let code = one_time_code(&ctx, "reset")?;
    let command = IssueReset {
        code: code.index(&ctx.vault)?,
        account,
    };
    let id = member.app().journal().execute(ctx, command).await?;
    Ok((id, code))
}

pub(super) fn role(name: &str) -> Result<Role, Failure> {
    Role::from_name(name).ok_or_else(|| {
        Failure::new(Kind::Invalid, "account-error-role", "no role was chosen")
            .with("field", "role")
    })
}

pub(super) fn organisation(id: &str) -> Result<Option<OrganisationId>, Failure> {
    if id.is_empty() {
        return Ok(None);
    }
    let id = id
        .parse()
        .map_err(|_| Failure::from(identity::Error::NoSuchOrganisation))?;
    Ok(Some(id))
}

/// The instant after a last day in China, if one was given.
pub(crate) fn last_day(text: &str) -> Result<Option<Timestamp>, Failure> {
    if text.is_empty() {
        return Ok(None);
    }
    let day = text.parse::<jiff::civil::Date>().map_err(|_| {
        Failure::new(
            Kind::Invalid,
            "account-error-date",
            "a date is not of the form 2026-12-31",
        )
    })?;
    Ok(Some(Timestamp::start_of(day).plus_days(1)))
}

/// A member as the desk may know them.
struct Known {
    account: AccountView,
    roles: Vec<Membership>,
    organisations: Vec<Organisation>,
}

impl Known {
    async fn of(member: &Member, account: AccountId) -> Result<Self, Failure> {
        let known = member.read(move |read, ctx| {
            ctx.require(VIEW_MEMBERS)?;
            let view = queries::account(read, ctx, account)?;
            let mut roles = queries::roles_of(read, ctx, account)?;
            roles.retain(|role| role.community == ctx.community);
            let organisations = queries::organisations(read, ctx)?;
            Ok::<_, identity::Error>(Self {
                account: view,
                roles,
                organisations,
            })
        });
        known.await
    }

    fn page(
        &self,
        member: &Member,
        typed: &Typed,
        failure: Option<&Failure>,
    ) -> Result<Markup, Failure> {
        let ui = member.ui();
        let key = form_key(member)?;
        let base = member.path(&format!("members/{}", self.account.account));
        let heading = Heading::new(self.account.name.clone())
            .crumb(member.path("members"), ui.t("account-members"));
        let own = member.context()?.actor.account_id() == Some(self.account.account);
        Ok(ui.page(heading, html! {
            (facts([
                (ui.t("account-logins"), html! { (self.account.logins.join("，")) }),
                (ui.t("account-member-since"), ui.moment(self.account.created_at.micros())),
            ]))
            (section(ui.t("account-roles"), html! {
                @for role in &self.roles { (self.held(member, &ui, &base, role)) }
            }))
            @if !own { (self.grant_form(member, &ui, &base, typed, &errors(&ui, failure))) }
            @if member.may(RESET) && !own {
                (section(ui.t("account-slip-reset"), html! {
                    p { (ui.t("account-reset-desk")) }
                    (form(&ui, format!("{base}/reset"), hidden("key", key.as_str()))
                        .button(button(ui.t("account-reset-issue")).icon(Icon::Document).secondary()))
                }))
            }
        }))
    }

    fn held(&self, member: &Member, ui: &Ui, base: &str, held: &Membership) -> Markup {
        let organisation = held
            .organisation
            .map(|id| id.to_string())
            .unwrap_or_default();
        let called = self
            .organisations
            .iter()
            .find(|one| Some(one.id) == held.organisation);
        let since = ui.date(held.since.micros());
        html! {
            p {
                (badge(Shade::Jade, role_name(ui, held.role))) " "
                @if let Some(called) = called { (called.name) " " }
                (ui.t_with("account-since", &[("date", since.into())]))
                @if let Some(until) = held.until {
                    " " (ui.t_with("account-until", &[("date", ui.date(until.micros()).into())]))
                }
            }
            @if member.may(appointing(held.role)) {
                (web_ui::disclosure(ui.t("account-role-end"), form(ui, format!("{base}/roles/end"), html! {
                    (hidden("role", held.role.name()))
                    (hidden("organisation", organisation.as_str()))
                    div.field {
                        label for={ "reason-" (held.role.name()) (organisation) } { (ui.t("account-reason")) }
                        input id={ "reason-" (held.role.name()) (organisation) } name="reason" type="text"
                            maxlength="200" required;
                    }
                })
                .button(button(ui.t("account-role-end")).danger())))
            }
        }
    }

    fn grant_form(
        &self,
        member: &Member,
        ui: &Ui,
        base: &str,
        typed: &Typed,
        errors: &FormErrors,
    ) -> Markup {
        let may_give = |role: &Role| {
            identity::is_held_in(*role, member.community) && member.may(appointing(*role))
        };
        let roles: Vec<Role> = Role::ALL.into_iter().filter(may_give).collect();
        let mut role = select(ui, "role", ui.t("account-role"))
            .error(errors.of("role"))
            .required();
        for one in &roles {
            role = role.option(one.name(), role_name(ui, *one));
        }
        if roles.iter().any(|one| one.name() == typed.role) {
            role = role.selected(typed.role.as_str());
        }
        let mut organisation = select(ui, "organisation", ui.t("account-organisation"))
            .hint(ui.t("account-organisation-hint"));
        for one in &self.organisations {
            organisation = organisation.option(one.id.to_string(), one.name.clone());
        }
        html! {
            @if !roles.is_empty() {
                (section(ui.t("account-role-give"), form(ui, format!("{base}/roles"), html! {
                    (role)
                    @if !self.organisations.is_empty() { (organisation) }
                    (field(ui, "until", ui.t("account-last-day")).input(Input::Date).value(typed.until.as_str())
                        .hint(ui.t("account-last-day-hint")).error(errors.of("until")))
                    (field(ui, "reason", ui.t("account-reason")).value(typed.reason.as_str())
                        .hint(ui.t("account-reason-hint")).max_length(200).error(errors.of("reason")).required())
                })
                .errors(ui, errors)
                .button(button(ui.t("account-role-give")).icon(Icon::Check))))
            }
        }
    }
}
