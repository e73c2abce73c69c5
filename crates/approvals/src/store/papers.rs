//! SQL of the papers that applicants hand in, each once.

use db::{Read, Tx, Value};
use kernel::{CommunityId, Context, Timestamp};

use super::audit;
use crate::Error;
use crate::model::{CaseId, PaperId};

db::statements! {
    INSERT_PAPER = "insert into approval_paper (community_id, case_id, paper_id, paper, name, media_type, sha256, \
        content, added_at, added_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    DELETE_PAPER = "delete from approval_paper where community_id = $1 and case_id = $2 and paper_id = $3";
    PAPERS = "select paper_id, paper, name, media_type, sha256, cast(length(content) as bigint), added_at \
        from approval_paper where community_id = $1 and case_id = $2 order by paper_id";
    PAPER = "select name, media_type, content from approval_paper \
        where community_id = $1 and case_id = $2 and paper_id = $3";
}

/// A paper, without its content.
#[derive(Clone, Debug)]
pub struct PaperFile {
    /// Its id.
    pub id: PaperId,
    /// Which paper of the definition it is; empty for any other.
    pub paper: String,
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its SHA-256.
    pub sha256: [u8; 32],
    /// Its size in bytes.
    pub size: u64,
    /// When it was handed in.
    pub added_at: Timestamp,
}

pub(crate) fn insert_paper(
    tx: &mut dyn Tx,
    ctx: &Context,
    case: CaseId,
    paper: &PaperFile,
    content: Vec<u8>,
) -> Result<(), Error> {
    let values: [Value; 10] = [
        ctx.community.into(),
        case.into(),
        paper.id.into(),
        paper.paper.as_str().into(),
        paper.name.as_str().into(),
        paper.media_type.as_str().into(),
        paper.sha256.into(),
        content.into(),
        paper.added_at.into(),
        ctx.actor.uuid().into(),
    ];
    tx.execute(INSERT_PAPER, &values)?;
    journal::rewrote(
        tx,
        &audit::PAPERS,
        ctx.community,
        &[case.into(), paper.id.into()],
    )?;
    Ok(())
}

pub(crate) fn delete_paper(
    tx: &mut dyn Tx,
    community: CommunityId,
    case: CaseId,
    paper: PaperId,
) -> Result<u64, Error> {
    Ok(tx.execute(DELETE_PAPER, &[community.into(), case.into(), paper.into()])?)
}

pub(crate) fn papers(
    read: &mut dyn Read,
    community: CommunityId,
    case: CaseId,
) -> Result<Vec<PaperFile>, Error> {
    read.query(PAPERS, &[community.into(), case.into()])?
        .iter()
        .map(|row| {
            Ok(PaperFile {
                id: row.get(0)?,
                paper: row.get(1)?,
                name: row.get(2)?,
                media_type: row.get(3)?,
                sha256: row.get(4)?,
                size: row.get(5)?,
                added_at: row.get(6)?,
            })
        })
        .collect()
}

/// A paper's name, media type and content.
pub(crate) fn paper_content(
    read: &mut dyn Read,
    community: CommunityId,
    case: CaseId,
    paper: PaperId,
) -> Result<(String, String, Vec<u8>), Error> {
    let row = read
        .query_one(PAPER, &[community.into(), case.into(), paper.into()])?
        .ok_or(Error::NoSuchPart { what: "paper" })?;
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}
