//! Pages of the roll, one file a task.

mod change;
mod correct_person;
mod erase;
mod export;
mod find;
mod import;
mod list;
mod login;
mod mine;
mod person;
mod preview;
mod template;
mod unit;
mod voice;

use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use documents::{Cell, Sheet};
use kernel::CommunityId;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{App, Failure, FlashKey, Member, flash_to};
use web_ui::{FormErrors, Heading, Icon, Select, Tone, Ui, row, rows, section, select};

use crate::model::{PersonRef, UnitId, UnitUse};
use crate::queries::{AccountUnit, FoundPerson};

pub(crate) use import::{read_upload, sha256};
pub(crate) use login::account_of;

/// Every page and form of the module.
pub(crate) fn routes() -> Router<App> {
    let base = "/c/{community}/people";
    let unit = "/c/{community}/people/units/{unit}";
    let person = "/c/{community}/people/persons/{kind}/{person}";
    Router::new()
        .route(base, get(list::page))
        .route(&format!("{base}/mine"), get(mine::page))
        .route(
            &format!("{base}/find"),
            get(find::form_page).post(find::find),
        )
        .route(
            &format!("{base}/export"),
            get(export::page).post(export::open),
        )
        .route(&format!("{base}/export/masked"), get(export::masked))
        .route(
            &format!("{base}/import"),
            get(import::page).post(import::upload),
        )
        .route(&format!("{base}/import/template"), get(template::file))
        .route(
            &format!("{base}/import/{{upload}}"),
            get(preview::page).post(preview::apply),
        )
        .route(
            &format!("{base}/import/{{upload}}/faults"),
            get(preview::faults_file),
        )
        .route(unit, get(unit::page))
        .route(
            &format!("{unit}/voice"),
            get(voice::page).post(voice::appoint),
        )
        .route(&format!("{unit}/voice/end"), post(voice::end))
        .route(
            &format!("{unit}/transfer"),
            get(change::transfer_form).post(change::transfer),
        )
        .route(
            &format!("{unit}/facts"),
            get(change::facts_form).post(change::correct),
        )
        .route(
            &format!("{person}/data"),
            get(person::reason_form).post(person::read),
        )
        .route(
            &format!("{person}/correction"),
            get(correct_person::page).post(correct_person::correct),
        )
        .route(
            &format!("{person}/erasure"),
            get(erase::page).post(erase::erase),
        )
        .route(
            &format!("{person}/login"),
            get(login::page).post(login::link),
        )
        .route(&format!("{person}/login/end"), post(login::unlink))
        .route(
            &format!("{person}/end"),
            get(change::moving_form).post(change::move_out),
        )
}

/// One's own units, each a way to its page.
pub(crate) fn own_units_part(ui: &Ui, community: CommunityId, own: &[AccountUnit]) -> Markup {
    let lines = own.iter().map(|unit| {
        let href = format!("/c/{community}/people/units/{}", unit.unit);
        let tie = match (unit.owner.is_some(), unit.is_voice) {
            (true, _) if unit.facts.unit_use == UnitUse::Parking => "roll-tie-no-vote",
            (true, true) => "roll-tie-voice",
            (true, false) => "roll-tie-owner",
            (false, _) => "roll-tie-resident",
        };
        row(href, unit.label.to_string())
            .icon(Icon::Home)
            .detail(html! {
                (ui.area(unit.facts.exclusive_area.get())) " · " (ui.t(tie))
            })
    });
    section(ui.t("roll-own-units"), rows(lines))
}

/// A form's fields as they were typed; a name may come several times.
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
struct Typed(Vec<(String, String)>);

impl Typed {
    /// The first value of a field; empty where it is missing.
    fn text(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or("")
    }

    /// Every value of a field.
    fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }

    fn is_ticked(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_owned(), value.into()));
    }
}

/// What is wrong in a form, each at its field, the fields called as the page calls them.
fn form_errors(ui: &Ui, failure: Option<&Failure>) -> FormErrors {
    failure.map_or_else(FormErrors::new, |failure| {
        failure.form_errors(ui, "roll", "")
    })
}

/// After a form: on to a page, or the form again with what can be corrected.
fn answered(
    sent: Result<(), Failure>,
    to: &str,
    done: &'static str,
    page: impl FnOnce(&Failure) -> Markup,
) -> Result<Response, Failure> {
    match sent {
        Ok(()) => flash_to(to, FlashKey(Tone::Success, done)),
        Err(failure) if failure.is_correctable() => Ok(failure.again(page(&failure))),
        Err(failure) => Err(failure),
    }
}

/// Where someone's unit is shown; the roll where they have none.
fn home_of(member: &Member, found: &FoundPerson) -> String {
    found.units.first().map_or_else(
        || member.path("people"),
        |(unit, _)| unit_path(member, *unit),
    )
}

/// The path of something about a person: `data`, `login`, `end`.
fn person_path(member: &Member, person: PersonRef, what: &str) -> String {
    member.path(&format!("people/persons/{}/{what}", person.subject()))
}

fn unit_path(member: &Member, unit: UnitId) -> String {
    member.path(&format!("people/units/{unit}"))
}

/// The heading of a page below a unit's.
fn heading_below(
    member: &Member,
    ui: &Ui,
    title: &str,
    unit: UnitId,
    label: &impl ToString,
) -> Heading {
    heading(member, ui, title).crumb(unit_path(member, unit), label.to_string())
}

/// The heading of a page below the roll.
fn heading(member: &Member, ui: &Ui, title: &str) -> Heading {
    let heading = Heading::new(ui.t(title));
    if member.may(crate::ROLL_READ) {
        heading.crumb(member.path("people"), ui.t("roll-title"))
    } else {
        heading.crumb(member.path("people/mine"), ui.t("roll-mine"))
    }
}

/// A select of names, each told by the message `PREFIX-NAME`.
fn named_select(
    ui: &Ui,
    field: &str,
    prefix: &str,
    names: impl Iterator<Item = &'static str>,
) -> Select {
    names.fold(
        select(ui, field, ui.t(&field_key(field))),
        |select, name| select.option(name, ui.t(&format!("{prefix}-{name}"))),
    )
}

/// The message that names a field.
fn field_key(field: &str) -> String {
    format!("roll-field-{}", field.replace('_', "-"))
}

/// A workbook to keep.
fn workbook(name: &str, sheets: &[Sheet]) -> Result<Response, Failure> {
    const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let file = documents::write_xlsx(sheets)
        .map_err(|error| Failure::internal("the Excel file", &error))?;
    Ok(shell::download(name, XLSX, file))
}

/// A sheet of text cells.
fn sheet(name: &str, columns: &[String], rows: impl IntoIterator<Item = Vec<String>>) -> Sheet {
    let column = |title: &String| documents::Column {
        title: title.clone(),
        width: None,
    };
    Sheet {
        name: name.to_owned(),
        columns: columns.iter().map(column).collect(),
        rows: rows
            .into_iter()
            .map(|row| row.into_iter().map(text_cell).collect())
            .collect(),
    }
}

fn text_cell(text: String) -> Cell {
    if text.is_empty() {
        Cell::Empty
    } else {
        Cell::Text(text)
    }
}
