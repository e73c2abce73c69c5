//! Workbooks of Excel 97 to 2003, written here record by record: a true one, and bombs.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::io::{Cursor, Write as _};

use cfb::CompoundFile;
use documents::{Error, Limits, read_tables};

/// A record of a workbook stream ([MS-XLS] 2.1.4).
fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap();
    [&kind.to_le_bytes(), &length.to_le_bytes(), data].concat()
}

fn begin(kind: u16) -> Vec<u8> {
    let mut data = [0_u8; 16];
    data[..2].copy_from_slice(&0x0600_u16.to_le_bytes());
    data[2..4].copy_from_slice(&kind.to_le_bytes());
    record(0x0809, &data)
}

fn shared_strings(texts: &[&str]) -> Vec<u8> {
    let count = u32::try_from(texts.len()).unwrap().to_le_bytes();
    let mut data = [count, count].concat();
    for text in texts {
        let units: Vec<u16> = text.encode_utf16().collect();
        data.extend(u16::try_from(units.len()).unwrap().to_le_bytes());
        data.push(1);
        data.extend(units.into_iter().flat_map(u16::to_le_bytes));
    }
    record(0x00fc, &data)
}

fn at(row: u16, column: u16) -> Vec<u8> {
    [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat()
}

fn text_cell(row: u16, column: u16, text: u32) -> Vec<u8> {
    record(
        0x00fd,
        &[at(row, column), text.to_le_bytes().to_vec()].concat(),
    )
}

fn number_cell(row: u16, column: u16, number: f64) -> Vec<u8> {
    record(
        0x0203,
        &[at(row, column), number.to_le_bytes().to_vec()].concat(),
    )
}

/// An `.xls` file with one sheet.
fn workbook(texts: &[&str], cells: &[Vec<u8>]) -> Vec<u8> {
    let name = b"S1";
    let sheet = |start: u32| {
        let name = [&[2, 0], name.as_slice()].concat();
        record(
            0x0085,
            &[start.to_le_bytes().as_slice(), &[0, 0], &name].concat(),
        )
    };
    let format = record(0x00e0, &[0; 20]);
    let globals = |start: u32| {
        [
            begin(0x0005),
            format.clone(),
            sheet(start),
            shared_strings(texts),
            record(0x000a, &[]),
        ]
        .concat()
    };
    let start = u32::try_from(globals(0).len()).unwrap();
    let stream = [
        globals(start),
        begin(0x0010),
        cells.concat(),
        record(0x000a, &[]),
    ]
    .concat();
    let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("/Workbook")
        .unwrap()
        .write_all(&stream)
        .unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}

#[test]
fn a_workbook_of_excel_97_reads() {
    let cells = [
        text_cell(0, 0, 0),
        text_cell(0, 1, 1),
        text_cell(1, 0, 2),
        number_cell(1, 1, 89.53),
    ];
    let bytes = workbook(&["房号", "面积", "1-101"], &cells);
    let tables = read_tables(&bytes, &Limits::default()).unwrap();
    assert_eq!(tables[0].sheet, "S1");
    assert_eq!(tables[0].header, ["房号", "面积"]);
    assert_eq!(tables[0].rows[0].cells, ["1-101", "89.53"]);
    assert_eq!(tables[0].rows[0].line, 2);
}

#[test]
fn a_cell_in_the_last_corner_is_refused_before_room_is_made() {
    let cells = [number_cell(0, 0, 1.0), number_cell(65_535, 65_535, 1.0)];
    let error = read_tables(&workbook(&[], &cells), &Limits::default()).unwrap_err();
    assert!(matches!(error, Error::UnpacksTooLarge { .. }), "{error}");
}

#[test]
fn a_sheet_that_announces_too_much_is_refused() {
    let mut announced = [0_u8; 14];
    announced[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    announced[10..12].copy_from_slice(&200_u16.to_le_bytes());
    let error = read_tables(
        &workbook(&[], &[record(0x0200, &announced)]),
        &Limits::default(),
    );
    assert!(matches!(error, Err(Error::UnpacksTooLarge { .. })));
}

#[test]
fn one_long_text_in_many_cells_is_refused() {
    let long = "长".repeat(4_000);
    let cells: Vec<Vec<u8>> = (0..20_000).map(|row| text_cell(row, 0, 0)).collect();
    let error = read_tables(&workbook(&[&long], &cells), &Limits::default()).unwrap_err();
    assert!(matches!(error, Error::UnpacksTooLarge { .. }), "{error}");
}

#[test]
fn a_compound_file_without_sheets_is_no_table() {
    let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("/WordDocument")
        .unwrap()
        .write_all(b"x")
        .unwrap();
    file.flush().unwrap();
    let bytes = file.into_inner().into_inner();
    assert!(matches!(
        read_tables(&bytes, &Limits::default()),
        Err(Error::NotATable)
    ));
}

#[test]
fn damaged_workbooks_are_errors_or_tables_but_never_panics() {
    let bytes = workbook(&["房号"], &[text_cell(0, 0, 0), number_cell(1, 0, 1.0)]);
    for place in (0..bytes.len()).step_by(13) {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0xff;
        let _ = read_tables(&damaged, &Limits::default());
    }
}
