//! Everything done for one unit: its votes with their evidence, standing and replaced, and the deliveries of its ballot.

use axum::extract::Path;
use kernel::CommunityId;
use maud::{Markup, html};
use people::model::UnitId;
use shell::{Failure, Member};
use web_ui::{Heading, Shade, Ui, badge, card, facts, link_button, section};

use super::path_of;
use super::units::query;
use crate::model::{CORRECT, Channel, ResolutionId};
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
    let may_correct = member.may(CORRECT)
        && trace.resolution.announcement.is_none()
        && trace
            .votes
            .first()
            .is_some_and(|vote| vote.channel != Channel::Electronic);
    let (building, number) = trace.label.split_once(' ').unwrap_or((&trace.label, ""));
    let place = format!("building={}&unit={}", query(building), query(number));
    let heading = Heading::new(trace.label.clone())
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .crumb(path_of(&member, id), trace.resolution.draft.title)
        .lead(ui.t("decisions-trace-lead"));
    let standing = trace.votes.first().map(|vote| vote.position);
    Ok(ui.page(
        heading,
        html! {
            (section(ui.t("decisions-trace-votes"), html! {
                @if trace.votes.is_empty() { p { (ui.t("decisions-trace-no-vote")) } }
                @for vote in &trace.votes {
                    (vote_card(&ui, vote, Some(vote.position) == standing && (vote.choice.is_some() || vote.corrected.is_none())))
                }
            }))
            @if may_correct {
                (web_ui::actions(link_button(member.path(&format!("decisions/{id}/corrections/new?{place}")), ui.t("decisions-correct")).secondary()))
            }
            (section(ui.t("decisions-trace-deliveries"), html! {
                @if trace.deliveries.is_empty() { p { (ui.t("decisions-trace-no-delivery")) } }
                @for delivery in &trace.deliveries { (delivery_card(&ui, delivery)) }
            }))
        },
    ))
}

fn vote_card(ui: &Ui, vote: &TracedVote, stands: bool) -> Markup {
    let channel = ui.t(&format!("decisions-channel-{}", vote.channel.name()));
    let choice = match (&vote.choice, &vote.corrected) {
        (Some(choice), _) => ui.t(&format!("decisions-choice-{choice}")),
        (None, Some(_)) => ui.t("decisions-choice-none"),
        (None, None) => ui.t("decisions-trace-secret"),
    };
    let mut rows = vec![
        (ui.t("decisions-own-vote"), choice.into_owned()),
        (ui.t("decisions-channel"), channel.into_owned()),
        (ui.t("decisions-trace-entry"), vote.position.to_string()),
    ];
    if !vote.evidence.is_empty() {
        rows.push((ui.t("decisions-evidence"), vote.evidence.clone()));
    }
    if let Some(reason) = &vote.corrected {
        rows.push((ui.t("decisions-trace-corrected"), reason.clone()));
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
