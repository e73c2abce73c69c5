//! Delimited text (RFC 4180) in rows that remember their line, because every fault is reported
//! with it. An unclosed quotation mark is a fault and never swallows the rows below it unseen.

use std::borrow::Cow;

/// A row of fields and the line, from 1, on which it begins.
pub(crate) struct Row<'t> {
    pub line: usize,
    pub fields: Vec<Cow<'t, str>>,
}

/// Why a row could not be split.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// A quotation mark opens a field and nothing closes it.
    UnclosedQuote,
    /// Text follows a closing quotation mark.
    TextAfterQuote,
}

impl Broken {
    pub(crate) const fn reason(&self) -> &'static str {
        match self {
            Self::UnclosedQuote => {
                "a quotation mark opens a field here and is never closed: close it, or double it"
            }
            Self::TextAfterQuote => {
                "text follows a closing quotation mark: quote the whole field, and double quotation marks within it"
            }
        }
    }
}

/// The rows of a text; blank lines are skipped.
pub(crate) struct Rows<'t> {
    rest: &'t str,
    line: usize,
    delimiter: u8,
    lenient: bool,
}

impl<'t> Rows<'t> {
    /// Rows whose fields are parted by an ASCII delimiter.
    pub(crate) fn new(text: &'t str, delimiter: u8) -> Self {
        Self {
            rest: text,
            line: 1,
            delimiter,
            lenient: false,
        }
    }

    /// Text after a closing quotation mark joins the field, as common CSV readers do.
    pub(crate) fn lenient(mut self) -> Self {
        self.lenient = true;
        self
    }

    /// Reads the next row into `row`, whose space is used again; false at the end of the text.
    pub(crate) fn read(&mut self, row: &mut Row<'t>) -> Result<bool, (usize, Broken)> {
        self.skip_blank_lines();
        row.line = self.line;
        row.fields.clear();
        if self.rest.is_empty() {
            return Ok(false);
        }
        loop {
            let field = if self.rest.starts_with('"') {
                self.quoted()?
            } else {
                self.plain()
            };
            row.fields.push(field);
            if self.take_line_end() {
                return Ok(true);
            }
            // Not at the end of a line, so here stands a delimiter.
            self.rest = self.rest.get(1..).unwrap_or_default();
        }
    }

    fn skip_blank_lines(&mut self) {
        while !self.rest.is_empty() && self.take_line_end() {}
    }

    fn take_line_end(&mut self) -> bool {
        let bytes = self.rest.as_bytes();
        let length = match (bytes.first(), bytes.get(1)) {
            (None, _) => return true,
            (Some(b'\r'), Some(b'\n')) => 2,
            (Some(b'\r' | b'\n'), _) => 1,
            _ => return false,
        };
        self.rest = self.rest.get(length..).unwrap_or_default();
        self.line += 1;
        true
    }

    fn plain(&mut self) -> Cow<'t, str> {
        let delimiter = self.delimiter;
        let ends = |&b: &u8| b == delimiter || b == b'\n' || b == b'\r';
        let end = self
            .rest
            .as_bytes()
            .iter()
            .position(ends)
            .unwrap_or(self.rest.len());
        let (field, rest) = self.rest.split_at(end);
        self.rest = rest;
        Cow::Borrowed(field)
    }

    fn quoted(&mut self) -> Result<Cow<'t, str>, (usize, Broken)> {
        let opened_at = self.line;
        let mut field = Cow::Borrowed("");
        loop {
            // At the opening mark, or at the second of a doubled one.
            let inner = self.rest.get(1..).unwrap_or_default();
            let Some((part, after)) = inner.split_once('"') else {
                self.rest = "";
                return Err((opened_at, Broken::UnclosedQuote));
            };
            self.line += part.bytes().filter(|&b| b == b'\n').count();
            self.rest = after;
            append(&mut field, part);
            if !after.starts_with('"') {
                break;
            }
            field.to_mut().push('"');
        }
        let trailing = self.plain();
        if !trailing.is_empty() {
            if !self.lenient {
                // Leave the broken row behind, so that the rows below it are still read.
                self.skip_line();
                return Err((opened_at, Broken::TextAfterQuote));
            }
            field.to_mut().push_str(&trailing);
        }
        Ok(field)
    }

    fn skip_line(&mut self) {
        let end = self.rest.find('\n').unwrap_or(self.rest.len());
        self.rest = self.rest.get(end..).unwrap_or_default();
        self.take_line_end();
    }
}

fn append<'t>(field: &mut Cow<'t, str>, part: &'t str) {
    if field.is_empty() {
        *field = Cow::Borrowed(part);
    } else {
        field.to_mut().push_str(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Read = Result<(usize, Vec<String>), (usize, Broken)>;

    fn read(text: &str) -> Vec<Read> {
        let mut rows = Rows::new(text, b',');
        let mut row = Row {
            line: 0,
            fields: Vec::new(),
        };
        let mut all = Vec::new();
        loop {
            match rows.read(&mut row) {
                Ok(false) => return all,
                Ok(true) => {
                    all.push(Ok((
                        row.line,
                        row.fields.iter().map(ToString::to_string).collect(),
                    )));
                }
                Err(broken) => all.push(Err(broken)),
            }
        }
    }

    #[expect(
        clippy::unnecessary_wraps,
        reason = "compared with what may have failed"
    )]
    fn row(line: usize, fields: &[&str]) -> Read {
        Ok((line, fields.iter().map(ToString::to_string).collect()))
    }

    #[test]
    fn rows_remember_their_lines() {
        assert_eq!(
            read("a,b\r\n\n\"c\nd\",\"e\"\"f\"\ng,"),
            [
                row(1, &["a", "b"]),
                row(3, &["c\nd", "e\"f"]),
                row(5, &["g", ""])
            ],
        );
    }

    #[test]
    fn quotation_marks_inside_a_plain_field_are_text() {
        assert_eq!(read("5\" pipe,x"), [row(1, &["5\" pipe", "x"])]);
        assert_eq!(read("\"\"\"q\"\"\",\"\""), [row(1, &["\"q\"", ""])]);
    }

    #[test]
    fn a_broken_row_does_not_hide_the_rows_below() {
        assert_eq!(
            read("\"a\"b,c\nd,e"),
            [Err((1, Broken::TextAfterQuote)), row(2, &["d", "e"])]
        );
        assert_eq!(read("a,\"b\nc,d"), [Err((1, Broken::UnclosedQuote))]);
    }
}
