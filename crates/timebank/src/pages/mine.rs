//! One's own part: hours, visits to make, visits to come, giving hours.

use axum::extract::Path;
use axum::response::Response;
use kernel::CommunityId;
use maud::{Markup, html};
use shell::{Failure, Form, Member};
use web_ui::{
    Heading, Icon, Input, Tone, Ui, button, checkbox, disclosure, empty, field, form, link_button,
    notice, section, select, stat, stats, textarea,
};

use super::{Typed, again, done, duration, form_errors, to_correct, told};
use crate::model::{ASSIST, ConfirmedAs, RequestId, TAKE_PART, VisitId};
use crate::queries::{self, Mine, RequestView, Stage, VisitView};
use crate::{
    CancelRequest, CancelVisit, CheckIn, CheckOut, Complain, ConfirmVisit, DonateHours, Error,
    GiveHours, Receiver,
};

pub(super) async fn page(member: Member) -> Result<Markup, Failure> {
    mine_page(&member, &Typed::default(), None).await
}

pub(super) async fn check_in(
    member: Member,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let (code, place) = (
        typed.text("code").to_owned(),
        typed.text("place").to_owned(),
    );
    let sent = member.execute(CheckIn { code, place }).await.map(drop);
    answered(&member, &typed, sent, "timebank-flash-checked-in").await
}

pub(super) async fn check_out(
    member: Member,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let code = typed.text("code").to_owned();
    let sent = member.execute(CheckOut { code }).await.map(drop);
    answered(&member, &typed, sent, "timebank-flash-checked-out").await
}

pub(super) async fn confirm(
    member: Member,
    Path((_, visit)): Path<(CommunityId, VisitId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let longer = typed.text("longer") == "on";
    member.execute(ConfirmVisit { visit, longer }).await?;
    done(&member, "", "timebank-flash-confirmed")
}

pub(super) async fn cancel(
    member: Member,
    Path((_, visit)): Path<(CommunityId, VisitId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let reason = typed.text("reason").to_owned();
    member.execute(CancelVisit { visit, reason }).await?;
    done(&member, "", "timebank-flash-cancelled")
}

pub(super) async fn complain(
    member: Member,
    Path((_, visit)): Path<(CommunityId, VisitId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let said = typed.text("said").to_owned();
    member.execute(Complain { visit, said }).await?;
    done(&member, "", "timebank-flash-complained")
}

pub(super) async fn take_back(
    member: Member,
    Path((_, request)): Path<(CommunityId, RequestId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let reason = typed.text("reason").to_owned();
    member.execute(CancelRequest { request, reason }).await?;
    done(&member, "", "timebank-flash-cancelled")
}

pub(super) async fn give(member: Member, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let to = match typed.text("to").split_once(':') {
        Some(("elder", id)) => id.parse().ok().map(Receiver::Elder),
        Some((_, id)) => id.parse().ok().map(Receiver::Account),
        None => None,
    };
    let to = to.ok_or_else(|| Failure::from(Error::NotFound { what: "elder" }))?;
    let minutes = typed.minutes();
    let sent = member.execute(GiveHours { to, minutes }).await;
    answered(&member, &typed, sent, "timebank-flash-given").await
}

pub(super) async fn send(member: Member, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let sent = super::clearing::send(&member, &typed).await;
    answered(&member, &typed, sent, "timebank-flash-sent").await
}

pub(super) async fn donate(member: Member, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let minutes = typed.minutes();
    let sent = member.execute(DonateHours { minutes }).await;
    answered(&member, &typed, sent, "timebank-flash-donated").await
}

async fn answered(
    member: &Member,
    typed: &Typed,
    sent: Result<(), Failure>,
    flash: &'static str,
) -> Result<Response, Failure> {
    let Some(failure) = to_correct(sent)? else {
        return done(member, "", flash);
    };
    let page = mine_page(member, typed, Some(&failure)).await?;
    Ok(again(&failure, page))
}

async fn mine_page(
    member: &Member,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Result<Markup, Failure> {
    let mine = member.read(queries::mine).await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("timebank-title")).lead(ui.t("timebank-lead")).actions(html! {
        (link_button(member.path("timebank/requests"), ui.t("timebank-find")).icon(Icon::Search))
        (link_button(member.path("timebank/volunteer"), ui.t("timebank-volunteer")).secondary().icon(Icon::Person))
        (link_button(member.path("timebank/statement"), ui.t("timebank-statement")).secondary().icon(Icon::History))
        @if mine.volunteer.is_some() {
            (link_button(member.path("timebank/certificates"), ui.t("timebank-certificates")).secondary().icon(Icon::Download))
        }
        @if member.may(ASSIST) {
            (link_button(member.path("timebank/desk"), ui.t("timebank-desk")).secondary().icon(Icon::Settings))
        }
    });
    if mine.chosen.is_none() {
        let nothing =
            empty(Icon::Clock, ui.t("timebank-no-scheme")).text(ui.t("timebank-no-scheme-text"));
        return Ok(ui.page(heading, html! { (nothing) }));
    }
    let errors = form_errors(&ui, failure);
    Ok(ui.page(heading, html! {
        (hours(member, &ui, &mine))
        @if let Some(max) = mine.cut_at {
            (notice(&ui, Tone::Info, ui.t_with("timebank-lists-cut", &[("max", max.into())])))
        }
        @if !errors.is_empty() { (web_ui::error_summary(&ui, &errors)) }
        (my_visits(member, &ui, &mine, typed))
        (my_elders(member, &ui, &mine))
        @if member.may(TAKE_PART) && mine.balance.available > 0 { (giving(member, &ui, &mine, typed)) }
        @if member.may(TAKE_PART) { (super::clearing::along(member, &ui, &mine, typed)) }
    }))
}

fn hours(member: &Member, ui: &Ui, mine: &Mine) -> Markup {
    let to = || member.path("timebank/statement");
    let balance = &mine.balance;
    let age = balance.redeem_from_age;
    html! {
        (stats([
            stat(to(), duration(ui, balance.available), ui.t("timebank-available")),
            stat(to(), duration(ui, balance.reserved), ui.t("timebank-reserved")),
            stat(to(), duration(ui, balance.earned), ui.t("timebank-earned")),
            stat(to(), duration(ui, balance.donated), ui.t("timebank-donated")),
        ]))
        @if let Some(age) = age { p { (ui.t_with("timebank-redeem-from", &[("age", age.into())])) } }
        @if let Some(cap) = balance.cap { p { (ui.t_with("timebank-cap", &[("time", duration(ui, cap).into())])) } }
    }
}

/// As a volunteer: the code form, then each visit.
fn my_visits(member: &Member, ui: &Ui, mine: &Mine, typed: &Typed) -> Markup {
    let stage = |request: &RequestView| request.visit.as_ref().map(|visit| visit.stage);
    let has = |wanted| mine.visits.iter().any(|one| stage(one) == Some(wanted));
    html! {
        (section(ui.t("timebank-my-visits"), html! {
            @if mine.visits.is_empty() {
                (empty(Icon::Clock, ui.t("timebank-no-visits")).text(ui.t("timebank-no-visits-text")))
            }
            @if has(Stage::Booked) { (code_form(member, ui, typed, "check-in", true)) }
            @if has(Stage::Begun) { (code_form(member, ui, typed, "check-out", false)) }
            @for request in &mine.visits {
                div.card {
                    (told(ui, request))
                    @if let Some(visit) = &request.visit { (volunteer_acts(member, ui, visit)) }
                }
            }
        }))
    }
}

fn code_form(member: &Member, ui: &Ui, typed: &Typed, what: &str, with_place: bool) -> Markup {
    let action = member.path(&format!("timebank/{what}"));
    let fields = html! {
        (field(ui, "code", ui.t("timebank-field-code")).input(Input::Code).value(typed.text("code"))
            .hint(ui.t("timebank-code-hint")).max_length(20).required())
        @if with_place { (field(ui, "place", ui.t("timebank-field-place")).max_length(60)) }
    };
    let label = ui.t(&format!("timebank-{what}")).into_owned();
    html! { (form(ui, action, fields).button(button(label).icon(Icon::Check))) }
}

fn volunteer_acts(member: &Member, ui: &Ui, visit: &VisitView) -> Markup {
    let path = |what: &str| member.path(&format!("timebank/visits/{}/{what}", visit.id));
    html! {
        @if visit.stage == Stage::Booked {
            (disclosure(ui.t("timebank-call-off"), form(ui, path("cancellation"), html! {
                (field(ui, "reason", ui.t("timebank-field-reason")).max_length(200).required())
            }).button(button(ui.t("timebank-call-off")).secondary())))
        }
        @if visit.stage != Stage::Cancelled && !visit.is_disputed { (complaint(ui, path("complaint"))) }
    }
}

/// Something is wrong with a visit.
pub(super) fn complaint(ui: &Ui, path: String) -> Markup {
    html! {
        (disclosure(ui.t("timebank-complain"), form(ui, path, html! {
            (textarea(ui, "said", ui.t("timebank-field-said")).lines(3).max_length(1_000).required())
        }).button(button(ui.t("timebank-complain")).secondary())))
    }
}

/// As an elder or family: whom one may ask for, and what was asked.
fn my_elders(member: &Member, ui: &Ui, mine: &Mine) -> Markup {
    html! {
        (section(ui.t("timebank-my-requests"), html! {
            @for (elder, as_whom) in &mine.elders {
                p {
                    strong { (elder.profile.name) } " "
                    (link_button(member.path(&format!("timebank/elders/{}/requests", elder.id)), ui.t("timebank-ask"))
                        .icon(Icon::Add))
                }
                @if elder.withdrawn_at.is_some() && *as_whom == ConfirmedAs::Family {
                    p { (ui.t("timebank-error-no-consent")) }
                }
            }
            @if !mine.elders.iter().any(|(_, as_whom)| *as_whom == ConfirmedAs::Elder) && member.may(TAKE_PART) {
                p { (link_button(member.path("timebank/elders/new"), ui.t("timebank-need-help")).secondary().icon(Icon::Add)) }
            }
            @if mine.requests.is_empty() { (empty(Icon::Calendar, ui.t("timebank-no-requests"))) }
            @for request in &mine.requests {
                div.card { (told(ui, request)) (elder_acts(member, ui, request)) }
            }
        }))
    }
}

fn elder_acts(member: &Member, ui: &Ui, request: &RequestView) -> Markup {
    let stage = request.visit.as_ref().map(|visit| visit.stage);
    let may_take_back = !request.is_closed && matches!(stage, None | Some(Stage::Booked));
    let take_back = member.path(&format!("timebank/requests/{}/cancellation", request.id));
    html! {
        @if let Some(visit) = &request.visit {
            @if let Some(code) = &visit.code {
                p { (ui.t("timebank-say-code")) " " strong { (code) } }
            }
            (confirm_form(member, ui, request, visit))
            @if visit.stage != Stage::Cancelled && !visit.is_disputed {
                (complaint(ui, member.path(&format!("timebank/visits/{}/complaint", visit.id))))
            }
        }
        @if may_take_back {
            (disclosure(ui.t("timebank-take-back"), form(ui, take_back, html! {
                (field(ui, "reason", ui.t("timebank-field-reason")).max_length(200).required())
            }).button(button(ui.t("timebank-take-back")).secondary())))
        }
    }
}

/// Confirming, with more than was booked if it took longer.
pub(super) fn confirm_form(
    member: &Member,
    ui: &Ui,
    request: &RequestView,
    visit: &VisitView,
) -> Markup {
    let (Stage::Ended, Some(came), Some(left)) = (visit.stage, visit.came_at, visit.left_at) else {
        return html! {};
    };
    if visit.is_disputed {
        return html! {};
    }
    let real = crate::model::minutes_between(came, left).unwrap_or(0);
    let action = member.path(&format!("timebank/visits/{}/confirmation", visit.id));
    let longer = ui.t_with("timebank-longer", &[("time", duration(ui, real).into())]);
    html! {
        (form(ui, action, html! {
            @if real > request.minutes { (checkbox(ui, "longer", longer)) }
        }).button(button(ui.t("timebank-confirm")).icon(Icon::Check)))
    }
}

fn giving(member: &Member, ui: &Ui, mine: &Mine, typed: &Typed) -> Markup {
    let time = || {
        html! {
            (field(ui, "hours", ui.t("timebank-field-hours")).input(Input::Number).value(typed.text("hours")))
            (field(ui, "minutes", ui.t("timebank-field-minutes")).input(Input::Number).value(typed.text("minutes")))
        }
    };
    let mut to = select(ui, "to", ui.t("timebank-field-to")).required();
    for member in &mine.family {
        to = to.option(format!("account:{}", member.account), member.name.clone());
    }
    let family = mine
        .elders
        .iter()
        .filter(|(_, as_whom)| *as_whom == ConfirmedAs::Family);
    for (elder, _) in family {
        to = to.option(format!("elder:{}", elder.id), elder.profile.name.clone());
    }
    let has_family = !mine.family.is_empty()
        || mine
            .elders
            .iter()
            .any(|(_, one)| *one == ConfirmedAs::Family);
    html! {
        (section(ui.t("timebank-giving"), html! {
            @if has_family {
                (disclosure(ui.t("timebank-give"), form(ui, member.path("timebank/gifts"), html! { (to) (time()) })
                    .button(button(ui.t("timebank-give")).icon(Icon::Person))))
            }
            (disclosure(ui.t("timebank-donate"), form(ui, member.path("timebank/donations"), time())
                .button(button(ui.t("timebank-donate")).secondary())))
        }))
    }
}
