//! The residents' table: who lives in which unit.

use std::collections::{HashMap, HashSet};

use super::columns::{Places, RESIDENT_COLUMNS};
use super::plan::{ImportPlan, PlannedResident, ResidentUnit};
use super::rows::{
    filled, has_a_fitting_size, read_label, read_phone, read_resident_name, read_word,
};
use super::state::{ResidentOnRoll, RollIndex, RollState};
use super::{Notes, RollTable};
use crate::model::{Relation, ResidentFacts, ResidentId, UnitId, UnitLabel};

/// The earliest year of birth.
const EARLIEST_YEAR: i16 = 1900;

/// A row of the residents' table that can be understood.
pub(super) struct ResidentRow {
    line: usize,
    label: UnitLabel,
    name: String,
    phone: Option<String>,
    birth_year: Option<i16>,
    relation: Option<Relation>,
}

pub(super) fn read_residents(table: &RollTable, year: i16, notes: &mut Notes) -> Vec<ResidentRow> {
    let Some(places) = Places::find(table, RESIDENT_COLUMNS, "residents header", notes) else {
        return Vec::new();
    };
    if !has_a_fitting_size(table, "residents table", notes) {
        return Vec::new();
    }
    filled(table)
        .filter_map(|(number, cells)| read_resident(&places, number, cells, year, notes))
        .collect()
}

fn read_resident(
    places: &Places,
    number: usize,
    cells: &[String],
    year: i16,
    notes: &mut Notes,
) -> Option<ResidentRow> {
    let at = resident_line(number);
    let label = read_label(places, cells, &at, notes);
    let name = read_resident_name(places.cell(cells, 2), &at, notes);
    let phone = read_phone(places.cell(cells, 3), &at, notes);
    let birth_year = read_word(
        places.cell(cells, 4),
        "出生年",
        |text| birth_year(text, year),
        &at,
        notes,
    );
    let relation = read_word(
        places.cell(cells, 5),
        "关系",
        Relation::from_word,
        &at,
        notes,
    );
    Some(ResidentRow {
        line: number,
        label: label?,
        name: name?,
        phone: phone?,
        birth_year: birth_year?,
        relation: relation?,
    })
}

fn birth_year(text: &str, year: i16) -> Option<i16> {
    let digits = text.strip_suffix('年').unwrap_or(text);
    digits
        .parse()
        .ok()
        .filter(|born| (EARLIEST_YEAR..=year).contains(born))
}

pub(super) fn plan_residents(
    rows: Vec<ResidentRow>,
    plan: &ImportPlan,
    current: &RollState,
    roll: &RollIndex<'_>,
    notes: &mut Notes,
) -> Vec<PlannedResident> {
    let planned_units: HashMap<&UnitLabel, usize> = plan
        .units
        .iter()
        .enumerate()
        .map(|(at, unit)| (&unit.label, at))
        .collect();
    let rows: Vec<(ResidentRow, ResidentUnit)> = rows
        .into_iter()
        .filter_map(|row| {
            let unit = planned_units
                .get(&row.label)
                .map(|at| ResidentUnit::Planned(*at))
                .or_else(|| {
                    roll.units
                        .get(&row.label)
                        .map(|unit| ResidentUnit::OnRoll(unit.id))
                });
            if unit.is_none() {
                notes.fault(
                    &resident_line(row.line),
                    "people-import-unknown-unit",
                    &[("unit", &row.label)],
                );
            }
            Some((row, unit?))
        })
        .collect();
    report_residents_twice(&rows, notes);
    let matches = match_to_roll(&rows, plan, current);
    let kept = current
        .residents
        .len()
        .saturating_sub(matches.iter().flatten().count());
    if kept > 0 {
        notes.note(
            "residents table",
            "people-import-residents-not-in-file",
            &[("count", &kept)],
        );
    }
    rows.into_iter()
        .zip(matches)
        .map(|((row, unit), current)| PlannedResident {
            line: row.line,
            unit,
            after: merged(row, current.map(|resident| &resident.facts)),
            current: current.cloned(),
        })
        .collect()
}

/// One person listed twice in a unit: same name and same telephone, or same name and neither has one.
fn report_residents_twice(rows: &[(ResidentRow, ResidentUnit)], notes: &mut Notes) {
    let mut seen: HashMap<(ResidentUnit, &str, Option<&str>), usize> = HashMap::new();
    for (row, unit) in rows {
        if let Some(first) = seen.insert((*unit, &row.name, row.phone.as_deref()), row.line) {
            notes.fault(
                &resident_line(row.line),
                "people-import-resident-twice",
                &[("name", &row.name), ("first", &first)],
            );
        }
    }
}

/// The resident of the same unit with the same name: first by telephone too, then by name alone.
fn match_to_roll<'s>(
    rows: &[(ResidentRow, ResidentUnit)],
    plan: &ImportPlan,
    current: &'s RollState,
) -> Vec<Option<&'s ResidentOnRoll>> {
    let mut living: HashMap<(UnitId, &str), Vec<&ResidentOnRoll>> = HashMap::new();
    for resident in &current.residents {
        living
            .entry((resident.unit, &resident.facts.name))
            .or_default()
            .push(resident);
    }
    let mut matches = vec![None; rows.len()];
    let mut taken: HashSet<ResidentId> = HashSet::new();
    for needs_phone in [true, false] {
        for ((row, unit), slot) in rows.iter().zip(&mut matches) {
            let unit = match unit {
                ResidentUnit::OnRoll(id) => Some(*id),
                ResidentUnit::Planned(at) => plan
                    .units
                    .get(*at)
                    .and_then(|unit| Some(unit.current.as_ref()?.id)),
            };
            let Some(alike) = unit.and_then(|unit| living.get(&(unit, row.name.as_str()))) else {
                continue;
            };
            if slot.is_some() {
                continue;
            }
            let found = alike.iter().copied().find(|resident| {
                !taken.contains(&resident.id) && (!needs_phone || resident.facts.phone == row.phone)
            });
            taken.extend(found.map(|resident| resident.id));
            *slot = found;
        }
    }
    matches
}

fn merged(row: ResidentRow, known: Option<&ResidentFacts>) -> ResidentFacts {
    ResidentFacts {
        name: row.name,
        phone: row.phone.or_else(|| known?.phone.clone()),
        birth_year: row.birth_year.or_else(|| known?.birth_year),
        relation: row
            .relation
            .or(known.map(|known| known.relation))
            .unwrap_or(Relation::Other),
    }
}

fn resident_line(number: usize) -> String {
    format!("residents line {number}")
}
