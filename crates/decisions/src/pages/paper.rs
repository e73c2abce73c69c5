//! A meeting on paper: one notice, one delivery and one ballot with all matters.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{CommunityId, Kind, Timestamp};
use maud::{Markup, html};
use people::model::UnitId;
use shell::{Failure, FlashKey, Form, Member, download, flash_to};
use web_ui::{
    FormErrors, Heading, Icon, Input, Tone, button, checkbox, field, form, link_button, qr_code,
    select, textarea,
};

use super::agenda::{choice_field, chosen, path_of, read, unit_fields};
use super::{instant, local_time};
use crate::model::{AssemblyId, Channel, DELIVER, DeliveryChannel, RECORD_VOTE, Stage};
use crate::notice::{agenda_document, agenda_lines};
use crate::queries::{self, AssemblyView};
use crate::store::{Publication, Resolution};
use crate::{Error, RecordDelivery, RecordVote};

type Typed = BTreeMap<String, String>;

fn text<'a>(typed: &'a Typed, field: &str) -> &'a str {
    typed.get(field).map(String::as_str).unwrap_or_default()
}

fn errors(member: &Member, failure: Option<&Failure>) -> FormErrors {
    let ui = member.ui();
    let mut errors = FormErrors::new();
    if let Some(failure) = failure {
        errors.add("building", failure.sentence(&ui.messages, ui.language));
    }
    errors
}

pub(super) async fn ballot_form(
    member: Member,
    Path((_, id)): Path<(CommunityId, AssemblyId)>,
) -> Result<Markup, Failure> {
    member
        .context()?
        .require(RECORD_VOTE)
        .map_err(Failure::from)?;
    let view = read(&member, id).await?;
    let now = local_time(member.visitor.now);
    let typed = Typed::from([("at".to_owned(), now)]);
    Ok(ballot_page(&member, &view, &typed, None))
}

fn ballot_page(
    member: &Member,
    view: &AssemblyView,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Markup {
    let ui = member.ui();
    let id = view.assembly.id;
    let errors = errors(member, failure);
    let mut channel = select(&ui, "channel", ui.t("decisions-channel"))
        .selected(text(typed, "channel"))
        .required();
    for one in [Channel::Paper, Channel::Door, Channel::Phone] {
        channel = channel.option(
            one.name(),
            ui.t(&format!("decisions-channel-{}", one.name())),
        );
    }
    let heading = Heading::new(ui.t("decisions-record-ballot"))
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .crumb(path_of(member, id), view.assembly.call.title.clone())
        .lead(ui.t("decisions-record-ballot-lead"));
    let open = view
        .matters
        .iter()
        .filter(|matter| matches!(matter.stage, Stage::Voting | Stage::Closed))
        .filter(|matter| !super::ballot::has_names(matter));
    ui.page(heading, html! {
        (form(&ui, format!("{}/votes", path_of(member, id)), html! {
            (unit_fields(&ui, text(typed, "building"), text(typed, "unit"), &errors))
            @for (place, matter) in open.enumerate() {
                @let resolution = &matter.resolution;
                @let may_follow = resolution.publication.as_ref().is_some_and(|publication| publication.terms.rules.follow_allowed);
                @let chosen = typed.get(&format!("choice-{}", resolution.id)).map(String::as_str);
                (choice_field(&ui, resolution.id, &format!("{}. {}", place + 1, resolution.draft.title), may_follow, chosen))
            }
            (channel)
            (field(&ui, "at", ui.t("decisions-received-at")).input(Input::DateTime).value(text(typed, "at")).required())
            (textarea(&ui, "evidence", ui.t("decisions-evidence")).value(text(typed, "evidence")).lines(3)
                .hint(ui.t("decisions-evidence-hint")).required())
        })
        .errors(&ui, &errors)
        .button(button(ui.t("decisions-record-ballot")).icon(Icon::Check))
        .button(link_button(path_of(member, id), ui.t("decisions-back")).secondary()))
    })
}

pub(super) async fn record_ballot(
    member: Member,
    Path((_, id)): Path<(CommunityId, AssemblyId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let view = read(&member, id).await?;
    match send_ballot(&member, &view, &typed).await {
        Ok(()) => flash_to(
            &path_of(&member, id),
            FlashKey(Tone::Success, "decisions-flash-recorded"),
        ),
        Err(failure) if is_correctable(&failure) => {
            let page = ballot_page(&member, &view, &typed, Some(&failure));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(failure) => Err(failure),
    }
}

const fn is_correctable(failure: &Failure) -> bool {
    matches!(
        failure.kind,
        Kind::Invalid | Kind::Conflict | Kind::NotFound
    )
}

async fn send_ballot(member: &Member, view: &AssemblyView, typed: &Typed) -> Result<(), Failure> {
    let choices = chosen(view, typed)?;
    let unit = unit_of(member, view, typed).await?;
    let channel =
        Channel::from_name(text(typed, "channel")).ok_or(Error::Blank { field: "channel" })?;
    let received_at = instant(text(typed, "at"))?;
    for (resolution, choice) in choices {
        let vote = RecordVote {
            resolution,
            unit,
            choice,
            channel,
            received_at,
            evidence: text(typed, "evidence").to_owned(),
        };
        member.execute(vote).await?;
    }
    Ok(())
}

/// The unit as typed, in the one electorate of all matters.
async fn unit_of(member: &Member, view: &AssemblyView, typed: &Typed) -> Result<UnitId, Failure> {
    let published = published(view);
    let (first, _) = published.first().ok_or(Error::NotInElectorate)?;
    let id = first.id;
    let (building, unit) = (
        text(typed, "building").to_owned(),
        text(typed, "unit").to_owned(),
    );
    member
        .read(move |read, ctx| queries::find_unit(read, ctx, id, &building, &unit))
        .await
}

pub(super) async fn delivery_form(
    member: Member,
    Path((_, id)): Path<(CommunityId, AssemblyId)>,
) -> Result<Markup, Failure> {
    member.context()?.require(DELIVER).map_err(Failure::from)?;
    let view = read(&member, id).await?;
    let now = local_time(member.visitor.now);
    let typed = Typed::from([("at".to_owned(), now)]);
    Ok(delivery_page(&member, &view, &typed, None))
}

fn delivery_page(
    member: &Member,
    view: &AssemblyView,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Markup {
    let ui = member.ui();
    let id = view.assembly.id;
    let errors = errors(member, failure);
    let mut channel = select(&ui, "channel", ui.t("decisions-delivery-channel"))
        .selected(text(typed, "channel"))
        .required();
    for one in DeliveryChannel::ALL {
        if *one != DeliveryChannel::Electronic {
            channel = channel.option(
                one.name(),
                ui.t(&format!("decisions-delivery-{}", one.name())),
            );
        }
    }
    let heading = Heading::new(ui.t("decisions-record-delivery"))
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .crumb(path_of(member, id), view.assembly.call.title.clone());
    ui.page(heading, html! {
        (form(&ui, format!("{}/deliveries", path_of(member, id)), html! {
            (unit_fields(&ui, text(typed, "building"), text(typed, "unit"), &errors))
            (channel)
            (field(&ui, "at", ui.t("decisions-delivered-at")).input(Input::DateTime).value(text(typed, "at")).required())
            (textarea(&ui, "evidence", ui.t("decisions-evidence")).value(text(typed, "evidence")).lines(3).required())
            (checkbox(&ui, "warned_of_silence", ui.t("decisions-warned")).hint(ui.t("decisions-warned-hint")))
        })
        .errors(&ui, &errors)
        .button(button(ui.t("decisions-record-delivery")).icon(Icon::Check))
        .button(link_button(path_of(member, id), ui.t("decisions-back")).secondary()))
    })
}

pub(super) async fn deliver(
    member: Member,
    Path((_, id)): Path<(CommunityId, AssemblyId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let view = read(&member, id).await?;
    match send_delivery(&member, &view, &typed).await {
        Ok(()) => flash_to(
            &path_of(&member, id),
            FlashKey(Tone::Success, "decisions-flash-delivered"),
        ),
        Err(failure) if is_correctable(&failure) => {
            let page = delivery_page(&member, &view, &typed, Some(&failure));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(failure) => Err(failure),
    }
}

async fn send_delivery(member: &Member, view: &AssemblyView, typed: &Typed) -> Result<(), Failure> {
    let unit = unit_of(member, view, typed).await?;
    let channel = DeliveryChannel::from_name(text(typed, "channel"))
        .ok_or(Error::Blank { field: "channel" })?;
    let delivered_at: Timestamp = instant(text(typed, "at"))?;
    for (resolution, _) in published(view) {
        let delivery = RecordDelivery {
            resolution: resolution.id,
            unit,
            channel,
            delivered_at,
            evidence: text(typed, "evidence").to_owned(),
            warned_of_silence: typed.contains_key("warned_of_silence"),
        };
        member.execute(delivery).await?;
    }
    Ok(())
}

/// The matters that were published and not withdrawn.
fn published(view: &AssemblyView) -> Vec<(&Resolution, &Publication)> {
    view.matters
        .iter()
        .filter(|matter| matter.stage != Stage::Withdrawn)
        .filter_map(|matter| {
            let resolution = &matter.resolution;
            Some((resolution, resolution.publication.as_ref()?))
        })
        .collect()
}

fn address_of(member: &Member, id: AssemblyId) -> String {
    let site = member.app().settings().public_url.trim_end_matches('/');
    format!("{site}{}", path_of(member, id))
}

/// The one notice of all matters.
pub(super) async fn notice(
    member: Member,
    Path((_, id)): Path<(CommunityId, AssemblyId)>,
) -> Result<Markup, Failure> {
    let view = read(&member, id).await?;
    let matters = published(&view);
    let (first, publication) = *matters.first().ok_or(Error::EmptyAgenda)?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("decisions-notice"))
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .crumb(path_of(&member, id), view.assembly.call.title.clone());
    let issued = crate::notice::issued_on(first, publication);
    let issued = web_ui::date(web_ui::Language::Zh, issued.micros());
    Ok(ui.page(heading, html! {
        div lang="zh-CN" {
            (web_ui::announcement(&ui, format!("{}业主大会会议通知", member.face.name), html! {
                p { strong { (view.assembly.call.title) } }
                @for line in agenda_lines(&matters) { p { (line) } }
                (qr_code(&address_of(&member, id), "扫码投票"))
            })
            .signed(format!("{}业主委员会", member.face.name), issued))
        }
        (web_ui::actions(link_button(format!("{}/notice/file", path_of(&member, id)), ui.t("decisions-notice-pdf")).secondary().icon(Icon::Download).download()))
    }))
}

pub(super) async fn notice_file(
    member: Member,
    Path((_, id)): Path<(CommunityId, AssemblyId)>,
) -> Result<Response, Failure> {
    agenda_pdf(&member, id).await
}

/// The notice of a meeting to print and post.
pub(crate) async fn agenda_pdf(member: &Member, id: AssemblyId) -> Result<Response, Failure> {
    let view = read(member, id).await?;
    let matters = published(&view);
    if matters.is_empty() {
        return Err(Error::EmptyAgenda.into());
    }
    let document = agenda_document(
        &view.assembly.call.title,
        &matters,
        &member.face.name,
        &address_of(member, id),
    );
    let pdf = documents::to_pdf(&document).map_err(|error| Failure::internal("the PDF", &error))?;
    Ok(download(
        &format!("notice-{id}.pdf"),
        "application/pdf",
        pdf,
    ))
}
