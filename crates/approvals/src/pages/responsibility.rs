//! Who leads and who supports what (列第一位的为牵头单位): units by stages, and each unit's own page.

use axum::extract::Path;
use axum::response::Response;
use documents::Cell;
use flow::{Definition, Stage};
use kernel::CommunityId;
use maud::{Markup, html};
use shell::{Failure, Member};
use web_ui::{Column, Heading, Shade, Ui, badge, section, table};

use super::export::{file, sheet};
use super::said;
use super::supervise::{cases, unit as unit_title};
use crate::model::READ;
use crate::supervision::{Live, Load, Overview, overview};
use crate::{Error, KnownDefinition, queries};

/// How many files a list shows.
const SHOWN: usize = 100;

pub(super) async fn page(member: Member) -> Result<Markup, Failure> {
    let (known, view) = asked(&member, None).await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("approvals-responsibility"))
        .crumb(member.path("approvals"), ui.t("approvals-title"))
        .lead(ui.t("approvals-responsibility-lead"));
    Ok(ui.page(heading, html! {
        @for process in &known {
            (section(said(&ui, &process.definition.title), matrix(&member, &ui, &process.definition, &view)))
        }
    }))
}

/// The newest version of each process, and what is open.
async fn asked(
    member: &Member,
    unit: Option<String>,
) -> Result<(Vec<KnownDefinition>, Overview), Failure> {
    let mut found = member
        .read(move |read, ctx| {
            ctx.require(READ)?;
            let live = Live::of(read);
            let view = overview(read, ctx, &live, unit.as_deref(), SHOWN)?;
            Ok::<_, Error>((queries::processes(read, ctx)?, view))
        })
        .await?;
    found
        .0
        .dedup_by(|later, first| later.definition.id == first.definition.id);
    // Units of processes under which no file is open yet have titles, too.
    for unit in found.0.iter().flat_map(|known| &known.definition.units) {
        found
            .1
            .units
            .entry(unit.id.clone())
            .or_insert_with(|| unit.title.clone());
    }
    Ok(found)
}

/// What a unit is in a stage.
enum Part {
    Leads,
    Supports,
}

fn part(stage: &Stage, unit: &str) -> Option<Part> {
    if stage.lead == unit {
        return Some(Part::Leads);
    }
    let supports = stage.supporting.iter().any(|one| one.unit == unit);
    supports.then_some(Part::Supports)
}

fn part_key(part: &Part) -> &'static str {
    match part {
        Part::Leads => "approvals-leads",
        Part::Supports => "approvals-supports",
    }
}

fn load<'v>(view: &'v Overview, unit: &str, process: &str, stage: &str) -> Option<&'v Load> {
    let mut loads = view.loads.iter();
    loads.find(|one| one.unit == unit && one.process == process && one.stage == stage)
}

fn matrix(member: &Member, ui: &Ui, process: &Definition, view: &Overview) -> Markup {
    let first = [Column::text(ui.t("approvals-column-unit"))];
    let stages = process
        .stages
        .iter()
        .map(|stage| Column::text(said(ui, &stage.title)));
    let columns: Vec<Column> = first.into_iter().chain(stages).collect();
    let cells = process.units.iter().map(|unit| {
        let href = member.path(&format!("approvals/responsibility/{}", unit.id));
        let mut cells = vec![html! { a href=(href) { (said(ui, &unit.title)) } }];
        cells.extend(process.stages.iter().map(|stage| {
            let load = load(view, &unit.id, &process.id, &stage.id);
            html! {
                @if let Some(part) = part(stage, &unit.id) { (part_badge(ui, &part)) }
                @if let Some(load) = load { br; small { (counts(ui, load)) } }
            }
        }));
        cells
    });
    let export = member.path("approvals/responsibility/export");
    html! { (table(ui, ui.t("approvals-responsibility"), columns).rows(cells).export(ui, export)) }
}

fn part_badge(ui: &Ui, part: &Part) -> Markup {
    let shade = match part {
        Part::Leads => Shade::Jade,
        Part::Supports => Shade::Mist,
    };
    badge(shade, ui.t(part_key(part)))
}

/// How much is open, and how much of that late.
fn counts(ui: &Ui, load: &Load) -> String {
    let open = load.leads + load.asked;
    let late = load.leads_late + load.asked_late;
    let counts = [("open", open.into()), ("late", late.into())];
    ui.t_with("approvals-open-late", &counts).into_owned()
}

/// What one unit leads and supports, and its late files.
pub(super) async fn one(
    member: Member,
    Path((_, unit)): Path<(CommunityId, String)>,
) -> Result<Markup, Failure> {
    let (known, view) = asked(&member, Some(unit.clone())).await?;
    let title = view
        .units
        .get(&unit)
        .ok_or(Error::NoSuchPart { what: "unit" })?;
    let ui = member.ui();
    let heading = Heading::new(said(&ui, title))
        .crumb(member.path("approvals"), ui.t("approvals-title"))
        .crumb(
            member.path("approvals/responsibility"),
            ui.t("approvals-responsibility"),
        )
        .lead(ui.t("approvals-unit-lead"));
    let columns = [
        Column::text(ui.t("approvals-column-stage")),
        Column::text(ui.t("approvals-column-part")),
        Column::text(ui.t("approvals-column-open")),
    ];
    let stages = known
        .iter()
        .flat_map(|one| one.definition.stages.iter().map(move |stage| (one, stage)));
    let cells = stages.filter_map(|(process, stage)| {
        let load = load(&view, &unit, &process.definition.id, &stage.id);
        let part = part(stage, &unit);
        (part.is_some() || load.is_some()).then(|| {
            vec![
                html! { (said(&ui, &stage.title)) br; small { (said(&ui, &process.definition.title)) } },
                html! { @if let Some(part) = &part { (part_badge(&ui, part)) } },
                html! { @if let Some(load) = load { (counts(&ui, load)) } },
            ]
        })
    });
    Ok(ui.page(heading, html! {
        (section(ui.t("approvals-responsibility"), table(&ui, ui.t("approvals-responsibility"), columns).rows(cells)))
        (section(ui.t("approvals-late-files"), cases(&member, &ui, &view, &view.late_cases, "late")))
        (section(ui.t("approvals-likely-files"), cases(&member, &ui, &view, &view.likely_cases, "likely")))
    }))
}

/// The matrix as Excel, a line for each part of a unit in a stage.
pub(super) async fn export(member: Member) -> Result<Response, Failure> {
    let (known, view) = asked(&member, None).await?;
    let ui = member.ui();
    let mut sheet = sheet(
        &ui,
        "approvals-responsibility",
        &[
            "approvals-column-process",
            "approvals-column-stage",
            "approvals-column-unit",
            "approvals-column-part",
            "approvals-column-open",
            "approvals-column-late",
        ],
    );
    for process in known.iter().map(|one| &one.definition) {
        for stage in &process.stages {
            for unit in &process.units {
                let Some(part) = part(stage, &unit.id) else {
                    continue;
                };
                let load = load(&view, &unit.id, &process.id, &stage.id)
                    .cloned()
                    .unwrap_or_default();
                let number = |count: usize| Cell::Integer(i64::try_from(count).unwrap_or(i64::MAX));
                sheet.rows.push(vec![
                    Cell::Text(said(&ui, &process.title)),
                    Cell::Text(said(&ui, &stage.title)),
                    Cell::Text(unit_title(&ui, &view, &unit.id)),
                    Cell::Text(ui.t(part_key(&part)).into_owned()),
                    number(load.leads + load.asked),
                    number(load.leads_late + load.asked_late),
                ]);
            }
        }
    }
    file("responsibility.xlsx", sheet)
}
