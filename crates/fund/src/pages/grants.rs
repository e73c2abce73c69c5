//! Every project that money was asked for, and the form to ask.

use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, Form, Member};
use web_ui::{
    Column, FormErrors, Heading, Icon, Tab, Ui, button, empty, field, form, link_button, table,
    tabs, textarea,
};

use super::{
    Typed, done, grant_badge, name_among, purse_select, titled, to_correct, word, workbook,
};
use crate::model::{APPLY, GrantTerms, MAX_TRANCHES, TrancheTerms, fen};
use crate::queries::{self, PurseView};
use crate::store::Grant;
use crate::{ApplyForGrant, Error};

/// How many empty tranches the form has.
const ROWS: usize = 4;

/// Which projects, as an address says it.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    stage: String,
}

const STAGES: [&str; 6] = ["", "running", "applied", "finished", "refused", "cancelled"];

async fn read(member: &Member) -> Result<(Vec<Grant>, Vec<PurseView>), Failure> {
    member
        .read(|read, ctx| {
            let grants = queries::grants(read, ctx)?;
            Ok::<_, Error>((grants, queries::purse_list(read, ctx)?))
        })
        .await
}

pub(super) async fn page(member: Member, Query(wanted): Query<Wanted>) -> Result<Markup, Failure> {
    let (mut grants, purses) = read(&member).await?;
    let ui = member.ui();
    let stage = STAGES.into_iter().find(|stage| *stage == wanted.stage);
    let stage = stage.unwrap_or_default();
    let views = STAGES.map(|one| {
        let href = if one.is_empty() {
            member.path("fund/grants")
        } else {
            member.path(&format!("fund/grants?stage={one}"))
        };
        let label = if one.is_empty() {
            ui.t("fund-all").into_owned()
        } else {
            word(&ui, "stage", one)
        };
        Tab::new(href, label, one == stage)
    });
    if !stage.is_empty() {
        grants.retain(|grant| grant.stage() == stage);
    }
    let heading = Heading::new(ui.t("fund-projects"))
        .crumb(member.path("fund"), ui.t("fund-title"))
        .actions(html! {
            @if member.may(APPLY) {
                (link_button(member.path("fund/grants/new"), ui.t("fund-apply")).icon(Icon::Add))
            }
        });
    let columns = [
        Column::text(ui.t("fund-field-title")),
        Column::text(ui.t("fund-field-who")),
        Column::text(ui.t("fund-purse")),
        Column::number(ui.t("fund-amount")),
        Column::text(ui.t("fund-state")),
    ];
    let rows = grants.iter().map(|grant| {
        let href = member.path(&format!("fund/grants/{}", grant.id));
        vec![
            html! { a href=(href) { (grant.title) } },
            html! { (grant.who) },
            html! { (name_among(&ui, grant.purse, &purses)) },
            html! { (ui.money(grant.amount)) },
            grant_badge(&ui, grant),
        ]
    });
    let all = table(&ui, ui.t("fund-projects"), columns)
        .rows(rows)
        .export(&ui, member.path("fund/grants/excel"));
    Ok(ui.page(heading, html! {
        (tabs(&ui.t("fund-projects"), views))
        @if grants.is_empty() { (empty(Icon::Document, ui.t("fund-no-projects"))) } @else { (all) }
    }))
}

pub(super) async fn excel(member: Member) -> Result<Response, Failure> {
    use documents::Cell;
    let (grants, purses) = read(&member).await?;
    let ui = member.ui();
    let rows = grants.iter().map(|grant| {
        vec![
            Cell::Text(grant.title.clone()),
            Cell::Text(grant.who.clone()),
            Cell::Text(name_among(&ui, grant.purse, &purses)),
            Cell::Money(grant.amount),
            Cell::Text(word(&ui, "stage", grant.stage())),
        ]
    });
    let titles = [
        "fund-field-title",
        "fund-field-who",
        "fund-purse",
        "fund-amount",
        "fund-state",
    ];
    let sheet = documents::Sheet {
        name: ui.t("fund-projects").into_owned(),
        columns: titled(&ui, &titles),
        rows: rows.collect(),
    };
    workbook("fund-projects.xlsx", &[sheet])
}

pub(super) async fn new_page(member: Member) -> Result<Markup, Failure> {
    apply_page(&member, &Typed::default(), None).await
}

/// The tranches of a form: a title and an amount a line; lines with neither are left out.
pub(super) fn tranches_of(typed: &TypedLines<'_>) -> Result<Vec<TrancheTerms>, Error> {
    let mut tranches = Vec::new();
    for number in 1..=MAX_TRANCHES {
        let title = typed.0.text(&format!("tranche{number}"));
        let amount = typed.0.text(&format!("amount{number}"));
        if title.is_empty() && amount.is_empty() {
            continue;
        }
        let (title, amount) = (title.to_owned(), fen("tranches", amount)?);
        tranches.push(TrancheTerms { title, amount });
    }
    Ok(tranches)
}

/// The lines of a form that hold tranches.
pub(super) struct TypedLines<'a>(pub(super) &'a Typed);

pub(super) fn terms_of(typed: &Typed) -> Result<GrantTerms, Error> {
    Ok(GrantTerms {
        title: typed.text("title").to_owned(),
        plan: typed.text("plan").to_owned(),
        who: typed.text("who").to_owned(),
        purse: typed.purse("purse")?,
        tranches: tranches_of(&TypedLines(typed))?,
    })
}

pub(super) async fn apply(member: Member, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let sent = match terms_of(&typed) {
        Ok(terms) => member.execute(ApplyForGrant { terms }).await,
        Err(error) => Err(error.into()),
    };
    match sent {
        Ok(grant) => done(&member, &format!("/grants/{grant}"), "fund-flash-applied"),
        Err(failure) => {
            let failure = to_correct(Err(failure))?.unwrap_or_else(Failure::not_found);
            let page = apply_page(&member, &typed, Some(&failure)).await?;
            Ok(failure.again(page).into_response())
        }
    }
}

async fn apply_page(
    member: &Member,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Result<Markup, Failure> {
    let purses = member.read(queries::purse_list).await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("fund-apply"))
        .crumb(member.path("fund"), ui.t("fund-title"))
        .crumb(member.path("fund/grants"), ui.t("fund-projects"))
        .lead(ui.t("fund-apply-lead"));
    let errors = failure.map_or_else(FormErrors::new, |failure| {
        failure.form_errors(&ui, "fund", "")
    });
    let body = form(
        &ui,
        member.path("fund/grants/new"),
        html! {
            (project_fields(&ui, &purses, typed, &errors))
        },
    );
    Ok(ui.page(
        heading,
        body.errors(&ui, &errors)
            .guard_unsaved(&ui)
            .button(button(ui.t("fund-apply")).icon(Icon::Check)),
    ))
}

/// The fields that say what a project is and how it is paid.
pub(super) fn project_fields(
    ui: &Ui,
    purses: &[PurseView],
    typed: &Typed,
    errors: &FormErrors,
) -> Markup {
    html! {
        (field(ui, "title", ui.t("fund-field-title")).value(typed.text("title")).max_length(60)
            .error(errors.of("title")).required())
        (textarea(ui, "plan", ui.t("fund-field-plan")).value(typed.text("plan")).hint(ui.t("fund-plan-hint"))
            .max_length(2_000).error(errors.of("plan")).required())
        (field(ui, "who", ui.t("fund-field-who")).value(typed.text("who")).hint(ui.t("fund-who-hint")).max_length(60)
            .error(errors.of("who")).required())
        (purse_select(ui, "purse", purses, false, typed.text("purse")).error(errors.of("purse")).required())
        fieldset {
            legend { (ui.t("fund-field-tranches")) }
            p { (ui.t("fund-tranches-hint")) }
            @if let Some(error) = errors.of("tranches") { p.error { (error) } }
            @for number in 1..=ROWS {
                @let (title, amount) = (format!("tranche{number}"), format!("amount{number}"));
                @let place = [("number", i64::try_from(number).unwrap_or(0).into())];
                (field(ui, title.clone(), ui.t_with("fund-field-tranche-title", &place)).value(typed.text(&title)).max_length(60))
                (field(ui, amount.clone(), ui.t_with("fund-field-tranche-amount", &place)).value(typed.text(&amount))
                    .suffix(ui.t("fund-yuan")))
            }
        }
    }
}
