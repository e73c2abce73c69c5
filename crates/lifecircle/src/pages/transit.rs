//! Building near transit: bands by the way to the nearest stop, how densely and variedly it is built in each.

use axum::Extension;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use kernel::CommunityId;
use maud::{Markup, html};
use shell::{Failure, Member};
use web_ui::{Column, Language, Ui, link_button, section, table};

use super::{attribution, heading, path_of, said, status_badge, views, waiting_page};
use crate::analyses::{Analyses, Standing, now};
use crate::found::Found;
use crate::model::CircleId;
use crate::transit::{BandFound, ModeFound, transit};

pub(super) async fn page(
    member: Member,
    Extension(analyses): Extension<Analyses>,
    Path((_, id)): Path<(CommunityId, CircleId)>,
) -> Result<Response, Failure> {
    let (circle, standing) = now(&analyses, &member, id).await?;
    let Standing::Ready(found) = standing else {
        return Ok(waiting_page(&member, &circle, &standing, "transit"));
    };
    let asked = found.clone();
    let modes = tokio::task::spawn_blocking(move || transit(&asked));
    let modes = modes
        .await
        .map_err(|error| Failure::internal("transit bands", &error))?;
    let ui = member.ui();
    let base = path_of(&member, id);
    let heading = heading(&member, &ui, &circle, &ui.t("lifecircle-view-transit"))
        .lead(ui.t("lifecircle-transit-lead"))
        .wide();
    let page = ui.page(
        heading,
        html! {
            (views(&member, &ui, id, "transit"))
            @for mode in &modes { (of_mode(&ui, &found, mode, &base)) }
            (section(ui.t("lifecircle-uses"), html! {
                p { (ui.t("lifecircle-uses-text")) }
                ul { @for one in &found.types.uses {
                    li { @match ui.language { Language::Zh => (one.zh), Language::En => (one.en) } ": " (one.values.join(", ")) }
                } }
            }))
            (attribution(&ui))
        },
    );
    Ok(page.into_response())
}

fn of_mode(ui: &Ui, found: &Found, mode: &ModeFound, base: &str) -> Markup {
    let Some(kind) = found.types.types.get(mode.kind) else {
        return html! {};
    };
    let columns = [
        Column::text(ui.t("lifecircle-band")),
        Column::number(ui.t("lifecircle-buildings")),
        Column::number(ui.t("lifecircle-people")),
        Column::number(ui.t("lifecircle-floor-area")),
        Column::number(ui.t("lifecircle-storeys")),
        Column::number(ui.t("lifecircle-mix")),
        Column::text(ui.t("lifecircle-rule")),
    ];
    let mut rows: Vec<Vec<Markup>> = Vec::new();
    for (band, found) in &mode.bands {
        let name = match ui.language {
            Language::Zh => &band.zh,
            Language::En => &band.en,
        };
        let rule = html! { (band.cite) " " (status_badge(ui, &band.status)) };
        rows.push(row(
            ui,
            html! { (name) " ≤ " (band.to_m) " m" },
            found,
            rule,
        ));
    }
    rows.push(row(
        ui,
        html! { (ui.t("lifecircle-beyond")) },
        &mode.beyond,
        html! {},
    ));
    let name = said(ui, kind);
    html! {
        (section(name.clone(), html! {
            @if mode.unknown > 0 {
                p { (ui.t_with("lifecircle-band-unknown", &[("count", mode.unknown.into())])) }
            }
            (table(ui, name, columns).rows(rows))
            p { (link_button(format!("{base}/map?kind={}", kind.id), ui.t("lifecircle-view-map")).secondary()) }
        }))
    }
}

fn row(ui: &Ui, name: Markup, band: &BandFound, rule: Markup) -> Vec<Markup> {
    let number = |number: u64| ui.number(i64::try_from(number).unwrap_or(i64::MAX));
    let unknown = || ui.t("lifecircle-unknown").into_owned();
    let known_people = band.buildings > band.people_unknown;
    let mix = band.mix_permille();
    vec![
        name,
        html! { (number(band.buildings)) },
        html! { @if known_people { (number(band.people)) } @else { (unknown()) } },
        html! { @if band.floor_m2 > 0 { (number(band.floor_m2)) " ㎡" } @else { (unknown()) }
        @if band.floor_unknown > 0 { br; small { (ui.t_with("lifecircle-floor-unknown", &[("count", band.floor_unknown.into())])) } } },
        html! { @match band.storeys_hundredths() { Some(hundredths) => { (hundredths / 100) "." (format!("{:02}", hundredths % 100)) }, None => (unknown()) } },
        html! { @match mix { Some(permille) => { (permille / 1000) "." (format!("{:03}", permille % 1000)) }, None => (unknown()) } },
        rule,
    ]
}
