//! The book on both databases: what is spent at once, what fails half-way, what is altered behind its back.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod world;

use book::{Answer, BookInJournal, Error, GiveBackOverdue, PostBatch, Teller, account_id, chart};
use db::Read;
use kernel::Uuid;
use ledger::{Action, Refusal, Request, TransferId};
use test_kit::on_both_engines;
use world::{
    ANN, BO, Given, SHOP, World, gift, gift_minutes, post_minutes, redeem, reserve_minutes, void,
};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    every_statement_is_understood,
    two_hundred_spenders_of_one_balance_spend_exactly_what_it_holds,
    commands_and_the_teller_share_one_book,
    a_failure_at_any_call_leaves_nothing_half_done,
    the_same_request_is_done_once_whoever_remembers,
    a_reservation_survives_a_restart_and_is_given_back_at_its_deadline,
    a_reservation_of_which_only_the_giver_is_known_can_be_posted_and_given_back,
    lots_are_spent_and_expire_as_the_preview_says,
    a_statement_tells_each_movement_and_the_balance_after_it,
    what_is_altered_behind_the_books_back_is_found,
    a_start_proves_what_changed_since_the_last,
}

fn every_statement_is_understood(world: &World) {
    world
        .community
        .journal
        .database()
        .prepare_all(book::STATEMENTS)
        .unwrap();
}

fn two_hundred_spenders_of_one_balance_spend_exactly_what_it_holds(world: &World) {
    world.give_minutes(ANN, 100);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build()
        .unwrap();
    let (journal, make) = (world.community.journal.clone(), world.contexts());
    let spent = runtime.block_on(async {
        let teller = Teller::start(journal, make);
        let spenders: Vec<_> = (0..200)
            .map(|number| {
                let teller = teller.clone();
                let request = gift_minutes(1_000 + number, ANN, BO, 7);
                tokio::spawn(async move { teller.post(request).await })
            })
            .collect();
        let mut spent = 0;
        for spender in spenders {
            match spender.await.unwrap().unwrap() {
                Answer::Done { repeated, .. } => {
                    assert!(!repeated);
                    spent += 1;
                }
                Answer::Refused(refusal) => {
                    assert!(matches!(refusal, Refusal::TooLittle { .. }), "{refusal}");
                }
            }
        }
        spent
    });
    assert_eq!(spent, 14);
    assert_eq!((world.minutes(ANN), world.minutes(BO)), (2, 98));
    assert_eq!(world.proved().unwrap(), 15);
}

fn commands_and_the_teller_share_one_book(world: &World) {
    world.give_minutes(ANN, 100);
    let batch = PostBatch {
        requests: vec![gift_minutes(1, ANN, BO, 60), gift_minutes(2, ANN, BO, 60)],
        only_new: true,
    };
    let answers = world
        .community
        .journal
        .execute_blocking(world.system(), batch)
        .unwrap();
    assert!(matches!(
        answers[0],
        Answer::Done {
            seq: 2,
            repeated: false
        }
    ));
    assert!(matches!(
        answers[1],
        Answer::Refused(Refusal::TooLittle { available: 40, .. })
    ));
    // 40 commands at once, each with its own entry: those that wait next to each other run together.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let done = runtime.block_on(async {
        let mut running = tokio::task::JoinSet::new();
        for number in 0..40 {
            let (journal, ctx) = (world.community.journal.clone(), world.system());
            let command = Given(vec![gift_minutes(100 + number, ANN, BO, 3)]);
            running.spawn(async move { journal.execute_together(ctx, command).await.is_ok() });
        }
        running.join_all().await
    });
    assert_eq!(done.into_iter().filter(|done| *done).count(), 13);
    assert_eq!(world.minutes(ANN), 1);
    assert_eq!(world.proved().unwrap(), 15);
}

fn a_failure_at_any_call_leaves_nothing_half_done(world: &World) {
    world.give_points(ANN, 50, None);
    world.give_minutes(ANN, 50);
    let mut came_through = 0;
    let mut failed = 0;
    for n in 1..400 {
        let (points, minutes) = (world.points(ANN), world.minutes(ANN));
        let number = u128::from(n);
        let chain = vec![
            redeem(10_000 + number, ANN, SHOP, 1),
            gift(20_000 + number, ANN, BO, 1),
        ];
        let hold = vec![reserve_minutes(30_000 + number, ANN, BO, 1, None)];
        for requests in [chain, hold] {
            world.community.faults.fail_call(n);
            let outcome = world.run(Given(requests));
            world.community.faults.disarm();
            match outcome {
                Ok(_) => came_through += 1,
                Err(_) => failed += 1,
            }
            world.proved().unwrap();
        }
        if world.points(ANN) == points - 2 && world.minutes(ANN) == minutes - 1 {
            break;
        }
    }
    assert!(failed > 10, "only {failed} calls could fail");
    assert!(came_through >= 2, "nothing came through");
}

fn the_same_request_is_done_once_whoever_remembers(world: &World) {
    world.give_minutes(ANN, 100);
    let request = gift_minutes(7, ANN, BO, 30);
    let first = world.run(Given(vec![request])).unwrap();
    let again = world.run(Given(vec![request])).unwrap();
    assert_eq!((first, again), (vec![false], vec![true]));
    world.forget();
    assert_eq!(world.run(Given(vec![request])).unwrap(), vec![true]);
    let other = gift_minutes(7, ANN, BO, 31);
    let refused = world.run(Given(vec![other]));
    assert!(matches!(
        refused,
        Err(Error::Refused(Refusal::IdReused { .. }))
    ));
    // A batch that hopes for new ids meets an old one: the unique index stands in the way.
    world.forget();
    let hopeful = PostBatch {
        requests: vec![request],
        only_new: true,
    };
    let met = world
        .community
        .journal
        .execute_blocking(world.system(), hopeful);
    assert!(
        matches!(met, Err(Error::Database(db::Error::Duplicate { .. }))),
        "{met:?}"
    );
    assert_eq!(world.minutes(BO), 30);
    assert_eq!(world.proved().unwrap(), 2);
}

fn a_reservation_survives_a_restart_and_is_given_back_at_its_deadline(world: &World) {
    world.give_minutes(ANN, 100);
    let deadline = world.community.now().plus_seconds(3_600);
    world
        .run(Given(vec![reserve_minutes(1, ANN, BO, 80, Some(deadline))]))
        .unwrap();
    world.forget();
    assert_eq!(world.minutes(ANN), 20);
    assert_eq!(world.run(GiveBackOverdue).unwrap(), 0);
    let refused = world.run(Given(vec![gift_minutes(2, ANN, BO, 21)]));
    assert!(matches!(
        refused,
        Err(Error::Refused(Refusal::TooLittle { available: 20, .. }))
    ));
    world.forget();
    world.run(Given(vec![post_minutes(3, 1, 55)])).unwrap();
    assert_eq!((world.minutes(ANN), world.minutes(BO)), (45, 55));
    world.forget();
    let twice = world.run(Given(vec![post_minutes(4, 1, 25)]));
    assert!(
        matches!(twice, Err(Error::Refused(Refusal::Closed { .. }))),
        "{twice:?}"
    );
    world
        .run(Given(vec![reserve_minutes(5, ANN, BO, 40, Some(deadline))]))
        .unwrap();
    world.forget();
    world.community.set_now(deadline);
    world
        .run(Given(vec![gift_minutes(6, ANN, BO, 45)]))
        .unwrap();
    assert_eq!((world.minutes(ANN), world.minutes(BO)), (0, 100));
    world.proved().unwrap();
}

fn a_reservation_of_which_only_the_giver_is_known_can_be_posted_and_given_back(world: &World) {
    world.give_minutes(ANN, 100);
    let deadline = world.community.now().plus_seconds(3_600);
    let held = [(1, None), (2, None), (3, Some(deadline))];
    for (id, deadline) in held {
        let hold = reserve_minutes(id, ANN, BO, 20, deadline);
        world.run(Given(vec![hold])).unwrap();
    }
    // What the lane looks up first brings Ann's account and what she holds back, but not Bo's account.
    world.forget();
    world.give_minutes(ANN, 1);
    world.run(Given(vec![post_minutes(4, 1, 15)])).unwrap();
    assert_eq!((world.minutes(ANN), world.minutes(BO)), (46, 15));
    world.forget();
    world.give_minutes(ANN, 1);
    world.run(Given(vec![void(5, 2)])).unwrap();
    assert_eq!((world.minutes(ANN), world.minutes(BO)), (67, 15));
    world.forget();
    world.community.set_now(deadline);
    world.give_minutes(ANN, 1);
    world
        .run(Given(vec![gift_minutes(6, ANN, BO, 88)]))
        .unwrap();
    assert_eq!((world.minutes(ANN), world.minutes(BO)), (0, 103));
    world.proved().unwrap();
}

fn lots_are_spent_and_expire_as_the_preview_says(world: &World) {
    let midnight = world.community.now().plus_days(1);
    world.give_points(ANN, 10, Some(midnight));
    world.give_points(ANN, 10, Some(midnight.plus_days(1)));
    world.run(Given(vec![redeem(50, ANN, SHOP, 4)])).unwrap();
    world.community.set_now(midnight);
    assert_eq!(world.points(ANN), 10);
    let id = world.community.id;
    let due = world.ask(move |read| book::due(read, id, midnight, 100));
    assert_eq!(due.iter().map(|due| due.amount).collect::<Vec<_>>(), [6]);
    let expire = Request {
        id: TransferId(51),
        action: Action::Expire {
            code: chart::POINTS_EXPIRE,
            from: due[0].account,
            to: account_id(chart::POINTS_EXPIRED, Uuid::nil()),
        },
    };
    world.forget();
    world.run(Given(vec![expire])).unwrap();
    assert!(
        world
            .ask(move |read| book::due(read, id, midnight, 100))
            .is_empty()
    );
    // A reversal gives back to the lot it was taken from, and that lot has expired.
    let back = Request {
        id: TransferId(52),
        action: Action::Reverse { of: TransferId(50) },
    };
    world.forget();
    world.run(Given(vec![back])).unwrap();
    assert_eq!(world.points(ANN), 10);
    let due = world.ask(move |read| book::due(read, id, midnight, 100));
    assert_eq!(due.iter().map(|due| due.amount).collect::<Vec<_>>(), [4]);
    world.forget();
    let twice = Request {
        id: TransferId(53),
        action: Action::Reverse { of: TransferId(50) },
    };
    let refused = world.run(Given(vec![twice]));
    assert!(matches!(
        refused,
        Err(Error::Refused(Refusal::Reversed { .. }))
    ));
    world.proved().unwrap();
}

fn a_statement_tells_each_movement_and_the_balance_after_it(world: &World) {
    world.give_points(ANN, 10, None);
    world.give_points(BO, 99, None);
    world.give_points(ANN, 5, None);
    world.run(Given(vec![redeem(50, ANN, SHOP, 12)])).unwrap();
    let account = account_id(chart::POINTS_MEMBER, ANN);
    let id = world.community.id;
    let lines = world.ask(move |read| book::movements(read, id, account, 10));
    let told: Vec<(i64, i64)> = lines
        .iter()
        .map(|line| (line.change, line.balance))
        .collect();
    assert_eq!(told, [(-12, 3), (5, 15), (10, 10)]);
    let lots = world.ask(move |read| book::lots(read, id, account));
    assert_eq!(
        lots.iter().map(|lot| lot.remaining).collect::<Vec<_>>(),
        [3]
    );
    let trial = world.ask(move |read| book::trial_balance(read, id));
    let sum: i64 = trial.iter().map(|line| line.received - line.given).sum();
    assert_eq!((trial.len(), sum), (7, 0));
}

fn what_is_altered_behind_the_books_back_is_found(world: &World) {
    world.give_minutes(ANN, 100);
    world
        .run(Given(vec![gift_minutes(1, ANN, BO, 30)]))
        .unwrap();
    world.proved().unwrap();
    for (alter, restore) in [
        (
            "update book_balance set received = received + 1, given = given + 1 where last_seq = 2",
            "update book_balance set received = received - 1, given = given - 1 where last_seq = 2",
        ),
        (
            "update book_record set amount = 31 where seq = 2",
            "update book_record set amount = 30 where seq = 2",
        ),
        (
            "update book_record set at = at + 1 where seq = 2",
            "update book_record set at = at - 1 where seq = 2",
        ),
        (
            "update book_head set last_seq = 3",
            "update book_head set last_seq = 2",
        ),
    ] {
        world.alter(alter);
        assert!(
            matches!(world.proved(), Err(Error::Unsound { .. })),
            "{alter}"
        );
        world.alter(restore);
        world.proved().unwrap();
    }
    world.alter("delete from book_record where seq = 2");
    assert!(world.proved().is_err());
    let id = world.community.id;
    let nothing_stamped = world
        .community
        .journal
        .database()
        .read_blocking(move |read: &mut dyn Read| BookInJournal::new().compare(read, id));
    assert!(nothing_stamped.is_err());
}

fn a_start_proves_what_changed_since_the_last(world: &World) {
    assert_eq!(world.proved_at_start().unwrap(), 0);
    world.give_minutes(ANN, 100);
    world.give_points(ANN, 30, None);
    world
        .run(Given(vec![reserve_minutes(1, ANN, BO, 40, None)]))
        .unwrap();
    world
        .run(Given(vec![reserve_minutes(2, ANN, BO, 5, None)]))
        .unwrap();
    assert_eq!(world.proved_at_start().unwrap(), 4);
    assert_eq!(world.proved_at_start().unwrap(), 0);
    // What was open is closed after the proof, lots are taken from, and an account is new.
    world.run(Given(vec![post_minutes(3, 1, 25)])).unwrap();
    world.run(Given(vec![redeem(4, ANN, SHOP, 7)])).unwrap();
    assert_eq!(world.proved_at_start().unwrap(), 2);
    world.proved().unwrap();
    world.run(Given(vec![redeem(5, ANN, SHOP, 1)])).unwrap();
    for (alter, restore) in [
        (
            "update book_lot set remaining = remaining + 1",
            "update book_lot set remaining = remaining - 1",
        ),
        (
            "update book_balance set received = received + 1 where last_seq = 7",
            "update book_balance set received = received - 1 where last_seq = 7",
        ),
        (
            "update book_record set amount = 2 where seq = 7",
            "update book_record set amount = 1 where seq = 7",
        ),
        (
            "update book_open set seq = seq + 100",
            "update book_open set seq = seq - 100",
        ),
    ] {
        world.alter(alter);
        let proved = world.proved_at_start();
        assert!(
            matches!(proved, Err(Error::Unsound { .. })),
            "{alter}: {proved:?}"
        );
        world.alter(restore);
    }
    assert_eq!(world.proved_at_start().unwrap(), 1);
}
