//! What a clerk does: the queue, and acts.

use axum::Json;
use axum::extract::Path;
use kernel::{CommunityId, Timestamp};
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Entered, TaskBody};
use crate::model::{Act, CaseId};
use crate::{HandleCase, queries};

/// How many tasks a queue shows at most.
const MOST: usize = 10_000;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(queue))
        .routes(routes!(handle))
}

/// Something to do with its file.
#[derive(Serialize, ToSchema)]
struct QueueBody {
    /// The file.
    case: uuid::Uuid,
    /// Its number.
    number: String,
    /// The project.
    title: String,
    /// What there is to do.
    task: TaskBody,
}

/// List what one's unit has to do, late first; 10,000 tasks at most.
#[utoipa::path(get, path = "/api/v1/communities/{community}/approvals/queue", tag = "approvals",
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID")),
    responses((status = 200, body = Vec<QueueBody>), (status = "default", body = ProblemDetails)))]
async fn queue(member: Member) -> Result<Json<Vec<QueueBody>>, Failure> {
    let queue = member
        .read(|read, ctx| queries::queue(read, ctx, MOST))
        .await?;
    let body = |line: &queries::QueueLine| QueueBody {
        case: line.case.uuid(),
        number: line.number.clone(),
        title: line.title.clone(),
        task: TaskBody::of(&line.task),
    };
    Ok(Json(queue.lines.iter().map(body).collect()))
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
