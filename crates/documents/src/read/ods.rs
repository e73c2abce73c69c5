//! OpenDocument sheets, read as a stream: their rows and cells may be repeated a million times by
//! one attribute, so nothing is unrolled before its limit is known.

use std::io::BufRead;

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::number::decimal_text;
use crate::Error;
use crate::table::{Limits, Table, TableBuilder};

/// A cell of the row being read.
struct OdsCell {
    column: usize,
    repeated: usize,
    text: String,
}

/// What is being read.
struct OdsReader<'a> {
    limits: &'a Limits,
    tables: Vec<Table>,
    sheets: usize,
    table: Option<TableBuilder<'a>>,
    line: u64,
    row_repeated: u64,
    column: usize,
    row: Vec<OdsCell>,
    cell: Option<OpenCell>,
    /// How deep in a comment on a cell, which isn't part of its text.
    annotation: usize,
}

/// The cell being read.
struct OpenCell {
    repeated: usize,
    /// The value from its attributes, which goes before the text.
    value: Option<String>,
    text: String,
    paragraphs: usize,
}

/// Reads the tables of a `content.xml`.
pub(super) fn read_content(xml: impl BufRead, limits: &Limits) -> Result<Vec<Table>, Error> {
    let mut reader = Reader::from_reader(xml);
    let mut state = OdsReader {
        limits,
        tables: Vec::new(),
        sheets: 0,
        table: None,
        line: 1,
        row_repeated: 1,
        column: 0,
        row: Vec::new(),
        cell: None,
        annotation: 0,
    };
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(malformed)? {
            Event::Eof => return Ok(state.tables),
            Event::Start(tag) => state.open(&tag)?,
            Event::Empty(tag) => {
                state.open(&tag)?;
                state.close(tag.name().as_ref())?;
            }
            Event::End(tag) => state.close(tag.name().as_ref())?,
            Event::Text(text) => state.add_text(&text)?,
            Event::CData(text) => state.add_text(&text)?,
            Event::GeneralRef(name) => state.add_text(&resolve(&name)?)?,
            _ => {}
        }
    }
}

impl OdsReader<'_> {
    fn open(&mut self, tag: &BytesStart) -> Result<(), Error> {
        match tag.name().as_ref() {
            "table:table" => self.open_table(tag)?,
            "table:table-row" => {
                self.row_repeated = repeats(tag, "table:number-rows-repeated")?;
                self.column = 0;
                self.row.clear();
            }
            "table:table-cell" | "table:covered-table-cell" => {
                let repeated = repeats(tag, "table:number-columns-repeated")?;
                let repeated = usize::try_from(repeated).unwrap_or(usize::MAX);
                let value = value_of(tag)?;
                self.cell = Some(OpenCell {
                    repeated,
                    value,
                    text: String::new(),
                    paragraphs: 0,
                });
            }
            "office:annotation" => self.annotation += 1,
            "text:p" if self.annotation == 0 => {
                if let Some(cell) = &mut self.cell {
                    cell.paragraphs += 1;
                    if cell.paragraphs > 1 {
                        self.add_text("\n")?;
                    }
                }
            }
            "text:s" | "text:tab" => self.add_text(" ")?,
            "text:line-break" => self.add_text("\n")?,
            _ => {}
        }
        Ok(())
    }

    fn open_table(&mut self, tag: &BytesStart) -> Result<(), Error> {
        self.sheets += 1;
        if self.sheets > self.limits.sheets {
            return Err(Error::TooManySheets {
                sheets: self.sheets,
                limit: self.limits.sheets,
            });
        }
        let name = attribute(tag, "table:name")?.unwrap_or_default();
        self.table = Some(TableBuilder::new(&name, self.limits));
        self.line = 1;
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<(), Error> {
        match name {
            "table:table" => self
                .tables
                .extend(self.table.take().and_then(TableBuilder::finish)),
            "table:table-row" => self.close_row()?,
            "table:table-cell" | "table:covered-table-cell" => {
                if let Some(cell) = self.cell.take() {
                    self.close_cell(cell);
                }
            }
            "office:annotation" => self.annotation = self.annotation.saturating_sub(1),
            _ => {}
        }
        Ok(())
    }

    fn close_cell(&mut self, cell: OpenCell) {
        let OpenCell {
            repeated,
            value,
            text,
            ..
        } = cell;
        let text = value.unwrap_or(text);
        if !text.trim().is_empty() {
            self.row.push(OdsCell {
                column: self.column,
                repeated,
                text,
            });
        }
        self.column = self.column.saturating_add(repeated);
    }

    /// Gives the row's cells to the table, which refuses what lies beyond its limits.
    fn close_row(&mut self) -> Result<(), Error> {
        let first = self.line;
        self.line = first.saturating_add(self.row_repeated);
        let Some(table) = &mut self.table else {
            return Ok(());
        };
        if self.row.is_empty() {
            return Ok(());
        }
        for line in first..self.line {
            for cell in &self.row {
                for column in cell.column..cell.column.saturating_add(cell.repeated) {
                    table.add(line, column, &cell.text)?;
                }
            }
        }
        Ok(())
    }

    fn add_text(&mut self, text: &str) -> Result<(), Error> {
        if self.annotation > 0 {
            return Ok(());
        }
        if let Some(cell) = &mut self.cell {
            cell.text.push_str(text);
            if cell.text.len() > self.limits.cell_bytes {
                let sheet = format!("{}", self.sheets);
                return Err(Error::TooMuchText {
                    sheet,
                    line: self.line,
                });
            }
        }
        Ok(())
    }
}

/// The cell's value from its attributes; none for text, which stands in its paragraphs.
fn value_of(tag: &BytesStart) -> Result<Option<String>, Error> {
    let kind = attribute(tag, "office:value-type")?.unwrap_or_default();
    Ok(match kind.as_str() {
        "float" | "percentage" | "currency" => {
            let value = attribute(tag, "office:value")?;
            value.map(|text| text.parse().map_or(text, decimal_text))
        }
        "date" => attribute(tag, "office:date-value")?
            .map(|text| text.trim_end_matches("T00:00:00").replace('T', " ")),
        "boolean" => attribute(tag, "office:boolean-value")?.map(|text| text.to_uppercase()),
        "string" => attribute(tag, "office:string-value")?,
        _ => None,
    })
}

fn repeats(tag: &BytesStart, name: &str) -> Result<u64, Error> {
    match attribute(tag, name)? {
        None => Ok(1),
        Some(text) => text.parse().map_err(malformed),
    }
}

fn attribute(tag: &BytesStart, name: &str) -> Result<Option<String>, Error> {
    let Some(attribute) = tag.try_get_attribute(name).map_err(malformed)? else {
        return Ok(None);
    };
    Ok(Some(
        attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(malformed)?
            .into_owned(),
    ))
}

/// The character that a reference such as `&amp;` or `&#10;` stands for.
fn resolve(name: &BytesRef) -> Result<String, Error> {
    if let Some(character) = name.resolve_char_ref().map_err(malformed)? {
        return Ok(character.to_string());
    }
    quick_xml::escape::resolve_predefined_entity(name)
        .map(str::to_owned)
        .ok_or_else(|| malformed(format!("unknown entity {:?}", name.as_ref())))
}

fn malformed(error: impl std::fmt::Display) -> Error {
    Error::Workbook {
        reason: error.to_string(),
    }
}
