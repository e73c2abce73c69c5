//! Points through commands and queries, on SQLite and on PostgreSQL.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod beyond;
mod permissions;
mod world;

use beyond::{
    a_fee_offset_has_its_cap_and_a_year_closes_as_previewed,
    a_sessions_code_earns_once_for_those_who_are_there,
    a_vote_on_the_platform_pays_once_after_the_count,
    points_go_to_family_with_their_dates_and_to_nobody_else,
    what_seems_odd_is_raised_once_and_refused_to_nobody,
};
use book::BookInJournal;
use db::Read;
use kernel::{Problem as _, Timestamp};
use points::{
    ApproveItem, CancelRedemption, ClaimPoints, ConfirmClaim, EndRule, Error, ExpirePoints,
    FETCH_DAYS, HandOver, OfferItem, RedeemItem, RefuseClaim, Standing, counter, desk, statement,
    waiting_claims,
};
use test_kit::{TestCommunity, on_both_engines};
use world::{CHEN, COMMITTEE, NEIGHBOUR, OTHER_PROVIDER, PROVIDER, RESIDENT, World, haircut};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    every_statement_is_understood,
    an_act_earns_points_once_somebody_else_confirms_it,
    caps_hold_by_day_and_year_and_refused_claims_don_t_count,
    what_is_redeemed_is_held_and_paid_when_it_is_handed_over,
    a_cancelled_or_forgotten_redemption_gives_the_points_back,
    the_last_one_is_redeemed_once,
    points_expire_as_the_preview_says,
    a_failure_at_any_call_of_a_confirmation_or_redemption_leaves_no_trace,
    a_sessions_code_earns_once_for_those_who_are_there,
    a_vote_on_the_platform_pays_once_after_the_count,
    points_go_to_family_with_their_dates_and_to_nobody_else,
    what_seems_odd_is_raised_once_and_refused_to_nobody,
    a_fee_offset_has_its_cap_and_a_year_closes_as_previewed,
}

fn every_statement_is_understood(world: &World) {
    let database = world.journal.database();
    for room in points::STATEMENTS {
        database.prepare_all(room).unwrap();
    }
}

fn an_act_earns_points_once_somebody_else_confirms_it(world: &World) {
    let rule = world.rule(5, 1, 100, 365);
    let claim = world.must(RESIDENT, claim(rule, "照看王奶奶"));
    assert_eq!(world.mine(RESIDENT).available, 0);
    let waiting = world.read(COMMITTEE, waiting_claims).unwrap();
    assert_eq!(waiting[0].evidence, "照看王奶奶");
    assert_eq!(world.must(COMMITTEE, ConfirmClaim { claim }), 5);
    let again = world.run(CHEN, ConfirmClaim { claim });
    assert!(matches!(again, Err(Error::Settled { .. })));
    let mine = world.mine(RESIDENT);
    assert_eq!((mine.available, mine.lots.len()), (5, 1));
    let expires = mine.lots[0].expires_at.unwrap();
    assert_eq!(
        expires,
        Timestamp::start_of(world.now().plus_days(366).date())
    );
    // A member of the committee earns too, but not by their own word.
    let own = world.must(COMMITTEE, self::claim(rule, "巡逻"));
    let refused = world.run(COMMITTEE, ConfirmClaim { claim: own });
    assert!(matches!(refused, Err(Error::OwnClaim)));
    world.must(CHEN, ConfirmClaim { claim: own });
    assert_eq!(world.mine(COMMITTEE).available, 5);
    let told = world
        .read(RESIDENT, |read, ctx| statement(read, ctx, None))
        .unwrap();
    assert_eq!(told[0].1.as_deref(), Some("敬老"));
    prove(world);
}

fn caps_hold_by_day_and_year_and_refused_claims_don_t_count(world: &World) {
    let rule = world.rule(5, 1, 2, 365);
    let first = world.must(RESIDENT, claim(rule, "一"));
    let second = world.run(RESIDENT, claim(rule, "二"));
    assert!(matches!(
        second,
        Err(Error::CapReached {
            period: "day",
            cap: 1
        })
    ));
    // Caps are each person's own.
    world.must(NEIGHBOUR, claim(rule, "邻居"));
    let reason = "没有人看见".to_owned();
    world.must(
        COMMITTEE,
        RefuseClaim {
            claim: first,
            reason,
        },
    );
    world.must(RESIDENT, claim(rule, "二"));
    world.set_now(world.now().plus_days(1));
    world.must(RESIDENT, claim(rule, "三"));
    world.set_now(world.now().plus_days(1));
    let fourth = world.run(RESIDENT, claim(rule, "四"));
    assert!(matches!(
        fourth,
        Err(Error::CapReached {
            period: "year",
            cap: 2
        })
    ));
    // 23 November and some days: on 1 January the year's count begins anew.
    world.set_now(Timestamp::start_of("2027-01-01".parse().unwrap()));
    world.must(RESIDENT, claim(rule, "新年"));
    world.must(COMMITTEE, EndRule { rule });
    world.set_now(world.now().plus_days(1));
    let ended = world.run(RESIDENT, claim(rule, "晚了"));
    assert!(matches!(ended, Err(Error::NotOpen { .. })));
}

fn what_is_redeemed_is_held_and_paid_when_it_is_handed_over(world: &World) {
    world.earn(RESIDENT, 30);
    let item = world.item(PROVIDER, 20, 5);
    world.must(RESIDENT, RedeemItem { item });
    let mine = world.mine(RESIDENT);
    assert_eq!(mine.available, 10);
    let too_few = world.run(RESIDENT, RedeemItem { item }).unwrap_err();
    assert_eq!(too_few.code(), "book-error-too-little");
    let code = mine.redemptions[0].code.clone();
    let other = world.run(OTHER_PROVIDER, HandOver { code: code.clone() });
    assert!(matches!(other, Err(Error::OtherProvider)));
    // However it is typed.
    let typed = code.replace('-', " ");
    let handed = world.must(PROVIDER, HandOver { code: typed });
    assert_eq!(handed, ("理发".to_owned(), 20));
    let twice = world.run(PROVIDER, HandOver { code });
    assert!(matches!(twice, Err(Error::Settled { .. })));
    assert_eq!(world.mine(RESIDENT).available, 10);
    let (_, earned) = world.read(PROVIDER, counter).unwrap();
    assert_eq!(earned, 20);
    assert!(
        world
            .run(
                PROVIDER,
                HandOver {
                    code: "1".to_owned()
                }
            )
            .is_err()
    );
    prove(world);
}

fn a_cancelled_or_forgotten_redemption_gives_the_points_back(world: &World) {
    world.earn(RESIDENT, 20);
    let item = world.item(PROVIDER, 20, 1);
    let redemption = world.must(RESIDENT, RedeemItem { item });
    let stranger = world.run(NEIGHBOUR, CancelRedemption { redemption });
    assert!(matches!(stranger, Err(Error::NotFound { .. })));
    world.must(RESIDENT, CancelRedemption { redemption });
    assert_eq!(
        (
            world.mine(RESIDENT).available,
            world.mine(RESIDENT).items[0].left
        ),
        (20, 1)
    );
    world.must(RESIDENT, RedeemItem { item });
    let code = world.mine(RESIDENT).redemptions[0].code.clone();
    world.set_now(world.now().plus_days(FETCH_DAYS));
    let late = world.run(PROVIDER, HandOver { code });
    assert!(matches!(late, Err(Error::Settled { .. })));
    let ctx = world.system();
    assert_eq!(
        world
            .journal
            .execute_blocking(ctx, book::GiveBackOverdue)
            .unwrap(),
        1
    );
    let mine = world.mine(RESIDENT);
    assert_eq!((mine.available, mine.items[0].left), (20, 1));
    assert_eq!(mine.redemptions[0].standing(world.now()), Standing::RanOut);
    prove(world);
}

fn the_last_one_is_redeemed_once(world: &World) {
    world.earn(RESIDENT, 20);
    world.earn(NEIGHBOUR, 20);
    let terms = haircut(20, 1);
    let item = world.must(PROVIDER, OfferItem { terms });
    let early = world.run(RESIDENT, RedeemItem { item });
    assert!(matches!(early, Err(Error::NotOpen { .. })));
    world.must(COMMITTEE, ApproveItem { item });
    world.must(RESIDENT, RedeemItem { item });
    let late = world.run(NEIGHBOUR, RedeemItem { item });
    assert!(matches!(late, Err(Error::SoldOut)));
    assert_eq!(world.mine(NEIGHBOUR).available, 20);
}

fn points_expire_as_the_preview_says(world: &World) {
    let rule = world.rule(7, 10, 100, 10);
    let claim = world.must(RESIDENT, claim(rule, "一"));
    world.must(COMMITTEE, ConfirmClaim { claim });
    let preview = world.read(COMMITTEE, desk).unwrap().preview;
    assert_eq!(preview.iter().map(|due| due.amount).sum::<i64>(), 7);
    let early = world.run(COMMITTEE, ExpirePoints);
    assert!(matches!(early, Err(Error::Settled { .. })));
    world.set_now(preview[0].expires_at);
    assert_eq!(world.mine(RESIDENT).available, 0);
    assert_eq!(world.must(COMMITTEE, ExpirePoints), 7);
    assert!(world.mine(RESIDENT).lots.is_empty());
    let trial = world.read(COMMITTEE, desk).unwrap().trial;
    assert_eq!(
        trial
            .iter()
            .map(|line| line.received - line.given)
            .sum::<i64>(),
        0
    );
    prove(world);
}

fn a_failure_at_any_call_of_a_confirmation_or_redemption_leaves_no_trace(world: &World) {
    let rule = world.rule(20, 100, 100, 365);
    let item = world.item(PROVIDER, 20, 5);
    let claim = world.must(RESIDENT, claim(rule, "一"));
    let mut failed = 0;
    let mut step = |action: &dyn Fn() -> bool, before: i64| {
        for n in 1..100 {
            world.faults.fail_call(n);
            let done = action();
            world.faults.disarm();
            if done {
                return;
            }
            failed += 1;
            assert_eq!(world.mine(RESIDENT).available, before, "call {n}");
            prove(world);
        }
        panic!("it never came through");
    };
    step(&|| world.run(COMMITTEE, ConfirmClaim { claim }).is_ok(), 0);
    step(&|| world.run(RESIDENT, RedeemItem { item }).is_ok(), 20);
    assert_eq!(world.mine(RESIDENT).available, 0);
    assert_eq!(world.mine(RESIDENT).redemptions.len(), 1);
    assert!(failed > 10, "only {failed} calls could fail");
}

fn claim(rule: points::RuleId, evidence: &str) -> ClaimPoints {
    ClaimPoints {
        rule,
        evidence: evidence.to_owned(),
    }
}

/// What `linli verify` does with the book.
fn prove(world: &World) {
    let (id, key) = (world.id, world.journal.signer().verifying_key());
    let proved: Result<u64, book::Error> =
        world
            .journal
            .database()
            .read_blocking(move |read: &mut dyn Read| {
                let mut stamps = BookInJournal::new();
                journal::audit(read, &TestCommunity::vault(), &key, id, &mut |entry| {
                    stamps.see(entry);
                    Ok(())
                })?;
                stamps.compare(read, id)
            });
    proved.unwrap();
}
