//! What the roll may answer instead of doing what was asked.

use kernel::{CommunityId, Denied, Finding, Kind, Problem, Unsealable};

use crate::import::{Findings, Warning, file_arguments, file_code};
use crate::model::{OwnerId, UnitId, UploadId};

/// An error of the roll.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The database said no.
    #[error(transparent)]
    Database(#[from] db::Error),
    /// The journal said no.
    #[error(transparent)]
    Journal(#[from] journal::Error),
    /// Personal data can't be sealed or opened.
    #[error(transparent)]
    Vault(#[from] Unsealable),
    /// The file can't be read.
    #[error(transparent)]
    File(#[from] documents::Error),
    /// The file has faults.
    #[error(transparent)]
    Import(#[from] Findings),
    /// The file has values that someone has to confirm.
    #[error("{} values of the file look wrong; correct them, or confirm that they are right", .warnings.len())]
    Unconfirmed {
        /// The warnings that need it.
        warnings: Vec<Warning>,
    },
    /// The community is there already.
    #[error("the community {community} exists already; open it instead of creating it again")]
    CommunityExists {
        /// Its id.
        community: CommunityId,
    },
    /// There is no such community.
    #[error("there is no community {community}; choose one from the list")]
    NoSuchCommunity {
        /// The id asked for.
        community: CommunityId,
    },
    /// There is no such unit here.
    #[error("this community has no unit {unit}; choose one from the roll")]
    NoSuchUnit {
        /// The id asked for.
        unit: UnitId,
    },
    /// The uploaded file is gone.
    #[error("the file {upload} no longer waits for its import; bring it again")]
    NoSuchUpload {
        /// The id asked for.
        upload: UploadId,
    },
    /// There is no such owner or resident here.
    #[error("this community's roll has no {person}; choose one from the roll")]
    NoSuchPerson {
        /// `owner/ID` or `resident/ID`.
        person: String,
    },
    /// The owner does not own the unit.
    #[error("{owner} does not own the unit {unit}; a unit's voice is one of its owners")]
    NotAnOwner {
        /// The owner.
        owner: OwnerId,
        /// The unit.
        unit: UnitId,
    },
    /// A single owner needs no appointment.
    #[error("the unit {unit} has one owner, who is its voice already")]
    SingleOwner {
        /// The unit.
        unit: UnitId,
    },
    /// Nobody is appointed.
    #[error("nobody is appointed as the voice of the unit {unit}; there is nothing to end")]
    NoVoice {
        /// The unit.
        unit: UnitId,
    },
    /// The owner speaks for the unit already.
    #[error("{owner} is the voice of the unit {unit} already")]
    SameVoice {
        /// The owner.
        owner: OwnerId,
        /// The unit.
        unit: UnitId,
    },
    /// The change changes nothing.
    #[error("this is what the roll says already; nothing was changed")]
    NothingToChange,
    /// A transfer's date lies in the future or before the present owners'.
    #[error("{date} can't be the date of this transfer; take a day from {earliest} to today")]
    TransferDate {
        /// The date given.
        date: String,
        /// The earliest that fits.
        earliest: String,
    },
    /// The person is tied to a login already.
    #[error("{person} is linked to an account already; unlink that one first")]
    LinkedAlready {
        /// `owner/ID` or `resident/ID`.
        person: String,
    },
    /// The person still owns or lives here.
    #[error("{person} still owns a unit or lives here; record the transfer or the move first")]
    StillOnRoll {
        /// `owner/ID` or `resident/ID`.
        person: String,
    },
    /// The person is tied to no login.
    #[error("{person} is not linked to an account; there is nothing to unlink")]
    NotLinked {
        /// `owner/ID` or `resident/ID`.
        person: String,
    },
    /// A field is blank, too long or not of its kind.
    #[error("{field} {reason}{}", hint(field, *reason))]
    Field {
        /// The field.
        field: &'static str,
        /// What is wrong with it, and what to do.
        reason: FieldFault,
    },
    /// Areas add up beyond 64 bits.
    #[error(transparent)]
    Units(#[from] units::UnitsError),
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldFault {
    /// Nothing stands in it.
    Blank,
    /// It has more signs than this.
    TooLong(usize),
    /// It is not what the field takes.
    Malformed,
    /// More entries than this.
    TooMany(usize),
}

impl FieldFault {
    const fn code(self) -> &'static str {
        match self {
            Self::Blank => "people-error-field-blank",
            Self::TooLong(_) => "people-error-field-too-long",
            Self::Malformed => "people-error-field-malformed",
            Self::TooMany(_) => "people-error-field-too-many",
        }
    }
}

/// What a malformed field should look like, where an example tells it.
fn example(field: &str, reason: FieldFault) -> Option<&'static str> {
    if reason != FieldFault::Malformed {
        return None;
    }
    Some(match field {
        "place" => "330602",
        "phone" => "13800138000",
        "exclusive_area" => "89.53",
        "area_source" => "register, survey, contract",
        "unit_use" => "residential, commercial, parking, storage, other",
        "date" => "2026-03-01",
        _ => return None,
    })
}

/// The example at the end of the English sentence; a district's code says whose it is, too.
fn hint(field: &str, reason: FieldFault) -> String {
    match example(field, reason) {
        Some(example) if field == "place" => {
            format!("; take the six digits of the district, such as {example}")
        }
        Some(example) => format!("; write it as in: {example}"),
        None => String::new(),
    }
}

impl std::fmt::Display for FieldFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Blank => f.write_str("is blank; fill it in"),
            Self::TooLong(most) => write!(f, "is too long; take at most {most} characters"),
            Self::Malformed => f.write_str("is not in the form it should have"),
            Self::TooMany(most) => write!(f, "has too many entries; take at most {most}"),
        }
    }
}

impl Problem for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Denied(error) => error.kind(),
            Self::Database(error) => error.kind(),
            Self::Journal(error) => error.kind(),
            Self::Vault(_) | Self::Units(_) => Kind::Internal,
            Self::Import(_)
            | Self::File(_)
            | Self::TransferDate { .. }
            | Self::Field { .. }
            | Self::NotAnOwner { .. } => Kind::Invalid,
            Self::NoSuchCommunity { .. }
            | Self::NoSuchUnit { .. }
            | Self::NoSuchUpload { .. }
            | Self::NoSuchPerson { .. } => Kind::NotFound,
            Self::Unconfirmed { .. }
            | Self::CommunityExists { .. }
            | Self::SingleOwner { .. }
            | Self::NoVoice { .. }
            | Self::SameVoice { .. }
            | Self::NothingToChange
            | Self::LinkedAlready { .. }
            | Self::StillOnRoll { .. }
            | Self::NotLinked { .. } => Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Denied(error) => error.code(),
            Self::Database(error) => error.code(),
            Self::Journal(error) => error.code(),
            Self::Vault(_) | Self::Units(_) => "error-internal",
            Self::Import(_) => "people-error-import",
            Self::File(error) => file_code(error),
            Self::NoSuchUpload { .. } => "people-error-no-such-upload",
            Self::Unconfirmed { .. } => "people-error-unconfirmed",
            Self::CommunityExists { .. } => "people-error-community-exists",
            Self::NoSuchCommunity { .. } => "people-error-no-such-community",
            Self::NoSuchUnit { .. } => "people-error-no-such-unit",
            Self::NoSuchPerson { .. } => "people-error-no-such-person",
            Self::NotAnOwner { .. } => "people-error-not-an-owner",
            Self::SingleOwner { .. } => "people-error-single-owner",
            Self::NoVoice { .. } => "people-error-no-voice",
            Self::SameVoice { .. } => "people-error-same-voice",
            Self::NothingToChange => "people-error-nothing-to-change",
            Self::TransferDate { .. } => "people-error-transfer-date",
            Self::LinkedAlready { .. } => "people-error-linked-already",
            Self::StillOnRoll { .. } => "people-error-still-on-roll",
            Self::NotLinked { .. } => "people-error-not-linked",
            Self::Field { field, reason } => match example(field, *reason) {
                Some(_) => "people-error-field-like",
                None => reason.code(),
            },
        }
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Denied(error) => error.arguments(),
            Self::Journal(error) => error.arguments(),
            Self::File(error) => file_arguments(error),
            Self::Import(findings) => vec![("count", findings.0.len().to_string())],
            Self::Unconfirmed { warnings } => vec![("count", warnings.len().to_string())],
            Self::TransferDate { date, earliest } => {
                vec![("date", date.clone()), ("earliest", earliest.clone())]
            }
            Self::Field { field, reason } => {
                let mut arguments = vec![("field", (*field).to_owned())];
                if let FieldFault::TooLong(most) | FieldFault::TooMany(most) = reason {
                    arguments.push(("most", most.to_string()));
                }
                if let Some(example) = example(field, *reason) {
                    arguments.push(("example", example.to_owned()));
                }
                arguments
            }
            _ => Vec::new(),
        }
    }

    fn findings(&self) -> Vec<Finding> {
        match self {
            Self::Import(findings) => findings.0.clone(),
            Self::Unconfirmed { warnings } => warnings
                .iter()
                .map(|warning| warning.finding.clone())
                .collect(),
            Self::Field { field, .. } => vec![Finding {
                at: (*field).to_owned(),
                code: self.code().to_owned(),
                arguments: self
                    .arguments()
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect(),
            }],
            _ => Vec::new(),
        }
    }
}
