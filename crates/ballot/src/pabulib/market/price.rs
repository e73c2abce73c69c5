//! What a project costs each of its supporters now: bounds first, exact where they don't suffice.

#![expect(
    clippy::indexing_slicing,
    reason = "groups and projects are numbered in `Market::new`, and every table has their number"
)]

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use num_rational::BigRational;

use super::super::chain::Form;
use super::{Market, at};

/// A project and the least it can cost a supporter.
pub(super) struct Bid {
    pub(super) project: usize,
    pub(super) cost: u64,
    pub(super) low: u64,
}

/// A price within bounds, and who cannot pay it in full.
pub(super) struct Price {
    pub(super) project: usize,
    pub(super) cost: u64,
    pub(super) low: u64,
    pub(super) high: u64,
    pub(super) poor: Poor,
}

/// Which supporters pay less than the price.
pub(super) enum Poor {
    /// Those whose upper bound does not exceed the price's lower bound.
    ByBound,
    /// These groups, settled exactly.
    Groups(HashSet<u32>),
}

pub(super) enum Found {
    TooExpensive,
    AtLeast(u64),
    Price(Price),
}

impl Market {
    /// The project's price now, or a lower bound once it is surely worse than the best.
    pub(super) fn price(&mut self, bid: &Bid, best: Option<(u64, u64)>) -> Found {
        let Bid {
            project,
            cost,
            mut low,
        } = *bid;
        let whole = cost << self.shift;
        let (mut paid, mut poor, mut rich, mut rest) = (0_u64, 0_u64, 0_u64, 0_u64);
        let (list, live) = (&mut self.supporters[project], &mut self.live[project]);
        self.richer.clear();
        let mut next = 0;
        while next < *live {
            let (group, voters) = list[next];
            let (money, voters) = (self.money[at(group)], u64::from(voters));
            if money == 0 {
                // Out of money for the rest of the run.
                *live -= 1;
                list.swap(next, *live);
                continue;
            }
            if money <= low {
                paid += money * voters;
                poor += voters;
            } else {
                rest += money * voters;
                rich += voters;
                self.richer.push((money, voters));
            }
            next += 1;
        }
        if paid + rest < whole {
            return Found::TooExpensive;
        }
        loop {
            if rich == 0 {
                return self.settle(bid, low);
            }
            low = low.max(whole.saturating_sub(paid) / rich);
            if best.is_some_and(|best| is_worse(low, cost, best)) {
                return Found::AtLeast(low);
            }
            let before = rich;
            self.richer.retain(|&(money, voters)| {
                let stays = money > low;
                if !stays {
                    paid += money * voters;
                    poor += voters;
                    rich -= voters;
                }
                stays
            });
            if rich == before {
                break;
            }
        }
        // All bounds on money may be too high by `slack`; then the rich pay that much more.
        let more = poor.saturating_mul(self.slack) / rich + 2;
        let unsure = low.saturating_add(more).saturating_add(self.slack);
        if self.richer.iter().any(|&(money, _)| money <= unsure) {
            return self.settle(bid, low);
        }
        let high = low.saturating_add(more);
        Found::Price(Price {
            project,
            cost,
            low,
            high,
            poor: Poor::ByBound,
        })
    }

    /// The price with every supporter compared exactly, beginning with the surely poor.
    fn settle(&self, bid: &Bid, low: u64) -> Found {
        let &Bid { project, cost, .. } = bid;
        let with_money = || {
            let live = &self.supporters[project][..self.live[project]];
            live.iter()
                .map(|&(group, _)| (group, self.money[at(group)]))
                .filter(|&(_, m)| m > 0)
        };
        let surely = |&(_, money): &(u32, u64)| money.saturating_add(self.slack) < low;
        let mut poor: HashSet<u32> = with_money()
            .filter(surely)
            .map(|(group, _)| group)
            .collect();
        let mut exact_money: HashMap<Vec<i64>, BigRational> = HashMap::new();
        loop {
            let form = self.form(project, |group, _| poor.contains(&group));
            if form.divisor == 0 {
                return Found::TooExpensive;
            }
            let bounds = self.chain.bounds(&form);
            let price = self.chain.exact(&form);
            let high = self.natural_bound(bounds.high()).saturating_add(1);
            let before = poor.len();
            for (group, money) in with_money() {
                if poor.contains(&group) || money.saturating_sub(self.slack) > high {
                    continue;
                }
                let left = self.left(group);
                let left = exact_money
                    .entry(left.coefficients.clone())
                    .or_insert_with(|| self.chain.exact(&left));
                if *left < price {
                    poor.insert(group);
                }
            }
            if poor.len() == before {
                let low = self.natural_bound(bounds.low);
                let poor = Poor::Groups(poor);
                return Found::Price(Price {
                    project,
                    cost,
                    low,
                    high,
                    poor,
                });
            }
        }
    }

    /// What a voter of a group with money has left: the endowment without every price she paid.
    fn left(&self, group: u32) -> Form {
        let mut coefficients = vec![0; self.chain.len()];
        for &project in self.projects_of(group) {
            if let Some(round) = self.bought[at(project)] {
                coefficients[round] = -1;
            }
        }
        Form {
            constant: self.endowment,
            coefficients,
            divisor: 1,
        }
    }

    /// The price as a form: what the poor don't pay of the cost, divided among the others.
    fn form(&self, project: usize, is_poor: impl Fn(u32, u64) -> bool) -> Form {
        let mut form = Form {
            constant: self.costs[project],
            coefficients: vec![0; self.chain.len()],
            divisor: 0,
        };
        for &(group, voters) in &self.supporters[project][..self.live[project]] {
            let (money, voters) = (self.money[at(group)], i64::from(voters));
            if money == 0 {
                continue;
            }
            if is_poor(group, money) {
                // The poor pay the endowment without what they paid before.
                form.constant -= self.endowment * voters;
                for &other in self.projects_of(group) {
                    if let Some(round) = self.bought[at(other)] {
                        form.coefficients[round] += voters;
                    }
                }
            } else {
                form.divisor += voters;
            }
        }
        form
    }

    pub(super) fn form_of(&self, price: &Price) -> Form {
        match &price.poor {
            Poor::ByBound => self.form(price.project, |_, money| money <= price.low),
            Poor::Groups(groups) => self.form(price.project, |group, _| groups.contains(&group)),
        }
    }
}

impl Price {
    pub(super) fn top(&self) -> (u64, u64) {
        (self.high, self.cost)
    }

    pub(super) fn bid(&self) -> Bid {
        Bid {
            project: self.project,
            cost: self.cost,
            low: self.low,
        }
    }
}

/// Whether a price is surely worse for its cost than the best: `low/cost > best.high/best.cost`.
pub(super) fn is_worse(low: u64, cost: u64, best: (u64, u64)) -> bool {
    u128::from(low) * u128::from(best.1) > u128::from(best.0) * u128::from(cost)
}

pub(super) fn is_lower(one: (u64, u64), other: (u64, u64)) -> bool {
    u128::from(one.0) * u128::from(other.1) < u128::from(other.0) * u128::from(one.1)
}

impl Ord for Bid {
    /// The lowest price for its cost is the greatest, so that a heap gives it first.
    fn cmp(&self, other: &Self) -> Ordering {
        let mine = u128::from(self.low) * u128::from(other.cost);
        let theirs = u128::from(other.low) * u128::from(self.cost);
        theirs
            .cmp(&mine)
            .then_with(|| other.project.cmp(&self.project))
    }
}

impl PartialOrd for Bid {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Bid {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Bid {}
