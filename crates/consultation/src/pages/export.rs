//! Every comment with its answer as an Excel file.

use axum::extract::Path;
use axum::response::Response;
use documents::{Cell, Column, Sheet};
use kernel::CommunityId;
use shell::{Failure, Member, download};

use super::name_of;
use crate::model::ConsultationId;
use crate::queries;

pub(super) async fn file(
    member: Member,
    Path((_, id)): Path<(CommunityId, ConsultationId)>,
) -> Result<Response, Failure> {
    const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let view = member
        .read(move |read, ctx| queries::report(read, ctx, id))
        .await?;
    let ui = member.ui();
    let clauses = &view.one.draft.clauses;
    let rows = view.comments.iter().map(|comment| {
        let text = |key: &str| Cell::Text(ui.t(key).into_owned());
        let became = match (&comment.withdrawn, &comment.answered) {
            (Some(_), _) => "consultation-outcome-withdrawn".to_owned(),
            (None, Some(answer)) => format!("consultation-outcome-{}", answer.outcome.name()),
            (None, None) => "consultation-outcome-waiting".to_owned(),
        };
        let reason = comment.answered.as_ref();
        vec![
            Cell::Integer(i64::from(comment.number)),
            Cell::Text(name_of(&ui, clauses, comment.clause)),
            text(&format!("consultation-channel-{}", comment.channel.name())),
            Cell::Text(ui.date(comment.received.micros())),
            Cell::Text(comment.text.clone()),
            text(&became),
            Cell::Text(reason.map_or_else(String::new, |answer| answer.reason.clone())),
        ]
    });
    let columns = [
        "consultation-number",
        "consultation-clause",
        "consultation-channel",
        "consultation-received",
        "consultation-comment",
        "consultation-outcome",
        "consultation-reason",
    ];
    let column = |key: &str| Column {
        title: ui.t(key).into_owned(),
        width: None,
    };
    let sheet = Sheet {
        name: ui.t("consultation-comments").into_owned(),
        columns: columns.map(column).into(),
        rows: rows.collect(),
    };
    let file = documents::write_xlsx(&[sheet])
        .map_err(|error| Failure::internal("the Excel file", &error))?;
    Ok(download(&format!("consultation-{id}.xlsx"), XLSX, file))
}
