//! A table as it was read: a header and rows of text, each with its line in the file.

use crate::Error;

/// One sheet's table. The first filled row is the header; empty rows are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The sheet's name; `CSV` for CSV files.
    pub sheet: String,
    /// The header's line in the file, from 1.
    pub header_line: u64,
    /// The columns' names, without spaces around them.
    pub header: Vec<String>,
    /// The rows below the header.
    pub rows: Vec<Row>,
}

/// One row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The row's line in the file, from 1, as Excel shows it.
    pub line: u64,
    /// The cells, without spaces around them: as many as the header has, more only where
    /// something stands beyond it.
    pub cells: Vec<String>,
}

/// What may be read, so that no file exhausts the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Bytes of a workbook's parts when unpacked, and of all text read from it.
    pub unpacked_bytes: u64,
    /// Sheets of a workbook.
    pub sheets: usize,
    /// Lines of a sheet, the header and empty ones included.
    pub rows: usize,
    /// Columns of a sheet.
    pub columns: usize,
    /// Bytes of text in a cell.
    pub cell_bytes: usize,
}

impl Default for Limits {
    /// Enough for the roll of a community of some 50,000 units.
    fn default() -> Self {
        Self {
            bytes: 20_000_000,
            unpacked_bytes: 200_000_000,
            sheets: 50,
            rows: 100_000,
            columns: 200,
            cell_bytes: 32_767,
        }
    }
}

impl Table {
    /// The place of the column named `name`, from 0.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }
}

impl Row {
    /// The cell in a column, empty where there is none.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// A table being read, cell by cell, in any order of columns but with lines ascending.
pub(crate) struct TableBuilder<'a> {
    limits: &'a Limits,
    sheet: String,
    text_bytes: u64,
    current: Row,
    filled: Vec<Row>,
}

impl<'a> TableBuilder<'a> {
    pub(crate) fn new(sheet: &str, limits: &'a Limits) -> Self {
        Self {
            limits,
            sheet: sheet.to_owned(),
            text_bytes: 0,
            current: Row::default(),
            filled: Vec::new(),
        }
    }

    /// Adds a cell's text; `line` counts from 1, `column` from 0. Empty text is skipped.
    pub(crate) fn add(&mut self, line: u64, column: usize, text: &str) -> Result<(), Error> {
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if text.is_empty() {
            return Ok(());
        }
        self.check(line, column, text)?;
        if line != self.current.line {
            self.finish_row();
            self.current.line = line;
        }
        if self.current.cells.len() <= column {
            self.current.cells.resize(column + 1, String::new());
        }
        if let Some(cell) = self.current.cells.get_mut(column) {
            text.clone_into(cell);
        }
        Ok(())
    }

    /// The table, or nothing if no cell was filled.
    pub(crate) fn finish(mut self) -> Option<Table> {
        self.finish_row();
        let mut rows = self.filled.into_iter();
        let Row {
            line: header_line,
            cells: header,
        } = rows.next()?;
        let rows = rows
            .map(|mut row| {
                if row.cells.len() < header.len() {
                    row.cells.resize(header.len(), String::new());
                }
                row
            })
            .collect();
        Some(Table {
            sheet: self.sheet,
            header_line,
            header,
            rows,
        })
    }

    fn finish_row(&mut self) {
        if !self.current.cells.is_empty() {
            self.filled.push(std::mem::take(&mut self.current));
        }
    }

    fn check(&mut self, line: u64, column: usize, text: &str) -> Result<(), Error> {
        let sheet = || self.sheet.clone();
        if usize::try_from(line).map_or(true, |line| line > self.limits.rows) {
            return Err(Error::TooManyRows {
                sheet: sheet(),
                limit: self.limits.rows,
            });
        }
        if column >= self.limits.columns {
            let limit = self.limits.columns;
            return Err(Error::TooManyColumns {
                sheet: sheet(),
                line,
                column: column + 1,
                limit,
            });
        }
        let text_bytes = self
            .text_bytes
            .saturating_add(u64::try_from(text.len()).unwrap_or(u64::MAX));
        if text.len() > self.limits.cell_bytes || text_bytes > self.limits.unpacked_bytes {
            return Err(Error::TooMuchText {
                sheet: sheet(),
                line,
            });
        }
        self.text_bytes = text_bytes;
        Ok(())
    }
}
