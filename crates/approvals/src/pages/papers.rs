//! The papers of a file: those handed in, those still missing, one to keep.

use axum::extract::Path;
use axum::response::Response;
use kernel::CommunityId;
use maud::{Markup, html};
use shell::{Failure, Member, download};
use web_ui::{Icon, Ui, button, file_upload, form, row, rows, section, select};

use super::{path_of, said};
use crate::{CaseId, FileView, PaperId, queries};

pub(super) fn papers_part(member: &Member, ui: &Ui, view: &FileView) -> Markup {
    let base = path_of(member, view.row.id);
    let titles = view
        .definition
        .stages
        .iter()
        .flat_map(|stage| &stage.papers);
    let titles: Vec<_> = titles.collect();
    let title_of = |id: &str| {
        let known = titles.iter().find(|paper| paper.id == id);
        known.map_or_else(
            || ui.t("approvals-other-paper").into_owned(),
            |paper| said(ui, &paper.title),
        )
    };
    section(
        ui.t("approvals-papers"),
        html! {
            (rows(view.papers.iter().map(|file| {
                row(format!("{base}/papers/{}/file", file.id), file.name.clone())
                    .icon(Icon::Attachment)
                    .detail(html! {
                        (title_of(&file.paper)) " · "
                        (ui.t_with("approvals-file-size", &[("kilobytes", file.size.div_ceil(1024).into())]))
                    })
            })))
            @if !view.missing.is_empty() {
                h3 { (ui.t("approvals-papers-missing")) }
                ul { @for one in &view.missing {
                    li {
                        (said(ui, &one.title)) " · "
                        (one.stages.iter().map(|stage| said(ui, stage)).collect::<Vec<_>>().join("、"))
                        " · " small { (said(ui, &one.status.text())) }
                    }
                } }
            }
            @if view.own && !view.row.closed { (upload_form(ui, view, &base)) }
            @if view.own && view.row.number.is_none() {
                @for file in &view.papers {
                    (form(ui, format!("{base}/papers/{}/removal", file.id), html! {})
                        .button(button(ui.t_with("approvals-remove-paper", &[("name", file.name.as_str().into())])).quiet()))
                }
            }
        },
    )
}

fn upload_form(ui: &Ui, view: &FileView, base: &str) -> Markup {
    let mut which = select(ui, "paper", ui.t("approvals-which-paper"));
    let mut known: Vec<&str> = Vec::new();
    for paper in view
        .definition
        .stages
        .iter()
        .flat_map(|stage| &stage.papers)
    {
        if !known.contains(&paper.id.as_str()) {
            known.push(&paper.id);
            which = which.option(&paper.id, said(ui, &paper.title));
        }
    }
    which = which.option("", ui.t("approvals-other-paper"));
    if let Some(first) = view.missing.first() {
        which = which.selected(&first.id);
    }
    html! {
        (form(ui, format!("{base}/papers"), html! {
            (which)
            (file_upload(ui, "file", ui.t("approvals-paper-file")).accept(".pdf,.doc,.docx,.xls,.xlsx,.jpg,.png").required())
        }).multipart().button(button(ui.t("approvals-add-paper")).secondary().icon(Icon::Upload)))
    }
}

pub(super) async fn paper(
    member: Member,
    Path((_, case, id)): Path<(CommunityId, CaseId, PaperId)>,
) -> Result<Response, Failure> {
    paper_file(&member, case, id).await
}

/// A paper to keep; the API gives the same.
pub(crate) async fn paper_file(
    member: &Member,
    case: CaseId,
    id: PaperId,
) -> Result<Response, Failure> {
    let (name, media_type, content) = member
        .read(move |read, ctx| queries::paper(read, ctx, case, id))
        .await?;
    Ok(download(&name, &media_type, content))
}
