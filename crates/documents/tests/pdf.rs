//! Documents as PDF: well formed, the same every time, their text there to be found.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;
use std::io::Read as _;

use documents::{Align, Block, Document, Error, Signature, TableBlock, Verification, to_pdf};
use flate2::read::ZlibDecoder;
use jiff::civil::date;
use proptest::prelude::*;

fn announcement() -> Document {
    Document {
        title: "业主大会关于更新电梯的决定公告".to_owned(),
        number: "鲁园业〔2026〕7号".to_owned(),
        blocks: vec![
            Block::Address("全体业主：".to_owned()),
            Block::Heading("一、表决事项".to_owned()),
            Block::Paragraph(
                "根据《民法典》“第二百七十八条”，面积89.53㎡，①至⑳。王䶮、李喆。".to_owned(),
            ),
            Block::KeyFacts(vec![("事项".to_owned(), "更新电梯".to_owned())]),
            Block::Table(TableBlock {
                caption: "表1".to_owned(),
                columns: vec![
                    ("幢".to_owned(), Align::Center),
                    ("户数".to_owned(), Align::End),
                ],
                rows: (1..=80)
                    .map(|number| vec![format!("{number}幢"), "36".to_owned()])
                    .collect(),
            }),
            Block::Note("注：备注。".to_owned()),
        ],
        signature: Some(Signature {
            signatories: vec!["业主委员会".to_owned()],
            date: date(2026, 5, 1),
            seal: true,
        }),
        verification: Some(Verification {
            lines: vec!["核对方法：扫描二维码".to_owned()],
            qr: "https://linli.example/7".to_owned(),
        }),
        footer: "鲁园业〔2026〕7号".to_owned(),
    }
}

/// Every stream of the file, unpacked where it is packed.
fn streams(pdf: &[u8]) -> Vec<Vec<u8>> {
    let mut streams = Vec::new();
    let mut rest = pdf;
    while let Some(start) = find(rest, b"stream\n") {
        let body = &rest[start + 7..];
        let end = find(body, b"endstream").unwrap();
        let mut unpacked = Vec::new();
        if ZlibDecoder::new(&body[..end])
            .read_to_end(&mut unpacked)
            .is_err()
        {
            unpacked = body[..end].to_vec();
        }
        streams.push(unpacked);
        rest = &body[end + 9..];
    }
    streams
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// The characters that the embedded fonts' ToUnicode maps lead back to.
fn searchable(pdf: &[u8]) -> BTreeSet<char> {
    let mut characters = BTreeSet::new();
    for stream in streams(pdf) {
        let text = String::from_utf8_lossy(&stream).into_owned();
        for line in text.lines().filter(|line| line.matches('<').count() == 2) {
            let hex = line.rsplit('<').next().unwrap().trim_end_matches('>');
            let units: Vec<u16> = hex
                .as_bytes()
                .chunks(4)
                .filter_map(|unit| u16::from_str_radix(std::str::from_utf8(unit).ok()?, 16).ok())
                .collect();
            characters.extend(String::from_utf16_lossy(&units).chars());
        }
    }
    characters
}

fn pages(pdf: &[u8]) -> usize {
    let text = String::from_utf8_lossy(pdf);
    let (_, after) = text.split_once("/Type/Pages/Count ").unwrap();
    after.split('/').next().unwrap().parse().unwrap()
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let pdf = to_pdf(&announcement()).unwrap();
    assert!(pdf.starts_with(b"%PDF-1.7"));
    assert_eq!(pdf, to_pdf(&announcement()).unwrap());
    let other = Document {
        title: "另一公告".to_owned(),
        ..announcement()
    };
    assert_ne!(pdf, to_pdf(&other).unwrap());
}

#[test]
fn every_character_can_be_searched_for() {
    let found = searchable(&to_pdf(&announcement()).unwrap());
    let text = "业主大会关于更新电梯的决定公告鲁园〔〕全体：一、表决事项根据《民法典》“第二百七十八条”，面积㎡①⑳。\
                王䶮李喆幢户数注备委员（盖章）年月日核对方扫描维码0123456789—";
    let lost: String = text
        .chars()
        .filter(|c| *c != ' ' && !found.contains(c))
        .collect();
    assert_eq!(lost, "");
}

#[test]
fn fonts_are_embedded_only_as_far_as_they_are_used() {
    let pdf = to_pdf(&announcement()).unwrap();
    assert!(pdf.len() < 150_000, "{} bytes", pdf.len());
    assert!(find(&pdf, b"/FontFile").is_some());
    assert!(find(&pdf, b"/MarkInfo").is_some() && find(&pdf, b"/StructTreeRoot").is_some());
}

#[test]
fn long_tables_run_over_pages() {
    let mut document = announcement();
    let two = pages(&to_pdf(&document).unwrap());
    if let Block::Table(table) = &mut document.blocks[4] {
        table.rows = vec![vec!["1幢".to_owned(), "36".to_owned()]; 800];
    }
    let many = pages(&to_pdf(&document).unwrap());
    assert!(two >= 3 && many > two * 5, "{two} then {many} pages");
}

#[test]
fn a_cell_higher_than_a_page_is_set_over_several() {
    let mut document = announcement();
    if let Block::Table(table) = &mut document.blocks[4] {
        table.rows = vec![vec!["字".repeat(9_000), "甲".repeat(9_000)]];
    }
    assert!(pages(&to_pdf(&document).unwrap()) > 5);
}

#[test]
fn an_empty_document_and_an_unset_one_are_still_documents() {
    assert!(pages(&to_pdf(&Document::default()).unwrap()) == 1);
    let blank = Document {
        blocks: vec![
            Block::Table(TableBlock::default()),
            Block::KeyFacts(Vec::new()),
            Block::Paragraph(String::new()),
            Block::Heading(String::new()),
        ],
        verification: Some(Verification::default()),
        ..Document::default()
    };
    assert!(to_pdf(&blank).is_ok());
}

#[test]
fn a_code_that_holds_too_much_is_an_error() {
    let mut document = announcement();
    document.verification = Some(Verification {
        lines: Vec::new(),
        qr: "x".repeat(10_000),
    });
    let error = to_pdf(&document).unwrap_err();
    assert!(
        matches!(&error, Error::CannotSet { reason, .. } if reason.contains("QR")),
        "{error}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_makes_a_document(texts in prop::collection::vec(any::<String>(), 8)) {
        let text = |place: usize| texts[place].clone();
        let document = Document {
            title: text(0),
            number: text(1),
            blocks: vec![
                Block::Heading(text(2)),
                Block::Paragraph(text(3)),
                Block::KeyFacts(vec![(text(4), text(5))]),
                Block::Table(TableBlock {
                    caption: text(6),
                    columns: vec![(text(7), Align::Start)],
                    rows: vec![vec![text(0)], vec![]],
                }),
            ],
            signature: Some(Signature { signatories: vec![text(1)], date: date(2026, 5, 1), seal: true }),
            verification: Some(Verification { lines: vec![text(2)], qr: String::new() }),
            footer: text(3),
        };
        prop_assert!(to_pdf(&document).is_ok(), "{:?}", to_pdf(&document).err());
    }
}
