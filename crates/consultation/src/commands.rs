//! What an actor may do to a consultation: the only ways to change one, each one journal entry.

use db::{Read, Tx};
use journal::{Change, Command, record};
use kernel::{Context, Permission, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::model::{
    ANSWER, AnswerId, COMMENT, COMMENTS_A_DAY, Channel, ConsultationId, DESK, DRAFT, Draft,
    MAX_ANSWERED, MAX_TEXT, Outcome, Stage, check_clauses, check_text,
};
use crate::store::version::{self, Version};
use crate::store::{self, Consultation, NewComment};
use crate::{Error, law};

/// Every command with the permission it needs; the permission test goes through this list.
pub const COMMANDS: &[(&str, Permission)] = &[
    (<DraftText as journal::Command>::NAME, DRAFT),
    (<ChangeText as journal::Command>::NAME, DRAFT),
    (<PublishText as journal::Command>::NAME, DRAFT),
    (<CommentOnText as journal::Command>::NAME, COMMENT),
    (<WithdrawComment as journal::Command>::NAME, COMMENT),
    (<EnterLetter as journal::Command>::NAME, DESK),
    (<AnswerComments as journal::Command>::NAME, ANSWER),
    (<IssueVersion as journal::Command>::NAME, DRAFT),
];

/// Drafts a consultation.
#[derive(Serialize, Deserialize)]
pub struct DraftText {
    /// What is drafted.
    pub draft: Draft,
}

impl Command for DraftText {
    const NAME: &'static str = "consultation.text.draft";
    type Outcome = ConsultationId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<ConsultationId, Error> {
        ctx.require(DRAFT)?;
        self.draft.check()?;
        let id = ConsultationId::from_uuid(ctx.new_uuid());
        store::insert(tx, ctx, id, &self.draft)?;
        // A draft is not public yet, so the journal keeps its text in the private part.
        let change = Change::new("consultation.text.drafted", subject(id))
            .public(json!({}))
            .private(json!({ "draft": self.draft }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// Changes a draft: its clauses can be merged, split and edited until publication.
#[derive(Serialize, Deserialize)]
pub struct ChangeText {
    /// The consultation.
    pub consultation: ConsultationId,
    /// What it says from now on.
    pub draft: Draft,
}

impl Command for ChangeText {
    const NAME: &'static str = "consultation.text.change";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(DRAFT)?;
        self.draft.check()?;
        at_stage(tx, ctx, self.consultation, Stage::Draft, "a draft")?;
        store::update(tx, ctx, self.consultation, &self.draft)?;
        let change = Change::new("consultation.text.changed", subject(self.consultation))
            .public(json!({}))
            .private(json!({ "draft": self.draft }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Publishes a draft: from now on its text stands, and comments are taken until the end.
#[derive(Serialize, Deserialize)]
pub struct PublishText {
    /// The consultation.
    pub consultation: ConsultationId,
}

impl Command for PublishText {
    const NAME: &'static str = "consultation.text.publish";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(DRAFT)?;
        let one = at_stage(tx, ctx, self.consultation, Stage::Draft, "a draft")?;
        law::check(&one.draft, ctx.now)?;
        store::insert_publication(tx, ctx, self.consultation)?;
        let change = Change::new("consultation.text.published", subject(self.consultation))
            .public(json!({ "draft": one.draft }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Comments on a clause or on the whole text.
#[derive(Serialize, Deserialize)]
pub struct CommentOnText {
    /// The consultation.
    pub consultation: ConsultationId,
    /// The clause, from 1; 0 for the whole text.
    pub clause: u32,
    /// What is said.
    pub text: String,
}

impl Command for CommentOnText {
    const NAME: &'static str = "consultation.comment.make";
    type Outcome = u32;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<u32, Error> {
        ctx.require(COMMENT)?;
        check_text("text", &self.text, MAX_TEXT)?;
        let one = at_stage(
            tx,
            ctx,
            self.consultation,
            Stage::Open,
            "the time for comments",
        )?;
        let since = ctx.now.plus_days(-1);
        if ctx.actor.account_id().is_some()
            && store::comments_since(tx, ctx, self.consultation, since)? >= COMMENTS_A_DAY
        {
            return Err(Error::TooManyComments {
                max: COMMENTS_A_DAY,
            });
        }
        take(
            tx,
            ctx,
            &one,
            self.clause,
            Channel::Online,
            &self.text,
            ctx.now,
        )
    }
}

/// Enters what came by letter, on paper or by telephone before the end; it may be entered after the end.
#[derive(Serialize, Deserialize)]
pub struct EnterLetter {
    /// The consultation.
    pub consultation: ConsultationId,
    /// The clause, from 1; 0 for the whole text.
    pub clause: u32,
    /// How it came; not online.
    pub channel: Channel,
    /// What it says, without the sender's name.
    pub text: String,
    /// When it came.
    pub received: Timestamp,
}

impl Command for EnterLetter {
    const NAME: &'static str = "consultation.comment.enter";
    type Outcome = u32;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<u32, Error> {
        ctx.require(DESK)?;
        check_text("text", &self.text, MAX_TEXT)?;
        if self.channel == Channel::Online {
            return Err(Error::Blank { field: "channel" });
        }
        let one = store::one(tx, ctx.community, self.consultation)?;
        let published = one.published_at.ok_or(Error::WrongStage {
            stage: Stage::Draft,
            needed: "a publication",
        })?;
        let first = Timestamp::start_of(published.date());
        if self.received < first || self.received >= one.draft.closes || self.received > ctx.now {
            return Err(Error::Received);
        }
        take(
            tx,
            ctx,
            &one,
            self.clause,
            self.channel,
            &self.text,
            self.received,
        )
    }
}

/// Keeps a comment under the next number.
fn take(
    tx: &mut dyn Tx,
    ctx: &Context,
    one: &Consultation,
    clause: u32,
    channel: Channel,
    text: &str,
    received: Timestamp,
) -> Result<u32, Error> {
    if usize::try_from(clause).unwrap_or(usize::MAX) > one.draft.clauses.len() {
        return Err(Error::NoSuchClause { clause });
    }
    let plain: String = text.chars().filter(|one| one.is_alphanumeric()).collect();
    let text_sha256: [u8; 32] = Sha256::digest(&plain).into();
    let number = store::next_number(tx, ctx, one.id)?;
    let comment = NewComment {
        number,
        clause,
        channel,
        text,
        same_as: store::like(tx, ctx, one.id, &text_sha256)?,
        text_sha256,
        received,
    };
    store::insert_comment(tx, ctx, one.id, &comment)?;
    let change = Change::new("consultation.comment.made", subject(one.id)).public(json!({
        "number": number,
        "clause": clause,
        "channel": channel,
        "text": text,
        "same_as": comment.same_as,
        "received": received,
    }));
    record(tx, ctx, change)?;
    Ok(number)
}

/// Withdraws one's own comment before the end. It was public, so it stays, struck through. What was said without an
/// account can't be withdrawn: nobody could tell whose it is.
#[derive(Serialize, Deserialize)]
pub struct WithdrawComment {
    /// The consultation.
    pub consultation: ConsultationId,
    /// The comment's number.
    pub number: u32,
}

impl Command for WithdrawComment {
    const NAME: &'static str = "consultation.comment.withdraw";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(COMMENT)?;
        let number = self.number;
        at_stage(
            tx,
            ctx,
            self.consultation,
            Stage::Open,
            "the time for comments",
        )?;
        let comment = store::comment(tx, ctx.community, self.consultation, number)?
            .filter(|comment| comment.withdrawn.is_none() && comment.answered.is_none())
            .ok_or(Error::NoSuchComment { number })?;
        let is_own = ctx.actor.account_id().is_some() && comment.by == ctx.actor.uuid();
        if comment.channel != Channel::Online || !is_own {
            return Err(Error::OthersComment);
        }
        store::insert_withdrawal(tx, ctx, self.consultation, number)?;
        let change = Change::new("consultation.comment.withdrawn", subject(self.consultation))
            .public(json!({ "number": number }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Answers like comments together.
#[derive(Serialize, Deserialize)]
pub struct AnswerComments {
    /// The consultation.
    pub consultation: ConsultationId,
    /// The comments' numbers.
    pub numbers: Vec<u32>,
    /// What becomes of them.
    pub outcome: Outcome,
    /// Why, for everyone to read.
    pub reason: String,
}

impl Command for AnswerComments {
    const NAME: &'static str = "consultation.comment.answer";
    type Outcome = AnswerId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<AnswerId, Error> {
        ctx.require(ANSWER)?;
        check_text("reason", &self.reason, MAX_TEXT)?;
        if self.numbers.is_empty() || self.numbers.len() > MAX_ANSWERED {
            return Err(Error::Numbers {
                text: String::new(),
                max: MAX_ANSWERED,
            });
        }
        let one = store::one(tx, ctx.community, self.consultation)?;
        if one.stage(ctx.now) == Stage::Draft {
            return Err(Error::WrongStage {
                stage: Stage::Draft,
                needed: "a publication",
            });
        }
        let id = AnswerId::from_uuid(ctx.new_uuid());
        store::insert_answer(tx, ctx, self.consultation, id, self.outcome, &self.reason)?;
        let mut numbers = self.numbers.clone();
        numbers.sort_unstable();
        numbers.dedup();
        for number in &numbers {
            store::comment(tx, ctx.community, self.consultation, *number)?
                .filter(|comment| comment.withdrawn.is_none() && comment.answered.is_none())
                .ok_or(Error::NoSuchComment { number: *number })?;
            store::insert_answered(tx, ctx, self.consultation, *number, id)?;
        }
        let change = Change::new("consultation.comment.answered", subject(self.consultation))
            .public(json!({
                "answer": id,
                "numbers": numbers,
                "outcome": self.outcome,
                "reason": self.reason,
            }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// Issues the text that came of the comments, once all of them are answered.
#[derive(Serialize, Deserialize)]
pub struct IssueVersion {
    /// The consultation.
    pub consultation: ConsultationId,
    /// The clauses in order.
    pub clauses: Vec<String>,
    /// What changed and why, for everyone to read.
    pub note: String,
}

impl Command for IssueVersion {
    const NAME: &'static str = "consultation.version.issue";
    type Outcome = u32;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<u32, Error> {
        ctx.require(DRAFT)?;
        check_text("note", &self.note, MAX_TEXT)?;
        check_clauses(&self.clauses)?;
        let id = self.consultation;
        let one = at_stage(
            tx,
            ctx,
            id,
            Stage::Ended,
            "the end of the time for comments",
        )?;
        let comments = version::unanswered(tx, ctx.community, id)?;
        if comments > 0 {
            return Err(Error::Unanswered { comments });
        }
        let issued = version::all(tx, ctx.community, id)?;
        let (last, clauses) = issued
            .last()
            .map_or((1, &one.draft.clauses), |last| (last.number, &last.clauses));
        if *clauses == self.clauses {
            return Err(Error::Unchanged);
        }
        let next = Version {
            number: last.saturating_add(1),
            clauses: self.clauses.clone(),
            note: self.note.clone(),
            at: ctx.now,
        };
        version::insert(tx, ctx, id, &next)?;
        let change = Change::new("consultation.version.issued", subject(id)).public(json!({
            "number": next.number,
            "clauses": next.clauses,
            "note": next.note,
        }));
        record(tx, ctx, change)?;
        Ok(next.number)
    }
}

/// The consultation, if it stands at this stage now.
fn at_stage(
    read: &mut dyn Read,
    ctx: &Context,
    id: ConsultationId,
    wanted: Stage,
    needed: &'static str,
) -> Result<Consultation, Error> {
    let one = store::one(read, ctx.community, id)?;
    let stage = one.stage(ctx.now);
    if stage == wanted {
        Ok(one)
    } else {
        Err(Error::WrongStage { stage, needed })
    }
}

/// The subject under which the journal keeps a consultation's history.
fn subject(id: ConsultationId) -> String {
    format!("consultation/{id}")
}
