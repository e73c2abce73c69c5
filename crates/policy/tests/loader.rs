//! The loader refuses every kind of broken file, and says where and what to do.

use policy::{Error, Library, check};
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

/// A sound policy; tests break one line of it.
const POLICY: &str = r#"
kind = "policy"
id = "levy"
title = { zh = "费", en = "levy" }

[[input]]
name = "use"
title = { zh = "用途", en = "use" }
type = "enum"
values = [
  { code = "home", zh = "住宅", en = "home" },
  { code = "shop", zh = "商铺", en = "shop" },
]

[[input]]
name = "area"
title = { zh = "面积", en = "area" }
type = "integer"
min = 0

[[output]]
name = "rate"
title = { zh = "费率", en = "rate" }
type = "decimal"

[[output]]
name = "fee"
title = { zh = "费用", en = "fee" }
type = "decimal"

[[version]]
from = 2020-01-01
to = 2020-12-31
instrument = "act"

[[version.table]]
id = "rates"
title = { zh = "费率", en = "rates" }
hit = "unique"

[[version.table.row]]
id = "home_small"
when = { use = "home", area = { below = 100 } }
then = { rate = "0.5" }
cite = "Art. 1"
status = "unverified"

[[version.table.row]]
id = "home_large"
when = { use = "home", area = { from = 100 } }
then = { rate = "0.7" }
cite = "Art. 1"
status = "unverified"

[[version.table.row]]
id = "shop"
when = { use = "shop" }
then = { rate = 2 }
cite = "Art. 2"
quote = "A shop pays two."
status = "verified"

[[version.table]]
id = "fees"
title = { zh = "费用", en = "fees" }
hit = "first"

[[version.table.row]]
id = "fee"
then = { fee = { of = { product = [{ output = "rate" }, { input = "area" }] }, at_least = 10, at_most = 300 } }
cite = "Art. 3"
status = "unverified"

[[golden]]
name = "a home of 120"
on = 2020-06-01
given = { use = "home", area = 120 }
expect = { rate = "0.7", fee = 84 }
"#;

fn broken(from: &str, to: &str) -> String {
    assert!(POLICY.contains(from), "{from} is not in the policy");
    let text = POLICY.replacen(from, to, 1);
    let findings = check(&[("act.toml", INSTRUMENTS), ("levy.toml", &text)]);
    findings
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn the_sound_policy_loads() {
    assert_eq!(
        check(&[("levy.toml", POLICY), ("act.toml", INSTRUMENTS)]),
        vec![]
    );
}

#[test]
fn each_broken_file_is_refused_with_its_reason() {
    let cases = [
        // gaps and overlaps
        (
            "area = { from = 100 } }",
            "area = { above = 100 } }",
            "table rates: no row decides: use = home, area = 100",
        ),
        (
            "area = { from = 100 } }",
            "area = { from = 110 } }",
            "area = between 100 and 110",
        ),
        (
            "area = { from = 100 } }",
            "area = { from = 90 } }",
            "more than one row decides: use = home, area = 90 (rows home_small, home_large)",
        ),
        (
            "use = \"home\", area = { from = 100 }",
            "area = { from = 100 }",
            "more than one row decides: use = shop",
        ),
        (
            "when = { use = \"shop\" }",
            "when = { use = \"shop\", area = { below = 0 } }",
            "can never decide",
        ),
        (
            "when = { use = \"shop\" }",
            "when = { use = \"hut\" }",
            "`use` has no value `hut`; one of home, shop",
        ),
        ("min = 0", "min = 150", "row `home_small` can never decide"),
        // citations
        ("cite = \"Art. 2\"", "", "row shop: a row needs a citation"),
        ("cite = \"Art. 2\"", "cite = \" \"", "the citation is blank"),
        (
            "quote = \"A shop pays two.\"",
            "",
            "a verified row quotes the clause",
        ),
        (
            "cite = \"Art. 3\"\nstatus = \"unverified\"",
            "cite = \"Art. 3\"",
            "say status =",
        ),
        (
            "cite = \"Art. 3\"\nstatus = \"unverified\"",
            "silent = { zh = \"无\", en = \" \" }",
            "the reason is blank",
        ),
        (
            "instrument = \"act\"",
            "instrument = \"decree\"",
            "no instrument `decree`",
        ),
        // unknown keys, names and types
        (
            "hit = \"first\"",
            "hit = \"first\"\nprio = 1",
            "unknown field `prio`",
        ),
        ("hit = \"first\"", "hit = \"any\"", "unknown variant `any`"),
        (
            "when = { use = \"shop\" }",
            "when = { using = \"shop\" }",
            "`using` is neither an input nor an output",
        ),
        (
            "then = { rate = 2 }",
            "then = { rat = 2 }",
            "no output `rat` is declared",
        ),
        (
            "type = \"integer\"\nmin = 0",
            "type = \"float\"",
            "unknown variant `float`",
        ),
        (
            "then = { rate = 2 }",
            "then = { rate = 2.5 }",
            "write an exact number",
        ),
        (
            "then = { rate = 2 }",
            "then = { rate = true }",
            "write an exact number",
        ),
        ("min = 0", "min = 0.5", "no exact number"),
        (
            "{ below = 100 }",
            "{ under = 100 }",
            "{ from, above, to, below }",
        ),
        (
            "{ below = 100 }",
            "{ from = 100, below = 100 }",
            "{ from, above, to, below }",
        ),
        // outputs
        (
            "then = { rate = 2 }",
            "then = {}",
            "a clause without outputs",
        ),
        (
            "then = { rate = 2 }",
            "then = { fee = 2 }",
            "row `shop` gives no `rate`",
        ),
        (
            "then = { rate = 2 }",
            "then = { rate = 2, fee = 3 }",
            "output `fee` is given by an earlier table already",
        ),
        (
            "then = { fee = {",
            "then = { rate = {",
            "output `rate` is given by an earlier table already",
        ),
        (
            "{ output = \"rate\" }",
            "{ output = \"fee\" }",
            "output `fee` is not settled by an earlier table",
        ),
        (
            "{ input = \"area\" }",
            "{ input = \"use\" }",
            "there is no number input `use`",
        ),
        (
            "at_least = 10, at_most = 300",
            "at_least = 400, at_most = 300",
            "the floor lies above the cap",
        ),
        (
            "at_least = 10, at_most = 300",
            "at_lest = 10",
            "no operator has the keys",
        ),
        // dates
        (
            "to = 2020-12-31",
            "to = 2019-12-31",
            "the version ends before it starts",
        ),
        (
            "from = 2020-01-01\nto",
            "from = 2020-01-01T00:00:00\nto",
            "is no date",
        ),
        // golden cases
        (
            "fee = 84",
            "fee = 85",
            "golden a home of 120: `fee` is 84, expected 85",
        ),
        ("fee = 84", "fees = 84", "no output `fees` is declared"),
        ("area = 120", "area = -1", "input `area` cannot be `-1`"),
        (
            "on = 2020-06-01",
            "on = 2021-06-01",
            "its last version has ended",
        ),
        (
            "expect = { rate = \"0.7\", fee = 84 }",
            "missing = \"area\"",
            "the case is decided",
        ),
        // identity
        ("id = \"levy\"", "id = \"\"", "the policy has no id"),
        (
            "id = \"home_large\"",
            "id = \"home_small\"",
            "every row has an id of its own",
        ),
        ("name = \"area\"", "name = \"use\"", "declared twice"),
        ("kind = \"policy\"", "kind = \"poem\"", "start with kind"),
        ("kind = \"policy\"", "kind = ", "start with kind"),
    ];
    let mut wrong = Vec::new();
    for (from, to, expected) in cases {
        let findings = broken(from, to);
        if !findings.contains(expected) {
            wrong.push(format!("{to}: expected `{expected}` in\n{findings}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn a_version_without_golden_case_is_refused() {
    let at = POLICY.find("[[golden]]").unwrap();
    let findings = check(&[("act.toml", INSTRUMENTS), ("levy.toml", &POLICY[..at])]);
    assert!(
        findings[0].message.contains("no golden case proves it"),
        "{findings:?}"
    );
}

/// The sound policy with a second version from the given lines.
#[expect(clippy::unwrap_used, reason = "the text stands in this file")]
fn second_version(head: &str) -> String {
    let start = POLICY.find("[[version]]").unwrap();
    let end = POLICY.find("[[golden]]").unwrap();
    let body_at = POLICY[start..].find("[[version.table]]").unwrap() + start;
    let golden = POLICY[end..]
        .replace("2020-06-01", "2022-06-01")
        .replace("home of 120", "home, later");
    let text = format!(
        "{}\n[[version]]\n{head}\n{}\n{}{golden}",
        &POLICY[..end],
        &POLICY[body_at..end],
        &POLICY[end..]
    );
    let findings = check(&[("act.toml", INSTRUMENTS), ("levy.toml", &text)]);
    findings
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn versions_neither_overlap_nor_leave_days_without_reason() {
    let act = "instrument = \"act\"";
    assert_eq!(second_version(&format!("from = 2021-01-01\n{act}")), "");
    let reason = "gap_before = { zh = \"未收录\", en = \"not held\" }";
    assert_eq!(
        second_version(&format!("from = 2021-03-01\n{act}\n{reason}")),
        ""
    );
    assert!(second_version(&format!("from = 2021-03-01\n{act}")).contains("have no version"));
    assert!(
        second_version(&format!("from = 2021-01-01\n{act}\n{reason}"))
            .contains("only if there is a gap")
    );
    assert!(second_version(&format!("from = 2020-12-31\n{act}")).contains("versions overlap"));
}

#[test]
fn bands_are_refused_with_gaps_overlaps_or_no_end() {
    let cases = [
        ("[{ below = 100, value = 1 }, { value = 2 }]", ""),
        ("[{ to = 100, value = 1 }, { above = 100, value = 2 }]", ""),
        (
            "[{ below = 100, value = 1 }, { from = 110, value = 2 }]",
            "gap between 100 and 110",
        ),
        (
            "[{ below = 100, value = 1 }, { from = 90, value = 2 }]",
            "bands overlap between 90 and 100",
        ),
        (
            "[{ below = 100, value = 1 }, { above = 100, value = 2 }]",
            "the edge 100 before band 1 is in both bands or in none",
        ),
        (
            "[{ below = 100, value = 1 }, { below = 200, value = 2 }]",
            "the last band must be open above",
        ),
        (
            "[{ below = 100, value = 1 }, { below = 50, value = 2 }, { value = 3 }]",
            "band 1 is empty",
        ),
        (
            "[{ value = 1 }, { value = 2 }]",
            "open above and is not the last",
        ),
        ("[{ from = 0, value = 1 }]", "values below 0 have no band"),
        ("[]", "takes a list of bands"),
    ];
    let fee = "fee = { of = { product = [{ output = \"rate\" }, { input = \"area\" }] }, at_least = 10, at_most = 300 }";
    for (bands, expected) in cases {
        let findings = broken(
            fee,
            &format!("fee = {{ of = {{ input = \"area\" }}, bands = {bands} }}"),
        );
        let findings = findings.replace(
            "levy.toml: golden a home of 120: `fee` is 2, expected 84",
            "",
        );
        match expected {
            "" => assert_eq!(findings, "", "{bands}"),
            _ => assert!(findings.contains(expected), "{bands}: {findings}"),
        }
    }
}

#[test]
fn a_row_of_a_first_hit_table_that_is_never_reached_is_refused() {
    let row = "[[version.table.row]]\nid = \"fee\"\n";
    let shadow = "[[version.table.row]]\nid = \"all\"\nthen = { fee = 1 }\ncite = \"Art. 4\"\nstatus = \"unverified\"\n";
    let findings = broken(row, &format!("{shadow}\n{row}"));
    assert!(
        findings.contains("row `fee` can never decide"),
        "{findings}"
    );
}

#[test]
fn a_table_beyond_its_limits_is_refused() {
    use std::fmt::Write;
    let mut rows = String::new();
    for index in 0..600 {
        let (from, to) = (index * 10, index * 10 + 10);
        write!(
            rows,
            "[[version.table.row]]\nid = \"r{index}\"\nwhen = {{ area = {{ from = {from}, below = {to} }}, depth = {{ from = {from}, below = {to} }} }}\nthen = {{ fee = 1 }}\ncite = \"x\"\nstatus = \"unverified\"\n"
        )
        .unwrap();
    }
    let input = "[[input]]\nname = \"area\"";
    let depth = "[[input]]\nname = \"depth\"\ntitle = { zh = \"深\", en = \"depth\" }\ntype = \"integer\"\n";
    let text = POLICY.replacen(input, &format!("{depth}\n{input}"), 1);
    let text = text.replacen(
        "[[version.table.row]]\nid = \"fee\"",
        &format!("{rows}\n[[version.table.row]]\nid = \"fee\""),
        1,
    );
    let findings = check(&[("act.toml", INSTRUMENTS), ("levy.toml", &text)]);
    assert!(
        findings[0]
            .message
            .contains("more than 200000 combinations"),
        "{findings:?}"
    );

    let huge = " ".repeat((1 << 20) + 1);
    assert!(
        check(&[("huge.toml", &huge)])[0]
            .message
            .contains("split it")
    );
}

#[test]
fn an_operators_file_may_cite_the_library_but_not_replace_a_policy() {
    let mut library = Library::from_sources(&[("act.toml", INSTRUMENTS)]).unwrap();
    library.extend(&[("levy.toml", POLICY)]).unwrap();
    assert!(library.get("levy").is_ok());
    let twice = library.extend(&[("levy2.toml", POLICY)]).unwrap_err();
    assert!(
        matches!(&twice, Error::Refused(findings) if findings[0].message.contains("exists already"))
    );
    let again = library.extend(&[("act2.toml", INSTRUMENTS)]).unwrap_err();
    assert!(
        again
            .to_string()
            .contains("act2.toml: instrument act: this id exists already"),
        "{again}"
    );
    assert_eq!(library.policies().count(), 1);
}

#[test]
fn a_broken_year_of_working_days_is_refused() {
    let year = "kind = \"working_days\"\nyear = 2027\n[[notice]]\ntitle = { zh = \"通知\", en = \"notice\" }\nauthority = { zh = \"国办\", en = \"office\" }\nnumber = \"1\"\nstatus = \"unverified\"\nsource = \"x\"\n[[holiday]]\ntitle = { zh = \"元旦\", en = \"New Year\" }\nfrom = 2027-01-01\nto = 2027-01-03\nmake_up = [2027-01-09]\n[[golden]]\nfrom = 2026-12-31\nworking_days = 6\ndue = 2027-01-09\n";
    assert_eq!(check(&[("2027.toml", year)]), vec![]);
    let cases = [
        (
            "make_up = [2027-01-09]",
            "make_up = [2027-01-08]",
            "is no weekend",
        ),
        (
            "make_up = [2027-01-09]",
            "make_up = [2027-01-02]",
            "stated twice",
        ),
        (
            "to = 2027-01-03",
            "to = 2026-12-03",
            "a holiday has 1 to 31 days",
        ),
        (
            "to = 2027-01-03",
            "to = 2027-06-03",
            "a holiday has 1 to 31 days",
        ),
        (
            "from = 2027-01-01",
            "from = 2026-11-30",
            "a holiday has 1 to 31 days",
        ),
        (
            "make_up = [2027-01-09]",
            "make_up = [2028-01-09]",
            "is not in the year",
        ),
        (
            "due = 2027-01-09",
            "due = 2027-01-11",
            "end on 2027-01-09, expected 2027-01-11",
        ),
        ("number = \"1\"", "number = \"\"", "a notice needs"),
        ("from = 2027-01-01", "from = 2027-02-30", "start with kind"),
    ];
    for (from, to, expected) in cases {
        let text = year.replacen(from, to, 1);
        let findings = check(&[("2027.toml", &text)]);
        let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert!(
            lines.iter().any(|line| line.contains(expected)),
            "{to}: {lines:?}"
        );
    }
}

proptest! {
    #[test]
    fn any_text_is_loaded_or_refused_without_panic(text in ".*") {
        let _ = Library::from_sources(&[("any.toml", &text)]);
    }

    #[test]
    fn a_policy_with_any_damage_is_loaded_or_refused_without_panic(
        at in 0..POLICY.len(), length in 0_usize..40, insert in "[\\[\\]{}=\"0-9a-z. \n-]{0,12}",
    ) {
        let end = (at + length).min(POLICY.len());
        if let (Some(head), Some(tail)) = (POLICY.get(..at), POLICY.get(end..)) {
            let text = format!("{head}{insert}{tail}");
            let _ = Library::from_sources(&[("act.toml", INSTRUMENTS), ("levy.toml", &text)]);
        }
    }
}
