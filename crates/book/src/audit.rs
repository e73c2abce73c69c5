//! Does the book hold? The whole of it for `linli verify`, and what changed since for the start of the program.

use std::collections::HashMap;

use db::{Database, Read};
use journal::Entry;
use kernel::CommunityId;
use ledger::{Account, AccountId, Book, Lot, Record};

use crate::load::{self, asset_of};
use crate::post::{Stamp, hex};
use crate::{Error, chart, records, store};

/// Records that a replay reads at once.
const PAGE: u32 = 4_096;

/// The stamps of a community's journal, gathered while the journal is audited.
#[derive(Default)]
pub struct BookInJournal {
    stamps: Vec<Stamp>,
    unreadable: Option<u64>,
}

impl BookInJournal {
    /// Nothing gathered yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes note of an entry's stamp, if it has one; entries come in the journal's order.
    pub fn see(&mut self, entry: &Entry) {
        if !entry.public.contains("\"book\"") {
            return;
        }
        let public: Result<serde_json::Value, _> = serde_json::from_str(&entry.public);
        let stamp = public
            .ok()
            .and_then(|mut public| public.get_mut("book").map(serde_json::Value::take));
        match stamp.map(serde_json::from_value::<Option<Stamp>>) {
            Some(Ok(Some(stamp))) => self.stamps.push(stamp),
            Some(Ok(None)) => {}
            _ => self.unreadable = Some(entry.position),
        }
    }

    /// Compares the whole book with the stamps, and its balances, lots and reservations with a replay; says how many
    /// records there are.
    pub fn compare(self, read: &mut dyn Read, community: CommunityId) -> Result<u64, Error> {
        if let Some(position) = self.unreadable {
            let reason = format!("the stamp in entry {position} can't be read");
            return Err(Error::Unsound { community, reason });
        }
        let mut stamps = self.stamps.into_iter();
        let mut chain = [0; 32];
        let mut group: Vec<Record> = Vec::new();
        let mut next = stamps.next();
        let replayed = replay(read, community, &mut |record| {
            let Some(stamp) = &next else {
                return Err(format!("record {} is in no entry", record.seq));
            };
            group.push(record.clone());
            if record.seq < stamp.last {
                return Ok(());
            }
            chain = records::chain(chain, group.iter());
            let first = group.first().map_or(0, |record| record.seq);
            group.clear();
            if hex(&chain) != stamp.chain || first != stamp.first {
                return Err(format!(
                    "records {first} to {} are others than the journal's stamp says",
                    record.seq
                ));
            }
            next = stamps.next();
            Ok(())
        })?;
        match next {
            None => Ok(replayed),
            Some(stamp) => Err(Error::Unsound {
                community,
                reason: format!(
                    "the journal stamps records up to {}, the book ends at {replayed}",
                    stamp.last
                ),
            }),
        }
    }
}

/// Replays every record and compares what that leaves with what is stored; says how many records there are.
pub(crate) fn replay(
    read: &mut dyn Read,
    community: CommunityId,
    see: &mut dyn FnMut(&Record) -> Result<(), String>,
) -> Result<u64, Error> {
    let stored = stored(read, community)?;
    let new = stored.iter().map(|account| {
        let mut new = Account::new(account.id, account.kind);
        new.overflow = account.overflow;
        new.at_most = account.at_most;
        new
    });
    let book = opened(Book::new(chart::rules()), new.collect())?;
    follow_on(read, community, book, &stored, see)
}

/// Proves at the start of the program that what is stored follows from what it proved the last time and the records
/// since, and remembers that; says how many records those were. To prove the records themselves against the journal is
/// `linli verify`'s, which replays all.
///
/// # Errors
/// [`Error::Unsound`] where anything differs.
pub fn prove_since_last(database: &Database, community: CommunityId) -> Result<u64, Error> {
    let (before, head) = database.read_blocking(move |read: &mut dyn Read| {
        let before = store::proved(read, community)?;
        since(read, community, before)?;
        Ok::<_, Error>((before, store::head(read, community)?))
    })?;
    let Some(head) = head.filter(|head| before != Some(*head)) else {
        return Ok(0);
    };
    database.write_blocking(community, move |tx| {
        // Another process may have posted meanwhile; then that is left to the next start.
        if store::head(tx, community)? == Some(head) {
            store::keep_proved(tx, community, head)?;
        }
        Ok::<_, Error>(())
    })?;
    Ok(head.0 - before.map_or(0, |(last, _, _)| last))
}

fn since(
    read: &mut dyn Read,
    community: CommunityId,
    before: Option<(u64, i64, [u8; 32])>,
) -> Result<(), Error> {
    let Some((last, at, chain)) = before else {
        return replay(read, community, &mut |_| Ok(())).map(drop);
    };
    let (accounts, lots) = store::proved_accounts(read, community)?;
    let book = Book::new(chart::rules()).continuing(last, at);
    let mut book = opened(book, with_lots(accounts, lots))?;
    let rows = store::open_when_proved(read, community, last)?;
    for (record, _) in load::whole(read, community, &mut book, &rows)? {
        book.restore_reservation(record);
    }
    let stored = stored(read, community)?;
    follow_on(read, community, book, &stored, &mut |_| Ok(()))?;
    let head = store::head(read, community)?;
    if head.is_some_and(|(now, _, now_chain)| now == last && now_chain != chain) {
        let reason = "its hash changed though no record was added".to_owned();
        return Err(Error::Unsound { community, reason });
    }
    Ok(())
}

/// Follows the records from where a book ends, and compares what that leaves with what is stored.
fn follow_on(
    read: &mut dyn Read,
    community: CommunityId,
    mut book: Book,
    stored: &[Account],
    see: &mut dyn FnMut(&Record) -> Result<(), String>,
) -> Result<u64, Error> {
    let unsound = |reason: String| Error::Unsound { community, reason };
    loop {
        let page = page(read, community, &book)?;
        for record in &page {
            book.follow(record)
                .map_err(|broken| unsound(broken.to_string()))?;
            see(record).map_err(unsound)?;
        }
        if page.len() < usize::try_from(PAGE).unwrap_or(usize::MAX) {
            break;
        }
    }
    let head = store::head(read, community)?.map_or(0, |(last, _, _)| last);
    if head != book.last() {
        let last = book.last();
        return Err(unsound(format!(
            "it ends at record {last}, its head says {head}"
        )));
    }
    book.check().map_err(|broken| unsound(broken.to_string()))?;
    compare(&book, stored).map_err(unsound)?;
    let mut ours: Vec<u64> = book
        .accounts()
        .flat_map(Account::open_reservations)
        .filter_map(|id| book.reservation(*id))
        .map(|held| held.seq)
        .collect();
    ours.sort_unstable();
    ours.dedup();
    if ours != store::all_open(read, community)? {
        return Err(unsound(
            "its open reservations differ from a replay".to_owned(),
        ));
    }
    Ok(book.last())
}

/// The accounts as stored, with their lots.
fn stored(read: &mut dyn Read, community: CommunityId) -> Result<Vec<Account>, Error> {
    let lots = store::all_lots(read, community)?;
    Ok(with_lots(store::all_accounts(read, community)?, lots))
}

fn with_lots(accounts: Vec<Account>, lots: store::AccountLots) -> Vec<Account> {
    let mut by_account: HashMap<AccountId, Vec<(u64, Lot)>> = HashMap::new();
    for (account, award, lot) in lots {
        by_account.entry(account).or_default().push((award, lot));
    }
    let restored = accounts.into_iter().map(|account| {
        let own = by_account.remove(&account.id).unwrap_or_default();
        let (counters, last) = (account.counters, account.last);
        account.restored(counters, last, own)
    });
    restored.collect()
}

/// A book with these accounts opened, overflow accounts first.
fn opened(mut book: Book, accounts: Vec<Account>) -> Result<Book, Error> {
    let (serving, served): (Vec<Account>, Vec<Account>) = accounts
        .into_iter()
        .partition(|account| account.overflow.is_none());
    for account in serving.into_iter().chain(served) {
        book.open(account)?;
    }
    Ok(book)
}

fn page(read: &mut dyn Read, community: CommunityId, book: &Book) -> Result<Vec<Record>, Error> {
    let after = book.last();
    let rows = store::records_from(read, community, after, PAGE)?;
    let mut records = Vec::with_capacity(rows.len());
    for row in &rows {
        records.push(records::read(row, |account| asset_of(book, account))?);
    }
    let to = records.last().map_or(after, |record| record.seq);
    let mut pieces = store::pieces_from(read, community, after, to)?
        .into_iter()
        .peekable();
    for record in &mut records {
        while let Some(row) =
            pieces.next_if(|row| row.get::<u64>(0).is_ok_and(|seq| seq == record.seq))
        {
            records::add_piece(record, &row)?;
        }
    }
    Ok(records)
}

fn compare(book: &Book, stored: &[Account]) -> Result<(), String> {
    for account in stored {
        let at = || format!("account {:x}", account.id.0);
        let Some(ours) = book.account(account.id) else {
            return Err(format!("{}: it is unknown to the replay", at()));
        };
        if ours.counters != account.counters || ours.last != account.last {
            return Err(format!(
                "{}: it holds {}, a replay says {}",
                at(),
                account.balance(),
                ours.balance()
            ));
        }
        if !ours.lots().eq(account.lots()) {
            return Err(format!("{}: its lots differ from a replay", at()));
        }
    }
    Ok(())
}
