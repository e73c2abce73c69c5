//! Reading the units' table, row by row and cell by cell; every fault is reported, none stops the reading.

use std::collections::HashMap;

use units::{Area, UnitsError};

use super::columns::{Places, UNIT_COLUMNS};
use super::{Notes, ROWS_MAX, RollTable, line};
use crate::model::{
    AreaSource, IdNumberFault, OwnerKind, UnitLabel, UnitUse, mask_id_number, mask_phone,
    normalised_id_number, normalised_label, normalised_name, normalised_person_name,
    normalised_phone,
};

/// The largest area that one unit can have: 1 km².
const AREA_MAX: i64 = 100_000_000;
/// Signs that a label or name may have.
const TEXT_MAX: usize = 100;
/// Owners that one unit may have.
const OWNERS_MAX: usize = 50;

/// A row of the units' table that can be understood.
pub(super) struct UnitRow {
    pub(super) line: usize,
    pub(super) label: UnitLabel,
    pub(super) area: Area,
    pub(super) source: Option<AreaSource>,
    pub(super) unit_use: Option<UnitUse>,
    pub(super) owners: Vec<OwnerCell>,
}

/// One owner named in a row.
pub(super) struct OwnerCell {
    /// The kind that the row states; `None` where it was inferred.
    pub(super) stated_kind: Option<OwnerKind>,
    pub(super) kind: OwnerKind,
    pub(super) name: String,
    pub(super) id_number: Option<String>,
    pub(super) phone: Option<String>,
}

pub(super) fn read_units(table: &RollTable, notes: &mut Notes) -> Vec<UnitRow> {
    let Some(places) = Places::find(table, UNIT_COLUMNS, "header", notes) else {
        return Vec::new();
    };
    if !has_a_fitting_size(table, "table", notes) {
        return Vec::new();
    }
    let mut rows = Vec::with_capacity(table.rows.len());
    let mut seen: HashMap<UnitLabel, usize> = HashMap::with_capacity(table.rows.len());
    for (number, cells) in filled(table) {
        let at = line(number);
        let label = read_label(&places, cells, &at, notes);
        if let Some(label) = &label
            && let Some(first) = seen.insert(label.clone(), number)
        {
            notes.fault(
                &at,
                "people-import-unit-twice",
                &[("unit", &label), ("first", &first)],
            );
        }
        let area = read_area(places.cell(cells, 2), &at, notes);
        let source = read_word(
            places.cell(cells, 3),
            "面积依据",
            AreaSource::from_word,
            &at,
            notes,
        );
        let unit_use = read_word(
            places.cell(cells, 4),
            "用途",
            UnitUse::from_word,
            &at,
            notes,
        );
        let owners = read_owners(&places, cells, &at, notes);
        if let (Some(label), Some(area), Some(source), Some(unit_use), Some(owners)) =
            (label, area, source, unit_use, owners)
        {
            rows.push(UnitRow {
                line: number,
                label,
                area,
                source,
                unit_use,
                owners,
            });
        }
    }
    rows
}

/// Refuses a table without rows or with more than the limit.
pub(super) fn has_a_fitting_size(table: &RollTable, at: &str, notes: &mut Notes) -> bool {
    if filled(table).next().is_none() {
        notes.fault(at, "people-import-empty", &[]);
        return false;
    }
    if table.rows.len() > ROWS_MAX {
        notes.fault(
            at,
            "people-import-too-many-rows",
            &[("rows", &table.rows.len()), ("most", &ROWS_MAX)],
        );
        return false;
    }
    true
}

/// The rows with anything in them.
pub(super) fn filled(table: &RollTable) -> impl Iterator<Item = (usize, &[String])> {
    table
        .rows
        .iter()
        .filter(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()))
        .map(|(line, cells)| (*line, cells.as_slice()))
}

pub(super) fn read_label(
    places: &Places,
    cells: &[String],
    at: &str,
    notes: &mut Notes,
) -> Option<UnitLabel> {
    let mut read = |column: usize, name: &str| {
        let text = normalised_label(places.cell(cells, column));
        if text.is_empty() {
            notes.fault(at, "people-import-blank", &[("column", &name)]);
            None
        } else if text.chars().count() > TEXT_MAX {
            notes.fault(
                at,
                "people-import-too-long",
                &[("column", &name), ("value", &text)],
            );
            None
        } else {
            Some(text)
        }
    };
    let building = read(0, "楼栋");
    let number = read(1, "房号");
    Some(UnitLabel {
        building: building?,
        number: number?,
    })
}

fn read_area(cell: &str, at: &str, notes: &mut Notes) -> Option<Area> {
    let code = match cell.parse::<Area>() {
        Ok(area) if area.is_zero() => "people-import-area-zero",
        Ok(area) if area.get() > AREA_MAX => "people-import-area-too-large",
        Ok(area) => return Some(area),
        Err(_) if cell.is_empty() => "people-import-area-blank",
        Err(UnitsError::TooManyDecimals { .. }) => "people-import-area-decimals",
        Err(UnitsError::Negative { .. }) => "people-import-area-negative",
        Err(UnitsError::Overflow { .. }) => "people-import-area-too-large",
        Err(_) => "people-import-area-not-a-number",
    };
    notes.fault(at, code, &[("value", &cell)]);
    None
}

/// A word of a closed list; `Some(None)` where the cell is blank.
#[expect(
    clippy::option_option,
    reason = "the outer says whether the cell is sound, the inner whether it is filled"
)]
pub(super) fn read_word<T>(
    cell: &str,
    column: &str,
    from_word: impl Fn(&str) -> Option<T>,
    at: &str,
    notes: &mut Notes,
) -> Option<Option<T>> {
    if cell.is_empty() {
        return Some(None);
    }
    let word = from_word(cell);
    if word.is_none() {
        notes.fault(
            at,
            "people-import-unknown-word",
            &[("column", &column), ("value", &cell)],
        );
    }
    word.map(Some)
}

fn read_owners(
    places: &Places,
    cells: &[String],
    at: &str,
    notes: &mut Notes,
) -> Option<Vec<OwnerCell>> {
    let names = split(places.cell(cells, 5));
    if names.iter().all(|name| name.is_empty()) {
        notes.fault(at, "people-import-owner-blank", &[]);
        return None;
    }
    if names.len() > OWNERS_MAX {
        notes.fault(
            at,
            "people-import-too-many-owners",
            &[("most", &OWNERS_MAX)],
        );
        return None;
    }
    let id_numbers = matching_list(places.cell(cells, 6), names.len(), "证件号", at, notes);
    let phones = matching_list(places.cell(cells, 7), names.len(), "手机", at, notes);
    let kinds = match split(places.cell(cells, 8)) {
        kinds if kinds.len() == 1 => Some(vec![kinds.first().copied().unwrap_or(""); names.len()]),
        _ => matching_list(places.cell(cells, 8), names.len(), "业主类型", at, notes),
    };
    let (id_numbers, phones, kinds) = (id_numbers?, phones?, kinds?);
    let owners: Vec<Option<OwnerCell>> = names
        .into_iter()
        .zip(id_numbers.into_iter().zip(phones).zip(kinds))
        .map(|(name, ((id_number, phone), kind))| {
            read_owner(name, id_number, phone, kind, at, notes)
        })
        .collect();
    owners.into_iter().collect()
}

fn read_owner(
    name: &str,
    id_number: &str,
    phone: &str,
    kind: &str,
    at: &str,
    notes: &mut Notes,
) -> Option<OwnerCell> {
    let stated_kind = read_word(kind, "业主类型", OwnerKind::from_word, at, notes);
    let name = normalised_person_name(name);
    if name.is_empty() {
        notes.fault(at, "people-import-owner-blank", &[]);
        return None;
    }
    if name.chars().count() > TEXT_MAX {
        notes.fault(
            at,
            "people-import-too-long",
            &[("column", &"业主"), ("value", &name)],
        );
        return None;
    }
    let stated_kind = stated_kind?;
    let kind = stated_kind.unwrap_or_else(|| inferred_kind(&name));
    let id_number = read_id_number(kind, id_number, at, notes);
    let phone = read_phone(phone, at, notes);
    Some(OwnerCell {
        stated_kind,
        kind,
        name,
        id_number: id_number?,
        phone: phone?,
    })
}

/// The kind that a name tells where the file does not: `开发商` and names that only organisations have.
fn inferred_kind(name: &str) -> OwnerKind {
    const ORGANISATIONS: [&str; 6] = ["公司", "集团", "合作社", "事务所", "委员会", "人民政府"];
    if OwnerKind::from_word(name) == Some(OwnerKind::Developer) {
        OwnerKind::Developer
    } else if ORGANISATIONS.iter().any(|ending| name.ends_with(ending)) {
        OwnerKind::Organisation
    } else {
        OwnerKind::Person
    }
}

#[expect(
    clippy::option_option,
    reason = "the outer says whether the cell is sound, the inner whether it is filled"
)]
fn read_id_number(
    kind: OwnerKind,
    cell: &str,
    at: &str,
    notes: &mut Notes,
) -> Option<Option<String>> {
    if cell.is_empty() {
        return Some(None);
    }
    let code = match normalised_id_number(kind, cell) {
        Ok(number) => return Some(Some(number)),
        Err(IdNumberFault::Shape) => "people-import-id-number-shape",
        Err(IdNumberFault::Date) => "people-import-id-number-date",
        Err(IdNumberFault::Checksum) => "people-import-id-number-checksum",
    };
    notes.fault(at, code, &[("value", &mask_id_number(cell))]);
    None
}

#[expect(
    clippy::option_option,
    reason = "the outer says whether the cell is sound, the inner whether it is filled"
)]
pub(super) fn read_phone(cell: &str, at: &str, notes: &mut Notes) -> Option<Option<String>> {
    if cell.is_empty() {
        return Some(None);
    }
    let phone = normalised_phone(cell);
    if phone.is_none() {
        notes.fault(at, "people-import-phone", &[("value", &mask_phone(cell))]);
    }
    phone.map(Some)
}

/// The parts of a cell; the signs that part them are those that Chinese and English lists use.
fn split(cell: &str) -> Vec<&str> {
    cell.split(['、', ';', '；', ',', '，', '\n'])
        .map(str::trim)
        .collect()
}

/// As many parts as there are owners; all blank for a blank cell.
fn matching_list<'c>(
    cell: &'c str,
    owners: usize,
    column: &str,
    at: &str,
    notes: &mut Notes,
) -> Option<Vec<&'c str>> {
    if cell.is_empty() {
        return Some(vec![""; owners]);
    }
    let parts = split(cell);
    if parts.len() == owners {
        return Some(parts);
    }
    notes.fault(
        at,
        "people-import-count-differs",
        &[
            ("column", &column),
            ("owners", &owners),
            ("parts", &parts.len()),
        ],
    );
    None
}

/// A name as a resident's row has it; `None` where it is blank or too long.
pub(super) fn read_resident_name(cell: &str, at: &str, notes: &mut Notes) -> Option<String> {
    let name = normalised_person_name(&normalised_name(cell));
    if name.is_empty() {
        notes.fault(at, "people-import-blank", &[("column", &"姓名")]);
        return None;
    }
    if name.chars().count() > TEXT_MAX {
        notes.fault(
            at,
            "people-import-too-long",
            &[("column", &"姓名"), ("value", &name)],
        );
        return None;
    }
    Some(name)
}
