//! An election as read from a file: projects, ballots, and what the organisers declared.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Amount;
use crate::names::named;

/// An election: what could be funded, and who supports what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Election {
    /// What the organisers declared.
    pub meta: Meta,
    /// The projects, in the order of the file.
    pub projects: Vec<Project>,
    /// What looks wrong but can be tallied.
    pub warnings: Vec<String>,
    /// How many decimals the scores have.
    pub(super) point_scale: u32,
    /// All ballots one after another, as indices of projects, ascending within each.
    pub(super) choices: Vec<u32>,
    /// Where each ballot ends in `choices`.
    pub(super) ends: Vec<usize>,
}

impl Election {
    /// How many ballots were cast.
    pub fn ballots(&self) -> usize {
        self.ends.len()
    }

    /// Each ballot as the supported projects' indices in [`Election::projects`], ascending.
    pub fn supported(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .map(|(start, &end)| self.choices.get(start..end).unwrap_or_default())
    }

    /// The ids of the projects that the file marks as officially funded (`selected` is 1).
    pub fn official_winners(&self) -> Vec<&str> {
        let won = self
            .projects
            .iter()
            .filter(|project| project.selected == Some(1));
        won.map(|project| project.id.as_str()).collect()
    }

    pub(super) fn amount(&self, value: i64) -> Amount {
        Amount {
            value,
            scale: self.meta.budget.scale,
        }
    }
}

/// What the organisers declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta {
    /// The money there is. All costs have the same scale.
    pub budget: Amount,
    /// How voters voted.
    pub vote_type: VoteType,
    /// The rule as the file names it.
    pub rule: Option<String>,
    /// `min_project_score_threshold`, in the scale of the scores.
    pub threshold: Option<i64>,
    /// Every key and value as it stands.
    pub entries: BTreeMap<String, String>,
}

/// A project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Its id in the file.
    pub id: String,
    /// Its name; empty where the file has none.
    pub name: String,
    /// Its cost in the smallest part of the election's scale.
    pub cost: i64,
    /// On how many ballots it is named.
    pub votes: u32,
    /// Its score: ballots or points, see the module; in the scale of [`Meta::threshold`].
    pub score: i64,
    /// The `selected` column: 1 officially funded, 0 not, 2 and 3 by a city's special provision.
    pub selected: Option<u8>,
}

named! {
    /// How voters voted.
    pub enum VoteType("vote type") {
        /// Any number of projects.
        Approval = "approval",
        /// One project.
        Choose1 = "choose-1",
        /// Points divided among projects.
        Cumulative = "cumulative",
        /// Projects ranked, the best first.
        Ordinal = "ordinal",
        /// Points for each project by itself.
        Scoring = "scoring",
    }
}

named! {
    /// A rule of tallying; see the module for what each does.
    pub enum Rule("rule") {
        /// By score, skipping what doesn't fit.
        Greedy = "greedy",
        /// By score, of projects that reach a threshold.
        GreedyThreshold = "greedy-threshold",
        /// By score, until one doesn't fit.
        GreedyNoSkip = "greedy-no-skip",
        /// Method of Equal Shares.
        EqualShares = "equal-shares",
        /// Method of Equal Shares, compared with greedy.
        EqualSharesComparison = "equal-shares-comparison",
        /// Method of Equal Shares with Add1 completion.
        EqualSharesAdd1 = "equal-shares-add1",
        /// Method of Equal Shares with Add1 completion, compared with greedy.
        EqualSharesAdd1Comparison = "equal-shares-add1-comparison",
        /// Phragmén's sequential rule.
        Phragmen = "phragmen",
    }
}

impl Rule {
    /// The rule that a file's META names: our names, and Pabulib's `equalshares/add1` and the like.
    pub fn from_meta(name: &str) -> Option<Self> {
        let name = name.trim().to_lowercase();
        match name.as_str() {
            "equalshares" => Some(Self::EqualShares),
            "equalshares-comparison" => Some(Self::EqualSharesComparison),
            "equalshares/add1" => Some(Self::EqualSharesAdd1),
            "equalshares/add1-comparison" => Some(Self::EqualSharesAdd1Comparison),
            other => other.parse().ok(),
        }
    }
}

impl Serialize for Meta {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        self.entries.serialize(out)
    }
}
