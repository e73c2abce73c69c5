//! `cargo xtask bench [NAME…]`: prints the performance table, or the lines of what is named; `--json` prints it for programs.
//!
//! Each line is the median of alternating runs of ours and of the peer or limit, in this process, on this machine.
//! What is timed was checked for equality first. Inputs are pinned by hash. `--peers` also runs slow peers that are programs of
//! their own; `--tigerbeetle=PATH` sets that program beside the transfers; `LINLI_PEERS` names the Python environment that holds them (`pip install pm4py r4pm polars pyarrow`).

mod counting;
mod line;
mod logs;
mod plans;
mod process;
mod supervision;
mod transfers;
mod votes;
mod walking;

use line::{Line, print_json, print_table};

/// As in `linli`: what is measured is what runs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Makes some lines of the table.
type Measure = fn() -> anyhow::Result<Vec<Line>>;

/// What there is to measure, by name.
const MEASURES: &[(&str, Measure)] = &[
    ("owners", counting::owners),
    ("lodz", counting::lodz),
    ("policy", counting::decisions),
    ("logs", logs::permits),
    ("due", logs::due_dates),
    ("approvals", supervision::open_files),
    ("plan", plans::rolling),
    ("votes", votes::through_http),
    ("transfers", transfers::durable),
    ("walk", walking::life_circles),
    ("start", process::start),
];

fn main() -> anyhow::Result<()> {
    let (flags, names): (Vec<String>, Vec<String>) = std::env::args()
        .skip(1)
        .partition(|argument| argument.starts_with("--"));
    for name in &names {
        let known = MEASURES.iter().any(|(measure, _)| measure == name);
        anyhow::ensure!(
            known,
            "nothing is called {name}; there is {}",
            known_names()
        );
    }
    let mut lines: Vec<Line> = Vec::new();
    for (name, measure) in MEASURES {
        if !names.is_empty() && !names.iter().any(|wanted| wanted == name) {
            continue;
        }
        match measure() {
            Ok(measured) => lines.extend(measured),
            Err(error) => eprintln!("{name} is not measured: {error:#}"),
        }
    }
    if flags.iter().any(|flag| flag == "--json") {
        return print_json(&lines);
    }
    print_table(&lines);
    Ok(())
}

/// Whether slow peers are to be run, too.
fn peers() -> bool {
    std::env::args().any(|argument| argument == "--peers")
}

/// What a flag `--NAME=VALUE` says.
fn flag(name: &str) -> Option<String> {
    std::env::args().find_map(|argument| {
        let value = argument.strip_prefix("--")?.strip_prefix(name)?;
        value.strip_prefix('=').map(str::to_owned)
    })
}

fn known_names() -> String {
    let names: Vec<&str> = MEASURES.iter().map(|(name, _)| *name).collect();
    names.join(", ")
}
