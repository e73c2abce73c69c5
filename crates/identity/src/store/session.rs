//! Sessions in the database.

use db::{Read, Tx};
use kernel::{AccountId, CommunityId, Context, OrganisationId, Timestamp, Uuid, Vault};

use super::{
    ACT_FOR, AUTHENTICATE, CONFIRM_SESSION, END_SESSION, END_SESSIONS, FIND_SESSION,
    INSERT_SESSION, LIST_SESSIONS, PRUNE_SESSIONS, ROTATE_SESSION, TOUCH_SESSION, open_name,
};
use crate::{Assurance, Error, Language, SessionId, TokenHash};

const DEVICE: &str = "identity.device";

/// A live session with its account, as one look-up finds it.
pub(crate) struct SessionRow {
    pub(crate) session: SessionId,
    pub(crate) account: AccountId,
    pub(crate) assurance: Assurance,
    pub(crate) organisation: Option<OrganisationId>,
    pub(crate) created_at: Timestamp,
    pub(crate) last_seen_at: Timestamp,
    pub(crate) authenticated_at: Timestamp,
    pub(crate) token_issued_at: Timestamp,
    pub(crate) name: String,
    pub(crate) language: Language,
    pub(crate) elder: bool,
}

/// A session of the account's own list.
#[derive(Clone, Debug, serde::Serialize)]
pub struct OwnSession {
    /// Its id, for ending it.
    pub session: SessionId,
    /// What the device called itself.
    pub device: String,
    /// What opened or last confirmed it.
    pub assurance: Assurance,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was used last, to five minutes.
    pub last_seen_at: Timestamp,
    /// When the person last proved who they are in it.
    pub authenticated_at: Timestamp,
}

pub(crate) fn insert_session(
    tx: &mut dyn Tx,
    ctx: &Context,
    session: SessionId,
    account: AccountId,
    token: TokenHash,
    assurance: Assurance,
    device: &str,
) -> Result<(), Error> {
    let device = ctx
        .vault
        .seal(&ctx.random, CommunityId::CITY, DEVICE, device)?;
    let values = [
        session.into(),
        account.into(),
        token.into(),
        assurance.name().into(),
        device.into(),
        ctx.now.into(),
    ];
    tx.execute(INSERT_SESSION, &values)?;
    Ok(())
}

/// The live session with this token, unless its account is disabled. Expiry is the caller's to judge.
pub(crate) fn authenticate(
    read: &mut dyn Read,
    vault: &Vault,
    token: TokenHash,
) -> Result<Option<SessionRow>, Error> {
    let Some(row) = read.query_one(AUTHENTICATE, &[token.into()])? else {
        return Ok(None);
    };
    let assurance: String = row.get(2)?;
    let language: String = row.get(9)?;
    Ok(Some(SessionRow {
        session: row.get(0)?,
        account: row.get(1)?,
        assurance: Assurance::stored(&assurance)?,
        organisation: row.get(3)?,
        created_at: row.get(4)?,
        last_seen_at: row.get(5)?,
        authenticated_at: row.get(6)?,
        token_issued_at: row.get(7)?,
        name: open_name(vault, &row.get::<Vec<u8>>(8)?)?,
        language: Language::stored(&language)?,
        elder: row.get(10)?,
    }))
}

/// When the person last proved who they are in this live session, and by what.
pub(crate) fn find_session(
    read: &mut dyn Read,
    session: SessionId,
    account: AccountId,
) -> Result<(Timestamp, Assurance), Error> {
    let row = read.query_one(FIND_SESSION, &[session.into(), account.into()])?;
    let row = row.ok_or(Error::NoSuchSession)?;
    let assurance: String = row.get(1)?;
    Ok((row.get(0)?, Assurance::stored(&assurance)?))
}

pub(crate) fn list_sessions(
    read: &mut dyn Read,
    vault: &Vault,
    account: AccountId,
) -> Result<Vec<OwnSession>, Error> {
    let rows = read.query(LIST_SESSIONS, &[account.into()])?;
    let own = |row: &db::Row| -> Result<OwnSession, Error> {
        let assurance: String = row.get(1)?;
        Ok(OwnSession {
            session: row.get(0)?,
            assurance: Assurance::stored(&assurance)?,
            device: vault.open(CommunityId::CITY, DEVICE, &row.get::<Vec<u8>>(2)?)?,
            created_at: row.get(3)?,
            last_seen_at: row.get(4)?,
            authenticated_at: row.get(5)?,
        })
    };
    rows.iter().map(own).collect()
}

/// Writes that the session was seen, unless that was written after `unless_after`.
pub(crate) fn touch_session(
    tx: &mut dyn Tx,
    session: SessionId,
    now: Timestamp,
    unless_after: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        TOUCH_SESSION,
        &[session.into(), now.into(), unless_after.into()],
    )?;
    Ok(())
}

pub(crate) fn rotate_session(
    tx: &mut dyn Tx,
    session: SessionId,
    account: AccountId,
    token: TokenHash,
    now: Timestamp,
) -> Result<(), Error> {
    let values = [session.into(), account.into(), token.into(), now.into()];
    one_session(tx.execute(ROTATE_SESSION, &values)?)
}

pub(crate) fn confirm_session(
    tx: &mut dyn Tx,
    session: SessionId,
    account: AccountId,
    token: TokenHash,
    now: Timestamp,
    assurance: Assurance,
) -> Result<(), Error> {
    let values = [
        session.into(),
        account.into(),
        token.into(),
        now.into(),
        assurance.name().into(),
    ];
    one_session(tx.execute(CONFIRM_SESSION, &values)?)
}

pub(crate) fn act_for(
    tx: &mut dyn Tx,
    session: SessionId,
    account: AccountId,
    organisation: Option<OrganisationId>,
) -> Result<(), Error> {
    one_session(tx.execute(
        ACT_FOR,
        &[session.into(), account.into(), organisation.into()],
    )?)
}

pub(crate) fn end_session(
    tx: &mut dyn Tx,
    ctx: &Context,
    session: SessionId,
    account: AccountId,
    why: &'static str,
) -> Result<(), Error> {
    let values = [
        session.into(),
        account.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
        why.into(),
    ];
    one_session(tx.execute(END_SESSION, &values)?)
}

/// Ends every session of an account but one; says how many.
pub(crate) fn end_sessions(
    tx: &mut dyn Tx,
    ctx: &Context,
    account: AccountId,
    keep: Option<SessionId>,
    why: &'static str,
) -> Result<u64, Error> {
    let kept = super::account::or_nil(keep.map(SessionId::uuid));
    let values = [
        account.into(),
        kept,
        ctx.now.into(),
        ctx.actor.uuid().into(),
        why.into(),
    ];
    Ok(tx.execute(END_SESSIONS, &values)?)
}

pub(crate) fn prune_sessions(tx: &mut dyn Tx, before: Timestamp) -> Result<u64, Error> {
    Ok(tx.execute(PRUNE_SESSIONS, &[before.into()])?)
}

fn one_session(changed: u64) -> Result<(), Error> {
    if changed == 1 {
        Ok(())
    } else {
        Err(Error::NoSuchSession)
    }
}

/// Nil ids stand for none.
pub(super) fn not_nil(uuid: Uuid) -> Option<Uuid> {
    (!uuid.is_nil()).then_some(uuid)
}
