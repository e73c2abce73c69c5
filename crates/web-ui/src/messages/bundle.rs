//! One language's messages: parsed, checked for duplicates, formatted.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use fluent_syntax::ast;
use unic_langid::LanguageIdentifier;

use super::{Arg, MessageSource, MessagesError};
use crate::{Language, format};

/// Where an entry comes from and what it needs.
pub(super) struct Entry {
    pub(super) origin: &'static str,
    pub(super) variables: Vec<String>,
}

/// One language's messages: the ones without variables ready as text, the others in Fluent.
pub(super) struct Bundle {
    pub(super) language: Language,
    pub(super) keys: BTreeMap<String, Entry>,
    plain: HashMap<String, String>,
    fluent: FluentBundle<FluentResource>,
}

impl Bundle {
    pub(super) fn new(language: Language) -> Self {
        let locale: LanguageIdentifier = language.tag().parse().unwrap_or_default();
        let mut fluent = FluentBundle::new_concurrent(vec![locale]);
        // Both scripts run left to right; isolation marks would only spoil copying and searching.
        fluent.set_use_isolating(false);
        fluent.set_formatter(Some(|value, _| match value {
            FluentValue::Number(number) => Some(group_digits(&number.as_string())),
            _ => None,
        }));
        Self {
            language,
            keys: BTreeMap::new(),
            plain: HashMap::new(),
            fluent,
        }
    }

    pub(super) fn add(&mut self, source: &MessageSource) -> Result<(), MessagesError> {
        let resource = parse(source)?;
        for entry in resource.entries() {
            match entry {
                ast::Entry::Message(message) => self.add_message(source, message)?,
                ast::Entry::Term(term) => {
                    let key = format!("-{}", term.id.name);
                    self.add_key(source, key, Vec::new())?;
                }
                _ => {}
            }
        }
        // Duplicates were refused above, so nothing can be overridden here.
        self.fluent.add_resource_overriding(resource);
        Ok(())
    }

    fn add_message(
        &mut self,
        source: &MessageSource,
        message: &ast::Message<&str>,
    ) -> Result<(), MessagesError> {
        let key = message.id.name.to_owned();
        let Some(pattern) = &message.value else {
            return Err(MessagesError::Empty {
                key,
                language: self.language,
                origin: source.origin,
            });
        };
        let mut variables = Vec::new();
        collect_variables(pattern, &mut variables);
        variables.sort();
        variables.dedup();
        if let Some(text) = plain_text(pattern) {
            self.plain.insert(key.clone(), text);
        }
        self.add_key(source, key, variables)
    }

    fn add_key(
        &mut self,
        source: &MessageSource,
        key: String,
        variables: Vec<String>,
    ) -> Result<(), MessagesError> {
        if let Some(first) = self.keys.get(&key) {
            return Err(MessagesError::Duplicate {
                key,
                language: self.language,
                first: first.origin,
                second: source.origin,
            });
        }
        self.keys.insert(
            key,
            Entry {
                origin: source.origin,
                variables,
            },
        );
        Ok(())
    }

    pub(super) fn format(&self, key: &str, args: &[(&str, Arg<'_>)]) -> Option<Cow<'_, str>> {
        if let Some(text) = self.plain.get(key) {
            return Some(Cow::Borrowed(text));
        }
        let pattern = self.fluent.get_message(key)?.value()?;
        let mut values = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            match value {
                Arg::Text(text) => values.set(*name, text.as_ref()),
                Arg::Number(number) => values.set(*name, *number),
            }
        }
        // A variable that the caller forgot shows as {$name}: visible on screen and in tests.
        let mut forgotten = Vec::new();
        let text = self
            .fluent
            .format_pattern(pattern, Some(&values), &mut forgotten);
        Some(Cow::Owned(text.into_owned()))
    }
}

fn parse(source: &MessageSource) -> Result<FluentResource, MessagesError> {
    FluentResource::try_new(source.text.to_owned()).map_err(|(_, errors)| {
        let problems: Vec<String> = errors
            .iter()
            .map(|error| format!("{error} at byte {}", error.pos.start))
            .collect();
        MessagesError::Syntax {
            origin: source.origin,
            language: source.language,
            problem: problems.join("; "),
        }
    })
}

/// The text of a pattern that needs nothing filled in.
fn plain_text(pattern: &ast::Pattern<&str>) -> Option<String> {
    pattern
        .elements
        .iter()
        .map(|element| match element {
            ast::PatternElement::TextElement { value } => Some(*value),
            ast::PatternElement::Placeable { .. } => None,
        })
        .collect()
}

fn collect_variables(pattern: &ast::Pattern<&str>, into: &mut Vec<String>) {
    for element in &pattern.elements {
        if let ast::PatternElement::Placeable { expression } = element {
            collect_from_expression(expression, into);
        }
    }
}

fn collect_from_expression(expression: &ast::Expression<&str>, into: &mut Vec<String>) {
    match expression {
        ast::Expression::Inline(inline) => collect_from_inline(inline, into),
        ast::Expression::Select { selector, variants } => {
            collect_from_inline(selector, into);
            for variant in variants {
                collect_variables(&variant.value, into);
            }
        }
    }
}

fn collect_from_inline(inline: &ast::InlineExpression<&str>, into: &mut Vec<String>) {
    match inline {
        ast::InlineExpression::VariableReference { id } => into.push(id.name.to_owned()),
        ast::InlineExpression::FunctionReference { arguments, .. } => {
            for argument in &arguments.positional {
                collect_from_inline(argument, into);
            }
        }
        ast::InlineExpression::Placeable { expression } => {
            collect_from_expression(expression, into);
        }
        _ => {}
    }
}

/// Thousands separators for an integer that Fluent has written; anything else stays.
fn group_digits(written: &str) -> String {
    written
        .parse::<i64>()
        .map_or_else(|_| written.to_owned(), format::number)
}
