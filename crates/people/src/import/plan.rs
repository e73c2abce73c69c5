//! What an import would do: each unit, owner and resident with its before and after.

use std::collections::{BTreeSet, HashSet};

use serde::{Deserialize, Serialize};

use super::Warning;
use super::owners::Owners;
use super::rows::UnitRow;
use super::state::{OwnerOnRoll, ResidentOnRoll, RollIndex, UnitOnRoll};
use crate::model::{
    AreaSource, OwnerFacts, OwnerId, ResidentFacts, UnitFacts, UnitId, UnitLabel, UnitUse,
};

/// What applying a file would do.
#[derive(Clone, Debug, Default)]
pub struct ImportPlan {
    /// Buildings that are new, in the file's order.
    pub buildings: Vec<String>,
    /// The file's units, in its order.
    pub units: Vec<PlannedUnit>,
    /// The file's owners, each once.
    pub owners: Vec<PlannedOwner>,
    /// The file's residents.
    pub residents: Vec<PlannedResident>,
    /// Units of the roll that the file leaves out; they stay.
    pub missing: Vec<UnitId>,
    /// What to look at before applying.
    pub warnings: Vec<Warning>,
}

/// A unit of the file.
#[derive(Clone, Debug)]
pub struct PlannedUnit {
    /// Its line.
    pub line: usize,
    /// Where it is.
    pub label: UnitLabel,
    /// The unit as it stands, if it is on the roll.
    pub current: Option<UnitOnRoll>,
    /// What it will be.
    pub after: UnitFacts,
    /// Its owners, as places in [`ImportPlan::owners`].
    pub owners: Vec<usize>,
}

/// An owner of the file.
#[derive(Clone, Debug)]
pub struct PlannedOwner {
    /// The first line that names them.
    pub line: usize,
    /// The owner as they stand, if they are on the roll.
    pub current: Option<OwnerOnRoll>,
    /// What will be known of them.
    pub after: OwnerFacts,
}

/// A resident of the file.
#[derive(Clone, Debug)]
pub struct PlannedResident {
    /// Their line in the residents' table.
    pub line: usize,
    /// Where they live.
    pub unit: ResidentUnit,
    /// The resident as they stand, if they are on the roll.
    pub current: Option<ResidentOnRoll>,
    /// What will be known of them.
    pub after: ResidentFacts,
}

/// The unit of a resident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResidentUnit {
    /// A unit of the file: its place in [`ImportPlan::units`].
    Planned(usize),
    /// A unit of the roll that the file leaves out.
    OnRoll(UnitId),
}

/// How many of a kind are new, changed, as before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// New on the roll.
    pub added: u64,
    /// On the roll and changed.
    pub changed: u64,
    /// On the roll and as before.
    pub unchanged: u64,
}

/// An import in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportCounts {
    /// Buildings that are new.
    pub buildings_added: u64,
    /// Units; changed means area, its source or use.
    pub units: Counts,
    /// Units of the roll with other owners than before.
    pub transfers: u64,
    /// Owners; changed means name, kind, number or telephone.
    pub owners: Counts,
    /// Residents.
    pub residents: Counts,
    /// Units of the roll that the file leaves out.
    pub missing: u64,
}

impl ImportPlan {
    /// The plan in numbers.
    pub fn counts(&self) -> ImportCounts {
        let mut counts = ImportCounts {
            buildings_added: crate::model::count(self.buildings.len()),
            missing: crate::model::count(self.missing.len()),
            ..ImportCounts::default()
        };
        for unit in &self.units {
            counts.units.count(
                unit.current
                    .as_ref()
                    .map(|current| current.facts != unit.after),
            );
            counts.transfers += u64::from(unit.current.is_some() && self.owners_change(unit));
        }
        for owner in &self.owners {
            counts.owners.count(
                owner
                    .current
                    .as_ref()
                    .map(|current| current.facts != owner.after),
            );
        }
        for resident in &self.residents {
            counts.residents.count(
                resident
                    .current
                    .as_ref()
                    .map(|current| current.facts != resident.after),
            );
        }
        counts
    }

    /// Whether the unit will have other owners than now; a new unit always does.
    pub fn owners_change(&self, unit: &PlannedUnit) -> bool {
        let Some(current) = &unit.current else {
            return true;
        };
        let after: Option<BTreeSet<OwnerId>> = unit
            .owners
            .iter()
            .map(|at| Some(self.owners.get(*at)?.current.as_ref()?.id))
            .collect();
        after.is_none_or(|after| !after.iter().eq(current.owners.iter()))
    }

    /// Whether someone has to confirm a warning before this is applied.
    pub fn needs_confirmation(&self) -> bool {
        self.warnings
            .iter()
            .any(|warning| warning.needs_confirmation)
    }
}

impl Counts {
    /// Counts one: `None` is new, otherwise whether it changed.
    fn count(&mut self, changed: Option<bool>) {
        match changed {
            None => self.added += 1,
            Some(true) => self.changed += 1,
            Some(false) => self.unchanged += 1,
        }
    }
}

/// The plan without residents and warnings.
pub(super) fn units_and_owners(
    rows: Vec<UnitRow>,
    owners: Owners,
    roll: &RollIndex<'_>,
) -> ImportPlan {
    let mut plan = ImportPlan {
        owners: owners.list,
        ..ImportPlan::default()
    };
    let mut seen: HashSet<String> = HashSet::new();
    for (row, owners) in rows.into_iter().zip(owners.of_rows) {
        let building = &row.label.building;
        if !roll.buildings.contains_key(building) && seen.insert(building.clone()) {
            plan.buildings.push(building.clone());
        }
        let current = roll.units.get(&row.label).copied();
        let facts = current.map(|unit| unit.facts);
        plan.units.push(PlannedUnit {
            line: row.line,
            current: current.cloned(),
            after: UnitFacts {
                exclusive_area: row.area,
                area_source: row
                    .source
                    .or(facts.map(|facts| facts.area_source))
                    .unwrap_or(AreaSource::Register),
                unit_use: row
                    .unit_use
                    .or(facts.map(|facts| facts.unit_use))
                    .unwrap_or(UnitUse::Residential),
            },
            label: row.label,
            owners,
        });
    }
    plan
}
