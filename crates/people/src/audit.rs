//! Does the roll say what the journal says? Every command's entry vouches for the rows that it wrote by their
//! fingerprints; the audit finds every row that is otherwise, missing or unheard of.

use db::{Read, Row, Value};
use journal::{Audited, Expected, Findings, Table};
use kernel::{CommunityId, Timestamp};

use crate::Error;
use crate::store::audit::{OWNERSHIPS, STATES, TABLES, name_of_unit};

/// The roll of a community as its journal tells it, gathered while the journal is audited.
pub struct Audit {
    expected: Expected,
}

/// What the comparison came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proved {
    /// Rows that stand as the journal tells them.
    pub rows: u64,
    /// Rows that entries of older versions may have written, which did not vouch for them.
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
            expected: Expected::new(&TABLES),
        }
    }

    /// Takes note of an entry; entries come in the journal's order.
    pub fn see(&mut self, seen: &Audited<'_>) {
        if seen.has_rows() {
            self.expected.prints(seen.entry.position, seen.rows);
        } else if seen.entry.kind == "people.community.created" {
            // By an older version, in which entries did not vouch for rows.
            for table in TABLES {
                self.expected.untold(table.name);
            }
        }
    }

    /// Compares the tables with what was gathered.
    pub fn compare(self, read: &mut dyn Read, community: CommunityId) -> Result<Proved, Error> {
        let mut findings = Findings::default();
        let mut spans = Spans::default();
        let compared = self.expected.compare(
            read,
            community,
            &mut |read, column, value| match column {
                "unit_id" => name_of_unit(read, community, value),
                _ => Ok(None),
            },
            &mut |table, row, findings| spans.see(table, row, findings),
            &mut findings,
        )?;
        spans.end(&mut findings);
        Ok(Proved {
            rows: compared.rows,
            untold: compared.untold,
            findings,
        })
    }
}

/// Watches that each revision of a unit's facts and of its owners ends when the next begins, and the last not at all:
/// the ends are written by later commands than the rows. Rows come unit by unit, oldest revision first.
#[derive(Default)]
struct Spans {
    last: Option<Span>,
}

/// The rows of one revision.
struct Span {
    table: &'static str,
    unit: Value,
    revision: i64,
    until: Vec<Option<Timestamp>>,
}

impl Spans {
    fn see(&mut self, table: &'static Table, row: &Row, findings: &mut Findings) {
        let since = match table.name {
            name if name == STATES.name => 5,
            name if name == OWNERSHIPS.name => 3,
            _ => return,
        };
        let columns = (
            row.get::<i64>(1),
            row.get::<Option<Timestamp>>(since),
            row.get::<Option<Timestamp>>(table.columns),
        );
        let (Some(unit), (Ok(revision), Ok(since), Ok(until))) = (row.values().first(), columns)
        else {
            findings.add(table.name, "a row can't be read");
            return;
        };
        match &mut self.last {
            Some(span) if span.table == table.name && span.unit == *unit => {
                if span.revision == revision {
                    span.until.push(until);
                    return;
                }
                span.check(since, findings);
            }
            _ => self.check_last(findings),
        }
        self.last = Some(Span {
            table: table.name,
            unit: unit.clone(),
            revision,
            until: vec![until],
        });
    }

    fn end(mut self, findings: &mut Findings) {
        self.check_last(findings);
    }

    fn check_last(&mut self, findings: &mut Findings) {
        if let Some(span) = self.last.take() {
            span.check(None, findings);
        }
    }
}

impl Span {
    fn check(&self, end: Option<Timestamp>, findings: &mut Findings) {
        if self.until.iter().any(|until| *until != end) {
            let unit = match &self.unit {
                Value::Bytes(id) => kernel::Uuid::from_slice(id).unwrap_or_default().to_string(),
                other => format!("{other:?}"),
            };
            let what = format!(
                "unit {unit}, revision {}: its end is not the beginning of the next",
                self.revision
            );
            findings.add(self.table, what);
        }
    }
}
