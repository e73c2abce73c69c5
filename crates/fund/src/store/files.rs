//! SQL of the files that show something.

use db::{Read, Row, Tx, Value};
use kernel::{CommunityId, Context, Timestamp, Uuid};
use sha2::{Digest, Sha256};

use super::LIST_MAX;
use super::audit::{self, vouch};
use crate::Error;
use crate::model::{Evidence, FileId};

db::statements! {
    FILES_ABOUT = "select file_id, about, name, media_type, sha256, size, added_at, added_by, is_open from fund_file \
        where community_id = $1 and about = $2 order by file_id limit $3";
    CONTENT = "select content from fund_file where community_id = $1 and file_id = $2";
    INSERT_FILE = "insert into fund_file (community_id, file_id, about, name, media_type, sha256, size, added_at, added_by, \
        is_open, content) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
}

/// A file without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileLine {
    /// Its id.
    pub id: FileId,
    /// The voucher or tranche that it shows.
    pub about: Uuid,
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// The hash over its content.
    pub sha256: [u8; 32],
    /// Its size in bytes.
    pub size: u64,
    /// When it was added.
    pub added_at: Timestamp,
    /// By whom.
    pub added_by: Uuid,
    /// Whether everybody here may open it.
    pub is_open: bool,
}

pub(super) fn file_of(row: &Row) -> Result<FileLine, db::Error> {
    Ok(FileLine {
        id: row.get(0)?,
        about: row.get(1)?,
        name: row.get(2)?,
        media_type: row.get(3)?,
        sha256: row.get(4)?,
        size: row.get(5)?,
        added_at: row.get(6)?,
        added_by: row.get(7)?,
        is_open: row.get(8)?,
    })
}

pub(crate) fn files_about(
    read: &mut dyn Read,
    community: CommunityId,
    about: Uuid,
) -> Result<Vec<FileLine>, db::Error> {
    let rows = read.query(
        FILES_ABOUT,
        &[community.into(), about.into(), LIST_MAX.into()],
    )?;
    rows.iter().map(file_of).collect()
}

/// A file without its content.
pub(crate) fn file(
    read: &mut dyn Read,
    community: CommunityId,
    id: FileId,
) -> Result<FileLine, Error> {
    let row = read.query_one(audit::FILE.one, &[community.into(), id.into()])?;
    let row = row.ok_or(Error::NotFound { what: "file" })?;
    Ok(file_of(&row)?)
}

/// A file's content.
pub(crate) fn content(
    read: &mut dyn Read,
    community: CommunityId,
    id: FileId,
) -> Result<Vec<u8>, Error> {
    let row = read.query_one(CONTENT, &[community.into(), id.into()])?;
    let row = row.ok_or(Error::NotFound { what: "file" })?;
    Ok(row.get(0)?)
}

/// Keeps a file; gives the hash over its content.
pub(crate) fn insert_file(
    tx: &mut dyn Tx,
    ctx: &Context,
    about: Uuid,
    evidence: &Evidence,
    is_open: bool,
) -> Result<[u8; 32], Error> {
    let id = FileId::from_uuid(ctx.new_uuid());
    let sha256: [u8; 32] = Sha256::digest(&evidence.content).into();
    let size = i64::try_from(evidence.content.len()).unwrap_or(i64::MAX);
    let row: [Value; 11] = [
        ctx.community.into(),
        id.into(),
        about.into(),
        evidence.name.as_str().into(),
        evidence.media_type.as_str().into(),
        sha256.into(),
        size.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
        is_open.into(),
        evidence.content.clone().into(),
    ];
    tx.execute(INSERT_FILE, &row)?;
    vouch(tx, &audit::FILE, ctx.community, id)?;
    Ok(sha256)
}
