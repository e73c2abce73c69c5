//! Which organisation holds which unit of the processes, and what happens when a unit is dissolved.

use axum::extract::Path;
use axum::response::Response;
use kernel::{CommunityId, OrganisationId};
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{
    Column, Heading, Icon, Tone, Ui, button, form, link_button, notice, section, select, table,
    textarea,
};

use super::list::task_title;
use super::{due_badge, said};
use crate::model::ORGANISE;
use crate::queries::{self, OfficeView};
use crate::{AppointUnit, DissolveUnit, Error};

pub(super) async fn page(member: Member) -> Result<Markup, Failure> {
    let view = member.read(queries::office_view).await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("approvals-units"))
        .crumb(member.path("approvals"), ui.t("approvals-title"))
        .lead(ui.t("approvals-units-lead"));
    Ok(ui.page(heading, html! {
        @if view.departments.is_empty() {
            (notice(&ui, Tone::Info, html! { (ui.t("approvals-no-departments")) })
                .action(link_button(member.path("organisations"), ui.t("approvals-register-department"))))
        }
        (unit_table(&member, &ui, &view))
        (appointment(&member, &ui, &view))
    }))
}

fn unit_table(member: &Member, ui: &Ui, view: &OfficeView) -> Markup {
    let columns = [
        Column::text(ui.t("approvals-column-unit")),
        Column::text(ui.t("approvals-held-by")),
        Column::number(ui.t("approvals-column-tasks")),
        Column::text(ui.t("approvals-dissolve")),
    ];
    let title_of = |id: &str| {
        let known = view.units.iter().find(|one| one.id == id);
        known.map_or_else(|| id.to_owned(), |one| said(ui, &one.title))
    };
    let cells = view.units.iter().map(|unit| {
        let holder = match (&unit.dissolved, &unit.holder) {
            (Some(successor), _) if successor.is_empty() => ui.t("approvals-dissolved").into_owned(),
            (Some(successor), _) => {
                let to = [("unit", title_of(successor).into())];
                ui.t_with("approvals-followed-by", &to).into_owned()
            }
            (None, Some(name)) => name.clone(),
            (None, None) => ui.t("approvals-held-by-nobody").into_owned(),
        };
        let path = member.path(&format!("approvals/units/{}/dissolution", unit.id));
        vec![
            html! { (said(ui, &unit.title)) },
            html! { (holder) },
            html! { (unit.tasks) },
            html! { @if unit.dissolved.is_none() { a href=(path) { (ui.t("approvals-dissolve")) } } },
        ]
    });
    html! { (table(ui, ui.t("approvals-units"), columns).rows(cells)) }
}

fn appointment(member: &Member, ui: &Ui, view: &OfficeView) -> Markup {
    let mut unit = select(ui, "unit", ui.t("approvals-column-unit")).required();
    for one in view.units.iter().filter(|one| one.dissolved.is_none()) {
        unit = unit.option(&one.id, said(ui, &one.title));
    }
    let mut to = select(ui, "organisation", ui.t("approvals-held-by")).required();
    for one in &view.departments {
        to = to.option(one.id.to_string(), one.name.clone());
    }
    section(
        ui.t("approvals-appoint"),
        form(ui, member.path("approvals/units"), html! { (unit) (to) })
            .button(button(ui.t("approvals-appoint")).icon(Icon::Check)),
    )
}

#[derive(Deserialize)]
pub(super) struct Appointed {
    unit: String,
    organisation: String,
}

pub(super) async fn appoint(
    member: Member,
    Form(Appointed { unit, organisation }): Form<Appointed>,
) -> Result<Response, Failure> {
    let organisation: OrganisationId = organisation.parse().map_err(|_| Error::NoSuchPart {
        what: "organisation",
    })?;
    member.execute(AppointUnit { unit, organisation }).await?;
    flash_to(
        &member.path("approvals/units"),
        FlashKey(Tone::Success, "approvals-flash-done"),
    )
}

/// How many tasks are shown of those that go over.
const SHOWN: usize = 100;

/// Before a unit is dissolved: what goes over.
pub(super) async fn dissolution(
    member: Member,
    Path((_, unit)): Path<(CommunityId, String)>,
) -> Result<Markup, Failure> {
    member.context()?.require(ORGANISE).map_err(Failure::from)?;
    let asked = unit.clone();
    let (view, queue) = member
        .read(move |read, ctx| {
            let view = queries::office_view(read, ctx)?;
            let queue = queries::queue_of_unit(read, ctx, &asked, SHOWN)?;
            Ok::<_, Error>((view, queue))
        })
        .await?;
    let known = view
        .units
        .iter()
        .find(|one| one.id == unit && one.dissolved.is_none());
    let known = known.ok_or(Error::NoSuchPart { what: "unit" })?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("approvals-dissolve"))
        .crumb(member.path("approvals"), ui.t("approvals-title"))
        .crumb(member.path("approvals/units"), ui.t("approvals-units"))
        .lead(said(&ui, &known.title));
    let mut successor = select(&ui, "successor", ui.t("approvals-successor"))
        .hint(ui.t("approvals-successor-hint"));
    if queue.all == 0 {
        successor = successor.option("", ui.t("approvals-nobody"));
    } else {
        successor = successor.required();
    }
    for one in view
        .units
        .iter()
        .filter(|one| one.dissolved.is_none() && one.id != unit)
    {
        successor = successor.option(&one.id, said(&ui, &one.title));
    }
    let columns = [
        "approvals-column-file",
        "approvals-column-task",
        "approvals-column-due",
    ]
    .map(|key| Column::text(ui.t(key)));
    let cells = queue.lines.iter().map(|line| {
        vec![
            html! { (line.title) },
            html! { (task_title(&ui, line)) },
            due_badge(&ui, &line.task),
        ]
    });
    let action = member.path(&format!("approvals/units/{unit}/dissolution"));
    Ok(ui.page(heading, html! {
        p { (ui.t_with("approvals-goes-over", &[("count", queue.all.into())])) }
        @if queue.all > 0 { (table(&ui, ui.t("approvals-column-tasks"), columns).rows(cells)) }
        (form(&ui, action, html! {
            (successor)
            (textarea(&ui, "reason", ui.t("approvals-field-reason")).lines(3).required())
        })
        .button(button(ui.t("approvals-dissolve")).danger())
        .button(link_button(member.path("approvals/units"), ui.t("approvals-back")).secondary()))
    }))
}

#[derive(Deserialize)]
pub(super) struct Dissolved {
    #[serde(default)]
    successor: String,
    #[serde(default)]
    reason: String,
}

pub(super) async fn dissolve(
    member: Member,
    Path((_, unit)): Path<(CommunityId, String)>,
    Form(Dissolved { successor, reason }): Form<Dissolved>,
) -> Result<Response, Failure> {
    let successor = Some(successor).filter(|successor| !successor.is_empty());
    let command = DissolveUnit {
        unit,
        successor,
        reason,
    };
    member.execute(command).await?;
    flash_to(
        &member.path("approvals/units"),
        FlashKey(Tone::Success, "approvals-flash-done"),
    )
}
