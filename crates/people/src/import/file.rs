//! The tables of an office's file: which sheet holds the units and which the residents.

use documents::{Limits, Table, read_tables};
use serde::{Deserialize, Serialize};

use super::{ROWS_MAX, RollTable};

/// Bytes of text that a file may unpack to: a roll of 100,000 units has some 20 million.
const UNPACKED_MAX: u64 = 60_000_000;
/// Names of the sheet with the units.
const UNIT_SHEETS: &[&str] = &["房屋", "房屋名册", "units"];
/// Names of the sheet with the residents.
const RESIDENT_SHEETS: &[&str] = &["住户", "居民", "residents"];

/// What a file says of a roll, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollFile {
    /// Buildings, units, areas, owners.
    pub units: RollTable,
    /// Who lives where.
    pub residents: Option<RollTable>,
}

/// Reads a workbook or CSV file: the sheets named 房屋 and 住户, otherwise the first and the second.
pub fn read_file(bytes: &[u8]) -> Result<RollFile, documents::Error> {
    let limits = Limits {
        unpacked_bytes: UNPACKED_MAX,
        rows: ROWS_MAX,
        ..Limits::default()
    };
    let mut tables = read_tables(bytes, &limits)?;
    let named = |tables: &[Table], names: &[&str]| {
        tables
            .iter()
            .position(|table| names.contains(&table.sheet.trim().to_lowercase().as_str()))
    };
    let (units, residents) = if let Some(units) = named(&tables, UNIT_SHEETS) {
        let residents = named(&tables, RESIDENT_SHEETS);
        let residents = residents.and_then(|at| tables.get_mut(at)).map(roll_table);
        (tables.get_mut(units).map(roll_table), residents)
    } else {
        let mut tables = tables.iter_mut().map(roll_table);
        (tables.next(), tables.next())
    };
    Ok(RollFile {
        units: units.ok_or(documents::Error::NoRows)?,
        residents,
    })
}

fn roll_table(table: &mut Table) -> RollTable {
    RollTable {
        header: std::mem::take(&mut table.header),
        rows: std::mem::take(&mut table.rows)
            .into_iter()
            .map(|row| (usize::try_from(row.line).unwrap_or(usize::MAX), row.cells))
            .collect(),
    }
}

/// The message for what is wrong with a file as a whole.
pub(crate) fn code(error: &documents::Error) -> &'static str {
    use documents::Error;
    match error {
        Error::EmptyFile | Error::NoRows => "people-error-file-empty",
        Error::FileTooLarge { .. } | Error::UnpacksTooLarge { .. } => "people-error-file-too-large",
        Error::TooManySheets { .. }
        | Error::TooManyRows { .. }
        | Error::TooManyColumns { .. }
        | Error::TooMuchText { .. } => "people-error-file-too-much",
        Error::NotATable | Error::NotAText { .. } => "people-error-file-not-a-table",
        Error::UnknownEncoding => "people-error-file-encoding",
        Error::Csv { .. } => "people-error-file-csv",
        Error::Workbook { .. } | Error::CannotWrite { .. } | Error::CannotSet { .. } => {
            "people-error-file-workbook"
        }
    }
}

/// The values that the message speaks of.
pub(crate) fn arguments(error: &documents::Error) -> Vec<(&'static str, String)> {
    match error {
        documents::Error::Csv { line, .. } => vec![("line", line.to_string())],
        documents::Error::TooManyRows { sheet, .. }
        | documents::Error::TooManyColumns { sheet, .. }
        | documents::Error::TooMuchText { sheet, .. } => vec![("sheet", sheet.clone())],
        documents::Error::TooManySheets { .. } => vec![("sheet", "*".to_owned())],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use documents::{Cell, Column, Sheet, write_xlsx};

    use super::*;

    fn sheet(name: &str, cell: &str) -> Sheet {
        Sheet {
            name: name.to_owned(),
            columns: vec![Column {
                title: "楼栋".to_owned(),
                width: None,
            }],
            rows: vec![vec![Cell::Text(cell.to_owned())]],
        }
    }

    #[test]
    fn sheets_are_known_by_their_names_in_any_order() {
        let book =
            write_xlsx(&[sheet("说明", "a"), sheet("住户", "b"), sheet("房屋", "c")]).unwrap();
        let file = read_file(&book).unwrap();
        assert_eq!(file.units.rows, [(2, vec!["c".to_owned()])]);
        assert_eq!(file.residents.unwrap().rows, [(2, vec!["b".to_owned()])]);
    }

    #[test]
    fn sheets_without_such_names_are_taken_in_order() {
        let book = write_xlsx(&[sheet("Sheet1", "a"), sheet("Sheet2", "b")]).unwrap();
        let file = read_file(&book).unwrap();
        assert_eq!(file.units.rows, [(2, vec!["a".to_owned()])]);
        assert!(file.residents.is_some());
        let only_units = write_xlsx(&[sheet("说明", "a"), sheet("房屋", "c")]).unwrap();
        assert_eq!(read_file(&only_units).unwrap().residents, None);
    }
}
