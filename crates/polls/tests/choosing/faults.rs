//! Bad luck: a database call that fails leaves nothing half done, and of two uses of one credential at once one counts.

use ballot::choosing::Method;
use polls::{CollectCredential, CountPoll, Error};
use test_kit::on_both_engines;

use crate::world::{COMMITTEE, Phone, WANG, World};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    a_failure_at_any_call_leaves_no_trace,
    of_two_uses_at_once_one_counts,
}

/// How many have collected, and how many ballots lie in the box.
fn progress(world: &World, poll: polls::PollId) -> (u64, u64) {
    let view = world
        .read(WANG, move |read, ctx| polls::view(read, ctx, poll))
        .unwrap();
    (view.progress.collected, view.progress.cast)
}

fn a_failure_at_any_call_leaves_no_trace(world: &World) {
    let poll = world.open(Method::Single);
    let elector = world.elector("101", 1970);
    let phone = Phone::new(1);
    let mut failed = 0;
    let mut step = |action: &dyn Fn() -> bool, before: (u64, u64)| {
        for n in 1..100 {
            world.faults.fail_call(n);
            let done = action();
            world.faults.disarm();
            if done {
                return;
            }
            failed += 1;
            assert_eq!(progress(world, poll), before, "call {n}");
        }
        panic!("it never came through");
    };
    let blinded = phone.blinded.message().to_vec();
    let collect = || CollectCredential {
        poll,
        elector,
        blinded: blinded.clone(),
    };
    step(&|| world.run(WANG, collect()).is_ok(), (0, 0));
    let same = blinded.clone();
    let signed = world
        .read(WANG, move |read, ctx| {
            polls::sign(read, ctx, poll, elector, &same)
        })
        .unwrap();
    let ballot = phone.ballot(poll, "1", phone.unblind(&signed));
    step(&|| world.cast(poll, ballot.clone()).is_ok(), (1, 0));
    world.close(poll);
    step(&|| world.run(COMMITTEE, CountPoll { poll }).is_ok(), (1, 1));
    assert!(failed > 15, "only {failed} calls could fail");
}

fn of_two_uses_at_once_one_counts(world: &World) {
    let poll = world.open(Method::Single);
    let phone = Phone::new(1);
    let credential = world
        .collect(WANG, poll, world.elector("101", 1970), &phone)
        .unwrap();
    let ballots = ["1", "2"].map(|choice| phone.ballot(poll, choice, credential.clone()));
    let outcomes: Vec<Result<(), Error>> = std::thread::scope(|scope| {
        let casting = ballots.map(|ballot| scope.spawn(|| world.cast(poll, ballot)));
        casting.map(|thread| thread.join().unwrap()).into()
    });
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert!(
        outcomes
            .iter()
            .any(|outcome| matches!(outcome, Err(Error::AlreadyUsed)))
    );
    assert_eq!(progress(world, poll), (1, 1));
}
