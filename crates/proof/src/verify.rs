//! Checking proofs, as a stranger would: from hashes alone (RFC 9162 §2.1.3.2 and §2.1.4.2).

use crate::Error;
use crate::hash::{Hash, node_hash};

/// Checks that `leaf` is entry `index` of the log of `size` entries whose root is `root`.
///
/// # Errors
/// [`Error::NoSuchEntry`] if `index` is not below `size`, else [`Error::NotIncluded`].
pub fn verify_inclusion(
    leaf: Hash,
    index: u64,
    size: u64,
    root: Hash,
    proof: &[Hash],
) -> Result<(), Error> {
    if index >= size {
        return Err(Error::NoSuchEntry { index, size });
    }
    let not_included = Error::NotIncluded { index, size };
    let (mut node, mut last) = (index, size - 1);
    let mut hash = leaf;
    for sibling in proof {
        if last == 0 {
            return Err(not_included);
        }
        if is_right(node) || node == last {
            hash = node_hash(*sibling, hash);
            climb_to_right_child(&mut node, &mut last);
        } else {
            hash = node_hash(hash, *sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    if last == 0 && hash == root {
        Ok(())
    } else {
        Err(not_included)
    }
}

/// Checks that the log of `to` entries with root `to_root` only added to the log of `from`
/// entries with root `from_root`.
///
/// # Errors
/// [`Error::NoSuchHead`] if `from` exceeds `to`, else [`Error::Inconsistent`].
pub fn verify_consistency(
    from: u64,
    from_root: Hash,
    to: u64,
    to_root: Hash,
    proof: &[Hash],
) -> Result<(), Error> {
    if from > to {
        return Err(Error::NoSuchHead { from, to });
    }
    let holds = if from == to {
        proof.is_empty() && from_root == to_root
    } else if from == 0 {
        proof.is_empty() && from_root == Hash::of_empty_log()
    } else {
        roots_of(from, from_root, to, proof) == Some((from_root, to_root))
    };
    if holds {
        Ok(())
    } else {
        Err(Error::Inconsistent { from, to })
    }
}

/// The old and the new root that a consistency proof leads to, for 0 < `from` < `to`.
fn roots_of(from: u64, from_root: Hash, to: u64, proof: &[Hash]) -> Option<(Hash, Hash)> {
    let (mut node, mut last) = (from - 1, to - 1);
    while is_right(node) {
        (node, last) = (node >> 1, last >> 1);
    }
    let (start, rest) = if from.is_power_of_two() {
        (from_root, proof)
    } else {
        split_first(proof)?
    };
    let (mut old, mut new) = (start, start);
    for sibling in rest {
        if last == 0 {
            return None;
        }
        if is_right(node) || node == last {
            old = node_hash(*sibling, old);
            new = node_hash(*sibling, new);
            climb_to_right_child(&mut node, &mut last);
        } else {
            new = node_hash(new, *sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    (last == 0).then_some((old, new))
}

fn split_first(proof: &[Hash]) -> Option<(Hash, &[Hash])> {
    proof.split_first().map(|(first, rest)| (*first, rest))
}

fn is_right(node: u64) -> bool {
    node & 1 == 1
}

/// Skips the levels on which the right edge has no sibling.
fn climb_to_right_child(node: &mut u64, last: &mut u64) {
    while !is_right(*node) && *node != 0 {
        (*node, *last) = (*node >> 1, *last >> 1);
    }
}
