//! Writing tables: workbooks with typed cells, and CSV that Excel opens without harm.

use jiff::civil::Date;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet,
    XlsxError,
};

use crate::Error;

/// A sheet to write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The sheet's name; characters that Excel refuses are replaced, the rest is cut at 31.
    pub name: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, each with a cell for every column.
    pub rows: Vec<Vec<Cell>>,
}

/// A column of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// What the header says.
    pub title: String,
    /// Width in Latin characters, or `None` to fit the content.
    pub width: Option<u16>,
}

/// A typed cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text; never taken for a formula.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// An area in 0.01 m².
    Area(i64),
    /// Money in fen.
    Money(i64),
    /// A day.
    Date(Date),
}

/// The widest that a column gets by itself, in Latin characters.
const MAX_WIDTH: usize = 60;
/// Whole numbers up to here are exact in Excel; larger ones are written as text.
const EXACT: u64 = 999_999_999_999_999;

/// Writes a workbook: a bold header that stays in sight, columns wide enough, numbers as numbers.
/// The same sheets give the same bytes.
///
/// # Errors
/// [`Error::CannotWrite`], such as for more rows than Excel has.
pub fn write_xlsx(sheets: &[Sheet]) -> Result<Vec<u8>, Error> {
    let mut book = Workbook::new();
    let failed = |sheet: &str| {
        let sheet = sheet.to_owned();
        move |error: XlsxError| Error::CannotWrite {
            sheet,
            reason: error.to_string(),
        }
    };
    // A fixed time instead of the clock's.
    let created = ExcelDateTime::from_ymd(2000, 1, 1).map_err(failed(""))?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let styles = Styles::new();
    for sheet in sheets {
        let worksheet = book.add_worksheet();
        worksheet
            .set_name(sheet_name(&sheet.name))
            .map_err(failed(&sheet.name))?;
        write_sheet(worksheet, sheet, &styles).map_err(failed(&sheet.name))?;
    }
    book.save_to_buffer().map_err(failed(""))
}

/// Writes a sheet as CSV in UTF-8 with a byte order mark, as Excel needs to show Chinese. Text
/// that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV injection).
///
/// # Errors
/// [`Error::CannotWrite`].
pub fn write_csv(sheet: &Sheet) -> Result<Vec<u8>, Error> {
    let failed = |reason: String| Error::CannotWrite {
        sheet: sheet.name.clone(),
        reason,
    };
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    let header = sheet
        .columns
        .iter()
        .map(|column| inert(&column.title))
        .collect::<Vec<_>>();
    writer
        .write_record(header)
        .map_err(|error| failed(error.to_string()))?;
    for row in &sheet.rows {
        let record = row.iter().map(|cell| match cell {
            Cell::Text(text) => inert(text),
            other => text_of(other),
        });
        writer
            .write_record(record)
            .map_err(|error| failed(error.to_string()))?;
    }
    writer
        .into_inner()
        .map_err(|error| failed(error.to_string()))
}

struct Styles {
    header: Format,
    text: Format,
    integer: Format,
    hundredths: Format,
    date: Format,
}

impl Styles {
    fn new() -> Self {
        let cell = Format::new().set_align(FormatAlign::VerticalCenter);
        Self {
            header: Format::new()
                .set_bold()
                .set_background_color(Color::RGB(0x00E6_EFEA))
                .set_border_bottom(FormatBorder::Thin)
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter),
            text: cell.clone().set_num_format("@"),
            integer: cell.clone().set_num_format("0"),
            hundredths: cell.clone().set_num_format("#,##0.00"),
            date: cell.set_num_format("yyyy-mm-dd"),
        }
    }
}

fn write_sheet(worksheet: &mut Worksheet, sheet: &Sheet, styles: &Styles) -> Result<(), XlsxError> {
    worksheet.set_freeze_panes(1, 0)?;
    for (place, column) in (0_u16..).zip(&sheet.columns) {
        worksheet.write_string_with_format(0, place, &column.title, &styles.header)?;
        worksheet.set_column_width(place, width_of(sheet, usize::from(place), column))?;
    }
    for (line, row) in (1_u32..).zip(&sheet.rows) {
        for (place, cell) in (0_u16..).zip(row) {
            write_cell(worksheet, line, place, cell, styles)?;
        }
    }
    Ok(())
}

fn write_cell(
    worksheet: &mut Worksheet,
    line: u32,
    place: u16,
    cell: &Cell,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let exact = |number: i64| number.unsigned_abs() <= EXACT;
    match cell {
        Cell::Empty => {}
        Cell::Integer(number) if exact(*number) => {
            worksheet.write_with_format(line, place, decimal(cell), &styles.integer)?;
        }
        Cell::Area(number) | Cell::Money(number) if exact(*number) => {
            worksheet.write_with_format(line, place, decimal(cell), &styles.hundredths)?;
        }
        Cell::Date(date) if date.year() >= 1900 => {
            worksheet.write_with_format(line, place, excel_date(*date)?, &styles.date)?;
        }
        other => {
            worksheet.write_string_with_format(line, place, text_of(other), &styles.text)?;
        }
    }
    Ok(())
}

/// The nearest binary number to the cell's decimal text, which Excel shows as that text again.
fn decimal(cell: &Cell) -> f64 {
    text_of(cell).parse().unwrap_or_default()
}

fn excel_date(date: Date) -> Result<ExcelDateTime, XlsxError> {
    let part = |number: i8| u8::try_from(number).unwrap_or_default();
    let year = u16::try_from(date.year()).unwrap_or_default();
    ExcelDateTime::from_ymd(year, part(date.month()), part(date.day()))
}

fn text_of(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Integer(number) => number.to_string(),
        Cell::Area(hundredths) | Cell::Money(hundredths) => {
            let sign = if *hundredths < 0 { "-" } else { "" };
            let size = hundredths.unsigned_abs();
            format!("{sign}{}.{:02}", size / 100, size % 100)
        }
        Cell::Date(date) => date.to_string(),
    }
}

/// The text with an apostrophe before what a spreadsheet would take for a formula.
fn inert(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn width_of(sheet: &Sheet, place: usize, column: &Column) -> u16 {
    column.width.unwrap_or_else(|| {
        let cells = sheet
            .rows
            .iter()
            .filter_map(|row| row.get(place))
            .map(text_of);
        let widest = cells
            .chain([column.title.clone()])
            .map(|text| columns(&text))
            .max();
        u16::try_from(widest.unwrap_or_default().min(MAX_WIDTH) + 3).unwrap_or(8)
    })
}

/// How wide the text is in Latin characters; Chinese ones take two.
fn columns(text: &str) -> usize {
    text.chars()
        .map(|character| if character < '\u{1100}' { 1 } else { 2 })
        .sum()
}

fn sheet_name(name: &str) -> String {
    let name: String = name
        .trim_matches('\'')
        .chars()
        .map(|c| {
            if matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\') {
                '-'
            } else {
                c
            }
        })
        .take(31)
        .collect();
    if name.is_empty() {
        "Sheet".to_owned()
    } else {
        name
    }
}
