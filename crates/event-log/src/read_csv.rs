//! Logs as tables: a row an event, the case's own columns repeated in each.

use std::io::BufRead;

use csv::ByteRecord;
use rustc_hash::FxHashMap;

use crate::columns::Positions;
use crate::{Analyser, Case, Closing, Columns, Error, Event, parse_instant};

/// More cases than this are a wrong column or a job for a database.
const MOST_CASES: usize = 50_000_000;

/// Reads a CSV; commas, semicolons or tabs are told from the first line. Cases may be interleaved, so 24 bytes an
/// event are kept until the end.
///
/// # Errors
/// [`Error::NoColumn`], [`Error::WhichColumn`], [`Error::Row`] with its line.
pub fn read_csv(
    mut source: impl BufRead,
    columns: &Columns,
    analyser: &mut Analyser,
) -> Result<(), Error> {
    let delimiter = delimiter(source.fill_buf()?);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .from_reader(source);
    let header: Vec<String> = reader
        .headers()
        .map_err(row_fault)?
        .iter()
        .map(|name| name.trim_start_matches('\u{feff}').trim().to_owned())
        .collect();
    let positions = columns.positions(&header)?;
    let mut table = Table::new(positions);
    let mut row = ByteRecord::new();
    while reader.read_byte_record(&mut row).map_err(row_fault)? {
        table.take(&row, analyser)?;
    }
    analyser.warnings().end_from = match positions.end {
        Some(end) => header.get(end).cloned().unwrap_or_default(),
        None => "last event".to_owned(),
    };
    table.finish(analyser)
}

/// What stands most often in the first line.
fn delimiter(start: &[u8]) -> u8 {
    let line = start
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let count = |delimiter: &u8| line.split(|byte| byte == delimiter).count();
    let found = [b';', b'\t', b','].into_iter().max_by_key(count);
    found.unwrap_or(b',')
}

struct Table {
    positions: Positions,
    numbers: FxHashMap<Vec<u8>, u32>,
    cases: Vec<Case>,
    events: Vec<(u32, Event)>,
}

impl Table {
    fn new(positions: Positions) -> Self {
        Self {
            positions,
            numbers: FxHashMap::default(),
            cases: Vec::new(),
            events: Vec::new(),
        }
    }

    fn take(&mut self, row: &ByteRecord, analyser: &mut Analyser) -> Result<(), Error> {
        let id = row.get(self.positions.case).unwrap_or_default();
        if id.is_empty() {
            analyser.warnings().events_without_case += 1;
            return Ok(());
        }
        let activity = text(row, self.positions.activity)?;
        if activity.is_empty() {
            analyser.warnings().events_without_activity += 1;
            return Ok(());
        }
        let number = match self.numbers.get(id) {
            Some(number) => *number,
            None => self.new_case(id, row, analyser)?,
        };
        let event = Event {
            activity: analyser.activity(activity)?,
            at: parse_instant(text(row, self.positions.time)?),
        };
        self.events.push((number, event));
        Ok(())
    }

    fn new_case(
        &mut self,
        id: &[u8],
        row: &ByteRecord,
        analyser: &mut Analyser,
    ) -> Result<u32, Error> {
        if self.cases.len() >= MOST_CASES {
            return Err(Error::TooMany {
                what: "cases",
                most: MOST_CASES,
            });
        }
        let number = u32::try_from(self.cases.len()).map_err(|_| Error::Overflow)?;
        let mut date = |position: Option<usize>| -> Result<Option<i64>, Error> {
            let Some(position) = position else {
                return Ok(None);
            };
            let text = text(row, position)?;
            let found = parse_instant(text);
            analyser.warnings().unreadable_dates += u64::from(found.is_none() && !text.is_empty());
            Ok(found)
        };
        let due = date(self.positions.due)?;
        let closing = match (self.positions.end, date(self.positions.end)?) {
            (None, _) => Closing::LastEvent,
            (Some(_), Some(end)) => Closing::At(end),
            (Some(_), None) => Closing::Open,
        };
        self.cases.push(Case { due, closing });
        self.numbers.insert(id.to_vec(), number);
        Ok(number)
    }

    /// Hands the events over, case by case, in the order of the file within each.
    fn finish(mut self, analyser: &mut Analyser) -> Result<(), Error> {
        self.events.sort_by_key(|(case, _)| *case);
        let mut events = Vec::new();
        for (case, same) in self
            .cases
            .iter()
            .zip(self.events.chunk_by(|one, other| one.0 == other.0))
        {
            events.clear();
            events.extend(same.iter().map(|(_, event)| *event));
            analyser.case(*case, &mut events)?;
        }
        Ok(())
    }
}

fn text(row: &ByteRecord, position: usize) -> Result<&str, Error> {
    let bytes = row.get(position).unwrap_or_default();
    let text = std::str::from_utf8(bytes).map_err(|_| Error::Row {
        line: row.position().map_or(0, csv::Position::line),
        reason: "this is no UTF-8; save the table as “CSV UTF-8”".to_owned(),
    })?;
    Ok(text.trim())
}

fn row_fault(fault: csv::Error) -> Error {
    let line = fault.position().map_or(1, csv::Position::line);
    match fault.into_kind() {
        csv::ErrorKind::Io(fault) => Error::Read(fault),
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => Error::Row {
            line,
            reason: format!("{len} fields where the header has {expected_len}"),
        },
        csv::ErrorKind::Utf8 { .. } => Error::Row {
            line,
            reason: "this is no UTF-8; save the table as “CSV UTF-8”".to_owned(),
        },
        other => Error::Row {
            line,
            reason: format!("{other:?}"),
        },
    }
}
