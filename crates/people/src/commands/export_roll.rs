//! The whole roll in the open leaves Linli: for a reason, with a trace.

use db::Tx;
use journal::{Change, Command, record};
use kernel::{CommunityId, Context, Unsealable, Vault};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::required_reason;
use crate::import::{RollTable, UNIT_COLUMNS};
use crate::model::{OwnerKind, UnitFacts, UnitLabel};
use crate::store::{self, PersonalData, SealedPerson};
use crate::{Error, PERSONAL_DATA_READ, ROLL_IMPORT};

/// Takes the whole roll out in the columns of the importer, so that it can be corrected and imported again. It needs
/// the right to import as well as the right to read personal data.
///
/// The outcome is sealed, so that an answer kept for a repeated request is no copy in the open: [`SealedRoll::open`]
/// it with the context's vault.
#[derive(Clone, Debug, Serialize)]
pub struct ExportRoll {
    /// Why; everyone entitled to the record reads it.
    pub reason: String,
}

/// The roll with its people sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedRoll {
    units: Vec<SealedUnit>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct SealedUnit {
    label: UnitLabel,
    facts: UnitFacts,
    owners: Vec<(OwnerKind, SealedPerson)>,
}

impl Command for ExportRoll {
    const NAME: &'static str = "people.roll.export";
    type Outcome = SealedRoll;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<SealedRoll, Error> {
        ctx.require(PERSONAL_DATA_READ)?;
        ctx.require(ROLL_IMPORT)?;
        let reason = required_reason("reason", &self.reason)?;
        let owners = store::sealed_owners(tx, ctx.community)?;
        let mut owned = std::collections::HashMap::<_, Vec<_>>::new();
        for ownership in store::ownerships_now(tx, ctx.community)? {
            let owner = owners.get(&ownership.owner).cloned();
            owned.entry(ownership.unit).or_default().extend(owner);
        }
        let units: Vec<_> = store::units_now(tx, ctx.community)?
            .into_iter()
            .map(|unit| SealedUnit {
                owners: owned.remove(&unit.id).unwrap_or_default(),
                label: unit.label,
                facts: unit.facts,
            })
            .collect();
        let change = Change::new(
            "people.roll.exported",
            format!("community/{}", ctx.community),
        )
        .public(json!({ "reason": reason, "units": units.len() }));
        record(tx, ctx, change)?;
        Ok(SealedRoll { units })
    }
}

impl SealedRoll {
    /// The roll as a table that the importer takes.
    pub fn open(&self, vault: &Vault, community: CommunityId) -> Result<RollTable, Unsealable> {
        let rows = self
            .units
            .iter()
            .zip(2..)
            .map(|(unit, line)| Ok((line, unit.cells(vault, community)?)))
            .collect::<Result<_, Unsealable>>()?;
        let header = UNIT_COLUMNS
            .iter()
            .map(|column| column.name.to_owned())
            .collect();
        Ok(RollTable { header, rows })
    }
}

impl SealedUnit {
    /// The unit's cells in the importer's columns.
    fn cells(&self, vault: &Vault, community: CommunityId) -> Result<Vec<String>, Unsealable> {
        let mut people = Vec::with_capacity(self.owners.len());
        for (kind, sealed) in &self.owners {
            people.push((*kind, sealed.open(vault, community)?));
        }
        let joined = |cell: fn(&(OwnerKind, PersonalData)) -> Option<&str>| {
            let cells: Vec<&str> = people
                .iter()
                .map(|person| cell(person).unwrap_or_default())
                .collect();
            if cells.iter().all(|cell| cell.is_empty()) {
                String::new()
            } else {
                cells.join("、")
            }
        };
        Ok(vec![
            self.label.building.clone(),
            self.label.number.clone(),
            self.facts.exclusive_area.to_string(),
            self.facts.area_source.name().to_owned(),
            self.facts.unit_use.name().to_owned(),
            joined(|(_, person)| person.name.as_deref()),
            joined(|(_, person)| person.id_number.as_deref()),
            joined(|(_, person)| person.phone.as_deref()),
            joined(|(kind, _)| Some(kind.name())),
        ])
    }
}
