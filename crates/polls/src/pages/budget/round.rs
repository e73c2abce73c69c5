//! A round: what is called for, the proposals, and making one.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use kernel::{CommunityId, Kind};
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{
    Column, FormErrors, Heading, Icon, Shade, Tone, Ui, actions, badge, button, disclosure, empty,
    facts, field, form, link_button, section, table, textarea,
};

use super::{errors_of, money, stage_badge};
use crate::funded;
use crate::model::{DRAFT, MAX_LINE, PROPOSE, ProposalText, RoundId};
use crate::queries::{self, RoundStage, RoundView};
use crate::store::Proposal;
use crate::{Error, Propose};

/// The form as typed.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Typed {
    title: String,
    body: String,
    place: String,
    category: String,
    cost: String,
}

pub(in crate::pages) async fn page(
    member: Member,
    Path((_, id)): Path<(CommunityId, RoundId)>,
) -> Result<Markup, Failure> {
    let view = member
        .read(move |read, ctx| queries::round(read, ctx, id))
        .await?;
    Ok(round_page(&member, &view, &Typed::default(), None))
}

pub(in crate::pages) async fn propose(
    member: Member,
    Path((_, round)): Path<(CommunityId, RoundId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let proposal = || -> Result<ProposalText, Error> {
        Ok(ProposalText {
            title: typed.title.trim().to_owned(),
            body: typed.body.trim().to_owned(),
            place: typed.place.trim().to_owned(),
            category: typed.category.trim().to_owned(),
            cost_fen: funded::fen(&typed.cost).ok_or(Error::Money { field: "cost" })?,
        })
    };
    let sent = match proposal() {
        Ok(proposal) => member.execute(Propose { round, proposal }).await,
        Err(error) => Err(error.into()),
    };
    match sent {
        Ok(id) => flash_to(
            &member.path(&format!("budgets/{round}/proposals/{id}")),
            FlashKey(Tone::Success, "polls-flash-proposed"),
        ),
        Err(failure) if failure.kind == Kind::Invalid => {
            let view = member
                .read(move |read, ctx| queries::round(read, ctx, round))
                .await?;
            let page = round_page(&member, &view, &typed, Some(&failure));
            Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(failure) => Err(failure),
    }
}

fn round_page(
    member: &Member,
    view: &RoundView,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Markup {
    let ui = member.ui();
    let (round, terms) = (view.round.id, &view.round.terms);
    let heading = Heading::new(terms.title.clone())
        .crumb(member.path("budgets"), ui.t("polls-budgets"))
        .status(stage_badge(&ui, view.stage));
    let pairs = [
        (ui.t("polls-budget"), money(&ui, terms.budget_fen)),
        (
            ui.t("polls-proposals-close"),
            ui.date_time(terms.closes.micros()),
        ),
    ];
    let proposing = view.stage == RoundStage::Proposing && member.may(PROPOSE);
    let can_vote = view.poll.is_none() && member.may(DRAFT);
    let errors = errors_of(&ui, failure);
    ui.page(
        heading,
        html! {
            @for paragraph in terms.body.lines().filter(|line| !line.trim().is_empty()) { p { (paragraph) } }
            (facts(pairs))
            @if let Some(poll) = &view.poll {
                @let key = if view.stage == RoundStage::Decided { "polls-to-result" } else { "polls-to-vote" };
                (actions(link_button(member.path(&format!("polls/{}", poll.id)), ui.t(key)).icon(Icon::Vote)))
            }
            (proposals_table(member, &ui, view))
            @if proposing && failure.is_some() {
                (section(ui.t("polls-propose"), propose_form(member, &ui, round, typed, &errors)))
            } @else if proposing {
                (disclosure(ui.t("polls-propose"), propose_form(member, &ui, round, typed, &errors)))
            }
            @if can_vote {
                (actions(link_button(member.path(&format!("budgets/{round}/vote")), ui.t("polls-put-to-vote")).secondary()))
            }
        },
    )
}

fn proposals_table(member: &Member, ui: &Ui, view: &RoundView) -> Markup {
    if view.proposals.is_empty() {
        return html! { (empty(Icon::Document, ui.t("polls-no-proposals")).text(ui.t("polls-no-proposals-text"))) };
    }
    let columns = [
        Column::text(ui.t("polls-proposal")),
        Column::text(ui.t("polls-place")),
        Column::number(ui.t("polls-cost")),
        Column::text(ui.t("polls-standing")),
    ];
    let mut all = table(ui, ui.t("polls-proposals"), columns);
    for one in &view.proposals {
        let cost = one
            .check
            .as_ref()
            .map_or(one.text.cost_fen, |check| check.cost_fen);
        let href = member.path(&format!("budgets/{}/proposals/{}", view.round.id, one.id));
        all = all.row([
            html! { a href=(href) { (one.text.title) } },
            html! { (one.text.place) },
            html! { (money(ui, cost)) },
            standing(ui, view, one),
        ]);
    }
    html! { (all) }
}

/// How a proposal stands, as a badge.
pub(super) fn standing(ui: &Ui, view: &RoundView, proposal: &Proposal) -> Markup {
    let (shade, key) = match (&proposal.withdrawn, &proposal.check) {
        (Some(_), _) => (Shade::Wall, "polls-standing-withdrawn"),
        _ if view.has_won(proposal.id) => (Shade::Jade, "polls-standing-won"),
        (_, Some(check)) if !check.feasible => (Shade::Wall, "polls-standing-infeasible"),
        (_, Some(_)) if view.stage == RoundStage::Decided => (Shade::Wall, "polls-standing-lost"),
        (_, Some(_)) => (Shade::Tile, "polls-standing-feasible"),
        (_, None) => (Shade::Mist, "polls-standing-unchecked"),
    };
    badge(shade, ui.t(key))
}

fn propose_form(
    member: &Member,
    ui: &Ui,
    round: RoundId,
    typed: &Typed,
    errors: &FormErrors,
) -> Markup {
    let longest = u32::try_from(MAX_LINE).unwrap_or(u32::MAX);
    let fields = html! {
        (field(ui, "title", ui.t("polls-proposal")).value(&typed.title).max_length(longest)
            .error(errors.of("title")).required())
        (textarea(ui, "body", ui.t("polls-proposal-why")).value(&typed.body).lines(5)
            .error(errors.of("body")).required())
        (field(ui, "place", ui.t("polls-place")).value(&typed.place).max_length(longest)
            .error(errors.of("place")).required())
        (field(ui, "category", ui.t("polls-category")).value(&typed.category).max_length(longest)
            .hint(ui.t("polls-category-hint")).error(errors.of("category")).required())
        (field(ui, "cost", ui.t("polls-cost-guess")).value(&typed.cost).suffix(ui.t("polls-yuan-unit"))
            .error(errors.of("cost")).required())
    };
    html! {
        (form(ui, member.path(&format!("budgets/{round}/proposals")), fields)
            .errors(ui, errors)
            .guard_unsaved(ui)
            .button(button(ui.t("polls-propose")).icon(Icon::Add)))
    }
}
