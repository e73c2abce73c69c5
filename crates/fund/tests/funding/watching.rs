//! A year's figures and ratios, and the trial balance of any day.

use fund::{Purse, Standing, VoucherKind, Watched, Worry};
use jiff::civil::date;
use kernel::Timestamp;
use test_kit::on_both_engines;

use crate::grants::approved;
use crate::world::{CHAIR, DONOR, World, charter};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    ratios_are_watched_with_their_clauses,
    the_trial_balance_of_a_day_is_that_day,
}

fn ratios_are_watched_with_their_clauses(world: &World) {
    world.booked(VoucherKind::Donation, Purse::General, 900_000, "1");
    world.booked(VoucherKind::Activity, Purse::General, 600_000, "2");
    world.booked(VoucherKind::Administration, Purse::General, 60_000, "3");
    let watching = world.overview().watching;
    assert!(watching.grounds.iter().all(|ground| !ground.verified));
    let spend = watching.watches[0];
    assert_eq!(
        (spend.watched, spend.part, spend.whole),
        (Watched::SpendOfIncome, 600_000, 1_000_000)
    );
    // It is November, and a thousand yuan are missing.
    assert_eq!((spend.worry, spend.room), (Worry::Danger, 100_000));
    let administration = watching.watches[1];
    // 60,000 of 660,000 is more than four fifths of a tenth.
    assert_eq!(administration.worry, Worry::Danger);
    world.booked(VoucherKind::Activity, Purse::General, 100_000, "4");
    assert_eq!(world.overview().watching.watches[0].worry, Worry::Kept);
    // Next year's measure is this year's income.
    world.set_now(Timestamp::start_of(date(2027, 2, 1)));
    let next = world.overview().watching;
    assert_eq!(next.watches[0].whole, 900_000);
    assert_eq!(next.watches[0].worry, Worry::Open);
    let past = world.read(DONOR, |read, ctx| fund::watch(read, ctx, 2026));
    assert_eq!(past.unwrap().watches[0].worry, Worry::Kept);
    let terms = charter(Standing::Foundation);
    world.must(CHAIR, fund::SetCharter { terms });
    let small = world.overview().watching;
    assert_eq!(small.watches[0].watched, Watched::SpendOfNetAssets);
    // 9,000 yuan came, 7,600 went.
    assert_eq!(small.watches[0].whole, 140_000);
}

fn the_trial_balance_of_a_day_is_that_day(world: &World) {
    let first = world.now().date();
    world.booked(VoucherKind::Donation, Purse::General, 9_000, "1");
    world.set_now(world.now().plus_days(1));
    approved(world, Purse::General, &[5_000]);
    world.booked(VoucherKind::Administration, Purse::General, 500, "2");
    let trial = |day| {
        let lines = world
            .read(DONOR, move |read, ctx| fund::trial(read, ctx, day))
            .unwrap();
        let sum: i64 = lines.iter().map(|line| line.received - line.given).sum();
        assert_eq!(sum, 0, "what came is what there is");
        let of = |name: &str| {
            let line = lines.iter().find(|line| line.name == name);
            line.map_or((0, 0), |line| (line.received - line.given, line.outgoing))
        };
        (of("fund-general"), of("fund-spent"))
    };
    assert_eq!(trial(first.yesterday().unwrap()), ((0, 0), (0, 0)));
    assert_eq!(trial(first), ((9_000, 0), (0, 0)));
    let second = trial(first.tomorrow().unwrap());
    assert_eq!(second, ((8_500, 5_000), (500, 0)));
    // As it stands now and as it stood at the end of today agree.
    let community = world.id;
    let now = world.journal.database();
    let now = now
        .read_blocking(move |read| book::trial_balance(read, community))
        .unwrap();
    let held = now.iter().find(|line| line.name == "fund-general").unwrap();
    assert_eq!((held.received - held.given, held.outgoing), (8_500, 5_000));
}
