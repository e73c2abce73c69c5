//! The JSON twin of the pages: the same commands and queries.

mod more;

use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use kernel::CommunityId;
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::model::{
    ClaimId, Confirmer, Earner, Event, Item, ItemId, ItemKind, ItemTerms, Redemption, RedemptionId,
    Rule, RuleId, RuleTerms,
};
use crate::{
    ApproveItem, CancelRedemption, ClaimPoints, ConfirmClaim, EndItem, EndRule, HandOver, MakeRule,
    OfferItem, RedeemItem, RefuseClaim, queries,
};

/// Every API route of the module.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(mine))
        .routes(routes!(statement))
        .routes(routes!(make_rule))
        .routes(routes!(end_rule))
        .routes(routes!(waiting, claim))
        .routes(routes!(confirm))
        .routes(routes!(refuse))
        .routes(routes!(offer))
        .routes(routes!(approve))
        .routes(routes!(end_item))
        .routes(routes!(redeem))
        .routes(routes!(cancel))
        .routes(routes!(hand_over))
        .merge(more::routes())
}

/// A member's points, the rules and the catalogue.
#[derive(Serialize, ToSchema)]
struct MineBody {
    /// What can be spent now.
    available: i64,
    /// What is left of each award, oldest first.
    lots: Vec<LotBody>,
    /// The rules that are open.
    #[schema(value_type = Vec<Object>)]
    rules: Vec<Rule>,
    /// What can be had.
    #[schema(value_type = Vec<Object>)]
    items: Vec<Item>,
    /// One's redemptions with their codes, newest first.
    #[schema(value_type = Vec<Object>)]
    redemptions: Vec<Redemption>,
}

/// What is left of an award.
#[derive(Serialize, ToSchema)]
struct LotBody {
    /// When it was awarded, RFC 3339.
    awarded_at: String,
    /// When it expires, RFC 3339.
    expires_at: Option<String>,
    /// What is left, held amounts included.
    remaining: i64,
    /// What is held.
    reserved: i64,
}

/// One's own points, the rules and the catalogue.
#[utoipa::path(get, path = "/api/v1/communities/{community}/points", tag = "points",
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 200, body = MineBody), (status = "default", body = ProblemDetails)))]
async fn mine(member: Member) -> Result<Json<MineBody>, Failure> {
    let mine = member.read(queries::mine).await?;
    let lots = mine.lots.into_iter().map(|lot| LotBody {
        awarded_at: lot.awarded_at.rfc3339(),
        expires_at: lot.expires_at.map(kernel::Timestamp::rfc3339),
        remaining: lot.remaining,
        reserved: lot.reserved,
    });
    Ok(Json(MineBody {
        available: mine.available,
        lots: lots.collect(),
        rules: mine.rules,
        items: mine.items,
        redemptions: mine.redemptions,
    }))
}

/// A movement of one's points.
#[derive(Serialize, ToSchema)]
struct MovementBody {
    /// The record's number in the community's book.
    seq: u64,
    /// When, RFC 3339.
    at: String,
    /// What for, where it is known.
    what: Option<String>,
    /// What it changed the balance by.
    change: i64,
    /// What it held or gave back.
    held: i64,
    /// The balance after it.
    balance: i64,
}

/// Up to which day.
#[derive(Deserialize)]
struct Asked {
    until: Option<String>,
}

/// One's own statement, newest first; up to the end of a day, if one is named.
#[utoipa::path(get, path = "/api/v1/communities/{community}/points/statement", tag = "points",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("until" = Option<String>, Query, description = "The last day, as 2026-12-31")),
    responses((status = 200, body = Vec<MovementBody>), (status = "default", body = ProblemDetails)))]
async fn statement(
    member: Member,
    Query(asked): Query<Asked>,
) -> Result<Json<Vec<MovementBody>>, Failure> {
    let until = asked.until.and_then(|day| day.parse().ok());
    let until = until.map(|day: jiff::civil::Date| kernel::Timestamp::start_of(day).plus_days(1));
    let lines = member
        .read(move |read, ctx| queries::statement(read, ctx, until))
        .await?;
    let told = lines.into_iter().map(|(line, what)| MovementBody {
        seq: line.seq,
        at: line.at.rfc3339(),
        what,
        change: line.change,
        held: line.held,
        balance: line.balance,
    });
    Ok(Json(told.collect()))
}

/// What was made.
#[derive(Serialize, ToSchema)]
struct PointsMade {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: kernel::Uuid,
}

fn made(id: kernel::Uuid) -> (StatusCode, Json<PointsMade>) {
    (StatusCode::CREATED, Json(PointsMade { id }))
}

/// A rule to make.
#[derive(Deserialize, ToSchema)]
struct RuleBody {
    /// The act, in a line.
    title: String,
    /// What shows that it was done.
    evidence: String,
    /// What it earns.
    points: i64,
    /// How often one person may claim it in a day.
    daily_cap: u32,
    /// How often one person may claim it in a calendar year.
    yearly_cap: u32,
    /// How many days what was earned stays valid.
    valid_days: u32,
    /// `everyone` (unless said otherwise) or `owners`.
    #[schema(value_type = Option<String>)]
    earned_by: Option<Earner>,
    /// `committee` (unless said otherwise) or `butler`.
    #[schema(value_type = Option<String>)]
    confirmed_by: Option<Confirmer>,
    /// `voted` where it pays by itself.
    #[schema(value_type = Option<String>)]
    event: Option<Event>,
}

/// Makes a rule.
#[utoipa::path(post, path = "/api/v1/communities/{community}/points/rules", tag = "points",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = RuleBody,
    responses((status = 201, body = PointsMade), (status = "default", body = ProblemDetails)))]
async fn make_rule(
    member: Member,
    Json(body): Json<RuleBody>,
) -> Result<(StatusCode, Json<PointsMade>), Failure> {
    let terms = RuleTerms {
        title: body.title,
        evidence: body.evidence,
        points: body.points,
        daily_cap: body.daily_cap,
        yearly_cap: body.yearly_cap,
        valid_days: body.valid_days,
        earned_by: body.earned_by.unwrap_or(Earner::Everyone),
        confirmed_by: body.confirmed_by.unwrap_or(Confirmer::Committee),
        event: body.event,
    };
    Ok(made(member.execute(MakeRule { terms }).await?.uuid()))
}

/// Ends a rule.
#[utoipa::path(post, path = "/api/v1/communities/{community}/points/rules/{rule}/end", tag = "points",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("rule" = uuid::Uuid, Path, description = "The rule")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn end_rule(
    member: Member,
    Path((_, rule)): Path<(CommunityId, RuleId)>,
) -> Result<StatusCode, Failure> {
    member.execute(EndRule { rule }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A claim that waits.
#[derive(Serialize, ToSchema)]
struct ClaimBody {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: ClaimId,
    /// The rule's title.
    title: String,
    /// Who claims.
    #[schema(value_type = uuid::Uuid)]
    account: kernel::AccountId,
    /// What shows that it was done.
    evidence: String,
    /// When, RFC 3339.
    claimed_at: String,
}

/// The claims that wait to be confirmed.
#[utoipa::path(get, path = "/api/v1/communities/{community}/points/claims", tag = "points",
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 200, body = Vec<ClaimBody>), (status = "default", body = ProblemDetails)))]
async fn waiting(member: Member) -> Result<Json<Vec<ClaimBody>>, Failure> {
    let waiting = member.read(queries::waiting_claims).await?;
    let told = waiting.into_iter().map(|one| ClaimBody {
        id: one.claim.id,
        title: one.title,
        account: one.claim.account,
        evidence: one.evidence,
        claimed_at: one.claim.claimed_at.rfc3339(),
    });
    Ok(Json(told.collect()))
}

/// A claim to make.
#[derive(Deserialize, ToSchema)]
struct NewClaim {
    /// By which rule.
    #[schema(value_type = uuid::Uuid)]
    rule: RuleId,
    /// What shows that it was done.
    evidence: String,
}

/// Claims points for an act of one's own.
#[utoipa::path(post, path = "/api/v1/communities/{community}/points/claims", tag = "points",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = NewClaim,
    responses((status = 201, body = PointsMade), (status = "default", body = ProblemDetails)))]
async fn claim(
    member: Member,
    Json(body): Json<NewClaim>,
) -> Result<(StatusCode, Json<PointsMade>), Failure> {
    let command = ClaimPoints {
        rule: body.rule,
        evidence: body.evidence,
    };
    Ok(made(member.execute(command).await?.uuid()))
}

/// Confirms somebody else's claim.
#[utoipa::path(post, path = "/api/v1/communities/{community}/points/claims/{claim}/confirmation", tag = "points",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("claim" = uuid::Uuid, Path, description = "The claim")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn confirm(
    member: Member,
    Path((_, claim)): Path<(CommunityId, ClaimId)>,
) -> Result<StatusCode, Failure> {
    member.execute(ConfirmClaim { claim }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Why a claim is refused.
#[derive(Deserialize, ToSchema)]
struct Reason {
    /// Why, for the claimant to read.
    reason: String,
}

/// Refuses somebody else's claim.
#[utoipa::path(post, path = "/api/v1/communities/{community}/points/claims/{claim}/refusal", tag = "points",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("claim" = uuid::Uuid, Path, description = "The claim")),
    request_body = Reason, responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn refuse(
    member: Member,
    Path((_, claim)): Path<(CommunityId, ClaimId)>,
    Json(Reason { reason }): Json<Reason>,
) -> Result<StatusCode, Failure> {
    member.execute(RefuseClaim { claim, reason }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Something to offer.
#[derive(Deserialize, ToSchema)]
struct ItemBody {
    /// What it is, in a line.
    title: String,
    /// What it costs.
    price: i64,
    /// How many there are.
    stock: u32,
    /// `goods`, `service` or `fee_offset`.
    #[schema(value_type = String)]
    kind: ItemKind,
    /// How many one person may redeem in a calendar year; as many as there are unless said otherwise.
    per_year: Option<u32>,
    /// What one takes off the property fee, in fen; only for `fee_offset`.
    offset_fen: Option<i64>,
}

/// Offers goods or a service; the committee approves it.
#[utoipa::path(post, path = "/api/v1/communities/{community}/points/items", tag = "points",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = ItemBody,
    responses((status = 201, body = PointsMade), (status = "default", body = ProblemDetails)))]
async fn offer(
    member: Member,
    Json(body): Json<ItemBody>,
) -> Result<(StatusCode, Json<PointsMade>), Failure> {
    let terms = ItemTerms {
        title: body.title,
        price: body.price,
        stock: body.stock,
        kind: body.kind,
        per_year: body.per_year.unwrap_or(body.stock),
        offset_fen: body.offset_fen.unwrap_or(0),
    };
    Ok(made(member.execute(OfferItem { terms }).await?.uuid()))
}

/// Approves what is offered.
#[utoipa::path(post, path = "/api/v1/communities/{community}/points/items/{item}/approval", tag = "points",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("item" = uuid::Uuid, Path, description = "The item")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn approve(
    member: Member,
    Path((_, item)): Path<(CommunityId, ItemId)>,
) -> Result<StatusCode, Failure> {
    member.execute(ApproveItem { item }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes an item off.
#[utoipa::path(post, path = "/api/v1/communities/{community}/points/items/{item}/end", tag = "points",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("item" = uuid::Uuid, Path, description = "The item")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn end_item(
    member: Member,
    Path((_, item)): Path<(CommunityId, ItemId)>,
) -> Result<StatusCode, Failure> {
    member.execute(EndItem { item }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What to redeem.
#[derive(Deserialize, ToSchema)]
struct NewRedemption {
    /// The item.
    #[schema(value_type = uuid::Uuid)]
    item: ItemId,
}

/// Redeems an item: its price is held until it is handed over.
#[utoipa::path(post, path = "/api/v1/communities/{community}/points/redemptions", tag = "points",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = NewRedemption,
    responses((status = 201, body = PointsMade), (status = "default", body = ProblemDetails)))]
async fn redeem(
    member: Member,
    Json(NewRedemption { item }): Json<NewRedemption>,
) -> Result<(StatusCode, Json<PointsMade>), Failure> {
    Ok(made(member.execute(RedeemItem { item }).await?.uuid()))
}

/// Takes one's own redemption back.
#[utoipa::path(post, path = "/api/v1/communities/{community}/points/redemptions/{redemption}/cancellation", tag = "points",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("redemption" = uuid::Uuid, Path, description = "The redemption")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn cancel(
    member: Member,
    Path((_, redemption)): Path<(CommunityId, RedemptionId)>,
) -> Result<StatusCode, Failure> {
    member.execute(CancelRedemption { redemption }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A resident's code.
#[derive(Deserialize, ToSchema)]
struct Code {
    /// The code that the resident shows.
    code: String,
}

/// What was handed over.
#[derive(Serialize, ToSchema)]
struct HandedOver {
    /// The item.
    title: String,
    /// What it cost.
    price: i64,
}

/// Hands an item over against its code.
#[utoipa::path(post, path = "/api/v1/communities/{community}/points/hand-overs", tag = "points",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = Code,
    responses((status = 200, body = HandedOver), (status = "default", body = ProblemDetails)))]
async fn hand_over(
    member: Member,
    Json(Code { code }): Json<Code>,
) -> Result<Json<HandedOver>, Failure> {
    let (title, price) = member.execute(HandOver { code }).await?;
    Ok(Json(HandedOver { title, price }))
}
