//! What readers may not see yet: entries about the ballots of a vote whose rules hide turnout until the close. Their place,
//! time and hash stay, so that every proof holds; what they are does not show.

use db::Read;
use journal::Entry;
use kernel::{CommunityId, Timestamp};
use serde_json::json;

use crate::Error;

/// The kind under which a held entry shows.
pub(crate) const HELD: &str = "journal.held";

/// The subjects whose entries are held now, and until when.
#[derive(Clone, Debug, Default)]
pub(crate) struct Held(Vec<(String, Timestamp)>);

impl Held {
    /// What is held in a community at an instant.
    pub(crate) fn at(
        read: &mut dyn Read,
        community: CommunityId,
        now: Timestamp,
    ) -> Result<Self, Error> {
        decisions::held_back(read, community, now)
            .map(Self)
            .map_err(|error| Error::Shown {
                reason: error.to_string(),
            })
    }

    /// The entry as readers may see it. Deliveries, openings, votes and changes of them look alike, so that counting
    /// held entries tells no turnout.
    pub(crate) fn shown(&self, entry: &Entry) -> Entry {
        let held = self.0.iter().find(|(subject, _)| *subject == entry.subject);
        let Some((_, until)) = held else {
            return entry.clone();
        };
        Entry {
            kind: HELD.to_owned(),
            subject: "held".to_owned(),
            public: json!({ "held_until": until.rfc3339() }).to_string(),
            commitment: None,
            ..entry.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::Uuid;

    use super::*;

    #[test]
    fn a_held_entry_shows_its_place_and_nothing_of_what_it_is() {
        let entry = |kind: &str, subject: &str| Entry {
            community: CommunityId::from_uuid(Uuid::from_u128(1)),
            position: 7,
            at: Timestamp::from_micros(1_795_453_500_000_000),
            actor: Uuid::from_u128(2),
            kind: kind.to_owned(),
            subject: subject.to_owned(),
            public: r#"{"channel":"paper"}"#.to_owned(),
            commitment: Some(proof::Hash([3; 32])),
            nodes: Vec::new(),
        };
        let until = Timestamp::from_micros(1_795_500_000_000_000);
        let held = Held(vec![("ballots/9".to_owned(), until)]);
        let vote = held.shown(&entry("decisions.vote.cast", "ballots/9"));
        let delivery = held.shown(&entry("decisions.ballot.delivered", "ballots/9"));
        assert_eq!(vote, delivery);
        assert_eq!((vote.position, vote.kind.as_str()), (7, HELD));
        assert!(!vote.public.contains("paper"), "{}", vote.public);
        let other = entry("decisions.vote.cast", "ballots/10");
        assert_eq!(held.shown(&other), other);
        assert_eq!(Held::default().shown(&other), other);
    }
}
