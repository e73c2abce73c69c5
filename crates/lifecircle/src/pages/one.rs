//! A life circle at a glance: its map, who is served by type, circle, group and district.

use axum::Extension;
use axum::extract::Path;
use axum::response::Response;
use kernel::CommunityId;
use maud::{Markup, html};
use shell::{Failure, FlashKey, Member, Uploads, download, flash_to};
use web_ui::{
    Column, FormErrors, Heading, Icon, Shade, ShareBar, Tone, Ui, button, disclosure, file_upload,
    form, link_button, notice, section, share_bar, stat, stats, table,
};

use super::{answered, attribution, path_of, said, status_badge, views, waiting};
use crate::analyses::{Analyses, Standing, now};
use crate::found::{Found, GroupFound};
use crate::model::{CircleId, MAX_MAP_BYTES, PLAN};
use crate::shares::{Counted, Share, circle_share, circles, districts, has_people, shares};
use crate::store::Circle;
use crate::{Error, ImportMap, queries};

pub(super) async fn page(
    member: Member,
    Extension(analyses): Extension<Analyses>,
    Path((_, id)): Path<(CommunityId, CircleId)>,
) -> Result<Response, Failure> {
    let (circle, standing) = now(&analyses, &member, id).await?;
    let page = shown(&member, &circle, &standing, &FormErrors::new());
    Ok(answered(&standing, page))
}

pub(super) async fn import(
    member: Member,
    Extension(analyses): Extension<Analyses>,
    Path((_, id)): Path<(CommunityId, CircleId)>,
    mut uploads: Uploads,
) -> Result<Response, Failure> {
    let sent = match uploads.take_file("file") {
        Some(file) => {
            member
                .execute(ImportMap::new(id, &file.name, file.content))
                .await
        }
        None => Err(Error::Blank { field: "file" }.into()),
    };
    let (circle, standing) = now(&analyses, &member, id).await?;
    match sent {
        Ok(_) => flash_to(
            &path_of(&member, id),
            FlashKey(Tone::Success, "lifecircle-flash-imported"),
        ),
        Err(failure) if failure.is_correctable() => {
            let errors = failure.form_errors(&member.ui(), "lifecircle", "file");
            Ok(failure.again(shown(&member, &circle, &standing, &errors)))
        }
        Err(failure) => Err(failure),
    }
}

pub(super) async fn file(
    member: Member,
    Path((_, id, number)): Path<(CommunityId, CircleId, u32)>,
) -> Result<Response, Failure> {
    let (name, content) = member
        .read(move |read, ctx| queries::map_file(read, ctx, id, number))
        .await?;
    Ok(download(&name, "application/octet-stream", content))
}

fn shown(member: &Member, circle: &Circle, standing: &Standing, errors: &FormErrors) -> Markup {
    let ui = member.ui();
    let base = path_of(member, circle.id);
    let heading = Heading::new(circle.name.clone())
        .crumb(member.path("circles"), ui.t("lifecircle-title"))
        .wide();
    let upload = import_form(member, &ui, circle, errors);
    ui.page(
        heading,
        html! {
            (views(member, &ui, circle.id, "overview"))
            @match standing {
                Standing::Ready(found) => {
                    (figures(&ui, found, &base))
                    (served(&ui, found, &base))
                    (by_district(&ui, found))
                    (lost(&ui, found, &base))
                    (attribution(&ui))
                }
                Standing::NoMap => {}
                other => (waiting(member, &ui, circle, other)),
            }
            @if member.may(PLAN) {
                @if !matches!(standing, Standing::NoMap) && errors.is_empty() {
                    (disclosure(ui.t("lifecircle-import-again"), upload))
                } @else {
                    (section(ui.t("lifecircle-import"), upload))
                }
            } @else if matches!(standing, Standing::NoMap) {
                (waiting(member, &ui, circle, standing))
            }
            (maps(&ui, circle, &base))
        },
    )
}

fn import_form(member: &Member, ui: &Ui, circle: &Circle, errors: &FormErrors) -> Markup {
    let megabytes = [("max", (MAX_MAP_BYTES >> 20).into())];
    html! {
        (form(ui, format!("{}/maps", path_of(member, circle.id)), html! {
            (file_upload(ui, "file", ui.t("lifecircle-field-file")).accept(".pbf")
                .hint(ui.t_with("lifecircle-map-hint", &megabytes)).error(errors.of("file")).required())
        }).multipart().errors(ui, errors).button(button(ui.t("lifecircle-import-button")).icon(Icon::Upload)))
    }
}

fn figures(ui: &Ui, found: &Found, base: &str) -> Markup {
    let summary = found.summary();
    let number = |count: u64| ui.number(i64::try_from(count).unwrap_or(i64::MAX));
    let facilities: u64 = summary.facilities.iter().map(|(_, count)| count).sum();
    let kilometres = [("km", number(summary.walkable_m / 1000).into())];
    html! {
        (stats([
            stat(format!("{base}/gaps"), number(summary.buildings), ui.t("lifecircle-buildings")),
            stat(format!("{base}/types"), number(facilities), ui.t("lifecircle-facilities")),
            stat(format!("{base}/map"), ui.t_with("lifecircle-kilometres", &kilometres).into_owned(), ui.t("lifecircle-ways")),
        ]))
    }
}

/// The circles and their types: one line a circle, one row a type.
fn served(ui: &Ui, found: &Found, base: &str) -> Markup {
    let Some(everyone) = found.everyone() else {
        return html! {};
    };
    html! {
        @for circle in circles(found) {
            (section(ui.t_with("lifecircle-circle", &[("minutes", circle.as_str().into())]).into_owned(), html! {
                (circle_bar(ui, found, everyone, &circle))
                (types_table(ui, found, &circle, base))
            }))
        }
    }
}

fn circle_bar(ui: &Ui, found: &Found, everyone: &GroupFound, circle: &str) -> Markup {
    let (each, whole) = circle_share(found, everyone, Counted::Buildings, circle);
    let all = [
        ("met", number_of(ui, whole.met).into()),
        ("all", number_of(ui, whole.known()).into()),
    ];
    let label = ui.t("lifecircle-circle-share").into_owned();
    html! {
        (bar(ui, label, each))
        p { (ui.t_with("lifecircle-circle-whole", &all)) }
    }
}

fn bar(ui: &Ui, label: String, share: Share) -> ShareBar {
    let all = share.known().saturating_add(share.unknown);
    let part = |count: u64| number_of(ui, count);
    share_bar(label, all)
        .part(
            Shade::Jade,
            ui.t("lifecircle-met"),
            share.met,
            part(share.met),
        )
        .part(
            Shade::Vermilion,
            ui.t("lifecircle-unmet"),
            share.unmet,
            part(share.unmet),
        )
        .part(
            Shade::Mist,
            ui.t("lifecircle-unknown"),
            share.unknown,
            part(share.unknown),
        )
}

fn number_of(ui: &Ui, count: u64) -> String {
    ui.number(i64::try_from(count).unwrap_or(i64::MAX))
}

fn types_table(ui: &Ui, found: &Found, circle: &str, base: &str) -> Markup {
    let mut columns = vec![
        Column::text(ui.t("lifecircle-type")),
        Column::number(ui.t("lifecircle-limit")),
        Column::number(ui.t("lifecircle-facilities")),
        Column::number(ui.t("lifecircle-served")),
    ];
    let mut of_groups = Vec::new();
    for group in &found.groups {
        let name = match ui.language {
            web_ui::Language::Zh => &group.group.zh,
            web_ui::Language::En => &group.group.en,
        };
        let people = has_people(found, group);
        let (key, counted) = if people {
            ("lifecircle-share-people", Counted::People)
        } else {
            ("lifecircle-share-buildings", Counted::Buildings)
        };
        columns.push(Column::number(
            ui.t_with(key, &[("group", name.as_str().into())])
                .into_owned(),
        ));
        of_groups.push(shares(found, group, counted, None));
    }
    columns.push(Column::text(ui.t("lifecircle-rule")));
    let buildings = found
        .everyone()
        .map(|all| shares(found, all, Counted::Buildings, None));
    let buildings = buildings.unwrap_or_default();
    let kinds = found.types.types.iter().enumerate();
    let rows = kinds.filter(|(_, kind)| kind.circle == circle).map(|(place, kind)| {
        let count = found.map.facilities.get(place).map_or(0, Vec::len);
        let own = buildings.get(place).copied().unwrap_or_default();
        let mut cells = vec![
            html! { a href={ (base) "/map?kind=" (kind.id) } { (said(ui, kind)) } },
            html! { (kind.limit_m) " m" },
            html! { @if count == 0 { (ui.t("lifecircle-unknown")) } @else { (count) } },
            html! { @if own.known() == 0 { (ui.t("lifecircle-unknown")) } @else { (own.met) "/" (own.known()) } },
        ];
        for group in &of_groups {
            let share = group.get(place).copied().unwrap_or_default();
            cells.push(html! {
                @if share.known() == 0 { (ui.t("lifecircle-unknown")) } @else { (ui.share(share.met, share.known())) }
            });
        }
        cells.push(html! { (kind.cite) " " (status_badge(ui, &kind.status)) });
        cells
    });
    let caption = ui.t("lifecircle-types-caption").into_owned();
    html! { (table(ui, caption, columns).rows(rows)) }
}

/// Districts against circles; nothing where there are none.
fn by_district(ui: &Ui, found: &Found) -> Markup {
    let (names, Some(everyone)) = (districts(found), found.everyone()) else {
        return html! {};
    };
    if names.is_empty() {
        return html! {};
    }
    let circles = circles(found);
    let mut columns = vec![Column::text(ui.t("lifecircle-district"))];
    columns.extend(circles.iter().map(|minutes| {
        Column::number(
            ui.t_with("lifecircle-circle", &[("minutes", minutes.as_str().into())])
                .into_owned(),
        )
    }));
    let rows = names.iter().map(|name| {
        let of_types = shares(found, everyone, Counted::Buildings, Some(name));
        let mut cells = vec![html! { (name) }];
        cells.extend(circles.iter().map(|circle| {
            let (mut met, mut known) = (0, 0);
            for (kind, share) in found.types.types.iter().zip(&of_types) {
                if kind.circle == *circle {
                    met += share.met;
                    known += share.known();
                }
            }
            html! { @if known == 0 { (ui.t("lifecircle-unknown")) } @else { (ui.share(met, known)) } }
        }));
        cells
    });
    let caption = ui.t("lifecircle-districts-caption").into_owned();
    section(
        ui.t("lifecircle-districts"),
        html! { (table(ui, caption, columns).rows(rows)) },
    )
}

/// What could not be placed: on the map it is a cross, here it has a name.
fn lost(ui: &Ui, found: &Found, base: &str) -> Markup {
    const SHOWN: usize = 50;
    let unsnapped = &found.analysis.unsnapped;
    let count = unsnapped.buildings.len() + unsnapped.facilities.len() + found.unplaced.len();
    if count == 0 {
        return html! {};
    }
    let facilities = unsnapped.facilities.iter().filter_map(|(kind, place)| {
        let (kind, one) = (
            found.types.types.get(*kind)?,
            found.map.facilities.get(*kind)?.get(*place)?,
        );
        let name = one.name.clone().unwrap_or_else(|| one.object.to_string());
        Some((format!("{} {name}", said(ui, kind)), Some(one.position)))
    });
    let buildings = unsnapped.buildings.iter().filter_map(|place| {
        let one = found.map.buildings.get(*place)?;
        Some((super::building_name(one), Some(one.position)))
    });
    let rows = found.unplaced.iter().map(|(file, at)| {
        let row = [("file", file.as_str().into()), ("at", at.as_str().into())];
        (
            ui.t_with("lifecircle-unplaced-row", &row).into_owned(),
            None,
        )
    });
    let body = html! {
        p { (ui.t("lifecircle-unsnapped-text")) }
        ul {
            @for (name, at) in facilities.chain(buildings).chain(rows).take(SHOWN) {
                li {
                    @if let Some(at) = at {
                        a href={ (base) "/map?zoom=5&at=" (super::place_query(at)) } { (name) }
                    } @else { (name) }
                }
            }
        }
        @if count > SHOWN { p { (ui.t_with("lifecircle-and-more", &[("count", (count - SHOWN).into())])) } }
    };
    let title = ui
        .t_with("lifecircle-unsnapped", &[("count", count.into())])
        .into_owned();
    disclosure(title, body)
}

fn maps(ui: &Ui, circle: &Circle, base: &str) -> Markup {
    if circle.maps.is_empty() {
        return html! {};
    }
    let in_use = circle.map_in_use().map(|map| map.number);
    let columns = [
        Column::text(ui.t("lifecircle-map-number")),
        Column::text(ui.t("lifecircle-file")),
        Column::text(ui.t("lifecircle-when")),
        Column::text(ui.t("lifecircle-outcome")),
    ];
    let rows = circle.maps.iter().rev().map(|map| {
        let outcome = match &map.outcome {
            None => ui.t("lifecircle-map-new").into_owned(),
            Some(crate::model::MapOutcome::Read(_)) => ui.t("lifecircle-map-read").into_owned(),
            Some(crate::model::MapOutcome::Refused(reason)) => {
                ui.t_with("lifecircle-failed", &[("reason", reason.as_str().into())]).into_owned()
            }
        };
        vec![
            html! { (map.number) @if in_use == Some(map.number) { " · " (ui.t("lifecircle-in-use")) } },
            html! { a href={ (base) "/maps/" (map.number) } download { (map.file_name) } " " (map.bytes.div_ceil(1024)) " kB" },
            html! { (ui.date_time(map.imported.micros())) },
            html! { (outcome) },
        ]
    });
    let caption = ui.t("lifecircle-maps-caption").into_owned();
    let missing = circle.map_in_use().and_then(|map| match &map.outcome {
        Some(crate::model::MapOutcome::Read(summary)) if summary.missing_nodes > 0 => {
            Some(summary.missing_nodes)
        }
        _ => None,
    });
    section(
        ui.t("lifecircle-maps"),
        html! {
            @if let Some(nodes) = missing {
                (notice(ui, Tone::Info, html! { (ui.t_with("lifecircle-missing-nodes", &[("count", nodes.into())])) }))
            }
            (table(ui, caption, columns).rows(rows))
            p { (link_button(format!("{base}/gaps/export"), ui.t("ui-export-excel")).secondary().icon(Icon::Download)) }
        },
    )
}
