//! Every word on screen: Fluent messages of all modules in both languages, checked when built.

use std::{borrow::Cow, collections::BTreeMap, collections::HashMap};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use fluent_syntax::ast;
use unic_langid::LanguageIdentifier;

use crate::{Language, format};

/// One Fluent file of one module in one language.
#[derive(Clone, Copy, Debug)]
pub struct MessageSource {
    /// The language that the file is written in.
    pub language: Language,
    /// Where it comes from, for error messages: a module's name.
    pub origin: &'static str,
    /// The file's text in Fluent syntax.
    pub text: &'static str,
}

impl MessageSource {
    /// Names a file; usable in a `const` list.
    pub const fn new(language: Language, origin: &'static str, text: &'static str) -> Self {
        Self {
            language,
            origin,
            text,
        }
    }
}

/// Why a set of message files was refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum MessagesError {
    /// A file does not parse.
    #[error("messages of {origin} ({language:?}): {problem}; correct the Fluent syntax there")]
    Syntax {
        /// The module.
        origin: &'static str,
        /// The file's language.
        language: Language,
        /// What the parser says, and at which byte.
        problem: String,
    },
    /// Two entries of one language share a name.
    #[error("message `{key}` ({language:?}) stands in {first} and in {second}; rename one")]
    Duplicate {
        /// The name.
        key: String,
        /// The language.
        language: Language,
        /// The module that had it first.
        first: &'static str,
        /// The module that has it again.
        second: &'static str,
    },
    /// A message has attributes but no text of its own, so nothing could be shown.
    #[error("message `{key}` ({language:?}) in {origin} has no text; give it a value")]
    Empty {
        /// The name.
        key: String,
        /// The language.
        language: Language,
        /// The module.
        origin: &'static str,
    },
}

/// A message that one language lacks, or whose variables differ between the languages.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MissingKey {
    /// The message's name.
    pub key: String,
    /// The language in which it is missing or lacks variables.
    pub language: Language,
    /// Variables that the other language uses and this one does not; empty if the whole
    /// message is missing.
    pub variables: Vec<String>,
}

/// A value put into a message's `{ $name }`.
///
/// Numbers select plural forms and get thousands separators; what must not be grouped (years,
/// unit numbers) goes in as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg<'a> {
    /// Text, shown as it is (escaping happens where it enters HTML).
    Text(Cow<'a, str>),
    /// A count.
    Number(i64),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Arg<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<Cow<'a, str>> for Arg<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Arg<'_> {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<i32> for Arg<'_> {
    fn from(number: i32) -> Self {
        Self::Number(i64::from(number))
    }
}

impl From<u32> for Arg<'_> {
    fn from(number: u32) -> Self {
        Self::Number(i64::from(number))
    }
}

impl From<u64> for Arg<'_> {
    fn from(number: u64) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Arg<'_> {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

/// All messages of all modules, built once when the program starts.
pub struct Messages {
    zh: Bundle,
    en: Bundle,
}

impl Messages {
    /// Parses and joins the files; [`crate::MESSAGES`] must be among them for the components'
    /// own words.
    ///
    /// # Errors
    /// Refuses syntax errors, names used twice in one language, and messages without text.
    pub fn build(sources: impl IntoIterator<Item = MessageSource>) -> Result<Self, MessagesError> {
        let mut messages = Self {
            zh: Bundle::new(Language::Zh),
            en: Bundle::new(Language::En),
        };
        for source in sources {
            messages.bundle_mut(source.language).add(&source)?;
        }
        Ok(messages)
    }

    /// The message `key` in `language`, with `args` filled in; falls back to the other language,
    /// and to the key itself when neither has it ([`Self::missing_keys`] finds both in a test).
    pub fn text(&self, language: Language, key: &str, args: &[(&str, Arg<'_>)]) -> Cow<'_, str> {
        self.bundle(language)
            .format(key, args)
            .or_else(|| self.bundle(language.other()).format(key, args))
            .unwrap_or_else(|| Cow::Owned(key.to_owned()))
    }

    /// Whether either language has this message.
    pub fn has(&self, key: &str) -> bool {
        self.zh.keys.contains_key(key) || self.en.keys.contains_key(key)
    }

    /// Messages that exist in one language only, or use different variables; empty when complete.
    pub fn missing_keys(&self) -> Vec<MissingKey> {
        let mut missing = lacking(&self.zh, &self.en);
        missing.extend(lacking(&self.en, &self.zh));
        missing.sort();
        missing
    }

    fn bundle(&self, language: Language) -> &Bundle {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }

    fn bundle_mut(&mut self, language: Language) -> &mut Bundle {
        match language {
            Language::Zh => &mut self.zh,
            Language::En => &mut self.en,
        }
    }
}

/// What `lacks` does not have of what `full` has.
fn lacking(full: &Bundle, lacks: &Bundle) -> Vec<MissingKey> {
    full.keys
        .iter()
        .filter_map(|(key, entry)| {
            let variables: Vec<String> = match lacks.keys.get(key) {
                None => Vec::new(),
                Some(other) => {
                    let absent: Vec<String> = (entry.variables.iter())
                        .filter(|variable| !other.variables.contains(variable))
                        .cloned()
                        .collect();
                    if absent.is_empty() {
                        return None;
                    }
                    absent
                }
            };
            Some(MissingKey {
                key: key.clone(),
                language: lacks.language,
                variables,
            })
        })
        .collect()
}

/// Where an entry comes from and what it needs.
struct Entry {
    origin: &'static str,
    variables: Vec<String>,
}

/// One language's messages: the ones without variables ready as text, the others in Fluent.
struct Bundle {
    language: Language,
    keys: BTreeMap<String, Entry>,
    plain: HashMap<String, String>,
    fluent: FluentBundle<FluentResource>,
}

impl Bundle {
    fn new(language: Language) -> Self {
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

    fn add(&mut self, source: &MessageSource) -> Result<(), MessagesError> {
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

    fn format(&self, key: &str, args: &[(&str, Arg<'_>)]) -> Option<Cow<'_, str>> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn zh(text: &'static str) -> MessageSource {
        MessageSource::new(Language::Zh, "test", text)
    }

    fn en(text: &'static str) -> MessageSource {
        MessageSource::new(Language::En, "test", text)
    }

    #[test]
    fn the_components_own_messages_exist_in_both_languages() {
        let messages = Messages::build(crate::MESSAGES).unwrap();
        assert_eq!(messages.missing_keys(), Vec::new());
        assert!(messages.zh.keys.len() > 30);
    }

    #[test]
    fn a_missing_message_falls_back_and_is_listed() {
        let messages = Messages::build([zh("hello = 你好\n"), en("bye = Bye\n")]).unwrap();
        assert_eq!(messages.text(Language::En, "hello", &[]), "你好");
        assert_eq!(messages.text(Language::En, "nowhere", &[]), "nowhere");
        let missing: Vec<_> = messages
            .missing_keys()
            .into_iter()
            .map(|m| (m.key, m.language))
            .collect();
        assert_eq!(
            missing,
            [("bye".into(), Language::Zh), ("hello".into(), Language::En)]
        );
    }

    #[test]
    fn a_variable_that_one_language_forgot_is_listed() {
        let messages =
            Messages::build([zh("left = 还剩 { $n } 天\n"), en("left = some days left\n")])
                .unwrap();
        let missing = messages.missing_keys();
        assert_eq!(missing.len(), 1);
        assert_eq!(missing[0].variables, ["n"]);
        assert_eq!(missing[0].language, Language::En);
    }

    #[test]
    fn numbers_choose_the_plural_and_are_grouped() {
        let text = "votes = { $n ->\n    [one] one vote\n   *[other] { $n } votes\n}\n";
        let messages = Messages::build([en(text)]).unwrap();
        assert_eq!(
            messages.text(Language::En, "votes", &[("n", 1.into())]),
            "one vote"
        );
        assert_eq!(
            messages.text(Language::En, "votes", &[("n", 12_345.into())]),
            "12,345 votes"
        );
    }

    #[test]
    fn broken_syntax_is_refused() {
        let refused = Messages::build([zh("hello = { $n\n")]);
        assert!(matches!(refused, Err(MessagesError::Syntax { .. })));
        let refused = Messages::build([zh("this is no message\n")]);
        assert!(matches!(refused, Err(MessagesError::Syntax { .. })));
    }

    #[test]
    fn a_name_used_twice_is_refused() {
        let refused = Messages::build([zh("hello = 你好\n"), zh("hello = 您好\n")]);
        assert!(matches!(refused, Err(MessagesError::Duplicate { key, .. }) if key == "hello"));
    }

    #[test]
    fn a_message_without_text_is_refused() {
        let refused = Messages::build([zh("hello =\n    .title = 标题\n")]);
        assert!(matches!(refused, Err(MessagesError::Empty { .. })));
    }
}
