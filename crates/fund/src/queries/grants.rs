//! Grants with their tranches, reviews and evidence.

use db::Read;
use journal::Entry;
use kernel::Context;

use super::entries::{ENTRIES, FileView, files};
use crate::Error;
use crate::commands::grant_subject;
use crate::model::{GrantId, Purse, READ, TrancheId, VoucherId};
use crate::store::{self, Grant, Review, Tranche};

/// A tranche with what was shown for it and what paid it.
pub struct TrancheView {
    /// The tranche.
    pub tranche: Tranche,
    /// What was shown.
    pub files: Vec<FileView>,
    /// Of which income it was paid, and how much of each.
    pub sources: Vec<(VoucherId, i64)>,
}

/// A grant as its page shows it.
pub struct GrantView {
    /// The grant.
    pub grant: Grant,
    /// The name of the purpose, where it is one.
    pub purpose: Option<String>,
    /// Its parts.
    pub tranches: Vec<TrancheView>,
    /// What reviewers said, the first first.
    pub reviews: Vec<Review>,
    /// Its entries in the journal, the newest first.
    pub entries: Vec<Entry>,
    /// Whether the actor applied for it.
    pub is_own: bool,
}

impl GrantView {
    /// What was paid, in fen.
    pub fn paid(&self) -> i64 {
        let paid = self.tranches.iter().filter_map(|one| one.tranche.paid);
        paid.sum()
    }

    /// What is held for it, in fen.
    pub fn held(&self) -> i64 {
        if !self.grant.is_running() {
            return 0;
        }
        let unpaid = self
            .tranches
            .iter()
            .filter(|one| one.tranche.paid.is_none());
        unpaid.map(|one| one.tranche.amount).sum()
    }
}

/// Every grant, the newest first.
pub fn grants(read: &mut dyn Read, ctx: &Context) -> Result<Vec<Grant>, Error> {
    ctx.require(READ)?;
    Ok(store::grants(read, ctx.community)?)
}

/// The grant that a tranche belongs to.
pub fn grant_of_tranche(
    read: &mut dyn Read,
    ctx: &Context,
    id: TrancheId,
) -> Result<GrantId, Error> {
    ctx.require(READ)?;
    Ok(store::tranche(read, ctx.community, id)?.grant)
}

/// A grant with everything about it.
pub fn grant(read: &mut dyn Read, ctx: &Context, id: GrantId) -> Result<GrantView, Error> {
    ctx.require(READ)?;
    let grant = store::grant(read, ctx.community, id)?;
    let purpose = match grant.purse {
        Purse::Purpose(purpose) => Some(store::purpose(read, ctx.community, purpose)?.terms.title),
        Purse::General | Purse::Operation => None,
    };
    let mut tranches = Vec::new();
    for tranche in store::tranches(read, ctx.community, id)? {
        let sources = match tranche.posting {
            Some(posting) => book::sources(read, ctx.community, posting)?,
            None => Vec::new(),
        };
        tranches.push(TrancheView {
            files: files(read, ctx, tranche.id.uuid())?,
            sources: sources
                .into_iter()
                .map(|(source, amount)| (VoucherId::from_uuid(source), amount))
                .collect(),
            tranche,
        });
    }
    let subject = grant_subject(id);
    Ok(GrantView {
        purpose,
        tranches,
        reviews: store::reviews(read, ctx.community, id)?,
        entries: journal::history(read, ctx.community, &subject, u64::MAX, ENTRIES)?,
        is_own: ctx.actor.account_id() == Some(grant.account),
        grant,
    })
}
