//! Signing in with a password: look up (reading), compare (slow, no database), then start a session or count a failure.

use db::Read;
use kernel::{AccountId, CommunityId, Timestamp, Vault};
use serde::Serialize;

use crate::commands::RecordFailedSignIn;
use crate::store::{self, Failures};
use crate::{Assurance, CeremonyId, Error, Lockout, Login, PasskeyId, PasswordHash, Passwords};

/// Someone who says who they are, before the password is compared. The same for logins that do not exist.
#[derive(Debug)]
pub struct Candidate {
    account: Option<AccountId>,
    password: Option<PasswordHash>,
    keys: Box<FailureKeys>,
    address: String,
}

/// An account that has just proved who it is: what [`StartSession`](crate::commands::StartSession) and
/// [`ConfirmIdentity`](crate::commands::ConfirmIdentity) are made of, and made by nothing but a comparison that held.
#[derive(Debug)]
pub struct Verified {
    pub(crate) account: AccountId,
    pub(crate) assurance: Assurance,
    pub(crate) keys: Option<FailureKeys>,
    pub(crate) passkey: Option<PasskeyUse>,
}

impl Verified {
    /// The account.
    pub const fn account(&self) -> AccountId {
        self.account
    }
}

/// The passkey that proved it, to be written back with its counter.
#[derive(Clone, Debug)]
pub(crate) struct PasskeyUse {
    pub(crate) id: PasskeyId,
    pub(crate) ceremony: CeremonyId,
    pub(crate) credential: String,
}

/// Under what failures are counted: keyed hashes, so that the table holds neither logins nor addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct FailureKeys {
    pub(crate) login: [u8; 32],
    pub(crate) address: [u8; 32],
}

/// Looks up who signs in. `address` is the client's address as text (for IPv6 its /64 network, or the failures of
/// one client spread over many keys). Refuses while the login or the address has to wait.
pub fn candidate(
    read: &mut dyn Read,
    vault: &Vault,
    now: Timestamp,
    login: &str,
    address: &str,
) -> Result<Candidate, Error> {
    let parsed = Login::parse(login).ok();
    let spelling = parsed.as_ref().map_or(login, Login::as_str);
    let keys = failure_keys(vault, spelling, address)?;
    refuse_while_waiting(read, keys, now)?;
    let found = match &parsed {
        Some(login) => store::find_login(read, vault, login)?,
        None => None,
    };
    let (account, password) = found.unzip();
    Ok(Candidate {
        account,
        password: password.flatten(),
        keys: Box::new(keys),
        address: address.to_owned(),
    })
}

/// Looks up someone signed in who confirms who they are.
pub fn candidate_again(
    read: &mut dyn Read,
    vault: &Vault,
    now: Timestamp,
    account: AccountId,
    address: &str,
) -> Result<Candidate, Error> {
    let keys = failure_keys(vault, &account.to_string(), address)?;
    refuse_while_waiting(read, keys, now)?;
    let row = store::find_account(read, vault, account)?;
    let password = row.and_then(|row| row.password);
    Ok(Candidate {
        account: Some(account),
        password,
        keys: Box::new(keys),
        address: address.to_owned(),
    })
}

impl Candidate {
    /// Compares the password; takes as long for a login that does not exist. Tens of milliseconds: call it on a
    /// blocking thread. If it fails, run the command it answers and tell the person [`Error::SignInRefused`].
    pub fn verify(
        self,
        passwords: &Passwords,
        password: &str,
        lockout: Lockout,
    ) -> Result<Verified, RecordFailedSignIn> {
        let matches = passwords.verify(password, self.password.as_ref());
        match self.account {
            Some(account) if matches => Ok(Verified {
                account,
                assurance: Assurance::Password,
                keys: Some(*self.keys),
                passkey: None,
            }),
            account => Err(RecordFailedSignIn::new(
                account,
                self.keys,
                self.address,
                lockout,
            )),
        }
    }
}

/// Refuses while the login or the address has to wait after failures.
pub(crate) fn refuse_while_waiting(
    read: &mut dyn Read,
    keys: FailureKeys,
    now: Timestamp,
) -> Result<(), Error> {
    for key in [keys.login, keys.address] {
        let Failures { not_before, .. } = store::find_failures(read, key)?;
        if let Some(not_before) = not_before.filter(|at| now < *at) {
            let micros = not_before.micros().saturating_sub(now.micros());
            return Err(Error::TooManyAttempts {
                seconds: micros.div_euclid(1_000_000) + 1,
            });
        }
    }
    Ok(())
}

/// The key under which a login's failures are counted.
pub(crate) fn login_key(vault: &Vault, spelling: &str) -> Result<[u8; 32], Error> {
    let shortened: String = spelling.chars().take(64).collect();
    Ok(vault.blind_index(CommunityId::CITY, "identity.failure.login", &shortened)?)
}

fn failure_keys(vault: &Vault, spelling: &str, address: &str) -> Result<FailureKeys, Error> {
    Ok(FailureKeys {
        login: login_key(vault, spelling)?,
        address: vault.blind_index(CommunityId::CITY, "identity.failure.address", address)?,
    })
}
