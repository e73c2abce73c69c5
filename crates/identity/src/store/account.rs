//! Accounts, logins, disablings and failed sign-ins in the database.

use db::{Read, Tx, Value};
use kernel::{AccountId, CommunityId, Context, Timestamp, Uuid, Vault};

use super::{
    DELETE_FAILURES, DELETE_LOGIN, FIND_ACCOUNT, FIND_FAILURES, FIND_LOGIN, INSERT_ACCOUNT,
    INSERT_DISABLING, INSERT_LOGIN, IS_DISABLED, LIFT_DISABLING, LIST_LOGINS, PRUNE_FAILURES,
    PUT_FAILURES, UPDATE_PASSWORD, UPDATE_PROFILE,
};
use crate::{Error, Language, Login, PasswordHash};

const NAME: &str = "identity.name";
const LOGIN: &str = "identity.login";
const REASON: &str = "identity.reason";

/// An account's row, its name opened.
pub(crate) struct AccountRow {
    pub(crate) name: String,
    pub(crate) language: Language,
    pub(crate) elder: bool,
    pub(crate) password: Option<PasswordHash>,
    pub(crate) created_at: Timestamp,
}

/// What a new account starts with.
pub(crate) struct NewAccount<'a> {
    pub(crate) id: AccountId,
    pub(crate) name: &'a str,
    pub(crate) language: Language,
    pub(crate) elder: bool,
    pub(crate) password: Option<&'a PasswordHash>,
}

pub(crate) fn insert_account(
    tx: &mut dyn Tx,
    ctx: &Context,
    account: &NewAccount<'_>,
) -> Result<(), Error> {
    let values = [
        account.id.into(),
        seal_name(ctx, account.name)?.into(),
        account.language.name().into(),
        account.elder.into(),
        account.password.map(|hash| hash.0.clone()).into(),
        account.password.map(|_| ctx.now).into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
    ];
    tx.execute(INSERT_ACCOUNT, &values)?;
    Ok(())
}

pub(crate) fn find_account(
    read: &mut dyn Read,
    vault: &Vault,
    id: AccountId,
) -> Result<Option<AccountRow>, Error> {
    let Some(row) = read.query_one(FIND_ACCOUNT, &[id.into()])? else {
        return Ok(None);
    };
    let language: String = row.get(1)?;
    Ok(Some(AccountRow {
        name: open_name(vault, &row.get::<Vec<u8>>(0)?)?,
        language: Language::stored(&language)?,
        elder: row.get(2)?,
        password: row.get::<Option<String>>(3)?.map(PasswordHash),
        created_at: row.get(4)?,
    }))
}

pub(crate) fn update_profile(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: AccountId,
    name: &str,
    language: Language,
    elder: bool,
) -> Result<(), Error> {
    let sealed = seal_name(ctx, name)?;
    tx.execute(
        UPDATE_PROFILE,
        &[
            id.into(),
            sealed.into(),
            language.name().into(),
            elder.into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn update_password(
    tx: &mut dyn Tx,
    id: AccountId,
    password: &PasswordHash,
    now: Timestamp,
) -> Result<(), Error> {
    let changed = tx.execute(
        UPDATE_PASSWORD,
        &[id.into(), password.0.as_str().into(), now.into()],
    )?;
    if changed == 1 {
        Ok(())
    } else {
        Err(Error::NoSuchAccount)
    }
}

/// Adds a login; refuses one that any account has.
pub(crate) fn insert_login(
    tx: &mut dyn Tx,
    ctx: &Context,
    account: AccountId,
    login: &Login,
) -> Result<(), Error> {
    let sealed = ctx
        .vault
        .seal(&ctx.random, CommunityId::CITY, LOGIN, login.as_str())?;
    let values = [
        login_index(&ctx.vault, login)?.into(),
        account.into(),
        login.kind().name().into(),
        sealed.into(),
        ctx.now.into(),
    ];
    if tx.execute(INSERT_LOGIN, &values)? == 1 {
        Ok(())
    } else {
        Err(Error::LoginTaken)
    }
}

/// Takes a login from an account; false if it had no such login.
pub(crate) fn delete_login(
    tx: &mut dyn Tx,
    ctx: &Context,
    account: AccountId,
    login: &Login,
) -> Result<bool, Error> {
    let index = login_index(&ctx.vault, login)?;
    Ok(tx.execute(DELETE_LOGIN, &[index.into(), account.into()])? == 1)
}

/// The account behind a login, and its password's hash.
pub(crate) fn find_login(
    read: &mut dyn Read,
    vault: &Vault,
    login: &Login,
) -> Result<Option<(AccountId, Option<PasswordHash>)>, Error> {
    let index = login_index(vault, login)?;
    let Some(row) = read.query_one(FIND_LOGIN, &[index.into()])? else {
        return Ok(None);
    };
    Ok(Some((
        row.get(0)?,
        row.get::<Option<String>>(1)?.map(PasswordHash),
    )))
}

/// An account's logins, opened, oldest first.
pub(crate) fn list_logins(
    read: &mut dyn Read,
    vault: &Vault,
    account: AccountId,
) -> Result<Vec<String>, Error> {
    let rows = read.query(LIST_LOGINS, &[account.into()])?;
    let open = |row: &db::Row| -> Result<String, Error> {
        Ok(vault.open(CommunityId::CITY, LOGIN, &row.get::<Vec<u8>>(0)?)?)
    };
    rows.iter().map(open).collect()
}

pub(crate) fn is_disabled(read: &mut dyn Read, account: AccountId) -> Result<bool, Error> {
    Ok(read.query_one(IS_DISABLED, &[account.into()])?.is_some())
}

pub(crate) fn insert_disabling(
    tx: &mut dyn Tx,
    ctx: &Context,
    account: AccountId,
    reason: &str,
) -> Result<(), Error> {
    let sealed = ctx
        .vault
        .seal(&ctx.random, CommunityId::CITY, REASON, reason)?;
    let values = [
        account.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
        sealed.into(),
    ];
    tx.execute(INSERT_DISABLING, &values)?;
    Ok(())
}

/// Lifts a disabling; false if there was none.
pub(crate) fn lift_disabling(
    tx: &mut dyn Tx,
    ctx: &Context,
    account: AccountId,
) -> Result<bool, Error> {
    let values = [account.into(), ctx.now.into(), ctx.actor.uuid().into()];
    Ok(tx.execute(LIFT_DISABLING, &values)? > 0)
}

/// Failures counted under one key.
#[derive(Clone, Copy, Default)]
pub(crate) struct Failures {
    pub(crate) count: i64,
    pub(crate) last_at: Option<Timestamp>,
    pub(crate) not_before: Option<Timestamp>,
}

pub(crate) fn find_failures(read: &mut dyn Read, key: [u8; 32]) -> Result<Failures, Error> {
    let Some(row) = read.query_one(FIND_FAILURES, &[key.into()])? else {
        return Ok(Failures::default());
    };
    Ok(Failures {
        count: row.get(0)?,
        last_at: Some(row.get(1)?),
        not_before: Some(row.get(2)?),
    })
}

pub(crate) fn put_failures(
    tx: &mut dyn Tx,
    key: [u8; 32],
    count: i64,
    last_at: Timestamp,
    not_before: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        PUT_FAILURES,
        &[key.into(), count.into(), last_at.into(), not_before.into()],
    )?;
    Ok(())
}

pub(crate) fn delete_failures(tx: &mut dyn Tx, key: [u8; 32]) -> Result<bool, Error> {
    Ok(tx.execute(DELETE_FAILURES, &[key.into()])? > 0)
}

pub(crate) fn prune_failures(tx: &mut dyn Tx, before: Timestamp) -> Result<u64, Error> {
    Ok(tx.execute(PRUNE_FAILURES, &[before.into()])?)
}

pub(crate) fn seal_name(ctx: &Context, name: &str) -> Result<Vec<u8>, Error> {
    Ok(ctx.vault.seal(&ctx.random, CommunityId::CITY, NAME, name)?)
}

pub(crate) fn open_name(vault: &Vault, sealed: &[u8]) -> Result<String, Error> {
    Ok(vault.open(CommunityId::CITY, NAME, sealed)?)
}

fn login_index(vault: &Vault, login: &Login) -> Result<[u8; 32], Error> {
    Ok(vault.blind_index(CommunityId::CITY, LOGIN, login.as_str())?)
}

/// An optional id as a column: sixteen zero bytes for none, so that it can stand in a key.
pub(super) fn or_nil(uuid: Option<Uuid>) -> Value {
    uuid.unwrap_or(Uuid::nil()).into()
}
