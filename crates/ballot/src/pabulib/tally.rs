//! Tallying an election by a rule, and saying why each project won or lost.

use serde::Serialize;

use super::chain::FRACTION;
use super::election::{Election, Rule, VoteType};
use super::equal_shares::{self, Shares};
use super::greedy::{Greedy, greedy};
use super::phragmen::phragmen;
use super::{Amount, text};
use crate::BallotError;
use crate::names::named;

/// The result of an election.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// The rule that was applied.
    pub rule: Rule,
    /// How voters voted.
    pub vote_type: VoteType,
    /// How many ballots were counted.
    pub ballots: usize,
    /// The money there is.
    pub budget: Amount,
    /// What the funded projects cost together.
    pub cost: Amount,
    /// The ids of the funded projects, in the order in which the rule funded them.
    pub selected: Vec<String>,
    /// Ties that mattered, and what decided them.
    pub ties: Vec<Tie>,
    /// Equal shares: what each voter had to spend.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_voter: Option<Amount>,
    /// The comparison with greedy, where the rule makes one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
    /// What became of each project and why, in the order of the file.
    pub projects: Vec<ProjectFate>,
    /// What looks wrong in the file.
    pub warnings: Vec<String>,
}

/// A project and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProjectFate {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its cost.
    pub cost: Amount,
    /// On how many ballots it is named.
    pub votes: u32,
    /// Its score, see the module.
    pub score: Amount,
    /// Whether it is funded.
    pub funded: bool,
    /// Why.
    pub why: Fate,
}

/// Why a project is funded or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Fate {
    /// Funded by its score.
    Funded {
        /// What was left of the budget afterwards.
        left: Amount,
    },
    /// Funded by those who support it, under equal shares.
    Bought {
        /// The most that one supporter paid, rounded down to six decimals.
        price: Amount,
        /// How many supporters paid that much.
        paid_in_full: i64,
        /// How many gave all they had left, which was less.
        paid_the_rest: i64,
    },
    /// Funded by Phragmén's rule.
    Loaded {
        /// What was left of the budget afterwards.
        left: Amount,
        /// The load that its supporters carry afterwards, rounded down to six decimals.
        load: Amount,
        /// How many supporters.
        supporters: i64,
    },
    /// Not funded: it costs more than was left.
    DoesNotFit {
        /// What was left of the budget.
        left: Amount,
    },
    /// Not funded: its score is below the file's threshold.
    BelowThreshold,
    /// Not funded: the file marks it as withdrawn by its cost.
    Withdrawn,
    /// Not funded: the rule had ended before it came to this project.
    Stopped,
    /// Not funded: nobody supports it, or it costs nothing, so nobody pays for it.
    NoSupport,
    /// Not funded: its supporters together have less left than it costs.
    TooLittleMoney {
        /// What they have left together at the end, rounded down to six decimals.
        have: Amount,
    },
    /// By the comparison, greedy's choice stands instead; this is greedy's reason.
    ByComparison {
        /// Why greedy funded it or not.
        greedy: Box<Fate>,
    },
}

impl Fate {
    fn is_funded(&self) -> bool {
        match self {
            Self::Funded { .. } | Self::Bought { .. } | Self::Loaded { .. } => true,
            Self::ByComparison { greedy } => greedy.is_funded(),
            _ => false,
        }
    }
}

/// Projects between which the rule saw no difference, and what decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tie {
    /// The ids of the tied projects.
    pub projects: Vec<String>,
    /// The ids of those that went first.
    pub chosen: Vec<String>,
    /// What decided.
    pub decided_by: DecidedBy,
}

named! {
    /// What decided a tie.
    pub enum DecidedBy("tie-break") {
        /// The cheaper project goes first.
        LowerCost = "lower_cost",
        /// The project on more ballots goes first.
        MoreVotes = "more_votes",
        /// The project that stands first in the file goes first.
        FileOrder = "file_order",
    }
}

/// How many voters see more of their projects funded by one rule than by the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// Voters who are better off with equal shares.
    pub prefer_equal_shares: u32,
    /// Voters who are better off with greedy.
    pub prefer_greedy: u32,
    /// Whether greedy's choice stands: more voters prefer it.
    pub greedy_stands: bool,
}

/// Tallies an election by a rule, or by the one that the file names.
///
/// # Errors
/// [`BallotError::RuleNotCounted`] where no rule is given and the file's is unknown or missing;
/// [`BallotError::AmountsTooLarge`] where money times voters exceeds 2^62.
pub fn tally(election: &Election, rule: Option<Rule>) -> Result<Tally, BallotError> {
    let rule = match rule {
        Some(rule) => rule,
        None => rule_of(election)?,
    };
    match rule {
        Rule::Greedy | Rule::GreedyThreshold | Rule::GreedyNoSkip => {
            let Greedy {
                funded,
                fates,
                ties,
            } = greedy(election, rule);
            Ok(finish(election, rule, &funded, fates, ties))
        }
        Rule::Phragmen => {
            let result = phragmen(election);
            Ok(finish(
                election,
                rule,
                &result.funded,
                result.fates,
                result.ties,
            ))
        }
        Rule::EqualShares | Rule::EqualSharesComparison => Ok(shares_tally(
            election,
            rule,
            equal_shares::at_the_budget(election)?,
        )),
        Rule::EqualSharesAdd1 | Rule::EqualSharesAdd1Comparison => Ok(shares_tally(
            election,
            rule,
            equal_shares::with_add1(election)?,
        )),
    }
}

fn rule_of(election: &Election) -> Result<Rule, BallotError> {
    let name = election.meta.rule.as_deref().unwrap_or("");
    Rule::from_meta(name).ok_or_else(|| BallotError::RuleNotCounted {
        rule: name.chars().take(40).collect(),
        known: Rule::ALL
            .iter()
            .map(|rule| rule.name())
            .collect::<Vec<_>>()
            .join(", "),
    })
}

fn shares_tally(election: &Election, rule: Rule, shares: Shares) -> Tally {
    let Shares {
        funded,
        fates,
        ties,
        per_voter,
    } = shares;
    let compares = matches!(
        rule,
        Rule::EqualSharesComparison | Rule::EqualSharesAdd1Comparison
    );
    let mut tally = if compares {
        let other = greedy(election, Rule::Greedy);
        let comparison = compare(election, &funded, &other.funded);
        let mut tally = if comparison.greedy_stands {
            let fates = other.fates.into_iter().map(|fate| Fate::ByComparison {
                greedy: Box::new(fate),
            });
            finish(election, rule, &other.funded, fates.collect(), other.ties)
        } else {
            finish(election, rule, &funded, fates, ties)
        };
        tally.comparison = Some(comparison);
        tally
    } else {
        finish(election, rule, &funded, fates, ties)
    };
    tally.per_voter = Some(per_voter);
    tally
}

fn compare(election: &Election, shares: &[usize], greedy: &[usize]) -> Comparison {
    let marks = |funded: &[usize]| {
        let mut marks = vec![0_i32; election.projects.len()];
        for &index in funded {
            if let Some(mark) = marks.get_mut(index) {
                *mark = 1;
            }
        }
        marks
    };
    let (shares, greedy) = (marks(shares), marks(greedy));
    let mark = |marks: &[i32], index: u32| {
        usize::try_from(index)
            .ok()
            .and_then(|index| marks.get(index))
            .copied()
            .unwrap_or(0)
    };
    let (mut prefer_equal_shares, mut prefer_greedy) = (0_u32, 0_u32);
    for ballot in election.supported() {
        let gain: i32 = ballot
            .iter()
            .map(|&p| mark(&shares, p) - mark(&greedy, p))
            .sum();
        match gain.signum() {
            1 => prefer_equal_shares = prefer_equal_shares.saturating_add(1),
            -1 => prefer_greedy = prefer_greedy.saturating_add(1),
            _ => {}
        }
    }
    let greedy_stands = prefer_greedy > prefer_equal_shares;
    Comparison {
        prefer_equal_shares,
        prefer_greedy,
        greedy_stands,
    }
}

fn finish(
    election: &Election,
    rule: Rule,
    funded: &[usize],
    fates: Vec<Fate>,
    ties: Vec<Tie>,
) -> Tally {
    let selected = funded
        .iter()
        .filter_map(|&index| election.projects.get(index));
    let cost = selected.clone().map(|project| project.cost).sum();
    let projects = election
        .projects
        .iter()
        .zip(fates)
        .map(|(project, why)| ProjectFate {
            id: project.id.clone(),
            name: project.name.clone(),
            cost: election.amount(project.cost),
            votes: project.votes,
            score: Amount {
                value: project.score,
                scale: election.point_scale,
            },
            funded: why.is_funded(),
            why,
        });
    Tally {
        rule,
        vote_type: election.meta.vote_type,
        ballots: election.ballots(),
        budget: election.meta.budget,
        cost: election.amount(cost),
        selected: selected.map(|project| project.id.clone()).collect(),
        ties,
        per_voter: None,
        comparison: None,
        projects: projects.collect(),
        warnings: election.warnings.clone(),
    }
}

/// Decides a tie: the cheaper first, then the one on more ballots, then the first of the file.
pub(super) fn break_tie(election: &Election, tied: &[usize]) -> (usize, Tie) {
    let project = |index: &usize| election.projects.get(*index);
    let cost = |index: &usize| project(index).map_or(i64::MAX, |project| project.cost);
    let votes = |index: &usize| project(index).map_or(0, |project| project.votes);
    let id = |index: &usize| {
        project(index)
            .map(|project| project.id.clone())
            .unwrap_or_default()
    };

    let cheapest = tied.iter().map(cost).min().unwrap_or(i64::MAX);
    let cheap: Vec<usize> = tied
        .iter()
        .copied()
        .filter(|index| cost(index) == cheapest)
        .collect();
    let most = cheap.iter().map(votes).max().unwrap_or(0);
    let best: Vec<usize> = cheap
        .iter()
        .copied()
        .filter(|index| votes(index) == most)
        .collect();
    let chosen = best.iter().copied().min().unwrap_or(0);
    let decided_by = match (cheap.len(), best.len()) {
        (1, _) => DecidedBy::LowerCost,
        (_, 1) => DecidedBy::MoreVotes,
        _ => DecidedBy::FileOrder,
    };
    let mut projects = tied.to_vec();
    projects.sort_unstable();
    let tie = Tie {
        projects: projects.iter().map(id).collect(),
        chosen: vec![id(&chosen)],
        decided_by,
    };
    (chosen, tie)
}

/// A fixed-point value (2^-[`FRACTION`]) as money, rounded down to six decimals.
pub(super) fn rounded_down(fixed: i128, election: &Election) -> Amount {
    const DECIMALS: u32 = 6;
    let scale = election.meta.budget.scale;
    let more = DECIMALS.saturating_sub(scale);
    let whole = fixed >> FRACTION;
    let rest = fixed - (whole << FRACTION);
    let times = 10_i128.pow(more);
    let value = whole
        .saturating_mul(times)
        .saturating_add((rest * times) >> FRACTION);
    Amount {
        value: i64::try_from(value).unwrap_or(i64::MAX),
        scale: scale + more,
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&text::render_text(self))
    }
}
