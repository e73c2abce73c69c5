//! The JSON twin of the pages.

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::{Extension, Json};
use kernel::{CommunityId, Timestamp};
use serde::{Deserialize, Serialize};
use shell::{App, Client, Failure, Member, ProblemDetails, Throttle};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::model::{Channel, ConsultationId, Draft, Outcome};
use crate::pages::comment_once;
use crate::{
    AnswerComments, Change, ChangeText, CommentOnText, DraftText, EnterLetter, IssueVersion,
    PublishText, WithdrawComment, queries,
};

/// Every API route of the module.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, draft))
        .routes(routes!(one, change))
        .routes(routes!(publish))
        .routes(routes!(comment))
        .routes(routes!(withdraw))
        .routes(routes!(enter))
        .routes(routes!(answer))
        .routes(routes!(issue))
        .routes(routes!(revision))
}

/// A consultation in a list.
#[derive(Serialize, ToSchema)]
struct ConsultationLine {
    /// Its id.
    id: uuid::Uuid,
    /// What the text is called.
    title: String,
    /// Where it stands: draft, open, ended.
    stage: String,
    /// The first instant at which no comment is taken, RFC 3339.
    closes: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Before {
    /// Only consultations drafted before this one.
    #[param(value_type = Option<uuid::Uuid>)]
    before: Option<ConsultationId>,
}

/// List consultations, newest first, 50 at a time.
#[utoipa::path(get, path = "/api/v1/communities/{community}/consultations", tag = "consultation",
    security((), ("bearer" = [])), params(("community" = uuid::Uuid, Path, description = "The community"), Before),
    responses((status = 200, body = Vec<ConsultationLine>), (status = "default", body = ProblemDetails)))]
async fn list(
    member: Member,
    Query(Before { before }): Query<Before>,
) -> Result<Json<Vec<ConsultationLine>>, Failure> {
    let now = member.visitor.now;
    let lines = member
        .read(move |read, ctx| queries::consultations(read, ctx, before))
        .await?;
    let line = |line: &crate::Line| ConsultationLine {
        id: line.id.uuid(),
        title: line.title.clone(),
        stage: line.stage(now).name().to_owned(),
        closes: line.closes.rfc3339(),
    };
    Ok(Json(lines.iter().map(line).collect()))
}

/// The id of what was drafted.
#[derive(Serialize, ToSchema)]
struct ConsultationMade {
    /// The new id.
    id: uuid::Uuid,
}

/// Draft a consultation.
#[utoipa::path(post, path = "/api/v1/communities/{community}/consultations", tag = "consultation", request_body = Draft,
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 201, body = ConsultationMade), (status = "default", body = ProblemDetails)))]
async fn draft(
    member: Member,
    shell::Json(draft): shell::Json<Draft>,
) -> Result<(StatusCode, Json<ConsultationMade>), Failure> {
    let id = member.execute(DraftText { draft }).await?;
    Ok((
        StatusCode::CREATED,
        Json(ConsultationMade { id: id.uuid() }),
    ))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Only comments after this number.
    #[serde(default)]
    after: u32,
    /// Only comments on this clause, from 1; 0 for the whole text.
    clause: Option<u32>,
}

/// A consultation with up to 50 of its comments.
#[derive(Serialize, ToSchema)]
struct ConsultationBody {
    /// Its id.
    id: uuid::Uuid,
    /// Where it stands: draft, open, ended.
    stage: String,
    /// What it says.
    draft: Draft,
    /// Comments in the order of arrival.
    comments: Vec<CommentBody>,
    /// How many comments each clause has, by what became of them.
    counts: Vec<CountBody>,
    /// The numbers of the versions after the published one.
    versions: Vec<u32>,
}

/// A comment with what became of it.
#[derive(Serialize, ToSchema)]
struct CommentBody {
    /// Its number.
    number: u32,
    /// The clause, from 1; 0 for the whole text.
    clause: u32,
    /// How it came: online, letter, paper, phone.
    channel: String,
    /// What was said.
    text: String,
    /// When it came, RFC 3339.
    received: String,
    /// The first comment with the same words.
    same_as: Option<u32>,
    /// Whether it was withdrawn.
    withdrawn: bool,
    /// What became of it: adopted, partly, `not_adopted`; null while it waits.
    outcome: Option<String>,
    /// Why.
    reason: Option<String>,
}

/// A number of comments.
#[derive(Serialize, ToSchema)]
struct CountBody {
    /// The clause, from 1; 0 for the whole text.
    clause: u32,
    /// What became of them: waiting, withdrawn, adopted, partly, `not_adopted`.
    outcome: String,
    /// How many.
    comments: u64,
}

/// Read a consultation with its comments.
#[utoipa::path(get, path = "/api/v1/communities/{community}/consultations/{consultation}", tag = "consultation",
    security((), ("bearer" = [])), params(("community" = uuid::Uuid, Path, description = "The community"),
        ("consultation" = uuid::Uuid, Path, description = "The consultation"), Which),
    responses((status = 200, body = ConsultationBody), (status = "default", body = ProblemDetails)))]
async fn one(
    member: Member,
    Path((_, id)): Path<(CommunityId, ConsultationId)>,
    Query(Which { after, clause }): Query<Which>,
) -> Result<Json<ConsultationBody>, Failure> {
    let view = member
        .read(move |read, ctx| queries::consultation(read, ctx, id, after, clause))
        .await?;
    let comment = |one: crate::Comment| CommentBody {
        number: one.number,
        clause: one.clause,
        channel: one.channel.name().to_owned(),
        text: one.text,
        received: one.received.rfc3339(),
        same_as: one.same_as,
        withdrawn: one.withdrawn.is_some(),
        outcome: one
            .answered
            .as_ref()
            .map(|answer| answer.outcome.name().to_owned()),
        reason: one.answered.map(|answer| answer.reason),
    };
    let count = |(clause, outcome, comments)| CountBody {
        clause,
        outcome,
        comments,
    };
    Ok(Json(ConsultationBody {
        id: id.uuid(),
        stage: view.stage.name().to_owned(),
        draft: view.one.draft,
        comments: view.comments.into_iter().map(comment).collect(),
        counts: view.counts.into_iter().map(count).collect(),
        versions: view.versions.iter().map(|version| version.number).collect(),
    }))
}

/// Change a draft.
#[utoipa::path(put, path = "/api/v1/communities/{community}/consultations/{consultation}", tag = "consultation", request_body = Draft,
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("consultation" = uuid::Uuid, Path, description = "The consultation")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn change(
    member: Member,
    Path((_, consultation)): Path<(CommunityId, ConsultationId)>,
    shell::Json(draft): shell::Json<Draft>,
) -> Result<StatusCode, Failure> {
    let change = ChangeText {
        consultation,
        draft,
    };
    member.execute(change).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Publish a draft.
#[utoipa::path(post, path = "/api/v1/communities/{community}/consultations/{consultation}/publication", tag = "consultation",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("consultation" = uuid::Uuid, Path, description = "The consultation")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn publish(
    member: Member,
    Path((_, consultation)): Path<(CommunityId, ConsultationId)>,
) -> Result<StatusCode, Failure> {
    member.execute(PublishText { consultation }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is said.
#[derive(Deserialize, ToSchema)]
struct CommentWanted {
    /// The clause, from 1; 0 for the whole text.
    clause: u32,
    /// What is said.
    text: String,
}

/// The number of a new comment.
#[derive(Serialize, ToSchema)]
struct CommentMade {
    /// Its number.
    number: u32,
}

/// Comment. Takes no session: anyone may comment, without a name.
#[utoipa::path(post, path = "/api/v1/communities/{community}/consultations/{consultation}/comments", tag = "consultation", security((), ("bearer" = [])),
    request_body = CommentWanted,
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("consultation" = uuid::Uuid, Path, description = "The consultation")),
    responses((status = 201, body = CommentMade), (status = "default", body = ProblemDetails)))]
async fn comment(
    member: Member,
    client: Client,
    Extension(throttle): Extension<Throttle>,
    Path((_, consultation)): Path<(CommunityId, ConsultationId)>,
    shell::Json(CommentWanted { clause, text }): shell::Json<CommentWanted>,
) -> Result<(StatusCode, Json<CommentMade>), Failure> {
    let comment = CommentOnText {
        consultation,
        clause,
        text,
    };
    let number = comment_once(&member, &client, &throttle, comment).await?;
    Ok((StatusCode::CREATED, Json(CommentMade { number })))
}

/// Withdraw one's own comment.
#[utoipa::path(post, path = "/api/v1/communities/{community}/consultations/{consultation}/comments/{number}/withdrawal",
    tag = "consultation",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("consultation" = uuid::Uuid, Path, description = "The consultation"),
        ("number" = u32, Path, description = "The comment's number")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn withdraw(
    member: Member,
    Path((_, consultation, number)): Path<(CommunityId, ConsultationId, u32)>,
) -> Result<StatusCode, Failure> {
    let withdrawal = WithdrawComment {
        consultation,
        number,
    };
    member.execute(withdrawal).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What came by letter, on paper or by telephone.
#[derive(Deserialize, ToSchema)]
struct LetterWanted {
    /// The clause, from 1; 0 for the whole text.
    clause: u32,
    /// letter, paper, phone.
    #[schema(value_type = String)]
    channel: Channel,
    /// What it says, without the sender's name.
    text: String,
    /// When it came, in microseconds since 1970 UTC.
    #[schema(value_type = i64)]
    received: Timestamp,
}

/// Enter what came by letter, on paper or by telephone.
#[utoipa::path(post, path = "/api/v1/communities/{community}/consultations/{consultation}/letters", tag = "consultation",
    request_body = LetterWanted,
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("consultation" = uuid::Uuid, Path, description = "The consultation")),
    responses((status = 201, body = CommentMade), (status = "default", body = ProblemDetails)))]
async fn enter(
    member: Member,
    Path((_, consultation)): Path<(CommunityId, ConsultationId)>,
    shell::Json(wanted): shell::Json<LetterWanted>,
) -> Result<(StatusCode, Json<CommentMade>), Failure> {
    let letter = EnterLetter {
        consultation,
        clause: wanted.clause,
        channel: wanted.channel,
        text: wanted.text,
        received: wanted.received,
    };
    let number = member.execute(letter).await?;
    Ok((StatusCode::CREATED, Json(CommentMade { number })))
}

/// An answer to like comments.
#[derive(Deserialize, ToSchema)]
struct AnswerWanted {
    /// The comments' numbers.
    numbers: Vec<u32>,
    /// adopted, partly, `not_adopted`.
    #[schema(value_type = String)]
    outcome: Outcome,
    /// Why.
    reason: String,
}

/// Answer comments together.
#[utoipa::path(post, path = "/api/v1/communities/{community}/consultations/{consultation}/answers", tag = "consultation",
    request_body = AnswerWanted,
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("consultation" = uuid::Uuid, Path, description = "The consultation")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn answer(
    member: Member,
    Path((_, consultation)): Path<(CommunityId, ConsultationId)>,
    shell::Json(wanted): shell::Json<AnswerWanted>,
) -> Result<StatusCode, Failure> {
    let answer = AnswerComments {
        consultation,
        numbers: wanted.numbers,
        outcome: wanted.outcome,
        reason: wanted.reason,
    };
    member.execute(answer).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The text that came of the comments.
#[derive(Deserialize, ToSchema)]
struct TextVersionWanted {
    /// The clauses in order.
    clauses: Vec<String>,
    /// What changed and why.
    note: String,
}

/// The number of a new version.
#[derive(Serialize, ToSchema)]
struct TextVersionIssued {
    /// Its number, from 2.
    number: u32,
}

/// Issue the next version once all comments are answered.
#[utoipa::path(post, path = "/api/v1/communities/{community}/consultations/{consultation}/versions", tag = "consultation",
    request_body = TextVersionWanted,
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("consultation" = uuid::Uuid, Path, description = "The consultation")),
    responses((status = 201, body = TextVersionIssued), (status = "default", body = ProblemDetails)))]
async fn issue(
    member: Member,
    Path((_, consultation)): Path<(CommunityId, ConsultationId)>,
    shell::Json(TextVersionWanted { clauses, note }): shell::Json<TextVersionWanted>,
) -> Result<(StatusCode, Json<TextVersionIssued>), Failure> {
    let version = IssueVersion {
        consultation,
        clauses,
        note,
    };
    let number = member.execute(version).await?;
    Ok((StatusCode::CREATED, Json(TextVersionIssued { number })))
}

/// A version with what changed since the one before it.
#[derive(Serialize, ToSchema)]
struct TextVersion {
    /// Its number, from 2.
    number: u32,
    /// When it was issued, RFC 3339.
    issued: String,
    /// What changed and why.
    note: String,
    /// Its clauses.
    clauses: Vec<String>,
    /// What became of each clause of either version.
    changes: Vec<ClauseChange>,
}

/// What became of a clause.
#[derive(Serialize, ToSchema)]
struct ClauseChange {
    /// same, changed, removed, added.
    change: &'static str,
    /// Its place in the version before, from 1; null if it was added.
    before: Option<u32>,
    /// Its place in this version, from 1; null if it was removed.
    after: Option<u32>,
    /// A changed clause in pieces.
    pieces: Vec<ClausePiece>,
}

/// A piece of a changed clause.
#[derive(Serialize, ToSchema)]
struct ClausePiece {
    /// kept, removed, added.
    fate: &'static str,
    /// Its text.
    text: String,
}

impl From<Change> for ClauseChange {
    fn from(change: Change) -> Self {
        let body = |change, before, after| Self {
            change,
            before,
            after,
            pieces: Vec::new(),
        };
        match change {
            Change::Same { before, after } => body("same", Some(before), Some(after)),
            Change::Removed { before } => body("removed", Some(before), None),
            Change::Added { after } => body("added", None, Some(after)),
            Change::Changed {
                before,
                after,
                pieces,
            } => {
                let piece = |piece: crate::Piece| ClausePiece {
                    fate: piece.fate.name(),
                    text: piece.text,
                };
                Self {
                    pieces: pieces.into_iter().map(piece).collect(),
                    ..body("changed", Some(before), Some(after))
                }
            }
        }
    }
}

/// Read a version with what changed since the one before it.
#[utoipa::path(get, path = "/api/v1/communities/{community}/consultations/{consultation}/versions/{number}",
    tag = "consultation", security((), ("bearer" = [])),
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("consultation" = uuid::Uuid, Path, description = "The consultation"),
        ("number" = u32, Path, description = "The version's number, from 2")),
    responses((status = 200, body = TextVersion), (status = "default", body = ProblemDetails)))]
async fn revision(
    member: Member,
    Path((_, id, number)): Path<(CommunityId, ConsultationId, u32)>,
) -> Result<Json<TextVersion>, Failure> {
    let revision = member
        .read(move |read, ctx| queries::revision(read, ctx, id, number))
        .await?;
    Ok(Json(TextVersion {
        number: revision.version.number,
        issued: revision.version.at.rfc3339(),
        note: revision.version.note,
        clauses: revision.version.clauses,
        changes: revision
            .changes
            .into_iter()
            .map(ClauseChange::from)
            .collect(),
    }))
}
