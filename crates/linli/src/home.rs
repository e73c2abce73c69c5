//! A community's home page: what waits for this person, put together from every module.

use axum::Router;
use axum::routing::get;
use maud::{Markup, html};
use shell::{App, Failure, Home, HomeCard, Member};
use web_ui::{Heading, Icon, Row, Ui, empty, row, rows, section};

/// The route of the home page, which asks these modules.
pub(crate) fn routes(homes: Vec<Home>) -> Router<App> {
    Router::new().route(
        "/c/{community}",
        get(async move |member: Member| page(member, &homes).await),
    )
}

async fn page(member: Member, homes: &[Home]) -> Result<Markup, Failure> {
    member.visitor.signed_in()?;
    let homes = homes.to_vec();
    let mut cards: Vec<HomeCard> = member
        .read(move |read, ctx| {
            let mut cards = Vec::new();
            for home in homes {
                cards.extend(home(read, ctx)?);
            }
            Ok::<_, Failure>(cards)
        })
        .await?;
    cards.sort_by_key(|card| !card.needs_you);
    let ui = member.ui();
    let nothing_waits = cards.iter().all(|card| !card.needs_you);
    let heading = Heading::new(member.face.name.clone()).lead(ui.t("home-lead"));
    Ok(ui.page(heading, html! {
        @for card in cards { ((card.render)(&ui)) }
        @if nothing_waits { (empty(Icon::Check, ui.t("home-nothing-waits")).text(ui.t("home-nothing-waits-text"))) }
        (section(ui.t("home-places"), rows(places(&member, &ui))))
    }))
}

/// The places of the navigation, with a line on each.
fn places(member: &Member, ui: &Ui) -> Vec<Row> {
    let entries = member
        .app()
        .navigation()
        .iter()
        .filter(|entry| member.may(entry.permission));
    entries
        .map(|entry| {
            row(member.path(entry.path), ui.t(entry.label))
                .icon(entry.icon)
                .detail(ui.t(&format!("{}-text", entry.label)).into_owned())
        })
        .collect()
}
