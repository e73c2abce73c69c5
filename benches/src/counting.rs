//! Counting: 100,000 owners, Łódź 2022, and a policy decision.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use ballot::pabulib::{self, Rule};
use ballot::resolution::{Choice, Matter, Owner, SilenceRule, Unit, count};
use policy::{Inputs, builtin};
use sha2::{Digest as _, Sha256};

use crate::line::{Line, median, median_of, milliseconds};

/// A day in force for every built-in policy.
const DAY: &str = "2026-03-01";

/// 100,000 units counted, and how the time grows from a smaller electorate.
pub(crate) fn owners() -> anyhow::Result<Vec<Line>> {
    let thresholds = decisions::law::majorities(Matter::UseRepairFund, policy::parse_date(DAY)?)?;
    let mut times = Vec::new();
    for size in [12_500_u32, 100_000, 800_000] {
        let electorate = electorate(size)?;
        let outcome = count(&electorate, &thresholds, SilenceRule::NotCounted)?;
        anyhow::ensure!(
            outcome.total.units == size,
            "the electorate is counted whole"
        );
        times.push(median_of(|| {
            black_box(count(&electorate, &thresholds, SilenceRule::NotCounted)?);
            Ok(())
        })?);
    }
    let [small, middle, large] = times[..] else {
        anyhow::bail!("three sizes were measured")
    };
    let exponent = (large.as_secs_f64() / small.as_secs_f64()).ln() / 64_f64.ln();
    Ok(vec![Line {
        work: "count 100,000 owners' votes, all three rules of silence".to_owned(),
        ours: milliseconds(middle),
        reference: format!("×1 {}, ×64 {}", milliseconds(small), milliseconds(large)),
        reference_name: format!("growth: exponent {exponent:.2}"),
        ratio: None,
        goal: "< 250 ms".to_owned(),
        ok: Some(middle < Duration::from_millis(250)),
    }])
}

/// Units of 60 to 160 m², every seventh owner with two; choices in turn.
fn electorate(size: u32) -> anyhow::Result<Vec<Unit>> {
    let choices = [
        Choice::For,
        Choice::For,
        Choice::Against,
        Choice::Silent,
        Choice::Abstain,
        Choice::For,
        Choice::Unserved,
    ];
    (0..size)
        .map(|unit| {
            let owner = if unit % 7 == 6 { unit - 1 } else { unit };
            Ok(Unit {
                unit: unit.to_string(),
                owner: Owner::of([owner.to_string()]),
                area: units::Area::new(6000 + i64::from(unit % 10_000))?,
                choice: *choices
                    .get(usize::try_from(unit % 7)?)
                    .context("seven choices")?,
            })
        })
        .collect()
}

/// The largest approval election of Pabulib: parse it, and tally it by equal shares with add1.
pub(crate) fn lodz() -> anyhow::Result<Vec<Line>> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../shared/data/pabulib/Poland_Lodz_2022.pb"
    );
    let bytes = std::fs::read(path).context("Łódź 2022 is not at hand (shared/data/pabulib)")?;
    let hash = pinned(&bytes);
    let election = pabulib::parse(&bytes)?;
    let tally = pabulib::tally(&election, Some(Rule::EqualSharesAdd1))?;
    anyhow::ensure!(
        tally.selected.len() == 44,
        "pabutools selects 44 projects, we {}",
        tally.selected.len()
    );
    let (mut reading, mut tallying) = (Vec::new(), Vec::new());
    for _ in 0..crate::line::RUNS {
        let started = Instant::now();
        let election = black_box(pabulib::parse(&bytes)?);
        reading.push(started.elapsed());
        let started = Instant::now();
        black_box(pabulib::tally(&election, Some(Rule::EqualSharesAdd1))?);
        tallying.push(started.elapsed());
    }
    let (reading, tallying) = (median(reading), median(tallying));
    let peer = pabutools(path);
    let line = |work: String, ours: Duration, peer: Option<f64>, limit_ms: u64| Line {
        work,
        ours: milliseconds(ours),
        reference: peer.map_or("not installed".to_owned(), |seconds| {
            format!("{seconds:.2} s")
        }),
        reference_name: "pabutools 1.2.3, exact".to_owned(),
        ratio: peer.map(|seconds| seconds / ours.as_secs_f64()),
        goal: format!("< {limit_ms} ms"),
        ok: Some(ours < Duration::from_millis(limit_ms)),
    };
    let (parse_peer, tally_peer) = peer.unzip();
    Ok(vec![
        line(
            format!("parse Łódź 2022 ({hash})"),
            reading,
            parse_peer,
            100,
        ),
        line(
            "tally Łódź 2022, equal shares + add1, exact, 44 projects".to_owned(),
            tallying,
            tally_peer,
            250,
        ),
    ])
}

/// The start of an input's SHA-256, so that everyone sees it is the same input.
pub(crate) fn pinned(bytes: &[u8]) -> String {
    let hash: [u8; 32] = Sha256::digest(bytes).into();
    let [a, b, c, d, ..] = hash;
    format!("{:08x}", u32::from_be_bytes([a, b, c, d]))
}

/// Seconds that pabutools takes to parse and to tally, if Python has it.
fn pabutools(path: &str) -> Option<(f64, f64)> {
    const SCRIPT: &str = "
import sys, time
from pabutools.election import parse_pabulib, Cost_Sat
from pabutools.rules import method_of_equal_shares
start = time.time(); instance, profile = parse_pabulib(sys.argv[1]); parsed = time.time()
chosen = method_of_equal_shares(instance, profile.as_multiprofile(), sat_class=Cost_Sat, voter_budget_increment=1)
print(parsed - start, time.time() - parsed, len(chosen))
";
    let output = std::process::Command::new("python3")
        .args(["-c", SCRIPT, path])
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let mut numbers = text
        .split_whitespace()
        .filter_map(|word| word.parse::<f64>().ok());
    Some((numbers.next()?, numbers.next()?))
}

/// A decision with its explanation by reference.
pub(crate) fn decisions() -> anyhow::Result<Vec<Line>> {
    const DECISIONS: u32 = 100_000;
    let day = policy::parse_date(DAY)?;
    let took = median_of(|| {
        for _ in 0..DECISIONS {
            let edition = builtin().get("owners_resolution.thresholds")?.on(day)?;
            black_box(edition.decide(&Inputs::new().text("matter", "rebuild"))?);
        }
        Ok(())
    })?;
    let each = took / DECISIONS;
    Ok(vec![Line {
        work: "decide which thresholds apply, with explanation".to_owned(),
        ours: format!("{} ns", each.as_nanos()),
        reference: "8–12 µs".to_owned(),
        reference_name: "zen-engine 2.1, as measured elsewhere".to_owned(),
        ratio: None,
        goal: "< 500 ns".to_owned(),
        ok: Some(each < Duration::from_nanos(500)),
    }])
}
