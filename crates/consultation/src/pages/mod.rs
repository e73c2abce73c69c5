//! Pages of consultations, one file a task.

mod draft;
mod export;
mod list;
mod one;
mod say;
mod version;

pub(crate) use say::comment_once;

use axum::Router;
use axum::routing::{get, post};
use jiff::civil::DateTime;
use kernel::Timestamp;
use maud::Markup;
use shell::{App, Member};
use web_ui::{Shade, Ui, badge};

use crate::clauses::label_of;
use crate::model::{ConsultationId, Stage};

/// Every page and form of the module.
pub(crate) fn routes() -> Router<App> {
    let base = "/c/{community}/consultations";
    let one = "/c/{community}/consultations/{consultation}";
    Router::new()
        .route(base, get(list::page).post(draft::create))
        .route(&format!("{base}/new"), get(draft::new))
        .route(one, get(one::page))
        .route(&format!("{one}/edit"), get(draft::edit).post(draft::change))
        .route(&format!("{one}/publication"), post(draft::publish))
        .route(&format!("{one}/comments"), post(say::comment))
        .route(
            &format!("{one}/comments/{{number}}/withdrawal"),
            post(say::withdraw),
        )
        .route(&format!("{one}/letters"), post(say::enter))
        .route(&format!("{one}/answers"), post(say::answer))
        .route(&format!("{one}/export"), get(export::file))
        .route(&format!("{one}/report"), get(export::pdf))
        .route(&format!("{one}/versions"), post(version::issue))
        .route(&format!("{one}/versions/new"), get(version::new))
        .route(&format!("{one}/versions/{{number}}"), get(version::page))
}

/// A stage as a badge.
fn stage_badge(ui: &Ui, stage: Stage) -> Markup {
    let shade = match stage {
        Stage::Draft => Shade::Wall,
        Stage::Open => Shade::Jade,
        Stage::Ended => Shade::Tile,
    };
    badge(shade, ui.t(&format!("consultation-stage-{}", stage.name())))
}

/// The path of a consultation's page.
fn path_of(member: &Member, id: ConsultationId) -> String {
    member.path(&format!("consultations/{id}"))
}

/// How a clause is called: by its own number, or else by its place; 0 is the whole text.
fn name_of(ui: &Ui, clauses: &[String], clause: u32) -> String {
    let place = usize::try_from(clause)
        .ok()
        .and_then(|place| place.checked_sub(1));
    let Some(place) = place else {
        return ui.t("consultation-whole").into_owned();
    };
    let label = clauses.get(place).and_then(|text| label_of(text));
    let place = || ui.t_with("consultation-paragraph", &[("number", clause.into())]);
    label.map_or_else(|| place().into_owned(), str::to_owned)
}

/// A form's local time (`2026-12-01T09:00`) in China as an instant.
fn instant(text: &str) -> Option<Timestamp> {
    let local: DateTime = text.trim().parse().ok()?;
    let clock = local.time();
    let seconds =
        i64::from(clock.hour()) * 3600 + i64::from(clock.minute()) * 60 + i64::from(clock.second());
    Some(Timestamp::start_of(local.date()).plus_seconds(seconds))
}

/// An instant as a form's local time in China.
fn local_time(at: Timestamp) -> String {
    at.rfc3339().chars().take(16).collect()
}
