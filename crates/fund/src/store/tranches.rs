//! SQL of tranches: what was shown, checked and paid.

use db::{Read, Row, Tx, Value};
use kernel::{AccountId, CommunityId, Context, Timestamp, Uuid};

use super::LIST_MAX;
use super::audit::{self, vouch};
use crate::Error;
use crate::model::{GrantId, TrancheId, TrancheTerms};

db::statements! {
    TRANCHES = "select tranche_id, grant_id, place, title, amount, note, submitted_at, submitted_by, checked_at, \
        checked_by, is_met, check_reason, paid, reference, posting, paid_at, paid_by from fund_tranche \
        where community_id = $1 and grant_id = $2 order by place limit $3";
    TRANCHES_WAITING = "select tranche_id, grant_id, place, title, amount, note, submitted_at, submitted_by, checked_at, \
        checked_by, is_met, check_reason, paid, reference, posting, paid_at, paid_by from fund_tranche \
        where community_id = $1 and submitted_at is not null and paid_at is null order by tranche_id limit $2";
    PAID_BETWEEN = "select tranche_id, grant_id, place, title, amount, note, submitted_at, submitted_by, checked_at, \
        checked_by, is_met, check_reason, paid, reference, posting, paid_at, paid_by from fund_tranche \
        where community_id = $1 and paid_at >= $2 and paid_at < $3 order by paid_at desc, tranche_id desc limit $4";
    PAID_SUM = "select cast(coalesce(sum(paid), 0) as bigint) from fund_tranche \
        where community_id = $1 and paid_at >= $2 and paid_at < $3";
    REFERENCE_PAID = "select tranche_id from fund_tranche where community_id = $1 and reference = $2";
    INSERT_TRANCHE = "insert into fund_tranche (community_id, tranche_id, grant_id, place, title, amount) \
        values ($1, $2, $3, $4, $5, $6)";
    SUBMIT_TRANCHE = "update fund_tranche set note = $3, submitted_at = $4, submitted_by = $5, checked_at = null, \
        checked_by = null, is_met = null, check_reason = null where community_id = $1 and tranche_id = $2 and paid_at is null";
    CHECK_TRANCHE = "update fund_tranche set checked_at = $3, checked_by = $4, is_met = $5, check_reason = $6 \
        where community_id = $1 and tranche_id = $2 and submitted_at is not null and checked_at is null and paid_at is null";
    PAY_TRANCHE = "update fund_tranche set paid = $3, reference = $4, posting = $5, paid_at = $6, paid_by = $7 \
        where community_id = $1 and tranche_id = $2 and is_met and paid_at is null";
}

/// A tranche as kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tranche {
    /// Its id, and that of its reservation in the book.
    pub id: TrancheId,
    /// Of which grant.
    pub grant: GrantId,
    /// Its place, from 1.
    pub place: i64,
    /// What it pays.
    pub title: String,
    /// How much is held for it, in fen.
    pub amount: i64,
    /// What was said with the evidence.
    pub note: Option<String>,
    /// When evidence was shown.
    pub submitted_at: Option<Timestamp>,
    /// By whom.
    pub submitted_by: Option<AccountId>,
    /// When it was checked.
    pub checked_at: Option<Timestamp>,
    /// By whom.
    pub checked_by: Option<AccountId>,
    /// Whether it shows what was agreed.
    pub is_met: Option<bool>,
    /// Why.
    pub check_reason: Option<String>,
    /// What was paid, in fen.
    pub paid: Option<i64>,
    /// The line of the bank statement by which it was paid.
    pub reference: Option<String>,
    /// The posting in the book.
    pub posting: Option<Uuid>,
    /// When it was paid.
    pub paid_at: Option<Timestamp>,
}

impl Tranche {
    /// The name of where it stands.
    pub fn stage(&self) -> &'static str {
        match (self.paid_at, self.is_met, self.submitted_at) {
            (Some(_), ..) => "paid",
            (None, Some(true), _) => "met",
            (None, Some(false), _) => "not-met",
            (None, None, Some(_)) => "submitted",
            (None, None, None) => "held",
        }
    }
}

pub(super) fn tranche_of(row: &Row) -> Result<Tranche, db::Error> {
    Ok(Tranche {
        id: row.get(0)?,
        grant: row.get(1)?,
        place: row.get(2)?,
        title: row.get(3)?,
        amount: row.get(4)?,
        note: row.get(5)?,
        submitted_at: row.get(6)?,
        submitted_by: row.get(7)?,
        checked_at: row.get(8)?,
        checked_by: row.get(9)?,
        is_met: row.get(10)?,
        check_reason: row.get(11)?,
        paid: row.get(12)?,
        reference: row.get(13)?,
        posting: row.get(14)?,
        paid_at: row.get(15)?,
    })
}

pub(crate) fn tranches(
    read: &mut dyn Read,
    community: CommunityId,
    grant: GrantId,
) -> Result<Vec<Tranche>, db::Error> {
    let rows = read.query(TRANCHES, &[community.into(), grant.into(), LIST_MAX.into()])?;
    rows.iter().map(tranche_of).collect()
}

/// Tranches with evidence that are not paid.
pub(crate) fn tranches_waiting(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<Tranche>, db::Error> {
    let rows = read.query(TRANCHES_WAITING, &[community.into(), LIST_MAX.into()])?;
    rows.iter().map(tranche_of).collect()
}

/// Tranches paid within a time, the newest first.
pub(crate) fn paid_between(
    read: &mut dyn Read,
    community: CommunityId,
    (from, to): (Timestamp, Timestamp),
    limit: u32,
) -> Result<Vec<Tranche>, db::Error> {
    let asked = [community.into(), from.into(), to.into(), limit.into()];
    let rows = read.query(PAID_BETWEEN, &asked)?;
    rows.iter().map(tranche_of).collect()
}

/// What was paid for projects within a time.
pub(crate) fn paid_sum(
    read: &mut dyn Read,
    community: CommunityId,
    (from, to): (Timestamp, Timestamp),
) -> Result<i64, db::Error> {
    let row = read.query_one(PAID_SUM, &[community.into(), from.into(), to.into()])?;
    row.map_or(Ok(0), |row| row.get(0))
}

/// Whether a line of the bank statement paid another tranche.
pub(crate) fn is_reference_paid(
    read: &mut dyn Read,
    community: CommunityId,
    reference: &str,
) -> Result<bool, db::Error> {
    let row = read.query_one(REFERENCE_PAID, &[community.into(), reference.into()])?;
    Ok(row.is_some())
}

pub(crate) fn tranche(
    read: &mut dyn Read,
    community: CommunityId,
    id: TrancheId,
) -> Result<Tranche, Error> {
    let row = read.query_one(audit::TRANCHE.one, &[community.into(), id.into()])?;
    let row = row.ok_or(Error::NotFound { what: "tranche" })?;
    Ok(tranche_of(&row)?)
}

pub(crate) fn insert_tranche(
    tx: &mut dyn Tx,
    ctx: &Context,
    grant: GrantId,
    (place, terms): (i64, &TrancheTerms),
) -> Result<TrancheId, db::Error> {
    let id = TrancheId::from_uuid(ctx.new_uuid());
    let row: [Value; 6] = [
        ctx.community.into(),
        id.into(),
        grant.into(),
        place.into(),
        terms.title.as_str().into(),
        terms.amount.into(),
    ];
    tx.execute(INSERT_TRANCHE, &row)?;
    vouch(tx, &audit::TRANCHE, ctx.community, id)?;
    Ok(id)
}

pub(crate) fn submit_tranche(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: TrancheId,
    note: &str,
) -> Result<u64, db::Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        note.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
    ];
    let submitted = tx.execute(SUBMIT_TRANCHE, &row)?;
    vouch(tx, &audit::TRANCHE, ctx.community, id)?;
    Ok(submitted)
}

pub(crate) fn check_tranche(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: TrancheId,
    is_met: bool,
    reason: &str,
) -> Result<u64, db::Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
        is_met.into(),
        reason.into(),
    ];
    let checked = tx.execute(CHECK_TRANCHE, &row)?;
    vouch(tx, &audit::TRANCHE, ctx.community, id)?;
    Ok(checked)
}

pub(crate) fn pay_tranche(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: TrancheId,
    (paid, reference): (i64, &str),
    posting: Uuid,
) -> Result<u64, db::Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        paid.into(),
        reference.into(),
        posting.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
    ];
    let done = tx.execute(PAY_TRANCHE, &row)?;
    vouch(tx, &audit::TRANCHE, ctx.community, id)?;
    Ok(done)
}
