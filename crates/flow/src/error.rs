//! What can be wrong with a process, or with the events of a case.

use std::fmt;

use policy::Text;

/// One thing that is wrong with a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where: a stage, a step, or empty for the whole.
    pub place: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place.as_str() {
            "" => write!(out, "{}", self.message),
            place => write!(out, "{place}: {}", self.message),
        }
    }
}

/// Why a definition is refused, an event is not taken, or no due date can be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The definition would strand cases or misses something.
    #[error("{}", shown(.0))]
    Definition(Vec<Finding>),
    /// The file of events can't be read.
    #[error("the events can't be read: {0}; write a JSON array of objects with id, at and event")]
    Events(String),
    /// An event that the process does not allow there.
    #[error("event {id} ({at}): {}", reason.en)]
    Event {
        /// The event's id.
        id: String,
        /// When it was to happen.
        at: String,
        /// What is wrong with it and what to do.
        reason: Text,
    },
    /// No such stage.
    #[error("the process has no stage `{stage}`; it has {known}")]
    NoStage {
        /// What was asked for.
        stage: String,
        /// What there is.
        known: String,
    },
    /// A change that makes no sense in the process.
    #[error("{change}: {refused}")]
    Change {
        /// The change.
        change: String,
        /// What is wrong with it and what to do.
        refused: crate::Refused,
    },
    /// A date outside of what is counted.
    #[error("{date} lies outside of the years that are counted, 2000 to 2060; check the year")]
    BeyondDays {
        /// The date.
        date: String,
    },
}

fn shown(findings: &[Finding]) -> String {
    let lines: Vec<String> = findings.iter().map(Finding::to_string).collect();
    lines.join("\n")
}
