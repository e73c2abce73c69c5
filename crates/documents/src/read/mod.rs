//! Reading tables: which kind of file it is, told from its bytes and not from its name.

mod delimited;
mod number;
mod ods;
mod prose;
mod workbook;
mod xls_guard;

use crate::Error;
use crate::table::{Limits, Table};

pub use delimited::read_csv;
pub use prose::read_paragraphs;

/// How a zip archive starts: `.xlsx` and `.ods` are ones.
const ZIP: &[u8] = b"PK\x03\x04";
/// How a compound file starts: `.xls` is one.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Reads every sheet that has anything in it from an `.xlsx`, `.xls`, `.ods` or CSV file.
///
/// Numbers come as the text Excel shows for them at full precision (`89.53`, `1200`), dates as
/// `2026-05-01`, times as `2026-05-01 09:30:00`, formulas as their last value.
///
/// # Errors
/// One of [`Error`]'s; each says what to do about the file.
pub fn read_tables(bytes: &[u8], limits: &Limits) -> Result<Vec<Table>, Error> {
    check_size(bytes, limits)?;
    let tables = if bytes.starts_with(ZIP) {
        workbook::read_zipped(bytes, limits)?
    } else if bytes.starts_with(COMPOUND) {
        workbook::read_xls(bytes, limits)?
    } else {
        vec![read_csv(bytes, limits)?]
    };
    if tables.is_empty() {
        Err(Error::NoRows)
    } else {
        Ok(tables)
    }
}

fn check_size(bytes: &[u8], limits: &Limits) -> Result<(), Error> {
    if bytes.is_empty() {
        return Err(Error::EmptyFile);
    }
    if bytes.len() > limits.bytes {
        return Err(Error::FileTooLarge {
            bytes: bytes.len(),
            limit: limits.bytes,
        });
    }
    Ok(())
}
