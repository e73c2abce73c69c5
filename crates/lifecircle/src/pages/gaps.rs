//! The gaps: buildings by how much they lack and how many live there, as a list and for Excel.

use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use documents::{Cell, Column as SheetColumn, Sheet};
use kernel::CommunityId;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, Member, download};
use street_map::Answer;
use web_ui::{Column, Ui, button, form, pagination, select, table};

use super::{building_name, heading, path_of, place_of, said, views, waiting_page};
use crate::analyses::{Analyses, Standing, now, ready};
use crate::found::Found;
use crate::model::{CircleId, place_text};
use crate::shares::{Counted, shares};

/// How many buildings a page has.
const PAGE: usize = 50;

#[derive(Deserialize)]
pub(super) struct Asked {
    kind: Option<String>,
    #[serde(default)]
    page: usize,
}

/// The buildings that lack something, or one type, by who lives there times what is lacking.
pub(crate) fn ranked(found: &Found, kind: Option<usize>) -> Vec<usize> {
    let lacking = |place: usize| match kind {
        None => found.lacking(place).0,
        Some(kind) => usize::from(
            found
                .everyone()
                .is_some_and(|group| group.answer(kind, place) == Answer::Unmet),
        ),
    };
    let mut all: Vec<(u64, usize)> = (0..found.map.buildings.len())
        .map(|place| {
            let lacking = u64::try_from(lacking(place)).unwrap_or(0);
            (lacking.saturating_mul(found.weight(place)), place)
        })
        .filter(|(weight, _)| *weight > 0)
        .collect();
    all.sort_by_key(|(weight, place)| (std::cmp::Reverse(*weight), *place));
    all.into_iter().map(|(_, place)| place).collect()
}

pub(super) async fn page(
    member: Member,
    Extension(analyses): Extension<Analyses>,
    Path((_, id)): Path<(CommunityId, CircleId)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (circle, standing) = now(&analyses, &member, id).await?;
    let Standing::Ready(found) = standing else {
        return Ok(waiting_page(&member, &circle, &standing, "gaps"));
    };
    let ui = member.ui();
    let base = path_of(&member, id);
    let kind = place_of(&found.types, asked.kind.as_deref());
    let all = ranked(&found, kind);
    let first = asked.page.saturating_mul(PAGE);
    let chosen = kind.and_then(|kind| found.types.types.get(kind));
    let query = |page: usize| {
        let kind = chosen.map_or(String::new(), |kind| format!("&kind={}", kind.id));
        format!("{base}/gaps?page={page}{kind}")
    };
    let newer = (asked.page > 0).then(|| query(asked.page - 1));
    let older = (all.len() > first.saturating_add(PAGE)).then(|| query(asked.page + 1));
    let shown: Vec<usize> = all.iter().copied().skip(first).take(PAGE).collect();
    let heading = heading(&member, &ui, &circle, &ui.t("lifecircle-view-gaps"))
        .lead(ui.t("lifecircle-gaps-lead"))
        .wide();
    let page = ui.page(
        heading,
        html! {
            (views(&member, &ui, id, "gaps"))
            (choose(&ui, &found, &base, asked.kind.as_deref()))
            (listed(&ui, &found, &shown, (first, all.len()), &base))
            (pagination(&ui, newer.as_deref(), older.as_deref()))
        },
    );
    Ok(page.into_response())
}

fn choose(ui: &Ui, found: &Found, base: &str, chosen: Option<&str>) -> Markup {
    let mut kinds = select(ui, "kind", ui.t("lifecircle-gaps-by"))
        .option("", ui.t("lifecircle-colour-all"))
        .selected(chosen.unwrap_or(""));
    for kind in &found.types.types {
        kinds = kinds.option(&kind.id, said(ui, kind));
    }
    html! {
        (form(ui, format!("{base}/gaps"), kinds)
            .get()
            .button(button(ui.t("lifecircle-show")).secondary()))
    }
}

fn listed(
    ui: &Ui,
    found: &Found,
    places: &[usize],
    (first, all): (usize, usize),
    base: &str,
) -> Markup {
    let columns = [
        Column::text(ui.t("lifecircle-building")),
        Column::number(ui.t("lifecircle-people")),
        Column::number(ui.t("lifecircle-lacking")),
        Column::text(ui.t("lifecircle-lacks-what")),
        Column::number(ui.t("lifecircle-unknown")),
    ];
    let rows = places.iter().filter_map(|place| {
        let building = found.map.buildings.get(*place)?;
        let people = found.residents.get(*place).and_then(|one| one.people);
        let (lacking, unknown) = found.lacking(*place);
        let missing = found.types.types.iter().enumerate().filter(|(kind, _)| {
            found.everyone().is_some_and(|group| group.answer(*kind, *place) == Answer::Unmet)
        });
        let missing: Vec<String> = missing.map(|(_, kind)| said(ui, kind)).collect();
        Some(vec![
            html! { a href={ (base) "/buildings/" (place) } { (building_name(building)) } },
            html! { @if let Some(people) = people { (people) } @else { (ui.t("lifecircle-unknown")) } },
            html! { (lacking) },
            html! { (missing.join("、")) },
            html! { (unknown) },
        ])
    });
    let range = [
        ("first", (first + 1).min(all).into()),
        ("last", (first + places.len()).into()),
        ("all", all.into()),
    ];
    let caption = ui.t_with("lifecircle-gaps-caption", &range).into_owned();
    html! { (table(ui, caption, columns).rows(rows).export(ui, format!("{base}/gaps/export"))) }
}

pub(super) async fn export(
    member: Member,
    Extension(analyses): Extension<Analyses>,
    Path((_, id)): Path<(CommunityId, CircleId)>,
) -> Result<Response, Failure> {
    const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let (_, found) = ready(&analyses, &member, id).await?;
    let ui = member.ui();
    let file = tokio::task::spawn_blocking(move || {
        documents::write_xlsx(&[types_sheet(&ui, &found), buildings_sheet(&ui, &found)])
    });
    let file = file
        .await
        .map_err(|error| Failure::internal("the Excel file", &error))?
        .map_err(|error| Failure::internal("the Excel file", &error))?;
    Ok(download(&format!("circle-{id}.xlsx"), XLSX, file))
}

fn column(title: impl Into<String>) -> SheetColumn {
    SheetColumn {
        title: title.into(),
        width: None,
    }
}

fn whole(number: u64) -> Cell {
    Cell::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

fn types_sheet(ui: &Ui, found: &Found) -> Sheet {
    let titles = [
        "type",
        "circle-column",
        "limit",
        "facilities",
        "met",
        "unmet",
        "unknown",
        "rule",
        "status",
    ];
    let buildings = found
        .everyone()
        .map(|all| shares(found, all, Counted::Buildings, None));
    let rows = found
        .types
        .types
        .iter()
        .zip(buildings.unwrap_or_default())
        .enumerate();
    let rows = rows.map(|(place, (kind, share))| {
        let count = found.map.facilities.get(place).map_or(0, Vec::len);
        vec![
            Cell::Text(said(ui, kind)),
            Cell::Text(kind.circle.clone()),
            Cell::Integer(i64::from(kind.limit_m)),
            Cell::Integer(i64::try_from(count).unwrap_or(i64::MAX)),
            whole(share.met),
            whole(share.unmet),
            whole(share.unknown),
            Cell::Text(kind.cite.clone()),
            Cell::Text(
                ui.t(&format!("lifecircle-status-{}", kind.status))
                    .into_owned(),
            ),
        ]
    });
    Sheet {
        name: ui.t("lifecircle-sheet-types").into_owned(),
        columns: titles
            .map(|key| column(ui.t(&format!("lifecircle-{key}"))))
            .into(),
        rows: rows.collect(),
    }
}

/// A row for each building: for each type the metres to the nearest, or that there is none near, or that it is not known.
fn buildings_sheet(ui: &Ui, found: &Found) -> Sheet {
    let titles = [
        "building", "on-map", "place", "district", "people", "elders", "lacking", "unknown",
    ];
    let mut columns: Vec<SheetColumn> = titles
        .map(|key| column(ui.t(&format!("lifecircle-{key}"))))
        .into();
    for kind in &found.types.types {
        columns.push(column(said(ui, kind)));
        columns.push(column(format!("{} (m)", said(ui, kind))));
    }
    let rows = found
        .map
        .buildings
        .iter()
        .enumerate()
        .map(|(place, building)| {
            let residents = found.residents.get(place).copied().unwrap_or_default();
            let count = |number: Option<u32>| {
                number.map_or(Cell::Empty, |number| Cell::Integer(i64::from(number)))
            };
            let district = found.district_of.get(place).copied().flatten();
            let district = district.and_then(|one| found.districts.get(one));
            let (lacking, unknown) = found.lacking(place);
            let mut cells = vec![
                Cell::Text(building_name(building)),
                Cell::Text(building.object.to_string()),
                Cell::Text(place_text(building.position)),
                Cell::Text(district.map_or_else(String::new, |one| one.name.clone())),
                count(residents.people),
                count(residents.elders),
                Cell::Integer(i64::try_from(lacking).unwrap_or(0)),
                Cell::Integer(i64::try_from(unknown).unwrap_or(0)),
            ];
            for kind in 0..found.types.types.len() {
                let everyone = found.everyone();
                let answer = everyone.map_or(Answer::Unknown, |group| group.answer(kind, place));
                let key = match answer {
                    Answer::Met => "lifecircle-met",
                    Answer::Unmet => "lifecircle-unmet",
                    Answer::Unknown => "lifecircle-unknown",
                };
                cells.push(Cell::Text(ui.t(key).into_owned()));
                let first = everyone.and_then(|group| group.of(kind, place).first().copied());
                cells.push(first.map_or(Cell::Empty, |reach| {
                    Cell::Integer(i64::from(found.analysis.metres(reach)))
                }));
            }
            cells
        });
    Sheet {
        name: ui.t("lifecircle-sheet-buildings").into_owned(),
        columns,
        rows: rows.collect(),
    }
}
