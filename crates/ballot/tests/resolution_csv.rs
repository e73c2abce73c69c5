//! What reading a vote from CSV promises: the usual files read, every fault is named with its line.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails panics"
)]

use ballot::BallotError;
use ballot::resolution::{Choice, Owner, Roll, Unit, parse_csv};
use proptest::prelude::*;

fn read(text: &str) -> Roll {
    parse_csv(text.as_bytes()).unwrap()
}

fn faults(text: &str) -> Vec<(usize, String)> {
    match parse_csv(text.as_bytes()) {
        Err(BallotError::Rows(faults)) => faults
            .into_iter()
            .map(|fault| (fault.line, fault.reason))
            .collect(),
        other => panic!("expected faulty rows, got {other:?}"),
    }
}

const ENGLISH: &str = "unit,owner,area_m2,choice\n1-101,Wang,89.53,for\n1-102,Li;Chen,120,against\n1-103,developer,60.5,silent\n";
const CHINESE: &str = "意见,面积（㎡）,业主,备注,房号\n同意,89.53,王芳,,1-101\n不同意,120,李强、陈静,\"来电,已核\",1-102\n未表态,60.50,开发商,,1-103\n";

#[test]
fn columns_stand_in_any_order_and_either_language() {
    let choices = |roll: &Roll| roll.units.iter().map(|u| u.choice).collect::<Vec<_>>();
    let areas = |roll: &Roll| roll.units.iter().map(|u| u.area.get()).collect::<Vec<_>>();
    let (english, chinese) = (read(ENGLISH), read(CHINESE));
    assert_eq!(
        choices(&english),
        [Choice::For, Choice::Against, Choice::Silent]
    );
    assert_eq!(choices(&english), choices(&chinese));
    assert_eq!(areas(&english), areas(&chinese));
    assert_eq!(chinese.units[1].owner, Owner::of(["李强", "陈静"]));
    assert_eq!(chinese.units[2].owner, Owner::Developer);
    assert_eq!(english.warnings, []);
}

#[test]
fn the_encodings_that_spreadsheets_write_are_read() {
    let expected = read(CHINESE);
    let gbk = encoding_rs::GBK.encode(CHINESE).0.into_owned();
    let bom = [b"\xEF\xBB\xBF", CHINESE.as_bytes()].concat();
    let utf16: Vec<u8> = [0xFEFF_u16]
        .into_iter()
        .chain(CHINESE.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let tabs = CHINESE
        .replace("来电,已核", "x")
        .replace(',', "\t")
        .replace('\n', "\r\n");
    for bytes in [gbk, bom, utf16, tabs.into_bytes()] {
        assert_eq!(parse_csv(&bytes).unwrap(), expected);
    }
    assert_eq!(parse_csv(&[0xFF, 0xFF, 0xFF]), Err(BallotError::Encoding));
}

#[test]
fn every_word_for_a_choice_is_known() {
    for (words, choice) in [
        ("for FOR 赞成 同意", Choice::For),
        ("against 反对 不同意", Choice::Against),
        ("abstain 弃权", Choice::Abstain),
        ("follow 随多数", Choice::Follow),
        ("silent 未表态 沉默", Choice::Silent),
        ("unserved 未送达", Choice::Unserved),
    ] {
        for word in words.split(' ') {
            let roll = read(&format!("unit,owner,area_m2,choice\n1,a,1,{word}"));
            assert_eq!(roll.units[0].choice, choice, "{word}");
        }
    }
}

#[test]
fn every_faulty_row_is_named_and_nothing_is_counted() {
    let all = faults(
        "unit,owner,area_m2,choice\n\
         1,a,89.53,for\n\
         2,,abc,perhaps\n\
         3,b,0,for\n\
         4,c,-5,for\n\
         5,d,89.531,\n\
         1,e,90,for\n\
         ,f,10,for\n\
         7,g,1,234.5,for\n\
         8,developer;h,10,for\n\
         9,i\n",
    );
    let lines: Vec<usize> = all.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [3, 3, 3, 4, 5, 6, 6, 7, 8, 9, 10, 11, 11]);
    let reasons = all
        .iter()
        .map(|(_, reason)| reason.as_str())
        .collect::<Vec<_>>()
        .join("\n");
    for part in [
        "the owner is empty",
        "`abc` is not a number",
        "`perhaps` is no choice",
        "the area is zero",
        "cannot be negative",
        "more than two decimals",
        "the choice is empty",
        "unit 1 stands on line 2 already",
        "the unit's number is empty",
        "has 5 columns, the header 4",
        "cannot be a co-owner",
        "the area is empty",
    ] {
        assert!(reasons.contains(part), "{part}:\n{reasons}");
    }
    let error = parse_csv(b"unit,owner,area_m2,choice\n1,,0,for")
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("2 faults") && error.contains("line 2: the area is zero"),
        "{error}"
    );
}

#[test]
fn a_header_that_is_not_ours_is_named() {
    assert!(
        faults("unit,owner,choice\n1,a,for")[0]
            .1
            .contains("area_m2")
    );
    assert!(
        faults("unit,房号,owner,area_m2,choice\n")[0]
            .1
            .contains("two columns")
    );
    assert_eq!(parse_csv(b""), Err(BallotError::EmptyElectorate));
    assert_eq!(
        parse_csv(b"unit,owner,area_m2,choice\n,,,\n\n"),
        Err(BallotError::EmptyElectorate)
    );
}

#[test]
fn an_unclosed_quotation_mark_cannot_swallow_votes_unseen() {
    let all = faults("unit,owner,area_m2,choice,note\n1,a,1,for,\"x\n2,b,1,for,\n3,c,1,for,\n");
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].0, 2);
    assert!(all[0].1.contains("never closed"));
}

#[test]
fn rows_of_co_owners_become_one_unit_with_a_warning() {
    let roll = read("unit,owner,area_m2,choice\n1,Li,90,for\n1,Chen,90,for\n");
    assert_eq!(roll.units.len(), 1);
    assert_eq!(roll.units[0].owner, Owner::of(["Chen", "Li"]));
    assert_eq!(roll.warnings[0].line, 3);

    for other in [
        "1,Chen,90,against",
        "1,Chen,91,for",
        "1,Li,90,for",
        "1,developer,90,for",
    ] {
        let all = faults(&format!(
            "unit,owner,area_m2,choice\n1,Li,90,for\n{other}\n"
        ));
        assert_eq!(all[0].0, 3, "{other}");
    }
}

#[test]
fn an_owner_named_twice_in_a_cell_is_counted_once_with_a_warning() {
    let roll = read("unit,owner,area_m2,choice\n1,Li;Chen；Li,90,for\n");
    assert_eq!(roll.units[0].owner, Owner::of(["Chen", "Li"]));
    assert!(roll.warnings[0].reason.contains("Li is named twice"));
}

#[test]
fn an_area_with_a_slipped_decimal_point_is_a_warning() {
    let roll = read(
        "unit,owner,area_m2,choice\n1,a,89.53,for\n2,b,895.3,for\n3,c,92.10,for\n4,d,8.95,for\n5,e,140,for\n",
    );
    let lines: Vec<usize> = roll.warnings.iter().map(|warning| warning.line).collect();
    assert_eq!(lines, [3, 5]);
    assert_eq!(roll.units.len(), 5);
}

#[test]
fn a_hundred_thousand_rows_are_read_and_counted() {
    use std::fmt::Write as _;
    let mut text = "unit,owner,area_m2,choice\n".to_owned();
    for n in 0..100_000 {
        writeln!(text, "u{n},owner {},89.53,for", n / 2).unwrap();
    }
    assert_eq!(read(&text).units.len(), 100_000);
}

fn written(units: &[Unit]) -> String {
    use std::fmt::Write as _;
    let mut text = "unit,owner,area_m2,choice\n".to_owned();
    for Unit {
        unit,
        owner,
        area,
        choice,
    } in units
    {
        writeln!(text, "{unit},{owner},{area},{choice}").unwrap();
    }
    text
}

proptest! {
    #[test]
    fn what_is_read_can_be_written_and_read_again(
        rows in prop::collection::vec(("[a-z]{1,3}(;[a-z]{1,3}){0,2}", 1..100_000_i64, prop::sample::select(Choice::ALL)), 1..20)
    ) {
        let units: Vec<Unit> = (0..).zip(rows).map(|(n, (owner, area, choice))| Unit {
            unit: format!("u{n}"),
            owner: Owner::of(owner.split(';')),
            area: units::Area::new(area).unwrap(),
            choice,
        }).collect();
        prop_assert_eq!(parse_csv(written(&units).as_bytes()).unwrap().units, units);
    }

    #[test]
    fn any_bytes_are_read_or_refused_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse_csv(&bytes);
    }

    #[test]
    fn a_broken_file_is_read_or_refused_without_panic(
        at in any::<prop::sample::Index>(),
        with in prop::sample::select(vec!["\"", ",", "\n", "\r", ";", "\t", "０", "-", "99999999999999999999", "\u{0}"]),
        chinese in any::<bool>(),
    ) {
        let text = if chinese { CHINESE } else { ENGLISH };
        let mut chars: Vec<String> = text.chars().map(String::from).collect();
        *at.get_mut(&mut chars) = with.to_owned();
        if let Err(error) = parse_csv(chars.concat().as_bytes()) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
