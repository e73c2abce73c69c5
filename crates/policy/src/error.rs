//! Everything that can go wrong, from a refused file to a decision that cannot be made.

use std::fmt;

use jiff::civil::Date;
use serde::Serialize;

use crate::{Lang, Text};

/// Why there is no decision, or no library.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Policy files were refused; each finding says what to mend.
    #[error("policy files refused: {}", Findings(.0))]
    Refused(Vec<Finding>),
    /// No policy has this id.
    #[error("no policy `{id}`; there are: {known}")]
    UnknownPolicy {
        /// The id asked for.
        id: String,
        /// The ids there are.
        known: String,
    },
    /// The policy has no version in force on the day.
    #[error("policy `{policy}` has no version in force on {on}: {why}")]
    NoVersion {
        /// The policy.
        policy: String,
        /// The day asked for.
        on: Date,
        /// What the versions cover.
        why: String,
    },
    /// An input that decides is missing.
    #[error("cannot decide: field `{field}` ({}) is missing; give {}", .title.en, .allowed.en)]
    Missing {
        /// The input's name.
        field: String,
        /// The input's title.
        title: Box<Text>,
        /// What may be given.
        allowed: Box<Text>,
    },
    /// An input that the policy does not know; likely a typing error.
    #[error("policy `{policy}` has no input `{field}`; it has: {known}")]
    UnknownInput {
        /// The policy.
        policy: String,
        /// The name given.
        field: String,
        /// The inputs there are.
        known: String,
    },
    /// An input given twice.
    #[error("input `{field}` is given twice; give it once")]
    GivenTwice {
        /// The input's name.
        field: String,
    },
    /// An input whose value is not one of its kind or range.
    #[error("input `{field}` cannot be `{given}`; give {}", .allowed.en)]
    NotAllowed {
        /// The input's name.
        field: String,
        /// What was given.
        given: String,
        /// What may be given.
        allowed: Box<Text>,
    },
    /// A row says that the case cannot be decided from the texts held.
    #[error("cannot decide: {} (policy `{policy}`, row `{row}`)", .reason.en)]
    Undecidable {
        /// The policy.
        policy: String,
        /// The row that applies.
        row: String,
        /// Why it refuses.
        reason: Box<Text>,
    },
    /// A calculation left the exact range, divided by zero, or gave a fraction where a whole is due.
    #[error("cannot calculate `{output}` of policy `{policy}`: {why}")]
    NotComputable {
        /// The policy.
        policy: String,
        /// The output.
        output: String,
        /// What went wrong.
        why: &'static str,
    },
    /// The caller asked for an output that the decision does not have in that type.
    #[error("policy `{policy}` gives no {wanted} `{output}` here; it gives: {given}")]
    NoSuchOutput {
        /// The policy.
        policy: String,
        /// The output asked for.
        output: String,
        /// The type asked for.
        wanted: &'static str,
        /// The outputs the decision has.
        given: String,
    },
    /// A day or a number of days that the calendar cannot hold.
    #[error(
        "the calendar cannot reach {days} working days from {from}; ask for at most {most} days"
    )]
    BeyondCalendar {
        /// The first day.
        from: Date,
        /// The number of working days asked for.
        days: u32,
        /// The most that is counted.
        most: u32,
    },
    /// Text that is no date.
    #[error("`{given}` is no date; write YYYY-MM-DD")]
    NotADate {
        /// What was given.
        given: String,
    },
    /// Text that is no `field=value` pair.
    #[error("`{given}` is no input; write field=value")]
    NotAPair {
        /// What was given.
        given: String,
    },
    /// A decision could not be written as JSON.
    #[error("the decision cannot be written as JSON: {why}")]
    NotWritable {
        /// What the writer said.
        why: String,
    },
}

impl Error {
    /// The sentence for a reader in the given language. Cases that only an operator sees are English.
    pub fn message(&self, lang: Lang) -> String {
        match (self, lang) {
            (
                Self::Missing {
                    field,
                    title,
                    allowed,
                },
                Lang::Zh,
            ) => {
                format!(
                    "无法判定：缺少“{}”（{field}），可填：{}",
                    title.zh, allowed.zh
                )
            }
            (
                Self::NotAllowed {
                    field,
                    given,
                    allowed,
                },
                Lang::Zh,
            ) => {
                format!("“{field}”不能为“{given}”，可填：{}", allowed.zh)
            }
            (Self::Undecidable { reason, .. }, Lang::Zh) => format!("无法判定：{}", reason.zh),
            (Self::NoVersion { policy, on, .. }, Lang::Zh) => {
                format!("规则“{policy}”在 {on} 没有可适用的版本")
            }
            _ => self.to_string(),
        }
    }
}

/// Something wrong in a policy file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The file's name, as it was handed over.
    pub file: String,
    /// Where in the file: `version 2021-01-01, table thresholds, row ordinary`.
    pub place: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.file)?;
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(&self.message)
    }
}

struct Findings<'a>(&'a [Finding]);

impl fmt::Display for Findings<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, finding) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{finding}")?;
        }
        Ok(())
    }
}

/// Collects findings of one file while it is read.
#[derive(Debug)]
pub(crate) struct Report {
    file: String,
    findings: Vec<Finding>,
}

impl Report {
    pub(crate) fn new(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            findings: Vec::new(),
        }
    }

    pub(crate) fn refuse(&mut self, place: impl fmt::Display, message: impl fmt::Display) {
        self.findings.push(Finding {
            file: self.file.clone(),
            place: place.to_string(),
            message: message.to_string(),
        });
    }

    pub(crate) fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    pub(crate) fn count(&self) -> usize {
        self.findings.len()
    }

    pub(crate) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }
}
