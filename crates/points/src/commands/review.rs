//! Looking into what seems odd, and closing a year.

use db::Tx;
use journal::{Change, Command, record};
use kernel::Context;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::SEALED_FOR;
use crate::Error;
use crate::model::{MANAGE, MAX_TEXT, REVIEW, SignalId, check_text};
use crate::queries::{new_signs, year_to_close};
use crate::store::{self, actor};

/// Raises what is odd and was not raised before; says how much that is. Nobody loses anything by it.
#[derive(Serialize, Deserialize)]
pub struct RaiseSignals;

impl Command for RaiseSignals {
    const NAME: &'static str = "points.signals.raise";
    type Outcome = usize;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<usize, Error> {
        ctx.require(REVIEW)?;
        let signs = new_signs(tx, ctx)?;
        if signs.is_empty() {
            return Err(Error::Settled { what: "review" });
        }
        store::insert_signals(tx, ctx, &signs)?;
        let change = Change::new("points.signals.raised", "points")
            .public(json!({ "signals": signs.len() }));
        record(tx, ctx, change)?;
        Ok(signs.len())
    }
}

/// Settles a signal with what the reviewer found; nobody settles one that concerns them.
#[derive(Serialize, Deserialize)]
pub struct SettleSignal {
    /// The signal.
    pub signal: SignalId,
    /// What was found and done.
    pub note: String,
}

impl Command for SettleSignal {
    const NAME: &'static str = "points.signal.settle";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(REVIEW)?;
        check_text("note", &self.note, MAX_TEXT)?;
        let reviewer = actor(ctx)?;
        let signals = store::signals(tx, ctx.community)?;
        let found = signals.iter().find(|signal| signal.id == self.signal);
        let found = found.ok_or(Error::NotFound { what: "signal" })?;
        if found.accounts.contains(&reviewer) {
            return Err(Error::OwnClaim);
        }
        let note = ctx
            .vault
            .seal(&ctx.random, ctx.community, SEALED_FOR, self.note.trim())?;
        if store::settle_signal(tx, ctx, self.signal, note)? == 0 {
            return Err(Error::Settled { what: "signal" });
        }
        let subject = format!("points-signal/{}", self.signal);
        let change = Change::new("points.signal.settled", subject)
            .private(json!({ "note": self.note.trim() }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Closes the year that has ended: what was given out, redeemed and expired in it, and what members hold.
#[derive(Serialize, Deserialize)]
pub struct CloseYear;

impl Command for CloseYear {
    const NAME: &'static str = "points.year.close";
    type Outcome = i64;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<i64, Error> {
        ctx.require(MANAGE)?;
        let Some(year) = year_to_close(tx, ctx)? else {
            return Err(Error::Settled { what: "year" });
        };
        store::close_year(tx, ctx, &year)?;
        let change = Change::new("points.year.closed", format!("points-year/{}", year.year))
            .public(json!({ "year": year }));
        record(tx, ctx, change)?;
        Ok(year.year)
    }
}
