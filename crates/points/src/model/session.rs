//! Sessions: a patrol, a class, a clean-up, at which people earn by scanning its code.

use kernel::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};

use super::{MAX_COUNT, MAX_TITLE, RuleId, SessionId, check_number, check_text};
use crate::Error;

/// How long before the beginning and after the end a code may be scanned, in seconds.
const SLACK_SECONDS: i64 = 1_800;
/// The longest session, in seconds.
const LONGEST_SECONDS: i64 = 86_400;

/// What a session is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionTerms {
    /// By which rule it earns.
    pub rule: RuleId,
    /// What it is, in a line.
    pub title: String,
    /// When it begins.
    pub begins: Timestamp,
    /// When it ends.
    pub ends: Timestamp,
    /// How many may earn by it.
    pub seats: u32,
}

/// A session as kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// What it is.
    pub terms: SessionTerms,
    /// What is scanned or typed.
    pub code: String,
    /// Who opened it; they don't earn by it.
    pub made_by: AccountId,
    /// How many have shown up.
    pub attended: u32,
}

impl SessionTerms {
    /// Refuses a blank title, no seats, and times that are none.
    pub fn check(&self) -> Result<(), Error> {
        check_text("title", &self.title, MAX_TITLE)?;
        check_number("seats", i64::from(self.seats), i64::from(MAX_COUNT))?;
        let longest = self.begins.plus_seconds(LONGEST_SECONDS);
        if self.ends <= self.begins || self.ends > longest {
            return Err(Error::ImpossibleTimes);
        }
        Ok(())
    }

    /// Whether its code may be scanned at a time.
    pub fn is_open(&self, now: Timestamp) -> bool {
        let from = self.begins.plus_seconds(-SLACK_SECONDS);
        from <= now && now < self.ends.plus_seconds(SLACK_SECONDS)
    }
}
