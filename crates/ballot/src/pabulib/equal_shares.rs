//! The Method of Equal Shares: every voter gets the same endowment and pays for funded projects
//! that she supports, in each round for the project that gives its supporters the most for their
//! money. Counted exactly as by the official tool (equalshares.net) with fractions.
//!
//! A project's price is the least ρ such that its supporters, each paying ρ or all she has left,
//! pay its cost; of affordable projects the one with the lowest ρ/cost goes first. The completion
//! Add1 repeats the method with endowments ⌊B/n⌋, ⌊B/n⌋+1, … until one more would overspend.
//!
//! Fast and exact at once: see [`market`](super::market).

use super::Amount;
use super::election::Election;
use super::market::{Market, Outcome};
use super::tally::{Fate, Tie, rounded_down};
use crate::BallotError;

/// More endowments than this are not tried; a file that needs more states money too finely.
const MOST_STEPS: u32 = 1_000_000;

/// Who is funded, in order, and what became of each project.
pub(super) struct Shares {
    pub funded: Vec<usize>,
    pub fates: Vec<Fate>,
    pub ties: Vec<Tie>,
    pub per_voter: Amount,
}

/// The method with the budget divided among all voters to the last fraction.
pub(super) fn at_the_budget(election: &Election) -> Result<Shares, BallotError> {
    // In units of 1/n of money, each voter's share is a whole number.
    let voters = voters(election);
    let mut market = Market::new(election, voters.max(1))?;
    let outcome = market.run(election, election.meta.budget.value)?;
    let per_voter = i128::from(election.meta.budget.value) << super::chain::FRACTION;
    let per_voter = rounded_down(per_voter / i128::from(voters.max(1)), election);
    Ok(report(election, &market, outcome, per_voter))
}

/// The method with Add1 completion on the grid of whole currency units per voter.
pub(super) fn with_add1(election: &Election) -> Result<Shares, BallotError> {
    let budget = election.meta.budget.value;
    let step = 10_i64
        .checked_pow(election.meta.budget.scale)
        .ok_or(BallotError::AmountsTooLarge)?;
    let mut market = Market::new(election, 1)?;
    let mut endowment = budget / voters(election).max(1).saturating_mul(step).max(1) * step;
    let mut outcome = market.run(election, endowment)?;
    for tried in 0.. {
        // With every project bought that has support, more money changes nothing.
        if outcome.purchases.len() == market.buyable() {
            break;
        }
        if tried == MOST_STEPS {
            return Err(BallotError::AmountsTooLarge);
        }
        let next = market.run(election, endowment + step)?;
        if next.cost > budget {
            // Back to the last that fits, so that what is left can be reported.
            outcome = market.run(election, endowment)?;
            break;
        }
        (outcome, endowment) = (next, endowment + step);
    }
    Ok(report(
        election,
        &market,
        outcome,
        election.amount(endowment),
    ))
}

fn voters(election: &Election) -> i64 {
    i64::try_from(election.ballots()).unwrap_or(i64::MAX)
}

fn report(election: &Election, market: &Market, outcome: Outcome, per_voter: Amount) -> Shares {
    let mut fates: Vec<Fate> = (0..election.projects.len())
        .map(|index| match market.left_behind(index) {
            None => Fate::NoSupport,
            Some(have) => Fate::TooLittleMoney {
                have: rounded_down(have, election),
            },
        })
        .collect();
    for purchase in &outcome.purchases {
        if let Some(fate) = fates.get_mut(purchase.project) {
            *fate = Fate::Bought {
                price: rounded_down(purchase.price / market.unit(), election),
                paid_in_full: purchase.paid_in_full,
                paid_the_rest: purchase.paid_the_rest,
            };
        }
    }
    let funded = outcome
        .purchases
        .iter()
        .map(|purchase| purchase.project)
        .collect();
    Shares {
        funded,
        fates,
        ties: outcome.ties,
        per_voter,
    }
}
