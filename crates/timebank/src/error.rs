//! Why something in the time bank could not be done.

use kernel::{Denied, Finding, Kind, Problem};

/// Why something in the time bank could not be done.
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
    /// The scheme can't decide.
    #[error(transparent)]
    Policy(#[from] policy::Error),
    /// Nobody is signed in.
    #[error("hours belong to a person: sign in first")]
    NotSignedIn,
    /// No scheme was chosen.
    #[error("the community has not chosen a scheme yet: the committee does so at its desk")]
    NoScheme,
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
    /// A day of birth that can't be.
    #[error("the day of birth lies in the future or more than 130 years back: correct it")]
    ImpossibleBirth,
    /// Times that can't be.
    #[error(
        "these times can't be: a visit ends after it begins, within hours, and lies ahead when asked for; staff may enter the times"
    )]
    ImpossibleTimes,
    /// Too young for this.
    #[error("the scheme asks for {age} years of age for this ({citation})")]
    TooYoung {
        /// From which age.
        age: i64,
        /// By which clause.
        citation: String,
    },
    /// Not vetted.
    #[error("staff vet volunteers before their first visit: ask at the desk")]
    NotVetted,
    /// Somebody settles what concerns them.
    #[error("nobody accepts, confirms or settles what is their own: ask somebody else")]
    OwnVisit,
    /// Neither the elder nor family nor staff.
    #[error("only the elder, confirmed family and staff do this: have staff confirm the relation")]
    NotForYou,
    /// No consent stands.
    #[error("the elder's consent was withdrawn: ask the elder again and record it")]
    NoConsent,
    /// Not entitled to the pool.
    #[error(
        "the pool serves whom the committee found entitled: ask the committee, or pay with hours"
    )]
    NotEntitled,
    /// The elder wishes otherwise, or the volunteer does other things.
    #[error("this request asks for somebody else: see the wish and the service")]
    Unfit,
    /// The same person twice.
    #[error(
        "somebody of this name and day of birth is enrolled already: find them at the desk instead of enrolling them twice"
    )]
    Enrolled,
    /// Somebody else was faster.
    #[error("this request is taken already: choose another")]
    Taken,
    /// Two visits at one time.
    #[error("you have another visit at that time: nobody is at two doors at once")]
    Overlap,
    /// Not open.
    #[error("this {what} is not open any more: load the page anew")]
    NotOpen {
        /// What.
        what: &'static str,
    },
    /// Too few minutes.
    #[error(
        "{needed} minutes are needed and {available} are free: ask for a shorter visit, or have family give hours"
    )]
    TooFew {
        /// How many.
        needed: i64,
        /// How many there are.
        available: i64,
    },
    /// The receiver is no family in the scheme's sense.
    #[error(
        "the scheme lets hours go to {allowed} only, as the roll or staff know it ({citation})"
    )]
    NotFamily {
        /// To whom they may go.
        allowed: String,
        /// By which clause.
        citation: String,
    },
    /// The receiver's cap.
    #[error("the receiver may hold {cap} minutes at most: give fewer, or donate them to the pool")]
    AboveCap {
        /// The cap.
        cap: i64,
    },
    /// No agreement with that community.
    #[error(
        "the two communities have no agreement in force to take each other's hours: ask both committees to agree on a limit"
    )]
    NoPair,
    /// More than the two agreed to owe each other.
    #[error(
        "the two committees agreed that one community owes the other {limit} minutes at most, and {room} are left: send fewer, or ask the committees to settle or to agree on more"
    )]
    BeyondLimit {
        /// What they agreed.
        limit: i64,
        /// What is left of it.
        room: i64,
    },
    /// An offer between the two committees waits already.
    #[error("an offer between the two committees waits for its answer: have it answered first")]
    OfferOpen,
    /// Hours to that community have no answer yet.
    #[error("hours are on their way to that community: try again in a minute")]
    OnTheWay,
    /// Sealed text that can't be opened.
    #[error(
        "a sealed text can't be opened: the keys are others than when it was sealed; restore the keys"
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
            Self::People(error) => error.kind(),
            Self::NotSignedIn => Kind::Unauthenticated,
            Self::NotFound { .. } => Kind::NotFound,
            Self::OwnVisit | Self::NotForYou | Self::NotVetted | Self::NotFamily { .. } => {
                Kind::Denied
            }
            Self::NoScheme
            | Self::NoConsent
            | Self::NotEntitled
            | Self::Unfit
            | Self::Enrolled
            | Self::Taken
            | Self::Overlap
            | Self::NotOpen { .. }
            | Self::AboveCap { .. }
            | Self::NoPair
            | Self::BeyondLimit { .. }
            | Self::OfferOpen
            | Self::OnTheWay
            | Self::TooFew { .. } => Kind::Conflict,
            Self::Sealed => Kind::Internal,
            Self::Policy(_)
            | Self::Blank { .. }
            | Self::TooLong { .. }
            | Self::OutOfRange { .. }
            | Self::ImpossibleBirth
            | Self::TooYoung { .. }
            | Self::ImpossibleTimes => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Denied(error) => error.code(),
            Self::Database(error) => error.code(),
            Self::Journal(error) => error.code(),
            Self::Book(error) => error.code(),
            Self::People(error) => error.code(),
            Self::Policy(_) => "timebank-error-policy",
            Self::NotSignedIn => "timebank-error-not-signed-in",
            Self::NoScheme => "timebank-error-no-scheme",
            Self::NotFound { .. } => "timebank-error-not-found",
            Self::Blank { .. } => "timebank-error-blank",
            Self::TooLong { .. } => "timebank-error-too-long",
            Self::OutOfRange { .. } => "timebank-error-out-of-range",
            Self::ImpossibleBirth => "timebank-error-impossible-birth",
            Self::ImpossibleTimes => "timebank-error-impossible-times",
            Self::TooYoung { .. } => "timebank-error-too-young",
            Self::NotVetted => "timebank-error-not-vetted",
            Self::OwnVisit => "timebank-error-own-visit",
            Self::NotForYou => "timebank-error-not-for-you",
            Self::NoConsent => "timebank-error-no-consent",
            Self::NotEntitled => "timebank-error-not-entitled",
            Self::Unfit => "timebank-error-unfit",
            Self::Enrolled => "timebank-error-enrolled",
            Self::Taken => "timebank-error-taken",
            Self::Overlap => "timebank-error-overlap",
            Self::NotOpen { .. } => "timebank-error-not-open",
            Self::TooFew { .. } => "timebank-error-too-few",
            Self::NotFamily { .. } => "timebank-error-not-family",
            Self::AboveCap { .. } => "timebank-error-above-cap",
            Self::NoPair => "timebank-error-no-pair",
            Self::BeyondLimit { .. } => "timebank-error-beyond-limit",
            Self::OfferOpen => "timebank-error-offer-open",
            Self::OnTheWay => "timebank-error-on-the-way",
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
            Self::TooYoung { age, citation } => {
                vec![("age", age.to_string()), ("citation", citation.clone())]
            }
            Self::TooFew { needed, available } => vec![
                ("needed", needed.to_string()),
                ("available", available.to_string()),
            ],
            Self::NotFamily { citation, .. } => vec![("citation", citation.clone())],
            Self::AboveCap { cap } => vec![("cap", cap.to_string())],
            Self::BeyondLimit { limit, room } => {
                vec![("limit", limit.to_string()), ("room", room.to_string())]
            }
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
