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
    let mut count = Count::begin(election);
    while let Some(bought) = count.next_to_fund() {
        count.fund(&bought);
    }
    Phragmen {
        funded: count.funded,
        fates: count.fates,
        ties: count.ties,
    }
}

/// How far the count has come.
struct Count<'e> {
    election: &'e Election,
    /// By voter: the projects they support.
    ballots: Vec<&'e [u32]>,
    /// By project: the voters who support it.
    supporters: Vec<Vec<usize>>,
    candidates: Vec<Candidate>,
    /// By voter: the round in which they last paid.
    loads: Vec<Option<usize>>,
    /// By project: its place among the candidates; filled anew each round.
    place: Vec<Option<usize>>,
    chain: Chain,
    left: i64,
    funded: Vec<usize>,
    fates: Vec<Fate>,
    ties: Vec<Tie>,
}

impl<'e> Count<'e> {
    fn begin(election: &'e Election) -> Self {
        let ballots: Vec<&[u32]> = election.supported().collect();
        let supporters = supporters(election, &ballots);
        let fates = fates_at_the_start(election, &supporters);
        Self {
            election,
            candidates: candidates(election, &supporters, &fates),
            loads: vec![None; ballots.len()],
            place: vec![None; election.projects.len()],
            chain: Chain::default(),
            left: election.meta.budget.value,
            funded: Vec::new(),
            fates,
            ties: Vec::new(),
            ballots,
            supporters,
        }
    }

    /// Takes the next project from the candidates; none where the rule ends.
    fn next_to_fund(&mut self) -> Option<Candidate> {
        let tied = lowest(&self.candidates, &self.chain);
        let first = tied.first()?.index;
        // As soon as a tied project would overspend, the rule ends (so does pabutools).
        let too_dear: Vec<usize> = tied
            .iter()
            .filter(|candidate| candidate.cost > self.left)
            .map(|candidate| candidate.index)
            .collect();
        let several: Vec<usize> = tied.iter().map(|candidate| candidate.index).collect();
        if !too_dear.is_empty() {
            for index in too_dear {
                let left = self.election.amount(self.left);
                set(&mut self.fates, index, Fate::DoesNotFit { left });
            }
            return None;
        }
        let index = if several.len() == 1 {
            first
        } else {
            let (chosen, tie) = break_tie(self.election, &several);
            self.ties.push(tie);
            chosen
        };
        let position = self
            .candidates
            .iter()
            .position(|candidate| candidate.index == index)?;
        Some(self.candidates.swap_remove(position))
    }

    /// Its supporters pay for it together and carry this round's load from now on.
    fn fund(&mut self, bought: &Candidate) {
        let round = self.chain.len();
        let bounds = self.chain.push(bought.load());
        self.left -= bought.cost;
        self.funded.push(bought.index);
        let fate = Fate::Loaded {
            left: self.election.amount(self.left),
            load: super::tally::rounded_down(bounds.low, self.election),
            supporters: bought.votes,
        };
        set(&mut self.fates, bought.index, fate);
        self.place.fill(None);
        for (slot, candidate) in self.candidates.iter_mut().enumerate() {
            candidate.carrying.resize(round + 1, 0);
            set(&mut self.place, candidate.index, Some(slot));
        }
        let payers = self.supporters.get(bought.index);
        for &voter in payers.map_or(&[][..], Vec::as_slice) {
            let before = self
                .loads
                .get_mut(voter)
                .and_then(|load| load.replace(round));
            for &project in self.ballots.get(voter).copied().unwrap_or_default() {
                let slot = self.place.get(at(project)).copied().flatten();
                let Some(candidate) = slot.and_then(|slot| self.candidates.get_mut(slot)) else {
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
}

fn supporters(election: &Election, ballots: &[&[u32]]) -> Vec<Vec<usize>> {
    let mut supporters = vec![Vec::new(); election.projects.len()];
    for (voter, ballot) in ballots.iter().enumerate() {
        for &project in *ballot {
            if let Some(all) = supporters.get_mut(at(project)) {
                all.push(voter);
            }
        }
    }
    supporters
}

/// What is certain before the first round: nobody supports it, it costs more than there is, or it waits.
fn fates_at_the_start(election: &Election, supporters: &[Vec<usize>]) -> Vec<Fate> {
    let left = election.meta.budget;
    let projects = election.projects.iter().zip(supporters);
    projects
        .map(|(project, supporters)| match supporters.len() {
            0 => Fate::NoSupport,
            _ if project.cost > left.value => Fate::DoesNotFit { left },
            _ => Fate::Stopped,
        })
        .collect()
}

fn candidates(election: &Election, supporters: &[Vec<usize>], fates: &[Fate]) -> Vec<Candidate> {
    let projects = election.projects.iter().zip(supporters).zip(fates);
    projects
        .enumerate()
        .filter(|(_, (_, fate))| matches!(fate, Fate::Stopped))
        .map(|(index, ((project, supporters), _))| Candidate {
            index,
            cost: project.cost,
            votes: i64::try_from(supporters.len()).unwrap_or(i64::MAX),
            carrying: Vec::new(),
        })
        .collect()
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
