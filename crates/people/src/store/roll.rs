//! The roll page by page, and the whole of it for an import.

use std::collections::HashMap;

use db::{Read, Value};
use kernel::{CommunityId, Vault};

use super::sealing::owner_of;
use super::units::{UnitNow, ownerships_now, unit_of, units_now};
use super::{
    OWNERS_BETWEEN, ROLL_PAGE, ROLL_PAGE_OF_BUILDING, VOICES_BETWEEN, communities, owners,
    residents,
};
use crate::Error;
use crate::import::{OwnerOnRoll, RollState, UnitOnRoll};
use crate::model::{BuildingId, OwnerId, UnitId};

/// A place in the order of the roll: just after a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) sort_key: Vec<u8>,
    pub(crate) unit: Vec<u8>,
}

impl Place {
    /// Before every unit: no key is empty.
    pub(crate) const START: Self = Self {
        sort_key: Vec::new(),
        unit: Vec::new(),
    };
}

/// Which units a page shows.
pub(crate) struct PageOf<'q> {
    pub(crate) building: Option<BuildingId>,
    pub(crate) number_contains: &'q str,
    pub(crate) after: Place,
    pub(crate) limit: u32,
}

/// A page's units in order, each with its place.
pub(crate) fn roll_page(
    read: &mut dyn Read,
    community: CommunityId,
    page: PageOf<'_>,
) -> Result<Vec<(UnitNow, Place)>, db::Error> {
    let mut parameters: Vec<Value> = vec![
        community.into(),
        page.after.sort_key.into(),
        page.after.unit.into(),
        containing(page.number_contains).into(),
        page.limit.into(),
    ];
    let sql = match page.building {
        Some(building) => {
            parameters.push(building.into());
            ROLL_PAGE_OF_BUILDING
        }
        None => ROLL_PAGE,
    };
    read.query(sql, &parameters)?
        .iter()
        .map(|row| {
            let unit = unit_of(row)?;
            let place = Place {
                sort_key: row.get(9)?,
                unit: unit.id.to_bytes(),
            };
            Ok((unit, place))
        })
        .collect()
}

/// A pattern for texts that contain this one.
fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// The owners of the units between two places, both included, in the open.
pub(crate) fn owners_between(
    read: &mut dyn Read,
    vault: &Vault,
    community: CommunityId,
    first: &Place,
    last: &Place,
) -> Result<HashMap<UnitId, Vec<OwnerOnRoll>>, Error> {
    let mut owners: HashMap<UnitId, Vec<OwnerOnRoll>> = HashMap::new();
    let parameters = [
        community.into(),
        first.sort_key.as_slice().into(),
        last.sort_key.as_slice().into(),
    ];
    for row in read.query(OWNERS_BETWEEN, &parameters)? {
        owners
            .entry(row.get(0)?)
            .or_default()
            .push(owner_of(vault, community, &row, 1)?);
    }
    Ok(owners)
}

/// The appointed voices of the units between two places, both included.
pub(crate) fn voices_between(
    read: &mut dyn Read,
    community: CommunityId,
    first: &Place,
    last: &Place,
) -> Result<HashMap<UnitId, OwnerId>, db::Error> {
    let parameters = [
        community.into(),
        first.sort_key.as_slice().into(),
        last.sort_key.as_slice().into(),
    ];
    read.query(VOICES_BETWEEN, &parameters)?
        .iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .collect()
}

/// The whole roll, personal data in the open: for an import's comparison only.
pub(crate) fn roll_state(
    read: &mut dyn Read,
    vault: &Vault,
    community: CommunityId,
) -> Result<RollState, Error> {
    let mut owners_of: HashMap<UnitId, (Vec<OwnerId>, i64)> = HashMap::new();
    for ownership in ownerships_now(read, community)? {
        let (owners, revision) = owners_of.entry(ownership.unit).or_default();
        owners.push(ownership.owner);
        *revision = ownership.revision;
    }
    let units = units_now(read, community)?
        .into_iter()
        .map(|unit| {
            let (owners, ownership_revision) = owners_of.remove(&unit.id).unwrap_or_default();
            UnitOnRoll {
                id: unit.id,
                label: unit.label,
                facts: unit.facts,
                revision: unit.revision,
                owners,
                ownership_revision,
                household: unit.household,
            }
        })
        .collect();
    Ok(RollState {
        buildings: communities::buildings(read, community)?
            .into_iter()
            .map(|building| (building.name, building.id))
            .collect(),
        units,
        owners: owners::owners(read, vault, community)?,
        residents: residents::residents(read, vault, community)?,
    })
}
