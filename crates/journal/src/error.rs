//! What the journal may answer instead of recording or proving.

use kernel::{Kind, Problem};

/// An error of the journal.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database said no.
    #[error(transparent)]
    Database(#[from] db::Error),
    /// A proof can't be made or does not hold.
    #[error(transparent)]
    Proof(#[from] proof::Error),
    /// A private part does not open.
    #[error(transparent)]
    Vault(#[from] kernel::Unsealable),
    /// The idempotency key was used for another command.
    #[error(
        "the idempotency key \"{key}\" was used for another command; take a new key for a new command"
    )]
    KeyReused {
        /// The key.
        key: String,
    },
    /// A key that can't be stored.
    #[error("an idempotency key has 1 to 200 characters; this one has {length}")]
    KeyLength {
        /// Its length in bytes.
        length: usize,
    },
    /// There is no such entry.
    #[error("the community's journal has no entry {position}; look at its newest entries")]
    NoSuchEntry {
        /// The position asked for.
        position: u64,
    },
    /// The record does not hold: it was changed outside Linli.
    #[error(
        "entry {position} of community {community} does not match the record: {reason}; restore the database from a backup and compare"
    )]
    Broken {
        /// The community.
        community: kernel::CommunityId,
        /// The first position that does not hold.
        position: u64,
        /// What does not match.
        reason: String,
    },
    /// The keys at hand are another database's.
    #[error("this database's record is signed by {kept}, but these keys sign as {given}")]
    OtherKeys {
        /// The record's public key, or its name and id.
        kept: String,
        /// The public key at hand.
        given: String,
    },
    /// The signing key fits, the keys of personal data don't.
    #[error(
        "these keys sign as this database's record does ({key}), but do not open its personal data; a line of `vault` is missing or was changed"
    )]
    OtherVault {
        /// The public key of both.
        key: String,
    },
    /// A command wrote no entry or several: a defect.
    #[error(
        "the command {command} wrote {entries} entries instead of one; nothing was changed; report this"
    )]
    NotOneEntry {
        /// The command's name.
        command: &'static str,
        /// How many it wrote.
        entries: u64,
    },
    /// A value that can't be written as JSON or read back: a defect.
    #[error("{what} is not valid JSON: {reason}; nothing was changed; report this")]
    Json {
        /// Which value.
        what: &'static str,
        /// The parser's words.
        reason: String,
    },
}

impl Problem for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Database(error) => error.kind(),
            Self::KeyReused { .. } => Kind::Conflict,
            Self::KeyLength { .. } => Kind::Invalid,
            Self::NoSuchEntry { .. } => Kind::NotFound,
            Self::Proof(_)
            | Self::Vault(_)
            | Self::Broken { .. }
            | Self::OtherKeys { .. }
            | Self::OtherVault { .. }
            | Self::NotOneEntry { .. }
            | Self::Json { .. } => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Database(error) => error.code(),
            Self::KeyReused { .. } => "journal-error-key-reused",
            Self::KeyLength { .. } => "journal-error-key-length",
            Self::NoSuchEntry { .. } => "journal-error-no-such-entry",
            Self::Broken { .. } => "journal-error-broken",
            Self::Proof(_)
            | Self::Vault(_)
            | Self::OtherKeys { .. }
            | Self::OtherVault { .. }
            | Self::NotOneEntry { .. }
            | Self::Json { .. } => "error-internal",
        }
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::NoSuchEntry { position } | Self::Broken { position, .. } => {
                vec![("position", position.to_string())]
            }
            Self::KeyLength { length } => vec![("length", length.to_string())],
            _ => Vec::new(),
        }
    }
}
