//! The organisations of a community, and who may act for them: committees, companies, providers, departments.

use axum::extract::Path;
use axum::response::Response;
use identity::commands::{GrantRole, RegisterOrganisation};
use identity::{
    Login, Organisation, OrganisationKind, REGISTER_ORGANISATION, VIEW_MEMBERS, appointing, queries,
};
use kernel::{CommunityId, Kind, OrganisationId, Role, Timestamp};
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{
    FormErrors, Heading, Icon, Input, Shade, Tone, Ui, badge, button, empty, field, form, row,
    rows, section, select,
};

use super::answer::{errors, shown_again};
use super::me::role_name;
use super::members::{last_day, role};

#[derive(Default, Deserialize)]
pub(super) struct Named {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    name: String,
}

/// `GET /c/{community}/organisations`.
pub(super) async fn list(member: Member) -> Result<Markup, Failure> {
    list_page(&member, &Named::default(), None).await
}

/// `POST /c/{community}/organisations`.
pub(super) async fn register(
    member: Member,
    Form(typed): Form<Named>,
) -> Result<Response, Failure> {
    member.context()?.require(REGISTER_ORGANISATION)?;
    let registered = async {
        let command = RegisterOrganisation {
            kind: kind(&typed.kind)?,
            name: typed.name.clone(),
        };
        member.execute(command).await
    };
    match registered.await {
        Ok(id) => flash_to(
            &member.path(&format!("organisations/{id}")),
            FlashKey(Tone::Success, "account-flash-registered"),
        ),
        Err(failure) => {
            let page = list_page(&member, &typed, Some(&failure)).await?;
            shown_again(failure, |_| page)
        }
    }
}

/// The sort of organisation with this word.
pub(crate) fn kind(name: &str) -> Result<OrganisationKind, Failure> {
    OrganisationKind::from_name(name).ok_or_else(|| {
        let code = "account-error-organisation-kind";
        Failure::new(Kind::Invalid, code, "no sort of organisation was chosen")
            .with("field", "kind")
    })
}

fn kind_name(ui: &Ui, kind: OrganisationKind) -> String {
    ui.t(&format!("identity-organisation-{}", kind.name()))
        .into_owned()
}

async fn list_page(
    member: &Member,
    typed: &Named,
    failure: Option<&Failure>,
) -> Result<Markup, Failure> {
    let known = member
        .read(|read, ctx| {
            ctx.require(VIEW_MEMBERS)?;
            queries::organisations(read, ctx)
        })
        .await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("account-organisations"))
        .crumb(member.path("members"), ui.t("account-members"))
        .lead(ui.t("account-organisations-lead"));
    let errors = errors(&ui, failure);
    Ok(ui.page(heading, html! {
        @if known.is_empty() {
            (empty(Icon::People, ui.t("account-organisations-none")).text(ui.t("account-organisations-none-text")))
        }
        (rows(known.iter().map(|one| {
            row(member.path(&format!("organisations/{}", one.id)), one.name.clone())
                .icon(Icon::People)
                .status(badge(Shade::Mist, kind_name(&ui, one.kind)))
        })))
        @if member.may(REGISTER_ORGANISATION) { (register_form(member, &ui, typed, &errors)) }
    }))
}

fn register_form(member: &Member, ui: &Ui, typed: &Named, errors: &FormErrors) -> Markup {
    let mut kind = select(ui, "kind", ui.t("account-organisation-kind"))
        .error(errors.of("kind"))
        .required();
    for one in OrganisationKind::ALL {
        kind = kind.option(one.name(), kind_name(ui, one));
    }
    if OrganisationKind::from_name(&typed.kind).is_some() {
        kind = kind.selected(typed.kind.as_str());
    }
    let fields = html! {
        (kind)
        (field(ui, "name", ui.t("account-organisation-name")).value(typed.name.as_str()).max_length(64)
            .hint(ui.t("account-organisation-name-hint")).error(errors.of("name")).required())
    };
    let register = form(ui, member.path("organisations"), fields)
        .errors(ui, errors)
        .button(button(ui.t("account-organisation-register")).icon(Icon::Add));
    section(ui.t("account-organisation-register"), html! { (register) })
}

#[derive(Default, Deserialize)]
pub(super) struct Appointed {
    #[serde(default)]
    login: String,
    #[serde(default)]
    role: String,
    /// The last day, empty for no end.
    #[serde(default)]
    until: String,
    #[serde(default)]
    reason: String,
}

/// `GET /c/{community}/organisations/{organisation}`.
pub(super) async fn page(
    member: Member,
    Path((_, id)): Path<(CommunityId, OrganisationId)>,
) -> Result<Markup, Failure> {
    let known = Known::of(&member, id).await?;
    Ok(known.page(&member, &Appointed::default(), None))
}

/// `POST /c/{community}/organisations/{organisation}`: someone who belongs to the community may act for it.
pub(super) async fn appoint(
    member: Member,
    Path((_, id)): Path<(CommunityId, OrganisationId)>,
    Form(typed): Form<Appointed>,
) -> Result<Response, Failure> {
    match give(&member, id, &typed).await {
        Ok(()) => flash_to(
            &member.path(&format!("organisations/{id}")),
            FlashKey(Tone::Success, "account-flash-appointed"),
        ),
        Err(failure) if failure.kind == Kind::Denied => Err(failure),
        Err(failure) => {
            let known = Known::of(&member, id).await?;
            let page = known.page(&member, &typed, Some(&failure));
            shown_again(failure, |_| page)
        }
    }
}

async fn give(member: &Member, id: OrganisationId, typed: &Appointed) -> Result<(), Failure> {
    let appointment = Appointment {
        organisation: id,
        login: &typed.login,
        role: role(&typed.role)?,
        until: last_day(&typed.until)?,
        reason: typed.reason.clone(),
    };
    appoint_for(member, appointment).await
}

/// Someone who is to act for an organisation.
pub(crate) struct Appointment<'a> {
    /// Which organisation.
    pub(crate) organisation: OrganisationId,
    /// What they sign in with.
    pub(crate) login: &'a str,
    /// In which role.
    pub(crate) role: Role,
    /// The first instant at which it no longer holds, if it is to end by itself.
    pub(crate) until: Option<Timestamp>,
    /// Why.
    pub(crate) reason: String,
}

/// Appoints someone who belongs to the community.
pub(crate) async fn appoint_for(
    member: &Member,
    appointment: Appointment<'_>,
) -> Result<(), Failure> {
    // Asked first, so that nobody learns of logins who may not appoint.
    member.context()?.require(appointing(appointment.role))?;
    let login = Login::parse(appointment.login)?;
    let found = member
        .read(move |read, ctx| queries::find_account(read, ctx, &login))
        .await?;
    let command = GrantRole {
        account: found.account,
        role: appointment.role,
        organisation: Some(appointment.organisation),
        until: appointment.until,
        reason: appointment.reason,
    };
    member.execute(command).await
}

/// An organisation with those who act for it here.
struct Known {
    organisation: Organisation,
    acting: Vec<identity::Member>,
}

impl Known {
    async fn of(member: &Member, id: OrganisationId) -> Result<Self, Failure> {
        let known = member.read(move |read, ctx| {
            Ok::<_, identity::Error>(Self {
                acting: queries::acting_for(read, ctx, id)?,
                organisation: queries::organisation(read, ctx, id)?,
            })
        });
        known.await
    }

    fn page(&self, member: &Member, typed: &Appointed, failure: Option<&Failure>) -> Markup {
        let ui = member.ui();
        let heading = Heading::new(self.organisation.name.clone())
            .crumb(member.path("organisations"), ui.t("account-organisations"))
            .status(badge(Shade::Mist, kind_name(&ui, self.organisation.kind)));
        let errors = errors(&ui, failure);
        ui.page(
            heading,
            html! {
                (section(ui.t("account-organisation-acting"), html! {
                    @if self.acting.is_empty() { p { (ui.t("account-organisation-acting-none")) } }
                    (rows(self.acting.iter().map(|one| {
                        let since = ui.date(one.since.micros());
                        let until = one.until.map(|until| ui.date(until.micros()));
                        row(member.path(&format!("members/{}", one.account)), one.name.clone())
                            .icon(Icon::Person)
                            .detail(html! {
                                (ui.t_with("account-since", &[("date", since.into())]))
                                @if let Some(until) = until {
                                    " " (ui.t_with("account-until", &[("date", until.into())]))
                                }
                            })
                            .status(badge(Shade::Jade, role_name(&ui, one.role)))
                    })))
                }))
                (self.appoint_form(member, &ui, typed, &errors))
            },
        )
    }

    fn appoint_form(
        &self,
        member: &Member,
        ui: &Ui,
        typed: &Appointed,
        errors: &FormErrors,
    ) -> Markup {
        let id = self.organisation.id;
        let fitting = fitting_role(self.organisation.kind);
        if !member.may(appointing(fitting)) {
            return html! {};
        }
        let fields = html! {
            (web_ui::hidden("role", fitting.name()))
            (field(ui, "login", ui.t("account-login")).value(typed.login.as_str())
                .hint(ui.t("account-appoint-login-hint")).error(errors.of("login")).required())
            (field(ui, "until", ui.t("account-last-day")).input(Input::Date).value(typed.until.as_str())
                .hint(ui.t("account-last-day-hint")).error(errors.of("until")))
            (field(ui, "reason", ui.t("account-reason")).value(typed.reason.as_str())
                .hint(ui.t("account-reason-hint")).max_length(200).error(errors.of("reason")).required())
        };
        let appoint = form(ui, member.path(&format!("organisations/{id}")), fields)
            .errors(ui, errors)
            .button(button(ui.t("account-appoint")).icon(Icon::Check));
        let as_whom = role_name(ui, fitting);
        section(
            ui.t("account-appoint"),
            html! {
                p { (ui.t_with("account-appoint-text", &[("role", as_whom.into())])) }
                (appoint)
            },
        )
    }
}

/// The role in which people act for an organisation of this sort.
const fn fitting_role(kind: OrganisationKind) -> Role {
    match kind {
        OrganisationKind::Committee => Role::CommitteeMember,
        OrganisationKind::PropertyCompany => Role::Butler,
        OrganisationKind::Provider => Role::Provider,
        OrganisationKind::CityDepartment => Role::CityStaff,
        OrganisationKind::Developer => Role::Applicant,
    }
}
