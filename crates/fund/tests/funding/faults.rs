//! Bad luck: a database call that fails leaves nothing half done, neither in the tables nor in the book; what is sent twice
//! with one key is done once.

use fund::{
    ChangePurpose, ConfirmVoucher, DecideGrant, Error, Purse, RecordVoucher, ReviewGrant,
    VoucherKind,
};
use journal::Command;
use test_kit::{Person, on_both_engines};

use crate::grants::{check, pay, said, show, tranche};
use crate::proof::prove;
use crate::world::{CHAIR, MAKER, OVERSEER, SECOND, TREASURER, World, project, slip};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    a_failure_at_any_call_leaves_no_trace,
    what_is_sent_twice_with_one_key_is_done_once,
}

/// All that the public book and the journal know.
fn trace(world: &World) -> String {
    let community = world.id;
    let entries = world
        .journal
        .database()
        .read_blocking(move |read| journal::entries(read, community, 0, 1_000))
        .unwrap();
    let overview = world.overview();
    format!(
        "{} entries, {:?}, {:?}, {:?}",
        entries.len(),
        overview.purses,
        overview.grants,
        overview.recent
    )
}

/// Tries a command with every call failing in turn, until none is left to fail. Gives how many failed, and what came of it.
fn in_spite_of_all<C: Command<Error = Error>>(
    world: &World,
    who: Person,
    command: impl Fn() -> C,
) -> (u64, C::Outcome) {
    let before = trace(world);
    for call in 1..200 {
        world.faults.fail_call(call);
        let outcome = world.run(who, command());
        world.faults.disarm();
        match outcome {
            Ok(outcome) => return (call - 1, outcome),
            Err(_) => assert_eq!(trace(world), before, "{} at call {call}", C::NAME),
        }
    }
    panic!("{} never came through", C::NAME);
}

fn a_failure_at_any_call_leaves_no_trace(world: &World) {
    let trees = Purse::Purpose(world.purpose("植树"));
    let mut failed = 0;
    let mut count = |failures| {
        assert!(failures > 3, "only {failures} calls could fail");
        failed += failures;
    };
    let terms = || world.terms(VoucherKind::Donation, Purse::General, 9_000, "1");
    let record = || RecordVoucher {
        terms: terms(),
        evidence: Some(slip()),
    };
    let (failures, voucher) = in_spite_of_all(world, TREASURER, record);
    count(failures);
    count(in_spite_of_all(world, SECOND, || ConfirmVoucher { voucher }).0);
    let change = || ChangePurpose {
        voucher,
        purse: trees,
        reason: said(),
        evidence: Some(slip()),
    };
    count(in_spite_of_all(world, CHAIR, change).0);
    let apply = || fund::ApplyForGrant {
        terms: project(trees, &[4_000, 1_000]),
    };
    let (failures, grant) = in_spite_of_all(world, MAKER, apply);
    count(failures);
    let review = ReviewGrant {
        grant,
        is_fit: true,
        reason: said(),
    };
    world.must(OVERSEER, review);
    let decide = || DecideGrant {
        grant,
        is_approved: true,
        reason: said(),
    };
    count(in_spite_of_all(world, CHAIR, decide).0);
    let one = tranche(world, grant, 0);
    count(in_spite_of_all(world, MAKER, || show(one)).0);
    count(in_spite_of_all(world, SECOND, || check(one, true)).0);
    count(in_spite_of_all(world, TREASURER, || pay(one, None, "P")).0);
    let end = || fund::EndGrant {
        grant,
        is_finished: true,
        reason: said(),
    };
    count(in_spite_of_all(world, CHAIR, end).0);
    assert_eq!(world.holds(trees), (5_000, 5_000));
    assert!(failed > 60, "only {failed} calls could fail");
    prove(world);
}

fn what_is_sent_twice_with_one_key_is_done_once(world: &World) {
    let terms = world.terms(VoucherKind::Donation, Purse::General, 9_000, "1");
    let record = |amount| {
        let mut ctx = world.context(TREASURER);
        ctx.idempotency_key = Some("k-1".to_owned());
        let mut terms = terms.clone();
        terms.amount = amount;
        let evidence = Some(slip());
        world
            .journal
            .execute_blocking(ctx, RecordVoucher { terms, evidence })
    };
    let voucher = record(9_000).unwrap();
    assert_eq!(record(9_000).unwrap(), voucher, "the stored answer");
    assert!(
        matches!(record(9_001), Err(Error::Journal(_))),
        "a conflict"
    );
    for _ in 0..2 {
        let mut ctx = world.context(SECOND);
        ctx.idempotency_key = Some("k-2".to_owned());
        let confirm = ConfirmVoucher { voucher };
        let number = world.journal.execute_blocking(ctx, confirm).unwrap();
        assert_eq!(number, Some(1));
    }
    assert_eq!(world.holds(Purse::General), (9_000, 9_000));
    prove(world);
}
