//! What holds: the community's own rules for deciding, and what the law asks of a matter.

use axum::Json;
use axum::extract::Query;
use axum::http::StatusCode;
use ballot::resolution::{Requirement, SilenceRule};
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::model::{Ground, READ, Rules};
use crate::{AdoptRules, queries};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(rules, adopt))
        .routes(routes!(requirements))
}

/// The community's rules for deciding (议事规则), as far as Linli acts on them.
#[derive(Serialize, Deserialize, ToSchema)]
struct RulesBody {
    /// 1, 2, 3… within the community; 0 where it has adopted none. Not read when rules are adopted.
    #[serde(default)]
    version: u32,
    /// The document and article that say so.
    source: String,
    /// What silence after an effective delivery means: `not_counted`, `participates` or `follows_majority`.
    #[schema(value_type = String)]
    silence: SilenceRule,
    /// Whether a vote may be changed until the close.
    vote_may_change: bool,
    /// Whether "follow the majority" may be chosen.
    follow_allowed: bool,
    /// Whether turnout is shown while the vote runs.
    turnout_while_open: bool,
    /// How many days the preliminary result stands open to objections.
    objection_days: u32,
    /// For how many days, at most, a vote may be extended once where too few have taken part; 0 for not at all.
    #[serde(default)]
    extension_days: u32,
}

impl From<Rules> for RulesBody {
    fn from(rules: Rules) -> Self {
        Self {
            version: rules.version,
            source: rules.source,
            silence: rules.silence,
            vote_may_change: rules.vote_may_change,
            follow_allowed: rules.follow_allowed,
            turnout_while_open: rules.turnout_while_open,
            objection_days: rules.objection_days,
            extension_days: rules.extension_days,
        }
    }
}

/// Read the community's rules for deciding.
#[utoipa::path(get, path = "/api/v1/communities/{community}/decision-rules", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 200, body = RulesBody), (status = "default", body = ProblemDetails)))]
async fn rules(member: Member) -> Result<Json<RulesBody>, Failure> {
    Ok(Json(member.read(queries::rules).await?.into()))
}

/// Register the rules that the community has adopted; votes published from now on are held under them.
#[utoipa::path(post, path = "/api/v1/communities/{community}/decision-rules", tag = "decisions", request_body = RulesBody,
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 201, body = RulesBody), (status = "default", body = ProblemDetails)))]
async fn adopt(
    member: Member,
    shell::Json(body): shell::Json<RulesBody>,
) -> Result<(StatusCode, Json<RulesBody>), Failure> {
    let rules = Rules {
        version: 0,
        source: body.source,
        silence: body.silence,
        vote_may_change: body.vote_may_change,
        follow_allowed: body.follow_allowed,
        turnout_while_open: body.turnout_while_open,
        objection_days: body.objection_days,
        extension_days: body.extension_days,
    };
    member.execute(AdoptRules { rules }).await?;
    let adopted = member.read(queries::rules).await?;
    Ok((StatusCode::CREATED, Json(adopted.into())))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Planned {
    /// One of the nine matters of Civil Code Art. 278, such as `use_repair_fund`.
    #[serde(default)]
    #[param(required)]
    matter: String,
    /// `regular` or `extraordinary`.
    #[serde(default)]
    #[param(required)]
    meeting: String,
}

/// What the law in force asks of a matter here today.
#[derive(Serialize, ToSchema)]
struct RequirementsBody {
    /// Of all owners, by heads.
    participation_heads: ThresholdBody,
    /// Of all exclusive area.
    participation_area: ThresholdBody,
    /// Of those who take part, by heads.
    consent_heads: ThresholdBody,
    /// Of the area that takes part.
    consent_area: ThresholdBody,
    /// Whole days of notice before the first vote.
    notice_days: i64,
    /// The least days of the voting window, where the law sets them.
    window_min_days: Option<i64>,
    /// The most days of the voting window, where the law sets them.
    window_max_days: Option<i64>,
    /// The clauses.
    grounds: Vec<GroundBody>,
}

/// A share that must be reached.
#[derive(Serialize, ToSchema)]
struct ThresholdBody {
    /// The share's numerator.
    numerator: i64,
    /// The share's denominator.
    denominator: i64,
    /// Whether more than the share is needed, not just as much.
    more_than: bool,
    /// The clause.
    citation: String,
}

impl From<&Requirement> for ThresholdBody {
    fn from(requirement: &Requirement) -> Self {
        Self {
            numerator: requirement.required.num(),
            denominator: requirement.required.den(),
            more_than: requirement.strict,
            citation: requirement.citation.clone(),
        }
    }
}

/// A clause and what it decided.
#[derive(Serialize, ToSchema)]
struct GroundBody {
    /// `thresholds`, `notice`, `window`, `result` or `silence`.
    about: String,
    /// The law and article.
    citation: String,
    /// The clause's words, where they are held.
    quote: String,
    /// Whether the clause was read in the law's text.
    verified: bool,
}

impl From<Ground> for GroundBody {
    fn from(ground: Ground) -> Self {
        Self {
            about: ground.about,
            citation: ground.citation,
            quote: ground.quote,
            verified: ground.verified,
        }
    }
}

/// Read what the law in force asks of a matter here today.
#[utoipa::path(get, path = "/api/v1/communities/{community}/decision-requirements", tag = "decisions",
    params(("community" = uuid::Uuid, Path, description = "The community"), Planned),
    responses((status = 200, body = RequirementsBody), (status = "default", body = ProblemDetails)))]
async fn requirements(
    member: Member,
    Query(planned): Query<Planned>,
) -> Result<Json<RequirementsBody>, Failure> {
    member.context()?.require(READ)?;
    let matter = super::matter(&planned.matter)?;
    let meeting = super::meeting(&planned.meeting)?;
    let asked = member
        .read(move |read, ctx| queries::requirements(read, ctx, matter, meeting))
        .await?;
    Ok(Json(RequirementsBody {
        participation_heads: (&asked.thresholds.participation_heads).into(),
        participation_area: (&asked.thresholds.participation_area).into(),
        consent_heads: (&asked.thresholds.consent_heads).into(),
        consent_area: (&asked.thresholds.consent_area).into(),
        notice_days: asked.notice_days,
        window_min_days: asked.window_days.0,
        window_max_days: asked.window_days.1,
        grounds: asked.grounds.into_iter().map(GroundBody::from).collect(),
    }))
}
