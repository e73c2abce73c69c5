//! `cargo xtask bench`: prints the performance table; `--json` prints it for programs.
//!
//! Each line is the median of alternating runs of ours and of the peer or limit, in this process, on this machine.
//! What is timed was checked for equality first. Inputs are pinned by hash.

mod counting;
mod line;
mod process;
mod votes;

use line::{Line, print_json, print_table};

fn main() -> anyhow::Result<()> {
    let json = std::env::args().any(|argument| argument == "--json");
    let mut lines: Vec<Line> = Vec::new();
    for measure in [
        counting::owners,
        counting::lodz,
        counting::decisions,
        votes::through_http,
        process::start,
    ] {
        match measure() {
            Ok(measured) => lines.extend(measured),
            Err(error) => eprintln!("not measured: {error:#}"),
        }
    }
    if json {
        return print_json(&lines);
    }
    print_table(&lines);
    Ok(())
}
