//! The first page: a clerk's queue, an applicant's applications.

use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use shell::{Failure, Member};
use web_ui::{
    Column, Heading, Icon, Row, Shade, Tone, Ui, badge, empty, link_button, notice, row, rows,
    section, table,
};

use super::{due_badge, path_of, said};
use crate::model::{APPLY, HANDLE, ORGANISE, READ};
use crate::queries::{self, OwnLine, Queue, QueueLine};
use crate::store::CardRow;
use crate::{Colour, TaskKind};

/// How many lines of a queue the page shows; the export has all.
const SHOWN: usize = 100;

pub(super) async fn page(member: Member) -> Result<Response, Failure> {
    member.context()?.require(READ).map_err(Failure::from)?;
    if !member.may(APPLY) && !member.may(HANDLE) {
        // Who only supervises has neither: theirs is the overview.
        return Ok(Redirect::to(&member.path("approvals/supervision")).into_response());
    }
    let ui = member.ui();
    let own = if member.may(APPLY) {
        Some(member.read(queries::own_applications).await?)
    } else {
        None
    };
    let queue = if member.may(HANDLE) {
        let cards = member.read(queries::recent_cards).await?;
        let queue = member.read(|read, ctx| queries::queue(read, ctx, SHOWN));
        Some((queue.await?, cards))
    } else {
        None
    };
    let heading = Heading::new(ui.t("approvals-title"))
        .lead(ui.t("approvals-lead"))
        .actions(html! {
            @if own.is_some() {
                (link_button(member.path("approvals/new"), ui.t("approvals-new")).icon(Icon::Add))
            }
        });
    Ok(ui.page(heading, html! {
        @if let Some(lines) = &own { (own_part(&member, &ui, lines)) }
        @if let Some((queue, cards)) = &queue {
            @if acts_for_nobody(&member) { (notice(&ui, Tone::Info, html! { (ui.t("approvals-choose-unit")) })) }
            (queue_part(&member, &ui, queue))
            (cards_part(&member, &ui, cards))
        }
        @if member.may(ORGANISE) { (section(ui.t("approvals-office"), rows([
            row(member.path("approvals/supervision"), ui.t("approvals-supervision")).icon(Icon::Clock),
            row(member.path("approvals/responsibility"), ui.t("approvals-responsibility")).icon(Icon::People),
            row(member.path("approvals/units"), ui.t("approvals-units")).icon(Icon::People),
            row(member.path("approvals/processes"), ui.t("approvals-processes")).icon(Icon::Law),
            row(member.path("approvals/calendar"), ui.t("approvals-calendar")).icon(Icon::Calendar),
        ]))) }
    })
    .into_response())
}

fn acts_for_nobody(member: &Member) -> bool {
    member
        .context()
        .is_ok_and(|ctx| crate::office::acting_for(&ctx).is_none())
}

fn own_part(member: &Member, ui: &Ui, lines: &[OwnLine]) -> Markup {
    section(
        ui.t("approvals-own"),
        html! {
            @if lines.is_empty() {
                (empty(Icon::Document, ui.t("approvals-own-none")).text(ui.t("approvals-own-none-text")))
            }
            (rows(lines.iter().map(|line| {
                let shown = row(path_of(member, line.row.id), line.row.title.clone())
                    .icon(Icon::Document)
                    .detail(html! {
                        @if let Some(number) = &line.row.number { (number) " · " }
                        (said(ui, &line.process))
                    })
                    .status(html! { (own_status(ui, line)) @if let Some(task) = line.next() { " " (due_badge(ui, task)) } });
                if line.needs_you() { shown.needs_you() } else { shown }
            })))
        },
    )
}

fn own_status(ui: &Ui, line: &OwnLine) -> Markup {
    let (shade, key) = match () {
        () if line.row.number.is_none() => (Shade::Wall, "approvals-state-draft"),
        () if line.needs_you() => (Shade::Vermilion, "approvals-state-correct"),
        () if line.row.closed => (Shade::Tile, "approvals-state-closed"),
        () => (Shade::Jade, "approvals-state-running"),
    };
    badge(shade, ui.t(key))
}

fn queue_part(member: &Member, ui: &Ui, queue: &Queue) -> Markup {
    if queue.lines.is_empty() {
        return section(
            ui.t("approvals-queue"),
            empty(Icon::Check, ui.t("approvals-queue-none"))
                .text(ui.t("approvals-queue-none-text")),
        );
    }
    let columns = [
        "approvals-column-file",
        "approvals-column-task",
        "approvals-column-due",
    ]
    .map(|key| Column::text(ui.t(key)));
    let cells = queue.lines.iter().map(|line| {
        vec![
            html! { a href=(path_of(member, line.case)) { (line.title) } br; small { (line.number) } },
            html! {
                (task_title(ui, line)) br; small { (said(ui, &line.stage)) " · " (said(ui, &line.unit)) }
            },
            due_badge(ui, &line.task),
        ]
    });
    section(
        ui.t("approvals-queue"),
        html! {
            (table(ui, ui.t("approvals-queue"), columns).rows(cells)
                .export(ui, member.path("approvals/export")))
            @if queue.all > SHOWN {
                p { (ui.t_with("approvals-queue-more", &[("shown", SHOWN.into()), ("all", queue.all.into())])) }
            }
        },
    )
}

/// What there is to do, in words.
pub(super) fn task_title(ui: &Ui, line: &QueueLine) -> String {
    match (&line.step, line.task.kind) {
        (Some(step), TaskKind::Step) => said(ui, step),
        (_, kind) => ui
            .t(&format!("approvals-task-{}", kind.name()))
            .into_owned(),
    }
}

fn cards_part(member: &Member, ui: &Ui, cards: &[CardRow]) -> Markup {
    html! {
        @if !cards.is_empty() {
            (section(ui.t("approvals-cards"), rows(cards.iter().take(20).map(|one| {
                card_line(member, ui, one)
            }))))
        }
    }
}

/// A card in a list: which file, what it says, when it went out.
pub(super) fn card_line(member: &Member, ui: &Ui, one: &CardRow) -> Row {
    let says = ui.t(&format!("approvals-card-{}", one.card.colour.name()));
    let title = one
        .title
        .clone()
        .unwrap_or_else(|| says.clone().into_owned());
    row(path_of(member, one.card.case), title)
        .icon(Icon::Bell)
        .detail(html! { (says) " · " (ui.date_time(one.issued_at.micros())) })
        .status(card_badge(ui, one))
}

/// A card as a badge.
pub(super) fn card_badge(ui: &Ui, row: &CardRow) -> Markup {
    let shade = match row.card.colour {
        Colour::Yellow => Shade::Sand,
        Colour::Red => Shade::Vermilion,
    };
    let date = [("date", super::day(ui, row.card.due).into())];
    badge(shade, ui.t_with("approvals-card-due", &date))
}
