//! What past cases would have taken, against a run from day to day that knows nothing of the engine's way of counting.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use std::collections::BTreeSet;
use std::sync::LazyLock;

use flow::{
    Case, Change, Count, Days, Decision, Definition, Error, Event, Join, Limit, Moment, Refused,
    Source, Stage, Step, Suspension, Takes, Unit, What, builtin, what_if,
};
use jiff::civil::{Date, date};
use policy::{DayKind, Status, Text};
use proptest::prelude::*;

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

fn source() -> Source {
    Source {
        instrument: "administrative_licensing_2019".to_owned(),
        clause: Text::same("Art. 42"),
        status: Status::Unverified,
    }
}

fn limit(days: u32, count: Count) -> Limit {
    Limit {
        days,
        count,
        source: source(),
    }
}

fn stage(number: usize, count: Count) -> Stage {
    Stage {
        id: format!("stage{number}"),
        title: Text::same("stage"),
        lead: "office".to_owned(),
        papers: Vec::new(),
        supporting: Vec::new(),
        statutory: Some(limit(LIMIT, count)),
        promised: None,
        correction: None,
        extension: None,
        suspensions: vec![Suspension {
            ground: "hearing".to_owned(),
            title: Text::same("hearing"),
            source: source(),
        }],
        reminders: Vec::new(),
        escalate_to: None,
    }
}

/// A step as the numbers say: which of those before it it waits for, its stage, how long it took and must take.
#[derive(Debug, Clone)]
struct Made {
    waits: u8,
    second_stage: bool,
    took: u32,
    at_least: Option<u32>,
}

/// When a stage was taken in after it was reached, when its clock stopped after that and for how long.
#[derive(Debug, Clone)]
struct Clocked {
    taken_in: u32,
    stops: u32,
    stands: u32,
    calendar: bool,
}

fn definition(made: &[Made], clocks: &[Clocked; 2]) -> Definition {
    let step = |(place, one): (usize, &Made)| Step {
        id: format!("s{place}"),
        title: Text::same("step"),
        stage: usize::from(one.second_stage),
        unit: "office".to_owned(),
        after: (0..place)
            .filter(|before| one.waits >> before & 1 == 1)
            .map(|before| (before, None))
            .collect(),
        join: Join::All,
        at_least: one
            .at_least
            .map(|least| limit(least.min(one.took), Count::Calendar)),
        outcomes: Vec::new(),
    };
    let count = |clock: &Clocked| {
        if clock.calendar {
            Count::Calendar
        } else {
            Count::Working
        }
    };
    Definition {
        id: "made".to_owned(),
        title: Text::same("made"),
        version: "1".to_owned(),
        from: BEGIN,
        units: vec![Unit {
            id: "office".to_owned(),
            title: Text::same("office"),
        }],
        stages: vec![stage(0, count(&clocks[0])), stage(1, count(&clocks[1]))],
        steps: made.iter().enumerate().map(step).collect(),
        exchange: Vec::new(),
        exchange_status: Status::Unverified,
    }
}

/// The case's events in order: steps in the morning, what happens to stages in the evening.
fn events(definition: &Definition, made: &[Made], clocks: &[Clocked; 2]) -> Vec<Event> {
    let mut happened: Vec<(Date, i8, i8, What)> = Vec::new();
    let mut done: Vec<Date> = Vec::new();
    let mut opened: Vec<Date> = Vec::new();
    for (place, step) in definition.steps.iter().enumerate() {
        let opens = step
            .after
            .iter()
            .map(|(before, _)| done[*before])
            .max()
            .unwrap_or(BEGIN);
        let at = later(opens, made[place].took);
        opened.push(opens);
        done.push(at);
        let minute = i8::try_from(place).unwrap();
        happened.push((
            at,
            9,
            minute,
            What::Done {
                step: step.id.clone(),
                outcome: None,
            },
        ));
    }
    for (number, clock) in clocks.iter().enumerate() {
        let id = || format!("stage{number}");
        let own = || (0..made.len()).filter(|place| definition.steps[*place].stage == number);
        let Some(reached) = own().map(|place| opened[place]).min() else {
            continue;
        };
        let accepted = later(reached, clock.taken_in);
        let stopped = later(accepted, clock.stops);
        let resumed = later(stopped, clock.stands);
        let last = own().map(|place| done[place]).max().unwrap().max(resumed);
        happened.push((reached, 20, 0, What::Submitted { stage: id() }));
        happened.push((accepted, 20, 1, What::Accepted { stage: id() }));
        if clock.stands > 0 {
            let ground = "hearing".to_owned();
            happened.push((
                stopped,
                20,
                2,
                What::Suspended {
                    stage: id(),
                    ground,
                },
            ));
            happened.push((resumed, 20, 3, What::Resumed { stage: id() }));
        }
        let reason = "fit".to_owned();
        let result = Decision::Passed;
        happened.push((
            last,
            23,
            0,
            What::Decided {
                stage: id(),
                result,
                reason,
            },
        ));
    }
    happened.sort_by_key(|(date, hour, minute, _)| (*date, *hour, *minute));
    // The case begins with its first step's opening, whenever the first event was.
    let begins = What::Submitted {
        stage: "stage0".to_owned(),
    };
    if !happened
        .iter()
        .any(|(date, _, _, what)| *date == BEGIN && *what == begins)
    {
        happened.retain(|(_, _, _, what)| *what != begins);
        happened.insert(0, (BEGIN, 0, 0, begins));
    }
    let events = happened.into_iter().enumerate();
    events
        .map(|(number, (date, hour, minute, what))| Event {
            id: number.to_string(),
            at: Moment(date.at(hour, minute, 0, 0)),
            what,
            by: None,
        })
        .collect()
}

fn made() -> impl Strategy<Value = Vec<Made>> {
    let least = prop::option::weighted(0.2, 1..10_u32);
    let one = (any::<u8>(), any::<bool>(), 0..25_u32, least);
    let one = one.prop_map(|(waits, second_stage, took, at_least)| Made {
        waits,
        second_stage,
        took,
        at_least,
    });
    prop::collection::vec(one, 2..8).prop_map(|mut made| {
        made[0].second_stage = false;
        made
    })
}

fn clocked() -> impl Strategy<Value = Clocked> {
    (0..4_u32, 0..20_u32, 0..12_u32, any::<bool>()).prop_map(
        |(taken_in, stops, stands, calendar)| Clocked {
            taken_in,
            stops,
            stands,
            calendar,
        },
    )
}

fn change() -> impl Strategy<Value = Change> {
    let step = || (0..8_usize).prop_map(|place| format!("s{place}"));
    prop_oneof![
        (step(), step(), any::<bool>()).prop_map(|(first, second, sum)| Change::Merge {
            first,
            second,
            takes: if sum { Takes::Sum } else { Takes::Longer },
        }),
        (step(), step()).prop_map(|(first, second)| Change::Parallel { first, second }),
        (0..2_usize, 1..40_u32).prop_map(|(stage, days)| Change::Limit {
            stage: format!("stage{stage}"),
            days,
        }),
    ]
}

/// Of some changes those that are taken, one after the other.
fn taken(definition: &Definition, changes: Vec<Change>) -> Vec<Change> {
    let mut kept: Vec<Change> = Vec::new();
    for change in changes {
        kept.push(change);
        match what_if(definition, [], &kept, days()) {
            Ok(_) => {}
            Err(Error::Change { .. }) => {
                kept.pop();
            }
            Err(other) => unreachable!("{other}"),
        }
    }
    kept
}

fn counts(day: Date, count: Count) -> bool {
    static WORKING: LazyLock<BTreeSet<Date>> = LazyLock::new(|| {
        let calendar = policy::builtin().calendar();
        let works = |day: &Date| calendar.is_working_day(*day).kind == DayKind::Working;
        each_day(date(2023, 12, 31), date(2030, 12, 31))
            .filter(works)
            .collect()
    });
    count == Count::Calendar || WORKING.contains(&day)
}

fn each_day(from: Date, to: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(from.tomorrow().ok(), |day| day.tomorrow().ok())
        .take_while(move |day| *day <= to)
}

/// What is done in one go, by hand.
struct Group {
    members: Vec<usize>,
    takes: Vec<Takes>,
}

/// Runs a case from day to day. It knows steps by pairs (one waits for the other), merged ones by lists.
fn by_hand(definition: &Definition, case: &Case, changes: &[Change]) -> Date {
    let steps: Vec<usize> = (0..definition.steps.len())
        .filter(|step| case.done_on(*step).is_some())
        .collect();
    let mut pairs: BTreeSet<(usize, usize)> = BTreeSet::new();
    for step in &steps {
        for (before, on) in &definition.steps[*step].after {
            let led = on.is_none() || on.as_deref() == case.outcome(*before);
            if led && steps.contains(before) {
                pairs.insert((*before, *step));
            }
        }
    }
    let mut groups: Vec<Group> = (0..definition.steps.len())
        .map(|step| Group {
            members: vec![step],
            takes: Vec::new(),
        })
        .collect();
    let mut limits: [Option<u32>; 16] = [None; 16];
    let place = |id: &String| definition.step(id).unwrap().0;
    let group = |groups: &[Group], step: usize| {
        groups
            .iter()
            .position(|group| group.members.contains(&step))
            .unwrap()
    };
    for change in changes {
        match change {
            Change::Merge {
                first,
                second,
                takes,
            } => {
                let gone = groups.remove(group(&groups, place(second)));
                let kept = group(&groups, place(first));
                groups[kept].takes.push(*takes);
                groups[kept].takes.extend(gone.takes);
                groups[kept].members.extend(gone.members);
            }
            Change::Parallel { first, second } => {
                let one = groups[group(&groups, place(first))].members.clone();
                let other = groups[group(&groups, place(second))].members.clone();
                let waits = pairs
                    .iter()
                    .any(|(a, b)| one.contains(a) && other.contains(b));
                let (one, other) = if waits { (one, other) } else { (other, one) };
                let before: Vec<usize> = pairs
                    .iter()
                    .filter(|(a, b)| one.contains(b) && !one.contains(a))
                    .map(|(a, _)| *a)
                    .collect();
                let behind: Vec<usize> = pairs
                    .iter()
                    .filter(|(a, b)| other.contains(a) && !other.contains(b))
                    .map(|(_, b)| *b)
                    .collect();
                pairs.retain(|(a, b)| !(one.contains(a) && other.contains(b)));
                for step in other.iter().filter(|step| steps.contains(step)) {
                    pairs.extend(before.iter().map(|before| (*before, *step)));
                }
                for step in one.iter().filter(|step| steps.contains(step)) {
                    pairs.extend(behind.iter().map(|behind| (*step, *behind)));
                }
            }
            Change::Limit { stage, days } => {
                let place = definition
                    .stages
                    .iter()
                    .position(|one| one.id == *stage)
                    .unwrap();
                limits[place] = Some(*days);
            }
        }
    }
    groups.retain(|group| group.members.iter().any(|step| steps.contains(step)));
    for group in &mut groups {
        group.members.retain(|step| steps.contains(step));
    }
    let needs: Vec<Need> = groups
        .iter()
        .map(|group| need(definition, case, group, &limits))
        .collect();
    let waits: Vec<BTreeSet<usize>> = (0..groups.len())
        .map(|number| {
            let own = pairs
                .iter()
                .filter(|(_, step)| groups[number].members.contains(step));
            own.map(|(before, _)| group(&groups, *before))
                .filter(|before| *before != number)
                .collect()
        })
        .collect();
    let mut done: Vec<Option<Date>> = vec![None; groups.len()];
    let mut opened: Vec<Option<Date>> = vec![None; groups.len()];
    let mut today = case.began().unwrap();
    loop {
        // What is done today may open something that is done today.
        let mut moved = true;
        while moved {
            moved = false;
            for number in (0..groups.len())
                .filter(|number| done[*number].is_none())
                .collect::<Vec<_>>()
            {
                if waits[number].iter().any(|before| done[*before].is_none()) {
                    continue;
                }
                let since = *opened[number].get_or_insert(today);
                if needs[number].is_over(since, today) {
                    done[number] = Some(today);
                    moved = true;
                }
            }
        }
        if done.iter().all(Option::is_some) {
            return today;
        }
        today = today.tomorrow().unwrap();
    }
}

/// How long a group takes, and as what it opened and was done if nothing about it changed.
struct Need {
    as_it_was: Option<(Date, Date)>,
    count: Count,
    days: usize,
}

impl Need {
    /// Whether a group that opened then has lasted long enough today.
    fn is_over(&self, since: Date, today: Date) -> bool {
        match self.as_it_was {
            Some((opened, done)) if opened == since => today >= done,
            _ => counted(since, today, self.count) >= self.days,
        }
    }
}

fn counted(from: Date, to: Date, count: Count) -> usize {
    each_day(from, to).filter(|day| counts(*day, count)).count()
}

fn need(definition: &Definition, case: &Case, group: &Group, limits: &[Option<u32>; 16]) -> Need {
    let began = case.began().unwrap();
    let own: Vec<_> = group
        .members
        .iter()
        .map(|place| {
            let step = &definition.steps[*place];
            let (opened, done) = (
                case.opened(*place).unwrap_or(began),
                case.done_on(*place).unwrap(),
            );
            let limit = definition.stages[step.stage].limit();
            let calendar = step.at_least.is_some()
                || limit.is_some_and(|limit| limit.count == Count::Calendar);
            let count = if calendar {
                Count::Calendar
            } else {
                Count::Working
            };
            let lost: Vec<Date> = limits[step.stage]
                .map_or(Vec::new(), |limit| {
                    over(definition, case, step.stage, limit)
                })
                .into_iter()
                .filter(|day| *day > opened && *day <= done)
                .collect();
            let least = step.at_least.as_ref().map_or(0, |least| least.days);
            let least = usize::try_from(least).unwrap();
            let lasts = |count| {
                let all = counted(opened, done, count);
                let lost = lost.iter().filter(|day| counts(**day, count)).count();
                (all - lost).max(least.min(all))
            };
            let cut = lost.iter().any(|day| counts(*day, count));
            (
                opened,
                done,
                cut,
                count,
                lasts(count),
                lasts(Count::Calendar),
            )
        })
        .collect();
    let same = own.iter().all(|one| one.3 == own[0].3);
    let each = own.iter().map(|one| if same { one.4 } else { one.5 });
    let sum = group.takes.contains(&Takes::Sum);
    Need {
        as_it_was: (own.len() == 1 && group.takes.is_empty() && !own[0].2)
            .then_some((own[0].0, own[0].1)),
        count: if same { own[0].3 } else { Count::Calendar },
        days: if sum { each.sum() } else { each.max().unwrap() },
    }
}

/// The days that a stage's clock ran beyond a limit, counted one by one.
fn over(definition: &Definition, case: &Case, stage: usize, limit: u32) -> Vec<Date> {
    let state = &case.stages[stage];
    let count = definition.stages[stage]
        .limit()
        .map_or(Count::Working, |limit| limit.count);
    let own = (0..definition.steps.len()).filter(|step| definition.steps[*step].stage == stage);
    let end = state
        .decided
        .map(|(on, _)| on)
        .or(own.filter_map(|step| case.done_on(step)).max());
    let (Some(accepted), Some(end)) = (state.accepted, end) else {
        return Vec::new();
    };
    let stands = |day: Date| {
        state
            .stops
            .iter()
            .any(|stop| day > stop.from && stop.to.is_none_or(|to| day <= to))
    };
    let (mut left, mut late) = (limit, Vec::new());
    let mut resting = false;
    for day in each_day(accepted, end) {
        // A limit in calendar days that ends on a day off ends on the next working day, which is not late.
        if resting {
            resting = !counts(day, Count::Working);
            continue;
        }
        if left == 0 {
            if !stands(day) {
                late.push(day);
            }
        } else if left > 0 && !stands(day) && counts(day, count) {
            left -= 1;
            resting = left == 0 && count == Count::Calendar && !counts(day, Count::Working);
        }
    }
    late
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

fn real_change() -> impl Strategy<Value = Change> {
    let steps = || {
        let flow = builtin().get("zhejiang.future_community").unwrap();
        prop::sample::select(
            flow.steps
                .iter()
                .map(|step| step.id.clone())
                .collect::<Vec<_>>(),
        )
    };
    prop_oneof![
        1 => (steps(), steps()).prop_map(|(first, second)| Change::Merge { first, second, takes: Takes::Longer }),
        2 => (steps(), steps()).prop_map(|(first, second)| Change::Parallel { first, second }),
    ]
}

/// The steps of a real process one after the other, as the numbers say.
fn walked(flow: &Definition, picks: &[usize], spans: &[u32]) -> Vec<Event> {
    let mut case = Case::new(flow);
    let mut events = Vec::new();
    let mut day = BEGIN;
    let submitted = Event {
        id: "first".to_owned(),
        at: Moment::from(BEGIN),
        what: What::Submitted {
            stage: flow.stages[flow.steps[0].stage].id.clone(),
        },
        by: None,
    };
    case.take(flow, &submitted).unwrap();
    events.push(submitted);
    for (pick, span) in picks.iter().zip(spans) {
        let open: Vec<usize> = (0..flow.steps.len())
            .filter(|step| case.steps[*step] == flow::StepState::Open)
            .collect();
        if open.is_empty() {
            break;
        }
        let step = &flow.steps[open[pick % open.len()]];
        let least = step.at_least.as_ref().map_or(0, |least| least.days);
        day = later(day, least + span);
        let outcome = step
            .outcomes
            .get(pick % step.outcomes.len().max(1))
            .cloned();
        let event = Event {
            id: step.id.clone(),
            at: Moment::from(day),
            what: What::Done {
                step: step.id.clone(),
                outcome,
            },
            by: None,
        };
        case.take(flow, &event).unwrap();
        events.push(event);
    }
    assert!(case.is_finished());
    events
}

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
