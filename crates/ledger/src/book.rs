//! The book: accounts, open reservations and the records known so far. Requests come in, records come out.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::lot::{self, Piece};
use crate::record::{Act, Part, Record, RecordId};
use crate::request::{Action, Request, TransferId};
use crate::{Account, AccountId, Asset, CHAIN_MAX, Code, Refusal, Refused, Rules};

/// The state. It may hold a part of a larger book: what a request touches must have been restored before.
#[derive(Debug)]
pub struct Book {
    pub(crate) rules: Arc<Rules>,
    pub(crate) accounts: HashMap<AccountId, Account>,
    /// Open reservations, by the request that made them.
    pub(crate) open: HashMap<TransferId, Arc<Record>>,
    pub(crate) records: HashMap<RecordId, Arc<Record>>,
    pub(crate) reversed: HashSet<TransferId>,
    /// The number of the last record.
    pub(crate) last: u64,
    /// The time of the last record: the book's clock never runs back.
    pub(crate) clock: i64,
    undo: Vec<Undo>,
    keeps_undo: bool,
}

/// What a request did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The request's records: its own first, then what overflowed.
    pub records: Vec<Arc<Record>>,
    /// Reservations that had reached their deadline and were given back first.
    pub released: Vec<Arc<Record>>,
    /// Whether the request had been done before; then nothing moved now.
    pub repeated: bool,
    main: Arc<Record>,
}

impl Receipt {
    /// The request's own record.
    pub fn main(&self) -> &Record {
        &self.main
    }

    /// What was written now, in order.
    pub fn written(&self) -> impl Iterator<Item = &Arc<Record>> {
        let own: &[Arc<Record>] = if self.repeated { &[] } else { &self.records };
        self.released.iter().chain(own)
    }
}

/// How to take one step back.
#[derive(Debug)]
enum Undo {
    Account(Box<Account>),
    Record(RecordId),
    Opened(TransferId),
    Closed(Arc<Record>),
    Reversed(TransferId),
    Head { last: u64, clock: i64 },
}

impl Book {
    /// An empty book.
    pub fn new(rules: Arc<Rules>) -> Self {
        Self {
            rules,
            accounts: HashMap::new(),
            open: HashMap::new(),
            records: HashMap::new(),
            reversed: HashSet::new(),
            last: 0,
            clock: i64::MIN,
            undo: Vec::new(),
            keeps_undo: false,
        }
    }

    /// The same, going on after a number and a time.
    #[must_use]
    pub fn continuing(mut self, last: u64, clock: i64) -> Self {
        self.last = last;
        self.clock = clock;
        self
    }

    /// Opens an account, or restores a stored one.
    ///
    /// # Errors
    /// [`Refusal`] where it exists, its kind is unknown or its overflow account can't take whatever comes.
    pub fn open(&mut self, account: Account) -> Result<(), Refusal> {
        let rule = self.rules.kind(account.kind).ok_or(Refusal::NoKind {
            account: account.id,
            kind: account.kind,
        })?;
        if self.accounts.contains_key(&account.id) {
            return Err(Refusal::AccountExists {
                account: account.id,
            });
        }
        if let Some(id) = account.overflow {
            let fits = self.accounts.get(&id).is_some_and(|overflow| {
                let its = self.rules.kind(overflow.kind);
                overflow.at_most.is_none()
                    && its.is_some_and(|its| {
                        its.max.is_none() && its.asset == rule.asset && !its.lots
                    })
            });
            if !fits {
                return Err(Refusal::UnfitOverflow { account: id });
            }
        }
        self.accounts.insert(account.id, account);
        Ok(())
    }

    /// Restores a stored record, so that its request is known, and whether it was reversed since.
    pub fn restore_record(&mut self, record: Record, reversed: bool) {
        if reversed {
            self.reversed.insert(record.id.request);
        }
        self.records.insert(record.id, Arc::new(record));
    }

    /// Restores an open reservation; its accounts have been restored before.
    pub fn restore_reservation(&mut self, record: Record) {
        let id = record.id.request;
        for account in [record.from, record.to] {
            if let Some(account) = self.accounts.get_mut(&account)
                && !account.open.contains(&id)
            {
                account.open.push(id);
            }
        }
        let record = Arc::new(record);
        self.records.insert(record.id, Arc::clone(&record));
        self.open.insert(id, record);
    }

    /// Forgets the records but open reservations, to save memory; requests repeated later, and records to be reversed, must be restored before.
    pub fn forget_records(&mut self) {
        let open = &self.open;
        self.records.retain(|id, _| open.contains_key(&id.request));
    }

    /// The rules.
    pub fn rules(&self) -> &Arc<Rules> {
        &self.rules
    }

    /// An account.
    pub fn account(&self, id: AccountId) -> Option<&Account> {
        self.accounts.get(&id)
    }

    /// Every account that was opened or restored.
    pub fn accounts(&self) -> impl ExactSizeIterator<Item = &Account> {
        self.accounts.values()
    }

    /// A record.
    pub fn record(&self, id: RecordId) -> Option<&Record> {
        self.records.get(&id).map(AsRef::as_ref)
    }

    /// A reservation that is open.
    pub fn reservation(&self, id: TransferId) -> Option<&Record> {
        self.open.get(&id).map(AsRef::as_ref)
    }

    /// How many records are remembered.
    pub fn remembered(&self) -> usize {
        self.records.len()
    }

    /// The number of the last record.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// The time of the last record.
    pub fn clock(&self) -> i64 {
        self.clock
    }

    /// What has expired by a time and would be taken from whom: the preview of the expiry.
    pub fn expired(&self, now: i64) -> impl Iterator<Item = (AccountId, Vec<Piece>)> {
        let due = self
            .accounts
            .values()
            .map(move |account| (account.id, lot::expired(&account.lots, now)));
        due.filter(|(_, pieces)| !pieces.is_empty())
    }

    /// What could be spent from an account at a time: reservations and expired lots don't count. `None` for an account
    /// that may owe without limit, or that is not known.
    pub fn available(&self, id: AccountId, now: i64) -> Option<i64> {
        self.accounts
            .get(&id)
            .and_then(|account| self.room_to_give(account, now))
    }

    /// Does one request, or refuses it and changes nothing. `now` in microseconds; a time before the last record's counts
    /// as that record's.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn apply(&mut self, now: i64, request: &Request) -> Result<Receipt, Refusal> {
        if let Some(receipt) = self.repeated(request)? {
            return Ok(receipt);
        }
        let now = now.max(self.clock);
        let due = self.overdue(now, request);
        if due.is_empty() {
            let planned = self.plan(now, request)?;
            return Ok(self.enter_all(Vec::new(), planned));
        }
        self.with_undo(|book| {
            let released = due.iter().filter_map(|id| book.give_back(now, *id));
            let released = released.collect();
            let planned = book.plan(now, request)?;
            Ok(book.enter_all(released, planned))
        })
    }

    /// Does all of these requests or none.
    ///
    /// # Errors
    /// [`Refused`]: the first that is refused, and why.
    pub fn apply_linked(
        &mut self,
        now: i64,
        requests: &[Request],
    ) -> Result<Vec<Receipt>, Refused> {
        let refused = |index: usize| move |refusal: Refusal| Refused { index, refusal };
        if requests.is_empty() || requests.len() > CHAIN_MAX {
            let length = requests.len();
            return Err(refused(0)(Refusal::ChainLength { length }));
        }
        self.with_undo(|book| {
            let mut receipts: Vec<Receipt> = Vec::with_capacity(requests.len());
            let mut codes = BTreeSet::new();
            for (index, request) in requests.iter().enumerate() {
                let receipt = book.apply(now, request).map_err(refused(index))?;
                if receipts.iter().any(|one| one.repeated != receipt.repeated) {
                    let id = request.id;
                    return Err(refused(index)(Refusal::IdReused { id }));
                }
                book.may_join(&mut codes, receipt.main())
                    .map_err(refused(index))?;
                receipts.push(receipt);
            }
            Ok(receipts)
        })
    }

    /// Gives back the reservations whose deadline has passed, as records of their own.
    pub fn give_back_overdue(&mut self, now: i64) -> Vec<Arc<Record>> {
        let now = now.max(self.clock);
        let is_due = |record: &&Arc<Record>| record.deadline.is_some_and(|end| end <= now);
        let mut due: Vec<&Arc<Record>> = self.open.values().filter(is_due).collect();
        due.sort_by_key(|record| record.seq);
        let due: Vec<TransferId> = due.iter().map(|record| record.id.request).collect();
        due.iter()
            .filter_map(|id| self.give_back(now, *id))
            .collect()
    }

    /// Whether every two codes of a chain that move different assets are paired by the rules.
    fn may_join(
        &self,
        codes: &mut BTreeSet<(Asset, Code)>,
        record: &Record,
    ) -> Result<(), Refusal> {
        let (asset, code) = (record.amount.asset(), record.code);
        let stranger = codes
            .iter()
            .find(|(other, one)| *other != asset && !self.rules.allows_together(*one, code));
        if let Some((_, one)) = stranger {
            return Err(Refusal::NotTogether {
                one: *one,
                other: code,
            });
        }
        codes.insert((asset, code));
        Ok(())
    }

    fn repeated(&self, request: &Request) -> Result<Option<Receipt>, Refusal> {
        let Some(main) = self.records.get(&RecordId::main(request.id)) else {
            return Ok(None);
        };
        if !main.answers(request) {
            return Err(Refusal::IdReused { id: request.id });
        }
        let over = RecordId {
            request: request.id,
            part: Part::Overflow,
        };
        let records = [Some(main), self.records.get(&over)];
        Ok(Some(Receipt {
            records: records.into_iter().flatten().map(Arc::clone).collect(),
            released: Vec::new(),
            repeated: true,
            main: Arc::clone(main),
        }))
    }

    /// The reservations past their deadline on the accounts that a request touches.
    fn overdue(&self, now: i64, request: &Request) -> Vec<TransferId> {
        let (from, to) = match &request.action {
            Action::Transfer(terms) | Action::Reserve { terms, .. } => (terms.from, terms.to),
            Action::Expire { from, to, .. } => (*from, *to),
            Action::Post { reservation, .. } | Action::Void { reservation } => {
                match self.open.get(reservation) {
                    Some(held) => (held.from, held.to),
                    None => return Vec::new(),
                }
            }
            Action::Reverse { of } => match self.records.get(&RecordId::main(*of)) {
                Some(record) => (record.from, record.to),
                None => return Vec::new(),
            },
        };
        let mut due: Vec<TransferId> = [from, to]
            .into_iter()
            .filter_map(|id| self.accounts.get(&id))
            .flat_map(|account| &account.open)
            .filter(|id| {
                let deadline = self.open.get(id).and_then(|held| held.deadline);
                deadline.is_some_and(|end| end <= now)
            })
            .copied()
            .collect();
        due.sort_unstable();
        due.dedup();
        due
    }

    fn give_back(&mut self, now: i64, id: TransferId) -> Option<Arc<Record>> {
        let held = Arc::clone(self.open.get(&id)?);
        let part = Part::Timeout;
        let record = Record {
            seq: self.last + 1,
            at: now,
            id: RecordId { request: id, part },
            act: Act::Void,
            requested: None,
            deadline: None,
            expires_at: None,
            target: Some(id),
            given: Vec::new(),
            ..Record::clone(&held)
        };
        Some(self.enter(record))
    }

    fn enter_all(
        &mut self,
        released: Vec<Arc<Record>>,
        planned: (Record, Option<Record>),
    ) -> Receipt {
        let main = self.enter(planned.0);
        let over = planned.1.map(|record| self.enter(record));
        let records = [Some(Arc::clone(&main)), over];
        Receipt {
            records: records.into_iter().flatten().collect(),
            released,
            repeated: false,
            main,
        }
    }

    /// The one place where anything changes. What is entered was planned against this state, so every sum fits.
    pub(crate) fn enter(&mut self, mut record: Record) -> Arc<Record> {
        self.keep(|book| Undo::Head {
            last: book.last,
            clock: book.clock,
        });
        for account in [record.from, record.to] {
            if self.keeps_undo
                && let Some(account) = self.accounts.get(&account)
            {
                self.undo.push(Undo::Account(Box::new(account.clone())));
            }
        }
        if let (Some(target), Act::Post | Act::Void) = (record.target, record.act) {
            self.close(target);
        }
        let amount = record.amount.get();
        if let Some(from) = self.accounts.get_mut(&record.from) {
            record.from_before = std::mem::replace(&mut from.last, record.seq);
            give(from, &record, amount);
        }
        if let Some(to) = self.accounts.get_mut(&record.to) {
            record.to_before = std::mem::replace(&mut to.last, record.seq);
            receive(to, &record, amount);
        }
        self.last = record.seq;
        self.clock = record.at;
        let record = Arc::new(record);
        if record.act == Act::Reserve {
            self.open.insert(record.id.request, Arc::clone(&record));
            self.keep(|_| Undo::Opened(record.id.request));
        }
        if let (Act::Reverse, Some(target)) = (record.act, record.target) {
            self.reversed.insert(target);
            self.keep(|_| Undo::Reversed(target));
        }
        self.records.insert(record.id, Arc::clone(&record));
        self.keep(|_| Undo::Record(record.id));
        record
    }

    /// Gives back what a reservation holds.
    fn close(&mut self, target: TransferId) {
        let Some(held) = self.open.remove(&target) else {
            return;
        };
        let amount = held.amount.get();
        if let Some(from) = self.accounts.get_mut(&held.from) {
            from.counters.outgoing -= amount;
            from.open.retain(|id| *id != target);
            for piece in &held.taken {
                lot::hold(&mut from.lots, piece.award, -piece.amount);
            }
        }
        if let Some(to) = self.accounts.get_mut(&held.to) {
            to.counters.incoming -= amount;
            to.open.retain(|id| *id != target);
        }
        self.keep(|_| Undo::Closed(held));
    }

    fn keep(&mut self, step: impl FnOnce(&Self) -> Undo) {
        if self.keeps_undo {
            let step = step(self);
            self.undo.push(step);
        }
    }

    /// Takes every step back if the work fails; within a chain the chain does so.
    fn with_undo<T, E>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        let outermost = !std::mem::replace(&mut self.keeps_undo, true);
        let mark = self.undo.len();
        let done = work(self);
        if done.is_err() {
            while self.undo.len() > mark {
                self.step_back();
            }
        }
        if outermost {
            self.keeps_undo = false;
            self.undo.clear();
        }
        done
    }

    fn step_back(&mut self) {
        match self.undo.pop() {
            Some(Undo::Account(account)) => {
                self.accounts.insert(account.id, *account);
            }
            Some(Undo::Record(id)) => {
                self.records.remove(&id);
            }
            Some(Undo::Opened(id)) => {
                self.open.remove(&id);
            }
            Some(Undo::Closed(record)) => {
                self.open.insert(record.id.request, record);
            }
            Some(Undo::Reversed(id)) => {
                self.reversed.remove(&id);
            }
            Some(Undo::Head { last, clock }) => {
                self.last = last;
                self.clock = clock;
            }
            None => {}
        }
    }
}

fn give(from: &mut Account, record: &Record, amount: i64) {
    match record.act {
        Act::Reserve => {
            from.counters.outgoing += amount;
            from.open.push(record.id.request);
            for piece in &record.taken {
                lot::hold(&mut from.lots, piece.award, piece.amount);
            }
        }
        Act::Void => {}
        Act::Transfer | Act::Post | Act::Reverse | Act::Expire => {
            from.counters.given += amount;
            for piece in &record.taken {
                lot::remove(&mut from.lots, piece);
            }
        }
    }
}

fn receive(to: &mut Account, record: &Record, amount: i64) {
    match record.act {
        Act::Reserve => {
            to.counters.incoming += amount;
            to.open.push(record.id.request);
        }
        Act::Void => {}
        Act::Transfer | Act::Post | Act::Reverse | Act::Expire => {
            to.counters.received += amount;
            for piece in &record.given {
                lot::add(&mut to.lots, piece);
            }
        }
    }
}
