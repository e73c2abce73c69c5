//! What happens to a case.

use std::fmt;

use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};

use crate::Error;

/// Official time in China.
const OFFICIAL: Offset = jiff::tz::offset(8);

/// The most events that one case may have.
const MOST_EVENTS: usize = 100_000;

/// One event of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its own id, by which it may be retracted; the same event twice counts once.
    pub id: String,
    /// When it took effect.
    pub at: Moment,
    /// What happened.
    #[serde(flatten)]
    pub what: What,
    /// The unit that did it, where it matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// A point in official Chinese time (UTC+8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub DateTime);

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum What {
    /// The application for a stage arrived.
    Submitted {
        /// The stage.
        stage: String,
    },
    /// The applicant was told, once and completely, what is missing (一次性告知).
    CorrectionAsked {
        /// The stage.
        stage: String,
        /// What is missing.
        missing: Vec<String>,
    },
    /// What was missing arrived.
    Corrected {
        /// The stage.
        stage: String,
    },
    /// Taken in (受理): the clock starts.
    Accepted {
        /// The stage.
        stage: String,
    },
    /// Not taken in.
    Refused {
        /// The stage.
        stage: String,
        /// Why.
        reason: String,
    },
    /// The clock stops.
    Suspended {
        /// The stage.
        stage: String,
        /// One of the stage's grounds.
        ground: String,
    },
    /// The clock goes on.
    Resumed {
        /// The stage.
        stage: String,
    },
    /// The limit is extended, once.
    Extended {
        /// The stage.
        stage: String,
        /// How many days.
        days: u32,
        /// Who approved it.
        approved_by: String,
        /// Why.
        reason: String,
    },
    /// A supporting unit was asked.
    Asked {
        /// The stage.
        stage: String,
        /// The unit.
        unit: String,
    },
    /// It replied.
    Replied {
        /// The stage.
        stage: String,
        /// The unit.
        unit: String,
    },
    /// Another unit leads from now on.
    HandedOver {
        /// The stage.
        stage: String,
        /// The unit.
        to: String,
        /// Why.
        reason: String,
    },
    /// A step is done.
    Done {
        /// The step.
        step: String,
        /// Which way it goes on, where the way parts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<String>,
    },
    /// The stage is decided: the clock ends.
    Decided {
        /// The stage.
        stage: String,
        /// How.
        result: Decision,
        /// Why.
        reason: String,
    },
    /// The applicant withdraws the whole case.
    Withdrawn {
        /// Why.
        reason: String,
    },
    /// An earlier event was wrong and counts as not having been.
    Retracted {
        /// Its id.
        of: String,
        /// Why.
        reason: String,
    },
}

/// How a stage is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Passed (办结通过).
    Passed,
    /// Passed, with papers to be handed in later (容缺通过).
    PassedWithGaps,
    /// Not passed.
    Failed,
}

impl What {
    /// The stage it concerns, if it names one.
    pub fn stage(&self) -> Option<&str> {
        match self {
            Self::Submitted { stage }
            | Self::CorrectionAsked { stage, .. }
            | Self::Corrected { stage }
            | Self::Accepted { stage }
            | Self::Refused { stage, .. }
            | Self::Suspended { stage, .. }
            | Self::Resumed { stage }
            | Self::Extended { stage, .. }
            | Self::Asked { stage, .. }
            | Self::Replied { stage, .. }
            | Self::HandedOver { stage, .. }
            | Self::Decided { stage, .. } => Some(stage),
            Self::Done { .. } | Self::Withdrawn { .. } | Self::Retracted { .. } => None,
        }
    }

    /// Its name in files, logs and the table of exchange codes.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Submitted { .. } => "submitted",
            Self::CorrectionAsked { .. } => "correction_asked",
            Self::Corrected { .. } => "corrected",
            Self::Accepted { .. } => "accepted",
            Self::Refused { .. } => "refused",
            Self::Suspended { .. } => "suspended",
            Self::Resumed { .. } => "resumed",
            Self::Extended { .. } => "extended",
            Self::Asked { .. } => "asked",
            Self::Replied { .. } => "replied",
            Self::HandedOver { .. } => "handed_over",
            Self::Done { .. } => "done",
            Self::Decided { result, .. } => match result {
                Decision::Passed => "passed",
                Decision::PassedWithGaps => "passed_with_gaps",
                Decision::Failed => "failed",
            },
            Self::Withdrawn { .. } => "withdrawn",
            Self::Retracted { .. } => "retracted",
        }
    }
}

impl Moment {
    /// Its date.
    pub fn date(self) -> Date {
        self.0.date()
    }

    /// Microseconds since 1970 UTC; `None` beyond what can be told.
    pub fn microseconds(self) -> Option<i64> {
        let zoned = self.0.to_zoned(TimeZone::fixed(OFFICIAL)).ok()?;
        Some(zoned.timestamp().as_microsecond())
    }

    fn parse(text: &str) -> Option<Self> {
        if let Ok(instant) = text.parse::<jiff::Timestamp>() {
            return Some(Self(OFFICIAL.to_datetime(instant)));
        }
        text.parse::<DateTime>().ok().map(Self)
    }
}

impl From<Date> for Moment {
    fn from(date: Date) -> Self {
        Self(date.to_datetime(jiff::civil::Time::midnight()))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.time() == jiff::civil::Time::midnight() {
            return write!(out, "{}", self.0.date());
        }
        write!(out, "{}", self.0)
    }
}

impl Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "`{text}` is no time; write 2026-03-02, 2026-03-02T09:30:00 (official time) or with an offset"
            ))
        })
    }
}

/// Reads events from a JSON array.
///
/// # Errors
/// [`Error::Events`] with line and column.
pub fn parse_events(json: &str) -> Result<Vec<Event>, Error> {
    let events: Vec<Event> = serde_json::from_str(json.trim_start_matches('\u{feff}'))
        .map_err(|fault| Error::Events(fault.to_string()))?;
    if events.len() > MOST_EVENTS {
        return Err(Error::Events(format!(
            "{} events are more than one case has ({MOST_EVENTS})",
            events.len()
        )));
    }
    Ok(events)
}
