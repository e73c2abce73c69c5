//! Sessions, votes that pay, gifts, what seems odd, offsets and years.

use db::Tx;
use journal::{Change, Command, follow_community, record};
use kernel::{Context, Timestamp};
use points::{
    CheckIn, ClaimPoints, CloseYear, ConfirmClaim, Confirmer, Error, Event, GivePoints, HandOver,
    ItemKind, ItemTerms, OfferItem, OpenSession, PayEvents, RaiseSignals, RedeemItem, RuleId,
    SessionTerms, SettleSignal, SignKind, desk, signals, statement,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::world::{
    BUTLER, CHEN, COMMITTEE, NEIGHBOUR, PROVIDER, RESIDENT, TENANT, World, haircut,
};
use crate::{claim, prove};

fn session(world: &World, rule: RuleId, title: &str, begins: Timestamp, seats: u32) -> String {
    let terms = SessionTerms {
        rule,
        title: title.to_owned(),
        begins,
        ends: begins.plus_seconds(7_200),
        seats,
    };
    world.must(COMMITTEE, OpenSession { terms });
    let sessions = world.read(COMMITTEE, desk).unwrap().sessions;
    let opened = sessions.iter().find(|one| one.terms.title == title);
    opened.unwrap().code.clone()
}

pub(crate) fn a_sessions_code_earns_once_for_those_who_are_there(world: &World) {
    let rule = world.rule(10, 5, 100, 365);
    let begins = world.now().plus_seconds(3_600);
    let code = session(world, rule, "夜间巡逻", begins, 2);
    let check_in = || CheckIn { code: code.clone() };
    let early = world.run(RESIDENT, check_in());
    assert!(matches!(early, Err(Error::NotOpen { .. })));
    world.set_now(begins);
    assert_eq!(
        world.must(RESIDENT, check_in()),
        ("夜间巡逻".to_owned(), 10)
    );
    let twice = world.run(RESIDENT, check_in());
    assert!(matches!(twice, Err(Error::Settled { .. })));
    let own = world.run(COMMITTEE, check_in());
    assert!(matches!(own, Err(Error::OwnClaim)));
    world.must(NEIGHBOUR, check_in());
    let full = world.run(TENANT, check_in());
    assert!(matches!(full, Err(Error::SoldOut)));
    world.set_now(begins.plus_seconds(7_200 + 1_800));
    let late = world.run(TENANT, check_in());
    assert!(matches!(late, Err(Error::NotOpen { .. })));
    assert_eq!(world.mine(RESIDENT).available, 10);
    let terms = SessionTerms {
        rule,
        title: "倒着的".to_owned(),
        begins,
        ends: begins,
        seats: 1,
    };
    let backwards = world.run(COMMITTEE, OpenSession { terms });
    assert!(matches!(backwards, Err(Error::ImpossibleTimes)));
    // The committee kept this rule's confirmation to itself; the butler may open sessions of other rules only.
    let open = |rule| OpenSession {
        terms: SessionTerms {
            rule,
            title: "义诊".to_owned(),
            begins,
            ends: begins.plus_seconds(60),
            seats: 1,
        },
    };
    assert!(matches!(
        world.run(BUTLER, open(rule)),
        Err(Error::Denied(_))
    ));
    let butlers = world.rule_as(1, 1, 1, 1, |terms| terms.confirmed_by = Confirmer::Butler);
    world.must(BUTLER, open(butlers));
    prove(world);
}

/// Writes an entry as another module would.
#[derive(Serialize, Deserialize)]
struct Entered {
    kind: String,
    subject: String,
    channel: String,
}

impl Command for Entered {
    const NAME: &'static str = "test.entered";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        let kind = match self.kind.as_str() {
            "cast" => "decisions.vote.cast",
            _ => "decisions.votes.counted",
        };
        let change = Change::new(kind, self.subject.clone());
        record(tx, ctx, change.public(json!({ "channel": self.channel })))?;
        Ok(())
    }
}

fn entered(kind: &str, subject: &str, channel: &str) -> Entered {
    Entered {
        kind: kind.to_owned(),
        subject: subject.to_owned(),
        channel: channel.to_owned(),
    }
}

pub(crate) fn a_vote_on_the_platform_pays_once_after_the_count(world: &World) {
    let rule = world.rule_as(20, 1, 6, 365, |terms| terms.event = Some(Event::Voted));
    let claimed = world.run(RESIDENT, claim(rule, "我投了票"));
    assert!(matches!(claimed, Err(Error::EarnsByItself)));
    let ballots = "resolution/7/ballots";
    world.must(RESIDENT, entered("cast", ballots, "electronic"));
    // Changed, and so on the record twice.
    world.must(RESIDENT, entered("cast", ballots, "electronic"));
    // Entered for somebody who voted on paper.
    world.must(COMMITTEE, entered("cast", ballots, "paper"));
    let follow = || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let follower = points::module().followers.pop().unwrap();
        let followed = follow_community(world.journal.database(), world.id, &follower);
        runtime.block_on(followed).unwrap();
    };
    follow();
    let before_the_count = world.journal.execute_blocking(world.system(), PayEvents);
    assert!(matches!(before_the_count, Err(Error::Settled { .. })));
    world.must(COMMITTEE, entered("counted", "resolution/7", ""));
    follow();
    assert_eq!(world.system_does(PayEvents), 1);
    assert_eq!(world.mine(RESIDENT).available, 20);
    assert_eq!(world.mine(COMMITTEE).available, 0);
    let again = world.journal.execute_blocking(world.system(), PayEvents);
    assert!(matches!(again, Err(Error::Settled { .. })));
    // Another on the same day: the cap of one a day holds, and the event is settled all the same.
    world.must(
        RESIDENT,
        entered("cast", "resolution/8/ballots", "electronic"),
    );
    world.must(COMMITTEE, entered("counted", "resolution/8", ""));
    follow();
    assert_eq!(world.system_does(PayEvents), 0);
    assert_eq!(world.mine(RESIDENT).available, 20);
    prove(world);
}

pub(crate) fn points_go_to_family_with_their_dates_and_to_nobody_else(world: &World) {
    world.household(RESIDENT, NEIGHBOUR, TENANT);
    world.earn(RESIDENT, 30);
    let give = |to: test_kit::Person, points| GivePoints {
        to: to.account(),
        points,
    };
    let family = world.mine(RESIDENT).family;
    let names: Vec<&str> = family.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["李芳"]);
    world.must(RESIDENT, give(NEIGHBOUR, 12));
    let expires = |who| world.mine(who).lots[0].expires_at;
    assert_eq!(expires(NEIGHBOUR), expires(RESIDENT));
    assert_eq!(
        (
            world.mine(RESIDENT).available,
            world.mine(NEIGHBOUR).available
        ),
        (18, 12)
    );
    // The way back goes to the owner; a tenant and a stranger are no family.
    world.must(NEIGHBOUR, give(RESIDENT, 2));
    for stranger in [TENANT, CHEN, RESIDENT] {
        let refused = world.run(RESIDENT, give(stranger, 1));
        assert!(matches!(refused, Err(Error::NotFamily)), "{stranger:?}");
    }
    assert!(matches!(
        world.run(TENANT, give(RESIDENT, 1)),
        Err(Error::NotFamily)
    ));
    assert!(world.run(RESIDENT, give(NEIGHBOUR, 21)).is_err());
    let negative = world.run(RESIDENT, give(NEIGHBOUR, -5));
    assert!(matches!(negative, Err(Error::OutOfRange { .. })));
    prove(world);
}

pub(crate) fn what_seems_odd_is_raised_once_and_refused_to_nobody(world: &World) {
    let nothing = world.journal.execute_blocking(world.system(), RaiseSignals);
    assert!(matches!(nothing, Err(Error::Settled { .. })));
    let rule = world.rule(5, 9, 100, 365);
    for (claimant, confirmer) in [(COMMITTEE, CHEN), (CHEN, COMMITTEE)] {
        for times in ["一", "二"] {
            let command = ClaimPoints {
                rule,
                evidence: times.to_owned(),
            };
            let claim = world.must(claimant, command);
            world.must(confirmer, ConfirmClaim { claim });
        }
    }
    let begins = world.now();
    for title in ["巡逻", "义诊"] {
        let code = session(world, rule, title, begins, 5);
        world.must(RESIDENT, CheckIn { code });
    }
    assert_eq!(world.mine(RESIDENT).available, 10, "nobody is refused");
    assert_eq!(world.system_does(RaiseSignals), 2);
    let again = world.journal.execute_blocking(world.system(), RaiseSignals);
    assert!(matches!(again, Err(Error::Settled { .. })));
    let raised = world.read(COMMITTEE, signals).unwrap();
    let of = |kind: SignKind| raised.iter().find(|(one, _)| one.kind == kind).unwrap();
    let settle = |kind, note: &str| SettleSignal {
        signal: of(kind).0.id,
        note: note.to_owned(),
    };
    let own = world.run(COMMITTEE, settle(SignKind::Ring, "没事"));
    assert!(matches!(own, Err(Error::OwnClaim)));
    let blank = world.run(COMMITTEE, settle(SignKind::Clash, " "));
    assert!(matches!(blank, Err(Error::Blank { .. })));
    world.must(COMMITTEE, settle(SignKind::Clash, "两场相邻，时间写错了"));
    let twice = world.run(COMMITTEE, settle(SignKind::Clash, "再写一次"));
    assert!(matches!(twice, Err(Error::Settled { .. })));
    let told = world.read(COMMITTEE, signals).unwrap();
    let settled = told
        .iter()
        .find(|(one, _)| one.kind == SignKind::Clash)
        .unwrap();
    assert_eq!(settled.1.as_deref(), Some("两场相邻，时间写错了"));
}

pub(crate) fn a_fee_offset_has_its_cap_and_a_year_closes_as_previewed(world: &World) {
    world.earn(RESIDENT, 90);
    let offset = |offset_fen, kind| ItemTerms {
        title: "抵物业费10元".to_owned(),
        kind,
        per_year: 2,
        offset_fen,
        ..haircut(20, 50)
    };
    for wrong in [
        offset(0, ItemKind::FeeOffset),
        offset(1_000, ItemKind::Goods),
    ] {
        let refused = world.run(PROVIDER, OfferItem { terms: wrong });
        assert!(matches!(
            refused,
            Err(Error::OutOfRange {
                field: "offset_fen",
                ..
            })
        ));
    }
    let terms = offset(1_000, ItemKind::FeeOffset);
    let item = world.must(PROVIDER, OfferItem { terms });
    world.must(COMMITTEE, points::ApproveItem { item });
    world.must(RESIDENT, RedeemItem { item });
    world.must(RESIDENT, RedeemItem { item });
    let third = world.run(RESIDENT, RedeemItem { item });
    assert!(matches!(
        third,
        Err(Error::CapReached {
            cap: 2,
            period: "year"
        })
    ));
    let code = world.mine(RESIDENT).redemptions[0].code.clone();
    world.must(PROVIDER, HandOver { code });
    let preview = world.read(COMMITTEE, desk).unwrap().this_year;
    assert_eq!(
        (
            preview.year,
            preview.issued,
            preview.redeemed,
            preview.outstanding
        ),
        (2026, 90, 20, 70)
    );
    let early = world.journal.execute_blocking(world.system(), CloseYear);
    assert!(matches!(early, Err(Error::Settled { .. })));
    let before = world.now();
    world.set_now(Timestamp::start_of("2027-01-01".parse().unwrap()));
    assert_eq!(world.system_does(CloseYear), 2026);
    let twice = world.journal.execute_blocking(world.system(), CloseYear);
    assert!(matches!(twice, Err(Error::Settled { .. })));
    let desk = world.read(COMMITTEE, desk).unwrap();
    assert_eq!((desk.years[0].issued, desk.this_year.issued), (90, 0));
    // The statement as of any day: on the day before, nothing had moved.
    let lines = |until| {
        let told = world.read(RESIDENT, move |read, ctx| statement(read, ctx, Some(until)));
        told.unwrap().len()
    };
    assert_eq!((lines(before), lines(before.plus_days(1))), (0, 4));
}
