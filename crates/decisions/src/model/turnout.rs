//! Words of turnout help: how a household is reminded, and what came of a visit.

use serde::{Deserialize, Serialize};

kernel::id! {
    /// A visit at a unit's door.
    pub struct VisitId;
}
db::id_column!(VisitId);

named! {
    /// How the owners of a unit want to be reminded of votes.
    pub enum ReminderChannel {
        /// On their own pages.
        InApp = "in_app",
        /// By a letter in the letter box.
        Letter = "letter",
        /// By somebody at the door.
        Door = "door",
        /// Not at all.
        Never = "never",
    }
}

named! {
    /// What came of a visit; never how anyone wants to vote.
    pub enum VisitOutcome {
        /// Nobody opened.
        NotHome = "not_home",
        /// The ballot was handed over; its delivery is recorded apart.
        HandedOver = "handed_over",
        /// They know, and will see to it.
        Informed = "informed",
        /// They want to be left alone.
        Declined = "declined",
        /// They moved, or the unit stands empty.
        Empty = "empty",
    }
}

/// The most rounds of reminders that a vote has: more would be pestering. A limit of this house, not of a law.
pub const MAX_REMINDERS: u32 = 5;
/// The least time between two rounds, in seconds.
pub const REMINDER_GAP_SECONDS: i64 = 86_400;
