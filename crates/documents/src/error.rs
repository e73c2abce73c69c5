//! Everything that can be wrong with a file, or stop one from being written.

use thiserror::Error;

/// What happened, to what, and what to do.
#[derive(Debug, Error)]
pub enum Error {
    /// The file has no bytes.
    #[error("the file is empty")]
    EmptyFile,
    /// The file is larger than may be read.
    #[error("the file has {bytes} bytes, more than the {limit} allowed: split it")]
    FileTooLarge {
        /// The file's size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// The file unpacks to more than may be read.
    #[error("the workbook unpacks to more than {limit} bytes: save only the sheet that is needed")]
    UnpacksTooLarge {
        /// The limit.
        limit: u64,
    },
    /// Neither a workbook nor text.
    #[error("this is neither an Excel or OpenDocument workbook nor a CSV file")]
    NotATable,
    /// A workbook that can't be read.
    #[error(
        "the workbook cannot be read: {reason}. \
         Open it, save it again as .xlsx, without a password, and try that file"
    )]
    Workbook {
        /// What the reader said.
        reason: String,
    },
    /// A file that is no text.
    #[error(
        "the file can't be read as a text: {reason}. Open it, save it again as .docx or as plain text, without a password, \
         and try that file"
    )]
    NotAText {
        /// What the reader said.
        reason: String,
    },
    /// Text in an unknown encoding.
    #[error("the text is neither UTF-8 nor GBK: save it as UTF-8 CSV")]
    UnknownEncoding,
    /// CSV that can't be read.
    #[error("the CSV cannot be read at line {line}: {reason}")]
    Csv {
        /// The line, from 1.
        line: u64,
        /// What the reader said.
        reason: String,
    },
    /// No sheet has a filled cell.
    #[error("no sheet of the file has anything in it")]
    NoRows,
    /// More sheets than may be read.
    #[error("the workbook has {sheets} sheets, more than the {limit} allowed")]
    TooManySheets {
        /// How many there are.
        sheets: usize,
        /// The limit.
        limit: usize,
    },
    /// A sheet with a cell beyond the last row that may be read.
    #[error("sheet {sheet:?} has more than the {limit} rows allowed: split it")]
    TooManyRows {
        /// The sheet.
        sheet: String,
        /// The limit.
        limit: usize,
    },
    /// A sheet with a cell beyond the last column that may be read.
    #[error(
        "sheet {sheet:?} has something in column {column} of line {line}, beyond the {limit} \
         columns allowed: delete what stands right of the table"
    )]
    TooManyColumns {
        /// The sheet.
        sheet: String,
        /// The line, from 1.
        line: u64,
        /// The column, from 1.
        column: usize,
        /// The limit.
        limit: usize,
    },
    /// Text in one cell, or in all together, beyond what may be read.
    #[error("sheet {sheet:?} holds too much text at line {line}")]
    TooMuchText {
        /// The sheet.
        sheet: String,
        /// The line, from 1.
        line: u64,
    },
    /// A sheet name that Excel refuses, or a table too large for it.
    #[error("sheet {sheet:?} cannot be written: {reason}")]
    CannotWrite {
        /// The sheet.
        sheet: String,
        /// What the writer said.
        reason: String,
    },
    /// A document that can't be set.
    #[error("the document {title:?} cannot be made: {reason}")]
    CannotSet {
        /// The document's title.
        title: String,
        /// Why not.
        reason: String,
    },
}
