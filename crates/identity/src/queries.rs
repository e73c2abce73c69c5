//! What an actor may see of accounts, roles and codes.

use db::Read;
use kernel::{AccountId, CommunityId, Context, OrganisationId, Role, Timestamp, Vault};
use serde::Serialize;

use crate::commands::Disclosure;
use crate::model::{ADMINISTER, INVITE, VIEW_MEMBERS};
use crate::store::{self, CodePurpose, CodeRow, Member, OpenCode, Organisation, OwnSession};
use crate::{
    CodeIndex, Error, Language, Login, Membership, OneTimeCode, PasskeyId, SessionId, mask,
};

/// An account as another may see it, or as its owner sees it.
#[derive(Clone, Debug, Serialize)]
pub struct AccountView {
    /// The account.
    pub account: AccountId,
    /// The name, masked unless it is the actor's own or disclosed.
    pub name: String,
    /// The logins, masked likewise.
    pub logins: Vec<String>,
    /// The language they read.
    pub language: Language,
    /// Whether they want large print and few choices.
    pub elder: bool,
    /// Whether it is shut out.
    pub disabled: bool,
    /// Since when there is this account.
    pub created_at: Timestamp,
}

/// An account: unmasked to its owner; masked to staff of a community it belongs to, and to administrators.
pub fn account(read: &mut dyn Read, ctx: &Context, id: AccountId) -> Result<AccountView, Error> {
    let mut view = visible_account(read, ctx, id)?;
    if ctx.actor.account_id() != Some(id) {
        view.name = mask::name(&view.name);
        view.logins = view.logins.iter().map(|login| mask::login(login)).collect();
    }
    Ok(view)
}

/// The same, with those of the fields `name` and `logins` of `account/ID` unmasked that a
/// [`ReadPersonalData`](crate::commands::ReadPersonalData) on the record covers.
pub fn disclosed_account(
    read: &mut dyn Read,
    ctx: &Context,
    id: AccountId,
    disclosure: &Disclosure,
) -> Result<AccountView, Error> {
    let full = visible_account(read, ctx, id)?;
    let mut view = account(read, ctx, id)?;
    let subject = format!("account/{id}");
    if disclosure.covers(&subject, "name") {
        view.name = full.name;
    }
    if disclosure.covers(&subject, "logins") {
        view.logins = full.logins;
    }
    Ok(view)
}

fn visible_account(
    read: &mut dyn Read,
    ctx: &Context,
    id: AccountId,
) -> Result<AccountView, Error> {
    if ctx.actor.account_id() != Some(id) && !ctx.may(ADMINISTER) {
        ctx.require(VIEW_MEMBERS)?;
        if !store::is_member(read, ctx.community, id, ctx.now)? {
            return Err(Error::NoSuchAccount);
        }
    }
    let row = store::find_account(read, &ctx.vault, id)?.ok_or(Error::NoSuchAccount)?;
    Ok(AccountView {
        account: id,
        name: row.name,
        logins: store::list_logins(read, &ctx.vault, id)?,
        language: row.language,
        elder: row.elder,
        disabled: store::is_disabled(read, id)?,
        created_at: row.created_at,
    })
}

/// The account with this login, for the desk: members of the context's community, or any for administrators.
pub fn find_account(
    read: &mut dyn Read,
    ctx: &Context,
    login: &Login,
) -> Result<AccountView, Error> {
    if !ctx.may(ADMINISTER) {
        ctx.require(VIEW_MEMBERS)?;
    }
    let found = store::find_login(read, &ctx.vault, login)?;
    let (id, _) = found.ok_or(Error::NoSuchAccount)?;
    account(read, ctx, id)
}

/// The account with this login, without asking who asks: for the command line on the server.
pub fn account_of_login(
    read: &mut dyn Read,
    vault: &Vault,
    login: &Login,
) -> Result<AccountId, Error> {
    Ok(store::find_login(read, vault, login)?
        .ok_or(Error::NoSuchAccount)?
        .0)
}

/// The words that must not stand in an account's password: its name and logins.
pub fn personal_words(
    read: &mut dyn Read,
    vault: &Vault,
    id: AccountId,
) -> Result<Vec<String>, Error> {
    let row = store::find_account(read, vault, id)?.ok_or(Error::NoSuchAccount)?;
    let mut words = store::list_logins(read, vault, id)?;
    words.push(row.name);
    Ok(words)
}

/// The actor's live sessions, the last used first. Sessions that ran out by idleness stand there until pruned.
pub fn own_sessions(read: &mut dyn Read, ctx: &Context) -> Result<Vec<OwnSession>, Error> {
    let account = ctx.actor.account_id().ok_or(Error::NotSignedIn)?;
    store::list_sessions(read, &ctx.vault, account)
}

/// A passkey of the actor's own list.
#[derive(Clone, Debug, Serialize)]
pub struct OwnPasskey {
    /// Its id, for renaming and removing it.
    pub passkey: PasskeyId,
    /// What its owner calls it.
    pub label: String,
    /// When it was added.
    pub added_at: Timestamp,
    /// When it was last used, if it was.
    pub last_used_at: Option<Timestamp>,
}

/// The actor's passkeys, oldest first.
pub fn own_passkeys(read: &mut dyn Read, ctx: &Context) -> Result<Vec<OwnPasskey>, Error> {
    let account = ctx.actor.account_id().ok_or(Error::NotSignedIn)?;
    let rows = store::list_passkeys(read, account)?;
    let own = |row: store::PasskeyRow| OwnPasskey {
        passkey: row.id,
        label: row.label,
        added_at: row.added_at,
        last_used_at: row.last_used_at,
    };
    Ok(rows.into_iter().map(own).collect())
}

/// The roles that an account holds in the context's community, or everywhere for its owner and administrators.
pub fn roles_of(
    read: &mut dyn Read,
    ctx: &Context,
    account: AccountId,
) -> Result<Vec<Membership>, Error> {
    let all = ctx.actor.account_id() == Some(account) || ctx.may(ADMINISTER);
    if !all {
        ctx.require(VIEW_MEMBERS)?;
    }
    let mut roles = store::current_roles(read, account, ctx.now)?;
    roles.retain(|membership| all || membership.community == ctx.community);
    Ok(roles)
}

/// Most members on one page.
pub const MEMBERS_PAGE: u32 = 100;

/// Who holds which role in the context's community, names masked, a page after the last of the page before.
pub fn members(
    read: &mut dyn Read,
    ctx: &Context,
    after: Option<(AccountId, Role)>,
) -> Result<Vec<Member>, Error> {
    ctx.require(VIEW_MEMBERS)?;
    store::list_members(
        read,
        &ctx.vault,
        ctx.community,
        ctx.now,
        after,
        MEMBERS_PAGE,
    )
}

/// The organisations of the context's community and of the city, at most 1,000 of each.
pub fn organisations(read: &mut dyn Read, ctx: &Context) -> Result<Vec<Organisation>, Error> {
    let mut list = store::list_organisations(read, ctx.community)?;
    if ctx.community != CommunityId::CITY {
        list.extend(store::list_organisations(read, CommunityId::CITY)?);
    }
    Ok(list)
}

/// An organisation of the context's community or of the city.
pub fn organisation(
    read: &mut dyn Read,
    ctx: &Context,
    id: OrganisationId,
) -> Result<Organisation, Error> {
    let mut known = organisations(read, ctx)?.into_iter();
    known
        .find(|one| one.id == id)
        .ok_or(Error::NoSuchOrganisation)
}

/// Who may act for an organisation in the context's community, names masked, at most 1,000.
pub fn acting_for(
    read: &mut dyn Read,
    ctx: &Context,
    id: OrganisationId,
) -> Result<Vec<Member>, Error> {
    ctx.require(VIEW_MEMBERS)?;
    store::list_acting(read, ctx, id)
}

/// The codes of the context's community that wait to be used, newest first, at most 1,000.
pub fn open_codes(read: &mut dyn Read, ctx: &Context) -> Result<Vec<OpenCode>, Error> {
    ctx.require(INVITE)?;
    store::list_codes(read, &ctx.vault, ctx.community, ctx.now)
}

/// What a typed code does, before it is used: shown to its bearer.
#[derive(Clone, Debug, Serialize)]
pub struct CodeView {
    /// The community that issued it.
    pub community: CommunityId,
    /// What it does.
    #[serde(flatten)]
    pub purpose: CodePurpose,
    /// The first instant at which it no longer works.
    pub expires_at: Timestamp,
}

/// What a typed code does. Whoever has the code may ask; the web limits how often.
pub fn look_up_code(
    read: &mut dyn Read,
    vault: &Vault,
    now: Timestamp,
    code: &OneTimeCode,
) -> Result<CodeView, Error> {
    let CodeRow {
        community,
        purpose,
        expires_at,
        ..
    } = open_code(read, vault, now, code.index(vault)?)?;
    Ok(CodeView {
        community,
        purpose,
        expires_at,
    })
}

/// The code with this keyed hash, if it still works.
pub(crate) fn open_code(
    read: &mut dyn Read,
    vault: &Vault,
    now: Timestamp,
    index: CodeIndex,
) -> Result<CodeRow, Error> {
    let code = store::find_code(read, vault, index)?.ok_or(Error::CodeUnknown)?;
    if code.settled {
        return Err(Error::CodeSettled);
    }
    if now >= code.expires_at {
        return Err(Error::CodeExpired);
    }
    Ok(code)
}

/// When the person last proved who they are in a live session of theirs.
pub fn authenticated_at(
    read: &mut dyn Read,
    account: AccountId,
    session: SessionId,
) -> Result<Timestamp, Error> {
    Ok(store::find_session(read, session, account)?.0)
}
