//! TigerBeetle beside ours, where the operator gives its program: `--tigerbeetle=PATH`.

use std::process::Command;

use anyhow::{Context as _, ensure};

use super::{ACCOUNTS, CALLERS, TRANSFERS};

/// Transfers a second of TigerBeetle's own benchmark, in batches as large as there are callers here; it makes, fills and
/// removes a database of its own.
pub(crate) fn measured(program: &str) -> anyhow::Result<f64> {
    let run = Command::new(program)
        .arg("benchmark")
        .arg(format!("--account-count={ACCOUNTS}"))
        .arg(format!("--transfer-count={}", TRANSFERS * 5))
        .arg(format!("--transfer-batch-size={CALLERS}"))
        .output()
        .with_context(|| format!("can't run {program}"))?;
    let said = [run.stdout, run.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    ensure!(run.status.success(), "{program} failed: {}", said.concat());
    accepted(&said.concat()).with_context(|| format!("{program} names no rate: {}", said.concat()))
}

/// The rate in `load accepted = 538869 tx/s`.
fn accepted(said: &str) -> Option<f64> {
    let (_, rest) = said.split_once("load accepted")?;
    let number = rest.trim_start_matches([' ', '=', ':']);
    number
        .split_whitespace()
        .next()?
        .replace(',', "")
        .parse()
        .ok()
}
