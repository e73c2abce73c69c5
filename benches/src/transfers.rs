//! Durable transfers: 256 callers at once through the book, beside one-by-one PostgreSQL and the raw driver; then what has
//! expired taken in bulk, and how the engine's cost grows with accounts.

mod book_run;
mod engine;
mod raw;
mod tigerbeetle;

use test_kit::PostgresCluster;

use crate::line::{Line, RUNS, median_number};
use book_run::Desk;

/// Accounts between which minutes move.
pub(crate) const ACCOUNTS: u64 = 10_000;
/// Callers at once.
pub(crate) const CALLERS: u64 = 256;
/// Transfers of one run.
pub(crate) const TRANSFERS: u64 = 64_000;
/// Lots that expire in bulk.
const LOTS: u64 = 1_000_000;
/// Lots of an account.
const LOTS_OF_ONE: u64 = 10;

/// Transfers on both engines beside their limits, the expiry, and the engine's growth.
pub(crate) fn durable() -> anyhow::Result<Vec<Line>> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let folder = std::env::temp_dir().join(format!("linli-bench-book-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let cluster = PostgresCluster::shared();
    let mut lines = Vec::new();
    let file = folder.join("book.db");
    let sqlite = Desk::open(&format!("sqlite:{}", file.display()))?;
    let raw_file = folder.join("raw.db");
    drop(Desk::open(&format!("sqlite:{}", raw_file.display()))?);
    if cluster.is_none() {
        eprintln!("not measured: transfers on PostgreSQL, which is not installed");
    }
    let one_by_one = cluster
        .map(|cluster| raw::OneByOne::open(&runtime, &cluster.database("transfers_raw")))
        .transpose()?;
    let postgres = cluster
        .map(|cluster| Desk::open(&cluster.database("transfers_book")))
        .transpose()?;
    let mut figures: [Vec<f64>; 4] = Default::default();
    let mut connection = raw::open(&raw_file)?;
    for run in 0..u64::try_from(RUNS)? {
        let [ours, ours_postgres, driver, peer] = &mut figures;
        ours.push(sqlite.transfers(&runtime, run, CALLERS, TRANSFERS)?);
        driver.push(raw::batched(&mut connection, run, CALLERS, TRANSFERS)?);
        if let (Some(postgres), Some(one_by_one)) = (&postgres, &one_by_one) {
            peer.push(one_by_one.transfers(&runtime, run, TRANSFERS / 8)?);
            ours_postgres.push(postgres.transfers(&runtime, run, CALLERS, TRANSFERS)?);
        }
    }
    sqlite.prove()?;
    let [ours, ours_postgres, driver, peer] = figures.map(median_number);
    let work = |engine: &str| {
        format!("durable transfers on {engine}, {CALLERS} callers, {ACCOUNTS} accounts")
    };
    let name = "PostgreSQL, one a transaction, 32 connections";
    lines.push(compared(
        work("SQLite"),
        ours,
        driver,
        "raw driver, batches of 256",
        0.8,
    ));
    if let Some(postgres) = &postgres {
        postgres.prove()?;
        lines.push(compared(work("SQLite"), ours, peer, name, 15.0));
        lines.push(compared(work("PostgreSQL"), ours_postgres, peer, name, 8.0));
    }
    if let Some(program) = crate::flag("tigerbeetle") {
        let name = "TigerBeetle, batches of 256";
        match tigerbeetle::measured(&program) {
            Ok(rate) => lines.push(compared(work("SQLite"), ours, rate, name, 0.0)),
            Err(error) => eprintln!("not measured: {error:#}"),
        }
    }
    lines.push(expiry("SQLite", &sqlite)?);
    if let Some(postgres) = &postgres {
        lines.push(expiry("PostgreSQL", postgres)?);
    }
    lines.extend(engine::growth()?);
    drop(sqlite);
    std::fs::remove_dir_all(&folder)?;
    Ok(lines)
}

fn compared(work: String, ours: f64, reference: f64, name: &str, goal: f64) -> Line {
    let ratio = ours / reference;
    Line {
        work,
        ours: format!("{ours:.0}/s"),
        reference: format!("{reference:.0}/s"),
        reference_name: name.to_owned(),
        ratio: Some(ratio),
        goal: if goal > 0.0 {
            format!("≥ {goal}")
        } else {
            String::new()
        },
        ok: (goal > 0.0).then_some(ratio >= goal),
    }
}

fn expiry(engine: &str, desk: &Desk) -> anyhow::Result<Line> {
    let taken = desk.expire(LOTS, LOTS_OF_ONE)?;
    desk.prove()?;
    let lots = u32::try_from(LOTS).map(f64::from)?;
    Ok(Line {
        work: format!(
            "expiry of {LOTS} lots of {} accounts on {engine}",
            LOTS / LOTS_OF_ONE
        ),
        ours: format!(
            "{:.2} s, {:.0} lots/s",
            taken.as_secs_f64(),
            lots / taken.as_secs_f64()
        ),
        reference: String::new(),
        reference_name: "proved by replay afterwards".to_owned(),
        ratio: None,
        goal: String::new(),
        ok: None,
    })
}

/// The same pairs for everyone: xorshift from a seed.
pub(crate) struct Pairs(u64);

impl Pairs {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Two different accounts.
    pub(crate) fn pair(&mut self, accounts: u64) -> (u64, u64) {
        let from = self.next() % accounts;
        let to = (from + 1 + self.next() % (accounts - 1)) % accounts;
        (from, to)
    }
}
