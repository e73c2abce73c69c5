//! Announcing a donation: the donor says how they are shown and gets a code to write on the transfer.

use db::Tx;
use journal::{Change, Command, record};
use kernel::Context;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::money::check_purse;
use crate::Error;
use crate::model::{DonorTerms, GIVE, GiftId, Purse, VoucherKind, check_amount};
use crate::store::{self, Gift, actor, seal};

/// Announces a donation; the money itself comes by bank or in cash.
#[derive(Serialize, Deserialize)]
pub struct AnnounceGift {
    /// Who gives, and how they are shown.
    pub donor: DonorTerms,
    /// For which money.
    pub purse: Purse,
    /// How much, in fen.
    pub amount: i64,
}

impl Command for AnnounceGift {
    const NAME: &'static str = "fund.gift.announce";
    /// Its id, and the code to write on the transfer.
    type Outcome = (GiftId, String);
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(GiftId, String), Error> {
        ctx.require(GIVE)?;
        let account = actor(ctx)?;
        self.donor.check()?;
        check_amount("amount", self.amount)?;
        store::charter(tx, ctx.community)?.ok_or(Error::NoCharter)?;
        check_purse(tx, ctx, self.purse, true)?;
        super::money::check_route(tx, ctx, VoucherKind::Donation, self.purse, None)?;
        let gift = Gift {
            id: GiftId::from_uuid(ctx.new_uuid()),
            account,
            donor: seal(ctx, self.donor.name.trim())?,
            display: self.donor.display,
            purse: self.purse,
            amount: self.amount,
            code: format!("{:08}", ctx.random.below(100_000_000)),
            announced_at: ctx.now,
            withdrawn_at: None,
            received_at: None,
        };
        store::insert_gift(tx, ctx, &gift)?;
        let change = Change::new("fund.gift.announced", format!("fund-gift/{}", gift.id))
            .public(json!({ "purse": self.purse, "amount": self.amount }))
            .private(json!({ "donor": self.donor }));
        record(tx, ctx, change)?;
        Ok((gift.id, gift.code))
    }
}

/// Takes an announcement back, while no money has come.
#[derive(Serialize, Deserialize)]
pub struct WithdrawGift {
    /// The announcement.
    pub gift: GiftId,
}

impl Command for WithdrawGift {
    const NAME: &'static str = "fund.gift.withdraw";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(GIVE)?;
        let gift = store::gift(tx, ctx.community, self.gift)?;
        if gift.account != actor(ctx)? {
            return Err(Error::NotFound { what: "gift" });
        }
        if store::withdraw_gift(tx, ctx, gift.id)? == 0 {
            return Err(Error::Settled { what: "gift" });
        }
        let subject = format!("fund-gift/{}", gift.id);
        record(tx, ctx, Change::new("fund.gift.withdrawn", subject))?;
        Ok(())
    }
}
