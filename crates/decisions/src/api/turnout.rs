//! Turnout help: whom nobody has reached yet, reminders, visits, and the notice with its code.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{CommunityId, Timestamp};
use people::model::UnitId;
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Made, Words};
use crate::model::{ReminderChannel, ResolutionId, VisitOutcome};
use crate::{ChooseReminders, NoteReminderChoice, RecordVisit, SendReminders, queries};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(help))
        .routes(routes!(remind))
        .routes(routes!(visit))
        .routes(routes!(note_choice))
        .routes(routes!(choices))
        .routes(routes!(choose))
        .routes(routes!(notice_file))
}

/// A unit for which nothing was cast yet.
#[derive(Serialize, ToSchema)]
struct UnreachedUnitBody {
    /// The unit.
    unit: uuid::Uuid,
    /// Its building's name.
    building: String,
    /// Its number.
    label: String,
    /// How it is reminded: `in_app`, `letter`, `door` or `never`.
    channel: String,
    /// Whether its owners chose that.
    chosen: bool,
    /// When the ballot was last delivered, RFC 3339.
    delivered_at: Option<String>,
    /// How often it was reminded.
    reminders: u32,
    /// The visits there, the last one at the end.
    visits: Vec<VisitLine>,
}

/// A visit at a door.
#[derive(Serialize, ToSchema)]
struct VisitLine {
    /// `not_home`, `handed_over`, `informed`, `declined` or `empty`.
    outcome: String,
    /// What the next visitor should know.
    note: String,
    /// When, RFC 3339.
    visited_at: String,
}

/// List the units for which nothing was cast, for visits; never how anyone voted.
#[utoipa::path(get, path = "/api/v1/communities/{community}/resolutions/{resolution}/unreached", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 200, body = Vec<UnreachedUnitBody>), (status = "default", body = ProblemDetails)))]
async fn help(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Json<Vec<UnreachedUnitBody>>, Failure> {
    let help = member
        .read(move |read, ctx| queries::turnout_help(read, ctx, id))
        .await?;
    let units = help.units.into_iter().map(|unit| UnreachedUnitBody {
        unit: unit.unit.uuid(),
        building: unit.building,
        label: unit.label,
        channel: unit.channel.name().to_owned(),
        chosen: unit.is_chosen,
        delivered_at: unit.delivered_at.map(Timestamp::rfc3339),
        reminders: unit.reminders,
        visits: unit
            .visits
            .into_iter()
            .map(|visit| VisitLine {
                outcome: visit.outcome.name().to_owned(),
                note: visit.note,
                visited_at: visit.visited_at.rfc3339(),
            })
            .collect(),
    });
    Ok(Json(units.collect()))
}

/// How a round of reminders goes out.
#[derive(Serialize, ToSchema)]
struct RemindersBody {
    /// 1, 2, 3…
    round: u32,
    /// Units told on their owners' pages.
    in_app: u32,
    /// Letters to print and carry out.
    letters: u32,
    /// Doors to knock at.
    doors: u32,
}

/// Remind the owners of every unit for which nothing was cast, each as they chose; `text` is what is said.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/reminders", tag = "decisions", request_body = Words,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 201, body = RemindersBody), (status = "default", body = ProblemDetails)))]
async fn remind(
    member: Member,
    Path((_, resolution)): Path<(CommunityId, ResolutionId)>,
    shell::Json(Words { text }): shell::Json<Words>,
) -> Result<(StatusCode, Json<RemindersBody>), Failure> {
    let sent = member.execute(SendReminders { resolution, text }).await?;
    let body = RemindersBody {
        round: sent.round,
        in_app: sent.in_app,
        letters: sent.letters,
        doors: sent.doors,
    };
    Ok((StatusCode::CREATED, Json(body)))
}

/// What came of a visit.
#[derive(Deserialize, ToSchema)]
struct VisitBody {
    /// The unit.
    #[schema(value_type = uuid::Uuid)]
    unit: UnitId,
    /// `not_home`, `handed_over`, `informed`, `declined` or `empty`.
    #[schema(value_type = String)]
    outcome: VisitOutcome,
    /// What the next visitor should know; never how anyone wants to vote.
    #[serde(default)]
    note: String,
    /// When: microseconds since 1970 UTC.
    visited_us: i64,
}

/// Note a visit at a unit's door.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/visits", tag = "decisions", request_body = VisitBody,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 201, body = Made), (status = "default", body = ProblemDetails)))]
async fn visit(
    member: Member,
    Path((_, resolution)): Path<(CommunityId, ResolutionId)>,
    shell::Json(body): shell::Json<VisitBody>,
) -> Result<(StatusCode, Json<Made>), Failure> {
    let command = RecordVisit {
        resolution,
        unit: body.unit,
        outcome: body.outcome,
        note: body.note,
        visited_at: Timestamp::from_micros(body.visited_us),
    };
    let id = member.execute(command).await?;
    Ok((StatusCode::CREATED, Json(Made { id: id.uuid() })))
}

/// How a household wants to be reminded, as it told someone.
#[derive(Deserialize, ToSchema)]
struct NotedReminderChoice {
    /// The unit.
    #[schema(value_type = uuid::Uuid)]
    unit: UnitId,
    /// `in_app`, `letter`, `door` or `never`.
    #[schema(value_type = String)]
    channel: ReminderChannel,
    /// Who said so, to whom.
    evidence: String,
}

/// Note how the owners of a unit want to be reminded, as they told someone.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/reminder-choices", tag = "decisions", request_body = NotedReminderChoice,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 201), (status = "default", body = ProblemDetails)))]
async fn note_choice(
    member: Member,
    Path((_, resolution)): Path<(CommunityId, ResolutionId)>,
    shell::Json(body): shell::Json<NotedReminderChoice>,
) -> Result<StatusCode, Failure> {
    let command = NoteReminderChoice {
        resolution,
        unit: body.unit,
        channel: body.channel,
        evidence: body.evidence,
    };
    member.execute(command).await?;
    Ok(StatusCode::CREATED)
}

/// How one of the actor's own units is reminded.
#[derive(Serialize, ToSchema)]
struct ReminderChoiceLine {
    /// The unit.
    unit: uuid::Uuid,
    /// Its building and number.
    label: String,
    /// `in_app`, `letter`, `door` or `never`; none where nothing was chosen.
    channel: Option<String>,
}

/// Read how one's own units are reminded of votes.
#[utoipa::path(get, path = "/api/v1/communities/{community}/reminder-choices", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 200, body = Vec<ReminderChoiceLine>), (status = "default", body = ProblemDetails)))]
async fn choices(member: Member) -> Result<Json<Vec<ReminderChoiceLine>>, Failure> {
    let own = member.read(queries::reminder_choices).await?;
    let lines = own.into_iter().map(|one| ReminderChoiceLine {
        unit: one.unit.uuid(),
        label: one.label,
        channel: one.channel.map(|channel| channel.name().to_owned()),
    });
    Ok(Json(lines.collect()))
}

/// A way to be reminded.
#[derive(Deserialize, ToSchema)]
struct ReminderChoiceBody {
    /// `in_app`, `letter`, `door` or `never`.
    #[schema(value_type = String)]
    channel: ReminderChannel,
}

/// Choose how one's own unit is reminded of votes.
#[utoipa::path(put, path = "/api/v1/communities/{community}/reminder-choices/{unit}", tag = "decisions", request_body = ReminderChoiceBody,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("unit" = uuid::Uuid, Path, description = "The unit")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn choose(
    member: Member,
    Path((_, unit)): Path<(CommunityId, UnitId)>,
    shell::Json(ReminderChoiceBody { channel }): shell::Json<ReminderChoiceBody>,
) -> Result<StatusCode, Failure> {
    member.execute(ChooseReminders { unit, channel }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The notice of a vote as a PDF with a code that leads to the ballot.
#[utoipa::path(get, path = "/api/v1/communities/{community}/resolutions/{resolution}/notice/file", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = "default", body = ProblemDetails)))]
async fn notice_file(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Response, Failure> {
    crate::pages::notice_pdf(&member, id).await
}
