//! The journal's SQL.

use db::{Read, Row, Tx, Value};
use kernel::{CommunityId, Context, Timestamp};
use proof::{Hash, NodeStore};

use crate::Error;
use crate::entries::Entry;

const INSERT_ENTRIES: &str = "insert into journal_entry \
    (community_id, position, at, actor_id, kind, subject, public, commitment, nodes)";
const INSERT_PRIVATE_PARTS: &str =
    "insert into journal_private (community_id, position, salt, sealed)";
const INSERT_ROW_PRINTS: &str = "insert into journal_rows (community_id, position, part, prints)";

db::statements! {
    SIZE = "select position + 1 from journal_entry where community_id = $1 order by position desc limit 1";
    NODES_OF = "select nodes from journal_entry where community_id = $1 and position = $2";
    ENTRY_AT = "select position, at, actor_id, kind, subject, public, commitment, nodes \
        from journal_entry where community_id = $1 and position = $2";
    ENTRIES_FROM = "select position, at, actor_id, kind, subject, public, commitment, nodes \
        from journal_entry where community_id = $1 and position >= $2 order by position limit $3";
    HISTORY = "select position, at, actor_id, kind, subject, public, commitment, nodes \
        from journal_entry where community_id = $1 and subject = $2 and position < $3 \
        order by position desc limit $4";
    PRIVATE_AT = "select salt, sealed from journal_private where community_id = $1 and position = $2";
    PRIVATE_BETWEEN = "select position, salt, sealed from journal_private \
        where community_id = $1 and position >= $2 and position <= $3";
    ROW_PRINTS = "select prints from journal_rows where community_id = $1 and position = $2 order by part";
    ERASE_PRIVATE = "delete from journal_private where community_id = $1 and position in \
        (select position from journal_entry where community_id = $1 and subject = $2)";
    ANSWER = "select fingerprint, outcome from journal_answer \
        where community_id = $1 and actor_id = $2 and idempotency_key = $3";
    INSERT_ANSWER = "insert into journal_answer \
        (community_id, actor_id, idempotency_key, fingerprint, outcome, at) values ($1, $2, $3, $4, $5, $6)";
    LATEST_HEAD = "select size, checkpoint from journal_head where community_id = $1 order by size desc limit 1";
    HEADS = "select size, at, checkpoint from journal_head where community_id = $1 order by size";
    INSERT_HEAD = "insert into journal_head (community_id, size, at, checkpoint) values ($1, $2, $3, $4) \
        on conflict (community_id, size) do nothing";
    FOLLOWER_POSITION = "select position from journal_follower where community_id = $1 and follower = $2";
    MOVE_FOLLOWER = "insert into journal_follower (community_id, follower, position) values ($1, $2, $3) \
        on conflict (community_id, follower) do update set position = excluded.position";
    KEYS = "select public_key, sealed from journal_keys where community_id = $1";
    INSERT_KEYS = "insert into journal_keys (community_id, at, public_key, sealed) values ($1, $2, $3, $4) \
        on conflict (community_id) do nothing";
    ANY_NEWEST_HEAD = "select community_id, checkpoint from journal_head order by at desc, community_id limit 1";
    ANY_PRIVATE_PART = "select community_id, sealed from journal_private order by community_id, position limit 1";
    COMMUNITIES = "select distinct community_id from journal_entry";
}

pub(crate) fn size<R: Read + ?Sized>(
    read: &mut R,
    community: CommunityId,
) -> Result<u64, db::Error> {
    read.query_one(SIZE, &[community.into()])?
        .map_or(Ok(0), |row| row.get(0))
}

/// Forgets the private parts of all entries about a subject; says how many there were.
pub(crate) fn erase_private(
    tx: &mut dyn Tx,
    community: CommunityId,
    subject: &str,
) -> Result<u64, db::Error> {
    tx.execute(ERASE_PRIVATE, &[community.into(), subject.into()])
}

/// An entry's row.
pub(crate) fn entry_row(entry: proof::Entry, nodes: Vec<u8>) -> Vec<Value> {
    vec![
        entry.community.into(),
        count(entry.position),
        entry.at_us.into(),
        entry.actor.into(),
        entry.kind.into(),
        entry.subject.into(),
        entry.public.into(),
        entry
            .private_commitment
            .map(|commitment| commitment.0)
            .into(),
        nodes.into(),
    ]
}

/// A private part's row.
pub(crate) fn private_row(
    community: CommunityId,
    position: u64,
    salt: [u8; 16],
    sealed: Vec<u8>,
) -> Vec<Value> {
    vec![
        community.into(),
        count(position),
        salt.into(),
        sealed.into(),
    ]
}

pub(crate) fn insert_entries(
    tx: &mut dyn Tx,
    entries: &[Vec<Value>],
    private_parts: &[Vec<Value>],
) -> Result<(), db::Error> {
    tx.insert_many(INSERT_ENTRIES, entries)?;
    tx.insert_many(INSERT_PRIVATE_PARTS, private_parts)?;
    Ok(())
}

/// The stored nodes of one community's log.
pub(crate) struct Nodes<'a, R: ?Sized> {
    pub(crate) read: &'a mut R,
    pub(crate) community: CommunityId,
}

impl<R: Read + ?Sized> NodeStore for Nodes<'_, R> {
    type Error = Error;

    fn node(&mut self, position: u64, level: u32) -> Result<Hash, Error> {
        let row = self
            .read
            .query_one(NODES_OF, &[self.community.into(), count(position)])?;
        let nodes: Vec<u8> = row.ok_or(Error::NoSuchEntry { position })?.get(0)?;
        proof::node_in_row(&nodes, level).ok_or_else(|| Error::Broken {
            community: self.community,
            position,
            reason: format!("its row lacks the node of level {level}"),
        })
    }
}

pub(crate) fn entry_at(
    read: &mut dyn Read,
    community: CommunityId,
    position: u64,
) -> Result<Option<Entry>, db::Error> {
    read.query_one(ENTRY_AT, &[community.into(), count(position)])?
        .map(|row| entry(community, &row))
        .transpose()
}

pub(crate) fn entries_from(
    read: &mut dyn Read,
    community: CommunityId,
    from: u64,
    limit: u32,
) -> Result<Vec<Entry>, db::Error> {
    read.query(ENTRIES_FROM, &[community.into(), count(from), limit.into()])?
        .iter()
        .map(|row| entry(community, row))
        .collect()
}

pub(crate) fn history(
    read: &mut dyn Read,
    community: CommunityId,
    subject: &str,
    before: u64,
    limit: u32,
) -> Result<Vec<Entry>, db::Error> {
    read.query(
        HISTORY,
        &[
            community.into(),
            subject.into(),
            count(before),
            limit.into(),
        ],
    )?
    .iter()
    .map(|row| entry(community, row))
    .collect()
}

fn entry(community: CommunityId, row: &Row) -> Result<Entry, db::Error> {
    let commitment: Option<[u8; 32]> = row.get(6)?;
    Ok(Entry {
        community,
        position: row.get(0)?,
        at: row.get(1)?,
        actor: row.get(2)?,
        kind: row.get(3)?,
        subject: row.get(4)?,
        public: row.get(5)?,
        commitment: commitment.map(Hash),
        nodes: row.get(7)?,
    })
}

/// A private part's salt and its sealed bytes.
pub(crate) type Sealed = ([u8; 16], Vec<u8>);

pub(crate) fn private_at(
    read: &mut dyn Read,
    community: CommunityId,
    position: u64,
) -> Result<Option<Sealed>, db::Error> {
    read.query_one(PRIVATE_AT, &[community.into(), count(position)])?
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .transpose()
}

/// The private parts of the entries from one position to another, each with its position and salt.
pub(crate) fn private_between(
    read: &mut dyn Read,
    community: CommunityId,
    first: u64,
    last: u64,
) -> Result<Vec<(u64, Sealed)>, db::Error> {
    read.query(
        PRIVATE_BETWEEN,
        &[community.into(), count(first), count(last)],
    )?
    .iter()
    .map(|row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))
    .collect()
}

/// The fingerprints of the rows that an entry vouches for, in their parts.
pub(crate) fn row_prints(
    read: &mut dyn Read,
    community: CommunityId,
    position: u64,
) -> Result<Vec<Vec<u8>>, db::Error> {
    read.query(ROW_PRINTS, &[community.into(), count(position)])?
        .iter()
        .map(|row| row.get(0))
        .collect()
}

pub(crate) fn insert_row_prints(
    tx: &mut dyn Tx,
    community: CommunityId,
    position: u64,
    parts: Vec<Vec<u8>>,
) -> Result<(), db::Error> {
    let rows: Vec<Vec<Value>> = (0_u32..)
        .zip(parts)
        .map(|(part, prints)| {
            vec![
                community.into(),
                count(position),
                part.into(),
                prints.into(),
            ]
        })
        .collect();
    tx.insert_many(INSERT_ROW_PRINTS, &rows)?;
    Ok(())
}

pub(crate) fn answer(
    tx: &mut dyn Tx,
    ctx: &Context,
    key: &str,
) -> Result<Option<([u8; 32], String)>, db::Error> {
    tx.query_one(
        ANSWER,
        &[ctx.community.into(), ctx.actor.uuid().into(), key.into()],
    )?
    .map(|row| Ok((row.get(0)?, row.get(1)?)))
    .transpose()
}

pub(crate) fn insert_answer(
    tx: &mut dyn Tx,
    ctx: &Context,
    key: &str,
    fingerprint: [u8; 32],
    outcome: String,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_ANSWER,
        &[
            ctx.community.into(),
            ctx.actor.uuid().into(),
            key.into(),
            fingerprint.into(),
            outcome.into(),
            ctx.now.into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn latest_head(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Option<(u64, String)>, db::Error> {
    read.query_one(LATEST_HEAD, &[community.into()])?
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .transpose()
}

pub(crate) fn heads(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<(u64, Timestamp, String)>, db::Error> {
    read.query(HEADS, &[community.into()])?
        .iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .collect()
}

pub(crate) fn insert_head(
    tx: &mut dyn Tx,
    community: CommunityId,
    size: u64,
    at: Timestamp,
    checkpoint: String,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_HEAD,
        &[community.into(), count(size), at.into(), checkpoint.into()],
    )?;
    Ok(())
}

pub(crate) fn follower_position(
    read: &mut dyn Read,
    community: CommunityId,
    follower: &str,
) -> Result<u64, db::Error> {
    read.query_one(FOLLOWER_POSITION, &[community.into(), follower.into()])?
        .map_or(Ok(0), |row| row.get(0))
}

pub(crate) fn move_follower(
    tx: &mut dyn Tx,
    community: CommunityId,
    follower: &str,
    position: u64,
) -> Result<(), db::Error> {
    tx.execute(
        MOVE_FOLLOWER,
        &[community.into(), follower.into(), count(position)],
    )?;
    Ok(())
}

/// Every community with a journal.
pub(crate) fn communities(read: &mut dyn Read) -> Result<Vec<CommunityId>, db::Error> {
    read.query(COMMUNITIES, &[])?
        .iter()
        .map(|row| row.get(0))
        .collect()
}

/// The mark of the keys: the signing key's public text, and what the vault sealed.
pub(crate) fn keys<R: Read + ?Sized>(read: &mut R) -> Result<Option<(String, Vec<u8>)>, db::Error> {
    read.query_one(KEYS, &[CommunityId::CITY.into()])?
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .transpose()
}

pub(crate) fn insert_keys(
    tx: &mut dyn Tx,
    at: Timestamp,
    public_key: String,
    sealed: Vec<u8>,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_KEYS,
        &[
            CommunityId::CITY.into(),
            at.into(),
            public_key.into(),
            sealed.into(),
        ],
    )?;
    Ok(())
}

/// The newest head of any community.
pub(crate) fn any_newest_head(read: &mut dyn Read) -> Result<Option<String>, db::Error> {
    read.query_one(ANY_NEWEST_HEAD, &[])?
        .map(|row| row.get(1))
        .transpose()
}

/// A private part of any community, sealed.
pub(crate) fn any_private_part(
    read: &mut dyn Read,
) -> Result<Option<(CommunityId, Vec<u8>)>, db::Error> {
    read.query_one(ANY_PRIVATE_PART, &[])?
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .transpose()
}

/// A position or size as a column; none reaches 2⁶³.
fn count(number: u64) -> Value {
    Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}
