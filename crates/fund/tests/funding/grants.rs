//! Grants: reviewed by others, held when approved, paid once against checked evidence, the rest free at the end.

use fund::{
    ApplyForGrant, CheckEvidence, DecideGrant, EndGrant, Error, GrantId, PayTranche, Purse,
    ReviewGrant, SubmitEvidence, TrancheId, VoucherKind,
};
use test_kit::{Person, on_both_engines};

use crate::proof::prove;
use crate::world::{CHAIR, DONOR, MAKER, OVERSEER, SECOND, TREASURER, World, project, slip};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    a_grant_is_paid_in_tranches_and_its_rest_is_free_at_the_end,
    a_tranche_is_paid_once_though_two_clerks_pay_at_once,
    nobody_decides_on_their_own_project,
    a_cancelled_grant_holds_nothing,
    evidence_that_was_found_wanting_is_shown_again,
}

pub(crate) fn said() -> String {
    "看过了".to_owned()
}

pub(crate) fn approved(world: &World, purse: Purse, tranches: &[i64]) -> GrantId {
    let terms = project(purse, tranches);
    let grant = world.must(MAKER, ApplyForGrant { terms });
    let review = ReviewGrant {
        grant,
        is_fit: true,
        reason: said(),
    };
    world.must(OVERSEER, review);
    let decide = DecideGrant {
        grant,
        is_approved: true,
        reason: said(),
    };
    world.must(CHAIR, decide);
    grant
}

pub(crate) fn tranche(world: &World, grant: GrantId, place: usize) -> TrancheId {
    world.grant_view(grant).tranches[place].tranche.id
}

pub(crate) fn show(tranche: TrancheId) -> SubmitEvidence {
    SubmitEvidence {
        tranche,
        note: "发票与照片".to_owned(),
        evidence: Some(slip()),
    }
}

pub(crate) fn check(tranche: TrancheId, is_met: bool) -> CheckEvidence {
    CheckEvidence {
        tranche,
        is_met,
        reason: said(),
    }
}

pub(crate) fn pay(tranche: TrancheId, amount: Option<i64>, reference: &str) -> PayTranche {
    PayTranche {
        tranche,
        amount,
        reference: reference.to_owned(),
    }
}

fn a_grant_is_paid_in_tranches_and_its_rest_is_free_at_the_end(world: &World) {
    let first = world.booked(VoucherKind::Donation, Purse::General, 6_000, "1");
    let second = world.booked(VoucherKind::Donation, Purse::General, 6_000, "2");
    let grant = approved(world, Purse::General, &[5_000, 3_000, 2_000]);
    assert_eq!(
        world.holds(Purse::General),
        (12_000, 2_000),
        "10,000 are held"
    );
    let [one, two, _] = [0, 1, 2].map(|place| tranche(world, grant, place));
    let unshown = world.run(TREASURER, pay(one, None, "P1"));
    assert!(matches!(unshown, Err(Error::NotOpen { .. })));
    world.must(MAKER, show(one));
    let unchecked = world.run(TREASURER, pay(one, None, "P1"));
    assert!(matches!(unchecked, Err(Error::NotOpen { .. })));
    world.must(SECOND, check(one, true));
    let own_check = world.run(SECOND, pay(one, None, "P1"));
    assert!(matches!(own_check, Err(Error::SamePerson { .. })));
    let more = world.run(TREASURER, pay(one, Some(5_001), "P1"));
    assert!(matches!(
        more,
        Err(Error::MoreThanTranche { amount: 5_000 })
    ));
    assert_eq!(world.must(TREASURER, pay(one, None, "P1")), 5_000);
    let twice = world.run(TREASURER, pay(one, None, "P2"));
    assert!(matches!(twice, Err(Error::Settled { .. })));
    world.must(MAKER, show(two));
    world.must(SECOND, check(two, true));
    let same_line = world.run(TREASURER, pay(two, None, "P1"));
    assert!(matches!(same_line, Err(Error::RecordedBefore { .. })));
    // Less than was held: what is not taken is free at once.
    assert_eq!(world.must(TREASURER, pay(two, Some(2_500), "P2")), 2_500);
    assert_eq!(world.holds(Purse::General), (4_500, 2_500));
    let end = |is_finished| EndGrant {
        grant,
        is_finished,
        reason: said(),
    };
    assert_eq!(world.must(CHAIR, end(true)), 2_000);
    assert_eq!(world.holds(Purse::General), (4_500, 4_500));
    let again = world.run(CHAIR, end(false));
    assert!(matches!(again, Err(Error::NotOpen { .. })));
    let view = world.grant_view(grant);
    assert_eq!((view.paid(), view.grant.stage()), (7_500, "finished"));
    // Down to the donations that paid it, the oldest first.
    assert_eq!(view.tranches[0].sources, [(first, 5_000)]);
    assert_eq!(view.tranches[1].sources, [(first, 1_000), (second, 1_500)]);
    assert_eq!(world.overview().watching.figures.grants, 7_500);
    prove(world);
}

fn a_tranche_is_paid_once_though_two_clerks_pay_at_once(world: &World) {
    world.booked(VoucherKind::Donation, Purse::General, 9_000, "1");
    let grant = approved(world, Purse::General, &[5_000]);
    let one = tranche(world, grant, 0);
    world.must(MAKER, show(one));
    world.must(OVERSEER, check(one, true));
    let outcomes = std::thread::scope(|scope| {
        let clerks = [(TREASURER, "P1"), (SECOND, "P2")]
            .map(|(who, reference)| scope.spawn(move || world.run(who, pay(one, None, reference))));
        clerks.map(|clerk| clerk.join().unwrap())
    });
    let paid = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(paid, 1, "{outcomes:?}");
    assert_eq!(world.holds(Purse::General), (4_000, 4_000));
    prove(world);
}

fn nobody_decides_on_their_own_project(world: &World) {
    world.booked(VoucherKind::Donation, Purse::General, 9_000, "1");
    let terms = project(Purse::General, &[1_000]);
    let grant = world.must(CHAIR, ApplyForGrant { terms });
    let review = || ReviewGrant {
        grant,
        is_fit: true,
        reason: said(),
    };
    let decide = || DecideGrant {
        grant,
        is_approved: true,
        reason: said(),
    };
    let own =
        |outcome: Result<(), Error>| assert!(matches!(outcome, Err(Error::SamePerson { .. })));
    own(world.run(CHAIR, review()).map(drop));
    own(world.run(CHAIR, decide()));
    let unreviewed = world.run(SECOND, decide());
    assert!(matches!(unreviewed, Err(Error::Unreviewed)));
    world.must(SECOND, review());
    let alone = world.run(SECOND, decide());
    assert!(matches!(alone, Err(Error::Unreviewed)), "two pairs of eyes");
    world.must(TREASURER, decide());
    let one = tranche(world, grant, 0);
    world.must(CHAIR, show(one));
    own(world.run(CHAIR, check(one, true)));
    world.must(SECOND, check(one, true));
    own(world.run(CHAIR, pay(one, None, "P")).map(drop));
    let end = EndGrant {
        grant,
        is_finished: false,
        reason: said(),
    };
    own(world.run(CHAIR, end).map(drop));
    let theirs = world.run(DONOR, show(one));
    assert!(matches!(theirs, Err(Error::NotFound { .. })), "{theirs:?}");
    prove(world);
}

fn a_cancelled_grant_holds_nothing(world: &World) {
    world.booked(VoucherKind::Donation, Purse::General, 9_000, "1");
    let grant = approved(world, Purse::General, &[5_000, 4_000]);
    assert_eq!(world.holds(Purse::General), (9_000, 0));
    let end = |is_finished| EndGrant {
        grant,
        is_finished,
        reason: said(),
    };
    let unpaid = world.run(TREASURER, end(true));
    assert!(
        matches!(unpaid, Err(Error::NotOpen { .. })),
        "nothing was paid"
    );
    assert_eq!(world.must(TREASURER, end(false)), 9_000);
    assert_eq!(world.holds(Purse::General), (9_000, 9_000));
    let one = tranche(world, grant, 0);
    let late: Result<(), Error> = world.run(MAKER, show(one));
    assert!(matches!(late, Err(Error::NotOpen { .. })));
    assert_eq!(world.grant_view(grant).grant.stage(), "cancelled");
    prove(world);
}

fn evidence_that_was_found_wanting_is_shown_again(world: &World) {
    world.booked(VoucherKind::Donation, Purse::General, 9_000, "1");
    let grant = approved(world, Purse::General, &[5_000]);
    let one = tranche(world, grant, 0);
    world.must(MAKER, show(one));
    world.must(SECOND, check(one, false));
    let unmet = world.run(TREASURER, pay(one, None, "P"));
    assert!(matches!(unmet, Err(Error::NotOpen { .. })));
    world.must(MAKER, show(one));
    let stage = |world: &World| world.grant_view(grant).tranches[0].tranche.stage();
    assert_eq!(stage(world), "submitted");
    let check_own: [Person; 1] = [MAKER];
    for who in check_own {
        assert!(matches!(
            world.run(who, check(one, true)),
            Err(Error::Denied(_))
        ));
    }
    world.must(SECOND, check(one, true));
    let after = world.run(MAKER, show(one));
    assert!(matches!(after, Err(Error::Settled { .. })));
    assert_eq!(world.grant_view(grant).tranches[0].files.len(), 2);
    prove(world);
}
