//! What identity may answer instead of doing what was asked.

use kernel::{Kind, Problem, Role};

use crate::Weakness;

/// An error of identity. Sign-in errors are the same whether or not the login exists.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The actor lacks a permission.
    #[error(transparent)]
    Denied(#[from] kernel::Denied),
    /// The database said no.
    #[error(transparent)]
    Database(#[from] db::Error),
    /// The journal said no.
    #[error(transparent)]
    Journal(#[from] journal::Error),
    /// Sealed personal data does not open.
    #[error(transparent)]
    Sealed(#[from] kernel::Unsealable),
    /// A stored record holds a word this version does not know, or hashing failed: a defect.
    #[error("{what} could not be read or computed ({reason}); nothing was changed; report this")]
    Internal {
        /// What failed.
        what: &'static str,
        /// In whose words.
        reason: String,
    },
    /// Nobody has signed in.
    #[error("nobody is signed in; sign in first")]
    NotSignedIn,
    /// Login or password is wrong; which one is not said.
    #[error("login or password is wrong; try again, or ask the community's desk for a new code")]
    SignInRefused,
    /// The account is disabled; said only to who knows its password.
    #[error("this account is disabled; ask the community's desk")]
    AccountDisabled,
    /// Too many failed tries for this login or from this address.
    #[error("too many failed sign-ins; try again in {seconds} s, or ask for an unlock")]
    TooManyAttempts {
        /// Whole seconds until the next try counts.
        seconds: i64,
    },
    /// Too many requests of one sort.
    #[error("too many requests; try again in {seconds} s")]
    TooManyRequests {
        /// Whole seconds to wait.
        seconds: u64,
    },
    /// The act needs the password or a passkey again.
    #[error("confirm with your password or passkey first; this act needs a fresh confirmation")]
    ConfirmFirst,
    /// The password is too weak.
    #[error("this password can't be used: {0}")]
    WeakPassword(Weakness),
    /// Neither a phone number nor a user name.
    #[error("write a phone number, or a user name of 3 to 32 letters, digits, dots, dashes")]
    InvalidLogin,
    /// The login belongs to an account already.
    #[error("this login is taken; sign in with it, or use another")]
    LoginTaken,
    /// A text is missing or too long.
    #[error("{field} needs 1 to {limit} characters")]
    InvalidText {
        /// Which field.
        field: &'static str,
        /// The most characters it may have.
        limit: usize,
    },
    /// An end lies in the past.
    #[error("the end of the role lies in the past; choose a later one")]
    UntilPassed,
    /// No such account, or none this actor may see.
    #[error("there is no such account here; search for it by name or login")]
    NoSuchAccount,
    /// No such session of this account, or it has ended.
    #[error("this session has ended already; reload the list")]
    NoSuchSession,
    /// No such organisation in the community or the city.
    #[error("there is no such organisation here; register it first")]
    NoSuchOrganisation,
    /// No such role held.
    #[error("this account does not hold the role {}; reload the list", .role.name())]
    NoSuchRole {
        /// The role.
        role: Role,
    },
    /// The role is held already.
    #[error("this account holds the role {} here already", .role.name())]
    RoleHeld {
        /// The role.
        role: Role,
    },
    /// A role that can't be given this way or in this place.
    #[error("the role {} can't be given this way", .role.name())]
    RoleNotHere {
        /// The role.
        role: Role,
    },
    /// The installation would be left without an administrator.
    #[error("this is the last administrator; appoint another first")]
    LastAdministrator,
    /// Bootstrap where there is an administrator.
    #[error("there is an administrator already; sign in as them, or set their password")]
    AdministratorExists,
    /// Something that another person has to do.
    #[error("nobody does this to their own account; ask another who may")]
    OnOneself,
    /// The last login of an account.
    #[error("an account keeps at least one login; add another first")]
    LastLogin,
    /// The account is not a current member of the organisation.
    #[error("you are not a member of this organisation; ask it to appoint you")]
    NotAMember,
    /// Accounts that hold a staff role are reset by an administrator only.
    #[error("this account holds a staff role; an administrator has to do this")]
    NeedsAdministrator,
    /// No code of this text.
    #[error("this code is not known; check it letter by letter, or ask for a new one")]
    CodeUnknown,
    /// The code was used or withdrawn.
    #[error("this code was used or withdrawn; ask for a new one")]
    CodeSettled,
    /// The code is too old.
    #[error("this code has expired; ask for a new one")]
    CodeExpired,
    /// The passkey ceremony took too long or was finished before.
    #[error("the passkey request has expired; start again")]
    CeremonyExpired,
    /// The passkey's answer does not hold.
    #[error("the passkey was refused ({reason}); try again, or sign in with the password")]
    PasskeyRefused {
        /// The verifier's words, for the log.
        reason: String,
    },
    /// No such passkey of this account.
    #[error("there is no such passkey in this account; reload the list")]
    NoSuchPasskey,
    /// Too many of something.
    #[error("an account has at most {limit} {what}; remove one first")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
}

/// Not as a source: the sentence tells it already.
impl From<Weakness> for Error {
    fn from(weakness: Weakness) -> Self {
        Self::WeakPassword(weakness)
    }
}

impl Problem for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Denied(inner) => inner.kind(),
            Self::Database(inner) => inner.kind(),
            Self::Journal(inner) => inner.kind(),
            Self::Sealed(_) | Self::Internal { .. } => Kind::Internal,
            Self::NotSignedIn | Self::SignInRefused | Self::PasskeyRefused { .. } => {
                Kind::Unauthenticated
            }
            Self::AccountDisabled
            | Self::ConfirmFirst
            | Self::NotAMember
            | Self::NeedsAdministrator
            | Self::OnOneself => Kind::Denied,
            Self::TooManyAttempts { .. } | Self::TooManyRequests { .. } => Kind::TooMany,
            Self::WeakPassword(_)
            | Self::InvalidLogin
            | Self::InvalidText { .. }
            | Self::UntilPassed
            | Self::RoleNotHere { .. }
            | Self::CodeUnknown => Kind::Invalid,
            Self::NoSuchAccount
            | Self::NoSuchSession
            | Self::NoSuchOrganisation
            | Self::NoSuchRole { .. }
            | Self::NoSuchPasskey => Kind::NotFound,
            Self::LoginTaken
            | Self::RoleHeld { .. }
            | Self::LastAdministrator
            | Self::LastLogin
            | Self::AdministratorExists
            | Self::CodeSettled
            | Self::CodeExpired
            | Self::CeremonyExpired
            | Self::TooMany { .. } => Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Denied(inner) => inner.code(),
            Self::Database(inner) => inner.code(),
            Self::Journal(inner) => inner.code(),
            Self::WeakPassword(weakness) => weakness.code(),
            Self::Sealed(_) => "identity-error-sealed",
            Self::Internal { .. } => "identity-error-internal",
            Self::NotSignedIn => "identity-error-not-signed-in",
            Self::SignInRefused => "identity-error-sign-in-refused",
            Self::AccountDisabled => "identity-error-account-disabled",
            Self::TooManyAttempts { .. } => "identity-error-too-many-attempts",
            Self::TooManyRequests { .. } => "identity-error-too-many-requests",
            Self::ConfirmFirst => "identity-error-confirm-first",
            Self::InvalidLogin => "identity-error-invalid-login",
            Self::LoginTaken => "identity-error-login-taken",
            Self::InvalidText { .. } => "identity-error-invalid-text",
            Self::UntilPassed => "identity-error-until-passed",
            Self::NoSuchAccount => "identity-error-no-such-account",
            Self::NoSuchSession => "identity-error-no-such-session",
            Self::NoSuchOrganisation => "identity-error-no-such-organisation",
            Self::NoSuchRole { .. } => "identity-error-no-such-role",
            Self::RoleHeld { .. } => "identity-error-role-held",
            Self::RoleNotHere { .. } => "identity-error-role-not-here",
            Self::LastAdministrator => "identity-error-last-administrator",
            Self::AdministratorExists => "identity-error-administrator-exists",
            Self::OnOneself => "identity-error-on-oneself",
            Self::LastLogin => "identity-error-last-login",
            Self::NotAMember => "identity-error-not-a-member",
            Self::NeedsAdministrator => "identity-error-needs-administrator",
            Self::CodeUnknown => "identity-error-code-unknown",
            Self::CodeSettled => "identity-error-code-settled",
            Self::CodeExpired => "identity-error-code-expired",
            Self::CeremonyExpired => "identity-error-ceremony-expired",
            Self::PasskeyRefused { .. } => "identity-error-passkey-refused",
            Self::NoSuchPasskey => "identity-error-no-such-passkey",
            Self::TooMany { .. } => "identity-error-too-many",
        }
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Denied(inner) => inner.arguments(),
            Self::Database(inner) => inner.arguments(),
            Self::Journal(inner) => inner.arguments(),
            Self::TooManyAttempts { seconds } => vec![("seconds", seconds.to_string())],
            Self::TooManyRequests { seconds } => vec![("seconds", seconds.to_string())],
            Self::InvalidText { field, limit } => {
                vec![("field", (*field).to_owned()), ("limit", limit.to_string())]
            }
            Self::NoSuchRole { role } | Self::RoleHeld { role } | Self::RoleNotHere { role } => {
                vec![("role", role.name().to_owned())]
            }
            Self::TooMany { what, limit } => {
                vec![("what", (*what).to_owned()), ("limit", limit.to_string())]
            }
            Self::WeakPassword(_) => vec![
                ("shortest", crate::SHORTEST_PASSWORD.to_string()),
                ("longest", crate::LONGEST_PASSWORD.to_string()),
            ],
            _ => Vec::new(),
        }
    }
}
