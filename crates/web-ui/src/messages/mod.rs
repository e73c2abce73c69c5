//! Every word on screen: Fluent messages of all modules in both languages, checked when built.

mod arg;
mod bundle;

use std::borrow::Cow;

pub use arg::Arg;
use bundle::Bundle;

use crate::Language;

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
