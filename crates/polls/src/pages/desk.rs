//! The community desk: paper ballots are handed out, and after the close their box is entered by two people.

use axum::extract::{Path, Query};
use axum::response::Response;
use kernel::CommunityId;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{Heading, Icon, Tone, Ui, button, field, form, hidden, notice, section, textarea};

use super::{path_of, stage_badge};
use crate::model::{ElectorId, PaperId, PollId, Stage};
use crate::store::{Elector, Paper};
use crate::{ConfirmPaper, EnterPaper, Error, HandOutPaper, queries};

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct Sought {
    building: String,
    label: String,
}

pub(super) async fn page(
    member: Member,
    Path((_, id)): Path<(CommunityId, PollId)>,
    Query(sought): Query<Sought>,
) -> Result<Markup, Failure> {
    let (building, label) = (sought.building.clone(), sought.label.clone());
    let (poll, papers, progress, found) = member
        .read(move |read, ctx| {
            let (poll, papers, progress) = queries::desk(read, ctx, id)?;
            let found = queries::find_electors(read, ctx, id, &building, &label)?;
            Ok::<_, Error>((poll, papers, progress, found))
        })
        .await?;
    let stage = poll.stage(member.visitor.now);
    let ui = member.ui();
    let heading = Heading::new(ui.t("polls-desk"))
        .crumb(member.path("polls"), ui.t("polls-title"))
        .crumb(path_of(&member, id), poll.draft.title.clone())
        .status(stage_badge(&ui, stage))
        .lead(ui.t("polls-desk-lead"));
    Ok(ui.page(
        heading,
        html! {
            p { (ui.t_with("polls-desk-handed-out", &[("count", progress.handed_out.into())])) }
            @match stage {
                Stage::Voting => (hand_out_part(&member, &ui, id, &sought, &found)),
                Stage::Closed => (boxes_part(&member, &ui, id, &papers)),
                _ => (notice(&ui, Tone::Info, html! { (ui.t("polls-desk-nothing")) })),
            }
        },
    ))
}

fn hand_out_part(
    member: &Member,
    ui: &Ui,
    id: PollId,
    sought: &Sought,
    found: &[Elector],
) -> Markup {
    section(
        ui.t("polls-hand-out"),
        html! {
            p { (ui.t("polls-hand-out-text")) }
            (form(ui, member.path(&format!("polls/{id}/desk")), html! {
                (field(ui, "building", ui.t("polls-field-building")).value(&sought.building).required())
                (field(ui, "label", ui.t("polls-unit")).value(&sought.label).required())
            }).get().button(button(ui.t("polls-find")).secondary().icon(Icon::Search)))
            @if found.is_empty() && !sought.label.is_empty() {
                (notice(ui, Tone::Warning, html! { (ui.t("polls-nobody-there")) }))
            }
            @for (place, elector) in (1_u64..).zip(found) {
                @let who = ui.t_with("polls-vote-of", &[
                    ("unit", format!("{} {}", elector.building, elector.label).into()), ("number", place.into()),
                ]);
                @if let Some(channel) = &elector.channel {
                    p { (who) " · " (ui.t(&format!("polls-channel-{channel}"))) }
                } @else {
                    (form(ui, member.path(&format!("polls/{id}/desk/paper")), html! {
                        p { (who) }
                        (hidden("elector", elector.id.uuid().to_string()))
                    }).button(button(ui.t("polls-hand-out")).icon(Icon::Document)))
                }
            }
        },
    )
}

fn boxes_part(member: &Member, ui: &Ui, id: PollId, papers: &[Paper]) -> Markup {
    let me = member
        .visitor
        .session
        .as_ref()
        .and_then(|_| member.context().ok())
        .and_then(|ctx| ctx.actor.account_id());
    let many = |paper: &Paper| u64::try_from(paper.choices.len()).unwrap_or(u64::MAX);
    html! {
        @for paper in papers {
            @let count = [("count", many(paper).into())];
            @if paper.confirmed {
                (notice(ui, Tone::Success, html! { (ui.t_with("polls-box-done", &count)) }))
            } @else if Some(paper.entered_by) == me {
                (notice(ui, Tone::Info, html! { (ui.t_with("polls-box-waits", &count)) }))
            } @else {
                (section(ui.t("polls-box-second"), html! {
                    p { (ui.t("polls-box-second-text")) }
                    (box_form(ui, member.path(&format!("polls/{id}/desk/boxes/{}/second-entry", paper.id))))
                }))
            }
        }
        (section(ui.t("polls-box-first"), html! {
            p { (ui.t("polls-box-text")) }
            (box_form(ui, member.path(&format!("polls/{id}/desk/boxes"))))
        }))
    }
}

fn box_form(ui: &Ui, action: String) -> Markup {
    let typed = textarea(ui, "choices", ui.t("polls-box-choices"))
        .lines(8)
        .hint(ui.t("polls-box-hint"))
        .required();
    html! { (form(ui, action, html! { (typed) }).button(button(ui.t("polls-box-enter")).icon(Icon::Check))) }
}

#[derive(Deserialize)]
pub(super) struct To {
    elector: ElectorId,
}

pub(super) async fn hand_out(
    member: Member,
    Path((_, poll)): Path<(CommunityId, PollId)>,
    Form(To { elector }): Form<To>,
) -> Result<Response, Failure> {
    member.execute(HandOutPaper { poll, elector }).await?;
    flash_to(
        &member.path(&format!("polls/{poll}/desk")),
        FlashKey(Tone::Success, "polls-flash-handed-out"),
    )
}

#[derive(Deserialize)]
pub(super) struct Box {
    #[serde(default)]
    choices: String,
}

impl Box {
    /// One ballot a line; a dash is a blank ballot; blanks and the commas of Chinese keyboards do no harm.
    fn ballots(&self) -> Vec<String> {
        let lines = self
            .choices
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty());
        let plain = |line: &str| match line {
            "-" | "–" | "—" => String::new(),
            line => line
                .replace(['，', '、'], ",")
                .replace('：', ":")
                .replace(' ', ""),
        };
        lines.map(plain).collect()
    }
}

pub(super) async fn enter(
    member: Member,
    Path((_, poll)): Path<(CommunityId, PollId)>,
    Form(typed): Form<Box>,
) -> Result<Response, Failure> {
    let choices = typed.ballots();
    member.execute(EnterPaper { poll, choices }).await?;
    flash_to(
        &member.path(&format!("polls/{poll}/desk")),
        FlashKey(Tone::Success, "polls-flash-entered"),
    )
}

pub(super) async fn confirm(
    member: Member,
    Path((_, poll, paper)): Path<(CommunityId, PollId, PaperId)>,
    Form(typed): Form<Box>,
) -> Result<Response, Failure> {
    let choices = typed.ballots();
    member
        .execute(ConfirmPaper {
            poll,
            paper,
            choices,
        })
        .await?;
    flash_to(
        &member.path(&format!("polls/{poll}/desk")),
        FlashKey(Tone::Success, "polls-flash-confirmed"),
    )
}
