//! Turnout help: whom nobody has reached yet, reminders, visits, letters, and how one's own household is reminded.

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use documents::Cell;
use kernel::{CommunityId, Kind};
use maud::{Markup, html};
use people::model::UnitId;
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{
    Choice, Column, FormErrors, Heading, Icon, Input, Shade, Tone, Ui, badge, button, choices,
    empty, field, form, link_button, notice, section, select, stat, stats, table, textarea,
};

use super::resolution::{sheet, sheet_file};
use super::units::query;
use super::{instant, local_time, path_of};
use crate::model::{
    DELIVER, MAX_REMINDERS, REMINDER_GAP_SECONDS, ReminderChannel, ResolutionId, Stage,
    VisitOutcome,
};
use crate::queries::{self, TurnoutHelp};
use crate::store::UnreachedUnit;
use crate::{ChooseReminders, Error, NoteReminderChoice, RecordVisit, SendReminders};

/// How many units a page shows.
const SHOWN: usize = 200;

async fn help(member: &Member, id: ResolutionId) -> Result<TurnoutHelp, Failure> {
    member
        .read(move |read, ctx| queries::turnout_help(read, ctx, id))
        .await
}

/// The list for those who go from door to door, and the reminders.
pub(super) async fn page(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Markup, Failure> {
    let help = help(&member, id).await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("decisions-turnout-help"))
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .crumb(path_of(&member, id), help.resolution.draft.title.clone())
        .lead(ui.t("decisions-turnout-help-lead"))
        .wide();
    let count = |channel| {
        help.units
            .iter()
            .filter(|unit| unit.channel == channel)
            .count()
    };
    let here = member.path(&format!("decisions/{id}/turnout"));
    let letters = member.path(&format!("decisions/{id}/letters"));
    Ok(ui.page(heading, html! {
        (stats([
            stat(here.clone(), help.units.len().to_string(), ui.t("decisions-units-open")),
            stat(letters, count(ReminderChannel::Letter).to_string(), ui.t("decisions-remind-letter")),
            stat(here, count(ReminderChannel::Door).to_string(), ui.t("decisions-remind-door")),
        ]))
        @if help.units.is_empty() {
            (empty(Icon::Check, ui.t("decisions-turnout-done")).text(ui.t("decisions-turnout-done-text")))
        } @else {
            (reminders(&member, &ui, &help))
            (doors(&member, &ui, id, &help.units))
            @if help.units.len() > SHOWN {
                (notice(&ui, Tone::Info, html! { (ui.t_with("decisions-units-more", &[("count", (help.units.len() - SHOWN).into())])) }))
            }
            div.actions { button.button.secondary type="button" hidden data-print { (Icon::Print) span { (ui.t("ui-print")) } } }
        }
    }))
}

/// The form that sends a round, or why none can go out now.
fn reminders(member: &Member, ui: &Ui, help: &TurnoutHelp) -> Markup {
    let id = help.resolution.id;
    let stage = help.resolution.progress().stage(member.visitor.now);
    let next = help
        .reminded
        .as_ref()
        .map(|last| last.sent_at.plus_seconds(REMINDER_GAP_SECONDS));
    let spent = help
        .reminded
        .as_ref()
        .is_some_and(|last| last.round >= MAX_REMINDERS);
    let waits = next.is_some_and(|next| member.visitor.now < next);
    let text = ui.t_with(
        "decisions-remind-default",
        &[
            ("title", help.resolution.draft.title.as_str().into()),
            (
                "date",
                ui.date_time(help.resolution.draft.window.closes.micros())
                    .into(),
            ),
        ],
    );
    html! { div.no-print { (section(ui.t("decisions-remind"), html! {
        @if let Some(last) = &help.reminded {
            p { (ui.t_with("decisions-reminded-on", &[("round", last.round.into()), ("date", ui.date_time(last.sent_at.micros()).into())])) }
        }
        @if stage != Stage::Voting {
            p { (ui.t("decisions-remind-closed")) }
        } @else if spent {
            (notice(ui, Tone::Info, html! { (ui.t_with("decisions-error-reminders-spent", &[("max", MAX_REMINDERS.into())])) }))
        } @else if let (true, Some(next)) = (waits, next) {
            p { (ui.t_with("decisions-error-reminded-of-late", &[("at", ui.date_time(next.micros()).into())])) }
        } @else {
            (form(ui, member.path(&format!("decisions/{id}/reminders")), html! {
                (textarea(ui, "text", ui.t("decisions-remind-text")).value(text.into_owned()).lines(3)
                    .hint(ui.t("decisions-remind-hint")).required())
            }).button(button(ui.t("decisions-remind-send")).icon(Icon::Announcement)))
        }
    })) } }
}

fn doors(member: &Member, ui: &Ui, id: ResolutionId, units: &[UnreachedUnit]) -> Markup {
    let columns = [
        Column::text(ui.t("decisions-own-unit")),
        Column::text(ui.t("decisions-delivered")),
        Column::text(ui.t("decisions-remind-how")),
        Column::number(ui.t("decisions-remind-times")),
        Column::text(ui.t("decisions-visit-last")),
    ];
    let lines = units.iter().take(SHOWN).map(|unit| {
        let place = format!("building={}&unit={}", query(&unit.building), query(&unit.label));
        vec![
            html! { a href=(member.path(&format!("decisions/{id}/visits?{place}"))) { (unit.building) " " (unit.label) } },
            html! { @match unit.delivered_at { Some(at) => (ui.date(at.micros())), None => (badge(Shade::Wall, ui.t("decisions-no"))) } },
            html! { (ui.t(&format!("decisions-remind-{}", dashed(unit.channel)))) },
            html! { (unit.reminders) },
            html! { (last_visit(ui, unit)) },
        ]
    });
    let table = table(ui, ui.t("decisions-turnout-doors"), columns)
        .rows(lines)
        .export(ui, member.path(&format!("decisions/{id}/turnout/export")));
    html! { (table) }
}

/// A channel in a message's name.
fn dashed(channel: ReminderChannel) -> String {
    channel.name().replace('_', "-")
}

fn last_visit(ui: &Ui, unit: &UnreachedUnit) -> String {
    let Some(visit) = unit.visits.last() else {
        return String::new();
    };
    let outcome = ui.t(&visit_key(visit.outcome));
    format!(
        "{} {outcome} {}",
        ui.date(visit.visited_at.micros()),
        visit.note
    )
}

fn visit_key(outcome: VisitOutcome) -> String {
    format!("decisions-visit-{}", outcome.name().replace('_', "-"))
}

pub(super) async fn export(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Response, Failure> {
    let help = help(&member, id).await?;
    let ui = member.ui();
    let header = [
        "decisions-building",
        "decisions-own-unit",
        "decisions-delivered",
        "decisions-remind-how",
        "decisions-remind-times",
        "decisions-visit-last",
    ];
    let mut sheet = sheet(&ui, "decisions-turnout-doors", &header);
    for unit in &help.units {
        let delivered = unit.delivered_at.map(|at| ui.date_time(at.micros()));
        let how = ui.t(&format!("decisions-remind-{}", dashed(unit.channel)));
        sheet.rows.push(vec![
            Cell::Text(unit.building.clone()),
            Cell::Text(unit.label.clone()),
            Cell::Text(delivered.unwrap_or_default()),
            Cell::Text(how.into_owned()),
            Cell::Integer(i64::from(unit.reminders)),
            Cell::Text(last_visit(&ui, unit)),
        ]);
    }
    sheet_file("doors.xlsx", sheet)
}

#[derive(Deserialize)]
pub(super) struct Words {
    #[serde(default)]
    text: String,
}

pub(super) async fn remind(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
    Form(Words { text }): Form<Words>,
) -> Result<Response, Failure> {
    let command = SendReminders {
        resolution: id,
        text,
    };
    let sent = member.execute(command).await?;
    let next = if sent.letters > 0 {
        "letters"
    } else {
        "turnout"
    };
    flash_to(
        &member.path(&format!("decisions/{id}/{next}")),
        FlashKey(Tone::Success, "decisions-flash-reminded"),
    )
}

/// Letters to print, one a unit that is reminded on paper; the code on each leads to the vote.
pub(super) async fn letters(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Markup, Failure> {
    let help = help(&member, id).await?;
    let ui = member.ui();
    let address = super::notice::address_of(&member, id);
    let on_paper: Vec<&UnreachedUnit> = help
        .units
        .iter()
        .filter(|unit| unit.channel == ReminderChannel::Letter)
        .take(SHOWN)
        .collect();
    let heading = Heading::new(ui.t("decisions-letters"))
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .crumb(path_of(&member, id), help.resolution.draft.title.clone())
        .lead(ui.t("decisions-letters-lead"))
        .screen_only();
    let text = help.reminded.as_ref().map(|last| last.text.as_str());
    Ok(ui.page(heading, html! {
        @if on_paper.is_empty() {
            (empty(Icon::Document, ui.t("decisions-letters-none")).text(ui.t("decisions-letters-none-text")))
        } @else {
            div.actions { button.button type="button" hidden data-print { (Icon::Print) span { (ui.t("ui-print")) } } }
            @for unit in on_paper { (letter(&member, &ui, &help, unit, text, &address)) }
        }
    }))
}

fn letter(
    member: &Member,
    ui: &Ui,
    help: &TurnoutHelp,
    unit: &UnreachedUnit,
    text: Option<&str>,
    address: &str,
) -> Markup {
    let closes = ui.date_time(help.resolution.draft.window.closes.micros());
    html! {
        section.receipt lang="zh-CN" {
            h2 { (Icon::Document) (unit.building) " " (unit.label) " 业主" }
            div.receipt-body {
                div {
                    p { strong { (help.resolution.draft.title) } }
                    @if let Some(text) = text { p { (text) } }
                    p { "投票截止：" (closes) "。可以扫码投票，也可以到业委会领取纸质表决票；不方便出门的，请告知业委会上门。" }
                    p.hint { (member.face.name) "业主委员会。不想再收到提醒的，请告知送信人。" }
                }
                (web_ui::qr_code(address, "扫码投票"))
            }
        }
    }
}

/// The unit as typed, with what came of the visit.
#[derive(Clone, Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    building: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    at: String,
    #[serde(default)]
    channel: String,
}

pub(super) async fn visit_form(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
    Query(mut typed): Query<Typed>,
) -> Result<Markup, Failure> {
    member.context()?.require(DELIVER).map_err(Failure::from)?;
    typed.at = local_time(member.visitor.now);
    Ok(visit_page(&member, id, &typed, None))
}

fn visit_page(
    member: &Member,
    id: ResolutionId,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Markup {
    let ui = member.ui();
    let mut errors = FormErrors::new();
    if let Some(failure) = failure {
        errors.add("building", failure.sentence(&ui.messages, ui.language));
    }
    let mut outcome = choices(&ui, "outcome", ui.t("decisions-visit-outcome"))
        .selected(&typed.outcome)
        .required();
    for one in VisitOutcome::ALL {
        outcome = outcome.choice(Choice::new(one.name(), ui.t(&visit_key(*one))));
    }
    let mut channel = select(&ui, "channel", ui.t("decisions-remind-from-now"))
        .hint(ui.t("decisions-remind-from-now-hint"))
        .selected(&typed.channel)
        .option("", ui.t("decisions-remind-unchanged"));
    for one in ReminderChannel::ALL {
        channel = channel.option(
            one.name(),
            ui.t(&format!("decisions-remind-{}", dashed(*one))),
        );
    }
    let back = member.path(&format!("decisions/{id}/turnout"));
    let heading = Heading::new(ui.t("decisions-visit"))
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .crumb(path_of(member, id), ui.t("decisions-resolution"))
        .lead(ui.t("decisions-visit-lead"));
    ui.page(heading, html! {
        (form(&ui, member.path(&format!("decisions/{id}/visits")), html! {
            (field(&ui, "building", ui.t("decisions-building")).value(&typed.building).error(errors.of("building")).required())
            (field(&ui, "unit", ui.t("decisions-own-unit")).value(&typed.unit).required())
            (outcome)
            (field(&ui, "at", ui.t("decisions-visit-at")).input(Input::DateTime).value(&typed.at).required())
            (textarea(&ui, "note", ui.t("decisions-visit-note")).value(&typed.note).lines(2).hint(ui.t("decisions-visit-note-hint")))
            (channel)
        })
        .errors(&ui, &errors)
        .button(button(ui.t("decisions-visit-save")).icon(Icon::Check))
        .button(link_button(back, ui.t("decisions-back")).secondary()))
    })
}

pub(super) async fn visit(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    match send_visit(&member, id, &typed).await {
        Ok(()) => flash_to(
            &member.path(&format!("decisions/{id}/turnout")),
            FlashKey(Tone::Success, "decisions-flash-visited"),
        ),
        Err(failure)
            if matches!(
                failure.kind,
                Kind::Invalid | Kind::Conflict | Kind::NotFound
            ) =>
        {
            let page = visit_page(&member, id, &typed, Some(&failure));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(failure) => Err(failure),
    }
}

async fn send_visit(member: &Member, id: ResolutionId, typed: &Typed) -> Result<(), Failure> {
    let (building, number) = (typed.building.clone(), typed.unit.clone());
    let unit = member
        .read(move |read, ctx| queries::find_unit(read, ctx, id, &building, &number))
        .await?;
    let visit = RecordVisit {
        resolution: id,
        unit,
        outcome: VisitOutcome::from_name(&typed.outcome)
            .ok_or(Error::Blank { field: "outcome" })?,
        note: typed.note.trim().to_owned(),
        visited_at: instant(&typed.at)?,
    };
    member.execute(visit).await?;
    if let Some(channel) = ReminderChannel::from_name(&typed.channel) {
        let choice = NoteReminderChoice {
            resolution: id,
            unit,
            channel,
            evidence: "上门时业主口头告知".to_owned(),
        };
        member.execute(choice).await?;
    }
    Ok(())
}

/// How the actor's own households are reminded.
pub(super) async fn choices_page(member: Member) -> Result<Markup, Failure> {
    let own = member.read(queries::reminder_choices).await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("decisions-remind-me"))
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .lead(ui.t("decisions-remind-me-lead"));
    Ok(ui.page(heading, html! {
        @if own.is_empty() {
            (empty(Icon::Home, ui.t("decisions-remind-me-none")).text(ui.t("decisions-remind-me-none-text")))
        }
        @for unit in &own {
            (section(html! { (unit.label) }, html! {
                (form(&ui, member.path("decisions/reminders"), html! {
                    (web_ui::hidden("unit", unit.unit.to_string()))
                    (channels(&ui, unit.channel))
                }).button(button(ui.t("decisions-remind-me-save")).icon(Icon::Check)))
            }))
        }
    }))
}

fn channels(ui: &Ui, chosen: Option<ReminderChannel>) -> web_ui::Choices {
    let mut cards = choices(ui, "channel", ui.t("decisions-remind-how")).required();
    for one in ReminderChannel::ALL {
        let key = format!("decisions-remind-{}", dashed(*one));
        cards =
            cards.choice(Choice::new(one.name(), ui.t(&key)).text(ui.t(&format!("{key}-text"))));
    }
    match chosen {
        Some(chosen) => cards.selected(chosen.name()),
        None => cards,
    }
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    unit: UnitId,
    #[serde(default)]
    channel: String,
}

pub(super) async fn choose(
    member: Member,
    Form(Chosen { unit, channel }): Form<Chosen>,
) -> Result<Response, Failure> {
    let channel = ReminderChannel::from_name(&channel).ok_or(Error::Blank { field: "channel" })?;
    member.execute(ChooseReminders { unit, channel }).await?;
    flash_to(
        &member.path("decisions/reminders"),
        FlashKey(Tone::Success, "decisions-flash-remind-me"),
    )
}
