//! What goes wrong in an office: events out of order, twice, too late, by two clerks at once, under a changed definition.

use approvals::{Act, AddDefinition, Error, HandleCase, MigrateCases};
use kernel::Timestamp;
use test_kit::on_both_engines;

use crate::world::{APPLICANT, PLANNER, PROCESS, World, accept, finish, stage};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    two_clerks_at_once_lose_nothing,
    the_same_form_twice_counts_once,
    events_out_of_order_are_put_in_order_or_refused,
    a_stop_needs_a_ground_and_a_start_a_stop,
    a_wrong_event_is_retracted_and_the_last_day_follows,
    a_changed_definition_leaves_running_cases_alone_until_they_go_over,
}

fn two_clerks_at_once_lose_nothing(world: &World) {
    let case = world.submitted(APPLICANT);
    let both_saw = world.seen(case);
    let command = |act: Act| HandleCase {
        case,
        seen: both_saw,
        act,
        at: None,
        entered_late: String::new(),
    };
    world.must_do(PLANNER, command(accept()));
    let refuse = Act::Refuse {
        stage: stage(),
        reason: "不符合规划".to_owned(),
    };
    let second = world.try_do(PLANNER, command(refuse));
    assert!(
        matches!(second, Err(Error::Clash { seen: 1, now: 2 })),
        "{second:?}"
    );
    let view = world.file(APPLICANT, case).unwrap();
    assert_eq!(view.events.len(), 2);
    assert!(view.case.stages[0].refused.is_none());
}

fn the_same_form_twice_counts_once(world: &World) {
    let case = world.submitted(APPLICANT);
    let seen = world.seen(case);
    let send = || {
        let mut ctx = world.as_person(PLANNER);
        ctx.idempotency_key = Some("the form's key".to_owned());
        let command = HandleCase {
            case,
            seen,
            act: accept(),
            at: None,
            entered_late: String::new(),
        };
        world.journal.execute_blocking(ctx, command).unwrap()
    };
    assert_eq!(send(), send(), "the second answer is the first");
    assert_eq!(world.file(APPLICANT, case).unwrap().events.len(), 2);
}

/// Enters something as of an earlier day.
fn entered(
    world: &World,
    case: approvals::CaseId,
    act: Act,
    date: &str,
    why: &str,
) -> Result<u64, Error> {
    let at = Timestamp::start_of(date.parse().unwrap()).plus_seconds(12 * 3600);
    let command = HandleCase {
        case,
        seen: world.seen(case),
        act,
        at: Some(at),
        entered_late: why.to_owned(),
    };
    world.try_do(PLANNER, command)
}

fn events_out_of_order_are_put_in_order_or_refused(world: &World) {
    world.on("2026-03-02", 9);
    let case = world.submitted(APPLICANT);
    world.on("2026-03-10", 9);
    let late = entered(world, case, accept(), "2026-03-04", "");
    assert!(matches!(late, Err(Error::LateWithoutReason)));
    let future = entered(world, case, accept(), "2026-03-20", "x");
    assert!(matches!(future, Err(Error::InFuture)));
    let before = entered(world, case, accept(), "2026-02-20", "纸质登记补录");
    assert!(
        matches!(before, Err(Error::Refused { .. })),
        "taken in before it arrived"
    );
    entered(world, case, accept(), "2026-03-04", "纸质登记补录").unwrap();
    let ask = Act::AskCorrection {
        stage: stage(),
        missing: vec!["x".to_owned()],
    };
    let ask = entered(world, case, ask, "2026-03-05", "补录");
    assert!(
        matches!(ask, Err(Error::Refused { .. })),
        "corrections are asked before"
    );
    let view = world.file(APPLICANT, case).unwrap();
    let due = &view.report.stages[0].due;
    assert_eq!(
        due.start.unwrap().0.to_string(),
        "2026-03-04",
        "it counts from when it happened"
    );
    assert_eq!(view.events[1].received_at.date().to_string(), "2026-03-10");
    assert_eq!(view.events[1].words.entered_late, "纸质登记补录");
}

fn a_stop_needs_a_ground_and_a_start_a_stop(world: &World) {
    world.on("2026-03-02", 9);
    let case = world.submitted(APPLICANT);
    world.act(PLANNER, case, accept()).unwrap();
    let resume = world.act(PLANNER, case, Act::Resume { stage: stage() });
    assert!(
        matches!(resume, Err(Error::Refused { .. })),
        "nothing stands still"
    );
    for ground in ["", "tender", "we are busy"] {
        let ground = ground.to_owned();
        let stop = world.act(
            PLANNER,
            case,
            Act::Suspend {
                stage: stage(),
                ground,
            },
        );
        assert!(matches!(stop, Err(Error::Refused { .. })));
    }
    world.on("2026-03-05", 9);
    let ground = "expert_review".to_owned();
    world
        .act(
            PLANNER,
            case,
            Act::Suspend {
                stage: stage(),
                ground,
            },
        )
        .unwrap();
    world.on("2026-03-09", 9);
    let before = entered(
        world,
        case,
        Act::Resume { stage: stage() },
        "2026-03-03",
        "补录",
    );
    assert!(
        matches!(before, Err(Error::Refused { .. })),
        "resumed before it stopped"
    );
    let count = world.file(APPLICANT, case).unwrap().events.len();
    assert_eq!(count, 3, "what is refused leaves nothing");
}

fn a_wrong_event_is_retracted_and_the_last_day_follows(world: &World) {
    world.on("2026-03-02", 9);
    let case = world.submitted(APPLICANT);
    world.act(PLANNER, case, accept()).unwrap();
    let first = world.file(PLANNER, case).unwrap();
    world.on("2026-03-05", 9);
    let of = first.events[1].event.id.clone();
    let reason = "误受理".to_owned();
    world
        .act(
            PLANNER,
            case,
            Act::Retract {
                of,
                reason: reason.clone(),
            },
        )
        .unwrap();
    world.act(PLANNER, case, accept()).unwrap();
    let second = world.file(PLANNER, case).unwrap();
    assert!(second.report.stages[0].due.date > first.report.stages[0].due.date);
    let of = second.events[0].event.id.clone();
    let applicants = world.act(PLANNER, case, Act::Retract { of, reason });
    assert!(matches!(applicants, Err(Error::Applicants)));
}

fn a_changed_definition_leaves_running_cases_alone_until_they_go_over(world: &World) {
    world.on("2026-03-02", 9);
    let case = world.submitted(APPLICANT);
    world.act(PLANNER, case, accept()).unwrap();
    let stopped = world.submitted(APPLICANT);
    world.act(PLANNER, stopped, accept()).unwrap();
    let ground = "hearing".to_owned();
    world
        .act(
            PLANNER,
            stopped,
            Act::Suspend {
                stage: stage(),
                ground,
            },
        )
        .unwrap();
    let before = world.file(PLANNER, case).unwrap().report.stages[0].due.date;
    let source = flow::builtin_sources()
        .iter()
        .find(|(name, _)| name.contains("construction_approval"));
    // Ten days instead of fifteen, and no hearing any more.
    let content = source
        .unwrap()
        .1
        .replace("version = \"2026-11\"", "version = \"2026-12\"")
        .replace("from = 2019-04-25", "from = 2026-01-01")
        .replace("promised = { days = 15", "promised = { days = 10")
        .replace("ground = \"hearing\"", "ground = \"public_hearing\"");
    let same = AddDefinition {
        content: source.unwrap().1.to_owned(),
    };
    assert!(matches!(
        world.try_do(PLANNER, same),
        Err(Error::VersionKnown { .. })
    ));
    let broken = content.replace("lead = \"natural_resources\"", "lead = \"nobody\"");
    let refused = world.try_do(PLANNER, AddDefinition { content: broken });
    assert!(matches!(refused, Err(Error::Definition { findings }) if !findings.is_empty()));
    world.must_do(PLANNER, AddDefinition { content });
    let kept = world.file(PLANNER, case).unwrap();
    assert_eq!(kept.definition.version, "2026-11");
    assert_eq!(kept.report.stages[0].due.date, before);
    let fresh = world.submitted(APPLICANT);
    assert_eq!(
        world.file(APPLICANT, fresh).unwrap().definition.version,
        "2026-12"
    );
    let preview = world.ask(PLANNER, |read, ctx| {
        approvals::migration(read, ctx, PROCESS, "2026-12")
    });
    let preview = preview.unwrap();
    assert_eq!(preview.len(), 2);
    let of = |id| preview.iter().find(|one| one.row.id == id).unwrap();
    assert!(
        of(stopped).refused.is_some(),
        "the hearing is no ground any more"
    );
    assert!(of(case).refused.is_none() && of(case).dates[0].after < of(case).dates[0].before);
    let to = "2026-12".to_owned();
    let migrate = MigrateCases {
        process: PROCESS.to_owned(),
        to: to.clone(),
        cases: vec![],
    };
    let done = world.must_do(PLANNER, migrate);
    assert_eq!((done.cases, done.refused), (vec![case], 1));
    let moved = world.file(PLANNER, case).unwrap();
    assert_eq!(moved.definition.version, "2026-12");
    assert_eq!(moved.report.stages[0].due.date, of(case).dates[0].after);
    assert_eq!(
        world.file(APPLICANT, stopped).unwrap().definition.version,
        "2026-11"
    );
    let again = MigrateCases {
        process: PROCESS.to_owned(),
        to,
        cases: vec![],
    };
    assert!(matches!(
        world.try_do(PLANNER, again),
        Err(Error::NothingToMigrate)
    ));
    world.act(PLANNER, case, finish("land_permit")).unwrap();
}
