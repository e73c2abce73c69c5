//! What a file says is understood, or every fault of it is told with its line.

use kernel::Uuid;
use people::import::{ROWS_MAX, RollState, RollTable, UnitOnRoll, plan_import};
use people::model::{AreaSource, OwnerKind, UnitFacts, UnitId, UnitLabel, UnitUse};

use crate::world::table;

/// The codes that planning a file from nothing answers, with their lines.
fn codes(file: &RollTable) -> Vec<(String, String)> {
    let planned = plan_import(&RollState::default(), file, None, 2026);
    let findings = match planned {
        Ok(plan) => plan
            .warnings
            .into_iter()
            .map(|warning| warning.finding)
            .collect(),
        Err(findings) => findings.0,
    };
    findings
        .into_iter()
        .map(|finding| {
            (
                finding.at,
                finding.code.trim_start_matches("people-import-").to_owned(),
            )
        })
        .collect()
}

fn assert_codes(text: &str, expected: &[(&str, &str)]) {
    let found = codes(&table(text));
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|(at, code)| (at.as_str(), code.as_str()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn a_file_without_its_columns_is_told_which() {
    assert_codes(
        "楼栋|面积|楼栋|备注\n1幢|89|1幢|",
        &[
            ("header", "column-twice"),
            ("header", "column-missing"),
            ("header", "column-missing"),
        ],
    );
    assert_codes("楼栋|房号|面积|业主", &[("table", "empty")]);
    let nothing = codes(&RollTable::default());
    assert_eq!(
        nothing,
        vec![("header".to_owned(), "column-missing".to_owned()); 4]
    );
}

#[test]
fn every_bad_area_is_told_at_once() {
    assert_codes(
        "楼栋|房号|面积|业主
         1幢|1||王一
         1幢|2|0|王一
         1幢|3|-5|王一
         1幢|4|89.531|王一
         1幢|5|89㎡|王一
         1幢|6|99999999999999999999|王一
         1幢|7|2000000|王一",
        &[
            ("line 2", "area-blank"),
            ("line 3", "area-zero"),
            ("line 4", "area-negative"),
            ("line 5", "area-decimals"),
            ("line 6", "area-not-a-number"),
            ("line 7", "area-too-large"),
            ("line 8", "area-too-large"),
        ],
    );
}

#[test]
fn every_bad_owner_is_told_at_once() {
    assert_codes(
        "楼栋|房号|面积|业主|证件号|手机|业主类型|用途
         1幢|1|80|||||
         1幢|2|80|王一、王二|11010519491231002X|||
         1幢|3|80|王一|110105194912310021|||
         1幢|4|80|王一|11010519491331002X|||
         1幢|5|80|王一|3.30602E+17|||
         1幢|6|80|王一||1391234||
         1幢|7|80|王一|||神仙|
         1幢|8|80|王一||||教堂
         1幢|9|80|王一、、王三||||
         |10|80|王一||||
         1幢|11|80|王一||||
         1幢|11|80|王一||||",
        &[
            ("line 2", "owner-blank"),
            ("line 3", "count-differs"),
            ("line 4", "id-number-checksum"),
            ("line 5", "id-number-date"),
            ("line 6", "id-number-shape"),
            ("line 7", "phone"),
            ("line 8", "unknown-word"),
            ("line 9", "unknown-word"),
            ("line 10", "owner-blank"),
            ("line 11", "blank"),
            ("line 13", "unit-twice"),
        ],
    );
}

#[test]
fn who_is_one_person_is_decided_safely() {
    // A bare name is a person of its own, and it is said where that might be wrong.
    assert_codes(
        "楼栋|房号|面积|业主\n1幢|1|80|王伟\n1幢|2|80|王伟",
        &[("line 2", "same-name")],
    );
    // Name and telephone make one person; so does the identity number.
    assert_codes(
        "楼栋|房号|面积|业主|手机\n1幢|1|80|王伟|13912341234\n1幢|2|80|王伟|139 1234 1234",
        &[],
    );
    assert_codes(
        "楼栋|房号|面积|业主|证件号|手机
         1幢|1|80|王伟|11010519491231002X|13912341234
         1幢|2|80|王伟|11010519491231002X|13912341235
         1幢|3|80|王芳|11010519491231002X|",
        &[("line 4", "owner-two-names")],
    );
    // Twice in one unit is a slip.
    assert_codes(
        "楼栋|房号|面积|业主|手机\n1幢|1|80|王伟、王伟|13912341234、13912341234",
        &[("line 2", "owner-twice")],
    );
    assert_codes(
        "楼栋|房号|面积|业主\n1幢|1|80|王伟、王伟",
        &[("line 2", "owner-twice")],
    );
    // Two with one name and telephone and different numbers, and a third row that could be either.
    assert_codes(
        "楼栋|房号|面积|业主|证件号|手机
         1幢|1|80|王伟|11010519491231002X|13912341234
         1幢|2|80|王伟|440524188001010014|13912341234
         1幢|3|80|王伟||13912341234",
        &[("line 4", "owner-ambiguous")],
    );
    assert_codes(
        "楼栋|房号|面积|业主|证件号|业主类型\n1幢|1|80|甲|护照:E12345678|个人\n1幢|2|80|甲|护照:E12345678|单位",
        &[("line 3", "owner-two-kinds")],
    );
}

#[test]
fn kinds_are_inferred_where_the_file_does_not_say() {
    let file =
        table("楼栋|房号|面积|业主\n1幢|1|80|开发商\n1幢|2|80|绍兴置业有限公司\n1幢|3|80|王伟");
    let plan = plan_import(&RollState::default(), &file, None, 2026).unwrap();
    let kinds: Vec<OwnerKind> = plan.owners.iter().map(|owner| owner.after.kind).collect();
    assert_eq!(
        kinds,
        [
            OwnerKind::Developer,
            OwnerKind::Organisation,
            OwnerKind::Person
        ]
    );
}

#[test]
fn a_file_beyond_the_limit_is_refused() {
    let row = vec![
        "1幢".to_owned(),
        "1".to_owned(),
        "80".to_owned(),
        "王".to_owned(),
    ];
    let mut file = table("楼栋|房号|面积|业主");
    file.rows = (0..=ROWS_MAX).map(|at| (at + 2, row.clone())).collect();
    assert_eq!(
        codes(&file),
        [("table".to_owned(), "too-many-rows".to_owned())]
    );
}

#[test]
fn what_waits_for_an_answer_comes_first_and_what_is_left_out_is_one_line() {
    let on_roll = |number: u128| UnitOnRoll {
        id: UnitId::from_uuid(Uuid::from_u128(number)),
        label: UnitLabel {
            building: "1幢".to_owned(),
            number: number.to_string(),
        },
        facts: UnitFacts {
            exclusive_area: "80".parse().unwrap(),
            area_source: AreaSource::Register,
            unit_use: UnitUse::Residential,
        },
        revision: 1,
        owners: Vec::new(),
        ownership_revision: 0,
        household: None,
    };
    let roll = RollState {
        units: (1..=20).map(on_roll).collect(),
        ..RollState::default()
    };
    let rows = (101..=108).map(|number| format!("\n1幢|{number}|80|王伟{number}"));
    let file = format!(
        "楼栋|房号|面积|业主{}\n1幢|109|800|王芳",
        rows.collect::<String>()
    );
    let plan = plan_import(&roll, &table(&file), None, 2026).unwrap();
    let told: Vec<_> = plan
        .warnings
        .iter()
        .map(|warning| (warning.needs_confirmation, warning.finding.code.as_str()))
        .collect();
    assert!(told[0].0, "{told:?}");
    let left_out: Vec<_> = told
        .iter()
        .filter(|(_, code)| code.contains("not-in-file"))
        .collect();
    assert_eq!(
        left_out,
        [&(false, "people-import-units-not-in-file")],
        "{told:?}"
    );
    assert_eq!(plan.missing.len(), 20);
}
