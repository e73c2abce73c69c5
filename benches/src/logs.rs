//! Event logs read and analysed beside pm4py and r4pm, a due date, and how both grow.

use std::fmt::Write as _;
use std::fs::File;
use std::hint::black_box;
use std::io::BufReader;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use event_log::{Analyser, Analysis, Columns, Kind, read};
use flow::{Case, Days, Definition, parse_events};
use jiff::civil::date;

use crate::line::{Line, median, median_of, milliseconds};

const PERMITS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../shared/data/logs/bpic2020_PermitLog.xes.gz"
);

/// Reads in pm4py; AGPL, so it is run as a program of its own and never linked.
const PM4PY: &str = "
import sys, time, warnings; warnings.filterwarnings('ignore')
import pm4py
start = time.time()
log = pm4py.read_xes(sys.argv[1])
edges = len(pm4py.discover_dfg(log)[0]); cases = len(pm4py.get_all_case_durations(log))
print('took', time.time() - start, cases, edges)
";

/// Only its import is timed: its graph comes on top.
const R4PM: &str = "
import sys, time
import r4pm
start = time.time()
r4pm.df.import_xes(sys.argv[1])
print('took', time.time() - start)
";

/// The travel permits of 2020: read, directly-follows graph, durations, variants.
pub(crate) fn permits() -> anyhow::Result<Vec<Line>> {
    let bytes =
        std::fs::read(PERMITS).context("the permit log is not at hand (shared/data/logs)")?;
    let hash = crate::counting::pinned(&bytes);
    let analysis = analyse(Path::new(PERMITS))?;
    let found = (analysis.cases, analysis.events, analysis.dfg_edges);
    anyhow::ensure!(
        found == (6426, 81_092, 531),
        "pm4py finds 6426 cases, 81092 events, 531 edges, we {found:?}"
    );
    let (mut ours, mut pm4py, mut r4pm) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..crate::line::RUNS {
        let started = Instant::now();
        black_box(analyse(Path::new(PERMITS))?);
        ours.push(started.elapsed());
        if crate::peers() {
            pm4py.extend(peer(PM4PY));
            r4pm.extend(peer(R4PM));
        }
    }
    let ours = median(ours);
    let line = |name: &str, times: Vec<f64>, goal: f64| {
        let peer = (!times.is_empty()).then(|| crate::line::median_number(times));
        let ratio = peer.map(|seconds| seconds / ours.as_secs_f64());
        Line {
            work: format!("read and analyse the permit log, 6,426 cases ({hash})"),
            ours: milliseconds(ours),
            reference: peer.map_or(
                "not run: --peers, with it in LINLI_PEERS".to_owned(),
                |seconds| format!("{seconds:.2} s"),
            ),
            reference_name: name.to_owned(),
            ratio,
            goal: format!("≥ {goal} ×"),
            ok: ratio.map(|ratio| ratio >= goal),
        }
    };
    let mut lines = vec![
        line("pm4py 2.7, read, graph, durations", pm4py, 30.0),
        line("r4pm 0.6 (Rust), read only", r4pm, 3.0),
    ];
    lines.push(growth()?);
    Ok(lines)
}

fn analyse(path: &Path) -> anyhow::Result<Analysis> {
    let mut analyser = Analyser::new();
    let file = BufReader::with_capacity(256 * 1024, File::open(path)?);
    read(file, Kind::Xes, &Columns::default(), &mut analyser)?;
    Ok(analyser.finish()?)
}

/// Seconds a peer says it took, by the Python of the folder in `LINLI_PEERS`; `None` if it is not there.
fn peer(script: &str) -> Option<f64> {
    let python = std::env::var_os("LINLI_PEERS").map_or("python3".into(), |folder| {
        Path::new(&folder).join("bin/python")
    });
    let output = std::process::Command::new(python)
        .args(["-c", script, PERMITS])
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("took "))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Logs of 2,000, 16,000 and 128,000 cases.
fn growth() -> anyhow::Result<Line> {
    let mut times = Vec::new();
    for cases in [2_000_u32, 16_000, 128_000] {
        let csv = made_up(cases)?;
        times.push(median_of(|| {
            let mut analyser = Analyser::new();
            read(
                csv.as_bytes(),
                Kind::Csv,
                &Columns::default(),
                &mut analyser,
            )?;
            let analysis = analyser.finish()?;
            anyhow::ensure!(analysis.cases == u64::from(cases), "every case is counted");
            black_box(analysis);
            Ok(())
        })?);
    }
    let [small, middle, large] = times[..] else {
        anyhow::bail!("three sizes were measured")
    };
    let exponent = (large.as_secs_f64() / small.as_secs_f64()).ln() / 64_f64.ln();
    Ok(Line {
        work: "analyse a CSV of 16,000 cases, 96,000 events".to_owned(),
        ours: milliseconds(middle),
        reference: format!("×1/8 {}, ×8 {}", milliseconds(small), milliseconds(large)),
        reference_name: format!("growth: exponent {exponent:.2}"),
        ratio: None,
        goal: "exponent < 1.15".to_owned(),
        ok: Some(exponent < 1.15),
    })
}

/// Six events a case, interleaved, with some work done again.
fn made_up(cases: u32) -> anyhow::Result<String> {
    let mut csv = "case,activity,time\n".to_owned();
    for step in 0..6_u32 {
        for case in 0..cases {
            let activity = if case % 9 == 0 && step == 4 { 2 } else { step };
            writeln!(
                csv,
                "c{case},step {activity},2026-03-{:02}T{:02}:00:00Z",
                step + 1 + case % 20,
                case % 24
            )?;
        }
    }
    Ok(csv)
}

/// A due date of 45 working days with three stops, derived anew.
pub(crate) fn due_dates() -> anyhow::Result<Vec<Line>> {
    const DATES: u32 = 100_000;
    const GOAL: Duration = Duration::from_micros(5);
    let process = Definition::parse(PERMIT, policy::builtin())?;
    let case = Case::replay(&process, &parse_events(EVENTS)?)?;
    let days = Days::of(policy::builtin().calendar());
    let seen = date(2024, 3, 4);
    let due = case.due(&process, "permit", &days, seen)?;
    anyhow::ensure!(
        due.date == Some(date(2024, 4, 24)),
        "counted day by day 2024-04-24, derived {:?}",
        due.date
    );
    let took = median_of(|| {
        for _ in 0..DATES {
            black_box(case.due(&process, "permit", &days, black_box(seen))?);
        }
        Ok(())
    })?;
    let each = took / DATES;
    Ok(vec![Line {
        work: "derive a due date: 45 working days, three stops, an extension".to_owned(),
        ours: format!("{} ns", each.as_nanos()),
        reference: String::new(),
        reference_name: "no peer counts suspensions".to_owned(),
        ratio: None,
        goal: "< 5 µs".to_owned(),
        ok: Some(each < GOAL),
    }])
}

const PERMIT: &str = r#"
kind = "process"
id = "permit"
title = { zh = "许可", en = "Permit" }
version = "1"
from = 2018-01-01
unit = [{ id = "planning", title = { zh = "规划", en = "Planning" } }]
[[stage]]
id = "permit"
title = { zh = "许可", en = "Permit" }
lead = "planning"
statutory = { days = 45, count = "working", instrument = "administrative_licensing_2019", clause = { zh = "第四十二条", en = "Art. 42" }, status = "unverified" }
extension = { days = 15, count = "working", instrument = "administrative_licensing_2019", clause = { zh = "第四十二条", en = "Art. 42" }, status = "unverified" }
step = [{ id = "decide", title = { zh = "决定", en = "decide" } }]
[[stage.suspension]]
ground = "hearing"
title = { zh = "听证", en = "hearing" }
instrument = "administrative_licensing_2019"
clause = { zh = "第四十五条", en = "Art. 45" }
status = "unverified"
"#;

const EVENTS: &str = r#"[
{"id": "1", "at": "2024-01-08", "event": "submitted", "stage": "permit"},
{"id": "2", "at": "2024-01-08", "event": "accepted", "stage": "permit"},
{"id": "3", "at": "2024-01-10", "event": "suspended", "stage": "permit", "ground": "hearing"},
{"id": "4", "at": "2024-01-15", "event": "resumed", "stage": "permit"},
{"id": "5", "at": "2024-01-22", "event": "suspended", "stage": "permit", "ground": "hearing"},
{"id": "6", "at": "2024-01-24", "event": "resumed", "stage": "permit"},
{"id": "7", "at": "2024-02-20", "event": "suspended", "stage": "permit", "ground": "hearing"},
{"id": "8", "at": "2024-03-01", "event": "resumed", "stage": "permit"},
{"id": "9", "at": "2024-03-01", "event": "extended", "stage": "permit", "days": 15, "approved_by": "director", "reason": "complex"}
]"#;
