//! What is always true of a book, and the replay that proves it.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::lot::{Lots, Piece};
use crate::record::{Act, Part, Record};
use crate::{Account, Asset, Book};

/// A book or a record that contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("the book contradicts itself at {at}: {reason}; restore a backup and compare")]
pub struct Broken {
    /// The account or record.
    pub at: String,
    /// What is wrong.
    pub reason: String,
}

impl Book {
    /// Checks every account by itself, and that for each asset all that was given was received. Sums are right only for a
    /// whole book.
    ///
    /// # Errors
    /// [`Broken`]: the first contradiction.
    pub fn check(&self) -> Result<(), Broken> {
        let mut sums: HashMap<Asset, [i128; 2]> = HashMap::new();
        for account in self.accounts.values() {
            self.check_account(account)?;
            let Some(rule) = self.rules.kind(account.kind) else {
                continue;
            };
            let [moved, held] = sums.entry(rule.asset).or_default();
            let counters = account.counters;
            *moved += i128::from(counters.received) - i128::from(counters.given);
            *held += i128::from(counters.incoming) - i128::from(counters.outgoing);
        }
        match sums.iter().find(|(_, sums)| **sums != [0, 0]) {
            None => Ok(()),
            Some((asset, [moved, held])) => Err(broken(
                asset.name(),
                format!(
                    "received exceeds given by {moved}, what is on its way in exceeds out by {held}"
                ),
            )),
        }
    }

    /// Checks one account: limits, lots, reservations.
    ///
    /// # Errors
    /// [`Broken`].
    pub fn check_account(&self, account: &Account) -> Result<(), Broken> {
        let at = || format!("account {:x}", account.id.0);
        let Some(rule) = self.rules.kind(account.kind) else {
            return Err(broken(at(), "its kind is unknown"));
        };
        let counters = account.counters;
        let sums = [
            counters.received,
            counters.given,
            counters.incoming,
            counters.outgoing,
        ];
        if sums.iter().any(|sum| *sum < 0) {
            return Err(broken(at(), "a sum is negative"));
        }
        let left = i128::from(account.balance()) - i128::from(counters.outgoing);
        if rule.min.is_some_and(|min| left < i128::from(min)) {
            return Err(broken(at(), "it holds less than its least balance"));
        }
        let max = account.at_most.or(rule.max);
        if max.is_some_and(|max| account.balance() > max) {
            return Err(broken(at(), "it holds more than its greatest balance"));
        }
        if rule.lots {
            check_lots(account).map_err(|reason| broken(at(), reason))?;
        }
        let open: i128 = account
            .open
            .iter()
            .filter_map(|id| self.open.get(id))
            .map(|held| i128::from(held.amount.get()))
            .sum();
        if open != i128::from(counters.incoming) + i128::from(counters.outgoing) {
            return Err(broken(at(), "its open reservations differ from its sums"));
        }
        Ok(())
    }

    /// Enters a record that was made before, as a replay does, checking that it could have been made: its number, its
    /// route, its lots, the limits it leaves behind.
    ///
    /// # Errors
    /// [`Broken`]: what could not have been.
    pub fn follow(&mut self, record: &Record) -> Result<(), Broken> {
        self.could_be(record)
            .map_err(|reason| broken(format!("record {}", record.seq), reason))?;
        let (from, to) = (record.from, record.to);
        let entered = self.enter(record.clone());
        if *entered != *record {
            let reason = "its accounts' records before it are others than it says";
            return Err(broken(format!("record {}", record.seq), reason));
        }
        for id in [from, to] {
            if let Some(account) = self.accounts.get(&id) {
                self.check_account(account)?;
            }
        }
        Ok(())
    }

    fn could_be(&self, record: &Record) -> Result<(), String> {
        if record.seq != self.last + 1 {
            return Err(format!("it follows record {}", self.last));
        }
        if record.at < self.clock {
            return Err("its time lies before that of the record before it".to_owned());
        }
        if self.records.contains_key(&record.id) {
            return Err("its request stands in the book already".to_owned());
        }
        let known = |id| self.known(id).map_err(|refusal| refusal.to_string());
        let ((from, rule), (to, its)) = (known(record.from)?, known(record.to)?);
        let asset = record.amount.asset();
        if rule.asset != asset || its.asset != asset {
            return Err("its accounts hold another asset".to_owned());
        }
        let amount = record.amount.get();
        let nothing_stayed = amount == 0 && record.id.part == Part::Main;
        if amount < 0 || (amount == 0 && !nothing_stayed) {
            return Err("its amount is not above zero".to_owned());
        }
        let (giver, receiver) = match record.act {
            Act::Reverse => (to.kind, from.kind),
            _ => (from.kind, to.kind),
        };
        if !self.rules.allows(record.code, giver, receiver) {
            return Err("the whitelist has no such route".to_owned());
        }
        self.target_fits(record)?;
        if rule.lots && record.act != Act::Void {
            has_pieces(&from.lots, record, amount)?;
        }
        if its.lots && record.act.moves() && sum(&record.given) != i128::from(amount) {
            return Err("the lots it gave to differ from its amount".to_owned());
        }
        Ok(())
    }

    fn target_fits(&self, record: &Record) -> Result<(), String> {
        let is_main = record.id.part != Part::Overflow;
        match record.act {
            Act::Post | Act::Void if is_main => {
                let held = record.target.and_then(|target| self.open.get(&target));
                let Some(held) = held else {
                    return Err("no reservation was open for it".to_owned());
                };
                let same = (held.from, held.to) == (record.from, record.to);
                if same && record.amount.get() <= held.amount.get() {
                    Ok(())
                } else {
                    Err("it differs from its reservation".to_owned())
                }
            }
            Act::Reverse if is_main => match record.target {
                Some(target) if !self.reversed.contains(&target) => Ok(()),
                _ => Err("what it reverses is unknown or was reversed before".to_owned()),
            },
            _ => Ok(()),
        }
    }
}

/// Whether the lots hold what a record takes. A posting takes what its reservation holds, which is free in a moment.
fn has_pieces(lots: &Lots, record: &Record, amount: i64) -> Result<(), String> {
    if sum(&record.taken) != i128::from(amount) {
        return Err("the lots it took from differ from its amount".to_owned());
    }
    let missing = record.taken.iter().find(|piece| {
        let lot = lots.get(&piece.award);
        lot.is_none_or(|lot| lot.remaining < piece.amount || lot.expires_at != piece.expires_at)
    });
    match missing {
        None => Ok(()),
        Some(piece) => Err(format!("the award {} had too little left", piece.award)),
    }
}

fn check_lots(account: &Account) -> Result<(), &'static str> {
    let remaining: i128 = account
        .lots
        .values()
        .map(|lot| i128::from(lot.remaining))
        .sum();
    let reserved: i128 = account
        .lots
        .values()
        .map(|lot| i128::from(lot.reserved))
        .sum();
    let is_odd = |lot: &crate::Lot| lot.remaining <= 0 || lot.reserved < 0 || lot.free() < 0;
    if account.lots.values().any(is_odd) {
        Err("a lot has less than nothing left")
    } else if remaining != i128::from(account.balance()) {
        Err("its lots differ from its balance")
    } else if reserved != i128::from(account.counters.outgoing) {
        Err("its lots hold other amounts than its reservations")
    } else {
        Ok(())
    }
}

fn sum(pieces: &[Piece]) -> i128 {
    pieces.iter().map(|piece| i128::from(piece.amount)).sum()
}

fn broken(at: impl Into<String>, reason: impl Into<String>) -> Broken {
    Broken {
        at: at.into(),
        reason: reason.into(),
    }
}
