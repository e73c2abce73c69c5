//! What an actor may do. Commands on accounts and sessions run in the city ([`CommunityId::CITY`]), whose lane
//! alone writes them; commands on roles, codes and organisations run in the community concerned.

mod account;
mod code;
mod passkey;
mod password;
mod privacy;
mod role;
mod session;

use db::Tx;
use kernel::{AccountId, Actor, CommunityId, Context};

use crate::{Assurance, Error, SessionId, recently_authenticated, store};

pub use account::{
    AddLogin, CreateAccount, CreateFirstAdministrator, DisableAccount, EnableAccount, RemoveLogin,
    UpdateProfile,
};
pub use code::{
    INVITATION_DAYS, Invite, IssueReset, JoinWithCode, RESET_DAYS, RedeemInvitation, RedeemReset,
    Redeemed, WithdrawCode,
};
pub use passkey::{AddPasskey, RemovePasskey, RenamePasskey};
pub use password::{ChangePassword, SetPassword};
pub use privacy::{Disclosure, ReadPersonalData};
pub use role::{EndRole, GrantRole, RegisterOrganisation};
pub use session::{
    ActFor, ConfirmIdentity, EndSession, EndSessions, RecordFailedSignIn, RotateSession,
    StartSession, Unlock,
};

/// The account that acts.
fn actor(ctx: &Context) -> Result<AccountId, Error> {
    ctx.actor.account_id().ok_or(Error::NotSignedIn)
}

/// Refuses a command on accounts outside the city's lane, where two lanes could meet on one row.
fn in_city(ctx: &Context) -> Result<(), Error> {
    if ctx.community == CommunityId::CITY {
        return Ok(());
    }
    let reason = format!(
        "accounts change in the city, not in community {}",
        ctx.community
    );
    Err(Error::Internal {
        what: "the command's place",
        reason,
    })
}

/// Refuses unless the person proved who they are in this session within [`FRESH_SECONDS`](crate::FRESH_SECONDS).
pub(crate) fn fresh(
    tx: &mut dyn Tx,
    ctx: &Context,
    session: SessionId,
) -> Result<Assurance, Error> {
    let (authenticated_at, assurance) = store::find_session(tx, session, actor(ctx)?)?;
    if recently_authenticated(authenticated_at, ctx.now) {
        Ok(assurance)
    } else {
        Err(Error::ConfirmFirst)
    }
}

/// Refuses what a person must not do to themselves.
fn on_another(ctx: &Context, account: AccountId) -> Result<(), Error> {
    if ctx.actor.account_id() == Some(account) {
        Err(Error::OnOneself)
    } else {
        Ok(())
    }
}

/// Refuses anyone but Linli itself: the command line on the server.
fn by_system(ctx: &Context) -> Result<(), Error> {
    match ctx.actor {
        Actor::System => Ok(()),
        Actor::Anonymous | Actor::Account { .. } => Err(Error::NeedsAdministrator),
    }
}

/// A text without the space around it, if it has 1 to `limit` characters and none that control a terminal.
fn text<'a>(field: &'static str, text: &'a str, limit: usize) -> Result<&'a str, Error> {
    let trimmed = text.trim();
    let length = trimmed.chars().count();
    if (1..=limit).contains(&length) && !trimmed.chars().any(char::is_control) {
        Ok(trimmed)
    } else {
        Err(Error::InvalidText { field, limit })
    }
}

const NAME_LIMIT: usize = 64;
const REASON_LIMIT: usize = 200;
const LABEL_LIMIT: usize = 64;
