//! Why something about points could not be done.

use kernel::{Denied, Finding, Kind, Problem};

/// Why something about points could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] db::Error),
    /// The journal failed.
    #[error(transparent)]
    Journal(#[from] journal::Error),
    /// The book refuses.
    #[error(transparent)]
    Book(#[from] book::Error),
    /// The roll refuses.
    #[error(transparent)]
    People(#[from] people::Error),
    /// Nobody is signed in.
    #[error("points belong to a person: sign in first")]
    NotSignedIn,
    /// There is no such thing.
    #[error("there is no such {what} here: go back to the list")]
    NotFound {
        /// What.
        what: &'static str,
    },
    /// A text is blank.
    #[error("the field {field} is empty; fill it in")]
    Blank {
        /// The field.
        field: &'static str,
    },
    /// A text is too long.
    #[error("the field {field} is too long; {max} characters are the most")]
    TooLong {
        /// The field.
        field: &'static str,
        /// The limit.
        max: usize,
    },
    /// A number is not from 1 to the limit.
    #[error("the field {field} must be a whole number from 1 to {max}")]
    OutOfRange {
        /// The field.
        field: &'static str,
        /// The limit.
        max: i64,
    },
    /// The rule or item is not open.
    #[error("this {what} is not open: it has ended, or was not approved yet")]
    NotOpen {
        /// What.
        what: &'static str,
    },
    /// The cap is reached.
    #[error("this rule allows {cap} a {period}, and so many were claimed: come again later")]
    CapReached {
        /// The cap.
        cap: u32,
        /// `day` or `year`.
        period: &'static str,
    },
    /// A person confirms for themselves.
    #[error("nobody confirms their own act: ask another member of the committee")]
    OwnClaim,
    /// It was decided or closed before.
    #[error("this {what} is settled already: load the page anew")]
    Settled {
        /// What.
        what: &'static str,
    },
    /// Only owners earn by this rule.
    #[error(
        "only owners of a unit here earn by this rule: link your login to your unit, or choose another rule"
    )]
    OwnersOnly,
    /// What earns by itself is not claimed.
    #[error("this rule pays by itself when the act is on the record: nothing has to be claimed")]
    EarnsByItself,
    /// The times of a session are none.
    #[error("a session ends after it begins, within a day: correct the times")]
    ImpossibleTimes,
    /// Points go to family only.
    #[error(
        "points are given to one's own family only, as the roll knows it: owner, spouse, children, parents"
    )]
    NotFamily,
    /// None is left.
    #[error("none is left: choose something else, or ask the provider")]
    SoldOut,
    /// Another provider's redemption.
    #[error("this code belongs to another provider: they hand it over")]
    OtherProvider,
    /// Sealed text that can't be opened.
    #[error(
        "the evidence can't be opened: the keys are others than when it was sealed; restore the keys"
    )]
    Sealed,
}

impl From<kernel::Unsealable> for Error {
    fn from(_: kernel::Unsealable) -> Self {
        Self::Sealed
    }
}

impl Problem for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Denied(error) => error.kind(),
            Self::Database(error) => error.kind(),
            Self::Journal(error) => error.kind(),
            Self::Book(error) => error.kind(),
            Self::NotSignedIn => Kind::Unauthenticated,
            Self::NotFound { .. } => Kind::NotFound,
            Self::OwnClaim | Self::OtherProvider | Self::OwnersOnly | Self::NotFamily => {
                Kind::Denied
            }
            Self::NotOpen { .. }
            | Self::EarnsByItself
            | Self::CapReached { .. }
            | Self::Settled { .. }
            | Self::SoldOut => Kind::Conflict,
            Self::Sealed => Kind::Internal,
            Self::Blank { .. }
            | Self::TooLong { .. }
            | Self::OutOfRange { .. }
            | Self::ImpossibleTimes => Kind::Invalid,
            Self::People(error) => error.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Denied(error) => error.code(),
            Self::Database(error) => error.code(),
            Self::Journal(error) => error.code(),
            Self::Book(error) => error.code(),
            Self::NotSignedIn => "points-error-not-signed-in",
            Self::NotFound { .. } => "points-error-not-found",
            Self::Blank { .. } => "points-error-blank",
            Self::TooLong { .. } => "points-error-too-long",
            Self::OutOfRange { .. } => "points-error-out-of-range",
            Self::NotOpen { .. } => "points-error-not-open",
            Self::CapReached { period: "day", .. } => "points-error-daily-cap",
            Self::CapReached { .. } => "points-error-yearly-cap",
            Self::OwnClaim => "points-error-own-claim",
            Self::Settled { .. } => "points-error-settled",
            Self::OwnersOnly => "points-error-owners-only",
            Self::EarnsByItself => "points-error-earns-by-itself",
            Self::ImpossibleTimes => "points-error-impossible-times",
            Self::NotFamily => "points-error-not-family",
            Self::People(error) => error.code(),
            Self::SoldOut => "points-error-sold-out",
            Self::OtherProvider => "points-error-other-provider",
            Self::Sealed => "error-internal",
        }
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Denied(error) => error.arguments(),
            Self::Journal(error) => error.arguments(),
            Self::Book(error) => error.arguments(),
            Self::People(error) => error.arguments(),
            Self::Blank { field } => vec![("field", (*field).to_owned())],
            Self::TooLong { field, max } => {
                vec![("field", (*field).to_owned()), ("max", max.to_string())]
            }
            Self::OutOfRange { field, max } => {
                vec![("field", (*field).to_owned()), ("max", max.to_string())]
            }
            Self::CapReached { cap, .. } => vec![("cap", cap.to_string())],
            _ => Vec::new(),
        }
    }

    fn findings(&self) -> Vec<Finding> {
        let (Self::Blank { field } | Self::TooLong { field, .. } | Self::OutOfRange { field, .. }) =
            self
        else {
            return Vec::new();
        };
        let arguments = self.arguments().into_iter();
        vec![Finding {
            at: (*field).to_owned(),
            code: self.code().to_owned(),
            arguments: arguments
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        }]
    }
}
