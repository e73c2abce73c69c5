//! Why something could not be posted or proved.

use kernel::{CommunityId, Denied, Kind, Problem};
use ledger::{Broken, Refusal};

/// Why something could not be posted or proved.
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
    /// The ledger refuses the request.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The stored book contradicts itself.
    #[error(
        "the book of community {community} does not hold: {reason}; restore a backup and compare"
    )]
    Unsound {
        /// Whose book.
        community: CommunityId,
        /// What does not hold.
        reason: String,
    },
    /// The writer of bare transfers has stopped.
    #[error("the book's writer has stopped; start the program anew")]
    Stopped,
}

impl From<Broken> for Error {
    fn from(broken: Broken) -> Self {
        Self::Refused(broken.into())
    }
}

impl Problem for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Denied(error) => error.kind(),
            Self::Database(error) => error.kind(),
            Self::Journal(error) => error.kind(),
            Self::Refused(Refusal::NoTransfer { .. } | Refusal::NoAccount { .. }) => Kind::NotFound,
            Self::Refused(Refusal::Broken(_)) | Self::Unsound { .. } => Kind::Internal,
            Self::Refused(
                Refusal::TooLittle { .. }
                | Refusal::TooMuch { .. }
                | Refusal::IdReused { .. }
                | Refusal::Closed { .. }
                | Refusal::Reversed { .. },
            ) => Kind::Conflict,
            Self::Refused(_) => Kind::Invalid,
            Self::Stopped => Kind::Unavailable,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Denied(error) => error.code(),
            Self::Database(error) => error.code(),
            Self::Journal(error) => error.code(),
            Self::Refused(Refusal::TooLittle { .. }) => "book-error-too-little",
            Self::Refused(Refusal::TooMuch { .. }) => "book-error-too-much",
            Self::Refused(Refusal::IdReused { .. }) => "book-error-id-reused",
            Self::Refused(Refusal::Closed { .. }) => "book-error-closed",
            Self::Refused(Refusal::Reversed { .. }) => "book-error-reversed",
            Self::Refused(Refusal::NotAllowed { .. }) => "book-error-not-allowed",
            Self::Refused(Refusal::Broken(_)) | Self::Unsound { .. } => "book-error-broken",
            Self::Refused(_) => "book-error-refused",
            Self::Stopped => "error-internal",
        }
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Denied(error) => error.arguments(),
            Self::Journal(error) => error.arguments(),
            Self::Refused(Refusal::TooLittle {
                needed, available, ..
            }) => vec![
                ("needed", needed.to_string()),
                ("available", available.to_string()),
            ],
            Self::Refused(Refusal::TooMuch { amount, room, .. }) => {
                vec![("amount", amount.to_string()), ("room", room.to_string())]
            }
            Self::Refused(refusal) => vec![("reason", refusal.to_string())],
            _ => Vec::new(),
        }
    }
}
