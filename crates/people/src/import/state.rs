//! The roll as it stands, as far as an import compares with it.

use std::collections::HashMap;

use crate::model::{
    BuildingId, HouseholdId, OwnerFacts, OwnerId, OwnerKind, ResidentFacts, ResidentId, UnitFacts,
    UnitId, UnitLabel,
};

/// The roll as it stands; personal data is open in it, so it never leaves the import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RollState {
    /// The buildings by name.
    pub buildings: HashMap<String, BuildingId>,
    /// The units.
    pub units: Vec<UnitOnRoll>,
    /// The owners, former ones included: who buys again is the same person.
    pub owners: Vec<OwnerOnRoll>,
    /// Who lives here now.
    pub residents: Vec<ResidentOnRoll>,
}

/// A unit of the roll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitOnRoll {
    /// Its id.
    pub id: UnitId,
    /// Where it is.
    pub label: UnitLabel,
    /// What it is.
    pub facts: UnitFacts,
    /// The number of its current facts, from 1.
    pub revision: i64,
    /// Who owns it, sorted by id.
    pub owners: Vec<OwnerId>,
    /// The number of the current ownership, from 1; 0 if it never had an owner.
    pub ownership_revision: i64,
    /// Its household, if someone was ever registered.
    pub household: Option<HouseholdId>,
}

/// An owner of the roll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerOnRoll {
    /// Their id.
    pub id: OwnerId,
    /// What the roll knows of them.
    pub facts: OwnerFacts,
}

/// A resident of the roll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResidentOnRoll {
    /// Their id.
    pub id: ResidentId,
    /// Where they live.
    pub unit: UnitId,
    /// What the roll knows of them.
    pub facts: ResidentFacts,
}

/// The roll with ways to find things in it.
pub(super) struct RollIndex<'s> {
    pub(super) buildings: &'s HashMap<String, BuildingId>,
    pub(super) units: HashMap<&'s UnitLabel, &'s UnitOnRoll>,
    pub(super) owners: HashMap<OwnerId, &'s OwnerOnRoll>,
    by_id_number: HashMap<&'s str, &'s OwnerOnRoll>,
    by_name: HashMap<&'s str, Vec<&'s OwnerOnRoll>>,
    persons: HashMap<&'s str, HashMap<&'s str, Vec<&'s OwnerOnRoll>>>,
    organisations: HashMap<&'s str, Vec<&'s OwnerOnRoll>>,
}

impl<'s> RollIndex<'s> {
    pub(super) fn of(state: &'s RollState) -> Self {
        let mut by_name: HashMap<&str, Vec<&OwnerOnRoll>> = HashMap::new();
        let mut persons: HashMap<&str, HashMap<&str, Vec<&OwnerOnRoll>>> = HashMap::new();
        let mut organisations: HashMap<&str, Vec<&OwnerOnRoll>> = HashMap::new();
        for owner in &state.owners {
            let facts = &owner.facts;
            by_name.entry(&facts.name).or_default().push(owner);
            if facts.kind != OwnerKind::Person {
                organisations.entry(&facts.name).or_default().push(owner);
            } else if let Some(phone) = &facts.phone {
                let named = persons.entry(&facts.name).or_default();
                named.entry(phone).or_default().push(owner);
            }
        }
        Self {
            buildings: &state.buildings,
            units: state.units.iter().map(|unit| (&unit.label, unit)).collect(),
            owners: state.owners.iter().map(|owner| (owner.id, owner)).collect(),
            by_id_number: state
                .owners
                .iter()
                .filter_map(|owner| Some((owner.facts.id_number.as_deref()?, owner)))
                .collect(),
            by_name,
            persons,
            organisations,
        }
    }

    pub(super) fn owner_with_id_number(&self, number: &str) -> Option<&'s OwnerOnRoll> {
        self.by_id_number.get(number).copied()
    }

    pub(super) fn owners_named(&self, name: &str) -> &[&'s OwnerOnRoll] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// The persons with this name and telephone number.
    pub(super) fn persons_with(&self, name: &str, phone: &str) -> &[&'s OwnerOnRoll] {
        let named = self.persons.get(name);
        named
            .and_then(|by_phone| by_phone.get(phone))
            .map_or(&[], Vec::as_slice)
    }

    /// The organisations and developers with this name.
    pub(super) fn organisations_named(&self, name: &str) -> &[&'s OwnerOnRoll] {
        self.organisations.get(name).map_or(&[], Vec::as_slice)
    }

    /// The current owners of a unit with this name.
    pub(super) fn owners_of(&self, label: &UnitLabel, name: &str) -> Vec<&'s OwnerOnRoll> {
        let owners = self
            .units
            .get(label)
            .map_or(&[][..], |unit| unit.owners.as_slice());
        owners
            .iter()
            .filter_map(|id| self.owners.get(id).copied())
            .filter(|owner| owner.facts.name == name)
            .collect()
    }
}
