//! A journal entry as the bytes that are hashed: one encoding per entry, and one entry per
//! encoding.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::Error;
use crate::hash::{Hash, leaf_hash};

/// Names the encoding and its version; the first bytes of every entry.
const MAGIC: &[u8; 14] = b"linli-entry/1\n";

/// What happened in a community: who did what to which thing, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The community's id.
    pub community: [u8; 16],
    /// The entry's place in that community's log, from 0.
    pub position: u64,
    /// Server time, microseconds since 1970 UTC.
    pub at_us: i64,
    /// Who acted.
    pub actor: [u8; 16],
    /// What was done, such as `decisions.ballot.cast`.
    pub kind: String,
    /// What it was done to.
    pub subject: String,
    /// The part that everyone entitled may read: JSON text.
    pub public: String,
    /// The commitment to the private part, if there is one; see [`commit`](crate::commit).
    pub private_commitment: Option<Hash>,
}

impl Entry {
    /// The canonical bytes: numbers big-endian, texts after their length (8 bytes), nothing
    /// optional but the commitment, which follows a 1 or is a 0.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(self.community);
        bytes.extend(self.position.to_be_bytes());
        bytes.extend(self.at_us.to_be_bytes());
        bytes.extend(self.actor);
        for text in [&self.kind, &self.subject, &self.public] {
            bytes.extend(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
            bytes.extend(text.as_bytes());
        }
        match self.private_commitment {
            None => bytes.push(0),
            Some(commitment) => {
                bytes.push(1);
                bytes.extend(commitment.0);
            }
        }
        bytes
    }

    /// Reads canonical bytes, and refuses any others.
    ///
    /// # Errors
    /// [`Error::MalformedEntry`], which names the field.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let mut rest = Rest(bytes);
        if rest.take::<14>("version")? != *MAGIC {
            return Err(Error::MalformedEntry { field: "version" });
        }
        let entry = Self {
            community: rest.take("community")?,
            position: u64::from_be_bytes(rest.take("position")?),
            at_us: i64::from_be_bytes(rest.take("at_us")?),
            actor: rest.take("actor")?,
            kind: rest.text("kind")?,
            subject: rest.text("subject")?,
            public: rest.text("public")?,
            private_commitment: match rest.take::<1>("private_commitment")? {
                [0] => None,
                [1] => Some(Hash(rest.take("private_commitment")?)),
                _ => {
                    return Err(Error::MalformedEntry {
                        field: "private_commitment",
                    });
                }
            },
        };
        if rest.0.is_empty() {
            Ok(entry)
        } else {
            Err(Error::MalformedEntry { field: "end" })
        }
    }

    /// The hash of the canonical bytes as a leaf of the log.
    pub fn leaf_hash(&self) -> Hash {
        leaf_hash(&self.encode())
    }

    /// The entry as a JSON object for people to read; receipts carry it beside the bytes.
    ///
    /// # Errors
    /// [`Error::PublicPartNotJson`].
    pub fn readable(&self) -> Result<Value, Error> {
        let public: Value =
            serde_json::from_str(&self.public).map_err(|reason| Error::PublicPartNotJson {
                position: self.position,
                reason,
            })?;
        Ok(json!({
            "community": id_text(self.community),
            "position": self.position,
            "at": Timestamp::from_microsecond(self.at_us).ok().map(|at| format!("{at:.6}")),
            "at_us": self.at_us,
            "actor": id_text(self.actor),
            "kind": self.kind,
            "subject": self.subject,
            "public": public,
            "private_commitment": self.private_commitment,
        }))
    }
}

/// An id in the usual UUID notation: `0196f0a2-…`.
pub fn id_text(id: [u8; 16]) -> String {
    let hex = format!("{:032x}", u128::from_be_bytes(id));
    let mut text = String::with_capacity(36);
    for (place, digit) in hex.chars().enumerate() {
        if matches!(place, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(digit);
    }
    text
}

/// What is left to read.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn take<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], Error> {
        let (taken, rest) = self
            .0
            .split_first_chunk::<N>()
            .ok_or(Error::MalformedEntry { field })?;
        self.0 = rest;
        Ok(*taken)
    }

    fn text(&mut self, field: &'static str) -> Result<String, Error> {
        let malformed = || Error::MalformedEntry { field };
        let length =
            usize::try_from(u64::from_be_bytes(self.take(field)?)).map_err(|_| malformed())?;
        let (taken, rest) = self.0.split_at_checked(length).ok_or_else(malformed)?;
        self.0 = rest;
        std::str::from_utf8(taken)
            .map(str::to_owned)
            .map_err(|_| malformed())
    }
}
