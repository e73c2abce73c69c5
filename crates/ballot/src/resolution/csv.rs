//! Reading a vote from CSV: UTF-8 or GBK, English or Chinese headers, every faulty row listed.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Serialize;

use super::cells::{read_area, read_choice, read_number, read_owner};
use super::{MAX_UNITS, Owner, Unit};
use crate::rows::{Row, Rows};
use crate::{BallotError, RowFault};

/// A vote as read from a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Roll {
    /// The units, in the order of the file.
    pub units: Vec<Unit>,
    /// What looks wrong but can be counted.
    pub warnings: Vec<Warning>,
}

/// Something in a row that can be counted but should be looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Warning {
    /// The line of the file, from 1.
    pub line: usize,
    /// What looks wrong.
    pub reason: String,
}

/// Reads a vote from CSV with the columns `unit`, `owner`, `area_m2`, `choice` (房号, 业主, 面积, 意见)
/// in any order; other columns are left aside.
///
/// - Encoding: UTF-8 with or without byte-order mark, UTF-16 with it, else GBK (GB 18030).
///   Separated by commas, or by tabs where the header has tabs and no comma.
/// - `owner`: co-owners are parted by `;` or `、`; `developer`, `开发商` or `建设单位` is the developer,
///   for units unsold or not handed over. The same text is the same buyer; tell namesakes apart.
/// - `choice`: for 赞成 同意, against 反对 不同意, abstain 弃权, follow 随多数, silent 未表态 沉默,
///   unserved 未送达.
/// - A unit in several rows is an error, unless the rows differ in the owner only: then they are
///   its co-owners, counted once, with a warning.
/// - An area five times off the median, either way, is a warning: a slipped decimal point is ten
///   times off its true value, which itself is rarely the median.
///
/// # Errors
/// [`BallotError::Rows`] with every faulty row, [`BallotError::Encoding`],
/// [`BallotError::EmptyElectorate`], [`BallotError::TooManyUnits`].
pub fn parse_csv(bytes: &[u8]) -> Result<Roll, BallotError> {
    let text = decode(bytes)?;
    let mut rows = Rows::new(&text, delimiter_of(&text));
    let mut row = Row {
        line: 0,
        fields: Vec::new(),
    };
    let columns = read_header(&mut rows, &mut row)?;

    let mut reading = Reading::default();
    loop {
        match rows.read(&mut row) {
            Ok(false) => break,
            Ok(true) => reading.take(&row, &columns),
            Err((line, broken)) => reading.fault(line, broken.reason()),
        }
        if reading.units.len() > limit() {
            return Err(BallotError::TooManyUnits { limit: MAX_UNITS });
        }
    }
    reading.finish()
}

/// A file's text: UTF-8, UTF-16 with its mark, else GB 18030.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, BallotError> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let text = bytes.get(mark..).unwrap_or_default();
        let decoded = encoding.decode_without_bom_handling_and_without_replacement(text);
        return decoded.ok_or(BallotError::Encoding);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Cow::Borrowed(text));
    }
    encoding_rs::GB18030
        .decode_without_bom_handling_and_without_replacement(bytes)
        .ok_or(BallotError::Encoding)
}

fn delimiter_of(text: &str) -> u8 {
    let header = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    if header.contains('\t') && !header.contains(',') {
        b'\t'
    } else {
        b','
    }
}

/// Where the four columns stand, and how many there are.
struct Columns {
    unit: usize,
    owner: usize,
    area: usize,
    choice: usize,
    width: usize,
}

const UNIT: &[&str] = &["unit", "房号", "户号", "室号", "房屋", "房屋编号"];
const OWNER: &[&str] = &["owner", "owners", "业主", "业主姓名", "产权人", "所有权人"];
const AREA: &[&str] = &[
    "area_m2",
    "area",
    "面积",
    "专有面积",
    "专有部分面积",
    "建筑面积",
    "产权面积",
];
const CHOICE: &[&str] = &["choice", "意见", "表决意见", "投票意见", "表决", "选择"];

fn read_header(rows: &mut Rows<'_>, row: &mut Row<'_>) -> Result<Columns, BallotError> {
    let fault = |line, reason: String| BallotError::Rows(vec![RowFault { line, reason }]);
    match take_header(rows) {
        Err((line, reason)) => Err(fault(line, reason.to_owned())),
        Ok(None) => Err(BallotError::EmptyElectorate),
        Ok(Some((line, header))) => {
            row.line = line;
            let find = |names: &[&str]| find_column(&header, names);
            let columns = || {
                Ok(Columns {
                    unit: find(UNIT)?,
                    owner: find(OWNER)?,
                    area: find(AREA)?,
                    choice: find(CHOICE)?,
                    width: header.len(),
                })
            };
            columns().map_err(|reason| fault(line, reason))
        }
    }
}

type Header = (usize, Vec<String>);

fn take_header(rows: &mut Rows<'_>) -> Result<Option<Header>, (usize, &'static str)> {
    let mut row = Row {
        line: 0,
        fields: Vec::new(),
    };
    match rows.read(&mut row) {
        Ok(false) => Ok(None),
        Ok(true) => Ok(Some((
            row.line,
            row.fields.iter().map(|name| header_name(name)).collect(),
        ))),
        Err((line, broken)) => Err((line, broken.reason())),
    }
}

/// A column's name without its unit of measure: `面积（㎡）` is `面积`.
fn header_name(cell: &str) -> String {
    let name = cell.trim().to_lowercase();
    match name.split_once(['(', '（']) {
        Some((before, _)) => before.trim().to_owned(),
        None => name,
    }
}

fn find_column(header: &[String], names: &[&str]) -> Result<usize, String> {
    let mut found = (0..)
        .zip(header)
        .filter(|(_, name)| names.contains(&name.as_str()));
    let wanted = names.join(", ");
    match (found.next(), found.next()) {
        (Some((column, _)), None) => Ok(column),
        (None, _) => Err(format!(
            "the header has no column named one of {wanted}: add it"
        )),
        (Some(_), Some(_)) => Err(format!(
            "the header has two columns named one of {wanted}: leave one"
        )),
    }
}

/// What has been read so far.
#[derive(Default)]
struct Reading {
    units: Vec<Unit>,
    lines: Vec<usize>,
    by_number: HashMap<String, usize>,
    faults: Vec<RowFault>,
    warnings: Vec<Warning>,
}

impl Reading {
    fn fault(&mut self, line: usize, reason: impl Into<String>) {
        self.faults.push(RowFault {
            line,
            reason: reason.into(),
        });
    }

    fn warn(&mut self, line: usize, reason: String) {
        self.warnings.push(Warning { line, reason });
    }

    /// Takes a row in, or notes everything that is wrong with it.
    fn take(&mut self, row: &Row<'_>, columns: &Columns) {
        if row.fields.iter().all(|cell| cell.trim().is_empty()) {
            return;
        }
        let cell = |column: usize| row.fields.get(column).map_or("", |cell| cell.trim());
        // Empty cells at the end of a row are a spreadsheet's habit, surplus text is a shifted row.
        let surplus = row
            .fields
            .iter()
            .skip(columns.width)
            .any(|cell| !cell.trim().is_empty());
        if surplus {
            let (has, wants) = (row.fields.len(), columns.width);
            let reason = format!(
                "the row has {has} columns, the header {wants}: quote cells that contain the separator"
            );
            return self.fault(row.line, reason);
        }
        let number = read_number(cell(columns.unit));
        let owner = read_owner(cell(columns.owner));
        let area = read_area(cell(columns.area));
        let choice = read_choice(cell(columns.choice));
        match (number, owner, area, choice) {
            (Ok(unit), Ok((owner, repeated)), Ok(area), Ok(choice)) => {
                if let Some(name) = repeated {
                    let reason = format!("unit {unit}: owner {name} is named twice; counted once");
                    self.warn(row.line, reason);
                }
                self.add(
                    row.line,
                    Unit {
                        unit,
                        owner,
                        area,
                        choice,
                    },
                );
            }
            (number, owner, area, choice) => {
                let reasons = [number.err(), owner.err(), area.err(), choice.err()];
                for reason in reasons.into_iter().flatten() {
                    self.fault(row.line, reason);
                }
            }
        }
    }

    fn add(&mut self, line: usize, unit: Unit) {
        if let Some(&index) = self.by_number.get(&unit.unit) {
            return self.add_again(line, index, &unit);
        }
        self.by_number.insert(unit.unit.clone(), self.units.len());
        self.units.push(unit);
        self.lines.push(line);
    }

    /// A unit that stands in the file already: a co-owner's row, or a fault.
    fn add_again(&mut self, line: usize, index: usize, again: &Unit) {
        let first_line = self.lines.get(index).copied().unwrap_or_default();
        let number = again.unit.clone();
        let Some(first) = self.units.get_mut(index) else {
            return;
        };
        if let (Owner::Owners(names), Owner::Owners(more)) = (&mut first.owner, &again.owner) {
            let alike = first.area == again.area && first.choice == again.choice;
            if alike && more.iter().all(|name| !names.contains(name)) {
                names.extend(more.iter().cloned());
                names.sort_unstable();
                let reason = format!(
                    "unit {number} stands on line {first_line} too: taken for co-owners, counted once"
                );
                return self.warn(line, reason);
            }
        }
        let reason = format!(
            "unit {number} stands on line {first_line} already: a unit votes once, so leave one row and name co-owners in it"
        );
        self.fault(line, reason);
    }

    fn finish(mut self) -> Result<Roll, BallotError> {
        if !self.faults.is_empty() {
            self.faults.sort_by_key(|fault| fault.line);
            return Err(BallotError::Rows(self.faults));
        }
        if self.units.is_empty() {
            return Err(BallotError::EmptyElectorate);
        }
        self.warn_of_strange_areas();
        self.warnings.sort();
        Ok(Roll {
            units: self.units,
            warnings: self.warnings,
        })
    }

    /// A slipped decimal point makes an area ten times too large or too small.
    fn warn_of_strange_areas(&mut self) {
        const FAR_OFF: i64 = 5;
        let mut areas: Vec<i64> = self.units.iter().map(|unit| unit.area.get()).collect();
        areas.sort_unstable();
        let Some(&median) = areas.get(areas.len() / 2) else {
            return;
        };
        for (unit, &line) in self.units.iter().zip(&self.lines) {
            let area = unit.area.get();
            let strange =
                area >= median.saturating_mul(FAR_OFF) || area.saturating_mul(FAR_OFF) <= median;
            if strange {
                let (number, area) = (&unit.unit, unit.area);
                self.warnings.push(Warning {
                    line,
                    reason: format!(
                        "unit {number} has {area} m², where half of the units have {}.{:02} m² or less: check the decimal point",
                        median / 100,
                        median % 100
                    ),
                });
            }
        }
    }
}

fn limit() -> usize {
    usize::try_from(MAX_UNITS).unwrap_or(usize::MAX)
}
