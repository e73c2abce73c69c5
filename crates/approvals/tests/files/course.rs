//! A file's whole way, from the draft to the decision.

use approvals::{Act, AnswerCorrection, Error, SubmitApplication, SubmitStages, TaskKind};
use flow::Clock;
use test_kit::on_both_engines;

use crate::world::{
    APPLICANT, BUILDER, COLLEAGUE, PERSON, PLANNER, PROCESS, REFORMER, RIVAL, World, accept,
    finish, pass, stage,
};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    a_file_goes_from_the_draft_to_the_decision,
    stages_that_can_run_together_are_submitted_in_one,
    an_applicant_sees_their_own_files_only,
    a_late_holiday_notice_moves_the_last_day,
}

fn a_file_goes_from_the_draft_to_the_decision(world: &World) {
    world.on("2026-03-02", 9);
    let case = world.drafted(APPLICANT, PROCESS, &["siting"]);
    assert!(matches!(world.file(PLANNER, case), Err(Error::NoSuchCase)));
    let submitted = world.must_do(APPLICANT, SubmitApplication { case });
    assert_eq!(submitted.number, "2026-000001");
    world.on("2026-03-03", 9);
    let missing = vec!["总平面图".to_owned(), "授权书".to_owned()];
    let ask = Act::AskCorrection {
        stage: stage(),
        missing: missing.clone(),
    };
    world.act(PLANNER, case, ask.clone()).unwrap();
    let view = world.file(APPLICANT, case).unwrap();
    assert_eq!(view.report.stages[0].missing, missing);
    assert_eq!(view.tasks[0].kind, TaskKind::Correct);
    let second = world.act(PLANNER, case, ask);
    assert!(matches!(second, Err(Error::Refused { reason }) if reason.zh.contains("只能一次")));
    world.on("2026-03-05", 9);
    let answer = AnswerCorrection {
        case,
        seen: world.seen(case),
        stage: stage(),
        note: "已补齐".to_owned(),
    };
    world.must_do(APPLICANT, answer);
    world.on("2026-03-06", 9);
    world.act(PLANNER, case, accept()).unwrap();
    // Fifteen working days promised, from the day after.
    let due = world.file(PLANNER, case).unwrap().report.stages[0]
        .due
        .clone();
    assert_eq!(due.date.unwrap().to_string(), "2026-03-27");
    world.on("2026-03-10", 9);
    let ground = "hearing".to_owned();
    let stop = Act::Suspend {
        stage: stage(),
        ground,
    };
    world.act(PLANNER, case, stop).unwrap();
    let due = world.file(APPLICANT, case).unwrap().report.stages[0]
        .due
        .clone();
    assert_eq!((due.clock, due.date), (Clock::Stopped, None));
    assert!(
        world.act(PLANNER, case, pass()).is_err(),
        "the clock stands still"
    );
    world.on("2026-03-17", 9);
    world
        .act(PLANNER, case, Act::Resume { stage: stage() })
        .unwrap();
    let due = world.file(APPLICANT, case).unwrap().report.stages[0]
        .due
        .clone();
    assert_eq!(
        due.date.unwrap().to_string(),
        "2026-04-03",
        "five working days stood still"
    );
    assert!(matches!(
        world.act(PLANNER, case, pass()),
        Err(Error::StepsOpen { .. })
    ));
    world.act(REFORMER, case, finish("project_record")).unwrap();
    world.act(PLANNER, case, finish("land_permit")).unwrap();
    world.act(PLANNER, case, pass()).unwrap();
    let view = world.file(APPLICANT, case).unwrap();
    assert_eq!(view.report.stages[0].due.clock, Clock::Ended);
    assert_eq!(
        view.tasks[0].kind,
        TaskKind::Submit,
        "the next stage can be applied for"
    );
    assert_eq!(view.tasks[0].stage, "works");
    let next = SubmitStages {
        case,
        seen: view.seen(),
        stages: vec!["works".to_owned()],
    };
    world.must_do(APPLICANT, next);
    let queue = world.queue(PLANNER);
    assert_eq!(queue.len(), 1);
    assert_eq!(queue[0].task.kind, TaskKind::TakeIn);
    assert!(
        world.file(BUILDER, case).is_ok(),
        "housing supports the second stage"
    );
}

fn stages_that_can_run_together_are_submitted_in_one(world: &World) {
    let whole = "zhejiang.future_community";
    let case = world.drafted(APPLICANT, whole, &["land_reserve", "plan_adjustment"]);
    world.must_do(APPLICANT, SubmitApplication { case });
    let view = world.file(APPLICANT, case).unwrap();
    assert_eq!(view.events.len(), 2);
    assert_eq!(
        view.events[0].position, view.events[1].position,
        "one act, one entry"
    );
    let shared = view
        .missing
        .iter()
        .find(|paper| paper.id == "reserve")
        .unwrap();
    assert_eq!(shared.stages.len(), 2, "one paper serves both stages");
    let later = world.drafted(APPLICANT, whole, &["siting"]);
    let refused = world.try_do(APPLICANT, SubmitApplication { case: later });
    assert!(
        matches!(refused, Err(Error::Refused { .. })),
        "it is not open yet"
    );
}

fn an_applicant_sees_their_own_files_only(world: &World) {
    let case = world.submitted(APPLICANT);
    assert!(world.file(COLLEAGUE, case).is_ok(), "the company's file");
    for other in [RIVAL, PERSON] {
        assert!(matches!(world.file(other, case), Err(Error::NoSuchCase)));
        assert!(
            world
                .ask(other, approvals::own_applications)
                .unwrap()
                .is_empty()
        );
    }
    let own = world.submitted(PERSON);
    assert!(world.file(PERSON, own).is_ok());
    assert!(matches!(world.file(APPLICANT, own), Err(Error::NoSuchCase)));
}

fn a_late_holiday_notice_moves_the_last_day(world: &World) {
    world.on("2026-12-21", 9);
    let case = world.submitted(APPLICANT);
    world.act(PLANNER, case, accept()).unwrap();
    let before = world.file(APPLICANT, case).unwrap().report.stages[0]
        .due
        .clone();
    assert!(before.provisional, "2027 is not published");
    let content = r#"
        kind = "working_days"
        year = 2027
        [[notice]]
        title = { zh = "2027年部分节假日安排", en = "Holidays in 2027" }
        authority = { zh = "国务院办公厅", en = "General Office" }
        number = "made up for this test"
        status = "unverified"
        source = "made up"
        [[holiday]]
        title = { zh = "元旦", en = "New Year" }
        from = 2027-01-01
        to = 2027-01-06
        [[golden]]
        from = 2027-01-01
        working_days = 3
        due = 2027-01-11
    "#;
    let content = content.to_owned();
    let year = world.must_do(PLANNER, approvals::AddCalendarYear { content });
    assert_eq!(year, 2027);
    let after = world.file(APPLICANT, case).unwrap().report.stages[0]
        .due
        .clone();
    assert!(!after.provisional);
    assert!(after.date > before.date, "{before:?} {after:?}");
}
