//! The book under load: accounts opened and funded, transfers by many callers, lots that expire.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use book::{Answer, BookInJournal, POST, PostBatch, Teller, account_id, chart};
use db::{Database, Options, Read, Tx};
use journal::{Change, Command, Journal, record};
use kernel::{Actor, CommunityId, Context, Grants, Randomness, Timestamp, Uuid, Vault};
use ledger::{AccountId, Action, Amount, Code, Request, Terms, TransferId};
use serde::{Deserialize, Serialize};
use tokio::runtime::Runtime;
use units::{Minutes, Points};

use super::{ACCOUNTS, Pairs};

/// What each account holds at first, in minutes.
const FUNDS: i64 = 1_000_000;
/// Requests of one bulk command.
const BULK: usize = 4_000;
/// 23 November 2026, in microseconds.
const START: i64 = 1_795_406_400_000_000;

/// A community's book on a database of its own.
pub(crate) struct Desk {
    journal: Journal,
    clock: Arc<AtomicU64>,
}

/// Opens accounts of a kind for owners with these numbers.
#[derive(Serialize, Deserialize)]
struct OpenAccounts {
    kind: u16,
    from: u64,
    to: u64,
}

impl Command for OpenAccounts {
    const NAME: &'static str = "bench.open";
    type Outcome = ();
    type Error = book::Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), book::Error> {
        ctx.require(POST)?;
        for owner in self.from..self.to {
            book::open(
                tx,
                ctx,
                ledger::Kind(self.kind),
                owner_id(owner),
                None,
                None,
            )?;
        }
        record(tx, ctx, Change::new("bench.opened", "book"))?;
        Ok(())
    }
}

impl Desk {
    /// With 10,000 funded accounts.
    pub(crate) fn open(url: &str) -> anyhow::Result<Self> {
        let database = Database::open(url, Options::default())?;
        let migrations = [journal::MIGRATIONS, book::MIGRATIONS].concat();
        database.migrate(&migrations)?;
        let signer = proof::SigningKey::from_seed("bench.linli", &[7; 32])?;
        let desk = Self {
            journal: Journal::new(database, signer),
            clock: Arc::new(AtomicU64::new(0)),
        };
        desk.accounts(chart::HOURS_ISSUER, 0, 1)?;
        desk.accounts(chart::HOURS_MEMBER, 0, ACCOUNTS)?;
        let issuer = account_id(chart::HOURS_ISSUER, owner_id(0));
        let fund = (0..ACCOUNTS).map(|owner| {
            let to = account_id(chart::HOURS_MEMBER, owner_id(owner));
            let id = 1 << 100 | u128::from(owner);
            let amount = Minutes::new(FUNDS).into();
            transfer(id, chart::HOURS_EARN, issuer, to, amount, None)
        });
        desk.bulk(fund)?;
        Ok(desk)
    }

    fn accounts(&self, kind: ledger::Kind, from: u64, to: u64) -> anyhow::Result<()> {
        let kind = kind.0;
        Ok(self
            .journal
            .execute_blocking(context(&self.clock), OpenAccounts { kind, from, to })?)
    }

    /// Posts many requests, some thousand at once; every one must be done.
    fn bulk(&self, requests: impl Iterator<Item = Request>) -> anyhow::Result<()> {
        let mut requests = requests.peekable();
        while requests.peek().is_some() {
            let batch = PostBatch {
                requests: requests.by_ref().take(BULK).collect(),
                only_new: true,
            };
            let answers = self.journal.execute_blocking(context(&self.clock), batch)?;
            let refused = answers
                .iter()
                .find(|answer| matches!(answer, Answer::Refused(_)));
            ensure!(refused.is_none(), "a bulk request was refused: {refused:?}");
        }
        Ok(())
    }

    /// Transfers a second by so many callers, each of whom waits for its answer before it sends the next.
    pub(crate) fn transfers(
        &self,
        runtime: &Runtime,
        run: u64,
        callers: u64,
        transfers: u64,
    ) -> anyhow::Result<f64> {
        let clock = Arc::clone(&self.clock);
        let each = transfers / callers;
        let journal = self.journal.clone();
        let taken = runtime.block_on(async move {
            let teller = Teller::start(journal, move || context(&clock));
            let next = Arc::new(AtomicU64::new(0));
            let started = Instant::now();
            let work: Vec<_> = (0..callers)
                .map(|caller| {
                    let (teller, next) = (teller.clone(), Arc::clone(&next));
                    tokio::spawn(call(teller, next, run, caller, each))
                })
                .collect();
            for one in work {
                one.await.context("a caller panicked")??;
            }
            Ok::<Duration, anyhow::Error>(started.elapsed())
        })?;
        Ok(f64::from(u32::try_from(each * callers)?) / taken.as_secs_f64())
    }

    /// How long it takes to find and take what has expired.
    pub(crate) fn expire(&self, lots: u64, of_one: u64) -> anyhow::Result<Duration> {
        self.accounts(chart::POINTS_ISSUER, 0, 1)?;
        self.accounts(chart::POINTS_EXPIRED, 0, 1)?;
        self.accounts(chart::POINTS_MEMBER, 0, lots / of_one)?;
        let issuer = account_id(chart::POINTS_ISSUER, owner_id(0));
        let expired = account_id(chart::POINTS_EXPIRED, owner_id(0));
        let awards = (0..lots).map(|lot| {
            let to = account_id(chart::POINTS_MEMBER, owner_id(lot / of_one));
            let (id, amount) = (2 << 100 | u128::from(lot), Points::new(5).into());
            let ends = Some(START + 3_600_000_000);
            transfer(id, chart::POINTS_EARN, issuer, to, amount, ends)
        });
        self.bulk(awards)?;
        self.clock.fetch_add(7_200_000_000, Ordering::Relaxed);
        let now = Timestamp::from_micros(context(&self.clock).now.micros());
        let started = Instant::now();
        let most = u32::try_from(lots)?;
        let due = self
            .journal
            .database()
            .read_blocking(move |read: &mut dyn Read| book::due(read, COMMUNITY, now, most))?;
        ensure!(
            due.len() == usize::try_from(lots)?,
            "{} lots are due",
            due.len()
        );
        let mut whose: Vec<AccountId> = due.iter().map(|due| due.account).collect();
        whose.sort_unstable();
        whose.dedup();
        let code = chart::POINTS_EXPIRE;
        self.bulk((3_u128 << 100..).zip(whose).map(|(id, from)| Request {
            id: TransferId(id),
            action: Action::Expire {
                code,
                from,
                to: expired,
            },
        }))?;
        Ok(started.elapsed())
    }

    /// What `linli verify` does; an error where anything differs from a replay.
    pub(crate) fn prove(&self) -> anyhow::Result<()> {
        let key = self.journal.signer().verifying_key();
        self.journal
            .database()
            .read_blocking(move |read: &mut dyn Read| {
                let mut stamps = BookInJournal::new();
                journal::audit(
                    read,
                    &Vault::new(&[[9; 32]]),
                    &key,
                    COMMUNITY,
                    &mut |entry| {
                        stamps.see(entry);
                        Ok(())
                    },
                )?;
                stamps.compare(read, COMMUNITY)
            })?;
        Ok(())
    }
}

async fn call(
    teller: Teller,
    next: Arc<AtomicU64>,
    run: u64,
    caller: u64,
    transfers: u64,
) -> anyhow::Result<()> {
    let mut pairs = Pairs::new(run * 1_000 + caller);
    for _ in 0..transfers {
        let (from, to) = pairs.pair(ACCOUNTS);
        let account = |owner| account_id(chart::HOURS_MEMBER, owner_id(owner));
        let id = u128::from(run + 1) << 64 | u128::from(next.fetch_add(1, Ordering::Relaxed));
        let amount = Minutes::new(1).into();
        let request = transfer(
            4 << 100 | id,
            chart::HOURS_PAY,
            account(from),
            account(to),
            amount,
            None,
        );
        match teller.post(request).await {
            Ok(Answer::Done {
                repeated: false, ..
            }) => {}
            other => anyhow::bail!("a transfer was not done: {other:?}"),
        }
    }
    Ok(())
}

const COMMUNITY: CommunityId = CommunityId::from_uuid(Uuid::from_u128(100));

/// Linli itself, a moment after the last time.
fn context(clock: &AtomicU64) -> Context {
    let tick = clock.fetch_add(1, Ordering::Relaxed);
    Context {
        actor: Actor::System,
        community: COMMUNITY,
        now: Timestamp::from_micros(START + i64::try_from(tick).unwrap_or(i64::MAX / 2)),
        random: Randomness::from_number(tick),
        grants: Grants::of([POST]),
        vault: Vault::new(&[[9; 32]]),
        idempotency_key: None,
    }
}

fn owner_id(number: u64) -> Uuid {
    Uuid::from_u128(u128::from(number) + 1)
}

fn transfer(
    id: u128,
    code: Code,
    from: AccountId,
    to: AccountId,
    amount: Amount,
    expires_at: Option<i64>,
) -> Request {
    Request {
        id: TransferId(id),
        action: Action::Transfer(Terms {
            code,
            from,
            to,
            amount,
            expires_at,
        }),
    }
}
