//! The rows that each kind of entry tells or vouches for.

use db::Value;
use jiff::civil::Date;
use journal::{Audited, Entry};
use kernel::{OrganisationId, Timestamp, Uuid};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Audit;
use crate::model::{CaseId, Colour, PaperId};
use crate::store::audit::{CALENDAR_YEARS, CASES, DEFINITIONS, EVENTS, PAPERS, SUCCESSIONS};

#[derive(Deserialize)]
struct Appointed {
    organisation: OrganisationId,
    name: String,
}

#[derive(Deserialize)]
struct Removed {
    id: PaperId,
}

#[derive(Deserialize)]
struct Issued {
    stage: String,
    colour: Colour,
    days_before: u32,
    due: Date,
    unit: String,
    escalated_to: String,
}

#[derive(Deserialize)]
struct Moved {
    cases: Vec<From>,
}

#[derive(Deserialize)]
struct From {
    case: CaseId,
    from: String,
}

#[derive(Deserialize)]
struct Happened {
    number: Option<String>,
    events: Vec<Seq>,
}

#[derive(Deserialize)]
struct Seq {
    seq: u32,
}

#[derive(Deserialize)]
struct ReadFor {
    /// Missing in entries of older versions; all zeros for none.
    organisation: Option<Uuid>,
}

impl Audit {
    /// Expects the rows that an entry tells; `None` if it can't be read.
    pub(super) fn tell(&mut self, seen: &Audited<'_>) -> Option<()> {
        let entry = seen.entry;
        let Some(kind) = entry.kind.strip_prefix("approvals.") else {
            return Some(());
        };
        match kind {
            "unit.appointed" => self.appointed(entry),
            "unit.dissolved" => {
                self.end_appointment(entry);
                self.vouched(seen, &[SUCCESSIONS.name]);
                Some(())
            }
            "definition.added" => {
                self.vouched(seen, &[DEFINITIONS.name]);
                Some(())
            }
            "calendar.added" => {
                self.vouched(seen, &[CALENDAR_YEARS.name]);
                Some(())
            }
            "application.drafted" | "application.changed" => {
                self.cases.entry(case(entry)?).or_default();
                self.vouched(seen, &[CASES.name]);
                Some(())
            }
            "paper.added" => {
                self.vouched(seen, &[PAPERS.name]);
                Some(())
            }
            "paper.removed" => {
                let paper = public::<Removed>(entry)?.id;
                let key = [case(entry)?.into(), paper.into()];
                self.expected.gone(PAPERS.name, &key);
                Some(())
            }
            "card.issued" => self.issued(entry),
            "case.migrated" => self.migrated(seen),
            "case.read" => self.read(entry),
            _ => self.happened(seen),
        }
    }

    /// Takes the fingerprints; where an entry of an older version has none, the rows of these tables prove nothing.
    fn vouched(&mut self, seen: &Audited<'_>, tables: &[&str]) {
        if seen.has_rows() {
            self.expected.prints(seen.entry.position, seen.rows);
        } else {
            for table in tables {
                self.expected.untold(table);
            }
        }
    }

    fn appointed(&mut self, entry: &Entry) -> Option<()> {
        let Appointed { organisation, name } = public(entry)?;
        self.end_appointment(entry);
        let unit = second(entry)?;
        let row: [Value; 6] = [
            unit.into(),
            entry.at.into(),
            organisation.into(),
            name.into(),
            entry.actor.into(),
            Value::Null,
        ];
        self.expected
            .row("approval_appointment", entry.position, &row);
        self.held.insert(unit.to_owned(), row);
        Some(())
    }

    /// Whoever held the unit of the entry does so no more.
    fn end_appointment(&mut self, entry: &Entry) {
        let held = second(entry).and_then(|unit| self.held.remove(unit));
        if let Some([unit, since, organisation, name, by, _]) = held {
            let row = [unit, since, organisation, name, by, entry.at.into()];
            self.expected
                .row("approval_appointment", entry.position, &row);
        }
    }

    fn issued(&mut self, entry: &Entry) -> Option<()> {
        let card = public::<Issued>(entry)?;
        let row: [Value; 9] = [
            case(entry)?.into(),
            card.stage.into(),
            card.colour.name().into(),
            card.days_before.into(),
            Timestamp::start_of(card.due).into(),
            card.unit.into(),
            card.escalated_to.into(),
            entry.at.into(),
            position(entry)?,
        ];
        self.expected.row("approval_card", entry.position, &row);
        Some(())
    }

    fn migrated(&mut self, seen: &Audited<'_>) -> Option<()> {
        let entry = seen.entry;
        let to = entry.subject.rsplit('/').next()?;
        for From { case, from } in public::<Moved>(entry)?.cases {
            let row: [Value; 5] = [
                case.into(),
                entry.at.into(),
                from.into(),
                to.into(),
                entry.actor.into(),
            ];
            self.expected
                .row("approval_migration", entry.position, &row);
            self.cases.get_mut(&case)?.position = entry.position;
        }
        self.vouched(seen, &[CASES.name]);
        Some(())
    }

    fn read(&mut self, entry: &Entry) -> Option<()> {
        let Some(organisation) = public::<ReadFor>(entry)?.organisation else {
            self.expected.untold("approval_reading");
            return Some(());
        };
        let row: [Value; 5] = [
            case(entry)?.into(),
            position(entry)?,
            entry.actor.into(),
            entry.at.into(),
            organisation.into(),
        ];
        self.expected.row("approval_reading", entry.position, &row);
        Some(())
    }

    /// Every other kind adds events to a file.
    fn happened(&mut self, seen: &Audited<'_>) -> Option<()> {
        let entry = seen.entry;
        let Happened { number, events } = public(entry)?;
        let told = self.cases.get_mut(&case(entry)?)?;
        told.number = number;
        told.position = entry.position;
        for Seq { seq } in events {
            // Each follows the one before; another number can't be this file's.
            let next = u32::try_from(told.events.len()).ok()?.checked_add(1)?;
            if seq != next {
                return None;
            }
            told.events.push(entry.position);
        }
        // The first submission keeps the definition's text too.
        self.vouched(seen, &[CASES.name, EVENTS.name, DEFINITIONS.name]);
        Some(())
    }
}

fn public<T: DeserializeOwned>(entry: &Entry) -> Option<T> {
    serde_json::from_str(&entry.public).ok()
}

/// What stands after the first `/` of a subject, as `ID` in `approval/ID`.
fn second(entry: &Entry) -> Option<&str> {
    entry.subject.split('/').nth(1)
}

fn case(entry: &Entry) -> Option<CaseId> {
    second(entry)?.parse().ok()
}

fn position(entry: &Entry) -> Option<Value> {
    Some(i64::try_from(entry.position).ok()?.into())
}
