//! The rules counted the slow way, straight from their definitions, voter by voter in rationals.
//! They share nothing with the engine, so that agreement means something.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;

fn whole(number: i64) -> BigRational {
    BigRational::from_integer(BigInt::from(number))
}

fn supporters(ballots: &[Vec<usize>], project: usize) -> Vec<usize> {
    (0..ballots.len())
        .filter(|&voter| ballots[voter].contains(&project))
        .collect()
}

/// The cheapest, then the one with more supporters, then the first.
fn preferred(tied: &[usize], costs: &[i64], ballots: &[Vec<usize>]) -> usize {
    let key = |&p: &usize| (costs[p], usize::MAX - supporters(ballots, p).len(), p);
    *tied.iter().min_by_key(|p| key(p)).unwrap()
}

fn equal_shares(endowment: &BigRational, costs: &[i64], ballots: &[Vec<usize>]) -> Vec<usize> {
    let mut money = vec![endowment.clone(); ballots.len()];
    let mut funded = Vec::new();
    loop {
        let mut best: Option<(BigRational, BigRational)> = None;
        let mut tied = Vec::new();
        for project in (0..costs.len()).filter(|p| !funded.contains(p)) {
            let Some(price) = price(costs[project], &supporters(ballots, project), &money) else {
                continue;
            };
            let rate = &price / whole(costs[project]);
            match &best {
                Some((least, _)) if rate > *least => {}
                Some((least, _)) if rate == *least => tied.push(project),
                _ => {
                    best = Some((rate, price));
                    tied = vec![project];
                }
            }
        }
        if tied.is_empty() {
            return funded;
        }
        let winner = preferred(&tied, costs, ballots);
        let all = supporters(ballots, winner);
        let price = price(costs[winner], &all, &money).unwrap();
        for voter in all {
            money[voter] = if money[voter] > price {
                &money[voter] - &price
            } else {
                BigRational::zero()
            };
        }
        funded.push(winner);
    }
}

/// The least price at which the supporters, each paying it or all she has, pay the cost.
fn price(cost: i64, supporters: &[usize], money: &[BigRational]) -> Option<BigRational> {
    let mut purses: Vec<&BigRational> = supporters.iter().map(|&voter| &money[voter]).collect();
    if purses.is_empty() || purses.iter().copied().sum::<BigRational>() < whole(cost) {
        return None;
    }
    purses.sort();
    let mut left = whole(cost);
    for (index, purse) in purses.iter().enumerate() {
        let price = &left / whole(i64::try_from(purses.len() - index).unwrap());
        if price <= **purse {
            return Some(price);
        }
        left -= *purse;
    }
    None
}

pub(crate) fn equal_shares_at_the_budget(
    budget: i64,
    costs: &[i64],
    ballots: &[Vec<usize>],
) -> Vec<usize> {
    let voters = i64::try_from(ballots.len()).unwrap();
    equal_shares(&(whole(budget) / whole(voters)), costs, ballots)
}

pub(crate) fn add1(budget: i64, costs: &[i64], ballots: &[Vec<usize>]) -> Vec<usize> {
    let cost = |funded: &[usize]| funded.iter().map(|&p| costs[p]).sum::<i64>();
    let supported = (0..costs.len())
        .filter(|&p| !supporters(ballots, p).is_empty())
        .count();
    let mut endowment = budget / i64::try_from(ballots.len()).unwrap();
    let mut funded = equal_shares(&whole(endowment), costs, ballots);
    while funded.len() < supported {
        let next = equal_shares(&whole(endowment + 1), costs, ballots);
        if cost(&next) > budget {
            break;
        }
        (funded, endowment) = (next, endowment + 1);
    }
    funded
}

pub(crate) fn phragmen(budget: i64, costs: &[i64], ballots: &[Vec<usize>]) -> Vec<usize> {
    let mut loads = vec![BigRational::zero(); ballots.len()];
    let mut funded: Vec<usize> = Vec::new();
    let mut left = budget;
    loop {
        let candidates: Vec<(BigRational, usize)> = (0..costs.len())
            .filter(|p| !funded.contains(p) && costs[*p] <= budget)
            .filter_map(|project| {
                let all = supporters(ballots, project);
                let carried: BigRational = all.iter().map(|&voter| &loads[voter]).sum();
                let count = i64::try_from(all.len()).unwrap();
                (count > 0).then(|| ((carried + whole(costs[project])) / whole(count), project))
            })
            .collect();
        let Some(least) = candidates.iter().map(|(load, _)| load).min().cloned() else {
            return funded;
        };
        let tied: Vec<usize> = candidates
            .iter()
            .filter(|(load, _)| *load == least)
            .map(|(_, project)| *project)
            .collect();
        if tied.iter().any(|&project| costs[project] > left) {
            return funded;
        }
        let winner = preferred(&tied, costs, ballots);
        for voter in supporters(ballots, winner) {
            loads[voter] = least.clone();
        }
        left -= costs[winner];
        funded.push(winner);
    }
}
