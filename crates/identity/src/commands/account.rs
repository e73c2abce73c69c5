//! Making accounts, changing them, disabling them.

use db::Tx;
use journal::{Change, Command, record};
use kernel::{AccountId, CommunityId, Context, Role};
use serde::Serialize;
use serde_json::json;

use super::{NAME_LIMIT, REASON_LIMIT, actor, by_system, fresh, in_city, on_another, text};
use crate::model::ADMINISTER;
use crate::store::{self, NewAccount};
use crate::{Error, Language, Login, Membership, PasswordHash, SessionId, sessions};

/// An administrator, the command line or demo data makes an account.
#[derive(Debug, Serialize)]
pub struct CreateAccount {
    /// What the person will sign in with.
    pub login: Login,
    /// The person's name.
    pub name: String,
    /// Their first password; without one, only a passkey or a reset code lets them in.
    pub password: Option<PasswordHash>,
    /// The language they read.
    pub language: Language,
    /// Whether they want large print and few choices.
    pub elder: bool,
}

impl Command for CreateAccount {
    const NAME: &'static str = "identity.account.create";
    type Outcome = AccountId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<AccountId, Error> {
        ctx.require(ADMINISTER)?;
        in_city(ctx)?;
        let id = self.create(tx, ctx)?;
        record(tx, ctx, self.change(id))?;
        Ok(id)
    }
}

impl CreateAccount {
    /// The rows of a new account, without an entry.
    pub(super) fn create(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<AccountId, Error> {
        let account = NewAccount {
            id: AccountId::from_uuid(ctx.new_uuid()),
            name: text("name", &self.name, NAME_LIMIT)?,
            language: self.language,
            elder: self.elder,
            password: self.password.as_ref(),
        };
        store::insert_account(tx, ctx, &account)?;
        store::insert_login(tx, ctx, account.id, &self.login)?;
        Ok(account.id)
    }

    fn change(&self, id: AccountId) -> Change {
        Change::new("identity.account.created", format!("account/{id}"))
            .public(json!({ "language": self.language, "elder": self.elder }))
            .private(json!({ "name": self.name.trim(), "login": self.login.as_str() }))
    }
}

/// `linli admin`: makes the first administrator of an installation that has none.
#[derive(Debug, Serialize)]
pub struct CreateFirstAdministrator {
    /// The account to make.
    pub account: CreateAccount,
}

impl Command for CreateFirstAdministrator {
    const NAME: &'static str = "identity.administrator.create_first";
    type Outcome = AccountId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<AccountId, Error> {
        by_system(ctx)?;
        in_city(ctx)?;
        if store::count_holders(tx, CommunityId::CITY, Role::Administrator, ctx.now)? > 0 {
            return Err(Error::AdministratorExists);
        }
        let id = self.account.create(tx, ctx)?;
        let membership = Membership {
            community: CommunityId::CITY,
            role: Role::Administrator,
            organisation: None,
            since: ctx.now,
            until: None,
        };
        store::insert_role(tx, id, &membership, ctx.actor.uuid(), "first administrator")?;
        let change = Change::new("identity.administrator.created", format!("account/{id}"))
            .public(json!({ "role": Role::Administrator }))
            .private(json!({ "login": self.account.login.as_str() }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// A person changes how Linli addresses them.
#[derive(Debug, Serialize)]
pub struct UpdateProfile {
    /// Their name.
    pub name: String,
    /// The language they read.
    pub language: Language,
    /// Whether they want large print and few choices.
    pub elder: bool,
}

impl Command for UpdateProfile {
    const NAME: &'static str = "identity.profile.update";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        let account = actor(ctx)?;
        in_city(ctx)?;
        let name = text("name", &self.name, NAME_LIMIT)?;
        let before = store::find_account(tx, &ctx.vault, account)?.ok_or(Error::NoSuchAccount)?;
        store::update_profile(tx, ctx, account, name, self.language, self.elder)?;
        sessions::mark(account);
        let change = Change::new("identity.profile.changed", format!("account/{account}"))
            .public(json!({ "language": self.language, "elder": self.elder }))
            .private(json!({ "before": before.name, "name": name }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// A person adds a phone number or user name to sign in with.
#[derive(Debug, Serialize)]
pub struct AddLogin {
    /// Their session, freshly confirmed.
    pub session: SessionId,
    /// The login.
    pub login: Login,
}

/// Most logins of one account.
const LOGINS: u64 = 5;

impl Command for AddLogin {
    const NAME: &'static str = "identity.login.add";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        let account = actor(ctx)?;
        in_city(ctx)?;
        fresh(tx, ctx, self.session)?;
        let held = store::list_logins(tx, &ctx.vault, account)?.len();
        if u64::try_from(held).is_ok_and(|held| held >= LOGINS) {
            return Err(Error::TooMany {
                what: "logins",
                limit: LOGINS,
            });
        }
        store::insert_login(tx, ctx, account, &self.login)?;
        let change = Change::new("identity.login.added", format!("account/{account}"))
            .private(json!({ "login": self.login.as_str() }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// A person gives up a login, but not the last.
#[derive(Debug, Serialize)]
pub struct RemoveLogin {
    /// Their session, freshly confirmed.
    pub session: SessionId,
    /// The login.
    pub login: Login,
}

impl Command for RemoveLogin {
    const NAME: &'static str = "identity.login.remove";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        let account = actor(ctx)?;
        in_city(ctx)?;
        fresh(tx, ctx, self.session)?;
        if !store::delete_login(tx, ctx, account, &self.login)? {
            return Err(Error::NoSuchAccount);
        }
        if store::list_logins(tx, &ctx.vault, account)?.is_empty() {
            return Err(Error::LastLogin);
        }
        let change = Change::new("identity.login.removed", format!("account/{account}"))
            .private(json!({ "login": self.login.as_str() }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// An administrator shuts an account out; its sessions end at once.
#[derive(Debug, Serialize)]
pub struct DisableAccount {
    /// Which.
    pub account: AccountId,
    /// Why.
    pub reason: String,
}

impl Command for DisableAccount {
    const NAME: &'static str = "identity.account.disable";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(ADMINISTER)?;
        in_city(ctx)?;
        on_another(ctx, self.account)?;
        let reason = text("reason", &self.reason, REASON_LIMIT)?;
        store::find_account(tx, &ctx.vault, self.account)?.ok_or(Error::NoSuchAccount)?;
        if store::is_disabled(tx, self.account)? {
            return Err(Error::AccountDisabled);
        }
        store::insert_disabling(tx, ctx, self.account, reason)?;
        let ended = store::end_sessions(tx, ctx, self.account, None, "account disabled")?;
        sessions::mark(self.account);
        let change = Change::new(
            "identity.account.disabled",
            format!("account/{}", self.account),
        )
        .public(json!({ "sessions_ended": ended }))
        .private(json!({ "reason": reason }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// An administrator lets a disabled account in again.
#[derive(Debug, Serialize)]
pub struct EnableAccount {
    /// Which.
    pub account: AccountId,
}

impl Command for EnableAccount {
    const NAME: &'static str = "identity.account.enable";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(ADMINISTER)?;
        in_city(ctx)?;
        on_another(ctx, self.account)?;
        if !store::lift_disabling(tx, ctx, self.account)? {
            return Err(Error::NoSuchAccount);
        }
        sessions::mark(self.account);
        let subject = format!("account/{}", self.account);
        record(tx, ctx, Change::new("identity.account.enabled", subject))?;
        Ok(())
    }
}
