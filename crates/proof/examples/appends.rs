//! How many entries a second one core appends, and proves: `cargo run --release --example appends`.

use std::time::Instant;

use proof::{Frontier, Hash, NodeAt, inclusion_plan, leaf_hash, node_hash, verify_inclusion};

const ENTRIES: u32 = 1_000_000;
const PROOFS: u32 = 100_000;

fn main() -> Result<(), proof::Error> {
    let entry = [7_u8; 300];
    let started = Instant::now();
    let mut log = Frontier::default();
    let rows: Vec<Vec<Hash>> = (0..ENTRIES)
        .map(|_| log.append(leaf_hash(&entry)))
        .collect();
    report("appends of 300 bytes", ENTRIES, started);

    let started = Instant::now();
    let (size, root, leaf) = (log.size(), log.root(), leaf_hash(&entry));
    for index in (0..u64::from(ENTRIES)).step_by(10) {
        let plan = inclusion_plan(index, size)?;
        let hashes: Vec<Hash> = plan
            .nodes()
            .iter()
            .filter_map(|node| stored(&rows, *node))
            .collect();
        verify_inclusion(leaf, index, size, root, &plan.proof(&hashes)?)?;
    }
    report("inclusion proofs, made and verified", PROOFS, started);
    println!("root {root}, hash of a pair {}", node_hash(root, root));
    Ok(())
}

fn stored(rows: &[Vec<Hash>], at: NodeAt) -> Option<Hash> {
    let nodes = rows.get(usize::try_from(at.position).ok()?)?;
    nodes.get(usize::try_from(at.level).ok()?).copied()
}

fn report(what: &str, count: u32, started: Instant) {
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{what}: {count} in {seconds:.2} s, {:.0} a second",
        f64::from(count) / seconds
    );
}
