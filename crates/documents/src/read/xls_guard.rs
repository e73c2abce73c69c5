//! Measures an `.xls` file before it is read. Its few bytes can ask for more memory than any
//! server has: by a cell in the last row and column, or by one long text in every cell. Records
//! are walked the way the reader will walk them ([MS-XLS] 2.1.4).

use std::io::{Cursor, Read as _};

use cfb::CompoundFile;

use crate::Error;
use crate::table::Limits;

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000a;
const BOUND_SHEET: u16 = 0x0085;
const CONTINUE: u16 = 0x003c;
const DIMENSIONS: u16 = 0x0200;
const SHARED_STRINGS: u16 = 0x00fc;
const SHARED_STRING_CELL: u16 = 0x00fd;
const MANY_NUMBERS: u16 = 0x00bd;
/// Formula, number, label, boolean or error, rich text label, number in short.
const CELLS: [u16; 6] = [0x0006, 0x0203, 0x0204, 0x0205, 0x00d6, 0x027e];
/// The cells, empty ones included, that all sheets together may span.
const MAX_CELLS: u64 = 3_000_000;
/// Bytes that a character of a shared string takes at most.
const BYTES_PER_CHARACTER: u64 = 3;

/// A record: its kind, and its bytes with those of the records that continue it.
struct Record<'a> {
    kind: u16,
    data: &'a [u8],
    continued: Vec<&'a [u8]>,
}

/// Refuses files that would take more than their limits when read.
pub(super) fn check(bytes: &[u8], limits: &Limits) -> Result<(), Error> {
    let stream = workbook_stream(bytes, limits)?;
    let mut strings = Vec::new();
    let mut sheets = Vec::new();
    for record in Records(&stream) {
        match record.kind {
            SHARED_STRINGS => strings = string_lengths(&record),
            BOUND_SHEET => sheets.extend(u32_at(record.data, 0)),
            EOF => break,
            _ => {}
        }
    }
    if sheets.len() > limits.sheets {
        return Err(Error::TooManySheets {
            sheets: sheets.len(),
            limit: limits.sheets,
        });
    }
    let (mut cells, mut text) = (0_u64, 0_u64);
    for start in sheets {
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        let sheet = measure(stream.get(start..).unwrap_or_default(), &strings);
        cells = cells.saturating_add(sheet.0);
        text = text.saturating_add(sheet.1);
    }
    if cells > MAX_CELLS || text.saturating_mul(BYTES_PER_CHARACTER) > limits.unpacked_bytes {
        return Err(Error::UnpacksTooLarge {
            limit: limits.unpacked_bytes,
        });
    }
    Ok(())
}

/// The stream that holds the sheets; `Book` is its name in Excel 5 and 95.
fn workbook_stream(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, Error> {
    let unreadable = |error: std::io::Error| Error::Workbook {
        reason: error.to_string(),
    };
    let mut file = CompoundFile::open(Cursor::new(bytes)).map_err(unreadable)?;
    let name = if file.is_stream("/Workbook") {
        "/Workbook"
    } else {
        "/Book"
    };
    let stream = file.open_stream(name).map_err(|_| Error::NotATable)?;
    let mut unpacked = Vec::new();
    let limit = u64::try_from(limits.bytes).unwrap_or(u64::MAX);
    stream
        .take(limit)
        .read_to_end(&mut unpacked)
        .map_err(unreadable)?;
    Ok(unpacked)
}

/// The cells that a sheet spans, and the characters of its shared texts.
fn measure(stream: &[u8], strings: &[u64]) -> (u64, u64) {
    let mut corners: Option<[u64; 4]> = None;
    let mut announced = 0_u64;
    let mut text = 0_u64;
    // Charts in a sheet open and close their own part, which the reader skips.
    let mut open = 0_u32;
    for record in Records(stream) {
        match record.kind {
            BOF => open += 1,
            EOF if open <= 1 => break,
            EOF => open -= 1,
            _ if open > 1 => {}
            DIMENSIONS => announced = announced.max(announced_cells(record.data)),
            kind if CELLS.contains(&kind) || kind == SHARED_STRING_CELL => {
                stretch(&mut corners, record.data, 0);
                if kind == SHARED_STRING_CELL {
                    let place = u32_at(record.data, 6).and_then(|at| usize::try_from(at).ok());
                    let length = place.and_then(|place| strings.get(place)).copied();
                    text = text.saturating_add(length.unwrap_or_default());
                }
            }
            // Its numbers stand side by side, six bytes each.
            MANY_NUMBERS => stretch(&mut corners, record.data, record.data.len() / 6),
            _ => {}
        }
    }
    let spanned = corners.map_or(0, |[top, left, bottom, right]| {
        (bottom - top + 1).saturating_mul(right - left + 1)
    });
    (spanned.max(announced), text)
}

/// Stretches the corners to a cell, given as row and column, and `more` columns to its right.
fn stretch(corners: &mut Option<[u64; 4]>, data: &[u8], more: usize) {
    let (Some(row), Some(column)) = (u16_at(data, 0), u16_at(data, 2)) else {
        return;
    };
    let (row, left) = (u64::from(row), u64::from(column));
    let right = left.saturating_add(u64::try_from(more).unwrap_or(u64::MAX));
    let [top, first, bottom, last] = corners.unwrap_or([row, left, row, right]);
    *corners = Some([
        top.min(row),
        first.min(left),
        bottom.max(row),
        last.max(right),
    ]);
}

/// The cells that a sheet says it spans, for which the reader makes room.
fn announced_cells(data: &[u8]) -> u64 {
    let wide = data.len() >= 14;
    let row = |at: usize| {
        if wide {
            u32_at(data, at * 2).map(u64::from)
        } else {
            u16_at(data, at).map(u64::from)
        }
    };
    let columns = if wide {
        u16_at(data, 10)
    } else {
        u16_at(data, 6)
    };
    let rows = row(2)
        .unwrap_or_default()
        .saturating_sub(row(0).unwrap_or_default());
    rows.saturating_mul(columns.map(u64::from).unwrap_or_default())
}

/// The length of every shared string, in characters ([MS-XLS] 2.5.293). A string that is cut
/// short ends the list, as it ends the reading.
fn string_lengths(record: &Record) -> Vec<u64> {
    let mut pieces = record.continued.iter().copied();
    let mut data = record.data.get(8..).unwrap_or_default();
    let mut lengths = Vec::new();
    loop {
        if data.is_empty() {
            match pieces.next() {
                Some(piece) => data = piece,
                None => return lengths,
            }
        }
        let (Some(characters), Some(flags)) = (u16_at(data, 0), data.get(2).copied()) else {
            return lengths;
        };
        lengths.push(u64::from(characters));
        let (mut at, mut trailing) = (3, 0_usize);
        if flags & 0x8 != 0 {
            trailing += usize::from(u16_at(data, at).unwrap_or_default()) * 4;
            at += 2;
        }
        if flags & 0x4 != 0 {
            let extra = u32_at(data, at).and_then(|extra| usize::try_from(extra).ok());
            trailing = trailing.saturating_add(extra.unwrap_or_default());
            at += 4;
        }
        data = data.get(at..).unwrap_or_default();
        let after = skip_characters(data, usize::from(characters), flags & 1 != 0, &mut pieces)
            .and_then(|data| skip(data, trailing, &mut pieces));
        let Some(after) = after else { return lengths };
        data = after;
    }
}

/// Skips a string's characters; where a record ends within them, the next one says anew whether
/// they are wide.
fn skip_characters<'a>(
    mut data: &'a [u8],
    mut left: usize,
    mut wide: bool,
    pieces: &mut impl Iterator<Item = &'a [u8]>,
) -> Option<&'a [u8]> {
    loop {
        let width = if wide { 2 } else { 1 };
        let here = (data.len() / width).min(left);
        data = data.get(here * width..)?;
        left -= here;
        if left == 0 {
            return Some(data);
        }
        let (flags, rest) = pieces.next()?.split_first()?;
        (wide, data) = (flags & 1 != 0, rest);
    }
}

/// Skips bytes over the ends of records.
fn skip<'a>(
    mut data: &'a [u8],
    mut left: usize,
    pieces: &mut impl Iterator<Item = &'a [u8]>,
) -> Option<&'a [u8]> {
    while left > data.len() {
        left -= data.len();
        data = pieces.next()?;
    }
    data.get(left..)
}

/// The records from the start of a stream.
struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let (kind, data) = self.take()?;
        let mut continued = Vec::new();
        while u16_at(self.0, 0) == Some(CONTINUE) {
            continued.push(self.take()?.1);
        }
        Some(Record {
            kind,
            data,
            continued,
        })
    }
}

impl<'a> Records<'a> {
    fn take(&mut self) -> Option<(u16, &'a [u8])> {
        let kind = u16_at(self.0, 0)?;
        let length = usize::from(u16_at(self.0, 2)?);
        let (data, rest) = self.0.get(4..)?.split_at_checked(length)?;
        self.0 = rest;
        Some((kind, data))
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes
        .get(at..)?
        .first_chunk()
        .map(|bytes| u16::from_le_bytes(*bytes))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..)?
        .first_chunk()
        .map(|bytes| u32::from_le_bytes(*bytes))
}
