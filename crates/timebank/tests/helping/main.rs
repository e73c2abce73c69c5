//! The time bank through commands and queries, on SQLite and on PostgreSQL.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod certified;
mod clearing;
mod faults;
mod giving;
mod life;
mod odd;
mod permissions;
mod proof;
mod world;

use certified::a_certificate_says_what_was_confirmed_and_its_receipt_proves_it;
use giving::{
    an_overflow_goes_to_the_pool_and_a_team_only_donates,
    another_scheme_is_previewed_and_changes_nothing_posted,
    complaints_are_settled_by_reversing_and_by_nobody_concerned,
    hours_go_to_relatives_as_the_scheme_says_and_to_nobody_else,
    the_pool_serves_whom_the_committee_entitled,
};
use odd::odd_visits_go_to_a_reviewer_and_are_refused_to_nobody;
use proof::{a_row_changed_behind_the_journal_is_found, prove};
use test_kit::on_both_engines;
use timebank::{
    AcceptRequest, CancelRequest, CancelVisit, CheckIn, CheckOut, ConfirmVisit, Consent,
    EnrolElder, EnterTimes, Error, Gender, Reason, Scheme, SettleVisit, VetVolunteer,
    WithdrawConsent, due_visits, matches, open_requests, to_confirm,
};
use world::{BUTLER, COMMITTEE, ELDER, HELPER, STRANGER, World};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    every_statement_is_understood,
    a_visit_is_booked_made_and_confirmed_to_the_minute,
    nobody_confirms_their_own_visit_and_strangers_do_nothing,
    what_was_called_off_gives_the_minutes_back,
    nobody_is_at_two_doors_at_once_and_a_request_is_taken_once,
    reasons_name_what_fits_and_a_wish_excludes,
    staff_ask_with_consent_on_record_and_not_after_its_withdrawal,
    nobody_is_enrolled_twice_and_consent_given_anew_keeps_the_hours,
    a_clock_that_jumps_makes_no_hours,
    what_nobody_settled_is_settled_with_a_flag,
    hours_go_to_relatives_as_the_scheme_says_and_to_nobody_else,
    the_pool_serves_whom_the_committee_entitled,
    an_overflow_goes_to_the_pool_and_a_team_only_donates,
    another_scheme_is_previewed_and_changes_nothing_posted,
    complaints_are_settled_by_reversing_and_by_nobody_concerned,
    a_row_changed_behind_the_journal_is_found,
    a_certificate_says_what_was_confirmed_and_its_receipt_proves_it,
    odd_visits_go_to_a_reviewer_and_are_refused_to_nobody,
}

fn every_statement_is_understood(world: &World) {
    for room in timebank::STATEMENTS {
        world.journal.database().prepare_all(room).unwrap();
    }
}

fn a_visit_is_booked_made_and_confirmed_to_the_minute(world: &World) {
    let town = world.open(Scheme::HangzhouXihu);
    let request = world.ask(ELDER, &town, 2);
    let visit = world.must(
        HELPER,
        AcceptRequest {
            request,
            for_team: false,
        },
    );
    let elder = world.mine(ELDER).balance;
    assert_eq!((elder.available, elder.reserved), (240, 60));
    let code = world.code(ELDER);
    world.set_now(town.begins.plus_seconds(120));
    let place = "3幢".to_owned();
    world.must(
        HELPER,
        CheckIn {
            code: code.clone(),
            place,
        },
    );
    world.set_now(town.begins.plus_seconds(120 + 47 * 60 + 30));
    assert_eq!(
        world.must(
            HELPER,
            CheckOut {
                code: code.replace('-', " ")
            }
        ),
        47
    );
    assert_eq!(
        world.must(
            ELDER,
            ConfirmVisit {
                visit,
                longer: false
            }
        ),
        47
    );
    let helper = world.mine(HELPER).balance;
    assert_eq!((helper.available, helper.earned), (300 + 47, 47));
    assert_eq!(world.mine(ELDER).balance.available, 300 - 47);
    assert_eq!(world.read(ELDER, to_confirm).unwrap(), 0);
    let twice = world.run(
        ELDER,
        ConfirmVisit {
            visit,
            longer: false,
        },
    );
    assert!(matches!(twice, Err(Error::NotOpen { .. })));
    let again = world.run(
        HELPER,
        CheckIn {
            code,
            place: String::new(),
        },
    );
    assert!(matches!(again, Err(Error::NotOpen { .. })));
    prove(world);
}

fn nobody_confirms_their_own_visit_and_strangers_do_nothing(world: &World) {
    let town = world.open(Scheme::HangzhouXihu);
    let (request, visit) = world.visited(&town, 60);
    let waiting = [ELDER, HELPER, STRANGER].map(|who| world.read(who, to_confirm).unwrap());
    assert_eq!(waiting, [1, 0, 0]);
    let own = world.run(
        HELPER,
        ConfirmVisit {
            visit,
            longer: false,
        },
    );
    assert!(matches!(own, Err(Error::OwnVisit)));
    let stranger = world.run(
        STRANGER,
        ConfirmVisit {
            visit,
            longer: false,
        },
    );
    assert!(matches!(stranger, Err(Error::NotForYou)));
    let reason = "误会".to_owned();
    let stranger = world.run(STRANGER, CancelRequest { request, reason });
    assert!(matches!(stranger, Err(Error::NotForYou)));
    assert_eq!(world.mine(HELPER).balance.earned, 0);
    // Whoever entered the request for the elder doesn't go there.
    let entered = world.ask(BUTLER, &town, 50);
    world.enrol(BUTLER, "周志强", Gender::Male);
    let account = BUTLER.account();
    let vet = |is_fit| VetVolunteer {
        account,
        is_fit,
        note: "身份证".to_owned(),
    };
    assert!(matches!(world.run(BUTLER, vet(true)), Err(Error::OwnVisit)));
    world.must(COMMITTEE, vet(true));
    let own = world.run(
        BUTLER,
        AcceptRequest {
            request: entered,
            for_team: false,
        },
    );
    assert!(matches!(own, Err(Error::OwnVisit)));
    prove(world);
}

fn what_was_called_off_gives_the_minutes_back(world: &World) {
    let town = world.open(Scheme::HangzhouXihu);
    let request = world.ask(ELDER, &town, 2);
    let visit = world.must(
        HELPER,
        AcceptRequest {
            request,
            for_team: false,
        },
    );
    let reason = || "发烧".to_owned();
    world.must(
        HELPER,
        CancelVisit {
            visit,
            reason: reason(),
        },
    );
    assert_eq!(world.mine(ELDER).balance.available, 300);
    // The request is open again, and goes with its next visit when the elder takes it back.
    world.must(
        HELPER,
        AcceptRequest {
            request,
            for_team: false,
        },
    );
    world.must(
        ELDER,
        CancelRequest {
            request,
            reason: reason(),
        },
    );
    assert_eq!(world.mine(ELDER).balance.available, 300);
    let late = world.run(
        HELPER,
        AcceptRequest {
            request,
            for_team: false,
        },
    );
    assert!(matches!(late, Err(Error::NotOpen { .. })));
    prove(world);
}

fn nobody_is_at_two_doors_at_once_and_a_request_is_taken_once(world: &World) {
    let town = world.open(Scheme::HangzhouXihu);
    let [first, second] = [2, 2].map(|hours| world.ask(ELDER, &town, hours));
    world.must(
        HELPER,
        AcceptRequest {
            request: first,
            for_team: false,
        },
    );
    let clash = world.run(
        HELPER,
        AcceptRequest {
            request: second,
            for_team: false,
        },
    );
    assert!(matches!(clash, Err(Error::Overlap)));
    world.enrol(STRANGER, "过客", Gender::Male);
    let unvetted = world.run(
        STRANGER,
        AcceptRequest {
            request: second,
            for_team: false,
        },
    );
    assert!(matches!(unvetted, Err(Error::NotVetted)));
    world.vet(STRANGER);
    let taken = world.run(
        STRANGER,
        AcceptRequest {
            request: first,
            for_team: false,
        },
    );
    assert!(matches!(taken, Err(Error::Taken)));
    world.must(
        STRANGER,
        AcceptRequest {
            request: second,
            for_team: false,
        },
    );
}

fn reasons_name_what_fits_and_a_wish_excludes(world: &World) {
    let town = world.open(Scheme::HangzhouXihu);
    let (_, visit) = world.visited(&town, 60);
    world.must(
        ELDER,
        ConfirmVisit {
            visit,
            longer: false,
        },
    );
    let request = world.ask(ELDER, &town, 50);
    let open = world.read(HELPER, open_requests).unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].1.reasons[0], Reason::Known(1));
    assert!(
        open[0]
            .1
            .reasons
            .contains(&Reason::Speaks("绍兴话".to_owned()))
    );
    // Whoever only looks learns neither name nor door.
    assert_eq!(
        (open[0].0.elder.as_str(), open[0].0.reach.as_deref()),
        ("沈*", None)
    );
    let (_, fitting) = world
        .read(COMMITTEE, move |read, ctx| matches(read, ctx, request))
        .unwrap();
    assert_eq!(fitting[0].0.account, HELPER.account());
    let man = world.ask_for(ELDER, &town, 60, Some(Gender::Male));
    let unfit = world.run(
        HELPER,
        AcceptRequest {
            request: man,
            for_team: false,
        },
    );
    assert!(matches!(unfit, Err(Error::Unfit)));
}

fn staff_ask_with_consent_on_record_and_not_after_its_withdrawal(world: &World) {
    let town = world.open(Scheme::HangzhouXihu);
    let enrol = |consent, evidence: &str| EnrolElder {
        profile: World::elder_profile("1941-03-01"),
        consent,
        evidence: evidence.to_owned(),
    };
    let unproven = world.run(BUTLER, enrol(Consent::Spoken, " "));
    assert!(matches!(unproven, Err(Error::Blank { field: "evidence" })));
    let stranger = world.run(STRANGER, enrol(Consent::Signed, "签字"));
    assert!(matches!(stranger, Err(Error::Denied(_))));
    let elder = world.must(BUTLER, enrol(Consent::Spoken, "电话录音，邻居在场"));
    let other = world::Town { elder, ..town };
    world.ask(BUTLER, &other, 2);
    world.must(BUTLER, WithdrawConsent { elder });
    let late = world.try_ask(BUTLER, &other, 3);
    assert!(matches!(late, Err(Error::NoConsent)));
    prove(world);
}

fn nobody_is_enrolled_twice_and_consent_given_anew_keeps_the_hours(world: &World) {
    let town = world.open(Scheme::HangzhouXihu);
    let enrol = |birth, consent| EnrolElder {
        profile: World::elder_profile(birth),
        consent,
        evidence: "电话录音".to_owned(),
    };
    let signed = |birth| enrol(birth, Consent::Signed);
    // Whoever enrolled themselves is known to staff, and whoever staff enrolled to themselves.
    let known = world.run(BUTLER, signed("1940-02-29"));
    assert!(matches!(known, Err(Error::Enrolled)));
    let elder = world.must(BUTLER, signed("1941-03-01"));
    let again = world.run(COMMITTEE, signed("1941-03-01"));
    assert!(matches!(again, Err(Error::Enrolled)));
    let own = world.run(STRANGER, enrol("1941-03-01", Consent::Own));
    assert!(matches!(own, Err(Error::Enrolled)));
    let own = world.run(ELDER, enrol("1942-01-01", Consent::Own));
    assert!(matches!(own, Err(Error::Enrolled)));
    // Consent that was taken back and given anew stands on the same record, with the minutes it began with.
    let other = world::Town { elder, ..town };
    world.must(BUTLER, WithdrawConsent { elder });
    assert!(matches!(
        world.try_ask(BUTLER, &other, 2),
        Err(Error::NoConsent)
    ));
    assert_eq!(world.must(BUTLER, signed("1941-03-01")), elder);
    world.ask(BUTLER, &other, 2);
    let desk = world.read(COMMITTEE, timebank::desk).unwrap();
    let minutes: Vec<i64> = desk.elders.iter().map(|(_, minutes)| *minutes).collect();
    assert_eq!(minutes, [300, 300]);
    prove(world);
}

fn a_clock_that_jumps_makes_no_hours(world: &World) {
    let town = world.open(Scheme::HangzhouXihu);
    let request = world.ask(ELDER, &town, 2);
    let visit = world.must(
        HELPER,
        AcceptRequest {
            request,
            for_team: false,
        },
    );
    let code = world.code(ELDER);
    let check_in = || CheckIn {
        code: code.clone(),
        place: String::new(),
    };
    let check_out = || CheckOut { code: code.clone() };
    world.set_now(town.begins.plus_seconds(-3 * 3_600));
    assert!(matches!(
        world.run(HELPER, check_in()),
        Err(Error::ImpossibleTimes)
    ));
    world.set_now(town.begins);
    world.must(HELPER, check_in());
    world.set_now(town.begins.plus_seconds(-60));
    assert!(matches!(
        world.run(HELPER, check_out()),
        Err(Error::ImpossibleTimes)
    ));
    world.set_now(town.begins.plus_days(1));
    assert!(matches!(
        world.run(HELPER, check_out()),
        Err(Error::ImpossibleTimes)
    ));
    // Staff enter what they were told; not more than there can have been.
    let enter = |seconds| EnterTimes {
        visit,
        came: town.begins,
        left: town.begins.plus_seconds(seconds),
    };
    assert!(matches!(
        world.run(BUTLER, enter(90_000)),
        Err(Error::ImpossibleTimes)
    ));
    assert_eq!(world.must(BUTLER, enter(1_800)), 30);
    assert_eq!(
        world.must(
            BUTLER,
            ConfirmVisit {
                visit,
                longer: false
            }
        ),
        30
    );
    prove(world);
}

fn what_nobody_settled_is_settled_with_a_flag(world: &World) {
    let town = world.open(Scheme::HangzhouXihu);
    let (_, visit) = world.visited(&town, 60);
    let due = |world: &World| {
        let ctx = world.system();
        let read = move |read: &mut dyn db::Read| due_visits(read, &ctx);
        world.journal.database().read_blocking(read).unwrap()
    };
    assert!(due(world).is_empty());
    world.set_now(world.now().plus_days(4));
    assert_eq!(due(world), [visit]);
    assert_eq!(world.system_does(SettleVisit { visit }), 60);
    assert!(due(world).is_empty());
    // To a visit that is missed nobody came, and nothing is credited.
    let missed = world.ask_at(ELDER, &town, world.now().plus_days(1));
    let visit = world.must(
        HELPER,
        AcceptRequest {
            request: missed,
            for_team: false,
        },
    );
    world.set_now(world.now().plus_days(3));
    assert_eq!(due(world), [visit]);
    assert_eq!(world.system_does(SettleVisit { visit }), 0);
    assert_eq!(world.mine(HELPER).balance.earned, 60);
    assert_eq!(world.mine(ELDER).balance.reserved, 0);
    prove(world);
}
