//! The public ledger: every line of a year, with filters, and to take away as Excel, CSV and PDF.

use axum::extract::Query;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, Member, download};
use web_ui::{Column, Heading, Icon, Input, Ui, button, empty, field, form, link_button, table};

use super::{leads, name_among, pdf_file, purse_select, titled, told, workbook};
use crate::model::Purse;
use crate::queries::{self, Asked, Line, PurseView};

/// The years that can be asked for.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2100;

/// Which lines, as an address says it.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    year: String,
    purse: String,
}

/// A year as an address says it, or this one.
fn year_or_this(member: &Member, year: &str) -> i16 {
    let said = year.trim().parse().ok().filter(|year| YEARS.contains(year));
    said.unwrap_or_else(|| member.visitor.now.date().year())
}

impl Wanted {
    fn asked(&self, member: &Member) -> Asked {
        let purse: Option<Purse> = self.purse.parse().ok();
        let year = year_or_this(member, &self.year);
        Asked { year, purse }
    }
}

/// What is asked for, its lines, and every purse.
async fn read(
    member: &Member,
    wanted: &Wanted,
) -> Result<(Asked, Vec<Line>, Vec<PurseView>), Failure> {
    let asked = wanted.asked(member);
    let found = member
        .read(move |read, ctx| {
            let lines = queries::lines(read, ctx, asked)?;
            Ok::<_, crate::Error>((lines, queries::purse_list(read, ctx)?))
        })
        .await?;
    Ok((asked, found.0, found.1))
}

fn address(member: &Member, asked: Asked, rest: &str) -> String {
    let purse = asked
        .purse
        .map(|purse| format!("&purse={purse}"))
        .unwrap_or_default();
    member.path(&format!("fund/ledger{rest}?year={}{purse}", asked.year))
}

const TITLES: [&str; 4] = ["fund-when", "fund-what", "fund-purse", "fund-amount"];

pub(super) async fn page(member: Member, Query(wanted): Query<Wanted>) -> Result<Markup, Failure> {
    let (asked, lines, purses) = read(&member, &wanted).await?;
    let ui = member.ui();
    let to = |rest| address(&member, asked, rest);
    let heading = Heading::new(ui.t("fund-ledger"))
        .crumb(member.path("fund"), ui.t("fund-title"))
        .lead(ui.t("fund-ledger-lead"))
        .actions(html! {
            (link_button(to("/pdf"), ui.t("fund-pdf")).secondary().icon(Icon::Download).download())
            (link_button(to("/csv"), ui.t("fund-csv")).secondary().icon(Icon::Download).download())
        });
    let columns = [
        Column::text(ui.t("fund-when")),
        Column::text(ui.t("fund-what")),
        Column::text(ui.t("fund-purse")),
        Column::number(ui.t("fund-amount")),
    ];
    let rows = lines.iter().map(|line| {
        vec![
            html! { (ui.date_time(line.at.micros())) },
            html! { a href=(leads(&member, line)) { (told(&ui, line)) } },
            html! { (purses_of(&ui, line, &purses)) },
            html! { (ui.money(line.amount)) },
        ]
    });
    let sum: i64 = lines.iter().map(|line| line.amount).sum();
    let all = table(&ui, ui.t("fund-ledger"), columns)
        .rows(rows)
        .total([
            html! { (ui.t("fund-sum")) },
            html! {},
            html! {},
            html! { (ui.money(sum)) },
        ])
        .export(&ui, to("/excel"));
    let chosen = asked.purse.map(|purse| purse.to_string());
    let choose = form(
        &ui,
        member.path("fund/ledger"),
        html! {
            (field(&ui, "year", ui.t("fund-field-year")).input(Input::Number).value(asked.year.to_string()))
            (purse_select(&ui, "purse", &purses, false, chosen.as_deref().unwrap_or("all"))
                .option("all", ui.t("fund-all-purses")))
        },
    );
    Ok(ui.page(
        heading,
        html! {
            (choose.get().button(button(ui.t("fund-show")).secondary()))
            @if lines.is_empty() { (empty(Icon::Receipt, ui.t("fund-no-lines"))) } @else { (all) }
        },
    ))
}

fn purses_of(ui: &Ui, line: &Line, purses: &[PurseView]) -> String {
    let from = name_among(ui, line.purse, purses);
    match line.target {
        Some(target) => format!("{from} → {}", name_among(ui, target, purses)),
        None => from,
    }
}

fn sheet(ui: &Ui, lines: &[Line], purses: &[PurseView]) -> documents::Sheet {
    use documents::Cell;
    let rows = lines.iter().map(|line| {
        vec![
            Cell::Text(ui.date_time(line.at.micros())),
            Cell::Text(told(ui, line)),
            Cell::Text(purses_of(ui, line, purses)),
            Cell::Money(line.amount),
        ]
    });
    documents::Sheet {
        name: ui.t("fund-ledger").into_owned(),
        columns: titled(ui, &TITLES),
        rows: rows.collect(),
    }
}

pub(super) async fn excel(
    member: Member,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let (_, lines, purses) = read(&member, &wanted).await?;
    workbook("fund.xlsx", &[sheet(&member.ui(), &lines, &purses)])
}

pub(super) async fn csv(member: Member, Query(wanted): Query<Wanted>) -> Result<Response, Failure> {
    let (_, lines, purses) = read(&member, &wanted).await?;
    let file = documents::write_csv(&sheet(&member.ui(), &lines, &purses))
        .map_err(|error| Failure::internal("the CSV file", &error))?;
    Ok(download("fund.csv", "text/csv; charset=utf-8", file))
}

pub(super) async fn pdf(member: Member, Query(wanted): Query<Wanted>) -> Result<Response, Failure> {
    let (asked, lines, purses) = read(&member, &wanted).await?;
    let ui = member.ui();
    let [when, what, purse, amount] = TITLES.map(|key| ui.t(key).into_owned());
    let start = documents::Align::Start;
    let rows = lines.iter().map(|line| {
        vec![
            ui.date(line.at.micros()),
            told(&ui, line),
            purses_of(&ui, line, &purses),
            ui.money(line.amount),
        ]
    });
    let block = documents::TableBlock {
        caption: ui
            .t_with("fund-in-year", &[("year", asked.year.to_string().into())])
            .into_owned(),
        columns: vec![
            (when, start),
            (what, start),
            (purse, start),
            (amount, documents::Align::End),
        ],
        rows: rows.collect(),
    };
    let document = documents::Document {
        title: format!("{} {}", member.face.name, ui.t("fund-ledger")),
        blocks: vec![documents::Block::Table(block)],
        footer: ui.date_time(member.visitor.now.micros()),
        ..documents::Document::default()
    };
    pdf_file("fund.pdf", &document)
}
