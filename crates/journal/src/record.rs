//! Writing an entry: the last step of every command.

use std::collections::HashMap;

use db::{Read, Tx};
use kernel::{Actor, CommunityId, Context, Timestamp};
use proof::{Frontier, Hash, commit, nodes_to_bytes};
use serde_json::{Value, json};

use crate::rows::{Written, hex, to_parts};
use crate::{Error, store};

/// What a command did, as the record will tell it for good.
#[derive(Clone, Debug)]
pub struct Change {
    kind: &'static str,
    subject: String,
    public: Value,
    private: Option<Value>,
}

impl Change {
    /// A change of this kind (`module.thing.done`) to this subject (`thing/ID`).
    pub fn new(kind: &'static str, subject: impl Into<String>) -> Self {
        Self {
            kind,
            subject: subject.into(),
            public: Value::Object(serde_json::Map::new()),
            private: None,
        }
    }

    /// What everyone entitled to the record may read: no personal data.
    #[must_use]
    pub fn public(mut self, public: Value) -> Self {
        self.public = public;
        self
    }

    /// Personal data: committed to by a salted hash, stored sealed, erasable.
    #[must_use]
    pub fn private(mut self, private: Value) -> Self {
        self.private = Some(private);
        self
    }
}

/// Where an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Recorded {
    /// Its place in the community's log, from 0.
    pub position: u64,
    /// The server's time that it carries.
    pub at: Timestamp,
    /// The commitment to its private part, if it has one.
    pub commitment: Option<Hash>,
}

/// The right edge of each community's log, as the lane last left it.
#[derive(Default)]
struct Frontiers(HashMap<CommunityId, Frontier>);

/// How many entries the lane has written; lets `perform` see that a command wrote just one.
#[derive(Default)]
pub(crate) struct EntriesWritten(pub(crate) u64);

/// The purpose under which private parts are sealed.
pub(crate) const SEALED_FOR: &str = "journal.private";

/// The field of a public part that vouches for the rows that the command wrote.
pub(crate) const ROWS: &str = "rows";

/// Appends an entry to the community's journal in the command's transaction.
pub fn record(tx: &mut dyn Tx, ctx: &Context, change: Change) -> Result<Recorded, Error> {
    let mut recorded = record_all(tx, ctx.community, vec![(ctx, change)])?;
    recorded.pop().ok_or(Error::NotOneEntry {
        command: "record",
        entries: 0,
    })
}

/// Appends entries to one community's journal in their order, for commands that run together; where each stands.
pub fn record_all(
    tx: &mut dyn Tx,
    community: CommunityId,
    changes: Vec<(&Context, Change)>,
) -> Result<Vec<Recorded>, Error> {
    let mut frontier = frontier(tx, community)?;
    let mut written = std::mem::take(&mut tx.cache().entry::<Written>().0);
    let (mut entries, mut private_parts) = (Vec::new(), Vec::new());
    let mut recorded = Vec::with_capacity(changes.len());
    for (ctx, mut change) in changes {
        let position = frontier.size();
        if !written.is_empty() {
            // Who writes rows to be vouched for writes one entry: it is the first.
            let prints = std::mem::take(&mut written);
            let (parts, sha256) = to_parts(&prints);
            if let Value::Object(fields) = &mut change.public {
                let sha256 = hex(sha256);
                fields.insert(
                    ROWS.to_owned(),
                    json!({ "count": prints.len(), "sha256": sha256 }),
                );
            }
            store::insert_row_prints(tx, community, position, parts)?;
        }
        let private = change.private.map(|private| private.to_string());
        let salt = ctx.random.next_16();
        let commitment = private
            .as_ref()
            .map(|private| commit(salt, private.as_bytes()));
        let entry = proof::Entry {
            community: *community.uuid().as_bytes(),
            position,
            at_us: ctx.now.micros(),
            actor: *ctx.actor.uuid().as_bytes(),
            kind: change.kind.to_owned(),
            subject: change.subject,
            public: public_part(ctx.actor, change.public).to_string(),
            private_commitment: commitment,
        };
        let nodes = frontier.append(entry.leaf_hash());
        entries.push(store::entry_row(entry, nodes_to_bytes(&nodes)));
        if let Some(private) = private {
            let sealed = ctx
                .vault
                .seal(&ctx.random, community, SEALED_FOR, &private)?;
            private_parts.push(store::private_row(community, position, salt, sealed));
        }
        recorded.push(Recorded {
            position,
            at: ctx.now,
            commitment,
        });
    }
    store::insert_entries(tx, &entries, &private_parts)?;
    let cache = tx.cache();
    cache.entry::<Frontiers>().0.insert(community, frontier);
    cache.entry::<EntriesWritten>().0 += u64::try_from(recorded.len()).unwrap_or(u64::MAX);
    Ok(recorded)
}

/// Whoever acts for an organisation does so in the record too.
fn public_part(actor: Actor, mut public: Value) -> Value {
    if let (
        Actor::Account {
            on_behalf_of: Some(organisation),
            ..
        },
        Value::Object(fields),
    ) = (actor, &mut public)
    {
        fields.insert(
            "on_behalf_of".to_owned(),
            Value::String(organisation.to_string()),
        );
    }
    public
}

fn frontier(tx: &mut dyn Tx, community: CommunityId) -> Result<Frontier, Error> {
    if let Some(frontier) = tx.cache().entry::<Frontiers>().0.get(&community) {
        return Ok(frontier.clone());
    }
    let size = store::size(tx, community)?;
    read_frontier(tx, community, size)
}

/// The frontier of a community's first `size` entries, from their rows.
pub(crate) fn read_frontier<R: Read + ?Sized>(
    read: &mut R,
    community: CommunityId,
    size: u64,
) -> Result<Frontier, Error> {
    Frontier::read(size, &mut store::Nodes { read, community })
}
