//! SQL of polls: drafts, publication, count, withdrawal.

use db::{Read, Row, Tx};
use kernel::{CommunityId, Context, Timestamp, Uuid, Window};

use crate::Error;
use crate::board::Counted;
use crate::model::{Done, Draft, PollId, Stage};

db::statements! {
    INSERT_POLL = "insert into poll (community_id, poll_id, title, draft, opens, closes, drafted_by, drafted_at, \
        changed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $8)";
    UPDATE_POLL = "update poll set title = $3, draft = $4, opens = $5, closes = $6, changed_at = $7 \
        where community_id = $1 and poll_id = $2";
    POLL = "select q.draft, q.drafted_at, p.published_at, p.electors, p.left_out, p.public_key, c.counted_at, c.result, \
        c.board_sha256, w.withdrawn_at, w.reason from poll q \
        left join poll_publication p on p.community_id = q.community_id and p.poll_id = q.poll_id \
        left join poll_count c on c.community_id = q.community_id and c.poll_id = q.poll_id \
        left join poll_withdrawal w on w.community_id = q.community_id and w.poll_id = q.poll_id \
        where q.community_id = $1 and q.poll_id = $2";
    POLLS = "select q.poll_id, q.title, q.opens, q.closes, p.published_at, c.counted_at, w.withdrawn_at from poll q \
        left join poll_publication p on p.community_id = q.community_id and p.poll_id = q.poll_id \
        left join poll_count c on c.community_id = q.community_id and c.poll_id = q.poll_id \
        left join poll_withdrawal w on w.community_id = q.community_id and w.poll_id = q.poll_id \
        where q.community_id = $1 and q.poll_id < $2 order by q.poll_id desc limit $3";
    UNCOUNTED = "select q.poll_id from poll q \
        join poll_publication p on p.community_id = q.community_id and p.poll_id = q.poll_id \
        left join poll_count c on c.community_id = q.community_id and c.poll_id = q.poll_id \
        left join poll_withdrawal w on w.community_id = q.community_id and w.poll_id = q.poll_id \
        where q.community_id = $1 and q.closes <= $2 and c.poll_id is null and w.poll_id is null";
    INSERT_PUBLICATION = "insert into poll_publication (community_id, poll_id, published_by, published_at, electors, \
        left_out, public_key, sealed_key) values ($1, $2, $3, $4, $5, $6, $7, $8)";
    SEALED_KEY = "select sealed_key from poll_publication where community_id = $1 and poll_id = $2";
    INSERT_COUNT = "insert into poll_count (community_id, poll_id, counted_at, result, board, board_sha256, position) \
        values ($1, $2, $3, $4, $5, $6, $7)";
    BOARD = "select board from poll_count where community_id = $1 and poll_id = $2";
    INSERT_WITHDRAWAL = "insert into poll_withdrawal (community_id, poll_id, withdrawn_by, withdrawn_at, reason) \
        values ($1, $2, $3, $4, $5)";
}

/// A poll with everything that was done to it.
#[derive(Clone, Debug)]
pub struct Poll {
    /// Its id.
    pub id: PollId,
    /// What was drafted.
    pub draft: Draft,
    /// When.
    pub drafted_at: Timestamp,
    /// Its publication.
    pub publication: Option<Publication>,
    /// Its result as counted, and the board's SHA-256, which the journal's entry names.
    pub counted: Option<(Counted, [u8; 32])>,
    /// Its withdrawal: when and why.
    pub withdrawal: Option<(Timestamp, String)>,
}

/// What publication froze.
#[derive(Clone, Debug)]
pub struct Publication {
    /// When.
    pub published_at: Timestamp,
    /// How many have a vote.
    pub electors: u32,
    /// Residents whose year of birth the roll doesn't know, so that they have none.
    pub left_out: u32,
    /// The key by which everyone checks credentials: SubjectPublicKeyInfo.
    pub public_key: Vec<u8>,
}

impl Poll {
    /// Where it stands at `now`.
    pub fn stage(&self, now: Timestamp) -> Stage {
        let done = Done {
            window: self.draft.window,
            published: self.publication.is_some(),
            counted: self.counted.is_some(),
            withdrawn: self.withdrawal.is_some(),
        };
        done.stage(now)
    }

    /// What publication froze; an error before.
    pub fn published(&self) -> Result<&Publication, Error> {
        self.publication.as_ref().ok_or(Error::NoSuchPoll)
    }
}

/// A poll in a list.
#[derive(Clone, Debug)]
pub struct PollLine {
    /// Its id.
    pub id: PollId,
    /// The question.
    pub title: String,
    /// What its stage depends on.
    pub done: Done,
}

fn draft_json(draft: &Draft) -> Result<String, Error> {
    crate::to_json("the draft", draft)
}

pub(crate) fn insert_poll(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: PollId,
    draft: &Draft,
) -> Result<(), Error> {
    tx.execute(
        INSERT_POLL,
        &[
            ctx.community.into(),
            id.into(),
            draft.title.as_str().into(),
            draft_json(draft)?.into(),
            draft.window.opens.into(),
            draft.window.closes.into(),
            ctx.actor.uuid().into(),
            ctx.now.into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn update_poll(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: PollId,
    draft: &Draft,
) -> Result<(), Error> {
    tx.execute(
        UPDATE_POLL,
        &[
            ctx.community.into(),
            id.into(),
            draft.title.as_str().into(),
            draft_json(draft)?.into(),
            draft.window.opens.into(),
            draft.window.closes.into(),
            ctx.now.into(),
        ],
    )?;
    Ok(())
}

/// The poll with everything that was done to it.
pub(crate) fn poll(read: &mut dyn Read, community: CommunityId, id: PollId) -> Result<Poll, Error> {
    let row = read
        .query_one(POLL, &[community.into(), id.into()])?
        .ok_or(Error::NoSuchPoll)?;
    let draft: String = row.get(0)?;
    let withdrawn_at: Option<Timestamp> = row.get(9)?;
    Ok(Poll {
        id,
        draft: serde_json::from_str(&draft).map_err(|_| Error::Unreadable {
            what: "a draft of a poll",
        })?,
        drafted_at: row.get(1)?,
        publication: publication(&row)?,
        counted: match row.get::<Option<Timestamp>>(6)? {
            None => None,
            Some(_) => Some((result_of(&row)?, row.get(8)?)),
        },
        withdrawal: match withdrawn_at {
            None => None,
            Some(at) => Some((at, row.get(10)?)),
        },
    })
}

fn result_of(row: &Row) -> Result<Counted, Error> {
    let text: String = row.get(7)?;
    serde_json::from_str(&text).map_err(|_| Error::Unreadable {
        what: "the result of a poll",
    })
}

/// The board as published, byte for byte; none before the count. It may be large: a result is read without it.
pub(crate) fn board(
    read: &mut dyn Read,
    community: CommunityId,
    id: PollId,
) -> Result<Option<String>, db::Error> {
    let row = read.query_one(BOARD, &[community.into(), id.into()])?;
    row.map(|row| row.get(0)).transpose()
}

fn publication(row: &Row) -> Result<Option<Publication>, db::Error> {
    let Some(published_at) = row.get::<Option<Timestamp>>(2)? else {
        return Ok(None);
    };
    Ok(Some(Publication {
        published_at,
        electors: row.get(3)?,
        left_out: row.get(4)?,
        public_key: row.get(5)?,
    }))
}

/// The id after every poll's.
pub(crate) fn newest() -> PollId {
    PollId::from_uuid(Uuid::max())
}

/// The newest `limit` polls drafted before the one with id `before`.
pub(crate) fn polls(
    read: &mut dyn Read,
    community: CommunityId,
    before: PollId,
    limit: u32,
) -> Result<Vec<PollLine>, Error> {
    read.query(POLLS, &[community.into(), before.into(), limit.into()])?
        .iter()
        .map(|row| {
            let is_there =
                |place: usize| Ok::<_, db::Error>(row.get::<Option<Timestamp>>(place)?.is_some());
            Ok(PollLine {
                id: row.get(0)?,
                title: row.get(1)?,
                done: Done {
                    window: Window {
                        opens: row.get(2)?,
                        closes: row.get(3)?,
                    },
                    published: is_there(4)?,
                    counted: is_there(5)?,
                    withdrawn: is_there(6)?,
                },
            })
        })
        .collect()
}

/// Published polls that closed before `closed_by` and were not counted.
pub(crate) fn uncounted(
    read: &mut dyn Read,
    community: CommunityId,
    closed_by: Timestamp,
) -> Result<Vec<PollId>, Error> {
    let rows = read.query(UNCOUNTED, &[community.into(), closed_by.into()])?;
    rows.iter().map(|row| Ok(row.get(0)?)).collect()
}

pub(crate) fn insert_publication(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: PollId,
    publication: &Publication,
    sealed_key: Vec<u8>,
) -> Result<(), Error> {
    tx.execute(
        INSERT_PUBLICATION,
        &[
            ctx.community.into(),
            id.into(),
            ctx.actor.uuid().into(),
            publication.published_at.into(),
            publication.electors.into(),
            publication.left_out.into(),
            publication.public_key.clone().into(),
            sealed_key.into(),
        ],
    )?;
    Ok(())
}

/// The key that signs, sealed.
pub(crate) fn sealed_key(
    read: &mut dyn Read,
    community: CommunityId,
    id: PollId,
) -> Result<Vec<u8>, Error> {
    let row = read.query_one(SEALED_KEY, &[community.into(), id.into()])?;
    Ok(row.ok_or(Error::NoSuchPoll)?.get(0)?)
}

/// What a count publishes.
pub(crate) struct Published {
    /// The result in JSON.
    pub(crate) result: String,
    /// The board in JSON.
    pub(crate) board: String,
    /// The board's SHA-256.
    pub(crate) sha256: [u8; 32],
}

pub(crate) fn insert_count(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: PollId,
    published: Published,
    position: u64,
) -> Result<(), Error> {
    tx.execute(
        INSERT_COUNT,
        &[
            ctx.community.into(),
            id.into(),
            ctx.now.into(),
            published.result.into(),
            published.board.into(),
            published.sha256.into(),
            i64::try_from(position).unwrap_or(i64::MAX).into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn insert_withdrawal(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: PollId,
    reason: &str,
) -> Result<(), Error> {
    tx.execute(
        INSERT_WITHDRAWAL,
        &[
            ctx.community.into(),
            id.into(),
            ctx.actor.uuid().into(),
            ctx.now.into(),
            reason.into(),
        ],
    )?;
    Ok(())
}
