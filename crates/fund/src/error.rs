//! Why something about the fund could not be done.

use kernel::{Denied, Finding, Kind, Problem};

/// Why something about the fund could not be done.
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
    /// The participatory budget refuses.
    #[error(transparent)]
    Polls(#[from] polls::Error),
    /// A policy can't be asked.
    #[error("the rules of the fund can't be asked: {0}")]
    Policy(#[from] policy::Error),
    /// Nobody is signed in.
    #[error("money is moved by persons: sign in first")]
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
    /// A number is not within its limits.
    #[error("the field {field} must be a whole number from 1 to {max}")]
    OutOfRange {
        /// The field.
        field: &'static str,
        /// The limit.
        max: i64,
    },
    /// An amount that can't be read.
    #[error("the field {field} is no amount: write yuan with at most two decimals, as 1280.50")]
    Money {
        /// The field.
        field: &'static str,
    },
    /// A day that can't be, or lies ahead.
    #[error("the field {field} is no day up to today: write it as 2026-11-24")]
    ImpossibleDay {
        /// The field.
        field: &'static str,
    },
    /// A choice that there is not.
    #[error("the field {field} has a value that there is not; choose one of the list")]
    NoSuchChoice {
        /// The field.
        field: &'static str,
    },
    /// A file that is not taken.
    #[error(
        "this file is not taken: PDF, Word, Excel, a picture or text of at most {max_mb} MB whose content is of its kind"
    )]
    UnfitFile {
        /// The largest, in megabytes.
        max_mb: usize,
    },
    /// A file is missing.
    #[error("a file must show it: choose the bank's slip, the invoice or the signed paper")]
    NoFile,
    /// It was decided, paid or ended before.
    #[error("this {what} is settled already: load the page anew")]
    Settled {
        /// What.
        what: &'static str,
    },
    /// It is not open for this yet, or no more.
    #[error("this {what} is not open for that: see on its page where it stands")]
    NotOpen {
        /// What.
        what: &'static str,
    },
    /// One person does what needs two.
    #[error("this {what} needs another person than the one who acted before: ask a colleague")]
    SamePerson {
        /// What.
        what: &'static str,
    },
    /// A line of the bank statement was recorded before.
    #[error("{reference} was recorded before: one line of the bank statement is one record")]
    RecordedBefore {
        /// The reference.
        reference: String,
    },
    /// Restricted money was to leave its purpose.
    #[error(
        "money of \"{purse}\" is bound to its purpose and may not go there: {citation}. Use it for its purpose, return it, or ask its donor"
    )]
    Restricted {
        /// Whose money.
        purse: String,
        /// The rule.
        citation: String,
    },
    /// The book knows no such way for money.
    #[error("money does not go from {from} to {to} for this: the book's chart has no such route")]
    NoRoute {
        /// From where.
        from: String,
        /// To where.
        to: String,
    },
    /// A donation of which a part is spent or held can't be undone.
    #[error(
        "of this donation {spent} fen are spent or held: only what is whole goes back or to another use"
    )]
    PartlySpent {
        /// How much, in fen.
        spent: i64,
    },
    /// There is too little free money.
    #[error("{needed} fen are needed and {available} fen are free: what is held doesn't count")]
    TooLittle {
        /// Needed, in fen.
        needed: i64,
        /// Free, in fen.
        available: i64,
    },
    /// No share of surplus is set.
    #[error("no share of surplus is set: the committee sets it with its ground in the charter")]
    NoShare,
    /// The fund has no charter yet.
    #[error("the fund has not begun: the committee first says what it is")]
    NoCharter,
    /// Tranches don't come to the amount.
    #[error("the tranches come to {sum} fen, the grant is {amount} fen: make them equal")]
    UnequalTranches {
        /// Their sum.
        sum: i64,
        /// The grant.
        amount: i64,
    },
    /// Nobody else has found the project fit.
    #[error("no reviewer but you has found this project fit: ask for a review first")]
    Unreviewed,
    /// The proposal has not won.
    #[error("this proposal has not won a participatory budget: only winners become grants by vote")]
    NotWon,
    /// The proposal has its grant.
    #[error("this proposal has its grant already: see the list of grants")]
    GrantedBefore,
    /// More was to be paid than the tranche has.
    #[error("a tranche of {amount} fen pays at most that")]
    MoreThanTranche {
        /// The tranche.
        amount: i64,
    },
    /// Sealed text that can't be opened.
    #[error(
        "a donor's name can't be opened: the keys are others than when it was sealed; restore the keys"
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
            Self::Polls(error) => error.kind(),
            Self::NotSignedIn => Kind::Unauthenticated,
            Self::NotFound { .. } => Kind::NotFound,
            Self::SamePerson { .. } | Self::Restricted { .. } | Self::NoRoute { .. } => {
                Kind::Denied
            }
            Self::Settled { .. }
            | Self::NotOpen { .. }
            | Self::RecordedBefore { .. }
            | Self::PartlySpent { .. }
            | Self::TooLittle { .. }
            | Self::NoShare
            | Self::NoCharter
            | Self::Unreviewed
            | Self::NotWon
            | Self::GrantedBefore => Kind::Conflict,
            Self::Sealed => Kind::Internal,
            Self::Policy(_)
            | Self::Blank { .. }
            | Self::TooLong { .. }
            | Self::OutOfRange { .. }
            | Self::Money { .. }
            | Self::ImpossibleDay { .. }
            | Self::NoSuchChoice { .. }
            | Self::UnfitFile { .. }
            | Self::NoFile
            | Self::UnequalTranches { .. }
            | Self::MoreThanTranche { .. } => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Denied(error) => error.code(),
            Self::Database(error) => error.code(),
            Self::Journal(error) => error.code(),
            Self::Book(error) => error.code(),
            Self::Polls(error) => error.code(),
            Self::Policy(_) => "fund-error-policy",
            Self::NotSignedIn => "fund-error-not-signed-in",
            Self::NotFound { .. } => "fund-error-not-found",
            Self::Blank { .. } => "fund-error-blank",
            Self::TooLong { .. } => "fund-error-too-long",
            Self::OutOfRange { .. } => "fund-error-out-of-range",
            Self::Money { .. } => "fund-error-money",
            Self::ImpossibleDay { .. } => "fund-error-impossible-day",
            Self::NoSuchChoice { .. } => "fund-error-no-such-choice",
            Self::UnfitFile { .. } => "fund-error-unfit-file",
            Self::NoFile => "fund-error-no-file",
            Self::Settled { .. } => "fund-error-settled",
            Self::NotOpen { .. } => "fund-error-not-open",
            Self::SamePerson { .. } => "fund-error-same-person",
            Self::RecordedBefore { .. } => "fund-error-recorded-before",
            Self::Restricted { .. } => "fund-error-restricted",
            Self::NoRoute { .. } => "fund-error-no-route",
            Self::PartlySpent { .. } => "fund-error-partly-spent",
            Self::TooLittle { .. } => "fund-error-too-little",
            Self::NoShare => "fund-error-no-share",
            Self::NoCharter => "fund-error-no-charter",
            Self::UnequalTranches { .. } => "fund-error-unequal-tranches",
            Self::Unreviewed => "fund-error-unreviewed",
            Self::NotWon => "fund-error-not-won",
            Self::GrantedBefore => "fund-error-granted-before",
            Self::MoreThanTranche { .. } => "fund-error-more-than-tranche",
            Self::Sealed => "error-internal",
        }
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        let yuan = |fen: &i64| crate::model::yuan(*fen);
        match self {
            Self::Denied(error) => error.arguments(),
            Self::Journal(error) => error.arguments(),
            Self::Book(error) => error.arguments(),
            Self::Polls(error) => error.arguments(),
            Self::Blank { field }
            | Self::Money { field }
            | Self::ImpossibleDay { field }
            | Self::NoSuchChoice { field } => vec![("field", (*field).to_owned())],
            Self::TooLong { field, max } => {
                vec![("field", (*field).to_owned()), ("max", max.to_string())]
            }
            Self::OutOfRange { field, max } => {
                vec![("field", (*field).to_owned()), ("max", max.to_string())]
            }
            Self::UnfitFile { max_mb } => vec![("max", max_mb.to_string())],
            Self::RecordedBefore { reference } => vec![("reference", reference.clone())],
            Self::Restricted { purse, citation } => {
                vec![("purse", purse.clone()), ("citation", citation.clone())]
            }
            Self::NoRoute { from, to } => vec![("from", from.clone()), ("to", to.clone())],
            Self::PartlySpent { spent } => vec![("spent", yuan(spent))],
            Self::TooLittle { needed, available } => {
                vec![("needed", yuan(needed)), ("available", yuan(available))]
            }
            Self::UnequalTranches { sum, amount } => {
                vec![("sum", yuan(sum)), ("amount", yuan(amount))]
            }
            Self::MoreThanTranche { amount } => vec![("amount", yuan(amount))],
            _ => Vec::new(),
        }
    }

    fn findings(&self) -> Vec<Finding> {
        let (Self::Blank { field }
        | Self::TooLong { field, .. }
        | Self::OutOfRange { field, .. }
        | Self::Money { field }
        | Self::ImpossibleDay { field }
        | Self::NoSuchChoice { field }) = self
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
