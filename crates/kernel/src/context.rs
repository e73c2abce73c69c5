//! Who asks, where and when: the first argument of every command and query.

use crate::{
    AccountId, CommunityId, Denied, Grants, OrganisationId, Permission, Randomness, Timestamp,
    Uuid, Vault,
};

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Nobody has signed in.
    Anonymous,
    /// A person with a login, acting for themselves or for an organisation or department.
    Account {
        /// The login.
        id: AccountId,
        /// The organisation acted for, if any.
        on_behalf_of: Option<OrganisationId>,
    },
    /// Linli itself, by a rule: a closing time reached, a job that ran.
    System,
}

impl Actor {
    /// A person acting for themselves.
    pub const fn account(id: AccountId) -> Self {
        Self::Account {
            id,
            on_behalf_of: None,
        }
    }

    /// The login behind the actor, if there is one.
    pub const fn account_id(self) -> Option<AccountId> {
        match self {
            Self::Account { id, .. } => Some(id),
            Self::Anonymous | Self::System => None,
        }
    }

    /// The id the journal writes; all zeros for nobody and for Linli itself.
    pub const fn uuid(self) -> Uuid {
        match self {
            Self::Account { id, .. } => id.uuid(),
            Self::Anonymous | Self::System => Uuid::nil(),
        }
    }
}

/// The circumstances of one command or query: who, in which community, at what time, with what randomness.
#[derive(Debug)]
pub struct Context {
    /// Who acts.
    pub actor: Actor,
    /// In which community.
    pub community: CommunityId,
    /// The server's time when the request came in; the only clock there is.
    pub now: Timestamp,
    /// Where new ids, salts and tokens come from.
    pub random: Randomness,
    /// What the actor may do here.
    pub grants: Grants,
    /// Seals and opens personal data.
    pub vault: Vault,
    /// The caller's key for this command: a repeated key answers the same and changes nothing.
    pub idempotency_key: Option<String>,
}

impl Context {
    /// Linli acting by a rule in a community.
    pub fn system(
        community: CommunityId,
        now: Timestamp,
        random: Randomness,
        grants: Grants,
        vault: Vault,
    ) -> Self {
        Self {
            actor: Actor::System,
            community,
            now,
            random,
            grants,
            vault,
            idempotency_key: None,
        }
    }

    /// Refuses unless the actor holds the permission: line one of every command.
    pub fn require(&self, permission: Permission) -> Result<(), Denied> {
        if self.grants.holds(permission) {
            Ok(())
        } else {
            Err(Denied { permission })
        }
    }

    /// Whether the actor holds the permission; for showing or hiding, never instead of `require`.
    pub fn may(&self, permission: Permission) -> bool {
        self.grants.holds(permission)
    }

    /// A new UUIDv7 of this moment from this context's randomness.
    pub fn new_uuid(&self) -> Uuid {
        let millis = u64::try_from(self.now.micros().div_euclid(1000)).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.random.next_first()).into_uuid()
    }
}
