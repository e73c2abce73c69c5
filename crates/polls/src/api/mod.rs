//! The JSON twin of the pages, and the two calls of a voter's device.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use credential::Ballot;
use kernel::CommunityId;
use serde::{Deserialize, Serialize};
use shell::{App, Client, Failure, Member, ProblemDetails, Throttle};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::model::{Draft, ElectorId, PollId, code_of};
use crate::{
    CastBallot, ChangePoll, CollectCredential, CountPoll, DraftPoll, Error, PublishPoll,
    WithdrawPoll, queries,
};

mod budget;
mod desk;

/// Every API route of the module.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, draft))
        .routes(routes!(one, change))
        .routes(routes!(publish))
        .routes(routes!(withdraw))
        .routes(routes!(collect))
        .routes(routes!(cast))
        .routes(routes!(count))
        .routes(routes!(board))
        .routes(routes!(find))
        .merge(desk::routes())
        .merge(budget::routes())
}

/// A poll in a list.
#[derive(Serialize, ToSchema)]
struct PollLineBody {
    /// Its id.
    id: uuid::Uuid,
    /// The question.
    title: String,
    /// Where it stands: draft, notice, voting, closed, counted, withdrawn.
    stage: String,
    /// When ballots are taken from, RFC 3339.
    opens: String,
    /// When it closes, RFC 3339.
    closes: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Before {
    /// Only polls drafted before this one.
    #[param(value_type = Option<uuid::Uuid>)]
    before: Option<PollId>,
}

/// List polls, newest first, 30 at a time.
#[utoipa::path(get, path = "/api/v1/communities/{community}/polls", tag = "polls",
    params(("community" = uuid::Uuid, Path, description = "The community"), Before),
    responses((status = 200, body = Vec<PollLineBody>), (status = "default", body = ProblemDetails)))]
async fn list(
    member: Member,
    Query(Before { before }): Query<Before>,
) -> Result<Json<Vec<PollLineBody>>, Failure> {
    let now = member.visitor.now;
    let lines = member
        .read(move |read, ctx| queries::polls(read, ctx, before))
        .await?;
    let line = |line: &crate::PollLine| PollLineBody {
        id: line.id.uuid(),
        title: line.title.clone(),
        stage: line.done.stage(now).name().to_owned(),
        opens: line.done.window.opens.rfc3339(),
        closes: line.done.window.closes.rfc3339(),
    };
    Ok(Json(lines.iter().map(line).collect()))
}

/// The id of what was made.
#[derive(Serialize, ToSchema)]
struct PollMade {
    /// The new id.
    id: uuid::Uuid,
}

/// Draft a poll.
#[utoipa::path(post, path = "/api/v1/communities/{community}/polls", tag = "polls",
    request_body = Object,
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 201, body = PollMade), (status = "default", body = ProblemDetails)))]
async fn draft(
    member: Member,
    shell::Json(draft): shell::Json<Draft>,
) -> Result<(StatusCode, Json<PollMade>), Failure> {
    let id = member.execute(DraftPoll { draft }).await?;
    Ok((StatusCode::CREATED, Json(PollMade { id: id.uuid() })))
}

/// A poll with the actor's own votes.
#[derive(Serialize, ToSchema)]
struct PollBody {
    /// Its id.
    id: uuid::Uuid,
    /// What was drafted.
    #[schema(value_type = Object)]
    draft: Draft,
    /// Where it stands.
    stage: String,
    /// The key of its credentials: SubjectPublicKeyInfo in Base64, once published.
    public_key: Option<String>,
    /// How many have a vote, once published.
    electors: Option<u32>,
    /// The electors that the actor may collect a credential for.
    own_electors: Vec<uuid::Uuid>,
    /// Who won, by the place in the list of options from 0, once counted; several on a tie.
    winners: Option<Vec<usize>>,
}

/// Read a poll.
#[utoipa::path(get, path = "/api/v1/communities/{community}/polls/{poll}", tag = "polls",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("poll" = uuid::Uuid, Path, description = "The poll")),
    responses((status = 200, body = PollBody), (status = "default", body = ProblemDetails)))]
async fn one(
    member: Member,
    Path((_, id)): Path<(CommunityId, PollId)>,
) -> Result<Json<PollBody>, Failure> {
    let view = member
        .read(move |read, ctx| queries::view(read, ctx, id))
        .await?;
    let publication = view.poll.publication.as_ref();
    Ok(Json(PollBody {
        id: id.uuid(),
        stage: view.stage.name().to_owned(),
        public_key: publication.map(|publication| STANDARD.encode(&publication.public_key)),
        electors: publication.map(|publication| publication.electors),
        own_electors: view.own.iter().map(|elector| elector.id.uuid()).collect(),
        winners: view.counted.map(|counted| counted.winners().to_vec()),
        draft: view.poll.draft,
    }))
}

/// Change a draft.
#[utoipa::path(put, path = "/api/v1/communities/{community}/polls/{poll}", tag = "polls", request_body = Object,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("poll" = uuid::Uuid, Path, description = "The poll")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn change(
    member: Member,
    Path((_, poll)): Path<(CommunityId, PollId)>,
    shell::Json(draft): shell::Json<Draft>,
) -> Result<StatusCode, Failure> {
    member.execute(ChangePoll { poll, draft }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Publish a draft: freezes the electors and makes the poll's key. Answers how many have a vote.
#[utoipa::path(post, path = "/api/v1/communities/{community}/polls/{poll}/publication", tag = "polls",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("poll" = uuid::Uuid, Path, description = "The poll")),
    responses((status = 200, body = u32), (status = "default", body = ProblemDetails)))]
async fn publish(
    member: Member,
    Path((_, poll)): Path<(CommunityId, PollId)>,
) -> Result<Json<u32>, Failure> {
    let key = crate::key::fresh(&member, poll).await?;
    Ok(Json(member.execute(PublishPoll { poll, key }).await?))
}

/// Why.
#[derive(Deserialize, ToSchema)]
struct PollReason {
    /// For everyone to read.
    reason: String,
}

/// Withdraw a poll before its close.
#[utoipa::path(post, path = "/api/v1/communities/{community}/polls/{poll}/withdrawal", tag = "polls", request_body = PollReason,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("poll" = uuid::Uuid, Path, description = "The poll")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn withdraw(
    member: Member,
    Path((_, poll)): Path<(CommunityId, PollId)>,
    shell::Json(PollReason { reason }): shell::Json<PollReason>,
) -> Result<StatusCode, Failure> {
    member.execute(WithdrawPoll { poll, reason }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A blinded voter key.
#[derive(Deserialize, ToSchema)]
struct BlindedKey {
    /// The elector that it is for.
    #[schema(value_type = uuid::Uuid)]
    elector: ElectorId,
    /// The blinded message (RFC 9474) in Base64.
    blinded: String,
}

/// A blind signature.
#[derive(Serialize, ToSchema)]
struct BlindSignature {
    /// The blind signature in Base64.
    signed: String,
}

/// Collect the credential of an elector: once each. The same message again gets the same signature.
#[utoipa::path(post, path = "/api/v1/communities/{community}/polls/{poll}/credentials", tag = "polls", request_body = BlindedKey,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("poll" = uuid::Uuid, Path, description = "The poll")),
    responses((status = 200, body = BlindSignature), (status = "default", body = ProblemDetails)))]
async fn collect(
    member: Member,
    Path((_, poll)): Path<(CommunityId, PollId)>,
    shell::Json(BlindedKey { elector, blinded }): shell::Json<BlindedKey>,
) -> Result<Json<BlindSignature>, Failure> {
    let blinded = decoded(&blinded)?;
    let asked = blinded.clone();
    let again = member
        .read(move |read, ctx| queries::is_collected_with(read, ctx, poll, elector, &asked))
        .await?;
    if !again {
        let blinded = blinded.clone();
        member
            .execute(CollectCredential {
                poll,
                elector,
                blinded,
            })
            .await?;
    }
    // BlindSignature outside of the lane: it takes longer than the rest, and nobody else should wait for it.
    let signed = member
        .read(move |read, ctx| queries::sign(read, ctx, poll, elector, &blinded))
        .await?;
    Ok(Json(BlindSignature {
        signed: STANDARD.encode(signed),
    }))
}

/// A ballot from a device.
#[derive(Deserialize, ToSchema)]
struct SealedBallot {
    /// The voter key, an uncompressed point of P-256, in Base64.
    voter_key: String,
    /// The credential in Base64.
    credential: String,
    /// Option numbers from 1, comma-separated.
    choice: String,
    /// The seal in Base64.
    seal: String,
}

/// What the voter gets.
#[derive(Serialize, ToSchema)]
struct BallotTaken {
    /// The code under which the ballot will stand on the board.
    code: String,
}

/// Cast a ballot. Takes no session and asks not who sends it: the credential on the ballot is the permission. The same
/// ballot again is answered the same.
#[utoipa::path(post, path = "/api/v1/communities/{community}/polls/{poll}/ballots", tag = "polls", security(()), request_body = SealedBallot,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("poll" = uuid::Uuid, Path, description = "The poll")),
    responses((status = 200, body = BallotTaken), (status = "default", body = ProblemDetails)))]
async fn cast(
    State(app): State<App>,
    client: Client,
    Extension(throttle): Extension<Throttle>,
    Path((community, poll)): Path<(CommunityId, PollId)>,
    shell::Json(sealed): shell::Json<SealedBallot>,
) -> Result<Json<BallotTaken>, Failure> {
    throttle.count(&client)?;
    let ballot = Ballot {
        voter_key: decoded(&sealed.voter_key)?,
        credential: decoded(&sealed.credential)?,
        choice: sealed.choice,
        seal: decoded(&sealed.seal)?,
    };
    let code = code_of(&ballot.serial());
    let ctx = app.system_context(community)?;
    let command = CastBallot {
        poll,
        ballot: ballot.clone(),
    };
    match app.journal().execute(ctx, command).await {
        Ok(()) => {}
        Err(Error::AlreadyUsed) => {
            let ctx = app.system_context(community)?;
            let ask = move |read: &mut dyn db::Read| queries::is_in_box(read, &ctx, poll, &ballot);
            if !app.database().read(ask).await? {
                return Err(Error::AlreadyUsed.into());
            }
        }
        Err(error) => return Err(error.into()),
    }
    Ok(Json(BallotTaken { code }))
}

/// Count a closed poll and publish its board.
#[utoipa::path(post, path = "/api/v1/communities/{community}/polls/{poll}/count", tag = "polls",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("poll" = uuid::Uuid, Path, description = "The poll")),
    responses((status = 200, body = Vec<usize>), (status = "default", body = ProblemDetails)))]
async fn count(
    member: Member,
    Path((_, poll)): Path<(CommunityId, PollId)>,
) -> Result<Json<Vec<usize>>, Failure> {
    Ok(Json(member.execute(CountPoll { poll }).await?))
}

/// Read the board of a counted poll, byte for byte as it was published.
#[utoipa::path(get, path = "/api/v1/communities/{community}/polls/{poll}/board", tag = "polls",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("poll" = uuid::Uuid, Path, description = "The poll")),
    responses((status = 200, body = Object), (status = "default", body = ProblemDetails)))]
async fn board(
    member: Member,
    Path((_, id)): Path<(CommunityId, PollId)>,
) -> Result<([(axum::http::HeaderName, &'static str); 1], String), Failure> {
    let text = member
        .read(move |read, ctx| queries::board_text(read, ctx, id))
        .await?;
    let json = (axum::http::header::CONTENT_TYPE, "application/json");
    Ok(([json], text))
}

/// A ballot on the board.
#[derive(Serialize, ToSchema)]
struct FoundBallot {
    /// Its code.
    code: String,
    /// What was chosen: option numbers from 1.
    choice: String,
}

/// Find the ballot on the board of a counted poll by the code on its receipt.
#[utoipa::path(get, path = "/api/v1/communities/{community}/polls/{poll}/ballots/{code}", tag = "polls",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("poll" = uuid::Uuid, Path, description = "The poll"),
        ("code" = String, Path, description = "The code on the receipt")),
    responses((status = 200, body = FoundBallot), (status = "default", body = ProblemDetails)))]
async fn find(
    member: Member,
    Path((_, id, code)): Path<(CommunityId, PollId, String)>,
) -> Result<Json<FoundBallot>, Failure> {
    let found = member
        .read(move |read, ctx| queries::find_ballot(read, ctx, id, &code))
        .await?
        .ok_or(Error::NoSuchBallot)?;
    Ok(Json(FoundBallot {
        code: found.code,
        choice: found.choice,
    }))
}

fn decoded(text: &str) -> Result<Vec<u8>, Failure> {
    STANDARD.decode(text).map_err(Failure::malformed)
}
