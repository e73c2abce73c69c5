//! What a clerk does beside the straight way: asks, is answered, extends, hands over, refuses; an applicant withdraws.

use approvals::{Act, Error, TaskKind, WithdrawApplication};
use test_kit::on_both_engines;

use crate::world::{APPLICANT, BUILDER, PLANNER, REFORMER, World, accept, stage};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    a_unit_that_is_asked_has_its_own_days_to_reply,
    a_limit_is_extended_once_with_approval,
    who_takes_a_file_over_leads_it,
    a_refused_or_withdrawn_file_asks_nothing_of_anyone,
}

fn a_unit_that_is_asked_has_its_own_days_to_reply(world: &World) {
    world.on("2026-03-02", 9);
    let case = world.submitted(APPLICANT);
    world.act(PLANNER, case, accept()).unwrap();
    let unit = "development_reform".to_owned();
    world
        .act(
            PLANNER,
            case,
            Act::Ask {
                stage: stage(),
                unit: unit.clone(),
            },
        )
        .unwrap();
    let queue = world.queue(REFORMER);
    let reply = queue
        .iter()
        .find(|line| line.task.kind == TaskKind::Reply)
        .unwrap();
    assert_eq!(
        reply.task.due.unwrap().to_string(),
        "2026-03-09",
        "five working days"
    );
    let twice = world.act(
        PLANNER,
        case,
        Act::Ask {
            stage: stage(),
            unit: unit.clone(),
        },
    );
    assert!(matches!(twice, Err(Error::Refused { .. })));
    let reply = Act::Reply {
        stage: stage(),
        unit,
        reply: "同意，无修改意见".to_owned(),
    };
    world.act(REFORMER, case, reply).unwrap();
    let view = world.file(PLANNER, case).unwrap();
    assert_eq!(view.events.last().unwrap().words.reason, "同意，无修改意见");
    assert!(view.report.stages[0].waiting_for.is_empty());
}

fn a_limit_is_extended_once_with_approval(world: &World) {
    world.on("2026-03-02", 9);
    let case = world.submitted(APPLICANT);
    world.act(PLANNER, case, accept()).unwrap();
    let extend = |days, approved_by: &str| Act::Extend {
        stage: stage(),
        days,
        approved_by: approved_by.to_owned(),
        reason: "案情复杂".to_owned(),
    };
    assert!(matches!(
        world.act(PLANNER, case, extend(5, " ")),
        Err(Error::Blank { .. })
    ));
    assert!(matches!(
        world.act(PLANNER, case, extend(99, "局长")),
        Err(Error::Refused { .. })
    ));
    world.act(PLANNER, case, extend(5, "局长")).unwrap();
    let due = world.file(PLANNER, case).unwrap().report.stages[0]
        .due
        .clone();
    assert_eq!(due.date.unwrap().to_string(), "2026-03-30");
    assert!(matches!(
        world.act(PLANNER, case, extend(5, "局长")),
        Err(Error::Refused { .. })
    ));
}

fn who_takes_a_file_over_leads_it(world: &World) {
    let case = world.submitted(APPLICANT);
    let to = "housing_construction".to_owned();
    let reason = "管辖调整".to_owned();
    world
        .act(
            PLANNER,
            case,
            Act::HandOver {
                stage: stage(),
                to,
                reason,
            },
        )
        .unwrap();
    assert!(matches!(
        world.act(PLANNER, case, accept()),
        Err(Error::NotYourUnit { .. })
    ));
    world.act(BUILDER, case, accept()).unwrap();
    let queue = world.queue(BUILDER);
    assert!(queue.iter().any(|line| line.task.kind == TaskKind::Decide));
    assert!(world.queue(PLANNER).is_empty());
}

fn a_refused_or_withdrawn_file_asks_nothing_of_anyone(world: &World) {
    let refused = world.submitted(APPLICANT);
    let reason = "不属于职权范围".to_owned();
    world
        .act(
            PLANNER,
            refused,
            Act::Refuse {
                stage: stage(),
                reason,
            },
        )
        .unwrap();
    let withdrawn = world.submitted(APPLICANT);
    let seen = world.seen(withdrawn);
    let withdraw = |reason: &str| WithdrawApplication {
        case: withdrawn,
        seen,
        reason: reason.to_owned(),
    };
    assert!(matches!(
        world.try_do(APPLICANT, withdraw("  ")),
        Err(Error::Blank { .. })
    ));
    world.must_do(APPLICANT, withdraw("方案另行调整"));
    assert!(world.queue(PLANNER).is_empty());
    for case in [refused, withdrawn] {
        let view = world.file(APPLICANT, case).unwrap();
        assert!(view.row.closed && view.tasks.is_empty());
        let after = world.act(PLANNER, case, accept());
        assert!(
            matches!(after, Err(Error::Refused { .. })),
            "nothing follows"
        );
    }
}
