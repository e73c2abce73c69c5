//! Inviting residents and owners with a code on paper, and taking unused codes back.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use identity::commands::{INVITATION_DAYS, Invite, WithdrawCode};
use identity::{CodeId, CodePurpose, INVITE, OneTimeCode, OpenCode, queries};
use kernel::{CommunityId, Kind, Role};
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{
    Choice, Heading, Icon, Tone, Ui, button, choices, disclosure, facts, field, form, hidden,
    section,
};

use super::answer::{errors, shown_again};
use super::me::role_name;
use super::slip::Slip;
use crate::code::one_time_code;

#[derive(Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    role: String,
    /// Made with the form, so that a form sent twice invites once.
    #[serde(default)]
    key: String,
}

/// `GET /c/{community}/invitations`.
pub(super) async fn page(member: Member) -> Result<Markup, Failure> {
    member.context()?.require(INVITE)?;
    let open = member.read(queries::open_codes).await?;
    form_page(&member, &open, &Typed::default(), None)
}

/// `POST /c/{community}/invitations`: shows the slip, once.
pub(super) async fn invite(member: Member, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let role = Role::from_name(&typed.role).unwrap_or(Role::Resident);
    match send(&member, &typed.name, role, &typed.key).await {
        Ok((_, code)) => {
            let slip = Slip {
                title: "account-slip-invitation",
                name: typed.name.trim(),
                code: &code,
                path: "/join",
                steps: "account-slip-invitation-steps",
                expires_at: member.visitor.now.plus_days(INVITATION_DAYS),
                back: member.path("invitations"),
            };
            Ok(slip.page(&member).into_response())
        }
        Err(failure) if failure.kind == Kind::Denied => Err(failure),
        Err(failure) => {
            let open = member.read(queries::open_codes).await?;
            let page = form_page(&member, &open, &typed, Some(&failure))?;
            shown_again(failure, |_| page)
        }
    }
}

/// Invites, with a form's key or the request's own idempotency key.
pub(crate) async fn send(
    member: &Member,
    name: &str,
    role: Role,
    key: &str,
) -> Result<(CodeId, OneTimeCode), Failure> {
    let mut ctx = member.context()?;
    if !key.is_empty() {
        ctx.idempotency_key = Some(key.to_owned());
    }
    let code = one_time_code(&ctx, "invitation")?;
    let index = code.index(&ctx.vault)?;
    let command = Invite {
        code: index,
        name: name.to_owned(),
        role,
    };
    let id = member.app().journal().execute(ctx, command).await?;
    Ok((id, code))
}

/// `POST /c/{community}/invitations/{code}/withdrawal`.
pub(super) async fn withdraw(
    member: Member,
    Path((_, code)): Path<(CommunityId, CodeId)>,
) -> Result<Response, Failure> {
    member.execute(WithdrawCode { code }).await?;
    flash_to(
        &member.path("invitations"),
        FlashKey(Tone::Success, "account-flash-withdrawn"),
    )
}

/// A fresh key for a form.
pub(super) fn form_key(member: &Member) -> Result<String, Failure> {
    Ok(member.context()?.new_uuid().to_string())
}

fn form_page(
    member: &Member,
    open: &[OpenCode],
    typed: &Typed,
    failure: Option<&Failure>,
) -> Result<Markup, Failure> {
    let ui = member.ui();
    let errors = errors(&ui, failure);
    let mut role = choices(&ui, "role", ui.t("account-invite-as")).required();
    for one in [Role::Owner, Role::Resident] {
        role = role.choice(Choice::new(one.name(), role_name(&ui, one)));
    }
    if Role::from_name(&typed.role).is_some() {
        role = role.selected(typed.role.as_str());
    }
    let key = form_key(member)?;
    let heading = Heading::new(ui.t("account-invite"))
        .crumb(member.path("members"), ui.t("account-members"))
        .lead(ui.t("account-invite-lead"));
    Ok(ui.page(
        heading,
        html! {
            (form(&ui, member.path("invitations"), html! {
                (hidden("key", key.as_str()))
                (field(&ui, "name", ui.t("account-name")).value(typed.name.as_str()).max_length(64)
                    .error(errors.of("name")).required())
                (role)
            })
            .errors(&ui, &errors)
            .button(button(ui.t("account-invite-do")).icon(Icon::Add)))
            (section(ui.t("account-codes-open"), html! {
                @if open.is_empty() { p { (ui.t("account-codes-none")) } }
                @for code in open { (open_code(member, &ui, code)) }
            }))
        },
    ))
}

fn open_code(member: &Member, ui: &Ui, code: &OpenCode) -> Markup {
    let (what, whom) = match &code.purpose {
        CodePurpose::Invitation { name, role } => {
            (role_name(ui, *role), identity::mask::name(name))
        }
        CodePurpose::Reset { .. } => (ui.t("account-slip-reset").into_owned(), String::new()),
    };
    disclosure(
        html! { (what) " " (whom) },
        html! {
            (facts([
                (ui.t("account-issued"), ui.moment(code.issued_at.micros())),
                (ui.t("account-slip-until"), ui.moment(code.expires_at.micros())),
            ]))
            (form(ui, member.path(&format!("invitations/{}/withdrawal", code.id)), html! {})
                .button(button(ui.t("account-withdraw")).danger()))
        },
    )
}
