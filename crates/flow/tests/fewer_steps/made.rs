//! Made-up processes and cases, walks through a real one, and changes to them.

use flow::{
    Case, Change, Count, Decision, Definition, Error, Event, Join, Limit, Moment, Source, Stage,
    Step, Suspension, Takes, Unit, What, builtin, what_if,
};
use jiff::civil::Date;
use policy::{Status, Text};
use proptest::prelude::*;

use crate::{BEGIN, LIMIT, days, later};

pub(crate) fn source() -> Source {
    Source {
        instrument: "administrative_licensing_2019".to_owned(),
        clause: Text::same("Art. 42"),
        status: Status::Unverified,
    }
}

pub(crate) fn limit(days: u32, count: Count) -> Limit {
    Limit {
        days,
        count,
        source: source(),
    }
}

pub(crate) fn stage(number: usize, count: Count) -> Stage {
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
pub(crate) struct Made {
    pub(crate) waits: u8,
    pub(crate) second_stage: bool,
    pub(crate) took: u32,
    pub(crate) at_least: Option<u32>,
}

/// When a stage was taken in after it was reached, when its clock stopped after that and for how long.
#[derive(Debug, Clone)]
pub(crate) struct Clocked {
    pub(crate) taken_in: u32,
    pub(crate) stops: u32,
    pub(crate) stands: u32,
    pub(crate) calendar: bool,
}

pub(crate) fn definition(made: &[Made], clocks: &[Clocked; 2]) -> Definition {
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
pub(crate) fn events(definition: &Definition, made: &[Made], clocks: &[Clocked; 2]) -> Vec<Event> {
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

pub(crate) fn made() -> impl Strategy<Value = Vec<Made>> {
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

pub(crate) fn clocked() -> impl Strategy<Value = Clocked> {
    (0..4_u32, 0..20_u32, 0..12_u32, any::<bool>()).prop_map(
        |(taken_in, stops, stands, calendar)| Clocked {
            taken_in,
            stops,
            stands,
            calendar,
        },
    )
}

pub(crate) fn change() -> impl Strategy<Value = Change> {
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
pub(crate) fn taken(definition: &Definition, changes: Vec<Change>) -> Vec<Change> {
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

pub(crate) fn real_change() -> impl Strategy<Value = Change> {
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
pub(crate) fn walked(flow: &Definition, picks: &[usize], spans: &[u32]) -> Vec<Event> {
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
            .map(|outcome| outcome.id.clone());
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
