//! Tables as offices really send them, and as nobody should.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::io::{Cursor, Write as _};

use documents::{
    Cell, Column, Error, Limits, Sheet, Table, read_csv, read_tables, write_csv, write_xlsx,
};
use encoding_rs::GBK;
use jiff::civil::date;
use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn limits() -> Limits {
    Limits::default()
}

fn sheet(rows: Vec<Vec<Cell>>) -> Sheet {
    let titles = ["房号", "业主", "面积", "金额", "人数", "登记日期"];
    let columns = titles
        .map(|title| Column {
            title: title.to_owned(),
            width: None,
        })
        .to_vec();
    Sheet {
        name: "业主名册".to_owned(),
        columns,
        rows,
    }
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn rows_of(table: &Table) -> Vec<Vec<&str>> {
    table
        .rows
        .iter()
        .map(|row| row.cells.iter().map(String::as_str).collect())
        .collect()
}

/// A zip archive with these parts.
fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook with one sheet of this XML.
fn workbook(sheet: &str) -> Vec<u8> {
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let book = format!(
        r#"<workbook xmlns="{main}" xmlns:r="{relations}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#
    );
    let links = format!(
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
    );
    let sheet = format!(r#"<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>"#);
    let top = format!(
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    archive(&[
        ("_rels/.rels", top.as_bytes()),
        (
            "[Content_Types].xml",
            br#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#,
        ),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

#[test]
fn a_workbook_comes_back_as_it_was_written() {
    let rows = vec![
        vec![
            text("1-101"),
            text("王䶮"),
            Cell::Area(8953),
            Cell::Money(-123_456),
            Cell::Integer(2),
            Cell::Date(date(2026, 5, 1)),
        ],
        vec![
            text("=1+1"),
            Cell::Empty,
            Cell::Area(12_000),
            Cell::Money(5),
            text("007"),
            Cell::Empty,
        ],
    ];
    let bytes = write_xlsx(&[sheet(rows)]).unwrap();
    let tables = read_tables(&bytes, &limits()).unwrap();
    assert_eq!(tables.len(), 1);
    assert_eq!(tables[0].sheet, "业主名册");
    assert_eq!(
        tables[0].header,
        ["房号", "业主", "面积", "金额", "人数", "登记日期"]
    );
    assert_eq!(
        rows_of(&tables[0]),
        [
            ["1-101", "王䶮", "89.53", "-1234.56", "2", "2026-05-01"],
            ["=1+1", "", "120", "0.05", "007", ""],
        ]
    );
    assert_eq!((tables[0].header_line, tables[0].rows[1].line), (1, 3));
}

#[test]
fn the_same_sheets_give_the_same_workbook() {
    let sheets = [sheet(vec![vec![text("a"), Cell::Integer(1)]])];
    assert_eq!(write_xlsx(&sheets).unwrap(), write_xlsx(&sheets).unwrap());
}

#[test]
fn sheet_names_that_excel_refuses_are_mended_and_twins_are_errors() {
    let named = |name: &str| Sheet {
        name: name.to_owned(),
        ..sheet(vec![])
    };
    let bytes = write_xlsx(&[named("3幢/4幢[旧]"), named(&"长".repeat(40))]).unwrap();
    let tables = read_tables(&bytes, &limits()).unwrap();
    assert_eq!(tables[0].sheet, "3幢-4幢-旧-");
    assert_eq!(tables[1].sheet.chars().count(), 31);
    let twins = write_xlsx(&[named("甲"), named("甲")]);
    assert!(matches!(twins, Err(Error::CannotWrite { .. })));
}

#[test]
fn csv_is_written_for_excel_and_runs_no_formula() {
    let rows = vec![vec![
        text("=HYPERLINK(\"x\")"),
        text("甲,乙"),
        Cell::Area(-5),
    ]];
    let csv = String::from_utf8(write_csv(&sheet(rows)).unwrap()).unwrap();
    let (mark, rest) = csv.split_at(3);
    assert_eq!(mark, "\u{feff}");
    assert_eq!(
        rest,
        "房号,业主,面积,金额,人数,登记日期\r\n\"'=HYPERLINK(\"\"x\"\")\",\"甲,乙\",-0.05\r\n"
    );
}

#[test]
fn csv_in_gbk_utf8_and_utf16_reads_the_same() {
    let csv = "房号;业主\r\n1-101;李喆\r\n\r\n1-102; 张三 \r\n";
    let expected = [vec!["1-101", "李喆"], vec!["1-102", "张三"]];
    let gbk = GBK.encode(csv).0.into_owned();
    let marked = [b"\xef\xbb\xbf", csv.as_bytes()].concat();
    let mut utf16 = vec![0xff, 0xfe];
    utf16.extend(csv.encode_utf16().flat_map(u16::to_le_bytes));
    for bytes in [gbk, marked, csv.as_bytes().to_vec(), utf16] {
        let table = read_csv(&bytes, &limits()).unwrap();
        assert_eq!(table.header, ["房号", "业主"]);
        assert_eq!(rows_of(&table), expected);
        assert_eq!(table.rows[1].line, 4);
    }
}

#[test]
fn the_delimiter_is_told_from_the_first_line() {
    for csv in ["a,b\n1,2", "a;b\n1;2", "a\tb\n1\t2"] {
        assert_eq!(
            rows_of(&read_csv(csv.as_bytes(), &limits()).unwrap()),
            [["1", "2"]],
            "{csv}"
        );
    }
}

#[test]
fn quotes_keep_delimiters_and_excels_trick_keeps_zeros() {
    let table = read_csv("a,b\n\"x,\"\"y\"\"\",=\"007\"\n".as_bytes(), &limits()).unwrap();
    assert_eq!(rows_of(&table), [["x,\"y\"", "007"]]);
}

#[test]
fn short_rows_are_filled_and_long_ones_kept() {
    let table = read_csv(b"a,b\n1\n1,2,3\n", &limits()).unwrap();
    assert_eq!(rows_of(&table), [vec!["1", ""], vec!["1", "2", "3"]]);
    assert_eq!(table.rows[0].cell(9), "");
    assert_eq!(table.column("b"), Some(1));
}

#[test]
fn what_is_no_table_is_an_error() {
    let refused = |bytes: &[u8]| read_tables(bytes, &limits()).unwrap_err();
    assert!(matches!(refused(b""), Error::EmptyFile));
    assert!(matches!(refused(b"\n \n"), Error::NoRows));
    assert!(matches!(refused(b"a\0b"), Error::NotATable));
    assert!(matches!(
        refused(&[0x81, 0xff, 0xff, 0x20]),
        Error::UnknownEncoding
    ));
    assert!(matches!(
        refused(b"PK\x03\x04 not a zip"),
        Error::Workbook { .. }
    ));
    assert!(matches!(
        refused(&archive(&[("readme.txt", b"x")])),
        Error::NotATable
    ));
    assert!(matches!(
        refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 cut"),
        Error::Workbook { .. }
    ));
    assert!(matches!(
        refused(&archive(&[("xl/workbook.xml", b"<x")])),
        Error::Workbook { .. }
    ));
    let cut = write_xlsx(&[sheet(vec![])]).unwrap();
    assert!(matches!(
        refused(&cut[..cut.len() / 2]),
        Error::Workbook { .. }
    ));
}

#[test]
fn bombs_and_huge_sheets_are_refused() {
    let small = Limits {
        unpacked_bytes: 1_000_000,
        ..limits()
    };
    let zeros = vec![b' '; 2_000_000];
    let bomb = archive(&[("xl/workbook.xml", &zeros)]);
    assert!(bomb.len() < 10_000);
    assert!(matches!(
        read_tables(&bomb, &small),
        Err(Error::UnpacksTooLarge { limit: 1_000_000 })
    ));

    let far = workbook(
        r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>"#,
    );
    assert!(matches!(
        read_tables(&far, &limits()),
        Err(Error::TooManyRows { limit: 100_000, .. })
    ));
    let wide = workbook(r#"<row r="1"><c r="XFD1"><v>1</v></c></row>"#);
    assert!(matches!(
        read_tables(&wide, &limits()),
        Err(Error::TooManyColumns { column: 16_384, .. })
    ));

    let few = Limits {
        rows: 3,
        ..limits()
    };
    assert!(matches!(
        read_csv(b"a\n1\n2\n3\n", &few),
        Err(Error::TooManyRows { limit: 3, .. })
    ));
    let tiny = Limits {
        bytes: 3,
        ..limits()
    };
    assert!(matches!(
        read_csv(b"a\n1\n", &tiny),
        Err(Error::FileTooLarge { bytes: 4, limit: 3 })
    ));
    let narrow = Limits {
        cell_bytes: 3,
        ..limits()
    };
    assert!(matches!(
        read_csv(b"a\n1234\n", &narrow),
        Err(Error::TooMuchText { line: 2, .. })
    ));
}

#[test]
fn one_long_shared_text_in_many_cells_is_refused() {
    let long = "x".repeat(30_000);
    let rows = (0..200).map(|_| vec![text(&long)]).collect();
    let bytes = write_xlsx(&[sheet(rows)]).unwrap();
    let small = Limits {
        unpacked_bytes: 1_000_000,
        ..limits()
    };
    assert!(matches!(
        read_tables(&bytes, &small),
        Err(Error::TooMuchText { .. })
    ));
}

#[test]
fn numbers_dates_and_errors_read_as_excel_shows_them() {
    let table = read_tables(
        &workbook(
            r#"<row r="3"><c r="B3" t="str"><v>h</v></c></row>
               <row r="5"><c r="B5"><v>89.530000000000001</v></c></row>
               <row r="6"><c r="B6"><v>1200</v></c></row>
               <row r="7"><c r="B7" t="b"><v>1</v></c></row>
               <row r="8"><c r="B8" t="e"><v>#N/A</v></c></row>
               <row r="9"><c r="B9" t="d"><v>2026-05-01T00:00:00</v></c></row>"#,
        ),
        &limits(),
    )
    .unwrap()
    .remove(0);
    let cells: Vec<&str> = table.rows.iter().map(|row| row.cell(1)).collect();
    assert_eq!(cells, ["89.53", "1200", "TRUE", "#N/A", "2026-05-01"]);
    assert_eq!((table.header_line, table.rows[0].line), (3, 5));
}

#[test]
fn open_document_sheets_read_too() {
    let content = r#"<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="名册"><table:table-row><table:table-cell office:value-type="string"><text:p>房号</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>面积</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell office:value-type="string"><text:p>1-101</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="89.53"><text:p>89.53</text:p></table:table-cell></table:table-row><table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"#;
    let kind = b"application/vnd.oasis.opendocument.spreadsheet";
    let manifest = br#"<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>"#;
    let bytes = archive(&[
        ("mimetype", kind),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", content.as_bytes()),
    ]);
    let tables = read_tables(&bytes, &limits()).unwrap();
    assert_eq!(tables[0].sheet, "名册");
    assert_eq!(rows_of(&tables[0]), [["1-101", "89.53"]]);

    let bomb = content.replace(
        r#"<table:table-cell table:number-columns-repeated="16384"/>"#,
        r#"<table:table-cell office:value-type="string" table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>"#,
    );
    let bytes = archive(&[
        ("mimetype", kind),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", bomb.as_bytes()),
    ]);
    assert!(read_tables(&bytes, &limits()).is_err());
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read_tables(&bytes, &limits());
        let _ = read_tables(&[b"PK\x03\x04".as_slice(), &bytes].concat(), &limits());
        let _ = read_tables(&[b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &bytes].concat(), &limits());
    }

    #[test]
    fn a_damaged_workbook_never_panics(at in any::<prop::sample::Index>(), flip in 1..=255_u8) {
        let mut bytes = write_xlsx(&[sheet(vec![vec![text("甲"), Cell::Area(8953)]])]).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        let _ = read_tables(&bytes, &limits());
    }

    #[test]
    fn any_text_comes_back_from_csv(cells in prop::collection::vec("[^\0\t\r=+@＝＋－＠-]{1,12}", 1..4)) {
        let row: Vec<Cell> = cells.iter().map(|cell| text(cell)).collect();
        let csv = write_csv(&Sheet { columns: vec![Column { title: "a,".to_owned(), width: None }; 4], rows: vec![row], ..Sheet::default() }).unwrap();
        let table = read_csv(&csv, &limits()).unwrap();
        let trimmed = |text: &str| text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_owned();
        let written: Vec<String> = cells.iter().map(|cell| trimmed(cell)).collect();
        if written.iter().any(|cell| !cell.is_empty() && !cell.starts_with('\'')) {
            for (place, cell) in written.iter().enumerate() {
                prop_assert_eq!(table.rows[0].cell(place), cell.as_str());
            }
        }
    }
}
