//! The JSON twin of the pages: the same commands and queries.

mod after;
mod agenda;
mod changes;
mod documents;
mod election;
mod progress;
mod rules;
mod turnout;
mod vote;

use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use ballot::resolution::Matter;
use kernel::{CommunityId, Timestamp, Window};
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::model::{Draft, Meeting, ResolutionId, names};
use crate::queries;
use crate::store::ResolutionLine;
use crate::{ChangeDraft, DraftResolution, Error, PublishResolution, WithdrawResolution};

/// Every API route of the module.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, draft))
        .routes(routes!(one, change))
        .routes(routes!(publish))
        .routes(routes!(withdraw))
        .merge(documents::routes())
        .merge(rules::routes())
        .merge(vote::routes())
        .merge(progress::routes())
        .merge(after::routes())
        .merge(agenda::routes())
        .merge(election::routes())
        .merge(changes::routes())
        .merge(turnout::routes())
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
            matter: matter(&self.matter)?,
            meeting: meeting(&self.meeting)?,
            window: Window {
                opens: Timestamp::from_micros(self.opens_us),
                closes: Timestamp::from_micros(self.closes_us),
            },
        })
    }
}

/// The matter of this name.
fn matter(name: &str) -> Result<Matter, Error> {
    name.parse().map_err(|_| Error::NotOneOf {
        field: "matter",
        given: name.to_owned(),
        allowed: names(Matter::ALL.iter().map(|one| one.name())),
    })
}

/// The kind of meeting of this name.
fn meeting(name: &str) -> Result<Meeting, Error> {
    Meeting::from_name(name).ok_or_else(|| Error::NotOneOf {
        field: "meeting",
        given: name.to_owned(),
        allowed: names(Meeting::ALL.iter().map(|one| one.name())),
    })
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

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Meant {
    /// Whether a window that is unusually short, long or far off is meant; without it such a one is refused.
    #[serde(default)]
    confirmed: bool,
}

/// Publish a draft; the electorate freezes.
#[utoipa::path(post, path = "/api/v1/communities/{community}/resolutions/{resolution}/publication", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("resolution" = uuid::Uuid, Path, description = "The resolution"), Meant),
    responses((status = 201, body = Published), (status = "default", body = ProblemDetails)))]
async fn publish(
    member: Member,
    Path((_, resolution)): Path<(CommunityId, ResolutionId)>,
    Query(Meant { confirmed }): Query<Meant>,
) -> Result<(StatusCode, Json<Published>), Failure> {
    let number = member
        .execute(PublishResolution {
            resolution,
            is_confirmed: confirmed,
        })
        .await?;
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
