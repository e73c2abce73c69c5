//! Files that people bring and take away: tables from and to Excel and CSV, and documents in
//! Chinese as PDF.
//!
//! [`read_tables`] takes whatever an office has (`.xlsx`, `.xls`, `.ods`, CSV in UTF-8 or GBK) and
//! gives text cells with their lines; [`write_xlsx`] and [`write_csv`] give typed tables back;
//! [`to_pdf`] sets a [`Document`], such as the announcement of an owners' decision, the way
//! Chinese offices do. Everything is a function of its input: no files, no clock, no database.

mod error;
pub mod media;
mod pdf;
mod read;
mod table;
mod write;

pub use error::Error;
pub use pdf::{Align, Block, Document, Signature, TableBlock, Verification, to_pdf};
pub use read::{read_csv, read_paragraphs, read_tables};
pub use table::{Limits, Row, Table};
pub use write::{Cell, Column, Sheet, write_csv, write_xlsx};
