//! The JSON twin of the pages: the same commands and queries.

use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use journal::Entry;
use kernel::CommunityId;
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::held::Held;
use crate::pages::{Who, add_once, command, head_file};
use crate::queries::{self, Summary};
use crate::record::Organisations;
use crate::{
    Delivery, Error, Failing, MANAGE, PauseWebhook, READ, RemoveWebhook, RepeatDelivery,
    ResumeWebhook, RotateSecret, Secret, TestWebhook, WebhookId,
};

/// The most entries that one answer holds.
const MAX_ENTRIES: u32 = 500;

/// Every API route of the module.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(head))
        .routes(routes!(entries))
        .routes(routes!(list, add))
        .routes(routes!(one, remove))
        .routes(routes!(pause, resume))
        .routes(routes!(rotate))
        .routes(routes!(test))
        .routes(routes!(deliveries))
        .routes(routes!(repeat))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct FromSize {
    /// The size of the log that an older receipt names; the file then proves that nothing before was changed.
    from: Option<u64>,
}

/// The newest signed head of the community's journal, for `linli verify`.
#[utoipa::path(get, path = "/api/v1/communities/{community}/journal/head", tag = "journal",
    params(("community" = uuid::Uuid, Path, description = "The community"), FromSize),
    responses((status = 200, body = Object), (status = "default", body = ProblemDetails)))]
async fn head(
    member: Member,
    Query(FromSize { from }): Query<FromSize>,
) -> Result<Json<proof::HeadFile>, Failure> {
    Ok(Json(head_file(&member, from).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Range {
    /// The first position wanted; 0 where nothing is said.
    #[serde(default)]
    from: u64,
    /// How many entries at most: 1 to 500; 100 where nothing is said.
    limit: Option<u32>,
}

/// Entries of the journal, oldest first.
#[derive(Serialize, ToSchema)]
struct Entries {
    /// The entries.
    entries: Vec<EntryBody>,
    /// Where the next answer begins, if this one is full.
    next: Option<u64>,
}

/// An entry of the journal.
#[derive(Serialize, ToSchema)]
struct EntryBody {
    /// Its place, from 0.
    position: u64,
    /// The server's time, RFC 3339.
    at: String,
    /// What was done, `module.thing.done`; `journal.held` for the ballots of a vote whose rules hide turnout until the
    /// close, whatever was done to them.
    kind: String,
    /// What it was done to, `thing/ID`.
    subject: String,
    /// The organisation it was done for, by name, if it was.
    organisation: Option<String>,
    /// Who did it: `linli` itself, `you`, or a `member` whom the record does not name.
    by: &'static str,
    /// What everyone entitled may read of it.
    #[schema(value_type = Object)]
    public: serde_json::Value,
    /// Whether it has a private part, to which it is committed; false while the entry is held back.
    has_private_part: bool,
    /// Its leaf in the Merkle log: SHA-256, Base64.
    leaf_hash: String,
}

impl EntryBody {
    fn of(
        member: &Member,
        entry: &Entry,
        held: &Held,
        names: &Organisations,
    ) -> Result<Self, Failure> {
        let shown = held.shown(entry);
        Ok(Self {
            position: shown.position,
            at: shown.at.rfc3339(),
            organisation: names.of(&shown).map(ToOwned::to_owned),
            by: Who::of(member, &shown).name(),
            public: shown.public_value()?,
            has_private_part: shown.commitment.is_some(),
            kind: shown.kind,
            subject: shown.subject,
            leaf_hash: entry.canonical().leaf_hash().to_string(),
        })
    }
}

/// Read the journal from a position on.
#[utoipa::path(get, path = "/api/v1/communities/{community}/journal/entries", tag = "journal",
    params(("community" = uuid::Uuid, Path, description = "The community"), Range),
    responses((status = 200, body = Entries), (status = "default", body = ProblemDetails)))]
async fn entries(
    member: Member,
    Query(Range { from, limit }): Query<Range>,
) -> Result<Json<Entries>, Failure> {
    let limit = limit.unwrap_or(100).clamp(1, MAX_ENTRIES);
    let (found, held, names) = member
        .read(move |read, ctx| {
            ctx.require(READ)?;
            Ok::<_, Error>((
                journal::entries(read, ctx.community, from, limit)?,
                Held::at(read, ctx.community, ctx.now)?,
                Organisations::of_community(read, ctx)?,
            ))
        })
        .await?;
    let full = found.len() == usize::try_from(limit).unwrap_or(usize::MAX);
    let next = found.last().filter(|_| full).map(|last| last.position + 1);
    let entries = found
        .iter()
        .map(|entry| EntryBody::of(&member, entry, &held, &names))
        .collect::<Result<_, _>>()?;
    Ok(Json(Entries { entries, next }))
}

/// A webhook.
#[derive(Serialize, ToSchema)]
struct WebhookBody {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: WebhookId,
    /// Where events go.
    url: String,
    /// Beginnings of the kinds it is told of; empty for all.
    kinds: Vec<String>,
    /// What it is for.
    description: String,
    /// When it was added, RFC 3339.
    added_at: String,
    /// Why it is told nothing now: `person` (entries wait) or `gone` (the address answered 410).
    paused: Option<&'static str>,
    /// How many deliveries wait.
    waiting: u64,
    /// The delivery whose turn it is.
    next: Option<WebhookDelivery>,
}

impl From<Summary> for WebhookBody {
    fn from(summary: Summary) -> Self {
        let webhook = summary.webhook;
        Self {
            id: webhook.id,
            url: webhook.url,
            kinds: webhook.kinds.iter().map(ToOwned::to_owned).collect(),
            description: webhook.description,
            added_at: webhook.added_at.rfc3339(),
            paused: webhook.pause.map(|pause| pause.reason.name()),
            waiting: summary.waiting,
            next: summary.next.map(WebhookDelivery::from),
        }
    }
}

/// A delivery of one entry to one webhook.
#[derive(Serialize, ToSchema)]
struct WebhookDelivery {
    /// The entry's position.
    position: u64,
    /// `waiting`, `delivered` or `given_up`.
    outcome: &'static str,
    /// How often it was tried.
    attempts: u32,
    /// When it is tried next, RFC 3339, while it waits.
    next_at: Option<String>,
    /// When it was tried last, RFC 3339.
    tried_at: Option<String>,
    /// The HTTP status of the last answer.
    status: Option<u32>,
    /// Why the last try failed: `status`, `timeout`, `host`, `private`, `connection`, `tls` or `secret`.
    problem: Option<&'static str>,
}

impl From<Delivery> for WebhookDelivery {
    fn from(delivery: Delivery) -> Self {
        let waits = delivery.outcome == crate::Outcome::Waiting;
        Self {
            position: delivery.position,
            outcome: delivery.outcome.name(),
            attempts: delivery.attempts,
            next_at: waits.then(|| delivery.next_at.rfc3339()),
            tried_at: delivery.tried_at.map(kernel::Timestamp::rfc3339),
            status: delivery.status,
            problem: delivery.problem.map(Failing::name),
        }
    }
}

/// List the community's webhooks.
#[utoipa::path(get, path = "/api/v1/communities/{community}/webhooks", tag = "webhooks",
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 200, body = [WebhookBody]), (status = "default", body = ProblemDetails)))]
async fn list(member: Member) -> Result<Json<Vec<WebhookBody>>, Failure> {
    let summaries = member.read(queries::webhooks).await?;
    Ok(Json(summaries.into_iter().map(WebhookBody::from).collect()))
}

/// A webhook to add.
#[derive(Deserialize, ToSchema)]
struct NewWebhook {
    /// Where events go: `https://…`.
    url: String,
    /// Beginnings of kinds, such as `decisions.vote`; none for all.
    #[serde(default)]
    kinds: Vec<String>,
    /// What it is for.
    #[serde(default)]
    description: String,
}

/// A webhook's id and its secret, told this once.
#[derive(Serialize, ToSchema)]
struct WebhookAdded {
    /// The webhook's id.
    #[schema(value_type = uuid::Uuid)]
    id: WebhookId,
    /// The secret that signs events, `whsec_…`; missing where a repeated request is answered.
    secret: Option<String>,
}

impl WebhookAdded {
    fn new(id: WebhookId, secret: Option<&Secret>) -> Self {
        Self {
            id,
            secret: secret.map(Secret::expose),
        }
    }
}

/// Add a webhook; the answer holds its secret, this once.
#[utoipa::path(post, path = "/api/v1/communities/{community}/webhooks", tag = "webhooks", request_body = NewWebhook,
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 201, body = WebhookAdded), (status = "default", body = ProblemDetails)))]
async fn add(
    member: Member,
    shell::Json(body): shell::Json<NewWebhook>,
) -> Result<(StatusCode, Json<WebhookAdded>), Failure> {
    let command = command(&member, &body.url, &body.kinds.join(" "), &body.description)?;
    let (id, secret) = add_once(&member, command, "").await?;
    Ok((
        StatusCode::CREATED,
        Json(WebhookAdded::new(id, secret.as_ref())),
    ))
}

/// Read a webhook.
#[utoipa::path(get, path = "/api/v1/communities/{community}/webhooks/{webhook}", tag = "webhooks",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("webhook" = uuid::Uuid, Path, description = "The webhook")),
    responses((status = 200, body = WebhookBody), (status = "default", body = ProblemDetails)))]
async fn one(
    member: Member,
    Path((_, id)): Path<(CommunityId, WebhookId)>,
) -> Result<Json<WebhookBody>, Failure> {
    Ok(Json(
        member
            .read(move |read, ctx| queries::webhook(read, ctx, id))
            .await?
            .into(),
    ))
}

/// Remove a webhook.
#[utoipa::path(delete, path = "/api/v1/communities/{community}/webhooks/{webhook}", tag = "webhooks",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("webhook" = uuid::Uuid, Path, description = "The webhook")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn remove(
    member: Member,
    Path((_, webhook)): Path<(CommunityId, WebhookId)>,
) -> Result<StatusCode, Failure> {
    member.execute(RemoveWebhook { webhook }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Pause a webhook; entries wait for it.
#[utoipa::path(put, path = "/api/v1/communities/{community}/webhooks/{webhook}/pause", tag = "webhooks",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("webhook" = uuid::Uuid, Path, description = "The webhook")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn pause(
    member: Member,
    Path((_, webhook)): Path<(CommunityId, WebhookId)>,
) -> Result<StatusCode, Failure> {
    member.execute(PauseWebhook { webhook }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Let a webhook go on.
#[utoipa::path(delete, path = "/api/v1/communities/{community}/webhooks/{webhook}/pause", tag = "webhooks",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("webhook" = uuid::Uuid, Path, description = "The webhook")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn resume(
    member: Member,
    Path((_, webhook)): Path<(CommunityId, WebhookId)>,
) -> Result<StatusCode, Failure> {
    member.execute(ResumeWebhook { webhook }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give a webhook a new secret; the old one signs beside it for a day.
#[utoipa::path(post, path = "/api/v1/communities/{community}/webhooks/{webhook}/secret", tag = "webhooks",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("webhook" = uuid::Uuid, Path, description = "The webhook")),
    responses((status = 201, body = WebhookAdded), (status = "default", body = ProblemDetails)))]
async fn rotate(
    member: Member,
    Path((_, webhook)): Path<(CommunityId, WebhookId)>,
) -> Result<(StatusCode, Json<WebhookAdded>), Failure> {
    member.execute(RotateSecret { webhook }).await?;
    let secret = member
        .read(move |read, ctx| queries::new_secret(read, ctx, webhook))
        .await?;
    Ok((
        StatusCode::CREATED,
        Json(WebhookAdded::new(webhook, secret.as_ref())),
    ))
}

/// The entry that a command wrote.
#[derive(Serialize, ToSchema)]
struct Written {
    /// Its position in the journal.
    position: u64,
}

/// Send a test event.
#[utoipa::path(post, path = "/api/v1/communities/{community}/webhooks/{webhook}/test", tag = "webhooks",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("webhook" = uuid::Uuid, Path, description = "The webhook")),
    responses((status = 202, body = Written), (status = "default", body = ProblemDetails)))]
async fn test(
    member: Member,
    Path((_, webhook)): Path<(CommunityId, WebhookId)>,
) -> Result<(StatusCode, Json<Written>), Failure> {
    let position = member.execute(TestWebhook { webhook }).await?;
    Ok((StatusCode::ACCEPTED, Json(Written { position })))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Before {
    /// Deliveries of entries before this position; the newest where nothing is said.
    before: Option<u64>,
}

/// List a webhook's deliveries, newest first, 50 at a time.
#[utoipa::path(get, path = "/api/v1/communities/{community}/webhooks/{webhook}/deliveries", tag = "webhooks",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("webhook" = uuid::Uuid, Path, description = "The webhook"), Before),
    responses((status = 200, body = [WebhookDelivery]), (status = "default", body = ProblemDetails)))]
async fn deliveries(
    member: Member,
    Path((_, id)): Path<(CommunityId, WebhookId)>,
    Query(Before { before }): Query<Before>,
) -> Result<Json<Vec<WebhookDelivery>>, Failure> {
    member.context()?.require(MANAGE)?;
    let found = member
        .read(move |read, ctx| queries::deliveries(read, ctx, id, before))
        .await?;
    Ok(Json(found.into_iter().map(WebhookDelivery::from).collect()))
}

/// Send an entry again, or at once instead of later.
#[utoipa::path(post, path = "/api/v1/communities/{community}/webhooks/{webhook}/deliveries/{position}/repetition", tag = "webhooks",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("webhook" = uuid::Uuid, Path, description = "The webhook"), ("position" = u64, Path, description = "The entry's position")),
    responses((status = 202), (status = "default", body = ProblemDetails)))]
async fn repeat(
    member: Member,
    Path((_, webhook, position)): Path<(CommunityId, WebhookId, u64)>,
) -> Result<StatusCode, Failure> {
    member.execute(RepeatDelivery { webhook, position }).await?;
    Ok(StatusCode::ACCEPTED)
}
