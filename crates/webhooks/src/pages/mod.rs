//! Pages of the record and of the webhooks, one file a task.

mod check;
mod record;
mod webhook;
mod webhooks;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use maud::{Markup, html};
use shell::{App, Member};
use web_ui::{Shade, Ui, badge};

use crate::{PauseReason, Webhook, WebhookId};

pub(crate) use record::{Who, head_file};
pub(crate) use webhooks::{add_once, command};

/// Every page and form of the module.
pub(crate) fn routes() -> Router<App> {
    let record = "/c/{community}/record";
    let webhooks = "/c/{community}/webhooks";
    let one = "/c/{community}/webhooks/{webhook}";
    // Room for the form around the file.
    let upload = DefaultBodyLimit::max(check::MAX_RECEIPT + 16 * 1024);
    Router::new()
        .route(record, get(record::page))
        .route(&format!("{record}/head"), get(record::head))
        .route(
            &format!("{record}/check"),
            get(check::page).post(check::check).layer(upload),
        )
        .route(webhooks, get(webhooks::page).post(webhooks::add))
        .route(one, get(webhook::page))
        .route(&format!("{one}/pause"), post(webhook::pause))
        .route(&format!("{one}/resumption"), post(webhook::resume))
        .route(&format!("{one}/secret"), post(webhook::rotate))
        .route(&format!("{one}/test"), post(webhook::test))
        .route(
            &format!("{one}/removal"),
            get(webhook::confirm_removal).post(webhook::remove),
        )
        .route(
            &format!("{one}/deliveries/{{position}}/repetition"),
            post(webhook::repeat),
        )
}

/// What an entry's kind says in the reader's language; the kind itself where no module says more.
fn kind_words(ui: &Ui, kind: &str) -> String {
    let key = format!("entry-{}", kind.replace('.', "-"));
    if ui.messages.has(&key) {
        ui.t(&key).into_owned()
    } else {
        kind.to_owned()
    }
}

/// Whether a webhook goes, as a badge.
fn state_badge(ui: &Ui, webhook: &Webhook) -> Markup {
    let (shade, key) = match webhook.pause.map(|pause| pause.reason) {
        None => (Shade::Jade, "webhooks-active"),
        Some(PauseReason::Person) => (Shade::Wall, "webhooks-paused"),
        Some(PauseReason::Gone) => (Shade::Vermilion, "webhooks-gone"),
    };
    badge(shade, ui.t(key))
}

/// Which entries a webhook is told of, in words.
fn kinds_text(ui: &Ui, webhook: &Webhook) -> Markup {
    html! { @if webhook.kinds.is_all() { (ui.t("webhooks-all-kinds")) } @else { code { (webhook.kinds.text()) } } }
}

/// The path of a webhook's page.
fn path_of(member: &Member, id: WebhookId) -> String {
    member.path(&format!("webhooks/{id}"))
}
