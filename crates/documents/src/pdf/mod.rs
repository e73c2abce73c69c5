//! Documents in Chinese as PDF, set as GB/T 9704-2012 (the layout of official documents) asks:
//! A4, the type area of 156 × 225 mm, 28 characters a line, paragraphs indented by two.
//!
//! The fonts are embedded as far as they are used, the text can be searched and read aloud
//! (PDF/A-2a, PDF/UA-1), and the same document gives the same bytes.

mod compose;
mod font;
mod line;
mod page;
mod render;
mod table;

use jiff::civil::Date;

use crate::Error;
use font::Fonts;

/// A document to set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The title, centred above the text; also the PDF's. Line feeds break it where they stand.
    pub title: String,
    /// The document number (文号), centred below the title; empty for none.
    pub number: String,
    /// What the document says.
    pub blocks: Vec<Block>,
    /// Who signs, and when.
    pub signature: Option<Signature>,
    /// How a reader checks the document against the record.
    pub verification: Option<Verification>,
    /// A small line at the foot of every page; empty for none.
    pub footer: String,
}

/// A part of a document's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Whom it is addressed to, such as `全体业主：`; not indented.
    Address(String),
    /// A heading, such as `一、表决事项`.
    Heading(String),
    /// A paragraph, its first line indented by two characters.
    Paragraph(String),
    /// Names and values, one a line.
    KeyFacts(Vec<(String, String)>),
    /// A table.
    Table(TableBlock),
    /// A remark in small type.
    Note(String),
}

/// A table in a document. Where it runs over pages, each page repeats the header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableBlock {
    /// Centred above the table; empty for none.
    pub caption: String,
    /// The columns' titles and how their cells stand.
    pub columns: Vec<(String, Align)>,
    /// The rows; cells beyond the columns are left out.
    pub rows: Vec<Vec<String>>,
}

/// Where text stands in its cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// At the left.
    #[default]
    Start,
    /// In the middle.
    Center,
    /// At the right, for numbers.
    End,
}

/// Who issues the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The issuing bodies, one a line.
    pub signatories: Vec<String>,
    /// The day of issue, written as 2026年5月1日; also the PDF's date.
    pub date: Date,
    /// Whether a seal belongs over name and date.
    pub seal: bool,
}

/// How a reader checks the document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// What to do, and the numbers it takes.
    pub lines: Vec<String>,
    /// What the QR code beside it holds, such as an address; empty for no code.
    pub qr: String,
}

/// Sets a document as PDF.
///
/// # Errors
/// [`Error::CannotSet`], such as for a QR text that no code holds.
pub fn to_pdf(document: &Document) -> Result<Vec<u8>, Error> {
    let failed = |reason: String| Error::CannotSet {
        title: document.title.clone(),
        reason,
    };
    let fonts = Fonts::load().ok_or_else(|| failed("its fonts are damaged".to_owned()))?;
    let pages = compose::compose(document, &fonts).map_err(failed)?;
    render::render(document, &fonts, &pages).map_err(failed)
}
