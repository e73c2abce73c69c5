//! The list of consultations.

use axum::extract::Query;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, Member};
use web_ui::{Heading, Icon, empty, link_button, pagination, row, rows};

use super::{path_of, stage_badge};
use crate::model::{ConsultationId, DRAFT};
use crate::queries;
use crate::store::Line;

#[derive(Deserialize)]
pub(super) struct Before {
    before: Option<ConsultationId>,
}

pub(super) async fn page(
    member: Member,
    Query(Before { before }): Query<Before>,
) -> Result<Markup, Failure> {
    let lines = member
        .read(move |read, ctx| queries::consultations(read, ctx, before))
        .await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("consultation-title"))
        .lead(ui.t("consultation-lead"))
        .actions(html! {
            @if member.may(DRAFT) {
                (link_button(member.path("consultations/new"), ui.t("consultation-new")).icon(Icon::Add))
            }
        });
    let is_full = lines.len() == usize::try_from(queries::PAGE).unwrap_or(usize::MAX);
    let last = lines.last().filter(|_| is_full);
    let older = last.map(|line| member.path(&format!("consultations?before={}", line.id)));
    let newer = before.map(|_| member.path("consultations"));
    Ok(ui.page(
        heading,
        html! {
            @if lines.is_empty() {
                (empty(Icon::Document, ui.t("consultation-none")).text(ui.t("consultation-none-text")))
            } @else {
                (rows(lines.iter().map(|line| line_row(&member, &ui, line))))
            }
            (pagination(&ui, newer.as_deref(), older.as_deref()))
        },
    ))
}

fn line_row(member: &Member, ui: &web_ui::Ui, line: &Line) -> web_ui::Row {
    let when = [("date", ui.date_time(line.closes.micros()).into())];
    let when = ui.t_with("consultation-until", &when);
    row(path_of(member, line.id), line.title.clone())
        .icon(Icon::Document)
        .detail(html! { (when) })
        .status(stage_badge(ui, line.stage(member.visitor.now)))
}
