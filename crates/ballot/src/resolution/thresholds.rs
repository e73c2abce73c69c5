//! What a matter demands, as data handed in: shares of heads and of area, each with its citation.

use serde::{Deserialize, Serialize};
use units::{Comparison, Ratio};

use crate::names::named;

named! {
    /// What is measured.
    pub enum Measure("measure") {
        /// Owners, 业主人数.
        Heads = "heads",
        /// Exclusive area, 专有部分面积.
        Area = "area",
    }
}

named! {
    /// What share is asked for.
    pub enum Kind("kind of threshold") {
        /// Those who take part, of the whole electorate.
        Participation = "participation",
        /// Those in favour, of those who take part.
        Consent = "consent",
    }
}

/// One share that must be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// The share.
    pub required: Ratio,
    /// Whether reaching it exactly is not enough (过半数), rather than enough (以上, Civil Code 1259).
    pub strict: bool,
    /// The clause that asks for it.
    pub citation: String,
}

impl Requirement {
    /// A share with its clause.
    pub fn new(required: Ratio, strict: bool, citation: impl Into<String>) -> Self {
        Self {
            required,
            strict,
            citation: citation.into(),
        }
    }

    pub(crate) const fn comparison(&self) -> Comparison {
        if self.strict {
            Comparison::StrictlyMore
        } else {
            Comparison::AtLeast
        }
    }
}

/// Everything a matter demands. All four must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thresholds {
    /// Heads that take part, of all heads.
    pub participation_heads: Requirement,
    /// Area that takes part, of all area.
    pub participation_area: Requirement,
    /// Heads in favour, of heads that take part.
    pub consent_heads: Requirement,
    /// Area in favour, of area that takes part.
    pub consent_area: Requirement,
}

impl Thresholds {
    /// The same shares for heads and for area, as in Civil Code 278.
    pub fn of_both(participation: &Requirement, consent: &Requirement) -> Self {
        Self {
            participation_heads: participation.clone(),
            participation_area: participation.clone(),
            consent_heads: consent.clone(),
            consent_area: consent.clone(),
        }
    }

    pub(super) fn each(&self) -> [(Measure, Kind, &Requirement); 4] {
        [
            (
                Measure::Heads,
                Kind::Participation,
                &self.participation_heads,
            ),
            (Measure::Area, Kind::Participation, &self.participation_area),
            (Measure::Heads, Kind::Consent, &self.consent_heads),
            (Measure::Area, Kind::Consent, &self.consent_area),
        ]
    }
}
