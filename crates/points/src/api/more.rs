//! Sessions, gifts, signals and the book as JSON.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use kernel::{AccountId, CommunityId, Timestamp};
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Code, HandedOver, PointsMade, made};
use crate::model::{RuleId, SessionTerms, SignalId};
use crate::{CheckIn, ClosedYear, Error, GivePoints, OpenSession, SettleSignal, queries};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(sessions, open_session))
        .routes(routes!(check_in))
        .routes(routes!(give))
        .routes(routes!(signals))
        .routes(routes!(settle))
        .routes(routes!(book))
}

/// A session.
#[derive(Serialize, ToSchema)]
struct PointsSessionBody {
    /// Its title.
    title: String,
    /// What is scanned or typed there.
    code: String,
    /// When it begins, RFC 3339.
    begins: String,
    /// When it ends, RFC 3339.
    ends: String,
    /// How many may earn by it.
    seats: u32,
    /// How many have shown up.
    attended: u32,
}

/// The sessions, the latest first.
#[utoipa::path(get, path = "/api/v1/communities/{community}/points/sessions", tag = "points",
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 200, body = Vec<PointsSessionBody>), (status = "default", body = ProblemDetails)))]
async fn sessions(member: Member) -> Result<Json<Vec<PointsSessionBody>>, Failure> {
    let desk = member.read(queries::desk).await?;
    let told = desk.sessions.into_iter().map(|session| PointsSessionBody {
        title: session.terms.title,
        code: session.code,
        begins: session.terms.begins.rfc3339(),
        ends: session.terms.ends.rfc3339(),
        seats: session.terms.seats,
        attended: session.attended,
    });
    Ok(Json(told.collect()))
}

/// A session to open.
#[derive(Deserialize, ToSchema)]
struct NewPointsSession {
    /// By which rule it earns.
    #[schema(value_type = uuid::Uuid)]
    rule: RuleId,
    /// What it is, in a line.
    title: String,
    /// When it begins, RFC 3339.
    begins: String,
    /// When it ends, RFC 3339.
    ends: String,
    /// How many may earn by it.
    seats: u32,
}

/// Opens a session with a code.
#[utoipa::path(post, path = "/api/v1/communities/{community}/points/sessions", tag = "points",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = NewPointsSession,
    responses((status = 201, body = PointsMade), (status = "default", body = ProblemDetails)))]
async fn open_session(
    member: Member,
    Json(body): Json<NewPointsSession>,
) -> Result<(StatusCode, Json<PointsMade>), Failure> {
    let terms = SessionTerms {
        rule: body.rule,
        title: body.title,
        begins: instant(&body.begins)?,
        ends: instant(&body.ends)?,
        seats: body.seats,
    };
    Ok(made(member.execute(OpenSession { terms }).await?.uuid()))
}

fn instant(text: &str) -> Result<Timestamp, Failure> {
    let parsed: Result<jiff::Timestamp, _> = text.parse();
    let instant = parsed.map_err(|_| Failure::from(Error::ImpossibleTimes))?;
    Ok(Timestamp::from_micros(instant.as_microsecond()))
}

/// Earns at a session by its code.
#[utoipa::path(post, path = "/api/v1/communities/{community}/points/check-ins", tag = "points",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = Code,
    responses((status = 200, body = HandedOver), (status = "default", body = ProblemDetails)))]
async fn check_in(
    member: Member,
    Json(Code { code }): Json<Code>,
) -> Result<Json<HandedOver>, Failure> {
    let (title, price) = member.execute(CheckIn { code }).await?;
    Ok(Json(HandedOver { title, price }))
}

/// A gift.
#[derive(Deserialize, ToSchema)]
struct NewGift {
    /// To whom of one's own family.
    #[schema(value_type = uuid::Uuid)]
    to: AccountId,
    /// How many points.
    points: i64,
}

/// Gives points to somebody of one's own family.
#[utoipa::path(post, path = "/api/v1/communities/{community}/points/gifts", tag = "points",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = NewGift,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn give(
    member: Member,
    Json(NewGift { to, points }): Json<NewGift>,
) -> Result<StatusCode, Failure> {
    member.execute(GivePoints { to, points }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Something odd.
#[derive(Serialize, ToSchema)]
struct SignalBody {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: SignalId,
    /// `ring` or `clash`.
    kind: String,
    /// Who is concerned.
    #[schema(value_type = Vec<uuid::Uuid>)]
    accounts: Vec<AccountId>,
    /// How often, or at which sessions.
    detail: String,
    /// When it was raised, RFC 3339.
    raised_at: String,
    /// What the reviewer found; none while it waits.
    note: Option<String>,
}

/// What seems odd, newest first.
#[utoipa::path(get, path = "/api/v1/communities/{community}/points/signals", tag = "points",
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 200, body = Vec<SignalBody>), (status = "default", body = ProblemDetails)))]
async fn signals(member: Member) -> Result<Json<Vec<SignalBody>>, Failure> {
    let signals = member.read(queries::signals).await?;
    let told = signals.into_iter().map(|(signal, note)| SignalBody {
        id: signal.id,
        kind: signal.kind.name().to_owned(),
        accounts: signal.accounts,
        detail: signal.detail,
        raised_at: signal.raised_at.rfc3339(),
        note,
    });
    Ok(Json(told.collect()))
}

/// What a reviewer found.
#[derive(Deserialize, ToSchema)]
struct Finding {
    /// What was found and done.
    note: String,
}

/// Settles a signal.
#[utoipa::path(post, path = "/api/v1/communities/{community}/points/signals/{signal}/settlement", tag = "points",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("signal" = uuid::Uuid, Path, description = "The signal")),
    request_body = Finding, responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn settle(
    member: Member,
    Path((_, signal)): Path<(CommunityId, SignalId)>,
    Json(Finding { note }): Json<Finding>,
) -> Result<StatusCode, Failure> {
    member.execute(SettleSignal { signal, note }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The community's points as a whole.
#[derive(Serialize, ToSchema)]
struct BookBody {
    /// Every kind of account with its sums.
    trial: Vec<KindBody>,
    /// Closed years, the latest first.
    #[schema(value_type = Vec<Object>)]
    years: Vec<ClosedYear>,
    /// What this year would be closed with today.
    #[schema(value_type = Object)]
    this_year: ClosedYear,
}

/// The accounts of one kind together.
#[derive(Serialize, ToSchema)]
struct KindBody {
    /// Its name.
    kind: &'static str,
    /// What they hold.
    asset: &'static str,
    /// How many there are.
    accounts: u64,
    /// All that came in.
    received: i64,
    /// All that went out.
    given: i64,
}

/// The trial balance and the years.
#[utoipa::path(get, path = "/api/v1/communities/{community}/points/book", tag = "points",
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 200, body = BookBody), (status = "default", body = ProblemDetails)))]
async fn book(member: Member) -> Result<Json<BookBody>, Failure> {
    let desk = member.read(queries::desk).await?;
    let trial = desk.trial.into_iter().map(|line| KindBody {
        kind: line.name,
        asset: line.asset.name(),
        accounts: line.accounts,
        received: line.received,
        given: line.given,
    });
    Ok(Json(BookBody {
        trial: trial.collect(),
        years: desk.years,
        this_year: desk.this_year,
    }))
}
