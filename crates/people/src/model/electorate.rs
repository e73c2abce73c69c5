//! The electorate: who may vote with which unit, and how units and heads are counted.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use units::{Area, UnitsError};

use super::{AreaSource, BuildingId, OwnerId, UnitId, UnitLabel, UnitUse};

/// Which units the electorate holds.
///
/// Parking spaces bring no area to a vote under the rules of Ningbo (Art. 18) and Hangzhou; storage rooms are counted
/// unless the community's rules say otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitsCounted {
    /// Owned parking spaces too.
    pub parking: bool,
    /// Owned storage rooms too.
    pub storage: bool,
}

impl Default for UnitsCounted {
    fn default() -> Self {
        Self {
            parking: false,
            storage: true,
        }
    }
}

impl UnitsCounted {
    /// Whether units of this use are in the electorate.
    pub const fn includes(self, unit_use: UnitUse) -> bool {
        match unit_use {
            UnitUse::Parking => self.parking,
            UnitUse::Storage => self.storage,
            UnitUse::Residential | UnitUse::Commercial | UnitUse::Other => true,
        }
    }
}

/// A unit in the electorate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ElectorUnit {
    /// The unit.
    pub unit: UnitId,
    /// Where it is.
    pub label: UnitLabel,
    /// Its building.
    pub building: BuildingId,
    /// Its exclusive area.
    pub exclusive_area: Area,
    /// What the area rests on.
    pub area_source: AreaSource,
    /// What it is for.
    pub unit_use: UnitUse,
    /// Its owners today, sorted by id.
    pub owners: Vec<OwnerId>,
    /// Whether the developer owns it, and alone: unsold, or sold and not delivered.
    pub is_developers: bool,
    /// Who speaks for it: the only owner, or the one whom the co-owners appointed. `None` while they have not.
    pub voice: Option<OwnerId>,
}

/// Whom a unit's vote is counted for among heads (SPC interpretation, Art. 9): units of one elector are one head.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Elector {
    /// The developer, whatever is unsold or undelivered.
    Developer,
    /// The buyers, as a set: a couple that owns two flats together is one head, and another than each of them alone.
    Buyers(Vec<OwnerId>),
    /// Nobody is on record; each such unit is a head of its own.
    Unknown(UnitId),
}

impl ElectorUnit {
    /// Whom the unit's vote is counted for among heads.
    pub fn elector(&self) -> Elector {
        if self.is_developers {
            Elector::Developer
        } else if self.owners.is_empty() {
            Elector::Unknown(self.unit)
        } else {
            Elector::Buyers(self.owners.clone())
        }
    }
}

/// Everyone who may vote, unit by unit, in the order of the roll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Electorate {
    /// Which units were counted.
    pub counted: UnitsCounted,
    /// The units.
    pub units: Vec<ElectorUnit>,
}

/// An electorate in three numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ElectorateTotals {
    /// Units.
    pub units: u64,
    /// Heads by Art. 9.
    pub heads: u64,
    /// The sum of exclusive areas.
    pub exclusive_area: Area,
}

impl Electorate {
    /// Units, heads and area. An error only if areas add up beyond 64 bits.
    pub fn totals(&self) -> Result<ElectorateTotals, UnitsError> {
        let heads: BTreeSet<Elector> = self.units.iter().map(ElectorUnit::elector).collect();
        Ok(ElectorateTotals {
            units: count(self.units.len()),
            heads: count(heads.len()),
            exclusive_area: Area::sum(self.units.iter().map(|unit| unit.exclusive_area))?,
        })
    }
}

pub(crate) fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use kernel::Uuid;

    use super::*;

    fn unit(number: u128, owners: &[u128], is_developers: bool) -> ElectorUnit {
        ElectorUnit {
            unit: UnitId::from_uuid(Uuid::from_u128(number)),
            label: UnitLabel {
                building: "1幢".to_owned(),
                number: number.to_string(),
            },
            building: BuildingId::from_uuid(Uuid::nil()),
            exclusive_area: Area::new(8950).unwrap(),
            area_source: AreaSource::Register,
            unit_use: UnitUse::Residential,
            owners: owners
                .iter()
                .map(|id| OwnerId::from_uuid(Uuid::from_u128(*id)))
                .collect(),
            is_developers,
            voice: None,
        }
    }

    #[test]
    fn one_buyer_of_many_units_is_one_head_and_so_is_the_developer() {
        let electorate = Electorate {
            counted: UnitsCounted::default(),
            units: vec![
                unit(1, &[7], false),
                unit(2, &[7], false),
                unit(3, &[7, 8], false),
                unit(4, &[7, 8], false),
                unit(5, &[9], true),
                unit(6, &[10], true),
                unit(7, &[], false),
                unit(8, &[], false),
            ],
        };
        let totals = electorate.totals().unwrap();
        assert_eq!(
            (totals.units, totals.heads, totals.exclusive_area.get()),
            (8, 5, 71_600)
        );
    }
}
