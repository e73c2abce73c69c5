//! New passwords, set by their owner or from the command line.

use db::Tx;
use journal::{Change, Command, record};
use kernel::{AccountId, Context};
use serde::Serialize;
use serde_json::json;

use super::{REASON_LIMIT, actor, by_system, fresh, in_city, text};
use crate::{Error, PasswordHash, SessionId, TokenHash, sessions, store};

/// A person changes their password; their other sessions end, this one gets a new token.
#[derive(Debug, Serialize)]
pub struct ChangePassword {
    /// Their session, freshly confirmed.
    pub session: SessionId,
    /// The new password's hash.
    pub password: PasswordHash,
    /// The session's new token.
    pub token: TokenHash,
}

impl Command for ChangePassword {
    const NAME: &'static str = "identity.password.change";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        let account = actor(ctx)?;
        in_city(ctx)?;
        fresh(tx, ctx, self.session)?;
        store::update_password(tx, account, &self.password, ctx.now)?;
        store::rotate_session(tx, self.session, account, self.token, ctx.now)?;
        let keep = Some(self.session);
        let ended = store::end_sessions(tx, ctx, account, keep, "password changed")?;
        sessions::mark(account);
        let change = Change::new("identity.password.changed", format!("account/{account}"))
            .public(json!({ "sessions_ended": ended }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// `linli admin set-password`: whoever has the server sets any password; all its sessions end.
#[derive(Debug, Serialize)]
pub struct SetPassword {
    /// Whose.
    pub account: AccountId,
    /// The new password's hash.
    pub password: PasswordHash,
    /// Why.
    pub reason: String,
}

impl Command for SetPassword {
    const NAME: &'static str = "identity.password.set";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        by_system(ctx)?;
        in_city(ctx)?;
        let reason = text("reason", &self.reason, REASON_LIMIT)?;
        store::update_password(tx, self.account, &self.password, ctx.now)?;
        let ended = store::end_sessions(tx, ctx, self.account, None, "password set")?;
        sessions::mark(self.account);
        let change = Change::new("identity.password.set", format!("account/{}", self.account))
            .public(json!({ "sessions_ended": ended }))
            .private(json!({ "reason": reason }));
        record(tx, ctx, change)?;
        Ok(())
    }
}
