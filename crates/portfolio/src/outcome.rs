//! A plan as it is shown: where projects stand, what is proven, what binds, why a project waits.

use serde::Serialize;
use units::Fen;

use crate::Quarter;

/// A plan with everything there is to say about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// What the plan is worth, in thousandths of a point.
    pub value: i64,
    /// What no plan can exceed, in thousandths of a point; absent where nothing was proven.
    pub bound: Option<i64>,
    /// How far the bound lies above the value, in millionths of the value, rounded up.
    pub gap_ppm: Option<u64>,
    /// What the bound rests on.
    pub proof: Proof,
    /// Projects with a start, by time.
    pub placed: Vec<Placed>,
    /// Projects that wait: left out, or later than where they would be worth most.
    pub waiting: Vec<Waiting>,
    /// Every budget and capacity with what the plan uses of it.
    pub limits: Vec<Use>,
    /// What is spent in each quarter, started projects included.
    pub spend: Vec<(Quarter, Fen)>,
}

/// What a bound rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// Reckoned in whole numbers.
    Exact,
    /// HiGHS says so, in floating point.
    Highs,
    /// Nothing was proven.
    None,
}

/// A project with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Placed {
    /// The project.
    pub project: String,
    /// Its name.
    pub name: String,
    /// The unit that leads it.
    pub unit: Option<String>,
    /// Its first quarter.
    pub start: Quarter,
    /// Its last quarter.
    pub end: Quarter,
    /// What it costs in all.
    pub cost: Fen,
    /// Whether it had started before, so that there was nothing to choose.
    pub started: bool,
    /// By how many quarters it moved from where it was planned before; negative is earlier.
    pub moved: Option<i32>,
    /// What it adds to the plan's value, in thousandths of a point.
    pub value: i64,
}

/// A project that is not where it would be worth most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// The project.
    pub project: String,
    /// Its name.
    pub name: String,
    /// Where it starts, if it does.
    pub start: Option<Quarter>,
    /// Where it would be worth most.
    pub best: Option<Quarter>,
    /// What stands against that.
    pub blockers: Vec<Blocker>,
    /// Projects that are there instead, by what they are worth; at most three.
    pub instead: Vec<String>,
}

/// Why a start is not possible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Blocker {
    /// A budget or capacity has too little left.
    Lacks {
        /// Which.
        limit: Limit,
        /// How much more it would need: fen, or load.
        lacking: i64,
    },
    /// A prerequisite is not finished by then.
    Prerequisite {
        /// It.
        project: String,
        /// When it ends; absent if it is not in the plan.
        ends: Option<Quarter>,
    },
    /// No quarter is possible even if nothing else is done.
    Never {
        /// Why.
        reason: String,
    },
    /// It would add nothing to the plan's value.
    NoGain,
}

/// What can be used up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "of")]
pub enum Limit {
    /// A quarter's money.
    Quarter {
        /// The quarter.
        quarter: Quarter,
    },
    /// A year's money.
    Year {
        /// The year.
        year: i32,
    },
    /// What a unit carries in a quarter.
    Unit {
        /// The unit.
        unit: String,
        /// The quarter.
        quarter: Quarter,
    },
}

/// A limit and what is used of it: fen for money, load for units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Use {
    /// Which.
    #[serde(flatten)]
    pub limit: Limit,
    /// What there is.
    pub available: i64,
    /// What the plan and what has started use.
    pub used: i64,
    /// The part of it that had started.
    pub started: i64,
    /// Whether a project waits because of it.
    pub binds: bool,
    /// What one more is worth by the bound's prices, in thousandths of a point: one more million yuan, or one more load.
    pub price: i64,
}
