//! SQL of consultations, and nothing else knows SQL.

pub(crate) mod audit;
pub(crate) mod version;

use db::{Read, Row, Tx};
use kernel::{CommunityId, Context, Timestamp, Uuid};

use crate::Error;
use crate::model::{AnswerId, Channel, ConsultationId, Draft, Outcome, Stage};

db::statements! {
    INSERT = "insert into consultation (community_id, consultation_id, title, draft, closes, drafted_by, drafted_at, \
        changed_at) values ($1, $2, $3, $4, $5, $6, $7, $7)";
    UPDATE = "update consultation set title = $3, draft = $4, closes = $5, changed_at = $6 \
        where community_id = $1 and consultation_id = $2";
    INSERT_PUBLICATION = "insert into consultation_publication (community_id, consultation_id, published_by, published_at) \
        values ($1, $2, $3, $4)";
    ONE = "select c.consultation_id, c.draft, p.published_at from consultation c \
        left join consultation_publication p on p.community_id = c.community_id \
            and p.consultation_id = c.consultation_id where c.community_id = $1 and c.consultation_id = $2";
    ALL = "select c.consultation_id, c.title, c.closes, p.published_at from consultation c \
        left join consultation_publication p on p.community_id = c.community_id \
            and p.consultation_id = c.consultation_id \
        where c.community_id = $1 and c.consultation_id < $2 order by c.consultation_id desc limit $3";
    NEXT_NUMBER = "select coalesce(max(number), 0) + 1 from consultation_comment \
        where community_id = $1 and consultation_id = $2";
    LIKE = "select min(number) from consultation_comment where community_id = $1 and consultation_id = $2 \
        and text_sha256 = $3";
    COMMENTS_SINCE = "select count(*) from consultation_comment where community_id = $1 and consultation_id = $2 \
        and said_by = $3 and channel = 'online' and said_at >= $4";
    INSERT_COMMENT = "insert into consultation_comment (community_id, consultation_id, number, clause, channel, text, \
        text_sha256, same_as, received_at, said_by, said_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    INSERT_WITHDRAWAL = "insert into consultation_withdrawal (community_id, consultation_id, number, withdrawn_at) \
        values ($1, $2, $3, $4)";
    INSERT_ANSWER = "insert into consultation_answer (community_id, consultation_id, answer_id, outcome, reason, \
        answered_by, answered_at) values ($1, $2, $3, $4, $5, $6, $7)";
    INSERT_ANSWERED = "insert into consultation_answered (community_id, consultation_id, number, answer_id) \
        values ($1, $2, $3, $4)";
    COMMENT = "select c.number, c.clause, c.channel, c.text, c.same_as, c.received_at, c.said_by, w.withdrawn_at, \
        a.outcome, a.reason, a.answered_at from consultation_comment c \
        left join consultation_withdrawal w on w.community_id = c.community_id \
            and w.consultation_id = c.consultation_id and w.number = c.number \
        left join consultation_answered d on d.community_id = c.community_id \
            and d.consultation_id = c.consultation_id and d.number = c.number \
        left join consultation_answer a on a.community_id = d.community_id \
            and a.consultation_id = d.consultation_id and a.answer_id = d.answer_id \
        where c.community_id = $1 and c.consultation_id = $2 and c.number = $3";
    COMMENTS = "select c.number, c.clause, c.channel, c.text, c.same_as, c.received_at, c.said_by, w.withdrawn_at, \
        a.outcome, a.reason, a.answered_at from consultation_comment c \
        left join consultation_withdrawal w on w.community_id = c.community_id \
            and w.consultation_id = c.consultation_id and w.number = c.number \
        left join consultation_answered d on d.community_id = c.community_id \
            and d.consultation_id = c.consultation_id and d.number = c.number \
        left join consultation_answer a on a.community_id = d.community_id \
            and a.consultation_id = d.consultation_id and a.answer_id = d.answer_id \
        where c.community_id = $1 and c.consultation_id = $2 and c.number > $3 order by c.number limit $4";
    COMMENTS_OF_CLAUSE = "select c.number, c.clause, c.channel, c.text, c.same_as, c.received_at, c.said_by, \
        w.withdrawn_at, a.outcome, a.reason, a.answered_at from consultation_comment c \
        left join consultation_withdrawal w on w.community_id = c.community_id \
            and w.consultation_id = c.consultation_id and w.number = c.number \
        left join consultation_answered d on d.community_id = c.community_id \
            and d.consultation_id = c.consultation_id and d.number = c.number \
        left join consultation_answer a on a.community_id = d.community_id \
            and a.consultation_id = d.consultation_id and a.answer_id = d.answer_id \
        where c.community_id = $1 and c.consultation_id = $2 and c.number > $3 and c.clause = $5 \
        order by c.number limit $4";
    COUNTS = "select c.clause, case when w.number is not null then 'withdrawn' else coalesce(a.outcome, 'waiting') end, \
        count(*) from consultation_comment c \
        left join consultation_withdrawal w on w.community_id = c.community_id \
            and w.consultation_id = c.consultation_id and w.number = c.number \
        left join consultation_answered d on d.community_id = c.community_id \
            and d.consultation_id = c.consultation_id and d.number = c.number \
        left join consultation_answer a on a.community_id = d.community_id \
            and a.consultation_id = d.consultation_id and a.answer_id = d.answer_id \
        where c.community_id = $1 and c.consultation_id = $2 group by 1, 2 order by 1, 2";
}

/// Every statement of this module, room by room.
pub(crate) const ALL_STATEMENTS: &[&[db::Statement]] =
    &[STATEMENTS, version::STATEMENTS, audit::STATEMENTS];

/// A consultation as its page shows it.
#[derive(Clone, Debug)]
pub struct Consultation {
    /// Its id.
    pub id: ConsultationId,
    /// What it says.
    pub draft: Draft,
    /// When it was published, if it was.
    pub published_at: Option<Timestamp>,
}

impl Consultation {
    /// Where it stands at an instant.
    pub fn stage(&self, now: Timestamp) -> Stage {
        stage_of(self.published_at, self.draft.closes, now)
    }
}

/// A consultation in a list.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its id.
    pub id: ConsultationId,
    /// What the text is called.
    pub title: String,
    /// The first instant at which no comment is taken.
    pub closes: Timestamp,
    /// When it was published, if it was.
    pub published_at: Option<Timestamp>,
}

impl Line {
    /// Where it stands at an instant.
    pub fn stage(&self, now: Timestamp) -> Stage {
        stage_of(self.published_at, self.closes, now)
    }
}

fn stage_of(published: Option<Timestamp>, closes: Timestamp, now: Timestamp) -> Stage {
    match published {
        None => Stage::Draft,
        Some(_) if now < closes => Stage::Open,
        Some(_) => Stage::Ended,
    }
}

/// A comment with what became of it.
#[derive(Clone, Debug)]
pub struct Comment {
    /// Its number, from 1, in the order of arrival.
    pub number: u32,
    /// The clause, from 1; 0 for the whole text.
    pub clause: u32,
    /// How it came.
    pub channel: Channel,
    /// What was said.
    pub text: String,
    /// The first comment with the same words.
    pub same_as: Option<u32>,
    /// When it came.
    pub received: Timestamp,
    /// Whose login wrote or entered it.
    pub by: Uuid,
    /// When it was withdrawn, if it was.
    pub withdrawn: Option<Timestamp>,
    /// What became of it.
    pub answered: Option<Answered>,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answered {
    /// Adopted or not.
    pub outcome: Outcome,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// A comment about to be kept.
pub(crate) struct NewComment<'c> {
    pub(crate) number: u32,
    pub(crate) clause: u32,
    pub(crate) channel: Channel,
    pub(crate) text: &'c str,
    pub(crate) text_sha256: [u8; 32],
    pub(crate) same_as: Option<u32>,
    pub(crate) received: Timestamp,
}

pub(crate) fn json_of(draft: &Draft) -> Result<String, Error> {
    serde_json::to_string(draft).map_err(|_| Error::Unreadable { what: "a draft" })
}

pub(crate) fn insert(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: ConsultationId,
    draft: &Draft,
) -> Result<(), Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        draft.title.as_str().into(),
        json_of(draft)?.into(),
        draft.closes.into(),
        ctx.actor.uuid().into(),
        ctx.now.into(),
    ];
    tx.execute(INSERT, &row)?;
    Ok(())
}

pub(crate) fn update(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: ConsultationId,
    draft: &Draft,
) -> Result<(), Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        draft.title.as_str().into(),
        json_of(draft)?.into(),
        draft.closes.into(),
        ctx.now.into(),
    ];
    tx.execute(UPDATE, &row)?;
    Ok(())
}

pub(crate) fn insert_publication(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: ConsultationId,
) -> Result<(), Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        ctx.actor.uuid().into(),
        ctx.now.into(),
    ];
    tx.execute(INSERT_PUBLICATION, &row)?;
    Ok(())
}

pub(crate) fn one(
    read: &mut dyn Read,
    community: CommunityId,
    id: ConsultationId,
) -> Result<Consultation, Error> {
    let row = read.query_one(ONE, &[community.into(), id.into()])?;
    let row = row.ok_or(Error::NoSuchConsultation)?;
    let draft: String = row.get(1)?;
    Ok(Consultation {
        id: row.get(0)?,
        draft: serde_json::from_str(&draft).map_err(|_| Error::Unreadable { what: "a draft" })?,
        published_at: row.get(2)?,
    })
}

/// The newest `limit` consultations drafted before the one with id `before`.
pub(crate) fn all(
    read: &mut dyn Read,
    community: CommunityId,
    before: ConsultationId,
    limit: u32,
) -> Result<Vec<Line>, Error> {
    let rows = read.query(ALL, &[community.into(), before.into(), limit.into()])?;
    let line = |row: &Row| {
        Ok(Line {
            id: row.get(0)?,
            title: row.get(1)?,
            closes: row.get(2)?,
            published_at: row.get(3)?,
        })
    };
    rows.iter().map(line).collect()
}

pub(crate) fn next_number(
    read: &mut dyn Read,
    ctx: &Context,
    id: ConsultationId,
) -> Result<u32, Error> {
    let row = read.query_one(NEXT_NUMBER, &[ctx.community.into(), id.into()])?;
    Ok(row.map_or(Ok(1), |row| row.get(0))?)
}

pub(crate) fn like(
    read: &mut dyn Read,
    ctx: &Context,
    id: ConsultationId,
    text_sha256: &[u8; 32],
) -> Result<Option<u32>, Error> {
    let wanted = [ctx.community.into(), id.into(), text_sha256.to_vec().into()];
    match read.query_one(LIKE, &wanted)? {
        Some(row) => Ok(row.get(0)?),
        None => Ok(None),
    }
}

pub(crate) fn comments_since(
    read: &mut dyn Read,
    ctx: &Context,
    id: ConsultationId,
    since: Timestamp,
) -> Result<u64, Error> {
    let wanted = [
        ctx.community.into(),
        id.into(),
        ctx.actor.uuid().into(),
        since.into(),
    ];
    let row = read.query_one(COMMENTS_SINCE, &wanted)?;
    Ok(row.map_or(Ok(0), |row| row.get(0))?)
}

pub(crate) fn insert_comment(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: ConsultationId,
    comment: &NewComment<'_>,
) -> Result<(), Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        comment.number.into(),
        comment.clause.into(),
        comment.channel.name().into(),
        comment.text.into(),
        comment.text_sha256.to_vec().into(),
        comment.same_as.into(),
        comment.received.into(),
        ctx.actor.uuid().into(),
        ctx.now.into(),
    ];
    tx.execute(INSERT_COMMENT, &row)?;
    Ok(())
}

pub(crate) fn insert_withdrawal(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: ConsultationId,
    number: u32,
) -> Result<(), Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        number.into(),
        ctx.now.into(),
    ];
    tx.execute(INSERT_WITHDRAWAL, &row)?;
    Ok(())
}

pub(crate) fn insert_answer(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: ConsultationId,
    answer: AnswerId,
    outcome: Outcome,
    reason: &str,
) -> Result<(), Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        answer.into(),
        outcome.name().into(),
        reason.into(),
        ctx.actor.uuid().into(),
        ctx.now.into(),
    ];
    tx.execute(INSERT_ANSWER, &row)?;
    Ok(())
}

pub(crate) fn insert_answered(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: ConsultationId,
    number: u32,
    answer: AnswerId,
) -> Result<(), Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        number.into(),
        answer.into(),
    ];
    tx.execute(INSERT_ANSWERED, &row)?;
    Ok(())
}

fn comment_of(row: &Row) -> Result<Comment, Error> {
    let channel: String = row.get(2)?;
    let answered = match row.get::<Option<String>>(8)? {
        None => None,
        Some(outcome) => Some(Answered {
            outcome: Outcome::from_name(&outcome)
                .ok_or(Error::Unreadable { what: "an outcome" })?,
            reason: row.get(9)?,
            at: row.get(10)?,
        }),
    };
    Ok(Comment {
        number: row.get(0)?,
        clause: row.get(1)?,
        channel: Channel::from_name(&channel).ok_or(Error::Unreadable { what: "a channel" })?,
        text: row.get(3)?,
        same_as: row.get(4)?,
        received: row.get(5)?,
        by: row.get(6)?,
        withdrawn: row.get(7)?,
        answered,
    })
}

pub(crate) fn comment(
    read: &mut dyn Read,
    community: CommunityId,
    id: ConsultationId,
    number: u32,
) -> Result<Option<Comment>, Error> {
    let row = read.query_one(COMMENT, &[community.into(), id.into(), number.into()])?;
    row.as_ref().map(comment_of).transpose()
}

/// The `limit` comments after number `after`, of one clause if it is given.
pub(crate) fn comments(
    read: &mut dyn Read,
    community: CommunityId,
    id: ConsultationId,
    (after, clause): (u32, Option<u32>),
    limit: u32,
) -> Result<Vec<Comment>, Error> {
    let mut wanted = vec![community.into(), id.into(), after.into(), limit.into()];
    let rows = match clause {
        Some(clause) => {
            wanted.push(clause.into());
            read.query(COMMENTS_OF_CLAUSE, &wanted)?
        }
        None => read.query(COMMENTS, &wanted)?,
    };
    rows.iter().map(comment_of).collect()
}

/// How many comments each clause has, by what became of them.
pub(crate) fn counts(
    read: &mut dyn Read,
    community: CommunityId,
    id: ConsultationId,
) -> Result<Vec<(u32, String, u64)>, Error> {
    let rows = read.query(COUNTS, &[community.into(), id.into()])?;
    let count = |row: &Row| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    rows.iter().map(count).collect()
}
