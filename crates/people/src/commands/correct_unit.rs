//! A unit's area, its source or its use was recorded wrongly, or changed.

use db::Tx;
use journal::{Change, Command, record};
use kernel::Context;
use serde::Serialize;
use serde_json::json;

use super::{existing_unit, required_reason, unit_subject};
use crate::model::{UnitFacts, UnitId};
use crate::store::{self, NewState};
use crate::{Error, FieldFault, ROLL_CHANGE};

/// Gives a unit other facts; the ones before are kept, and the record shows both.
#[derive(Clone, Debug, Serialize)]
pub struct CorrectUnit {
    /// The unit.
    pub unit: UnitId,
    /// What it is from now on.
    pub facts: UnitFacts,
    /// Why, and by what evidence; goes into the entry's private part.
    pub reason: String,
}

impl Command for CorrectUnit {
    const NAME: &'static str = "people.unit.correct";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(ROLL_CHANGE)?;
        let reason = required_reason("reason", &self.reason)?;
        if self.facts.exclusive_area.is_zero() {
            return Err(Error::Field {
                field: "exclusive_area",
                reason: FieldFault::Malformed,
            });
        }
        let unit = existing_unit(tx, ctx, self.unit)?;
        if unit.facts == self.facts {
            return Err(Error::NothingToChange);
        }
        let state = NewState {
            unit: unit.id,
            revision: unit.revision + 1,
            facts: self.facts,
        };
        store::insert_states(tx, ctx, &[state])?;
        let change = Change::new("people.unit.corrected", unit_subject(unit.id))
            .public(json!({ "before": unit.facts, "after": self.facts }))
            .private(json!({ "reason": reason }));
        record(tx, ctx, change)?;
        Ok(())
    }
}
