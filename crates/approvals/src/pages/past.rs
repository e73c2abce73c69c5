//! What happened to a file: its events in words, each with its receipt, and who opened it for supervision.

use flow::What;
use maud::{Markup, html};
use shell::Member;
use web_ui::{HistoryEntry, Icon, Shade, Ui, actions, badge, history, link_button, section};

use super::file::act_path;
use super::{day, path_of, said};
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
    html! {
        (name)
        @if let Some(place) = place { "：" (said(ui, place)) }
        @if !logged.words.entered_late.is_empty() {
            " " small { (ui.t_with("approvals-effective", &[("date", day(ui, logged.event.at.date()).into())])) }
        }
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
