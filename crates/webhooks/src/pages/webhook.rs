//! One webhook: how it fares, its deliveries, and what can be done about it.

use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use kernel::CommunityId;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Member, flash_to};
use web_ui::{
    Button, Column, Heading, Icon, Shade, Tone, Ui, actions, badge, button, confirm, facts, form,
    link_button, notice, pagination, section, table,
};

use super::webhooks::secret_page;
use super::{kinds_text, path_of, state_badge};
use crate::queries::{self, Summary};
use crate::{
    Delivery, MANAGE, Outcome, PauseReason, PauseWebhook, RemoveWebhook, RepeatDelivery,
    ResumeWebhook, RotateSecret, TestWebhook, WebhookId,
};

type One = Path<(CommunityId, WebhookId)>;

#[derive(Deserialize)]
pub(super) struct Before {
    before: Option<u64>,
}

/// `GET /c/{community}/webhooks/{webhook}`.
pub(super) async fn page(
    member: Member,
    Path((_, id)): One,
    Query(Before { before }): Query<Before>,
) -> Result<Markup, Failure> {
    let summary = member
        .read(move |read, ctx| queries::webhook(read, ctx, id))
        .await?;
    let deliveries = member
        .read(move |read, ctx| queries::deliveries(read, ctx, id, before))
        .await?;
    let ui = member.ui();
    let heading = heading(&member, &ui, &summary).status(state_badge(&ui, &summary.webhook));
    let full = deliveries.len() == usize::try_from(queries::PAGE).unwrap_or(usize::MAX);
    let older = full.then(|| deliveries.last()).flatten();
    let older = older.map(|last| format!("{}?before={}", path_of(&member, id), last.position));
    let newer = before.map(|_| path_of(&member, id));
    Ok(ui.page(
        heading,
        html! {
            @if summary.webhook.pause.is_some_and(|pause| pause.reason == PauseReason::Gone) {
                (notice(&ui, Tone::Danger, ui.t("webhooks-gone-text")))
            }
            (webhook_facts(&ui, &summary))
            (buttons(&member, &ui, &summary))
            (section(ui.t("webhooks-deliveries"), html! {
                (delivery_table(&member, &ui, id, &deliveries))
                (pagination(&ui, newer.as_deref(), older.as_deref()))
            }))
        },
    ))
}

fn heading(member: &Member, ui: &Ui, summary: &Summary) -> Heading {
    let webhook = &summary.webhook;
    let title = if webhook.description.is_empty() {
        ui.t("webhooks-webhook").into_owned()
    } else {
        webhook.description.clone()
    };
    Heading::new(title)
        .crumb(member.path("record"), ui.t("record-title"))
        .crumb(member.path("webhooks"), ui.t("webhooks-title"))
}

fn webhook_facts(ui: &Ui, summary: &Summary) -> Markup {
    let webhook = &summary.webhook;
    let next = summary.next.as_ref().filter(|_| webhook.pause.is_none());
    let old_secret = webhook
        .old_secret_until
        .filter(|until| until.micros() > ui.now);
    html! {
        (facts([
            (ui.t("webhooks-url"), html! { code { (webhook.url) } }),
            (ui.t("webhooks-kinds"), kinds_text(ui, webhook)),
            (ui.t("webhooks-added"), html! { (ui.date_time(webhook.added_at.micros())) }),
            (ui.t("webhooks-waiting-title"), html! { (ui.number(i64::try_from(summary.waiting).unwrap_or(i64::MAX))) }),
        ]))
        @if let Some(next) = next {
            p { (ui.t_with("webhooks-next-at", &[
                ("position", next.position.into()),
                ("time", ui.date_time(next.next_at.micros()).into()),
            ])) }
        }
        @if let Some(until) = old_secret {
            p { (ui.t_with("webhooks-old-secret", &[("time", ui.date_time(until.micros()).into())])) }
        }
    }
}

fn buttons(member: &Member, ui: &Ui, summary: &Summary) -> Markup {
    let id = summary.webhook.id;
    let act = |to: &str, button: Button| {
        form(ui, format!("{}/{to}", path_of(member, id)), html! {}).button(button)
    };
    actions(html! {
        @if summary.webhook.pause.is_some() {
            (act("resumption", button(ui.t("webhooks-resume")).icon(Icon::Check)))
        } @else {
            (act("test", button(ui.t("webhooks-test")).icon(Icon::Bell)))
            (act("pause", button(ui.t("webhooks-pause")).secondary()))
        }
        (act("secret", button(ui.t("webhooks-rotate")).secondary()))
        (link_button(format!("{}/removal", path_of(member, id)), ui.t("webhooks-remove")).quiet())
    })
}

fn delivery_table(
    member: &Member,
    ui: &Ui,
    id: WebhookId,
    deliveries: &[Delivery],
) -> web_ui::Table {
    let columns = [
        Column::number(ui.t("webhooks-position")),
        Column::text(ui.t("webhooks-outcome")),
        Column::number(ui.t("webhooks-attempts")),
        Column::text(ui.t("webhooks-last")),
        Column::text(ui.t("webhooks-next")),
        Column::text(ui.t("webhooks-again")),
    ];
    table(ui, ui.t("webhooks-deliveries"), columns).rows(
        deliveries
            .iter()
            .map(|delivery| delivery_row(member, ui, id, delivery)),
    )
}

fn delivery_row(member: &Member, ui: &Ui, id: WebhookId, delivery: &Delivery) -> Vec<Markup> {
    let repeat = format!(
        "{}/deliveries/{}/repetition",
        path_of(member, id),
        delivery.position
    );
    let waits = delivery.outcome == Outcome::Waiting;
    vec![
        html! { "#" (delivery.position) },
        outcome_badge(ui, delivery.outcome),
        html! { (delivery.attempts) },
        last_answer(ui, delivery),
        html! { @if waits { (ui.date_time(delivery.next_at.micros())) } @else { "—" } },
        html! { (form(ui, repeat, html! {}).button(button(ui.t("webhooks-repeat")).quiet())) },
    ]
}

fn outcome_badge(ui: &Ui, outcome: Outcome) -> Markup {
    let (shade, key) = match outcome {
        Outcome::Waiting => (Shade::Mist, "webhooks-outcome-waiting"),
        Outcome::Delivered => (Shade::Jade, "webhooks-outcome-delivered"),
        Outcome::GivenUp => (Shade::Vermilion, "webhooks-outcome-given-up"),
    };
    badge(shade, ui.t(key))
}

/// What came of the last try.
pub(super) fn last_answer(ui: &Ui, delivery: &Delivery) -> Markup {
    html! {
        @match (delivery.status, delivery.problem) {
            (Some(status), _) => (ui.t_with("webhooks-status", &[("status", status.to_string().into())])),
            (None, Some(problem)) => (ui.t(&format!("webhooks-problem-{}", problem.name()))),
            (None, None) => (ui.t("webhooks-not-tried")),
        }
        @if let Some(at) = delivery.tried_at { " · " (ui.date_time(at.micros())) }
    }
}

/// `POST …/pause`.
pub(super) async fn pause(member: Member, Path((_, webhook)): One) -> Result<Response, Failure> {
    member.execute(PauseWebhook { webhook }).await?;
    flash_to(
        &path_of(&member, webhook),
        FlashKey(Tone::Info, "webhooks-flash-paused"),
    )
}

/// `POST …/resumption`.
pub(super) async fn resume(member: Member, Path((_, webhook)): One) -> Result<Response, Failure> {
    member.execute(ResumeWebhook { webhook }).await?;
    flash_to(
        &path_of(&member, webhook),
        FlashKey(Tone::Success, "webhooks-flash-resumed"),
    )
}

/// `POST …/secret`: answers with the new secret, shown this once.
pub(super) async fn rotate(member: Member, Path((_, webhook)): One) -> Result<Response, Failure> {
    member.execute(RotateSecret { webhook }).await?;
    let secret = member
        .read(move |read, ctx| queries::new_secret(read, ctx, webhook))
        .await?;
    Ok(secret_page(&member, webhook, secret.as_ref()).into_response())
}

/// `POST …/test`.
pub(super) async fn test(member: Member, Path((_, webhook)): One) -> Result<Response, Failure> {
    member.execute(TestWebhook { webhook }).await?;
    flash_to(
        &path_of(&member, webhook),
        FlashKey(Tone::Success, "webhooks-flash-tested"),
    )
}

/// `GET …/removal`: asks first.
pub(super) async fn confirm_removal(member: Member, Path((_, id)): One) -> Result<Markup, Failure> {
    member.context()?.require(MANAGE)?;
    let summary = member
        .read(move |read, ctx| queries::webhook(read, ctx, id))
        .await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("webhooks-remove"))
        .crumb(member.path("webhooks"), ui.t("webhooks-title"));
    let action = format!("{}/removal", path_of(&member, id));
    let summary = html! {
        p { code { (summary.webhook.url) } }
        p { (ui.t("webhooks-remove-text")) }
    };
    let yes = button(ui.t("webhooks-remove-now")).danger();
    Ok(ui.page(
        heading,
        html! { (confirm(&ui, action, summary, &[], yes, path_of(&member, id))) },
    ))
}

/// `POST …/removal`.
pub(super) async fn remove(member: Member, Path((_, webhook)): One) -> Result<Response, Failure> {
    member.execute(RemoveWebhook { webhook }).await?;
    flash_to(
        &member.path("webhooks"),
        FlashKey(Tone::Info, "webhooks-flash-removed"),
    )
}

/// `POST …/deliveries/{position}/repetition`.
pub(super) async fn repeat(
    member: Member,
    Path((_, webhook, position)): Path<(CommunityId, WebhookId, u64)>,
) -> Result<Response, Failure> {
    member.execute(RepeatDelivery { webhook, position }).await?;
    flash_to(
        &path_of(&member, webhook),
        FlashKey(Tone::Success, "webhooks-flash-repeated"),
    )
}
