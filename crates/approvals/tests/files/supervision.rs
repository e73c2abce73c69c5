//! What the supervisor sees: late and likely late, who waits for whom, units by stages, the past with fewer steps.

use approvals::{Act, CaseId, Live, Overview, fewer_steps, log_of, overview};
use flow::{Chance, Change, Takes};
use test_kit::on_both_engines;

use crate::world::{APPLICANT, PLANNER, PROCESS, REFORMER, World, accept, finish, pass, stage};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    what_is_late_and_what_may_be_follows_from_the_events_and_the_past,
    a_look_keeps_up_with_what_happened_since_the_last_one,
    past_files_run_again_with_fewer_steps_and_leave_as_a_log,
    only_who_supervises_sees_it,
}

fn look(world: &World, live: &Live) -> Overview {
    let live = live.clone();
    world
        .ask(PLANNER, move |read, ctx| {
            overview(read, ctx, &live, None, 100)
        })
        .unwrap()
}

fn taken_in(world: &World, date: &str) -> CaseId {
    world.on(date, 9);
    let case = world.submitted(APPLICANT);
    world.act(PLANNER, case, accept()).unwrap();
    case
}

/// Goes through the first stage; decided on that day.
fn decided(world: &World, from: &str, to: &str) -> CaseId {
    let case = taken_in(world, from);
    world.on(to, 9);
    world.act(REFORMER, case, finish("project_record")).unwrap();
    world.act(PLANNER, case, finish("land_permit")).unwrap();
    world.act(PLANNER, case, pass()).unwrap();
    case
}

fn what_is_late_and_what_may_be_follows_from_the_events_and_the_past(world: &World) {
    // Fifteen working days are promised; four of six took more, two fewer.
    for to in [
        "2026-04-20",
        "2026-04-21",
        "2026-04-22",
        "2026-04-23",
        "2026-03-16",
        "2026-03-17",
    ] {
        decided(world, "2026-03-02", to);
    }
    let late = taken_in(world, "2026-04-24");
    let asked = taken_in(world, "2026-05-20");
    let ask = Act::Ask {
        stage: stage(),
        unit: "development_reform".to_owned(),
    };
    world.act(PLANNER, asked, ask).unwrap();
    world.on("2026-06-01", 9);
    let seen = look(world, &Live::default());
    let line = seen
        .stages
        .iter()
        .find(|line| line.stage == "siting")
        .unwrap();
    assert_eq!(
        (line.open, line.late, line.likely, line.decided),
        (2, 1, 1, 6)
    );
    assert_eq!(line.median_days, Some(34));
    assert_eq!(seen.late_cases.len(), 1);
    assert_eq!(
        (seen.late_cases[0].case, seen.late_cases[0].unit.as_str()),
        (late, "natural_resources")
    );
    let outlook = seen.likely_cases[0].outlook.as_ref().unwrap();
    assert_eq!(seen.likely_cases[0].case, asked);
    assert_eq!(
        (outlook.late, outlook.of, outlook.chance),
        (4, 6, Chance::Likely)
    );
    // The reply was due after five working days.
    let wait = seen
        .waits
        .iter()
        .find(|wait| wait.whom.as_deref() == Some("development_reform"))
        .unwrap();
    assert_eq!((wait.who.as_str(), wait.overdue), ("natural_resources", 1));
    let load = |unit: &str| {
        seen.loads
            .iter()
            .find(|load| load.unit == unit && load.stage == "siting")
            .unwrap()
    };
    assert_eq!(
        (
            load("natural_resources").leads,
            load("natural_resources").leads_late
        ),
        (2, 1)
    );
    assert_eq!(
        (
            load("development_reform").asked,
            load("development_reform").asked_late
        ),
        (1, 1)
    );
}

fn a_look_keeps_up_with_what_happened_since_the_last_one(world: &World) {
    let live = Live::default();
    assert_eq!(look(world, &live).files, 0);
    let case = taken_in(world, "2026-03-02");
    assert_eq!(look(world, &live).files, 1);
    world.on("2026-04-20", 9);
    assert_eq!(look(world, &live).late, 1);
    let stop = Act::Suspend {
        stage: stage(),
        ground: "hearing".to_owned(),
    };
    world.act(PLANNER, case, stop).unwrap();
    assert_eq!(look(world, &live).stages[0].stopped, 1);
    let resume = Act::Resume { stage: stage() };
    world.act(PLANNER, case, resume).unwrap();
    let refuse = Act::Decide {
        stage: stage(),
        result: flow::Decision::Failed,
        reason: "不符合规划".to_owned(),
    };
    world.act(PLANNER, case, refuse).unwrap();
    let seen = look(world, &live);
    assert_eq!((seen.files, seen.late, seen.stages[0].decided), (0, 0, 1));
    // Whoever looks for the first time sees the same.
    let fresh = look(world, &Live::default());
    assert_eq!(format!("{seen:?}"), format!("{fresh:?}"));
}

fn past_files_run_again_with_fewer_steps_and_leave_as_a_log(world: &World) {
    decided(world, "2026-03-02", "2026-03-16");
    let merge = Change::Merge {
        first: "project_record".to_owned(),
        second: "land_permit".to_owned(),
        takes: Takes::Longer,
    };
    let found = world
        .ask(PLANNER, move |read, ctx| {
            fewer_steps(read, ctx, PROCESS, &[merge])
        })
        .unwrap();
    // Three more stages are to come.
    let answer = found.answer.unwrap();
    assert_eq!((answer.open, answer.cases.len()), (1, 0));
    let cut = Change::Limit {
        stage: stage(),
        days: 900,
    };
    let found = world
        .ask(PLANNER, move |read, ctx| {
            fewer_steps(read, ctx, PROCESS, &[cut])
        })
        .unwrap();
    assert!(matches!(found.answer, Err(flow::Error::Change { .. })));
    let log = world
        .ask(PLANNER, |read, ctx| log_of(read, ctx, PROCESS))
        .unwrap();
    assert_eq!(log.answer.len(), 1);
    let activities: Vec<&str> = log.answer[0]
        .events
        .iter()
        .map(|event| event.activity.as_str())
        .collect();
    assert!(activities.contains(&"land_permit"), "{activities:?}");
}

fn only_who_supervises_sees_it(world: &World) {
    let live = Live::default();
    let refused = world.ask(APPLICANT, move |read, ctx| {
        overview(read, ctx, &live, None, 100)
    });
    assert!(matches!(refused, Err(approvals::Error::Denied(_))));
    let refused = world.ask(APPLICANT, |read, ctx| {
        fewer_steps(read, ctx, PROCESS, &[]).map(|_| ())
    });
    assert!(matches!(refused, Err(approvals::Error::Denied(_))));
    let refused = world.ask(APPLICANT, |read, ctx| {
        log_of(read, ctx, PROCESS).map(|_| ())
    });
    assert!(matches!(refused, Err(approvals::Error::Denied(_))));
    let live = Live::default();
    let unit = Some("natural_resources");
    let refused = world.ask(APPLICANT, move |read, ctx| {
        overview(read, ctx, &live, unit, 100)
    });
    assert!(matches!(refused, Err(approvals::Error::Denied(_))));
}
