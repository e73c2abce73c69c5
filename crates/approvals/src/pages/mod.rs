//! Pages of the approvals, one file a task.

mod acts;
mod analysis;
mod apply;
mod calendar;
mod clock;
mod definitions;
mod export;
mod file;
mod list;
mod papers;
mod past;
mod reading;
mod responsibility;
mod steps;
pub(crate) mod supervise;
mod units;

use axum::Router;
use axum::routing::{get, post};
use jiff::civil::{Date, DateTime};
use journal::Command;
use kernel::Timestamp;
use maud::{Markup, html};
use policy::{Lang, Text};
use shell::{App, Failure, Member};
use web_ui::{Language, Shade, Ui, badge};

use crate::{CaseId, Error, Task};

pub(crate) use papers::paper_file;

/// Every page and form of the module.
pub(crate) fn routes() -> Router<App> {
    let base = "/c/{community}/approvals";
    let page = |rest: &str| format!("{base}{rest}");
    Router::new()
        .route(base, get(list::page).post(apply::create))
        .route(&page("/export"), get(export::queue))
        .route(&page("/new"), get(apply::new))
        .route(&page("/units"), get(units::page).post(units::appoint))
        .route(
            &page("/units/{unit}/dissolution"),
            get(units::dissolution).post(units::dissolve),
        )
        .route(
            &page("/processes"),
            get(definitions::page).post(definitions::add),
        )
        .route(
            &page("/processes/{process}/{version}"),
            get(definitions::one),
        )
        .route(
            &page("/processes/{process}/{version}/migration"),
            get(definitions::migration).post(definitions::migrate),
        )
        .route(&page("/calendar"), get(calendar::page).post(calendar::add))
        .merge(supervision())
        .merge(of_one())
}

/// What the supervisor looks at.
fn supervision() -> Router<App> {
    let page = |rest: &str| format!("/c/{{community}}/approvals/{rest}");
    Router::new()
        .route(&page("supervision"), get(supervise::page))
        .route(&page("supervision/export"), get(supervise::export))
        .route(&page("responsibility"), get(responsibility::page))
        .route(&page("responsibility/export"), get(responsibility::export))
        .route(&page("responsibility/{unit}"), get(responsibility::one))
        .route(&page("analysis"), get(analysis::page))
        .route(&page("analysis/log.xes"), get(analysis::xes))
        .route(&page("analysis/process.bpmn"), get(analysis::bpmn))
        .route(&page("steps"), get(steps::page))
        .route(&page("steps/export"), get(steps::export))
}

/// What belongs to one file.
fn of_one() -> Router<App> {
    let one = |rest: &str| format!("/c/{{community}}/approvals/{{case}}{rest}");
    Router::new()
        .route(&one(""), get(file::page))
        .route(&one("/edit"), get(apply::edit).post(apply::change))
        .route(&one("/papers"), post(apply::add_paper))
        .route(&one("/papers/{paper}/file"), get(papers::paper))
        .route(&one("/papers/{paper}/removal"), post(apply::remove_paper))
        .route(&one("/submission"), post(apply::submit))
        .route(&one("/stages"), post(apply::submit_stages))
        .route(&one("/correction"), post(apply::answer))
        .route(
            &one("/withdrawal"),
            get(apply::withdrawal).post(apply::withdraw),
        )
        .route(&one("/reading"), post(reading::open))
        .route(&one("/acts"), get(acts::form_page).post(acts::act))
        .route(&one("/events/export"), get(export::events))
}

/// The language in which the process speaks.
pub(super) fn lang(ui: &Ui) -> Lang {
    match ui.language {
        Language::Zh => Lang::Zh,
        Language::En => Lang::En,
    }
}

/// A text in the reader's language.
fn said(ui: &Ui, text: &Text) -> String {
    text.get(lang(ui)).to_owned()
}

/// What a step ended in, in the reader's language; its short name if the definition has none such.
fn outcome_title(ui: &Ui, step: &flow::Step, outcome: &str) -> String {
    let known = step.outcome(outcome);
    known.map_or_else(|| outcome.to_owned(), |known| said(ui, &known.title))
}

/// A day in the reader's language.
fn day(ui: &Ui, date: Date) -> String {
    ui.date(Timestamp::start_of(date).micros())
}

/// The path of a file's page.
fn path_of(member: &Member, id: CaseId) -> String {
    member.path(&format!("approvals/{id}"))
}

/// Until when a task is to be done, as a badge: late in red, near or stopped or provisional marked in words too.
fn due_badge(ui: &Ui, task: &Task) -> Markup {
    let Some(due) = task.due else {
        let key = if task.stopped {
            "approvals-due-stopped"
        } else {
            "approvals-due-none"
        };
        return badge(Shade::Wall, ui.t(key));
    };
    let date = [("date", day(ui, due).into())];
    let near = task.working_days_left.is_some_and(|left| left <= 5);
    let (shade, key) = match (task.late, near) {
        (true, _) => (Shade::Vermilion, "approvals-due-late"),
        (false, true) => (Shade::Sand, "approvals-due-near"),
        (false, false) => (Shade::Mist, "approvals-due"),
    };
    html! {
        (badge(shade, ui.t_with(key, &date)))
        @if task.provisional { " " (badge(Shade::Wall, ui.t("approvals-provisional"))) }
    }
}

/// A form's local time (`2026-12-01T09:00`) in China as an instant; none for an empty field.
fn instant(text: &str) -> Result<Option<Timestamp>, Failure> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let local: DateTime = text.parse().map_err(|_| {
        Failure::from(Error::Time {
            time: text.chars().take(40).collect(),
        })
    })?;
    let clock = local.time();
    let seconds =
        i64::from(clock.hour()) * 3600 + i64::from(clock.minute()) * 60 + i64::from(clock.second());
    Ok(Some(
        Timestamp::start_of(local.date()).plus_seconds(seconds),
    ))
}

/// A key for a form, so that the same form sent twice is heeded once.
fn fresh_key(member: &Member) -> Result<String, Failure> {
    Ok(member.context()?.new_uuid().to_string())
}

/// Sends a form's command under the form's key.
async fn execute_once<C: Command>(
    member: &Member,
    key: &str,
    command: C,
) -> Result<C::Outcome, Failure>
where
    C::Error: Into<Failure>,
{
    let mut ctx = member.context()?;
    if !key.is_empty() {
        ctx.idempotency_key = Some(key.to_owned());
    }
    let outcome = member.app().journal().execute(ctx, command).await;
    outcome.map_err(Into::into)
}
