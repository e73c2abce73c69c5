//! Vouchers: the treasurer records, somebody else confirms, and only then it stands in the book.

use db::Tx;
use journal::{Change, Command, record};
use kernel::Context;
use ledger::TransferId;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::money::{check_purse, check_route, post, transfer};
use super::voucher_subject;
use crate::model::{
    CONFIRM, Evidence, MAX_TEXT, RECORD, VoucherId, VoucherKind, VoucherTerms, WHOLE_SHARE,
    check_text,
};
use crate::store::{self, Gift, NewVoucher, Voucher, actor, seal};
use crate::{Error, hex};

/// Records what a line of the bank statement or a cash slip shows.
#[derive(Serialize, Deserialize)]
pub struct RecordVoucher {
    /// What it shows.
    pub terms: VoucherTerms,
    /// The slip itself; for setting general money aside, the minutes.
    pub evidence: Option<Evidence>,
}

impl Command for RecordVoucher {
    const NAME: &'static str = "fund.voucher.record";
    type Outcome = VoucherId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<VoucherId, Error> {
        ctx.require(RECORD)?;
        let by = actor(ctx)?;
        let terms = &self.terms;
        terms.check(ctx.now.date())?;
        let evidence = self.evidence.as_ref().ok_or(Error::NoFile)?;
        evidence.check()?;
        let charter = store::charter(tx, ctx.community)?.ok_or(Error::NoCharter)?;
        check_purse(tx, ctx, terms.purse, terms.kind.is_income())?;
        if let Some(target) = terms.target {
            check_purse(tx, ctx, target, true)?;
        }
        check_route(tx, ctx, terms.kind, terms.purse, terms.target)?;
        let reference = terms.reference.trim();
        let claim = format!("{}:{reference}", terms.means.name());
        if store::is_claimed(tx, ctx.community, &claim)? {
            let reference = reference.to_owned();
            return Err(Error::RecordedBefore { reference });
        }
        let gift = announced(tx, ctx, terms)?;
        let (amount, surplus) = match terms.kind {
            VoucherKind::Surplus => {
                let share = charter.terms.surplus_share.ok_or(Error::NoShare)?;
                let amount = share_of(terms.amount, share)?;
                (amount, Some((terms.amount, share)))
            }
            _ => (terms.amount, None),
        };
        let donor = match (&terms.donor, &gift) {
            (_, Some(gift)) => Some((seal(ctx, &store::unseal(ctx, &gift.donor)?)?, gift.display)),
            (Some(donor), None) => Some((seal(ctx, donor.name.trim())?, donor.display)),
            (None, None) => None,
        };
        let id = VoucherId::from_uuid(ctx.new_uuid());
        let new = NewVoucher {
            id,
            kind: terms.kind,
            purse: terms.purse,
            target: terms.target,
            amount,
            surplus,
            means: terms.means,
            reference,
            claim: Some(claim),
            day: terms.day,
            what: terms.what.trim(),
            donor,
            account: gift.as_ref().map(|gift| gift.account),
            gift: gift.as_ref().map(|gift| gift.id),
            origin: None,
            recorded_by: by.uuid(),
        };
        store::insert_voucher(tx, ctx, new)?;
        let sha256 = store::insert_file(tx, ctx, id.uuid(), evidence, false)?;
        let change = Change::new("fund.voucher.recorded", voucher_subject(id))
            .public(json!({
                "kind": terms.kind, "purse": terms.purse, "target": terms.target, "amount": amount,
                "surplus": surplus, "day": terms.day, "what": terms.what.trim(), "evidence": hex(&sha256),
            }))
            .private(json!({ "donor": terms.donor, "reference": reference }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// The announcement that a donation belongs to: open, and for the same money.
fn announced(tx: &mut dyn Tx, ctx: &Context, terms: &VoucherTerms) -> Result<Option<Gift>, Error> {
    let Some(code) = &terms.gift_code else {
        return Ok(None);
    };
    let gift = store::gift_of_code(tx, ctx.community, code.trim())?;
    if gift.withdrawn_at.is_some() || gift.received_at.is_some() {
        return Err(Error::Settled { what: "gift" });
    }
    // What was given for a purpose is not booked for another.
    if gift.purse != terms.purse {
        return Err(Error::NoSuchChoice { field: "purse" });
    }
    Ok(Some(gift))
}

/// A share of a surplus, rounded down to the fen.
fn share_of(surplus: i64, share: i64) -> Result<i64, Error> {
    let amount = i128::from(surplus) * i128::from(share) / i128::from(WHOLE_SHARE);
    let amount = i64::try_from(amount).unwrap_or(0);
    if amount == 0 {
        let (field, max) = ("amount", crate::model::MAX_FEN / 100);
        return Err(Error::OutOfRange { field, max });
    }
    Ok(amount)
}

/// Confirms what somebody else recorded: it stands in the book from now on.
#[derive(Serialize, Deserialize)]
pub struct ConfirmVoucher {
    /// The voucher.
    pub voucher: VoucherId,
}

impl Command for ConfirmVoucher {
    const NAME: &'static str = "fund.voucher.confirm";
    /// The receipt's number, for a donation.
    type Outcome = Option<i64>;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<Option<i64>, Error> {
        ctx.require(CONFIRM)?;
        let voucher = open_voucher(tx, ctx, self.voucher)?;
        let number = match voucher.kind {
            VoucherKind::Donation => Some(store::last_number(tx, ctx.community)? + 1),
            _ => None,
        };
        check_purse(tx, ctx, voucher.purse, voucher.kind.is_income())?;
        let request = transfer(
            tx,
            ctx,
            TransferId(voucher.id.uuid().as_u128()),
            (voucher.kind, voucher.purse, voucher.target),
            voucher.amount,
        )?;
        let posted = post(tx, ctx, &[request])?;
        if store::confirm_voucher(tx, ctx, voucher.id, number)? == 0 {
            return Err(Error::Settled { what: "voucher" });
        }
        if let Some(gift) = voucher.gift {
            store::receive_gift(tx, ctx, gift)?;
        }
        let mut change =
            Change::new("fund.voucher.confirmed", voucher_subject(voucher.id)).public(json!({
                "kind": voucher.kind, "purse": voucher.purse, "target": voucher.target,
                "amount": voucher.amount, "number": number, "book": posted.stamp,
            }));
        if let Some(donor) = &voucher.donor {
            // What the donor's receipt proves.
            let name = store::unseal(ctx, donor)?;
            change = change.private(json!({
                "donor": name, "amount": voucher.amount, "day": voucher.day, "reference": voucher.reference,
            }));
        }
        record(tx, ctx, change)?;
        Ok(number)
    }
}

/// Refuses what somebody else recorded; its line of the bank statement may be recorded anew.
#[derive(Serialize, Deserialize)]
pub struct RefuseVoucher {
    /// The voucher.
    pub voucher: VoucherId,
    /// Why.
    pub reason: String,
}

impl Command for RefuseVoucher {
    const NAME: &'static str = "fund.voucher.refuse";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(CONFIRM)?;
        check_text("reason", &self.reason, MAX_TEXT)?;
        let voucher = open_voucher(tx, ctx, self.voucher)?;
        if store::refuse_voucher(tx, ctx, voucher.id, self.reason.trim())? == 0 {
            return Err(Error::Settled { what: "voucher" });
        }
        let change = Change::new("fund.voucher.refused", voucher_subject(voucher.id))
            .public(json!({ "reason": self.reason.trim() }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// A voucher that waits, and that somebody else recorded.
fn open_voucher(tx: &mut dyn Tx, ctx: &Context, id: VoucherId) -> Result<Voucher, Error> {
    let by = actor(ctx)?;
    let voucher = store::voucher(tx, ctx.community, id)?;
    if voucher.decided_at.is_some() {
        return Err(Error::Settled { what: "voucher" });
    }
    if voucher.recorded_by == by {
        return Err(Error::SamePerson { what: "voucher" });
    }
    Ok(voucher)
}
