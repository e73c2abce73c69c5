//! On time or late, when some cases are still open.
//!
//! The share among closed cases alone is too rosy or too dark: slow cases are missing from it. So the Kaplan-Meier
//! estimate is given beside it. Each case's lateness is its close less its due time. An open case's lateness is
//! only known to be more than what it has reached by now: overdue ones are late for certain, the others count
//! like those that were open at the same distance from their due time. The estimate is the chance that a
//! lateness is zero or less; its interval is Greenwood's, at 95 %. Beside it stand the bounds that need no
//! assumption: all open cases that may still be on time will be late, or none.

use serde::Serialize;

/// How one case stands to its due time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Closed, so many microseconds after it was due; before, if negative.
    Closed(i64),
    /// Still open so many microseconds after it was due; not yet due, if negative.
    Open(i64),
}

/// The share of cases on time, by three measures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OnTime {
    /// Closed cases that have a due time.
    pub closed: u64,
    /// Of those, closed when due or before.
    pub closed_on_time: u64,
    /// On time among the closed; `None` while none is closed.
    pub closed_rate: Option<f64>,
    /// Open cases past their due time: late for certain.
    pub open_overdue: u64,
    /// Open cases that may still be on time.
    pub open_not_due: u64,
    /// Cases without due time, left out.
    pub without_due: u64,
    /// The Kaplan-Meier estimate over closed and open cases.
    pub kaplan_meier: Option<f64>,
    /// Greenwood's interval for it, 95 %.
    pub interval: Option<(f64, f64)>,
    /// If every open case that is not due yet became late, and if none did.
    pub bounds: Option<(f64, f64)>,
    /// The closed ones: lateness in short, in microseconds; negative is early.
    pub lateness: crate::Spread,
}

impl OnTime {
    /// The share of cases on time; `without_due` cases were left out before.
    pub fn of(outcomes: &[Outcome], without_due: u64) -> Self {
        let (mut closed, mut on_time, mut overdue, mut not_due) = (0_u64, 0_u64, 0_u64, 0_u64);
        let mut lateness = Vec::new();
        for outcome in outcomes {
            match *outcome {
                Outcome::Closed(late) => {
                    closed += 1;
                    on_time += u64::from(late <= 0);
                    lateness.push(late);
                }
                Outcome::Open(late) if late > 0 => overdue += 1,
                Outcome::Open(_) => not_due += 1,
            }
        }
        let all = closed + overdue + not_due;
        let (kaplan_meier, interval) = kaplan_meier(outcomes).unzip();
        Self {
            closed,
            closed_on_time: on_time,
            closed_rate: (closed > 0).then(|| share(on_time, closed)),
            open_overdue: overdue,
            open_not_due: not_due,
            without_due,
            kaplan_meier,
            interval,
            bounds: (all > 0).then(|| (share(on_time, all), share(on_time + not_due, all))),
            lateness: crate::Spread::of(&mut lateness),
        }
    }
}

/// One minus the product of survivals up to lateness zero, with Greenwood's interval. `None` without a case.
fn kaplan_meier(outcomes: &[Outcome]) -> Option<(f64, (f64, f64))> {
    let mut at_risk = u64::try_from(outcomes.len())
        .ok()
        .filter(|count| *count > 0)?;
    // At the same lateness closes come before open ends: who is open at that moment was still at risk.
    let mut ends: Vec<(i64, bool)> = outcomes
        .iter()
        .map(|outcome| match *outcome {
            Outcome::Closed(late) => (late, false),
            Outcome::Open(late) => (late, true),
        })
        .filter(|(late, _)| *late <= 0)
        .collect();
    ends.sort_unstable();
    let (mut survival, mut variance) = (1.0, 0.0);
    for same in ends.chunk_by(|one, other| one == other) {
        let number = u64::try_from(same.len()).unwrap_or(u64::MAX);
        if same.first().is_some_and(|(_, open)| !open) {
            let left = at_risk - number;
            survival *= share(left, at_risk);
            if left > 0 {
                variance += share(number, at_risk) / number_as_float(left);
            }
        }
        at_risk -= number;
    }
    let spread = 1.96 * survival * f64::sqrt(variance);
    let late = |share: f64| (1.0 - share).clamp(0.0, 1.0);
    Some((
        late(survival),
        (late(survival + spread), late(survival - spread)),
    ))
}

/// A share of counts, for statistics only.
pub(crate) fn share(part: u64, whole: u64) -> f64 {
    number_as_float(part) / number_as_float(whole)
}

/// A count for statistics; exact below 2^53.
pub(crate) fn number_as_float(number: u64) -> f64 {
    let high = u32::try_from(number >> 32).unwrap_or(u32::MAX);
    let low = u32::try_from(number & u64::from(u32::MAX)).unwrap_or(u32::MAX);
    f64::from(high) * 4_294_967_296.0 + f64::from(low)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn open_cases_that_are_overdue_are_late_and_others_share_the_fate_of_their_like() {
        let outcomes = [
            Outcome::Closed(-10),
            Outcome::Open(-8),
            Outcome::Closed(-5),
            Outcome::Closed(3),
            Outcome::Open(7),
        ];
        let on_time = OnTime::of(&outcomes, 1);
        assert_eq!(on_time.closed_rate, Some(2.0 / 3.0));
        // 1 - 4/5 * 2/3: at -10 one of five closes, at -5 one of the three still watched.
        let estimate = on_time.kaplan_meier.unwrap();
        assert!((estimate - (1.0 - 4.0 / 5.0 * 2.0 / 3.0)).abs() < 1e-12);
        assert_eq!(on_time.bounds, Some((0.4, 0.6)));
        assert_eq!((on_time.open_overdue, on_time.open_not_due), (1, 1));
    }

    #[test]
    fn without_cases_there_is_no_rate() {
        let none = OnTime::of(&[], 0);
        assert_eq!(
            (none.closed_rate, none.kaplan_meier, none.bounds),
            (None, None, None)
        );
    }

    fn outcomes() -> impl Strategy<Value = Vec<Outcome>> {
        let one = (any::<bool>(), -20_i64..20).prop_map(|(open, late)| {
            if open {
                Outcome::Open(late)
            } else {
                Outcome::Closed(late)
            }
        });
        prop::collection::vec(one, 1..60)
    }

    proptest! {
        #[test]
        fn the_estimate_lies_within_the_bounds_that_need_no_assumption(outcomes in outcomes()) {
            let on_time = OnTime::of(&outcomes, 0);
            let (low, high) = on_time.bounds.unwrap();
            let estimate = on_time.kaplan_meier.unwrap();
            prop_assert!(low <= estimate + 1e-9 && estimate <= high + 1e-9, "{low} {estimate} {high}");
        }

        #[test]
        fn with_nothing_open_the_estimate_is_the_plain_share(late in prop::collection::vec(-20_i64..20, 1..60)) {
            let outcomes: Vec<Outcome> = late.into_iter().map(Outcome::Closed).collect();
            let on_time = OnTime::of(&outcomes, 0);
            prop_assert!((on_time.kaplan_meier.unwrap() - on_time.closed_rate.unwrap()).abs() < 1e-9);
        }
    }
}
