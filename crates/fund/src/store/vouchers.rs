//! SQL of vouchers: money that came, went or was set aside.

use db::{Read, Row, Tx, Value};
use jiff::civil::Date;
use kernel::{AccountId, CommunityId, Context, Timestamp, Uuid};

use super::audit::{self, vouch};
use super::{LIST_MAX, maybe_named, named, purse};
use crate::Error;
use crate::model::{Display, GiftId, Means, Purse, VoucherId, VoucherKind};

db::statements! {
    WAITING = "select voucher_id, kind, purse, target, amount, surplus, surplus_share, means, reference, claim, day, \
        what, donor, display, account_id, gift_id, origin_id, recorded_at, recorded_by, decided_at, decided_by, \
        is_confirmed, reason, number, undone_at, undone_by, undone_as, undone_why \
        from fund_voucher where community_id = $1 and decided_at is null order by voucher_id limit $2";
    CONFIRMED_BETWEEN = "select voucher_id, kind, purse, target, amount, surplus, surplus_share, means, reference, claim, \
        day, what, donor, display, account_id, gift_id, origin_id, recorded_at, recorded_by, decided_at, decided_by, \
        is_confirmed, reason, number, undone_at, undone_by, undone_as, undone_why from fund_voucher \
        where community_id = $1 and is_confirmed and decided_at >= $2 and decided_at < $3 order by decided_at desc, \
        voucher_id desc limit $4";
    UNDONE_BETWEEN = "select voucher_id, kind, purse, target, amount, surplus, surplus_share, means, reference, claim, \
        day, what, donor, display, account_id, gift_id, origin_id, recorded_at, recorded_by, decided_at, decided_by, \
        is_confirmed, reason, number, undone_at, undone_by, undone_as, undone_why from fund_voucher \
        where community_id = $1 and undone_at >= $2 and undone_at < $3 order by undone_at desc, voucher_id desc limit $4";
    VOUCHERS_OF_ACCOUNT = "select voucher_id, kind, purse, target, amount, surplus, surplus_share, means, reference, claim, \
        day, what, donor, display, account_id, gift_id, origin_id, recorded_at, recorded_by, decided_at, decided_by, \
        is_confirmed, reason, number, undone_at, undone_by, undone_as, undone_why from fund_voucher \
        where community_id = $1 and account_id = $2 order by voucher_id desc limit $3";
    SUMS_BETWEEN = "select kind, cast(sum(amount) as bigint) from fund_voucher \
        where community_id = $1 and is_confirmed and decided_at >= $2 and decided_at < $3 group by kind order by kind";
    UNDONE_SUM = "select cast(coalesce(sum(amount), 0) as bigint) from fund_voucher \
        where community_id = $1 and undone_at >= $2 and undone_at < $3";
    CLAIMED = "select voucher_id from fund_voucher where community_id = $1 and claim = $2";
    LAST_NUMBER = "select cast(coalesce(max(number), 0) as bigint) from fund_voucher where community_id = $1";
    INSERT_VOUCHER = "insert into fund_voucher (community_id, voucher_id, kind, purse, target, amount, surplus, \
        surplus_share, means, reference, claim, day, what, donor, display, account_id, gift_id, origin_id, recorded_at, \
        recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)";
    CONFIRM_VOUCHER = "update fund_voucher set decided_at = $3, decided_by = $4, is_confirmed = true, number = $5 \
        where community_id = $1 and voucher_id = $2 and decided_at is null";
    REFUSE_VOUCHER = "update fund_voucher set decided_at = $3, decided_by = $4, is_confirmed = false, reason = $5, \
        claim = null where community_id = $1 and voucher_id = $2 and decided_at is null";
    UNDO_VOUCHER = "update fund_voucher set undone_at = $3, undone_by = $4, undone_as = $5, undone_why = $6 \
        where community_id = $1 and voucher_id = $2 and is_confirmed and undone_at is null";
}

/// A voucher as kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voucher {
    /// Its id, and that of its transfer in the book.
    pub id: VoucherId,
    /// What it tells.
    pub kind: VoucherKind,
    /// Whose money.
    pub purse: Purse,
    /// For what general money was set aside.
    pub target: Option<Purse>,
    /// How much, in fen.
    pub amount: i64,
    /// The whole surplus, in fen.
    pub surplus: Option<i64>,
    /// The fund's share of it, in hundredths of a per cent.
    pub surplus_share: Option<i64>,
    /// How it came or went.
    pub means: Means,
    /// The line of the bank statement or the number of the slip.
    pub reference: String,
    /// When it came or went.
    pub day: Date,
    /// What it was.
    pub what: String,
    /// The donor's name, sealed.
    pub donor: Option<Vec<u8>>,
    /// How the donor is shown.
    pub display: Option<Display>,
    /// The donor's login, if they announced it.
    pub account: Option<AccountId>,
    /// The announcement.
    pub gift: Option<GiftId>,
    /// The donation whose purpose was changed into this.
    pub origin: Option<VoucherId>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// By whom.
    pub recorded_by: AccountId,
    /// When it was confirmed or refused.
    pub decided_at: Option<Timestamp>,
    /// By whom.
    pub decided_by: Option<AccountId>,
    /// Whether it was confirmed.
    pub is_confirmed: Option<bool>,
    /// Why it was refused.
    pub reason: Option<String>,
    /// Its number among the receipts.
    pub number: Option<i64>,
    /// When it was returned or its purpose changed.
    pub undone_at: Option<Timestamp>,
    /// `returned` or `changed`.
    pub undone_as: Option<String>,
    /// Why.
    pub undone_why: Option<String>,
}

/// A voucher to be written.
pub(crate) struct NewVoucher<'a> {
    pub(crate) id: VoucherId,
    pub(crate) kind: VoucherKind,
    pub(crate) purse: Purse,
    pub(crate) target: Option<Purse>,
    pub(crate) amount: i64,
    pub(crate) surplus: Option<(i64, i64)>,
    pub(crate) means: Means,
    pub(crate) reference: &'a str,
    pub(crate) claim: Option<String>,
    pub(crate) day: Date,
    pub(crate) what: &'a str,
    pub(crate) donor: Option<(Vec<u8>, Display)>,
    pub(crate) account: Option<AccountId>,
    pub(crate) gift: Option<GiftId>,
    pub(crate) origin: Option<VoucherId>,
    pub(crate) recorded_by: Uuid,
}

pub(super) fn voucher_of(row: &Row) -> Result<Voucher, db::Error> {
    let day: String = row.get(10)?;
    let day = day.parse().map_err(|_| db::Error::Column {
        column: 10,
        expected: "a day",
    })?;
    let target: Option<String> = row.get(3)?;
    Ok(Voucher {
        id: row.get(0)?,
        kind: named(row, 1, VoucherKind::from_name)?,
        purse: purse(row, 2)?,
        target: target.and_then(|text| text.parse().ok()),
        amount: row.get(4)?,
        surplus: row.get(5)?,
        surplus_share: row.get(6)?,
        means: named(row, 7, Means::from_name)?,
        reference: row.get(8)?,
        day,
        what: row.get(11)?,
        donor: row.get(12)?,
        display: maybe_named(row, 13, Display::from_name)?,
        account: row.get(14)?,
        gift: row.get(15)?,
        origin: row.get(16)?,
        recorded_at: row.get(17)?,
        recorded_by: row.get(18)?,
        decided_at: row.get(19)?,
        decided_by: row.get(20)?,
        is_confirmed: row.get(21)?,
        reason: row.get(22)?,
        number: row.get(23)?,
        undone_at: row.get(24)?,
        undone_as: row.get(26)?,
        undone_why: row.get(27)?,
    })
}

pub(crate) fn voucher(
    read: &mut dyn Read,
    community: CommunityId,
    id: VoucherId,
) -> Result<Voucher, Error> {
    let row = read.query_one(audit::VOUCHER.one, &[community.into(), id.into()])?;
    let row = row.ok_or(Error::NotFound { what: "voucher" })?;
    Ok(voucher_of(&row)?)
}

/// Vouchers that nobody has confirmed or refused.
pub(crate) fn waiting(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<Voucher>, db::Error> {
    let rows = read.query(WAITING, &[community.into(), LIST_MAX.into()])?;
    rows.iter().map(voucher_of).collect()
}

/// Vouchers confirmed within a time, the newest first.
pub(crate) fn confirmed_between(
    read: &mut dyn Read,
    community: CommunityId,
    (from, to): (Timestamp, Timestamp),
    limit: u32,
) -> Result<Vec<Voucher>, db::Error> {
    let asked = [community.into(), from.into(), to.into(), limit.into()];
    let rows = read.query(CONFIRMED_BETWEEN, &asked)?;
    rows.iter().map(voucher_of).collect()
}

/// Donations returned or changed within a time, the newest first.
pub(crate) fn undone_between(
    read: &mut dyn Read,
    community: CommunityId,
    (from, to): (Timestamp, Timestamp),
    limit: u32,
) -> Result<Vec<Voucher>, db::Error> {
    let asked = [community.into(), from.into(), to.into(), limit.into()];
    let rows = read.query(UNDONE_BETWEEN, &asked)?;
    rows.iter().map(voucher_of).collect()
}

/// A donor's donations.
pub(crate) fn vouchers_of_account(
    read: &mut dyn Read,
    community: CommunityId,
    account: AccountId,
) -> Result<Vec<Voucher>, db::Error> {
    let asked = [community.into(), account.into(), LIST_MAX.into()];
    let rows = read.query(VOUCHERS_OF_ACCOUNT, &asked)?;
    rows.iter().map(voucher_of).collect()
}

/// Sums of what was confirmed within a time, by kind.
pub(crate) fn sums_between(
    read: &mut dyn Read,
    community: CommunityId,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<(VoucherKind, i64)>, db::Error> {
    let rows = read.query(SUMS_BETWEEN, &[community.into(), from.into(), to.into()])?;
    rows.iter()
        .map(|row| Ok((named(row, 0, VoucherKind::from_name)?, row.get(1)?)))
        .collect()
}

/// The sum of what was returned or changed within a time.
pub(crate) fn undone_sum(
    read: &mut dyn Read,
    community: CommunityId,
    (from, to): (Timestamp, Timestamp),
) -> Result<i64, db::Error> {
    let row = read.query_one(UNDONE_SUM, &[community.into(), from.into(), to.into()])?;
    row.map_or(Ok(0), |row| row.get(0))
}

/// Whether a line of the bank statement was recorded, and not refused.
pub(crate) fn is_claimed(
    read: &mut dyn Read,
    community: CommunityId,
    claim: &str,
) -> Result<bool, db::Error> {
    let row = read.query_one(CLAIMED, &[community.into(), claim.into()])?;
    Ok(row.is_some())
}

/// The greatest number of a receipt.
pub(crate) fn last_number(read: &mut dyn Read, community: CommunityId) -> Result<i64, db::Error> {
    let row = read.query_one(LAST_NUMBER, &[community.into()])?;
    row.map_or(Ok(0), |row| row.get(0))
}

pub(crate) fn insert_voucher(
    tx: &mut dyn Tx,
    ctx: &Context,
    new: NewVoucher<'_>,
) -> Result<(), db::Error> {
    let (donor, display) = new.donor.unzip();
    let (surplus, share) = new.surplus.unzip();
    let row: [Value; 20] = [
        ctx.community.into(),
        new.id.into(),
        new.kind.name().into(),
        new.purse.to_string().into(),
        new.target.map(|purse| purse.to_string()).into(),
        new.amount.into(),
        surplus.into(),
        share.into(),
        new.means.name().into(),
        new.reference.into(),
        new.claim.into(),
        new.day.to_string().into(),
        new.what.into(),
        donor.into(),
        display.map(Display::name).into(),
        new.account.into(),
        new.gift.into(),
        new.origin.into(),
        ctx.now.into(),
        new.recorded_by.into(),
    ];
    tx.execute(INSERT_VOUCHER, &row)?;
    vouch(tx, &audit::VOUCHER, ctx.community, new.id)
}

pub(crate) fn confirm_voucher(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: VoucherId,
    number: Option<i64>,
) -> Result<u64, db::Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
        number.into(),
    ];
    let confirmed = tx.execute(CONFIRM_VOUCHER, &row)?;
    vouch(tx, &audit::VOUCHER, ctx.community, id)?;
    Ok(confirmed)
}

pub(crate) fn refuse_voucher(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: VoucherId,
    reason: &str,
) -> Result<u64, db::Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
        reason.into(),
    ];
    let refused = tx.execute(REFUSE_VOUCHER, &row)?;
    vouch(tx, &audit::VOUCHER, ctx.community, id)?;
    Ok(refused)
}

/// A donation went back, or changed its purpose.
pub(crate) fn undo_voucher(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: VoucherId,
    (as_what, why): (&'static str, &str),
) -> Result<u64, db::Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
        as_what.into(),
        why.into(),
    ];
    let undone = tx.execute(UNDO_VOUCHER, &row)?;
    vouch(tx, &audit::VOUCHER, ctx.community, id)?;
    Ok(undone)
}
