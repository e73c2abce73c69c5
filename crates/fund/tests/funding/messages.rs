//! Every text stands in both languages, and every code that an error speaks by has one.

use std::collections::BTreeSet;

fn keys(source: &str) -> BTreeSet<&str> {
    let lines = source.lines().filter_map(|line| line.split_once(" = "));
    lines.map(|(key, _)| key).collect()
}

#[test]
fn both_languages_say_the_same_and_every_error_has_a_text() {
    let zh = keys(include_str!("../../messages/zh-CN.ftl"));
    let en = keys(include_str!("../../messages/en.ftl"));
    assert_eq!(zh, en);
    for code in include_str!("../../src/error.rs").split('"') {
        let is_code = code.starts_with("fund-error-");
        assert!(!is_code || en.contains(code), "{code} has no text");
    }
}
