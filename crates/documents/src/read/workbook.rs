//! Workbooks: `.xlsx`, `.ods` and `.xls`, measured before they are unpacked.

use std::io::{self, BufReader, Cursor, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{
    Data, DataRef, ExcelDateTime, Range, Reader, Sheet, SheetType, SheetVisible, Xls, Xlsx,
};
use zip::ZipArchive;

use super::number::decimal_text;
use super::{ods, xls_guard};
use crate::Error;
use crate::table::{Limits, Table, TableBuilder};

/// Parts in a workbook's archive; real ones have some dozens.
const MAX_PARTS: usize = 2_000;

/// Reads an `.xlsx` or `.ods` file.
pub(super) fn read_zipped(bytes: &[u8], limits: &Limits) -> Result<Vec<Table>, Error> {
    let parts = measure(bytes, limits)?;
    if parts.iter().any(|name| name == "xl/workbook.xml") {
        without_panic(|| read_xlsx(bytes, limits))
    } else if parts.iter().any(|name| name == "content.xml") {
        without_panic(|| read_ods(bytes, limits))
    } else {
        Err(Error::NotATable)
    }
}

/// Reads an `.xls` file of Excel 97 to 2003.
pub(super) fn read_xls(bytes: &[u8], limits: &Limits) -> Result<Vec<Table>, Error> {
    without_panic(|| {
        xls_guard::check(bytes, limits)?;
        let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(unreadable)?;
        let names = shown_sheets(book.sheets_metadata(), limits)?;
        read_ranges(&names, limits, |name| {
            book.worksheet_range(name).map_err(unreadable)
        })
    })
}

/// Unpacks every part once, keeping nothing, so that a bomb is found before it is read; what the
/// archive says about its own sizes proves nothing.
fn measure(bytes: &[u8], limits: &Limits) -> Result<Vec<String>, Error> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    if archive.len() > MAX_PARTS {
        return Err(Error::Workbook {
            reason: format!("it has {} parts", archive.len()),
        });
    }
    let mut names = Vec::with_capacity(archive.len());
    let mut left = limits.unpacked_bytes;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(unreadable)?;
        names.push(part.name().map_err(unreadable)?.into_owned());
        let unpacked = io::copy(&mut part.take(left.saturating_add(1)), &mut io::sink())
            .map_err(unreadable)?;
        left = left.checked_sub(unpacked).ok_or(Error::UnpacksTooLarge {
            limit: limits.unpacked_bytes,
        })?;
    }
    Ok(names)
}

fn read_xlsx(bytes: &[u8], limits: &Limits) -> Result<Vec<Table>, Error> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let names = shown_sheets(book.sheets_metadata(), limits)?;
    let mut tables = Vec::new();
    for name in names {
        let mut table = TableBuilder::new(&name, limits);
        let mut cells = book.worksheet_cells_reader(&name).map_err(unreadable)?;
        while let Some(cell) = cells.next_cell().map_err(unreadable)? {
            let (row, column) = cell.get_position();
            let text = match cell.get_value() {
                DataRef::SharedString(text) => (*text).to_owned(),
                other => cell_text(&Data::from(other.clone())),
            };
            table.add(u64::from(row) + 1, index(column), &text)?;
        }
        tables.extend(table.finish());
    }
    Ok(tables)
}

fn read_ods(bytes: &[u8], limits: &Limits) -> Result<Vec<Table>, Error> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    let content = archive.by_name("content.xml").map_err(unreadable)?;
    ods::read_content(BufReader::new(content), limits)
}

fn read_ranges(
    names: &[String],
    limits: &Limits,
    mut range_of: impl FnMut(&str) -> Result<Range<Data>, Error>,
) -> Result<Vec<Table>, Error> {
    let mut tables = Vec::new();
    for name in names {
        let range = range_of(name)?;
        let (first_row, first_column) = range.start().unwrap_or_default();
        let mut table = TableBuilder::new(name, limits);
        for (row, column, value) in range.used_cells() {
            let line = u64::from(first_row)
                .saturating_add(u64::try_from(row).unwrap_or(u64::MAX))
                .saturating_add(1);
            table.add(
                line,
                index(first_column).saturating_add(column),
                &cell_text(value),
            )?;
        }
        tables.extend(table.finish());
    }
    Ok(tables)
}

/// The names of the worksheets that a person sees in the workbook.
fn shown_sheets(sheets: &[Sheet], limits: &Limits) -> Result<Vec<String>, Error> {
    if sheets.len() > limits.sheets {
        return Err(Error::TooManySheets {
            sheets: sheets.len(),
            limit: limits.sheets,
        });
    }
    Ok(sheets
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect())
}

fn cell_text(value: &Data) -> String {
    match value {
        Data::Empty => String::new(),
        Data::String(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => decimal_text(*number),
        Data::Bool(true) => "TRUE".to_owned(),
        Data::Bool(false) => "FALSE".to_owned(),
        Data::Error(error) => error.to_string(),
        Data::DateTime(date) => date_text(date),
        Data::DateTimeIso(text) => text.trim_end_matches("T00:00:00").replace('T', " "),
    }
}

fn date_text(date: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    if date.is_duration() || date.as_f64() < 1.0 {
        return time;
    }
    let day = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) {
        day
    } else {
        format!("{day} {time}")
    }
}

/// Runs the reader so that a malformed file which trips it is an error, not the end of the lane.
fn without_panic(read: impl FnOnce() -> Result<Vec<Table>, Error>) -> Result<Vec<Table>, Error> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        Err(Error::Workbook {
            reason: "it is malformed".to_owned(),
        })
    })
}

fn unreadable(error: impl std::fmt::Display) -> Error {
    Error::Workbook {
        reason: error.to_string(),
    }
}

fn index(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}
