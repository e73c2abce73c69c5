//! Who may vote with which unit. No personal data: modules ask behind their own permissions.

use std::collections::HashMap;

use db::Read;
use kernel::CommunityId;

use crate::Error;
use crate::model::{ElectorUnit, Electorate, OwnerId, OwnerKind, UnitId, UnitsCounted};
use crate::store::{self, OwnershipNow};

/// The electorate as the roll stands now; whoever decides something freezes it.
pub fn electorate(
    read: &mut dyn Read,
    community: CommunityId,
    counted: UnitsCounted,
) -> Result<Electorate, Error> {
    let mut owners: HashMap<UnitId, Vec<OwnershipNow>> = HashMap::new();
    for ownership in store::ownerships_now(read, community)? {
        owners.entry(ownership.unit).or_default().push(ownership);
    }
    let voices: HashMap<UnitId, OwnerId> =
        store::voices_now(read, community)?.into_iter().collect();
    let units = store::units_now(read, community)?
        .into_iter()
        .filter(|unit| counted.includes(unit.facts.unit_use))
        .map(|unit| {
            let owned = owners.remove(&unit.id).unwrap_or_default();
            let ids: Vec<OwnerId> = owned.iter().map(|ownership| ownership.owner).collect();
            ElectorUnit {
                unit: unit.id,
                label: unit.label,
                building: unit.building,
                exclusive_area: unit.facts.exclusive_area,
                area_source: unit.facts.area_source,
                unit_use: unit.facts.unit_use,
                is_developers: !owned.is_empty()
                    && owned
                        .iter()
                        .all(|ownership| ownership.kind == OwnerKind::Developer),
                voice: voice(ids.iter().copied(), voices.get(&unit.id).copied()),
                owners: ids,
            }
        })
        .collect();
    Ok(Electorate { counted, units })
}

/// Who speaks for a unit: the only owner, or the one whom the co-owners appointed.
pub fn voice_of(
    read: &mut dyn Read,
    community: CommunityId,
    unit: UnitId,
) -> Result<Option<OwnerId>, Error> {
    let owners = store::ownership_of_unit(read, community, unit)?.0;
    let appointed = store::voice_of_unit(read, community, unit)?.map(|voice| voice.owner);
    Ok(voice(
        owners.iter().map(|ownership| ownership.owner),
        appointed,
    ))
}

pub(super) fn voice(
    owners: impl IntoIterator<Item = OwnerId>,
    appointed: Option<OwnerId>,
) -> Option<OwnerId> {
    let mut owners = owners.into_iter();
    match (owners.next(), owners.next()) {
        (Some(only), None) => Some(only),
        _ => appointed,
    }
}
