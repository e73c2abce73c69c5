//! What the fund is, and what money can be given for.

use db::Tx;
use journal::{Change, Command, record};
use kernel::Context;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::money::purse_account;
use crate::Error;
use crate::model::{CharterTerms, MANAGE, PurposeId, PurposeTerms, Purse};
use crate::store;

/// Says what the fund is, how one gives to it and which share of a surplus it gets.
#[derive(Serialize, Deserialize)]
pub struct SetCharter {
    /// What it is.
    pub terms: CharterTerms,
}

impl Command for SetCharter {
    const NAME: &'static str = "fund.charter.set";
    /// The how-manieth word on it this is.
    type Outcome = i64;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<i64, Error> {
        ctx.require(MANAGE)?;
        self.terms.check()?;
        let before = store::charter(tx, ctx.community)?;
        let revision = before.map_or(1, |charter| charter.revision.saturating_add(1));
        store::insert_charter(tx, ctx, revision, &self.terms)?;
        // Both stand in the book from the first day, empty as they are.
        purse_account(tx, ctx, Purse::General)?;
        purse_account(tx, ctx, Purse::Operation)?;
        let change = Change::new("fund.charter.set", "fund")
            .public(json!({ "revision": revision, "terms": self.terms }));
        record(tx, ctx, change)?;
        Ok(revision)
    }
}

/// Opens a purpose that money can be given for.
#[derive(Serialize, Deserialize)]
pub struct MakePurpose {
    /// What it is.
    pub terms: PurposeTerms,
}

impl Command for MakePurpose {
    const NAME: &'static str = "fund.purpose.make";
    type Outcome = PurposeId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<PurposeId, Error> {
        ctx.require(MANAGE)?;
        self.terms.check()?;
        let id = PurposeId::from_uuid(ctx.new_uuid());
        store::insert_purpose(tx, ctx, id, &self.terms)?;
        purse_account(tx, ctx, Purse::Purpose(id))?;
        let change = Change::new("fund.purpose.made", format!("fund-purpose/{id}"))
            .public(json!({ "terms": self.terms }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// Takes nothing more for a purpose; what it has stays bound to it.
#[derive(Serialize, Deserialize)]
pub struct EndPurpose {
    /// The purpose.
    pub purpose: PurposeId,
}

impl Command for EndPurpose {
    const NAME: &'static str = "fund.purpose.end";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(MANAGE)?;
        store::purpose(tx, ctx.community, self.purpose)?;
        if store::end_purpose(tx, ctx, self.purpose)? == 0 {
            return Err(Error::Settled { what: "purpose" });
        }
        let subject = format!("fund-purpose/{}", self.purpose);
        record(tx, ctx, Change::new("fund.purpose.ended", subject))?;
        Ok(())
    }
}
