//! A log in memory, laid out in rows as the journal table keeps it.
#![allow(dead_code, reason = "each test file uses its part")]

use proof::{
    Entry, Error, Frontier, Hash, Head, NodeStore, SigningKey, consistency_plan, inclusion_plan,
    node_in_row, nodes_to_bytes,
};

/// A community's id.
pub(crate) const COMMUNITY: [u8; 16] = [7; 16];

/// Rows of stored nodes.
#[derive(Default)]
pub(crate) struct Log {
    pub(crate) frontier: Frontier,
    pub(crate) rows: Vec<Vec<u8>>,
}

/// A node that no row has.
#[derive(Debug)]
pub(crate) struct Missing;

impl From<Error> for Missing {
    fn from(_: Error) -> Self {
        Self
    }
}

impl NodeStore for Log {
    type Error = Missing;

    fn node(&mut self, position: u64, level: u32) -> Result<Hash, Missing> {
        let row = usize::try_from(position)
            .ok()
            .and_then(|row| self.rows.get(row));
        row.and_then(|nodes| node_in_row(nodes, level))
            .ok_or(Missing)
    }
}

impl Log {
    /// The log of these leaves.
    pub(crate) fn of(leaves: impl IntoIterator<Item = Hash>) -> Self {
        let mut log = Self::default();
        leaves.into_iter().for_each(|leaf| log.append(leaf));
        log
    }

    /// Appends a row.
    pub(crate) fn append(&mut self, leaf: Hash) {
        let nodes = self.frontier.append(leaf);
        self.rows.push(nodes_to_bytes(&nodes));
    }

    /// The proof that entry `index` is among the first `size`.
    pub(crate) fn inclusion(&mut self, index: u64, size: u64) -> Vec<Hash> {
        inclusion_plan(index, size).unwrap().read(self).unwrap()
    }

    /// The proof that the first `to` entries continue the first `from`.
    pub(crate) fn consistency(&mut self, from: u64, to: u64) -> Vec<Hash> {
        consistency_plan(from, to).unwrap().read(self).unwrap()
    }

    /// The root over the first `size` entries, rebuilt from the rows.
    pub(crate) fn root(&mut self, size: u64) -> Hash {
        Frontier::read(size, self).unwrap().root()
    }

    /// The head over the first `size` entries.
    pub(crate) fn head(&mut self, size: u64) -> Head {
        Head {
            origin: Head::origin_of(COMMUNITY),
            size,
            root: self.root(size),
            at_us: 1,
        }
    }
}

/// The key of these tests.
pub(crate) fn key() -> SigningKey {
    SigningKey::from_seed("linli.example", &[9; 32]).unwrap()
}

/// A vote at `position`.
pub(crate) fn entry(position: u64) -> Entry {
    Entry {
        community: COMMUNITY,
        position,
        at_us: 1_764_000_000_000_000,
        actor: [3; 16],
        kind: "decisions.ballot.cast".to_owned(),
        subject: "决定 2026-1".to_owned(),
        public: r#"{"单元":"3幢2单元501","voted":true}"#.to_owned(),
        private_commitment: None,
    }
}
