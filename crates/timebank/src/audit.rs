//! Do the time bank's tables say what the journal says? Every command's entry vouches for the rows that it wrote by their
//! fingerprints; the audit finds every row that is otherwise, missing or unheard of.

use db::Read;
use journal::{Audited, Expected, Findings};
use kernel::CommunityId;

use crate::Error;
use crate::store::TABLES;

/// The time bank of a community as its journal tells it, gathered while the journal is audited.
pub struct Audit {
    expected: Expected,
}

/// What the comparison came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proved {
    /// Rows that stand as the journal tells them.
    pub rows: u64,
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
        }
    }

    /// Compares the tables with what was gathered.
    pub fn compare(self, read: &mut dyn Read, community: CommunityId) -> Result<Proved, Error> {
        let mut findings = Findings::default();
        let compared = self.expected.compare(
            read,
            community,
            &mut |_, _, _| Ok(None),
            &mut |_, _, _| {},
            &mut findings,
        )?;
        Ok(Proved {
            rows: compared.rows,
            findings,
        })
    }
}
