//! Households and residents, sealed.

use db::{Read, Row, Tx, Value};
use journal::{rewrote, wrote};
use kernel::{CommunityId, Context, Vault};

use super::sealing::{
    SealedPerson, erased_name, resident_facts_of, resident_values, sealed_resident_of,
};
use super::{
    END_RESIDENCE, ERASE_RESIDENT, FORMER_RESIDENT, FORMER_RESIDENTS_OF_UNIT, INSERT_HOUSEHOLDS,
    INSERT_RESIDENTS, RESIDENCES, RESIDENT, RESIDENTS, RESIDENTS_OF_UNIT, UPDATE_RESIDENT, audit,
    with_nulls,
};
use crate::Error;
use crate::import::ResidentOnRoll;
use crate::model::{HouseholdId, ResidentFacts, ResidentId, UnitId, UnitLabel};

/// A resident and their home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Residence {
    /// The resident.
    pub resident: ResidentId,
    /// The unit they live in.
    pub unit: UnitId,
    /// Where it is.
    pub label: UnitLabel,
    /// The year of their birth, where the roll knows it.
    pub birth_year: Option<i16>,
}

/// A resident to be added.
pub(crate) struct NewResident<'p> {
    pub(crate) id: ResidentId,
    pub(crate) household: HouseholdId,
    pub(crate) facts: &'p ResidentFacts,
}

pub(crate) fn insert_households(
    tx: &mut dyn Tx,
    community: CommunityId,
    new: &[(HouseholdId, UnitId)],
) -> Result<(), db::Error> {
    let rows: Vec<_> = new
        .iter()
        .map(|(household, unit)| vec![community.into(), (*household).into(), (*unit).into()])
        .collect();
    tx.insert_many(INSERT_HOUSEHOLDS, &rows)?;
    wrote(tx, &audit::HOUSEHOLDS, &rows);
    Ok(())
}

pub(crate) fn insert_residents(
    tx: &mut dyn Tx,
    ctx: &Context,
    new: &[NewResident<'_>],
) -> Result<(), Error> {
    let rows = new
        .iter()
        .map(|resident| {
            let mut row: Vec<Value> = vec![
                ctx.community.into(),
                resident.id.into(),
                resident.household.into(),
            ];
            row.extend(resident_values(ctx, resident.facts)?);
            row.push(ctx.now.into());
            Ok(row)
        })
        .collect::<Result<Vec<_>, Error>>()?;
    tx.insert_many(INSERT_RESIDENTS, &rows)?;
    // Nobody has moved out yet.
    let rows: Vec<Vec<Value>> = rows.into_iter().map(|row| with_nulls(row, 1)).collect();
    wrote(tx, &audit::RESIDENTS, &rows);
    Ok(())
}

pub(crate) fn update_resident(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: ResidentId,
    facts: &ResidentFacts,
) -> Result<(), Error> {
    let mut values: Vec<Value> = vec![ctx.community.into(), id.into()];
    values.extend(resident_values(ctx, facts)?);
    tx.execute(UPDATE_RESIDENT, &values)?;
    Ok(rewrote(tx, &audit::RESIDENTS, ctx.community, &[id.into()])?)
}

pub(crate) fn end_residence(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: ResidentId,
) -> Result<u64, db::Error> {
    let ended = tx.execute(
        END_RESIDENCE,
        &[ctx.community.into(), id.into(), ctx.now.into()],
    )?;
    rewrote(tx, &audit::RESIDENTS, ctx.community, &[id.into()])?;
    Ok(ended)
}

/// Everyone who lives here, in the open.
pub(crate) fn residents(
    read: &mut dyn Read,
    vault: &Vault,
    community: CommunityId,
) -> Result<Vec<ResidentOnRoll>, Error> {
    read.query(RESIDENTS, &[community.into()])?
        .iter()
        .map(|row| resident_of(vault, community, row))
        .collect()
}

/// Everyone who lives here with their home, without names.
pub(crate) fn residences(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<Residence>, db::Error> {
    read.query(RESIDENCES, &[community.into()])?
        .iter()
        .map(|row| {
            Ok(Residence {
                resident: row.get(0)?,
                unit: row.get(1)?,
                label: UnitLabel {
                    building: row.get(2)?,
                    number: row.get(3)?,
                },
                birth_year: row
                    .get::<Option<i64>>(4)?
                    .and_then(|year| i16::try_from(year).ok()),
            })
        })
        .collect()
}

pub(crate) fn residents_of_unit(
    read: &mut dyn Read,
    vault: &Vault,
    community: CommunityId,
    unit: UnitId,
) -> Result<Vec<ResidentOnRoll>, Error> {
    read.query(RESIDENTS_OF_UNIT, &[community.into(), unit.into()])?
        .iter()
        .map(|row| resident_of(vault, community, row))
        .collect()
}

/// Everyone who lived here and moved out, in the open.
pub(crate) fn former_residents_of_unit(
    read: &mut dyn Read,
    vault: &Vault,
    community: CommunityId,
    unit: UnitId,
) -> Result<Vec<ResidentOnRoll>, Error> {
    read.query(FORMER_RESIDENTS_OF_UNIT, &[community.into(), unit.into()])?
        .iter()
        .map(|row| resident_of(vault, community, row))
        .collect()
}

/// Someone who moved out.
pub(crate) fn former_resident(
    read: &mut dyn Read,
    vault: &Vault,
    community: CommunityId,
    id: ResidentId,
) -> Result<Option<ResidentOnRoll>, Error> {
    read.query_one(FORMER_RESIDENT, &[community.into(), id.into()])?
        .map(|row| resident_of(vault, community, &row))
        .transpose()
}

/// Overwrites what is known of someone who moved out.
pub(crate) fn erase_resident(tx: &mut dyn Tx, ctx: &Context, id: ResidentId) -> Result<(), Error> {
    let [name, name_index] = erased_name(ctx)?;
    tx.execute(
        ERASE_RESIDENT,
        &[ctx.community.into(), id.into(), name, name_index],
    )?;
    Ok(rewrote(tx, &audit::RESIDENTS, ctx.community, &[id.into()])?)
}

pub(crate) fn resident(
    read: &mut dyn Read,
    vault: &Vault,
    community: CommunityId,
    id: ResidentId,
) -> Result<Option<ResidentOnRoll>, Error> {
    read.query_one(RESIDENT, &[community.into(), id.into()])?
        .map(|row| resident_of(vault, community, &row))
        .transpose()
}

pub(crate) fn sealed_resident(
    read: &mut dyn Read,
    community: CommunityId,
    id: ResidentId,
) -> Result<Option<SealedPerson>, db::Error> {
    read.query_one(RESIDENT, &[community.into(), id.into()])?
        .map(|row| sealed_resident_of(&row, 2))
        .transpose()
}

fn resident_of(vault: &Vault, community: CommunityId, row: &Row) -> Result<ResidentOnRoll, Error> {
    Ok(ResidentOnRoll {
        id: row.get(0)?,
        unit: row.get(1)?,
        facts: resident_facts_of(vault, community, row, 2)?,
    })
}
