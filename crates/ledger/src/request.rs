//! What a caller asks for.

use serde::{Deserialize, Serialize};

use crate::{AccountId, Amount, Code};

/// The caller's id of a request, which makes it idempotent. Time-ordered ids (UUIDv7) keep an index small and fast.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct TransferId(pub u128);

/// One request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The caller's id.
    pub id: TransferId,
    /// What is asked for.
    pub action: Action,
}

/// From whom to whom, how much and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Why.
    pub code: Code,
    /// Who gives.
    pub from: AccountId,
    /// Who receives.
    pub to: AccountId,
    /// How much, above zero.
    pub amount: Amount,
    /// When what is awarded expires, in microseconds; only for an award into an account with lots. A gift between two
    /// such accounts keeps its lots' dates, and says none.
    pub expires_at: Option<i64>,
}

/// What may be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// Move at once.
    Transfer(Terms),
    /// Hold until it is posted or voided, at the latest until the deadline (microseconds), at which it is given back.
    Reserve {
        /// What is held.
        terms: Terms,
        /// When it is given back by itself.
        deadline: Option<i64>,
    },
    /// Move what a reservation holds: the whole, or a part, and the rest is given back.
    Post {
        /// The reservation.
        reservation: TransferId,
        /// How much; `None` for the whole.
        amount: Option<Amount>,
    },
    /// Give back what a reservation holds.
    Void {
        /// The reservation.
        reservation: TransferId,
    },
    /// Correct a transfer or a posting by its opposite. What was taken from lots returns to the same lots.
    Reverse {
        /// The transfer or posting.
        of: TransferId,
    },
    /// Take what has expired.
    Expire {
        /// Why.
        code: Code,
        /// Whose lots.
        from: AccountId,
        /// Where it goes.
        to: AccountId,
    },
}
