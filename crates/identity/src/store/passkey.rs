//! Passkeys and their ceremonies in the database.

use db::{Read, Tx};
use kernel::{AccountId, CommunityId, Context, Timestamp, Vault};

use super::{
    DELETE_CEREMONY, DELETE_PASSKEY, FIND_CEREMONY, FIND_PASSKEY, INSERT_CEREMONY, INSERT_PASSKEY,
    LIST_PASSKEYS, PRUNE_CEREMONIES, RENAME_PASSKEY, USE_PASSKEY,
};
use crate::{CeremonyId, Error, PasskeyId};

const STATE: &str = "identity.ceremony";

/// A passkey as stored.
pub(crate) struct PasskeyRow {
    pub(crate) id: PasskeyId,
    pub(crate) credential: String,
    pub(crate) label: String,
    pub(crate) added_at: Timestamp,
    pub(crate) last_used_at: Option<Timestamp>,
}

/// Adds a passkey; false if some account has it.
pub(crate) fn insert_passkey(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: PasskeyId,
    account: AccountId,
    credential_id: &[u8],
    credential: &str,
    label: &str,
) -> Result<bool, Error> {
    let values = [
        id.into(),
        account.into(),
        credential_id.into(),
        credential.into(),
        label.into(),
        ctx.now.into(),
    ];
    Ok(tx.execute(INSERT_PASSKEY, &values)? == 1)
}

pub(crate) fn list_passkeys(
    read: &mut dyn Read,
    account: AccountId,
) -> Result<Vec<PasskeyRow>, Error> {
    let rows = read.query(LIST_PASSKEYS, &[account.into()])?;
    let passkey = |row: &db::Row| -> Result<PasskeyRow, Error> {
        Ok(PasskeyRow {
            id: row.get(0)?,
            credential: row.get(1)?,
            label: row.get(2)?,
            added_at: row.get(3)?,
            last_used_at: row.get(4)?,
        })
    };
    rows.iter().map(passkey).collect()
}

/// The passkey with this credential id: its id, account and credential.
pub(crate) fn find_passkey(
    read: &mut dyn Read,
    credential_id: &[u8],
) -> Result<Option<(PasskeyId, AccountId, String)>, Error> {
    let Some(row) = read.query_one(FIND_PASSKEY, &[credential_id.into()])? else {
        return Ok(None);
    };
    Ok(Some((row.get(0)?, row.get(1)?, row.get(2)?)))
}

/// Writes the credential back after use, with its new counter.
pub(crate) fn use_passkey(
    tx: &mut dyn Tx,
    id: PasskeyId,
    credential: &str,
    now: Timestamp,
) -> Result<(), Error> {
    tx.execute(USE_PASSKEY, &[id.into(), credential.into(), now.into()])?;
    Ok(())
}

pub(crate) fn rename_passkey(
    tx: &mut dyn Tx,
    id: PasskeyId,
    account: AccountId,
    label: &str,
) -> Result<(), Error> {
    one_passkey(tx.execute(RENAME_PASSKEY, &[id.into(), account.into(), label.into()])?)
}

pub(crate) fn delete_passkey(
    tx: &mut dyn Tx,
    id: PasskeyId,
    account: AccountId,
) -> Result<(), Error> {
    one_passkey(tx.execute(DELETE_PASSKEY, &[id.into(), account.into()])?)
}

/// A ceremony's state, opened.
pub(crate) struct CeremonyRow {
    pub(crate) kind: String,
    pub(crate) account: Option<AccountId>,
    pub(crate) state: String,
    pub(crate) expires_at: Timestamp,
}

pub(crate) fn insert_ceremony(
    tx: &mut dyn Tx,
    id: CeremonyId,
    kind: &'static str,
    account: Option<AccountId>,
    state_sealed: &[u8],
    expires_at: Timestamp,
) -> Result<(), Error> {
    let values = [
        id.into(),
        kind.into(),
        account.into(),
        state_sealed.into(),
        expires_at.into(),
    ];
    tx.execute(INSERT_CEREMONY, &values)?;
    Ok(())
}

pub(crate) fn find_ceremony(
    read: &mut dyn Read,
    vault: &Vault,
    id: CeremonyId,
) -> Result<Option<CeremonyRow>, Error> {
    let Some(row) = read.query_one(FIND_CEREMONY, &[id.into()])? else {
        return Ok(None);
    };
    Ok(Some(CeremonyRow {
        kind: row.get(0)?,
        account: row.get(1)?,
        state: vault.open(CommunityId::CITY, STATE, &row.get::<Vec<u8>>(2)?)?,
        expires_at: row.get(3)?,
    }))
}

/// Seals a ceremony's state.
pub(crate) fn seal_ceremony(
    vault: &Vault,
    random: &kernel::Randomness,
    state: &str,
) -> Result<Vec<u8>, Error> {
    Ok(vault.seal(random, CommunityId::CITY, STATE, state)?)
}

/// Takes a ceremony away, so that its answer counts once; false if it was taken.
pub(crate) fn delete_ceremony(tx: &mut dyn Tx, id: CeremonyId) -> Result<bool, Error> {
    Ok(tx.execute(DELETE_CEREMONY, &[id.into()])? == 1)
}

pub(crate) fn prune_ceremonies(tx: &mut dyn Tx, before: Timestamp) -> Result<u64, Error> {
    Ok(tx.execute(PRUNE_CEREMONIES, &[before.into()])?)
}

fn one_passkey(changed: u64) -> Result<(), Error> {
    if changed == 1 {
        Ok(())
    } else {
        Err(Error::NoSuchPasskey)
    }
}
