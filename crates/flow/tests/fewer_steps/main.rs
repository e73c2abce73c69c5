//! What past cases would have taken, against a run from day to day that knows nothing of the engine's way of counting.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod by_hand;
mod examples;
mod made;

use std::sync::LazyLock;

use flow::{Case, Change, Count, Days, Takes, builtin, what_if};
use jiff::civil::{Date, date};
use proptest::prelude::*;

use crate::by_hand::{by_hand, counts, each_day};
use crate::made::{change, clocked, definition, events, made, real_change, taken, walked};

const BEGIN: Date = date(2024, 1, 8);
const LIMIT: u32 = 30;

fn days() -> &'static Days {
    static DAYS: LazyLock<Days> = LazyLock::new(|| Days::of(policy::builtin().calendar()));
    &DAYS
}

fn later(date: Date, days: u32) -> Date {
    date.checked_add(jiff::Span::new().days(i64::from(days)))
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_case_would_have_ended_when_a_run_from_day_to_day_ends(
        made in made(),
        clocks in [clocked(), clocked()],
        changes in prop::collection::vec(change(), 0..5),
    ) {
        let definition = definition(&made, &clocks);
        let events = events(&definition, &made, &clocks);
        let case = Case::replay(&definition, &events).unwrap();
        let merges_of_merges = |changes: &[Change]| {
            changes.iter().filter(|change| matches!(change, Change::Merge { .. })).count() > 1
        };
        let mut changes = taken(&definition, changes);
        // By hand a list of merged steps has one way of adding up.
        if merges_of_merges(&changes) {
            for change in &mut changes {
                if let Change::Merge { takes, .. } = change {
                    *takes = Takes::Longer;
                }
            }
        }
        let found = what_if(&definition, [("1", events.as_slice())], &changes, days()).unwrap();
        prop_assert_eq!(found.cases.len(), 1);
        let ends = by_hand(&definition, &case, &changes);
        let took = u32::try_from(each_day(BEGIN, ends).count()).unwrap();
        prop_assert_eq!(found.cases[0].after.calendar_days, took, "{:?}", changes);
        let worked = u32::try_from(each_day(BEGIN, ends).filter(|day| counts(*day, Count::Working)).count()).unwrap();
        prop_assert_eq!(found.cases[0].after.working_days, worked);
    }

    #[test]
    fn without_a_change_nothing_changes(made in made(), clocks in [clocked(), clocked()]) {
        let definition = definition(&made, &clocks);
        let events = events(&definition, &made, &clocks);
        let found = what_if(&definition, [("1", events.as_slice())], &[], days()).unwrap();
        prop_assert_eq!(found.cases[0].before, found.cases[0].after);
        prop_assert!(found.steps.iter().any(|step| step.decisive == 1));
    }

    #[test]
    fn side_by_side_and_shorter_limits_never_make_a_case_longer(
        made in made(),
        clocks in [clocked(), clocked()],
        changes in prop::collection::vec(change(), 0..6),
    ) {
        let definition = definition(&made, &clocks);
        let events = events(&definition, &made, &clocks);
        let changes = changes.into_iter().filter(|change| !matches!(change, Change::Merge { .. })).collect();
        let changes = taken(&definition, changes);
        let found = what_if(&definition, [("1", events.as_slice())], &changes, days()).unwrap();
        prop_assert!(found.cases[0].after <= found.cases[0].before, "{:?}", changes);
    }

    #[test]
    fn ways_that_were_chosen_are_kept(picks in prop::collection::vec(0..12_usize, 40), spans in prop::collection::vec(0..30_u32, 40), changes in prop::collection::vec(real_change(), 0..4)) {
        let flow = builtin().get("zhejiang.future_community").unwrap();
        let events = walked(flow, &picks, &spans);
        let case = Case::replay(flow, &events).unwrap();
        let changes: Vec<Change> = taken(flow, changes);
        let found = what_if(flow, [("1", events.as_slice())], &changes, days()).unwrap();
        let ends = by_hand(flow, &case, &changes);
        let took = u32::try_from(each_day(BEGIN, ends).count()).unwrap();
        prop_assert_eq!(found.cases[0].after.calendar_days, took, "{:?}", changes);
    }
}
