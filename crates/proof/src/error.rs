//! Everything that can be wrong with a log, a head or a receipt.

use thiserror::Error;

/// What happened, to what, and what to do.
#[derive(Debug, Error)]
pub enum Error {
    /// Text is not a hash.
    #[error("{text:?} is not a SHA-256 hash in base64")]
    NotAHash {
        /// The text, shortened.
        text: String,
    },
    /// A log beyond [`MAX_SIZE`](crate::MAX_SIZE).
    #[error("a log of {size} entries is more than this format allows")]
    TooLarge {
        /// The size that was asked for.
        size: u64,
    },
    /// An entry beyond the end.
    #[error("entry {index} is not in a log of {size} entries")]
    NoSuchEntry {
        /// The entry's position.
        index: u64,
        /// The log's size.
        size: u64,
    },
    /// A head beyond the end.
    #[error("a log of {to} entries cannot continue one of {from}")]
    NoSuchHead {
        /// The earlier size.
        from: u64,
        /// The later size.
        to: u64,
    },
    /// More or fewer hashes than the plan lists.
    #[error("the plan needs {needed} stored nodes, but {given} were read")]
    WrongNodeCount {
        /// How many the plan lists.
        needed: usize,
        /// How many were given.
        given: usize,
    },
    /// Bytes that no frontier was written to.
    #[error("these bytes are not a frontier; rebuild it from the rows")]
    MalformedFrontier,
    /// A row whose entry or stored nodes are not what was appended.
    #[error(
        "the row of entry {position} was altered, or an entry before it was removed: \
         restore the record from a backup that verifies"
    )]
    RowAltered {
        /// The entry's position.
        position: u64,
    },
    /// Bytes that are not a canonical entry.
    #[error("these bytes are not an entry: {field} is cut short, unknown or left over")]
    MalformedEntry {
        /// The field at which reading stopped.
        field: &'static str,
    },
    /// An entry whose public part is not JSON.
    #[error("the public part of entry {position} is not JSON: {reason}")]
    PublicPartNotJson {
        /// The entry's position.
        position: u64,
        /// What the reader said.
        reason: serde_json::Error,
    },
    /// A key name that notes can't carry.
    #[error("{name:?} cannot name a key: it must not be empty nor have spaces or '+'")]
    InvalidKeyName {
        /// The name, shortened.
        name: String,
    },
    /// Text that is not a key; not shown, as it may be a secret.
    #[error("this is not an Ed25519 key of the form <name>+<key id>+<base64>")]
    MalformedKey,
    /// A note that is not one of this log's heads.
    #[error("this is not a signed head: its {field} is missing or malformed")]
    MalformedHead {
        /// The part at which reading stopped.
        field: &'static str,
    },
    /// A head without the key's signature.
    #[error("the head of {origin} carries no signature by the key {key}")]
    HeadNotSigned {
        /// Which log.
        origin: String,
        /// The key, in its text form.
        key: String,
    },
    /// A head whose signature doesn't fit it.
    #[error("the head of {origin} at size {size} was altered after it was signed")]
    HeadAltered {
        /// Which log.
        origin: String,
        /// The size it claims.
        size: u64,
    },
    /// A proof that doesn't lead from the entry to the root.
    #[error(
        "the entry is not entry {index} of the log of {size} entries: \
         the receipt was altered, or belongs to another entry"
    )]
    NotIncluded {
        /// The position claimed.
        index: u64,
        /// The log's size.
        size: u64,
    },
    /// A proof that doesn't lead from the earlier root to the later one.
    #[error(
        "the log of {to} entries does not continue the log of {from}: \
         either the proof was altered, or the record was. Keep both files and ask for an inquiry"
    )]
    Inconsistent {
        /// The earlier size.
        from: u64,
        /// The later size.
        to: u64,
    },
    /// A file that is not JSON of the expected form.
    #[error("this is not a {file} file: {reason}")]
    NotJson {
        /// The format that was expected.
        file: &'static str,
        /// What the reader said.
        reason: serde_json::Error,
    },
    /// A file of another kind or version.
    #[error("the file says it is {found:?}, expected {expected:?}")]
    WrongFormat {
        /// The format that was expected.
        expected: &'static str,
        /// What the file says, shortened.
        found: String,
    },
    /// The head file's key is not the trusted one.
    #[error("the head is signed with {found}, but the trusted key is {trusted}")]
    UntrustedKey {
        /// The head file's key.
        found: String,
        /// The key given as trusted.
        trusted: String,
    },
    /// The readable part doesn't say what the entry's bytes say.
    #[error("the receipt was altered: {field} is not what the entry says")]
    ReceiptMisstates {
        /// The field that differs.
        field: String,
    },
    /// An opening for an entry without a private part.
    #[error("the receipt was altered: entry {position} has no private part to open")]
    NothingToOpen {
        /// The entry's position.
        position: u64,
    },
    /// An opening that is not what the entry committed to.
    #[error("the receipt was altered: its private part is not what entry {position} committed to")]
    WrongOpening {
        /// The entry's position.
        position: u64,
    },
    /// Receipt and head belong to different logs.
    #[error("the receipt belongs to {receipt}, but the head to {head}: take that community's head")]
    OtherLog {
        /// The log of the receipt's entry.
        receipt: String,
        /// The log of the head.
        head: String,
    },
    /// Two heads of one size with different roots, both signed.
    #[error(
        "the server signed two different records of {size} entries. \
         Keep both files: they prove it; ask for an inquiry"
    )]
    SplitView {
        /// The size of both.
        size: u64,
    },
    /// The published head is older than the receipt.
    #[error(
        "the head has {head} entries, fewer than the {receipt} the receipt was given at: \
         download the latest head; if it stays shorter, entries were removed"
    )]
    HeadTooOld {
        /// The size at the receipt.
        receipt: u64,
        /// The size of the head file.
        head: u64,
    },
    /// The head file lacks the proof from the receipt's size.
    #[error(
        "the head file has no proof that its {to} entries continue the receipt's {from}: \
         download the head again with ?from={from}"
    )]
    ConsistencyMissing {
        /// The size at the receipt: the number that `?from=` takes.
        from: u64,
        /// The size of the head file.
        to: u64,
    },
}
