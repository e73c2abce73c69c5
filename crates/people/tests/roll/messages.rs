//! Every code has a text in both languages, with the same values in it.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, PatternElement};

/// Each message's key and the values it speaks of.
fn messages(tag: &str) -> BTreeMap<String, BTreeSet<String>> {
    let (_, source) = people::MESSAGES
        .iter()
        .find(|(found, _)| *found == tag)
        .unwrap();
    let resource = fluent_syntax::parser::parse(*source).unwrap();
    let mut messages = BTreeMap::new();
    for entry in resource.body {
        let Entry::Message(message) = entry else {
            continue;
        };
        let mut values = BTreeSet::new();
        for element in message.value.unwrap().elements {
            if let PatternElement::Placeable {
                expression: Expression::Inline(InlineExpression::VariableReference { id }),
            } = element
            {
                values.insert(id.name.to_owned());
            }
        }
        assert!(
            messages
                .insert(message.id.name.to_owned(), values)
                .is_none(),
            "{} twice",
            message.id.name
        );
    }
    messages
}

/// Every `people-…` code that stands in the source.
fn codes() -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(path).unwrap();
            codes.extend(
                source
                    .split('"')
                    .filter(|text| text.starts_with("people-"))
                    .map(ToOwned::to_owned),
            );
        }
    }
    codes
}

#[test]
fn both_languages_say_the_same_things() {
    assert_eq!(messages("zh-CN"), messages("en"));
}

#[test]
fn every_code_has_its_text_and_no_text_is_without_use() {
    let mut keys: BTreeSet<String> = messages("en").into_keys().collect();
    keys.retain(|key| key.starts_with("people-"));
    let codes = codes();
    assert!(codes.len() > 40);
    assert_eq!(codes, keys);
}
