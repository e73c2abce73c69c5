//! The rows that reminders, their channels and visits tell.

use journal::Entry;
use kernel::Timestamp;
use people::model::UnitId;
use serde::Deserialize;

use super::Audit;
use super::entries::{private, public, resolution};
use crate::model::{ReminderChannel, VisitId, VisitOutcome};

#[derive(Deserialize)]
struct Chosen {
    unit: UnitId,
    channel: ReminderChannel,
    evidence: String,
}

#[derive(Deserialize)]
struct Sent {
    round: u32,
    text: String,
}

#[derive(Deserialize)]
struct SentTo {
    units: Vec<(UnitId, ReminderChannel)>,
}

#[derive(Deserialize)]
struct Visited {
    visit: VisitId,
}

#[derive(Deserialize)]
struct VisitedUnit {
    unit: UnitId,
    outcome: VisitOutcome,
    note: String,
    visited_at: Timestamp,
}

impl Audit {
    pub(super) fn reminders_chosen(&mut self, entry: &Entry, opened: Option<&str>) -> Option<()> {
        let chosen = private::<Chosen>(opened)?;
        let row = [
            chosen.unit.into(),
            chosen.channel.name().into(),
            entry.actor.into(),
            entry.at.into(),
            chosen.evidence.into(),
        ];
        self.expected.row("reminder_choice", entry.position, &row);
        Some(())
    }

    pub(super) fn reminders_sent(&mut self, entry: &Entry, opened: Option<&str>) -> Option<()> {
        let id = resolution(entry)?;
        let sent = public::<Sent>(entry)?;
        let row = [
            id.into(),
            sent.round.into(),
            sent.text.into(),
            entry.actor.into(),
            entry.at.into(),
        ];
        self.expected.row("reminder", entry.position, &row);
        for (unit, channel) in private::<SentTo>(opened)?.units {
            let row = [
                id.into(),
                unit.into(),
                sent.round.into(),
                channel.name().into(),
            ];
            self.expected.row("reminder_unit", entry.position, &row);
        }
        Some(())
    }

    pub(super) fn visited(&mut self, entry: &Entry, opened: Option<&str>) -> Option<()> {
        let visit = private::<VisitedUnit>(opened)?;
        let row = [
            resolution(entry)?.into(),
            public::<Visited>(entry)?.visit.into(),
            visit.unit.into(),
            visit.outcome.name().into(),
            visit.note.into(),
            visit.visited_at.into(),
            entry.actor.into(),
            entry.at.into(),
        ];
        self.expected.row("visit", entry.position, &row);
        Some(())
    }
}
