//! Does the vote table say what the journal says? For `linli verify` and the crash test.

use std::collections::HashMap;

use db::Read;
use journal::Entry;
use kernel::{CommunityId, Vault};
use people::model::UnitId;
use serde::Deserialize;

use crate::store::{self, StoredVote};
use crate::{Error, model::receipt_code};

/// The votes of a community as its journal tells them, gathered while the journal is audited.
pub struct VotesInJournal {
    vault: Vault,
    /// The votes that no later one replaced: position to subject and receipt's code.
    standing: HashMap<u64, (String, String)>,
}

/// What the audit reads of a vote's public part.
#[derive(Deserialize)]
struct Public {
    replaces: Option<u64>,
}

/// What the audit reads of a vote's private part.
#[derive(Deserialize)]
struct Private {
    unit: UnitId,
    choice: String,
}

impl VotesInJournal {
    /// Nothing gathered yet.
    pub fn new(vault: Vault) -> Self {
        Self {
            vault,
            standing: HashMap::new(),
        }
    }

    /// Takes note of an entry if it is a vote; entries come in the journal's order.
    pub fn see(&mut self, entry: &Entry) {
        if entry.kind != "decisions.vote.cast" {
            return;
        }
        // A public part that can't be read leaves the vote it replaces standing, and the comparison finds one too many.
        if let Ok(Public {
            replaces: Some(replaced),
        }) = serde_json::from_str(&entry.public)
        {
            self.standing.remove(&replaced);
        }
        let code = entry.commitment.map(receipt_code).unwrap_or_default();
        self.standing
            .insert(entry.position, (entry.subject.clone(), code));
    }

    /// Compares the table with what was gathered, vote by vote, and says how many there are.
    pub fn compare(self, read: &mut dyn Read, community: CommunityId) -> Result<u64, Error> {
        let stored = store::stored_votes(read, community)?;
        if stored.len() != self.standing.len() {
            let reason = format!(
                "{} votes in the table, {} in the journal",
                stored.len(),
                self.standing.len()
            );
            return Err(broken(community, 0, reason));
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
        let subject = crate::commands::ballots_subject(vote.resolution);
        if self.standing.get(&vote.position) != Some(&(subject, vote.code.clone())) {
            let reason = "a vote in the table does not stand in the journal".to_owned();
            return Err(broken(community, vote.position, reason));
        }
        let opened = journal::private_part(read, &self.vault, community, vote.position)?;
        let Some(opening) = opened else {
            return Ok(());
        };
        let private: Private = serde_json::from_str(&opening.value)
            .map_err(|error| broken(community, vote.position, error.to_string()))?;
        if private.choice == vote.choice && private.unit == vote.unit {
            Ok(())
        } else {
            let reason = "the table says another unit or choice than the entry".to_owned();
            Err(broken(community, vote.position, reason))
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
