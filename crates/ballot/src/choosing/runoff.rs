//! Instant run-off: the last is eliminated and its ballots go to their next option, round by round.

use serde::{Deserialize, Serialize};

use super::Cast;
use crate::names::named;

/// An instant run-off, round by round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Runoff {
    /// The rounds in order; the last has no elimination.
    pub rounds: Vec<Round>,
    /// Who has more than half in the last round, or all of those who share it equally.
    #[serde(skip)]
    pub(super) winners: Vec<usize>,
}

/// A round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// How many ballots each option that is still in has now; `None` for the eliminated.
    pub votes: Vec<Option<u64>>,
    /// Ballots that name no option that is still in; blank ones are not among them.
    pub exhausted: u64,
    /// Who is eliminated at the end of the round.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eliminated: Option<Eliminated>,
}

/// An elimination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Eliminated {
    /// The option.
    pub option: usize,
    /// All options that had as few ballots, this one included.
    pub tied: Vec<usize>,
    /// What decided.
    pub decided_by: EliminatedBy,
}

named! {
    /// What decided an elimination.
    pub enum EliminatedBy("reason of elimination") {
        /// It had the fewest ballots, alone.
        FewestVotes = "fewest_votes",
        /// Several had as few; it had the fewest in the latest earlier round in which they differed.
        EarlierRounds = "earlier_rounds",
        /// They never differed; it stands last in the list of options.
        ListOrder = "list_order",
    }
}

pub(super) fn run(options: usize, casts: &[Cast]) -> Runoff {
    let mut standing = vec![true; options];
    let mut rounds: Vec<Round> = Vec::new();
    loop {
        let (votes, exhausted) = count(&standing, casts);
        let counted: u64 = votes.iter().flatten().sum();
        let best = votes.iter().flatten().copied().max().unwrap_or(0);
        let fewest = votes.iter().flatten().copied().min().unwrap_or(0);
        let left = votes.iter().flatten().count();
        // All that are left share the ballots equally, or one has more than half.
        if left <= 1 || 2 * best > counted || best == fewest {
            let wins =
                |(option, votes): (usize, &Option<u64>)| (*votes == Some(best)).then_some(option);
            let winners = votes.iter().enumerate().filter_map(wins).collect();
            rounds.push(Round {
                votes,
                exhausted,
                eliminated: None,
            });
            return Runoff { rounds, winners };
        }
        let eliminated = eliminate(&votes, &rounds, fewest);
        if let Some(place) = standing.get_mut(eliminated.option) {
            *place = false;
        }
        rounds.push(Round {
            votes,
            exhausted,
            eliminated: Some(eliminated),
        });
    }
}

fn count(standing: &[bool], casts: &[Cast]) -> (Vec<Option<u64>>, u64) {
    let mut votes: Vec<Option<u64>> = standing.iter().map(|stands| stands.then_some(0)).collect();
    let mut exhausted = 0;
    for cast in casts {
        let stands = |option: &&usize| standing.get(**option) == Some(&true);
        match cast.groups.iter().flatten().find(stands) {
            Some(option) => {
                if let Some(Some(votes)) = votes.get_mut(*option) {
                    *votes += cast.times;
                }
            }
            None if cast.groups.is_empty() => {}
            None => exhausted += cast.times,
        }
    }
    (votes, exhausted)
}

fn eliminate(votes: &[Option<u64>], before: &[Round], fewest: u64) -> Eliminated {
    let is_last =
        |(option, votes): (usize, &Option<u64>)| (*votes == Some(fewest)).then_some(option);
    let tied: Vec<usize> = votes.iter().enumerate().filter_map(is_last).collect();
    let mut left = tied.clone();
    for round in before.iter().rev() {
        if left.len() == 1 {
            break;
        }
        let votes = |option: &usize| round.votes.get(*option).copied().flatten().unwrap_or(0);
        let fewest = left.iter().map(votes).min().unwrap_or(0);
        left.retain(|option| votes(option) == fewest);
    }
    let decided_by = match (tied.len(), left.len()) {
        (1, _) => EliminatedBy::FewestVotes,
        (_, 1) => EliminatedBy::EarlierRounds,
        _ => EliminatedBy::ListOrder,
    };
    Eliminated {
        option: left.last().copied().unwrap_or(0),
        tied,
        decided_by,
    }
}
