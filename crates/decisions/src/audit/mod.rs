//! Do the tables say what the journal says? For `linli verify` and the tests that pull the plug.
//!
//! Each entry tells rows ([`entries`]), and the comparison finds every row that is otherwise, missing or unheard of.
//! What an entry vouches for by a hash is computed again: the electorate, the attachments' content, the published
//! record; and every count is made again from the electorate and the votes.

mod agenda;
mod changes;
mod counts;
mod election;
mod electorates;
mod entries;
mod files;
mod turnout;

use std::collections::HashMap;

use db::{Read, Value};
use journal::{Audited, Expected, Findings};
use kernel::{CommunityId, Timestamp, Uuid};

use crate::Error;
use crate::model::{AssemblyId, AttachmentId, Draft, ResolutionId};
use crate::store;

/// The decisions of a community as its journal tells them, gathered while the journal is audited.
pub struct Audit {
    expected: Expected,
    resolutions: HashMap<ResolutionId, Told>,
    assemblies: HashMap<AssemblyId, Called>,
    findings: Findings,
}

/// Who called a meeting, and when.
#[derive(Clone, Copy)]
struct Called {
    by: Uuid,
    at: Timestamp,
}

/// What the journal tells of a resolution, beside its rows.
struct Told {
    draft: Draft,
    title: String,
    drafted_by: Uuid,
    drafted_at: Timestamp,
    published: Option<Published>,
    counted: Option<Counted>,
}

/// A publication's entry.
struct Published {
    position: u64,
    number: String,
    /// `None` in entries of older versions, which hashed less.
    electors_sha256: Option<String>,
}

/// A count's entry.
struct Counted {
    position: u64,
    at: Timestamp,
    passed: bool,
    record_sha256: String,
}

/// What the comparison came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proved {
    /// Votes that stand.
    pub votes: u64,
    /// Rows of all tables that stand as the journal tells them.
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
            resolutions: HashMap::new(),
            assemblies: HashMap::new(),
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
    pub fn compare(self, read: &mut dyn Read, community: CommunityId) -> Result<Proved, Error> {
        let Self {
            expected,
            resolutions,
            mut findings,
            ..
        } = self;
        let mut votes = 0;
        let mut files: Vec<(ResolutionId, AttachmentId)> = Vec::new();
        let compared = expected.compare(
            read,
            community,
            &mut |read, column, value| name(read, community, &resolutions, column, value),
            &mut |table, row, _| {
                votes += u64::from(table.name == "vote");
                if table.name == "resolution_attachment"
                    && let (Ok(resolution), Ok(file)) = (row.get(0), row.get(1))
                {
                    files.push((resolution, file));
                }
            },
            &mut findings,
        )?;
        files::check(read, community, &files, &mut findings)?;
        electorates::check(read, community, &resolutions, &mut findings)?;
        counts::check(read, community, &resolutions, &mut findings)?;
        Ok(Proved {
            votes,
            rows: compared.rows,
            untold: compared.untold,
            findings,
        })
    }
}

/// How a finding names what a key's column holds.
fn name(
    read: &mut dyn Read,
    community: CommunityId,
    resolutions: &HashMap<ResolutionId, Told>,
    column: &str,
    value: &Value,
) -> Result<Option<String>, db::Error> {
    match (column, value) {
        ("unit_id", unit) => store::name_of_unit(read, community, unit),
        ("resolution_id", Value::Bytes(bytes)) => Ok(ResolutionId::from_bytes(bytes)
            .and_then(|id| resolutions.get(&id))
            .map(Told::name)),
        _ => Ok(None),
    }
}

impl Told {
    /// Number and title, by the journal.
    fn name(&self) -> String {
        match &self.published {
            Some(published) => format!("{} “{}”", published.number, self.title),
            None => format!("“{}”, not published", self.title),
        }
    }
}
