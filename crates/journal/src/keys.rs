//! Which keys a database's record belongs to, kept with it: others are refused before they write a word.

use db::{Read, Tx};
use kernel::{CommunityId, Randomness, Timestamp, Vault};
use proof::{SignedHead, VerifyingKey};

use crate::record::SEALED_FOR;
use crate::{Error, store};

/// What the vault seals so that another vault is found out.
const CONSTANT: &str = "linli keys 1";
/// The purpose it is sealed for.
const PURPOSE: &str = "journal.keys";

/// Whose record a database holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignedBy {
    /// Nobody's yet: nothing was recorded, so it may take any keys.
    Nobody,
    /// Of the key with this public text, or, where the record is older than the mark, with this name and id.
    Key(String),
    /// Something was recorded by a version that kept no mark, and no head was signed.
    Unknown,
}

/// Whose record this database holds.
pub fn signed_by(read: &mut dyn Read) -> Result<SignedBy, Error> {
    if let Some((public_key, _)) = store::keys(read)? {
        return Ok(SignedBy::Key(public_key));
    }
    if let Some(head) = newest_head(read)? {
        return Ok(SignedBy::Key(signer_of(&head)));
    }
    Ok(if store::communities(read)?.is_empty() {
        SignedBy::Nobody
    } else {
        SignedBy::Unknown
    })
}

/// Refuses keys that are not this record's: another signing key, or a vault that does not open what is sealed here.
/// A record that says nothing yet takes any.
pub fn check_keys(read: &mut dyn Read, vault: &Vault, key: &VerifyingKey) -> Result<(), Error> {
    let other = |kept: String| Error::OtherKeys {
        kept,
        given: key.to_string(),
    };
    let other_vault = || Error::OtherVault {
        key: key.to_string(),
    };
    if let Some((kept, sealed)) = store::keys(read)? {
        if kept != key.to_string() {
            return Err(other(kept));
        }
        let opened = vault.open(CommunityId::CITY, PURPOSE, &sealed);
        return match opened {
            Ok(text) if text == CONSTANT => Ok(()),
            _ => Err(other_vault()),
        };
    }
    if let Some(head) = newest_head(read)?
        && let Err(proof::Error::HeadNotSigned { .. }) = head.verify(key)
    {
        return Err(other(signer_of(&head)));
    }
    if let Some((community, sealed)) = store::any_private_part(read)? {
        vault
            .open(community, SEALED_FOR, &sealed)
            .map_err(|_| other_vault())?;
    }
    Ok(())
}

/// Checks the keys, and marks a record with them that bears no mark yet.
pub fn mark_keys(
    tx: &mut dyn Tx,
    vault: &Vault,
    random: &Randomness,
    key: &VerifyingKey,
    now: Timestamp,
) -> Result<(), Error> {
    check_keys(tx, vault, key)?;
    if store::keys(tx)?.is_none() {
        let sealed = vault.seal(random, CommunityId::CITY, PURPOSE, CONSTANT)?;
        store::insert_keys(tx, now, key.to_string(), sealed)?;
    }
    Ok(())
}

fn newest_head(read: &mut dyn Read) -> Result<Option<SignedHead>, Error> {
    store::any_newest_head(read)?
        .map(|checkpoint| Ok(SignedHead::from_note(&checkpoint)?))
        .transpose()
}

/// The name and id of the key that signed first; heads carry no more of it.
fn signer_of(head: &SignedHead) -> String {
    let first = head.signatures.first();
    first.map_or_else(String::new, |by| format!("{}+{:08x}", by.name, by.key_id))
}
