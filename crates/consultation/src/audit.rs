//! The audit of consultations: every row compared with what the journal tells of it.

use std::collections::HashMap;

use db::{Read, Value};
use journal::{Audited, Expected, Findings};
use kernel::{CommunityId, Timestamp, Uuid};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::Error;
use crate::model::{AnswerId, Channel, ConsultationId, Draft, Outcome};
use crate::store;

/// The consultations of a community as its journal tells them, gathered while the journal is audited.
pub struct Audit {
    expected: Expected,
    texts: HashMap<ConsultationId, (Uuid, Timestamp, String)>,
    findings: Findings,
}

/// What the comparison came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proved {
    /// Rows of all tables that stand as the journal tells them.
    pub rows: u64,
    /// What does not hold.
    pub findings: Findings,
}

#[derive(Deserialize)]
struct Drafted {
    draft: Draft,
}

#[derive(Deserialize)]
struct Made {
    number: u32,
    clause: u32,
    channel: Channel,
    text: String,
    same_as: Option<u32>,
    received: Timestamp,
}

#[derive(Deserialize)]
struct Withdrawn {
    number: u32,
}

#[derive(Deserialize)]
struct AnswerTold {
    answer: AnswerId,
    numbers: Vec<u32>,
    outcome: Outcome,
    reason: String,
}

#[derive(Deserialize)]
struct VersionTold {
    number: u32,
    clauses: Vec<String>,
    note: String,
}

impl Default for Audit {
    fn default() -> Self {
        Self::new()
    }
}

impl Audit {
    /// Nothing gathered yet.
    pub fn new() -> Self {
        Self {
            expected: Expected::new(store::audit::TABLES),
            texts: HashMap::new(),
            findings: Findings::default(),
        }
    }

    /// Takes note of an entry; entries come in the journal's order.
    pub fn see(&mut self, seen: &Audited<'_>) {
        if self.tell(seen).is_none() {
            let what = format!(
                "entry {} ({}) can't be read",
                seen.entry.position, seen.entry.kind
            );
            self.findings.add("journal_entry", what);
        }
    }

    /// Expects the rows that an entry tells; `None` if it can't be read.
    fn tell(&mut self, seen: &Audited<'_>) -> Option<()> {
        let entry = seen.entry;
        let Some(kind) = entry.kind.strip_prefix("consultation.") else {
            return Some(());
        };
        let id: ConsultationId = entry.subject.split('/').nth(1)?.parse().ok()?;
        let position = entry.position;
        match kind {
            "text.drafted" | "text.changed" => self.drafted(id, seen)?,
            "text.published" => {
                let row = [id.into(), entry.actor.into(), entry.at.into()];
                self.expected
                    .row("consultation_publication", position, &row);
            }
            "comment.made" => {
                let told: Made = json(&entry.public)?;
                let row = [
                    id.into(),
                    told.number.into(),
                    told.clause.into(),
                    told.channel.name().into(),
                    told.text.into(),
                    told.same_as.into(),
                    told.received.into(),
                    entry.actor.into(),
                    entry.at.into(),
                ];
                self.expected.row("consultation_comment", position, &row);
            }
            "comment.withdrawn" => {
                let number = json::<Withdrawn>(&entry.public)?.number;
                let row = [id.into(), number.into(), entry.at.into()];
                self.expected.row("consultation_withdrawal", position, &row);
            }
            "comment.answered" => {
                let told: AnswerTold = json(&entry.public)?;
                for number in told.numbers {
                    let row = [id.into(), number.into(), told.answer.into()];
                    self.expected.row("consultation_answered", position, &row);
                }
                let row = [
                    id.into(),
                    told.answer.into(),
                    told.outcome.name().into(),
                    told.reason.into(),
                    entry.actor.into(),
                    entry.at.into(),
                ];
                self.expected.row("consultation_answer", position, &row);
            }
            "version.issued" => {
                let told: VersionTold = json(&entry.public)?;
                let row = [
                    id.into(),
                    told.number.into(),
                    store::version::json_of(&told.clauses).ok()?.into(),
                    told.note.into(),
                    entry.actor.into(),
                    entry.at.into(),
                ];
                self.expected.row("consultation_version", position, &row);
            }
            _ => {}
        }
        Some(())
    }

    fn drafted(&mut self, id: ConsultationId, seen: &Audited<'_>) -> Option<()> {
        let entry = seen.entry;
        let Drafted { draft } = json(seen.private?)?;
        let text = store::json_of(&draft).ok()?;
        let first = (entry.actor, entry.at, String::new());
        let (by, at, title) = self.texts.entry(id).or_insert(first);
        title.clone_from(&draft.title);
        let row = [
            id.into(),
            draft.title.into(),
            text.into(),
            draft.closes.into(),
            (*by).into(),
            (*at).into(),
            entry.at.into(),
        ];
        self.expected.row("consultation", entry.position, &row);
        Some(())
    }

    /// Compares the tables with what was gathered.
    ///
    /// # Errors
    /// [`Error::Database`] if a table can't be read.
    pub fn compare(self, read: &mut dyn Read, community: CommunityId) -> Result<Proved, Error> {
        let Self {
            expected,
            texts,
            mut findings,
        } = self;
        let titles = |_: &mut dyn Read, column: &'static str, value: &Value| {
            Ok(match (column, value) {
                ("consultation_id", Value::Bytes(bytes)) => ConsultationId::from_bytes(bytes)
                    .and_then(|id| texts.get(&id))
                    .map(|(_, _, title)| format!("“{title}”")),
                _ => None,
            })
        };
        let compared = expected.compare(
            read,
            community,
            &mut { titles },
            &mut |_, _, _| {},
            &mut findings,
        )?;
        Ok(Proved {
            rows: compared.rows,
            findings,
        })
    }
}

fn json<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}
