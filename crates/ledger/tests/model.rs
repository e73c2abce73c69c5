//! The book against a naive model in which every single point is a token with an owner: whatever is asked in whatever
//! order, both say yes or no alike, hold alike, and a replay of the records ends in the same book.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops where it is surprised"
)]

use std::collections::HashMap;
use std::sync::Arc;

use ledger::{
    Account, AccountId, Action, Asset, Book, Code, Kind, KindRule, Record, Request, Route, Rules,
    Terms, TransferId,
};
use proptest::prelude::*;
use units::Points;

const ISSUER: u128 = 0;
const POOL: u128 = 1;
const SHOP: u128 = 2;
const EXPIRED: u128 = 3;
const MEMBERS: [u128; 3] = [4, 5, 6];
const ANYONE: [u128; 7] = [ISSUER, POOL, SHOP, EXPIRED, 4, 5, 6];
const MEMBER_MAX: usize = 40;

const EARN: Code = Code(1);
const SPEND: Code = Code(2);
const GIFT: Code = Code(3);
const EXPIRE: Code = Code(4);

fn rules() -> Arc<Rules> {
    let plain = |kind, name| KindRule::new(Kind(kind), name, Asset::Points);
    let route = |code, from, to| Route {
        code,
        from: Kind(from),
        to: Kind(to),
    };
    let rules = Rules::new(
        [
            plain(0, "issuer").may_owe(),
            plain(1, "pool"),
            plain(2, "shop").at_most(200),
            plain(3, "expired"),
            plain(4, "member").with_lots().at_most(40),
        ],
        [
            route(EARN, 0, 4),
            route(EARN, 0, 1),
            route(SPEND, 4, 2),
            route(GIFT, 4, 4),
            route(GIFT, 4, 1),
            route(EXPIRE, 4, 3),
        ],
        [],
    );
    Arc::new(rules.unwrap())
}

fn book() -> Book {
    let mut book = Book::new(rules());
    for id in [ISSUER, POOL, SHOP, EXPIRED] {
        book.open(Account::new(
            AccountId(id),
            Kind(u16::try_from(id).unwrap()),
        ))
        .unwrap();
    }
    for id in MEMBERS {
        let member = Account::new(AccountId(id), Kind(4)).overflowing_to(AccountId(POOL));
        book.open(member).unwrap();
    }
    book
}

/// One point.
#[derive(Clone, Debug, PartialEq)]
struct Token {
    award: u64,
    expires: Option<i64>,
    owner: u128,
    held: Option<u128>,
}

/// What was asked and granted.
#[derive(Clone, Debug)]
struct Done {
    action: Action,
    /// The tokens taken from a member, and those given to one, as (award, expiry).
    taken: Vec<(u64, Option<i64>)>,
    kept: Vec<(u64, Option<i64>)>,
    /// Giver, receiver, what stayed there, what overflowed.
    from: u128,
    to: u128,
    moved: i64,
    over: i64,
    reversed: bool,
    open: bool,
    deadline: Option<i64>,
}

#[derive(Default)]
struct Model {
    tokens: Vec<Token>,
    plain: HashMap<u128, i64>,
    done: HashMap<u128, Done>,
    awards: u64,
}

impl Model {
    fn is_member(id: u128) -> bool {
        MEMBERS.contains(&id)
    }

    fn balance(&self, id: u128) -> i64 {
        let tokens = self.tokens.iter().filter(|token| token.owner == id).count();
        i64::try_from(tokens).unwrap() + self.plain.get(&id).copied().unwrap_or(0)
    }

    fn incoming(&self, id: u128) -> i64 {
        let open = self.done.values().filter(|done| done.open && done.to == id);
        open.map(|done| done.moved).sum()
    }

    fn release(&mut self, id: u128) {
        self.done.get_mut(&id).unwrap().open = false;
        for token in &mut self.tokens {
            if token.held == Some(id) {
                token.held = None;
            }
        }
    }

    fn timeouts(&mut self, now: i64, touched: impl AsRef<[u128]>) {
        let touched = touched.as_ref();
        let due: Vec<u128> = self
            .done
            .iter()
            .filter(|(_, done)| {
                done.open
                    && done.deadline.is_some_and(|end| end <= now)
                    && [done.from, done.to].iter().any(|id| touched.contains(id))
            })
            .map(|(id, _)| *id)
            .collect();
        for id in due {
            self.release(id);
        }
    }

    fn free(&self, owner: u128, also_expired: bool, now: i64) -> Vec<usize> {
        let mut free: Vec<usize> = (0..self.tokens.len())
            .filter(|place| {
                let token = &self.tokens[*place];
                let live = also_expired || token.expires.is_none_or(|end| end > now);
                token.owner == owner && token.held.is_none() && live
            })
            .collect();
        free.sort_by_key(|place| self.tokens[*place].award);
        free
    }

    /// Whether it is granted.
    fn ask(&mut self, now: i64, id: u128, action: &Action) -> bool {
        if let Some(done) = self.done.get(&id) {
            return done.action == *action;
        }
        match *action {
            Action::Transfer(terms) => self.transfer(now, id, action, &terms),
            Action::Reserve { terms, deadline } => {
                let (from, to) = (terms.from.0, terms.to.0);
                self.timeouts(now, [from, to]);
                let amount = usize::try_from(terms.amount.get()).unwrap();
                if terms.expires_at.is_some() || deadline.is_some_and(|end| end <= now) {
                    return false;
                }
                let free = self.free(from, false, now);
                let fits = Self::is_member(to)
                    || self.balance(to) + self.incoming(to) + terms.amount.get() <= 200;
                if free.len() < amount || !fits || from == to {
                    return false;
                }
                for place in &free[..amount] {
                    self.tokens[*place].held = Some(id);
                }
                self.note(id, action, from, to, terms.amount.get());
                let done = self.done.get_mut(&id).unwrap();
                (done.open, done.deadline) = (true, deadline);
                true
            }
            Action::Post {
                reservation,
                amount,
            } => {
                let Some(held) = self.done.get(&reservation.0).cloned() else {
                    return false;
                };
                self.timeouts(now, [held.from, held.to]);
                let amount = amount.map_or(held.moved, ledger::Amount::get);
                if !self.done[&reservation.0].open || amount <= 0 || amount > held.moved {
                    return false;
                }
                let mut places: Vec<usize> = (0..self.tokens.len())
                    .filter(|place| self.tokens[*place].held == Some(reservation.0))
                    .collect();
                places.sort_by_key(|place| self.tokens[*place].award);
                places.truncate(usize::try_from(amount).unwrap());
                self.release(reservation.0);
                self.note(id, action, held.from, held.to, amount);
                self.carry(id, &places);
                true
            }
            Action::Void { reservation } => {
                let Some(held) = self.done.get(&reservation.0).cloned() else {
                    return false;
                };
                self.timeouts(now, [held.from, held.to]);
                if !self.done[&reservation.0].open {
                    return false;
                }
                self.release(reservation.0);
                self.note(id, action, held.from, held.to, 0);
                true
            }
            Action::Reverse { of } => self.reverse(now, id, action, of.0),
            Action::Expire { from, to, .. } => {
                self.timeouts(now, [from.0, to.0]);
                let due: Vec<usize> = self
                    .free(from.0, true, now)
                    .into_iter()
                    .filter(|place| self.tokens[*place].expires.is_some_and(|end| end <= now))
                    .collect();
                let amount = i64::try_from(due.len()).unwrap();
                self.note(id, action, from.0, to.0, amount);
                self.carry(id, &due);
                if due.is_empty() {
                    self.done.remove(&id);
                }
                !due.is_empty()
            }
        }
    }

    fn transfer(&mut self, now: i64, id: u128, action: &Action, terms: &Terms) -> bool {
        let (from, to, amount) = (terms.from.0, terms.to.0, terms.amount.get());
        self.timeouts(now, [from, to]);
        let count = usize::try_from(amount).unwrap();
        if from == to || (terms.expires_at.is_some() && from != ISSUER) {
            return false;
        }
        if terms.expires_at.is_some_and(|end| end <= now) {
            return false;
        }
        if !Self::is_member(to) && self.balance(to) + self.incoming(to) + amount > 200 {
            return false;
        }
        let places = if from == ISSUER {
            self.awards += 1;
            let first = self.tokens.len();
            for _ in 0..count {
                self.tokens.push(Token {
                    award: self.awards,
                    expires: terms.expires_at,
                    owner: u128::MAX,
                    held: None,
                });
            }
            (first..first + count).collect()
        } else {
            let mut free = self.free(from, false, now);
            if free.len() < count {
                return false;
            }
            free.truncate(count);
            free
        };
        self.note(id, action, from, to, amount);
        self.carry(id, &places);
        true
    }

    fn note(&mut self, id: u128, action: &Action, from: u128, to: u128, moved: i64) {
        let done = Done {
            action: *action,
            taken: Vec::new(),
            kept: Vec::new(),
            from,
            to,
            moved,
            over: 0,
            reversed: false,
            open: false,
            deadline: None,
        };
        self.done.insert(id, done);
    }

    /// Moves tokens to the receiver as far as it has room, the rest to the pool; outside of members they are numbers.
    fn carry(&mut self, id: u128, places: &[usize]) {
        let done = self.done[&id].clone();
        let room = if Self::is_member(done.to) {
            MEMBER_MAX - usize::try_from(self.balance(done.to)).unwrap()
        } else {
            usize::MAX
        };
        let (stay, over) = places.split_at(room.min(places.len()));
        let names = |places: &[usize]| -> Vec<_> {
            let tokens = places.iter().map(|place| &self.tokens[*place]);
            tokens.map(|token| (token.award, token.expires)).collect()
        };
        let (taken, kept) = (names(places), names(stay));
        let (stays, overs) = (
            i64::try_from(stay.len()).unwrap(),
            i64::try_from(over.len()).unwrap(),
        );
        for place in stay {
            self.tokens[*place].owner = if Self::is_member(done.to) {
                done.to
            } else {
                u128::MAX
            };
        }
        for place in over {
            self.tokens[*place].owner = u128::MAX;
        }
        if !Self::is_member(done.to) {
            *self.plain.entry(done.to).or_default() += stays;
        }
        *self.plain.entry(POOL).or_default() += overs;
        if done.from == ISSUER {
            *self.plain.entry(ISSUER).or_default() -= stays + overs;
        }
        let done = self.done.get_mut(&id).unwrap();
        done.taken = taken;
        done.kept = kept;
        (done.moved, done.over) = (stays, overs);
        self.tokens.retain(|token| token.owner != u128::MAX);
    }

    fn reverse(&mut self, now: i64, id: u128, action: &Action, of: u128) -> bool {
        let Some(done) = self.done.get(&of).cloned() else {
            return false;
        };
        self.timeouts(now, [done.from, done.to]);
        let reversible = matches!(done.action, Action::Transfer(_) | Action::Post { .. });
        if !reversible || done.reversed {
            return false;
        }
        let mut places = Vec::new();
        if Self::is_member(done.to) {
            let own: Vec<u64> = done.kept.iter().map(|(award, _)| *award).collect();
            places = self.free(done.to, true, now);
            places.sort_by_key(|place| {
                let award = self.tokens[*place].award;
                (!own.contains(&award), award)
            });
            if places.len() < usize::try_from(done.moved).unwrap() {
                return false;
            }
            places.truncate(usize::try_from(done.moved).unwrap());
        } else if self.balance(done.to) < done.moved {
            return false;
        }
        if self.balance(POOL) < done.over {
            return false;
        }
        let total = done.moved + done.over;
        if Self::is_member(done.from) {
            let room = i64::try_from(MEMBER_MAX).unwrap() - self.balance(done.from);
            if total + self.incoming(done.from) > room {
                return false;
            }
        }
        for place in &places {
            self.tokens[*place].owner = u128::MAX;
        }
        self.tokens.retain(|token| token.owner != u128::MAX);
        if Self::is_member(done.from) {
            for (award, expires) in &done.taken {
                self.tokens.push(Token {
                    award: *award,
                    expires: *expires,
                    owner: done.from,
                    held: None,
                });
            }
        }
        if !Self::is_member(done.to) {
            *self.plain.entry(done.to).or_default() -= done.moved;
        }
        *self.plain.entry(POOL).or_default() -= done.over;
        if done.from == ISSUER {
            *self.plain.entry(ISSUER).or_default() += total;
        }
        self.done.get_mut(&of).unwrap().reversed = true;
        self.note(id, action, done.to, done.from, total);
        true
    }
}

fn action() -> impl Strategy<Value = Action> {
    let member = || prop::sample::select(MEMBERS.to_vec());
    let terms = move |code: Code| {
        let ends = prop::option::of(1_i64..60);
        (member(), member(), 1_i64..30, ends).prop_map(move |(one, other, amount, ends)| {
            let (from, to) = match code {
                EARN => (ISSUER, other),
                SPEND => (one, SHOP),
                _ => (one, other),
            };
            Terms {
                code,
                from: AccountId(from),
                to: AccountId(to),
                amount: Points::new(amount).into(),
                expires_at: if code == EARN { ends } else { None },
            }
        })
    };
    let id = || (0_u128..60).prop_map(TransferId);
    prop_oneof![
        5 => terms(EARN).prop_map(Action::Transfer),
        3 => terms(SPEND).prop_map(Action::Transfer),
        2 => terms(GIFT).prop_map(Action::Transfer),
        3 => (prop_oneof![terms(SPEND), terms(GIFT)], prop::option::of(1_i64..60))
            .prop_map(|(terms, deadline)| Action::Reserve { terms, deadline }),
        3 => (id(), prop::option::of(1_i64..30)).prop_map(|(reservation, amount)| Action::Post {
            reservation,
            amount: amount.map(|amount| Points::new(amount).into()),
        }),
        1 => id().prop_map(|reservation| Action::Void { reservation }),
        2 => id().prop_map(|of| Action::Reverse { of }),
        1 => member().prop_map(|from| Action::Expire {
            code: EXPIRE,
            from: AccountId(from),
            to: AccountId(EXPIRED),
        }),
    ]
}

fn cases() -> ProptestConfig {
    let many = std::env::var("LINLI_MANY").is_ok();
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(if many { 20_000 } else { 100 })
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn the_book_does_what_the_naive_model_does(
        steps in prop::collection::vec((0_i64..3, 0_u128..60, action()), 1..80),
    ) {
        let (mut book, mut model) = (book(), Model::default());
        let (mut now, mut records): (i64, Vec<Record>) = (0, Vec::new());
        for (pause, id, action) in steps {
            now += pause;
            let request = Request { id: TransferId(id), action };
            let granted = book.apply(now, &request);
            let expected = model.ask(now, id, &action);
            prop_assert_eq!(granted.is_ok(), expected, "{:?} {:?}", request, granted);
            if let Ok(receipt) = &granted {
                records.extend(receipt.written().map(|record| Record::clone(record)));
            } else {
                // The model gives back what is overdue even where it refuses; so both give back all now.
                model.timeouts(now, ANYONE);
                records.extend(book.give_back_overdue(now).iter().map(|record| Record::clone(record)));
            }
            for account in 0..7 {
                let ours = book.account(AccountId(account)).unwrap();
                prop_assert_eq!(ours.balance(), model.balance(account), "account {}", account);
                if MEMBERS.contains(&account) && granted.is_ok() {
                    let free = i64::try_from(model.free(account, false, now).len()).unwrap();
                    prop_assert_eq!(ours.spendable_lots(now), free);
                }
            }
            book.check().unwrap();
        }
        let mut replayed = self::book();
        for record in &records {
            replayed.follow(record).unwrap();
        }
        for account in book.accounts() {
            prop_assert_eq!(Some(account), replayed.account(account.id));
        }
    }

    #[test]
    fn a_refused_chain_leaves_no_trace(
        before in prop::collection::vec(action(), 0..20),
        chain in prop::collection::vec(action(), 1..8),
    ) {
        let mut book = book();
        for (id, action) in (0_u128..).zip(before) {
            let _ = book.apply(0, &Request { id: TransferId(id), action });
        }
        let accounts: HashMap<AccountId, Account> =
            book.accounts().map(|account| (account.id, account.clone())).collect();
        let (last, remembered) = (book.last(), book.remembered());
        let chain: Vec<Request> = (100_u128..).zip(chain)
            .map(|(id, action)| Request { id: TransferId(id), action })
            .collect();
        // Time has passed, so that reservations are given back on the way.
        if book.apply_linked(50, &chain).is_err() {
            for account in book.accounts() {
                prop_assert_eq!(Some(account), accounts.get(&account.id));
            }
            prop_assert_eq!((book.last(), book.remembered()), (last, remembered));
        }
        book.check().unwrap();
    }
}
