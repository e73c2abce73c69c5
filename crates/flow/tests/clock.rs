//! Due dates against a count of day after day, over every start date of 2018 to 2026.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::sync::LazyLock;

use flow::{Case, Clock, Count, Days, Definition, Event, Moment, Start, What, parse_events};
use jiff::civil::{Date, date};
use policy::{Calendar, DayKind, Lang};
use proptest::prelude::*;

const LAST: Date = date(2026, 12, 31);

fn process(days: u32, count: &str) -> Definition {
    let text = format!(
        r#"
        kind = "process"
        id = "permit"
        title = {{ zh = "许可", en = "Permit" }}
        version = "1"
        from = 2018-01-01
        unit = [{{ id = "planning", title = {{ zh = "规划", en = "Planning" }} }}]
        [[stage]]
        id = "permit"
        title = {{ zh = "许可", en = "Permit" }}
        lead = "planning"
        statutory = {{ days = {days}, count = "{count}", instrument = "administrative_licensing_2019", clause = {{ zh = "第四十二条", en = "Art. 42" }}, status = "unverified" }}
        extension = {{ days = 10, count = "{count}", instrument = "administrative_licensing_2019", clause = {{ zh = "第四十二条", en = "Art. 42" }}, status = "unverified" }}
        correction = {{ days = 5, count = "working", instrument = "administrative_licensing_2019", clause = {{ zh = "第三十二条", en = "Art. 32" }}, status = "unverified" }}
        step = [{{ id = "decide", title = {{ zh = "决定", en = "decide" }} }}]
        [[stage.suspension]]
        ground = "hearing"
        title = {{ zh = "听证", en = "hearing" }}
        instrument = "administrative_licensing_2019"
        clause = {{ zh = "第四十五条", en = "Art. 45" }}
        status = "unverified"
        "#
    );
    Definition::parse(&text, policy::builtin()).unwrap()
}

fn days() -> &'static Days {
    static DAYS: LazyLock<Days> = LazyLock::new(|| Days::of(policy::builtin().calendar()));
    &DAYS
}

fn event(id: &str, at: Date, rest: &str) -> Event {
    let json = format!(r#"[{{"id": "{id}", "at": "{at}", "stage": "permit", {rest}}}]"#);
    parse_events(&json).unwrap().remove(0)
}

fn later(date: Date, days: i64) -> Date {
    date.checked_add(jiff::Span::new().days(days)).unwrap()
}

fn works(calendar: &Calendar, day: Date) -> bool {
    calendar.is_working_day(day).kind == DayKind::Working
}

/// Goes from day to day, and counts those that count.
fn counted_by_hand(
    calendar: &Calendar,
    from: Date,
    limit: u32,
    count: Count,
    stops: &[(Date, Date)],
) -> Date {
    let mut left = limit;
    let mut day = from;
    while left > 0 {
        day = day.tomorrow().unwrap();
        let stands = stops.iter().any(|(stop, go)| day > *stop && day <= *go);
        if !stands && (count == Count::Calendar || works(calendar, day)) {
            left -= 1;
        }
    }
    while count == Count::Calendar && !works(calendar, day) {
        day = day.tomorrow().unwrap();
    }
    day
}

fn events(from: Date, stops: &[(Date, Date)]) -> Vec<Event> {
    let stage = || "permit".to_owned();
    let one = |id: String, at: Date, what: What| Event {
        id,
        at: Moment::from(at),
        what,
        by: None,
    };
    let mut events = vec![
        one("s".to_owned(), from, What::Submitted { stage: stage() }),
        one("a".to_owned(), from, What::Accepted { stage: stage() }),
    ];
    for (number, (stop, go)) in stops.iter().enumerate() {
        let ground = "hearing".to_owned();
        let stopped = What::Suspended {
            stage: stage(),
            ground,
        };
        events.push(one(format!("s{number}"), *stop, stopped));
        events.push(one(
            format!("r{number}"),
            *go,
            What::Resumed { stage: stage() },
        ));
    }
    events
}

#[test]
fn every_start_date_of_nine_years_is_due_when_day_after_day_says_so() {
    let (days, calendar) = (days(), policy::builtin().calendar());
    for (limit, count, name) in [
        (5, Count::Working, "working"),
        (20, Count::Working, "working"),
        (45, Count::Working, "working"),
        (30, Count::Calendar, "calendar"),
    ] {
        let process = process(limit, name);
        let mut from = date(2018, 1, 1);
        while from <= LAST {
            // Stops of a length that changes with the date, none on some, some beyond the end of the limit.
            let kind = i64::from(from.day_of_year()) % 7;
            let first = (later(from, kind), later(from, kind * 3));
            let second = (later(first.1, 2), later(first.1, 2 + kind * 5));
            let stops: &[(Date, Date)] = match kind {
                0 => &[],
                1..4 => &[first],
                _ => &[first, second],
            };
            let case = Case::replay(&process, &events(from, stops)).unwrap();
            let due = case.due(&process, "permit", days, from).unwrap();
            let by_hand = counted_by_hand(calendar, from, limit, count, stops);
            assert_eq!(
                due.date,
                Some(by_hand),
                "{limit} {name} days from {from} with {stops:?}"
            );
            assert_eq!(
                due.provisional,
                by_hand > date(2026, 12, 27),
                "{from} to {by_hand}"
            );
            from = later(from, 1);
        }
    }
}

proptest! {
    #[test]
    fn any_stops_and_extension_are_counted_as_by_hand(
        start in 0_i64..3_287,
        limit in 1_u32..60,
        calendar_days in any::<bool>(),
        gaps in prop::collection::vec((0_i64..20, 0_i64..40), 0..4),
        extension in prop::option::of(1_u32..=10),
    ) {
        let (count, name) = if calendar_days { (Count::Calendar, "calendar") } else { (Count::Working, "working") };
        let from = later(date(2018, 1, 1), start);
        let mut at = from;
        let mut stops = Vec::new();
        for (wait, length) in gaps {
            let stop = later(at, wait);
            at = later(stop, length);
            stops.push((stop, at));
        }
        let process = process(limit, name);
        let mut events = events(from, &stops);
        if let Some(extension) = extension {
            events.push(event("e", at, &format!(r#""event": "extended", "days": {extension}, "approved_by": "局长", "reason": "复杂""#)));
        }
        let days = days();
        let due = Case::replay(&process, &events).unwrap().due(&process, "permit", days, at).unwrap();
        let whole = limit + extension.unwrap_or(0);
        let by_hand = counted_by_hand(policy::builtin().calendar(), from, whole, count, &stops);
        prop_assert_eq!(due.date, Some(by_hand));
        prop_assert_eq!(due.late, by_hand < at);
    }
}

#[test]
fn while_the_clock_stands_still_no_day_is_told_but_those_used_are() {
    let process = process(20, "working");
    let mut all = events(date(2026, 3, 2), &[]);
    all.push(event("s", date(2026, 3, 2), r#""event": "submitted""#));
    all.push(event(
        "h",
        date(2026, 3, 6),
        r#""event": "suspended", "ground": "hearing""#,
    ));
    let case = Case::replay(&process, &all).unwrap();
    let due = case
        .due(&process, "permit", days(), date(2026, 4, 20))
        .unwrap();
    assert_eq!(
        (due.clock, due.date, due.used, due.late),
        (Clock::Stopped, None, 4, false)
    );
    assert!(
        due.explain(&process, days(), Lang::Zh)
            .contains("计时停止中")
    );
}

#[test]
fn a_make_up_day_on_which_the_clock_stood_still_is_not_told_as_counted() {
    let process = process(20, "working");
    let stops = [(date(2026, 2, 27), date(2026, 3, 6))];
    let case = Case::replay(&process, &events(date(2026, 2, 10), &stops)).unwrap();
    let due = case
        .due(&process, "permit", days(), date(2026, 3, 9))
        .unwrap();
    let told = due.explain(&process, days(), Lang::En);
    assert!(told.contains("2026-02-14 make-up day"), "{told}");
    assert!(!told.contains("2026-02-28"), "{told}");
}

#[test]
fn who_says_nothing_in_time_has_taken_it_in() {
    let process = process(20, "working");
    let submitted = vec![event("s", date(2026, 3, 2), r#""event": "submitted""#)];
    let case = Case::replay(&process, &submitted).unwrap();
    let on = |day| case.due(&process, "permit", days(), day).unwrap();
    assert_eq!(on(date(2026, 3, 9)).clock, Clock::NotStarted);
    let deemed = on(date(2026, 3, 10));
    assert_eq!(deemed.start, Some((date(2026, 3, 2), Start::Deemed)));
    assert_eq!(deemed.date, Some(date(2026, 3, 30)));

    // Asked in time: the time runs from what was handed in then.
    let mut corrected = submitted;
    corrected.push(event(
        "c",
        date(2026, 3, 6),
        r#""event": "correction_asked", "missing": ["图纸"]"#,
    ));
    let waiting = Case::replay(&process, &corrected).unwrap();
    assert_eq!(
        waiting
            .due(&process, "permit", days(), date(2026, 5, 6))
            .unwrap()
            .clock,
        Clock::NotStarted
    );
    corrected.push(event("d", date(2026, 4, 1), r#""event": "corrected""#));
    corrected.push(event("a", date(2026, 4, 2), r#""event": "accepted""#));
    let taken = Case::replay(&process, &corrected).unwrap();
    let due = taken
        .due(&process, "permit", days(), date(2026, 4, 3))
        .unwrap();
    assert_eq!(due.start, Some((date(2026, 4, 2), Start::Accepted)));
}

#[test]
fn a_late_notice_moves_the_date_without_anyone_touching_the_case() {
    let process = process(20, "working");
    let case = Case::replay(&process, &events(date(2026, 12, 21), &[])).unwrap();
    let before = case
        .due(&process, "permit", days(), date(2026, 12, 21))
        .unwrap();
    assert!(before.provisional);

    let mut library = policy::builtin().clone();
    library
        .extend(&[(
            "2027.toml",
            r#"
            kind = "working_days"
            year = 2027
            [[notice]]
            title = { zh = "试", en = "a trial" }
            authority = { zh = "试", en = "a trial" }
            number = "1"
            status = "unverified"
            source = "made up for this test"
            [[holiday]]
            title = { zh = "元旦", en = "New Year's Day" }
            from = 2027-01-01
            to = 2027-01-03
            make_up = [2026-12-27]
            [[golden]]
            from = 2026-12-25
            working_days = 1
            due = 2026-12-27
            "#,
        )])
        .unwrap();
    let published = Days::of(library.calendar());
    let after = case
        .due(&process, "permit", &published, date(2026, 12, 21))
        .unwrap();
    assert!(!after.provisional);
    assert_eq!(after.date, Some(date(2027, 1, 18)));
    assert_ne!(published.version(), days().version());
}
