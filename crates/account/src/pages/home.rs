//! The front door of the installation.

use axum::response::{IntoResponse, Response};
use identity::SignedIn;
use kernel::CommunityId;
use maud::{Markup, html};
use shell::{Failure, Visitor};
use web_ui::{Heading, Icon, card, cards, empty, link_button, row, rows};

use super::answer::{see_other, with_cookie};
use crate::door;
use shell::Client;

/// `GET /`: to one's community, to a choice among several, or to a page that says what this is.
pub(super) async fn page(visitor: Visitor, client: Client) -> Result<Response, Failure> {
    let Some(session) = &visitor.session else {
        return Ok(landing(&visitor).into_response());
    };
    let places = places(&visitor, &session.signed_in).await?;
    let response = match places.as_slice() {
        [(only, _)] => see_other(&format!("/c/{only}")),
        _ => choice(&visitor, &places).into_response(),
    };
    Ok(match door::rotated(&visitor, &client).await? {
        Some(cookie) => with_cookie(response, cookie),
        None => response,
    })
}

/// Most communities in the choice.
const MOST: usize = 500;

/// The communities in which the person holds a role, the city first; for city staff and administrators every one there is.
async fn places(
    visitor: &Visitor,
    signed_in: &SignedIn,
) -> Result<Vec<(CommunityId, String)>, Failure> {
    let mut ids = signed_in.communities(visitor.now);
    let anywhere = CommunityId::from_uuid(kernel::Uuid::max());
    if signed_in
        .memberships
        .iter()
        .any(|membership| membership.counts_in(anywhere))
    {
        ids.extend(visitor.app.journal().communities().await?);
        ids.sort_unstable();
        ids.dedup();
    }
    let mut places = Vec::new();
    let communities = ids.iter().filter(|id| **id != CommunityId::CITY);
    for id in communities.copied().take(MOST) {
        if let Some(face) = visitor.app.community(id).await? {
            places.push((id, face.name));
        }
    }
    places.sort_by(|(_, one), (_, other)| one.cmp(other));
    if ids.contains(&CommunityId::CITY) {
        places.insert(0, (CommunityId::CITY, visitor.city().name));
    }
    Ok(places)
}

/// A community's name; the city's own where it is no community.
pub(super) async fn community_name(visitor: &Visitor, id: CommunityId) -> Result<String, Failure> {
    if id == CommunityId::CITY {
        return Ok(visitor.city().name);
    }
    let face = visitor.app.community(id).await?;
    Ok(face.map_or_else(|| id.to_string(), |face| face.name))
}

fn choice(visitor: &Visitor, places: &[(CommunityId, String)]) -> Markup {
    let ui = visitor.ui();
    let heading = Heading::new(ui.t("account-choose"));
    ui.page(heading, html! {
        @if places.is_empty() {
            (empty(Icon::Home, ui.t("account-nowhere"))
                .text(ui.t("account-nowhere-text"))
                .action(link_button("/join", ui.t("account-have-invitation"))))
        } @else {
            (rows(places.iter().map(|(id, name)| row(format!("/c/{id}"), name.clone()).icon(Icon::Home))))
        }
    })
}

fn landing(visitor: &Visitor) -> Markup {
    let ui = visitor.ui();
    let heading = Heading::new(ui.t("account-welcome"))
        .lead(ui.t("account-welcome-lead"))
        .actions(html! {
            (link_button("/sign-in", ui.t("account-sign-in")).icon(Icon::Person))
            (link_button("/join", ui.t("account-have-invitation")).secondary())
        });
    let point = |title: &str, text: &str| card(ui.t(title), html! { p { (ui.t(text)) } });
    ui.page(
        heading,
        html! {
            (cards([
                point("account-welcome-decide", "account-welcome-decide-text"),
                point("account-welcome-proof", "account-welcome-proof-text"),
                point("account-welcome-everyone", "account-welcome-everyone-text"),
            ]))
        },
    )
}
