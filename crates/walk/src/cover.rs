//! Which few places serve the most people who have none: a greedy choice, and how far the best possible one can be from it.

/// A place that was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pick {
    /// Its number among the candidates.
    pub candidate: usize,
    /// The weight it serves that nothing chosen before does.
    pub gain: u64,
}

/// A choice of places.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cover {
    /// The places in the order of their choice, each the best after those before.
    pub picks: Vec<Pick>,
    /// The weight they serve together.
    pub served: u64,
    /// No choice of as many places serves more.
    pub bound: u64,
}

/// Chooses up to `picks` candidates. Each candidate names the doors that it serves; `weights` says what each door counts.
///
/// What places serve together grows ever more slowly (it is submodular), so the greedy choice reaches at least 63 % of the best
/// one (Nemhauser, Wolsey and Fisher 1978); and after any step no choice serves more than what is served already and the
/// greatest gains that as many places have left. The least of these bounds is given, so that the true distance is known, mostly
/// a few per cent. Ties go to the candidate that comes first.
pub fn cover(weights: &[u64], candidates: &[Vec<u32>], picks: usize) -> Cover {
    let mut open: Vec<u64> = weights.to_vec();
    let mut chosen = Cover::default();
    let mut bound = u64::MAX;
    loop {
        let gains: Vec<u64> = candidates.iter().map(|doors| gain(&open, doors)).collect();
        bound = bound.min(chosen.served.saturating_add(greatest(&gains, picks)));
        if chosen.picks.len() >= picks {
            break;
        }
        let best = gains
            .iter()
            .enumerate()
            .max_by_key(|(place, gain)| (**gain, std::cmp::Reverse(*place)));
        let Some((candidate, gain)) = best.filter(|(_, gain)| **gain > 0) else {
            break;
        };
        for door in candidates.get(candidate).into_iter().flatten() {
            if let Some(weight) = open.get_mut(crate::index::at(*door)) {
                *weight = 0;
            }
        }
        chosen.served = chosen.served.saturating_add(*gain);
        chosen.picks.push(Pick {
            candidate,
            gain: *gain,
        });
    }
    chosen.bound = bound.max(chosen.served);
    chosen
}

/// What a candidate serves that is still open; a door that it names twice counts once.
fn gain(open: &[u64], doors: &[u32]) -> u64 {
    let mut before = None;
    let mut sum = 0_u64;
    for door in doors {
        if before.replace(*door) != Some(*door) {
            let weight = open.get(crate::index::at(*door)).copied().unwrap_or(0);
            sum = sum.saturating_add(weight);
        }
    }
    sum
}

fn greatest(gains: &[u64], count: usize) -> u64 {
    let mut gains = gains.to_vec();
    gains.sort_unstable_by_key(|gain| std::cmp::Reverse(*gain));
    gains.into_iter().take(count).fold(0, u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every choice of at most `picks` candidates.
    fn best(weights: &[u64], candidates: &[Vec<u32>], picks: usize) -> u64 {
        (0_u32..1 << candidates.len())
            .filter(|choice| usize::try_from(choice.count_ones()).unwrap() <= picks)
            .map(|choice| {
                let served = |door: u32| {
                    (0..)
                        .zip(candidates)
                        .any(|(place, doors)| choice >> place & 1 == 1 && doors.contains(&door))
                };
                (0..)
                    .zip(weights)
                    .filter(|(door, _)| served(*door))
                    .map(|(_, weight)| weight)
                    .sum()
            })
            .max()
            .unwrap_or(0)
    }

    proptest! {
        #[test]
        fn the_best_choice_lies_between_the_greedy_one_and_the_bound(
            weights in proptest::collection::vec(0_u64..50, 1..12),
            candidates in proptest::collection::vec(proptest::collection::btree_set(0_u32..12, 0..6), 0..8),
            picks in 0_usize..5,
        ) {
            let candidates: Vec<Vec<u32>> = candidates.into_iter().map(|set| set.into_iter().collect()).collect();
            let found = cover(&weights, &candidates, picks);
            let best = best(&weights, &candidates, picks);
            prop_assert!(found.served <= best && best <= found.bound, "{found:?} {best}");
            prop_assert!(found.served * 1000 >= best * 632);
            prop_assert!(found.picks.len() <= picks);
        }
    }

    #[test]
    fn the_second_place_counts_only_whom_the_first_does_not_serve() {
        let found = cover(&[10, 10, 10, 1], &[vec![0, 1], vec![1, 2], vec![3]], 2);
        let picks: Vec<(usize, u64)> = found
            .picks
            .iter()
            .map(|pick| (pick.candidate, pick.gain))
            .collect();
        assert_eq!(picks, [(0, 20), (1, 10)]);
        assert_eq!((found.served, found.bound), (30, 31));
    }
}
