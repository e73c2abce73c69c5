//! The hash over a frozen electorate: its units with area, head and owners, and who may vote for which.

use people::model::{OwnerId, UnitId};
use sha2::{Digest, Sha256};

use crate::store::Elector;

/// What a publication's entry says of the electorate: anyone who is given the list can check that it is that one. Units
/// go in by their ids' order, then pairs of owner and unit by theirs.
#[derive(Default)]
pub(crate) struct ElectorateHash {
    hash: Sha256,
    units: u64,
    area: i64,
    heads: std::collections::HashSet<u32>,
}

impl ElectorateHash {
    /// The hash over a whole electorate.
    pub(crate) fn of(electors: &[Elector]) -> String {
        let mut hash = Self::default();
        let mut by_unit: Vec<&Elector> = electors.iter().collect();
        by_unit.sort_by_key(|elector| elector.unit.to_bytes());
        for elector in &by_unit {
            let owners = u32::try_from(elector.owners.len()).unwrap_or(u32::MAX);
            hash.elector(elector, owners);
        }
        let mut by_owner: Vec<(OwnerId, UnitId)> = by_unit
            .iter()
            .flat_map(|elector| elector.owners.iter().map(|owner| (*owner, elector.unit)))
            .collect();
        by_owner.sort_by_key(|(owner, unit)| (owner.to_bytes(), unit.to_bytes()));
        for (owner, unit) in by_owner {
            hash.owner(owner, unit);
        }
        hash.finish()
    }

    /// The next unit.
    pub(crate) fn elector(&mut self, elector: &Elector, owners: u32) {
        self.hash.update(elector.unit.to_bytes());
        for text in [&elector.building, &elector.label] {
            let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
            self.hash.update(length.to_be_bytes());
            self.hash.update(text);
        }
        self.hash.update(elector.area.get().to_be_bytes());
        self.hash.update(elector.head.to_be_bytes());
        self.hash.update([u8::from(elector.developer)]);
        self.hash.update(owners.to_be_bytes());
        self.units += 1;
        self.area = self.area.saturating_add(elector.area.get());
        self.heads.insert(elector.head);
    }

    /// The next owner who may vote for a unit.
    pub(crate) fn owner(&mut self, owner: OwnerId, unit: UnitId) {
        self.hash.update(owner.to_bytes());
        self.hash.update(unit.to_bytes());
    }

    /// Units, heads and area (0.01 m²) so far.
    pub(crate) fn totals(&self) -> (u64, usize, i64) {
        (self.units, self.heads.len(), self.area)
    }

    pub(crate) fn finish(self) -> String {
        crate::hex(&self.hash.finalize())
    }
}
