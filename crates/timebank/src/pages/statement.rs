//! The statement: each movement of one's hours with the balance after it, as a page, Excel and PDF.

use axum::extract::Query;
use axum::response::Response;
use book::chart;
use kernel::Timestamp;
use ledger::{Act, Code};
use maud::{Markup, html};
use shell::{Failure, Member};
use web_ui::{Column, Heading, Icon, Input, button, empty, field, form, link_button, table};

use super::{download, duration, workbook};
use crate::queries;

/// A movement as every form of the statement tells it.
struct Line {
    at: Timestamp,
    what: String,
    change: i64,
    balance: i64,
}

const TITLES: [&str; 4] = [
    "timebank-when",
    "timebank-what",
    "timebank-change",
    "timebank-balance",
];

/// Up to which day a statement is asked for; all of it where none is.
#[derive(Default, serde::Deserialize)]
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
        let path = member.path(&format!("timebank/statement{rest}"));
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
    let told = statement.into_iter().map(|line| {
        let what = ui.t(key(line.act, line.code, line.change)).into_owned();
        Line {
            at: line.at,
            what: if line.held > 0 {
                format!("{what} ({})", duration(&ui, line.held))
            } else {
                what
            },
            change: line.change,
            balance: line.balance,
        }
    });
    Ok(told.collect())
}

fn key(act: Act, code: Code, change: i64) -> &'static str {
    match (act, code, change.signum()) {
        (Act::Reserve, ..) => "timebank-move-held",
        (Act::Void, ..) => "timebank-move-given-back",
        (Act::Reverse, ..) => "timebank-move-reversed",
        (_, chart::HOURS_EARN, _) => "timebank-move-started",
        (_, chart::HOURS_CLEAR, 1) => "timebank-move-came",
        (_, chart::HOURS_CLEAR, _) => "timebank-move-went",
        (_, chart::HOURS_DONATE, _) => "timebank-move-donated",
        (_, _, 1) => "timebank-move-received",
        _ => "timebank-move-paid",
    }
}

pub(super) async fn page(member: Member, Query(asked): Query<Asked>) -> Result<Markup, Failure> {
    let lines = lines(&member, &asked).await?;
    let ui = member.ui();
    let pdf = asked.path(&member, "/pdf");
    let heading = Heading::new(ui.t("timebank-statement"))
        .crumb(member.path("timebank"), ui.t("timebank-title"))
        .actions(html! {
            (link_button(pdf, ui.t("timebank-pdf")).secondary().icon(Icon::Download).download())
        });
    let [when, what, change, balance] = TITLES.map(|key| ui.t(key));
    let columns = [
        Column::text(when),
        Column::text(what),
        Column::number(change),
        Column::number(balance),
    ];
    let all = table(&ui, ui.t("timebank-statement"), columns)
        .rows(lines.iter().map(|line| {
            vec![
                html! { (ui.date_time(line.at.micros())) },
                html! { (line.what) },
                html! { (duration(&ui, line.change)) },
                html! { (duration(&ui, line.balance)) },
            ]
        }))
        .export(&ui, asked.path(&member, "/excel"));
    let day = asked.day().map(|day| day.to_string()).unwrap_or_default();
    let choose = form(
        &ui,
        member.path("timebank/statement"),
        html! {
            (field(&ui, "until", ui.t("timebank-field-until")).input(Input::Date).value(day))
        },
    );
    Ok(ui.page(heading, html! {
        (choose.get().button(button(ui.t("timebank-show")).secondary()))
        @if lines.is_empty() { (empty(Icon::History, ui.t("timebank-no-lines"))) } @else { (all) }
    }))
}

pub(super) async fn excel(member: Member, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let lines = lines(&member, &asked).await?;
    let ui = member.ui();
    let sheet = documents::Sheet {
        name: ui.t("timebank-statement").into_owned(),
        columns: TITLES
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
    workbook("hours.xlsx", sheet)
}

pub(super) async fn pdf(member: Member, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let lines = lines(&member, &asked).await?;
    let ui = member.ui();
    let [when, what, change, balance] = TITLES.map(|key| ui.t(key).into_owned());
    let (start, end) = (documents::Align::Start, documents::Align::End);
    let block = documents::TableBlock {
        caption: String::new(),
        columns: vec![(when, start), (what, start), (change, end), (balance, end)],
        rows: lines
            .into_iter()
            .map(|line| {
                vec![
                    ui.date_time(line.at.micros()),
                    line.what,
                    duration(&ui, line.change),
                    duration(&ui, line.balance),
                ]
            })
            .collect(),
    };
    let document = documents::Document {
        title: format!("{} {}", member.face.name, ui.t("timebank-statement")),
        blocks: vec![documents::Block::Table(block)],
        footer: ui.date_time(member.visitor.now.micros()),
        ..documents::Document::default()
    };
    let file =
        documents::to_pdf(&document).map_err(|error| Failure::internal("the PDF file", &error))?;
    Ok(download("hours.pdf", "application/pdf", file))
}
