//! Hours between communities: what two of them agree on, and what goes from one to the other.

use kernel::{AccountId, CommunityId, Timestamp};
use serde::{Deserialize, Serialize};

use super::{CrossingId, named};

named! {
    /// What goes from one community to another.
    CrossingKind {
        /// How much the two may owe each other at most, from then on.
        Limit = "limit",
        /// A member's hours, to the same person there.
        Hours = "hours",
        /// What the other owes was made good in another way.
        Settlement = "settlement",
        /// What the other owes is forgiven.
        Forgiveness = "forgiveness",
    }
}

named! {
    /// Where a crossing stands.
    CrossingState {
        /// The other side has not answered.
        Waiting = "waiting",
        /// Both sides have it.
        Done = "done",
        /// The other side refused; nothing moved.
        Refused = "refused",
    }
}

named! {
    /// By which rule the other side refused.
    Turned {
        /// The two have no agreement in force.
        NoAgreement = "no_agreement",
        /// It would owe more than was agreed.
        BeyondLimit = "beyond_limit",
        /// Whoever sends hours is not enrolled there, neither as a volunteer nor as an elder.
        NotEnrolled = "not_enrolled",
        /// They would hold more there than the scheme's cap.
        AboveCap = "above_cap",
        /// Its committee declined.
        Declined = "declined",
        /// Both sides made an offer at the same time.
        Crossed = "crossed",
    }
}

/// What two communities agreed, as one of them keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The other one.
    pub partner: CommunityId,
    /// How often they agreed; each agreement has an account of its own.
    pub revision: i64,
    /// The most minutes that one may owe the other.
    pub limit_minutes: i64,
    /// When they agreed.
    pub agreed_at: Timestamp,
    /// When this side ended it.
    pub ended_at: Option<Timestamp>,
}

/// Something that goes from one community to another, as one of them keeps it; its id is the same in both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crossing {
    /// Its id, and that of the transfer in both books.
    pub id: CrossingId,
    /// The other community.
    pub partner: CommunityId,
    /// Whether it goes out from here.
    pub is_out: bool,
    /// What it is.
    pub kind: CrossingKind,
    /// How many minutes.
    pub minutes: i64,
    /// Whose hours.
    pub holder: Option<AccountId>,
    /// On what ground, for an offer between committees.
    pub ground: Option<String>,
    /// When it was made or came in.
    pub made_at: Timestamp,
    /// Where it stands.
    pub state: CrossingState,
    /// Why it was refused.
    pub refusal: Option<Turned>,
}

/// A crossing as the other side is told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arriving {
    /// Its id.
    pub id: CrossingId,
    /// Where it comes from.
    pub from: CommunityId,
    /// What it is.
    pub kind: CrossingKind,
    /// How many minutes.
    pub minutes: i64,
    /// Whose hours.
    pub holder: Option<AccountId>,
    /// On what ground.
    pub ground: Option<String>,
}

impl Crossing {
    /// What it changed what the keeper owes the other side by; nothing while it waits.
    pub const fn moved(&self) -> i64 {
        match (self.state, self.kind, self.is_out) {
            (CrossingState::Waiting | CrossingState::Refused, ..) | (_, CrossingKind::Limit, _) => {
                0
            }
            // Hours that leave are owed to whoever takes them in; a creditor's settlement takes its claim away.
            (_, _, true) => self.minutes,
            (_, _, false) => -self.minutes,
        }
    }
}
