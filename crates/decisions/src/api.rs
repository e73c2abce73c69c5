//! The JSON twin of the pages: the same commands and queries.

use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use ballot::resolution::{Choice, Matter};
use kernel::{CommunityId, Timestamp, Window};
use people::model::UnitId;
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::model::{Channel, DeliveryChannel, Draft, Meeting, ResolutionId};
use crate::queries;
use crate::store::ResolutionLine;
use crate::{
    AnnounceResult, AnswerObjection, CastVote, ChangeDraft, CountVotes, DraftResolution, Error,
    PublishResolution, RaiseObjection, RecordDelivery, RecordVote, WithdrawResolution,
};

/// Every API route of the module.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, draft))
        .routes(routes!(one, change))
        .routes(routes!(publish))
        .routes(routes!(withdraw))
        .routes(routes!(cast))
        .routes(routes!(record_vote))
        .routes(routes!(record_delivery))
        .routes(routes!(receipt))
        .routes(routes!(count))
        .routes(routes!(result))
        .routes(routes!(record))
        .routes(routes!(object))
        .routes(routes!(answer))
        .routes(routes!(announce))
}

/// A resolution in a list.
#[derive(Serialize, ToSchema)]
struct Line {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: ResolutionId,
    /// Its number, once published.
    number: Option<String>,
    /// The question.
    title: String,
    /// Which matter of Civil Code Art. 278.
    matter: String,
    /// Where it stands: draft, notice, voting, closed, objection, settled, announced, withdrawn.
    stage: String,
    /// When votes are taken from, RFC 3339.
    opens: String,
    /// When the vote closes, RFC 3339.
    closes: String,
    /// Whether it passed, once counted.
    passed: Option<bool>,
}

impl Line {
    fn of(line: &ResolutionLine, now: Timestamp) -> Self {
        Self {
            id: line.id,
            number: line.number.clone(),
            title: line.title.clone(),
            matter: line.matter.name().to_owned(),
            stage: line.progress.stage(now).name().to_owned(),
            opens: line.window.opens.rfc3339(),
            closes: line.window.closes.rfc3339(),
            passed: line.passed,
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Before {
    /// Only resolutions drafted before this one.
    #[param(value_type = Option<uuid::Uuid>)]
    before: Option<ResolutionId>,
}

/// List resolutions, newest first, 30 at a time.
#[utoipa::path(get, path = "/api/v1/communities/{community}/resolutions", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), Before),
    responses((status = 200, body = Vec<Line>), (status = "default", body = ProblemDetails)))]
async fn list(
    member: Member,
    Query(Before { before }): Query<Before>,
) -> Result<Json<Vec<Line>>, Failure> {
    let now = member.visitor.now;
    let lines = member
        .read(move |read, ctx| queries::resolutions(read, ctx, before))
        .await?;
    Ok(Json(lines.iter().map(|line| Line::of(line, now)).collect()))
}

/// What a drafter writes.
#[derive(Deserialize, ToSchema)]
struct DraftBody {
    /// The question, at most 100 characters.
    title: String,
    /// The text put to the vote.
    body: String,
    /// One of the nine matters of Civil Code Art. 278, such as `use_repair_fund`.
    matter: String,
    /// `regular` or `extraordinary`.
    meeting: String,
    /// When votes are taken from: microseconds since 1970 UTC.
    opens_us: i64,
    /// When the vote closes: microseconds since 1970 UTC.
    closes_us: i64,
}

impl DraftBody {
    fn draft(self) -> Result<Draft, Failure> {
        Ok(Draft {
            title: self.title,
            body: self.body,
            matter: self
                .matter
                .parse::<Matter>()
                .map_err(|_| Failure::from(Error::Blank { field: "matter" }))?,
            meeting: Meeting::from_name(&self.meeting).ok_or(Error::Blank { field: "meeting" })?,
            window: Window {
                opens: Timestamp::from_micros(self.opens_us),
                closes: Timestamp::from_micros(self.closes_us),
            },
        })
    }
}

/// The id of what was made.
#[derive(Serialize, ToSchema)]
struct Made {
    /// The new id.
    id: uuid::Uuid,
}

/// Draft a resolution.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions", tag = "decisions", request_body = DraftBody,
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 201, body = Made), (status = "default", body = ProblemDetails)))]
async fn draft(
    member: Member,
    shell::Json(body): shell::Json<DraftBody>,
) -> Result<(StatusCode, Json<Made>), Failure> {
    let id = member
        .execute(DraftResolution {
            draft: body.draft()?,
        })
        .await?;
    Ok((StatusCode::CREATED, Json(Made { id: id.uuid() })))
}

/// A resolution with the actor's own units.
#[derive(Serialize, ToSchema)]
struct One {
    /// Its id.
    id: uuid::Uuid,
    /// Its number, once published.
    number: Option<String>,
    /// The question.
    title: String,
    /// The text put to the vote.
    body: String,
    /// The matter.
    matter: String,
    /// Where it stands.
    stage: String,
    /// When votes are taken from, RFC 3339.
    opens: String,
    /// When the vote closes, RFC 3339.
    closes: String,
    /// What it was published under: window, rules, thresholds, clauses.
    #[schema(value_type = Object)]
    terms: Option<serde_json::Value>,
    /// The actor's own units and what stands for each.
    own_units: Vec<OwnUnitBody>,
    /// Turnout, where the rules let it be shown.
    turnout: Option<TurnoutBody>,
}

/// One of the actor's units.
#[derive(Serialize, ToSchema)]
struct OwnUnitBody {
    /// The unit.
    unit: uuid::Uuid,
    /// Building and number.
    label: String,
    /// Exclusive area in 0.01 m².
    area_hundredths: i64,
    /// Whether the actor may vote for it: as its only owner, or as the voice of its co-owners.
    votable: bool,
    /// What was chosen, if anything.
    choice: Option<String>,
    /// The receipt's code.
    code: Option<String>,
}

/// For how much something was cast.
#[derive(Serialize, ToSchema)]
struct TurnoutBody {
    /// Units.
    units: u32,
    /// Heads.
    heads: u32,
    /// Exclusive area in 0.01 m².
    area_hundredths: i64,
}

/// Read a resolution.
#[utoipa::path(get, path = "/api/v1/communities/{community}/resolutions/{resolution}", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 200, body = One), (status = "default", body = ProblemDetails)))]
async fn one(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Json<One>, Failure> {
    let view = member
        .read(move |read, ctx| queries::view(read, ctx, id))
        .await?;
    let own_units = view.own.iter().map(|own| OwnUnitBody {
        unit: own.unit.uuid(),
        label: format!("{} {}", own.building, own.label),
        area_hundredths: own.area.get(),
        votable: view.votable.contains(&own.unit),
        choice: own.vote.as_ref().map(|vote| vote.choice.clone()),
        code: own.vote.as_ref().map(|vote| vote.code.clone()),
    });
    let own_units = own_units.collect();
    let resolution = view.resolution;
    let terms = resolution
        .publication
        .as_ref()
        .and_then(|publication| serde_json::to_value(&publication.terms).ok());
    Ok(Json(One {
        id: resolution.id.uuid(),
        number: resolution.publication.map(|publication| publication.number),
        title: resolution.draft.title,
        body: resolution.draft.body,
        matter: resolution.draft.matter.name().to_owned(),
        stage: view.stage.name().to_owned(),
        opens: resolution.draft.window.opens.rfc3339(),
        closes: resolution.draft.window.closes.rfc3339(),
        terms,
        own_units,
        turnout: view.turnout.map(|turnout| TurnoutBody {
            units: turnout.units,
            heads: turnout.heads,
            area_hundredths: turnout.area.get(),
        }),
    }))
}

/// Change a draft.
#[utoipa::path(put, path = "/api/v1/communities/{community}/resolutions/{resolution}", tag = "decisions", request_body = DraftBody,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn change(
    member: Member,
    Path((_, resolution)): Path<(CommunityId, ResolutionId)>,
    shell::Json(body): shell::Json<DraftBody>,
) -> Result<StatusCode, Failure> {
    member
        .execute(ChangeDraft {
            resolution,
            draft: body.draft()?,
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The number of a published resolution.
#[derive(Serialize, ToSchema)]
struct Published {
    /// Such as `2026-3`.
    number: String,
}

/// Publish a draft; the electorate freezes.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/publication", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 201, body = Published), (status = "default", body = ProblemDetails)))]
async fn publish(
    member: Member,
    Path((_, resolution)): Path<(CommunityId, ResolutionId)>,
) -> Result<(StatusCode, Json<Published>), Failure> {
    let number = member.execute(PublishResolution { resolution }).await?;
    Ok((StatusCode::CREATED, Json(Published { number })))
}

/// Words that go with an act.
#[derive(Deserialize, ToSchema)]
struct Words {
    /// The words.
    text: String,
}

/// Withdraw a resolution before the close; `text` is the reason.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/withdrawal", tag = "decisions", request_body = Words,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 201), (status = "default", body = ProblemDetails)))]
async fn withdraw(
    member: Member,
    Path((_, resolution)): Path<(CommunityId, ResolutionId)>,
    shell::Json(Words { text }): shell::Json<Words>,
) -> Result<StatusCode, Failure> {
    member
        .execute(WithdrawResolution {
            resolution,
            reason: text,
        })
        .await?;
    Ok(StatusCode::CREATED)
}

/// A vote.
#[derive(Deserialize, ToSchema)]
struct VoteBody {
    /// The unit voted for.
    #[schema(value_type = uuid::Uuid)]
    unit: UnitId,
    /// `for`, `against`, `abstain` or, where the rules allow it, `follow`.
    #[schema(value_type = String)]
    choice: Choice,
}

/// What the voter gets to know.
#[derive(Serialize, ToSchema)]
struct VoteMade {
    /// The receipt's code.
    code: String,
    /// The vote's entry in the community's journal.
    position: u64,
    /// 1 for the unit's first vote, 2 for a changed one…
    revision: u32,
    /// The server's time of the vote, RFC 3339.
    at: String,
}

impl From<crate::VoteCast> for VoteMade {
    fn from(cast: crate::VoteCast) -> Self {
        Self {
            code: cast.code,
            position: cast.position,
            revision: cast.revision,
            at: cast.at.rfc3339(),
        }
    }
}

/// Vote for one's own unit, or change the vote where the rules allow it.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/votes", tag = "decisions", request_body = VoteBody,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 201, body = VoteMade), (status = "default", body = ProblemDetails)))]
async fn cast(
    member: Member,
    Path((_, resolution)): Path<(CommunityId, ResolutionId)>,
    shell::Json(VoteBody { unit, choice }): shell::Json<VoteBody>,
) -> Result<(StatusCode, Json<VoteMade>), Failure> {
    let cast = member
        .execute_together(CastVote {
            resolution,
            unit,
            choice,
        })
        .await?;
    Ok((StatusCode::CREATED, Json(cast.into())))
}

/// A vote that came in beside the platform.
#[derive(Deserialize, ToSchema)]
struct RecordVoteBody {
    /// The unit voted for.
    #[schema(value_type = uuid::Uuid)]
    unit: UnitId,
    /// `for`, `against`, `abstain` or `follow`.
    #[schema(value_type = String)]
    choice: Choice,
    /// `paper`, `door` or `phone`.
    #[schema(value_type = String)]
    channel: Channel,
    /// When it was received: microseconds since 1970 UTC.
    received_us: i64,
    /// Who took it, and where the paper or recording lies.
    evidence: String,
}

/// Record a vote on paper, at the door or by phone.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/recorded-votes", tag = "decisions", request_body = RecordVoteBody,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 201, body = VoteMade), (status = "default", body = ProblemDetails)))]
async fn record_vote(
    member: Member,
    Path((_, resolution)): Path<(CommunityId, ResolutionId)>,
    shell::Json(body): shell::Json<RecordVoteBody>,
) -> Result<(StatusCode, Json<VoteMade>), Failure> {
    let command = RecordVote {
        resolution,
        unit: body.unit,
        choice: body.choice,
        channel: body.channel,
        received_at: Timestamp::from_micros(body.received_us),
        evidence: body.evidence,
    };
    Ok((
        StatusCode::CREATED,
        Json(member.execute(command).await?.into()),
    ))
}

/// A delivery of the ballot.
#[derive(Deserialize, ToSchema)]
struct DeliveryBody {
    /// The unit.
    #[schema(value_type = uuid::Uuid)]
    unit: UnitId,
    /// `hand`, `post`, `message` or `letter_box`.
    #[schema(value_type = String)]
    channel: DeliveryChannel,
    /// When: microseconds since 1970 UTC.
    delivered_us: i64,
    /// By whom, and where the proof lies.
    evidence: String,
    /// Whether the ballot said what silence means.
    warned_of_silence: bool,
}

/// Record that the ballot was delivered to a unit.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/deliveries", tag = "decisions", request_body = DeliveryBody,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 201), (status = "default", body = ProblemDetails)))]
async fn record_delivery(
    member: Member,
    Path((_, resolution)): Path<(CommunityId, ResolutionId)>,
    shell::Json(body): shell::Json<DeliveryBody>,
) -> Result<StatusCode, Failure> {
    let command = RecordDelivery {
        resolution,
        unit: body.unit,
        channel: body.channel,
        delivered_at: Timestamp::from_micros(body.delivered_us),
        evidence: body.evidence,
        warned_of_silence: body.warned_of_silence,
    };
    member.execute(command).await?;
    Ok(StatusCode::CREATED)
}

/// The receipt of one's own unit's vote, for `linli verify`.
#[utoipa::path(get, path = "/api/v1/communities/{community}/resolutions/{resolution}/receipts/{unit}", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution"), ("unit" = uuid::Uuid, Path, description = "The unit")),
    responses((status = 200, body = Object), (status = "default", body = ProblemDetails)))]
async fn receipt(
    member: Member,
    Path((_, resolution, unit)): Path<(CommunityId, ResolutionId, UnitId)>,
) -> Result<Json<proof::Receipt>, Failure> {
    Ok(Json(
        crate::pages::receipt_of(&member, resolution, unit).await?,
    ))
}

/// Whether it passed.
#[derive(Serialize, ToSchema)]
struct Verdict {
    /// Whether every threshold is met.
    passed: bool,
}

/// Count a closed vote.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/count", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 201, body = Verdict), (status = "default", body = ProblemDetails)))]
async fn count(
    member: Member,
    Path((_, resolution)): Path<(CommunityId, ResolutionId)>,
) -> Result<(StatusCode, Json<Verdict>), Failure> {
    let passed = member.execute(CountVotes { resolution }).await?;
    Ok((StatusCode::CREATED, Json(Verdict { passed })))
}

/// The result in every number.
#[utoipa::path(get, path = "/api/v1/communities/{community}/resolutions/{resolution}/result", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 200, body = Object), (status = "default", body = ProblemDetails)))]
async fn result(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Json<ballot::resolution::Outcome>, Failure> {
    Ok(Json(
        member
            .read(move |read, ctx| queries::result(read, ctx, id))
            .await?
            .outcome,
    ))
}

/// The published record: every ballot under its receipt code.
#[utoipa::path(get, path = "/api/v1/communities/{community}/resolutions/{resolution}/record", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 200, body = Object), (status = "default", body = ProblemDetails)))]
async fn record(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<([(axum::http::HeaderName, &'static str); 1], String), Failure> {
    let text = member
        .read(move |read, ctx| queries::published_record(read, ctx, id))
        .await?;
    Ok((
        [(axum::http::header::CONTENT_TYPE, "application/json")],
        text,
    ))
}

/// Object to a preliminary result.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/objections", tag = "decisions", request_body = Words,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 201, body = Made), (status = "default", body = ProblemDetails)))]
async fn object(
    member: Member,
    Path((_, resolution)): Path<(CommunityId, ResolutionId)>,
    shell::Json(Words { text }): shell::Json<Words>,
) -> Result<(StatusCode, Json<Made>), Failure> {
    let id = member.execute(RaiseObjection { resolution, text }).await?;
    Ok((StatusCode::CREATED, Json(Made { id: id.uuid() })))
}

/// Answer an objection.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/objections/{objection}/answer", tag = "decisions", request_body = Words,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution"), ("objection" = uuid::Uuid, Path, description = "The objection")),
    responses((status = 201), (status = "default", body = ProblemDetails)))]
async fn answer(
    member: Member,
    Path((_, resolution, objection)): Path<(CommunityId, ResolutionId, crate::model::ObjectionId)>,
    shell::Json(Words { text }): shell::Json<Words>,
) -> Result<StatusCode, Failure> {
    member
        .execute(AnswerObjection {
            resolution,
            objection,
            text,
        })
        .await?;
    Ok(StatusCode::CREATED)
}

/// Announce the final result; `text` is what the committee adds, perhaps nothing.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/announcement", tag = "decisions", request_body = Words,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution")),
    responses((status = 201, body = Verdict), (status = "default", body = ProblemDetails)))]
async fn announce(
    member: Member,
    Path((_, resolution)): Path<(CommunityId, ResolutionId)>,
    shell::Json(Words { text }): shell::Json<Words>,
) -> Result<(StatusCode, Json<Verdict>), Failure> {
    let passed = member
        .execute(AnnounceResult {
            resolution,
            remark: text,
        })
        .await?;
    Ok((StatusCode::CREATED, Json(Verdict { passed })))
}
