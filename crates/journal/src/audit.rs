//! The audit: replays a community's whole journal, and shows each entry to whoever compares tables with it.

use std::collections::{BTreeMap, HashMap};

use db::Read;
use kernel::{CommunityId, Vault};
use proof::{Frontier, Head, Opening, SignedHead, VerifyingKey};

use crate::rows::{from_part, hex, to_parts};
use crate::{Entry, Error, RowPrint, entries, store};

/// How many entries the audit reads at once.
const AUDIT_BATCH: u32 = 1024;

/// What an audit of one community's journal found to hold.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Audit {
    /// The community.
    pub community: CommunityId,
    /// How many entries were replayed.
    pub entries: u64,
    /// How many private parts opened to their commitments; erased ones are not counted.
    pub private_parts: u64,
    /// How many signed heads were compared with the replayed log.
    pub heads: u64,
    /// The root over all entries.
    pub root: proof::Hash,
}

/// An entry as the audit sees it, proved to be the one recorded.
pub struct Audited<'a> {
    /// The entry.
    pub entry: &'a Entry,
    /// Its private part; `None` where it has none or it was erased.
    pub private: Option<&'a str>,
    /// The rows that it vouches for; empty where it vouches for none.
    pub rows: &'a [RowPrint],
}

impl std::ops::Deref for Audited<'_> {
    type Target = Entry;

    fn deref(&self) -> &Entry {
        self.entry
    }
}

impl Audited<'_> {
    /// Whether the entry vouches for rows: those of older versions don't.
    pub fn has_rows(&self) -> bool {
        !self.rows.is_empty()
    }
}

/// What looks at entries while they are audited.
pub type Visit<'a> = dyn FnMut(&Audited<'_>) -> Result<(), Error> + 'a;

/// Replays a community's whole journal: every entry against its stored nodes, every private part against its
/// commitment, every kept head against the log and the key. A private part may be missing only where a later entry about
/// the same subject erased it. `visit` sees each entry on the way, so that a module can compare its tables with what the
/// record says.
///
/// A head that is not kept is no loss: it says nothing that the entries don't say, and signed again it has the same size
/// and root. What a head proves against the keeper of the database is proved by the copies that others hold.
pub fn audit(
    read: &mut dyn Read,
    vault: &Vault,
    key: &VerifyingKey,
    community: CommunityId,
    visit: &mut Visit<'_>,
) -> Result<Audit, Error> {
    let mut heads = kept_heads(read, key, community)?;
    let head_count = heads.len();
    let mut log = Frontier::default();
    let mut private_parts = 0;
    let mut lacking = Lacking::default();
    loop {
        let from = log.size();
        let batch = entries(read, community, from, AUDIT_BATCH)?;
        let Some(last) = batch.last() else {
            break;
        };
        let mut opened = openings(read, vault, community, from, last.position)?;
        for entry in &batch {
            replay(&mut log, entry)?;
            let opening = opened.remove(&entry.position);
            private_parts += check_private(opening.as_ref(), entry, &mut lacking)?;
            if let Some(head) = heads.remove(&log.size()) {
                check_head(&head, &log, entry)?;
            }
            let rows = rows_of(read, entry)?;
            visit(&Audited {
                entry,
                private: opening.as_ref().map(|opening| opening.value.as_str()),
                rows: &rows,
            })?;
        }
    }
    lacking.end(community)?;
    if let Some((size, _)) = heads.pop_first() {
        let reason = format!(
            "a signed head covers {size} entries, the record has {}",
            log.size()
        );
        return Err(broken(community, log.size(), reason));
    }
    Ok(Audit {
        community,
        entries: log.size(),
        private_parts,
        heads: u64::try_from(head_count).unwrap_or(u64::MAX),
        root: log.root(),
    })
}

fn replay(log: &mut Frontier, entry: &Entry) -> Result<(), Error> {
    let broken = |reason: String| broken(entry.community, log.size(), reason);
    if entry.position != log.size() {
        return Err(broken(format!(
            "the next entry stored is number {}",
            entry.position
        )));
    }
    let mut next = log.clone();
    next.replay(entry.canonical().leaf_hash(), &entry.nodes)
        .map_err(|error| broken(error.to_string()))?;
    *log = next;
    Ok(())
}

/// The private parts of these entries, opened.
fn openings(
    read: &mut dyn Read,
    vault: &Vault,
    community: CommunityId,
    first: u64,
    last: u64,
) -> Result<HashMap<u64, Opening>, Error> {
    let sealed = store::private_between(read, community, first, last)?;
    let open = |(position, (salt, sealed)): (u64, store::Sealed)| {
        let value = vault.open(community, crate::record::SEALED_FOR, &sealed)?;
        let salt = proof::Salt(salt);
        Ok((position, Opening { salt, value }))
    };
    sealed.into_iter().map(open).collect()
}

/// 1 where the entry's private part opens to its commitment, 0 where there is none.
fn check_private(
    opening: Option<&Opening>,
    entry: &Entry,
    lacking: &mut Lacking,
) -> Result<u64, Error> {
    lacking.erased_by(entry)?;
    let Some(opening) = opening else {
        lacking.note(entry);
        return Ok(0);
    };
    if Some(opening.commitment()) == entry.commitment {
        return Ok(1);
    }
    let reason = "its private part is not what it committed to".to_owned();
    Err(broken(entry.community, entry.position, reason))
}

/// The entries whose private parts are gone and that no entry so far has erased, by subject.
#[derive(Default)]
struct Lacking(HashMap<String, Vec<u64>>);

impl Lacking {
    fn note(&mut self, entry: &Entry) {
        if entry.commitment.is_some() {
            let positions = self.0.entry(entry.subject.clone()).or_default();
            positions.push(entry.position);
        }
    }

    /// An entry that erased says how many private parts of its subject there were before it.
    fn erased_by(&mut self, entry: &Entry) -> Result<(), Error> {
        if !entry.public.contains(ERASED_PARTS) {
            return Ok(());
        }
        let public = entry.public_value()?;
        let Some(erased) = public.get(ERASED_PARTS).and_then(serde_json::Value::as_u64) else {
            return Ok(());
        };
        let gone = self.0.remove(&entry.subject).unwrap_or_default();
        if u64::try_from(gone.len()).is_ok_and(|gone| gone == erased) {
            return Ok(());
        }
        let reason = format!(
            "it erased {erased} private parts about {}, {} are gone",
            entry.subject,
            gone.len()
        );
        Err(broken(entry.community, entry.position, reason))
    }

    fn end(self, community: CommunityId) -> Result<(), Error> {
        let first = self.0.into_values().flatten().min();
        first.map_or(Ok(()), |position| {
            let reason = "its private part is gone, and no entry erased it".to_owned();
            Err(broken(community, position, reason))
        })
    }
}

/// The field of a public part by which a command says that it erased private parts, and how many.
const ERASED_PARTS: &str = "private_parts";

/// The rows that an entry vouches for, if they are the ones that it named.
fn rows_of(read: &mut dyn Read, entry: &Entry) -> Result<Vec<RowPrint>, Error> {
    if !entry.public.contains(crate::record::ROWS) {
        return Ok(Vec::new());
    }
    let public = entry.public_value()?;
    let vouched = public.get(crate::record::ROWS);
    let Some(named) = vouched
        .and_then(|rows| rows.get("sha256"))
        .and_then(serde_json::Value::as_str)
    else {
        return Ok(Vec::new());
    };
    let mut rows = Some(Vec::new());
    for part in store::row_prints(read, entry.community, entry.position)? {
        rows = rows.zip(from_part(&part)).map(|(mut rows, more)| {
            rows.extend(more);
            rows
        });
    }
    rows.filter(|rows| hex(to_parts(rows).1) == named)
        .ok_or_else(|| {
            let reason = "the fingerprints kept of the rows that it wrote are not those it named";
            broken(entry.community, entry.position, reason.to_owned())
        })
}

fn check_head(head: &SignedHead, log: &Frontier, entry: &Entry) -> Result<(), Error> {
    if head.head.root == log.root() {
        return Ok(());
    }
    let reason = "the signed head over the entries up to here has another root".to_owned();
    Err(broken(entry.community, entry.position, reason))
}

/// The kept heads by size, each with a good signature and the community's name.
fn kept_heads(
    read: &mut dyn Read,
    key: &VerifyingKey,
    community: CommunityId,
) -> Result<BTreeMap<u64, SignedHead>, Error> {
    let mut kept = BTreeMap::new();
    for (size, at, checkpoint) in store::heads(read, community)? {
        let signed = SignedHead::from_note(&checkpoint)?;
        let head = signed.verify(key)?;
        if head.size != size
            || head.at_us != at.micros()
            || head.origin != Head::origin_of(*community.uuid().as_bytes())
        {
            let reason = "a kept head speaks of another log, size or time".to_owned();
            return Err(broken(community, size, reason));
        }
        if size > 0 {
            kept.insert(size, signed);
        }
    }
    Ok(kept)
}

fn broken(community: CommunityId, position: u64, reason: String) -> Error {
    Error::Broken {
        community,
        position,
        reason,
    }
}
