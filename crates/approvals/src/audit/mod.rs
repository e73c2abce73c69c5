//! Do the approvals' tables say what the journal says? For `linli verify`.
//!
//! Each entry tells rows or vouches for them by their fingerprints, and the comparison finds every row that is otherwise,
//! missing or unheard of. A paper's content is hashed again, and the position beside a case, an event or a card must be that
//! of the entry which wrote it.

mod entries;

use std::collections::HashMap;

use db::{Read, Row, Value};
use journal::{Audited, Expected, Findings, Table};
use kernel::CommunityId;

use crate::Error;
use crate::model::{CaseId, PaperId};
use crate::store::audit as store;

/// The approvals as the journal tells them, gathered while it is audited.
pub struct Audit {
    expected: Expected,
    cases: HashMap<CaseId, Told>,
    /// Who holds a unit: the row as its appointment wrote it.
    held: HashMap<String, [Value; 6]>,
    findings: Findings,
}

/// What the journal tells of a file, beside its rows.
#[derive(Default)]
struct Told {
    number: Option<String>,
    /// The entry of the last change; 0 for a draft.
    position: u64,
    /// The entry of each event, in their order.
    events: Vec<u64>,
}

/// What the comparison came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proved {
    /// Events of files that stand as the journal tells them.
    pub events: u64,
    /// Rows of all tables that do.
    pub rows: u64,
    /// Rows about which entries of older versions don't tell enough to prove them.
    pub untold: u64,
    /// What does not hold.
    pub findings: Findings,
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
            expected: Expected::new(store::TABLES),
            cases: HashMap::new(),
            held: HashMap::new(),
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

    /// Compares the tables with what was gathered.
    ///
    /// # Errors
    /// Those of the database; what does not hold is a finding and no error.
    pub fn compare(self, read: &mut dyn Read, community: CommunityId) -> Result<Proved, Error> {
        let Self {
            expected,
            cases,
            mut findings,
            ..
        } = self;
        let mut papers: Vec<(CaseId, PaperId)> = Vec::new();
        let mut events = 0;
        let compared = expected.compare(
            read,
            community,
            &mut |_, column, value| Ok(number(&cases, column, value)),
            &mut |table, row, findings| {
                events += u64::from(table.name == store::EVENTS.name);
                if table.name == store::PAPERS.name
                    && let (Ok(case), Ok(paper)) = (row.get(0), row.get(1))
                {
                    papers.push((case, paper));
                }
                if let Some(what) = misplaced(&cases, table, row) {
                    findings.add(table.name, what);
                }
            },
            &mut findings,
        )?;
        for (case, paper) in papers {
            if store::paper_is_whole(read, community, case, paper)? == Some(false) {
                let what = format!(
                    "file {}, paper {paper}: its content does not have its SHA-256",
                    name(&cases, case)
                );
                findings.add(store::PAPERS.name, what);
            }
        }
        Ok(Proved {
            events,
            rows: compared.rows,
            untold: compared.untold,
            findings,
        })
    }
}

/// A case's or an event's row that names another entry than the one that wrote it.
fn misplaced(cases: &HashMap<CaseId, Told>, table: &Table, row: &Row) -> Option<String> {
    let case: CaseId = row.get(0).ok()?;
    let (what, told, found): (String, u64, Option<u64>) = if table.name == store::CASES.name {
        let told = cases.get(&case)?.position;
        (String::new(), told, row.get(10).ok())
    } else if table.name == store::EVENTS.name {
        let seq: u32 = row.get(1).ok()?;
        let place = usize::try_from(seq.checked_sub(1)?).ok()?;
        let told = *cases.get(&case)?.events.get(place)?;
        (format!(", event {seq}"), told, row.get(8).ok())
    } else {
        return None;
    };
    (found != Some(told)).then(|| {
        format!(
            "file {}{what} names another entry than {told}, which wrote it",
            name(cases, case)
        )
    })
}

/// How a finding names a file: by its number, where the journal tells one.
fn number(cases: &HashMap<CaseId, Told>, column: &str, value: &Value) -> Option<String> {
    let ("case_id", Value::Bytes(bytes)) = (column, value) else {
        return None;
    };
    Some(name(cases, CaseId::from_bytes(bytes)?))
}

fn name(cases: &HashMap<CaseId, Told>, case: CaseId) -> String {
    let number = cases.get(&case).and_then(|told| told.number.clone());
    number.unwrap_or_else(|| case.to_string())
}
