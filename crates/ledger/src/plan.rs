//! Judging a request: everything is checked here, against the state as it stands, before anything changes.

use std::sync::Arc;

use crate::account::Account;
use crate::lot::{self, Piece};
use crate::record::{Act, Part, Record, RecordId};
use crate::request::{Action, Request, Terms, TransferId};
use crate::{AccountId, Amount, Asset, Book, Code, KindRule, Refusal};

/// A request's own record, and what overflowed.
type Planned = (Record, Option<Record>);

/// What a planned movement has in common with every other.
struct Movement {
    at: i64,
    id: TransferId,
    act: Act,
    code: Code,
    from: AccountId,
    to: AccountId,
    asset: Asset,
    requested: Option<i64>,
    expires_at: Option<i64>,
    target: Option<TransferId>,
}

impl Book {
    pub(crate) fn plan(&self, at: i64, request: &Request) -> Result<Planned, Refusal> {
        let id = request.id;
        match &request.action {
            Action::Transfer(terms) => self.plan_transfer(at, id, terms),
            Action::Reserve { terms, deadline } => self.plan_reserve(at, id, terms, *deadline),
            Action::Post {
                reservation,
                amount,
            } => self.plan_post(at, id, *reservation, *amount),
            Action::Void { reservation } => self.plan_void(at, id, *reservation),
            Action::Reverse { of } => self.plan_reverse(at, id, *of),
            Action::Expire { code, from, to } => self.plan_expire(at, id, *code, *from, *to),
        }
    }

    fn plan_transfer(&self, at: i64, id: TransferId, terms: &Terms) -> Result<Planned, Refusal> {
        let movement = self.movement(at, id, Act::Transfer, terms)?;
        let amount = terms.amount.get();
        let taken = self.take(&movement, amount)?;
        let to = self.known(terms.to)?.0;
        self.moved(&movement, amount, &taken, to.counters.incoming)
    }

    fn plan_reserve(
        &self,
        at: i64,
        id: TransferId,
        terms: &Terms,
        deadline: Option<i64>,
    ) -> Result<Planned, Refusal> {
        let movement = self.movement(at, id, Act::Reserve, terms)?;
        if deadline.is_some_and(|deadline| deadline <= at) {
            return Err(Refusal::ImpossibleDate);
        }
        let amount = terms.amount.get();
        let taken = self.take(&movement, amount)?;
        let (to, rule) = self.known(terms.to)?;
        // Room is kept for what a reservation will bring, unless what exceeds goes elsewhere.
        if to.overflow.is_none() {
            fits(to, rule, amount, to.counters.incoming)?;
        }
        if to.counters.incoming.checked_add(amount).is_none() {
            return Err(Refusal::TooLarge { account: to.id });
        }
        let record = Record {
            deadline,
            ..movement.record(self.last + 1, terms.to, amount, taken, Vec::new())
        };
        Ok((record, None))
    }

    fn plan_post(
        &self,
        at: i64,
        id: TransferId,
        reservation: TransferId,
        amount: Option<Amount>,
    ) -> Result<Planned, Refusal> {
        let held = self.held(reservation)?;
        let reserved = held.amount.get();
        if let Some(amount) = amount {
            same_asset(held.from, held.amount.asset(), amount.asset())?;
            positive(amount.get())?;
        }
        let posted = amount.map_or(reserved, Amount::get);
        if posted > reserved {
            return Err(Refusal::MoreThanReserved {
                amount: posted,
                reserved,
            });
        }
        let movement = Movement {
            at,
            id,
            act: Act::Post,
            code: held.code,
            from: held.from,
            to: held.to,
            asset: held.amount.asset(),
            requested: amount.map(Amount::get),
            expires_at: held.expires_at,
            target: Some(reservation),
        };
        let (taken, _) = lot::cut(&held.taken, posted);
        let to = self.known(held.to)?.0;
        let others = to.counters.incoming.saturating_sub(reserved);
        self.moved(&movement, posted, &taken, others)
    }

    fn plan_void(
        &self,
        at: i64,
        id: TransferId,
        reservation: TransferId,
    ) -> Result<Planned, Refusal> {
        let held = self.held(reservation)?;
        let record = Record {
            seq: self.last + 1,
            at,
            id: RecordId::main(id),
            act: Act::Void,
            requested: None,
            deadline: None,
            expires_at: None,
            target: Some(reservation),
            given: Vec::new(),
            ..Record::clone(held)
        };
        Ok((record, None))
    }

    /// Both parts of what overflowed go back; what was taken from lots returns to the same lots.
    fn plan_reverse(&self, at: i64, id: TransferId, of: TransferId) -> Result<Planned, Refusal> {
        let original = self.recorded(of)?;
        if !matches!(original.act, Act::Transfer | Act::Post) {
            return Err(Refusal::NotReversible { id: of });
        }
        if self.reversed.contains(&of) {
            return Err(Refusal::Reversed { id: of });
        }
        let main = self.opposite(at, id, original, self.last + 1, Some(of))?;
        let over = RecordId {
            request: of,
            part: Part::Overflow,
        };
        let Some(over) = self.records.get(&over) else {
            return Ok((main, None));
        };
        let mut over = self.opposite(at, id, over, self.last + 2, None)?;
        over.id.part = Part::Overflow;
        let (back, rule) = self.known(over.to)?;
        let both = main.amount.get().saturating_add(over.amount.get());
        fits(back, rule, both, back.counters.incoming)?;
        Ok((main, Some(over)))
    }

    fn opposite(
        &self,
        at: i64,
        id: TransferId,
        original: &Record,
        seq: u64,
        target: Option<TransferId>,
    ) -> Result<Record, Refusal> {
        let movement = Movement {
            at,
            id,
            act: Act::Reverse,
            code: original.code,
            from: original.to,
            to: original.from,
            asset: original.amount.asset(),
            requested: None,
            expires_at: None,
            target,
        };
        let amount = original.amount.get();
        let (from, rule) = self.known(movement.from)?;
        let taken = if rule.lots {
            let awards: Vec<u64> = original.given.iter().map(|piece| piece.award).collect();
            let pieces = lot::these_first(&from.lots, &awards, amount);
            pieces.ok_or_else(|| too_little(from, amount, free(from)))?
        } else {
            self.can_give(from, amount, at)?;
            Vec::new()
        };
        let (to, rule) = self.known(movement.to)?;
        fits(to, rule, amount, to.counters.incoming)?;
        let given = original.taken.clone();
        Ok(movement.record(seq, movement.to, amount, taken, given))
    }

    fn plan_expire(
        &self,
        at: i64,
        id: TransferId,
        code: Code,
        from: AccountId,
        to: AccountId,
    ) -> Result<Planned, Refusal> {
        let (giver, rule) = self.known(from)?;
        let (receiver, its) = self.known(to)?;
        self.allowed(code, giver, receiver)?;
        let taken = lot::expired(&giver.lots, at);
        let amount = taken.iter().map(|piece| piece.amount).sum();
        if taken.is_empty() {
            return Err(Refusal::NothingExpired { account: from });
        }
        fits(receiver, its, amount, receiver.counters.incoming)?;
        let movement = Movement {
            at,
            id,
            act: Act::Expire,
            code,
            from,
            to,
            asset: rule.asset,
            requested: None,
            expires_at: None,
            target: None,
        };
        let record = movement.record(self.last + 1, to, amount, taken, Vec::new());
        Ok((record, None))
    }

    /// Checks what can be said of terms without looking at balances.
    fn movement(
        &self,
        at: i64,
        id: TransferId,
        act: Act,
        terms: &Terms,
    ) -> Result<Movement, Refusal> {
        let (from, rule) = self.known(terms.from)?;
        let (to, its) = self.known(terms.to)?;
        if terms.from == terms.to {
            return Err(Refusal::SameAccount { account: terms.to });
        }
        positive(terms.amount.get())?;
        same_asset(from.id, rule.asset, terms.amount.asset())?;
        same_asset(to.id, its.asset, terms.amount.asset())?;
        self.allowed(terms.code, from, to)?;
        if let Some(expires_at) = terms.expires_at
            && (!its.lots || rule.lots || expires_at <= at)
        {
            return Err(Refusal::ImpossibleDate);
        }
        Ok(Movement {
            at,
            id,
            act,
            code: terms.code,
            from: terms.from,
            to: terms.to,
            asset: rule.asset,
            requested: Some(terms.amount.get()),
            expires_at: terms.expires_at,
            target: None,
        })
    }

    /// The pieces that a movement takes, where the giver keeps lots.
    fn take(&self, movement: &Movement, amount: i64) -> Result<Vec<Piece>, Refusal> {
        let (from, rule) = self.known(movement.from)?;
        self.can_give(from, amount, movement.at)?;
        if !rule.lots {
            return Ok(Vec::new());
        }
        lot::oldest_first(&from.lots, movement.at, amount).ok_or_else(|| {
            let available = lot::spendable(&from.lots, movement.at);
            too_little(from, amount, available)
        })
    }

    /// Divides a movement between the receiver and its overflow account.
    fn moved(
        &self,
        movement: &Movement,
        amount: i64,
        taken: &[Piece],
        incoming: i64,
    ) -> Result<Planned, Refusal> {
        let (to, rule) = self.known(movement.to)?;
        let room = room_to_take(to, rule, 0);
        let over = match (to.overflow, room) {
            (Some(overflow), Some(room)) if amount > room && overflow != movement.from => {
                Some((overflow, amount - room.max(0)))
            }
            (Some(_), Some(room)) if amount <= room => None,
            _ => {
                fits(to, rule, amount, incoming)?;
                None
            }
        };
        let kept = amount - over.map_or(0, |(_, over)| over);
        let (first, rest) = lot::cut(taken, kept);
        let seq = self.last + 1;
        let given = arriving(movement, rule, seq, kept, &first);
        countable(to, kept)?;
        let main = movement.record(seq, movement.to, kept, first, given);
        let Some((overflow, over)) = over else {
            return Ok((main, None));
        };
        let pool = self.known(overflow)?.0;
        self.allowed(movement.code, self.known(movement.from)?.0, pool)?;
        countable(pool, over)?;
        let mut rest = movement.record(seq + 1, overflow, over, rest, Vec::new());
        rest.id.part = Part::Overflow;
        rest.target = None;
        Ok((main, Some(rest)))
    }

    pub(crate) fn known(&self, id: AccountId) -> Result<(&Account, &KindRule), Refusal> {
        let account = self.accounts.get(&id);
        let account = account.ok_or(Refusal::NoAccount { account: id })?;
        let rule = self.rules.kind(account.kind).ok_or(Refusal::NoKind {
            account: id,
            kind: account.kind,
        })?;
        Ok((account, rule))
    }

    fn recorded(&self, id: TransferId) -> Result<&Arc<Record>, Refusal> {
        let record = self.records.get(&RecordId::main(id));
        record.ok_or(Refusal::NoTransfer { id })
    }

    fn held(&self, id: TransferId) -> Result<&Arc<Record>, Refusal> {
        if let Some(held) = self.open.get(&id) {
            return Ok(held);
        }
        match self.recorded(id)?.act {
            Act::Reserve => Err(Refusal::Closed { id }),
            _ => Err(Refusal::NoTransfer { id }),
        }
    }

    fn allowed(&self, code: Code, from: &Account, to: &Account) -> Result<(), Refusal> {
        if self.rules.allows(code, from.kind, to.kind) {
            Ok(())
        } else {
            Err(Refusal::NotAllowed {
                code,
                from: from.kind,
                to: to.kind,
            })
        }
    }

    /// What an account can still give: down to its least balance, reservations counted; `None` without a least.
    pub(crate) fn room_to_give(&self, account: &Account, now: i64) -> Option<i64> {
        let rule = self.rules.kind(account.kind)?;
        let min = rule.min?;
        let counters = account.counters;
        let room = i128::from(account.balance()) - i128::from(counters.outgoing) - i128::from(min);
        let room = i64::try_from(room).unwrap_or(i64::MAX);
        if rule.lots {
            Some(room.min(lot::spendable(&account.lots, now)))
        } else {
            Some(room)
        }
    }

    fn can_give(&self, account: &Account, amount: i64, now: i64) -> Result<(), Refusal> {
        if let Some(room) = self.room_to_give(account, now)
            && amount > room
        {
            return Err(too_little(account, amount, room.max(0)));
        }
        let counters = account.counters;
        let given = counters.given.checked_add(counters.outgoing);
        if given.and_then(|given| given.checked_add(amount)).is_none() {
            return Err(Refusal::TooLarge {
                account: account.id,
            });
        }
        Ok(())
    }
}

impl Movement {
    fn record(
        &self,
        seq: u64,
        to: AccountId,
        amount: i64,
        taken: Vec<Piece>,
        given: Vec<Piece>,
    ) -> Record {
        Record {
            seq,
            at: self.at,
            id: RecordId::main(self.id),
            act: self.act,
            code: self.code,
            from: self.from,
            to,
            amount: self.asset.amount(amount),
            requested: self.requested,
            deadline: None,
            expires_at: self.expires_at,
            target: self.target,
            taken,
            given,
            from_before: 0,
            to_before: 0,
        }
    }
}

/// What arrives in the receiver's lots: the giver's own lots with their dates, or a new award.
fn arriving(
    movement: &Movement,
    to: &KindRule,
    seq: u64,
    amount: i64,
    taken: &[Piece],
) -> Vec<Piece> {
    if !to.lots || amount == 0 {
        return Vec::new();
    }
    if !taken.is_empty() {
        return taken.to_vec();
    }
    vec![Piece {
        award: seq,
        expires_at: movement.expires_at,
        amount,
    }]
}

/// What an account can still take beside what is on its way; `None` without a greatest balance.
fn room_to_take(account: &Account, rule: &KindRule, incoming: i64) -> Option<i64> {
    let max = account.at_most.or(rule.max)?;
    let room = i128::from(max) - i128::from(account.balance()) - i128::from(incoming);
    Some(i64::try_from(room).unwrap_or(i64::MAX))
}

fn fits(account: &Account, rule: &KindRule, amount: i64, incoming: i64) -> Result<(), Refusal> {
    if let Some(room) = room_to_take(account, rule, incoming)
        && amount > room
    {
        return Err(Refusal::TooMuch {
            account: account.id,
            amount,
            room: room.max(0),
        });
    }
    countable(account, amount)
}

fn countable(account: &Account, amount: i64) -> Result<(), Refusal> {
    match account.counters.received.checked_add(amount) {
        Some(_) => Ok(()),
        None => Err(Refusal::TooLarge {
            account: account.id,
        }),
    }
}

fn free(account: &Account) -> i64 {
    let lots = account.lots.values();
    lots.fold(0, |sum, lot| sum.saturating_add(lot.free()))
}

fn too_little(account: &Account, needed: i64, available: i64) -> Refusal {
    Refusal::TooLittle {
        account: account.id,
        needed,
        available,
    }
}

fn positive(amount: i64) -> Result<(), Refusal> {
    if amount > 0 {
        Ok(())
    } else {
        Err(Refusal::NotPositive { amount })
    }
}

fn same_asset(account: AccountId, holds: Asset, given: Asset) -> Result<(), Refusal> {
    if holds == given {
        Ok(())
    } else {
        Err(Refusal::OtherAsset {
            account,
            holds,
            given,
        })
    }
}
