//! What people wrote in an event: kept sealed beside it, so that the event can be replayed, read by programs and told in
//! the open record without it, and stays valid when it is erased.

use flow::{Event, What};
use serde::{Deserialize, Serialize};

/// What stands in an event where words were.
pub(crate) const SEALED: &str = "§";

/// The words of one event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// Why; or a unit's reply.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// What is missing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// Who approved it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub approved_by: String,
    /// Why it is entered later than it took effect.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub entered_late: String,
}

impl Words {
    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Takes the words out of an event and leaves a sign in each place.
    pub(crate) fn take(event: &mut Event) -> Self {
        let mut words = Self::default();
        match &mut event.what {
            What::CorrectionAsked { missing, .. } => {
                words.missing = std::mem::replace(missing, vec![SEALED.to_owned()]);
            }
            What::Extended {
                approved_by,
                reason,
                ..
            } => {
                words.approved_by = std::mem::replace(approved_by, SEALED.to_owned());
                words.reason = std::mem::replace(reason, SEALED.to_owned());
            }
            What::Refused { reason, .. }
            | What::HandedOver { reason, .. }
            | What::Decided { reason, .. }
            | What::Withdrawn { reason }
            | What::Retracted { reason, .. } => {
                words.reason = std::mem::replace(reason, SEALED.to_owned());
            }
            _ => {}
        }
        words
    }

    /// Puts them back.
    pub(crate) fn put(&self, event: &mut Event) {
        match &mut event.what {
            What::CorrectionAsked { missing, .. } => missing.clone_from(&self.missing),
            What::Extended {
                approved_by,
                reason,
                ..
            } => {
                approved_by.clone_from(&self.approved_by);
                reason.clone_from(&self.reason);
            }
            What::Refused { reason, .. }
            | What::HandedOver { reason, .. }
            | What::Decided { reason, .. }
            | What::Withdrawn { reason }
            | What::Retracted { reason, .. } => reason.clone_from(&self.reason),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_without_its_words_can_be_replayed_and_with_them_is_what_it_was() {
        let event = Event {
            id: "1".to_owned(),
            at: jiff::civil::date(2026, 3, 2).into(),
            what: What::CorrectionAsked {
                stage: "siting".to_owned(),
                missing: vec!["总平面图".to_owned(), "授权书".to_owned()],
            },
            by: None,
        };
        let mut bare = event.clone();
        let words = Words::take(&mut bare);
        assert!(!serde_json::to_string(&bare).unwrap().contains("授权"));
        assert_eq!(words.missing.len(), 2);
        words.put(&mut bare);
        assert_eq!(bare, event);
    }
}
