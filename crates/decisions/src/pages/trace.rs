//! Everything done for one unit: its votes with their evidence, standing and replaced, and the deliveries of its ballot.

use axum::extract::Path;
use kernel::CommunityId;
use maud::{Markup, html};
use people::model::UnitId;
use shell::{Failure, Member};
use web_ui::{Heading, Shade, Ui, badge, card, facts, section};

use super::path_of;
use crate::model::ResolutionId;
use crate::queries;
use crate::store::Delivery;
use crate::trace::TracedVote;

pub(super) async fn page(
    member: Member,
    Path((_, id, unit)): Path<(CommunityId, ResolutionId, UnitId)>,
) -> Result<Markup, Failure> {
    let trace = member
        .read(move |read, ctx| queries::unit_trace(read, ctx, id, unit))
        .await?;
    let ui = member.ui();
    let heading = Heading::new(trace.label)
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .crumb(path_of(&member, id), trace.resolution.draft.title)
        .lead(ui.t("decisions-trace-lead"));
    let standing = trace.votes.first().map(|vote| vote.revision);
    Ok(ui.page(
        heading,
        html! {
            (section(ui.t("decisions-trace-votes"), html! {
                @if trace.votes.is_empty() { p { (ui.t("decisions-trace-no-vote")) } }
                @for vote in &trace.votes {
                    (vote_card(&ui, vote, Some(vote.revision) == standing))
                }
            }))
            (section(ui.t("decisions-trace-deliveries"), html! {
                @if trace.deliveries.is_empty() { p { (ui.t("decisions-trace-no-delivery")) } }
                @for delivery in &trace.deliveries { (delivery_card(&ui, delivery)) }
            }))
        },
    ))
}

fn vote_card(ui: &Ui, vote: &TracedVote, stands: bool) -> Markup {
    let channel = ui.t(&format!("decisions-channel-{}", vote.channel.name()));
    let choice = vote.choice.as_deref().map_or_else(
        || ui.t("decisions-trace-secret"),
        |choice| ui.t(&format!("decisions-choice-{choice}")),
    );
    let mut rows = vec![
        (ui.t("decisions-own-vote"), choice.into_owned()),
        (ui.t("decisions-channel"), channel.into_owned()),
        (ui.t("decisions-trace-entry"), vote.position.to_string()),
    ];
    if !vote.evidence.is_empty() {
        rows.push((ui.t("decisions-evidence"), vote.evidence.clone()));
    }
    let state = if stands {
        badge(Shade::Jade, ui.t("decisions-trace-stands"))
    } else {
        badge(Shade::Wall, ui.t("decisions-trace-replaced"))
    };
    html! { (card(ui.date_time(vote.cast_at.micros()), html! { p { (state) } (facts(rows)) })) }
}

fn delivery_card(ui: &Ui, delivery: &Delivery) -> Markup {
    let channel = ui.t(&format!("decisions-delivery-{}", delivery.channel.name()));
    let warned = if delivery.warned_of_silence {
        "decisions-yes"
    } else {
        "decisions-no"
    };
    let mut rows = vec![
        (ui.t("decisions-delivery-channel"), channel.into_owned()),
        (ui.t("decisions-warned"), ui.t(warned).into_owned()),
    ];
    if !delivery.evidence.is_empty() {
        rows.push((ui.t("decisions-evidence"), delivery.evidence.clone()));
    }
    html! { (card(ui.date_time(delivery.delivered_at.micros()), facts(rows))) }
}
