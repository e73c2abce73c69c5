//! The JSON twin of the pages: the same commands and queries.

mod supervision;

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use kernel::{CommunityId, OrganisationId, Timestamp};
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::model::{Act, CaseId, Form};
use crate::queries;
use crate::{
    AddCalendarYear, AddDefinition, AnswerCorrection, AppointUnit, DissolveUnit, DraftApplication,
    Error, FileView, HandleCase, MigrateCases, SubmitApplication, SubmitStages, Task,
    WithdrawApplication,
};

/// Every API route of the module.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(own, draft))
        .routes(routes!(queue))
        .routes(routes!(one))
        .routes(routes!(submit))
        .routes(routes!(submit_stages))
        .routes(routes!(answer))
        .routes(routes!(withdraw))
        .routes(routes!(handle))
        .routes(routes!(units, appoint))
        .routes(routes!(dissolve))
        .routes(routes!(processes, add_definition))
        .routes(routes!(migration, migrate))
        .routes(routes!(calendar, add_year))
        .merge(supervision::routes())
}

/// Something to do.
#[derive(Serialize, ToSchema)]
struct TaskBody {
    /// `correct`, `take_in`, `decide`, `reply`, `step` or `submit`.
    kind: String,
    /// The stage.
    stage: String,
    /// The step, for steps.
    step: Option<String>,
    /// The unit; empty for the applicant.
    unit: String,
    /// The last day, as derived now.
    due: Option<String>,
    /// Whether a holiday notice still to come may move it.
    provisional: bool,
    /// Whether the clock stands still.
    stopped: bool,
    /// Whether it is late.
    late: bool,
}

impl TaskBody {
    fn of(task: &Task) -> Self {
        Self {
            kind: task.kind.name().to_owned(),
            stage: task.stage.clone(),
            step: task.step.clone(),
            unit: task.unit.clone(),
            due: task.due.map(|due| due.to_string()),
            provisional: task.provisional,
            stopped: task.stopped,
            late: task.late,
        }
    }
}

/// A file in a list.
#[derive(Serialize, ToSchema)]
struct CaseLine {
    /// Its id.
    id: uuid::Uuid,
    /// Its number; none for a draft.
    number: Option<String>,
    /// The project.
    title: String,
    /// The process.
    process: String,
    /// The version that it keeps.
    version: Option<String>,
    /// Whether nothing can follow.
    closed: bool,
    /// What there is to do.
    tasks: Vec<TaskBody>,
}

/// List one's own applications, newest first.
#[utoipa::path(get, path = "/api/v1/communities/{community}/approvals", tag = "approvals",
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID")),
    responses((status = 200, body = Vec<CaseLine>), (status = "default", body = ProblemDetails)))]
async fn own(member: Member) -> Result<Json<Vec<CaseLine>>, Failure> {
    let lines = member.read(queries::own_applications).await?;
    let body = |line: &queries::OwnLine| CaseLine {
        id: line.row.id.uuid(),
        number: line.row.number.clone(),
        title: line.row.title.clone(),
        process: line.row.process.clone(),
        version: line.row.version.clone(),
        closed: line.row.closed,
        tasks: line.tasks.iter().map(TaskBody::of).collect(),
    };
    Ok(Json(lines.iter().map(body).collect()))
}

/// What an applicant fills in.
#[derive(Deserialize, ToSchema)]
struct ApplicationBody {
    /// The process, such as `zhejiang.construction_approval`.
    process: String,
    /// The project's name.
    title: String,
    /// The project's code.
    #[serde(default)]
    code: String,
    /// Where it lies.
    #[serde(default)]
    place: String,
    /// Who applies.
    #[serde(default)]
    applicant: String,
    /// Whom to call.
    #[serde(default)]
    contact: String,
    /// Under which number.
    #[serde(default)]
    phone: String,
    /// What else there is to say.
    #[serde(default)]
    note: String,
    /// The stages that are asked for together.
    #[serde(default)]
    stages: Vec<String>,
}

/// The id of what was made.
#[derive(Serialize, ToSchema)]
struct CaseMade {
    /// The new id.
    id: uuid::Uuid,
}

/// Draft an application.
#[utoipa::path(post, path = "/api/v1/communities/{community}/approvals", tag = "approvals", request_body = ApplicationBody,
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID")),
    responses((status = 201, body = CaseMade), (status = "default", body = ProblemDetails)))]
async fn draft(
    member: Member,
    shell::Json(body): shell::Json<ApplicationBody>,
) -> Result<(StatusCode, Json<CaseMade>), Failure> {
    let form = Form {
        title: body.title,
        code: body.code,
        place: body.place,
        applicant: body.applicant,
        contact: body.contact,
        phone: body.phone,
        note: body.note,
        stages: body.stages,
    };
    let process = body.process;
    let id = member.execute(DraftApplication { process, form }).await?;
    Ok((StatusCode::CREATED, Json(CaseMade { id: id.uuid() })))
}

/// Something to do with its file.
#[derive(Serialize, ToSchema)]
struct QueueBody {
    /// The file.
    case: uuid::Uuid,
    /// Its number.
    number: Option<String>,
    /// The project.
    title: String,
    /// What there is to do.
    task: TaskBody,
}

/// List what one's unit has to do, late first.
#[utoipa::path(get, path = "/api/v1/communities/{community}/approvals/queue", tag = "approvals",
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID")),
    responses((status = 200, body = Vec<QueueBody>), (status = "default", body = ProblemDetails)))]
async fn queue(member: Member) -> Result<Json<Vec<QueueBody>>, Failure> {
    let lines = member.read(queries::queue).await?;
    let body = |line: &queries::QueueLine| QueueBody {
        case: line.row.id.uuid(),
        number: line.row.number.clone(),
        title: line.row.title.clone(),
        task: TaskBody::of(&line.task),
    };
    Ok(Json(lines.iter().map(body).collect()))
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
struct CardBody {
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
    let cards = view.cards.iter().map(|one| CardBody {
        stage: one.card.stage.clone(),
        colour: one.card.colour.name().to_owned(),
        due: one.card.due.to_string(),
        unit: one.card.unit.clone(),
        escalated_to: one.card.escalated_to.clone(),
        issued_at: one.issued_at.rfc3339(),
        position: one.position,
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
        cards: cards.collect(),
        missing_papers: view.missing.iter().map(|one| one.id.clone()).collect(),
    })
}

/// Where an entry stands in the journal.
#[derive(Serialize, ToSchema)]
struct Entered {
    /// Its position.
    position: u64,
}

/// What a submission came to.
#[derive(Serialize, ToSchema)]
struct SubmittedBody {
    /// The file's number.
    number: String,
    /// The entry's position in the journal.
    position: u64,
}

/// Submit a draft with every stage that was chosen.
#[utoipa::path(post, path = "/api/v1/communities/{community}/approvals/{case}/submission", tag = "approvals",
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID"), ("case" = uuid::Uuid, Path, description = "The draft")),
    responses((status = 200, body = SubmittedBody), (status = "default", body = ProblemDetails)))]
async fn submit(
    member: Member,
    Path((_, case)): Path<(CommunityId, CaseId)>,
) -> Result<Json<SubmittedBody>, Failure> {
    let done = member.execute(SubmitApplication { case }).await?;
    Ok(Json(SubmittedBody {
        number: done.number,
        position: done.position,
    }))
}

/// Stages that have come to be open.
#[derive(Deserialize, ToSchema)]
struct StagesBody {
    /// The last event read.
    seen: u32,
    /// The stages.
    stages: Vec<String>,
}

/// Submit stages that have come to be open.
#[utoipa::path(post, path = "/api/v1/communities/{community}/approvals/{case}/stages", tag = "approvals", request_body = StagesBody,
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID"), ("case" = uuid::Uuid, Path, description = "The file")),
    responses((status = 200, body = Entered), (status = "default", body = ProblemDetails)))]
async fn submit_stages(
    member: Member,
    Path((_, case)): Path<(CommunityId, CaseId)>,
    shell::Json(StagesBody { seen, stages }): shell::Json<StagesBody>,
) -> Result<Json<Entered>, Failure> {
    let command = SubmitStages { case, seen, stages };
    let position = member.execute(command).await?;
    Ok(Json(Entered { position }))
}

/// The answer to a notice.
#[derive(Deserialize, ToSchema)]
struct AnswerBody {
    /// The last event read.
    seen: u32,
    /// The stage.
    stage: String,
    /// What is written with it.
    #[serde(default)]
    note: String,
}

/// Say that what a notice asked for was handed in.
#[utoipa::path(post, path = "/api/v1/communities/{community}/approvals/{case}/correction", tag = "approvals", request_body = AnswerBody,
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID"), ("case" = uuid::Uuid, Path, description = "The file")),
    responses((status = 200, body = Entered), (status = "default", body = ProblemDetails)))]
async fn answer(
    member: Member,
    Path((_, case)): Path<(CommunityId, CaseId)>,
    shell::Json(AnswerBody { seen, stage, note }): shell::Json<AnswerBody>,
) -> Result<Json<Entered>, Failure> {
    let command = AnswerCorrection {
        case,
        seen,
        stage,
        note,
    };
    let position = member.execute(command).await?;
    Ok(Json(Entered { position }))
}

/// Why it is withdrawn.
#[derive(Deserialize, ToSchema)]
struct ReasonBody {
    /// The last event read.
    seen: u32,
    /// Why.
    reason: String,
}

/// Withdraw an application.
#[utoipa::path(post, path = "/api/v1/communities/{community}/approvals/{case}/withdrawal", tag = "approvals", request_body = ReasonBody,
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID"), ("case" = uuid::Uuid, Path, description = "The file")),
    responses((status = 200, body = Entered), (status = "default", body = ProblemDetails)))]
async fn withdraw(
    member: Member,
    Path((_, case)): Path<(CommunityId, CaseId)>,
    shell::Json(ReasonBody { seen, reason }): shell::Json<ReasonBody>,
) -> Result<Json<Entered>, Failure> {
    let command = WithdrawApplication { case, seen, reason };
    let position = member.execute(command).await?;
    Ok(Json(Entered { position }))
}

/// What a clerk does.
#[derive(Deserialize, ToSchema)]
struct HandleBody {
    /// The last event read; with a later one nothing is done (409).
    seen: u32,
    /// What: an object with `act` (accept, refuse, ask_correction, suspend, resume, extend, ask, reply, hand_over, finish,
    /// decide, retract) and what that needs: `stage`, `reason`, `missing`, `ground`, `days`, `approved_by`, `unit`,
    /// `reply`, `to`, `step`, `outcome`, `result`, `of`.
    #[schema(value_type = Object)]
    act: Act,
    /// When it took effect, if not now: microseconds since 1970 UTC.
    at_us: Option<i64>,
    /// Why it is entered only now.
    #[serde(default)]
    entered_late: String,
}

/// Do one thing to a file, for the unit that it is up to.
#[utoipa::path(post, path = "/api/v1/communities/{community}/approvals/{case}/acts", tag = "approvals", request_body = HandleBody,
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID"), ("case" = uuid::Uuid, Path, description = "The file")),
    responses((status = 200, body = Entered), (status = "default", body = ProblemDetails)))]
async fn handle(
    member: Member,
    Path((_, case)): Path<(CommunityId, CaseId)>,
    shell::Json(body): shell::Json<HandleBody>,
) -> Result<Json<Entered>, Failure> {
    let command = HandleCase {
        case,
        seen: body.seen,
        act: body.act,
        at: body.at_us.map(Timestamp::from_micros),
        entered_late: body.entered_late,
    };
    let position = member.execute(command).await?;
    Ok(Json(Entered { position }))
}

/// A unit of the processes.
#[derive(Serialize, ToSchema)]
struct ApprovalUnit {
    /// Its name in the definitions.
    unit: String,
    /// The organisation that holds it.
    holder: Option<String>,
    /// Who followed it, if it was dissolved.
    dissolved: Option<String>,
    /// How many open tasks it has.
    tasks: usize,
}

/// List the units and who holds them.
#[utoipa::path(get, path = "/api/v1/communities/{community}/approval-units", tag = "approvals",
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID")),
    responses((status = 200, body = Vec<ApprovalUnit>), (status = "default", body = ProblemDetails)))]
async fn units(member: Member) -> Result<Json<Vec<ApprovalUnit>>, Failure> {
    let view = member.read(queries::office_view).await?;
    let units = view.units.into_iter().map(|unit| ApprovalUnit {
        unit: unit.id,
        holder: unit.holder,
        dissolved: unit.dissolved,
        tasks: unit.tasks,
    });
    Ok(Json(units.collect()))
}

/// Who is to hold a unit.
#[derive(Deserialize, ToSchema)]
struct AppointUnitBody {
    /// The unit.
    unit: String,
    /// A city department.
    organisation: uuid::Uuid,
}

/// Appoint a department to a unit.
#[utoipa::path(post, path = "/api/v1/communities/{community}/approval-units", tag = "approvals", request_body = AppointUnitBody,
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID")),
    responses((status = 204, description = "Appointed"), (status = "default", body = ProblemDetails)))]
async fn appoint(
    member: Member,
    shell::Json(body): shell::Json<AppointUnitBody>,
) -> Result<StatusCode, Failure> {
    let command = AppointUnit {
        unit: body.unit,
        organisation: OrganisationId::from_uuid(body.organisation),
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What becomes of a unit's tasks.
#[derive(Deserialize, ToSchema)]
struct DissolveBody {
    /// The unit.
    unit: String,
    /// Who takes its tasks over.
    successor: Option<String>,
    /// Why.
    reason: String,
}

/// How many tasks went over.
#[derive(Serialize, ToSchema)]
struct Moved {
    /// How many.
    tasks: usize,
}

/// Dissolve a unit.
#[utoipa::path(post, path = "/api/v1/communities/{community}/approval-units/dissolution", tag = "approvals", request_body = DissolveBody,
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID")),
    responses((status = 200, body = Moved), (status = "default", body = ProblemDetails)))]
async fn dissolve(
    member: Member,
    shell::Json(body): shell::Json<DissolveBody>,
) -> Result<Json<Moved>, Failure> {
    let command = DissolveUnit {
        unit: body.unit,
        successor: body.successor,
        reason: body.reason,
    };
    let tasks = member.execute(command).await?;
    Ok(Json(Moved { tasks }))
}

/// A version of a process.
#[derive(Serialize, ToSchema)]
struct ProcessBody {
    /// The process.
    process: String,
    /// The version.
    version: String,
    /// The first day on which cases begin under it.
    from: String,
    /// The title in both languages.
    #[schema(value_type = Object)]
    title: policy::Text,
}

/// List the processes in their versions.
#[utoipa::path(get, path = "/api/v1/communities/{community}/approval-processes", tag = "approvals",
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID")),
    responses((status = 200, body = Vec<ProcessBody>), (status = "default", body = ProblemDetails)))]
async fn processes(member: Member) -> Result<Json<Vec<ProcessBody>>, Failure> {
    let known = member.read(queries::processes).await?;
    let body = |one: &crate::KnownDefinition| ProcessBody {
        process: one.definition.id.clone(),
        version: one.definition.version.clone(),
        from: one.definition.from.to_string(),
        title: one.definition.title.clone(),
    };
    Ok(Json(known.iter().map(body).collect()))
}

/// A TOML file.
#[derive(Deserialize, ToSchema)]
struct ContentBody {
    /// Its text.
    content: String,
}

/// The version that was brought.
#[derive(Serialize, ToSchema)]
struct VersionBody {
    /// The process.
    process: String,
    /// The version.
    version: String,
}

/// Bring a new version of a process.
#[utoipa::path(post, path = "/api/v1/communities/{community}/approval-processes", tag = "approvals", request_body = ContentBody,
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID")),
    responses((status = 201, body = VersionBody), (status = "default", body = ProblemDetails)))]
async fn add_definition(
    member: Member,
    shell::Json(ContentBody { content }): shell::Json<ContentBody>,
) -> Result<(StatusCode, Json<VersionBody>), Failure> {
    let (process, version) = member.execute(AddDefinition { content }).await?;
    Ok((StatusCode::CREATED, Json(VersionBody { process, version })))
}

/// What a version changes for a case.
#[derive(Serialize, ToSchema)]
struct MigrationBody {
    /// The case.
    case: uuid::Uuid,
    /// The version that it keeps.
    version: Option<String>,
    /// The last days of its running stages before and after.
    #[schema(value_type = Vec<Vec<Option<String>>>)]
    dates: Vec<[Option<String>; 2]>,
    /// Why it can't go over, in both languages.
    #[schema(value_type = Option<Object>)]
    refused: Option<policy::Text>,
}

/// See what a version would change for the cases that run.
#[utoipa::path(get, path = "/api/v1/communities/{community}/approval-processes/{process}/{version}/migration", tag = "approvals",
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID"), ("process" = String, Path, description = "The process"),
        ("version" = String, Path, description = "The version to go to")),
    responses((status = 200, body = Vec<MigrationBody>), (status = "default", body = ProblemDetails)))]
async fn migration(
    member: Member,
    Path((_, process, version)): Path<(CommunityId, String, String)>,
) -> Result<Json<Vec<MigrationBody>>, Failure> {
    let preview = member
        .read(move |read, ctx| queries::migration(read, ctx, &process, &version))
        .await?;
    let text = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string());
    let body = |one: queries::CaseMigration| MigrationBody {
        case: one.row.id.uuid(),
        version: one.row.version,
        dates: one
            .dates
            .iter()
            .map(|stage| [text(stage.before), text(stage.after)])
            .collect(),
        refused: one.refused,
    };
    Ok(Json(preview.into_iter().map(body).collect()))
}

/// Which cases go over.
#[derive(Deserialize, ToSchema)]
struct MigrateBody {
    /// The cases; none for all that can.
    #[serde(default)]
    cases: Vec<uuid::Uuid>,
}

/// What came of it.
#[derive(Serialize, ToSchema)]
struct MigratedBody {
    /// The cases that went over.
    cases: Vec<uuid::Uuid>,
    /// How many stay.
    refused: usize,
}

/// Take cases over to a version.
#[utoipa::path(post, path = "/api/v1/communities/{community}/approval-processes/{process}/{version}/migration", tag = "approvals",
    request_body = MigrateBody,
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID"), ("process" = String, Path, description = "The process"),
        ("version" = String, Path, description = "The version to go to")),
    responses((status = 200, body = MigratedBody), (status = "default", body = ProblemDetails)))]
async fn migrate(
    member: Member,
    Path((_, process, version)): Path<(CommunityId, String, String)>,
    shell::Json(body): shell::Json<MigrateBody>,
) -> Result<Json<MigratedBody>, Failure> {
    let command = MigrateCases {
        process,
        to: version,
        cases: body.cases.into_iter().map(CaseId::from_uuid).collect(),
    };
    let done = member.execute(command).await?;
    Ok(Json(MigratedBody {
        cases: done.cases.iter().map(|case| case.uuid()).collect(),
        refused: done.refused,
    }))
}

/// A year of the calendar.
#[derive(Serialize, ToSchema)]
struct YearBody {
    /// The year.
    year: i16,
    /// The document numbers of its notices; none for a year whose dates are provisional.
    notices: Vec<String>,
}

/// List the calendar's years.
#[utoipa::path(get, path = "/api/v1/communities/{community}/approval-calendar", tag = "approvals",
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID")),
    responses((status = 200, body = Vec<YearBody>), (status = "default", body = ProblemDetails)))]
async fn calendar(member: Member) -> Result<Json<Vec<YearBody>>, Failure> {
    let view = member.read(queries::calendar_view).await?;
    let years = view.years.iter().map(|(year, notices)| YearBody {
        year: *year,
        notices: notices.iter().map(|one| one.number.clone()).collect(),
    });
    Ok(Json(years.collect()))
}

/// Bring a year's holiday notice.
#[utoipa::path(post, path = "/api/v1/communities/{community}/approval-calendar", tag = "approvals", request_body = ContentBody,
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID")),
    responses((status = 201, body = YearBody), (status = "default", body = ProblemDetails)))]
async fn add_year(
    member: Member,
    shell::Json(ContentBody { content }): shell::Json<ContentBody>,
) -> Result<(StatusCode, Json<YearBody>), Failure> {
    let year = member.execute(AddCalendarYear { content }).await?;
    let view = member.read(queries::calendar_view).await?;
    let known = view.years.iter().find(|(known, _)| *known == year);
    let notices = known.ok_or(Error::NoSuchPart { what: "year" })?.1.iter();
    let notices = notices.map(|one| one.number.clone()).collect();
    Ok((StatusCode::CREATED, Json(YearBody { year, notices })))
}
