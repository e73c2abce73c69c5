//! What seems odd in visits, for a reviewer.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use kernel::CommunityId;
use serde::{Deserialize, Serialize};
use shell::{Failure, Member, ProblemDetails};
use utoipa::ToSchema;

use crate::model::SignalId;
use crate::{SettleSignal, queries};

/// Something odd.
#[derive(Serialize, ToSchema)]
pub(super) struct HoursSignal {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: SignalId,
    /// `ring`, `clash`, `crowd`, `hurry` or `endless`.
    kind: &'static str,
    /// The names of those concerned, as far as they volunteer.
    names: Vec<String>,
    /// How often, or when.
    detail: String,
    /// When it was raised, RFC 3339.
    raised_at: String,
    /// What the reviewer found, once settled.
    note: Option<String>,
}

/// What seems odd in visits, newest first.
#[utoipa::path(get, path = "/api/v1/communities/{community}/timebank/signals", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 200, body = Vec<HoursSignal>), (status = "default", body = ProblemDetails)))]
pub(super) async fn signals(member: Member) -> Result<Json<Vec<HoursSignal>>, Failure> {
    let signals = member.read(queries::signals).await?.into_iter();
    let told = signals.map(|one| HoursSignal {
        id: one.id,
        kind: one.kind.name(),
        names: one.names,
        detail: one.detail,
        raised_at: one.raised_at.rfc3339(),
        note: one.note,
    });
    Ok(Json(told.collect()))
}

/// What a reviewer found.
#[derive(Deserialize, ToSchema)]
pub(super) struct HoursFinding {
    /// What was found and done.
    note: String,
}

/// Settles a signal with what was found.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/signals/{signal}/settlement", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("signal" = uuid::Uuid, Path, description = "The signal")), request_body = HoursFinding,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
pub(super) async fn settle(
    member: Member,
    Path((_, signal)): Path<(CommunityId, SignalId)>,
    Json(body): Json<HoursFinding>,
) -> Result<StatusCode, Failure> {
    let note = body.note;
    member.execute(SettleSignal { signal, note }).await?;
    Ok(StatusCode::NO_CONTENT)
}
