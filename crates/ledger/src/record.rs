//! What happened: records in the order of their numbers, never changed, never deleted.

use serde::{Deserialize, Serialize};

use crate::request::{Action, Request, TransferId};
use crate::{AccountId, Amount, Code, Piece};

/// Which of the records of one request it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Part {
    /// The request's own.
    Main,
    /// What exceeded the receiver's greatest balance and went to its overflow account.
    Overflow,
    /// The reservation of this id reached its deadline.
    Timeout,
}

/// A record's id: the request's, and which part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordId {
    /// The request.
    pub request: TransferId,
    /// The part.
    pub part: Part,
}

/// What a record did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Act {
    /// Moved an amount.
    Transfer,
    /// Held an amount.
    Reserve,
    /// Moved from a reservation, and gave back its rest.
    Post,
    /// Gave back a reservation.
    Void,
    /// Moved back.
    Reverse,
    /// Moved what had expired.
    Expire,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its number, from 1, without gaps.
    pub seq: u64,
    /// When, in microseconds; never before the record before it.
    pub at: i64,
    /// Whose it is.
    pub id: RecordId,
    /// What it did.
    pub act: Act,
    /// Why.
    pub code: Code,
    /// Who gave.
    pub from: AccountId,
    /// Who received.
    pub to: AccountId,
    /// How much was moved, held or given back. Zero only where everything went to the overflow account.
    pub amount: Amount,
    /// The amount that was asked for, where the request named one.
    pub requested: Option<i64>,
    /// When a reservation is given back by itself.
    pub deadline: Option<i64>,
    /// When what was awarded expires.
    pub expires_at: Option<i64>,
    /// The reservation or transfer that it closes or reverses.
    pub target: Option<TransferId>,
    /// The lots it took from or holds, oldest first.
    pub taken: Vec<Piece>,
    /// The lots it gave to.
    pub given: Vec<Piece>,
    /// The giver's record before this one; 0 for none.
    pub from_before: u64,
    /// The receiver's record before this one; 0 for none.
    pub to_before: u64,
}

impl RecordId {
    /// A request's own record.
    pub const fn main(request: TransferId) -> Self {
        Self {
            request,
            part: Part::Main,
        }
    }
}

impl Act {
    /// Every act, by its number in storage.
    pub const ALL: [Self; 6] = [
        Self::Transfer,
        Self::Reserve,
        Self::Post,
        Self::Void,
        Self::Reverse,
        Self::Expire,
    ];

    /// Whether it moved something, rather than holding or giving back.
    pub const fn moves(self) -> bool {
        match self {
            Self::Transfer | Self::Post | Self::Reverse | Self::Expire => true,
            Self::Reserve | Self::Void => false,
        }
    }
}

impl Record {
    /// Whether it is what this request asked for: the same id with the same payload.
    pub fn answers(&self, request: &Request) -> bool {
        let same = match (&request.action, self.act) {
            (Action::Transfer(terms), Act::Transfer) => self.has_terms(terms),
            (Action::Reserve { terms, deadline }, Act::Reserve) => {
                self.has_terms(terms) && *deadline == self.deadline
            }
            (
                Action::Post {
                    reservation,
                    amount,
                },
                Act::Post,
            ) => {
                let same_asset = amount.is_none_or(|amount| amount.asset() == self.amount.asset());
                same_asset
                    && self.target == Some(*reservation)
                    && self.requested == amount.map(Amount::get)
            }
            (Action::Void { reservation }, Act::Void) => self.target == Some(*reservation),
            (Action::Reverse { of }, Act::Reverse) => self.target == Some(*of),
            (Action::Expire { code, from, to }, Act::Expire) => {
                (self.code, self.from, self.to) == (*code, *from, *to)
            }
            _ => false,
        };
        same && self.id == RecordId::main(request.id)
    }

    fn has_terms(&self, terms: &crate::Terms) -> bool {
        (self.code, self.from, self.to, self.expires_at)
            == (terms.code, terms.from, terms.to, terms.expires_at)
            && self.amount.asset() == terms.amount.asset()
            && self.requested == Some(terms.amount.get())
    }
}
