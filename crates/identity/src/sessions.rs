//! Every request's first question: whose session is this, and with which roles?
//!
//! The answer is remembered in memory. How stale it can be:
//! - a change made by this process (a role given or ended, a session ended, an account disabled) counts from its
//!   commit on: the command marks the account before it commits, and for [`MARK_MILLISECONDS`] from then on nothing
//!   about a marked account is answered from memory (OWASP ASVS 5, 8.3.2);
//! - a change made by another process on the same database counts after [`REMEMBER_MILLISECONDS`] at most;
//! - expiry is judged at every request, remembered or not.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use db::Read;
use kernel::{AccountId, Timestamp, Vault};

use crate::directory::is_staff;
use crate::store::{self, RoleRow, SessionRow};
use crate::{Assurance, Error, SessionToken, SignedIn, TOUCH_EVERY_SECONDS, TokenHash};

/// How long an answer is remembered, in milliseconds.
pub const REMEMBER_MILLISECONDS: u64 = 2_000;
/// How long a changed account is asked about anew at every request, in milliseconds; longer than a commit takes.
pub const MARK_MILLISECONDS: u64 = 5_000;

/// How long sessions last, and whether staff need a passkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionPolicy {
    /// For residents and owners.
    pub resident: Expiry,
    /// For accounts that hold any other role anywhere.
    pub staff: Expiry,
    /// Whether staff roles count only in sessions that a passkey opened or confirmed.
    pub staff_need_passkey: bool,
}

/// When a session ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expiry {
    /// Seconds without use.
    pub idle_seconds: i64,
    /// Seconds since the sign-in, used or not.
    pub absolute_seconds: i64,
}

impl Default for SessionPolicy {
    fn default() -> Self {
        let (minute, hour, day) = (60, 3600, 86_400);
        Self {
            resident: Expiry {
                idle_seconds: 14 * day,
                absolute_seconds: 30 * day,
            },
            staff: Expiry {
                idle_seconds: 30 * minute,
                absolute_seconds: 12 * hour,
            },
            staff_need_passkey: false,
        }
    }
}

/// Tells whose session a token is.
#[derive(Debug)]
pub struct Sessions {
    policy: SessionPolicy,
    vault: Vault,
    remembered: Vec<RwLock<HashMap<TokenHash, Remembered>>>,
    per_shard: usize,
}

#[derive(Debug)]
struct Remembered {
    signed_in: Arc<SignedIn>,
    at_ms: u64,
}

const SHARDS: usize = 16;

impl Sessions {
    /// With this policy, remembering at most about `capacity` sessions (a few hundred bytes each).
    pub fn new(policy: SessionPolicy, vault: Vault, capacity: usize) -> Self {
        Self {
            policy,
            vault,
            remembered: (0..SHARDS).map(|_| RwLock::default()).collect(),
            per_shard: capacity.div_ceil(SHARDS),
        }
    }

    /// The answer from memory, if it is there and fresh: the quick path, without a database.
    pub fn remembered(&self, token: &SessionToken, now: Timestamp) -> Option<Arc<SignedIn>> {
        let hash = token.hash();
        let shard = self
            .shard(hash)?
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let entry = shard.get(&hash)?;
        let fresh = milliseconds() < entry.at_ms.saturating_add(REMEMBER_MILLISECONDS)
            && !marked(entry.signed_in.account);
        (fresh && !entry.signed_in.expired(now)).then(|| Arc::clone(&entry.signed_in))
    }

    /// Whose session this is, from memory or the database; `None` for a token that is unknown, expired or revoked,
    /// or whose account is disabled.
    pub fn authenticate(
        &self,
        read: &mut dyn Read,
        token: &SessionToken,
        now: Timestamp,
    ) -> Result<Option<Arc<SignedIn>>, Error> {
        if let Some(signed_in) = self.remembered(token, now) {
            return Ok(Some(signed_in));
        }
        let at_ms = milliseconds();
        let hash = token.hash();
        let Some(session) = store::authenticate(read, &self.vault, hash)? else {
            self.forget(hash);
            return Ok(None);
        };
        let roles = store::list_roles(read, session.account)?;
        let organisations = if roles
            .iter()
            .any(|role| role.membership.organisation.is_some())
        {
            store::organisations_of(read, session.account)?
        } else {
            Vec::new()
        };
        let mut signed_in = signed_in(self.policy, session, &roles, now);
        signed_in.organisations = organisations;
        let signed_in = Arc::new(signed_in);
        if signed_in.expired(now) {
            self.forget(hash);
            return Ok(None);
        }
        self.remember(hash, Arc::clone(&signed_in), at_ms);
        Ok(Some(signed_in))
    }

    /// The policy in force.
    pub const fn policy(&self) -> SessionPolicy {
        self.policy
    }

    fn remember(&self, hash: TokenHash, signed_in: Arc<SignedIn>, at_ms: u64) {
        let Some(shard) = self.shard(hash) else {
            return;
        };
        let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
        if shard.len() >= self.per_shard && !shard.contains_key(&hash) {
            shard.retain(|_, entry| at_ms < entry.at_ms.saturating_add(REMEMBER_MILLISECONDS));
        }
        if shard.len() < self.per_shard || shard.contains_key(&hash) {
            shard.insert(hash, Remembered { signed_in, at_ms });
        }
    }

    fn forget(&self, hash: TokenHash) {
        if let Some(shard) = self.shard(hash) {
            shard
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .remove(&hash);
        }
    }

    fn shard(&self, hash: TokenHash) -> Option<&RwLock<HashMap<TokenHash, Remembered>>> {
        let [first, ..] = hash.0;
        self.remembered.get(usize::from(first) % SHARDS)
    }
}

/// What a session's row and its account's roles make of a request.
fn signed_in(
    policy: SessionPolicy,
    row: SessionRow,
    roles: &[RoleRow],
    now: Timestamp,
) -> SignedIn {
    let current = roles.iter().filter(|role| role.ended_at.is_none());
    let mut memberships: Vec<_> = current
        .map(|role| role.membership)
        .filter(|m| m.holds_at(now))
        .collect();
    let staff = memberships.iter().any(|m| is_staff(m.role));
    let expiry = if staff { policy.staff } else { policy.resident };
    let passkey_needed = staff && policy.staff_need_passkey && row.assurance != Assurance::Passkey;
    if passkey_needed {
        memberships.retain(|m| !is_staff(m.role));
    }
    SignedIn {
        account: row.account,
        session: row.session,
        name: row.name,
        language: row.language,
        elder: row.elder,
        assurance: row.assurance,
        authenticated_at: row.authenticated_at,
        organisation: row.organisation,
        organisations: Vec::new(),
        memberships,
        passkey_needed,
        rotation_due: roles
            .iter()
            .any(|role| changed_after(role, row.token_issued_at, now)),
        last_seen_at: row.last_seen_at,
        ends_at: row.created_at.plus_seconds(expiry.absolute_seconds),
        idles_out_at: row
            .last_seen_at
            .plus_seconds(expiry.idle_seconds.max(TOUCH_EVERY_SECONDS)),
    }
}

/// Whether a role began or ended after the token was issued.
fn changed_after(role: &RoleRow, issued_at: Timestamp, now: Timestamp) -> bool {
    let ran_out = role.membership.until.filter(|until| *until <= now);
    let changes = [Some(role.membership.since), role.ended_at, ran_out];
    changes.into_iter().flatten().any(|at| at > issued_at)
}

/// Marks an account whose sessions or roles a command is about to change. Process-wide, because commands run in the
/// database's lanes and know no [`Sessions`]; marking too much costs a look-up, nothing else.
pub(crate) fn mark(account: AccountId) {
    if let Some(slot) = slot(account) {
        slot.store(
            milliseconds().saturating_add(MARK_MILLISECONDS),
            Ordering::SeqCst,
        );
    }
}

fn marked(account: AccountId) -> bool {
    slot(account).is_some_and(|slot| milliseconds() < slot.load(Ordering::SeqCst))
}

/// Accounts share slots by the last bits of their ids, which are random.
static MARKED_UNTIL: [AtomicU64; 1024] = [const { AtomicU64::new(0) }; 1024];

fn slot(account: AccountId) -> Option<&'static AtomicU64> {
    let [.., high, low] = account.uuid().into_bytes();
    MARKED_UNTIL.get(usize::from(u16::from_be_bytes([high, low])) % MARKED_UNTIL.len())
}

/// Milliseconds since this process first asked: bookkeeping of memory, never a time that a rule looks at.
fn milliseconds() -> u64 {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let elapsed = START.get_or_init(Instant::now).elapsed();
    u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
}
