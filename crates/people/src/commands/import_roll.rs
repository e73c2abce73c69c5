//! A file becomes the roll: all of it or nothing.

use std::collections::HashMap;

use db::Tx;
use journal::{Change, Command, record};
use kernel::{Context, Timestamp};
use serde::Serialize;
use serde_json::json;

use crate::import::{
    ImportCounts, ImportPlan, PlannedUnit, ResidentUnit, RollState, RollTable, plan_import,
};
use crate::model::{Building, BuildingId, HouseholdId, OwnerId, ResidentId, UnitId};
use crate::store::{self, NewOwnership, NewResident, NewState, NewUnit};
use crate::{Error, FieldFault, ROLL_IMPORT};

/// Changed units that the entry lists one by one; of more it tells the number.
const LISTED_MAX: usize = 10_000;

/// Brings the roll to what a file says. What the file leaves out stays. A file that says nothing new is recorded too,
/// with no change: that the roll was compared with it that day is worth knowing.
#[derive(Clone, Debug, Serialize)]
pub struct ImportRoll {
    /// Buildings, units, areas, owners.
    pub units: RollTable,
    /// Who lives where.
    pub residents: Option<RollTable>,
    /// The file's SHA-256 in 64 hexadecimal digits, so that anyone can tell which file it was.
    pub file_sha256: String,
    /// Whether someone looked at the warnings and found the values right.
    pub is_confirmed: bool,
}

impl Command for ImportRoll {
    const NAME: &'static str = "people.roll.import";
    type Outcome = ImportCounts;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<ImportCounts, Error> {
        ctx.require(ROLL_IMPORT)?;
        if self.file_sha256.len() != 64 || !self.file_sha256.bytes().all(|b| b.is_ascii_hexdigit())
        {
            return Err(Error::Field {
                field: "file_sha256",
                reason: FieldFault::Malformed,
            });
        }
        if store::community(tx, ctx.community)?.is_none() {
            return Err(Error::NoSuchCommunity {
                community: ctx.community,
            });
        }
        let current = store::roll_state(tx, &ctx.vault, ctx.community)?;
        let year = ctx.now.date().year();
        let mut plan = plan_import(&current, &self.units, self.residents.as_ref(), year)?;
        if plan.needs_confirmation() && !self.is_confirmed {
            plan.warnings.retain(|warning| warning.needs_confirmation);
            return Err(Error::Unconfirmed {
                warnings: plan.warnings,
            });
        }
        let changed = apply(tx, ctx, &current, &plan)?;
        let counts = plan.counts();
        let change = Change::new(
            "people.roll.imported",
            format!("community/{}", ctx.community),
        )
        .public(json!({
            "counts": counts,
            "file_sha256": self.file_sha256.to_ascii_lowercase(),
            "has_residents": self.residents.is_some(),
            "confirmed": plan.warnings.iter().filter(|warning| warning.needs_confirmation).count(),
            "changed_units": changed,
        }));
        record(tx, ctx, change)?;
        Ok(counts)
    }
}

/// Writes the plan; answers what changed of units that were on the roll, before and after.
fn apply(
    tx: &mut dyn Tx,
    ctx: &Context,
    current: &RollState,
    plan: &ImportPlan,
) -> Result<Vec<serde_json::Value>, Error> {
    let units: Vec<UnitId> = plan
        .units
        .iter()
        .map(|unit| {
            id_or_new(
                ctx,
                unit.current.as_ref().map(|unit| unit.id),
                UnitId::from_uuid,
            )
        })
        .collect();
    let owners: Vec<OwnerId> = plan
        .owners
        .iter()
        .map(|owner| {
            id_or_new(
                ctx,
                owner.current.as_ref().map(|owner| owner.id),
                OwnerId::from_uuid,
            )
        })
        .collect();
    add_units(tx, ctx, current, plan, &units)?;
    write_owners(tx, ctx, plan, &owners)?;
    write_states(tx, ctx, plan, &units)?;
    write_ownerships(tx, ctx, plan, &units, &owners)?;
    write_residents(tx, ctx, current, plan, &units)?;
    let changed = plan
        .units
        .iter()
        .filter_map(|unit| changed_unit(plan, unit, &owners))
        .take(LISTED_MAX)
        .collect();
    Ok(changed)
}

fn id_or_new<T>(ctx: &Context, known: Option<T>, from_uuid: impl Fn(kernel::Uuid) -> T) -> T {
    known.unwrap_or_else(|| from_uuid(ctx.new_uuid()))
}

fn add_units(
    tx: &mut dyn Tx,
    ctx: &Context,
    current: &RollState,
    plan: &ImportPlan,
    ids: &[UnitId],
) -> Result<(), Error> {
    let buildings: Vec<Building> = plan
        .buildings
        .iter()
        .map(|name| Building {
            id: BuildingId::from_uuid(ctx.new_uuid()),
            name: name.clone(),
        })
        .collect();
    store::insert_buildings(tx, ctx.community, &buildings)?;
    let known = current
        .buildings
        .iter()
        .map(|(name, id)| (name.as_str(), *id));
    let by_name: HashMap<&str, BuildingId> = buildings
        .iter()
        .map(|new| (new.name.as_str(), new.id))
        .chain(known)
        .collect();
    let new: Vec<NewUnit> = plan
        .units
        .iter()
        .zip(ids)
        .filter(|(unit, _)| unit.current.is_none())
        .filter_map(|(unit, id)| {
            let building = *by_name.get(unit.label.building.as_str())?;
            Some(NewUnit {
                id: *id,
                building,
                label: unit.label.clone(),
            })
        })
        .collect();
    Ok(store::insert_units(tx, ctx, &new)?)
}

fn write_owners(
    tx: &mut dyn Tx,
    ctx: &Context,
    plan: &ImportPlan,
    ids: &[OwnerId],
) -> Result<(), Error> {
    let mut new = Vec::new();
    for (owner, id) in plan.owners.iter().zip(ids) {
        match &owner.current {
            None => new.push((*id, &owner.after)),
            Some(current) if current.facts != owner.after => {
                store::update_owner(tx, ctx, *id, &owner.after)?;
            }
            Some(_) => {}
        }
    }
    store::insert_owners(tx, ctx, &new)
}

fn write_states(
    tx: &mut dyn Tx,
    ctx: &Context,
    plan: &ImportPlan,
    ids: &[UnitId],
) -> Result<(), Error> {
    let new: Vec<NewState> = plan
        .units
        .iter()
        .zip(ids)
        .filter(|(unit, _)| {
            unit.current
                .as_ref()
                .is_none_or(|current| current.facts != unit.after)
        })
        .map(|(unit, id)| NewState {
            unit: *id,
            revision: unit.current.as_ref().map_or(0, |current| current.revision) + 1,
            facts: unit.after,
        })
        .collect();
    Ok(store::insert_states(tx, ctx, &new)?)
}

fn write_ownerships(
    tx: &mut dyn Tx,
    ctx: &Context,
    plan: &ImportPlan,
    units: &[UnitId],
    owners: &[OwnerId],
) -> Result<(), Error> {
    let today = Timestamp::start_of(ctx.now.date());
    let changing = plan
        .units
        .iter()
        .zip(units)
        .filter(|(unit, _)| plan.owners_change(unit));
    let new: Vec<NewOwnership> = changing
        .flat_map(|(unit, id)| {
            let before = unit
                .current
                .as_ref()
                .map_or(0, |current| current.ownership_revision);
            unit.owners
                .iter()
                .filter_map(|at| owners.get(*at))
                .map(move |owner| NewOwnership {
                    unit: *id,
                    revision: before + 1,
                    owner: *owner,
                    since: (before > 0).then_some(today),
                })
        })
        .collect();
    store::insert_ownerships(tx, ctx, today, &new)?;
    if new.iter().any(|ownership| ownership.revision > 1) {
        store::end_voices_of_former_owners(tx, ctx)?;
    }
    Ok(())
}

fn write_residents(
    tx: &mut dyn Tx,
    ctx: &Context,
    current: &RollState,
    plan: &ImportPlan,
    ids: &[UnitId],
) -> Result<(), Error> {
    let mut households: HashMap<UnitId, HouseholdId> = current
        .units
        .iter()
        .filter_map(|unit| Some((unit.id, unit.household?)))
        .collect();
    let mut new_households = Vec::new();
    let mut new = Vec::new();
    for resident in &plan.residents {
        if let Some(current) = &resident.current {
            if current.facts != resident.after {
                store::update_resident(tx, ctx, current.id, &resident.after)?;
            }
            continue;
        }
        let unit = match resident.unit {
            ResidentUnit::OnRoll(unit) => Some(unit),
            ResidentUnit::Planned(at) => ids.get(at).copied(),
        };
        let Some(unit) = unit else { continue };
        let household = *households.entry(unit).or_insert_with(|| {
            let household = HouseholdId::from_uuid(ctx.new_uuid());
            new_households.push((household, unit));
            household
        });
        new.push(NewResident {
            id: ResidentId::from_uuid(ctx.new_uuid()),
            household,
            facts: &resident.after,
        });
    }
    store::insert_households(tx, ctx.community, &new_households)?;
    store::insert_residents(tx, ctx, &new)
}

/// What the record tells of a unit that was on the roll and is changed: ids and areas, no names.
fn changed_unit(
    plan: &ImportPlan,
    unit: &PlannedUnit,
    owners: &[OwnerId],
) -> Option<serde_json::Value> {
    let current = unit.current.as_ref()?;
    let mut change = serde_json::Map::new();
    if current.facts != unit.after {
        change.insert("before".to_owned(), json!(current.facts));
        change.insert("after".to_owned(), json!(unit.after));
    }
    if plan.owners_change(unit) {
        let after: Vec<_> = unit
            .owners
            .iter()
            .filter_map(|at| owners.get(*at))
            .collect();
        change.insert("owners_before".to_owned(), json!(current.owners));
        change.insert("owners_after".to_owned(), json!(after));
    }
    if change.is_empty() {
        return None;
    }
    change.insert("unit".to_owned(), json!(current.id));
    Some(serde_json::Value::Object(change))
}
