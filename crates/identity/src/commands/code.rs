//! One-time codes on paper: how people who never registered anywhere get in, and back in.

use db::Tx;
use journal::{Change, Command, record};
use kernel::{AccountId, CommunityId, Context, Role};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::account::CreateAccount;
use super::role::give_role;
use super::{NAME_LIMIT, actor, in_city, text};
use crate::directory::is_staff;
use crate::model::{ADMINISTER, INVITE, RESET};
use crate::queries::open_code;
use crate::sign_in::login_key;
use crate::store::{self, CodePurpose, CodeRow};
use crate::{CodeId, CodeIndex, Error, Language, Login, Membership, PasswordHash, sessions};

/// How long an invitation works, in days.
pub const INVITATION_DAYS: i64 = 30;
/// How long a reset code works, in days: it is fetched at the desk and used at home.
pub const RESET_DAYS: i64 = 3;

/// The desk invites a person into the context's community with a code to print.
#[derive(Debug, Serialize)]
pub struct Invite {
    /// The keyed hash of a new [`OneTimeCode`](crate::OneTimeCode).
    pub code: CodeIndex,
    /// The person's name.
    pub name: String,
    /// Resident or owner.
    pub role: Role,
}

impl Command for Invite {
    const NAME: &'static str = "identity.code.invite";
    type Outcome = CodeId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<CodeId, Error> {
        ctx.require(INVITE)?;
        let name = text("name", &self.name, NAME_LIMIT)?;
        if is_staff(self.role) || ctx.community == CommunityId::CITY {
            return Err(Error::RoleNotHere { role: self.role });
        }
        let id = CodeId::from_uuid(ctx.new_uuid());
        let purpose = CodePurpose::Invitation {
            name: name.to_owned(),
            role: self.role,
        };
        let expires_at = ctx.now.plus_days(INVITATION_DAYS);
        store::insert_code(tx, ctx, id, self.code, &purpose, expires_at)?;
        let change = Change::new("identity.code.issued", format!("code/{id}"))
            .public(json!({ "purpose": "invitation", "role": self.role, "expires_at": expires_at }))
            .private(json!({ "name": name }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// The desk gives a member of the context's community a code to set a new password with. Earlier ones stop working.
/// Accounts with a staff role anywhere get it from an administrator, or a desk could become anyone.
#[derive(Debug, Serialize)]
pub struct IssueReset {
    /// The keyed hash of a new [`OneTimeCode`](crate::OneTimeCode).
    pub code: CodeIndex,
    /// Whose password.
    pub account: AccountId,
}

impl Command for IssueReset {
    const NAME: &'static str = "identity.code.issue_reset";
    type Outcome = CodeId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<CodeId, Error> {
        ctx.require(RESET)?;
        let account = self.account;
        if !ctx.may(ADMINISTER) {
            if !store::is_member(tx, ctx.community, account, ctx.now)? {
                return Err(Error::NoSuchAccount);
            }
            let roles = store::current_roles(tx, account, ctx.now)?;
            if roles.iter().any(|m| is_staff(m.role)) {
                return Err(Error::NeedsAdministrator);
            }
        }
        store::find_account(tx, &ctx.vault, account)?.ok_or(Error::NoSuchAccount)?;
        store::settle_resets(tx, ctx, account)?;
        let id = CodeId::from_uuid(ctx.new_uuid());
        let expires_at = ctx.now.plus_days(RESET_DAYS);
        store::insert_code(
            tx,
            ctx,
            id,
            self.code,
            &CodePurpose::Reset { account },
            expires_at,
        )?;
        let change = Change::new("identity.code.issued", format!("code/{id}"))
            .public(json!({ "purpose": "reset", "account": account, "expires_at": expires_at }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// The desk takes back a code that was not used.
#[derive(Debug, Serialize)]
pub struct WithdrawCode {
    /// Which.
    pub code: CodeId,
}

impl Command for WithdrawCode {
    const NAME: &'static str = "identity.code.withdraw";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(INVITE)?;
        if !store::settle_code(tx, ctx, ctx.community, self.code, "withdrawn")? {
            return Err(Error::CodeSettled);
        }
        record(
            tx,
            ctx,
            Change::new("identity.code.withdrawn", format!("code/{}", self.code)),
        )?;
        Ok(())
    }
}

/// A person with an invitation makes their account.
#[derive(Debug, Serialize)]
pub struct RedeemInvitation {
    /// The keyed hash of the code they typed.
    pub code: CodeIndex,
    /// What they will sign in with.
    pub login: Login,
    /// Their password.
    pub password: PasswordHash,
    /// The language they read.
    pub language: Language,
    /// Whether they want large print and few choices.
    pub elder: bool,
}

/// What a code brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redeemed {
    /// The account, new or not.
    pub account: AccountId,
    /// The community that issued the code.
    pub community: CommunityId,
}

impl Command for RedeemInvitation {
    const NAME: &'static str = "identity.code.redeem_invitation";
    type Outcome = Redeemed;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<Redeemed, Error> {
        in_city(ctx)?;
        let code = open_code(tx, &ctx.vault, ctx.now, self.code)?;
        let CodePurpose::Invitation { name, role } = &code.purpose else {
            return Err(Error::CodeUnknown);
        };
        let account = CreateAccount {
            login: self.login.clone(),
            name: name.clone(),
            password: Some(self.password.clone()),
            language: self.language,
            elder: self.elder,
        };
        let account = account.create(tx, ctx)?;
        let redeemed = join(tx, ctx, &code, *role, account)?;
        let change = Change::new("identity.code.redeemed", format!("account/{account}"))
            .public(json!({ "code": code.id, "community": code.community, "role": role }))
            .private(json!({ "name": name, "login": self.login.as_str() }));
        record(tx, ctx, change)?;
        Ok(redeemed)
    }
}

/// A person who has an account already uses an invitation to one more community.
#[derive(Debug, Serialize)]
pub struct JoinWithCode {
    /// The keyed hash of the code they typed.
    pub code: CodeIndex,
}

impl Command for JoinWithCode {
    const NAME: &'static str = "identity.code.join";
    type Outcome = Redeemed;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<Redeemed, Error> {
        let account = actor(ctx)?;
        in_city(ctx)?;
        let code = open_code(tx, &ctx.vault, ctx.now, self.code)?;
        let CodePurpose::Invitation { role, .. } = &code.purpose else {
            return Err(Error::CodeUnknown);
        };
        let redeemed = join(tx, ctx, &code, *role, account)?;
        let change = Change::new("identity.code.redeemed", format!("account/{account}"))
            .public(json!({ "code": code.id, "community": code.community, "role": role }));
        record(tx, ctx, change)?;
        Ok(redeemed)
    }
}

/// A person with a reset code sets a new password; all their sessions end.
#[derive(Debug, Serialize)]
pub struct RedeemReset {
    /// The keyed hash of the code they typed.
    pub code: CodeIndex,
    /// The new password.
    pub password: PasswordHash,
}

impl Command for RedeemReset {
    const NAME: &'static str = "identity.code.redeem_reset";
    type Outcome = Redeemed;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<Redeemed, Error> {
        in_city(ctx)?;
        let code = open_code(tx, &ctx.vault, ctx.now, self.code)?;
        let CodePurpose::Reset { account } = code.purpose else {
            return Err(Error::CodeUnknown);
        };
        use_code(tx, ctx, &code)?;
        store::update_password(tx, account, &self.password, ctx.now)?;
        for login in store::list_logins(tx, &ctx.vault, account)? {
            store::delete_failures(tx, login_key(&ctx.vault, &login)?)?;
        }
        let ended = store::end_sessions(tx, ctx, account, None, "password reset")?;
        sessions::mark(account);
        let change = Change::new("identity.password.reset", format!("account/{account}")).public(
            json!({ "code": code.id, "community": code.community, "sessions_ended": ended }),
        );
        record(tx, ctx, change)?;
        Ok(Redeemed {
            account,
            community: code.community,
        })
    }
}

fn use_code(tx: &mut dyn Tx, ctx: &Context, code: &CodeRow) -> Result<(), Error> {
    if store::settle_code(tx, ctx, code.community, code.id, "used")? {
        Ok(())
    } else {
        Err(Error::CodeSettled)
    }
}

fn join(
    tx: &mut dyn Tx,
    ctx: &Context,
    code: &CodeRow,
    role: Role,
    account: AccountId,
) -> Result<Redeemed, Error> {
    use_code(tx, ctx, code)?;
    let membership = Membership {
        community: code.community,
        role,
        organisation: None,
        since: ctx.now,
        until: None,
    };
    give_role(tx, ctx, account, &membership, code.issued_by, "invitation")?;
    Ok(Redeemed {
        account,
        community: code.community,
    })
}
