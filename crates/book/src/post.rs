//! Posting within a command: judged in memory, written with the command's other changes, stamped into its entry.

use std::collections::BTreeMap;
use std::sync::Arc;

use db::Tx;
use kernel::{CommunityId, Context, Timestamp, Uuid};
use ledger::{Account, AccountId, Act, Kind, Lot, Receipt, Record, RecordId, Request};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::load::{self, Kept};
use crate::{Error, records, store};

/// What binds records to a journal entry: `"book": …` in its public part. Which accounts moved what stays in the book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The first record's number.
    pub first: u64,
    /// The last record's number.
    pub last: u64,
    /// The hash over the hash before and these records, in hexadecimal.
    pub chain: String,
}

/// What was posted.
#[derive(Debug)]
pub struct Posted {
    /// What each request did.
    pub receipts: Vec<Receipt>,
    /// For the public part of the command's entry; `None` where every request had been done before.
    pub stamp: Option<Stamp>,
}

/// Posts all of these requests or none. The command puts the stamp into its entry: `"book": posted.stamp`.
///
/// # Errors
/// [`Error::Refused`] with the first request's refusal that is none.
pub fn post(tx: &mut dyn Tx, ctx: &Context, requests: &[Request]) -> Result<Posted, Error> {
    let mut posted = post_all(tx, ctx.community, &[(ctx.now, requests)])?;
    let nothing = Posted {
        receipts: Vec::new(),
        stamp: None,
    };
    posted.pop().unwrap_or(Ok(nothing))
}

/// The same for commands of one community that run together: each posts all of its requests or none, as if those before
/// it had been done; what all change is written in a few statements. Each puts its own stamp into its own entry, in
/// their order.
///
/// # Errors
/// The outer one is the database's; the inner one [`Error::Refused`].
pub fn post_all(
    tx: &mut dyn Tx,
    community: CommunityId,
    groups: &[(Timestamp, &[Request])],
) -> Result<Vec<Result<Posted, Error>>, Error> {
    let mut kept = load::take(tx, community)?;
    let requests = groups.iter().flat_map(|(_, requests)| *requests);
    load::all(tx, community, &mut kept.book, requests, false)?;
    let mut written = Vec::new();
    let mut answers = Vec::with_capacity(groups.len());
    for (now, requests) in groups {
        let from = written.len();
        let answer = kept.book.apply_linked(now.micros(), requests);
        answers.push(match answer {
            Err(refused) => Err(refused.refusal.into()),
            Ok(receipts) => {
                let new = receipts.iter().flat_map(Receipt::written).map(Arc::clone);
                written.extend(new);
                let stamp = kept.stamp(written.get(from..).unwrap_or_default());
                Ok(Posted { receipts, stamp })
            }
        });
    }
    write(tx, community, &kept, &written)?;
    load::put_back(tx, community, kept);
    Ok(answers)
}

/// The account of this kind that belongs to an owner (a person's, a provider's, the community's own), opened if there is
/// none yet. `overflow` has been opened before.
pub fn open(
    tx: &mut dyn Tx,
    ctx: &Context,
    kind: Kind,
    owner: Uuid,
    overflow: Option<AccountId>,
    at_most: Option<i64>,
) -> Result<AccountId, Error> {
    let id = account_id(kind, owner);
    let mut kept = load::take(tx, ctx.community)?;
    let wanted = [id].into_iter().chain(overflow).collect();
    load::accounts(tx, ctx.community, &mut kept.book, wanted)?;
    if kept.book.account(id).is_none() {
        let mut account = Account::new(id, kind);
        account.overflow = overflow;
        account.at_most = at_most;
        store::insert_account(tx, ctx, &account, owner)?;
        kept.book.open(account)?;
    }
    load::put_back(tx, ctx.community, kept);
    Ok(id)
}

/// The id of the account of this kind that belongs to an owner: the same in every community, secret in none.
pub fn account_id(kind: Kind, owner: Uuid) -> AccountId {
    let hash = Sha256::new_with_prefix(b"linli.book.account")
        .chain_update(kind.0.to_be_bytes())
        .chain_update(owner.as_bytes())
        .finalize();
    let (first, _) = hash.split_first_chunk::<16>().unwrap_or((&[0; 16], &[]));
    AccountId(u128::from_be_bytes(*first))
}

impl Kept {
    /// Moves the hash on over new records, and says what stands in the entry for them.
    pub(crate) fn stamp(&mut self, written: &[Arc<Record>]) -> Option<Stamp> {
        let (first, last) = (written.first()?.seq, written.last()?.seq);
        self.chain = records::chain(self.chain, written.iter().map(AsRef::as_ref));
        Some(Stamp {
            first,
            last,
            chain: hex(&self.chain),
        })
    }
}

/// Writes new records and what they changed.
pub(crate) fn write(
    tx: &mut dyn Tx,
    community: CommunityId,
    kept: &Kept,
    written: &[Arc<Record>],
) -> Result<(), Error> {
    let Some(last) = written.last() else {
        return Ok(());
    };
    let new = written.iter().map(AsRef::as_ref);
    store::insert_records(tx, community, new.clone())?;
    let mut dirty: Vec<AccountId> = new.flat_map(|record| [record.from, record.to]).collect();
    dirty.sort_unstable();
    dirty.dedup();
    let accounts = dirty.iter().filter_map(|id| kept.book.account(*id));
    store::put_balances(tx, community, accounts)?;
    let lots = dirty_lots(kept, written).into_iter();
    let lots = lots.map(|((account, award), lot)| (account, award, lot));
    store::put_lots(tx, community, lots)?;
    reservations(tx, community, kept, written)?;
    store::put_head(tx, community, last.seq, last.at, kept.chain)?;
    Ok(())
}

/// The lots that the records touched, as they are now; one that is empty is written as such.
fn dirty_lots(kept: &Kept, written: &[Arc<Record>]) -> BTreeMap<(AccountId, u64), Lot> {
    let mut dirty = BTreeMap::new();
    for record in written {
        let taken = record.taken.iter().map(|piece| (record.from, piece));
        let given = record.given.iter().map(|piece| (record.to, piece));
        for (account, piece) in taken.chain(given) {
            let empty = Lot {
                expires_at: piece.expires_at,
                ..Lot::default()
            };
            dirty.insert((account, piece.award), empty);
        }
        // A posting may give back more of its reservation than it took.
        if record.act == Act::Post
            && let Some(target) = record.target
            && let Some(held) = kept.book.record(RecordId::main(target))
        {
            for piece in &held.taken {
                let empty = Lot {
                    expires_at: piece.expires_at,
                    ..Lot::default()
                };
                dirty.insert((held.from, piece.award), empty);
            }
        }
    }
    for ((account, award), lot) in &mut dirty {
        let now = kept.book.account(*account);
        if let Some((_, held)) =
            now.and_then(|account| account.lots().find(|(one, _)| one == award))
        {
            *lot = *held;
        }
    }
    dirty
}

/// What opened is written, what closed is taken away; what did both at once never gets there.
fn reservations(
    tx: &mut dyn Tx,
    community: CommunityId,
    kept: &Kept,
    written: &[Arc<Record>],
) -> Result<(), Error> {
    let opened = written.iter().filter(|record| {
        record.act == Act::Reserve && kept.book.reservation(record.id.request).is_some()
    });
    store::insert_open(tx, community, opened.map(AsRef::as_ref))?;
    let first = written.first().map_or(u64::MAX, |record| record.seq);
    for record in written {
        if let (Act::Post | Act::Void, Some(target)) = (record.act, record.target)
            && let Some(held) = kept.book.record(RecordId::main(target))
            && held.seq < first
        {
            store::delete_open(tx, community, held)?;
        }
    }
    Ok(())
}

/// Bytes in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}
