//! Tranches: evidence is shown, somebody else checks it, then a third act pays.

use db::Tx;
use journal::{Change, Command, record};
use kernel::Context;
use ledger::{Action, Request, TransferId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use units::Fen;

use super::grant_subject;
use super::money::post;
use crate::model::{
    APPLY, Evidence, MAX_REFERENCE, MAX_TEXT, RECORD, REVIEW, TrancheId, check_text,
};
use crate::store::{self, Grant, Tranche, actor};
use crate::{Error, hex};

/// Shows what was done for a tranche: an invoice, a photograph, a report.
#[derive(Serialize, Deserialize)]
pub struct SubmitEvidence {
    /// The tranche.
    pub tranche: TrancheId,
    /// What it shows.
    pub note: String,
    /// The file.
    pub evidence: Option<Evidence>,
}

impl Command for SubmitEvidence {
    const NAME: &'static str = "fund.tranche.submit";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(APPLY)?;
        let by = actor(ctx)?;
        check_text("note", &self.note, MAX_TEXT)?;
        let evidence = self.evidence.as_ref().ok_or(Error::NoFile)?;
        evidence.check()?;
        let (tranche, grant) = running(tx, ctx, self.tranche)?;
        // Whoever may not apply for this project learns nothing of it here that its page does not say.
        if grant.account != by && !ctx.may(RECORD) {
            return Err(Error::NotFound { what: "tranche" });
        }
        if tranche.is_met == Some(true) {
            return Err(Error::Settled { what: "tranche" });
        }
        let sha256 = store::insert_file(tx, ctx, tranche.id.uuid(), evidence, true)?;
        let note = self.note.trim();
        if store::submit_tranche(tx, ctx, tranche.id, note)? == 0 {
            return Err(Error::Settled { what: "tranche" });
        }
        let change = Change::new("fund.tranche.submitted", grant_subject(grant.id))
            .public(json!({ "tranche": tranche.id, "note": note, "evidence": hex(&sha256) }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Checks what was shown: it meets what was agreed, or not, and why.
#[derive(Serialize, Deserialize)]
pub struct CheckEvidence {
    /// The tranche.
    pub tranche: TrancheId,
    /// Whether it does.
    pub is_met: bool,
    /// Why.
    pub reason: String,
}

impl Command for CheckEvidence {
    const NAME: &'static str = "fund.tranche.check";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(REVIEW)?;
        let by = actor(ctx)?;
        check_text("reason", &self.reason, MAX_TEXT)?;
        let (tranche, grant) = running(tx, ctx, self.tranche)?;
        if grant.account == by || tranche.submitted_by == Some(by) {
            return Err(Error::SamePerson { what: "tranche" });
        }
        let (is_met, reason) = (self.is_met, self.reason.trim());
        if store::check_tranche(tx, ctx, tranche.id, is_met, reason)? == 0 {
            return Err(Error::NotOpen { what: "tranche" });
        }
        let change = Change::new("fund.tranche.checked", grant_subject(grant.id))
            .public(json!({ "tranche": tranche.id, "is_met": is_met, "reason": reason }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Pays a tranche whose evidence somebody else has found to meet what was agreed; what it does not take is free again.
#[derive(Serialize, Deserialize)]
pub struct PayTranche {
    /// The tranche.
    pub tranche: TrancheId,
    /// How much, in fen; the whole of it if not said.
    pub amount: Option<i64>,
    /// The line of the bank statement.
    pub reference: String,
}

impl Command for PayTranche {
    const NAME: &'static str = "fund.tranche.pay";
    /// What was paid, in fen.
    type Outcome = i64;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<i64, Error> {
        ctx.require(RECORD)?;
        let by = actor(ctx)?;
        check_text("reference", &self.reference, MAX_REFERENCE)?;
        let (tranche, grant) = running(tx, ctx, self.tranche)?;
        if tranche.is_met != Some(true) {
            return Err(Error::NotOpen { what: "tranche" });
        }
        if grant.account == by || tranche.checked_by == Some(by) {
            return Err(Error::SamePerson { what: "tranche" });
        }
        let amount = self.amount.unwrap_or(tranche.amount);
        if !(1..=tranche.amount).contains(&amount) {
            let amount = tranche.amount;
            return Err(Error::MoreThanTranche { amount });
        }
        let reference = self.reference.trim();
        if store::is_reference_paid(tx, ctx.community, reference)? {
            let reference = reference.to_owned();
            return Err(Error::RecordedBefore { reference });
        }
        let posting = ctx.new_uuid();
        let request = Request {
            id: TransferId(posting.as_u128()),
            action: Action::Post {
                reservation: TransferId(tranche.id.uuid().as_u128()),
                amount: Some(Fen::new(amount).into()),
            },
        };
        let posted = post(tx, ctx, &[request])?;
        if store::pay_tranche(tx, ctx, tranche.id, (amount, reference), posting)? == 0 {
            return Err(Error::Settled { what: "tranche" });
        }
        let change = Change::new("fund.tranche.paid", grant_subject(grant.id)).public(json!({
            "tranche": tranche.id, "amount": amount, "of": tranche.amount, "book": posted.stamp,
        }));
        record(tx, ctx, change)?;
        Ok(amount)
    }
}

/// An unpaid tranche of a grant that runs.
fn running(tx: &mut dyn Tx, ctx: &Context, id: TrancheId) -> Result<(Tranche, Grant), Error> {
    let tranche = store::tranche(tx, ctx.community, id)?;
    let grant = store::grant(tx, ctx.community, tranche.grant)?;
    if tranche.paid_at.is_some() {
        return Err(Error::Settled { what: "tranche" });
    }
    if !grant.is_running() {
        return Err(Error::NotOpen { what: "grant" });
    }
    Ok((tranche, grant))
}
