//! The list of resolutions.

use axum::extract::Query;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, Member};
use web_ui::{Heading, Icon, empty, link_button, pagination, row, rows};

use super::stage_badge;
use crate::model::{ADOPT_RULES, DRAFT, ResolutionId, Stage, VOTE};
use crate::queries;
use crate::store::ResolutionLine;

/// How many meetings stand above the list.
const MEETINGS: usize = 5;

#[derive(Deserialize)]
pub(super) struct Before {
    before: Option<ResolutionId>,
}

pub(super) async fn page(
    member: Member,
    Query(Before { before }): Query<Before>,
) -> Result<Markup, Failure> {
    let (lines, meetings, nominations) = member
        .read(move |read, ctx| {
            let meetings = match before {
                None => queries::assemblies(read, ctx, None)?,
                Some(_) => Vec::new(),
            };
            let nominations = queries::open_nominations(read, ctx)?;
            let lines = queries::resolutions(read, ctx, before)?;
            Ok::<_, crate::Error>((lines, meetings, nominations))
        })
        .await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("decisions-title")).lead(ui.t("decisions-lead")).actions(html! {
        @if member.may(DRAFT) {
            (link_button(member.path("decisions/new"), ui.t("decisions-new")).icon(Icon::Add))
        }
        @if member.may(DRAFT) {
            (link_button(member.path("decisions/meetings/new"), ui.t("decisions-assembly-new")).secondary().icon(Icon::Add))
        }
        @if member.may(VOTE) {
            (link_button(member.path("decisions/reminders"), ui.t("decisions-remind-me")).secondary())
        }
        @if member.may(ADOPT_RULES) {
            (link_button(member.path("decisions/rules"), ui.t("decisions-rules")).secondary().icon(Icon::Settings))
        }
    });
    let older = (lines.len() == usize::try_from(queries::PAGE).unwrap_or(usize::MAX))
        .then(|| {
            lines
                .last()
                .map(|line| member.path(&format!("decisions?before={}", line.id)))
        })
        .flatten();
    let newer = before.map(|_| member.path("decisions"));
    Ok(ui.page(
        heading,
        html! {
            @for (id, title, until) in &nominations {
                (web_ui::notice(&ui, web_ui::Tone::Info, html! {
                    (ui.t_with("decisions-nominations-open", &[("date", ui.date_time(until.micros()).into())]))
                }).title(title.clone()).action(link_button(member.path(&format!("decisions/{id}/election")), ui.t("decisions-candidates"))))
            }
            @if !meetings.is_empty() {
                (web_ui::section(ui.t("decisions-assemblies"), rows(meetings.iter().take(MEETINGS).map(|meeting| {
                    row(super::agenda::path_of(&member, meeting.id), meeting.call.title.clone())
                        .icon(Icon::Announcement)
                        .detail(ui.t_with("decisions-closes-on", &[("date", ui.date_time(meeting.call.window.closes.micros()).into())]))
                }))))
            }
            @if lines.is_empty() {
                (empty(Icon::Vote, ui.t("decisions-none")).text(ui.t("decisions-none-text")))
            } @else {
                (rows(lines.iter().map(|line| resolution_row(&member, &ui, line))))
            }
            (pagination(&ui, newer.as_deref(), older.as_deref()))
        },
    ))
}

fn resolution_row(member: &Member, ui: &web_ui::Ui, line: &ResolutionLine) -> web_ui::Row {
    let stage = line.progress.stage(member.visitor.now);
    let when = match stage {
        Stage::Draft | Stage::Notice => ui.t_with(
            "decisions-opens-on",
            &[("date", ui.date_time(line.window.opens.micros()).into())],
        ),
        Stage::Voting => ui.t_with(
            "decisions-closes-on",
            &[("date", ui.date_time(line.window.closes.micros()).into())],
        ),
        _ => ui.t_with(
            "decisions-closed-on",
            &[("date", ui.date(line.window.closes.micros()).into())],
        ),
    };
    let verdict = line.passed.map(|passed| {
        if passed {
            "decisions-passed"
        } else {
            "decisions-rejected"
        }
    });
    row(member.path(&format!("decisions/{}", line.id)), line.title.clone())
        .icon(Icon::Vote)
        .detail(html! {
            @if let Some(number) = &line.number { (ui.t_with("decisions-number", &[("number", number.into())])) " · " }
            (when)
            @if let Some(verdict) = verdict { " · " strong { (ui.t(verdict)) } }
        })
        .status(stage_badge(ui, stage))
}
