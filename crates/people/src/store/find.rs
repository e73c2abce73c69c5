//! Finding people by what is known of them, through the keyed hashes.

use std::collections::HashMap;

use db::{Read, Value};
use kernel::{CommunityId, Context};

use super::sealing::{
    ID_NUMBER, NAME, PHONE, SealedPerson, index, owner_of, resident_facts_of, sealed_owner_of,
};
use super::{OWNERS, OWNERS_FOUND, RESIDENTS_FOUND, UNITS_OF_OWNER};
use crate::Error;
use crate::import::{OwnerOnRoll, ResidentOnRoll};
use crate::model::{OwnerId, OwnerKind, UnitId, UnitLabel};

/// The owners whose name, telephone or identity number is just this; at most 100.
pub(crate) fn owners_found(
    read: &mut dyn Read,
    ctx: &Context,
    name: &str,
    phone: Option<&str>,
    id_number: Option<&str>,
) -> Result<Vec<OwnerOnRoll>, Error> {
    let parameters = [
        ctx.community.into(),
        index(ctx, NAME, name)?,
        index_or_none(ctx, PHONE, phone)?,
        index_or_none(ctx, ID_NUMBER, id_number)?,
    ];
    read.query(OWNERS_FOUND, &parameters)?
        .iter()
        .map(|row| owner_of(&ctx.vault, ctx.community, row, 0))
        .collect()
}

/// The residents whose name or telephone is just this, and where they live; at most 100.
pub(crate) fn residents_found(
    read: &mut dyn Read,
    ctx: &Context,
    name: &str,
    phone: Option<&str>,
) -> Result<Vec<(ResidentOnRoll, UnitLabel)>, Error> {
    let parameters = [
        ctx.community.into(),
        index(ctx, NAME, name)?,
        index_or_none(ctx, PHONE, phone)?,
    ];
    read.query(RESIDENTS_FOUND, &parameters)?
        .iter()
        .map(|row| {
            let resident = ResidentOnRoll {
                id: row.get(0)?,
                unit: row.get(1)?,
                facts: resident_facts_of(&ctx.vault, ctx.community, row, 2)?,
            };
            Ok((
                resident,
                UnitLabel {
                    building: row.get(6)?,
                    number: row.get(7)?,
                },
            ))
        })
        .collect()
}

/// No hash is empty, so an empty one finds nothing.
fn index_or_none(ctx: &Context, purpose: &str, text: Option<&str>) -> Result<Value, Error> {
    text.map_or(Ok(Value::Bytes(Vec::new())), |text| {
        index(ctx, purpose, text)
    })
}

/// The units that an owner owns now, in the order of the roll.
pub(crate) fn units_of_owner(
    read: &mut dyn Read,
    community: CommunityId,
    owner: OwnerId,
) -> Result<Vec<(UnitId, UnitLabel)>, db::Error> {
    read.query(UNITS_OF_OWNER, &[community.into(), owner.into()])?
        .iter()
        .map(|row| {
            Ok((
                row.get(0)?,
                UnitLabel {
                    building: row.get(1)?,
                    number: row.get(2)?,
                },
            ))
        })
        .collect()
}

/// Every owner's kind and sealed data.
pub(crate) fn sealed_owners(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<HashMap<OwnerId, (OwnerKind, SealedPerson)>, db::Error> {
    read.query(OWNERS, &[community.into()])?
        .iter()
        .map(|row| Ok((row.get(0)?, (row.get(1)?, sealed_owner_of(row, 0)?))))
        .collect()
}
