//! Does the vote table say what the journal says? For `linli verify` and the crash test.

use std::collections::HashMap;

use db::Read;
use journal::Entry;
use kernel::{CommunityId, Vault};
use serde::Deserialize;

use crate::store::{self, StoredVote};
use crate::{Error, model::receipt_code};

/// The votes of a community as its journal tells them, gathered while the journal is audited.
pub struct VotesInJournal {
    vault: Vault,
    /// By unit's subject: the newest entry's position and its receipt's code.
    newest: HashMap<String, (u64, String)>,
}

/// The private part of a vote's entry.
#[derive(Deserialize)]
struct Private {
    choice: String,
}

impl VotesInJournal {
    /// Nothing gathered yet.
    pub fn new(vault: Vault) -> Self {
        Self {
            vault,
            newest: HashMap::new(),
        }
    }

    /// Takes note of an entry if it is a vote; entries come in the journal's order.
    pub fn see(&mut self, entry: &Entry) {
        if entry.kind == "decisions.vote.cast" {
            let code = entry.commitment.map(receipt_code).unwrap_or_default();
            self.newest
                .insert(entry.subject.clone(), (entry.position, code));
        }
    }

    /// Compares the table with what was gathered, vote by vote, and says how many there are.
    pub fn compare(self, read: &mut dyn Read, community: CommunityId) -> Result<u64, Error> {
        let stored = store::stored_votes(read, community)?;
        if stored.len() != self.newest.len() {
            return Err(broken(
                community,
                0,
                format!(
                    "{} votes in the table, {} in the journal",
                    stored.len(),
                    self.newest.len()
                ),
            ));
        }
        for vote in &stored {
            self.compare_one(read, community, vote)?;
        }
        Ok(u64::try_from(stored.len()).unwrap_or(u64::MAX))
    }

    fn compare_one(
        &self,
        read: &mut dyn Read,
        community: CommunityId,
        vote: &StoredVote,
    ) -> Result<(), Error> {
        let subject = crate::commands::unit_subject(vote.resolution, vote.unit);
        let journalled = self.newest.get(&subject);
        if journalled != Some(&(vote.position, vote.code.clone())) {
            return Err(broken(
                community,
                vote.position,
                format!("the vote of {subject} is not the journal's newest"),
            ));
        }
        let Some(opening) = journal::private_part(read, &self.vault, community, vote.position)?
        else {
            return Ok(());
        };
        let private: Private = serde_json::from_str(&opening.value)
            .map_err(|error| broken(community, vote.position, error.to_string()))?;
        if private.choice == vote.choice {
            Ok(())
        } else {
            Err(broken(
                community,
                vote.position,
                format!(
                    "the table says {}, the entry {}",
                    vote.choice, private.choice
                ),
            ))
        }
    }
}

fn broken(community: CommunityId, position: u64, reason: String) -> Error {
    journal::Error::Broken {
        community,
        position,
        reason,
    }
    .into()
}
