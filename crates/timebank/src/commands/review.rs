//! What seems odd in visits goes to a reviewer; nobody loses an hour by it.

use db::Tx;
use journal::{Change, Command, record};
use kernel::Context;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::Error;
use crate::model::{MAX_TEXT, REVIEW, SignalId, check_text};
use crate::queries::new_signs;
use crate::store::{self, actor};

/// Raises what is odd and was not raised before; says how much that is.
#[derive(Serialize, Deserialize)]
pub struct RaiseSignals;

impl Command for RaiseSignals {
    const NAME: &'static str = "timebank.signals.raise";
    type Outcome = usize;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<usize, Error> {
        ctx.require(REVIEW)?;
        let signs = new_signs(tx, ctx)?;
        if signs.is_empty() {
            return Err(Error::NotOpen { what: "review" });
        }
        for sign in &signs {
            store::insert_signal(tx, ctx, sign)?;
        }
        let change = Change::new("timebank.signals.raised", "timebank")
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
    const NAME: &'static str = "timebank.signal.settle";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(REVIEW)?;
        check_text("note", &self.note, MAX_TEXT)?;
        let found = store::signal(tx, ctx.community, self.signal)?;
        if found.accounts.contains(&actor(ctx)?) {
            return Err(Error::OwnVisit);
        }
        if store::settle_signal(tx, ctx, self.signal, &self.note)? == 0 {
            return Err(Error::NotOpen { what: "signal" });
        }
        let subject = format!("timebank-signal/{}", self.signal);
        let change = Change::new("timebank.signal.settled", subject)
            .private(json!({ "note": self.note.trim() }));
        record(tx, ctx, change)?;
        Ok(())
    }
}
