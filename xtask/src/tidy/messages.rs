//! Every message exists in both languages with the same variables, and every message that code names exists.

use std::collections::{BTreeMap, BTreeSet};

use super::source::Source;
use super::{Finding, Package};

const LANGUAGES: [&str; 2] = ["zh-CN", "en"];

/// A message: its line and the variables it shows.
type Messages = BTreeMap<String, (usize, BTreeSet<String>)>;

pub(super) fn check(packages: &[Package]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = packages.iter().flat_map(both_languages).collect();
    let known: BTreeSet<String> = packages
        .iter()
        .flat_map(|package| &package.messages)
        .flat_map(|(_, _, text)| parse(text).into_keys())
        .collect();
    if !known.is_empty() {
        findings.extend(
            packages
                .iter()
                .flat_map(|package| &package.sources)
                .flat_map(|source| unknown(source, &known)),
        );
        findings.extend(
            packages
                .iter()
                .filter(|package| names_entries(package))
                .flat_map(|package| &package.sources)
                .flat_map(|source| unspoken(source, &known)),
        );
    }
    findings
}

fn both_languages(package: &Package) -> Vec<Finding> {
    if package.messages.is_empty() {
        return Vec::new();
    }
    let of = |language: &str| package.messages.iter().find(|(tag, ..)| tag == language);
    let mut findings = Vec::new();
    for language in LANGUAGES {
        if of(language).is_none() {
            let path = format!("crates/{}/messages/{language}.ftl", package.name);
            findings.push(Finding::new(
                path,
                1,
                "is missing: every text speaks both languages",
            ));
        }
    }
    let [Some((_, first, one)), Some((_, second, other))] = LANGUAGES.map(of) else {
        return findings;
    };
    findings.extend(missing(&parse(one), first, &parse(other), second));
    findings.extend(missing(&parse(other), second, &parse(one), first));
    findings
}

/// What one language has and the other lacks; variables are compared once.
fn missing(here: &Messages, path: &str, there: &Messages, other: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (key, (line, variables)) in here {
        match there.get(key) {
            None => findings.push(Finding::new(
                path,
                *line,
                format!("{key} is missing in {other}"),
            )),
            Some((_, others)) => {
                for variable in variables.difference(others) {
                    let what = format!("{key} shows {variable}, and in {other} it does not");
                    findings.push(Finding::new(path, *line, what));
                }
            }
        }
    }
    findings
}

/// The messages of a Fluent file, attributes included as `key.attribute`.
fn parse(text: &str) -> Messages {
    let mut messages = Messages::new();
    let mut current = String::new();
    let mut message = String::new();
    for (number, line) in (1..).zip(text.lines()) {
        if let Some(key) = key(line) {
            if let Some(attribute) = key.strip_prefix('.') {
                current = format!("{message}.{attribute}");
            } else {
                key.clone_into(&mut message);
                key.clone_into(&mut current);
            }
            messages.insert(current.clone(), (number, BTreeSet::new()));
        }
        if !line.starts_with('#')
            && let Some((_, variables)) = messages.get_mut(&current)
        {
            variables.extend(line.split('$').skip(1).map(|rest| {
                let end = rest.find(|letter: char| {
                    !(letter.is_alphanumeric() || letter == '_' || letter == '-')
                });
                format!(
                    "${}",
                    rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
                )
            }));
        }
    }
    messages
}

/// The key that a line begins, or `.attribute`.
fn key(line: &str) -> Option<&str> {
    let (key, _) = line.split_once('=')?;
    let indented = key.starts_with(' ');
    let key = key.trim();
    let name = key.strip_prefix('.').unwrap_or(key);
    let is_name = !name.is_empty()
        && name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_')
        && name.starts_with(|letter: char| letter.is_ascii_alphabetic());
    (is_name && indented == key.starts_with('.')).then_some(key)
}

/// Messages asked for by name, `t("…")` and `t_with("…")`, that no file has.
fn unknown(source: &Source, known: &BTreeSet<String>) -> Vec<Finding> {
    let asked = source.strings.iter().filter(|literal| {
        let before = source.code.get(..literal.at).unwrap_or_default().trim_end();
        literal.line < source.tests_from
            && (before.ends_with(".t(") || before.ends_with(".t_with("))
    });
    asked
        .filter(|literal| !literal.text.is_empty() && !known.contains(&literal.text))
        .map(|literal| {
            Finding::new(
                &source.path,
                literal.line,
                format!("there is no message {}", literal.text),
            )
        })
        .collect()
}

/// Whether a package names any entry of the journal; one that does names them all.
fn names_entries(package: &Package) -> bool {
    package
        .messages
        .iter()
        .any(|(_, _, text)| parse(text).keys().any(|key| key.starts_with("entry-")))
}

/// Entries of the journal, `Change::new("…")`, that the record page could not name.
fn unspoken(source: &Source, known: &BTreeSet<String>) -> Vec<Finding> {
    let kinds = source.strings.iter().filter(|literal| {
        let before = source.code.get(..literal.at).unwrap_or_default().trim_end();
        literal.line < source.tests_from && before.ends_with("Change::new(")
    });
    kinds
        .map(|literal| (literal, format!("entry-{}", literal.text.replace('.', "-"))))
        .filter(|(_, key)| !known.contains(key))
        .map(|(literal, key)| {
            let what = format!("the entry {} has no words: add {key}", literal.text);
            Finding::new(&source.path, literal.line, what)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(chinese: &str, english: &str, code: &str) -> Package {
        let message =
            |tag: &str, text: &str| (tag.to_owned(), format!("{tag}.ftl"), text.to_owned());
        Package {
            name: "people".to_owned(),
            manifest: String::new(),
            sources: vec![Source::parse("lib.rs".to_owned(), code)],
            migrations: Vec::new(),
            messages: vec![message("zh-CN", chinese), message("en", english)],
        }
    }

    fn found(chinese: &str, english: &str, code: &str) -> Vec<String> {
        check(&[package(chinese, english, code)])
            .into_iter()
            .map(|finding| finding.what)
            .collect()
    }

    #[test]
    fn a_message_in_one_language_only_is_found() {
        let lacking = found(
            "a = 甲\nb = 乙\n    .hint = 丙\n",
            "a = A\n# b = not this\n",
            "",
        );
        assert_eq!(
            lacking,
            ["b is missing in en.ftl", "b.hint is missing in en.ftl"]
        );
    }

    #[test]
    fn a_variable_that_one_language_forgets_is_found() {
        let lacking = found(
            "a = { $count ->\n    *[other] { $count } 户\n }",
            "a = all units",
            "",
        );
        assert_eq!(lacking, ["a shows $count, and in en.ftl it does not"]);
        assert!(found("a = { $count } 户 = 好", "a = { $count } units", "").is_empty());
    }

    #[test]
    fn a_message_that_nobody_wrote_is_found() {
        let code = "ui.t(\"a\"); ui.t(\n    \"b\"); ui.t(&format!(\"c-{x}\")); ui.t_with(\"d\", &[(\"count\", n)]);";
        assert_eq!(
            found("a = 甲", "a = A", code),
            ["there is no message b", "there is no message d"]
        );
    }

    #[test]
    fn an_entry_without_words_is_found() {
        let code =
            "Change::new(\"people.unit.sold\", x); Change::new(\n    \"people.unit.left\", y);";
        assert_eq!(
            found(
                "entry-people-unit-sold = 甲",
                "entry-people-unit-sold = A",
                code
            ),
            ["the entry people.unit.left has no words: add entry-people-unit-left"]
        );
    }
}
