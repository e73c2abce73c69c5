//! SQL of donations that were announced.

use db::{Read, Row, Tx};
use kernel::{AccountId, CommunityId, Context, Timestamp};

use super::audit::{self, vouch};
use super::{LIST_MAX, named, purse};
use crate::Error;
use crate::model::{Display, GiftId, Purse};

db::statements! {
    GIFTS_OF = "select gift_id, account_id, donor, display, purse, amount, code, announced_at, withdrawn_at, received_at \
        from fund_gift where community_id = $1 and account_id = $2 order by gift_id desc limit $3";
    OPEN_GIFTS = "select gift_id, account_id, donor, display, purse, amount, code, announced_at, withdrawn_at, received_at \
        from fund_gift where community_id = $1 and withdrawn_at is null and received_at is null order by gift_id limit $2";
    GIFT_OF_CODE = "select gift_id, account_id, donor, display, purse, amount, code, announced_at, withdrawn_at, received_at \
        from fund_gift where community_id = $1 and code = $2";
    INSERT_GIFT = "insert into fund_gift (community_id, gift_id, account_id, donor, display, purse, amount, code, \
        announced_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    WITHDRAW_GIFT = "update fund_gift set withdrawn_at = $3 \
        where community_id = $1 and gift_id = $2 and withdrawn_at is null and received_at is null";
    RECEIVE_GIFT = "update fund_gift set received_at = $3 where community_id = $1 and gift_id = $2";
}

/// A donation that was announced: the treasurer finds the money by its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gift {
    /// Its id.
    pub id: GiftId,
    /// Who announced it.
    pub account: AccountId,
    /// The donor's name, sealed.
    pub donor: Vec<u8>,
    /// How the donor is shown.
    pub display: Display,
    /// For which money.
    pub purse: Purse,
    /// How much, in fen.
    pub amount: i64,
    /// What is written on the transfer.
    pub code: String,
    /// When.
    pub announced_at: Timestamp,
    /// When it was taken back.
    pub withdrawn_at: Option<Timestamp>,
    /// When the money was confirmed.
    pub received_at: Option<Timestamp>,
}

pub(crate) fn gifts_of(
    read: &mut dyn Read,
    community: CommunityId,
    account: AccountId,
) -> Result<Vec<Gift>, db::Error> {
    let rows = read.query(
        GIFTS_OF,
        &[community.into(), account.into(), LIST_MAX.into()],
    )?;
    rows.iter().map(gift_of).collect()
}

pub(crate) fn open_gifts(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<Gift>, db::Error> {
    let rows = read.query(OPEN_GIFTS, &[community.into(), LIST_MAX.into()])?;
    rows.iter().map(gift_of).collect()
}

pub(crate) fn gift(read: &mut dyn Read, community: CommunityId, id: GiftId) -> Result<Gift, Error> {
    let row = read.query_one(audit::GIFT.one, &[community.into(), id.into()])?;
    let row = row.ok_or(Error::NotFound { what: "gift" })?;
    Ok(gift_of(&row)?)
}

pub(crate) fn gift_of_code(
    read: &mut dyn Read,
    community: CommunityId,
    code: &str,
) -> Result<Gift, Error> {
    let row = read.query_one(GIFT_OF_CODE, &[community.into(), code.into()])?;
    let row = row.ok_or(Error::NotFound { what: "gift" })?;
    Ok(gift_of(&row)?)
}

fn gift_of(row: &Row) -> Result<Gift, db::Error> {
    Ok(Gift {
        id: row.get(0)?,
        account: row.get(1)?,
        donor: row.get(2)?,
        display: named(row, 3, Display::from_name)?,
        purse: purse(row, 4)?,
        amount: row.get(5)?,
        code: row.get(6)?,
        announced_at: row.get(7)?,
        withdrawn_at: row.get(8)?,
        received_at: row.get(9)?,
    })
}

pub(crate) fn insert_gift(tx: &mut dyn Tx, ctx: &Context, gift: &Gift) -> Result<(), db::Error> {
    let row = [
        ctx.community.into(),
        gift.id.into(),
        gift.account.into(),
        gift.donor.clone().into(),
        gift.display.name().into(),
        gift.purse.to_string().into(),
        gift.amount.into(),
        gift.code.as_str().into(),
        ctx.now.into(),
    ];
    tx.execute(INSERT_GIFT, &row)?;
    vouch(tx, &audit::GIFT, ctx.community, gift.id)
}

pub(crate) fn withdraw_gift(tx: &mut dyn Tx, ctx: &Context, id: GiftId) -> Result<u64, db::Error> {
    let row = [ctx.community.into(), id.into(), ctx.now.into()];
    let withdrawn = tx.execute(WITHDRAW_GIFT, &row)?;
    vouch(tx, &audit::GIFT, ctx.community, id)?;
    Ok(withdrawn)
}

/// The money of an announced donation was confirmed.
pub(crate) fn receive_gift(tx: &mut dyn Tx, ctx: &Context, id: GiftId) -> Result<(), db::Error> {
    tx.execute(
        RECEIVE_GIFT,
        &[ctx.community.into(), id.into(), ctx.now.into()],
    )?;
    vouch(tx, &audit::GIFT, ctx.community, id)
}
