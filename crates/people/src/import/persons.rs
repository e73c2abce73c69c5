//! Who is who within one file: several rows may name one person, and one name may mean several.
//!
//! Safe by choice: rows name one person only if the identity number is the same, or name and telephone are.
//! Organisations are one by their name, which registration keeps apart. A bare name is a person of its own.

use std::collections::HashMap;

use super::rows::{OwnerCell, UnitRow};
use super::{Notes, line};
use crate::model::{OwnerKind, mask_id_number};

/// One person or organisation, as the file's rows together describe them.
pub(super) struct Person {
    pub(super) kind: OwnerKind,
    pub(super) is_kind_stated: bool,
    pub(super) name: String,
    pub(super) id_number: Option<String>,
    /// Every telephone number that a row gives, in their order.
    pub(super) phones: Vec<String>,
    /// The first line that names them.
    pub(super) line: usize,
    /// The places of their rows among all rows.
    pub(super) rows: Vec<usize>,
}

impl Person {
    /// Whether more than a bare name tells who it is.
    pub(super) fn is_identified(&self) -> bool {
        self.id_number.is_some() || !self.phones.is_empty() || self.kind != OwnerKind::Person
    }
}

/// The persons of a file, and which of them each row names.
pub(super) struct Persons {
    pub(super) list: Vec<Person>,
    pub(super) of_rows: Vec<Vec<usize>>,
}

/// What makes a cell without an identity number the same person as another.
#[derive(PartialEq, Eq, Hash)]
enum Key<'r> {
    NameAndPhone(&'r str, &'r str),
    OrganisationNamed(&'r str),
}

pub(super) fn group(rows: &[UnitRow], notes: &mut Notes) -> Persons {
    let mut persons = Persons {
        list: Vec::new(),
        of_rows: rows
            .iter()
            .map(|row| vec![usize::MAX; row.owners.len()])
            .collect(),
    };
    let by_key = with_id_numbers(rows, &mut persons, notes);
    without_id_numbers(rows, &mut persons, by_key, notes);
    persons
}

/// First the cells with an identity number; answers under which names and telephones these persons are known.
fn with_id_numbers<'r>(
    rows: &'r [UnitRow],
    persons: &mut Persons,
    notes: &mut Notes,
) -> HashMap<Key<'r>, Vec<usize>> {
    let mut by_id_number: HashMap<&str, usize> = HashMap::new();
    let mut by_key: HashMap<Key<'r>, Vec<usize>> = HashMap::new();
    for (row_at, row) in rows.iter().enumerate() {
        for (cell_at, cell) in row.owners.iter().enumerate() {
            let Some(id_number) = &cell.id_number else {
                continue;
            };
            let person = *by_id_number
                .entry(id_number)
                .or_insert_with(|| persons.add(cell, row.line));
            persons.put(row_at, cell_at, person);
            persons.join(person, cell, row.line, notes);
            if let Some(key) = key_of(cell) {
                let known = by_key.entry(key).or_default();
                if !known.contains(&person) {
                    known.push(person);
                }
            }
        }
    }
    by_key
}

fn without_id_numbers<'r>(
    rows: &'r [UnitRow],
    persons: &mut Persons,
    mut by_key: HashMap<Key<'r>, Vec<usize>>,
    notes: &mut Notes,
) {
    for (row_at, row) in rows.iter().enumerate() {
        for (cell_at, cell) in row.owners.iter().enumerate() {
            if cell.id_number.is_some() {
                continue;
            }
            let person = match key_of(cell) {
                None => {
                    if is_named_before(row, cell_at, cell) {
                        notes.fault(
                            &line(row.line),
                            "people-import-owner-twice",
                            &[("unit", &row.label)],
                        );
                    }
                    persons.add(cell, row.line)
                }
                Some(key) => match by_key.entry(key).or_default() {
                    known if known.is_empty() => {
                        let person = persons.add(cell, row.line);
                        known.push(person);
                        person
                    }
                    known => {
                        if known.len() > 1 {
                            notes.fault(
                                &line(row.line),
                                "people-import-owner-ambiguous",
                                &[("name", &cell.name)],
                            );
                        }
                        known.first().copied().unwrap_or_default()
                    }
                },
            };
            persons.put(row_at, cell_at, person);
            persons.join(person, cell, row.line, notes);
        }
    }
}

/// Whether the row has the same bare name before: nothing would tell the two apart.
fn is_named_before(row: &UnitRow, cell_at: usize, cell: &OwnerCell) -> bool {
    let is_same = |other: &&OwnerCell| {
        other.name == cell.name && other.id_number.is_none() && key_of(other).is_none()
    };
    row.owners.iter().take(cell_at).any(|other| is_same(&other))
}

fn key_of(cell: &OwnerCell) -> Option<Key<'_>> {
    match cell.kind {
        OwnerKind::Person => cell
            .phone
            .as_deref()
            .map(|phone| Key::NameAndPhone(&cell.name, phone)),
        OwnerKind::Organisation | OwnerKind::Developer => Some(Key::OrganisationNamed(&cell.name)),
    }
}

impl Persons {
    fn add(&mut self, cell: &OwnerCell, line: usize) -> usize {
        self.list.push(Person {
            kind: cell.kind,
            is_kind_stated: cell.stated_kind.is_some(),
            name: cell.name.clone(),
            id_number: cell.id_number.clone(),
            phones: Vec::new(),
            line,
            rows: Vec::new(),
        });
        self.list.len() - 1
    }

    fn put(&mut self, row: usize, cell: usize, person: usize) {
        if let Some(slot) = self
            .of_rows
            .get_mut(row)
            .and_then(|cells| cells.get_mut(cell))
        {
            *slot = person;
        }
        if let Some(person) = self.list.get_mut(person) {
            person.rows.push(row);
        }
    }

    /// Adds what another cell says of a person, and reports where it contradicts.
    fn join(&mut self, person: usize, cell: &OwnerCell, number: usize, notes: &mut Notes) {
        let Some(person) = self.list.get_mut(person) else {
            return;
        };
        let shown = cell
            .id_number
            .as_deref()
            .map_or_else(|| cell.name.clone(), mask_id_number);
        if person.name != cell.name {
            notes.fault(
                &line(number),
                "people-import-owner-two-names",
                &[("id", &shown), ("first", &person.line)],
            );
        }
        if person.kind != cell.kind {
            notes.fault(
                &line(number),
                "people-import-owner-two-kinds",
                &[("name", &cell.name), ("first", &person.line)],
            );
        }
        person.is_kind_stated |= cell.stated_kind.is_some();
        let Some(phone) = &cell.phone else { return };
        if person.phones.contains(phone) {
            return;
        }
        if !person.phones.is_empty() {
            notes.note(
                &line(number),
                "people-import-owner-two-phones",
                &[("name", &cell.name), ("first", &person.line)],
            );
        }
        person.phones.push(phone.clone());
    }
}
