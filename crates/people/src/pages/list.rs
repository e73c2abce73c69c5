//! The roll: its totals, and its units page by page.

use axum::extract::Query;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, Member};
use web_ui::{
    Column, Heading, Icon, Ui, button, empty, field, form, link_button, pagination, select, stat,
    stats, table,
};

use crate::model::{Building, ElectorateTotals, UnitId, UnitsCounted};
use crate::queries::{self, RollFilter, RollPage, RollRow};
use crate::{Error, ROLL_IMPORT};

/// What part of the roll is asked for.
#[derive(Clone, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    building: String,
    #[serde(default)]
    q: String,
    after: Option<UnitId>,
}

pub(super) async fn page(member: Member, Query(asked): Query<Asked>) -> Result<Markup, Failure> {
    let filter = RollFilter {
        building: asked.building.parse().ok(),
        number_contains: asked.q.clone(),
        after: asked.after,
        limit: 0,
    };
    let (page, buildings, totals) = member
        .read(move |read, ctx| {
            let page = queries::roll(read, ctx, &filter)?;
            let buildings = queries::buildings(read, ctx.community)?;
            let totals = match filter.after {
                Some(_) => None,
                None => Some(
                    queries::electorate(read, ctx.community, UnitsCounted::default())?.totals()?,
                ),
            };
            Ok::<_, Error>((page, buildings, totals))
        })
        .await?;
    let ui = member.ui();
    Ok(ui.page(
        title(&member, &ui),
        html! {
            @if let Some(totals) = totals { (totals_part(&member, &ui, totals)) }
            (filter_part(&member, &ui, &asked, &buildings))
            (units_part(&member, &ui, &asked, &page))
        },
    ))
}

fn title(member: &Member, ui: &Ui) -> Heading {
    Heading::new(ui.t("roll-title"))
        .lead(ui.t("roll-lead"))
        .actions(html! {
            @if member.may(ROLL_IMPORT) {
                (link_button(member.path("people/import"), ui.t("roll-import")).icon(Icon::Upload))
            }
            (link_button(member.path("people/export"), ui.t("roll-export")).secondary().icon(Icon::Download))
            (link_button(member.path("people/find"), ui.t("roll-find")).secondary().icon(Icon::Search))
        })
        .wide()
}

/// Units, heads and area as a vote would count them; parking spaces bring none.
fn totals_part(member: &Member, ui: &Ui, totals: ElectorateTotals) -> Markup {
    let figure = |count: u64| ui.number(i64::try_from(count).unwrap_or(i64::MAX));
    let here = member.path("people");
    html! {
        (stats([
            stat(&here, figure(totals.units), ui.t("roll-total-units")),
            stat(&here, figure(totals.heads), ui.t("roll-total-heads")),
            stat(&here, ui.area(totals.exclusive_area.get()), ui.t("roll-total-area")),
        ]))
        p.quiet { (ui.t("roll-total-note")) }
    }
}

fn filter_part(member: &Member, ui: &Ui, asked: &Asked, buildings: &[Building]) -> Markup {
    let choice = select(ui, "building", ui.t("roll-field-building"))
        .option("", ui.t("roll-all-buildings"))
        .selected(&asked.building);
    let choice = buildings.iter().fold(choice, |choice, building| {
        choice.option(building.id.to_string(), &building.name)
    });
    html! {
        (form(ui, member.path("people"), html! {
            (choice)
            (field(ui, "q", ui.t("roll-field-number")).value(&asked.q).max_length(100))
        })
        .get()
        .button(button(ui.t("roll-search")).icon(Icon::Search)))
    }
}

fn units_part(member: &Member, ui: &Ui, asked: &Asked, page: &RollPage) -> Markup {
    if page.rows.is_empty() {
        let nothing = empty(Icon::Building, ui.t("roll-none")).text(ui.t("roll-none-text"));
        return html! { (nothing) };
    }
    let columns = [
        Column::text(ui.t("roll-unit")),
        Column::number(ui.t("roll-field-exclusive-area")),
        Column::text(ui.t("roll-field-unit-use")),
        Column::text(ui.t("roll-owners")),
    ];
    let lines = page.rows.iter().map(|line| unit_line(member, ui, line));
    let query = format!(
        "building={}&q={}",
        encoded(&asked.building),
        encoded(&asked.q)
    );
    let first = asked.after.map(|_| member.path(&format!("people?{query}")));
    let next = page
        .next
        .map(|after| member.path(&format!("people?{query}&after={after}")));
    html! {
        (table(ui, ui.t("roll-units"), columns).rows(lines))
        (pagination(ui, first.as_deref(), next.as_deref()))
    }
}

fn unit_line(member: &Member, ui: &Ui, line: &RollRow) -> Vec<Markup> {
    let names: Vec<&str> = line
        .owners
        .iter()
        .map(|owner| owner.name.as_str())
        .collect();
    vec![
        html! { a href=(super::unit_path(member, line.unit)) { (line.label) } },
        html! { (ui.area(line.facts.exclusive_area.get())) },
        html! { (ui.t(&format!("roll-use-{}", line.facts.unit_use.name()))) },
        html! {
            (names.join("、"))
            @if line.owners.len() > 1 && line.voice.is_none() { " · " (ui.t("roll-no-voice")) }
        },
    ]
}

/// A text within a query.
pub(super) fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}
