//! Undoing a donation: it goes back to its donor, or, with the donor's consent, to another purpose. Only what is whole.

use db::Tx;
use journal::{Change, Command, record};
use kernel::Context;
use ledger::{Action, Request, TransferId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::money::{check_purse, check_route, post, transfer};
use super::voucher_subject;
use crate::law::{self, Restriction};
use crate::model::{Evidence, MANAGE, MAX_TEXT, Means, Purse, VoucherId, VoucherKind, check_text};
use crate::store::{self, NewVoucher, Voucher, actor, seal};
use crate::{Error, hex};

/// Returns a donation to its donor.
#[derive(Serialize, Deserialize)]
pub struct ReturnDonation {
    /// The donation.
    pub voucher: VoucherId,
    /// Why.
    pub reason: String,
    /// The slip of the transfer back.
    pub evidence: Option<Evidence>,
}

impl Command for ReturnDonation {
    const NAME: &'static str = "fund.donation.return";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(MANAGE)?;
        let (voucher, sha256) =
            whole_donation(tx, ctx, self.voucher, &self.reason, self.evidence.as_ref())?;
        let posted = post(tx, ctx, &[reverse(ctx, &voucher)])?;
        let undone = ("returned", self.reason.trim());
        if store::undo_voucher(tx, ctx, voucher.id, undone)? == 0 {
            return Err(Error::Settled { what: "voucher" });
        }
        let change =
            Change::new("fund.donation.returned", voucher_subject(voucher.id)).public(json!({
                "purse": voucher.purse, "amount": voucher.amount, "reason": self.reason.trim(),
                "evidence": hex(&sha256), "book": posted.stamp,
            }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Puts a donation to another use, with its donor's consent.
#[derive(Serialize, Deserialize)]
pub struct ChangePurpose {
    /// The donation.
    pub voucher: VoucherId,
    /// What it is for from now on.
    pub purse: Purse,
    /// Why.
    pub reason: String,
    /// The donor's consent.
    pub evidence: Option<Evidence>,
}

impl Command for ChangePurpose {
    const NAME: &'static str = "fund.purpose.change";
    /// The donation as it stands from now on.
    type Outcome = VoucherId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<VoucherId, Error> {
        ctx.require(MANAGE)?;
        let (by_consent, grounds) = law::restriction(Restriction::OtherPurpose, ctx.now.date())?;
        check_purse(tx, ctx, self.purse, true)?;
        check_route(tx, ctx, VoucherKind::Donation, self.purse, None)?;
        let (old, sha256) =
            whole_donation(tx, ctx, self.voucher, &self.reason, self.evidence.as_ref())?;
        if old.purse == self.purse {
            return Err(Error::NoSuchChoice { field: "purse" });
        }
        if !by_consent {
            return Err(Error::Restricted {
                purse: super::money::purse_title(tx, ctx, old.purse)?,
                citation: law::cited(&grounds),
            });
        }
        let id = VoucherId::from_uuid(ctx.new_uuid());
        let again = transfer(
            tx,
            ctx,
            TransferId(id.uuid().as_u128()),
            (VoucherKind::Donation, self.purse, None),
            old.amount,
        )?;
        let posted = post(tx, ctx, &[reverse(ctx, &old), again])?;
        let undone = ("changed", self.reason.trim());
        if store::undo_voucher(tx, ctx, old.id, undone)? == 0 {
            return Err(Error::Settled { what: "voucher" });
        }
        let number = put_again(tx, ctx, id, &old, self.purse)?;
        let change = Change::new("fund.donation.changed", voucher_subject(old.id)).public(json!({
            "from": old.purse, "to": self.purse, "amount": old.amount, "into": id, "number": number,
            "reason": self.reason.trim(), "consent": hex(&sha256), "grounds": law::cited(&grounds),
            "book": posted.stamp,
        }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// The same donation under its new purpose, confirmed.
fn put_again(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: VoucherId,
    old: &Voucher,
    purse: Purse,
) -> Result<i64, Error> {
    let donor = match (&old.donor, old.display) {
        (Some(donor), Some(display)) => Some((seal(ctx, &store::unseal(ctx, donor)?)?, display)),
        _ => None,
    };
    let new = NewVoucher {
        id,
        kind: VoucherKind::Donation,
        purse,
        target: None,
        amount: old.amount,
        surplus: None,
        means: Means::Within,
        reference: &old.reference,
        claim: None,
        day: ctx.now.date(),
        what: &old.what,
        donor,
        account: old.account,
        gift: None,
        origin: Some(old.id),
        recorded_by: old.recorded_by.uuid(),
    };
    store::insert_voucher(tx, ctx, new)?;
    let number = store::last_number(tx, ctx.community)? + 1;
    store::confirm_voucher(tx, ctx, id, Some(number))?;
    Ok(number)
}

/// A confirmed donation of which nothing is spent or held, and the paper that shows why it is undone.
fn whole_donation(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: VoucherId,
    reason: &str,
    evidence: Option<&Evidence>,
) -> Result<(Voucher, [u8; 32]), Error> {
    let by = actor(ctx)?;
    check_text("reason", reason, MAX_TEXT)?;
    let evidence = evidence.ok_or(Error::NoFile)?;
    evidence.check()?;
    let voucher = store::voucher(tx, ctx.community, id)?;
    let is_donation = voucher.kind == VoucherKind::Donation;
    if !is_donation || voucher.is_confirmed != Some(true) {
        return Err(Error::NotOpen { what: "voucher" });
    }
    if voucher.undone_at.is_some() {
        return Err(Error::Settled { what: "voucher" });
    }
    if voucher.recorded_by == by {
        return Err(Error::SamePerson { what: "voucher" });
    }
    let lots = book::lots(tx, ctx.community, voucher.purse.account())?;
    let own = lots.iter().find(|lot| lot.request == voucher.id.uuid());
    let free = own.map_or(0, |lot| lot.remaining - lot.reserved);
    if free != voucher.amount {
        let spent = voucher.amount - free;
        return Err(Error::PartlySpent { spent });
    }
    let sha256 = store::insert_file(tx, ctx, voucher.id.uuid(), evidence, false)?;
    Ok((voucher, sha256))
}

fn reverse(ctx: &Context, voucher: &Voucher) -> Request {
    Request {
        id: TransferId(ctx.new_uuid().as_u128()),
        action: Action::Reverse {
            of: TransferId(voucher.id.uuid().as_u128()),
        },
    }
}
