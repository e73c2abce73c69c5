//! Counts a made-up vote of 100,000 owners and says how long it took:
//! `cargo run --release --example resolution`.

use std::fmt::Write as _;
use std::time::Instant;

use ballot::resolution::{Requirement, SilenceRule, Thresholds, count, parse_csv, render_text};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut csv = "unit,owner,area_m2,choice\n".to_owned();
    let choices = [
        "for", "for", "for", "against", "silent", "follow", "abstain", "unserved",
    ];
    for (unit, choice) in (0..100_000).zip(choices.iter().cycle()) {
        writeln!(
            csv,
            "{unit},owner {},{}.53,{choice}",
            unit * 9 / 10,
            60 + unit % 80
        )?;
    }
    let thresholds = Thresholds::of_both(
        &Requirement::new("2/3".parse()?, false, "Civil Code 278"),
        &Requirement::new("1/2".parse()?, true, "Civil Code 278"),
    );
    let started = Instant::now();
    let roll = parse_csv(csv.as_bytes())?;
    let read = started.elapsed();
    let outcome = count(&roll.units, &thresholds, SilenceRule::NotCounted)?;
    let counted = started.elapsed().saturating_sub(read);
    print!(
        "{}",
        render_text(&outcome)
            .lines()
            .take(16)
            .collect::<Vec<_>>()
            .join("\n")
    );
    println!(
        "\n{} units read in {read:?}, counted in {counted:?}",
        roll.units.len()
    );
    Ok(())
}
