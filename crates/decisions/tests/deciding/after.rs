//! After the close: Linli counts by itself, and the published record can be counted again by anyone.

use ballot::resolution::{Choice, Owner, Unit, count};
use decisions::{CountVotes, PublishedRecord};
use test_kit::on_both_engines;

use crate::world::{COMMITTEE, LI, WANG, World, open_rules};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    an_uncounted_vote_falls_due,
    anyone_can_count_the_published_record_again,
    a_receipt_code_finds_its_ballot,
}

fn an_uncounted_vote_falls_due(world: &World) {
    let id = world.open();
    let due = |ctx: kernel::Context| {
        world
            .journal
            .database()
            .read_blocking(move |read| decisions::due_for_count(read, &ctx, 3600))
            .unwrap()
    };
    world.close(id);
    assert!(due(world.system()).is_empty());
    world.set_now(world.now().plus_seconds(3600));
    assert_eq!(due(world.system()), [id]);
    world
        .journal
        .execute_blocking(world.system(), CountVotes { resolution: id })
        .unwrap();
    assert!(due(world.system()).is_empty());
}

fn anyone_can_count_the_published_record_again(world: &World) {
    world.adopt(open_rules());
    let id = world.open();
    world.cast(WANG, id, "101", Choice::For).unwrap();
    world.cast(LI, id, "102", Choice::Against).unwrap();
    world.cast(LI, id, "103", Choice::For).unwrap();
    world.close(id);
    world.must(COMMITTEE, CountVotes { resolution: id });
    let text = world
        .read(WANG, move |read, ctx| {
            decisions::published_record(read, ctx, id)
        })
        .unwrap();
    assert!(
        !text.contains("王") && !text.contains("101"),
        "the record names nobody"
    );
    let record: PublishedRecord = serde_json::from_str(&text).unwrap();
    let cast = record
        .ballots
        .iter()
        .map(|ballot| (ballot.head, ballot.area_hundredths, ballot.choice));
    let rest = record
        .without_ballot
        .iter()
        .map(|unit| (unit.head, unit.area_hundredths, unit.state));
    let units: Vec<Unit> = (0..)
        .zip(cast.chain(rest))
        .map(|(place, (head, area, choice))| Unit {
            unit: place.to_string(),
            owner: if head == 0 {
                Owner::Developer
            } else {
                Owner::of([head.to_string()])
            },
            area: units::Area::new(area).unwrap(),
            choice,
        })
        .collect();
    let again = count(&units, &record.terms.thresholds, record.terms.rules.silence).unwrap();
    let published = world
        .read(WANG, move |read, ctx| decisions::result(read, ctx, id))
        .unwrap()
        .outcome;
    assert_eq!(again.tally, published.tally);
    assert_eq!(again.total, published.total);
}

fn a_receipt_code_finds_its_ballot(world: &World) {
    world.adopt(open_rules());
    let id = world.open();
    let old = world.cast(WANG, id, "101", Choice::Against).unwrap();
    let vote = world.cast(WANG, id, "101", Choice::For).unwrap();
    world.close(id);
    world.must(COMMITTEE, CountVotes { resolution: id });
    let find = |code: String| {
        world
            .read(LI, move |read, ctx| {
                decisions::find_ballot(read, ctx, id, &code)
            })
            .unwrap()
    };
    let found = find(vote.code.to_lowercase().replace('-', " ")).unwrap();
    assert_eq!((found.choice, found.code), (Choice::For, vote.code));
    assert!(
        find(old.code).is_none(),
        "a replaced vote is not in the published record"
    );
}
