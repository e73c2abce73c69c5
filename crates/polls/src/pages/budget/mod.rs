//! Participatory budgets: the list of rounds, and calling for proposals.

pub(super) mod proposal;
pub(super) mod round;
pub(super) mod vote;

use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use kernel::Kind;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{
    FormErrors, Heading, Icon, Input, Shade, Tone, Ui, badge, button, empty, field, form,
    link_button, pagination, row, rows, textarea,
};

use super::draft::instant;
use crate::funded;
use crate::model::{DRAFT, MAX_LINE, RoundId, RoundTerms};
use crate::queries::{self, RoundStage, RoundView};
use crate::{Error, OpenRound};

#[derive(Deserialize)]
pub(super) struct Before {
    before: Option<RoundId>,
}

/// Where a round stands, as a badge.
fn stage_badge(ui: &Ui, stage: RoundStage) -> Markup {
    let shade = match stage {
        RoundStage::Proposing | RoundStage::Voting => Shade::Jade,
        RoundStage::Checking => Shade::Mist,
        RoundStage::Decided => Shade::Tile,
    };
    badge(shade, ui.t(&format!("polls-round-{}", stage.name())))
}

/// The path of a round's page.
fn path_of(member: &Member, id: RoundId) -> String {
    member.path(&format!("budgets/{id}"))
}

/// Fen as people read money.
fn money(ui: &Ui, fen: i64) -> String {
    ui.t_with("polls-yuan", &[("amount", funded::yuan(fen).into())])
        .into_owned()
}

pub(super) async fn list(
    member: Member,
    Query(Before { before }): Query<Before>,
) -> Result<Markup, Failure> {
    let rounds = member
        .read(move |read, ctx| queries::rounds(read, ctx, before))
        .await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("polls-budgets"))
        .lead(ui.t("polls-budgets-lead"))
        .actions(html! {
            @if member.may(DRAFT) {
                (link_button(member.path("budgets/new"), ui.t("polls-round-new")).icon(Icon::Add))
            }
        });
    let is_full = rounds.len() == usize::try_from(queries::BUDGET_PAGE).unwrap_or(usize::MAX);
    let last = rounds.last().filter(|_| is_full);
    let older = last.map(|view| member.path(&format!("budgets?before={}", view.round.id)));
    let newer = before.map(|_| member.path("budgets"));
    Ok(ui.page(
        heading,
        html! {
            @if rounds.is_empty() {
                (empty(Icon::Check, ui.t("polls-no-rounds")).text(ui.t("polls-no-rounds-text")))
            } @else {
                (rows(rounds.iter().map(|view| round_row(&member, &ui, view))))
            }
            (pagination(&ui, newer.as_deref(), older.as_deref()))
        },
    ))
}

fn round_row(member: &Member, ui: &Ui, view: &RoundView) -> web_ui::Row {
    let terms = &view.round.terms;
    let until = [("date", ui.date_time(terms.closes.micros()).into())];
    row(path_of(member, view.round.id), terms.title.clone())
        .icon(Icon::Check)
        .detail(html! {
            (money(ui, terms.budget_fen))
            @if view.stage == RoundStage::Proposing { " · " (ui.t_with("polls-proposals-until", &until)) }
        })
        .status(stage_badge(ui, view.stage))
}

/// The form as typed.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    title: String,
    body: String,
    budget: String,
    closes: String,
}

pub(super) async fn new(member: Member) -> Result<Markup, Failure> {
    member.context()?.require(DRAFT).map_err(Failure::from)?;
    let typed = Typed {
        closes: format!("{}T18:00", queries::usual_close(member.visitor.now).date()),
        ..Typed::default()
    };
    Ok(new_page(&member, &typed, None))
}

pub(super) async fn create(member: Member, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let terms = || -> Result<RoundTerms, Error> {
        Ok(RoundTerms {
            title: typed.title.trim().to_owned(),
            body: typed.body.trim().to_owned(),
            budget_fen: funded::fen(&typed.budget).ok_or(Error::Money { field: "budget" })?,
            closes: instant(&typed.closes).ok_or(Error::Blank { field: "closes" })?,
        })
    };
    let sent = match terms() {
        Ok(terms) => member.execute(OpenRound { terms }).await,
        Err(error) => Err(error.into()),
    };
    match sent {
        Ok(id) => flash_to(
            &path_of(&member, id),
            FlashKey(Tone::Success, "polls-flash-round"),
        ),
        Err(failure) if failure.kind == Kind::Invalid => {
            let page = new_page(&member, &typed, Some(&failure));
            Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(failure) => Err(failure),
    }
}

/// What was wrong, field by field.
fn errors_of(ui: &Ui, failure: Option<&Failure>) -> FormErrors {
    let mut errors = FormErrors::new();
    if let Some(failure) = failure {
        for (at, sentence) in failure.finding_sentences(&ui.messages, ui.language) {
            errors.add(at, sentence);
        }
    }
    errors
}

fn new_page(member: &Member, typed: &Typed, failure: Option<&Failure>) -> Markup {
    let ui = member.ui();
    let errors = errors_of(&ui, failure);
    let heading =
        Heading::new(ui.t("polls-round-new")).crumb(member.path("budgets"), ui.t("polls-budgets"));
    let fields = html! {
        (field(&ui, "title", ui.t("polls-round-title")).value(&typed.title)
            .max_length(u32::try_from(MAX_LINE).unwrap_or(u32::MAX)).error(errors.of("title")).required())
        (textarea(&ui, "body", ui.t("polls-field-body")).value(&typed.body).lines(5)
            .error(errors.of("body")).required())
        (field(&ui, "budget", ui.t("polls-budget")).value(&typed.budget).suffix(ui.t("polls-yuan-unit"))
            .error(errors.of("budget")).required())
        (field(&ui, "closes", ui.t("polls-proposals-close")).input(Input::DateTime).value(&typed.closes)
            .error(errors.of("closes")).required())
    };
    ui.page(
        heading,
        html! {
            (form(&ui, member.path("budgets"), fields)
                .errors(&ui, &errors)
                .guard_unsaved(&ui)
                .button(button(ui.t("polls-round-open")).icon(Icon::Announcement))
                .button(link_button(member.path("budgets"), ui.t("polls-back")).secondary()))
        },
    )
}
