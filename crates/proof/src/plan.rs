//! Which stored nodes a proof needs, and the proof made from them.
//!
//! The complete subtree of height `level` that ends with entry `position` is stored in that
//! entry's row, in slot `level`. Every other subtree is a chain of such ones on the right edge.

use crate::Error;
use crate::hash::{Hash, node_hash};

/// The most entries a log can have; far from what a community writes, near enough to keep sums
/// within 64 bits.
pub const MAX_SIZE: u64 = 1 << 62;

/// Where a stored node stands: in the row of entry `position`, slot `level` (0 is the leaf hash).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeAt {
    /// The entry whose row keeps the node: the last one under it.
    pub position: u64,
    /// Height of the subtree: it covers 2^level entries.
    pub level: u32,
}

/// Something that can read stored nodes: a table of rows, or a list in a test.
pub trait NodeStore {
    /// What reading may fail with.
    type Error;

    /// The node in slot `level` of the row of entry `position`; see [`node_in_row`].
    fn node(&mut self, position: u64, level: u32) -> Result<Hash, Self::Error>;
}

/// A proof's recipe: the stored nodes to read, and how they combine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofPlan {
    nodes: Vec<NodeAt>,
    /// How many of `nodes`, in order, make up each hash of the proof.
    parts: Vec<usize>,
}

/// The plan of the proof that entry `index` is in the log of `size` entries (RFC 6962 §2.1.1).
///
/// # Errors
/// [`Error::NoSuchEntry`] if `index` is not below `size`; [`Error::TooLarge`].
pub fn inclusion_plan(index: u64, size: u64) -> Result<ProofPlan, Error> {
    check_size(size)?;
    if index >= size {
        return Err(Error::NoSuchEntry { index, size });
    }
    let (mut low, mut high) = (0, size);
    let mut siblings = Vec::new();
    while high - low > 1 {
        let middle = low + split(high - low);
        if index < middle {
            siblings.push((middle, high));
            high = middle;
        } else {
            siblings.push((low, middle));
            low = middle;
        }
    }
    Ok(ProofPlan::of_upward(siblings))
}

/// The plan of the proof that the log of `to` entries continues the log of its first `from`
/// (RFC 6962 §2.1.2). Empty where `from` is 0 or equals `to`.
///
/// # Errors
/// [`Error::NoSuchHead`] if `from` exceeds `to`; [`Error::TooLarge`].
pub fn consistency_plan(from: u64, to: u64) -> Result<ProofPlan, Error> {
    check_size(to)?;
    if from > to {
        return Err(Error::NoSuchHead { from, to });
    }
    if from == 0 {
        return Ok(ProofPlan::of_upward(Vec::new()));
    }
    let (mut low, mut high) = (0, to);
    let mut siblings = Vec::new();
    while high != from {
        let middle = low + split(high - low);
        if from <= middle {
            siblings.push((middle, high));
            high = middle;
        } else {
            siblings.push((low, middle));
            low = middle;
        }
    }
    // The verifier knows the whole old root, so it is left out where it is itself a subtree.
    if low != 0 {
        siblings.push((low, high));
    }
    Ok(ProofPlan::of_upward(siblings))
}

/// The nodes that make up the [`Frontier`](crate::Frontier) of the first `size` entries, largest
/// subtree first. Empty for sizes beyond [`MAX_SIZE`].
pub fn frontier_rows(size: u64) -> Vec<NodeAt> {
    if size > MAX_SIZE {
        return Vec::new();
    }
    complete_subtrees(0, size)
}

/// A row's nodes as they are stored: the hashes one after the other.
pub fn nodes_to_bytes(nodes: &[Hash]) -> Vec<u8> {
    nodes.iter().flat_map(|node| node.0).collect()
}

/// The node in slot `level` of a row's stored nodes, if the row is that long.
pub fn node_in_row(nodes: &[u8], level: u32) -> Option<Hash> {
    let (hashes, _) = nodes.as_chunks::<{ Hash::BYTES }>();
    hashes
        .get(usize::try_from(level).ok()?)
        .map(|hash| Hash(*hash))
}

impl ProofPlan {
    /// The stored nodes to read, each in a different row, in the order that
    /// [`proof`](Self::proof) wants them.
    pub fn nodes(&self) -> &[NodeAt] {
        &self.nodes
    }

    /// The proof from the hashes of [`nodes`](Self::nodes), in that order.
    ///
    /// # Errors
    /// [`Error::WrongNodeCount`].
    pub fn proof(&self, hashes: &[Hash]) -> Result<Vec<Hash>, Error> {
        if hashes.len() != self.nodes.len() {
            return Err(Error::WrongNodeCount {
                needed: self.nodes.len(),
                given: hashes.len(),
            });
        }
        let mut hashes = hashes.iter().copied();
        Ok(self
            .parts
            .iter()
            .filter_map(|part| join(hashes.by_ref().take(*part)))
            .collect())
    }

    /// The proof, with its nodes read from `store`.
    ///
    /// # Errors
    /// The store's.
    pub fn read<S: NodeStore>(&self, store: &mut S) -> Result<Vec<Hash>, S::Error>
    where
        S::Error: From<Error>,
    {
        let hashes = self
            .nodes
            .iter()
            .map(|at| store.node(at.position, at.level))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(self.proof(&hashes)?)
    }

    /// The plan for ranges of entries that were found from the root downwards.
    fn of_upward(mut ranges: Vec<(u64, u64)>) -> Self {
        ranges.reverse();
        let parts: Vec<Vec<NodeAt>> = ranges
            .into_iter()
            .map(|(low, high)| complete_subtrees(low, high))
            .collect();
        Self {
            parts: parts.iter().map(Vec::len).collect(),
            nodes: parts.concat(),
        }
    }
}

/// The largest power of two below `count` (which is at least 2): where RFC 6962 splits a tree.
fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

/// The complete subtrees over entries `low..high`, left to right; `low` is a multiple of the
/// first one's width.
fn complete_subtrees(low: u64, high: u64) -> Vec<NodeAt> {
    let mut start = low;
    let mut subtrees = Vec::new();
    while start < high {
        let level = (high - start).ilog2();
        start += 1 << level;
        subtrees.push(NodeAt {
            position: start - 1,
            level,
        });
    }
    subtrees
}

/// The hash over neighbouring subtrees on a right edge.
fn join(left_to_right: impl Iterator<Item = Hash>) -> Option<Hash> {
    let hashes: Vec<Hash> = left_to_right.collect();
    hashes
        .into_iter()
        .rev()
        .reduce(|right, left| node_hash(left, right))
}

fn check_size(size: u64) -> Result<(), Error> {
    if size > MAX_SIZE {
        Err(Error::TooLarge { size })
    } else {
        Ok(())
    }
}
