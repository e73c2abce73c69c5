//! The engine alone, and how it grows with the number of accounts.

use std::sync::Arc;
use std::time::Instant;

use anyhow::ensure;
use ledger::{
    Account, AccountId, Action, Asset, Book, Code, Kind, KindRule, Request, Route, Rules, Terms,
    TransferId,
};
use units::Fen;

use super::Pairs;
use crate::line::{Line, RUNS, median_number};

const TRANSFERS: u64 = 100_000;

/// At ×1, ×8 and ×64 accounts.
pub(crate) fn growth() -> anyhow::Result<Vec<Line>> {
    let mut figures = Vec::new();
    for times in [1, 8, 64] {
        let accounts = 10_000 * times;
        let before = resident_bytes();
        let mut book = funded(accounts)?;
        let grown = resident_bytes().saturating_sub(before);
        let mut rates = Vec::new();
        for run in 0..u64::try_from(RUNS)? {
            rates.push(transfers(&mut book, accounts, run)?);
        }
        book.check()?;
        figures.push((accounts, median_number(rates), grown));
    }
    let (Some((_, least, _)), Some((_, most, memory))) = (figures.first(), figures.last()) else {
        return Ok(Vec::new());
    };
    // Time for each transfer grows with accounts to the power of this.
    let exponent = (least / most).ln() / 64_f64.ln();
    let shown: Vec<String> = figures
        .iter()
        .map(|(accounts, rate, _)| format!("{:.0}k/s at {accounts}", rate / 1_000.0))
        .collect();
    Ok(vec![Line {
        work: "transfers in the engine alone, at ×1, ×8, ×64 accounts".to_owned(),
        ours: shown.join(", "),
        reference: format!("exponent {exponent:.2}, {} MB at ×64", memory / 1_000_000),
        reference_name: "cost of one by accounts, memory".to_owned(),
        ratio: None,
        goal: "< 0.35".to_owned(),
        ok: Some(exponent < 0.35),
    }])
}

/// What this process holds in memory; 0 where the system does not say.
fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kilobytes.unwrap_or_default() * 1024
}

fn funded(accounts: u64) -> anyhow::Result<Book> {
    let route = |code, from, to| Route {
        code: Code(code),
        from: Kind(from),
        to: Kind(to),
    };
    let rules = Rules::new(
        [
            KindRule::new(Kind(1), "world", Asset::Fen).may_owe(),
            KindRule::new(Kind(2), "member", Asset::Fen),
        ],
        [route(1, 1, 2), route(2, 2, 2)],
        [],
    )?;
    let mut book = Book::new(Arc::new(rules));
    book.open(Account::new(AccountId(u128::MAX), Kind(1)))?;
    for number in 0..accounts {
        let id = AccountId(u128::from(number));
        book.open(Account::new(id, Kind(2)))?;
        book.apply(
            0,
            &request(u128::from(number), 1, AccountId(u128::MAX), id, 1_000_000),
        )?;
    }
    book.forget_records();
    Ok(book)
}

fn transfers(book: &mut Book, accounts: u64, run: u64) -> anyhow::Result<f64> {
    let mut pairs = Pairs::new(run);
    let before = book.last();
    let started = Instant::now();
    for number in 0..TRANSFERS {
        let (from, to) = pairs.pair(accounts);
        let (from, to) = (AccountId(u128::from(from)), AccountId(u128::from(to)));
        let id = u128::from(run + 1) << 64 | u128::from(number);
        book.apply(1, &request(id, 2, from, to, 1))?;
    }
    let taken = started.elapsed();
    ensure!(
        book.last() == before + TRANSFERS,
        "not every transfer was done"
    );
    book.forget_records();
    Ok(f64::from(u32::try_from(TRANSFERS)?) / taken.as_secs_f64())
}

fn request(id: u128, code: u16, from: AccountId, to: AccountId, fen: i64) -> Request {
    Request {
        id: TransferId(id),
        action: Action::Transfer(Terms {
            code: Code(code),
            from,
            to,
            amount: Fen::new(fen).into(),
            expires_at: None,
        }),
    }
}
