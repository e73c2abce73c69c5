//! Donations: announced, recorded by one, confirmed by another, shown as the donor chose, returned whole or not at all.

use fund::{
    AnnounceGift, ConfirmVoucher, Display, DonorTerms, Error, Evidence, Giver, Purse,
    RecordVoucher, RefuseVoucher, ReturnDonation, VoucherKind, WithdrawGift,
};
use test_kit::on_both_engines;

use crate::proof::prove;
use crate::world::{CHAIR, DONOR, MAKER, SECOND, STRANGER, TREASURER, World, slip};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    a_donation_counts_when_somebody_else_has_confirmed_it,
    an_announced_donation_finds_its_donor,
    one_line_of_the_bank_statement_is_one_record,
    a_donation_goes_back_whole_or_not_at_all,
    the_operation_fund_gets_its_share_to_the_fen,
    what_cannot_be_is_refused,
    every_statement_can_be_prepared,
}

fn a_donation_counts_when_somebody_else_has_confirmed_it(world: &World) {
    let terms = world.terms(VoucherKind::Donation, Purse::General, 50_000, "0001");
    let voucher = world.try_record(terms).unwrap();
    assert_eq!(world.holds(Purse::General), (0, 0));
    let own = world.run(TREASURER, ConfirmVoucher { voucher });
    assert!(matches!(own, Err(Error::SamePerson { .. })));
    // Nobody but those who keep the book sees what is not confirmed.
    let unseen = world.read(DONOR, move |read, ctx| fund::voucher(read, ctx, voucher));
    assert!(matches!(unseen, Err(Error::NotFound { .. })));
    assert_eq!(world.must(SECOND, ConfirmVoucher { voucher }), Some(1));
    let again = world.run(SECOND, ConfirmVoucher { voucher });
    assert!(matches!(again, Err(Error::Settled { .. })));
    assert_eq!(world.holds(Purse::General), (50_000, 50_000));
    let lines = world.lines();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].donor, Some(Giver::Shown("王**".to_owned())));
    let seen = world
        .read(MAKER, move |read, ctx| fund::voucher(read, ctx, voucher))
        .unwrap();
    assert_eq!((seen.name, seen.files.len()), (None, 1));
    assert!(!seen.files[0].may_open, "a bank's slip tells names");
    let slip = seen.files[0].line.id;
    let kept = world.read(MAKER, move |read, ctx| fund::file(read, ctx, slip));
    assert!(matches!(kept, Err(Error::NotFound { .. })));
    let kept = world.read(SECOND, move |read, ctx| fund::file(read, ctx, slip));
    assert!(kept.unwrap().0.starts_with(b"\x89PNG"));
    let unknown = world.read(STRANGER, move |read, ctx| fund::voucher(read, ctx, voucher));
    assert!(matches!(unknown, Err(Error::Denied(_))));
    prove(world);
}

fn an_announced_donation_finds_its_donor(world: &World) {
    let purse = Purse::Purpose(world.purpose("助餐"));
    let announce = |display| AnnounceGift {
        donor: DonorTerms {
            name: "沈国强".to_owned(),
            display,
        },
        purse,
        amount: 8_800,
    };
    let (gift, code) = world.must(DONOR, announce(Display::Anonymous));
    let mut terms = world.terms(VoucherKind::Donation, Purse::General, 8_800, "77");
    terms.donor = None;
    terms.gift_code = Some(code);
    // It was announced for a purpose, and is not booked for another.
    let elsewhere = world.try_record(terms.clone());
    assert!(matches!(
        elsewhere,
        Err(Error::NoSuchChoice { field: "purse" })
    ));
    terms.purse = purse;
    let voucher = world.try_record(terms.clone()).unwrap();
    world.must(SECOND, ConfirmVoucher { voucher });
    let mine = world.read(DONOR, fund::mine).unwrap();
    assert_eq!(mine.donations[0].id, voucher);
    assert!(mine.gifts[0].gift.received_at.is_some());
    assert_eq!(
        world.lines()[0].donor,
        Some(Giver::Anonymous),
        "nobody is named"
    );
    let theirs = world
        .read(DONOR, move |read, ctx| fund::voucher(read, ctx, voucher))
        .unwrap();
    assert_eq!(theirs.name.as_deref(), Some("沈国强"));
    let position = world.read(DONOR, move |read, ctx| {
        fund::receipt_position(read, ctx, voucher)
    });
    assert!(position.unwrap().1);
    "78".clone_into(&mut terms.reference);
    let twice = world.try_record(terms);
    assert!(matches!(twice, Err(Error::Settled { .. })));
    let late = world.run(DONOR, WithdrawGift { gift });
    assert!(matches!(late, Err(Error::Settled { .. })));
    let (other, _) = world.must(DONOR, announce(Display::Named));
    let theirs = world.run(MAKER, WithdrawGift { gift: other });
    assert!(matches!(theirs, Err(Error::NotFound { .. })));
    world.must(DONOR, WithdrawGift { gift: other });
    prove(world);
}

fn one_line_of_the_bank_statement_is_one_record(world: &World) {
    let terms = || world.terms(VoucherKind::Donation, Purse::General, 100, "A-1");
    let voucher = world.try_record(terms()).unwrap();
    let again = world.try_record(terms());
    assert!(matches!(again, Err(Error::RecordedBefore { .. })));
    let reason = "金额不符".to_owned();
    world.must(SECOND, RefuseVoucher { voucher, reason });
    let voucher = world.try_record(terms()).unwrap();
    world.must(SECOND, ConfirmVoucher { voucher });
    assert_eq!(world.holds(Purse::General).0, 100);
    prove(world);
}

fn a_donation_goes_back_whole_or_not_at_all(world: &World) {
    let first = world.booked(VoucherKind::Donation, Purse::General, 1_000, "1");
    let second = world.booked(VoucherKind::Donation, Purse::General, 1_000, "2");
    world.booked(VoucherKind::Administration, Purse::General, 300, "3");
    let give_back = |voucher| ReturnDonation {
        voucher,
        reason: "误转".to_owned(),
        evidence: Some(slip()),
    };
    let spent = world.run(CHAIR, give_back(first));
    assert!(matches!(spent, Err(Error::PartlySpent { spent: 300 })));
    let own = world.run(TREASURER, give_back(second));
    assert!(matches!(own, Err(Error::SamePerson { .. })));
    let bare = ReturnDonation {
        evidence: None,
        ..give_back(second)
    };
    assert!(matches!(world.run(CHAIR, bare), Err(Error::NoFile)));
    world.must(CHAIR, give_back(second));
    let again = world.run(CHAIR, give_back(second));
    assert!(matches!(again, Err(Error::Settled { .. })));
    assert_eq!(world.holds(Purse::General), (700, 700));
    let returned = world
        .lines()
        .into_iter()
        .filter(|line| line.kind == "returned");
    assert_eq!(returned.map(|line| line.amount).sum::<i64>(), -1_000);
    assert_eq!(world.overview().watching.figures.income(), 1_000);
    prove(world);
}

fn the_operation_fund_gets_its_share_to_the_fen(world: &World) {
    world.booked(VoucherKind::Surplus, Purse::Operation, 100_001, "S1");
    // Three tenths of 1,000.01 yuan, rounded down.
    assert_eq!(world.holds(Purse::Operation), (30_000, 30_000));
    let elsewhere = world.terms(VoucherKind::Surplus, Purse::General, 100, "S2");
    assert!(matches!(
        world.try_record(elsewhere),
        Err(Error::NoRoute { .. })
    ));
    let mut without = crate::world::charter(fund::Standing::SpecialFund);
    without.surplus_share = None;
    world.must(CHAIR, fund::SetCharter { terms: without });
    let unset = world.terms(VoucherKind::Surplus, Purse::Operation, 100, "S3");
    assert!(matches!(world.try_record(unset), Err(Error::NoShare)));
    assert!(!world.overview().surplus_grounds[0].verified);
    prove(world);
}

fn what_cannot_be_is_refused(world: &World) {
    let good = || world.terms(VoucherKind::Donation, Purse::General, 100, "x");
    for (amount, means) in [(0, "none"), (-5, "less"), (i64::MAX, "too much")] {
        let mut terms = good();
        terms.amount = amount;
        let refused = world.try_record(terms);
        assert!(matches!(refused, Err(Error::OutOfRange { .. })), "{means}");
    }
    let mut tomorrow = good();
    tomorrow.day = world.now().plus_days(1).date();
    assert!(matches!(
        world.try_record(tomorrow),
        Err(Error::ImpossibleDay { .. })
    ));
    let mut nobody = good();
    nobody.donor = None;
    assert!(matches!(world.try_record(nobody), Err(Error::Blank { .. })));
    let mut nowhere = good();
    nowhere.purse = Purse::Purpose(fund::PurposeId::from_uuid(kernel::Uuid::from_u128(5)));
    assert!(matches!(
        world.try_record(nowhere),
        Err(Error::NotFound { .. })
    ));
    let script = Evidence {
        name: "x.png".to_owned(),
        media_type: "image/png".to_owned(),
        content: b"<svg onload=alert(1)>".to_vec(),
    };
    let record = RecordVoucher {
        terms: good(),
        evidence: Some(script),
    };
    assert!(matches!(
        world.run(TREASURER, record),
        Err(Error::UnfitFile { .. })
    ));
    let purpose = world.purpose("助学");
    world.must(CHAIR, fund::EndPurpose { purpose });
    let mut ended = good();
    ended.purse = Purse::Purpose(purpose);
    assert!(matches!(
        world.try_record(ended),
        Err(Error::NotOpen { .. })
    ));
    let poor = world.terms(VoucherKind::Administration, Purse::General, 100, "p");
    let voucher = world.try_record(poor).unwrap();
    let refused = world.run(SECOND, ConfirmVoucher { voucher });
    assert!(matches!(
        refused,
        Err(Error::TooLittle {
            needed: 100,
            available: 0
        })
    ));
    assert_eq!(world.lines(), Vec::new());
}

fn every_statement_can_be_prepared(world: &World) {
    for statements in fund::STATEMENTS.iter().chain(&[book::STATEMENTS]) {
        world.journal.database().prepare_all(statements).unwrap();
    }
}
