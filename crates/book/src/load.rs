//! What the lane remembers of a book, and how it comes to know what a request touches.

use std::collections::{BTreeSet, HashMap};

use db::{Read, Tx};
use kernel::CommunityId;
use ledger::{Account, AccountId, Action, Asset, Book, Record, RecordId, Request, TransferId};

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
pub(crate) fn all(
    read: &mut dyn Read,
    community: CommunityId,
    book: &mut Book,
    requests: &[Request],
    only_new: bool,
) -> Result<(), Error> {
    let mut ids = BTreeSet::new();
    let mut accounts = BTreeSet::new();
    for request in requests {
        if !only_new {
            ids.insert(request.id);
        }
        match request.action {
            Action::Transfer(terms) | Action::Reserve { terms, .. } => {
                accounts.extend([terms.from, terms.to]);
            }
            Action::Expire { from, to, .. } => accounts.extend([from, to]),
            Action::Post { reservation, .. } | Action::Void { reservation } => {
                ids.insert(reservation);
            }
            Action::Reverse { of } => {
                ids.insert(of);
            }
        }
    }
    self::accounts(read, community, book, accounts)?;
    of_requests(read, community, book, ids)
}

/// Reads accounts with their lots and open reservations; an overflow account comes before those it serves.
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
    let found = store::accounts(read, community, &missing)?;
    let overflow: BTreeSet<AccountId> = found.iter().filter_map(|one| one.overflow).collect();
    accounts(read, community, book, overflow)?;
    let mut reserving = Vec::new();
    for account in found {
        if book.account(account.id).is_some() {
            continue;
        }
        if account.counters.incoming != 0 || account.counters.outgoing != 0 {
            reserving.push(account.id);
        }
        let account = with_lots(read, community, book, account)?;
        book.open(account)?;
    }
    for id in reserving {
        reservations(read, community, book, id)?;
    }
    Ok(())
}

fn with_lots(
    read: &mut dyn Read,
    community: CommunityId,
    book: &Book,
    account: Account,
) -> Result<Account, Error> {
    let has_lots = book
        .rules()
        .kind(account.kind)
        .is_some_and(|rule| rule.lots);
    if !has_lots || account.balance() == 0 {
        return Ok(account);
    }
    let lots = store::lots(read, community, account.id)?;
    let (counters, last) = (account.counters, account.last);
    Ok(account.restored(counters, last, lots))
}

fn reservations(
    read: &mut dyn Read,
    community: CommunityId,
    book: &mut Book,
    account: AccountId,
) -> Result<(), Error> {
    for row in store::open_records(read, community, account)? {
        let record = whole(read, community, book, &row)?;
        book.restore_reservation(record);
    }
    Ok(())
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
    for row in store::records_of_requests(read, community, &missing)? {
        let record = whole(read, community, book, &row)?;
        let id = record.id.request;
        let both = BTreeSet::from([record.from, record.to]);
        accounts(read, community, book, both)?;
        let is_open = book.reservation(id).is_some();
        if !is_open {
            let has_successor = store::has_successor(read, community, id)?;
            book.restore_record(record, has_successor);
        }
    }
    Ok(())
}

/// A record from its row, with its pieces.
fn whole(
    read: &mut dyn Read,
    community: CommunityId,
    book: &mut Book,
    row: &db::Row,
) -> Result<Record, Error> {
    let mut record = records::read(row, |_| Asset::Points)?;
    if book.account(record.from).is_none() {
        // Its kind says its asset; its own reservations come when it is asked for by itself.
        let both = BTreeSet::from([record.from]);
        accounts(read, community, book, both)?;
    }
    let amount = record.amount.get();
    record.amount = asset_of(book, record.from).amount(amount);
    for piece in store::pieces_of(read, community, record.seq)? {
        records::add_piece(&mut record, &piece)?;
    }
    Ok(record)
}

/// What an account of the book holds.
pub(crate) fn asset_of(book: &Book, account: AccountId) -> Asset {
    let kind = book.account(account).map(|account| account.kind);
    let rule = kind.and_then(|kind| book.rules().kind(kind));
    rule.map_or(Asset::Points, |rule| rule.asset)
}
