//! Pages of the roll, one file a task.

mod list;

use axum::Router;
use axum::routing::get;
use kernel::CommunityId;
use maud::Markup;
use shell::App;
use web_ui::{Icon, Ui, row, rows, section};

use crate::queries::AccountUnit;

/// Every page and form of the module.
pub(crate) fn routes() -> Router<App> {
    Router::new().route("/c/{community}/people", get(list::page))
}

/// One's own units, each a way to its page.
pub(crate) fn own_units_part(ui: &Ui, community: CommunityId, own: &[AccountUnit]) -> Markup {
    let lines = own.iter().map(|unit| {
        row(
            format!("/c/{community}/people/units/{}", unit.unit),
            unit.label.to_string(),
        )
        .icon(Icon::Home)
        .detail(ui.area(unit.facts.exclusive_area.get()))
    });
    section(ui.t("roll-own-units"), rows(lines))
}
