//! Pages of the fund: the public book for everybody, one's own gifts, projects, the desk of who keeps the book.

mod desk;
mod desk_acts;
mod entry;
mod grant;
mod grants;
mod ledger;
mod mine;
mod overview;
mod purse;
mod trial;

use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use maud::{Markup, html};
use serde::Deserialize;
use shell::{App, Failure, FlashKey, Member, Uploads, download, flash_to};
use web_ui::{Citation, HistoryEntry, Select, Shade, Tone, Ui, badge, citation, history, select};

use crate::model::{Evidence, Purse, VoucherId, yuan};
use crate::queries::{FileView, Giver, Line, PurseView};
use crate::store::{Charter, Grant};
use crate::{Error, Ground, Worry};

pub(crate) use entry::receipt_json;

/// Every page and form of the module.
pub(crate) fn routes() -> Router<App> {
    let at = |rest: &str| format!("/c/{{community}}/fund{rest}");
    Router::new()
        .route(&at(""), get(overview::page))
        .route(&at("/ledger"), get(ledger::page))
        .route(&at("/ledger/excel"), get(ledger::excel))
        .route(&at("/ledger/csv"), get(ledger::csv))
        .route(&at("/ledger/pdf"), get(ledger::pdf))
        .route(&at("/purses/{purse}"), get(purse::page))
        .route(&at("/purses/{purse}/excel"), get(purse::excel))
        .route(&at("/book"), get(trial::page))
        .route(&at("/book/excel"), get(trial::excel))
        .route(&at("/book/pdf"), get(trial::pdf))
        .route(&at("/files/{file}"), get(entry::file))
        .route(&at("/entries/{voucher}"), get(entry::page))
        .route(&at("/entries/{voucher}/receipt"), get(entry::receipt_json))
        .route(
            &at("/entries/{voucher}/receipt/pdf"),
            get(entry::receipt_pdf),
        )
        .route(&at("/entries/{voucher}/confirmation"), post(entry::confirm))
        .route(&at("/entries/{voucher}/refusal"), post(entry::refuse))
        .route(&at("/entries/{voucher}/return"), post(entry::give_back))
        .route(&at("/entries/{voucher}/change"), post(entry::change))
        .route(&at("/grants"), get(grants::page))
        .route(&at("/grants/excel"), get(grants::excel))
        .route(
            &at("/grants/new"),
            get(grants::new_page).post(grants::apply),
        )
        .route(&at("/grants/{grant}"), get(grant::page))
        .route(&at("/grants/{grant}/reviews"), post(grant::review))
        .route(&at("/grants/{grant}/decision"), post(grant::decide))
        .route(&at("/grants/{grant}/end"), post(grant::end))
        .route(&at("/tranches/{tranche}/evidence"), post(grant::submit))
        .route(&at("/tranches/{tranche}/check"), post(grant::check))
        .route(&at("/tranches/{tranche}/payment"), post(grant::pay))
        .route(&at("/mine"), get(mine::page))
        .route(&at("/gifts"), post(mine::announce))
        .route(&at("/gifts/{gift}/withdrawal"), post(mine::withdraw))
        .route(&at("/desk"), get(desk::page))
        .route(&at("/desk/vouchers"), post(desk_acts::record))
        .route(&at("/desk/charter"), post(desk_acts::set_charter))
        .route(&at("/desk/purposes"), post(desk_acts::make_purpose))
        .route(
            &at("/desk/purposes/{purpose}/end"),
            post(desk_acts::end_purpose),
        )
        .route(&at("/desk/votes"), post(desk_acts::from_vote))
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

    /// What was typed in these fields of a form with files.
    fn of(uploads: &Uploads, names: &[&str]) -> Self {
        let typed = names.iter();
        Self(
            typed
                .map(|name| ((*name).to_owned(), uploads.text(name).to_owned()))
                .collect(),
        )
    }

    fn purse(&self, name: &'static str) -> Result<Purse, Error> {
        let purse = self.text(name).parse();
        purse.map_err(|_| Error::NoSuchChoice { field: name })
    }
}

/// The file of a form.
fn evidence(uploads: &mut Uploads) -> Option<Evidence> {
    let file = uploads.take_file("file")?;
    Some(Evidence {
        name: file.name,
        media_type: file.media_type,
        content: file.content,
    })
}

/// Back to a page of the module with a word of success.
fn done(member: &Member, to: &str, flash: &'static str) -> Result<Response, Failure> {
    let path = member.path(&format!("fund{to}"));
    flash_to(&path, FlashKey(Tone::Success, flash))
}

/// What came of a form: nothing to correct, or what is to be corrected in it. Other failures go on.
fn to_correct(sent: Result<(), Failure>) -> Result<Option<Failure>, Failure> {
    match sent {
        Ok(()) => Ok(None),
        Err(failure) if is_correctable(&failure) => Ok(Some(failure)),
        Err(failure) => Err(failure),
    }
}

/// Whether the person can put it right in the form; that restricted money stays is told there too.
fn is_correctable(failure: &Failure) -> bool {
    let told = [
        "fund-error-restricted",
        "fund-error-no-route",
        "fund-error-not-found",
    ];
    failure.is_correctable() || told.contains(&failure.code)
}

/// What a purse is called.
fn purse_name(ui: &Ui, purse: Purse, purpose: Option<&str>) -> String {
    match (purse, purpose) {
        (Purse::General, _) => ui.t("fund-purse-general").into_owned(),
        (Purse::Operation, _) => ui.t("fund-purse-operation").into_owned(),
        (Purse::Purpose(_), Some(title)) => title.to_owned(),
        (Purse::Purpose(_), None) => ui.t("fund-purse-purpose").into_owned(),
    }
}

/// What a purse is called, looked up among all.
fn name_among(ui: &Ui, purse: Purse, purses: &[PurseView]) -> String {
    let mut all = purses.iter();
    let found = all.find(|view| view.purse == purse);
    let purpose = found.and_then(|view| view.purpose.as_ref());
    purse_name(
        ui,
        purse,
        purpose.map(|purpose| purpose.terms.title.as_str()),
    )
}

/// A list of purses; those that take nothing more are left out where money would come.
fn purse_select(
    ui: &Ui,
    name: &'static str,
    purses: &[PurseView],
    takes_money: bool,
    chosen: &str,
) -> Select {
    let label = ui.t(&format!("fund-field-{name}")).into_owned();
    let is_open = |view: &&PurseView| {
        let ended = view
            .purpose
            .as_ref()
            .is_some_and(|purpose| purpose.ended_at.is_some());
        !(takes_money && ended)
    };
    let list = purses.iter().filter(is_open);
    list.fold(begun(ui, name, label, chosen), |select, view| {
        let name = name_among(ui, view.purse, purses);
        select.option(view.purse.to_string(), name)
    })
}

/// A select over an enum's names; their texts are `fund-NAME-…`.
fn select_named(
    ui: &Ui,
    name: &'static str,
    names: impl Iterator<Item = &'static str>,
    chosen: &str,
) -> Select {
    let label = ui.t(&format!("fund-field-{name}")).into_owned();
    names.fold(begun(ui, name, label, chosen), |select, one| {
        select.option(one, word(ui, name, one))
    })
}

/// A select in which something is chosen, or nothing yet.
fn begun(ui: &Ui, name: &'static str, label: String, chosen: &str) -> Select {
    let select = select(ui, name, label);
    if chosen.is_empty() {
        select
    } else {
        select.selected(chosen)
    }
}

/// Lines as they were written.
fn in_lines(text: &str) -> Markup {
    html! { @for line in text.lines() { p { (line) } } }
}

/// The text of one of an enum's names.
fn word(ui: &Ui, name: &str, one: &str) -> String {
    ui.t(&format!("fund-{name}-{}", one.replace('_', "-")))
        .into_owned()
}

/// What a line is: its kind, who gave, what it was.
fn told(ui: &Ui, line: &Line) -> String {
    let mut told = word(ui, "kind", line.kind);
    if let Some(donor) = &line.donor {
        told.push_str(" · ");
        match donor {
            Giver::Shown(name) => told.push_str(name),
            Giver::Anonymous => told.push_str(&ui.t("fund-anonymous")),
        }
    }
    told.push_str(" · ");
    told.push_str(&line.what);
    told
}

/// Where a line leads: to its voucher or its grant.
fn leads(member: &Member, line: &Line) -> String {
    match (line.voucher, line.grant) {
        (Some(voucher), _) => member.path(&format!("fund/entries/{voucher}")),
        (None, Some(grant)) => member.path(&format!("fund/grants/{grant}")),
        (None, None) => member.path("fund/ledger"),
    }
}

fn grant_badge(ui: &Ui, grant: &Grant) -> Markup {
    let shade = match grant.stage() {
        "running" => Shade::Jade,
        "applied" => Shade::Mist,
        "refused" | "cancelled" => Shade::Wall,
        _ => Shade::Tile,
    };
    badge(shade, word(ui, "stage", grant.stage()))
}

const fn shade_of(worry: Worry) -> Shade {
    match worry {
        Worry::Kept => Shade::Jade,
        Worry::Open => Shade::Mist,
        Worry::Danger => Shade::Sand,
        Worry::Missed => Shade::Vermilion,
    }
}

fn clauses(ui: &Ui, grounds: &[Ground]) -> Vec<Citation> {
    let cited = grounds.iter();
    cited
        .map(|ground| citation(ui, ground.citation.clone(), ground.verified))
        .collect()
}

/// The files that show something; those that are not for this reader are named only.
fn files(member: &Member, ui: &Ui, files: &[FileView]) -> Markup {
    html! {
        @if !files.is_empty() {
            ul {
                @for file in files {
                    li {
                        @if file.may_open {
                            a href=(member.path(&format!("fund/files/{}", file.line.id))) download { (file.line.name) }
                        } @else {
                            (file.line.name) " " (badge(Shade::Wall, ui.t("fund-file-closed")))
                        }
                        " " span.quiet { (ui.date_time(file.line.added_at.micros())) " · SHA-256 "
                            (crate::hex(file.line.sha256.get(..4).unwrap_or_default())) "…" }
                    }
                }
            }
        }
    }
}

/// Of which income something was paid.
fn sources(member: &Member, ui: &Ui, sources: &[(VoucherId, i64)]) -> Markup {
    html! {
        @if !sources.is_empty() {
            p {
                (ui.t("fund-paid-from")) " "
                @for (place, (voucher, amount)) in sources.iter().enumerate() {
                    @if place > 0 { "，" }
                    a href=(member.path(&format!("fund/entries/{voucher}"))) { (ui.money(*amount)) }
                }
            }
        }
    }
}

/// What the journal has about something.
fn entries(ui: &Ui, entries: &[journal::Entry]) -> Markup {
    let shown = entries.iter().map(|entry| {
        let what = ui.t(&format!("entry-{}", entry.kind.replace('.', "-")));
        let who = if entry.actor.is_nil() {
            ui.t("fund-actor-linli")
        } else {
            ui.t("fund-actor-member")
        };
        HistoryEntry::new(entry.at.micros(), who, what.into_owned()).position(entry.position)
    });
    history(ui, shown.collect::<Vec<_>>())
}

/// What the fund is called, or the word for it before it began.
fn fund_name(ui: &Ui, charter: Option<&Charter>) -> String {
    match charter {
        Some(charter) => charter.terms.name.clone(),
        None => ui.t("fund-title").into_owned(),
    }
}

/// A workbook to keep.
fn workbook(name: &str, sheets: &[documents::Sheet]) -> Result<Response, Failure> {
    const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let file = documents::write_xlsx(sheets)
        .map_err(|error| Failure::internal("the Excel file", &error))?;
    Ok(download(name, XLSX, file))
}

/// A document to keep.
fn pdf_file(name: &str, document: &documents::Document) -> Result<Response, Failure> {
    let file =
        documents::to_pdf(document).map_err(|error| Failure::internal("the PDF file", &error))?;
    Ok(download(name, "application/pdf", file))
}

/// A sheet's columns by their messages.
fn titled(ui: &Ui, keys: &[&str]) -> Vec<documents::Column> {
    let columns = keys.iter();
    columns
        .map(|key| documents::Column {
            title: ui.t(key).into_owned(),
            width: None,
        })
        .collect()
}

/// Fen for a bar; nothing below zero.
fn measure(fen: i64) -> u64 {
    u64::try_from(fen).unwrap_or(0)
}

/// Fen as a form's value.
fn in_yuan(fen: i64) -> String {
    yuan(fen)
}
