//! Schulze's method: every two options are compared, and chains of victories decide where comparisons run in a circle.

use serde::{Deserialize, Serialize};

use super::Cast;

/// The comparisons of every two options.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pairwise {
    /// `prefer[a][b]`: on how many ballots a stands before b.
    pub prefer: Vec<Vec<u64>>,
    /// `strength[a][b]`: the weakest victory (in ballots for it) of the strongest chain of victories from a to b; 0 where
    /// there is none.
    pub strength: Vec<Vec<u64>>,
    /// The option that wins every comparison, where there is one (the Condorcet winner).
    pub beats_all: Option<usize>,
    /// All options in the order of the method: groups of equally placed ones, the best first.
    pub order: Vec<Vec<usize>>,
}

pub(super) fn compare(options: usize, casts: &[Cast]) -> (Pairwise, Vec<usize>) {
    let prefer = preferences(options, casts);
    let strength = strongest_chains(&prefer);
    let beats = |matrix: &[Vec<u64>], a: usize, b: usize| at(matrix, a, b) > at(matrix, b, a);
    let beats_all = (0..options).find(|&a| (0..options).all(|b| a == b || beats(&prefer, a, b)));
    let mut left: Vec<usize> = (0..options).collect();
    let mut order = Vec::new();
    // "Has the stronger chain" is transitive (Schulze 2011, section 4.1), so somebody is always unbeaten.
    while !left.is_empty() {
        let unbeaten = |a: &usize| !left.iter().any(|&b| beats(&strength, b, *a));
        let group: Vec<usize> = left.iter().copied().filter(unbeaten).collect();
        if group.is_empty() {
            break;
        }
        left.retain(|option| !group.contains(option));
        order.push(group);
    }
    let winners = order.first().cloned().unwrap_or_default();
    let pairwise = Pairwise {
        prefer,
        strength,
        beats_all,
        order,
    };
    (pairwise, winners)
}

/// On how many ballots each option stands before each other.
fn preferences(options: usize, casts: &[Cast]) -> Vec<Vec<u64>> {
    let mut prefer = vec![vec![0; options]; options];
    let mut place = vec![usize::MAX; options];
    for cast in casts {
        place.fill(usize::MAX);
        for (rank, group) in cast.groups.iter().enumerate() {
            for option in group {
                if let Some(place) = place.get_mut(*option) {
                    *place = rank;
                }
            }
        }
        for option in cast.groups.iter().flatten() {
            let own = place.get(*option).copied().unwrap_or(usize::MAX);
            let Some(row) = prefer.get_mut(*option) else {
                continue;
            };
            for (count, other) in row.iter_mut().zip(&place) {
                if own < *other {
                    *count += cast.times;
                }
            }
        }
    }
    prefer
}

/// Floyd and Warshall's algorithm for widest paths, over victories measured in winning votes.
fn strongest_chains(prefer: &[Vec<u64>]) -> Vec<Vec<u64>> {
    let options = prefer.len();
    let victory = |a, b| {
        let (for_it, against) = (at(prefer, a, b), at(prefer, b, a));
        if for_it > against { for_it } else { 0 }
    };
    let mut strength: Vec<Vec<u64>> = (0..options)
        .map(|a| (0..options).map(|b| victory(a, b)).collect())
        .collect();
    for over in 0..options {
        let onward = strength.get(over).cloned().unwrap_or_default();
        for (a, row) in strength.iter_mut().enumerate() {
            let first = row.get(over).copied().unwrap_or(0);
            for (b, (now, second)) in row.iter_mut().zip(&onward).enumerate() {
                if a != b {
                    *now = (*now).max(first.min(*second));
                }
            }
        }
    }
    strength
}

fn at(matrix: &[Vec<u64>], a: usize, b: usize) -> u64 {
    matrix
        .get(a)
        .and_then(|row| row.get(b))
        .copied()
        .unwrap_or(0)
}
