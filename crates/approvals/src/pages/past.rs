//! What happened to a file: its events in words, each with its receipt, and who opened it for supervision.

use flow::What;
use maud::{Markup, html};
use shell::Member;
use web_ui::{HistoryEntry, Icon, Shade, Ui, actions, badge, history, link_button, section};

use super::file::act_path;
use super::{day, outcome_title, path_of, said};
use crate::office::unit_text;
use crate::{FileView, Logged, Reading};

/// Who opened the file for supervision.
pub(super) fn readings_part(ui: &Ui, view: &FileView) -> Markup {
    let name = |one: &Reading| {
        let held = view.office.appointments.iter();
        let mut held = held.filter(|held| Some(held.organisation) == one.organisation);
        held.next().map_or_else(
            || ui.t("approvals-reading-by-nobody").into_owned(),
            |held| held.name.clone(),
        )
    };
    html! {
        @if !view.readings.is_empty() {
            (section(ui.t("approvals-readings"), html! { ul {
                @for one in &view.readings { li { (ui.date_time(one.read_at.micros())) " · " (name(one)) } }
            } }))
        }
    }
}

/// Everything that happened, newest first, each with its place in the journal: the receipt.
pub(super) fn history_part(member: &Member, ui: &Ui, view: &FileView) -> Markup {
    let retracted: Vec<&str> = view
        .events
        .iter()
        .filter_map(|logged| match &logged.event.what {
            What::Retracted { of, .. } => Some(of.as_str()),
            _ => None,
        })
        .collect();
    let entries = view.events.iter().rev().map(|logged| {
        let is_retracted = retracted.contains(&logged.event.id.as_str());
        let may_retract = !is_retracted
            && !logged.unit.is_empty()
            && view.holds(&logged.unit)
            && !view.report.withdrawn
            && !matches!(logged.event.what, What::Retracted { .. });
        let who = if logged.unit.is_empty() {
            ui.t("approvals-the-applicant").into_owned()
        } else {
            said(ui, &unit_text(&view.definition, &view.office, &logged.unit))
        };
        let what = html! {
            @if is_retracted { s { (event_title(ui, view, logged)) } " " (badge(Shade::Tile, ui.t("approvals-retracted"))) }
            @else { (event_title(ui, view, logged)) }
            (event_words(ui, logged))
            @if may_retract {
                " " a href=(act_path(member, view, "retract", &[("of", &logged.event.id)])) { (ui.t("approvals-act-retract")) }
            }
        };
        HistoryEntry::new(logged.received_at.micros(), who, what).position(logged.position)
    });
    html! {
        @if !view.events.is_empty() {
            (section(ui.t("approvals-history"), html! {
                (history(ui, entries))
                (actions(link_button(format!("{}/events/export", path_of(member, view.row.id)), ui.t("approvals-export-events")).quiet().icon(Icon::Download).download()))
            }))
        }
    }
}

/// An event in words: what, in which stage or step, effective when.
fn event_title(ui: &Ui, view: &FileView, logged: &Logged) -> Markup {
    let what = &logged.event.what;
    let name = ui.t(&format!(
        "approvals-event-{}",
        what.name().replace('_', "-")
    ));
    let stage = what.stage().and_then(|stage| view.definition.stage(stage));
    let step = match what {
        What::Done { step, .. } => view.definition.step(step).map(|(_, step)| &step.title),
        _ => None,
    };
    let place = stage.map(|stage| &stage.title).or(step);
    let detail = event_detail(ui, view, what);
    html! {
        (name)
        @if let Some(place) = place { "：" (said(ui, place)) }
        @if let Some(detail) = detail { " · " (detail) }
        @if !logged.words.entered_late.is_empty() {
            " " small { (ui.t_with("approvals-effective", &[("date", day(ui, logged.event.at.date()).into())])) }
        }
    }
}

/// What belongs to an event beside its place: the outcome, the ground, the unit, the days.
fn event_detail(ui: &Ui, view: &FileView, what: &What) -> Option<String> {
    let unit = |unit: &str| said(ui, &unit_text(&view.definition, &view.office, unit));
    match what {
        What::Done { step, outcome } => {
            let (_, step) = view.definition.step(step)?;
            Some(outcome_title(ui, step, outcome.as_deref()?))
        }
        What::Suspended { stage, ground } => {
            let stage = view.definition.stage(stage)?;
            let known = stage.suspensions.iter().find(|one| one.ground == *ground);
            known.map(|known| said(ui, &known.title))
        }
        What::Asked { unit: asked, .. } | What::HandedOver { to: asked, .. } => Some(unit(asked)),
        What::Extended { days, .. } => {
            let days = [("days", (*days).into())];
            Some(ui.t_with("approvals-days-more", &days).into_owned())
        }
        _ => None,
    }
}

fn event_words(ui: &Ui, logged: &Logged) -> Markup {
    let words = &logged.words;
    html! {
        @if !words.reason.is_empty() { p { (words.reason) } }
        @if !words.approved_by.is_empty() { p { (ui.t("approvals-field-approved-by")) "：" (words.approved_by) } }
        @for thing in &words.missing { p { "· " (thing) } }
        @if !words.entered_late.is_empty() { p { (ui.t("approvals-field-entered-late")) "：" (words.entered_late) } }
    }
}
