//! The staff's desk: what waits, who takes part, complaints, services, the pool, the scheme.

mod acts;
mod scheme;

use axum::extract::Path;
use axum::response::Response;
use kernel::CommunityId;
use maud::{Markup, html};
use shell::{Failure, Member};
use web_ui::{
    Column, Heading, Icon, Input, Shade, Tone, Ui, badge, button, checkbox, disclosure, empty,
    field, form, link_button, notice, section, stat, stats, table, textarea,
};

use super::mine::confirm_form;
use super::{Typed, again, done, duration, form_errors, select_named, to_correct, told, workbook};
use crate::model::{ARBITRATE, Bond, MANAGE, REVIEW, RequestId};
use crate::queries::{self, ComplaintView, Desk, RequestView, Stage};
use crate::store::{Elder, Volunteer};

pub(super) use acts::{end_service, enter_times, entitle, fund, make_service, relate, settle, vet};
pub(super) use scheme::{choose, preview};

pub(super) async fn page(member: Member) -> Result<Markup, Failure> {
    desk_page(&member, &Typed::default(), None).await
}

/// Back to the desk, or the desk again with what went wrong.
async fn answered(
    member: &Member,
    typed: &Typed,
    sent: Result<(), Failure>,
    flash: &'static str,
) -> Result<Response, Failure> {
    let Some(failure) = to_correct(sent)? else {
        return done(member, "/desk", flash);
    };
    let page = desk_page(member, typed, Some(&failure)).await?;
    Ok(again(&failure, page))
}

async fn desk_page(
    member: &Member,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Result<Markup, Failure> {
    let desk = member.read(queries::desk).await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("timebank-desk"))
        .crumb(member.path("timebank"), ui.t("timebank-title"))
        .lead(ui.t("timebank-desk-lead"))
        .actions(html! {
            (link_button(member.path("timebank/elders/new"), ui.t("timebank-elder-new")).icon(Icon::Add))
            (link_button(member.path("timebank/desk/clearing"), ui.t("timebank-clearing")).secondary().icon(Icon::People))
            @if member.may(REVIEW) {
                (link_button(member.path("timebank/desk/review"), ui.t("timebank-review")).secondary().icon(Icon::Search))
            }
            @if member.may(MANAGE) {
                (link_button(member.path("timebank/desk/scheme"), ui.t("timebank-scheme")).secondary().icon(Icon::Law))
            }
        });
    let errors = form_errors(&ui, failure);
    Ok(ui.page(
        heading,
        html! {
            @if !errors.is_empty() { (web_ui::error_summary(&ui, &errors)) }
            @if let Some(max) = desk.cut_at {
                (notice(&ui, Tone::Info, ui.t_with("timebank-lists-cut", &[("max", max.into())])))
            }
            (scheme::in_force(&ui, &desk))
            (waiting(member, &ui, &desk))
            (visits(member, &ui, &desk))
            @if member.may(ARBITRATE) { (complaints(member, &ui, &desk)) }
            (volunteers(member, &ui, &desk))
            (elders(member, &ui, &desk))
            (services(member, &ui, &desk, typed))
            @if member.may(MANAGE) { (pool(member, &ui, &desk, typed)) }
        },
    ))
}

fn waiting(member: &Member, ui: &Ui, desk: &Desk) -> Markup {
    html! {
        (section(ui.t("timebank-waiting"), html! {
            @if desk.waiting.is_empty() { (empty(Icon::Check, ui.t("timebank-nothing-waits"))) }
            @for request in &desk.waiting {
                div.card {
                    (told(ui, request))
                    (link_button(member.path(&format!("timebank/desk/requests/{}", request.id)), ui.t("timebank-matches"))
                        .secondary().icon(Icon::People))
                }
            }
        }))
    }
}

fn visits(member: &Member, ui: &Ui, desk: &Desk) -> Markup {
    html! {
        (section(ui.t("timebank-visits"), html! {
            @if desk.visits.is_empty() { (empty(Icon::Clock, ui.t("timebank-no-visits"))) }
            @for request in &desk.visits {
                div.card { (told(ui, request)) (staff_acts(member, ui, request)) }
            }
        }))
    }
}

/// What staff do about a visit: read out the code, enter times, confirm after asking the elder.
fn staff_acts(member: &Member, ui: &Ui, request: &RequestView) -> Markup {
    let Some(visit) = &request.visit else {
        return html! {};
    };
    let times = member.path(&format!("timebank/visits/{}/times", visit.id));
    html! {
        @if matches!(visit.stage, Stage::Booked | Stage::Begun) {
            @if let Some(code) = &visit.code { p { (ui.t("timebank-say-code")) " " strong { (code) } } }
            (disclosure(ui.t("timebank-enter-times"), form(ui, times, html! {
                (field(ui, "came", ui.t("timebank-field-came")).input(Input::DateTime).required())
                (field(ui, "left", ui.t("timebank-field-left")).input(Input::DateTime).required())
            }).button(button(ui.t("timebank-enter-times")).secondary())))
        }
        (confirm_form(member, ui, request, visit))
    }
}

fn complaints(member: &Member, ui: &Ui, desk: &Desk) -> Markup {
    html! {
        (section(ui.t("timebank-complaints"), html! {
            @if desk.complaints.is_empty() { (empty(Icon::Check, ui.t("timebank-no-complaints"))) }
            @for complaint in &desk.complaints {
                div.card {
                    @let about = desk.visits.iter().find(|one| one.visit.as_ref().is_some_and(|visit| visit.id == complaint.visit));
                    @if let Some(about) = about { (told(ui, about)) }
                    p { (ui.date_time(complaint.made_at.micros())) " · " (complaint.said) }
                    (ruling(member, ui, complaint))
                }
            }
        }))
    }
}

fn ruling(member: &Member, ui: &Ui, complaint: &ComplaintView) -> Markup {
    let path = member.path(&format!(
        "timebank/desk/complaints/{}/settlement",
        complaint.id
    ));
    if let (Some(is_upheld), Some(ruling)) = (complaint.is_upheld, &complaint.ruling) {
        let key = if is_upheld {
            "timebank-upheld"
        } else {
            "timebank-dismissed"
        };
        html! { p { (badge(Shade::Wall, ui.t(key))) " " (ruling) } }
    } else {
        html! {
            (form(ui, path, html! {
                (checkbox(ui, "upheld", ui.t("timebank-uphold")))
                (field(ui, "right_minutes", ui.t("timebank-field-right-minutes")).input(Input::Number).value("0"))
                (textarea(ui, "ruling", ui.t("timebank-field-ruling")).lines(2).max_length(1_000).required())
            }).button(button(ui.t("timebank-settle")).secondary()))
        }
    }
}

fn volunteers(member: &Member, ui: &Ui, desk: &Desk) -> Markup {
    html! {
        (section(ui.t("timebank-volunteers"), html! {
            @if desk.volunteers.is_empty() { (empty(Icon::People, ui.t("timebank-no-volunteers"))) }
            @for volunteer in &desk.volunteers { div.card { (volunteer_card(member, ui, desk, volunteer)) } }
        }))
    }
}

fn volunteer_card(member: &Member, ui: &Ui, desk: &Desk, volunteer: &Volunteer) -> Markup {
    let profile = &volunteer.profile;
    let skills = queries::service_titles(&desk.services, &profile.skills).join("、");
    let vetting = member.path(&format!(
        "timebank/desk/volunteers/{}/vetting",
        volunteer.account
    ));
    let (shade, key) = match volunteer.is_fit {
        Some(true) => (Shade::Jade, "timebank-vetted"),
        Some(false) => (Shade::Vermilion, "timebank-vetted-not"),
        None => (Shade::Wall, "timebank-vetting-waits"),
    };
    html! {
        p {
            strong { (profile.name) } " · " (ui.t_with("timebank-number", &[("number", volunteer.number.into())]))
            " " (badge(shade, ui.t(key)))
        }
        p { (profile.languages.join("、")) @if !skills.is_empty() { " · " (skills) }
            @if let Some(team) = &profile.team { " · " (team) } }
        (disclosure(ui.t("timebank-vet"), form(ui, vetting, html! {
            (checkbox(ui, "fit", ui.t("timebank-fit")))
            (field(ui, "note", ui.t("timebank-field-vetting")).max_length(200).required())
        }).button(button(ui.t("timebank-vet")).secondary())))
    }
}

fn elders(member: &Member, ui: &Ui, desk: &Desk) -> Markup {
    html! {
        (section(ui.t("timebank-elders"), html! {
            @if desk.elders.is_empty() { (empty(Icon::Person, ui.t("timebank-no-elders"))) }
            @for (elder, available) in &desk.elders { div.card { (elder_card(member, ui, elder, *available)) } }
        }))
    }
}

fn elder_card(member: &Member, ui: &Ui, elder: &Elder, available: i64) -> Markup {
    let path = |what: &str| member.path(&format!("timebank/elders/{}/{what}", elder.id));
    let profile = &elder.profile;
    let bonds = Bond::ALL.iter().map(|one| one.name());
    html! {
        p {
            strong { (profile.name) } " · " (profile.building) " " (profile.door) " · " (profile.phone) " "
            @if elder.entitled_at.is_some() { (badge(Shade::Jade, ui.t("timebank-entitled"))) }
            @if elder.withdrawn_at.is_some() { (badge(Shade::Vermilion, ui.t("timebank-withdrawn"))) }
        }
        p {
            (ui.t("timebank-available")) " " (duration(ui, available)) " · "
            (ui.t(&format!("timebank-consent-{}", elder.consent.name())))
        }
        (link_button(path("requests"), ui.t("timebank-ask")).icon(Icon::Add))
        @if member.may(MANAGE) {
            (disclosure(ui.t("timebank-entitle"), form(ui, path("entitlement"), html! {
                (checkbox(ui, "hardship", ui.t("timebank-hardship")).checked(elder.is_hardship))
            }).button(button(ui.t("timebank-entitle")).secondary())))
        }
        (disclosure(ui.t("timebank-relate"), form(ui, path("relations"), html! {
            (field(ui, "number", ui.t("timebank-field-number")).input(Input::Number).required())
            (select_named(ui, "bond", bonds, "direct"))
            (field(ui, "evidence", ui.t("timebank-field-evidence")).max_length(200).required())
        }).button(button(ui.t("timebank-relate")).secondary())))
    }
}

fn services(member: &Member, ui: &Ui, desk: &Desk, typed: &Typed) -> Markup {
    let columns = [
        Column::text(ui.t("timebank-field-title")),
        Column::number(ui.t("timebank-field-minutes")),
        Column::text(ui.t("timebank-state")),
    ];
    let rows = desk.services.iter().map(|service| {
        let end = member.path(&format!("timebank/desk/services/{}/end", service.id));
        let state = if service.ended_at.is_some() {
            html! { (badge(Shade::Wall, ui.t("timebank-ended"))) }
        } else if member.may(MANAGE) {
            html! { (form(ui, end, html! {}).button(button(ui.t("timebank-end")).secondary())) }
        } else {
            html! {}
        };
        vec![
            html! { (service.title) },
            html! { (ui.number(service.minutes)) },
            state,
        ]
    });
    html! {
        (section(ui.t("timebank-services"), html! {
            @if desk.services.is_empty() { (empty(Icon::Add, ui.t("timebank-no-services"))) }
            @else { (table(ui, ui.t("timebank-services"), columns).rows(rows)) }
            @if member.may(MANAGE) {
                (form(ui, member.path("timebank/desk/services"), html! {
                    (field(ui, "title", ui.t("timebank-field-title")).value(typed.text("title")).max_length(60).required())
                    (field(ui, "minutes", ui.t("timebank-field-minutes")).input(Input::Number)
                        .value(typed.text("minutes")).required())
                }).button(button(ui.t("timebank-make-service")).icon(Icon::Add)))
            }
        }))
    }
}

fn pool(member: &Member, ui: &Ui, desk: &Desk, typed: &Typed) -> Markup {
    let here = member.path("timebank/desk");
    let columns = [
        Column::text(ui.t("timebank-account")),
        Column::number(ui.t("timebank-accounts")),
        Column::number(ui.t("timebank-balance")),
        Column::number(ui.t("timebank-reserved")),
    ];
    let rows = desk.trial.iter().map(|line| {
        vec![
            html! { (ui.t(&format!("timebank-kind-{}", line.name))) },
            html! { (ui.number(i64::try_from(line.accounts).unwrap_or(i64::MAX))) },
            html! { (duration(ui, line.received - line.given)) },
            html! { (duration(ui, line.outgoing)) },
        ]
    });
    let all = table(ui, ui.t("timebank-book"), columns)
        .rows(rows)
        .export(ui, member.path("timebank/desk/excel"));
    html! {
        (section(ui.t("timebank-pool"), html! {
            (stats([stat(here, duration(ui, desk.pool), ui.t("timebank-pool-free"))]))
            @if !desk.trial.is_empty() { (all) }
            (form(ui, member.path("timebank/desk/pool"), html! {
                (field(ui, "hours", ui.t("timebank-field-hours")).input(Input::Number).value(typed.text("hours")).required())
                (field(ui, "reason", ui.t("timebank-field-ground")).value(typed.text("reason")).max_length(200).required())
            }).button(button(ui.t("timebank-fund")).secondary()))
        }))
    }
}

/// The book's accounts of hours, to keep.
pub(super) async fn excel(member: Member) -> Result<Response, Failure> {
    let desk = member.read(queries::desk).await?;
    let ui = member.ui();
    let titles = [
        "timebank-account",
        "timebank-accounts",
        "timebank-balance",
        "timebank-reserved",
    ];
    let columns = titles.iter().map(|key| documents::Column {
        title: ui.t(key).into_owned(),
        width: None,
    });
    let rows = desk.trial.iter().map(|line| {
        vec![
            documents::Cell::Text(ui.t(&format!("timebank-kind-{}", line.name)).into_owned()),
            documents::Cell::Integer(i64::try_from(line.accounts).unwrap_or(i64::MAX)),
            documents::Cell::Integer(line.received - line.given),
            documents::Cell::Integer(line.outgoing),
        ]
    });
    let sheet = documents::Sheet {
        name: ui.t("timebank-book").into_owned(),
        columns: columns.collect(),
        rows: rows.collect(),
    };
    workbook("timebank.xlsx", sheet)
}

/// Who fits a request, for staff who call them.
pub(super) async fn matches(
    member: Member,
    Path((_, request)): Path<(CommunityId, RequestId)>,
) -> Result<Markup, Failure> {
    let (request, fitting) = member
        .read(move |read, ctx| queries::matches(read, ctx, request))
        .await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("timebank-matches"))
        .crumb(member.path("timebank"), ui.t("timebank-title"))
        .crumb(member.path("timebank/desk"), ui.t("timebank-desk"));
    Ok(ui.page(
        heading,
        html! {
            div.card { (told(&ui, &request)) }
            @if fitting.is_empty() { (empty(Icon::People, ui.t("timebank-no-matches"))) }
            @for (volunteer, fit) in &fitting {
                div.card {
                    p {
                        strong { (volunteer.profile.name) } " · "
                        (ui.t_with("timebank-number", &[("number", volunteer.number.into())]))
                    }
                    (super::reasons(&ui, &fit.reasons))
                }
            }
        },
    ))
}
