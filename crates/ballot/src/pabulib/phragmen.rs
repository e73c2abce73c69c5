//! Phragmén's sequential rule: all voters earn alike from nothing; as soon as a project's
//! supporters together hold its cost, they pay all they hold and it is funded. It ends before the
//! first project that would overspend the budget.
//!
//! In terms of load: funding a project spreads its cost so that all its supporters have the same
//! load afterwards, (their loads + its cost) / their number; the lowest such load goes first.
//! Reference: Brill, Freeman, Janson, Lackner, Phragmén's voting methods and justified
//! representation (2017); for budgets: Los, Christoff, Grossi (2022).

use super::chain::{Chain, Form};
use super::election::Election;
use super::tally::{Fate, Tie, break_tie};

/// Who is funded, in order, and what became of each project.
pub(super) struct Phragmen {
    pub funded: Vec<usize>,
    pub fates: Vec<Fate>,
    pub ties: Vec<Tie>,
}

/// A project that may still be funded: how many of its supporters carry which round's load.
struct Candidate {
    index: usize,
    cost: i64,
    votes: i64,
    /// By round; a voter who carries nothing yet is counted nowhere.
    carrying: Vec<i64>,
}

impl Candidate {
    fn load(&self) -> Form {
        Form {
            constant: self.cost,
            coefficients: self.carrying.clone(),
            divisor: self.votes,
        }
    }
}

/// Funds by lowest load until a project would overspend.
pub(super) fn phragmen(election: &Election) -> Phragmen {
    let budget = election.meta.budget.value;
    let mut supporters = vec![Vec::new(); election.projects.len()];
    let ballots: Vec<&[u32]> = election.supported().collect();
    for (voter, ballot) in ballots.iter().enumerate() {
        for &project in *ballot {
            if let Some(all) = supporters.get_mut(at(project)) {
                all.push(voter);
            }
        }
    }
    let mut fates: Vec<Fate> = election
        .projects
        .iter()
        .zip(&supporters)
        .map(|(project, supporters)| match supporters.len() {
            0 => Fate::NoSupport,
            _ if project.cost > budget => Fate::DoesNotFit {
                left: election.meta.budget,
            },
            _ => Fate::Stopped,
        })
        .collect();
    let mut candidates: Vec<Candidate> = Vec::new();
    for (index, (project, fate)) in election.projects.iter().zip(&fates).enumerate() {
        let votes = supporters.get(index).map_or(0, Vec::len);
        let votes = i64::try_from(votes).unwrap_or(i64::MAX);
        if matches!(fate, Fate::Stopped) {
            candidates.push(Candidate {
                index,
                cost: project.cost,
                votes,
                carrying: Vec::new(),
            });
        }
    }

    let mut loads: Vec<Option<usize>> = vec![None; ballots.len()];
    let mut place: Vec<Option<usize>> = vec![None; election.projects.len()];
    let (mut chain, mut left) = (Chain::default(), budget);
    let (mut funded, mut ties) = (Vec::new(), Vec::new());
    loop {
        let tied = lowest(&candidates, &chain);
        let Some(&first) = tied.first() else { break };
        // As soon as a tied project would overspend, the rule ends (so does pabutools).
        if tied.iter().any(|candidate| candidate.cost > left) {
            for candidate in tied.iter().filter(|candidate| candidate.cost > left) {
                set(
                    &mut fates,
                    candidate.index,
                    Fate::DoesNotFit {
                        left: election.amount(left),
                    },
                );
            }
            break;
        }
        let index = match tied.as_slice() {
            [_] => first.index,
            several => {
                let several: Vec<usize> = several.iter().map(|candidate| candidate.index).collect();
                let (chosen, tie) = break_tie(election, &several);
                ties.push(tie);
                chosen
            }
        };
        let Some(position) = candidates
            .iter()
            .position(|candidate| candidate.index == index)
        else {
            break;
        };
        let bought = candidates.swap_remove(position);
        let round = chain.len();
        let bounds = chain.push(bought.load());
        left -= bought.cost;
        funded.push(index);
        set(
            &mut fates,
            index,
            Fate::Loaded {
                left: election.amount(left),
                load: super::tally::rounded_down(bounds.low, election),
                supporters: bought.votes,
            },
        );

        place.fill(None);
        for (slot, candidate) in candidates.iter_mut().enumerate() {
            candidate.carrying.resize(round + 1, 0);
            set(&mut place, candidate.index, Some(slot));
        }
        for &voter in supporters.get(index).map_or(&[][..], Vec::as_slice) {
            let before = loads.get_mut(voter).and_then(|load| load.replace(round));
            for &project in ballots.get(voter).copied().unwrap_or_default() {
                let slot = place.get(at(project)).copied().flatten();
                let Some(candidate) = slot.and_then(|slot| candidates.get_mut(slot)) else {
                    continue;
                };
                if let Some(carried) = before.and_then(|round| candidate.carrying.get_mut(round)) {
                    *carried -= 1;
                }
                if let Some(carried) = candidate.carrying.get_mut(round) {
                    *carried += 1;
                }
            }
        }
    }
    Phragmen {
        funded,
        fates,
        ties,
    }
}

/// The candidates with the lowest load after being funded; several only in a true tie.
fn lowest<'c>(candidates: &'c [Candidate], chain: &Chain) -> Vec<&'c Candidate> {
    let bounded: Vec<_> = candidates
        .iter()
        .map(|candidate| (candidate, chain.bounds(&candidate.load())))
        .collect();
    let Some(highest) = bounded.iter().map(|(_, bounds)| bounds.high()).min() else {
        return Vec::new();
    };
    let near: Vec<&Candidate> = bounded
        .into_iter()
        .filter(|(_, bounds)| bounds.low <= highest)
        .map(|(candidate, _)| candidate)
        .collect();
    if near.len() < 2 {
        return near;
    }
    let exact: Vec<_> = near
        .into_iter()
        .map(|candidate| (chain.exact(&candidate.load()), candidate))
        .collect();
    let Some(least) = exact.iter().map(|(load, _)| load).min().cloned() else {
        return Vec::new();
    };
    exact
        .into_iter()
        .filter(|(load, _)| *load == least)
        .map(|(_, candidate)| candidate)
        .collect()
}

fn set<T>(all: &mut [T], index: usize, value: T) {
    if let Some(one) = all.get_mut(index) {
        *one = value;
    }
}

fn at(index: u32) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX)
}
