//! A supervisor opens a file in which their unit has no part.

use db::Tx;
use journal::{Change, Command, record};
use kernel::{Context, OrganisationId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::subject;
use crate::model::{CaseId, MAX_TEXT, SUPERVISE, check_text};
use crate::office::acting_for;
use crate::{Error, store};

/// Opens a file for supervision, with a reason: the actor may read it until the end of the day, and everybody who has a
/// part in it sees that they did.
#[derive(Serialize, Deserialize)]
pub struct ReadForSupervision {
    /// The file.
    pub case: CaseId,
    /// Why.
    pub reason: String,
}

impl Command for ReadForSupervision {
    const NAME: &'static str = "approvals.case.read";
    type Outcome = u64;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<u64, Error> {
        ctx.require(SUPERVISE)?;
        check_text("reason", &self.reason, MAX_TEXT)?;
        let (row, _) = store::case(tx, ctx, self.case)?;
        // A draft is the applicant's alone.
        let number = row.number.ok_or(Error::NoSuchCase)?;
        let organisation = acting_for(ctx).map_or(kernel::Uuid::nil(), OrganisationId::uuid);
        let change = Change::new("approvals.case.read", subject(self.case))
            .public(json!({ "number": number, "organisation": organisation }))
            .private(json!({ "reason": self.reason.trim() }));
        let position = record(tx, ctx, change)?.position;
        store::insert_reading(tx, ctx, self.case, position)?;
        Ok(position)
    }
}
