//! Decisions: calculations, bands, limits, missing inputs, and the working-day calendar.

use policy::{DayKind, Error, Inputs, Lang, Library, Number, builtin, parse_date};
use proptest::prelude::*;

const INSTRUMENTS: &str = r#"
kind = "instruments"
[[instrument]]
id = "act"
title = { zh = "法", en = "Act" }
authority = { zh = "人大", en = "Congress" }
number = "No. 1"
from = 2020-01-01
status = "verified"
source = "gazette"
"#;

/// A subsidy: a band by floors, a progressive rate, a sum with cap and floor, rounded to fen.
const SUBSIDY: &str = r#"
kind = "policy"
id = "subsidy"
title = { zh = "补助", en = "subsidy" }

[[input]]
name = "floors"
title = { zh = "层数", en = "floors" }
type = "integer"
min = 1
max = 200

[[input]]
name = "cost"
title = { zh = "造价", en = "cost" }
type = "decimal"
unit = { zh = "元", en = "yuan" }
min = 0

[[input]]
name = "old"
title = { zh = "老旧小区", en = "old compound" }
type = "bool"

[[input]]
name = "filed"
title = { zh = "申请日期", en = "filed" }
type = "date"

[[output]]
name = "by_floors"
title = { zh = "按层", en = "by floors" }
type = "integer"

[[output]]
name = "by_cost"
title = { zh = "按价", en = "by cost" }
type = "decimal"

[[output]]
name = "extra"
title = { zh = "加计", en = "extra" }
type = "integer"

[[output]]
name = "total"
title = { zh = "合计", en = "total" }
type = "decimal"

[[output]]
name = "per_floor"
title = { zh = "每层", en = "per floor" }
type = "ratio"

[[version]]
from = 2020-01-01
instrument = "act"

[[version.table]]
id = "parts"
title = { zh = "分项", en = "parts" }
hit = "unique"

[[version.table.row]]
id = "parts"
then = { by_floors = { of = { input = "floors" }, bands = [{ below = 5, value = 100 }, { below = 10, value = 200 }, { value = 300 }] }, by_cost = { of = { of = { input = "cost" }, progressive = [{ to = 1000, rate = "0.1" }, { to = 3000, rate = "0.05" }, { rate = "0.01" }] }, round = "half_up", to = "0.01" } }
cite = "Art. 1"
status = "unverified"

[[version.table]]
id = "extras"
title = { zh = "加计", en = "extras" }
hit = "first"

[[version.table.row]]
id = "late"
when = { filed = { above = 2025-12-31 } }
then = { extra = 0 }
cite = "Art. 2"
status = "unverified"

[[version.table.row]]
id = "old_tall"
when = { old = true, by_floors = { from = 200 } }
then = { extra = 50 }
cite = "Art. 2"
status = "unverified"

[[version.table.row]]
id = "other"
then = { extra = 0 }
cite = "Art. 2"
status = "unverified"

[[version.table]]
id = "total"
title = { zh = "合计", en = "total" }
hit = "first"

[[version.table.row]]
id = "total"
then = { total = { of = { sum = [{ output = "by_floors" }, { output = "by_cost" }, { output = "extra" }] }, at_least = 150, at_most = { product = [{ input = "cost" }, "0.5"] } }, per_floor = { quotient = [{ input = "cost" }, { difference = [{ input = "floors" }, 1] }] } }
cite = "Art. 3"
status = "unverified"

[[golden]]
name = "six floors in an old compound"
on = 2024-01-01
given = { floors = 6, cost = "2000", old = true, filed = 2024-01-01 }
expect = { by_floors = 200, by_cost = 150, extra = 50, total = 400, per_floor = 400 }
"#;

#[expect(clippy::unwrap_used, reason = "the text stands in this file")]
fn library() -> Library {
    Library::from_sources(&[("subsidy.toml", SUBSIDY), ("act.toml", INSTRUMENTS)]).unwrap()
}

#[expect(clippy::unwrap_used, reason = "the text stands in this file")]
fn n(text: &str) -> Number {
    Number::parse(text).unwrap()
}

fn case<'a>(floors: i64, cost: &'a str, old: bool, filed: &'a str) -> Inputs<'a> {
    Inputs::new()
        .integer("floors", floors)
        .text("cost", cost)
        .flag("old", old)
        .text("filed", filed)
}

#[test]
fn sums_caps_floors_and_rounding_are_exact_and_explained() {
    let library = library();
    let edition = library
        .get("subsidy")
        .unwrap()
        .on(parse_date("2024-01-01").unwrap())
        .unwrap();
    // by cost: 100 + 0.05 * 0.345 = 100.01725, rounded 100.02
    let decision = edition
        .decide(&case(4, "1000.345", false, "2024-05-01"))
        .unwrap();
    assert_eq!(decision.number("by_cost").unwrap(), n("100.02"));
    assert_eq!(decision.number("total").unwrap(), n("200.02"));
    assert!(!decision.is_verified());
    let text = decision.explanation.render(Lang::En);
    assert!(
        text.contains("total: floor 150 not reached\n  total: cap 500.1725 not reached"),
        "{text}"
    );

    let capped = edition
        .decide(&case(30, "400", false, "2024-05-01"))
        .unwrap();
    assert_eq!(capped.integer("total").unwrap(), 200);
    let text = capped.explanation.render(Lang::En);
    assert!(text.contains("total: cap 200 applied"), "{text}");

    let beyond = edition
        .decide(&case(4, "7000", false, "2024-05-01"))
        .unwrap();
    assert_eq!(beyond.number("by_cost").unwrap(), n("240"));
    assert_eq!(beyond.number("per_floor").unwrap(), n("7000/3"));
    assert_eq!(beyond.ratio("per_floor").unwrap(), (7000, 3));
}

#[test]
fn a_condition_may_ask_for_an_output_of_an_earlier_table() {
    let library = library();
    let edition = library
        .get("subsidy")
        .unwrap()
        .on(parse_date("2024-01-01").unwrap())
        .unwrap();
    let extra = |floors, old, filed| {
        edition
            .decide(&case(floors, "2000", old, filed))
            .unwrap()
            .integer("extra")
            .unwrap()
    };
    assert_eq!(extra(5, true, "2025-12-31"), 50);
    assert_eq!(extra(4, true, "2025-12-31"), 0);
    assert_eq!(extra(5, false, "2025-12-31"), 0);
    assert_eq!(extra(5, true, "2026-01-01"), 0);
}

#[test]
fn an_input_is_needed_only_where_it_makes_a_difference() {
    let library = library();
    let edition = library
        .get("subsidy")
        .unwrap()
        .on(parse_date("2024-01-01").unwrap())
        .unwrap();
    let start = || Inputs::new().text("cost", "2000");
    let missing = |inputs: Inputs<'_>| match edition.decide(&inputs) {
        Err(Error::Missing { field, .. }) => field,
        other => panic!("{other:?}"),
    };
    assert_eq!(missing(start()), "floors");
    assert_eq!(
        missing(start().integer("floors", 6).flag("old", true)),
        "filed"
    );
    assert_eq!(
        missing(start().integer("floors", 6).text("filed", "2024-01-01")),
        "old"
    );
    let low = start().integer("floors", 4).text("filed", "2024-01-01");
    assert!(edition.decide(&low).is_ok());
    assert!(
        edition
            .decide(&start().integer("floors", 6).text("filed", "2026-01-01"))
            .is_ok()
    );
}

#[test]
fn what_cannot_be_calculated_is_an_error() {
    let library = library();
    let edition = library
        .get("subsidy")
        .unwrap()
        .on(parse_date("2024-01-01").unwrap())
        .unwrap();
    let error = edition
        .decide(&case(1, "2000", false, "2024-01-01"))
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("cannot calculate `per_floor` of policy `subsidy`: division by zero")
    );
    let tiny = case(2, "0.000000000000000001", false, "2024-01-01");
    let error = edition.decide(&tiny).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("`by_cost` of policy `subsidy`: the result is beyond"),
        "{error}"
    );
    for (cost, floors) in [
        ("-1", 3),
        ("1e3", 3),
        ("2000", 0),
        ("2000", 201),
        ("2000", i64::MAX),
    ] {
        let error = edition
            .decide(&case(floors, cost, false, "2024-01-01"))
            .unwrap_err();
        assert!(matches!(error, Error::NotAllowed { .. }), "{error}");
    }
}

#[test]
fn an_output_of_another_type_or_name_is_an_error() {
    let library = library();
    let edition = library
        .get("subsidy")
        .unwrap()
        .on(parse_date("2024-01-01").unwrap())
        .unwrap();
    let decision = edition
        .decide(&case(4, "1000.345", false, "2024-05-01"))
        .unwrap();
    for error in [
        decision.threshold("total").map(|_| ()),
        decision.integer("total").map(|_| ()),
        decision.flag("extra").map(|_| ()),
        decision.text("no_such").map(|_| ()),
        decision.optional_integer("no_such").map(|_| ()),
    ] {
        assert!(
            matches!(error, Err(Error::NoSuchOutput { .. })),
            "{error:?}"
        );
    }
}

proptest! {
    #[test]
    fn a_progressive_amount_is_the_sum_of_its_parts(fen in 0_i64..1_000_000) {
        let library = library();
        let edition = library.get("subsidy").unwrap().on(parse_date("2024-01-01").unwrap()).unwrap();
        let cost = Number::ratio(fen, 100).unwrap();
        let inputs = Inputs::new().integer("floors", 4).number("cost", cost).text("filed", "2024-01-01");
        let by_cost = edition.decide(&inputs).unwrap().number("by_cost").unwrap();
        // in hundredths of a fen: 10 % to 1000 yuan, 5 % to 3000, 1 % beyond
        let parts = 10 * fen.min(100_000) + 5 * (fen.min(300_000) - 100_000).max(0) + (fen - 300_000).max(0);
        prop_assert_eq!(by_cost, Number::ratio((parts + 50) / 100, 100).unwrap());
    }

    #[test]
    fn each_band_starts_at_its_edge(floors in 2_i64..=200) {
        let library = library();
        let edition = library.get("subsidy").unwrap().on(parse_date("2024-01-01").unwrap()).unwrap();
        let decision = edition.decide(&case(floors, "10", true, "2024-01-01")).unwrap();
        let expected = if floors < 5 { 100 } else if floors < 10 { 200 } else { 300 };
        prop_assert_eq!(decision.integer("by_floors").unwrap(), expected);
    }

    #[test]
    fn any_inputs_are_decided_or_refused_without_panic(
        policy in 0_usize..9, day in "20(1[89]|2[0-9])-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])",
        place in "(CN|11|33|3301|3302|330602|4418|31|[0-9]{0,7})", word in "(regular|first|single_unit|unit|rebuild|.{0,5})",
    ) {
        let policies: Vec<_> = builtin().policies().collect();
        let policy = policies[policy];
        let mut inputs = Inputs::new();
        for field in policy.inputs() {
            inputs = inputs.text(&field.name, if field.name == "place" { &place } else { &word });
        }
        if let Ok(decision) = policy.on(parse_date(&day).unwrap()).and_then(|edition| edition.decide(&inputs)) {
            prop_assert!(decision.explanation.render(Lang::Zh).contains(&policy.title().zh));
        }
    }
}

#[test]
fn every_combination_of_choices_and_places_is_decided_or_explicitly_refused() {
    for policy in builtin().policies() {
        for day in ["2021-01-01", "2022-03-01", "2023-02-01", "2026-11-23"] {
            let on = parse_date(day).unwrap();
            if policy.versions()[0].from() > on {
                assert!(matches!(policy.on(on), Err(Error::NoVersion { .. })));
                continue;
            }
            let edition = policy.on(on).unwrap();
            let mut cases: Vec<Vec<(&str, &str)>> = vec![vec![]];
            for field in policy.inputs() {
                let values = field.labels.iter().map(|label| label.code.as_str());
                let elsewhere = (field.name == "place").then_some("5101");
                let values: Vec<&str> = values.chain(elsewhere).collect();
                let extend = |case: &Vec<(&'static str, &'static str)>| {
                    values
                        .iter()
                        .map(|value| [case.as_slice(), &[(field.name.as_str(), *value)]].concat())
                        .collect::<Vec<_>>()
                };
                cases = cases.iter().flat_map(extend).collect();
            }
            for case in cases {
                let inputs = case.iter().fold(Inputs::new(), |inputs, (name, value)| {
                    inputs.text(name, value)
                });
                match edition.decide(&inputs) {
                    Ok(decision) => assert!(!decision.record().outputs.is_empty()),
                    Err(Error::Undecidable { .. }) => assert!(day < "2024-03-29"),
                    Err(error) => panic!("{} {case:?} {day}: {error}", policy.id()),
                }
            }
        }
    }
}

#[test]
fn make_up_days_work_and_holidays_do_not() {
    let calendar = builtin().calendar();
    let cases = [
        ("2026-02-14", DayKind::Working, Some("春节")),
        ("2026-02-17", DayKind::NonWorking, Some("春节")),
        ("2018-12-29", DayKind::Working, Some("元旦")),
        ("2020-01-31", DayKind::NonWorking, Some("春节")),
        ("2026-03-02", DayKind::Working, None),
        ("2026-03-07", DayKind::NonWorking, None),
    ];
    for (day, kind, holiday) in cases {
        let found = calendar.is_working_day(parse_date(day).unwrap());
        assert_eq!((found.kind, found.provisional), (kind, false), "{day}");
        assert_eq!(
            found.holiday.map(|holiday| holiday.zh.as_str()),
            holiday,
            "{day}"
        );
    }
    assert_eq!(
        calendar.published_years().collect::<Vec<_>>(),
        (2018..=2026).collect::<Vec<_>>()
    );
}

#[test]
fn a_limit_that_reaches_an_unpublished_year_is_provisional() {
    let calendar = builtin().calendar();
    let due = |from: &str, days| {
        let due = calendar
            .add_working_days(parse_date(from).unwrap(), days)
            .unwrap();
        (due.date.to_string(), due.provisional)
    };
    assert_eq!(due("2026-02-09", 11), ("2026-03-02".to_owned(), false));
    assert_eq!(due("2026-12-20", 5), ("2026-12-25".to_owned(), false));
    assert_eq!(due("2026-12-25", 1), ("2026-12-28".to_owned(), true));
    assert_eq!(due("2026-12-25", 10), ("2027-01-08".to_owned(), true));
    assert_eq!(due("2026-10-01", 0), ("2026-10-08".to_owned(), false));
    assert_eq!(due("2026-10-09", 0), ("2026-10-09".to_owned(), false));
    assert_eq!(due("2016-05-06", 1), ("2016-05-09".to_owned(), true));
    assert!(
        calendar
            .add_working_days(parse_date("2026-01-01").unwrap(), 10_001)
            .is_err()
    );
}

#[test]
fn counting_the_working_days_of_a_limit_gives_the_limit_back() {
    let calendar = builtin().calendar();
    let mut day = parse_date("2018-01-01").unwrap();
    while day < parse_date("2026-06-01").unwrap() {
        for limit in [1, 5, 20, 45] {
            let due = calendar.add_working_days(day, limit).unwrap();
            assert_eq!(
                calendar.working_days_between(day, due.date),
                Ok((limit, due.provisional))
            );
            assert_eq!(calendar.is_working_day(due.date).kind, DayKind::Working);
        }
        day = day.tomorrow().unwrap();
    }
}
