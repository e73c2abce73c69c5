//! Pages of the decisions, one file a task.

mod agenda;
mod ballot;
mod corrections;
mod draft;
mod election;
mod extension;
mod list;
mod notice;
mod paper;
mod resolution;
mod result;
mod rules;
mod trace;
mod turnout;
mod units;

use axum::Router;
use axum::routing::{get, post};
use jiff::civil::DateTime;
use kernel::Timestamp;
use shell::{App, Failure, Member};
use web_ui::{Shade, Ui, badge};

use crate::model::Stage;

pub(crate) use ballot::receipt_of;
pub(crate) use election::name_of;
pub(crate) use notice::notice_pdf;
pub(crate) use paper::agenda_pdf;
pub(crate) use resolution::attachment_file;
pub(crate) use result::announcement_pdf;

/// Every page and form of the module.
pub(crate) fn routes() -> Router<App> {
    let base = "/c/{community}/decisions";
    Router::new()
        .route(base, get(list::page).post(draft::create))
        .route(
            &format!("{base}/rules"),
            get(rules::page).post(rules::adopt),
        )
        .route(&format!("{base}/new"), get(draft::new))
        .route(&format!("{base}/requirements"), get(draft::requirements))
        .merge(of_one())
        .merge(voting())
        .merge(changing())
        .merge(electing())
        .merge(reaching())
        .merge(meetings())
        .merge(after_the_close())
}

/// The path of a page of one resolution.
fn one(rest: &str) -> String {
    format!("/c/{{community}}/decisions/{{resolution}}{rest}")
}

/// What belongs to one resolution.
fn of_one() -> Router<App> {
    Router::new()
        .route(&one(""), get(resolution::page))
        .route(&one("/edit"), get(draft::edit).post(draft::change))
        .route(
            &one("/publish"),
            get(draft::confirm_publication).post(draft::publish),
        )
        .route(
            &one("/withdraw"),
            get(draft::confirm_withdrawal).post(draft::withdraw),
        )
        .route(&one("/attachments"), post(resolution::attach))
        .route(
            &one("/attachments/{attachment}"),
            get(resolution::attachment),
        )
        .route(
            &one("/attachments/{attachment}/removal"),
            post(resolution::detach),
        )
        .route(&one("/history"), get(resolution::history_page))
}

/// While it runs: the owner's ballot, and what the committee writes down.
fn voting() -> Router<App> {
    Router::new()
        .route(&one("/ballot/{unit}"), get(ballot::page).post(ballot::cast))
        .route(&one("/receipt/{unit}"), get(ballot::receipt_page))
        .route(&one("/receipt/{unit}/file"), get(ballot::receipt_file))
        .route(&one("/check"), get(ballot::check))
        .route(&one("/units"), get(units::page))
        .route(&one("/units/export"), get(units::export))
        .route(&one("/units/{unit}"), get(trace::page))
        .route(
            &one("/votes"),
            get(units::vote_form).post(units::record_vote),
        )
        .route(
            &one("/deliveries"),
            get(units::delivery_form).post(units::record_delivery),
        )
}

/// Meetings with several matters on one ballot.
fn meetings() -> Router<App> {
    let base = "/c/{community}/decisions/meetings";
    let one = |rest: &str| format!("{base}/{{assembly}}{rest}");
    Router::new()
        .route(base, post(agenda::create))
        .route(&format!("{base}/new"), get(agenda::new))
        .route(&one(""), get(agenda::page))
        .route(&one("/edit"), get(agenda::edit).post(agenda::change))
        .route(&one("/matters"), post(agenda::put))
        .route(
            &one("/matters/{resolution}/removal"),
            post(agenda::take_off),
        )
        .route(
            &one("/publish"),
            get(agenda::confirm_publication).post(agenda::publish),
        )
        .route(
            &one("/ballot/{unit}"),
            get(agenda::ballot).post(agenda::cast),
        )
        .route(&one("/receipt/{unit}"), get(agenda::receipt))
        .route(
            &one("/votes"),
            get(paper::ballot_form).post(paper::record_ballot),
        )
        .route(
            &one("/deliveries"),
            get(paper::delivery_form).post(paper::deliver),
        )
        .route(&one("/notice"), get(paper::notice))
        .route(&one("/notice/file"), get(paper::notice_file))
}

/// The election of a committee.
fn electing() -> Router<App> {
    Router::new()
        .route(&one("/election"), get(election::page).post(election::plan))
        .route(&one("/candidates"), post(election::stand))
        .route(&one("/nominations"), post(election::nominate))
        .route(&one("/candidates/{candidate}/check"), post(election::check))
        .route(
            &one("/candidates/{candidate}/withdrawal"),
            post(election::withdraw),
        )
        .route(&one("/ballot/{unit}/picks"), post(election::cast))
        .route(&one("/ballots"), post(election::record))
}

/// The notice, and what helps turnout.
fn reaching() -> Router<App> {
    Router::new()
        .route(
            "/c/{community}/decisions/reminders",
            get(turnout::choices_page).post(turnout::choose),
        )
        .route(&one("/notice"), get(notice::page))
        .route(&one("/notice/file"), get(notice::file))
        .route(&one("/turnout"), get(turnout::page))
        .route(&one("/turnout/export"), get(turnout::export))
        .route(&one("/reminders"), post(turnout::remind))
        .route(&one("/letters"), get(turnout::letters))
        .route(
            &one("/visits"),
            get(turnout::visit_form).post(turnout::visit),
        )
}

/// What changes a published vote.
fn changing() -> Router<App> {
    Router::new()
        .route(
            &one("/extension"),
            get(extension::page).post(extension::extend),
        )
        .route(
            &one("/corrections"),
            get(corrections::page).post(corrections::propose),
        )
        .route(&one("/corrections/new"), get(corrections::new))
        .route(
            &one("/corrections/{correction}/confirmation"),
            post(corrections::confirm),
        )
        .route(
            &one("/corrections/{correction}/refusal"),
            post(corrections::refuse),
        )
        .route(
            &one("/records/{position}/file"),
            get(corrections::earlier_record),
        )
}

/// Count, objections, announcement.
fn after_the_close() -> Router<App> {
    Router::new()
        .route(&one("/count"), post(result::count))
        .route(&one("/result"), get(result::page))
        .route(&one("/result/export"), get(result::export))
        .route(&one("/record"), get(result::record_file))
        .route(&one("/objections"), post(result::object))
        .route(&one("/objections/{objection}/answer"), post(result::answer))
        .route(
            &one("/announcement"),
            get(result::announcement).post(result::announce),
        )
        .route(&one("/announcement/file"), get(result::announcement_file))
}

/// A stage as a badge.
fn stage_badge(ui: &Ui, stage: Stage) -> maud::Markup {
    let shade = match stage {
        Stage::Draft | Stage::Withdrawn => Shade::Wall,
        Stage::Notice | Stage::Closed | Stage::Settled => Shade::Mist,
        Stage::Voting => Shade::Jade,
        Stage::Objection => Shade::Vermilion,
        Stage::Announced => Shade::Tile,
    };
    badge(shade, ui.t(&format!("decisions-stage-{}", stage.name())))
}

/// A form's local time (`2026-12-01T09:00`) in China as an instant.
fn instant(text: &str) -> Result<Timestamp, Failure> {
    let local: DateTime = text.trim().parse().map_err(|_| {
        Failure::new(
            kernel::Kind::Invalid,
            "decisions-error-time",
            "a time is not of the form 2026-12-01T09:00",
        )
        .with("time", text.chars().take(40).collect::<String>())
    })?;
    let midnight = Timestamp::start_of(local.date());
    let clock = local.time();
    let seconds =
        i64::from(clock.hour()) * 3600 + i64::from(clock.minute()) * 60 + i64::from(clock.second());
    Ok(midnight.plus_seconds(seconds))
}

/// An instant as a form's local time in China.
fn local_time(at: Timestamp) -> String {
    at.rfc3339().chars().take(16).collect()
}

/// The path of a resolution's page.
fn path_of(member: &Member, id: crate::ResolutionId) -> String {
    member.path(&format!("decisions/{id}"))
}
