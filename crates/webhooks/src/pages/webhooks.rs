//! The community's webhooks: the list, and adding one.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::Kind;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, Form, Member};
use web_ui::{
    FormErrors, Heading, Icon, Tone, Ui, button, empty, facts, field, form, hidden, link_button,
    notice, row, rows, section, textarea,
};

use super::{kinds_text, path_of, state_badge};
use crate::queries::{self, Summary};
use crate::{
    AddWebhook, Endpoint, Kinds, MANAGE, MAX_DESCRIPTION, Secret, WebhookId, loopback_allowed,
};

/// The form as typed.
#[derive(Clone, Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    url: String,
    #[serde(default)]
    kinds: String,
    #[serde(default)]
    description: String,
    /// Made with the form, so that a form sent twice adds one webhook.
    #[serde(default)]
    key: String,
}

/// `GET /c/{community}/webhooks`.
pub(super) async fn page(member: Member) -> Result<Markup, Failure> {
    member.context()?.require(MANAGE)?;
    list_page(&member, &Typed::default(), None).await
}

/// `POST /c/{community}/webhooks`: answers with the secret, shown this once.
pub(super) async fn add(member: Member, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let added = match command(&member, &typed.url, &typed.kinds, &typed.description) {
        Ok(command) => add_once(&member, command, &typed.key).await,
        Err(failure) => Err(failure),
    };
    match added {
        Ok((id, secret)) => Ok(secret_page(&member, id, secret.as_ref()).into_response()),
        Err(failure) if failure.kind == Kind::Invalid => {
            let page = list_page(&member, &typed, Some(&failure)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(failure) => Err(failure),
    }
}

/// The command of what was typed.
pub(crate) fn command(
    member: &Member,
    url: &str,
    kinds: &str,
    description: &str,
) -> Result<AddWebhook, Failure> {
    member.context()?.require(MANAGE)?;
    Ok(AddWebhook {
        endpoint: Endpoint::parse(url, loopback_allowed(member.app()))?,
        kinds: Kinds::parse(kinds)?,
        description: description.trim().to_owned(),
    })
}

/// Adds a webhook, with a form's key or the request's own idempotency key; the secret comes along the first time only.
pub(crate) async fn add_once(
    member: &Member,
    command: AddWebhook,
    key: &str,
) -> Result<(WebhookId, Option<Secret>), Failure> {
    let mut ctx = member.context()?;
    if !key.is_empty() {
        ctx.idempotency_key = Some(key.to_owned());
    }
    let id = member.app().journal().execute(ctx, command).await?;
    let secret = member
        .read(move |read, ctx| queries::new_secret(read, ctx, id))
        .await?;
    Ok((id, secret))
}

/// The secret, shown this once.
pub(super) fn secret_page(member: &Member, id: WebhookId, secret: Option<&Secret>) -> Markup {
    let ui = member.ui();
    let heading = Heading::new(ui.t("webhooks-secret-title"))
        .crumb(member.path("record"), ui.t("record-title"))
        .crumb(member.path("webhooks"), ui.t("webhooks-title"));
    ui.page(heading, html! {
        @match secret {
            Some(secret) => {
                (notice(&ui, Tone::Warning, ui.t("webhooks-secret-once")).title(ui.t("webhooks-secret-keep")))
                (facts([(ui.t("webhooks-secret"), html! { code { (secret.expose()) } })]))
                p { (ui.t("webhooks-secret-use")) }
            }
            None => (notice(&ui, Tone::Info, ui.t("webhooks-secret-was-shown")))
        }
        (web_ui::actions(link_button(path_of(member, id), ui.t("webhooks-to-webhook"))))
    })
}

async fn list_page(
    member: &Member,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Result<Markup, Failure> {
    let summaries = member.read(queries::webhooks).await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("webhooks-title"))
        .crumb(member.path("record"), ui.t("record-title"))
        .lead(ui.t("webhooks-lead"));
    let key = match typed.key.as_str() {
        "" => member.context()?.new_uuid().to_string(),
        key => key.to_owned(),
    };
    Ok(ui.page(
        heading,
        html! {
            @if summaries.is_empty() {
                (empty(Icon::Bell, ui.t("webhooks-none")).text(ui.t("webhooks-none-text")))
            } @else {
                (rows(summaries.iter().map(|summary| summary_row(member, &ui, summary))))
            }
            (section(ui.t("webhooks-add"), add_form(member, &ui, typed, &key, failure)))
        },
    ))
}

fn summary_row(member: &Member, ui: &Ui, summary: &Summary) -> web_ui::Row {
    let webhook = &summary.webhook;
    let title = if webhook.description.is_empty() {
        &webhook.url
    } else {
        &webhook.description
    };
    row(path_of(member, webhook.id), title.clone())
        .icon(Icon::Bell)
        .detail(html! {
            (kinds_text(ui, webhook))
            @if summary.waiting > 0 { " · " (ui.t_with("webhooks-waiting", &[("n", summary.waiting.into())])) }
            @if let Some(newest) = &summary.newest { " · " (super::webhook::last_answer(ui, newest)) }
        })
        .status(state_badge(ui, webhook))
}

fn add_form(
    member: &Member,
    ui: &Ui,
    typed: &Typed,
    key: &str,
    failure: Option<&Failure>,
) -> web_ui::Form {
    let errors = failure
        .map(|failure| form_errors(ui, failure))
        .unwrap_or_default();
    let fields = html! {
        (hidden("key", key))
        (field(ui, "url", ui.t("webhooks-url")).value(&typed.url).hint(ui.t("webhooks-url-hint"))
            .error(errors.of("url")).required())
        (textarea(ui, "kinds", ui.t("webhooks-kinds")).lines(2).value(&typed.kinds)
            .hint(ui.t("webhooks-kinds-hint")).error(errors.of("kinds")))
        (field(ui, "description", ui.t("webhooks-description")).value(&typed.description)
            .max_length(u32::try_from(MAX_DESCRIPTION).unwrap_or(u32::MAX)).error(errors.of("description")))
    };
    form(ui, member.path("webhooks"), fields)
        .errors(ui, &errors)
        .button(button(ui.t("webhooks-add-now")).icon(Icon::Add))
}

fn form_errors(ui: &Ui, failure: &Failure) -> FormErrors {
    let at = match failure.code {
        "webhooks-error-kind-malformed" | "webhooks-error-too-many-kinds" => "kinds",
        "webhooks-error-description-too-long" => "description",
        code if code.starts_with("webhooks-error-url") => "url",
        _ => "",
    };
    let mut errors = FormErrors::new();
    errors.add(at, failure.sentence(&ui.messages, ui.language));
    errors
}
