//! Signing in and out, and what a session needs in between.

use db::Tx;
use journal::{Change, Command, record};
use kernel::{AccountId, Context, OrganisationId, Timestamp};
use serde::Serialize;
use serde_json::json;

use super::{actor, in_city};
use crate::model::ADMINISTER;
use crate::sign_in::{FailureKeys, login_key, refuse_while_waiting};
use crate::store::{self, Failures};
use crate::{Assurance, Error, Lockout, Login, SessionId, TokenHash, Verified, sessions};

/// Most characters of a device's label.
const DEVICE_LIMIT: usize = 100;

/// Whoever has proved who they are gets a session.
#[derive(Debug, Serialize)]
pub struct StartSession {
    account: AccountId,
    assurance: Assurance,
    token: TokenHash,
    device: String,
    #[serde(skip)]
    verified: Verified,
}

impl StartSession {
    /// For this account, with the hash of a new [`SessionToken`](crate::SessionToken) and a label of the device such
    /// as "Chrome on Windows".
    pub fn new(verified: Verified, token: TokenHash, device: &str) -> Self {
        let device: String = device
            .chars()
            .filter(|c| !c.is_control())
            .take(DEVICE_LIMIT)
            .collect();
        Self {
            account: verified.account,
            assurance: verified.assurance,
            token,
            device,
            verified,
        }
    }
}

impl Command for StartSession {
    const NAME: &'static str = "identity.session.start";
    type Outcome = SessionId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<SessionId, Error> {
        in_city(ctx)?;
        settle_proof(tx, &self.verified, ctx.now)?;
        if store::is_disabled(tx, self.account)? {
            return Err(Error::AccountDisabled);
        }
        let session = SessionId::from_uuid(ctx.new_uuid());
        let device = &self.device;
        store::insert_session(
            tx,
            ctx,
            session,
            self.account,
            self.token,
            self.assurance,
            device,
        )?;
        let change = Change::new(
            "identity.session.started",
            format!("account/{}", self.account),
        )
        .public(json!({ "session": session, "assurance": self.assurance }))
        .private(json!({ "device": device }));
        record(tx, ctx, change)?;
        Ok(session)
    }
}

/// A person signed in proves again who they are; sensitive acts are open for ten minutes, the token changes.
#[derive(Debug, Serialize)]
pub struct ConfirmIdentity {
    session: SessionId,
    token: TokenHash,
    #[serde(skip)]
    verified: Verified,
}

impl ConfirmIdentity {
    /// In this session, with the hash of its new token.
    pub fn new(verified: Verified, session: SessionId, token: TokenHash) -> Self {
        Self {
            session,
            token,
            verified,
        }
    }
}

impl Command for ConfirmIdentity {
    const NAME: &'static str = "identity.session.confirm";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        let account = actor(ctx)?;
        in_city(ctx)?;
        if self.verified.account != account {
            return Err(Error::SignInRefused);
        }
        settle_proof(tx, &self.verified, ctx.now)?;
        let (_, before) = store::find_session(tx, self.session, account)?;
        let assurance = strongest(before, self.verified.assurance);
        store::confirm_session(tx, self.session, account, self.token, ctx.now, assurance)?;
        sessions::mark(account);
        let change = Change::new("identity.session.confirmed", format!("account/{account}"))
            .public(json!({ "session": self.session, "assurance": self.verified.assurance }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// A session gets a new token after its account's roles changed (see [`SignedIn`](crate::SignedIn)).
#[derive(Debug, Serialize)]
pub struct RotateSession {
    /// The actor's own session.
    pub session: SessionId,
    /// The hash of its new token.
    pub token: TokenHash,
}

impl Command for RotateSession {
    const NAME: &'static str = "identity.session.rotate";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        let account = actor(ctx)?;
        in_city(ctx)?;
        store::rotate_session(tx, self.session, account, self.token, ctx.now)?;
        sessions::mark(account);
        let change = Change::new("identity.session.rotated", format!("account/{account}"))
            .public(json!({ "session": self.session }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// A person chooses the organisation they act for, or none.
#[derive(Debug, Serialize)]
pub struct ActFor {
    /// Their session.
    pub session: SessionId,
    /// An organisation in which they hold a role now.
    pub organisation: Option<OrganisationId>,
}

impl Command for ActFor {
    const NAME: &'static str = "identity.session.act_for";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        let account = actor(ctx)?;
        in_city(ctx)?;
        let roles = store::current_roles(tx, account, ctx.now)?;
        let member = |organisation| roles.iter().any(|m| m.organisation == Some(organisation));
        if !self.organisation.is_none_or(member) {
            return Err(Error::NotAMember);
        }
        store::act_for(tx, self.session, account, self.organisation)?;
        sessions::mark(account);
        let change = Change::new("identity.session.acting_for", format!("account/{account}"))
            .public(json!({ "session": self.session, "organisation": self.organisation }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// A person ends one of their sessions: signing out, or another device from the list.
#[derive(Debug, Serialize)]
pub struct EndSession {
    /// Which.
    pub session: SessionId,
}

impl Command for EndSession {
    const NAME: &'static str = "identity.session.end";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        let account = actor(ctx)?;
        in_city(ctx)?;
        store::end_session(tx, ctx, self.session, account, "ended by its owner")?;
        sessions::mark(account);
        let change = Change::new("identity.session.ended", format!("account/{account}"))
            .public(json!({ "session": self.session }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// A person ends all their sessions but perhaps one, or an administrator all of another's.
#[derive(Debug, Serialize)]
pub struct EndSessions {
    /// Whose.
    pub account: AccountId,
    /// The one to keep.
    pub keep: Option<SessionId>,
}

impl Command for EndSessions {
    const NAME: &'static str = "identity.session.end_all";
    type Outcome = u64;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<u64, Error> {
        if ctx.actor.account_id() != Some(self.account) {
            ctx.require(ADMINISTER)?;
        }
        in_city(ctx)?;
        let ended = store::end_sessions(tx, ctx, self.account, self.keep, "all ended")?;
        sessions::mark(self.account);
        let change = Change::new(
            "identity.session.all_ended",
            format!("account/{}", self.account),
        )
        .public(json!({ "sessions_ended": ended, "kept": self.keep }));
        record(tx, ctx, change)?;
        Ok(ended)
    }
}

/// Counts a failed sign-in by login and by address; made by [`Candidate::verify`](crate::Candidate::verify).
#[derive(Debug, Serialize)]
pub struct RecordFailedSignIn {
    account: Option<AccountId>,
    keys: Box<FailureKeys>,
    address: String,
    lockout: Lockout,
}

impl RecordFailedSignIn {
    pub(crate) fn new(
        account: Option<AccountId>,
        keys: Box<FailureKeys>,
        address: String,
        lockout: Lockout,
    ) -> Self {
        Self {
            account,
            keys,
            address,
            lockout,
        }
    }
}

impl Command for RecordFailedSignIn {
    const NAME: &'static str = "identity.sign_in.fail";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        in_city(ctx)?;
        let mut counts = [0; 2];
        let thresholds = [
            (self.keys.login, self.lockout.login),
            (self.keys.address, self.lockout.address),
        ];
        for (count, (key, threshold)) in counts.iter_mut().zip(thresholds) {
            *count = failures_so_far(tx, key, self.lockout, ctx.now)?.saturating_add(1);
            let wait = threshold.wait_seconds(*count);
            store::put_failures(tx, key, *count, ctx.now, ctx.now.plus_seconds(wait))?;
        }
        let [by_login, by_address] = counts;
        // Whether the login exists stays out of the public part.
        let change = Change::new("identity.sign_in.failed", "sign-in")
            .public(json!({ "failures_of_login": by_login, "failures_of_address": by_address }))
            .private(json!({ "account": self.account, "address": self.address }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// An administrator lifts the wait on a login.
#[derive(Debug, Serialize)]
pub struct Unlock {
    /// The login that was locked.
    pub login: Login,
}

impl Command for Unlock {
    const NAME: &'static str = "identity.sign_in.unlock";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(ADMINISTER)?;
        in_city(ctx)?;
        let was_counted = store::delete_failures(tx, login_key(&ctx.vault, self.login.as_str())?)?;
        let change = Change::new("identity.sign_in.unlocked", "sign-in")
            .public(json!({ "was_counted": was_counted }))
            .private(json!({ "login": self.login.as_str() }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Checks in the lane that no wait began since the look-up, forgets the login's failures (never the address's, or
/// whoever guesses others' passwords would clear them with an account of their own), writes the passkey's counter.
fn settle_proof(tx: &mut dyn Tx, verified: &Verified, now: Timestamp) -> Result<(), Error> {
    if let Some(keys) = verified.keys {
        refuse_while_waiting(tx, keys, now)?;
        store::delete_failures(tx, keys.login)?;
    }
    if let Some(passkey) = &verified.passkey {
        if !store::delete_ceremony(tx, passkey.ceremony)? {
            return Err(Error::CeremonyExpired);
        }
        store::use_passkey(tx, passkey.id, &passkey.credential, now)?;
    }
    Ok(())
}

fn failures_so_far(
    tx: &mut dyn Tx,
    key: [u8; 32],
    lockout: Lockout,
    now: Timestamp,
) -> Result<i64, Error> {
    let Failures { count, last_at, .. } = store::find_failures(tx, key)?;
    let remembered = last_at.is_some_and(|at| now < at.plus_seconds(lockout.forget_after_seconds));
    Ok(if remembered { count } else { 0 })
}

fn strongest(before: Assurance, now: Assurance) -> Assurance {
    match (before, now) {
        (Assurance::Password, Assurance::Password) => Assurance::Password,
        _ => Assurance::Passkey,
    }
}
