//! The home page of a community, and of the city: what waits for this person, put together from every module.

use axum::Router;
use axum::routing::get;
use kernel::CommunityId;
use maud::{Markup, html};
use shell::{App, Failure, Home, HomeCard, Member, Module, Place};
use web_ui::{Heading, Icon, Row, Ui, empty, row, rows, section};

/// What these modules show on home pages, each where it stands.
pub(crate) fn homes(modules: &[Module]) -> Vec<(Place, Home)> {
    let homes = modules
        .iter()
        .filter_map(|module| Some((module.place, module.home?)));
    homes.collect()
}

/// The route of the home page, which asks these modules.
pub(crate) fn routes(homes: Vec<(Place, Home)>) -> Router<App> {
    Router::new().route(
        "/c/{community}",
        get(async move |member: Member| page(member, &homes).await),
    )
}

async fn page(member: Member, homes: &[(Place, Home)]) -> Result<Markup, Failure> {
    member.visitor.signed_in()?;
    let here = homes
        .iter()
        .filter(|(place, _)| place.holds(member.community));
    let homes: Vec<Home> = here.map(|(_, home)| *home).collect();
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
    let lead = if member.community == CommunityId::CITY {
        "home-lead-city"
    } else {
        "home-lead"
    };
    let heading = Heading::new(member.face.name.clone()).lead(ui.t(lead));
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
        .in_community(member.community)
        .filter(|entry| member.may(entry.permission));
    entries
        .map(|entry| {
            row(member.path(entry.path), ui.t(entry.label))
                .icon(entry.icon)
                .detail(ui.t(&format!("{}-text", entry.label)).into_owned())
        })
        .collect()
}
