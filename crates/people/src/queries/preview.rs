//! The dry run: what a file would change, before anything is.

use db::Read;
use kernel::Context;
use serde::Serialize;

use super::OwnerView;
use crate::import::{
    ImportCounts, ImportPlan, OwnerOnRoll, PlannedUnit, RollState, RollTable, Warning, plan_import,
};
use crate::model::{OwnerFacts, OwnerId, OwnerKind, UnitFacts, UnitId, UnitLabel, mask_name};
use crate::{Error, ROLL_IMPORT, store};

/// Changes that a preview lists; the counts tell of all.
const LISTED_MAX: usize = 2_000;

/// What an import would do; nothing is written.
#[derive(Clone, Debug, Serialize)]
pub struct ImportPreview {
    /// In numbers.
    pub counts: ImportCounts,
    /// Units that are new or changed, at most 2,000.
    pub units: Vec<PreviewUnit>,
    /// Owners on the roll whose data changes, at most 2,000; masked.
    pub owners: Vec<PreviewOwner>,
    /// Units of the roll that the file leaves out; they stay.
    pub missing: Vec<UnitId>,
    /// What to look at.
    pub warnings: Vec<Warning>,
    /// Whether the import is refused until the warnings are confirmed.
    pub needs_confirmation: bool,
}

/// A unit before and after.
#[derive(Clone, Debug, Serialize)]
pub struct PreviewUnit {
    /// Its line in the file.
    pub line: usize,
    /// Where it is.
    pub label: UnitLabel,
    /// Before; `None` for a new unit.
    pub before: Option<UnitFacts>,
    /// After.
    pub after: UnitFacts,
    /// The owners' names before, masked.
    pub owners_before: Vec<String>,
    /// The owners' names after, masked.
    pub owners_after: Vec<String>,
}

/// An owner before and after.
#[derive(Clone, Debug, Serialize)]
pub struct PreviewOwner {
    /// The first line that names them.
    pub line: usize,
    /// Before.
    pub before: OwnerView,
    /// After.
    pub after: OwnerView,
}

/// Plans an import and shows it, masked; answers every fault of the file as [`Error::Import`].
pub fn preview_import(
    read: &mut dyn Read,
    ctx: &Context,
    units: &RollTable,
    residents: Option<&RollTable>,
) -> Result<ImportPreview, Error> {
    ctx.require(ROLL_IMPORT)?;
    let current = store::roll_state(read, &ctx.vault, ctx.community)?;
    let plan = plan_import(&current, units, residents, ctx.now.date().year())?;
    Ok(ImportPreview {
        counts: plan.counts(),
        units: changed_units(&plan, &current),
        owners: plan
            .owners
            .iter()
            .filter_map(changed_owner)
            .take(LISTED_MAX)
            .collect(),
        needs_confirmation: plan.needs_confirmation(),
        missing: plan.missing,
        warnings: plan.warnings,
    })
}

fn changed_units(plan: &ImportPlan, current: &RollState) -> Vec<PreviewUnit> {
    let owners: std::collections::HashMap<OwnerId, &OwnerFacts> = current
        .owners
        .iter()
        .map(|owner| (owner.id, &owner.facts))
        .collect();
    let is_changed = |unit: &&PlannedUnit| {
        plan.owners_change(unit)
            || unit
                .current
                .as_ref()
                .is_none_or(|current| current.facts != unit.after)
    };
    plan.units
        .iter()
        .filter(is_changed)
        .take(LISTED_MAX)
        .map(|unit| {
            let before = unit
                .current
                .as_ref()
                .map_or(&[][..], |unit| unit.owners.as_slice());
            PreviewUnit {
                line: unit.line,
                label: unit.label.clone(),
                before: unit.current.as_ref().map(|unit| unit.facts),
                after: unit.after,
                owners_before: before
                    .iter()
                    .filter_map(|id| owners.get(id))
                    .map(|facts| shown(facts))
                    .collect(),
                owners_after: unit
                    .owners
                    .iter()
                    .filter_map(|at| plan.owners.get(*at))
                    .map(|owner| shown(&owner.after))
                    .collect(),
            }
        })
        .collect()
}

fn shown(facts: &OwnerFacts) -> String {
    if facts.kind == OwnerKind::Person {
        mask_name(&facts.name)
    } else {
        facts.name.clone()
    }
}

fn changed_owner(owner: &crate::import::PlannedOwner) -> Option<PreviewOwner> {
    let current = owner
        .current
        .as_ref()
        .filter(|current| current.facts != owner.after)?;
    let after = OwnerOnRoll {
        id: current.id,
        facts: owner.after.clone(),
    };
    Some(PreviewOwner {
        line: owner.line,
        before: OwnerView::from(current),
        after: OwnerView::from(&after),
    })
}
