//! The shape of a policy file as it is written: what TOML may stand where. Unknown keys are refused here.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::value::Datetime;

use crate::Text;

/// What every file says first.
#[derive(Deserialize)]
pub(crate) struct Peek {
    pub(crate) kind: FileKind,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FileKind {
    Policy,
    Instruments,
    WorkingDays,
    /// Which facilities a life circle has; read by the crate `street-map`.
    FacilityTypes,
    /// A process, which the engine `flow` reads.
    Process,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct InstrumentsFile {
    #[serde(rename = "kind")]
    pub(crate) _kind: FileKind,
    #[serde(default)]
    pub(crate) instrument: Vec<RawInstrument>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawInstrument {
    pub(crate) id: String,
    pub(crate) title: Text,
    pub(crate) authority: Text,
    pub(crate) number: String,
    pub(crate) from: Datetime,
    pub(crate) to: Option<Datetime>,
    pub(crate) status: RawStatus,
    pub(crate) source: String,
    pub(crate) text: Option<String>,
    pub(crate) note: Option<Text>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RawStatus {
    Verified,
    Unverified,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicyFile {
    #[serde(rename = "kind")]
    pub(crate) _kind: FileKind,
    pub(crate) id: String,
    pub(crate) title: Text,
    pub(crate) about: Option<Text>,
    #[serde(default)]
    pub(crate) input: Vec<RawField>,
    #[serde(default)]
    pub(crate) output: Vec<RawField>,
    #[serde(default)]
    pub(crate) version: Vec<RawVersion>,
    #[serde(default)]
    pub(crate) golden: Vec<RawGolden>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawField {
    pub(crate) name: String,
    pub(crate) title: Text,
    #[serde(rename = "type")]
    pub(crate) kind: RawKind,
    pub(crate) unit: Option<Text>,
    #[serde(default)]
    pub(crate) optional: bool,
    #[serde(default)]
    pub(crate) values: Vec<RawLabel>,
    pub(crate) min: Option<toml::Value>,
    pub(crate) max: Option<toml::Value>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RawKind {
    #[serde(alias = "enum")]
    Choice,
    Choices,
    Integer,
    Decimal,
    Ratio,
    #[serde(alias = "bool")]
    Flag,
    Date,
    Text,
    Place,
    Threshold,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawLabel {
    pub(crate) code: String,
    pub(crate) zh: String,
    pub(crate) en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawVersion {
    pub(crate) from: Datetime,
    pub(crate) to: Option<Datetime>,
    pub(crate) instrument: String,
    pub(crate) gap_before: Option<Text>,
    pub(crate) note: Option<Text>,
    #[serde(default)]
    pub(crate) table: Vec<RawTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawTable {
    pub(crate) id: String,
    pub(crate) title: Text,
    pub(crate) hit: RawHit,
    #[serde(default)]
    pub(crate) row: Vec<RawRow>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RawHit {
    First,
    Unique,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRow {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) when: toml::Table,
    #[serde(default)]
    pub(crate) then: toml::Table,
    pub(crate) instrument: Option<String>,
    pub(crate) cite: Option<String>,
    pub(crate) quote: Option<String>,
    pub(crate) status: Option<RawStatus>,
    pub(crate) silent: Option<Text>,
    pub(crate) refuse: Option<Text>,
    pub(crate) note: Option<Text>,
    pub(crate) from: Option<Datetime>,
    pub(crate) to: Option<Datetime>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawGolden {
    pub(crate) name: String,
    pub(crate) on: Datetime,
    #[serde(default)]
    pub(crate) given: toml::Table,
    pub(crate) expect: Option<toml::Table>,
    #[serde(default)]
    pub(crate) rows: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) absent: Vec<String>,
    pub(crate) missing: Option<String>,
    pub(crate) refused: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WorkingDaysFile {
    #[serde(rename = "kind")]
    pub(crate) _kind: FileKind,
    pub(crate) year: i16,
    #[serde(default)]
    pub(crate) notice: Vec<RawNotice>,
    #[serde(default)]
    pub(crate) holiday: Vec<RawHoliday>,
    #[serde(default)]
    pub(crate) golden: Vec<RawDays>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawNotice {
    pub(crate) title: Text,
    pub(crate) authority: Text,
    pub(crate) number: String,
    pub(crate) status: RawStatus,
    pub(crate) source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawHoliday {
    pub(crate) title: Text,
    pub(crate) from: Datetime,
    pub(crate) to: Datetime,
    #[serde(default)]
    pub(crate) make_up: Vec<Datetime>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawDays {
    pub(crate) from: Datetime,
    pub(crate) working_days: u32,
    pub(crate) due: Datetime,
}

/// The civil date of a TOML date; `None` if it has a time or does not exist.
pub(crate) fn date(raw: &Datetime) -> Option<jiff::civil::Date> {
    let day = raw
        .date
        .filter(|_| raw.time.is_none() && raw.offset.is_none())?;
    let year = i16::try_from(day.year).ok()?;
    let (month, day) = (i8::try_from(day.month).ok()?, i8::try_from(day.day).ok()?);
    jiff::civil::Date::new(year, month, day).ok()
}
