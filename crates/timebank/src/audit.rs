//! Do the time bank's tables say what the journal says? Every command's entry vouches for the rows that it wrote by their
//! fingerprints; the audit finds every row that is otherwise, missing or unheard of.

use std::collections::{BTreeMap, HashMap};

use db::Read;
use journal::{Audited, Expected, Findings};
use kernel::CommunityId;

use crate::Error;
use crate::commands::owed;
use crate::model::{Crossing, CrossingId, CrossingState, Pair};
use crate::store::{self, TABLES};

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

/// Do communities that clear hours with each other agree? Whatever came in somewhere went out elsewhere, whatever was closed
/// was answered so, and each book holds between the two what both tell. Gives what does not hold, by community.
pub fn prove_clearing(
    read: &mut dyn Read,
    communities: &[CommunityId],
) -> Result<Vec<(CommunityId, String)>, Error> {
    let mut kept: HashMap<(CommunityId, CrossingId), Crossing> = HashMap::new();
    let mut expected: BTreeMap<(CommunityId, CommunityId), i64> = BTreeMap::new();
    for community in communities {
        for crossing in store::all_crossings(read, *community)? {
            *expected.entry((*community, crossing.partner)).or_default() += crossing.moved();
            kept.insert((*community, crossing.id), crossing);
        }
        for pair in store::pairs(read, *community)? {
            expected.entry((*community, pair.partner)).or_default();
        }
    }
    let mut findings = Vec::new();
    for ((community, id), crossing) in &kept {
        let twin = kept.get(&(crossing.partner, *id));
        if let Some(odd) = contradiction(*community, crossing, twin) {
            findings.push((*community, format!("crossing {id}: {odd}")));
        }
    }
    for ((community, partner), told) in expected {
        let stands = stands(read, community, partner)?;
        if stands != told {
            let line = format!(
                "the book says {stands} minutes are owed to {partner}, the crossings say {told}"
            );
            findings.push((community, line));
        }
    }
    findings.sort();
    Ok(findings)
}

/// What one side's row says that the other's does not.
fn contradiction(
    community: CommunityId,
    crossing: &Crossing,
    twin: Option<&Crossing>,
) -> Option<String> {
    let partner = crossing.partner;
    let Some(twin) = twin else {
        // What has just gone out need not have arrived.
        let may_be_alone = crossing.is_out && crossing.state == CrossingState::Waiting;
        return (!may_be_alone).then(|| format!("{partner} knows nothing of it"));
    };
    let same = |one: &Crossing| (one.kind, one.minutes, one.holder);
    if twin.partner != community || twin.is_out == crossing.is_out || same(twin) != same(crossing) {
        return Some(format!("{partner} tells it otherwise"));
    }
    let is_answered = crossing.is_out && crossing.state != CrossingState::Waiting;
    if is_answered && (crossing.state, crossing.refusal) != (twin.state, twin.refusal) {
        return Some(format!("{partner} answered otherwise"));
    }
    None
}

/// What the book holds between two, over all their agreements.
fn stands(read: &mut dyn Read, community: CommunityId, partner: CommunityId) -> Result<i64, Error> {
    let Some(pair) = store::pair(read, community, partner)? else {
        return Ok(0);
    };
    let mut sum = 0;
    for revision in 1..=pair.revision {
        sum += owed(read, community, &Pair { revision, ..pair })?.0;
    }
    Ok(sum)
}
