//! The processes in their versions, a new version, and what it changes for the cases that run.

use axum::extract::Path;
use axum::response::Response;
use flow::{Count, Definition, Limit, Source, Stage, Step};
use kernel::{CommunityId, Kind};
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{
    Column, FormErrors, Heading, Icon, Shade, Tone, Ui, actions, badge, button, citation, empty,
    facts, form, link_button, row, rows, section, table, textarea,
};

use super::{day, lang, outcome_title, said};
use crate::model::ORGANISE;
use crate::{AddDefinition, KnownDefinition, MigrateCases, queries};

#[derive(Default, Deserialize)]
pub(super) struct Content {
    #[serde(default)]
    pub(super) content: String,
}

pub(super) async fn page(member: Member) -> Result<Markup, Failure> {
    list(&member, "", &FormErrors::new()).await
}

pub(super) async fn add(
    member: Member,
    Form(Content { content }): Form<Content>,
) -> Result<Response, Failure> {
    let command = AddDefinition {
        content: content.clone(),
    };
    match member.execute(command).await {
        Ok(_) => flash_to(
            &member.path("approvals/processes"),
            FlashKey(Tone::Success, "approvals-flash-done"),
        ),
        Err(failure) if matches!(failure.kind, Kind::Invalid | Kind::Conflict) => {
            let errors = failure.form_errors(&member.ui(), "approvals", "content");
            let page = list(&member, &content, &errors).await?;
            Ok(failure.again(page))
        }
        Err(failure) => Err(failure),
    }
}

async fn list(member: &Member, typed: &str, errors: &FormErrors) -> Result<Markup, Failure> {
    let known = member.read(queries::processes).await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("approvals-processes"))
        .crumb(member.path("approvals"), ui.t("approvals-title"))
        .lead(ui.t("approvals-processes-lead"));
    Ok(ui.page(heading, html! {
        (rows(known.iter().map(|one| definition_row(member, &ui, one))))
        @if member.may(ORGANISE) {
            (section(ui.t("approvals-add-definition"), form(&ui, member.path("approvals/processes"), html! {
                (textarea(&ui, "content", ui.t("approvals-field-definition")).value(typed).lines(12)
                    .hint(ui.t("approvals-field-definition-hint")).error(errors.of("content")).required())
            }).errors(&ui, errors).button(button(ui.t("approvals-add-definition")).icon(Icon::Upload))))
        }
    }))
}

fn definition_row(member: &Member, ui: &Ui, one: &KnownDefinition) -> web_ui::Row {
    let definition = &one.definition;
    let path = format!(
        "approvals/processes/{}/{}",
        definition.id, definition.version
    );
    let key = if one.builtin {
        "approvals-builtin"
    } else {
        "approvals-kept"
    };
    row(member.path(&path), said(ui, &definition.title))
        .icon(Icon::Law)
        .detail(
            html! { (definition.id) " · " (definition.version) " · " (day(ui, definition.from)) },
        )
        .status(badge(Shade::Wall, ui.t(key)))
}

pub(super) async fn one(
    member: Member,
    Path((_, process, version)): Path<(CommunityId, String, String)>,
) -> Result<Markup, Failure> {
    let definition = member
        .read(move |read, ctx| queries::definition_view(read, ctx, &process, &version))
        .await?;
    let ui = member.ui();
    let heading = Heading::new(said(&ui, &definition.title))
        .crumb(member.path("approvals"), ui.t("approvals-title"))
        .crumb(
            member.path("approvals/processes"),
            ui.t("approvals-processes"),
        )
        .lead(html! { (definition.id) " · " (definition.version) });
    let migration = format!(
        "approvals/processes/{}/{}/migration",
        definition.id, definition.version
    );
    Ok(ui.page(heading, html! {
        @for (place, stage) in definition.stages.iter().enumerate() {
            (section(said(&ui, &stage.title), html! {
                (facts([
                    (ui.t("approvals-lead-unit"), said(&ui, &definition.unit_title(&stage.lead))),
                    (ui.t("approvals-supporting"), stage.supporting.iter()
                        .map(|one| said(&ui, &definition.unit_title(&one.unit))).collect::<Vec<_>>().join("、")),
                    (ui.t("approvals-statutory"), limit(&ui, stage.statutory.as_ref())),
                    (ui.t("approvals-promised"), limit(&ui, stage.promised.as_ref())),
                    (ui.t("approvals-correction-within"), limit(&ui, stage.correction.as_ref())),
                    (ui.t("approvals-extension-at-most"), stage.extension.as_ref()
                        .map_or_else(|| "–".to_owned(), |one| ui.t_with("approvals-days-more", &[("days", one.days.into())]).into_owned())),
                    (ui.t("approvals-may-stop-for"), if stage.suspensions.is_empty() { "–".to_owned() } else {
                        stage.suspensions.iter().map(|one| said(&ui, &one.title)).collect::<Vec<_>>().join("、")
                    }),
                ]))
                (steps_part(&ui, &definition, place))
                @for source in sources(stage) {
                    (citation(&ui, source.clause.get(lang(&ui)), source.status == policy::Status::Verified))
                }
            }))
        }
        @if member.may(ORGANISE) {
            (actions(link_button(member.path(&migration), ui.t("approvals-migrate")).secondary()))
        }
    }))
}

/// The steps of a stage in their order: who does each, what it comes after, how it may end.
fn steps_part(ui: &Ui, definition: &Definition, stage: usize) -> Markup {
    let before = |step: &Step| -> Vec<String> {
        let named = |(place, outcome): &(usize, Option<String>)| {
            let before = definition.steps.get(*place)?;
            let title = said(ui, &before.title);
            Some(match outcome {
                Some(outcome) => format!("{title}（{}）", outcome_title(ui, before, outcome)),
                None => title,
            })
        };
        step.after.iter().filter_map(named).collect()
    };
    let columns = [
        "approvals-column-step",
        "approvals-column-unit",
        "approvals-column-comes-after",
    ]
    .map(|key| Column::text(ui.t(key)));
    let own = definition.steps.iter().filter(|step| step.stage == stage);
    let cells = own.map(|step| {
        let ends: Vec<String> = step.outcomes.iter().map(|one| said(ui, &one.title)).collect();
        vec![
            html! {
                (said(ui, &step.title))
                @if let Some(least) = &step.at_least {
                    br; small { (ui.t_with("approvals-at-least", &[("days", least.days.into())])) }
                }
                @if !ends.is_empty() { br; small { (ui.t_with("approvals-ends-in", &[("outcomes", ends.join(" / ").into())])) } }
            },
            html! { (said(ui, &definition.unit_title(&step.unit))) },
            html! { (if step.after.is_empty() { "–".to_owned() } else { before(step).join("、") }) },
        ]
    });
    html! { (table(ui, ui.t("approvals-steps-of-stage"), columns).rows(cells)) }
}

/// Where the stage's numbers stand, each source once.
fn sources(stage: &Stage) -> Vec<&Source> {
    let limits = [&stage.statutory, &stage.promised, &stage.correction];
    let limits = limits.into_iter().flatten().map(|limit| &limit.source);
    let extension = stage.extension.iter().map(|one| &one.source);
    let stops = stage.suspensions.iter().map(|one| &one.source);
    let replies = stage.supporting.iter().map(|one| &one.reply.source);
    let mut sources: Vec<&Source> = Vec::new();
    for source in limits.chain(extension).chain(stops).chain(replies) {
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    sources
}

fn limit(ui: &Ui, limit: Option<&Limit>) -> String {
    let Some(limit) = limit else {
        return "–".to_owned();
    };
    let key = match limit.count {
        Count::Working => "approvals-working-days",
        Count::Calendar => "approvals-calendar-days",
    };
    ui.t_with(key, &[("days", limit.days.into())]).into_owned()
}

/// Before open cases go over: what changes for each, and which can't.
pub(super) async fn migration(
    member: Member,
    Path((_, process, version)): Path<(CommunityId, String, String)>,
) -> Result<Markup, Failure> {
    let (asked, to) = (process.clone(), version.clone());
    let preview = member
        .read(move |read, ctx| queries::migration(read, ctx, &asked, &to))
        .await?;
    let ui = member.ui();
    let one = member.path(&format!("approvals/processes/{process}/{version}"));
    let heading = Heading::new(ui.t("approvals-migrate"))
        .crumb(member.path("approvals"), ui.t("approvals-title"))
        .crumb(
            member.path("approvals/processes"),
            ui.t("approvals-processes"),
        )
        .crumb(one.clone(), version.clone())
        .lead(ui.t("approvals-migrate-lead"));
    let columns = [
        "approvals-column-file",
        "approvals-column-before",
        "approvals-column-after",
    ]
    .map(|key| Column::text(ui.t(key)));
    let able = preview.iter().filter(|one| one.refused.is_none()).count();
    let cells = preview.iter().map(|line| {
        let dates = |after: bool| {
            html! { @for stage in &line.dates {
                @let date = if after { stage.after } else { stage.before };
                (said(&ui, &stage.stage)) "：" (date.map_or_else(|| "–".to_owned(), |date| day(&ui, date))) br;
            } }
        };
        vec![
            html! { (line.row.title) br; small { (line.row.number.clone().unwrap_or_default()) " · " (line.row.version.clone().unwrap_or_default()) } },
            dates(false),
            html! { @match &line.refused {
                Some(reason) => { (badge(Shade::Vermilion, ui.t("approvals-stays"))) " " (said(&ui, reason)) }
                None => (dates(true)),
            } },
        ]
    });
    let cells: Vec<Vec<Markup>> = cells.collect();
    Ok(ui.page(heading, html! {
        @if preview.is_empty() { (empty(Icon::Check, ui.t("approvals-nothing-to-migrate"))) }
        @else { (table(&ui, ui.t("approvals-migrate"), columns).rows(cells)) }
        @if able > 0 {
            (form(&ui, format!("{one}/migration"), html! {})
                .button(button(ui.t_with("approvals-migrate-all", &[("count", able.into())])).icon(Icon::Check))
                .button(link_button(one.clone(), ui.t("approvals-back")).secondary()))
        }
    }))
}

pub(super) async fn migrate(
    member: Member,
    Path((_, process, version)): Path<(CommunityId, String, String)>,
) -> Result<Response, Failure> {
    let command = MigrateCases {
        process,
        to: version,
        cases: Vec::new(),
    };
    member.execute(command).await?;
    flash_to(
        &member.path("approvals/processes"),
        FlashKey(Tone::Success, "approvals-flash-done"),
    )
}
