//! Turnout help: reminders by the channel that owners chose, visits, and the list of units that nobody reached.

use ballot::resolution::Choice;
use decisions::{
    ChooseReminders, Error, MAX_REMINDERS, NoteReminderChoice, RecordVisit, ReminderChannel,
    RemindersSent, ResolutionId, SendReminders, VisitOutcome, Why,
};
use test_kit::{Person, on_both_engines};

use crate::world::{BUTLER, COMMITTEE, LI, RESIDENT, STRANGER, WANG, World};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    units_without_a_vote_are_reminded_as_their_owners_chose,
    reminders_have_a_pause_and_an_end,
    the_list_of_doors_tells_nothing_of_votes,
    a_visit_lies_in_the_past_and_the_electorate,
    owners_choose_for_their_own_units_only,
    a_reminder_tells_nobody_how_many_have_voted,
}

fn remind(world: &World, resolution: ResolutionId) -> Result<RemindersSent, Error> {
    let text = "请投票".to_owned();
    world.run(BUTLER, SendReminders { resolution, text })
}

fn choose(world: &World, who: Person, unit: &str, channel: ReminderChannel) -> Result<(), Error> {
    let unit = world.unit(unit);
    world.run(who, ChooseReminders { unit, channel })
}

fn why(world: &World, who: Person) -> Vec<Why> {
    let waiting = world.read(who, decisions::waiting).unwrap();
    waiting.into_iter().map(|one| one.why).collect()
}

fn units_without_a_vote_are_reminded_as_their_owners_chose(world: &World) {
    let id = world.open();
    world.cast(WANG, id, "101", Choice::For).unwrap();
    choose(world, LI, "103", ReminderChannel::Never).unwrap();
    let noted = NoteReminderChoice {
        resolution: id,
        unit: world.unit("201"),
        channel: ReminderChannel::Door,
        evidence: "孙军当面说".to_owned(),
    };
    world.must(BUTLER, noted);
    let sent = remind(world, id).unwrap();
    // 102 and 104 have owners with a login, 201 asked for a visit, 202 to 204 can only be written to.
    assert_eq!(
        (sent.round, sent.in_app, sent.letters, sent.doors),
        (1, 2, 3, 1)
    );
    assert_eq!(why(world, LI), [Why::Reminded]);
    assert_eq!(why(world, WANG), [], "who has voted is left alone");
}

fn reminders_have_a_pause_and_an_end(world: &World) {
    let id = world.published();
    let early = remind(world, id);
    assert!(matches!(early, Err(Error::WrongStage { .. })), "{early:?}");
    world.set_now(world.window(id).opens);
    remind(world, id).unwrap();
    let soon = remind(world, id);
    assert!(
        matches!(soon, Err(Error::RemindedOfLate { .. })),
        "{soon:?}"
    );
    for round in 2..=MAX_REMINDERS {
        world.set_now(world.now().plus_days(1));
        assert_eq!(remind(world, id).unwrap().round, round);
    }
    world.set_now(world.now().plus_days(1));
    let spent = remind(world, id);
    assert!(
        matches!(spent, Err(Error::RemindersSpent { .. })),
        "{spent:?}"
    );
    world.close(id);
    let late = remind(world, id);
    assert!(matches!(late, Err(Error::WrongStage { .. })), "{late:?}");
}

fn the_list_of_doors_tells_nothing_of_votes(world: &World) {
    let id = world.open();
    world.cast(WANG, id, "101", Choice::Against).unwrap();
    let help = world
        .read(BUTLER, move |read, ctx| {
            decisions::turnout_help(read, ctx, id)
        })
        .unwrap();
    let labels: Vec<&str> = help.units.iter().map(|unit| unit.label.as_str()).collect();
    assert_eq!(labels, ["102", "103", "104", "201", "202", "203", "204"]);
    let denied = world.read(RESIDENT, move |read, ctx| {
        decisions::turnout_help(read, ctx, id).map(|_| ())
    });
    assert!(matches!(denied, Err(Error::Denied(_))), "{denied:?}");
}

fn a_visit_lies_in_the_past_and_the_electorate(world: &World) {
    let id = world.open();
    let visit = |days: i64| RecordVisit {
        resolution: id,
        unit: world.unit("203"),
        outcome: VisitOutcome::NotHome,
        note: "晚上在家".to_owned(),
        visited_at: world.now().plus_days(days),
    };
    for days in [1, -30] {
        let refused = world.run(BUTLER, visit(days));
        assert!(matches!(refused, Err(Error::OutsideWindow)), "{refused:?}");
    }
    let nowhere = RecordVisit {
        unit: people::model::UnitId::from_uuid(kernel::Uuid::nil()),
        ..visit(0)
    };
    let refused = world.run(BUTLER, nowhere);
    assert!(
        matches!(refused, Err(Error::NotInElectorate)),
        "{refused:?}"
    );
    world.must(BUTLER, visit(-1));
    world.must(COMMITTEE, visit(0));
    let help = world
        .read(BUTLER, move |read, ctx| {
            decisions::turnout_help(read, ctx, id)
        })
        .unwrap();
    let unit = help.units.iter().find(|unit| unit.label == "203").unwrap();
    assert_eq!(unit.visits.len(), 2);
    assert_eq!(unit.visits[1].visited_at, world.now());
}

fn owners_choose_for_their_own_units_only(world: &World) {
    choose(world, WANG, "101", ReminderChannel::Letter).unwrap();
    for who in [WANG, STRANGER] {
        let refused = choose(world, who, "102", ReminderChannel::Never);
        assert!(matches!(refused, Err(Error::NotYourUnit)), "{refused:?}");
    }
    let own = world.read(WANG, decisions::reminder_choices).unwrap();
    assert_eq!(own[0].channel, Some(ReminderChannel::Letter));
}

fn a_reminder_tells_nobody_how_many_have_voted(world: &World) {
    let id = world.open();
    world.cast(WANG, id, "101", Choice::For).unwrap();
    remind(world, id).unwrap();
    let entries = world
        .read(RESIDENT, move |read, ctx| decisions::history(read, ctx, id))
        .unwrap()
        .1;
    let sent = &entries[0];
    assert_eq!(sent.kind, "decisions.reminders.sent");
    let public = sent.public_value().unwrap();
    assert_eq!(public["round"], 1);
    assert!(public.get("units").is_none() && public.get("rows").is_none());
}
