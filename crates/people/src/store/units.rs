//! Units, their facts, and who owns them.

use db::{Read, Row, Tx};
use journal::wrote;
use kernel::{CommunityId, Context, Timestamp};
use units::Area;

use super::{
    END_OLDER_OWNERSHIPS, END_OLDER_STATES, INSERT_OWNERSHIPS, INSERT_UNIT_STATES, INSERT_UNITS,
    OWNERSHIP_OF_UNIT, OWNERSHIPS_NOW, UNIT_NOW, UNIT_STATES, UNITS_NOW, audit,
};
use crate::model::{
    BuildingId, HouseholdId, OwnerId, OwnerKind, UnitFacts, UnitId, UnitLabel, natural_order,
};

/// A unit as it stands.
#[derive(Clone, Debug)]
pub(crate) struct UnitNow {
    pub(crate) id: UnitId,
    pub(crate) building: BuildingId,
    pub(crate) label: UnitLabel,
    pub(crate) facts: UnitFacts,
    pub(crate) revision: i64,
    pub(crate) household: Option<HouseholdId>,
}

/// A unit to be added.
pub(crate) struct NewUnit {
    pub(crate) id: UnitId,
    pub(crate) building: BuildingId,
    pub(crate) label: UnitLabel,
}

/// A unit's facts from now on.
pub(crate) struct NewState {
    pub(crate) unit: UnitId,
    pub(crate) revision: i64,
    pub(crate) facts: UnitFacts,
}

/// A unit's owner from a day on.
pub(crate) struct NewOwnership {
    pub(crate) unit: UnitId,
    pub(crate) revision: i64,
    pub(crate) owner: OwnerId,
    /// `None`: since before the roll began.
    pub(crate) since: Option<Timestamp>,
}

/// Who owns a unit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OwnershipNow {
    pub(crate) unit: UnitId,
    pub(crate) owner: OwnerId,
    pub(crate) revision: i64,
    pub(crate) kind: OwnerKind,
}

/// The facts that a unit had for a time.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct UnitState {
    /// Its number, from 1.
    pub revision: i64,
    /// The facts.
    pub facts: UnitFacts,
    /// Since when the roll says so.
    pub since: Timestamp,
    /// Until when it did.
    pub until: Option<Timestamp>,
    /// Who recorded it; all zeros for Linli itself.
    pub recorded_by: kernel::Uuid,
}

pub(crate) fn insert_units(
    tx: &mut dyn Tx,
    ctx: &Context,
    new: &[NewUnit],
) -> Result<(), db::Error> {
    let rows: Vec<_> = new
        .iter()
        .map(|unit| {
            vec![
                ctx.community.into(),
                unit.id.into(),
                unit.building.into(),
                unit.label.number.as_str().into(),
                natural_order(&unit.label).into(),
                ctx.now.into(),
            ]
        })
        .collect();
    tx.insert_many(INSERT_UNITS, &rows)?;
    wrote(tx, &audit::UNITS, &rows);
    Ok(())
}

/// Adds revisions and ends the ones before.
pub(crate) fn insert_states(
    tx: &mut dyn Tx,
    ctx: &Context,
    new: &[NewState],
) -> Result<(), db::Error> {
    if new.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = new
        .iter()
        .map(|state| {
            vec![
                ctx.community.into(),
                state.unit.into(),
                state.revision.into(),
                state.facts.exclusive_area.get().into(),
                state.facts.area_source.into(),
                state.facts.unit_use.into(),
                ctx.now.into(),
                ctx.actor.uuid().into(),
            ]
        })
        .collect();
    tx.insert_many(INSERT_UNIT_STATES, &rows)?;
    wrote(tx, &audit::STATES, &rows);
    if new.iter().any(|state| state.revision > 1) {
        tx.execute(END_OLDER_STATES, &[ctx.community.into(), ctx.now.into()])?;
    }
    Ok(())
}

/// Adds ownerships and ends the ones before at an instant.
pub(crate) fn insert_ownerships(
    tx: &mut dyn Tx,
    ctx: &Context,
    ended_at: Timestamp,
    new: &[NewOwnership],
) -> Result<(), db::Error> {
    if new.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = new
        .iter()
        .map(|ownership| {
            vec![
                ctx.community.into(),
                ownership.unit.into(),
                ownership.revision.into(),
                ownership.owner.into(),
                ownership.since.into(),
                ctx.now.into(),
                ctx.actor.uuid().into(),
            ]
        })
        .collect();
    tx.insert_many(INSERT_OWNERSHIPS, &rows)?;
    wrote(tx, &audit::OWNERSHIPS, &rows);
    if new.iter().any(|ownership| ownership.revision > 1) {
        tx.execute(
            END_OLDER_OWNERSHIPS,
            &[ctx.community.into(), ended_at.into()],
        )?;
    }
    Ok(())
}

/// Every unit in the order of the roll.
pub(crate) fn units_now(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<UnitNow>, db::Error> {
    read.query(UNITS_NOW, &[community.into()])?
        .iter()
        .map(unit_of)
        .collect()
}

pub(crate) fn unit_now(
    read: &mut dyn Read,
    community: CommunityId,
    unit: UnitId,
) -> Result<Option<UnitNow>, db::Error> {
    read.query_one(UNIT_NOW, &[community.into(), unit.into()])?
        .as_ref()
        .map(unit_of)
        .transpose()
}

pub(crate) fn unit_of(row: &Row) -> Result<UnitNow, db::Error> {
    Ok(UnitNow {
        id: row.get(0)?,
        building: row.get(1)?,
        label: UnitLabel {
            building: row.get(2)?,
            number: row.get(3)?,
        },
        facts: facts_of(row, 4)?,
        revision: row.get(7)?,
        household: row.get(8)?,
    })
}

pub(crate) fn unit_states(
    read: &mut dyn Read,
    community: CommunityId,
    unit: UnitId,
) -> Result<Vec<UnitState>, db::Error> {
    read.query(UNIT_STATES, &[community.into(), unit.into()])?
        .iter()
        .map(|row| {
            Ok(UnitState {
                revision: row.get(0)?,
                facts: facts_of(row, 1)?,
                since: row.get(4)?,
                until: row.get(5)?,
                recorded_by: row.get(6)?,
            })
        })
        .collect()
}

fn facts_of(row: &Row, first: usize) -> Result<UnitFacts, db::Error> {
    let area = Area::new(row.get(first)?).map_err(|_| db::Error::Column {
        column: first,
        expected: "an area",
    })?;
    Ok(UnitFacts {
        exclusive_area: area,
        area_source: row.get(first + 1)?,
        unit_use: row.get(first + 2)?,
    })
}

/// Who owns what now, sorted by unit and owner.
pub(crate) fn ownerships_now(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<OwnershipNow>, db::Error> {
    read.query(OWNERSHIPS_NOW, &[community.into()])?
        .iter()
        .map(|row| {
            Ok(OwnershipNow {
                unit: row.get(0)?,
                owner: row.get(1)?,
                revision: row.get(2)?,
                kind: row.get(3)?,
            })
        })
        .collect()
}

/// Who owns a unit now, sorted by owner, and since when, if the roll saw it; all of them since the same instant.
pub(crate) fn ownership_of_unit(
    read: &mut dyn Read,
    community: CommunityId,
    unit: UnitId,
) -> Result<(Vec<OwnershipNow>, Option<Timestamp>), db::Error> {
    let rows = read.query(OWNERSHIP_OF_UNIT, &[community.into(), unit.into()])?;
    let since = rows.first().map(|row| row.get(2)).transpose()?.flatten();
    let owners = rows
        .iter()
        .map(|row| {
            Ok(OwnershipNow {
                unit,
                owner: row.get(0)?,
                revision: row.get(1)?,
                kind: row.get(3)?,
            })
        })
        .collect::<Result<_, db::Error>>()?;
    Ok((owners, since))
}
