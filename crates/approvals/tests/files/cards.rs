//! Cards go out once: yellow by the reminders, red past the last day, to the lead and to whom the definition names.

use approvals::{Act, Colour, Error, IssueCard};
use test_kit::on_both_engines;

use crate::world::{APPLICANT, PLANNER, REFORMER, World, accept, stage};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    a_card_goes_out_once_for_each_reminder_and_past_the_last_day,
}

fn a_card_goes_out_once_for_each_reminder_and_past_the_last_day(world: &World) {
    world.on("2026-03-02", 9);
    let case = world.submitted(APPLICANT);
    world.act(PLANNER, case, accept()).unwrap();
    let send = |colour| {
        let stage = stage();
        let ctx = world.system();
        world.journal.execute_blocking(
            ctx,
            IssueCard {
                case,
                stage,
                colour,
            },
        )
    };
    let not_due = |outcome| matches!(outcome, Err(Error::CardNotDue));
    assert!(not_due(send(Colour::Yellow)), "fifteen days are left");
    // Due on 23 March; five working days before is 16 March.
    world.on("2026-03-16", 9);
    send(Colour::Yellow).unwrap();
    assert!(not_due(send(Colour::Yellow)), "once");
    assert!(not_due(send(Colour::Red)), "not late");
    world.on("2026-03-20", 9);
    send(Colour::Yellow).unwrap();
    world.on("2026-03-24", 9);
    send(Colour::Red).unwrap();
    assert!(not_due(send(Colour::Red)), "once");
    let cards = world.file(APPLICANT, case).unwrap().cards;
    let shown: Vec<_> = cards
        .iter()
        .map(|row| (row.card.colour, row.card.days_before))
        .collect();
    assert_eq!(
        shown,
        [(Colour::Yellow, 5), (Colour::Yellow, 1), (Colour::Red, 0)]
    );
    assert_eq!(cards[2].card.escalated_to, "pilot_office");
    let told = world.ask(REFORMER, approvals::recent_cards).unwrap();
    assert_eq!(
        told.len(),
        1,
        "who holds the office that is told sees the red one"
    );
    assert!(world.queue(PLANNER)[0].task.late);
    // A file that stands still gets none.
    world.on("2026-04-01", 9);
    let still = world.submitted(APPLICANT);
    world.act(PLANNER, still, accept()).unwrap();
    let ground = "hearing".to_owned();
    world
        .act(
            PLANNER,
            still,
            Act::Suspend {
                stage: stage(),
                ground,
            },
        )
        .unwrap();
    world.on("2026-06-01", 9);
    let card = IssueCard {
        case: still,
        stage: stage(),
        colour: Colour::Red,
    };
    let none = world.journal.execute_blocking(world.system(), card);
    assert!(not_due(none));
}
