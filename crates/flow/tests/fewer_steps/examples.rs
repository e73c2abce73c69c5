//! Cases small enough to count on the fingers, and what is refused.

use flow::{Change, Definition, Error, Event, Moment, Refused, Takes, What, builtin, what_if};
use jiff::civil::date;

use crate::made::{Clocked, Made, definition, events};
use crate::{BEGIN, LIMIT, days};

fn two_steps() -> (Definition, Vec<Event>) {
    let made = |waits, took| Made {
        waits,
        second_stage: false,
        took,
        at_least: None,
    };
    let clock = || Clocked {
        taken_in: 0,
        stops: 0,
        stands: 0,
        calendar: false,
    };
    let (made, clocks) = ([made(0, 14), made(1, 21)], [clock(), clock()]);
    let definition = definition(&made, &clocks);
    let events = events(&definition, &made, &clocks);
    (definition, events)
}

fn after(definition: &Definition, events: &[Event], change: Change) -> (u32, u32) {
    let found = what_if(definition, [("1", events)], &[change], days()).unwrap();
    (
        found.cases[0].before.working_days,
        found.cases[0].after.working_days,
    )
}

#[test]
fn two_and_three_weeks_side_by_side_take_three_merged_as_chosen_and_a_limit_only_what_ran_over_it()
{
    let (definition, events) = two_steps();
    let pair = || ("s0".to_owned(), "s1".to_owned());
    let ((first, second), stage) = (pair(), "stage0".to_owned());
    // 8 January to 12 February 2024: 10 and then 15 working days, one of them a make-up Sunday.
    let whole = after(
        &definition,
        &events,
        Change::Limit {
            stage: stage.clone(),
            days: LIMIT - 1,
        },
    );
    assert_eq!(whole, (25, 25));
    assert_eq!(
        after(&definition, &events, Change::Limit { stage, days: 20 }),
        (25, 20)
    );
    let beside = Change::Parallel {
        first: first.clone(),
        second: second.clone(),
    };
    assert_eq!(after(&definition, &events, beside), (25, 15));
    for (takes, days) in [(Takes::Longer, 15), (Takes::Sum, 25)] {
        let merged = Change::Merge {
            first: first.clone(),
            second: second.clone(),
            takes,
        };
        assert_eq!(after(&definition, &events, merged), (25, days));
    }
}

#[test]
fn open_withdrawn_and_unreadable_cases_are_counted_and_left_out() {
    let (definition, events) = two_steps();
    let withdrawn = Event {
        id: "w".to_owned(),
        at: Moment::from(date(2024, 1, 9)),
        what: What::Withdrawn {
            reason: "sold".to_owned(),
        },
        by: None,
    };
    let given_up = [events[0].clone(), withdrawn];
    let unread = [Event {
        id: "x".to_owned(),
        at: Moment::from(BEGIN),
        what: What::Done {
            step: "nothing".to_owned(),
            outcome: None,
        },
        by: None,
    }];
    let past: [(&str, &[Event]); 4] = [
        ("done", &events),
        ("open", &events[..2]),
        ("withdrawn", &given_up),
        ("unread", &unread),
    ];
    let found = what_if(&definition, past, &[], days()).unwrap();
    assert_eq!((found.cases.len(), found.open, found.withdrawn), (1, 1, 1));
    assert_eq!(found.unread[0].0, "unread");
    assert!(
        found.unread[0].1.contains("no step `nothing`"),
        "{:?}",
        found.unread
    );
}

#[test]
fn a_change_that_makes_no_sense_says_why() {
    let flow = builtin().get("zhejiang.future_community").unwrap();
    let merge = |first: &str, second: &str| Change::Merge {
        first: first.to_owned(),
        second: second.to_owned(),
        takes: Takes::Longer,
    };
    let beside = |first: &str, second: &str| Change::Parallel {
        first: first.to_owned(),
        second: second.to_owned(),
    };
    let limit = |stage: &str, days| Change::Limit {
        stage: stage.to_owned(),
        days,
    };
    for (change, expected) in [
        (
            merge("reserve_plan", "nothing"),
            Refused::NoStep("nothing".to_owned()),
        ),
        (
            merge("listing", "listing"),
            Refused::Same("listing".to_owned()),
        ),
        (
            merge("plan_need", "plan_publicity"),
            Refused::Between("plan_consent".to_owned()),
        ),
        (
            merge("transfer_way", "design_before"),
            Refused::Chosen("transfer_way".to_owned()),
        ),
        (beside("measure", "fire_acceptance"), Refused::BesideAlready),
        (
            beside("transfer_way", "planning_conditions"),
            Refused::Chosen("transfer_way".to_owned()),
        ),
        (limit("nowhere", 3), Refused::NoStage("nowhere".to_owned())),
        (limit("siting", 15), Refused::NoCut(15)),
        (limit("siting", 0), Refused::NoCut(0)),
    ] {
        let refused = what_if(flow, [], std::slice::from_ref(&change), days()).unwrap_err();
        assert_eq!(
            refused,
            Error::Change {
                change: change.to_string(),
                refused: expected
            }
        );
    }
}
