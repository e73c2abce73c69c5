//! Lots: what was awarded, when it expires, and how much of it is left.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What is left of one award in an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Lot {
    /// When it expires, in microseconds: at that instant it can no longer be spent.
    pub expires_at: Option<i64>,
    /// What is left, reserved amounts included.
    pub remaining: i64,
    /// What reservations hold of it.
    pub reserved: i64,
}

/// A part of a lot that a record took or gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// The number of the record that awarded it, whoever holds it now.
    pub award: u64,
    /// When it expires.
    pub expires_at: Option<i64>,
    /// How much.
    pub amount: i64,
}

/// An account's lots by the number of their award, so oldest first.
pub(crate) type Lots = BTreeMap<u64, Lot>;

impl Lot {
    /// What can be taken of it.
    pub fn free(&self) -> i64 {
        self.remaining.saturating_sub(self.reserved)
    }

    /// Whether it has expired.
    pub fn has_expired(&self, now: i64) -> bool {
        self.expires_at.is_some_and(|expires_at| expires_at <= now)
    }
}

/// What can be spent of lots now.
pub(crate) fn spendable(lots: &Lots, now: i64) -> i64 {
    let live = lots.values().filter(|lot| !lot.has_expired(now));
    live.fold(0, |sum, lot| sum.saturating_add(lot.free()))
}

/// The pieces that make up an amount, oldest first; `None` where too little is left that has not expired.
pub(crate) fn oldest_first(lots: &Lots, now: i64, amount: i64) -> Option<Vec<Piece>> {
    let live = lots.iter().filter(|(_, lot)| !lot.has_expired(now));
    take(live, amount)
}

/// The pieces for a reversal: of these awards first, then oldest first; what has expired may be given back too.
pub(crate) fn these_first(lots: &Lots, awards: &[u64], amount: i64) -> Option<Vec<Piece>> {
    let own = lots.iter().filter(|(award, _)| awards.contains(award));
    let others = lots.iter().filter(|(award, _)| !awards.contains(award));
    take(own.chain(others), amount)
}

/// Everything that has expired and nobody holds.
pub(crate) fn expired(lots: &Lots, now: i64) -> Vec<Piece> {
    let due = lots
        .iter()
        .filter(|(_, lot)| lot.has_expired(now) && lot.free() > 0);
    due.map(|(award, lot)| piece(*award, lot, lot.free()))
        .collect()
}

fn take<'a>(lots: impl Iterator<Item = (&'a u64, &'a Lot)>, amount: i64) -> Option<Vec<Piece>> {
    let mut missing = amount;
    let mut pieces = Vec::new();
    for (award, lot) in lots {
        if missing == 0 {
            break;
        }
        let part = lot.free().min(missing);
        if part > 0 {
            pieces.push(piece(*award, lot, part));
            missing -= part;
        }
    }
    (missing == 0).then_some(pieces)
}

fn piece(award: u64, lot: &Lot, amount: i64) -> Piece {
    Piece {
        award,
        expires_at: lot.expires_at,
        amount,
    }
}

/// The first `amount` of pieces, and the rest.
pub(crate) fn cut(pieces: &[Piece], amount: i64) -> (Vec<Piece>, Vec<Piece>) {
    let (mut first, mut rest) = (Vec::new(), Vec::new());
    let mut missing = amount;
    for piece in pieces {
        let part = piece.amount.min(missing);
        missing -= part;
        if part > 0 {
            first.push(Piece {
                amount: part,
                ..*piece
            });
        }
        if piece.amount > part {
            rest.push(Piece {
                amount: piece.amount - part,
                ..*piece
            });
        }
    }
    (first, rest)
}

/// Adds a piece to lots.
pub(crate) fn add(lots: &mut Lots, piece: &Piece) {
    let lot = lots.entry(piece.award).or_insert(Lot {
        expires_at: piece.expires_at,
        ..Lot::default()
    });
    lot.remaining = lot.remaining.saturating_add(piece.amount);
}

/// Takes a piece from lots; an empty lot is forgotten.
pub(crate) fn remove(lots: &mut Lots, piece: &Piece) {
    if let Some(lot) = lots.get_mut(&piece.award) {
        lot.remaining -= piece.amount;
        if lot.remaining == 0 {
            lots.remove(&piece.award);
        }
    }
}

/// Holds (or, with a negative amount, gives back) a piece.
pub(crate) fn hold(lots: &mut Lots, award: u64, amount: i64) {
    if let Some(lot) = lots.get_mut(&award) {
        lot.reserved += amount;
    }
}
