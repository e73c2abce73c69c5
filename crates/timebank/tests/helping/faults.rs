//! Bad luck: a database call that fails leaves nothing half done, neither in the tables nor in the book.

use journal::Command;
use test_kit::{Person, on_both_engines};
use timebank::{
    AcceptRequest, CancelRequest, CancelVisit, CheckIn, CheckOut, Complain, ConfirmVisit, Consent,
    DonateHours, EnrolElder, Error, Scheme, SettleComplaint, desk,
};

use crate::proof::prove;
use crate::world::{BUTLER, COMMITTEE, ELDER, HELPER, World};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    a_failure_at_any_call_leaves_no_trace,
    what_a_lane_has_forgotten_is_looked_up_again,
}

/// All that staff and the journal know.
fn trace(world: &World) -> String {
    let community = world.id;
    let entries = world
        .journal
        .database()
        .read_blocking(move |read| journal::entries(read, community, 0, 1_000))
        .unwrap();
    let desk = world.read(COMMITTEE, desk).unwrap();
    format!("{} entries, {desk:?}", entries.len())
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
    let town = world.open(Scheme::HangzhouXihu);
    let mut failed = 0;
    let mut count = |failures| {
        assert!(failures > 3, "only {failures} calls could fail");
        failed += failures;
    };
    let enrol = || EnrolElder {
        profile: World::elder_profile("1941-03-01"),
        consent: Consent::Signed,
        evidence: "签字".to_owned(),
    };
    count(in_spite_of_all(world, BUTLER, enrol).0);
    let request = world.ask(ELDER, &town, 2);
    let accept = || AcceptRequest {
        request,
        for_team: false,
    };
    let (failures, visit) = in_spite_of_all(world, HELPER, accept);
    count(failures);
    let cancel = || CancelVisit {
        visit,
        reason: "发烧".to_owned(),
    };
    count(in_spite_of_all(world, HELPER, cancel).0);
    let visit = world.must(HELPER, accept());
    let code = world.code(ELDER);
    world.set_now(town.begins);
    let check_in = || CheckIn {
        code: code.clone(),
        place: "3幢".to_owned(),
    };
    count(in_spite_of_all(world, HELPER, check_in).0);
    world.set_now(town.begins.plus_seconds(3_600));
    let check_out = || CheckOut { code: code.clone() };
    count(in_spite_of_all(world, HELPER, check_out).0);
    let confirm = || ConfirmVisit {
        visit,
        longer: false,
    };
    count(in_spite_of_all(world, ELDER, confirm).0);
    let complain = || Complain {
        visit,
        said: "只待了二十分钟".to_owned(),
    };
    let (failures, complaint) = in_spite_of_all(world, ELDER, complain);
    count(failures);
    let settle = || SettleComplaint {
        complaint,
        right_minutes: Some(20),
        ruling: "核对楼道记录".to_owned(),
    };
    count(in_spite_of_all(world, COMMITTEE, settle).0);
    let donate = || DonateHours { minutes: 20 };
    count(in_spite_of_all(world, HELPER, donate).0);
    assert_eq!(world.mine(HELPER).balance.available, 300);
    assert_eq!(world.mine(ELDER).balance.available, 280);
    assert!(failed > 60, "only {failed} calls could fail");
    prove(world);
}

/// A failed command makes the lane forget its books. What is read anew of the elder's account says that minutes are held for
/// the visit; whose they will be must be looked up too.
fn what_a_lane_has_forgotten_is_looked_up_again(world: &World) {
    let town = world.open(Scheme::HangzhouXihu);
    let forget = || {
        world.faults.fail_call(2);
        assert!(world.run(ELDER, DonateHours { minutes: 1 }).is_err());
        world.faults.disarm();
        world.must(ELDER, DonateHours { minutes: 1 });
    };
    let (_, visit) = world.visited(&town, 60);
    forget();
    let confirm = ConfirmVisit {
        visit,
        longer: false,
    };
    assert_eq!(world.must(ELDER, confirm), 60);
    let request = world.ask(ELDER, &town, 2);
    let accept = || AcceptRequest {
        request,
        for_team: false,
    };
    let visit = world.must(HELPER, accept());
    forget();
    let reason = || "发烧".to_owned();
    let cancel = CancelVisit {
        visit,
        reason: reason(),
    };
    world.must(HELPER, cancel);
    world.must(HELPER, accept());
    forget();
    let cancel = CancelRequest {
        request,
        reason: reason(),
    };
    world.must(ELDER, cancel);
    assert_eq!(world.mine(ELDER).balance.available, 300 - 60 - 3);
    prove(world);
}
