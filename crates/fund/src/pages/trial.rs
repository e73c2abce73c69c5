//! One book: every account of the community's points, hours and money, as it stood at the end of any day.

use axum::extract::Query;
use axum::response::Response;
use book::AccountLine;
use jiff::civil::Date;
use ledger::Asset;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, Member};
use web_ui::{
    Column, Heading, Icon, Input, Ui, button, empty, field, form, link_button, section, table,
};

use super::{pdf_file, titled, workbook};
use crate::queries;

/// Which day, as an address says it.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    day: String,
}

impl Wanted {
    /// The day, or today; never one that lies ahead.
    fn day(&self, member: &Member) -> Date {
        let today = member.visitor.now.date();
        let said: Option<Date> = self.day.trim().parse().ok();
        said.unwrap_or(today).min(today)
    }
}

async fn read(member: &Member, wanted: &Wanted) -> Result<(Date, Vec<AccountLine>), Failure> {
    let day = wanted.day(member);
    let lines = member
        .read(move |read, ctx| queries::trial(read, ctx, day))
        .await?;
    Ok((day, lines))
}

const ASSETS: [Asset; 3] = [Asset::Fen, Asset::Points, Asset::Minutes];

const TITLES: [&str; 6] = [
    "fund-account",
    "fund-accounts",
    "fund-came",
    "fund-went",
    "fund-balance",
    "fund-held",
];

/// An amount of an asset as people say it.
fn amount(ui: &Ui, asset: Asset, value: i64) -> String {
    match asset {
        Asset::Fen => ui.money(value),
        Asset::Points => ui.number(value),
        Asset::Minutes => {
            let text = ui.t_with("fund-minutes", &[("minutes", ui.number(value).into())]);
            text.into_owned()
        }
    }
}

fn cells(ui: &Ui, line: &AccountLine) -> [String; 6] {
    let of = |value| amount(ui, line.asset, value);
    [
        ui.t(&format!("fund-account-{}", line.name)).into_owned(),
        ui.number(i64::try_from(line.accounts).unwrap_or(i64::MAX)),
        of(line.received),
        of(line.given),
        of(line.received - line.given),
        of(line.outgoing),
    ]
}

fn of_asset(lines: &[AccountLine], asset: Asset) -> impl Iterator<Item = &AccountLine> {
    lines.iter().filter(move |line| line.asset == asset)
}

/// The sums of an asset: what came, what went, what is left, what is held.
fn sums(ui: &Ui, lines: &[AccountLine], asset: Asset) -> [String; 6] {
    let sum = |of: fn(&AccountLine) -> i64| {
        let total: i64 = of_asset(lines, asset).map(of).sum();
        amount(ui, asset, total)
    };
    [
        ui.t("fund-sum").into_owned(),
        String::new(),
        sum(|line| line.received),
        sum(|line| line.given),
        sum(|line| line.received - line.given),
        sum(|line| line.outgoing),
    ]
}

pub(super) async fn page(member: Member, Query(wanted): Query<Wanted>) -> Result<Markup, Failure> {
    let (day, lines) = read(&member, &wanted).await?;
    let ui = member.ui();
    let to = |rest: &str| member.path(&format!("fund/book{rest}?day={day}"));
    let heading = Heading::new(ui.t("fund-trial"))
        .crumb(member.path("fund"), ui.t("fund-title"))
        .lead(ui.t("fund-trial-lead"))
        .wide()
        .actions(html! {
            (link_button(to("/pdf"), ui.t("fund-pdf")).secondary().icon(Icon::Download).download())
            (link_button(to("/excel"), ui.t("fund-excel")).secondary().icon(Icon::Download).download())
        });
    let choose = form(
        &ui,
        member.path("fund/book"),
        html! {
            (field(&ui, "day", ui.t("fund-field-day-shown")).input(Input::Date).value(day.to_string()))
        },
    );
    Ok(ui.page(
        heading,
        html! {
            (choose.get().button(button(ui.t("fund-show")).secondary()))
            @if lines.is_empty() { (empty(Icon::Law, ui.t("fund-no-accounts"))) }
            @for asset in ASSETS {
                @if of_asset(&lines, asset).next().is_some() { (asset_table(&ui, &lines, asset)) }
            }
        },
    ))
}

fn asset_table(ui: &Ui, lines: &[AccountLine], asset: Asset) -> Markup {
    let title = ui.t(&format!("fund-asset-{}", asset.name()));
    let [account, accounts, came, went, balance, held] = TITLES.map(|key| ui.t(key));
    let columns = [
        Column::text(account),
        Column::number(accounts),
        Column::number(came),
        Column::number(went),
        Column::number(balance),
        Column::number(held),
    ];
    let rows = of_asset(lines, asset).map(|line| {
        let cells = cells(ui, line);
        cells.map(|cell| html! { (cell) }).to_vec()
    });
    let all = table(ui, title.clone(), columns)
        .rows(rows)
        .total(sums(ui, lines, asset));
    section(title, all)
}

pub(super) async fn excel(
    member: Member,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    use documents::Cell;
    let (_, lines) = read(&member, &wanted).await?;
    let ui = member.ui();
    let sheets = ASSETS.map(|asset| documents::Sheet {
        name: ui.t(&format!("fund-asset-{}", asset.name())).into_owned(),
        columns: titled(&ui, &TITLES),
        rows: of_asset(&lines, asset)
            .map(|line| {
                let of = |value| match asset {
                    Asset::Fen => Cell::Money(value),
                    Asset::Points | Asset::Minutes => Cell::Integer(value),
                };
                let name = ui.t(&format!("fund-account-{}", line.name));
                vec![
                    Cell::Text(name.into_owned()),
                    Cell::Integer(i64::try_from(line.accounts).unwrap_or(i64::MAX)),
                    of(line.received),
                    of(line.given),
                    of(line.received - line.given),
                    of(line.outgoing),
                ]
            })
            .collect(),
    });
    workbook("book.xlsx", &sheets)
}

pub(super) async fn pdf(member: Member, Query(wanted): Query<Wanted>) -> Result<Response, Failure> {
    let (day, lines) = read(&member, &wanted).await?;
    let ui = member.ui();
    let mut blocks = Vec::new();
    for asset in ASSETS {
        let mut rows: Vec<Vec<String>> = of_asset(&lines, asset)
            .map(|line| cells(&ui, line).to_vec())
            .collect();
        if rows.is_empty() {
            continue;
        }
        rows.push(sums(&ui, &lines, asset).to_vec());
        let column = |key: &&str| {
            let align = if *key == "fund-account" {
                documents::Align::Start
            } else {
                documents::Align::End
            };
            (ui.t(key).into_owned(), align)
        };
        blocks.push(documents::Block::Table(documents::TableBlock {
            caption: ui.t(&format!("fund-asset-{}", asset.name())).into_owned(),
            columns: TITLES.iter().map(column).collect(),
            rows,
        }));
    }
    let document = documents::Document {
        title: format!("{} {}", member.face.name, ui.t("fund-trial")),
        number: day.to_string(),
        blocks,
        footer: ui.date_time(member.visitor.now.micros()),
        ..documents::Document::default()
    };
    pdf_file("book.pdf", &document)
}
