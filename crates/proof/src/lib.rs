//! The Merkle log under a community's journal: whoever holds a receipt can prove, offline, that
//! their entry stands in the published record and that nothing before it was changed.
//!
//! Hashing follows RFC 6962 §2.1 (SHA-256, `0x00` before a leaf, `0x01` before a node); signed
//! heads are [C2SP checkpoints](https://c2sp.org/tlog-checkpoint) in
//! [signed notes](https://c2sp.org/signed-note), so other people's tools read them.
//!
//! **Storage.** The row of entry *n* keeps the hashes of every complete subtree that leaf *n*
//! finishes: its leaf hash first, then each parent. A [`Frontier`] in memory makes them; plans
//! ([`inclusion_plan`], [`consistency_plan`]) say which of them a proof needs.
//!
//! ```
//! use proof::{Frontier, NodeAt, inclusion_plan, leaf_hash, node_in_row, nodes_to_bytes, verify_inclusion};
//!
//! let mut log = Frontier::default();
//! let rows: Vec<Vec<u8>> = ["first", "second", "third"]
//!     .map(|entry| nodes_to_bytes(&log.append(leaf_hash(entry.as_bytes()))))
//!     .to_vec();
//!
//! let plan = inclusion_plan(1, log.size())?;
//! let hashes: Option<Vec<_>> = plan
//!     .nodes()
//!     .iter()
//!     .map(|NodeAt { position, level }| node_in_row(&rows[*position as usize], *level))
//!     .collect();
//! let proof = plan.proof(&hashes.unwrap())?;
//! verify_inclusion(leaf_hash(b"second"), 1, log.size(), log.root(), &proof)?;
//! # Ok::<(), proof::Error>(())
//! ```
//!
//! No I/O, no clock, no randomness: seeds, salts and times are passed in. No input panics.

mod commitment;
mod entry;
mod error;
mod frontier;
mod hash;
mod head;
mod key;
mod plan;
mod receipt;
mod verify;
mod verify_receipt;

pub use commitment::{Opening, Salt, commit};
pub use entry::{Entry, id_text};
pub use error::Error;
pub use frontier::Frontier;
pub use hash::{Hash, leaf_hash, node_hash};
pub use head::{Head, HeadSignature, SignedHead};
pub use key::{SigningKey, VerifyingKey};
pub use plan::{
    MAX_SIZE, NodeAt, NodeStore, ProofPlan, consistency_plan, frontier_rows, inclusion_plan,
    node_in_row, nodes_to_bytes,
};
pub use receipt::{ConsistencyProof, HEAD_FORMAT, HeadFile, RECEIPT_FORMAT, Receipt};
pub use verify::{verify_consistency, verify_inclusion};
pub use verify_receipt::{Verified, verify_receipt};
