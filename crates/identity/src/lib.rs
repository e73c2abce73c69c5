//! Accounts, passkeys, sessions, roles and permissions: who a person is, and what they may do where.
//!
//! Accounts are global; a membership ties one to a community in a role, for themselves or for an organisation.
//! Modules declare which roles hold which permissions ([`PermissionRule`]); [`Directory`] computes grants from them;
//! every request asks [`Sessions`] who it comes from. Personal data stands sealed and leaves masked ([`mask`]),
//! unless its reading is on the record ([`commands::ReadPersonalData`]).
//!
//! Signing in takes three steps, because comparing a password is slow on purpose and must not hold a lane:
//! [`candidate`] (a read), [`Candidate::verify`] (a blocking thread), then [`commands::StartSession`] or the
//! [`commands::RecordFailedSignIn`] that `verify` answers. Answers never tell whether a login exists.
//!
//! Commands on accounts and sessions run in [`CommunityId::CITY`](kernel::CommunityId::CITY); commands on roles,
//! codes and organisations in the community concerned.

pub mod commands;
mod directory;
mod error;
mod housekeeping;
mod lockout;
mod login;
pub mod mask;
mod model;
mod passkeys;
mod password;
pub mod queries;
mod rate;
mod sessions;
mod sign_in;
mod store;
mod token;

use db::{Migration, Statement};

pub use directory::{Directory, PermissionRule, Roles, is_held_in, is_staff};
pub use error::Error;
pub use housekeeping::{prune, touch};
pub use lockout::{Lockout, Threshold};
pub use login::{Login, LoginKind};
pub use model::{
    ADMINISTER, APPOINT, APPOINT_COMMITTEE, Assurance, CeremonyId, CodeId, FRESH_SECONDS, INVITE,
    Language, Membership, OrganisationKind, PERMISSIONS, PasskeyId, READ_PERSONAL_DATA,
    REGISTER_ORGANISATION, RESET, SessionId, SignedIn, TOUCH_EVERY_SECONDS, VIEW_MEMBERS,
    appointing, recently_authenticated,
};
pub use passkeys::{CEREMONY_SECONDS, NewPasskey, PASSKEYS_LIMIT, Passkeys, Started};
pub use password::{
    ADVISED_PASSWORD, HashCost, LONGEST_PASSWORD, PasswordHash, Passwords, SHORTEST_PASSWORD,
    Strength, Weakness, check as check_password,
};
pub use rate::{Limit, RateLimiter};
pub use sessions::{Expiry, MARK_MILLISECONDS, REMEMBER_MILLISECONDS, SessionPolicy, Sessions};
pub use sign_in::{Candidate, Verified, candidate, candidate_again};
pub use store::{CodePurpose, Member, OpenCode, Organisation, OwnSession};
pub use token::{CodeIndex, OneTimeCode, SessionToken, TokenHash};

/// Identity's tables.
pub const MIGRATIONS: &[Migration] = &[Migration {
    module: "identity",
    version: 1,
    sql: include_str!("../migrations/0001_identity.sql"),
}];

/// Every statement of this crate.
pub const STATEMENTS: &[Statement] = store::STATEMENTS;

/// Identity's texts: language tag and Fluent source.
pub const MESSAGES: &[(&str, &str)] = &[
    ("zh-CN", include_str!("../messages/zh-CN.ftl")),
    ("en", include_str!("../messages/en.ftl")),
];
