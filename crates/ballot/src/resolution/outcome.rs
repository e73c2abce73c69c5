//! The result of a count: every number that a reader needs to count again.

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};
use units::{Area, Ratio, UnitsError};

use super::{Choice, Kind, Measure, SilenceRule};
use crate::names::named;

/// The result of a vote under the community's rule of silence, and under the others.
///
/// JSON: areas are numbers of m² (exact below 10¹³), counts are integers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The whole electorate.
    pub total: Tally,
    /// What was cast, before any rule: these six add up to `total`.
    pub cast: Votes,
    /// The side that followers join; none where heads and area disagree or are tied.
    pub majority: Option<Side>,
    /// The count under the community's rule. Its fields stand at the top of the JSON.
    #[serde(flatten)]
    pub tally: Reading,
    /// Whether another rule of silence would have turned the result.
    pub silence_decides: bool,
    /// The count under the two other rules of silence.
    pub under_other_rules: Vec<Reading>,
    /// Heads whose units were marked differently; each counts as abstaining.
    pub conflicts: Vec<Conflict>,
    /// Heads that hold more than one unit.
    pub heads_of_several_units: u32,
}

impl Outcome {
    /// Whether the resolution passed under the community's rule.
    pub const fn passed(&self) -> bool {
        self.tally.passed
    }
}

/// Units, heads and area on one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Units.
    pub units: u32,
    /// Owners, each once.
    pub heads: u32,
    /// Exclusive area.
    pub area: Area,
}

impl Tally {
    pub(super) fn plus(self, other: Self) -> Result<Self, UnitsError> {
        Ok(Self {
            // Both are parts of one electorate of at most MAX_UNITS, so this never saturates.
            units: self.units.saturating_add(other.units),
            heads: self.heads.saturating_add(other.heads),
            area: self.area.checked_add(other.area)?,
        })
    }
}

impl Serialize for Tally {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let mut tally = out.serialize_struct("Tally", 3)?;
        tally.serialize_field("units", &self.units)?;
        tally.serialize_field("heads", &self.heads)?;
        tally.serialize_field("area_m2", &SquareMetres(self.area))?;
        tally.end()
    }
}

/// What was cast, by [`Choice`]. A head stands where its owner stands, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Votes {
    /// Said for outright.
    #[serde(rename = "for")]
    pub in_favour: Tally,
    /// Said against outright.
    pub against: Tally,
    /// Abstained outright; heads whose units conflict stand here.
    pub abstain: Tally,
    /// Chose to follow the majority.
    pub follow: Tally,
    /// Were served and gave no answer.
    pub silent: Tally,
    /// Were not served.
    pub unserved: Tally,
}

/// A count under one rule of silence. For, against and abstain add up to participating: whoever
/// follows the majority is counted on its side here, and apart in `follow` and `silent`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// The rule of silence.
    pub silence: SilenceRule,
    /// Who takes part.
    pub participating: Tally,
    /// In favour.
    #[serde(rename = "for")]
    pub in_favour: Tally,
    /// Against.
    pub against: Tally,
    /// For neither side.
    pub abstain: Tally,
    /// Of those who take part: chose to follow the majority.
    pub follow: Tally,
    /// The silent, whether or not this rule lets them take part.
    pub silent: Tally,
    /// Those not served; they take part under no rule.
    pub unserved: Tally,
    /// Whether enough heads and enough area take part.
    pub participation_met: bool,
    /// Whether enough of the participating heads and area are in favour.
    pub consent_met: bool,
    /// Both.
    pub passed: bool,
    /// Each threshold, with the numbers that were compared.
    pub thresholds: Vec<ThresholdCheck>,
}

/// One threshold and the numbers that were compared with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThresholdCheck {
    /// What is measured.
    pub of: Measure,
    /// What share is asked for.
    pub kind: Kind,
    /// The share.
    pub required: Ratio,
    /// Whether reaching it exactly is not enough.
    pub strict: bool,
    /// The smallest part that would have met it; none where nobody takes part.
    pub least: Option<Measured>,
    /// The part there is.
    pub part: Measured,
    /// Of how much.
    pub whole: Measured,
    /// Whether it is met.
    pub met: bool,
    /// The clause that asks for it.
    pub citation: String,
}

impl Serialize for ThresholdCheck {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Actual {
            part: Measured,
            whole: Measured,
        }
        let mut check = out.serialize_struct("ThresholdCheck", 8)?;
        check.serialize_field("of", &self.of)?;
        check.serialize_field("kind", &self.kind)?;
        check.serialize_field("required", &self.required)?;
        check.serialize_field("strict", &self.strict)?;
        check.serialize_field("least", &self.least)?;
        check.serialize_field(
            "actual",
            &Actual {
                part: self.part,
                whole: self.whole,
            },
        )?;
        check.serialize_field("met", &self.met)?;
        check.serialize_field("citation", &self.citation)?;
        check.end()
    }
}

/// A number of heads or an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measured {
    /// Heads.
    Heads(u32),
    /// Area.
    Area(Area),
}

impl Measured {
    pub(super) fn of(measure: Measure, tally: Tally) -> Self {
        match measure {
            Measure::Heads => Self::Heads(tally.heads),
            Measure::Area => Self::Area(tally.area),
        }
    }

    /// The number of heads, or of 0.01 m².
    pub fn smallest_parts(self) -> i64 {
        match self {
            Self::Heads(heads) => i64::from(heads),
            Self::Area(area) => area.get(),
        }
    }
}

impl std::fmt::Display for Measured {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Heads(heads) => f.pad(&heads.to_string()),
            Self::Area(area) => f.pad(&format!("{area} m²")),
        }
    }
}

impl Serialize for Measured {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Heads(heads) => out.serialize_u32(*heads),
            Self::Area(area) => units::area::square_metres::serialize(area, out),
        }
    }
}

named! {
    /// A side of the vote.
    pub enum Side("side") {
        /// In favour.
        For = "for",
        /// Against.
        Against = "against",
    }
}

/// A head whose units were marked differently; it counts as abstaining.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// The owner, or the co-owners parted by `;`.
    pub owner: String,
    /// The owner's units, in order.
    pub units: Vec<UnitChoice>,
}

/// A unit and what was cast for it; its area counts so.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct UnitChoice {
    /// The unit's number.
    pub unit: String,
    /// What was cast.
    pub choice: Choice,
}

struct SquareMetres(Area);

impl Serialize for SquareMetres {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        units::area::square_metres::serialize(&self.0, out)
    }
}
