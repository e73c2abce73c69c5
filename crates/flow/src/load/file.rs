//! A definition as its TOML file has it.

use std::collections::BTreeMap;

use policy::{Status, Text};
use serde::Deserialize;
use toml::value::Datetime;

use crate::definition::{Count, Join, Outcome};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) kind: String,
    pub(super) id: String,
    pub(super) title: Text,
    pub(super) version: String,
    pub(super) from: Datetime,
    #[serde(default)]
    pub(super) unit: Vec<RawUnit>,
    #[serde(default)]
    pub(super) stage: Vec<RawStage>,
    pub(super) exchange: Option<RawExchange>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawUnit {
    pub(super) id: String,
    pub(super) title: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawExchange {
    pub(super) status: RawStatus,
    pub(super) codes: BTreeMap<String, u8>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStage {
    pub(super) id: String,
    pub(super) title: Text,
    /// Exactly one; the others are supporting.
    pub(super) lead: String,
    #[serde(default)]
    pub(super) supporting: Vec<RawSupporting>,
    pub(super) statutory: Option<RawLimit>,
    pub(super) promised: Option<RawLimit>,
    pub(super) correction: Option<RawLimit>,
    pub(super) extension: Option<RawLimit>,
    #[serde(default)]
    pub(super) suspension: Vec<RawSuspension>,
    #[serde(default)]
    pub(super) reminders: Vec<u32>,
    pub(super) escalate_to: Option<String>,
    #[serde(default)]
    pub(super) paper: Vec<RawPaper>,
    #[serde(default)]
    pub(super) step: Vec<RawStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSupporting {
    pub(super) unit: String,
    pub(super) reply: RawLimit,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPaper {
    pub(super) id: String,
    pub(super) title: Text,
    pub(super) status: RawStatus,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLimit {
    pub(super) days: u32,
    pub(super) count: Count,
    pub(super) instrument: String,
    pub(super) clause: Text,
    pub(super) status: RawStatus,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSuspension {
    pub(super) ground: String,
    pub(super) title: Text,
    pub(super) instrument: String,
    pub(super) clause: Text,
    pub(super) status: RawStatus,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStep {
    pub(super) id: String,
    pub(super) title: Text,
    pub(super) unit: Option<String>,
    #[serde(default)]
    pub(super) after: Vec<String>,
    pub(super) at_least: Option<RawLimit>,
    #[serde(default)]
    pub(super) join: Join,
    #[serde(default)]
    pub(super) outcomes: Vec<RawOutcome>,
}

/// With what it says to people, or by its short name alone.
#[derive(Deserialize, Clone)]
#[serde(
    untagged,
    expecting = "an outcome is { id = \"…\", title = { zh = \"…\", en = \"…\" } }"
)]
pub(super) enum RawOutcome {
    Titled { id: String, title: Text },
    Named(String),
}

impl RawOutcome {
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Titled { id, .. } | Self::Named(id) => id,
        }
    }
}

impl From<RawOutcome> for Outcome {
    fn from(raw: RawOutcome) -> Self {
        match raw {
            RawOutcome::Titled { id, title } => Self { id, title },
            RawOutcome::Named(id) => Self {
                title: Text::same(&id),
                id,
            },
        }
    }
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
pub(super) enum RawStatus {
    Verified,
    Unverified,
}

impl From<RawStatus> for Status {
    fn from(raw: RawStatus) -> Self {
        match raw {
            RawStatus::Verified => Self::Verified,
            RawStatus::Unverified => Self::Unverified,
        }
    }
}
