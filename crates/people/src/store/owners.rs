//! Owners, sealed.

use db::{Read, Tx, Value};
use journal::{rewrote, wrote};
use kernel::{CommunityId, Context, Timestamp, Vault};

use super::sealing::{
    ID_NUMBER, NAME, PHONE, SealedPerson, erased_name, index, owner_of, owner_values,
    sealed_owner_of,
};
use super::{
    ERASE_OWNER, INSERT_OWNERS, OWNER, OWNER_WITH_ID_NUMBER, OWNERS, OWNERS_WITH_NAME_AND_PHONE,
    OWNERSHIP_HISTORY, UPDATE_OWNER, audit,
};
use crate::Error;
use crate::import::OwnerOnRoll;
use crate::model::{OwnerFacts, OwnerId, OwnerKind, UnitId};

/// Who owned a unit for a time; personal data in the open.
#[derive(Clone, Debug)]
pub(crate) struct OwnershipThen {
    pub(crate) revision: i64,
    pub(crate) since: Option<Timestamp>,
    pub(crate) until: Option<Timestamp>,
    pub(crate) recorded_at: Timestamp,
    pub(crate) owner: OwnerOnRoll,
}

pub(crate) fn insert_owners(
    tx: &mut dyn Tx,
    ctx: &Context,
    new: &[(OwnerId, &OwnerFacts)],
) -> Result<(), Error> {
    let rows = new
        .iter()
        .map(|(id, facts)| {
            let mut row: Vec<Value> = vec![ctx.community.into(), (*id).into()];
            row.extend(owner_values(ctx, facts)?);
            row.push(ctx.now.into());
            Ok(row)
        })
        .collect::<Result<Vec<_>, Error>>()?;
    tx.insert_many(INSERT_OWNERS, &rows)?;
    wrote(tx, &audit::OWNERS, &rows);
    Ok(())
}

pub(crate) fn update_owner(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: OwnerId,
    facts: &OwnerFacts,
) -> Result<(), Error> {
    let mut values: Vec<Value> = vec![ctx.community.into(), id.into()];
    values.extend(owner_values(ctx, facts)?);
    tx.execute(UPDATE_OWNER, &values)?;
    Ok(rewrote(tx, &audit::OWNERS, ctx.community, &[id.into()])?)
}

/// Overwrites what is known of a former owner.
pub(crate) fn erase_owner(tx: &mut dyn Tx, ctx: &Context, id: OwnerId) -> Result<(), Error> {
    let [name, name_index] = erased_name(ctx)?;
    tx.execute(
        ERASE_OWNER,
        &[ctx.community.into(), id.into(), name, name_index],
    )?;
    Ok(rewrote(tx, &audit::OWNERS, ctx.community, &[id.into()])?)
}

/// Every owner, former ones included, in the open.
pub(crate) fn owners(
    read: &mut dyn Read,
    vault: &Vault,
    community: CommunityId,
) -> Result<Vec<OwnerOnRoll>, Error> {
    read.query(OWNERS, &[community.into()])?
        .iter()
        .map(|row| owner_of(vault, community, row, 0))
        .collect()
}

pub(crate) fn owner(
    read: &mut dyn Read,
    vault: &Vault,
    community: CommunityId,
    id: OwnerId,
) -> Result<Option<OwnerOnRoll>, Error> {
    read.query_one(OWNER, &[community.into(), id.into()])?
        .map(|row| owner_of(vault, community, &row, 0))
        .transpose()
}

pub(crate) fn sealed_owner(
    read: &mut dyn Read,
    community: CommunityId,
    id: OwnerId,
) -> Result<Option<(OwnerKind, SealedPerson)>, db::Error> {
    read.query_one(OWNER, &[community.into(), id.into()])?
        .map(|row| Ok((row.get(1)?, sealed_owner_of(&row, 0)?)))
        .transpose()
}

/// The owner on the roll who is the person with these facts: by identity number, else by name and telephone where
/// that fits just one.
pub(crate) fn same_owner(
    read: &mut dyn Read,
    ctx: &Context,
    facts: &OwnerFacts,
) -> Result<Option<OwnerOnRoll>, Error> {
    if let Some(number) = &facts.id_number {
        let row = read.query_one(
            OWNER_WITH_ID_NUMBER,
            &[ctx.community.into(), index(ctx, ID_NUMBER, number)?],
        )?;
        if let Some(row) = row {
            return owner_of(&ctx.vault, ctx.community, &row, 0).map(Some);
        }
    }
    let Some(phone) = &facts.phone else {
        return Ok(None);
    };
    let parameters = [
        ctx.community.into(),
        index(ctx, NAME, &facts.name)?,
        index(ctx, PHONE, phone)?,
    ];
    let mut found = read
        .query(OWNERS_WITH_NAME_AND_PHONE, &parameters)?
        .iter()
        .map(|row| owner_of(&ctx.vault, ctx.community, row, 0))
        .collect::<Result<Vec<_>, Error>>()?;
    found.retain(|owner| facts.id_number.is_none() || owner.facts.id_number.is_none());
    Ok(if found.len() == 1 { found.pop() } else { None })
}

/// Who owned a unit and when, newest first.
pub(crate) fn ownership_history(
    read: &mut dyn Read,
    vault: &Vault,
    community: CommunityId,
    unit: UnitId,
) -> Result<Vec<OwnershipThen>, Error> {
    read.query(OWNERSHIP_HISTORY, &[community.into(), unit.into()])?
        .iter()
        .map(|row| {
            Ok(OwnershipThen {
                revision: row.get(0)?,
                since: row.get(1)?,
                until: row.get(2)?,
                recorded_at: row.get(3)?,
                owner: owner_of(vault, community, row, 4)?,
            })
        })
        .collect()
}
