//! A building: for each type the nearest five, with distance and time, whether that is near enough, and the way.

use axum::Extension;
use axum::extract::{Path, Query};
use kernel::CommunityId;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, Member};
use street_map::{Answer, FacilityType, Question};
use walk::{Position, Reach};
use web_ui::{Column, Shade, Ui, badge, facts, section, table};

use super::map::{Shown, canvas};
use super::{attribution, building_name, heading, path_of, place_of, said, status_badge, views};
use crate::Error;
use crate::analyses::{Analyses, ready};
use crate::found::{Found, MAX_WALK_M};
use crate::model::{CircleId, place_text};

#[derive(Deserialize)]
pub(super) struct Asked {
    kind: Option<String>,
}

pub(super) async fn page(
    member: Member,
    Extension(analyses): Extension<Analyses>,
    Path((_, id, place)): Path<(CommunityId, CircleId, usize)>,
    Query(Asked { kind }): Query<Asked>,
) -> Result<Markup, Failure> {
    let (circle, found) = ready(&analyses, &member, id).await?;
    let building = found
        .map
        .buildings
        .get(place)
        .ok_or(Error::NoSuchPart { what: "building" })?;
    let ui = member.ui();
    let base = path_of(&member, id);
    let chosen = place_of(&found.types, kind.as_deref());
    let shown = Shown {
        kind,
        at: Some(place_text(building.position)),
        zoom: 3,
    };
    let frame = shown.frame(&found);
    let query = format!(
        "{}&building={place}",
        shown.query(building.position, frame.view.zoom)
    );
    let heading = heading(&member, &ui, &circle, &building_name(building)).wide();
    Ok(ui.page(
        heading,
        html! {
            (views(&member, &ui, id, "gaps"))
            (known(&ui, &found, place))
            (canvas(&ui, &base, "map", &shown, &frame, &query))
            @if let Some(kind) = chosen { (way(&ui, &found, kind, place)) }
            (attribution(&ui))
            (reached(&ui, &found, place, &base))
        },
    ))
}

fn known(ui: &Ui, found: &Found, place: usize) -> Markup {
    let Some(building) = found.map.buildings.get(place) else {
        return html! {};
    };
    let residents = found.residents.get(place).copied().unwrap_or_default();
    let unknown = || ui.t("lifecircle-unknown").into_owned();
    let count =
        |number: Option<u32>| number.map_or_else(unknown, |number| ui.number(i64::from(number)));
    let district = found.district_of.get(place).copied().flatten();
    let district = district.and_then(|one| found.districts.get(one));
    let (lacking, not_known) = found.lacking(place);
    let counts = [("lacking", lacking.into()), ("unknown", not_known.into())];
    facts([
        (
            ui.t("lifecircle-lacking"),
            ui.t_with("lifecircle-lacks", &counts).into_owned(),
        ),
        (ui.t("lifecircle-people"), count(residents.people)),
        (ui.t("lifecircle-elders"), count(residents.elders)),
        (
            ui.t("lifecircle-district"),
            district.map_or_else(unknown, |one| one.name.clone()),
        ),
        (ui.t("lifecircle-on-map"), building.object.to_string()),
        (ui.t("lifecircle-place"), place_text(building.position)),
    ])
}

fn reached(ui: &Ui, found: &Found, place: usize, base: &str) -> Markup {
    let columns = [
        Column::text(ui.t("lifecircle-type")),
        Column::number(ui.t("lifecircle-limit")),
        Column::text(ui.t("lifecircle-answer")),
        Column::text(ui.t("lifecircle-nearest")),
        Column::text(ui.t("lifecircle-slower")),
        Column::text(ui.t("lifecircle-rule")),
    ];
    let rows = found.types.types.iter().enumerate().map(|(kind, one)| {
        let answer = found
            .everyone()
            .map_or(Answer::Unknown, |group| group.answer(kind, place));
        vec![
            html! { a href={ (base) "/buildings/" (place) "?kind=" (one.id) } { (said(ui, one)) } },
            html! { (one.limit_m) " m" },
            answer_badge(ui, answer),
            nearest(ui, found, kind, place),
            slower(ui, found, kind, place),
            rule(ui, one),
        ]
    });
    let caption = ui.t("lifecircle-reached-caption").into_owned();
    section(
        ui.t("lifecircle-reached"),
        html! { (table(ui, caption, columns).rows(rows)) },
    )
}

fn rule(ui: &Ui, kind: &FacilityType) -> Markup {
    html! { (kind.cite) " " (status_badge(ui, &kind.status)) @if let Some(note) = &kind.note { br; small { (note) } } }
}

/// Whether something is near enough, as a badge.
pub(super) fn answer_badge(ui: &Ui, answer: Answer) -> Markup {
    let (shade, key) = match answer {
        Answer::Met => (Shade::Jade, "lifecircle-met"),
        Answer::Unmet => (Shade::Vermilion, "lifecircle-unmet"),
        Answer::Unknown => (Shade::Wall, "lifecircle-unknown"),
    };
    badge(shade, ui.t(key).into_owned())
}

fn nearest(ui: &Ui, found: &Found, kind: usize, place: usize) -> Markup {
    let all = found
        .everyone()
        .map(|group| group.of(kind, place))
        .unwrap_or_default();
    let known = found
        .map
        .facilities
        .get(kind)
        .is_some_and(|list| !list.is_empty());
    if all.is_empty() {
        return html! {
            @if known { (ui.t_with("lifecircle-none-within", &[("metres", MAX_WALK_M.into())])) }
            @else { (ui.t("lifecircle-none-known")) }
        };
    }
    html! {
        ol.map-nearest {
            @for reach in all {
                li { (facility_name(found, kind, reach)) " " (walked(ui, metres(reach), reach)) }
            }
        }
    }
}

/// What is said of a walk: metres and minutes.
pub(super) fn walked(ui: &Ui, metres: u32, reach: Reach) -> String {
    let (minutes, seconds) = (reach.ds / 600, reach.ds % 600 / 10);
    let said = [
        ("metres", metres.into()),
        ("minutes", minutes.into()),
        ("seconds", seconds.into()),
    ];
    ui.t_with("lifecircle-walk", &said).into_owned()
}

/// At a metre a second a decisecond is a decimetre.
fn metres(reach: Reach) -> u32 {
    (Question::default().walker.distance_dm(reach.ds) + 5) / 10
}

fn facility_name(found: &Found, kind: usize, reach: Reach) -> String {
    found.facility(kind, reach).map_or_else(String::new, |one| {
        one.name.clone().unwrap_or_else(|| one.object.to_string())
    })
}

/// Those who walk more slowly: how long they take, and whether that is near enough for them.
fn slower(ui: &Ui, found: &Found, kind: usize, place: usize) -> Markup {
    html! {
        @for group in found.groups.iter().skip(1) {
            @let name = match ui.language { web_ui::Language::Zh => &group.group.zh, web_ui::Language::En => &group.group.en };
            @if let Some(reach) = group.of(kind, place).first() {
                (name) " " (ui.t_with("lifecircle-minutes", &[("minutes", (reach.ds / 600).into()), ("seconds", (reach.ds % 600 / 10).into())])) " "
            } @else { (name) " " }
            (answer_badge(ui, group.answer(kind, place)))
        }
    }
}

fn way(ui: &Ui, found: &Found, kind: usize, place: usize) -> Markup {
    let first = found
        .everyone()
        .and_then(|group| group.of(kind, place).first().copied());
    let name = found
        .types
        .types
        .get(kind)
        .map(|one| said(ui, one))
        .unwrap_or_default();
    html! {
        p {
            (name) ": "
            @if let Some(reach) = first { (facility_name(found, kind, reach)) " " (walked(ui, metres(reach), reach)) }
            @else { (nearest(ui, found, kind, place)) }
        }
    }
}

/// The way from a building to its nearest facility of a type.
pub(super) fn path(found: &Found, kind: usize, building: usize) -> Option<Vec<Position>> {
    let reach = found.everyone()?.of(kind, building).first().copied()?;
    let streets = found
        .analysis
        .network
        .for_walker(Question::default().walker)
        .ok()?;
    let door = found.analysis.doors.places(u32::try_from(building).ok()?);
    let facility = found.analysis.facilities.get(kind)?;
    let place = facility.get(usize::try_from(reach.facility).ok()?)?;
    let (_, line) = walk::path(&streets, door, (reach.facility, place), reach.ds)?;
    let from = found.map.buildings.get(building)?.position;
    let to = found.facility(kind, reach)?.position;
    Some([vec![from], line, vec![to]].concat())
}
