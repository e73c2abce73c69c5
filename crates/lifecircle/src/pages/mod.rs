//! Pages of life circles, one file a task.

mod building;
mod gaps;
mod kinds;
mod list;
mod lists;
mod map;
mod one;
mod tiles;
mod transit;
mod whatif;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header::REFRESH;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use maud::{Markup, html};
use shell::{App, Member};
use street_map::{Building, FacilityType, FacilityTypes};
use walk::Position;
use web_ui::{Heading, Icon, Language, Shade, Tab, Tone, Ui, badge, empty, notice, progress, tabs};

use crate::analyses::Standing;
use crate::model::{CircleId, MAX_MAP_BYTES};
use crate::store::Circle;

pub(crate) use gaps::ranked;
pub(crate) use whatif::moved;

/// Every page and form of the module.
pub(crate) fn routes() -> Router<App> {
    let base = "/c/{community}/circles";
    let one = "/c/{community}/circles/{circle}";
    let at = |rest: &str| format!("{one}/{rest}");
    // A map, and what a form puts around it.
    let maps = post(one::import).layer(DefaultBodyLimit::max(MAX_MAP_BYTES + (1 << 20)));
    Router::new()
        .route(base, get(list::page).post(list::open))
        .route(one, get(one::page))
        .route(&at("maps"), maps)
        .route(&at("maps/{number}"), get(one::file))
        .route(&at("map"), get(map::page))
        .route(&at("map.svg"), get(map::picture))
        .route(&at("tiles/{z}/{x}/{y}"), get(tiles::one))
        .route(&at("buildings/{building}"), get(building::page))
        .route(&at("gaps"), get(gaps::page))
        .route(&at("gaps/export"), get(gaps::export))
        .route(&at("transit"), get(transit::page))
        .route(&at("types"), get(kinds::page).post(kinds::change))
        .route(&at("types/edit"), get(kinds::edit))
        .route(&at("lists"), get(lists::page).post(lists::import))
        .route(&at("lists/{list}"), get(lists::one))
        .route(&at("lists/{list}/datum"), post(lists::restate))
        .route(&at("lists/{list}/withdrawal"), post(lists::withdraw))
        .route(&at("whatif"), get(whatif::page).post(whatif::save))
        .route(&at("whatif/gain"), get(whatif::gain))
        .route(&at("whatif/sites"), get(whatif::sites))
        .route(&at("whatif/compare"), get(whatif::compare))
        .route(&at("whatif/{scenario}/removal"), post(whatif::remove))
}

/// The path of a circle's page.
fn path_of(member: &Member, id: CircleId) -> String {
    member.path(&format!("circles/{id}"))
}

/// What a type is called.
fn said(ui: &Ui, kind: &FacilityType) -> String {
    match ui.language {
        Language::Zh => kind.zh.clone(),
        Language::En => kind.en.clone(),
    }
}

/// The place of the type with this id.
fn place_of(types: &FacilityTypes, id: Option<&str>) -> Option<usize> {
    types
        .types
        .iter()
        .position(|kind| Some(kind.id.as_str()) == id)
}

/// What a building is called: its name, or what it is on the map.
fn building_name(building: &Building) -> String {
    building
        .name
        .clone()
        .unwrap_or_else(|| building.object.to_string())
}

/// The heading of a page of a circle.
fn heading(member: &Member, ui: &Ui, circle: &Circle, title: &str) -> Heading {
    Heading::new(title)
        .crumb(member.path("circles"), ui.t("lifecircle-title"))
        .crumb(path_of(member, circle.id), circle.name.clone())
}

/// The pages of a circle in a row.
fn views(member: &Member, ui: &Ui, circle: CircleId, current: &str) -> Markup {
    let base = path_of(member, circle);
    let label = ui.t("lifecircle-views").into_owned();
    let all = [
        ("", "overview"),
        ("/map", "map"),
        ("/gaps", "gaps"),
        ("/whatif", "whatif"),
        ("/transit", "transit"),
        ("/types", "types"),
        ("/lists", "lists"),
    ];
    tabs(
        &label,
        all.map(|(rest, name)| {
            let title = ui.t(&format!("lifecircle-view-{name}")).into_owned();
            Tab::new(format!("{base}{rest}"), title, name == current)
        }),
    )
}

/// What stands in place of an analysis that is not there.
fn waiting(member: &Member, ui: &Ui, circle: &Circle, standing: &Standing) -> Markup {
    match standing {
        Standing::Working { done, all } => html! {
            (progress(ui, ui.t("lifecircle-working"), *done, *all))
            p { a href=(ui.path) { (ui.t("lifecircle-look-again")) } }
        },
        Standing::Failed(reason) => {
            let reason = [("reason", reason.as_str().into())];
            let text = ui.t_with("lifecircle-failed", &reason).into_owned();
            html! { (notice(ui, Tone::Danger, html! { (text) }).title(ui.t("lifecircle-failed-title"))) }
        }
        Standing::NoMap | Standing::Ready(_) => {
            let back = path_of(member, circle.id);
            html! {
                (empty(Icon::Map, ui.t("lifecircle-no-map")).text(ui.t("lifecircle-no-map-text")))
                p { a href=(back) { (ui.t("lifecircle-to-import")) } }
            }
        }
    }
}

/// A page of a circle whose analysis is not there yet.
fn waiting_page(member: &Member, circle: &Circle, standing: &Standing, current: &str) -> Response {
    let ui = member.ui();
    let title = ui.t(&format!("lifecircle-view-{current}")).into_owned();
    let heading = heading(member, &ui, circle, &title);
    let body = html! {
        (views(member, &ui, circle.id, current))
        (waiting(member, &ui, circle, standing))
    };
    answered(standing, ui.page(heading, body))
}

/// A page, which the browser asks for again by itself while the analysis is being made.
fn answered(standing: &Standing, page: Markup) -> Response {
    match standing {
        Standing::Working { .. } => ([(REFRESH, "2")], page).into_response(),
        _ => page.into_response(),
    }
}

/// Whether a rule was read in the standard itself.
fn status_badge(ui: &Ui, status: &str) -> Markup {
    let shade = if status == "verified" {
        Shade::Jade
    } else {
        Shade::Sand
    };
    badge(
        shade,
        ui.t(&format!("lifecircle-status-{status}")).into_owned(),
    )
}

/// Whose data the map is, as its licence asks.
fn attribution(ui: &Ui) -> Markup {
    html! {
        p.map-credit {
            a href="https://www.openstreetmap.org/copyright" rel="noreferrer" { "© OpenStreetMap contributors" }
            " · " (ui.t("lifecircle-odbl"))
        }
    }
}

/// A place in a query's value.
fn place_query(at: Position) -> String {
    crate::model::place_text(at).replace(',', "%2C")
}
