//! What the past says of open stages, and where time went, against counting by hand.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::sync::LazyLock;

use flow::{Case, Chance, Count, Days, Definition, Event, Past, Waits, Whom, parse_events};
use jiff::civil::{Date, date};
use policy::DayKind;
use proptest::prelude::*;

const BEGIN: Date = date(2024, 1, 8);

fn days() -> &'static Days {
    static DAYS: LazyLock<Days> = LazyLock::new(|| Days::of(policy::builtin().calendar()));
    &DAYS
}

fn process() -> &'static Definition {
    static PROCESS: LazyLock<Definition> =
        LazyLock::new(|| Definition::parse(PERMIT, policy::builtin()).unwrap());
    &PROCESS
}

const PERMIT: &str = r#"
kind = "process"
id = "permit"
title = { zh = "许可", en = "Permit" }
version = "1"
from = 2018-01-01
unit = [
    { id = "planning", title = { zh = "规划", en = "Planning" } },
    { id = "fire", title = { zh = "消防", en = "Fire" } },
    { id = "air", title = { zh = "人防", en = "Air defence" } },
]
[[stage]]
id = "permit"
title = { zh = "许可", en = "Permit" }
lead = "planning"
supporting = [
    { unit = "fire", reply = { days = 5, count = "working", instrument = "administrative_licensing_2019", clause = { zh = "第四十二条", en = "Art. 42" }, status = "unverified" } },
    { unit = "air", reply = { days = 5, count = "working", instrument = "administrative_licensing_2019", clause = { zh = "第四十二条", en = "Art. 42" }, status = "unverified" } },
]
statutory = { days = 20, count = "working", instrument = "administrative_licensing_2019", clause = { zh = "第四十二条", en = "Art. 42" }, status = "unverified" }
step = [{ id = "decide", title = { zh = "决定", en = "decide" } }]
[[stage.suspension]]
ground = "hearing"
title = { zh = "听证", en = "hearing" }
instrument = "administrative_licensing_2019"
clause = { zh = "第四十五条", en = "Art. 45" }
status = "unverified"
"#;

fn later(date: Date, days: u32) -> Date {
    date.checked_add(jiff::Span::new().days(i64::from(days)))
        .unwrap()
}

/// A case from what happened on which day after the first, in that order.
fn case(happened: &[(u32, &str)]) -> Case {
    let objects: Vec<String> = happened
        .iter()
        .enumerate()
        .map(|(id, (day, rest))| {
            format!(
                r#"{{"id": "{id}", "at": "{}", "stage": "permit", {rest}}}"#,
                later(BEGIN, *day)
            )
        })
        .collect();
    let events: Vec<Event> = parse_events(&format!("[{}]", objects.join(","))).unwrap();
    Case::replay(process(), &events).unwrap()
}

const SUBMITTED: &str = r#""event": "submitted""#;
const ACCEPTED: &str = r#""event": "accepted""#;
const DECIDED: &str = r#""event": "decided", "result": "passed", "reason": "fit""#;

#[test]
fn of_those_that_had_come_as_far_those_longer_than_the_limit_are_counted() {
    let mut past = Past::default();
    // 8 January and 10, 20, 30 … days later: 8, 14, 22, … working days.
    for day in [10, 20, 30, 40, 50, 60, 70] {
        let decided = case(&[(0, SUBMITTED), (0, ACCEPTED), (day, DECIDED)]);
        past.learn(process(), &decided, days(), BEGIN).unwrap();
    }
    let open = case(&[(0, SUBMITTED), (0, ACCEPTED)]);
    let seen = later(BEGIN, 15);
    past.learn(
        process(),
        &case(&[(0, SUBMITTED), (0, ACCEPTED)]),
        days(),
        later(BEGIN, 60),
    )
    .unwrap();
    let due = open.due(process(), "permit", days(), seen).unwrap();
    let outlook = past.outlook("permit", &due, days()).unwrap().unwrap();
    assert_eq!((outlook.used, outlook.limit), (11, 20));
    assert_eq!((outlook.of, outlook.late, outlook.open_beyond), (6, 5, 1));
    assert_eq!(outlook.chance, Chance::Likely);
    let late = later(BEGIN, 60);
    let due = open.due(process(), "permit", days(), late).unwrap();
    let outlook = past.outlook("permit", &due, days()).unwrap().unwrap();
    assert_eq!(
        (outlook.chance, outlook.of, outlook.median_left),
        (Chance::Late, 2, None)
    );
}

#[test]
fn too_few_tell_nothing_and_what_is_decided_or_not_taken_in_has_no_outlook() {
    let past = Past::default();
    let open = case(&[(0, SUBMITTED), (0, ACCEPTED)]);
    let due = open.due(process(), "permit", days(), BEGIN).unwrap();
    let outlook = past.outlook("permit", &due, days()).unwrap().unwrap();
    assert_eq!(
        (outlook.chance, outlook.of, outlook.likely),
        (Chance::TooFew, 0, None)
    );
    for happened in [
        &[(0, SUBMITTED)][..],
        &[(0, SUBMITTED), (0, ACCEPTED), (9, DECIDED)],
    ] {
        let due = case(happened)
            .due(process(), "permit", days(), later(BEGIN, 10))
            .unwrap();
        assert_eq!(past.outlook("permit", &due, days()).unwrap(), None);
    }
}

#[test]
fn the_lead_waits_for_units_that_were_asked_and_did_not_reply_and_for_the_applicant() {
    let asked = case(&[
        (0, SUBMITTED),
        (0, ACCEPTED),
        (1, r#""event": "asked", "unit": "fire""#),
        (1, r#""event": "asked", "unit": "air""#),
        (2, r#""event": "replied", "unit": "air""#),
    ]);
    let waits = |whom, since, until| Waits {
        who: "planning".to_owned(),
        whom,
        stage: "permit".to_owned(),
        since,
        until,
    };
    let fire = Whom::Unit("fire".to_owned());
    assert_eq!(
        asked.waits(process(), days()).unwrap(),
        [waits(fire, later(BEGIN, 1), Some(date(2024, 1, 16)))]
    );
    let missing = case(&[
        (0, SUBMITTED),
        (3, r#""event": "correction_asked", "missing": ["plan"]"#),
    ]);
    assert_eq!(
        missing.waits(process(), days()).unwrap(),
        [waits(Whom::Applicant, later(BEGIN, 3), None)]
    );
}

proptest! {
    #[test]
    fn counts_are_those_of_the_list(took in prop::collection::vec(0..60_u32, 0..40), used in 0..40_u32) {
        let mut past = Past::default();
        for days in &took {
            past.decided("permit", *days);
        }
        let open = case(&[(0, SUBMITTED), (0, ACCEPTED)]);
        let seen = days().after(BEGIN, used, Count::Working).unwrap();
        let due = open.due(process(), "permit", days(), seen).unwrap();
        let outlook = past.outlook("permit", &due, days()).unwrap().unwrap();
        let mut far: Vec<u32> = took.into_iter().filter(|days| *days >= used).collect();
        far.sort_unstable();
        let count = |list: Vec<&u32>| u32::try_from(list.len()).unwrap();
        prop_assert_eq!(outlook.of, count(far.iter().collect()));
        prop_assert_eq!(outlook.late, count(far.iter().filter(|days| **days > 20).collect()));
        if let Some(left) = outlook.median_left {
            let no_longer = far.iter().filter(|days| **days - used <= left).count();
            let shorter = far.iter().filter(|days| **days - used < left).count();
            prop_assert!(no_longer * 2 >= far.len() && shorter * 2 < far.len());
        } else {
            prop_assert!(far.len() < 5);
        }
    }

    #[test]
    fn each_working_day_is_given_to_one(
        correction in prop::option::of((0..5_u32, 0..9_u32)),
        taken_in in 0..6_u32,
        asked in prop::collection::vec((0..20_u32, 0..12_u32), 0..3),
        stop in prop::option::of((0..15_u32, 0..15_u32)),
        ends in 0..10_u32,
    ) {
        let mut happened: Vec<(u32, u8, String)> = vec![(0, 0, SUBMITTED.to_owned())];
        let mut from = 0;
        if let Some((after, takes)) = correction {
            happened.push((after, 1, r#""event": "correction_asked", "missing": ["plan"]"#.to_owned()));
            from = after + takes;
            happened.push((from, 2, r#""event": "corrected""#.to_owned()));
        }
        let accepted = from + taken_in;
        happened.push((accepted, 3, ACCEPTED.to_owned()));
        let mut last = accepted;
        for ((after, takes), unit) in asked.iter().zip(["fire", "air"]) {
            last = last.max(accepted + after + takes);
            happened.push((accepted + after, 4, format!(r#""event": "asked", "unit": "{unit}""#)));
            happened.push((accepted + after + takes, 5, format!(r#""event": "replied", "unit": "{unit}""#)));
        }
        if let Some((after, takes)) = stop {
            last = last.max(accepted + after + takes);
            happened.push((accepted + after, 6, r#""event": "suspended", "ground": "hearing""#.to_owned()));
            happened.push((accepted + after + takes, 7, r#""event": "resumed""#.to_owned()));
        }
        let end = last + ends;
        happened.push((end, 9, DECIDED.to_owned()));
        happened.sort();
        let list: Vec<(u32, &str)> = happened.iter().map(|(day, _, rest)| (*day, rest.as_str())).collect();
        let waited = case(&list).waited(process(), "permit", days(), BEGIN).unwrap();

        let within = |day: u32, from: u32, takes: u32| day > from && day <= from + takes;
        let (mut stopped, mut applicant, mut supporting, mut lead) = (0, 0, 0, 0);
        for day in 1..=end {
            if policy::builtin().calendar().is_working_day(later(BEGIN, day)).kind != DayKind::Working {
                continue;
            }
            if stop.is_some_and(|(after, takes)| within(day, accepted + after, takes)) {
                stopped += 1;
            } else if correction.is_some_and(|(after, takes)| within(day, after, takes)) {
                applicant += 1;
            } else if asked.iter().take(2).any(|(after, takes)| within(day, accepted + after, *takes)) {
                supporting += 1;
            } else {
                lead += 1;
            }
        }
        let hearing = waited.stopped.get("hearing").copied().unwrap_or_default();
        prop_assert_eq!((hearing, waited.applicant, waited.supporting, waited.lead), (stopped, applicant, supporting, lead));
        prop_assert_eq!(waited.total(), days().between(BEGIN, later(BEGIN, end), Count::Working).unwrap());
    }
}
