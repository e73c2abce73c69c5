//! Followers: other modules, read models and webhooks read the journal by position, in order, at least once.

use std::sync::Arc;

use db::{Database, Read, Tx};
use kernel::CommunityId;

use crate::{Entry, Error, entries, store};

/// How many entries a follower takes in one transaction.
const BATCH: u32 = 256;

/// What a follower does with one entry. Its writes and its new position commit together, so what it writes to this
/// database happens once; what leaves the database (a message, a call) may happen again after a crash.
pub type Handle = Arc<dyn Fn(&mut dyn Tx, &Entry) -> Result<(), Error> + Send + Sync>;

/// Someone who reads every community's journal.
#[derive(Clone)]
pub struct Follower {
    /// The name under which the position is kept.
    pub name: &'static str,
    /// What to do with an entry.
    pub handle: Handle,
}

/// Brings a follower up to the end of one community's journal and says how many entries it took.
pub async fn follow_community(
    database: &Database,
    community: CommunityId,
    follower: &Follower,
) -> Result<u64, Error> {
    let mut taken = 0;
    loop {
        let follower = follower.clone();
        let batch = database
            .write(community, move |tx| take_batch(tx, community, &follower))
            .await?;
        taken += batch;
        if batch < u64::from(BATCH) {
            return Ok(taken);
        }
    }
}

fn take_batch(tx: &mut dyn Tx, community: CommunityId, follower: &Follower) -> Result<u64, Error> {
    let from = store::follower_position(tx, community, follower.name)?;
    let batch = entries(tx, community, from, BATCH)?;
    let Some(last) = batch.last() else {
        return Ok(0);
    };
    for entry in &batch {
        (follower.handle)(tx, entry)?;
    }
    store::move_follower(tx, community, follower.name, last.position + 1)?;
    Ok(u64::try_from(batch.len()).unwrap_or(u64::from(BATCH)))
}

impl crate::Journal {
    /// Every community that has a journal.
    pub async fn communities(&self) -> Result<Vec<CommunityId>, Error> {
        self.database()
            .read(|read: &mut dyn Read| Ok(store::communities(read)?))
            .await
    }

    /// Keeps followers up to date until the future is dropped: at once for what is written through this journal, and
    /// every `poll` for what another process wrote.
    pub async fn run_followers(&self, followers: Vec<Follower>, poll: std::time::Duration) {
        let mut written = self.watch();
        loop {
            match self.communities().await {
                Ok(communities) => {
                    for community in communities {
                        self.follow_all(community, &followers).await;
                    }
                }
                Err(error) => tracing::error!(%error, "followers can't list the communities"),
            }
            let pause = tokio::time::sleep(poll);
            tokio::pin!(pause);
            loop {
                tokio::select! {
                    () = &mut pause => break,
                    next = written.recv() => match next {
                        Ok(community) => self.follow_all(community, &followers).await,
                        Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => break,
                        Err(tokio::sync::broadcast::error::RecvError::Closed) => return,
                    },
                }
            }
        }
    }

    async fn follow_all(&self, community: CommunityId, followers: &[Follower]) {
        for follower in followers {
            if let Err(error) = follow_community(self.database(), community, follower).await {
                tracing::error!(%error, %community, follower = follower.name, "a follower stopped; it will try again");
            }
        }
    }
}
