//! CSV as offices save it: UTF-8, UTF-16 or GBK, with commas, semicolons or tabs.

use std::borrow::Cow;

use csv::{ByteRecord, ErrorKind, ReaderBuilder};
use encoding_rs::{Encoding, GB18030, UTF_8};

use super::check_size;
use crate::Error;
use crate::table::{Limits, Table, TableBuilder};

/// The name that a CSV file's table gets.
const SHEET: &str = "CSV";

/// Reads a CSV file. The encoding is that of its byte order mark, else UTF-8 if it is valid, else
/// GBK (GB 18030); the delimiter is the one of `,` `;` and tab that its first line has most of.
///
/// # Errors
/// [`Error::EmptyFile`], [`Error::FileTooLarge`], [`Error::NotATable`],
/// [`Error::UnknownEncoding`], [`Error::Csv`], [`Error::NoRows`], and where a limit is passed
/// [`Error::TooManyRows`], [`Error::TooManyColumns`] or [`Error::TooMuchText`].
pub fn read_csv(bytes: &[u8], limits: &Limits) -> Result<Table, Error> {
    check_size(bytes, limits)?;
    let text = decode(bytes)?;
    if text.contains('\0') {
        return Err(Error::NotATable);
    }
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter_of(&text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut table = TableBuilder::new(SHEET, limits);
    let mut record = ByteRecord::new();
    let mut lines = LineCounter {
        text: &text,
        counted: 0,
        line: 1,
    };
    while read(&mut reader, &mut record)? {
        let line = lines.line_at(record.position().map_or(0, csv::Position::byte));
        for (column, cell) in record.iter().enumerate() {
            table.add(line, column, unquoted(&String::from_utf8_lossy(cell)))?;
        }
    }
    table.finish().ok_or(Error::NoRows)
}

pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Error> {
    let (encoding, mark) = match Encoding::for_bom(bytes) {
        Some(found) => found,
        None if std::str::from_utf8(bytes).is_ok() => (UTF_8, 0),
        None => (GB18030, 0),
    };
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes.get(mark..).unwrap_or_default())
        .ok_or(Error::UnknownEncoding)
}

fn delimiter_of(text: &str) -> u8 {
    let first = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let count = |delimiter: u8| first.bytes().filter(|byte| *byte == delimiter).count();
    // The last of equals wins, so the comma stands last.
    [b'\t', b';', b',']
        .into_iter()
        .max_by_key(|delimiter| count(*delimiter))
        .unwrap_or(b',')
}

fn read(reader: &mut csv::Reader<&[u8]>, record: &mut ByteRecord) -> Result<bool, Error> {
    reader.read_byte_record(record).map_err(|error| Error::Csv {
        line: error.position().map_or(0, csv::Position::line),
        reason: match error.kind() {
            ErrorKind::Io(source) => source.to_string(),
            _ => error.to_string(),
        },
    })
}

/// Counts lines as records go by. The reader's own count lags by one after CR LF, as it leaves the
/// LF to the next record.
struct LineCounter<'a> {
    text: &'a str,
    counted: usize,
    line: u64,
}

impl LineCounter<'_> {
    /// The line, from 1, of the record that starts at `byte` or after the line ends there.
    fn line_at(&mut self, byte: u64) -> u64 {
        let bytes = self.text.as_bytes();
        let start = usize::try_from(byte).unwrap_or(usize::MAX).min(bytes.len());
        let ends = bytes.get(start..).unwrap_or_default();
        let start = start
            + ends
                .iter()
                .take_while(|byte| matches!(byte, b'\r' | b'\n'))
                .count();
        let passed = bytes.get(self.counted..start).unwrap_or_default();
        let feeds = passed.split(|byte| *byte == b'\n').count() - 1;
        self.line = self
            .line
            .saturating_add(u64::try_from(feeds).unwrap_or_default());
        self.counted = start;
        self.line
    }
}

/// The text of `="00123"`, with which Excel users keep leading zeros in CSV.
fn unquoted(cell: &str) -> &str {
    cell.strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(cell)
}
