//! The two files a person needs: the receipt they were given, and the head anyone may download.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Error;
use crate::commitment::Opening;
use crate::entry::{Entry, id_text};
use crate::hash::Hash;
use crate::head::{SignedHead, bytes_from_base64, bytes_to_base64};
use crate::key::VerifyingKey;

/// What `format` says in a [`Receipt`].
pub const RECEIPT_FORMAT: &str = "linli-receipt/1";
/// What `format` says in a [`HeadFile`].
pub const HEAD_FORMAT: &str = "linli-head/1";

/// The proof, given to a person, that an entry of theirs stands in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// [`RECEIPT_FORMAT`].
    pub format: String,
    /// The community's id as UUID text.
    pub community: String,
    /// The entry's place in the community's log, from 0.
    pub position: u64,
    /// What the entry says, for people; see [`Entry::readable`].
    pub what: Value,
    /// The entry's canonical bytes; see [`Entry::encode`].
    #[serde(
        serialize_with = "bytes_to_base64",
        deserialize_with = "bytes_from_base64"
    )]
    pub entry: Vec<u8>,
    /// The private part, if the holder was given it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opening: Option<Opening>,
    /// The proof that the entry is under `head`'s root.
    pub inclusion: Vec<Hash>,
    /// The head that the server signed then.
    pub head: SignedHead,
}

/// The log's latest signed head, with proofs that it continues earlier ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadFile {
    /// [`HEAD_FORMAT`].
    pub format: String,
    /// The signed note; see [`SignedHead::to_note`].
    pub checkpoint: String,
    /// The server's public key, to be compared with what it publishes elsewhere.
    pub public_key: VerifyingKey,
    /// One proof for each earlier size that was asked for with `?from=N`.
    #[serde(default)]
    pub consistency: Vec<ConsistencyProof>,
}

/// The proof that a head continues the log of its first `from` entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsistencyProof {
    /// The earlier size.
    pub from: u64,
    /// The proof's hashes.
    pub hashes: Vec<Hash>,
}

impl Receipt {
    /// The receipt for `entry`, with `inclusion` proving it under `head`.
    ///
    /// # Errors
    /// [`Error::PublicPartNotJson`].
    pub fn new(
        entry: &Entry,
        opening: Option<Opening>,
        inclusion: Vec<Hash>,
        head: SignedHead,
    ) -> Result<Self, Error> {
        Ok(Self {
            format: RECEIPT_FORMAT.to_owned(),
            community: id_text(entry.community),
            position: entry.position,
            what: entry.readable()?,
            entry: entry.encode(),
            opening,
            inclusion,
            head,
        })
    }

    /// Reads a receipt's JSON; checks its form, not its truth.
    ///
    /// # Errors
    /// [`Error::NotJson`], [`Error::WrongFormat`].
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        let receipt: Self = serde_json::from_slice(json).map_err(|reason| Error::NotJson {
            file: RECEIPT_FORMAT,
            reason,
        })?;
        check_format(RECEIPT_FORMAT, &receipt.format)?;
        Ok(receipt)
    }

    /// The receipt as indented JSON.
    ///
    /// # Errors
    /// [`Error::NotJson`], if `what` can't be written.
    pub fn to_json(&self) -> Result<String, Error> {
        serde_json::to_string_pretty(self).map_err(|reason| Error::NotJson {
            file: RECEIPT_FORMAT,
            reason,
        })
    }
}

impl HeadFile {
    /// The file for a signed head.
    pub fn new(
        head: &SignedHead,
        public_key: VerifyingKey,
        consistency: Vec<ConsistencyProof>,
    ) -> Self {
        Self {
            format: HEAD_FORMAT.to_owned(),
            checkpoint: head.to_note(),
            public_key,
            consistency,
        }
    }

    /// Reads a head file's JSON; checks its form, not its truth.
    ///
    /// # Errors
    /// [`Error::NotJson`], [`Error::WrongFormat`].
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        let file: Self = serde_json::from_slice(json).map_err(|reason| Error::NotJson {
            file: HEAD_FORMAT,
            reason,
        })?;
        check_format(HEAD_FORMAT, &file.format)?;
        Ok(file)
    }

    /// The file as indented JSON.
    ///
    /// # Errors
    /// [`Error::NotJson`].
    pub fn to_json(&self) -> Result<String, Error> {
        serde_json::to_string_pretty(self).map_err(|reason| Error::NotJson {
            file: HEAD_FORMAT,
            reason,
        })
    }
}

/// Refuses a file of another kind or version.
pub(crate) fn check_format(expected: &'static str, found: &str) -> Result<(), Error> {
    if found == expected {
        return Ok(());
    }
    Err(Error::WrongFormat {
        expected,
        found: found.chars().take(64).collect(),
    })
}
