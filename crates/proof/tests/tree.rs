//! The tree against RFC 6962's published vectors and against an independent implementation.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use common::Log;
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proof::{
    Error, Frontier, Hash, MAX_SIZE, consistency_plan, frontier_rows, inclusion_plan, leaf_hash,
    verify_consistency, verify_inclusion,
};
use proptest::prelude::*;
use sha2::Sha256;

/// Leaves and roots of certificate-transparency's reference implementation.
const VECTORS: [(&str, &str); 8] = [
    (
        "",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    ),
    (
        "00",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    ),
    (
        "10",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    ),
    (
        "2021",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (
        "3031",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    ),
    (
        "40414243",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    ),
    (
        "5051525354555657",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    ),
    (
        "606162636465666768696a6b6c6d6e6f",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ),
];
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const SIZES: u64 = 130;

fn unhex(text: &str) -> Vec<u8> {
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

fn hash(text: &str) -> Hash {
    Hash::from_slice(&unhex(text)).unwrap()
}

fn leaf(index: u64) -> Hash {
    leaf_hash(&index.to_be_bytes())
}

#[test]
fn roots_equal_the_published_vectors() {
    let mut frontier = Frontier::default();
    assert_eq!(frontier.root(), hash(EMPTY));
    for (bytes, root) in VECTORS {
        frontier.append(leaf_hash(&unhex(bytes)));
        assert_eq!(frontier.root(), hash(root), "at size {}", frontier.size());
    }
}

#[test]
fn proofs_equal_the_published_vectors() {
    let mut log = Log::of(VECTORS.map(|(bytes, _)| leaf_hash(&unhex(bytes))));
    let path = [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ];
    assert_eq!(log.inclusion(5, 8), path.map(hash));
    let path = [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ];
    assert_eq!(log.consistency(6, 8), path.map(hash));
}

#[test]
fn every_proof_up_to_130_entries_equals_the_oracles_and_verifies() {
    let mut log = Log::of((0..SIZES).map(leaf));
    let mut oracle = MemoryBackedTree::<Sha256, [u8; 8]>::new();
    for size in 1..=SIZES {
        oracle.push((size - 1).to_be_bytes());
        let root = log.root(size);
        assert_eq!(root.as_bytes()[..], oracle.root().as_bytes()[..]);
        for index in 0..size {
            let ours = log.inclusion(index, size);
            let theirs = oracle.prove_inclusion(usize::try_from(index).unwrap());
            assert_eq!(proof::nodes_to_bytes(&ours), theirs.as_bytes());
            verify_inclusion(leaf(index), index, size, root, &ours).unwrap();
        }
        for from in 1..size {
            let ours = log.consistency(from, size);
            let theirs = oracle.prove_consistency(usize::try_from(size - from).unwrap());
            assert_eq!(proof::nodes_to_bytes(&ours), theirs.as_bytes());
            let from_root = log.root(from);
            verify_consistency(from, from_root, size, root, &ours).unwrap();
        }
    }
}

#[test]
fn no_other_index_verifies_with_a_proof() {
    let mut log = Log::of((0..70).map(leaf));
    for size in 2..=70 {
        let root = log.root(size);
        for index in 0..size {
            let path = log.inclusion(index, size);
            for other in (0..size + 2).filter(|other| *other != index) {
                assert!(verify_inclusion(leaf(index), other, size, root, &path).is_err());
                assert!(verify_inclusion(leaf(other), index, size, root, &path).is_err());
            }
        }
    }
}

#[test]
fn a_frontier_is_rebuilt_from_the_rows_and_from_bytes() {
    let mut log = Log::default();
    for size in 0..=SIZES {
        assert_eq!(Frontier::read(size, &mut log).unwrap(), log.frontier);
        assert_eq!(
            Frontier::from_bytes(&log.frontier.to_bytes()).unwrap(),
            log.frontier
        );
        log.append(leaf(size));
    }
}

#[test]
fn replaying_the_rows_finds_the_altered_one() {
    let log = Log::of((0..20).map(leaf));
    let mut rows = log.rows.clone();
    rows[12][0] ^= 1;
    let mut replayed = Frontier::default();
    let first_error = (0..20)
        .zip(&rows)
        .find_map(|(position, nodes)| replayed.replay(leaf(position), nodes).err());
    assert!(matches!(
        first_error,
        Some(Error::RowAltered { position: 12 })
    ));
    assert_eq!(replayed.size(), 12);
}

#[test]
fn impossible_requests_are_errors() {
    assert!(matches!(
        inclusion_plan(5, 5),
        Err(Error::NoSuchEntry { index: 5, size: 5 })
    ));
    assert!(matches!(
        inclusion_plan(0, u64::MAX),
        Err(Error::TooLarge { .. })
    ));
    assert!(matches!(
        consistency_plan(6, 5),
        Err(Error::NoSuchHead { from: 6, to: 5 })
    ));
    let plan = inclusion_plan(0, 5).unwrap();
    assert!(matches!(plan.proof(&[]), Err(Error::WrongNodeCount { .. })));
    assert_eq!(
        inclusion_plan(MAX_SIZE - 1, MAX_SIZE)
            .unwrap()
            .nodes()
            .len(),
        62
    );
    assert!(frontier_rows(u64::MAX).is_empty());
}

proptest! {
    #[test]
    fn any_flipped_bit_fails(size in 1..130_u64, at in any::<prop::sample::Index>(), bit in 0..256_usize, which in any::<prop::sample::Index>()) {
        let mut log = Log::of((0..size).map(leaf));
        let index = u64::try_from(at.index(usize::try_from(size).unwrap())).unwrap();
        let mut hashes = log.inclusion(index, size);
        hashes.push(leaf(index));
        hashes.push(log.root(size));
        let altered = which.index(hashes.len());
        hashes[altered].0[bit / 8] ^= 1 << (bit % 8);
        let (root, leaf) = (hashes.pop().unwrap(), hashes.pop().unwrap());
        prop_assert!(verify_inclusion(leaf, index, size, root, &hashes).is_err());
    }

    #[test]
    fn any_flipped_bit_in_a_consistency_proof_fails(from in 1..130_u64, more in 1..130_u64, bit in 0..256_usize, which in any::<prop::sample::Index>()) {
        let mut log = Log::of((0..from + more).map(leaf));
        let to = from + more;
        let mut hashes = log.consistency(from, to);
        hashes.push(log.root(from));
        hashes.push(log.root(to));
        let altered = which.index(hashes.len());
        hashes[altered].0[bit / 8] ^= 1 << (bit % 8);
        let (to_root, from_root) = (hashes.pop().unwrap(), hashes.pop().unwrap());
        prop_assert!(verify_consistency(from, from_root, to, to_root, &hashes).is_err());
    }

    #[test]
    fn a_longer_or_shorter_proof_fails(from in 1..130_u64, more in 1..130_u64) {
        let to = from + more;
        let mut log = Log::of((0..to).map(leaf));
        let (old, new) = (log.root(from), log.root(to));
        let mut proof = log.consistency(from, to);
        proof.push(old);
        prop_assert!(verify_consistency(from, old, to, new, &proof).is_err());
        proof.truncate(proof.len().saturating_sub(2));
        prop_assert!(verify_consistency(from, old, to, new, &proof).is_err());
        let mut path = log.inclusion(from, to);
        path.push(new);
        prop_assert!(verify_inclusion(leaf(from), from, to, new, &path).is_err());
        path.truncate(path.len() - 2);
        prop_assert!(verify_inclusion(leaf(from), from, to, new, &path).is_err());
    }

    #[test]
    fn plans_read_one_node_a_row(size in 1..=MAX_SIZE, at in any::<u64>(), from in any::<u64>()) {
        for plan in [inclusion_plan(at % size, size)?, consistency_plan(from % size, size)?] {
            let mut rows: Vec<u64> = plan.nodes().iter().map(|node| node.position).collect();
            rows.sort_unstable();
            rows.dedup();
            prop_assert_eq!(rows.len(), plan.nodes().len());
            for node in plan.nodes() {
                prop_assert!(node.position < size);
                prop_assert!(node.level <= node.position.trailing_ones());
            }
        }
    }

    #[test]
    fn arbitrary_proofs_and_frontiers_never_panic(index in any::<u64>(), size in any::<u64>(), from in any::<u64>(), bytes in prop::collection::vec(any::<u8>(), 0..4000)) {
        let hashes: Vec<Hash> = bytes.chunks(32).filter_map(Hash::from_slice).collect();
        prop_assert!(verify_inclusion(leaf(0), index, size, leaf(1), &hashes).is_err());
        prop_assert!(verify_consistency(from, leaf(0), size, leaf(1), &hashes).is_err());
        if let Ok(frontier) = Frontier::from_bytes(&bytes) {
            prop_assert_eq!(frontier.to_bytes(), bytes);
        }
    }
}
