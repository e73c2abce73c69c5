//! Which persons of a file stand on the roll already.
//!
//! From the surest sign to the weakest: the identity number; name and telephone (an organisation's name); the name
//! among the owners of the same unit. Each owner on the roll is taken by one person of the file at most.

use std::collections::{HashMap, HashSet};

use super::persons::{Person, Persons};
use super::plan::PlannedOwner;
use super::rows::UnitRow;
use super::state::{OwnerOnRoll, RollIndex};
use super::{Notes, line, positions_by};
use crate::model::{OwnerFacts, OwnerId, OwnerKind};

/// The owners that the file names, and which of them own each row's unit.
pub(super) struct Owners {
    pub(super) list: Vec<PlannedOwner>,
    pub(super) of_rows: Vec<Vec<usize>>,
}

pub(super) fn match_to_roll(
    persons: &Persons,
    rows: &[UnitRow],
    roll: &RollIndex<'_>,
    notes: &mut Notes,
) -> Owners {
    let mut matching = Matching {
        persons,
        rows,
        roll,
        matches: vec![None; persons.list.len()],
        taken: HashSet::new(),
    };
    matching.by_id_number();
    matching.by_name_and_phone(notes);
    matching.by_name_in_the_unit(notes);
    matching.bare_names(notes);
    report_same_names(persons, &matching.matches, roll, notes);
    let owners = planned(persons, &matching.matches);
    report_owners_twice(&owners, rows, notes);
    owners
}

struct Matching<'a> {
    persons: &'a Persons,
    rows: &'a [UnitRow],
    roll: &'a RollIndex<'a>,
    matches: Vec<Option<&'a OwnerOnRoll>>,
    taken: HashSet<OwnerId>,
}

impl<'a> Matching<'a> {
    fn by_id_number(&mut self) {
        for (at, person) in self.persons.list.iter().enumerate() {
            let owner = person
                .id_number
                .as_deref()
                .and_then(|number| self.roll.owner_with_id_number(number));
            self.take(at, owner);
        }
    }

    fn by_name_and_phone(&mut self, notes: &mut Notes) {
        for (at, person) in self.unmatched() {
            let candidates = match person.kind {
                OwnerKind::Person => person
                    .phones
                    .iter()
                    .flat_map(|phone| self.roll.persons_with(&person.name, phone))
                    .copied()
                    .collect(),
                OwnerKind::Organisation | OwnerKind::Developer => {
                    self.roll.organisations_named(&person.name).to_vec()
                }
            };
            let owner = self.the_one(person, candidates, notes);
            self.take(at, owner);
        }
    }

    fn by_name_in_the_unit(&mut self, notes: &mut Notes) {
        for (at, person) in self.unmatched() {
            let candidates = self.in_the_units_of(person);
            let is_other = |owner: &&OwnerOnRoll| {
                person.id_number.is_some() && owner.facts.id_number.is_some()
            };
            if candidates.iter().any(is_other) {
                notes.note(
                    &line(person.line),
                    "people-import-id-number-differs",
                    &[("name", &person.name)],
                );
            }
            let owner = self.the_one(person, candidates, notes);
            self.take(at, owner);
        }
    }

    /// A bare name is an owner of the same unit with that name, unless the row means another person by it.
    fn bare_names(&mut self, notes: &mut Notes) {
        for (at, person) in self
            .persons
            .list
            .iter()
            .enumerate()
            .filter(|(_, person)| !person.is_identified())
        {
            let of_row: HashSet<OwnerId> = person
                .rows
                .iter()
                .filter_map(|row| self.persons.of_rows.get(*row))
                .flatten()
                .filter_map(|person| self.matches.get(*person).copied().flatten())
                .map(|owner| owner.id)
                .collect();
            let mut candidates = self.in_the_units_of(person);
            candidates.retain(|owner| !of_row.contains(&owner.id));
            if candidates.len() > 1 {
                report_ambiguous(person, notes);
            }
            if let Some(slot) = self.matches.get_mut(at) {
                *slot = candidates.first().copied();
            }
        }
    }

    fn unmatched(&self) -> Vec<(usize, &'a Person)> {
        self.persons
            .list
            .iter()
            .enumerate()
            .filter(|(at, person)| {
                person.is_identified() && self.matches.get(*at).is_some_and(Option::is_none)
            })
            .collect()
    }

    /// The candidate who is free and has no other identity number; where several are, the one who owns a unit that
    /// the file gives the person.
    fn the_one(
        &self,
        person: &Person,
        mut candidates: Vec<&'a OwnerOnRoll>,
        notes: &mut Notes,
    ) -> Option<&'a OwnerOnRoll> {
        candidates.retain(|owner| {
            !self.taken.contains(&owner.id)
                && (person.id_number.is_none() || owner.facts.id_number.is_none())
        });
        if candidates.len() > 1 {
            let here: HashSet<OwnerId> = self
                .in_the_units_of(person)
                .iter()
                .map(|owner| owner.id)
                .collect();
            let near: Vec<_> = candidates
                .iter()
                .copied()
                .filter(|owner| here.contains(&owner.id))
                .collect();
            if near.len() != 1 {
                report_ambiguous(person, notes);
            }
            candidates = near;
        }
        candidates.first().copied()
    }

    fn in_the_units_of(&self, person: &Person) -> Vec<&'a OwnerOnRoll> {
        let mut found: Vec<&OwnerOnRoll> = Vec::new();
        for row in person.rows.iter().filter_map(|row| self.rows.get(*row)) {
            for owner in self.roll.owners_of(&row.label, &person.name) {
                if !found.iter().any(|known| known.id == owner.id) {
                    found.push(owner);
                }
            }
        }
        found
    }

    fn take(&mut self, person: usize, owner: Option<&'a OwnerOnRoll>) {
        if let (Some(owner), Some(slot)) = (owner, self.matches.get_mut(person)) {
            self.taken.insert(owner.id);
            *slot = Some(owner);
        }
    }
}

fn report_ambiguous(person: &Person, notes: &mut Notes) {
    notes.fault(
        &line(person.line),
        "people-import-owner-ambiguous",
        &[("name", &person.name)],
    );
}

/// One owner a person; a bare name that means an owner named elsewhere in the file is that owner.
fn planned(persons: &Persons, matches: &[Option<&OwnerOnRoll>]) -> Owners {
    let mut list: Vec<PlannedOwner> = Vec::with_capacity(persons.list.len());
    let mut on_roll: HashMap<OwnerId, usize> = HashMap::new();
    let mut places = Vec::with_capacity(persons.list.len());
    for (person, owner) in persons.list.iter().zip(matches) {
        let known = owner.and_then(|owner| on_roll.get(&owner.id).copied());
        let place = known.unwrap_or(list.len());
        match list.get_mut(place) {
            Some(planned) => planned.after = merged(person, Some(&planned.after)),
            None => list.push(PlannedOwner {
                line: person.line,
                after: merged(person, owner.map(|owner| &owner.facts)),
                current: owner.cloned(),
            }),
        }
        if let Some(owner) = owner {
            on_roll.insert(owner.id, place);
        }
        places.push(place);
    }
    let of_rows = persons
        .of_rows
        .iter()
        .map(|row| {
            row.iter()
                .filter_map(|person| places.get(*person).copied())
                .collect()
        })
        .collect();
    Owners { list, of_rows }
}

/// What the file says, and where it is silent what the roll says.
fn merged(person: &Person, known: Option<&OwnerFacts>) -> OwnerFacts {
    let kind = match known {
        Some(known) if !person.is_kind_stated => known.kind,
        _ => person.kind,
    };
    OwnerFacts {
        kind,
        name: person.name.clone(),
        id_number: person
            .id_number
            .clone()
            .or_else(|| known?.id_number.clone()),
        phone: person
            .phones
            .first()
            .cloned()
            .or_else(|| known?.phone.clone()),
    }
}

/// New persons with a bare name that someone else has too: they might be one, so it is said, once a name.
fn report_same_names(
    persons: &Persons,
    matches: &[Option<&OwnerOnRoll>],
    roll: &RollIndex<'_>,
    notes: &mut Notes,
) {
    let by_name = positions_by(persons.list.iter().map(|person| person.name.as_str()));
    let mut names: Vec<(&str, Vec<usize>)> = by_name.into_iter().collect();
    names.sort_unstable_by_key(|(_, alike)| alike.first().copied());
    for (name, alike) in names {
        if alike.len() + roll.owners_named(name).len() < 2 {
            continue;
        }
        let is_new = |at: usize| matches.get(at).is_some_and(Option::is_none);
        let named: Vec<(usize, &Person)> = alike
            .iter()
            .filter_map(|at| Some((*at, persons.list.get(*at)?)))
            .collect();
        let bare = named
            .iter()
            .find(|(at, person)| !person.is_identified() && is_new(*at));
        let Some((_, bare)) = bare else { continue };
        let lines: Vec<String> = named
            .iter()
            .map(|(_, person)| person.line.to_string())
            .collect();
        let lines = lines.join(", ");
        notes.note(
            &line(bare.line),
            "people-import-same-name",
            &[("name", &name), ("lines", &lines)],
        );
    }
}

fn report_owners_twice(owners: &Owners, rows: &[UnitRow], notes: &mut Notes) {
    for (row, named) in rows.iter().zip(&owners.of_rows) {
        let different: HashSet<&usize> = named.iter().collect();
        if different.len() < named.len() {
            notes.fault(
                &line(row.line),
                "people-import-owner-twice",
                &[("unit", &row.label)],
            );
        }
    }
    for owner in &owners.list {
        if let Some(current) = owner
            .current
            .as_ref()
            .filter(|current| current.facts.name != owner.after.name)
        {
            let arguments: [(&str, &dyn std::fmt::Display); 2] = [
                ("before", &current.facts.name),
                ("after", &owner.after.name),
            ];
            notes.note(&line(owner.line), "people-import-owner-renamed", &arguments);
        }
    }
}
