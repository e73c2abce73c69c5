//! What can go wrong when ballots are read or counted.

use std::fmt;

use units::UnitsError;

/// Why ballots could not be read or counted, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BallotError {
    /// A name is none of those known.
    #[error("`{given}` is no {what}: write one of {known}")]
    UnknownName {
        /// What the name should have been a name of.
        what: &'static str,
        /// The name as given, shortened.
        given: String,
        /// The names there are.
        known: String,
    },
    /// The bytes are text in no encoding we read.
    #[error("the file is neither UTF-8 nor GBK text: save it as CSV UTF-8 and try again")]
    Encoding,
    /// Rows that cannot be counted; every one is listed, and nothing was counted.
    #[error("nothing was counted, because of {}: correct them all and try again\n{}", faults_in_words(.0.len()), lines(.0))]
    Rows(Vec<RowFault>),
    /// The electorate has no unit at all.
    #[error("there is no unit to count: the electorate is empty")]
    EmptyElectorate,
    /// One unit stands in the electorate twice.
    #[error("unit {unit} stands in the electorate twice: each unit votes once")]
    DuplicateUnit {
        /// The unit's number.
        unit: String,
    },
    /// A unit belongs to nobody.
    #[error("unit {unit} has no owner: name its owner, or the developer while it is unsold")]
    NoOwner {
        /// The unit's number.
        unit: String,
    },
    /// More units than are counted at once.
    #[error("there are more than {limit} units: count one community at a time")]
    TooManyUnits {
        /// The largest electorate.
        limit: u32,
    },
    /// A Pabulib file that cannot be read.
    #[error("line {line}: {reason}")]
    Pabulib {
        /// The line of the file, from 1.
        line: usize,
        /// What is wrong and what to do.
        reason: String,
    },
    /// A ballot of a choice that cannot be counted; nothing was counted.
    #[error("ballot {ballot}: {reason}")]
    Choice {
        /// Which ballot, from 1; 0 where it is the choice itself.
        ballot: usize,
        /// What is wrong and what to do.
        reason: String,
    },
    /// A file of rankings that cannot be read.
    #[error("line {line}: {reason}")]
    Line {
        /// The line of the file, from 1.
        line: usize,
        /// What is wrong and what to do.
        reason: String,
    },
    /// The file names a rule that is not counted here, and none was given instead.
    #[error("the file's rule `{rule}` is not counted here: choose one of {known}")]
    RuleNotCounted {
        /// The rule as the file names it.
        rule: String,
        /// The rules that are counted.
        known: String,
    },
    /// Amounts beyond what is counted exactly.
    #[error(
        "the amounts are too large to be counted exactly: state them in a larger unit of money"
    )]
    AmountsTooLarge,
    /// A quantity could not be kept exactly.
    #[error(transparent)]
    Units(#[from] UnitsError),
}

/// A row that cannot be counted, and why.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RowFault {
    /// The line of the file, from 1, on which the row begins.
    pub line: usize,
    /// What is wrong and what to do.
    pub reason: String,
}

impl fmt::Display for RowFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

fn faults_in_words(count: usize) -> String {
    if count == 1 {
        "one fault".to_owned()
    } else {
        format!("{count} faults")
    }
}

fn lines(faults: &[RowFault]) -> String {
    faults
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}
