//! The built-in policies load, quote the law word for word, and answer what the law says.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use policy::{Ground, Inputs, Lang, Library, Status, builtin, builtin_sources, check, parse_date};

fn policy_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy")
}

#[test]
fn the_built_in_policies_load_without_findings() {
    let findings = check(builtin_sources());
    let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "{}", lines.join("\n"));
    assert!(builtin().policies().count() >= 9);
}

#[test]
fn every_file_of_the_policy_folder_is_built_in() {
    let built_in: BTreeSet<String> = builtin_sources()
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    let mut files = BTreeSet::new();
    for folder in ["", "working_days/"] {
        for entry in std::fs::read_dir(policy_folder().join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if Path::new(&name).extension().is_some_and(|it| it == "toml") {
                files.insert(format!("{folder}{name}"));
            }
        }
    }
    assert_eq!(built_in, files);
}

#[test]
fn every_verified_row_quotes_its_law_word_for_word() {
    let laws = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/laws");
    if !laws.is_dir() {
        eprintln!("skipped: the law texts are not at ../shared/data/laws");
        return;
    }
    let plain = |text: &str| {
        text.chars()
            .filter(|it| !it.is_whitespace())
            .collect::<String>()
    };
    let mut quotes = 0;
    for row in rows(builtin()) {
        let Ground::Clause {
            instrument,
            quote: Some(quote),
            status: Status::Verified,
            ..
        } = row.ground()
        else {
            continue;
        };
        let file = instrument
            .text
            .as_ref()
            .unwrap_or_else(|| panic!("{} holds no text", instrument.id));
        let text = plain(&std::fs::read_to_string(laws.join(file)).unwrap());
        for part in quote.split("……") {
            assert!(
                text.contains(&plain(part)),
                "row {}: not in {file}: {part}",
                row.id()
            );
        }
        quotes += 1;
    }
    assert!(quotes > 60, "only {quotes} quotes were compared");
}

fn rows(library: &Library) -> impl Iterator<Item = &policy::Row> {
    let tables = library
        .policies()
        .flat_map(policy::Policy::versions)
        .flat_map(policy::Version::tables);
    tables.flat_map(policy::Table::rows)
}

#[test]
fn every_matter_is_decided_on_every_day_since_2018_by_one_consent_row() {
    let policy = builtin().get("owners_resolution.thresholds").unwrap();
    let matters: Vec<&str> = policy.inputs()[0]
        .labels
        .iter()
        .map(|label| label.code.as_str())
        .collect();
    assert_eq!(matters.len(), 9);
    for day in ["2018-03-19", "2020-12-31", "2021-01-01", "2026-11-23"] {
        let edition = policy.on(parse_date(day).unwrap()).unwrap();
        for matter in &matters {
            let decision = edition
                .decide(&Inputs::new().text("matter", matter))
                .unwrap();
            assert!(decision.is_verified());
            let special = if day < "2021" {
                ["use_repair_fund", "raise_repair_fund", "rebuild"].contains(matter)
            } else {
                ["raise_repair_fund", "rebuild", "change_common_use"].contains(matter)
            };
            let consent = decision.threshold("consent_heads").unwrap();
            assert_eq!(consent, decision.threshold("consent_area").unwrap());
            let expected = match (day < "2021", special) {
                (true, true) => (2, 3, false),
                (false, true) => (3, 4, false),
                (_, false) => (1, 2, true),
            };
            assert_eq!(
                (consent.num(), consent.den(), consent.strict()),
                expected,
                "{matter} {day}"
            );
            let basis = if day < "2021" { "all" } else { "participants" };
            assert_eq!(decision.choice("consent_basis").unwrap(), basis);
        }
    }
    assert!(policy.on(parse_date("2018-03-18").unwrap()).is_err());
}

#[test]
fn an_explanation_names_version_row_clause_and_the_rows_that_did_not_apply() {
    let on = parse_date("2026-03-01").unwrap();
    let notice = builtin()
        .get("owners_meeting.notice")
        .unwrap()
        .on(on)
        .unwrap();
    let decision = notice
        .decide(
            &Inputs::new()
                .text("place", "330106")
                .text("meeting", "extraordinary"),
        )
        .unwrap();
    assert_eq!(decision.integer("notice_days").unwrap(), 7);
    let zh = decision.explanation.render(Lang::Zh);
    for part in [
        "hangzhou_extraordinary",
        "杭州市物业管理条例（2021年修订） 第十九条第一款 (已核对原文)",
        "不适用: hangzhou_before — 日期须为 ≤ 2022-02-28，本例为 2026-03-01",
        "不适用: hangzhou_regular — 会议类型须为 定期会议，本例为 临时会议",
    ] {
        assert!(zh.contains(part), "{part} is missing in\n{zh}");
    }
    let en = decision.explanation.render(Lang::En);
    assert!(en.contains("did not apply: hangzhou_regular — meeting must be regular meeting, here it is extraordinary meeting"), "{en}");
}

#[test]
fn a_decision_is_json_with_outputs_and_citations() {
    let pairs = ["matter=raise_repair_fund".to_owned()];
    let json = policy::explain(
        builtin(),
        "owners_resolution.thresholds",
        "2026-03-01",
        &pairs,
        policy::Format::Json,
    );
    let json: serde_json::Value = serde_json::from_str(&json.unwrap()).unwrap();
    assert_eq!(json["outputs"][2]["name"], "consent_area");
    assert_eq!(
        json["outputs"][2]["value"],
        serde_json::json!({"num": 3, "den": 4, "strict": false})
    );
    assert_eq!(
        json["steps"][1]["citation"]["article"],
        "第二百七十八条第二款"
    );
    assert_eq!(json["verified"], true);
}

#[test]
fn errors_say_what_to_give() {
    let explain = |policy: &str, on: &str, pairs: &[&str]| {
        let pairs: Vec<String> = pairs.iter().map(|pair| (*pair).to_owned()).collect();
        let format = policy::Format::Text(Lang::En);
        policy::explain(builtin(), policy, on, &pairs, format)
            .unwrap_err()
            .to_string()
    };
    let cases: [(&str, &str, &[&str], &str); 7] = [
        (
            "owners_resolution.thresholds",
            "2026-03-01",
            &[],
            "cannot decide: field `matter` (matter) is missing",
        ),
        (
            "owners_resolution.thresholds",
            "2026-03-01",
            &["matter=party"],
            "input `matter` cannot be `party`; give one of rules_of_procedure",
        ),
        (
            "owners_resolution.thresholds",
            "2026-03-01",
            &["mater=rebuild"],
            "has no input `mater`; it has: matter",
        ),
        (
            "owners_resolution.thresholds",
            "2026-03-01",
            &["matter=rebuild", "matter=rebuild"],
            "given twice",
        ),
        (
            "owners_resolution.thresholds",
            "2017-03-01",
            &["matter=rebuild"],
            "no version in force on 2017-03-01: the texts held start on 2018-03-19",
        ),
        (
            "owners_resolution.thresholds",
            "1.3.2026",
            &["matter=rebuild"],
            "`1.3.2026` is no date",
        ),
        (
            "owners_resolution.threshold",
            "2026-03-01",
            &["matter=rebuild"],
            "no policy `owners_resolution.threshold`; there are: building_area.share, ",
        ),
    ];
    for (policy, on, pairs, expected) in cases {
        let message = explain(policy, on, pairs);
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn a_chinese_reader_is_told_in_chinese_what_is_missing() {
    let on = parse_date("2026-03-01").unwrap();
    let thresholds = builtin()
        .get("owners_resolution.thresholds")
        .unwrap()
        .on(on)
        .unwrap();
    let missing = thresholds
        .decide(&Inputs::new())
        .unwrap_err()
        .message(Lang::Zh);
    assert!(
        missing
            .starts_with("无法判定：缺少“表决事项”（matter），可填：以下之一：rules_of_procedure"),
        "{missing}"
    );
    let wrong = Inputs::new().text("matter", "party");
    let wrong = thresholds.decide(&wrong).unwrap_err().message(Lang::Zh);
    assert!(
        wrong.starts_with("“matter”不能为“party”，可填：以下之一："),
        "{wrong}"
    );
}
