//! One file, to read.

use axum::Json;
use axum::extract::Path;
use kernel::CommunityId;
use serde::Serialize;
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::TaskBody;
use crate::model::CaseId;
use crate::store::{CardRow, Reading};
use crate::{FileView, queries};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(one))
}

/// An event of a file.
#[derive(Serialize, ToSchema)]
struct EventBody {
    /// Its place in the file, from 1.
    seq: u32,
    /// The event as the process engine reads it.
    #[schema(value_type = Object)]
    event: serde_json::Value,
    /// Its code in the national exchange standard (BLZT), if it has one.
    exchange_code: Option<u8>,
    /// The unit that did it; empty for the applicant.
    unit: String,
    /// When the server received it, RFC 3339.
    received_at: String,
    /// Its entry in the journal.
    position: u64,
}

/// A card that went out.
#[derive(Serialize, ToSchema)]
pub(super) struct CardBody {
    /// The file.
    case: uuid::Uuid,
    /// The stage.
    stage: String,
    /// `yellow` or `red`.
    colour: String,
    /// The last day, as it was derived then.
    due: String,
    /// Who leads.
    unit: String,
    /// Who else was told; empty for nobody.
    escalated_to: String,
    /// When, RFC 3339.
    issued_at: String,
    /// Its entry in the journal.
    position: u64,
}

impl CardBody {
    pub(super) fn of(one: &CardRow) -> Self {
        Self {
            case: one.card.case.uuid(),
            stage: one.card.stage.clone(),
            colour: one.card.colour.name().to_owned(),
            due: one.card.due.to_string(),
            unit: one.card.unit.clone(),
            escalated_to: one.card.escalated_to.clone(),
            issued_at: one.issued_at.rfc3339(),
            position: one.position,
        }
    }
}

/// A paper that was handed in.
#[derive(Serialize, ToSchema)]
struct PaperBody {
    /// Its id.
    id: uuid::Uuid,
    /// Which paper of the process it is; empty for any other.
    paper: String,
    /// Its name.
    name: String,
    /// Its media type.
    media_type: String,
    /// Its SHA-256 in hexadecimal, as the journal has it.
    sha256: String,
    /// Its size in bytes.
    size: u64,
}

/// Somebody from outside the file who opened it for supervision.
#[derive(Serialize, ToSchema)]
struct SupervisionReading {
    /// The account.
    account: uuid::Uuid,
    /// For which organisation.
    organisation: Option<uuid::Uuid>,
    /// When, RFC 3339.
    read_at: String,
    /// Its entry in the journal.
    position: u64,
}

impl SupervisionReading {
    fn of(one: &Reading) -> Self {
        Self {
            account: one.account.uuid(),
            organisation: one.organisation.map(kernel::OrganisationId::uuid),
            read_at: one.read_at.rfc3339(),
            position: one.position,
        }
    }
}

/// A file: what it is, where it stands, when it is due and why.
#[derive(Serialize, ToSchema)]
struct OneCase {
    /// Its id.
    id: uuid::Uuid,
    /// Its number.
    number: Option<String>,
    /// The project.
    title: String,
    /// The last event: what a later command says it has seen.
    seen: u32,
    /// Whether the codes of the exchange standard were read in the standard: `verified` or `unverified`.
    #[schema(value_type = String)]
    exchange_status: policy::Status,
    /// Stages with clocks, due dates and explanations, as `linli flow due` tells them.
    #[schema(value_type = Object)]
    report: serde_json::Value,
    /// What there is to do.
    tasks: Vec<TaskBody>,
    /// What happened.
    events: Vec<EventBody>,
    /// The cards that went out.
    cards: Vec<CardBody>,
    /// Papers that are asked for and not there.
    missing_papers: Vec<String>,
    /// The papers that were handed in.
    papers: Vec<PaperBody>,
    /// Who opened it for supervision.
    readings: Vec<SupervisionReading>,
}

/// Read a file that one has a part in.
#[utoipa::path(get, path = "/api/v1/communities/{community}/approvals/{case}", tag = "approvals",
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID"), ("case" = uuid::Uuid, Path, description = "The file")),
    responses((status = 200, body = OneCase), (status = "default", body = ProblemDetails)))]
async fn one(
    member: Member,
    Path((_, id)): Path<(CommunityId, CaseId)>,
) -> Result<Json<OneCase>, Failure> {
    let view = member
        .read(move |read, ctx| queries::file(read, ctx, id))
        .await?;
    Ok(Json(body_of(&view)?))
}

fn body_of(view: &FileView) -> Result<OneCase, Failure> {
    let value = |error: serde_json::Error| Failure::internal("a file as JSON", &error);
    let mut events = Vec::with_capacity(view.events.len());
    for logged in &view.events {
        events.push(EventBody {
            seq: logged.seq,
            event: serde_json::to_value(&logged.event).map_err(value)?,
            exchange_code: view.definition.exchange_code(logged.event.what.name()),
            unit: logged.unit.clone(),
            received_at: logged.received_at.rfc3339(),
            position: logged.position,
        });
    }
    let papers = view.papers.iter().map(|one| PaperBody {
        id: one.id.uuid(),
        paper: one.paper.clone(),
        name: one.name.clone(),
        media_type: one.media_type.clone(),
        sha256: crate::hex(&one.sha256),
        size: one.size,
    });
    Ok(OneCase {
        id: view.row.id.uuid(),
        number: view.row.number.clone(),
        title: view.row.title.clone(),
        seen: view.seen(),
        exchange_status: view.definition.exchange_status,
        report: serde_json::to_value(&view.report).map_err(value)?,
        tasks: view.tasks.iter().map(TaskBody::of).collect(),
        events,
        cards: view.cards.iter().map(CardBody::of).collect(),
        papers: papers.collect(),
        readings: view.readings.iter().map(SupervisionReading::of).collect(),
        missing_papers: view.missing.iter().map(|one| one.id.clone()).collect(),
    })
}
