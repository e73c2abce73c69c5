//! Units: who holds them, and what becomes of their tasks when they are dissolved.

use approvals::{AppointUnit, DissolveUnit, Error};
use identity::OrganisationKind;
use test_kit::on_both_engines;

use crate::world::{APPLICANT, BUILDER, PLANNER, World, accept, finish, pass};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    a_dissolved_unit_hands_every_task_over,
    only_departments_hold_units,
}

fn dissolve(unit: &str, successor: Option<&str>) -> DissolveUnit {
    DissolveUnit {
        unit: unit.to_owned(),
        successor: successor.map(str::to_owned),
        reason: "机构改革".to_owned(),
    }
}

fn a_dissolved_unit_hands_every_task_over(world: &World) {
    let case = world.submitted(APPLICANT);
    world.act(PLANNER, case, accept()).unwrap();
    let (lead, to) = ("natural_resources", "housing_construction");
    let alone = world.try_do(PLANNER, dissolve(lead, None));
    assert!(
        matches!(alone, Err(Error::UnitHasTasks { tasks: 2, .. })),
        "{alone:?}"
    );
    let itself = world.try_do(PLANNER, dissolve(lead, Some(lead)));
    assert!(matches!(itself, Err(Error::SuccessorLoop { .. })));
    let before = world.queue(PLANNER);
    assert_eq!(world.must_do(PLANNER, dissolve(lead, Some(to))), 2);
    assert!(world.queue(PLANNER).is_empty());
    let after = world.queue(BUILDER);
    let tasks = |lines: &[approvals::QueueLine]| {
        lines
            .iter()
            .map(|line| line.task.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(tasks(&before), tasks(&after), "none lost, none doubled");
    assert!(matches!(
        world.act(PLANNER, case, finish("land_permit")),
        Err(Error::NoSuchCase)
    ));
    world.act(BUILDER, case, finish("land_permit")).unwrap();
    let again = world.try_do(PLANNER, dissolve(lead, Some("ecology")));
    assert!(matches!(again, Err(Error::UnitDissolved { .. })));
    let back = world.try_do(PLANNER, dissolve(to, Some(lead)));
    assert!(matches!(back, Err(Error::SuccessorLoop { .. })));
    // What was handed over goes on to the next.
    world.must_do(PLANNER, dissolve(to, Some("development_reform")));
    let refused = world.act(BUILDER, case, pass());
    assert!(matches!(
        refused,
        Err(Error::NoSuchCase | Error::NotYourUnit { .. })
    ));
    let last = world.queue(crate::world::REFORMER);
    assert_eq!(last.len(), 2, "the decision, and its own step");
}

fn only_departments_hold_units(world: &World) {
    let company = world.organisation(OrganisationKind::Developer, "兰亭置业二部");
    let unit = "ecology".to_owned();
    let refused = world.try_do(
        PLANNER,
        AppointUnit {
            unit,
            organisation: company,
        },
    );
    assert!(matches!(refused, Err(Error::NotADepartment)));
    let bureau = world.organisation(OrganisationKind::CityDepartment, "生态环境局");
    let unit = "the moon".to_owned();
    let refused = world.try_do(
        PLANNER,
        AppointUnit {
            unit,
            organisation: bureau,
        },
    );
    assert!(matches!(refused, Err(Error::NoSuchUnit { .. })));
    // A unit that goes to another department takes its queue along.
    world.submitted(APPLICANT);
    assert_eq!(world.queue(PLANNER).len(), 1);
    let unit = "natural_resources".to_owned();
    world.must_do(
        PLANNER,
        AppointUnit {
            unit,
            organisation: bureau,
        },
    );
    assert!(world.queue(PLANNER).is_empty());
    world.acts_for(BUILDER, bureau);
    assert_eq!(world.queue(BUILDER).len(), 1);
}
