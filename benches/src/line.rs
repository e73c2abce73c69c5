//! A line of the table, and how it is printed.

use std::time::{Duration, Instant};

use serde::Serialize;

/// One measured work.
#[derive(Serialize)]
pub(crate) struct Line {
    /// What was done, with its size.
    pub work: String,
    /// Our figure.
    pub ours: String,
    /// The peer's or the limit's figure in the same run.
    pub reference: String,
    /// Who or what that is.
    pub reference_name: String,
    /// Ours in relation to it: above 1 is better for us.
    pub ratio: Option<f64>,
    /// What we want.
    pub goal: String,
    /// Whether it is met; `None` where nothing could be compared.
    pub ok: Option<bool>,
}

/// The least number of alternating runs.
pub(crate) const RUNS: usize = 5;

/// The median of what `work` takes over [`RUNS`] runs.
pub(crate) fn median_of(mut work: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<Duration> {
    let mut times = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let started = Instant::now();
        work()?;
        times.push(started.elapsed());
    }
    Ok(median(times))
}

/// The middle of some durations.
pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// The middle of some numbers.
pub(crate) fn median_number(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

/// Milliseconds with one digit behind the point.
pub(crate) fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

/// The table for people.
pub(crate) fn print_table(lines: &[Line]) {
    println!("| work | ours | reference | | ratio | goal | ok |");
    println!("|---|---|---|---|---|---|---|");
    for line in lines {
        let ratio = line
            .ratio
            .map(|ratio| format!("{ratio:.2}"))
            .unwrap_or_default();
        let ok = match line.ok {
            Some(true) => "yes",
            Some(false) => "NO",
            None => "–",
        };
        println!(
            "| {} | {} | {} | {} | {ratio} | {} | {ok} |",
            line.work, line.ours, line.reference, line.reference_name, line.goal
        );
    }
}

/// The table for programs.
pub(crate) fn print_json(lines: &[Line]) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string_pretty(lines)?);
    Ok(())
}
