//! What a book says. Callers have checked the right to read it.

use std::collections::BTreeMap;

use db::Read;
use kernel::{CommunityId, Timestamp, Uuid};
use ledger::{AccountId, Act, Asset, Code, Kind};

use crate::records::{self, id_of};
use crate::{Error, chart, store};

/// What is left of one award.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LotLine {
    /// The record that awarded it.
    pub award: u64,
    /// The request behind that record.
    pub request: Uuid,
    /// When it was awarded.
    pub awarded_at: Timestamp,
    /// When it expires.
    pub expires_at: Option<Timestamp>,
    /// What is left, reserved amounts included.
    pub remaining: i64,
    /// What is reserved.
    pub reserved: i64,
}

/// One record of an account, seen from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementLine {
    /// The record's number.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// The request behind it.
    pub request: Uuid,
    /// What it did.
    pub act: Act,
    /// Why.
    pub code: Code,
    /// The other account.
    pub other: AccountId,
    /// What it changed the balance by; 0 where it only held or gave back.
    pub change: i64,
    /// What it held or gave back; 0 where it moved.
    pub held: i64,
    /// The balance after it.
    pub balance: i64,
}

/// The accounts of one kind together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountLine {
    /// The kind.
    pub kind: Kind,
    /// Its name.
    pub name: &'static str,
    /// What they hold.
    pub asset: Asset,
    /// How many there are.
    pub accounts: u64,
    /// All that came in.
    pub received: i64,
    /// All that went out.
    pub given: i64,
    /// What reservations will take.
    pub outgoing: i64,
}

/// A lot that has expired, or will have by a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Whose account.
    pub account: AccountId,
    /// Whose it is.
    pub owner: Uuid,
    /// The record that awarded it.
    pub award: u64,
    /// When it expires.
    pub expires_at: Timestamp,
    /// What would be taken.
    pub amount: i64,
}

/// What an account holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// All that came in.
    pub received: i64,
    /// All that went out.
    pub given: i64,
    /// What reservations will take.
    pub held: i64,
}

impl Balance {
    /// What stands in the account, held amounts included.
    pub const fn total(self) -> i64 {
        self.received - self.given
    }

    /// What is neither given nor held.
    pub const fn free(self) -> i64 {
        self.total() - self.held
    }
}

/// What one request did, as it is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The record's number.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// What it did.
    pub act: Act,
    /// Why.
    pub code: Code,
    /// Who gave.
    pub from: AccountId,
    /// Who received.
    pub to: AccountId,
    /// How much was moved or held.
    pub amount: i64,
    /// The reservation or transfer that it closed or reversed.
    pub target: Option<Uuid>,
}

/// What these accounts hold; one that is not open is left out.
pub fn balances(
    read: &mut dyn Read,
    community: CommunityId,
    accounts: &[AccountId],
) -> Result<BTreeMap<AccountId, Balance>, Error> {
    if accounts.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found = store::accounts(read, community, accounts)?;
    let told = found.into_iter().map(|account| {
        let counters = account.counters;
        let balance = Balance {
            received: counters.received,
            given: counters.given,
            held: counters.outgoing,
        };
        (account.id, balance)
    });
    Ok(told.collect())
}

/// What a request did, if it is in the book.
pub fn recorded(
    read: &mut dyn Read,
    community: CommunityId,
    request: Uuid,
) -> Result<Option<Recorded>, Error> {
    let Some(row) = store::recorded(read, community, request.as_u128())? else {
        return Ok(None);
    };
    let code: u32 = row.get(3)?;
    Ok(Some(Recorded {
        seq: row.get(0)?,
        at: row.get(1)?,
        act: records::act(row.get(2)?, 2)?,
        code: Code(u16::try_from(code).unwrap_or(u16::MAX)),
        from: AccountId(id_of(&row, 4)?),
        to: AccountId(id_of(&row, 5)?),
        amount: row.get(6)?,
        target: row.get(7)?,
    }))
}

/// Which awards a request took from: the request that made each, and how much of it.
pub fn sources(
    read: &mut dyn Read,
    community: CommunityId,
    request: Uuid,
) -> Result<Vec<(Uuid, i64)>, Error> {
    let rows = store::sources(read, community, request.as_u128())?;
    let mut sources = Vec::with_capacity(rows.len());
    for row in &rows {
        sources.push((row.get(0)?, row.get(1)?));
    }
    Ok(sources)
}

/// What an account could spend now: reservations and what has expired don't count.
pub fn available(
    read: &mut dyn Read,
    community: CommunityId,
    account: AccountId,
    now: Timestamp,
) -> Result<i64, Error> {
    let Some(found) = store::accounts(read, community, &[account])?.pop() else {
        return Ok(0);
    };
    let rule = chart::rules().kind(found.kind).copied();
    if rule.is_some_and(|rule| rule.lots) {
        let lots = store::lots(read, community, &[account])?;
        let live = lots
            .iter()
            .filter(|(_, _, lot)| !lot.has_expired(now.micros()));
        return Ok(live.map(|(_, _, lot)| lot.free()).sum());
    }
    Ok(found.balance() - found.counters.outgoing)
}

/// What an account holds, reserved amounts included, and what reservations will bring it; nothing where there is none.
pub fn held(
    read: &mut dyn Read,
    community: CommunityId,
    account: AccountId,
) -> Result<(i64, i64), Error> {
    let found = store::accounts(read, community, &[account])?.pop();
    Ok(found.map_or((0, 0), |found| (found.balance(), found.counters.incoming)))
}

/// An account's lots, oldest first.
pub fn lots(
    read: &mut dyn Read,
    community: CommunityId,
    account: AccountId,
) -> Result<Vec<LotLine>, Error> {
    let mut lines = Vec::new();
    for row in store::lot_lines(read, community, account)? {
        lines.push(LotLine {
            award: row.get(0)?,
            expires_at: row.get(1)?,
            remaining: row.get(2)?,
            reserved: row.get(3)?,
            awarded_at: row.get(4)?,
            request: row.get(5)?,
        });
    }
    Ok(lines)
}

/// At most `limit` records of an account, newest first, with the balance after each.
pub fn movements(
    read: &mut dyn Read,
    community: CommunityId,
    account: AccountId,
    limit: u32,
) -> Result<Vec<StatementLine>, Error> {
    let Some(found) = store::accounts(read, community, &[account])?.pop() else {
        return Ok(Vec::new());
    };
    let mut balance = found.balance();
    let mut lines = Vec::new();
    for row in store::movements(read, community, account, found.last, limit)? {
        let (from, to) = (AccountId(id_of(&row, 5)?), AccountId(id_of(&row, 6)?));
        let act = records::act(row.get(3)?, 3)?;
        let amount: i64 = row.get(7)?;
        let change = match (act.moves(), from == account) {
            (false, _) => 0,
            (true, true) => -amount,
            (true, false) => amount,
        };
        let code: u32 = row.get(4)?;
        lines.push(StatementLine {
            seq: row.get(0)?,
            at: row.get(1)?,
            request: row.get(2)?,
            act,
            code: Code(u16::try_from(code).unwrap_or(u16::MAX)),
            other: if from == account { to } else { from },
            change,
            held: if act.moves() { 0 } else { amount },
            balance,
        });
        balance -= change;
    }
    Ok(lines)
}

/// At most `limit` lots that will have expired at a time, the earliest first: the preview of the expiry.
pub fn due(
    read: &mut dyn Read,
    community: CommunityId,
    at: Timestamp,
    limit: u32,
) -> Result<Vec<Due>, Error> {
    let mut lines = Vec::new();
    for row in store::due(read, community, at, limit)? {
        lines.push(Due {
            account: AccountId(id_of(&row, 0)?),
            owner: row.get(1)?,
            award: row.get(2)?,
            expires_at: row.get(3)?,
            amount: row.get(4)?,
        });
    }
    Ok(lines)
}

/// Every kind of account with its sums: for each asset, what was received equals what was given.
pub fn trial_balance(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<AccountLine>, Error> {
    let mut lines = Vec::new();
    for row in store::trial(read, community)? {
        let number: u32 = row.get(0)?;
        let kind = Kind(u16::try_from(number).unwrap_or(u16::MAX));
        let Some(rule) = chart::rules().kind(kind).copied() else {
            continue;
        };
        lines.push(AccountLine {
            kind,
            name: rule.name,
            asset: rule.asset,
            accounts: row.get(1)?,
            received: row.get(2)?,
            given: row.get(3)?,
            outgoing: row.get(5)?,
        });
    }
    Ok(lines)
}

/// The same as it stood before a time, from the records. It reads all of them, so it is for a day's closing, not for every
/// page.
pub fn trial_balance_on(
    read: &mut dyn Read,
    community: CommunityId,
    until: Timestamp,
) -> Result<Vec<AccountLine>, Error> {
    let mut lines = BTreeMap::new();
    for row in store::opened_on(read, community, until)? {
        let number: u32 = row.get(0)?;
        let kind = Kind(u16::try_from(number).unwrap_or(u16::MAX));
        let Some(rule) = chart::rules().kind(kind).copied() else {
            continue;
        };
        let line = AccountLine {
            kind,
            name: rule.name,
            asset: rule.asset,
            accounts: row.get(1)?,
            received: 0,
            given: 0,
            outgoing: 0,
        };
        lines.insert(number, line);
    }
    for (column, rows) in store::trial_on(read, community, until)?.iter().enumerate() {
        for row in rows {
            if let Some(line) = lines.get_mut(&row.get::<u32>(0)?) {
                match column {
                    0 => line.received = row.get(1)?,
                    1 => line.given = row.get(1)?,
                    _ => line.outgoing = row.get(1)?,
                }
            }
        }
    }
    Ok(lines.into_values().collect())
}

/// What each code had moved before a time, reversals taken off; nothing where the first record is not older. It reads every
/// record, so it is for the end of a year, not for a page.
pub fn moved_before(
    read: &mut dyn Read,
    community: CommunityId,
    until: Timestamp,
) -> Result<BTreeMap<Code, i64>, Error> {
    let mut moved = BTreeMap::new();
    if store::first_at(read, community)?.is_none_or(|first| first >= until) {
        return Ok(moved);
    }
    for row in store::moved_before(read, community, until)? {
        let (code, amount): (u32, i64) = (row.get(0)?, row.get(2)?);
        let act = records::act(row.get(1)?, 1)?;
        let sum: &mut i64 = moved
            .entry(Code(u16::try_from(code).unwrap_or(u16::MAX)))
            .or_default();
        match act {
            Act::Reverse => *sum -= amount,
            act if act.moves() => *sum += amount,
            _ => {}
        }
    }
    Ok(moved)
}

/// Whether a reservation has passed its deadline and is still open.
pub fn has_overdue(
    read: &mut dyn Read,
    community: CommunityId,
    now: Timestamp,
) -> Result<bool, Error> {
    Ok(!store::overdue(read, community, now, 1)?.is_empty())
}
