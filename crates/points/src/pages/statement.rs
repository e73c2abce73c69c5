//! The statement: each movement with the balance after it, up to any day, as a page, Excel and PDF.

use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use kernel::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, Member, download};
use web_ui::{Column, Heading, Icon, Input, button, empty, field, form, link_button, table};

use super::workbook;
use crate::queries;

/// A movement as every form of the statement tells it: when, what, change, balance.
struct Line {
    at: Timestamp,
    what: String,
    change: i64,
    balance: i64,
}

/// As of which day a statement is asked for; today's end where none is named.
#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    until: String,
}

impl Asked {
    fn day(&self) -> Option<jiff::civil::Date> {
        self.until.trim().parse().ok()
    }

    /// The midnight after the day.
    fn end(&self) -> Option<Timestamp> {
        self.day().map(|day| Timestamp::start_of(day).plus_days(1))
    }

    fn path(&self, member: &Member, rest: &str) -> String {
        let path = member.path(&format!("points/statement{rest}"));
        match self.day() {
            Some(day) => format!("{path}?until={day}"),
            None => path,
        }
    }
}

async fn lines(member: &Member, asked: &Asked) -> Result<Vec<Line>, Failure> {
    let ui = member.ui();
    let until = asked.end();
    let statement = member
        .read(move |read, ctx| queries::statement(read, ctx, until))
        .await?;
    let told = statement.into_iter().map(|(line, title)| {
        let key = match (line.act, line.change.signum()) {
            (ledger::Act::Reserve, _) => "points-move-held",
            (ledger::Act::Void, _) => "points-move-given-back",
            (ledger::Act::Expire, _) => "points-move-expired",
            (ledger::Act::Reverse, _) => "points-move-reversed",
            (_, 1) => "points-move-earned",
            _ => "points-move-spent",
        };
        let mut what = ui.t(key).into_owned();
        if let Some(title) = title {
            what = format!("{what} · {title}");
        }
        if line.held > 0 {
            what = format!("{what} ({})", ui.number(line.held));
        }
        Line {
            at: line.at,
            what,
            change: line.change,
            balance: line.balance,
        }
    });
    Ok(told.collect())
}

pub(super) async fn page(member: Member, Query(asked): Query<Asked>) -> Result<Markup, Failure> {
    let lines = lines(&member, &asked).await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("points-statement"))
        .crumb(member.path("points"), ui.t("points-title"))
        .actions(html! {
            (link_button(asked.path(&member, "/pdf"), ui.t("points-pdf")).secondary().icon(Icon::Download).download())
        });
    let columns = [
        Column::text(ui.t("points-when")),
        Column::text(ui.t("points-what")),
        Column::number(ui.t("points-change")),
        Column::number(ui.t("points-balance")),
    ];
    let all = table(&ui, ui.t("points-statement"), columns)
        .rows(lines.iter().map(|line| {
            vec![
                html! { (ui.date_time(line.at.micros())) },
                html! { (line.what) },
                html! { (ui.number(line.change)) },
                html! { (ui.number(line.balance)) },
            ]
        }))
        .export(&ui, asked.path(&member, "/excel"));
    let day = asked.day().map(|day| day.to_string()).unwrap_or_default();
    let choose = form(
        &ui,
        member.path("points/statement"),
        html! {
            (field(&ui, "until", ui.t("points-field-until")).input(Input::Date).value(day))
        },
    );
    Ok(ui.page(
        heading,
        html! {
            (choose.get().button(button(ui.t("points-show")).secondary()))
            @if lines.is_empty() { (empty(Icon::History, ui.t("points-no-lines"))) } @else { (all) }
        },
    ))
}

pub(super) async fn excel(member: Member, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let lines = lines(&member, &asked).await?;
    let ui = member.ui();
    let titles = [
        "points-when",
        "points-what",
        "points-change",
        "points-balance",
    ];
    let sheet = documents::Sheet {
        name: ui.t("points-statement").into_owned(),
        columns: titles
            .iter()
            .map(|key| documents::Column {
                title: ui.t(key).into_owned(),
                width: None,
            })
            .collect(),
        rows: lines
            .into_iter()
            .map(|line| {
                vec![
                    documents::Cell::Text(ui.date_time(line.at.micros())),
                    documents::Cell::Text(line.what),
                    documents::Cell::Integer(line.change),
                    documents::Cell::Integer(line.balance),
                ]
            })
            .collect(),
    };
    workbook("points.xlsx", sheet)
}

pub(super) async fn pdf(member: Member, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let lines = lines(&member, &asked).await?;
    let ui = member.ui();
    let end = documents::Align::End;
    let block = documents::TableBlock {
        caption: String::new(),
        columns: vec![
            (ui.t("points-when").into_owned(), documents::Align::Start),
            (ui.t("points-what").into_owned(), documents::Align::Start),
            (ui.t("points-change").into_owned(), end),
            (ui.t("points-balance").into_owned(), end),
        ],
        rows: lines
            .into_iter()
            .map(|line| {
                vec![
                    ui.date_time(line.at.micros()),
                    line.what,
                    ui.number(line.change),
                    ui.number(line.balance),
                ]
            })
            .collect(),
    };
    let document = documents::Document {
        title: format!("{} {}", member.face.name, ui.t("points-statement")),
        blocks: vec![documents::Block::Table(block)],
        footer: ui.date_time(member.visitor.now.micros()),
        ..documents::Document::default()
    };
    let file =
        documents::to_pdf(&document).map_err(|error| Failure::internal("the PDF file", &error))?;
    Ok(download("points.pdf", "application/pdf", file).into_response())
}
