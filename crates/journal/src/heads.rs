//! Proving the record: signed heads, receipts, and the audit that replays everything.

use std::collections::BTreeMap;

use db::{Read, Tx};
use kernel::{CommunityId, Timestamp, Vault};
use proof::{
    ConsistencyProof, Frontier, Head, HeadFile, Receipt, SignedHead, SigningKey, VerifyingKey,
    consistency_plan, inclusion_plan,
};

use crate::record::read_frontier;
use crate::{Entry, Error, Journal, entries, entry, private_part, store};

/// How many entries the audit reads at once.
const AUDIT_BATCH: u32 = 1024;

/// Signs and keeps the head of a community's journal as it stands; answers the newest kept one if nothing was added.
pub fn publish_head(
    tx: &mut dyn Tx,
    signer: &SigningKey,
    community: CommunityId,
    now: Timestamp,
) -> Result<SignedHead, Error> {
    let size = store::size(tx, community)?;
    if let Some(head) = latest_head(tx, community)?.filter(|latest| latest.head.size == size) {
        return Ok(head);
    }
    let frontier = read_frontier(tx, community, size)?;
    let head = Head {
        origin: Head::origin_of(*community.uuid().as_bytes()),
        size,
        root: frontier.root(),
        at_us: now.micros(),
    };
    let signed = head.sign(signer);
    store::insert_head(tx, community, size, now, signed.to_note())?;
    Ok(signed)
}

/// The newest head with the proofs that it continues the logs of the sizes asked for.
pub fn head_file(
    read: &mut dyn Read,
    key: VerifyingKey,
    community: CommunityId,
    from: &[u64],
) -> Result<HeadFile, Error> {
    let head = latest_head(read, community)?.ok_or(Error::NoSuchEntry { position: 0 })?;
    let size = head.head.size;
    let consistency = from
        .iter()
        .copied()
        .filter(|from| (1..size).contains(from))
        .map(|from| {
            let hashes =
                consistency_plan(from, size)?.read(&mut store::Nodes { read, community })?;
            Ok(ConsistencyProof { from, hashes })
        })
        .collect::<Result<_, Error>>()?;
    Ok(HeadFile::new(&head, key, consistency))
}

/// The receipt of an entry under the newest kept head, or `None` if that head is older than the entry. With a vault,
/// the private part goes in: only for the person whose it is.
pub fn receipt(
    read: &mut dyn Read,
    community: CommunityId,
    position: u64,
    vault: Option<&Vault>,
) -> Result<Option<Receipt>, Error> {
    let found = entry(read, community, position)?;
    let Some(head) = latest_head(read, community)?.filter(|head| head.head.size > position) else {
        return Ok(None);
    };
    let plan = inclusion_plan(position, head.head.size)?;
    let inclusion = plan.read(&mut store::Nodes { read, community })?;
    let opening = match vault {
        Some(vault) => private_part(read, vault, community, position)?,
        None => None,
    };
    Ok(Some(Receipt::new(
        &found.canonical(),
        opening,
        inclusion,
        head,
    )?))
}

impl Journal {
    /// The receipt of an entry; signs a new head first where the newest is older than the entry.
    pub async fn receipt(
        &self,
        community: CommunityId,
        position: u64,
        vault: Option<Vault>,
        now: Timestamp,
    ) -> Result<Receipt, Error> {
        let again = vault.clone();
        let ready = self
            .database()
            .read(move |read| receipt(read, community, position, vault.as_ref()))
            .await?;
        if let Some(receipt) = ready {
            return Ok(receipt);
        }
        self.publish_head(community, now).await?;
        self.database()
            .read(move |read| receipt(read, community, position, again.as_ref()))
            .await?
            .ok_or(Error::NoSuchEntry { position })
    }

    /// Signs and keeps the head of a community's journal as it stands.
    pub async fn publish_head(
        &self,
        community: CommunityId,
        now: Timestamp,
    ) -> Result<SignedHead, Error> {
        let signer = self.signer.clone();
        self.database()
            .write(community, move |tx| {
                publish_head(tx, &signer, community, now)
            })
            .await
    }

    /// The head file that anyone entitled may download, with proofs from the sizes asked for.
    pub async fn head_file(
        &self,
        community: CommunityId,
        from: Vec<u64>,
        now: Timestamp,
    ) -> Result<HeadFile, Error> {
        self.publish_head(community, now).await?;
        let key = self.signer.verifying_key();
        self.database()
            .read(move |read| head_file(read, key, community, &from))
            .await
    }
}

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

/// Replays a community's whole journal: every entry against its stored nodes, every private part against its
/// commitment, every kept head against the log and the key. `visit` sees each entry on the way, so that a module can
/// compare its tables with what the record says.
pub fn audit(
    read: &mut dyn Read,
    vault: &Vault,
    key: &VerifyingKey,
    community: CommunityId,
    visit: &mut dyn FnMut(&Entry) -> Result<(), Error>,
) -> Result<Audit, Error> {
    let mut heads = kept_heads(read, key, community)?;
    let head_count = heads.len();
    let mut log = Frontier::default();
    let mut private_parts = 0;
    loop {
        let batch = entries(read, community, log.size(), AUDIT_BATCH)?;
        if batch.is_empty() {
            break;
        }
        for entry in &batch {
            replay(&mut log, entry)?;
            private_parts += check_private(read, vault, entry)?;
            if let Some(head) = heads.remove(&log.size()) {
                check_head(&head, &log, entry)?;
            }
            visit(entry)?;
        }
    }
    if let Some((size, _)) = heads.pop_first() {
        let reason = format!(
            "a signed head covers {size} entries, the record has {}",
            log.size()
        );
        return Err(Error::Broken {
            community,
            position: log.size(),
            reason,
        });
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
    let broken = |reason: String| Error::Broken {
        community: entry.community,
        position: log.size(),
        reason,
    };
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

/// 1 where the entry's private part opens to its commitment, 0 where there is none or it was erased.
fn check_private(read: &mut dyn Read, vault: &Vault, entry: &Entry) -> Result<u64, Error> {
    let opening = private_part(read, vault, entry.community, entry.position)?;
    let opened = opening.map(|opening| opening.commitment());
    if opened.is_some() && opened != entry.commitment {
        return Err(Error::Broken {
            community: entry.community,
            position: entry.position,
            reason: "its private part is not what it committed to".to_owned(),
        });
    }
    Ok(u64::from(opened.is_some()))
}

fn check_head(head: &SignedHead, log: &Frontier, entry: &Entry) -> Result<(), Error> {
    if head.head.root == log.root() {
        return Ok(());
    }
    Err(Error::Broken {
        community: entry.community,
        position: entry.position,
        reason: "the signed head over the entries up to here has another root".to_owned(),
    })
}

/// The kept heads by size, each with a good signature and the community's name.
fn kept_heads(
    read: &mut dyn Read,
    key: &VerifyingKey,
    community: CommunityId,
) -> Result<BTreeMap<u64, SignedHead>, Error> {
    let mut kept = BTreeMap::new();
    for (size, checkpoint) in store::heads(read, community)? {
        let signed = SignedHead::from_note(&checkpoint)?;
        let head = signed.verify(key)?;
        if head.size != size || head.origin != Head::origin_of(*community.uuid().as_bytes()) {
            let reason = "a kept head speaks of another log or size".to_owned();
            return Err(Error::Broken {
                community,
                position: size,
                reason,
            });
        }
        if size > 0 {
            kept.insert(size, signed);
        }
    }
    Ok(kept)
}

fn latest_head(read: &mut dyn Read, community: CommunityId) -> Result<Option<SignedHead>, Error> {
    store::latest_head(read, community)?
        .map(|(_, checkpoint)| Ok(SignedHead::from_note(&checkpoint)?))
        .transpose()
}
