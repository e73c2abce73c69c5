//! SQL of the versions that a text has after its comments.

use db::{Read, Row, Tx};
use kernel::{CommunityId, Context, Timestamp};

use crate::Error;
use crate::model::ConsultationId;

db::statements! {
    INSERT = "insert into consultation_version (community_id, consultation_id, number, clauses, note, issued_by, issued_at) \
        values ($1, $2, $3, $4, $5, $6, $7)";
    ALL = "select number, clauses, note, issued_at from consultation_version \
        where community_id = $1 and consultation_id = $2 order by number";
    UNANSWERED = "select count(*) from consultation_comment c where c.community_id = $1 and c.consultation_id = $2 \
        and not exists (select 1 from consultation_withdrawal w where w.community_id = c.community_id \
            and w.consultation_id = c.consultation_id and w.number = c.number) \
        and not exists (select 1 from consultation_answered d where d.community_id = c.community_id \
            and d.consultation_id = c.consultation_id and d.number = c.number)";
}

/// The text as it stands after the comments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its number, from 2; the published text is 1.
    pub number: u32,
    /// The clauses in order.
    pub clauses: Vec<String>,
    /// What changed and why, in the drafters' words.
    pub note: String,
    /// When it was issued.
    pub at: Timestamp,
}

pub(crate) fn json_of(clauses: &[String]) -> Result<String, Error> {
    serde_json::to_string(clauses).map_err(|_| Error::Unreadable { what: "a version" })
}

pub(crate) fn insert(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: ConsultationId,
    version: &Version,
) -> Result<(), Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        version.number.into(),
        json_of(&version.clauses)?.into(),
        version.note.as_str().into(),
        ctx.actor.uuid().into(),
        version.at.into(),
    ];
    tx.execute(INSERT, &row)?;
    Ok(())
}

/// The versions after the published one, in order.
pub(crate) fn all(
    read: &mut dyn Read,
    community: CommunityId,
    id: ConsultationId,
) -> Result<Vec<Version>, Error> {
    let rows = read.query(ALL, &[community.into(), id.into()])?;
    let version = |row: &Row| {
        let clauses: String = row.get(1)?;
        Ok(Version {
            number: row.get(0)?,
            clauses: serde_json::from_str(&clauses)
                .map_err(|_| Error::Unreadable { what: "a version" })?,
            note: row.get(2)?,
            at: row.get(3)?,
        })
    };
    rows.iter().map(version).collect()
}

/// How many comments that stand have no answer.
pub(crate) fn unanswered(
    read: &mut dyn Read,
    community: CommunityId,
    id: ConsultationId,
) -> Result<u64, Error> {
    let row = read.query_one(UNANSWERED, &[community.into(), id.into()])?;
    Ok(row.map_or(Ok(0), |row| row.get(0))?)
}
