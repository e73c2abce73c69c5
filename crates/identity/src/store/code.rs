//! One-time codes in the database.

use db::{Read, Tx};
use kernel::{AccountId, CommunityId, Context, Role, Timestamp, Uuid, Vault};

use super::role::stored_role;
use super::{FIND_CODE, INSERT_CODE, LIST_CODES, SETTLE_CODE, SETTLE_RESETS};
use crate::model::unknown_word;
use crate::{CodeId, CodeIndex, Error};

const INVITED: &str = "identity.invited";

/// What a code does.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "purpose", rename_all = "snake_case")]
pub enum CodePurpose {
    /// Brings a person into a community in a role.
    Invitation {
        /// The name the inviter wrote.
        name: String,
        /// The role it gives.
        role: Role,
    },
    /// Sets a new password.
    Reset {
        /// Whose.
        account: AccountId,
    },
}

/// A code as stored.
pub(crate) struct CodeRow {
    pub(crate) community: CommunityId,
    pub(crate) id: CodeId,
    pub(crate) purpose: CodePurpose,
    pub(crate) expires_at: Timestamp,
    pub(crate) settled: bool,
    pub(crate) issued_by: Uuid,
}

/// A code that waits to be used; the code itself is known to nobody but its bearer.
#[derive(Clone, Debug, serde::Serialize)]
pub struct OpenCode {
    /// Its id, for withdrawing it.
    pub id: CodeId,
    /// What it does.
    #[serde(flatten)]
    pub purpose: CodePurpose,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// By which account.
    pub issued_by: Uuid,
    /// The first instant at which it no longer works.
    pub expires_at: Timestamp,
}

pub(crate) fn insert_code(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: CodeId,
    index: CodeIndex,
    purpose: &CodePurpose,
    expires_at: Timestamp,
) -> Result<(), Error> {
    let (word, account, role, name) = match purpose {
        CodePurpose::Invitation { name, role } => {
            let sealed = ctx.vault.seal(&ctx.random, ctx.community, INVITED, name)?;
            ("invitation", None, Some(role.name()), Some(sealed))
        }
        CodePurpose::Reset { account } => ("reset", Some(*account), None, None),
    };
    let values = [
        ctx.community.into(),
        id.into(),
        index.into(),
        word.into(),
        account.into(),
        role.into(),
        name.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
        expires_at.into(),
    ];
    tx.execute(INSERT_CODE, &values)?;
    Ok(())
}

pub(crate) fn find_code(
    read: &mut dyn Read,
    vault: &Vault,
    index: CodeIndex,
) -> Result<Option<CodeRow>, Error> {
    let Some(row) = read.query_one(FIND_CODE, &[index.into()])? else {
        return Ok(None);
    };
    let community = row.get(0)?;
    Ok(Some(CodeRow {
        community,
        id: row.get(1)?,
        purpose: purpose(vault, community, &row, 2)?,
        expires_at: row.get(6)?,
        settled: row.get::<Option<Timestamp>>(7)?.is_some(),
        issued_by: row.get(8)?,
    }))
}

pub(crate) fn list_codes(
    read: &mut dyn Read,
    vault: &Vault,
    community: CommunityId,
    now: Timestamp,
) -> Result<Vec<OpenCode>, Error> {
    let rows = read.query(LIST_CODES, &[community.into(), now.into()])?;
    let open = |row: &db::Row| -> Result<OpenCode, Error> {
        Ok(OpenCode {
            id: row.get(0)?,
            purpose: purpose(vault, community, row, 1)?,
            issued_at: row.get(5)?,
            issued_by: row.get(6)?,
            expires_at: row.get(7)?,
        })
    };
    rows.iter().map(open).collect()
}

/// Marks a code as used or withdrawn; false if it was already.
pub(crate) fn settle_code(
    tx: &mut dyn Tx,
    ctx: &Context,
    community: CommunityId,
    id: CodeId,
    how: &'static str,
) -> Result<bool, Error> {
    let by = ctx.actor.uuid().into();
    Ok(tx.execute(
        SETTLE_CODE,
        &[community.into(), id.into(), ctx.now.into(), by, how.into()],
    )? == 1)
}

/// Settles an account's open resets in the community: the newest code replaces the others.
pub(crate) fn settle_resets(
    tx: &mut dyn Tx,
    ctx: &Context,
    account: AccountId,
) -> Result<(), Error> {
    let by = ctx.actor.uuid().into();
    tx.execute(
        SETTLE_RESETS,
        &[ctx.community.into(), account.into(), ctx.now.into(), by],
    )?;
    Ok(())
}

/// Columns `at`…: purpose, account_id, role, name_sealed.
fn purpose(
    vault: &Vault,
    community: CommunityId,
    row: &db::Row,
    at: usize,
) -> Result<CodePurpose, Error> {
    let word: String = row.get(at)?;
    match word.as_str() {
        "invitation" => {
            let role: String = row.get(at + 2)?;
            let name: Vec<u8> = row.get(at + 3)?;
            let name = vault.open(community, INVITED, &name)?;
            Ok(CodePurpose::Invitation {
                name,
                role: stored_role(&role)?,
            })
        }
        "reset" => Ok(CodePurpose::Reset {
            account: row.get(at + 1)?,
        }),
        other => Err(unknown_word("CodePurpose", other)),
    }
}
