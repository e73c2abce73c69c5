//! Excel files: the queue, and a file's events with the codes of the national exchange standard.

use axum::extract::Path;
use axum::response::Response;
use documents::{Cell, Column, Sheet};
use jiff::civil::Date;
use kernel::CommunityId;
use shell::{Failure, Member, download};
use web_ui::Ui;

use super::file::view_of;
use super::list::task_title;
use super::said;
use crate::office::unit_text;
use crate::{CaseId, queries};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub(super) async fn queue(member: Member) -> Result<Response, Failure> {
    let queue = member
        .read(|read, ctx| queries::queue(read, ctx, usize::MAX))
        .await?;
    let ui = member.ui();
    let mut sheet = sheet(
        &ui,
        "approvals-queue",
        &[
            "approvals-column-number",
            "approvals-column-file",
            "approvals-column-stage",
            "approvals-column-task",
            "approvals-column-unit",
            "approvals-column-due",
            "approvals-column-late",
            "approvals-provisional",
        ],
    );
    sheet.rows = queue
        .lines
        .iter()
        .map(|line| {
            vec![
                text(line.number.clone()),
                text(line.title.clone()),
                text(said(&ui, &line.stage)),
                text(task_title(&ui, line)),
                text(said(&ui, &line.unit)),
                date(line.task.due),
                flag(&ui, line.task.late),
                flag(&ui, line.task.provisional),
            ]
        })
        .collect();
    file("approvals.xlsx", sheet)
}

pub(super) async fn events(
    member: Member,
    Path((_, id)): Path<(CommunityId, CaseId)>,
) -> Result<Response, Failure> {
    let view = view_of(&member, id).await?;
    let ui = member.ui();
    let mut sheet = sheet(
        &ui,
        "approvals-history",
        &[
            "approvals-column-seq",
            "approvals-column-event",
            "approvals-column-stage",
            "approvals-column-unit",
            "approvals-column-effective",
            "approvals-column-received",
            "approvals-exchange-code",
            "approvals-exchange-status",
            "approvals-column-entry",
        ],
    );
    let status = view.definition.exchange_status.text();
    sheet.rows = view
        .events
        .iter()
        .map(|logged| {
            let name = logged.event.what.name();
            let stage = logged.event.what.stage();
            let stage = stage.and_then(|stage| view.definition.stage(stage));
            let code = view.definition.exchange_code(name);
            let unit = if logged.unit.is_empty() {
                ui.t("approvals-the-applicant").into_owned()
            } else {
                said(
                    &ui,
                    &unit_text(&view.definition, &view.office, &logged.unit),
                )
            };
            vec![
                Cell::Integer(i64::from(logged.seq)),
                text(
                    ui.t(&format!("approvals-event-{}", name.replace('_', "-")))
                        .into_owned(),
                ),
                text(
                    stage
                        .map(|stage| said(&ui, &stage.title))
                        .unwrap_or_default(),
                ),
                text(unit),
                text(logged.event.at.to_string()),
                text(logged.received_at.rfc3339()),
                code.map_or(Cell::Empty, |code| Cell::Integer(i64::from(code))),
                code.map_or(Cell::Empty, |_| text(said(&ui, &status))),
                Cell::Integer(i64::try_from(logged.position).unwrap_or(i64::MAX)),
            ]
        })
        .collect();
    let number = view.row.number.unwrap_or_default();
    file(&format!("approval-{number}.xlsx"), sheet)
}

pub(super) fn sheet(ui: &Ui, name: &str, columns: &[&str]) -> Sheet {
    let column = |key: &&str| Column {
        title: ui.t(key).into_owned(),
        width: None,
    };
    Sheet {
        name: ui.t(name).into_owned(),
        columns: columns.iter().map(column).collect(),
        rows: Vec::new(),
    }
}

pub(super) fn file(name: &str, sheet: Sheet) -> Result<Response, Failure> {
    let bytes = documents::write_xlsx(&[sheet])
        .map_err(|error| Failure::internal("the Excel file", &error))?;
    Ok(download(name, XLSX, bytes))
}

fn text(text: String) -> Cell {
    Cell::Text(text)
}

fn date(date: Option<Date>) -> Cell {
    date.map_or(Cell::Empty, |date| Cell::Text(date.to_string()))
}

fn flag(ui: &Ui, flag: bool) -> Cell {
    if flag {
        text(ui.t("approvals-yes").into_owned())
    } else {
        Cell::Empty
    }
}
