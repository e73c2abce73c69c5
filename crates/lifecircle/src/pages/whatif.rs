//! What if: changes are put together, shown with who gains and who loses, saved, and compared; sites are ranked.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use kernel::CommunityId;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Member, flash_to};

use web_ui::{
    Column, FormErrors, Icon, Tone, Ui, button, field, form, link_button, notice, row, rows,
    section, select, table,
};

use super::map::{Shown, canvas, key};
use super::{attribution, heading, path_of, place_of, place_query, said, views, waiting_page};
use crate::analyses::{Analyses, Standing, now, ready};
use crate::found::Found;
use crate::model::{CircleId, MAX_NAME, PLAN, PlanChange, ScenarioId, place, place_text};
use crate::picture::Drawn;
use crate::shares::{Counted, Share, shares};
use crate::sites::{Sites, best_sites, gain_of};
use crate::store::{Circle, ScenarioRow};
use crate::{DropScenario, Error, SaveScenario, queries};

/// How many sites are asked for where nobody says.
const SITES: usize = 5;

/// A change as typed: what, of which type, where, and where to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    name: String,
    what: String,
    kind: String,
    place: String,
    to: String,
    /// The changes of this scenario are taken too.
    with: String,
}

impl Typed {
    fn change(&self) -> Result<PlanChange, Error> {
        let at = |text: &str| {
            place(text).ok_or_else(|| Error::Place {
                text: text.chars().take(60).collect(),
            })
        };
        let from = at(&self.place)?;
        let (lon_e7, lat_e7) = (from.lon_e7, from.lat_e7);
        Ok(match self.what.as_str() {
            "facility" if self.kind.is_empty() => return Err(Error::Blank { field: "kind" }),
            "facility" => PlanChange::Facility {
                kind: self.kind.clone(),
                lon_e7,
                lat_e7,
            },
            "way" => {
                let to = at(&self.to)?;
                PlanChange::Way {
                    lon_e7,
                    lat_e7,
                    to_lon_e7: to.lon_e7,
                    to_lat_e7: to.lat_e7,
                }
            }
            "closure" => PlanChange::Closure { lon_e7, lat_e7 },
            _ => return Err(Error::Blank { field: "what" }),
        })
    }
}

/// The buildings that gain a type within its limit or lose one, in whole; `true` gains.
pub(crate) fn moved(before: &Found, after: &Found) -> BTreeMap<usize, bool> {
    let count = before.map.buildings.len().min(after.map.buildings.len());
    let lacking = |found: &Found, place| found.lacking(place).0;
    (0..count)
        .filter_map(|place| {
            let (was, is) = (lacking(before, place), lacking(after, place));
            (was != is).then_some((place, is < was))
        })
        .collect()
}

#[derive(Deserialize)]
pub(super) struct Asked {
    at: Option<String>,
    #[serde(default)]
    zoom: u8,
    kind: Option<String>,
    with: Option<ScenarioId>,
}

pub(super) async fn page(
    member: Member,
    Extension(analyses): Extension<Analyses>,
    Path((_, id)): Path<(CommunityId, CircleId)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (circle, standing) = now(&analyses, &member, id).await?;
    let Standing::Ready(found) = standing else {
        return Ok(waiting_page(&member, &circle, &standing, "whatif"));
    };
    let shown = Shown {
        kind: asked.kind.clone(),
        at: asked.at.clone(),
        zoom: asked.zoom,
    };
    let typed = Typed {
        what: "facility".to_owned(),
        kind: asked.kind.unwrap_or_default(),
        place: asked
            .at
            .unwrap_or_else(|| place_text(shown.frame(&found).view.middle)),
        with: asked.with.map_or_else(String::new, |id| id.to_string()),
        ..Typed::default()
    };
    Ok(
        whole(&member, &circle, &found, &shown, &typed, &FormErrors::new())
            .await?
            .into_response(),
    )
}

async fn whole(
    member: &Member,
    circle: &Circle,
    found: &Found,
    shown: &Shown,
    typed: &Typed,
    errors: &FormErrors,
) -> Result<Markup, Failure> {
    let id = circle.id;
    let scenarios = member
        .read(move |read, ctx| queries::scenarios(read, ctx, id))
        .await?;
    let ui = member.ui();
    let base = path_of(member, id);
    let frame = shown.frame(found);
    let drawn = Drawn {
        kind: place_of(&found.types, shown.kind.as_deref()),
        ..Drawn::default()
    };
    let query = shown.query(frame.view.middle, frame.view.zoom);
    let heading = heading(member, &ui, circle, &ui.t("lifecircle-view-whatif"))
        .lead(ui.t("lifecircle-whatif-lead"))
        .wide();
    Ok(ui.page(
        heading,
        html! {
            (views(member, &ui, id, "whatif"))
            (canvas(&ui, &base, "whatif", shown, &frame, &query))
            p data-gain={ (base) "/whatif/gain" } aria-live="polite" {}
            (key(&ui, &drawn))
            (attribution(&ui))
            @if member.may(PLAN) {
                (section(ui.t("lifecircle-new-change"), html! {
                    (form(&ui, format!("{base}/whatif"), fields(&ui, found, typed, errors, &scenarios))
                        .errors(&ui, errors)
                        .button(button(ui.t("lifecircle-see")).icon(Icon::Forward)))
                }))
            }
            (sites_form(&ui, found, &base, shown.kind.as_deref()))
            (saved(member, &ui, &scenarios, &base))
        },
    ))
}

fn kinds(ui: &Ui, found: &Found, name: &str, chosen: &str) -> web_ui::Select {
    let mut kinds = select(ui, name, ui.t("lifecircle-type")).selected(chosen);
    for kind in &found.types.types {
        kinds = kinds.option(&kind.id, said(ui, kind));
    }
    kinds
}

fn fields(
    ui: &Ui,
    found: &Found,
    typed: &Typed,
    errors: &FormErrors,
    scenarios: &[ScenarioRow],
) -> Markup {
    let mut what = select(ui, "what", ui.t("lifecircle-field-what"))
        .selected(&typed.what)
        .error(errors.of("what"))
        .required();
    for one in ["facility", "way", "closure"] {
        what = what.option(one, ui.t(&format!("lifecircle-change-{one}")));
    }
    let mut with = select(ui, "with", ui.t("lifecircle-field-with"))
        .option("", ui.t("lifecircle-with-none"))
        .selected(&typed.with);
    for scenario in scenarios {
        with = with.option(scenario.id.to_string(), scenario.name.clone());
    }
    let longest = u32::try_from(MAX_NAME).unwrap_or(u32::MAX);
    html! {
        (field(ui, "name", ui.t("lifecircle-field-name")).value(&typed.name).max_length(longest)
            .error(errors.of("name")).required())
        (what)
        (kinds(ui, found, "kind", &typed.kind).error(errors.of("kind")))
        (field(ui, "place", ui.t("lifecircle-field-place")).value(&typed.place)
            .hint(ui.t("lifecircle-place-hint")).error(errors.of("place")).required())
        (field(ui, "to", ui.t("lifecircle-field-to")).value(&typed.to).hint(ui.t("lifecircle-to-hint")))
        @if !scenarios.is_empty() { (with) }
    }
}

pub(super) async fn save(
    member: Member,
    Extension(analyses): Extension<Analyses>,
    Path((_, id)): Path<(CommunityId, CircleId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    member.context()?.require(PLAN).map_err(Failure::from)?;
    let (circle, found) = ready(&analyses, &member, id).await?;
    match saved_scenario(&analyses, &member, &circle, found.clone(), &typed).await {
        Ok(scenario) => flash_to(
            &format!("{}/whatif/compare?one={scenario}", path_of(&member, id)),
            FlashKey(Tone::Success, "lifecircle-flash-scenario"),
        ),
        Err(failure) if failure.is_correctable() => {
            let errors = failure.form_errors(&member.ui(), "lifecircle", "place");
            let shown = Shown {
                at: Some(typed.place.clone()),
                zoom: 3,
                kind: Some(typed.kind.clone()),
            };
            Ok(failure.again(whole(&member, &circle, &found, &shown, &typed, &errors).await?))
        }
        Err(failure) => Err(failure),
    }
}

/// Tries the changes first: one that leads nowhere is not kept.
async fn saved_scenario(
    analyses: &Analyses,
    member: &Member,
    circle: &Circle,
    found: Arc<Found>,
    typed: &Typed,
) -> Result<ScenarioId, Failure> {
    let id = circle.id;
    let mut changes = match typed.with.parse::<ScenarioId>() {
        Ok(with) => {
            let before = member
                .read(move |read, ctx| queries::scenario(read, ctx, id, with))
                .await?;
            before.changes
        }
        Err(_) => Vec::new(),
    };
    changes.push(typed.change()?);
    analyses
        .changed(member.community, circle, found, changes.clone())
        .await?;
    let name = typed.name.clone();
    member
        .execute(SaveScenario {
            circle: id,
            name,
            changes,
        })
        .await
}

fn saved(member: &Member, ui: &Ui, scenarios: &[ScenarioRow], base: &str) -> Markup {
    let line = |scenario: &ScenarioRow| {
        row(
            format!("{base}/whatif/compare?one={}", scenario.id),
            scenario.name.clone(),
        )
        .icon(Icon::Map)
        .detail(html! {
            (ui.t_with("lifecircle-changes", &[("count", scenario.changes.len().into())])) " · "
            (ui.date_time(scenario.saved.micros()))
        })
    };
    let pick = |name: &str, label: &str| {
        let mut one = select(ui, name, ui.t(label)).required();
        for scenario in scenarios {
            one = one.option(scenario.id.to_string(), scenario.name.clone());
        }
        one
    };
    section(
        ui.t("lifecircle-scenarios"),
        html! {
            @if scenarios.is_empty() { p { (ui.t("lifecircle-scenarios-none")) } }
            @else { (rows(scenarios.iter().map(line))) }
            @if scenarios.len() > 1 {
                (form(ui, format!("{base}/whatif/compare"), html! {
                    (pick("one", "lifecircle-field-one"))
                    (pick("other", "lifecircle-field-other"))
                }).get().button(button(ui.t("lifecircle-compare")).secondary()))
            }
            @if member.may(PLAN) {
                @for scenario in scenarios {
                    (form(ui, format!("{base}/whatif/{}/removal", scenario.id), html! {})
                        .button(button(ui.t_with("lifecircle-drop", &[("name", scenario.name.as_str().into())])).quiet()))
                }
            }
        },
    )
}

pub(super) async fn remove(
    member: Member,
    Path((_, circle, scenario)): Path<(CommunityId, CircleId, ScenarioId)>,
) -> Result<Response, Failure> {
    member.execute(DropScenario { circle, scenario }).await?;
    flash_to(
        &format!("{}/whatif", path_of(&member, circle)),
        FlashKey(Tone::Success, "lifecircle-flash-dropped"),
    )
}

#[derive(Deserialize)]
pub(super) struct Compared {
    one: ScenarioId,
    other: Option<ScenarioId>,
}

/// Today beside one scenario, or beside two.
pub(super) async fn compare(
    member: Member,
    Extension(analyses): Extension<Analyses>,
    Path((_, id)): Path<(CommunityId, CircleId)>,
    Query(Compared { one, other }): Query<Compared>,
) -> Result<Markup, Failure> {
    let (circle, today) = ready(&analyses, &member, id).await?;
    let mut columns = Vec::new();
    for scenario in [Some(one), other].into_iter().flatten() {
        let row = member
            .read(move |read, ctx| queries::scenario(read, ctx, id, scenario))
            .await?;
        let after = analyses
            .changed(
                member.community,
                &circle,
                today.clone(),
                row.changes.clone(),
            )
            .await?;
        columns.push((row, after));
    }
    let ui = member.ui();
    let base = path_of(&member, id);
    let heading = heading(&member, &ui, &circle, &ui.t("lifecircle-compare-title"))
        .crumb(format!("{base}/whatif"), ui.t("lifecircle-view-whatif"))
        .wide();
    let drawn = Drawn {
        moved: Some(BTreeMap::new()),
        ..Drawn::default()
    };
    Ok(ui.page(
        heading,
        html! {
            link rel="stylesheet" href=(web_ui::asset_url("map.css"));
            div.map-pair {
                @for (row, after) in &columns { (beside(&ui, &today, row, after, &base)) }
            }
            (key(&ui, &drawn))
            (attribution(&ui))
            (types_compared(&ui, &today, &columns))
        },
    ))
}

/// A scenario's picture with who gains and loses.
fn beside(ui: &Ui, today: &Found, row: &ScenarioRow, after: &Found, base: &str) -> Markup {
    let moved = moved(today, after);
    let weigh = |wanted: bool| -> u64 {
        let all = moved.iter().filter(|(_, gains)| **gains == wanted);
        all.map(|(place, _)| today.weight(*place)).sum()
    };
    let count = |wanted: bool| moved.values().filter(|gains| **gains == wanted).count();
    let at = row
        .changes
        .first()
        .and_then(|change| change.places().first().copied());
    let view = at.map_or(String::new(), |at| {
        format!("&at={}&zoom=2", place_query(at))
    });
    let said = |wanted| {
        [
            ("buildings", count(wanted).into()),
            ("weight", weigh(wanted).into()),
        ]
    };
    html! {
        (section(row.name.clone(), html! {
            img.map-picture src={ (base) "/map.svg?scenario=" (row.id) (view) } width="800" height="600" alt=(ui.t("lifecircle-map-alt"));
            ol { @for change in &row.changes {
                li { (ui.t(&format!("lifecircle-change-{}", change.name()))) " "
                    @if let PlanChange::Facility { kind, .. } = change {
                        @if let Some(kind) = today.types.types.iter().find(|one| one.id == *kind) { (super::said(ui, kind)) " " }
                    }
                    @for at in change.places() { (place_text(at)) " " }
                }
            } }
            p { (ui.t_with("lifecircle-gains", &said(true))) }
            p { (ui.t_with("lifecircle-loses", &said(false))) }
        }))
    }
}

/// The types whose share differs from today's in any of the scenarios.
fn types_compared(ui: &Ui, today: &Found, columns: &[(ScenarioRow, Arc<Found>)]) -> Markup {
    let of = |found: &Found| -> Vec<Share> {
        found.everyone().map_or_else(Vec::new, |group| {
            shares(found, group, Counted::Buildings, None)
        })
    };
    let before = of(today);
    let after: Vec<Vec<Share>> = columns.iter().map(|(_, found)| of(found)).collect();
    let mut titles = vec![
        Column::text(ui.t("lifecircle-type")),
        Column::number(ui.t("lifecircle-today")),
    ];
    titles.extend(
        columns
            .iter()
            .map(|(row, _)| Column::number(row.name.clone())),
    );
    let share = |share: Option<&Share>| match share {
        Some(share) if share.known() > 0 => {
            format!("{} ({})", ui.share(share.met, share.known()), share.met)
        }
        _ => ui.t("lifecircle-unknown").into_owned(),
    };
    let differing = today.types.types.iter().enumerate().filter(|(place, _)| {
        after
            .iter()
            .any(|list| list.get(*place) != before.get(*place))
    });
    let lines: Vec<Vec<Markup>> = differing
        .map(|(place, kind)| {
            let mut cells = vec![
                html! { (said(ui, kind)) },
                html! { (share(before.get(place))) },
            ];
            cells.extend(after.iter().map(|list| html! { (share(list.get(place))) }));
            cells
        })
        .collect();
    let caption = ui.t("lifecircle-compare-caption").into_owned();
    html! {
        @if lines.is_empty() {
            (notice(ui, Tone::Info, html! { (ui.t("lifecircle-no-difference")) }))
        } @else {
            (table(ui, caption, titles).rows(lines))
        }
    }
}

/// Who would gain from a facility at a place, in one sentence: said while a marker is dragged.
pub(super) async fn gain(
    member: Member,
    Extension(analyses): Extension<Analyses>,
    Path((_, id)): Path<(CommunityId, CircleId)>,
    Query(typed): Query<Typed>,
) -> Result<String, Failure> {
    let (_, found) = ready(&analyses, &member, id).await?;
    let kind = place_of(&found.types, Some(&typed.kind)).ok_or(Error::Blank { field: "kind" })?;
    let at = place(&typed.place).ok_or(Error::Place {
        text: typed.place.chars().take(60).collect(),
    })?;
    let gained = tokio::task::spawn_blocking(move || gain_of(&found, kind, at));
    let gained = gained
        .await
        .map_err(|error| Failure::internal("a gain", &error))??;
    let ui = member.ui();
    Ok(match gained {
        Some((buildings, weight)) => {
            let said = [("buildings", buildings.into()), ("weight", weight.into())];
            ui.t_with("lifecircle-gains", &said).into_owned()
        }
        None => ui.t("lifecircle-no-way-here").into_owned(),
    })
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    kind: Option<String>,
    count: Option<usize>,
}

fn sites_form(ui: &Ui, found: &Found, base: &str, kind: Option<&str>) -> Markup {
    section(
        ui.t("lifecircle-sites"),
        html! {
            p { (ui.t("lifecircle-sites-text")) }
            (form(ui, format!("{base}/whatif/sites"), html! {
                (kinds(ui, found, "kind", kind.unwrap_or("")).required())
                (field(ui, "count", ui.t("lifecircle-field-count")).input(web_ui::Input::Number).value(SITES.to_string())
                    .between("1", crate::sites::MAX_SITES.to_string()))
            }).get().button(button(ui.t("lifecircle-sites-button")).secondary()))
        },
    )
}

pub(super) async fn sites(
    member: Member,
    Extension(analyses): Extension<Analyses>,
    Path((_, id)): Path<(CommunityId, CircleId)>,
    Query(wanted): Query<Wanted>,
) -> Result<Markup, Failure> {
    let (circle, found) = ready(&analyses, &member, id).await?;
    let kind = place_of(&found.types, wanted.kind.as_deref());
    let kind = kind.ok_or(Error::Blank { field: "kind" })?;
    let count = wanted
        .count
        .unwrap_or(SITES)
        .clamp(1, crate::sites::MAX_SITES);
    let asked = found.clone();
    let chosen = tokio::task::spawn_blocking(move || best_sites(&asked, kind, count));
    let chosen = chosen
        .await
        .map_err(|error| Failure::internal("choosing sites", &error))??;
    let ui = member.ui();
    let base = path_of(&member, id);
    let shown = Shown {
        kind: wanted.kind,
        at: None,
        zoom: 0,
    };
    let frame = shown.frame(&found);
    let query = format!("{}&sites={count}", shown.query(frame.view.middle, 0));
    let drawn = Drawn {
        kind: Some(kind),
        ..Drawn::default()
    };
    let name = found
        .types
        .types
        .get(kind)
        .map(|one| said(&ui, one))
        .unwrap_or_default();
    let title = ui
        .t_with("lifecircle-sites-of", &[("type", name.as_str().into())])
        .into_owned();
    let heading = heading(&member, &ui, &circle, &title)
        .crumb(format!("{base}/whatif"), ui.t("lifecircle-view-whatif"))
        .wide();
    Ok(ui.page(
        heading,
        html! {
            (canvas(&ui, &base, "map", &shown, &frame, &query))
            (key(&ui, &drawn))
            (attribution(&ui))
            (sites_table(&ui, &chosen, &base, shown.kind.as_deref().unwrap_or("")))
        },
    ))
}

fn sites_table(ui: &Ui, chosen: &Sites, base: &str, kind: &str) -> Markup {
    let said = [
        ("served", chosen.served.into()),
        ("bound", chosen.bound.into()),
        ("open", chosen.open.into()),
        ("tried", chosen.tried.into()),
    ];
    let columns = [
        Column::number(ui.t("lifecircle-site-rank")),
        Column::text(ui.t("lifecircle-place")),
        Column::number(ui.t("lifecircle-site-gain")),
        Column::text(ui.t("lifecircle-view-whatif")),
    ];
    let lines = (1_u32..).zip(&chosen.sites).map(|(rank, site)| {
        vec![
            html! { (rank) },
            html! { a href={ (base) "/map?zoom=4&at=" (place_query(site.at)) "&kind=" (kind) } { (place_text(site.at)) } },
            html! { (site.gain) },
            html! { (link_button(format!("{base}/whatif?zoom=4&at={}&kind={kind}", place_query(site.at)), ui.t("lifecircle-try")).secondary()) },
        ]
    });
    let caption = ui.t("lifecircle-sites-caption").into_owned();
    html! {
        p { (ui.t_with("lifecircle-sites-bound", &said)) }
        (table(ui, caption, columns).rows(lines))
    }
}
