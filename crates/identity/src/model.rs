//! Accounts, sessions, memberships and organisations in the field's own terms.

use kernel::{AccountId, Actor, CommunityId, Grants, OrganisationId, Permission, Role, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Directory, Error, PermissionRule, Roles};

kernel::id! {
    /// A signed-in device of an account.
    pub struct SessionId;
}
kernel::id! {
    /// An invitation or reset on paper.
    pub struct CodeId;
}
kernel::id! {
    /// A passkey of an account.
    pub struct PasskeyId;
}
kernel::id! {
    /// One passkey ceremony between its two halves.
    pub struct CeremonyId;
}
db::id_column!(SessionId, CodeId, PasskeyId, CeremonyId);

/// Inviting residents and owners, and withdrawing invitations.
pub const INVITE: Permission = Permission("identity.invite");
/// Giving and ending the roles of butlers and providers.
pub const APPOINT: Permission = Permission("identity.appoint");
/// Giving and ending the role of committee member, as the sub-district records the election.
pub const APPOINT_COMMITTEE: Permission = Permission("identity.appoint_committee");
/// Printing a code with which a resident sets a new password.
pub const RESET: Permission = Permission("identity.reset");
/// Reading another person's data unmasked, with a reason, on the record.
pub const READ_PERSONAL_DATA: Permission = Permission("identity.read_personal_data");
/// Seeing who holds which role, names masked.
pub const VIEW_MEMBERS: Permission = Permission("identity.view_members");
/// Registering committees, companies, providers and departments.
pub const REGISTER_ORGANISATION: Permission = Permission("identity.register_organisation");
/// Creating, disabling and unlocking accounts, appointing city staff and administrators.
pub const ADMINISTER: Permission = Permission("identity.administer");

/// Who holds identity's own permissions.
pub const PERMISSIONS: &[PermissionRule] = &[
    PermissionRule {
        permission: INVITE,
        roles: &[
            Role::Butler,
            Role::CommitteeMember,
            Role::CityStaff,
            Role::Administrator,
        ],
    },
    PermissionRule {
        permission: APPOINT,
        roles: &[Role::CommitteeMember, Role::CityStaff, Role::Administrator],
    },
    PermissionRule {
        permission: APPOINT_COMMITTEE,
        roles: &[Role::CityStaff, Role::Administrator],
    },
    PermissionRule {
        permission: RESET,
        roles: &[
            Role::Butler,
            Role::CommitteeMember,
            Role::CityStaff,
            Role::Administrator,
        ],
    },
    PermissionRule {
        permission: READ_PERSONAL_DATA,
        roles: &[Role::Butler, Role::CommitteeMember, Role::CityStaff],
    },
    PermissionRule {
        permission: VIEW_MEMBERS,
        roles: &[
            Role::Butler,
            Role::CommitteeMember,
            Role::CityStaff,
            Role::Administrator,
        ],
    },
    PermissionRule {
        permission: REGISTER_ORGANISATION,
        roles: &[Role::CommitteeMember, Role::CityStaff, Role::Administrator],
    },
    PermissionRule {
        permission: ADMINISTER,
        roles: &[Role::Administrator],
    },
];

/// Which permission gives and ends a role.
pub const fn appointing(role: Role) -> Permission {
    match role {
        Role::Resident | Role::Owner | Role::Applicant => INVITE,
        Role::Butler | Role::Provider => APPOINT,
        Role::CommitteeMember => APPOINT_COMMITTEE,
        Role::CityStaff | Role::Supervisor | Role::Administrator => ADMINISTER,
    }
}

/// The languages that pages and messages exist in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    /// Simplified Chinese.
    #[default]
    #[serde(rename = "zh-CN")]
    Chinese,
    /// English.
    #[serde(rename = "en")]
    English,
}

/// What opened or last confirmed a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assurance {
    /// The password: one factor.
    Password,
    /// A passkey with the person verified on the device: two factors, not to be phished.
    Passkey,
}

/// What sort of organisation it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationKind {
    /// 业主委员会、居民委员会.
    Committee,
    /// 物业服务企业.
    PropertyCompany,
    /// 服务商.
    Provider,
    /// 街道、部门.
    CityDepartment,
    /// 建设单位: a company that builds and applies for permits.
    Developer,
}

impl OrganisationKind {
    /// All of them, in the order of a choice.
    pub const ALL: [Self; 5] = [
        Self::Committee,
        Self::PropertyCompany,
        Self::Provider,
        Self::CityDepartment,
        Self::Developer,
    ];
}

/// A word in storage for each case of an enum.
macro_rules! stored_words {
    ($($type:ty { $($case:ident => $word:literal),* $(,)? })*) => {$(
        impl $type {
            /// The word in storage and in the API.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$case => $word),* }
            }

            /// The case with this word.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($word => Some(Self::$case),)* _ => None }
            }

            pub(crate) fn stored(name: &str) -> Result<Self, Error> {
                Self::from_name(name).ok_or_else(|| unknown_word(stringify!($type), name))
            }
        }
    )*};
}

stored_words! {
    Language { Chinese => "zh-CN", English => "en" }
    Assurance { Password => "password", Passkey => "passkey" }
    OrganisationKind {
        Committee => "committee",
        PropertyCompany => "property_company",
        Provider => "provider",
        CityDepartment => "city_department",
        Developer => "developer",
    }
}

pub(crate) fn unknown_word(what: &'static str, word: &str) -> Error {
    Error::Internal {
        what,
        reason: format!("\"{word}\" is stored, which this version does not know"),
    }
}

/// A role that an account holds in a community, now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Membership {
    /// Where.
    pub community: CommunityId,
    /// As what.
    pub role: Role,
    /// For which organisation, if not for oneself.
    pub organisation: Option<OrganisationId>,
    /// Since when.
    pub since: Timestamp,
    /// The first instant at which it no longer holds, if it ends by itself.
    pub until: Option<Timestamp>,
}

impl Membership {
    /// Whether it holds at this instant.
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.since <= now && self.until.is_none_or(|until| now < until)
    }

    /// Whether it counts in this community: where it was given; city staff's and administrators' city-wide roles
    /// count everywhere.
    pub fn counts_in(&self, community: CommunityId) -> bool {
        let city_wide = self.community == CommunityId::CITY
            && matches!(self.role, Role::CityStaff | Role::Administrator);
        self.community == community || city_wide
    }
}

/// A request's session, checked: who, with which roles where.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The person's account.
    pub account: AccountId,
    /// This device's session.
    pub session: SessionId,
    /// The person's own name, unmasked, for their own pages.
    pub name: String,
    /// The language they read.
    pub language: Language,
    /// Whether they want large print and few choices.
    pub elder: bool,
    /// What opened or last confirmed the session.
    pub assurance: Assurance,
    /// When the person last proved who they are in this session.
    pub authenticated_at: Timestamp,
    /// The organisation acted for, if one was chosen.
    pub organisation: Option<OrganisationId>,
    /// The names of the organisations for which the person holds a role somewhere.
    pub organisations: Vec<(OrganisationId, String)>,
    /// The roles that count in this session.
    pub memberships: Vec<Membership>,
    /// Staff roles are left out of `memberships` until a passkey confirms the session.
    pub passkey_needed: bool,
    /// The account's roles changed after the token was issued: run `RotateSession` and set the new cookie.
    pub rotation_due: bool,
    /// When the session was last written as seen; see [`SignedIn::touch_due`].
    pub last_seen_at: Timestamp,
    /// When the session ends, used or not.
    pub ends_at: Timestamp,
    /// When it ends if it is not used.
    pub idles_out_at: Timestamp,
}

impl SignedIn {
    /// The roles held in a community at an instant.
    pub fn roles(&self, community: CommunityId, now: Timestamp) -> Roles {
        let here = |m: &&Membership| m.counts_in(community) && m.holds_at(now);
        self.memberships
            .iter()
            .filter(here)
            .map(|m| m.role)
            .collect()
    }

    /// What may be done in a community at an instant.
    pub fn grants(&self, directory: &Directory, community: CommunityId, now: Timestamp) -> Grants {
        directory.grants(self.roles(community, now))
    }

    /// The actor for commands in a community: for the chosen organisation where its membership counts there,
    /// for oneself elsewhere.
    pub fn actor(&self, community: CommunityId, now: Timestamp) -> Actor {
        let on_behalf_of = self
            .organisation
            .filter(|chosen| self.may_act_for(*chosen, community, now));
        Actor::Account {
            id: self.account,
            on_behalf_of,
        }
    }

    /// The organisations, with their names, for which the person may act in a community; anywhere, for `None`.
    pub fn may_choose(
        &self,
        community: Option<CommunityId>,
        now: Timestamp,
    ) -> Vec<(OrganisationId, &str)> {
        let places = |organisation| match community {
            Some(community) => self.may_act_for(organisation, community, now),
            None => true,
        };
        let named = self.organisations.iter();
        named
            .filter(|(id, _)| places(*id))
            .map(|(id, name)| (*id, name.as_str()))
            .collect()
    }

    fn may_act_for(
        &self,
        organisation: OrganisationId,
        community: CommunityId,
        now: Timestamp,
    ) -> bool {
        let of = |m: &Membership| m.organisation == Some(organisation);
        self.memberships
            .iter()
            .any(|m| of(m) && m.counts_in(community) && m.holds_at(now))
    }

    /// The communities in which any role is held, for the switch.
    pub fn communities(&self, now: Timestamp) -> Vec<CommunityId> {
        let held = self.memberships.iter().filter(|m| m.holds_at(now));
        let mut communities: Vec<_> = held.map(|m| m.community).collect();
        communities.sort_unstable();
        communities.dedup();
        communities
    }

    /// Whether the session has ended by itself at this instant.
    pub fn expired(&self, now: Timestamp) -> bool {
        now >= self.ends_at || now >= self.idles_out_at
    }

    /// Whether it is time to write that the session was seen; at most every [`TOUCH_EVERY_SECONDS`].
    pub fn touch_due(&self, now: Timestamp) -> bool {
        now >= self.last_seen_at.plus_seconds(TOUCH_EVERY_SECONDS)
    }

    /// Whether the person proved who they are recently enough for a sensitive act.
    pub fn recently_authenticated(&self, now: Timestamp) -> bool {
        recently_authenticated(self.authenticated_at, now)
    }
}

/// How long a proof of identity covers sensitive acts, in seconds: ten minutes.
pub const FRESH_SECONDS: i64 = 10 * 60;
/// A session in use is written as seen at most this often, in seconds. An idle limit may strike that much early.
pub const TOUCH_EVERY_SECONDS: i64 = 5 * 60;

/// Whether a proof of identity at one instant still covers a sensitive act at another.
pub fn recently_authenticated(authenticated_at: Timestamp, now: Timestamp) -> bool {
    now < authenticated_at.plus_seconds(FRESH_SECONDS)
}
