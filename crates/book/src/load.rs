//! What the lane remembers of a book, and how it comes to know what a request touches.

use std::collections::{BTreeSet, HashMap};

use db::{Read, Tx};
use kernel::CommunityId;
use ledger::{Account, AccountId, Action, Asset, Book, Lot, Record, RecordId, Request, TransferId};

use crate::{Error, chart, records, store};

/// Records that a lane remembers of a book before it forgets them.
const RECORDS_MAX: usize = 100_000;
/// Accounts that a lane remembers of a book before it begins anew.
const ACCOUNTS_MAX: usize = 1_000_000;

/// A book in memory, and the hash over all its records.
pub(crate) struct Kept {
    pub(crate) book: Book,
    pub(crate) chain: [u8; 32],
}

/// The books of a lane. The next record's number guards them: where another process has taken it, the insert fails, and
/// the lane forgets and looks again.
#[derive(Default)]
struct Books(HashMap<CommunityId, Kept>);

/// Takes a community's book out of the lane's memory, or begins it from where its records end.
pub(crate) fn take(tx: &mut dyn Tx, community: CommunityId) -> Result<Kept, Error> {
    if let Some(mut kept) = tx.cache().entry::<Books>().0.remove(&community)
        && kept.book.accounts().len() < ACCOUNTS_MAX
    {
        if kept.book.remembered() > RECORDS_MAX {
            kept.book.forget_records();
        }
        return Ok(kept);
    }
    begin(tx, community)
}

/// A book that knows where its records end and nothing else yet.
pub(crate) fn begin(read: &mut dyn Read, community: CommunityId) -> Result<Kept, Error> {
    let head = store::head(read, community)?;
    let (last, clock, chain) = head.unwrap_or((0, i64::MIN, [0; 32]));
    let book = Book::new(chart::rules()).continuing(last, clock);
    Ok(Kept { book, chain })
}

/// Gives a book back to the lane's memory; what it holds is what this transaction has written.
pub(crate) fn put_back(tx: &mut dyn Tx, community: CommunityId, kept: Kept) {
    tx.cache().entry::<Books>().0.insert(community, kept);
}

/// Reads what these requests touch and the book does not know yet. Unless `only_new`, that the ids were used before.
pub(crate) fn all<'a>(
    read: &mut dyn Read,
    community: CommunityId,
    book: &mut Book,
    requests: impl Iterator<Item = &'a Request>,
    only_new: bool,
) -> Result<(), Error> {
    let mut ids = BTreeSet::new();
    let mut wanted = BTreeSet::new();
    let mut want = |account: AccountId| {
        if book.account(account).is_none() {
            wanted.insert(account);
        }
    };
    for request in requests {
        if !only_new {
            ids.insert(request.id);
        }
        match request.action {
            Action::Transfer(terms) | Action::Reserve { terms, .. } => {
                want(terms.from);
                want(terms.to);
            }
            Action::Expire { from, to, .. } => {
                want(from);
                want(to);
            }
            Action::Post { reservation, .. } | Action::Void { reservation } => {
                ids.insert(reservation);
            }
            Action::Reverse { of } => {
                ids.insert(of);
            }
        }
    }
    accounts(read, community, book, wanted)?;
    of_requests(read, community, book, ids)
}

/// Reads accounts with their lots and open reservations, and those at the other end of these; an overflow account comes before those it serves.
pub(crate) fn accounts(
    read: &mut dyn Read,
    community: CommunityId,
    book: &mut Book,
    wanted: BTreeSet<AccountId>,
) -> Result<(), Error> {
    let missing: Vec<AccountId> = wanted
        .into_iter()
        .filter(|id| book.account(*id).is_none())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut found = store::accounts(read, community, &missing)?;
    let overflow: BTreeSet<AccountId> = found.iter().filter_map(|one| one.overflow).collect();
    accounts(read, community, book, overflow)?;
    found.retain(|account| book.account(account.id).is_none());
    let mut lots = lots_of(read, community, book, &found)?;
    let mut reserving = Vec::new();
    for account in found {
        let (id, counters, last) = (account.id, account.counters, account.last);
        if counters.incoming != 0 || counters.outgoing != 0 {
            reserving.push(id);
        }
        let own = lots.remove(&id).unwrap_or_default();
        book.open(account.restored(counters, last, own))?;
    }
    if reserving.is_empty() {
        return Ok(());
    }
    let rows = store::open_records(read, community, &reserving)?;
    let mut receivers = BTreeSet::new();
    for (record, _) in whole(read, community, book, &rows)? {
        receivers.insert(record.to);
        book.restore_reservation(record);
    }
    // What is posted, given back or overdue moves both ends, whichever of them was asked for.
    accounts(read, community, book, receivers)
}

/// The lots of those of these accounts that keep some.
fn lots_of(
    read: &mut dyn Read,
    community: CommunityId,
    book: &Book,
    accounts: &[Account],
) -> Result<HashMap<AccountId, Vec<(u64, Lot)>>, Error> {
    let has_lots = |account: &&Account| {
        let rule = book.rules().kind(account.kind);
        rule.is_some_and(|rule| rule.lots) && account.balance() != 0
    };
    let keeping: Vec<AccountId> = accounts
        .iter()
        .filter(has_lots)
        .map(|account| account.id)
        .collect();
    let mut lots: HashMap<AccountId, Vec<(u64, Lot)>> = HashMap::new();
    if !keeping.is_empty() {
        for (account, award, lot) in store::lots(read, community, &keeping)? {
            lots.entry(account).or_default().push((award, lot));
        }
    }
    Ok(lots)
}

fn of_requests(
    read: &mut dyn Read,
    community: CommunityId,
    book: &mut Book,
    ids: BTreeSet<TransferId>,
) -> Result<(), Error> {
    let missing: Vec<TransferId> = ids
        .into_iter()
        .filter(|id| book.record(RecordId::main(*id)).is_none())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let rows = store::records_of_requests(read, community, &missing)?;
    let records = whole(read, community, book, &rows)?;
    let both = records
        .iter()
        .flat_map(|(record, _)| [record.from, record.to])
        .collect();
    accounts(read, community, book, both)?;
    for (record, has_successor) in records {
        if book.reservation(record.id.request).is_none() {
            book.restore_record(record, has_successor);
        }
    }
    Ok(())
}

/// Records from their rows, with their pieces; and for each whether its row names a successor.
pub(crate) fn whole(
    read: &mut dyn Read,
    community: CommunityId,
    book: &mut Book,
    rows: &[db::Row],
) -> Result<Vec<(Record, bool)>, Error> {
    let mut records = Vec::with_capacity(rows.len());
    for row in rows {
        let has_successor = row.get::<Option<i64>>(15).is_ok_and(|act| act.is_some());
        records.push((records::read(row, |_| Asset::Points)?, has_successor));
    }
    // Its kind says its asset; its own reservations come when it is asked for by itself.
    let givers = records.iter().map(|(record, _)| record.from).collect();
    accounts(read, community, book, givers)?;
    let seqs: Vec<u64> = records.iter().map(|(record, _)| record.seq).collect();
    let mut pieces: HashMap<u64, Vec<db::Row>> = HashMap::new();
    for row in store::pieces_of(read, community, &seqs)? {
        pieces.entry(row.get(0)?).or_default().push(row);
    }
    for (record, _) in &mut records {
        record.amount = asset_of(book, record.from).amount(record.amount.get());
        for row in pieces.remove(&record.seq).unwrap_or_default() {
            records::add_piece(record, &row)?;
        }
    }
    Ok(records)
}

/// What an account of the book holds.
pub(crate) fn asset_of(book: &Book, account: AccountId) -> Asset {
    let kind = book.account(account).map(|account| account.kind);
    let rule = kind.and_then(|kind| book.rules().kind(kind));
    rule.map_or(Asset::Points, |rule| rule.asset)
}
