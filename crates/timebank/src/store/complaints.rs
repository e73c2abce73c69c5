//! SQL of complaints about visits.

use db::{Read, Row, Tx, Value};
use kernel::{AccountId, CommunityId, Context, Timestamp};

use super::LIST_MAX;
use super::audit::{self, vouch};
use super::people::seal;
use crate::Error;
use crate::model::{ComplaintId, VisitId};

db::statements! {
    COMPLAINTS = "select complaint_id, visit_id, said, made_at, made_by, settled_at, settled_by, is_upheld, ruling from \
        timebank_complaint where community_id = $1 order by complaint_id desc limit $2";
    INSERT_COMPLAINT = "insert into timebank_complaint (community_id, complaint_id, visit_id, said, made_at, made_by, settled_at, \
        settled_by, is_upheld, ruling) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    COMPLAINT_OPEN = "select complaint_id from timebank_complaint where community_id = $1 and visit_id = $2 and settled_at is null";
    SETTLE_COMPLAINT = "update timebank_complaint set settled_at = $3, settled_by = $4, is_upheld = $5, ruling = $6 \
        where community_id = $1 and complaint_id = $2 and settled_at is null";
}

/// A complaint about a visit, its texts sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// Its id.
    pub id: ComplaintId,
    /// About which visit.
    pub visit: VisitId,
    /// What is said.
    pub said: Vec<u8>,
    /// When.
    pub made_at: Timestamp,
    /// Who.
    pub made_by: AccountId,
    /// Whether it was right, once settled.
    pub is_upheld: Option<bool>,
    /// The ruling.
    pub ruling: Option<Vec<u8>>,
}

pub(crate) fn complaints(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<Complaint>, db::Error> {
    let rows = read.query(COMPLAINTS, &[community.into(), LIST_MAX.into()])?;
    rows.iter().map(complaint_of).collect()
}

pub(crate) fn complaint(
    read: &mut dyn Read,
    community: CommunityId,
    id: ComplaintId,
) -> Result<Complaint, Error> {
    let row = read.query_one(audit::COMPLAINT.one, &[community.into(), id.into()])?;
    let row = row.ok_or(Error::NotFound { what: "complaint" })?;
    Ok(complaint_of(&row)?)
}

fn complaint_of(row: &Row) -> Result<Complaint, db::Error> {
    Ok(Complaint {
        id: row.get(0)?,
        visit: row.get(1)?,
        said: row.get(2)?,
        made_at: row.get(3)?,
        made_by: row.get(4)?,
        is_upheld: row.get(7)?,
        ruling: row.get(8)?,
    })
}

/// Whether a complaint about a visit waits.
pub(crate) fn is_disputed(
    read: &mut dyn Read,
    community: CommunityId,
    visit: VisitId,
) -> Result<bool, db::Error> {
    let row = read.query_one(COMPLAINT_OPEN, &[community.into(), visit.into()])?;
    Ok(row.is_some())
}

pub(crate) fn insert_complaint(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: ComplaintId,
    visit: VisitId,
    said: &str,
) -> Result<(), Error> {
    let mut row: Vec<Value> = vec![
        ctx.community.into(),
        id.into(),
        visit.into(),
        seal(ctx, said)?.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
    ];
    row.resize(10, Value::Null);
    tx.execute(INSERT_COMPLAINT, &row)?;
    Ok(vouch(tx, &audit::COMPLAINT, ctx.community, id)?)
}

pub(crate) fn settle_complaint(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: ComplaintId,
    is_upheld: bool,
    ruling: &str,
) -> Result<u64, Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
        is_upheld.into(),
        seal(ctx, ruling)?.into(),
    ];
    let settled = tx.execute(SETTLE_COMPLAINT, &row)?;
    vouch(tx, &audit::COMPLAINT, ctx.community, id)?;
    Ok(settled)
}
