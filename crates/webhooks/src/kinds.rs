//! Which entries a webhook is told of: kinds by their beginnings.

use serde::{Serialize, Serializer};

use crate::Error;

/// How many beginnings a webhook may name.
const MAX_KINDS: usize = 20;
/// The longest beginning, in characters.
const MAX_LENGTH: usize = 100;

/// Beginnings of kinds, such as `decisions` or `decisions.vote`; none means every entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kinds(Vec<String>);

impl Kinds {
    /// Beginnings as people type them: divided by spaces, commas or lines.
    ///
    /// # Errors
    /// [`Error::KindMalformed`] for what can't begin a kind, [`Error::TooManyKinds`] beyond 20.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut kinds: Vec<String> = Vec::new();
        for one in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | ';'))
        {
            let one = one.trim_end_matches(".*").trim_end_matches('.');
            if one.is_empty() || kinds.iter().any(|known| known == one) {
                continue;
            }
            if !begins_a_kind(one) {
                return Err(Error::KindMalformed {
                    kind: one.chars().take(60).collect(),
                });
            }
            kinds.push(one.to_owned());
        }
        if kinds.len() > MAX_KINDS {
            return Err(Error::TooManyKinds { max: MAX_KINDS });
        }
        Ok(Self(kinds))
    }

    /// Whether an entry of this kind is among them. A beginning ends where a part of the kind ends: `decisions.vote`
    /// takes `decisions.vote.cast` and not `decisions.votes.counted`.
    pub fn take(&self, kind: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|beginning| begins(kind, beginning))
    }

    /// Whether every entry is taken.
    pub fn is_all(&self) -> bool {
        self.0.is_empty()
    }

    /// The beginnings.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// As stored and shown: divided by spaces.
    pub fn text(&self) -> String {
        self.0.join(" ")
    }
}

impl Serialize for Kinds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

fn begins(kind: &str, beginning: &str) -> bool {
    kind.strip_prefix(beginning)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn begins_a_kind(text: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
    };
    text.len() <= MAX_LENGTH && text.split('.').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beginning_ends_with_a_part() {
        let kinds = Kinds::parse("decisions.vote, people").unwrap();
        assert!(kinds.take("decisions.vote.cast") && kinds.take("people.unit.corrected"));
        assert!(!kinds.take("decisions.votes.counted") && !kinds.take("peoples.x"));
        assert!(!kinds.is_all());
    }

    #[test]
    fn none_takes_everything() {
        let kinds = Kinds::parse(" \n，").unwrap();
        assert!(kinds.is_all() && kinds.take("anything.at.all"));
        assert_eq!(kinds.text(), "");
    }

    #[test]
    fn stars_and_repetitions_are_dropped_and_nonsense_is_refused() {
        let kinds = Kinds::parse("decisions.* decisions people.").unwrap();
        assert_eq!(kinds.text(), "decisions people");
        assert_eq!(Kinds::parse(&kinds.text()).unwrap(), kinds);
        for nonsense in ["Decisions", "a..b", "投票", ".a", "a b'; drop"] {
            assert!(
                matches!(Kinds::parse(nonsense), Err(Error::KindMalformed { .. })),
                "{nonsense}"
            );
        }
        let many: Vec<String> = (0..21).map(|n| format!("k{n}")).collect();
        assert!(matches!(
            Kinds::parse(&many.join(" ")),
            Err(Error::TooManyKinds { max: 20 })
        ));
    }
}
