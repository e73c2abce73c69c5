//! Reading the record.

use db::{Read, Tx};
use kernel::{CommunityId, Timestamp, Uuid, Vault};
use proof::Hash;

use crate::record::SEALED_FOR;
use crate::{Error, store};

/// An entry as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The community whose journal it stands in.
    pub community: CommunityId,
    /// Its place there, from 0.
    pub position: u64,
    /// When, by the server's clock.
    pub at: Timestamp,
    /// Who; all zeros for Linli itself.
    pub actor: Uuid,
    /// What was done, `module.thing.done`.
    pub kind: String,
    /// What it was done to, `thing/ID`.
    pub subject: String,
    /// The public part: JSON text.
    pub public: String,
    /// The commitment to the private part, if there is one.
    pub commitment: Option<Hash>,
    /// The log's nodes that its row keeps.
    pub nodes: Vec<u8>,
}

impl Entry {
    /// The entry as it is hashed.
    pub fn canonical(&self) -> proof::Entry {
        proof::Entry {
            community: *self.community.uuid().as_bytes(),
            position: self.position,
            at_us: self.at.micros(),
            actor: *self.actor.as_bytes(),
            kind: self.kind.clone(),
            subject: self.subject.clone(),
            public: self.public.clone(),
            private_commitment: self.commitment,
        }
    }

    /// The public part as a JSON value.
    pub fn public_value(&self) -> Result<serde_json::Value, Error> {
        serde_json::from_str(&self.public).map_err(|error| Error::Json {
            what: "a public part",
            reason: error.to_string(),
        })
    }
}

/// The entry at a position.
pub fn entry(read: &mut dyn Read, community: CommunityId, position: u64) -> Result<Entry, Error> {
    store::entry_at(read, community, position)?.ok_or(Error::NoSuchEntry { position })
}

/// At most `limit` entries from a position on.
pub fn entries(
    read: &mut dyn Read,
    community: CommunityId,
    from: u64,
    limit: u32,
) -> Result<Vec<Entry>, Error> {
    Ok(store::entries_from(read, community, from, limit)?)
}

/// What was done to a subject, newest first: at most `limit` entries before a position (`u64::MAX` for the newest).
pub fn history(
    read: &mut dyn Read,
    community: CommunityId,
    subject: &str,
    before: u64,
    limit: u32,
) -> Result<Vec<Entry>, Error> {
    Ok(store::history(read, community, subject, before, limit)?)
}

/// The private part of an entry with its salt, if it has one and it was not erased. The caller has checked the right
/// to read it, and journals the reading where it is another person's.
pub fn private_part(
    read: &mut dyn Read,
    vault: &Vault,
    community: CommunityId,
    position: u64,
) -> Result<Option<proof::Opening>, Error> {
    let Some((salt, sealed)) = store::private_at(read, community, position)? else {
        return Ok(None);
    };
    let value = vault.open(community, SEALED_FOR, &sealed)?;
    Ok(Some(proof::Opening {
        salt: proof::Salt(salt),
        value,
    }))
}

/// Forgets the private parts of every entry about a subject, for good, and says how many there were. The entries with
/// their commitments stay, so every proof and head holds. For commands that erase a person's data; a command's own
/// private part is written after it and stays.
pub fn erase_private(tx: &mut dyn Tx, community: CommunityId, subject: &str) -> Result<u64, Error> {
    Ok(store::erase_private(tx, community, subject)?)
}
