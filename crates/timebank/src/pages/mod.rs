//! Pages of the time bank: one's own part, what to help with, enrolment, asking, the staff's desk.

mod ask;
mod certificate;
mod clearing;
mod desk;
mod enrol;
mod find;
mod mine;
mod review;
mod statement;

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use kernel::Kind;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{App, Failure, FlashKey, Member, flash_to};
use web_ui::{FormErrors, Select, Shade, Tone, Ui, badge, select};

pub(crate) use clearing::carry;

use crate::model::Reason;
use crate::queries::{RequestView, Stage};

/// Every page and form of the module.
pub(crate) fn routes() -> Router<App> {
    let at = |rest: &str| format!("/c/{{community}}/timebank{rest}");
    Router::new()
        .route(&at(""), get(mine::page))
        .route(&at("/check-in"), post(mine::check_in))
        .route(&at("/check-out"), post(mine::check_out))
        .route(&at("/visits/{visit}/confirmation"), post(mine::confirm))
        .route(&at("/visits/{visit}/cancellation"), post(mine::cancel))
        .route(&at("/visits/{visit}/complaint"), post(mine::complain))
        .route(&at("/visits/{visit}/times"), post(desk::enter_times))
        .route(&at("/requests"), get(find::page))
        .route(&at("/requests/{request}/acceptance"), post(find::accept))
        .route(
            &at("/requests/{request}/cancellation"),
            post(mine::take_back),
        )
        .route(&at("/gifts"), post(mine::give))
        .route(&at("/crossings"), post(mine::send))
        .route(&at("/donations"), post(mine::donate))
        .route(
            &at("/certificates"),
            get(certificate::page).post(certificate::issue),
        )
        .route(&at("/certificates/{position}/pdf"), get(certificate::pdf))
        .route(
            &at("/certificates/{position}/receipt"),
            get(certificate::receipt),
        )
        .route(&at("/statement"), get(statement::page))
        .route(&at("/statement/excel"), get(statement::excel))
        .route(&at("/statement/pdf"), get(statement::pdf))
        .route(
            &at("/volunteer"),
            get(enrol::volunteer_page).post(enrol::volunteer),
        )
        .route(
            &at("/elders/new"),
            get(enrol::elder_page).post(enrol::elder),
        )
        .route(
            &at("/elders/{elder}/requests"),
            get(ask::page).post(ask::ask),
        )
        .route(&at("/elders/{elder}/withdrawal"), post(ask::withdraw))
        .route(&at("/elders/{elder}/entitlement"), post(desk::entitle))
        .route(&at("/elders/{elder}/relations"), post(desk::relate))
        .route(&at("/desk"), get(desk::page))
        .route(&at("/desk/excel"), get(desk::excel))
        .route(
            &at("/desk/clearing"),
            get(clearing::page).post(clearing::offer),
        )
        .route(&at("/desk/review"), get(review::page))
        .route(
            &at("/desk/review/{signal}/settlement"),
            post(review::settle),
        )
        .route(&at("/desk/clearing/excel"), get(clearing::excel))
        .route(
            &at("/desk/clearing/offers/{crossing}/answer"),
            post(clearing::answer),
        )
        .route(&at("/desk/clearing/{partner}/end"), post(clearing::end))
        .route(&at("/desk/requests/{request}"), get(desk::matches))
        .route(&at("/desk/scheme"), get(desk::preview).post(desk::choose))
        .route(&at("/desk/services"), post(desk::make_service))
        .route(&at("/desk/services/{service}/end"), post(desk::end_service))
        .route(&at("/desk/volunteers/{account}/vetting"), post(desk::vet))
        .route(&at("/desk/pool"), post(desk::fund))
        .route(
            &at("/desk/complaints/{complaint}/settlement"),
            post(desk::settle),
        )
}

/// A form's fields as they were typed.
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
struct Typed(Vec<(String, String)>);

impl Typed {
    fn text(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(field, _)| field == name);
        found.map_or("", |(_, value)| value.trim())
    }

    /// Every value of a field that may be ticked several times.
    fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let of_field = self.0.iter().filter(move |(field, _)| field == name);
        of_field.map(|(_, value)| value.as_str())
    }

    /// A whole number; what is none is out of range.
    fn number<T: std::str::FromStr + Default>(&self, name: &str) -> T {
        self.text(name).parse().unwrap_or_default()
    }

    /// Hours and minutes in minutes.
    fn minutes(&self) -> i64 {
        let (hours, minutes): (i64, i64) = (self.number("hours"), self.number("minutes"));
        hours.saturating_mul(60).saturating_add(minutes)
    }

    /// Words between commas or blanks.
    fn words(&self, name: &str) -> Vec<String> {
        let between = |letter: char| letter.is_whitespace() || "、，,;；".contains(letter);
        let words = self
            .text(name)
            .split(between)
            .filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    }

    /// A form's local time (`2026-12-01T09:00`) in China as an instant.
    fn instant(&self, name: &str) -> Result<kernel::Timestamp, Failure> {
        let local: jiff::civil::DateTime = self
            .text(name)
            .parse()
            .map_err(|_| Failure::from(crate::Error::ImpossibleTimes))?;
        let clock = local.time();
        let seconds = i64::from(clock.hour()) * 3600 + i64::from(clock.minute()) * 60;
        Ok(kernel::Timestamp::start_of(local.date()).plus_seconds(seconds))
    }

    /// A day of birth.
    fn birth(&self) -> Result<jiff::civil::Date, Failure> {
        let day = self.text("birth").parse();
        day.map_err(|_| Failure::from(crate::Error::ImpossibleBirth))
    }
}

/// A select over an enum's names; their texts are `timebank-NAME-…`.
fn select_named(
    ui: &Ui,
    name: &'static str,
    names: impl Iterator<Item = &'static str>,
    chosen: &str,
) -> Select {
    let key = name.replace('_', "-");
    let label = ui.t(&format!("timebank-field-{key}")).into_owned();
    names.fold(select(ui, name, label).selected(chosen), |select, one| {
        let text = ui.t(&format!("timebank-{key}-{}", one.replace('_', "-")));
        select.option(one, text.into_owned())
    })
}

/// What is wrong in a form, each at its field.
fn form_errors(ui: &Ui, failure: Option<&Failure>) -> FormErrors {
    let mut errors = FormErrors::new();
    let Some(failure) = failure else {
        return errors;
    };
    let mut named = failure.clone();
    let arguments = named
        .findings
        .iter_mut()
        .flat_map(|finding| &mut finding.arguments);
    for (name, value) in arguments {
        let key = format!("timebank-field-{}", value.replace('_', "-"));
        if name == "field" && ui.messages.has(&key) {
            *value = ui.t(&key).into_owned();
        }
    }
    for (at, sentence) in named.finding_sentences(&ui.messages, ui.language) {
        errors.add(at, sentence);
    }
    if errors.is_empty() {
        errors.add("", failure.sentence(&ui.messages, ui.language));
    }
    errors
}

/// Whether a form is shown again with what went wrong.
fn is_correctable(failure: &Failure) -> bool {
    matches!(failure.kind, Kind::Invalid | Kind::Conflict)
        || failure.code == "timebank-error-not-found"
        || failure.code == "timebank-error-not-family"
}

/// What came of a form: nothing to correct, or what is to be corrected in it. Other failures go on.
fn to_correct(sent: Result<(), Failure>) -> Result<Option<Failure>, Failure> {
    match sent {
        Ok(()) => Ok(None),
        Err(failure) if is_correctable(&failure) => Ok(Some(failure)),
        Err(failure) => Err(failure),
    }
}

/// A form's page again, with the failure's status.
fn again(failure: &Failure, page: Markup) -> Response {
    let status =
        StatusCode::from_u16(failure.kind.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
    (status, page).into_response()
}

/// Back to a page of the module with a word of success.
fn done(member: &Member, to: &str, flash: &'static str) -> Result<Response, Failure> {
    let path = member.path(&format!("timebank{to}"));
    flash_to(&path, FlashKey(Tone::Success, flash))
}

/// Minutes as people say them.
fn duration(ui: &Ui, minutes: i64) -> String {
    let sign = if minutes < 0 { "−" } else { "" };
    let minutes = minutes.unsigned_abs();
    let arguments = [
        ("hours", (minutes / 60).into()),
        ("minutes", (minutes % 60).into()),
    ];
    format!("{sign}{}", ui.t_with("timebank-duration", &arguments))
}

/// Why something fits, in words.
fn reasons(ui: &Ui, reasons: &[Reason]) -> Markup {
    html! {
        p {
            @if reasons.is_empty() { (badge(Shade::Wall, ui.t("timebank-reason-none"))) }
            @for reason in reasons {
                @match reason {
                    Reason::Known(visits) => {
                        (badge(Shade::Jade, ui.t_with("timebank-reason-known", &[("visits", (*visits).into())])))
                    }
                    Reason::Speaks(language) => {
                        (badge(Shade::Jade, ui.t_with("timebank-reason-speaks", &[("language", language.as_str().into())])))
                    }
                    Reason::Free => { (badge(Shade::Jade, ui.t("timebank-reason-free"))) }
                    Reason::SameBuilding => { (badge(Shade::Jade, ui.t("timebank-reason-same-building"))) }
                    Reason::Skilled => { (badge(Shade::Jade, ui.t("timebank-reason-skilled"))) }
                    Reason::GenderWished => { (badge(Shade::Jade, ui.t("timebank-reason-gender-wished"))) }
                }
                " "
            }
        }
    }
}

/// What a request is, and where its visit stands.
fn told(ui: &Ui, request: &RequestView) -> Markup {
    html! {
        p {
            strong { (request.service) } " · " (ui.date_time(request.begins.micros())) " · " (duration(ui, request.minutes))
        }
        p { (request.elder) " · " (request.reach.as_deref().unwrap_or(&request.building)) }
        @if let Some(note) = &request.note { p { (note) } }
        @if let Some(visit) = &request.visit {
            p {
                (ui.t_with("timebank-visitor", &[("name", visit.volunteer.as_str().into()), ("number", visit.number.into())])) " "
                (badge(shade(visit.stage), ui.t(&format!("timebank-stage-{}", visit.stage.name()))))
                @if visit.is_disputed { " " (badge(Shade::Vermilion, ui.t("timebank-disputed"))) }
            }
            @if let (Some(came), Some(left)) = (visit.came_at, visit.left_at) {
                p { (ui.date_time(came.micros())) " – " (ui.time(left.micros())) }
            }
            @if let Some(credited) = visit.credited {
                p {
                    (ui.t_with("timebank-credited", &[("time", duration(ui, credited).into())]))
                    @if let Some(overflow) = visit.overflow.filter(|overflow| *overflow > 0) {
                        " " (ui.t_with("timebank-overflowed", &[("time", duration(ui, overflow).into())]))
                    }
                    @if let Some(by) = visit.confirmed_as { " " (ui.t(&format!("timebank-confirmed-as-{}", by.name()))) }
                }
            }
        } @else if request.is_closed {
            p { (badge(Shade::Wall, ui.t("timebank-stage-cancelled"))) }
        } @else {
            p { (badge(Shade::Wall, ui.t("timebank-stage-waiting"))) }
        }
    }
}

const fn shade(stage: Stage) -> Shade {
    match stage {
        Stage::Ended => Shade::Vermilion,
        Stage::Booked | Stage::Begun | Stage::Confirmed => Shade::Jade,
        Stage::Cancelled => Shade::Wall,
    }
}

/// A file to keep.
fn download(name: &str, media_type: &'static str, file: Vec<u8>) -> Response {
    use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
    let headers = [
        (CONTENT_TYPE, media_type.to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    (headers, file).into_response()
}

/// A workbook to keep.
fn workbook(name: &str, sheet: documents::Sheet) -> Result<Response, Failure> {
    const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let file = documents::write_xlsx(&[sheet])
        .map_err(|error| Failure::internal("the Excel file", &error))?;
    Ok(download(name, XLSX, file))
}
