//! What `linli verify RECEIPT.json --head HEAD.json` answers: does the entry stand in the record
//! that everyone else sees?

use std::cmp::Ordering;

use serde_json::Value;

use crate::Error;
use crate::commitment::Opening;
use crate::entry::{Entry, id_text};
use crate::hash::leaf_hash;
use crate::head::{Head, SignedHead};
use crate::key::VerifyingKey;
use crate::receipt::{HEAD_FORMAT, HeadFile, RECEIPT_FORMAT, Receipt, check_format};
use crate::verify::{verify_consistency, verify_inclusion};

/// What a receipt proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The entry, to the letter.
    pub entry: Entry,
    /// The private part, if the receipt opens it; it is what the entry committed to.
    pub private: Option<String>,
    /// The head in the receipt.
    pub receipt_head: Head,
    /// The published head, which holds all of the receipt's.
    pub head: Head,
    /// The key that signed both.
    pub key: VerifyingKey,
    /// Whether that key was the trusted one. If not, nothing says whose it is: compare it with
    /// what the server publishes elsewhere.
    pub key_trusted: bool,
}

/// Checks a receipt against the published head: the entry says what the receipt shows, its private
/// part is what it committed to, it is under the receipt's head, the server signed that head, and
/// the published head continues it.
///
/// # Errors
/// One variant for each of these that doesn't hold; all of [`Error`]'s texts say what to do.
pub fn verify_receipt(
    receipt: &Receipt,
    head_file: &HeadFile,
    trusted_key: Option<&VerifyingKey>,
) -> Result<Verified, Error> {
    check_format(RECEIPT_FORMAT, &receipt.format)?;
    check_format(HEAD_FORMAT, &head_file.format)?;
    let key = check_key(head_file, trusted_key)?;
    let entry = check_entry(receipt)?;
    check_opening(receipt.opening.as_ref(), &entry)?;

    let origin = Head::origin_of(entry.community);
    let receipt_head = check_head(&receipt.head, key, &origin)?;
    let leaf = leaf_hash(&receipt.entry);
    verify_inclusion(
        leaf,
        entry.position,
        receipt_head.size,
        receipt_head.root,
        &receipt.inclusion,
    )?;

    let published = SignedHead::from_note(&head_file.checkpoint)?;
    let head = check_head(&published, key, &origin)?;
    check_continues(receipt_head, head, head_file)?;

    Ok(Verified {
        entry,
        private: receipt
            .opening
            .as_ref()
            .map(|opening| opening.value.clone()),
        receipt_head: receipt_head.clone(),
        head: head.clone(),
        key: key.clone(),
        key_trusted: trusted_key.is_some(),
    })
}

fn check_key<'a>(
    head_file: &'a HeadFile,
    trusted: Option<&VerifyingKey>,
) -> Result<&'a VerifyingKey, Error> {
    match trusted {
        Some(trusted) if *trusted != head_file.public_key => Err(Error::UntrustedKey {
            found: head_file.public_key.to_string(),
            trusted: trusted.to_string(),
        }),
        _ => Ok(&head_file.public_key),
    }
}

/// The entry, if the receipt shows of it what its bytes say.
fn check_entry(receipt: &Receipt) -> Result<Entry, Error> {
    let entry = Entry::decode(&receipt.entry)?;
    if receipt.community != id_text(entry.community) {
        return Err(Error::ReceiptMisstates {
            field: "community".to_owned(),
        });
    }
    if receipt.position != entry.position {
        return Err(Error::ReceiptMisstates {
            field: "position".to_owned(),
        });
    }
    let readable = entry.readable()?;
    if readable != receipt.what {
        let field = first_difference(&readable, &receipt.what);
        return Err(Error::ReceiptMisstates { field });
    }
    Ok(entry)
}

/// Where the readable part first departs from the entry, as `what.<field>`.
fn first_difference(entry: &Value, shown: &Value) -> String {
    let (Value::Object(entry), Value::Object(shown)) = (entry, shown) else {
        return "what".to_owned();
    };
    entry
        .keys()
        .chain(shown.keys())
        .find(|key| entry.get(*key) != shown.get(*key))
        .map_or_else(|| "what".to_owned(), |key| format!("what.{key}"))
}

fn check_opening(opening: Option<&Opening>, entry: &Entry) -> Result<(), Error> {
    match (opening, entry.private_commitment) {
        (None, _) => Ok(()),
        (Some(_), None) => Err(Error::NothingToOpen {
            position: entry.position,
        }),
        (Some(opening), Some(commitment)) if opening.commitment() == commitment => Ok(()),
        (Some(_), Some(_)) => Err(Error::WrongOpening {
            position: entry.position,
        }),
    }
}

fn check_head<'a>(
    signed: &'a SignedHead,
    key: &VerifyingKey,
    origin: &str,
) -> Result<&'a Head, Error> {
    let head = signed.verify(key)?;
    if head.origin == origin {
        return Ok(head);
    }
    Err(Error::OtherLog {
        receipt: origin.to_owned(),
        head: head.origin.clone(),
    })
}

/// Checks that the published head holds the whole record under the receipt's.
fn check_continues(receipt: &Head, published: &Head, file: &HeadFile) -> Result<(), Error> {
    let (from, to) = (receipt.size, published.size);
    match from.cmp(&to) {
        Ordering::Equal if receipt.root == published.root => Ok(()),
        Ordering::Equal => Err(Error::SplitView { size: from }),
        Ordering::Greater => Err(Error::HeadTooOld {
            receipt: from,
            head: to,
        }),
        Ordering::Less => {
            let proof = file
                .consistency
                .iter()
                .find(|proof| proof.from == from)
                .ok_or(Error::ConsistencyMissing { from, to })?;
            verify_consistency(from, receipt.root, to, published.root, &proof.hashes)
        }
    }
}
