//! The election of a committee: seats, candidates, and what is asked of them.

use kernel::Timestamp;
use serde::{Deserialize, Serialize};

kernel::id! {
    /// Someone who stands for the committee.
    pub struct CandidateId;
}
db::id_column!(CandidateId);

/// What an election fills, and until when names are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ElectionPlan {
    /// Seats to fill.
    pub seats: u32,
    /// Reserve members (候补委员) at most.
    pub reserve: u32,
    /// Whether the whole committee is elected, not single members in its term.
    pub whole_committee: bool,
    /// Until when owners may be nominated.
    pub nominations_until: Timestamp,
}

/// What publication freezes of an election; a candidate's number is the place in the list, from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ElectionTerms {
    /// Seats to fill.
    pub seats: u32,
    /// Reserve members at most.
    pub reserve: u32,
    /// The candidates who were found fit.
    pub candidates: Vec<CandidateId>,
}

impl ElectionTerms {
    /// The numbers of the candidates on the ballot.
    pub fn numbers(&self) -> impl Iterator<Item = (u32, CandidateId)> {
        (1_u32..).zip(self.candidates.iter().copied())
    }
}

named! {
    /// How a candidate was named.
    pub enum Route {
        /// 自荐.
        Own = "self",
        /// 居（村）民委员会推荐.
        Neighbourhood = "neighbourhood",
        /// 业主联名推荐.
        Joint = "joint",
    }
}

named! {
    /// What the law may ask of a candidate; which of these hold here, policy says.
    pub enum Condition {
        /// An owner here.
        Owner = "owner",
        /// 完全民事行为能力.
        FullCapacity = "full_capacity",
        /// 热心公益、责任心强、有一定组织能力.
        PublicSpirit = "public_spirit",
        /// Keeps the law, the rules and the covenant.
        Lawful = "lawful",
        /// No arrears after a written demand.
        NoArrears = "no_arrears",
        /// No part in the property manager's business.
        NotWithManager = "not_with_manager",
    }
}

/// Candidates' numbers as a column has them.
pub(crate) fn picks_to_text(picks: &[u32]) -> String {
    let numbers: Vec<String> = picks.iter().map(u32::to_string).collect();
    numbers.join(",")
}

/// Candidates' numbers from a column.
pub(crate) fn picks_from_text(text: &str) -> Vec<u32> {
    text.split(',')
        .filter_map(|number| number.parse().ok())
        .collect()
}
