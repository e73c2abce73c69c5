//! Whoever lacks a permission is refused, command by command; and whoever has it, for what is another's.

use approvals::{
    Act, AddCalendarYear, AddDefinition, AddPaper, AnswerCorrection, AppointUnit, COMMANDS, CaseId,
    ChangeDraft, Colour, DissolveUnit, DraftApplication, Error, HandleCase, IssueCard,
    MigrateCases, PaperId, ReadForSupervision, RemovePaper, SubmitApplication, SubmitStages,
    WithdrawApplication,
};
use journal::Command;
use kernel::{OrganisationId, Uuid};

use crate::world::{
    APPLICANT, BUILDER, NOBODYS, PERSON, PLANNER, PROCESS, REFORMER, RIVAL, World, accept, form,
    pass, stage,
};

/// Sends a command without any permission and notes its name.
fn refused<C: Command<Error = Error>>(world: &World, tried: &mut Vec<&'static str>, command: C) {
    let outcome = world.journal.execute_blocking(world.powerless(), command);
    assert!(
        matches!(outcome.err(), Some(Error::Denied(_))),
        "{} was not refused",
        C::NAME
    );
    tried.push(C::NAME);
}

#[test]
fn every_command_is_denied_without_its_permission() {
    let world = World::on_sqlite();
    let case = world.submitted(APPLICANT);
    let (text, process) = ("x".to_owned(), PROCESS.to_owned());
    let mut tried = Vec::new();
    let tried = &mut tried;
    let form = form(&["siting"]);
    refused(
        &world,
        tried,
        DraftApplication {
            process: process.clone(),
            form: form.clone(),
        },
    );
    refused(
        &world,
        tried,
        ChangeDraft {
            case,
            process: process.clone(),
            form,
        },
    );
    refused(&world, tried, paper(case));
    let nothing = PaperId::from_uuid(Uuid::nil());
    refused(
        &world,
        tried,
        RemovePaper {
            case,
            paper: nothing,
        },
    );
    refused(&world, tried, SubmitApplication { case });
    refused(
        &world,
        tried,
        SubmitStages {
            case,
            seen: 1,
            stages: vec![],
        },
    );
    refused(
        &world,
        tried,
        AnswerCorrection {
            case,
            seen: 1,
            stage: stage(),
            note: text.clone(),
        },
    );
    refused(
        &world,
        tried,
        WithdrawApplication {
            case,
            seen: 1,
            reason: text.clone(),
        },
    );
    refused(&world, tried, handle(case, accept()));
    let organisation = OrganisationId::from_uuid(Uuid::nil());
    refused(
        &world,
        tried,
        AppointUnit {
            unit: text.clone(),
            organisation,
        },
    );
    refused(
        &world,
        tried,
        DissolveUnit {
            unit: text.clone(),
            successor: None,
            reason: text.clone(),
        },
    );
    refused(
        &world,
        tried,
        AddDefinition {
            content: text.clone(),
        },
    );
    refused(
        &world,
        tried,
        AddCalendarYear {
            content: text.clone(),
        },
    );
    refused(
        &world,
        tried,
        MigrateCases {
            process,
            to: text,
            cases: vec![],
        },
    );
    refused(
        &world,
        tried,
        IssueCard {
            case,
            stage: stage(),
            colour: Colour::Red,
        },
    );
    let reason = "x".to_owned();
    refused(&world, tried, ReadForSupervision { case, reason });
    tried.sort_unstable();
    let mut all: Vec<&str> = COMMANDS.iter().map(|(name, _)| *name).collect();
    all.sort_unstable();
    assert_eq!(*tried, all, "every command of the module is tried");
}

fn paper(case: CaseId) -> AddPaper {
    AddPaper {
        case,
        paper: "site_plan".to_owned(),
        name: "总平面图.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        content: b"%PDF-1.7 a plan".to_vec(),
    }
}

fn handle(case: CaseId, act: Act) -> HandleCase {
    HandleCase {
        case,
        seen: 1,
        act,
        at: None,
        entered_late: String::new(),
    }
}

#[test]
fn a_clerk_acts_for_their_own_unit_only() {
    let world = World::on_sqlite();
    let case = world.submitted(APPLICANT);
    for other in [BUILDER, NOBODYS] {
        let seen = world.try_do(other, handle(case, accept()));
        assert!(matches!(seen, Err(Error::NoSuchCase)), "no part in it");
        assert!(matches!(world.file(other, case), Err(Error::NotOpened)));
    }
    let supports = world.try_do(REFORMER, handle(case, accept()));
    assert!(
        matches!(supports, Err(Error::NotYourUnit { .. })),
        "it supports and does not lead"
    );
    assert!(world.file(REFORMER, case).is_ok());
    world.act(PLANNER, case, accept()).unwrap();
    for act in [
        Act::Refuse {
            stage: stage(),
            reason: "x".to_owned(),
        },
        Act::AskCorrection {
            stage: stage(),
            missing: vec!["x".to_owned()],
        },
        Act::Suspend {
            stage: stage(),
            ground: "hearing".to_owned(),
        },
        Act::Resume { stage: stage() },
        Act::Extend {
            stage: stage(),
            days: 1,
            approved_by: "x".to_owned(),
            reason: "x".to_owned(),
        },
        Act::Ask {
            stage: stage(),
            unit: "ecology".to_owned(),
        },
        Act::HandOver {
            stage: stage(),
            to: "ecology".to_owned(),
            reason: "x".to_owned(),
        },
        Act::Finish {
            step: "land_permit".to_owned(),
            outcome: None,
        },
        pass(),
    ] {
        let refused = world.act(REFORMER, case, act.clone());
        assert!(
            matches!(refused, Err(Error::NotYourUnit { .. })),
            "{act:?}: {refused:?}"
        );
    }
    let ask = Act::Ask {
        stage: stage(),
        unit: "development_reform".to_owned(),
    };
    world.act(PLANNER, case, ask).unwrap();
    let reply = || Act::Reply {
        stage: stage(),
        unit: "development_reform".to_owned(),
        reply: "同意".to_owned(),
    };
    assert!(matches!(
        world.act(PLANNER, case, reply()),
        Err(Error::NotYourUnit { .. })
    ));
    world.act(REFORMER, case, reply()).unwrap();
}

#[test]
fn nobody_touches_anothers_application() {
    let world = World::on_sqlite();
    let draft = world.drafted(APPLICANT, PROCESS, &["siting"]);
    let case = world.submitted(APPLICANT);
    let kept = world.must_do(APPLICANT, paper(case));
    for other in [RIVAL, PERSON] {
        let process = PROCESS.to_owned();
        let form = form(&["siting"]);
        let tries = [
            world
                .try_do(
                    other,
                    ChangeDraft {
                        case: draft,
                        process,
                        form,
                    },
                )
                .err(),
            world.try_do(other, SubmitApplication { case: draft }).err(),
            world.try_do(other, paper(draft)).err(),
            world.try_do(other, RemovePaper { case, paper: kept }).err(),
            world
                .try_do(
                    other,
                    SubmitStages {
                        case,
                        seen: 1,
                        stages: vec!["works".to_owned()],
                    },
                )
                .err(),
            world
                .try_do(
                    other,
                    AnswerCorrection {
                        case,
                        seen: 1,
                        stage: stage(),
                        note: String::new(),
                    },
                )
                .err(),
            world
                .try_do(
                    other,
                    WithdrawApplication {
                        case,
                        seen: 1,
                        reason: "x".to_owned(),
                    },
                )
                .err(),
            world
                .ask(other, move |read, ctx| {
                    approvals::paper(read, ctx, case, kept)
                })
                .err(),
        ];
        for (place, tried) in tries.into_iter().enumerate() {
            assert!(
                matches!(tried, Some(Error::NoSuchCase)),
                "{place}: {tried:?}"
            );
        }
    }
    let clerk = world.ask(PLANNER, move |read, ctx| {
        approvals::paper(read, ctx, case, kept)
    });
    assert_eq!(clerk.unwrap().2, b"%PDF-1.7 a plan");
    let script = AddPaper {
        content: b"<script>".to_vec(),
        ..paper(case)
    };
    assert!(matches!(
        world.try_do(APPLICANT, script),
        Err(Error::PaperContent { .. })
    ));
}

#[test]
fn a_supervisor_reads_any_submitted_file_for_the_day_with_a_reason_and_does_nothing_to_it() {
    let world = World::on_sqlite();
    world.on("2026-03-02", 9);
    let draft = world.drafted(APPLICANT, PROCESS, &["siting"]);
    let case = world.submitted(APPLICANT);
    let read = |case, reason: &str| ReadForSupervision {
        case,
        reason: reason.to_owned(),
    };
    let blank = world.try_do(BUILDER, read(case, "  "));
    assert!(matches!(blank, Err(Error::Blank { field: "reason" })));
    for hidden in [draft, CaseId::from_uuid(Uuid::from_u128(9))] {
        let none = world.try_do(BUILDER, read(hidden, "督查"));
        assert!(matches!(none, Err(Error::NoSuchCase)));
        assert!(matches!(
            world.file(BUILDER, hidden),
            Err(Error::NoSuchCase)
        ));
    }
    assert!(matches!(world.file(BUILDER, case), Err(Error::NotOpened)));
    let position = world.must_do(BUILDER, read(case, "群众来信"));
    let view = world.file(BUILDER, case).unwrap();
    assert_eq!(view.readings.len(), 1);
    assert_eq!(view.readings[0].position, position);
    assert!(matches!(
        world.act(BUILDER, case, accept()),
        Err(Error::NoSuchCase)
    ));
    let other = world.file(NOBODYS, case);
    assert!(
        matches!(other, Err(Error::NotOpened)),
        "open to who asked alone"
    );
    let seen = world.file(APPLICANT, case).unwrap().readings;
    assert_eq!(seen.len(), 1, "the applicant sees who read it");
    world.on("2026-03-03", 0);
    assert!(
        matches!(world.file(BUILDER, case), Err(Error::NotOpened)),
        "for the day"
    );
}
