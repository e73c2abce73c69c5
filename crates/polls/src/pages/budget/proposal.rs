//! A proposal: what was said and checked, and how it comes along since it won.

use axum::extract::{Path, Query};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use kernel::CommunityId;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Member, Uploads, flash_to};
use web_ui::{
    Choice, Heading, Icon, Shade, Tone, Ui, badge, button, choices, disclosure, facts, field,
    file_upload, form, notice, pagination, section, select, textarea,
};

use super::round::standing;
use super::{money, path_of};
use crate::funded;
use crate::model::{
    CHECK, CommentId, PROPOSE, Picture, ProposalId, Report, ReportId, RoundId, State,
};
use crate::queries::{self, ProposalView};
use crate::store::Reported;
use crate::{CheckProposal, CommentOn, Error, ReportProgress, WithdrawProposal};

type Of = Path<(CommunityId, RoundId, ProposalId)>;

/// Which page of comments.
#[derive(Deserialize)]
pub(in crate::pages) struct Before {
    before: Option<CommentId>,
}

pub(in crate::pages) async fn page(
    member: Member,
    Path((_, round, id)): Of,
    Query(Before { before }): Query<Before>,
) -> Result<Markup, Failure> {
    let view = member
        .read(move |read, ctx| queries::proposal(read, ctx, round, id, before))
        .await?;
    let ui = member.ui();
    let proposal = &view.proposal;
    let heading = Heading::new(proposal.text.title.clone())
        .crumb(member.path("budgets"), ui.t("polls-budgets"))
        .crumb(
            path_of(&member, round),
            view.round.round.terms.title.clone(),
        )
        .status(standing(&ui, &view.round, proposal));
    let has_won = view.round.has_won(id);
    let open = view.round.poll.is_none() && proposal.withdrawn.is_none();
    Ok(ui.page(
        heading,
        html! {
            @if let Some(reason) = &proposal.withdrawn {
                (notice(&ui, Tone::Warning, html! { (ui.t("polls-standing-withdrawn")) "：" (reason) }))
            }
            @for paragraph in proposal.text.body.lines().filter(|line| !line.trim().is_empty()) { p { (paragraph) } }
            (facts([
                (ui.t("polls-place"), proposal.text.place.clone()),
                (ui.t("polls-category"), proposal.text.category.clone()),
                (ui.t("polls-cost-guess"), money(&ui, proposal.text.cost_fen)),
                (ui.t("polls-proposed-at"), ui.date(proposal.at.micros())),
            ]))
            (checked(&ui, &view))
            @if has_won || !view.reports.is_empty() { (reports(&member, &ui, round, &view)) }
            (comments(&member, &ui, round, &view, before.is_some()))
            @if open && view.is_own { (withdraw_form(&member, &ui, round, id)) }
            @if open && member.may(CHECK) { (check_form(&member, &ui, round, &view)) }
            @if has_won && member.may(CHECK) { (report_form(&member, &ui, round, id)) }
        },
    ))
}

/// What the check said.
fn checked(ui: &Ui, view: &ProposalView) -> Markup {
    let body = match &view.proposal.check {
        None => html! { p { (ui.t("polls-not-checked")) } },
        Some(check) => {
            let key = if check.feasible {
                "polls-standing-feasible"
            } else {
                "polls-standing-infeasible"
            };
            html! {
                (facts([
                    (ui.t("polls-check-result"), ui.t(key).into_owned()),
                    (ui.t("polls-cost"), money(ui, check.cost_fen)),
                    (ui.t("polls-reason"), check.reason.clone()),
                    (ui.t("polls-checked-at"), ui.date(check.at.micros())),
                ]))
            }
        }
    };
    section(ui.t("polls-feasibility"), body)
}

fn reports(member: &Member, ui: &Ui, round: RoundId, view: &ProposalView) -> Markup {
    let cost = view
        .proposal
        .check
        .as_ref()
        .map_or(0, |check| check.cost_fen);
    let body = html! {
        @if view.reports.is_empty() { p { (ui.t("polls-no-reports")) } }
        @for reported in &view.reports { (one_report(member, ui, round, view.proposal.id, reported, cost)) }
    };
    section(ui.t("polls-reports"), body)
}

fn one_report(
    member: &Member,
    ui: &Ui,
    round: RoundId,
    proposal: ProposalId,
    reported: &Reported,
    cost_fen: i64,
) -> Markup {
    let report = &reported.report;
    let shade = match report.state {
        State::Planned => Shade::Mist,
        State::Underway => Shade::Tile,
        State::Delayed => Shade::Wall,
        State::Done => Shade::Jade,
    };
    let spent = [
        ("spent", money(ui, report.spent_fen).into()),
        ("cost", money(ui, cost_fen).into()),
    ];
    let id = reported.id;
    html! {
        article {
            p {
                (badge(shade, ui.t(&format!("polls-state-{}", report.state.name())))) " "
                (ui.date(reported.at.micros())) " · " (ui.t_with("polls-spent-of", &spent))
            }
            p { (report.text) }
            @if let Some(shows) = &reported.shows {
                img.picture loading="lazy" alt=(shows)
                    src=(member.path(&format!("budgets/{round}/proposals/{proposal}/reports/{id}/picture")));
            }
        }
    }
}

fn comments(
    member: &Member,
    ui: &Ui,
    round: RoundId,
    view: &ProposalView,
    is_older: bool,
) -> Markup {
    let id = view.proposal.id;
    let path = member.path(&format!("budgets/{round}/proposals/{id}"));
    let newest = is_older.then(|| format!("{path}#comments"));
    let older = view
        .older
        .map(|last| format!("{path}?before={last}#comments"));
    let body = html! {
        @if view.comments.is_empty() { p { (ui.t("polls-no-comments")) } }
        @for comment in &view.comments {
            article { p.quiet { (ui.date_time(comment.at.micros())) } p { (comment.text) } }
        }
        (pagination(ui, newest.as_deref(), older.as_deref()))
        @if member.may(PROPOSE) {
            (form(ui, format!("{path}/comments"), html! {
                (textarea(ui, "text", ui.t("polls-comment")).lines(3).required())
            }).button(button(ui.t("polls-comment-send")).secondary()))
        }
    };
    html! { div id="comments" { (section(ui.t("polls-comments"), body)) } }
}

fn withdraw_form(member: &Member, ui: &Ui, round: RoundId, id: ProposalId) -> Markup {
    let action = member.path(&format!("budgets/{round}/proposals/{id}/withdrawal"));
    let body = form(
        ui,
        action,
        html! { (textarea(ui, "reason", ui.t("polls-reason")).lines(2).required()) },
    );
    disclosure(
        ui.t("polls-proposal-withdraw"),
        html! { (body.button(button(ui.t("polls-proposal-withdraw")).danger())) },
    )
}

fn check_form(member: &Member, ui: &Ui, round: RoundId, view: &ProposalView) -> Markup {
    let proposal = &view.proposal;
    let cost = proposal
        .check
        .as_ref()
        .map_or(proposal.text.cost_fen, |check| check.cost_fen);
    let action = member.path(&format!("budgets/{round}/proposals/{}/checks", proposal.id));
    let feasible = choices(ui, "feasible", ui.t("polls-check-result"))
        .choice(Choice::new("yes", ui.t("polls-standing-feasible")))
        .choice(Choice::new("no", ui.t("polls-standing-infeasible")))
        .required();
    let fields = html! {
        (feasible)
        (field(ui, "cost", ui.t("polls-cost")).value(funded::yuan(cost)).suffix(ui.t("polls-yuan-unit")).required())
        (textarea(ui, "reason", ui.t("polls-reason")).lines(3).required())
    };
    section(
        ui.t("polls-check-do"),
        html! { (form(ui, action, fields).button(button(ui.t("polls-check-do")).icon(Icon::Check))) },
    )
}

fn report_form(member: &Member, ui: &Ui, round: RoundId, id: ProposalId) -> Markup {
    let mut state = select(ui, "state", ui.t("polls-state")).required();
    for one in State::ALL {
        state = state.option(one.name(), ui.t(&format!("polls-state-{}", one.name())));
    }
    let fields = html! {
        (state)
        (field(ui, "spent", ui.t("polls-spent")).suffix(ui.t("polls-yuan-unit")).required())
        (textarea(ui, "text", ui.t("polls-report-text")).lines(3).hint(ui.t("polls-report-hint")).required())
        (file_upload(ui, "picture", ui.t("polls-picture")).accept("image/jpeg,image/png").hint(ui.t("polls-picture-hint")))
        (field(ui, "shows", ui.t("polls-picture-shows")).hint(ui.t("polls-picture-shows-hint")))
    };
    let action = member.path(&format!("budgets/{round}/proposals/{id}/reports"));
    section(
        ui.t("polls-report"),
        html! { (form(ui, action, fields).multipart().button(button(ui.t("polls-report")).icon(Icon::Edit))) },
    )
}

fn back(member: &Member, round: RoundId, id: ProposalId) -> String {
    member.path(&format!("budgets/{round}/proposals/{id}"))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Said {
    text: String,
    reason: String,
    feasible: String,
    cost: String,
}

pub(in crate::pages) async fn comment(
    member: Member,
    Path((_, round, proposal)): Of,
    Form(said): Form<Said>,
) -> Result<Response, Failure> {
    let comment = CommentOn {
        round,
        proposal,
        text: said.text.trim().to_owned(),
    };
    member.execute(comment).await?;
    flash_to(
        &back(&member, round, proposal),
        FlashKey(Tone::Success, "polls-flash-commented"),
    )
}

pub(in crate::pages) async fn withdraw(
    member: Member,
    Path((_, round, proposal)): Of,
    Form(said): Form<Said>,
) -> Result<Response, Failure> {
    let withdrawal = WithdrawProposal {
        round,
        proposal,
        reason: said.reason.trim().to_owned(),
    };
    member.execute(withdrawal).await?;
    flash_to(
        &back(&member, round, proposal),
        FlashKey(Tone::Info, "polls-standing-withdrawn"),
    )
}

pub(in crate::pages) async fn check(
    member: Member,
    Path((_, round, proposal)): Of,
    Form(said): Form<Said>,
) -> Result<Response, Failure> {
    let check = CheckProposal {
        round,
        proposal,
        feasible: match said.feasible.as_str() {
            "yes" => true,
            "no" => false,
            _ => return Err(Error::Blank { field: "feasible" }.into()),
        },
        cost_fen: funded::fen(&said.cost).ok_or(Error::Money { field: "cost" })?,
        reason: said.reason.trim().to_owned(),
    };
    member.execute(check).await?;
    flash_to(
        &back(&member, round, proposal),
        FlashKey(Tone::Success, "polls-flash-checked"),
    )
}

pub(in crate::pages) async fn report(
    member: Member,
    Path((_, round, proposal)): Of,
    mut typed: Uploads,
) -> Result<Response, Failure> {
    let shows = typed.text("shows").trim().to_owned();
    let file = typed
        .take_file("picture")
        .filter(|file| !file.content.is_empty());
    let picture = file.map(|file| Picture {
        shows,
        content: file.content,
    });
    let report = Report {
        state: State::from_name(typed.text("state")).ok_or(Error::Blank { field: "state" })?,
        spent_fen: funded::fen(typed.text("spent")).ok_or(Error::Money { field: "spent" })?,
        text: typed.text("text").trim().to_owned(),
    };
    let progress = ReportProgress {
        round,
        proposal,
        report,
        picture,
    };
    member.execute(progress).await?;
    flash_to(
        &back(&member, round, proposal),
        FlashKey(Tone::Success, "polls-flash-reported"),
    )
}

pub(in crate::pages) async fn picture(
    member: Member,
    Path((_, _, proposal, report)): Path<(CommunityId, RoundId, ProposalId, ReportId)>,
) -> Result<Response, Failure> {
    let (media_type, content) = member
        .read(move |read, ctx| queries::report_picture(read, ctx, proposal, report))
        .await?;
    Ok(([(CONTENT_TYPE, media_type)], content).into_response())
}
