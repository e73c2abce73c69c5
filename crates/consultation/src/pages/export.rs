//! Every comment with its answer as an Excel file and as a report in PDF.

use axum::extract::Path;
use axum::response::Response;
use documents::{Align, Block, Cell, Column, Document, Sheet, TableBlock};
use kernel::CommunityId;
use shell::{Failure, Member, download};
use web_ui::Ui;

use super::name_of;
use super::one::BECAME;
use crate::model::ConsultationId;
use crate::queries::{self, View};
use crate::store::Comment;

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
        let became = format!("consultation-outcome-{}", became(comment));
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

/// The report to print and to keep: the numbers, then every comment with what became of it.
pub(super) async fn pdf(
    member: Member,
    Path((_, id)): Path<(CommunityId, ConsultationId)>,
) -> Result<Response, Failure> {
    let view = member
        .read(move |read, ctx| queries::report(read, ctx, id))
        .await?;
    let ui = member.ui();
    let draft = &view.one.draft;
    let text = |key: &str| ui.t(key).into_owned();
    let published = view.one.published_at;
    let mut facts = vec![
        (text("consultation-department"), draft.department.clone()),
        (
            text("consultation-published"),
            published.map_or_else(String::new, |at| ui.date(at.micros())),
        ),
        (
            text("consultation-closes"),
            ui.date_time(draft.closes.micros()),
        ),
    ];
    facts.extend(BECAME.map(|became| {
        let many = view.count(None, became).to_string();
        (text(&format!("consultation-outcome-{became}")), many)
    }));
    let mut blocks = vec![
        Block::Paragraph(draft.about.clone()),
        Block::KeyFacts(facts),
        Block::Heading(text("consultation-comments")),
    ];
    if view.comments.is_empty() {
        blocks.push(Block::Paragraph(text("consultation-no-comments")));
    } else {
        blocks.push(Block::Table(comments_table(&ui, &view)));
    }
    let document = Document {
        title: format!("{}\n{}", draft.title, text("consultation-report-title")),
        blocks,
        footer: ui.date_time(member.visitor.now.micros()),
        ..Document::default()
    };
    let file =
        documents::to_pdf(&document).map_err(|error| Failure::internal("the PDF file", &error))?;
    Ok(download(
        &format!("consultation-{id}.pdf"),
        "application/pdf",
        file,
    ))
}

fn comments_table(ui: &Ui, view: &View) -> TableBlock {
    let columns = [
        ("consultation-number", Align::End),
        ("consultation-clause", Align::Start),
        ("consultation-comment", Align::Start),
        ("consultation-outcome", Align::Start),
        ("consultation-reason", Align::Start),
    ];
    let rows = view.comments.iter().map(|comment| {
        let reason = comment.answered.as_ref();
        vec![
            comment.number.to_string(),
            name_of(ui, &view.one.draft.clauses, comment.clause),
            comment.text.clone(),
            ui.t(&format!("consultation-outcome-{}", became(comment)))
                .into_owned(),
            reason.map_or_else(String::new, |answer| answer.reason.clone()),
        ]
    });
    TableBlock {
        caption: String::new(),
        columns: columns
            .map(|(key, align)| (ui.t(key).into_owned(), align))
            .into(),
        rows: rows.collect(),
    }
}

/// What became of a comment, as messages and counts name it.
fn became(comment: &Comment) -> &'static str {
    match (&comment.withdrawn, &comment.answered) {
        (Some(_), _) => "withdrawn",
        (None, Some(answer)) => answer.outcome.name(),
        (None, None) => "waiting",
    }
}
