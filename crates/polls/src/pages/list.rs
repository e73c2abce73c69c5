//! The list of polls.

use axum::extract::Query;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, Member};
use web_ui::{Heading, Icon, empty, link_button, pagination, row, rows};

use super::{path_of, stage_badge};
use crate::model::{DRAFT, PollId, Stage};
use crate::queries;
use crate::store::PollLine;

#[derive(Deserialize)]
pub(super) struct Before {
    before: Option<PollId>,
}

pub(super) async fn page(
    member: Member,
    Query(Before { before }): Query<Before>,
) -> Result<Markup, Failure> {
    let lines = member
        .read(move |read, ctx| queries::polls(read, ctx, before))
        .await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("polls-title"))
        .lead(ui.t("polls-lead"))
        .actions(html! {
            @if member.may(DRAFT) {
                (link_button(member.path("polls/new"), ui.t("polls-new")).icon(Icon::Add))
            }
        });
    let is_full = lines.len() == usize::try_from(queries::PAGE).unwrap_or(usize::MAX);
    let last = lines.last().filter(|_| is_full);
    let older = last.map(|line| member.path(&format!("polls?before={}", line.id)));
    let newer = before.map(|_| member.path("polls"));
    Ok(ui.page(
        heading,
        html! {
            @if lines.is_empty() {
                (empty(Icon::Check, ui.t("polls-none")).text(ui.t("polls-none-text")))
            } @else {
                (rows(lines.iter().map(|line| poll_row(&member, &ui, line))))
            }
            (pagination(&ui, newer.as_deref(), older.as_deref()))
        },
    ))
}

fn poll_row(member: &Member, ui: &web_ui::Ui, line: &PollLine) -> web_ui::Row {
    let stage = line.done.stage(member.visitor.now);
    let (key, at) = match stage {
        Stage::Draft | Stage::Notice => ("polls-opens-on", line.done.window.opens),
        Stage::Voting => ("polls-closes-on", line.done.window.closes),
        _ => ("polls-closed-on", line.done.window.closes),
    };
    let when = ui.t_with(key, &[("date", ui.date_time(at.micros()).into())]);
    row(path_of(member, line.id), line.title.clone())
        .icon(Icon::Check)
        .detail(html! { (when) })
        .status(stage_badge(ui, stage))
}
