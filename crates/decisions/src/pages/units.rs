//! For those who organise a vote: which units have a ballot, which have voted, and what came in beside the platform.

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ballot::resolution::Choice;
use documents::Cell;
use kernel::{CommunityId, Kind};
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{
    Column, FormErrors, Heading, Icon, Input, Shade, Tone, Ui, badge, button, checkbox, choices,
    field, form, link_button, notice, select, stat, stats, table, tabs, textarea,
};

use super::resolution::{sheet, sheet_file};
use super::{instant, local_time, path_of};
use crate::model::{Channel, DELIVER, DeliveryChannel, RECORD_VOTE, ResolutionId};
use crate::queries;
use crate::store::UnitProgress;
use crate::{Error, RecordDelivery, RecordVote};

/// How many units a page shows.
const SHOWN: usize = 200;

#[derive(Deserialize)]
pub(super) struct Filter {
    #[serde(default)]
    show: String,
}

pub(super) async fn page(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
    Query(Filter { show }): Query<Filter>,
) -> Result<Markup, Failure> {
    let (resolution, all) = member
        .read(move |read, ctx| queries::unit_progress(read, ctx, id))
        .await?;
    let ui = member.ui();
    let base = member.path(&format!("decisions/{id}/units"));
    let voted = all.iter().filter(|unit| unit.voted.is_some()).count();
    let unreached = all.iter().filter(|unit| is_unreached(unit)).count();
    let shown: Vec<&UnitProgress> = all.iter().filter(|unit| matches(unit, &show)).collect();
    let heading = Heading::new(ui.t("decisions-units"))
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .crumb(path_of(&member, id), resolution.draft.title)
        .lead(ui.t("decisions-units-lead"))
        .wide();
    let filter = |key: &str, label: &str| {
        web_ui::Tab::new(format!("{base}?show={key}"), ui.t(label), show == key)
    };
    Ok(ui.page(heading, html! {
        (stats([
            stat(format!("{base}?show="), all.len().to_string(), ui.t("decisions-units-all")),
            stat(format!("{base}?show=voted"), voted.to_string(), ui.t("decisions-units-voted")),
            stat(format!("{base}?show=unreached"), unreached.to_string(), ui.t("decisions-units-unreached")),
        ]))
        (tabs(&ui.t("decisions-units"), [
            filter("", "decisions-units-all"),
            filter("voted", "decisions-units-voted"),
            filter("open", "decisions-units-open"),
            filter("unreached", "decisions-units-unreached"),
        ]))
        (progress_table(&member, &ui, id, &shown))
        @if shown.len() > SHOWN {
            (notice(&ui, Tone::Info, html! { (ui.t_with("decisions-units-more", &[("count", (shown.len() - SHOWN).into())])) }))
        }
    }))
}

fn is_unreached(unit: &UnitProgress) -> bool {
    unit.voted.is_none() && unit.delivered_at.is_none()
}

fn matches(unit: &UnitProgress, show: &str) -> bool {
    match show {
        "voted" => unit.voted.is_some(),
        "open" => unit.voted.is_none(),
        "unreached" => is_unreached(unit),
        _ => true,
    }
}

fn progress_table(member: &Member, ui: &Ui, id: ResolutionId, units: &[&UnitProgress]) -> Markup {
    let columns = [
        Column::text(ui.t("decisions-own-unit")),
        Column::text(ui.t("decisions-delivered")),
        Column::text(ui.t("decisions-voted")),
        Column::text(ui.t("decisions-do")),
    ];
    let lines = units.iter().take(SHOWN).map(|unit| {
        let label = format!("{} {}", unit.building, unit.label);
        let place = format!("building={}&unit={}", query(&unit.building), query(&unit.label));
        vec![
            html! { a href=(member.path(&format!("decisions/{id}/units/{}", unit.unit))) { (label) } },
            html! { @match unit.delivered_at { Some(at) => (ui.date(at.micros())), None => (badge(Shade::Wall, ui.t("decisions-no"))) } },
            html! {
                @match &unit.voted {
                    Some((channel, at, revision)) => {
                        (badge(Shade::Jade, ui.t(&format!("decisions-channel-{}", channel.name())))) " " (ui.date(at.micros()))
                        @if *revision > 1 { " " (ui.t_with("decisions-revision", &[("revision", (*revision).into())])) }
                    }
                    None => (badge(Shade::Wall, ui.t("decisions-no"))),
                }
            },
            html! {
                a href=(member.path(&format!("decisions/{id}/votes?{place}"))) { (ui.t("decisions-record-vote")) } " · "
                a href=(member.path(&format!("decisions/{id}/deliveries?{place}"))) { (ui.t("decisions-record-delivery")) }
            },
        ]
    });
    let table = table(ui, ui.t("decisions-units"), columns)
        .rows(lines)
        .export(ui, member.path(&format!("decisions/{id}/units/export")));
    html! { (table) }
}

/// A text in the query of an address.
pub(super) fn query(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

pub(super) async fn export(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Response, Failure> {
    let (_, all) = member
        .read(move |read, ctx| queries::unit_progress(read, ctx, id))
        .await?;
    let ui = member.ui();
    let header = [
        "decisions-building",
        "decisions-own-unit",
        "decisions-delivered",
        "decisions-voted",
    ];
    let mut sheet = sheet(&ui, "decisions-units", &header);
    for unit in &all {
        let delivered = unit
            .delivered_at
            .map(|at| ui.date_time(at.micros()))
            .unwrap_or_default();
        let voted = unit.voted.as_ref().map(|(channel, at, _)| {
            format!(
                "{} {}",
                ui.t(&format!("decisions-channel-{}", channel.name())),
                ui.date_time(at.micros())
            )
        });
        sheet.rows.push(vec![
            Cell::Text(unit.building.clone()),
            Cell::Text(unit.label.clone()),
            Cell::Text(delivered),
            Cell::Text(voted.unwrap_or_default()),
        ]);
    }
    sheet_file("units.xlsx", sheet)
}

/// The unit as typed, with what else the two forms ask.
#[derive(Clone, Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    building: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    choice: String,
    #[serde(default)]
    channel: String,
    #[serde(default)]
    at: String,
    #[serde(default)]
    evidence: String,
    warned_of_silence: Option<String>,
}

pub(super) async fn vote_form(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
    Query(mut typed): Query<Typed>,
) -> Result<Markup, Failure> {
    member
        .context()?
        .require(RECORD_VOTE)
        .map_err(Failure::from)?;
    typed.at = local_time(member.visitor.now);
    let view = member
        .read(move |read, ctx| queries::view(read, ctx, id))
        .await?;
    if super::ballot::has_names(&view) {
        return super::election::paper_page(&member, id, &typed.building, &typed.unit).await;
    }
    let may_follow = may_follow(&member, id).await?;
    Ok(vote_page(&member, id, &typed, may_follow, None))
}

/// Whether "follow the majority" may be chosen in this vote.
async fn may_follow(member: &Member, id: ResolutionId) -> Result<bool, Failure> {
    let view = member
        .read(move |read, ctx| queries::view(read, ctx, id))
        .await?;
    let publication = view.resolution.publication;
    Ok(publication.is_some_and(|publication| publication.terms.rules.follow_allowed))
}

fn vote_page(
    member: &Member,
    id: ResolutionId,
    typed: &Typed,
    may_follow: bool,
    failure: Option<&Failure>,
) -> Markup {
    let ui = member.ui();
    let errors = errors(&ui, failure);
    let mut choice = choices(&ui, "choice", ui.t("decisions-ballot-question"))
        .selected(&typed.choice)
        .required();
    let follow = may_follow.then_some(Choice::Follow);
    for one in [Choice::For, Choice::Against, Choice::Abstain]
        .into_iter()
        .chain(follow)
    {
        choice = choice.choice(web_ui::Choice::new(
            one.name(),
            ui.t(&format!("decisions-choice-{}", one.name())),
        ));
    }
    let by_hand = Channel::ALL
        .iter()
        .filter(|one| **one != Channel::Electronic);
    let channel = channels(
        select(&ui, "channel", ui.t("decisions-channel")),
        by_hand.map(|one| {
            (
                one.name(),
                ui.t(&format!("decisions-channel-{}", one.name())),
            )
        }),
    )
    .selected(&typed.channel);
    let heading = Heading::new(ui.t("decisions-record-vote"))
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .crumb(path_of(member, id), ui.t("decisions-resolution"))
        .lead(ui.t("decisions-record-vote-lead"));
    ui.page(heading, html! {
        (form(&ui, member.path(&format!("decisions/{id}/votes")), html! {
            (unit_fields(&ui, typed, &errors))
            (choice)
            (channel)
            (field(&ui, "at", ui.t("decisions-received-at")).input(Input::DateTime).value(&typed.at).required())
            (textarea(&ui, "evidence", ui.t("decisions-evidence")).value(&typed.evidence).lines(3)
                .hint(ui.t("decisions-evidence-hint")).required())
        })
        .errors(&ui, &errors)
        .button(button(ui.t("decisions-record-vote")).icon(Icon::Check))
        .button(link_button(member.path(&format!("decisions/{id}/units")), ui.t("decisions-back")).secondary()))
    })
}

/// A choice among channels: each with its word in storage and in the reader's language.
fn channels<'a>(
    select: web_ui::Select,
    of: impl Iterator<Item = (&'static str, std::borrow::Cow<'a, str>)>,
) -> web_ui::Select {
    of.fold(select.required(), |select, (name, label)| {
        select.option(name, label)
    })
}

fn unit_fields(ui: &Ui, typed: &Typed, errors: &FormErrors) -> Markup {
    html! {
        (field(ui, "building", ui.t("decisions-building")).value(&typed.building).error(errors.of("building")).required())
        (field(ui, "unit", ui.t("decisions-own-unit")).value(&typed.unit).required())
    }
}

fn errors(ui: &Ui, failure: Option<&Failure>) -> FormErrors {
    let mut errors = FormErrors::new();
    if let Some(failure) = failure {
        errors.add("building", failure.sentence(&ui.messages, ui.language));
    }
    errors
}

pub(super) async fn record_vote(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let sent = send_vote(&member, id, &typed).await;
    let may_follow = may_follow(&member, id).await?;
    answer(&member, id, sent, "decisions-flash-recorded", |failure| {
        vote_page(&member, id, &typed, may_follow, Some(failure))
    })
}

/// Back to the units, or the form again with what can be corrected.
fn answer(
    member: &Member,
    id: ResolutionId,
    sent: Result<(), Failure>,
    done: &'static str,
    page: impl FnOnce(&Failure) -> Markup,
) -> Result<Response, Failure> {
    let correctable = [Kind::Invalid, Kind::Conflict, Kind::NotFound];
    match sent {
        Ok(()) => flash_to(
            &member.path(&format!("decisions/{id}/units")),
            FlashKey(Tone::Success, done),
        ),
        Err(failure) if correctable.contains(&failure.kind) => {
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&failure)).into_response())
        }
        Err(failure) => Err(failure),
    }
}

async fn send_vote(member: &Member, id: ResolutionId, typed: &Typed) -> Result<(), Failure> {
    let command = RecordVote {
        resolution: id,
        unit: unit_of(member, id, typed).await?,
        choice: typed
            .choice
            .parse()
            .map_err(|_| Failure::from(Error::Blank { field: "choice" }))?,
        channel: Channel::from_name(&typed.channel).ok_or(Error::Blank { field: "channel" })?,
        received_at: instant(&typed.at)?,
        evidence: typed.evidence.clone(),
    };
    member.execute(command).await?;
    Ok(())
}

async fn unit_of(
    member: &Member,
    id: ResolutionId,
    typed: &Typed,
) -> Result<people::model::UnitId, Failure> {
    let (building, unit) = (typed.building.clone(), typed.unit.clone());
    member
        .read(move |read, ctx| queries::find_unit(read, ctx, id, &building, &unit))
        .await
}

pub(super) async fn delivery_form(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
    Query(mut typed): Query<Typed>,
) -> Result<Markup, Failure> {
    member.context()?.require(DELIVER).map_err(Failure::from)?;
    typed.at = local_time(member.visitor.now);
    Ok(delivery_page(&member, id, &typed, None))
}

fn delivery_page(
    member: &Member,
    id: ResolutionId,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Markup {
    let ui = member.ui();
    let errors = errors(&ui, failure);
    let by_hand = DeliveryChannel::ALL
        .iter()
        .filter(|one| **one != DeliveryChannel::Electronic);
    let channel = channels(
        select(&ui, "channel", ui.t("decisions-delivery-channel")),
        by_hand.map(|one| {
            (
                one.name(),
                ui.t(&format!("decisions-delivery-{}", one.name())),
            )
        }),
    )
    .selected(&typed.channel);
    let heading = Heading::new(ui.t("decisions-record-delivery"))
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .crumb(path_of(member, id), ui.t("decisions-resolution"));
    ui.page(heading, html! {
        (form(&ui, member.path(&format!("decisions/{id}/deliveries")), html! {
            (unit_fields(&ui, typed, &errors))
            (channel)
            (field(&ui, "at", ui.t("decisions-delivered-at")).input(Input::DateTime).value(&typed.at).required())
            (textarea(&ui, "evidence", ui.t("decisions-evidence")).value(&typed.evidence).lines(3).required())
            (checkbox(&ui, "warned_of_silence", ui.t("decisions-warned")).hint(ui.t("decisions-warned-hint")))
        })
        .errors(&ui, &errors)
        .button(button(ui.t("decisions-record-delivery")).icon(Icon::Check))
        .button(link_button(member.path(&format!("decisions/{id}/units")), ui.t("decisions-back")).secondary()))
    })
}

pub(super) async fn record_delivery(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let sent = send_delivery(&member, id, &typed).await;
    answer(&member, id, sent, "decisions-flash-delivered", |failure| {
        delivery_page(&member, id, &typed, Some(failure))
    })
}

async fn send_delivery(member: &Member, id: ResolutionId, typed: &Typed) -> Result<(), Failure> {
    let command = RecordDelivery {
        resolution: id,
        unit: unit_of(member, id, typed).await?,
        channel: DeliveryChannel::from_name(&typed.channel)
            .ok_or(Error::Blank { field: "channel" })?,
        delivered_at: instant(&typed.at)?,
        evidence: typed.evidence.clone(),
        warned_of_silence: typed.warned_of_silence.is_some(),
    };
    member.execute(command).await
}
