//! Tallies Pabulib files and says how long it took: `cargo run --release --example tally FILE.pb [RULE]`.

use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("name a file")?;
    let rule = arguments.next().map(|rule| rule.parse()).transpose()?;
    let bytes = std::fs::read(path)?;
    let started = Instant::now();
    let election = ballot::pabulib::parse(&bytes)?;
    let parsed = started.elapsed();
    let tally = ballot::pabulib::tally(&election, rule)?;
    let tallied = started.elapsed();
    print!("{tally}");
    let mut official = election.official_winners();
    let mut ours: Vec<&str> = tally.selected.iter().map(String::as_str).collect();
    official.sort_unstable();
    ours.sort_unstable();
    println!(
        "official winners: {}",
        if official == ours {
            "the same"
        } else {
            "others, or none given"
        }
    );
    println!(
        "read in {parsed:?}, tallied in {:?}",
        tallied.saturating_sub(parsed)
    );
    Ok(())
}
