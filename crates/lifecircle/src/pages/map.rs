//! The map: a picture that is moved by links, with a list of what it shows.

use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use kernel::CommunityId;
use maud::{Markup, PreEscaped, html};
use serde::Deserialize;
use shell::{Failure, Member};
use web_ui::{
    Icon, Ui, asset_url, button, disclosure, form, hidden, link_button, row, rows, section, select,
};

use super::{
    attribution, building_name, heading, path_of, place_of, place_query, said, views, waiting_page,
};
use crate::analyses::{Analyses, Standing, now, ready};
use crate::found::Found;
use crate::frame::{Frame, MAX_ZOOM};
use crate::model::{CircleId, place};
use crate::picture::{Drawn, legend, sample, svg, tint};

/// How many buildings are listed beside the map.
const LISTED: usize = 30;

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Shown {
    pub(super) kind: Option<String>,
    pub(super) at: Option<String>,
    #[serde(default)]
    pub(super) zoom: u8,
}

impl Shown {
    pub(super) fn frame(&self, found: &Found) -> Frame {
        let middle = self.at.as_deref().and_then(place);
        Frame::of(found.bounds, middle, self.zoom)
    }

    /// The query of this view with another middle and zoom.
    pub(super) fn query(&self, at: walk::Position, zoom: u8) -> String {
        let mut query = format!("at={}&zoom={zoom}", place_query(at));
        if let Some(kind) = &self.kind {
            let kind: String = kind
                .chars()
                .filter(|one| one.is_ascii_alphanumeric() || *one == '_')
                .collect();
            query.push_str("&kind=");
            query.push_str(&kind);
        }
        query
    }
}

pub(super) async fn page(
    member: Member,
    Extension(analyses): Extension<Analyses>,
    Path((_, id)): Path<(CommunityId, CircleId)>,
    Query(shown): Query<Shown>,
) -> Result<Response, Failure> {
    let (circle, standing) = now(&analyses, &member, id).await?;
    let Standing::Ready(found) = standing else {
        return Ok(waiting_page(&member, &circle, &standing, "map"));
    };
    let ui = member.ui();
    let base = path_of(&member, id);
    let kind = place_of(&found.types, shown.kind.as_deref());
    let frame = shown.frame(&found);
    let drawn = Drawn {
        kind,
        ..Drawn::default()
    };
    let heading = heading(&member, &ui, &circle, &ui.t("lifecircle-view-map")).wide();
    let page = ui.page(
        heading,
        html! {
            (views(&member, &ui, id, "map"))
            (choose(&ui, &found, &base, &shown))
            (canvas(&ui, &base, "map", &shown, &frame, &picture_query(&shown, &frame)))
            (key(&ui, &drawn))
            (attribution(&ui))
            (in_view(&ui, &found, &frame, &drawn, &base))
        },
    );
    Ok(page.into_response())
}

/// Which type buildings are coloured by.
fn choose(ui: &Ui, found: &Found, base: &str, shown: &Shown) -> Markup {
    let mut kinds = select(ui, "kind", ui.t("lifecircle-colour-by"))
        .option("", ui.t("lifecircle-colour-all"))
        .selected(shown.kind.as_deref().unwrap_or(""));
    for kind in &found.types.types {
        kinds = kinds.option(&kind.id, said(ui, kind));
    }
    let fields = html! {
        (kinds)
        @if let Some(at) = &shown.at { (hidden("at", at)) }
        (hidden("zoom", shown.zoom))
    };
    html! {
        (form(ui, format!("{base}/map"), fields)
            .get()
            .button(button(ui.t("lifecircle-show")).secondary()))
    }
}

fn picture_query(shown: &Shown, frame: &Frame) -> String {
    shown.query(frame.view.middle, frame.view.zoom)
}

/// The picture with its controls: nearer, farther, four ways. `page` is where its links lead.
pub(super) fn canvas(
    ui: &Ui,
    base: &str,
    page: &str,
    shown: &Shown,
    frame: &Frame,
    query: &str,
) -> Markup {
    let view = frame.view;
    let link = |key: &str, sign: &str, at: walk::Position, zoom: u8| {
        let href = format!("{base}/{page}?{}", shown.query(at, zoom));
        html! { a.map-move href=(href) aria-label=(ui.t(key)) { (sign) } }
    };
    let nearer = (view.zoom + 1).min(MAX_ZOOM);
    html! {
        link rel="stylesheet" href=(asset_url("map.css"));
        figure.map data-map data-tiles={ (base) "/tiles" } data-kind=[shown.kind.as_ref()]
            data-middle=(crate::model::place_text(view.middle)) data-width-m=(frame.width_dm / 10) data-base=(base)
            data-library=(asset_url("maplibre-gl.js")) data-worker=(asset_url("maplibre-gl-worker.js"))
            data-sheet=(asset_url("maplibre-gl.css")) {
            img.map-picture src={ (base) "/map.svg?" (query) } width="800" height="600" alt=(ui.t("lifecircle-map-alt"));
            nav.map-moves aria-label=(ui.t("lifecircle-map-moves")) {
                (link("lifecircle-nearer", "＋", view.middle, nearer))
                (link("lifecircle-farther", "－", view.middle, view.zoom.saturating_sub(1)))
                (link("lifecircle-west", "←", frame.moved(-40, 0), view.zoom))
                (link("lifecircle-north", "↑", frame.moved(0, 30), view.zoom))
                (link("lifecircle-south", "↓", frame.moved(0, -30), view.zoom))
                (link("lifecircle-east", "→", frame.moved(40, 0), view.zoom))
            }
        }
        p { button.button.secondary type="button" data-map-open hidden { (Icon::Map) span { (ui.t("lifecircle-open-map")) } } }
        script src=(asset_url("map.js")) defer {}
    }
}

/// What the colours mean.
pub(super) fn key(ui: &Ui, drawn: &Drawn) -> Markup {
    let moved = if drawn.moved.is_some() {
        "moved-"
    } else if drawn.kind.is_none() {
        "all-"
    } else {
        ""
    };
    html! {
        ul.map-legend {
            @for tint in legend(drawn) {
                li { (PreEscaped(sample(*tint))) " " (ui.t(&format!("lifecircle-tint-{moved}{}", tint.name()))) }
            }
        }
    }
}

/// The buildings in the picture, the worst first.
fn in_view(ui: &Ui, found: &Found, frame: &Frame, drawn: &Drawn, base: &str) -> Markup {
    let mut seen: Vec<usize> = (0..found.map.buildings.len())
        .filter(|place| {
            found
                .map
                .buildings
                .get(*place)
                .is_some_and(|one| Frame::shows(frame.place(one.position), 0))
        })
        .collect();
    let count = seen.len();
    seen.sort_by_cached_key(|place| {
        (
            std::cmp::Reverse(tint(found, drawn, *place)),
            std::cmp::Reverse(found.lacking(*place).0),
            *place,
        )
    });
    seen.truncate(LISTED);
    let lines = seen.iter().filter_map(|place| {
        let building = found.map.buildings.get(*place)?;
        let (lacking, unknown) = found.lacking(*place);
        let counts = [("lacking", lacking.into()), ("unknown", unknown.into())];
        Some(
            row(format!("{base}/buildings/{place}"), building_name(building))
                .icon(Icon::Building)
                .detail(html! { (ui.t_with("lifecircle-lacks", &counts)) }),
        )
    });
    let title = ui
        .t_with("lifecircle-in-view", &[("count", count.into())])
        .into_owned();
    html! {
        (disclosure(title, html! { (rows(lines)) }))
        p { (link_button(format!("{base}/gaps"), ui.t("lifecircle-view-gaps")).secondary()) }
        (section(ui.t("lifecircle-map-how"), html! { p { (ui.t("lifecircle-map-how-text")) } }))
    }
}

/// The picture's own query: beside the view, a building with its path, and marks.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Pictured {
    kind: Option<String>,
    at: Option<String>,
    #[serde(default)]
    zoom: u8,
    building: Option<usize>,
    scenario: Option<crate::model::ScenarioId>,
    sites: Option<usize>,
}

pub(super) async fn picture(
    member: Member,
    Extension(analyses): Extension<Analyses>,
    Path((_, id)): Path<(CommunityId, CircleId)>,
    Query(asked): Query<Pictured>,
) -> Result<Response, Failure> {
    let (circle, mut found) = ready(&analyses, &member, id).await?;
    let mut drawn = Drawn {
        kind: place_of(&found.types, asked.kind.as_deref()),
        building: asked.building,
        ..Drawn::default()
    };
    if let Some(scenario) = asked.scenario {
        let scenario = member
            .read(move |read, ctx| crate::queries::scenario(read, ctx, id, scenario))
            .await?;
        let before = found.clone();
        drawn.marks = scenario
            .changes
            .iter()
            .filter_map(|change| change.places().first().copied())
            .collect();
        found = analyses
            .changed(member.community, &circle, found, scenario.changes)
            .await?;
        drawn.moved = Some(super::whatif::moved(&before, &found));
    }
    let shown = Shown {
        kind: asked.kind,
        at: asked.at,
        zoom: asked.zoom,
    };
    let text = tokio::task::spawn_blocking(move || {
        if let (Some(building), Some(kind)) = (drawn.building, drawn.kind) {
            drawn.path = super::building::path(&found, kind, building).unwrap_or_default();
        }
        if let (Some(count), Some(kind)) = (asked.sites, drawn.kind)
            && let Ok(sites) = crate::sites::best_sites(&found, kind, count)
        {
            drawn.marks = sites.sites.iter().map(|site| site.at).collect();
        }
        svg(&found, &shown.frame(&found), &drawn)
    });
    let text = text
        .await
        .map_err(|error| Failure::internal("a map", &error))?;
    let headers = [
        (CONTENT_TYPE, "image/svg+xml; charset=utf-8"),
        (CACHE_CONTROL, "private, no-cache"),
    ];
    Ok((headers, text).into_response())
}
