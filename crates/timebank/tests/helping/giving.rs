//! Relatives, the pool, caps, teams, other schemes, complaints.

use timebank::{
    Bond, ChooseScheme, Complain, ConfirmRelation, ConfirmVisit, DonateHours, EntitleElder, Error,
    FundPool, Gender, GiveHours, PaidBy, Receiver, Scheme, SettleComplaint, desk, preview,
};

use crate::proof::prove;
use crate::world::{BUTLER, COMMITTEE, ELDER, HELPER, SECOND, STRANGER, THIRD, World};

pub(crate) fn hours_go_to_relatives_as_the_scheme_says_and_to_nobody_else(world: &World) {
    let town = world.open(Scheme::HangzhouXihu);
    let to = Receiver::Elder(town.elder);
    let give = || GiveHours { to, minutes: 100 };
    assert!(matches!(
        world.run(HELPER, give()),
        Err(Error::NotFamily { .. })
    ));
    let number = world.mine(HELPER).volunteer.unwrap().number;
    let relate = |bond| ConfirmRelation {
        elder: town.elder,
        number,
        bond,
        evidence: "户口簿".to_owned(),
    };
    assert!(matches!(
        world.run(STRANGER, relate(Bond::Direct)),
        Err(Error::Denied(_))
    ));
    world.must(BUTLER, relate(Bond::Relative));
    assert!(matches!(
        world.run(BUTLER, relate(Bond::Spouse)),
        Err(Error::Taken)
    ));
    world.must(HELPER, give());
    assert_eq!(world.mine(ELDER).balance.available, 400);
    // Beijing allows direct relatives only.
    world.must(
        COMMITTEE,
        ChooseScheme {
            scheme: Scheme::Beijing,
            confirm_after_days: 3,
        },
    );
    assert!(matches!(
        world.run(HELPER, give()),
        Err(Error::NotFamily { .. })
    ));
    let nobody = Receiver::Account(STRANGER.account());
    let stranger = world.run(
        HELPER,
        GiveHours {
            to: nobody,
            minutes: 1,
        },
    );
    assert!(matches!(stranger, Err(Error::NotFamily { .. })));
    // More than one has stays where it is.
    let all = world.run(HELPER, DonateHours { minutes: 201 });
    assert!(matches!(all, Err(Error::Book(_))));
    world.must(HELPER, DonateHours { minutes: 200 });
    let helper = world.mine(HELPER).balance;
    assert_eq!((helper.available, helper.donated), (0, 200));
    // Family asks for the elder, and the elder's own consent stands.
    world.ask(HELPER, &town, 5);
    prove(world);
}

pub(crate) fn the_pool_serves_whom_the_committee_entitled(world: &World) {
    let town = world.open(Scheme::Nanjing);
    let poor = world.ask_paid_by(ELDER, &town, PaidBy::Elder);
    assert!(matches!(
        poor,
        Err(Error::TooFew {
            needed: 60,
            available: 0
        })
    ));
    let early = world.ask_paid_by(ELDER, &town, PaidBy::Pool);
    assert!(matches!(early, Err(Error::NotEntitled)));
    let elder = town.elder;
    world.must(
        COMMITTEE,
        EntitleElder {
            elder,
            is_hardship: false,
        },
    );
    let empty = world.ask_paid_by(ELDER, &town, PaidBy::Pool);
    assert!(matches!(empty, Err(Error::TooFew { .. })));
    world.must(
        COMMITTEE,
        FundPool {
            minutes: 6_000,
            reason: "年度公益时间".to_owned(),
        },
    );
    let request = world.ask_paid_by(ELDER, &town, PaidBy::Pool).unwrap();
    let visit = world.made(request, false, 60);
    world.must(
        ELDER,
        ConfirmVisit {
            visit,
            longer: false,
        },
    );
    assert_eq!(world.mine(HELPER).balance.available, 60);
    assert_eq!(world.read(COMMITTEE, desk).unwrap().pool, 5_940);
    prove(world);
}

pub(crate) fn an_overflow_goes_to_the_pool_and_a_team_only_donates(world: &World) {
    let town = world.open(Scheme::Nanjing);
    let elder = town.elder;
    world.must(
        COMMITTEE,
        EntitleElder {
            elder,
            is_hardship: false,
        },
    );
    // The volunteer came from another scheme with almost all that Nanjing allows: 1,500 hours.
    world.fill(HELPER, 90_000 - 20);
    world.must(
        COMMITTEE,
        FundPool {
            minutes: 600,
            reason: "公益".to_owned(),
        },
    );
    let request = world.ask_paid_by(ELDER, &town, PaidBy::Pool).unwrap();
    let visit = world.made(request, false, 60);
    world.must(
        ELDER,
        ConfirmVisit {
            visit,
            longer: false,
        },
    );
    let helper = world.mine(HELPER);
    assert_eq!(helper.balance.available, 90_000);
    assert_eq!((helper.balance.earned, helper.balance.donated), (60, 40));
    assert_eq!(helper.visits[0].visit.as_ref().unwrap().overflow, Some(40));
    assert_eq!(world.read(COMMITTEE, desk).unwrap().pool, 600 - 60 + 40);
    // A team's hours stay in the pool that pays them.
    let request = world.ask_paid_by(ELDER, &town, PaidBy::Pool).unwrap();
    let visit = world.made(request, true, 60);
    world.must(
        ELDER,
        ConfirmVisit {
            visit,
            longer: false,
        },
    );
    assert_eq!(world.mine(HELPER).balance.available, 90_000);
    assert_eq!(world.read(COMMITTEE, desk).unwrap().pool, 580);
    prove(world);
}

pub(crate) fn another_scheme_is_previewed_and_changes_nothing_posted(world: &World) {
    let town = world.open(Scheme::HangzhouXihu);
    let stranger = world.read(STRANGER, |read, ctx| preview(read, ctx, Scheme::Nanjing));
    assert!(matches!(stranger, Err(Error::Denied(_))));
    world.fill(HELPER, 100_000);
    let seen = world
        .read(COMMITTEE, |read, ctx| preview(read, ctx, Scheme::Nanjing))
        .unwrap();
    assert_eq!((seen.above_cap, seen.shut_out, seen.let_in), (1, 0, 0));
    assert_eq!(seen.now.unwrap().cap_minutes, None);
    assert_eq!(seen.then.cap_minutes, Some(90_000));
    let before = world.mine(HELPER).balance.available;
    world.must(
        COMMITTEE,
        ChooseScheme {
            scheme: Scheme::Nanjing,
            confirm_after_days: 3,
        },
    );
    assert_eq!(world.mine(HELPER).balance.available, before);
    let to = Receiver::Elder(town.elder);
    assert!(world.run(STRANGER, GiveHours { to, minutes: 1 }).is_err());
    prove(world);
}

pub(crate) fn complaints_are_settled_by_reversing_and_by_nobody_concerned(world: &World) {
    let town = world.open(Scheme::HangzhouXihu);
    let (_, visit) = world.visited(&town, 60);
    let said = || "只待了二十分钟".to_owned();
    let stranger = world.run(
        STRANGER,
        Complain {
            visit,
            said: said(),
        },
    );
    assert!(matches!(stranger, Err(Error::NotForYou)));
    let complaint = world.must(
        ELDER,
        Complain {
            visit,
            said: said(),
        },
    );
    let waits = world.run(
        ELDER,
        ConfirmVisit {
            visit,
            longer: false,
        },
    );
    assert!(matches!(waits, Err(Error::NotOpen { .. })));
    let settle = |complaint, right_minutes| SettleComplaint {
        complaint,
        right_minutes,
        ruling: "核对楼道记录".to_owned(),
    };
    assert!(matches!(
        world.run(BUTLER, settle(complaint, None)),
        Err(Error::Denied(_))
    ));
    world.must(COMMITTEE, settle(complaint, None));
    world.must(
        ELDER,
        ConfirmVisit {
            visit,
            longer: false,
        },
    );
    assert_eq!(world.mine(HELPER).balance.available, 360);
    let again = world.must(
        ELDER,
        Complain {
            visit,
            said: said(),
        },
    );
    let too_many = world.run(COMMITTEE, settle(again, Some(61)));
    assert!(matches!(too_many, Err(Error::OutOfRange { .. })));
    world.must(COMMITTEE, settle(again, Some(20)));
    assert_eq!(world.mine(HELPER).balance.available, 320);
    assert_eq!(world.mine(HELPER).balance.earned, 20);
    assert_eq!(world.mine(ELDER).balance.available, 280);
    // Whoever complained doesn't settle it, whatever their role.
    let own = world.must(
        COMMITTEE,
        Complain {
            visit,
            said: said(),
        },
    );
    assert!(matches!(
        world.run(COMMITTEE, settle(own, Some(0))),
        Err(Error::OwnVisit)
    ));
    // Nor does family, nor whoever asked for the visit, nor whoever pays for it.
    let number = world.enrol(SECOND, "沈知秋", Gender::Male);
    world.must(
        BUTLER,
        ConfirmRelation {
            elder: town.elder,
            number,
            bond: Bond::Direct,
            evidence: "户口簿".to_owned(),
        },
    );
    assert!(matches!(
        world.run(SECOND, settle(own, Some(0))),
        Err(Error::OwnVisit)
    ));
    world.must(THIRD, settle(own, None));
    let asked = world.ask(THIRD, &town, 2);
    let visit = world.made(asked, false, 30);
    let complaint = world.must(
        ELDER,
        Complain {
            visit,
            said: said(),
        },
    );
    for concerned in [SECOND, THIRD] {
        assert!(matches!(
            world.run(concerned, settle(complaint, Some(0))),
            Err(Error::OwnVisit)
        ));
    }
    world.must(COMMITTEE, settle(complaint, Some(10)));
    assert_eq!(world.mine(HELPER).balance.earned, 20 + 10);
    prove(world);
}
