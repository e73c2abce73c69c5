//! What broke other ledgers, each as a test: the facts and their sources stand in the name or beside it.

#![expect(clippy::unwrap_used, reason = "a test stops where it is surprised")]

use std::sync::Arc;

use ledger::{
    Account, AccountId, Action, Asset, Book, Code, Kind, KindRule, Part, Record, RecordId, Refusal,
    Request, Route, Rules, RulesFault, Terms, TransferId,
};
use units::{Fen, Minutes, Points};

const ISSUER: AccountId = AccountId(1);
const ANN: AccountId = AccountId(2);
const BO: AccountId = AccountId(3);
const POOL: AccountId = AccountId(4);
const EXPIRED: AccountId = AccountId(5);

const EARN: Code = Code(1);
const PAY: Code = Code(2);
const EXPIRE: Code = Code(3);

fn route(code: Code, from: u16, to: u16) -> Route {
    Route {
        code,
        from: Kind(from),
        to: Kind(to),
    }
}

/// Hours: issuer, two members with at most 1,500 hours, a pool for what exceeds.
fn hours() -> Book {
    let kind = |number, name| KindRule::new(Kind(number), name, Asset::Minutes);
    let rules = Rules::new(
        [
            kind(1, "issuer").may_owe(),
            kind(2, "member").at_most(90_000),
            kind(4, "pool"),
        ],
        [
            route(EARN, 1, 2),
            route(EARN, 1, 4),
            route(PAY, 2, 2),
            route(PAY, 2, 4),
        ],
        [],
    );
    let mut book = Book::new(Arc::new(rules.unwrap()));
    book.open(Account::new(ISSUER, Kind(1))).unwrap();
    book.open(Account::new(POOL, Kind(4))).unwrap();
    for member in [ANN, BO] {
        book.open(Account::new(member, Kind(2)).overflowing_to(POOL))
            .unwrap();
    }
    book
}

fn points() -> Book {
    let kind = |number, name| KindRule::new(Kind(number), name, Asset::Points);
    let rules = Rules::new(
        [
            kind(1, "issuer").may_owe(),
            kind(2, "member").with_lots(),
            kind(5, "expired"),
        ],
        [route(EARN, 1, 2), route(PAY, 2, 2), route(EXPIRE, 2, 5)],
        [],
    );
    let mut book = Book::new(Arc::new(rules.unwrap()));
    book.open(Account::new(ISSUER, Kind(1))).unwrap();
    book.open(Account::new(EXPIRED, Kind(5))).unwrap();
    for member in [ANN, BO] {
        book.open(Account::new(member, Kind(2))).unwrap();
    }
    book
}

fn move_minutes(id: u128, code: Code, from: AccountId, to: AccountId, minutes: i64) -> Request {
    Request {
        id: TransferId(id),
        action: Action::Transfer(Terms {
            code,
            from,
            to,
            amount: Minutes::new(minutes).into(),
            expires_at: None,
        }),
    }
}

fn move_points(
    id: u128,
    code: Code,
    from: AccountId,
    to: AccountId,
    points: i64,
    expires_at: Option<i64>,
) -> Request {
    Request {
        id: TransferId(id),
        action: Action::Transfer(Terms {
            code,
            from,
            to,
            amount: Points::new(points).into(),
            expires_at,
        }),
    }
}

fn reserve(id: u128, from: AccountId, to: AccountId, minutes: i64, deadline: i64) -> Request {
    let Action::Transfer(terms) = move_minutes(id, PAY, from, to, minutes).action else {
        unreachable!()
    };
    let deadline = Some(deadline);
    Request {
        id: TransferId(id),
        action: Action::Reserve { terms, deadline },
    }
}

fn post(id: u128, reservation: u128, minutes: Option<i64>) -> Request {
    Request {
        id: TransferId(id),
        action: Action::Post {
            reservation: TransferId(reservation),
            amount: minutes.map(|minutes| Minutes::new(minutes).into()),
        },
    }
}

fn void(id: u128, reservation: u128) -> Request {
    let reservation = TransferId(reservation);
    Request {
        id: TransferId(id),
        action: Action::Void { reservation },
    }
}

fn reverse(id: u128, of: u128) -> Request {
    let of = TransferId(of);
    Request {
        id: TransferId(id),
        action: Action::Reverse { of },
    }
}

fn balance(book: &Book, id: AccountId) -> i64 {
    book.account(id).unwrap().balance()
}

/// TimeOverflow: the balance was summed and saved without a lock, and two transfers at once left it stale.
#[test]
fn two_hundred_spenders_of_one_balance_spend_exactly_what_it_holds() {
    let mut book = hours();
    book.apply(0, &move_minutes(1, EARN, ISSUER, ANN, 100))
        .unwrap();
    let spent = (10..210)
        .filter(|id| book.apply(0, &move_minutes(*id, PAY, ANN, BO, 7)).is_ok())
        .count();
    assert_eq!(spent, 14);
    assert_eq!((balance(&book, ANN), balance(&book, BO)), (2, 98));
    book.check().unwrap();
}

/// TimeOverflow #845: deleting a transfer left balances wrong. A record that is missing is found by the replay.
#[test]
fn a_deleted_or_altered_record_is_found_by_the_replay() {
    let mut book = hours();
    let mut records: Vec<Record> = Vec::new();
    for request in [
        move_minutes(1, EARN, ISSUER, ANN, 100),
        move_minutes(2, PAY, ANN, BO, 30),
        move_minutes(3, PAY, BO, ANN, 10),
    ] {
        records.push(book.apply(0, &request).unwrap().main().clone());
    }
    let replay = |records: &[Record]| {
        let mut book = hours();
        records.iter().try_for_each(|record| book.follow(record))
    };
    assert!(replay(&records).is_ok());
    let missing = [records[0].clone(), records[2].clone()];
    assert!(replay(&missing).is_err());
    let mut altered = records.clone();
    altered[1].amount = Minutes::new(200).into();
    assert!(replay(&altered).is_err());
    let mut turned = records;
    turned[1].from = ISSUER;
    assert!(replay(&turned).is_err());
}

/// Blnk #181: what reservations would take was ignored, and the account was overdrawn.
#[test]
fn what_is_reserved_cannot_be_spent() {
    let mut book = hours();
    book.apply(0, &move_minutes(1, EARN, ISSUER, ANN, 100))
        .unwrap();
    book.apply(0, &reserve(2, ANN, BO, 80, 50)).unwrap();
    let refused = book.apply(0, &move_minutes(3, PAY, ANN, BO, 30));
    assert!(matches!(
        refused,
        Err(Refusal::TooLittle {
            available: 20,
            needed: 30,
            ..
        })
    ));
    assert!(book.apply(0, &reserve(4, ANN, BO, 21, 50)).is_err());
    assert_eq!(book.available(ANN, 0), Some(20));
}

/// Blnk PR #315: two refunds at once paid twice.
#[test]
fn a_transfer_is_reversed_once() {
    let mut book = hours();
    book.apply(0, &move_minutes(1, EARN, ISSUER, ANN, 100))
        .unwrap();
    book.apply(0, &move_minutes(2, PAY, ANN, BO, 60)).unwrap();
    book.apply(0, &reverse(3, 2)).unwrap();
    let id = TransferId(2);
    assert_eq!(book.apply(0, &reverse(4, 2)), Err(Refusal::Reversed { id }));
    // The first refund, sent again, is the first refund.
    assert!(book.apply(0, &reverse(3, 2)).unwrap().repeated);
    let id = TransferId(3);
    let of_a_reversal = book.apply(0, &reverse(5, 3));
    assert_eq!(of_a_reversal, Err(Refusal::NotReversible { id }));
    assert_eq!(balance(&book, ANN), 100);
}

/// Fineract PR #5357: interest was posted twice.
#[test]
fn a_reservation_is_posted_once_and_its_rest_is_given_back() {
    let mut book = hours();
    book.apply(0, &move_minutes(1, EARN, ISSUER, ANN, 100))
        .unwrap();
    book.apply(0, &reserve(2, ANN, BO, 80, 50)).unwrap();
    book.apply(1, &post(3, 2, Some(55))).unwrap();
    let id = TransferId(2);
    for again in [post(4, 2, None), post(5, 2, Some(25)), void(6, 2)] {
        assert_eq!(book.apply(1, &again), Err(Refusal::Closed { id }));
    }
    assert_eq!((balance(&book, ANN), balance(&book, BO)), (45, 55));
    assert_eq!(book.available(ANN, 1), Some(45));
    book.check().unwrap();
}

/// Komunitin #675: the default limit was zero, and the first trade was refused.
#[test]
fn no_account_is_born_unable_to_receive() {
    let kind = KindRule::new(Kind(1), "member", Asset::Minutes).at_most(0);
    let name = "member";
    assert_eq!(
        Rules::new([kind], [], []).err(),
        Some(RulesFault::UnusableLimits { name })
    );
    let mut book = hours();
    assert!(book.apply(0, &move_minutes(1, EARN, ISSUER, BO, 1)).is_ok());
}

/// Komunitin #698: after one failure an account was stuck for good.
#[test]
fn a_refusal_and_a_forgotten_reservation_leave_nothing_stuck() {
    let mut book = hours();
    book.apply(0, &move_minutes(1, EARN, ISSUER, ANN, 100))
        .unwrap();
    assert!(book.apply(0, &move_minutes(2, PAY, ANN, BO, 101)).is_err());
    assert!(book.apply(0, &move_minutes(2, PAY, ANN, BO, 40)).is_ok());
    // Nobody ever posts or voids this one: at its deadline it is given back by whoever comes next.
    book.apply(0, &reserve(3, ANN, BO, 60, 50)).unwrap();
    assert!(book.apply(49, &move_minutes(4, PAY, ANN, BO, 1)).is_err());
    let receipt = book.apply(50, &move_minutes(4, PAY, ANN, BO, 60)).unwrap();
    assert_eq!(receipt.released.len(), 1);
    assert_eq!(receipt.released[0].id.part, Part::Timeout);
    assert_eq!(balance(&book, ANN), 0);
    book.check().unwrap();
}

#[test]
fn the_same_id_with_the_same_payload_answers_as_before_and_with_another_is_a_conflict() {
    let mut book = hours();
    let earn = move_minutes(1, EARN, ISSUER, ANN, 100);
    let first = book.apply(5, &earn).unwrap();
    let second = book.apply(9, &earn).unwrap();
    assert_eq!(first.records, second.records);
    assert!(second.repeated && second.written().next().is_none());
    let id = TransferId(1);
    for other in [
        move_minutes(1, EARN, ISSUER, ANN, 101),
        move_minutes(1, EARN, ISSUER, BO, 100),
        move_minutes(1, PAY, ISSUER, ANN, 100),
        void(1, 7),
    ] {
        assert_eq!(book.apply(9, &other), Err(Refusal::IdReused { id }));
    }
    assert_eq!(balance(&book, ANN), 100);
}

/// Nanjing 2019: at most 1,500 h a person, what exceeds goes to the pool.
#[test]
fn three_hours_earned_at_1499_are_one_for_the_person_and_two_for_the_pool() {
    let mut book = hours();
    book.apply(0, &move_minutes(1, EARN, ISSUER, ANN, 1_499 * 60))
        .unwrap();
    let receipt = book
        .apply(0, &move_minutes(2, EARN, ISSUER, ANN, 180))
        .unwrap();
    assert_eq!(receipt.records.len(), 2);
    assert_eq!(balance(&book, ANN), 1_500 * 60);
    assert_eq!(balance(&book, POOL), 120);
    // Both parts go back together.
    book.apply(0, &reverse(3, 2)).unwrap();
    assert_eq!(balance(&book, ANN), 1_499 * 60);
    assert_eq!(balance(&book, POOL), 0);
    let request = TransferId(3);
    let part = Part::Overflow;
    assert!(book.record(RecordId { request, part }).is_some());
    book.check().unwrap();
}

#[test]
fn time_never_becomes_money() {
    let time = KindRule::new(Kind(1), "time", Asset::Minutes);
    let other_time = KindRule::new(Kind(2), "time of another", Asset::Minutes);
    let money = KindRule::new(Kind(3), "money", Asset::Fen);
    let other_money = KindRule::new(Kind(4), "money of another", Asset::Fen).may_owe();
    let kinds = [time, other_time, money, other_money];
    let direct = Rules::new(kinds, [route(PAY, 1, 3)], []);
    assert!(matches!(direct, Err(RulesFault::AcrossAssets { .. })));
    let routes = [route(PAY, 1, 2), route(EARN, 4, 3)];
    let paired = Rules::new(kinds, routes, [(PAY, EARN)]);
    assert!(matches!(paired, Err(RulesFault::TimeForMoney { .. })));
    let mut book = Book::new(Arc::new(Rules::new(kinds, routes, []).unwrap()));
    for (id, kind) in [(1, 1), (2, 2), (3, 3), (4, 4)] {
        book.open(Account::new(AccountId(id), Kind(kind))).unwrap();
    }
    let wages = Request {
        id: TransferId(1),
        action: Action::Transfer(Terms {
            code: EARN,
            from: AccountId(4),
            to: AccountId(3),
            amount: Fen::new(100).into(),
            expires_at: None,
        }),
    };
    let mut in_minutes = wages;
    if let Action::Transfer(terms) = &mut in_minutes.action {
        terms.amount = Minutes::new(100).into();
    }
    assert!(matches!(
        book.apply(0, &in_minutes),
        Err(Refusal::OtherAsset { .. })
    ));
    assert!(book.apply(0, &wages).is_ok());
}

#[test]
fn lots_are_spent_oldest_first_and_each_spending_names_its_awards() {
    let mut book = points();
    for (id, amount, expires) in [(1, 10, Some(100)), (2, 10, Some(50)), (3, 10, None)] {
        book.apply(0, &move_points(id, EARN, ISSUER, ANN, amount, expires))
            .unwrap();
    }
    let gift = book
        .apply(1, &move_points(4, PAY, ANN, BO, 15, None))
        .unwrap();
    let awards: Vec<(u64, i64)> = gift
        .main()
        .taken
        .iter()
        .map(|piece| (piece.award, piece.amount))
        .collect();
    assert_eq!(awards, [(1, 10), (2, 5)]);
    // A gift keeps its dates: giving away and back makes no point younger.
    book.apply(2, &move_points(5, PAY, BO, ANN, 15, None))
        .unwrap();
    let dates: Vec<Option<i64>> = book
        .account(ANN)
        .unwrap()
        .lots()
        .map(|(_, lot)| lot.expires_at)
        .collect();
    assert_eq!(dates, [Some(100), Some(50), None]);
}

/// Midnight: at the instant itself a lot can't be spent; what is reserved before is not taken from the reservation.
#[test]
fn what_expires_at_midnight_is_spendable_until_then_and_taken_after() {
    let midnight = 1_000;
    let mut book = points();
    book.apply(0, &move_points(1, EARN, ISSUER, ANN, 10, Some(midnight)))
        .unwrap();
    assert!(
        book.apply(midnight - 1, &move_points(2, PAY, ANN, BO, 3, None))
            .is_ok()
    );
    let late = book.apply(midnight, &move_points(3, PAY, ANN, BO, 3, None));
    assert!(matches!(late, Err(Refusal::TooLittle { available: 0, .. })));
    let preview: i64 = book
        .expired(midnight)
        .flat_map(|(_, pieces)| pieces)
        .map(|piece| piece.amount)
        .sum();
    assert_eq!(preview, 10);
    let sweep = |id, from| Request {
        id: TransferId(id),
        action: Action::Expire {
            code: EXPIRE,
            from,
            to: EXPIRED,
        },
    };
    book.apply(midnight, &sweep(4, ANN)).unwrap();
    book.apply(midnight, &sweep(5, BO)).unwrap();
    let account = ANN;
    assert_eq!(
        book.apply(midnight, &sweep(6, ANN)),
        Err(Refusal::NothingExpired { account })
    );
    assert_eq!(balance(&book, EXPIRED), 10);
    book.check().unwrap();
}

/// A clock that jumps back doesn't bring back what has expired.
#[test]
fn the_book_s_clock_never_runs_back() {
    let mut book = points();
    book.apply(0, &move_points(1, EARN, ISSUER, ANN, 10, Some(100)))
        .unwrap();
    book.apply(200, &move_points(2, EARN, ISSUER, BO, 1, None))
        .unwrap();
    assert!(
        book.apply(50, &move_points(3, PAY, ANN, BO, 1, None))
            .is_err()
    );
    assert_eq!(book.clock(), 200);
}

#[test]
fn amounts_at_the_edge_of_64_bits_are_refused_not_wrapped() {
    let mut book = hours();
    assert!(
        book.apply(0, &move_minutes(1, EARN, ISSUER, POOL, i64::MAX))
            .is_ok()
    );
    let more = book.apply(0, &move_minutes(2, EARN, ISSUER, POOL, 1));
    assert!(matches!(more, Err(Refusal::TooLarge { .. })));
    for amount in [0, -1, i64::MIN] {
        let nothing = book.apply(0, &move_minutes(3, EARN, ISSUER, BO, amount));
        assert_eq!(nothing, Err(Refusal::NotPositive { amount }));
    }
    book.check().unwrap();
}

#[test]
fn a_chain_is_done_whole_or_not_at_all_and_repeats_as_a_whole() {
    let mut book = hours();
    let earn = move_minutes(1, EARN, ISSUER, ANN, 50);
    let chain = [earn, move_minutes(2, PAY, ANN, BO, 50)];
    let too_much = [earn, move_minutes(2, PAY, ANN, BO, 51)];
    let refused = book.apply_linked(0, &too_much).unwrap_err();
    assert_eq!(refused.index, 1);
    assert_eq!((balance(&book, ANN), book.last()), (0, 0));
    book.apply_linked(0, &chain).unwrap();
    let again = book.apply_linked(0, &chain).unwrap();
    assert!(again.iter().all(|receipt| receipt.repeated));
    let half_new = [earn, move_minutes(3, PAY, BO, ANN, 1)];
    assert!(book.apply_linked(0, &half_new).is_err());
    assert_eq!(balance(&book, BO), 50);
}
