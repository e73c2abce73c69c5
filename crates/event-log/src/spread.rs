//! Durations in short: how many, the least, the middle, the 90th in 100, the most.

use serde::Serialize;

/// Durations in microseconds. Median and 90th percentile interpolate between neighbours, as most statistics
/// programs do, rounded down to a microsecond.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Spread {
    /// How many durations.
    pub count: u64,
    /// The shortest.
    pub min_us: i64,
    /// The mean, rounded towards zero.
    pub mean_us: i64,
    /// Half are not longer.
    pub median_us: i64,
    /// Nine of ten are not longer.
    pub p90_us: i64,
    /// The longest.
    pub max_us: i64,
    /// All together; the largest number if they are more than it holds.
    pub total_us: i64,
}

impl Spread {
    /// The spread of some durations, which are put in order on the way.
    pub fn of(durations: &mut [i64]) -> Self {
        let count = u64::try_from(durations.len()).unwrap_or(u64::MAX);
        let total: i128 = durations.iter().map(|duration| i128::from(*duration)).sum();
        let mean = total.checked_div(i128::from(count)).unwrap_or_default();
        let median = quantile(durations, 50);
        let p90 = quantile(durations, 90);
        Self {
            count,
            min_us: durations.iter().min().copied().unwrap_or_default(),
            mean_us: i64::try_from(mean).unwrap_or(i64::MAX),
            median_us: median,
            p90_us: p90,
            max_us: durations.iter().max().copied().unwrap_or_default(),
            total_us: i64::try_from(total).unwrap_or(i64::MAX),
        }
    }
}

/// The value that `percent` of the durations do not pass, between the two nearest by proportion.
fn quantile(durations: &mut [i64], percent: usize) -> i64 {
    let Some(last) = durations.len().checked_sub(1) else {
        return 0;
    };
    let place = last.saturating_mul(percent);
    let (low, rest) = (place / 100, place % 100);
    let (_, below, above) = durations.select_nth_unstable(low);
    let below = *below;
    let Some(next) = above.iter().min().filter(|_| rest > 0) else {
        return below;
    };
    let step = i128::from(*next) - i128::from(below);
    let part = step * i128::try_from(rest).unwrap_or_default() / 100;
    i64::try_from(i128::from(below) + part).unwrap_or(below)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_middle_of_two_lies_between_them() {
        let spread = Spread::of(&mut [10, 20]);
        assert_eq!((spread.median_us, spread.p90_us), (15, 19));
        assert_eq!(Spread::of(&mut []), Spread::default());
    }

    proptest! {
        #[test]
        fn quantiles_are_those_of_the_sorted_list(mut list in prop::collection::vec(-1000_i64..1000, 1..40)) {
            let spread = Spread::of(&mut list);
            list.sort_unstable();
            let at = |percent: usize| {
                let place = (list.len() - 1) * percent;
                let (low, rest) = (place / 100, i64::try_from(place % 100).unwrap());
                let next = list.get(low + 1).copied().unwrap_or(list[low]);
                list[low] + (next - list[low]) * rest / 100
            };
            prop_assert_eq!((spread.median_us, spread.p90_us), (at(50), at(90)));
            prop_assert_eq!((spread.min_us, spread.max_us), (list[0], list[list.len() - 1]));
        }
    }
}
