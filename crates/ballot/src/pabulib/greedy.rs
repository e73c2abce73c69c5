//! Greedy rules: from the highest score down, as long as the money lasts. All of it is comparison
//! and subtraction of integers; equal scores keep the order of the file.

use super::election::{Election, Rule};
use super::tally::{DecidedBy, Fate, Tie};

/// A cost that some files give to withdrawn projects; `greedy-no-skip` passes over them.
const WITHDRAWN: i64 = 999_999_999;

/// Who is funded, in order, and what became of each project.
pub(super) struct Greedy {
    pub funded: Vec<usize>,
    pub fates: Vec<Fate>,
    pub ties: Vec<Tie>,
}

/// Funds by score; `rule` says whether a threshold holds and whether the first misfit ends it.
pub(super) fn greedy(election: &Election, rule: Rule) -> Greedy {
    let threshold = match rule {
        Rule::GreedyThreshold | Rule::GreedyNoSkip => election.meta.threshold.unwrap_or(i64::MIN),
        _ => i64::MIN,
    };
    let withdrawn = 10_i64
        .checked_pow(election.meta.budget.scale)
        .and_then(|one| one.checked_mul(WITHDRAWN));

    let mut order: Vec<usize> = (0..election.projects.len()).collect();
    let score = |index: usize| {
        election
            .projects
            .get(index)
            .map_or(i64::MIN, |project| project.score)
    };
    order.sort_by_key(|&index| std::cmp::Reverse(score(index)));

    let mut left = election.meta.budget.value;
    let mut stopped = false;
    let mut funded = Vec::new();
    let mut fates = vec![Fate::Stopped; election.projects.len()];
    for &index in &order {
        let (Some(project), Some(fate)) = (election.projects.get(index), fates.get_mut(index))
        else {
            continue;
        };
        let no_skip = rule == Rule::GreedyNoSkip;
        *fate = if project.score < threshold {
            Fate::BelowThreshold
        } else if no_skip && Some(project.cost) == withdrawn {
            Fate::Withdrawn
        } else if stopped {
            Fate::Stopped
        } else if project.cost <= left {
            left -= project.cost;
            funded.push(index);
            Fate::Funded {
                left: election.amount(left),
            }
        } else {
            stopped = no_skip;
            Fate::DoesNotFit {
                left: election.amount(left),
            }
        };
    }
    let ties = ties_that_mattered(election, &order, &fates);
    Greedy {
        funded,
        fates,
        ties,
    }
}

/// Equal scores of which some are funded and some not: the order of the file had a say.
fn ties_that_mattered(election: &Election, order: &[usize], fates: &[Fate]) -> Vec<Tie> {
    let score = |index: usize| election.projects.get(index).map(|project| project.score);
    let is_funded = |index: usize| matches!(fates.get(index), Some(Fate::Funded { .. }));
    let eligible = |&index: &usize| {
        !matches!(
            fates.get(index),
            Some(Fate::BelowThreshold | Fate::Withdrawn) | None
        )
    };
    let id = |&index: &usize| {
        election
            .projects
            .get(index)
            .map(|project| project.id.clone())
    };
    order
        .chunk_by(|&a, &b| score(a) == score(b))
        .filter_map(|same| {
            let tied: Vec<usize> = same.iter().copied().filter(eligible).collect();
            let chosen = tied
                .iter()
                .filter(|&&index| is_funded(index))
                .filter_map(id)
                .collect::<Vec<_>>();
            let mattered = !chosen.is_empty() && chosen.len() < tied.len();
            mattered.then(|| Tie {
                projects: tied.iter().filter_map(id).collect(),
                chosen,
                decided_by: DecidedBy::FileOrder,
            })
        })
        .collect()
}
