//! A resident moves out.

use db::Tx;
use journal::{Change, Command, record};
use kernel::Context;
use serde::Serialize;
use serde_json::json;

use super::required_reason;
use crate::model::{PersonRef, ResidentId};
use crate::{Error, ROLL_CHANGE, store};

/// Ends a residence; the household stays, and so does the record of who lived in it.
#[derive(Clone, Debug, Serialize)]
pub struct EndResidence {
    /// The resident.
    pub resident: ResidentId,
    /// Why, or how it is known; goes into the entry's private part.
    pub reason: String,
}

impl Command for EndResidence {
    const NAME: &'static str = "people.residence.end";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(ROLL_CHANGE)?;
        let reason = required_reason("reason", &self.reason)?;
        let person = PersonRef::Resident(self.resident).subject();
        let Some(resident) = store::resident(tx, &ctx.vault, ctx.community, self.resident)? else {
            return Err(Error::NoSuchPerson { person });
        };
        store::end_residence(tx, ctx, self.resident)?;
        let change = Change::new("people.residence.ended", person)
            .public(json!({ "unit": resident.unit }))
            .private(json!({ "reason": reason }));
        record(tx, ctx, change)?;
        Ok(())
    }
}
