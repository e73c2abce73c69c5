//! Voters with money buying projects together: one run of the Method of Equal Shares with a whole
//! endowment per voter.
//!
//! How it is fast and exact. Ballots alike are one group. What a group has left is kept as an upper
//! bound in 64-bit fixed point, at most `slack` too high. A project's price only rises during a
//! run, so a price of an earlier round is a lower bound that usually spares recomputing it; a new
//! price is found by Newton's steps on those bounds. Wherever two bounds overlap, or a supporter's
//! money is too near a price to say whether it suffices, the exact rational decides ([`Chain`]).

#![expect(
    clippy::indexing_slicing,
    reason = "groups and projects are numbered in `Market::new`, and every table has their number"
)]

mod price;

use std::collections::{BinaryHeap, HashMap};

use num_bigint::BigInt;
use num_rational::BigRational;

use super::chain::{Chain, FRACTION};
use super::election::Election;
use super::tally::{Tie, break_tie};
use crate::BallotError;
use price::{Bid, Found, Poor, Price, is_lower, is_worse};

/// Money times voters must stay below 2^this.
const MOST_BITS: u32 = 61;
/// Binary digits behind the point of what a group has left, where there is room for them.
const MOST_SHIFT: u32 = 44;

/// What was bought in a run.
pub(super) struct Outcome {
    pub purchases: Vec<Purchase>,
    pub cost: i64,
    pub ties: Vec<Tie>,
}

/// A project bought by its supporters.
pub(super) struct Purchase {
    pub project: usize,
    /// The most one supporter paid: a lower bound in 2^-[`FRACTION`] of the market's unit.
    pub price: i128,
    pub paid_in_full: i64,
    pub paid_the_rest: i64,
}

/// The electorate as a market.
pub(super) struct Market {
    unit: i64,
    voters: i64,
    /// In the market's unit of money.
    costs: Vec<i64>,
    /// Each project's supporters: groups and how many voters each is. The first `live` have money.
    supporters: Vec<Vec<(u32, u32)>>,
    live: Vec<usize>,
    weights: Vec<i64>,
    /// All groups' projects one after another, and where each group ends.
    projects: Vec<u32>,
    ends: Vec<usize>,
    /// What each voter of a group has left, in 2^-`shift`: too high by at most `slack`.
    money: Vec<u64>,
    shift: u32,
    slack: u64,
    endowment: i64,
    /// In which round a project was bought.
    bought: Vec<Option<usize>>,
    chain: Chain,
    /// Supporters that can pay the price under trial; kept to spare allocations.
    richer: Vec<(u64, u64)>,
}

impl Market {
    /// A market whose money is counted in 1/`unit` of the election's smallest amount.
    pub(super) fn new(election: &Election, unit: i64) -> Result<Self, BallotError> {
        let count = election.projects.len();
        let costs = election
            .projects
            .iter()
            .map(|project| project.cost.checked_mul(unit));
        let costs = costs
            .collect::<Option<Vec<i64>>>()
            .ok_or(BallotError::AmountsTooLarge)?;
        let mut market = Self {
            unit,
            voters: i64::try_from(election.ballots()).unwrap_or(i64::MAX),
            costs,
            supporters: vec![Vec::new(); count],
            live: vec![0; count],
            weights: vec![0; count],
            projects: Vec::new(),
            ends: Vec::new(),
            money: Vec::new(),
            shift: 0,
            slack: 0,
            endowment: 0,
            bought: vec![None; count],
            chain: Chain::default(),
            richer: Vec::new(),
        };
        market.group(election);
        Ok(market)
    }

    fn group(&mut self, election: &Election) {
        let mut numbers: HashMap<&[u32], usize> = HashMap::new();
        let mut groups: Vec<(&[u32], u32)> = Vec::new();
        for ballot in election.supported() {
            let number = *numbers.entry(ballot).or_insert(groups.len());
            match groups.get_mut(number) {
                Some((_, voters)) => *voters += 1,
                None => groups.push((ballot, 1)),
            }
        }
        for (group, (projects, voters)) in (0_u32..).zip(groups) {
            self.projects.extend_from_slice(projects);
            self.ends.push(self.projects.len());
            for &project in projects {
                self.supporters[at(project)].push((group, voters));
                self.weights[at(project)] += i64::from(voters);
            }
        }
        self.money = vec![0; self.ends.len()];
    }

    /// How many parts the election's smallest amount has here.
    pub(super) fn unit(&self) -> i128 {
        i128::from(self.unit)
    }

    /// How many projects have a cost and support.
    pub(super) fn buyable(&self) -> usize {
        (0..self.costs.len())
            .filter(|&project| self.is_buyable(project))
            .count()
    }

    fn is_buyable(&self, project: usize) -> bool {
        self.costs[project] > 0 && self.weights[project] > 0
    }

    /// What a project's supporters have left together, in 2^-[`FRACTION`] of the election's smallest
    /// amount and at most a trifle too high; none without support or cost.
    pub(super) fn left_behind(&self, project: usize) -> Option<i128> {
        let money =
            |&(group, voters): &(u32, u32)| i128::from(self.money[at(group)]) * i128::from(voters);
        let sum: i128 = self.supporters[project].iter().map(money).sum();
        self.is_buyable(project)
            .then(|| (sum << (FRACTION - self.shift)) / self.unit())
    }

    /// Runs the method with so much for each voter.
    pub(super) fn run(
        &mut self,
        election: &Election,
        endowment: i64,
    ) -> Result<Outcome, BallotError> {
        let mut waiting = self.open(endowment)?;
        let mut outcome = Outcome {
            purchases: Vec::new(),
            cost: 0,
            ties: Vec::new(),
        };
        loop {
            let contenders = self.best(&mut waiting);
            let Some(winner) = self.decide(election, contenders, &mut waiting, &mut outcome.ties)
            else {
                return Ok(outcome);
            };
            let cost = election
                .projects
                .get(winner.project)
                .map_or(0, |project| project.cost);
            outcome.cost = outcome.cost.saturating_add(cost);
            outcome.purchases.push(self.buy(&winner));
        }
    }

    /// Hands out the endowment; returns the first bids, of the projects that are affordable at all.
    fn open(&mut self, endowment: i64) -> Result<BinaryHeap<Bid>, BallotError> {
        let all = i128::from(endowment) * i128::from(self.voters);
        let bits = i128::BITS - all.leading_zeros();
        let room = MOST_BITS
            .checked_sub(bits)
            .ok_or(BallotError::AmountsTooLarge)?;
        self.shift = room.min(MOST_SHIFT);
        self.slack = 0;
        self.endowment = endowment;
        self.money.fill(natural(endowment) << self.shift);
        self.bought.fill(None);
        self.chain.clear();
        let mut bids = Vec::with_capacity(self.costs.len());
        for project in 0..self.costs.len() {
            self.live[project] = self.supporters[project].len();
            let (cost, weight) = (self.costs[project], self.weights[project]);
            let affordable = i128::from(endowment) * i128::from(weight) >= i128::from(cost);
            if self.is_buyable(project) && affordable {
                let low = (natural(cost) << self.shift) / natural(weight);
                bids.push(Bid {
                    project,
                    cost: natural(cost),
                    low,
                });
            }
        }
        Ok(bids.into())
    }

    /// The projects that may have the lowest price for their cost, with their prices.
    fn best(&mut self, waiting: &mut BinaryHeap<Bid>) -> Vec<Price> {
        let mut contenders: Vec<Price> = Vec::new();
        let mut best: Option<(u64, u64)> = None;
        let mut later = Vec::new();
        while let Some(bid) = waiting.pop() {
            if best.is_some_and(|best| is_worse(bid.low, bid.cost, best)) {
                waiting.push(bid);
                break;
            }
            match self.price(&bid, best) {
                Found::TooExpensive => {}
                Found::AtLeast(low) => later.push(Bid { low, ..bid }),
                Found::Price(price) => {
                    best = Some(match best {
                        Some(best) if !is_lower(price.top(), best) => best,
                        _ => price.top(),
                    });
                    contenders.push(price);
                }
            }
        }
        waiting.extend(later);
        if let Some(best) = best {
            let mut near = Vec::new();
            for price in contenders {
                if is_worse(price.low, price.cost, best) {
                    waiting.push(price.bid());
                } else {
                    near.push(price);
                }
            }
            return near;
        }
        contenders
    }

    /// The contender with the lowest price for its cost, decided exactly; the others wait on.
    fn decide(
        &self,
        election: &Election,
        mut contenders: Vec<Price>,
        waiting: &mut BinaryHeap<Bid>,
        ties: &mut Vec<Tie>,
    ) -> Option<Price> {
        if contenders.len() < 2 {
            return contenders.pop();
        }
        let exact =
            |price: &Price| self.chain.exact(&self.form_of(price)) / BigInt::from(price.cost);
        let rates: Vec<BigRational> = contenders.iter().map(exact).collect();
        let least = rates.iter().min()?.clone();
        let tied: Vec<usize> = contenders
            .iter()
            .zip(&rates)
            .filter(|&(_, rate)| *rate == least)
            .map(|(price, _)| price.project)
            .collect();
        let chosen = if let [one] = tied.as_slice() {
            *one
        } else {
            let (chosen, tie) = break_tie(election, &tied);
            ties.push(tie);
            chosen
        };
        let position = contenders
            .iter()
            .position(|price| price.project == chosen)?;
        let winner = contenders.swap_remove(position);
        waiting.extend(contenders.iter().map(Price::bid));
        Some(winner)
    }

    /// Takes the price from the winner's supporters.
    fn buy(&mut self, winner: &Price) -> Purchase {
        let project = winner.project;
        let form = self.form_of(winner);
        let paid_in_full = form.divisor;
        let round = self.chain.len();
        let bounds = self.chain.push(form);
        let price = self.natural_bound(bounds.low);
        let mut paid_the_rest = 0;
        for &(group, voters) in &self.supporters[project][..self.live[project]] {
            let money = &mut self.money[at(group)];
            if *money == 0 {
                continue;
            }
            let is_poor = match &winner.poor {
                Poor::ByBound => *money <= winner.low,
                Poor::Groups(groups) => groups.contains(&group),
            };
            if is_poor {
                *money = 0;
                paid_the_rest += i64::from(voters);
            } else {
                // Whoever has exactly the price keeps at most a trifle above nothing.
                *money = money.saturating_sub(price);
            }
        }
        self.bought[project] = Some(round);
        // The price was rounded down, and its own lower bound may be below it.
        let trifle = self.natural_bound(bounds.slack).saturating_add(2);
        self.slack = self.slack.saturating_add(trifle);
        Purchase {
            project,
            price: bounds.low,
            paid_in_full,
            paid_the_rest,
        }
    }

    fn projects_of(&self, group: u32) -> &[u32] {
        let group = at(group);
        let start = if group == 0 { 0 } else { self.ends[group - 1] };
        &self.projects[start..self.ends[group]]
    }

    /// A fixed-point bound of the chain in the scale of `money`, rounded down.
    fn natural_bound(&self, fixed: i128) -> u64 {
        u64::try_from(fixed >> (FRACTION - self.shift)).unwrap_or(if fixed < 0 {
            0
        } else {
            u64::MAX
        })
    }
}

fn at(index: u32) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX)
}

/// Costs, weights and endowments are never negative.
fn natural(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
