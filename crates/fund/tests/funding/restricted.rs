//! Restricted money stays with its purpose: a treasurer who moves it elsewhere is refused, and the rule is named.

use fund::{
    ApplyForGrant, ChangePurpose, ConfirmVoucher, DecideGrant, Error, Purse, ReviewGrant,
    VoucherKind,
};
use kernel::Problem as _;
use test_kit::on_both_engines;

use crate::proof::prove;
use crate::world::{CHAIR, MAKER, OVERSEER, SECOND, TREASURER, World, project, slip};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    a_treasurer_who_moves_restricted_money_is_told_the_rule,
    general_money_may_be_set_aside_and_does_not_come_back,
    a_purpose_changes_with_the_donors_consent_only,
    a_grant_takes_from_its_own_purpose_only,
}

fn a_treasurer_who_moves_restricted_money_is_told_the_rule(world: &World) {
    let meals = Purse::Purpose(world.purpose("助餐"));
    let trees = Purse::Purpose(world.purpose("植树"));
    world.booked(VoucherKind::Donation, meals, 10_000, "1");
    for target in [Purse::General, Purse::Operation, trees, meals] {
        let mut terms = world.terms(VoucherKind::SetAside, meals, 5_000, "move");
        terms.target = Some(target);
        let refused = world.try_record(terms).unwrap_err();
        let Error::Restricted { purse, citation } = &refused else {
            panic!("moved to {target}: {refused}");
        };
        assert_eq!(purse, "助餐");
        assert!(citation.contains("慈善法"), "{citation}");
        assert_eq!(refused.code(), "fund-error-restricted");
    }
    for kind in [VoucherKind::Administration, VoucherKind::Fundraising] {
        let refused = world.try_record(world.terms(kind, meals, 100, "cost"));
        assert!(matches!(refused, Err(Error::Restricted { .. })), "{kind:?}");
    }
    // On its purpose it may be spent.
    world.booked(VoucherKind::Activity, meals, 4_000, "meals");
    assert_eq!(world.holds(meals), (6_000, 6_000));
    assert_eq!(world.holds(trees), (0, 0));
    prove(world);
}

fn general_money_may_be_set_aside_and_does_not_come_back(world: &World) {
    let meals = Purse::Purpose(world.purpose("助餐"));
    world.booked(VoucherKind::Donation, Purse::General, 10_000, "1");
    let mut terms = world.terms(VoucherKind::SetAside, Purse::General, 6_000, "会议纪要3");
    terms.target = Some(meals);
    let voucher = world.try_record(terms).unwrap();
    world.must(SECOND, ConfirmVoucher { voucher });
    assert_eq!(world.holds(Purse::General), (4_000, 4_000));
    assert_eq!(world.holds(meals), (6_000, 6_000));
    // Income did not grow by it.
    assert_eq!(world.overview().watching.figures.income(), 10_000);
    let mut back = world.terms(VoucherKind::SetAside, meals, 1, "back");
    back.target = Some(Purse::General);
    assert!(matches!(
        world.try_record(back),
        Err(Error::Restricted { .. })
    ));
    let mut sideways = world.terms(VoucherKind::SetAside, Purse::Operation, 1, "side");
    sideways.target = Some(meals);
    assert!(matches!(
        world.try_record(sideways),
        Err(Error::NoRoute { .. })
    ));
    prove(world);
}

fn a_purpose_changes_with_the_donors_consent_only(world: &World) {
    let meals = Purse::Purpose(world.purpose("助餐"));
    let trees = Purse::Purpose(world.purpose("植树"));
    let voucher = world.booked(VoucherKind::Donation, meals, 10_000, "1");
    let partly = world.booked(VoucherKind::Donation, meals, 500, "2");
    let change = |voucher, evidence| ChangePurpose {
        voucher,
        purse: trees,
        reason: "捐赠人来函".to_owned(),
        evidence,
    };
    let bare = world.run(CHAIR, change(voucher, None));
    assert!(matches!(bare, Err(Error::NoFile)), "consent is on paper");
    let own = world.run(TREASURER, change(voucher, Some(slip())));
    assert!(matches!(own, Err(Error::SamePerson { .. })));
    let into = world.must(CHAIR, change(voucher, Some(slip())));
    assert_eq!(world.holds(meals), (500, 500));
    assert_eq!(world.holds(trees), (10_000, 10_000));
    assert_eq!(world.overview().watching.figures.income(), 10_500);
    world.booked(VoucherKind::Activity, meals, 1, "3");
    let spent = world.run(CHAIR, change(partly, Some(slip())));
    assert!(matches!(spent, Err(Error::PartlySpent { spent: 1 })));
    let view = world
        .read(MAKER, move |read, ctx| fund::voucher(read, ctx, into))
        .unwrap();
    assert_eq!(view.voucher.origin, Some(voucher));
    let position = world.read(MAKER, move |read, ctx| {
        fund::receipt_position(read, ctx, into)
    });
    assert!(position.is_ok(), "it has a receipt of its own");
    prove(world);
}

fn a_grant_takes_from_its_own_purpose_only(world: &World) {
    let meals = Purse::Purpose(world.purpose("助餐"));
    let trees = Purse::Purpose(world.purpose("植树"));
    world.booked(VoucherKind::Donation, meals, 10_000, "1");
    let terms = project(trees, &[5_000]);
    let grant = world.must(MAKER, ApplyForGrant { terms });
    let reason = || "可行".to_owned();
    let is_fit = true;
    world.must(
        OVERSEER,
        ReviewGrant {
            grant,
            is_fit,
            reason: reason(),
        },
    );
    let approve = DecideGrant {
        grant,
        is_approved: true,
        reason: reason(),
    };
    let refused = world.run(CHAIR, approve);
    assert!(matches!(
        refused,
        Err(Error::TooLittle {
            needed: 5_000,
            available: 0
        })
    ));
    assert_eq!(world.holds(meals), (10_000, 10_000));
    assert_eq!(world.grant_view(grant).grant.stage(), "applied");
    prove(world);
}
