//! The door: comparing passwords, starting, confirming and rotating sessions, and how often one may knock.

use std::num::NonZeroUsize;
use std::sync::{Arc, OnceLock};

use axum::http::HeaderValue;
use db::Read;
use identity::commands::{ConfirmIdentity, RotateSession, StartSession};
use identity::{
    Candidate, Error, HashCost, Limit, Lockout, Passkeys, PasswordHash, Passwords, RateLimiter,
    SessionToken, SignedIn, Verified, candidate, candidate_again,
};
use kernel::{AccountId, Actor, CommunityId, Context, Kind, Timestamp, Vault};
use shell::{App, Failure, Session, Visitor, session_cookie};
use tokio::sync::Semaphore;

use shell::Client;

/// Costs and limits that an operator may set.
#[derive(Clone, Debug)]
pub struct Options {
    /// Argon2id's costs.
    pub hash_cost: HashCost,
    /// When failed sign-ins make the next one wait.
    pub lockout: Lockout,
    /// How often one address may try to sign in.
    pub sign_in: Limit,
    /// How often one address may try a code.
    pub code: Limit,
    /// How often one address may begin with a passkey.
    pub passkey: Limit,
    /// How many passwords are hashed at once; each takes `hash_cost.memory_kib`.
    pub hashes_at_once: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            hash_cost: HashCost::default(),
            lockout: Lockout::default(),
            sign_in: Limit::new("sign_in", 60, 60),
            code: Limit::new("code", 10, 5),
            passkey: Limit::new("passkey", 60, 60),
            // More at once than there are cores takes memory and saves no time.
            hashes_at_once: std::thread::available_parallelism().map_or(2, NonZeroUsize::get),
        }
    }
}

/// What all handlers of this module share.
pub(crate) struct Door {
    options: Options,
    limiter: RateLimiter,
    hashing: Semaphore,
    passwords: OnceLock<Passwords>,
    passkeys: OnceLock<Option<Arc<Passkeys>>>,
}

/// A session that has just begun or got a new token.
pub(crate) struct Opened {
    /// Its token.
    pub(crate) token: SessionToken,
    /// Whose it is.
    pub(crate) signed_in: Arc<SignedIn>,
}

impl Door {
    pub(crate) fn new(options: Options) -> Self {
        Self {
            limiter: RateLimiter::new(&[options.sign_in, options.code, options.passkey]),
            hashing: Semaphore::new(options.hashes_at_once.max(1)),
            options,
            passwords: OnceLock::new(),
            passkeys: OnceLock::new(),
        }
    }

    /// Counts a try of a code from this address.
    pub(crate) fn may_try_code(&self, client: &Client) -> Result<(), Failure> {
        Ok(self
            .limiter
            .check(self.options.code.name, &client.address)?)
    }

    /// Counts a passkey ceremony from this address.
    pub(crate) fn may_start_passkey(&self, client: &Client) -> Result<(), Failure> {
        Ok(self
            .limiter
            .check(self.options.passkey.name, &client.address)?)
    }

    /// Proves a person by login and password.
    pub(crate) async fn prove(
        self: &Arc<Self>,
        visitor: &Visitor,
        client: &Client,
        login: &str,
        password: String,
    ) -> Result<Verified, Failure> {
        let (login, address) = (login.to_owned(), client.address.clone());
        let find = move |read: &mut dyn Read, vault: &Vault, now: Timestamp| {
            candidate(read, vault, now, &login, &address)
        };
        self.compare(visitor, client, password, find).await
    }

    /// Proves again, by password, the person who is signed in.
    pub(crate) async fn prove_again(
        self: &Arc<Self>,
        visitor: &Visitor,
        client: &Client,
        account: AccountId,
        password: String,
    ) -> Result<Verified, Failure> {
        let address = client.address.clone();
        let find = move |read: &mut dyn Read, vault: &Vault, now: Timestamp| {
            candidate_again(read, vault, now, account, &address)
        };
        self.compare(visitor, client, password, find).await
    }

    async fn compare<F>(
        self: &Arc<Self>,
        visitor: &Visitor,
        client: &Client,
        password: String,
        find: F,
    ) -> Result<Verified, Failure>
    where
        F: FnOnce(&mut dyn Read, &Vault, Timestamp) -> Result<Candidate, Error> + Send + 'static,
    {
        self.limiter
            .check(self.options.sign_in.name, &client.address)?;
        let (vault, now) = (visitor.app.vault().clone(), visitor.now);
        let candidate = visitor
            .app
            .database()
            .read(move |read| find(read, &vault, now))
            .await?;
        let lockout = self.options.lockout;
        let compared = self
            .on_blocking_thread(
                move |passwords| Ok(candidate.verify(passwords, &password, lockout)),
            )
            .await?;
        match compared {
            Ok(verified) => Ok(verified),
            Err(failed) => {
                let ctx = context(visitor, visitor.context(CommunityId::CITY)?.actor)?;
                visitor.app.journal().execute(ctx, failed).await?;
                Err(Error::SignInRefused.into())
            }
        }
    }

    /// Checks and hashes a new password; `personal` words must not stand in it.
    pub(crate) async fn hash(
        self: &Arc<Self>,
        password: String,
        personal: Vec<String>,
    ) -> Result<PasswordHash, Failure> {
        self.on_blocking_thread(move |passwords| {
            let personal: Vec<&str> = personal.iter().map(String::as_str).collect();
            passwords.hash(&password, &personal)
        })
        .await
    }

    async fn on_blocking_thread<T, F>(self: &Arc<Self>, work: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: FnOnce(&Passwords) -> Result<T, Error> + Send + 'static,
    {
        let _turn = self.hashing.acquire().await;
        let door = Arc::clone(self);
        tokio::task::spawn_blocking(move || work(door.passwords()?))
            .await
            .map_err(|error| Failure::internal("comparing a password", &error))?
            .map_err(Failure::from)
    }

    fn passwords(&self) -> Result<&Passwords, Error> {
        if let Some(passwords) = self.passwords.get() {
            return Ok(passwords);
        }
        let made = Passwords::new(self.options.hash_cost)?;
        Ok(self.passwords.get_or_init(|| made))
    }

    /// The relying party for passkeys; `None` where the address in the settings can't have any: a bare IP address, or
    /// plain HTTP anywhere but on this very machine.
    pub(crate) fn passkeys(&self, app: &App) -> Option<Arc<Passkeys>> {
        self.passkeys
            .get_or_init(|| relying_party(&app.settings().public_url))
            .clone()
    }
}

/// Starts a session for whoever proved who they are.
pub(crate) async fn open(
    visitor: &Visitor,
    client: &Client,
    verified: Verified,
) -> Result<Opened, Failure> {
    let token = SessionToken::generate()?;
    let ctx = context(visitor, Actor::account(verified.account()))?;
    let command = StartSession::new(verified, token.hash(), &client.device);
    visitor.app.journal().execute(ctx, command).await?;
    opened(visitor, token).await
}

/// Confirms the session of whoever proved again who they are; its token changes.
pub(crate) async fn confirm(visitor: &Visitor, verified: Verified) -> Result<Opened, Failure> {
    let signed_in = &visitor.signed_in()?.signed_in;
    let token = SessionToken::generate()?;
    let ctx = context(visitor, Actor::account(signed_in.account))?;
    let command = ConfirmIdentity::new(verified, signed_in.session, token.hash());
    visitor.app.journal().execute(ctx, command).await?;
    opened(visitor, token).await
}

/// The cookie with a new token, if the person's roles changed since theirs was issued. Only browsers get one, on pages
/// that a person opens one at a time: two rotations at once could leave the browser with the token that lost.
pub(crate) async fn rotated(
    visitor: &Visitor,
    client: &Client,
) -> Result<Option<HeaderValue>, Failure> {
    let Some(Session { signed_in, .. }) = &visitor.session else {
        return Ok(None);
    };
    if client.program || !signed_in.rotation_due {
        return Ok(None);
    }
    let token = SessionToken::generate()?;
    let ctx = context(visitor, Actor::account(signed_in.account))?;
    let command = RotateSession {
        session: signed_in.session,
        token: token.hash(),
    };
    visitor.app.journal().execute(ctx, command).await?;
    cookie(
        visitor,
        &Opened {
            token,
            signed_in: Arc::clone(signed_in),
        },
    )
    .map(Some)
}

/// The cookie that keeps a session until it ends.
pub(crate) fn cookie(visitor: &Visitor, opened: &Opened) -> Result<HeaderValue, Failure> {
    let micros = opened
        .signed_in
        .ends_at
        .micros()
        .saturating_sub(visitor.now.micros());
    session_cookie(&visitor.app, &opened.token, micros.div_euclid(1_000_000))
}

/// The context for acts on accounts and sessions, which happen in the city. Without the request's idempotency key:
/// their answers are secrets, which must not be kept to be told twice.
pub(crate) fn context(visitor: &Visitor, actor: Actor) -> Result<Context, Failure> {
    let mut ctx = visitor.context(CommunityId::CITY)?;
    ctx.actor = actor;
    ctx.idempotency_key = None;
    Ok(ctx)
}

/// How long a failure asks to wait, in seconds.
pub(crate) fn seconds_to_wait(failure: &Failure) -> Option<u32> {
    let seconds = failure
        .arguments
        .iter()
        .find(|(name, _)| *name == "seconds");
    seconds
        .filter(|_| failure.kind == Kind::TooMany)
        .and_then(|(_, seconds)| seconds.parse().ok())
}

async fn opened(visitor: &Visitor, token: SessionToken) -> Result<Opened, Failure> {
    let (app, now, asked) = (visitor.app.clone(), visitor.now, token.clone());
    let found = visitor
        .app
        .database()
        .read(move |read| {
            app.sessions()
                .authenticate(read, &asked, now)
                .map_err(Failure::from)
        })
        .await?;
    let signed_in = found.ok_or_else(|| Failure::internal("a new session", &"it ended at once"))?;
    Ok(Opened { token, signed_in })
}

fn relying_party(public_url: &str) -> Option<Arc<Passkeys>> {
    let (scheme, rest) = public_url.split_once("://")?;
    let authority = rest.split('/').next()?;
    let domain = authority.split(':').next()?;
    let is_address = authority.starts_with('[') || domain.parse::<std::net::IpAddr>().is_ok();
    if is_address || (scheme != "https" && domain != "localhost") {
        return None;
    }
    Passkeys::new(domain, &format!("{scheme}://{authority}"), "邻里 Linli")
        .ok()
        .map(Arc::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_need_a_name_and_https() {
        assert!(relying_party("https://linli.example").is_some());
        assert!(relying_party("http://localhost:8080/").is_some());
        for without in [
            "http://linli.example",
            "https://192.0.2.1",
            "http://[::1]:8080",
            "linli.example",
        ] {
            assert!(relying_party(without).is_none(), "{without}");
        }
    }
}
