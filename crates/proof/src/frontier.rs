//! The right edge of the log: all that must be kept in memory to append to it.

use crate::hash::{Hash, node_hash};
use crate::plan::{MAX_SIZE, frontier_rows, nodes_to_bytes};
use crate::{Error, NodeStore};

/// The roots of the complete subtrees that the log's entries form, largest first: one for every
/// one-bit of the size (a "compact range"). From it follow the root and the next row's nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    roots: Vec<Hash>,
}

impl Frontier {
    /// How many entries the log has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root hash over all entries.
    pub fn root(&self) -> Hash {
        let mut from_the_right = self.roots.iter().rev().copied();
        match from_the_right.next() {
            None => Hash::of_empty_log(),
            Some(last) => from_the_right.fold(last, |right, left| node_hash(left, right)),
        }
    }

    /// Appends an entry and returns the hashes its row keeps: the leaf's own, then each parent
    /// that it completes, upwards.
    pub fn append(&mut self, leaf: Hash) -> Vec<Hash> {
        let mut nodes = vec![leaf];
        let mut top = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.roots.pop() {
                top = node_hash(left, top);
                nodes.push(top);
            }
        }
        self.roots.push(top);
        self.size = self.size.saturating_add(1);
        nodes
    }

    /// Appends an entry that was read back, and compares its row's stored nodes with what they
    /// must be. Replaying every row so proves the whole record.
    ///
    /// # Errors
    /// [`Error::RowAltered`] where the entry or its nodes are not what was appended; the frontier
    /// then stays as it was.
    pub fn replay(&mut self, leaf: Hash, stored_nodes: &[u8]) -> Result<(), Error> {
        let mut next = self.clone();
        if nodes_to_bytes(&next.append(leaf)) != stored_nodes {
            return Err(Error::RowAltered {
                position: self.size,
            });
        }
        *self = next;
        Ok(())
    }

    /// The frontier of the first `size` entries from the nodes that [`frontier_rows`] lists, in
    /// that order.
    ///
    /// # Errors
    /// [`Error::WrongNodeCount`], [`Error::TooLarge`].
    pub fn from_nodes(size: u64, roots: Vec<Hash>) -> Result<Self, Error> {
        if size > MAX_SIZE {
            return Err(Error::TooLarge { size });
        }
        let needed = frontier_rows(size).len();
        if roots.len() != needed {
            return Err(Error::WrongNodeCount {
                needed,
                given: roots.len(),
            });
        }
        Ok(Self { size, roots })
    }

    /// The frontier of the first `size` entries, read from stored rows.
    ///
    /// # Errors
    /// The store's, or [`Error::TooLarge`] by way of `From`.
    pub fn read<S: NodeStore>(size: u64, store: &mut S) -> Result<Self, S::Error>
    where
        S::Error: From<Error>,
    {
        let roots = frontier_rows(size)
            .into_iter()
            .map(|at| store.node(at.position, at.level))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self::from_nodes(size, roots)?)
    }

    /// Size (8 bytes, big-endian) and the roots.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        bytes.extend(nodes_to_bytes(&self.roots));
        bytes
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote.
    ///
    /// # Errors
    /// [`Error::MalformedFrontier`], [`Error::TooLarge`], [`Error::WrongNodeCount`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let (size, roots) = bytes
            .split_first_chunk::<8>()
            .ok_or(Error::MalformedFrontier)?;
        let (roots, rest) = roots.as_chunks::<{ Hash::BYTES }>();
        if !rest.is_empty() {
            return Err(Error::MalformedFrontier);
        }
        Self::from_nodes(
            u64::from_be_bytes(*size),
            roots.iter().map(|root| Hash(*root)).collect(),
        )
    }
}
