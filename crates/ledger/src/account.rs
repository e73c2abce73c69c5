//! Accounts: what they hold, what is reserved, and within which limits.

use serde::{Deserialize, Serialize};

use crate::lot::{self, Lot, Lots};
use crate::{Kind, TransferId};

/// An account's id.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct AccountId(pub u128);

/// The four sums of an account; none ever falls, but what is reserved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counters {
    /// All that came in (credits).
    pub received: i64,
    /// All that went out (debits).
    pub given: i64,
    /// What reservations will bring.
    pub incoming: i64,
    /// What reservations will take.
    pub outgoing: i64,
}

/// An account and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its kind, which says its asset and its limits.
    pub kind: Kind,
    /// Where goes what exceeds its greatest balance; such an account has no greatest balance itself.
    pub overflow: Option<AccountId>,
    /// A greatest balance of its own, in place of its kind's.
    pub at_most: Option<i64>,
    /// Its sums.
    pub counters: Counters,
    /// The number of the last record that touched it; 0 for none.
    pub last: u64,
    pub(crate) lots: Lots,
    /// Reservations that touch it and are open.
    pub(crate) open: Vec<TransferId>,
}

impl Account {
    /// A new account of a kind.
    pub fn new(id: AccountId, kind: Kind) -> Self {
        Self {
            id,
            kind,
            overflow: None,
            at_most: None,
            counters: Counters::default(),
            last: 0,
            lots: Lots::new(),
            open: Vec::new(),
        }
    }

    /// The same with an overflow account.
    #[must_use]
    pub fn overflowing_to(mut self, overflow: AccountId) -> Self {
        self.overflow = Some(overflow);
        self
    }

    /// The same with a greatest balance of its own.
    #[must_use]
    pub fn at_most(mut self, balance: i64) -> Self {
        self.at_most = Some(balance);
        self
    }

    /// The same with what it held when it was stored: its sums, its last record and its lots by award.
    #[must_use]
    pub fn restored(
        mut self,
        counters: Counters,
        last: u64,
        lots: impl IntoIterator<Item = (u64, Lot)>,
    ) -> Self {
        self.counters = counters;
        self.last = last;
        self.lots = lots.into_iter().collect();
        self
    }

    /// What it holds, reserved amounts included.
    pub const fn balance(&self) -> i64 {
        self.counters.received - self.counters.given
    }

    /// Its lots, oldest first, with the number of the record that awarded each.
    pub fn lots(&self) -> impl Iterator<Item = (u64, &Lot)> {
        self.lots.iter().map(|(award, lot)| (*award, lot))
    }

    /// What its lots allow to be spent at this time: neither expired nor reserved.
    pub fn spendable_lots(&self, now: i64) -> i64 {
        lot::spendable(&self.lots, now)
    }

    /// Its reservations that are neither posted nor voided.
    pub fn open_reservations(&self) -> &[TransferId] {
        &self.open
    }
}
