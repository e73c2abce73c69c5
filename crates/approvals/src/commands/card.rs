//! A card goes out, once.

use db::Tx;
use journal::{Change, Command, record};
use kernel::Context;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::file::File;
use super::subject;
use crate::cards::due_cards;
use crate::model::{CaseId, Colour, SUPERVISE};
use crate::{Error, store};

/// Sends the card that is due for a stage to its lead, and past the limit to whom the definition names too.
#[derive(Serialize, Deserialize)]
pub struct IssueCard {
    /// The case.
    pub case: CaseId,
    /// The stage.
    pub stage: String,
    /// Its colour.
    pub colour: Colour,
}

impl Command for IssueCard {
    const NAME: &'static str = "approvals.card.issue";
    type Outcome = u64;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<u64, Error> {
        ctx.require(SUPERVISE)?;
        let file = File::open(tx, ctx, self.case)?;
        let today = ctx.now.date();
        let due = due_cards(self.case, &file.definition, &file.case, &file.days, today)?;
        let card = due
            .into_iter()
            .find(|card| card.stage == self.stage && card.colour == self.colour)
            .ok_or(Error::CardNotDue)?;
        let sent = store::cards_of(tx, ctx.community, self.case)?;
        let same = |row: &store::CardRow| {
            (&row.card.stage, row.card.colour, row.card.days_before)
                == (&card.stage, card.colour, card.days_before)
        };
        if sent.iter().any(same) {
            return Err(Error::CardNotDue);
        }
        let change = Change::new("approvals.card.issued", subject(self.case)).public(json!({
            "number": file.row.number,
            "stage": card.stage,
            "colour": card.colour,
            "days_before": card.days_before,
            "due": card.due.to_string(),
            "unit": card.unit,
            "escalated_to": card.escalated_to,
        }));
        let position = record(tx, ctx, change)?.position;
        store::insert_card(tx, ctx, &card, position)?;
        Ok(position)
    }
}
