//! Proving the record to others: signed heads and receipts.

use db::{Read, Tx};
use kernel::{CommunityId, Timestamp, Vault};
use proof::{
    ConsistencyProof, Head, HeadFile, Receipt, SignedHead, SigningKey, VerifyingKey,
    consistency_plan, inclusion_plan,
};

use crate::record::read_frontier;
use crate::{Error, Journal, entry, private_part, store};

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

fn latest_head(read: &mut dyn Read, community: CommunityId) -> Result<Option<SignedHead>, Error> {
    store::latest_head(read, community)?
        .map(|(_, checkpoint)| Ok(SignedHead::from_note(&checkpoint)?))
        .transpose()
}
