//! The newest entries of the record, a page at a time.

use std::collections::BTreeMap;

use db::Read;
use journal::Entry;
use kernel::Context;

use crate::held::Held;
use crate::{Error, Kinds, READ};

/// How many entries a page shows.
const PAGE: usize = 50;
/// How many entries are read at once.
const BATCH: u32 = 250;
/// How many batches one page looks through; a filter that finds little goes on from there on the next page.
const MAX_BATCHES: u32 = 20;

/// Some entries, newest first.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The entries.
    pub entries: Vec<Entry>,
    /// Where older ones go on: entries before this position, if there are any.
    pub older: Option<u64>,
}

/// The newest entries of these kinds, those that are held back as such, before a position; the size of the log for the very newest.
pub fn newest(
    read: &mut dyn Read,
    ctx: &Context,
    kinds: &Kinds,
    before: u64,
) -> Result<Page, Error> {
    ctx.require(READ)?;
    let held = Held::at(read, ctx.community, ctx.now)?;
    let mut page = Page {
        entries: Vec::new(),
        older: Some(before).filter(|before| *before > 0),
    };
    for _ in 0..MAX_BATCHES {
        let Some(end) = page.older else { break };
        take_batch(read, ctx, (kinds, &held), end, &mut page)?;
        if page.entries.len() >= PAGE {
            break;
        }
    }
    Ok(page)
}

/// Adds what fits of the batch that ends before `end`, and moves the page's end there.
fn take_batch(
    read: &mut dyn Read,
    ctx: &Context,
    (kinds, held): (&Kinds, &Held),
    end: u64,
    page: &mut Page,
) -> Result<(), Error> {
    let start = end.saturating_sub(u64::from(BATCH));
    let mut batch = journal::entries(read, ctx.community, start, BATCH)?;
    batch.retain(|entry| entry.position < end);
    page.older = Some(start).filter(|start| *start > 0);
    for entry in batch.iter().rev().map(|entry| held.shown(entry)) {
        if !kinds.take(&entry.kind) {
            continue;
        }
        if page.entries.len() == PAGE {
            page.older = page.entries.last().map(|last| last.position);
            return Ok(());
        }
        page.entries.push(entry);
    }
    Ok(())
}

/// The names of the organisations that someone may have acted for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Organisations(BTreeMap<String, String>);

impl Organisations {
    /// Those of the community and of the city.
    pub(crate) fn of_community(read: &mut dyn Read, ctx: &Context) -> Result<Self, Error> {
        let known = identity::queries::organisations(read, ctx).map_err(|error| Error::Shown {
            reason: error.to_string(),
        })?;
        let named = known.into_iter().map(|one| (one.id.to_string(), one.name));
        Ok(Self(named.collect()))
    }

    /// The organisation that an entry was written for.
    pub(crate) fn of(&self, entry: &Entry) -> Option<&str> {
        let public = entry.public_value().ok()?;
        let id = public.get("on_behalf_of")?.as_str()?;
        self.0.get(id).map(String::as_str)
    }
}
