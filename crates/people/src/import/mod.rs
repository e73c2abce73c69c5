//! Importing a community's roll from tables: plan first, with every fault listed, then apply all of it or nothing.
//!
//! [`plan_import`] is pure: the roll as it stands and the file in, a plan or the faults out. What the file does not
//! say stays as it is: a blank identity number, telephone, source or use keeps the roll's; units and residents that the
//! file leaves out are reported and kept.

mod areas;
mod columns;
mod file;
mod owners;
mod persons;
mod plan;
mod residents;
mod rows;
mod state;

use std::collections::{HashMap, HashSet};

use kernel::Finding;
use serde::{Deserialize, Serialize};

use crate::model::UnitLabel;

pub use columns::{Column, RESIDENT_COLUMNS, UNIT_COLUMNS};
pub use file::{RollFile, read_file};
pub(crate) use file::{arguments as file_arguments, code as file_code};
pub use plan::{
    Counts, ImportCounts, ImportPlan, PlannedOwner, PlannedResident, PlannedUnit, ResidentUnit,
};
pub use state::{OwnerOnRoll, ResidentOnRoll, RollState, UnitOnRoll};

/// Rows that one table may have.
pub const ROWS_MAX: usize = 100_000;

/// Units that a file leaves out are named one by one up to this many; beyond it they are counted, the first named.
const MISSING_NAMED: usize = 5;

/// A table from a file: what a spreadsheet or a CSV file holds, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollTable {
    /// The names of the columns.
    pub header: Vec<String>,
    /// The rows: the line in the file, from 1, and the cells.
    pub rows: Vec<(usize, Vec<String>)>,
}

/// Everything wrong with a file, line by line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the file has {} faults; correct the listed lines and import it again", .0.len())]
pub struct Findings(pub Vec<Finding>);

/// Something to look at before the file is applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// Where, and what.
    pub finding: Finding,
    /// Whether the import is refused until someone confirms it.
    pub needs_confirmation: bool,
}

/// What applying a file to the roll would do, or every fault of the file.
///
/// `year` is the current one; nobody was born later.
pub fn plan_import(
    current: &RollState,
    units: &RollTable,
    residents: Option<&RollTable>,
    year: i16,
) -> Result<ImportPlan, Findings> {
    let mut notes = Notes::default();
    let unit_rows = rows::read_units(units, &mut notes);
    let resident_rows = residents.map(|table| residents::read_residents(table, year, &mut notes));
    let groups = persons::group(&unit_rows, &mut notes);
    let roll = state::RollIndex::of(current);
    let owners = owners::match_to_roll(&groups, &unit_rows, &roll, &mut notes);
    let mut plan = plan::units_and_owners(unit_rows, owners, &roll);
    areas::look_for_outliers(&plan, current, &mut notes);
    report_missing(&mut plan, current, &mut notes);
    if let Some(rows) = resident_rows {
        plan.residents = residents::plan_residents(rows, &plan, current, &roll, &mut notes);
    }
    plan.warnings = notes.warnings;
    // What waits for an answer comes first.
    plan.warnings
        .sort_by_key(|warning| !warning.needs_confirmation);
    if notes.faults.is_empty() {
        Ok(plan)
    } else {
        Err(Findings(notes.faults))
    }
}

/// Units of the roll that the file leaves out: kept, and said so.
fn report_missing(plan: &mut ImportPlan, current: &RollState, notes: &mut Notes) {
    let in_file: HashSet<&UnitLabel> = plan.units.iter().map(|unit| &unit.label).collect();
    let missing: Vec<_> = current
        .units
        .iter()
        .filter(|unit| !in_file.contains(&unit.label))
        .collect();
    if missing.len() > MISSING_NAMED {
        let named: Vec<String> = missing
            .iter()
            .take(MISSING_NAMED)
            .map(|unit| unit.label.to_string())
            .collect();
        notes.note(
            "roll",
            "people-import-units-not-in-file",
            &[("count", &missing.len()), ("first", &named.join(", "))],
        );
    } else {
        for unit in &missing {
            notes.note(
                "roll",
                "people-import-unit-not-in-file",
                &[("unit", &unit.label)],
            );
        }
    }
    plan.missing = missing.into_iter().map(|unit| unit.id).collect();
}

/// A value that a message speaks of.
type Argument<'a> = (&'a str, &'a dyn std::fmt::Display);

/// Faults and warnings as they are found.
#[derive(Default)]
pub(crate) struct Notes {
    faults: Vec<Finding>,
    warnings: Vec<Warning>,
}

impl Notes {
    fn fault(&mut self, at: &str, code: &str, arguments: &[Argument<'_>]) {
        self.faults.push(finding(at, code, arguments));
    }

    fn note(&mut self, at: &str, code: &str, arguments: &[Argument<'_>]) {
        self.warnings.push(Warning {
            finding: finding(at, code, arguments),
            needs_confirmation: false,
        });
    }

    fn confirm(&mut self, at: &str, code: &str, arguments: &[Argument<'_>]) {
        self.warnings.push(Warning {
            finding: finding(at, code, arguments),
            needs_confirmation: true,
        });
    }
}

fn finding(at: &str, code: &str, arguments: &[Argument<'_>]) -> Finding {
    Finding {
        at: at.to_owned(),
        code: code.to_owned(),
        arguments: arguments
            .iter()
            .map(|(name, value)| ((*name).to_owned(), shortened(&value.to_string())))
            .collect(),
    }
}

/// Keeps a message short whatever stood in the cell.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    if text.chars().count() <= LONGEST {
        plain.collect()
    } else {
        plain.take(LONGEST).chain(['…']).collect()
    }
}

/// The line of the units' table, as findings name it.
fn line(number: usize) -> String {
    format!("line {number}")
}

/// Positions of equal keys, each key with all its positions in order.
fn positions_by<K: std::hash::Hash + Eq>(
    keys: impl IntoIterator<Item = K>,
) -> HashMap<K, Vec<usize>> {
    let mut positions: HashMap<K, Vec<usize>> = HashMap::new();
    for (at, key) in keys.into_iter().enumerate() {
        positions.entry(key).or_default().push(at);
    }
    positions
}
