//! The limits: the same rows by the raw driver, and PostgreSQL with one transfer a transaction.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::ensure;
use rusqlite::{Connection, params};
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls};

use super::{ACCOUNTS, Pairs};

/// Connections of the one-by-one peer.
const CONNECTIONS: u64 = 32;

/// A connection to a file with the book's tables, durable as the book's own.
pub(crate) fn open(path: &Path) -> anyhow::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "cache_size", "-65536")?;
    Ok(connection)
}

/// Transfers a second: the rows that the book writes for them, in transactions of `batch`, nothing checked, nobody waiting.
pub(crate) fn batched(
    connection: &mut Connection,
    run: u64,
    batch: u64,
    transfers: u64,
) -> anyhow::Result<f64> {
    let mut pairs = Pairs::new(run);
    let community = [0_u8; 16];
    let mut seq = i64::try_from(ACCOUNTS * 10 + run * transfers)?;
    let started = Instant::now();
    for _ in 0..transfers / batch {
        let tx = connection.transaction()?;
        {
            let mut insert = tx.prepare_cached(
                "insert into book_record values (?1, ?2, ?3, ?4, 0, 0, 202, ?5, ?6, 1, 1, null, null, null, ?7, ?8)",
            )?;
            let mut balance = tx.prepare_cached(
                "insert into book_balance values (?1, ?2, ?3, ?3, 0, 0, ?4) \
                 on conflict (community_id, account_id) do update set received = excluded.received, \
                 given = excluded.given, last_seq = excluded.last_seq",
            )?;
            for _ in 0..batch {
                seq += 1;
                let (from, to) = pairs.pair(ACCOUNTS);
                let (from, to) = (account(from), account(to));
                let id = u128::try_from(seq)?.to_be_bytes();
                insert.execute(params![community, seq, seq, id, from, to, seq - 1, seq - 2])?;
                balance.execute(params![community, from, seq, seq])?;
                balance.execute(params![community, to, seq, seq])?;
            }
        }
        tx.commit()?;
    }
    let taken = started.elapsed();
    Ok(f64::from(u32::try_from(transfers)?) / taken.as_secs_f64())
}

/// Scattered as the book's account ids are.
fn account(number: u64) -> [u8; 16] {
    let mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (u128::from(mixed) << 64 | u128::from(number)).to_be_bytes()
}

/// PostgreSQL as most programs use it: a transaction for each transfer, accounts locked in order, balance checked.
pub(crate) struct OneByOne {
    clients: Vec<Arc<Client>>,
    next: Arc<AtomicU64>,
}

impl OneByOne {
    pub(crate) fn open(runtime: &Runtime, url: &str) -> anyhow::Result<Self> {
        runtime.block_on(async {
            let mut clients = Vec::new();
            for _ in 0..CONNECTIONS {
                let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
                tokio::spawn(connection);
                clients.push(Arc::new(client));
            }
            if let Some(first) = clients.first() {
                first.batch_execute(&tables()).await?;
            }
            Ok(Self {
                clients,
                next: Arc::new(AtomicU64::new(0)),
            })
        })
    }

    /// Transfers a second.
    pub(crate) fn transfers(
        &self,
        runtime: &Runtime,
        run: u64,
        transfers: u64,
    ) -> anyhow::Result<f64> {
        let each = transfers / CONNECTIONS;
        let taken = runtime.block_on(async {
            let started = Instant::now();
            let work: Vec<_> = (0..)
                .zip(&self.clients)
                .map(|(number, client)| {
                    let (client, next) = (Arc::clone(client), Arc::clone(&self.next));
                    tokio::spawn(one_by_one(client, next, run * 100 + number, each))
                })
                .collect();
            for one in work {
                one.await??;
            }
            Ok::<_, anyhow::Error>(started.elapsed())
        })?;
        Ok(f64::from(u32::try_from(each * CONNECTIONS)?) / taken.as_secs_f64())
    }
}

async fn one_by_one(
    client: Arc<Client>,
    next: Arc<AtomicU64>,
    seed: u64,
    transfers: u64,
) -> anyhow::Result<()> {
    let statement = client.prepare("select transfer($1, $2, $3, $4)").await?;
    let mut pairs = Pairs::new(seed);
    for _ in 0..transfers {
        let (from, to) = pairs.pair(ACCOUNTS);
        let id = i64::try_from(next.fetch_add(1, Ordering::Relaxed))?;
        let (from, to) = (i64::try_from(from)?, i64::try_from(to)?);
        let row = client
            .query_one(&statement, &[&id, &from, &to, &1_i64])
            .await?;
        ensure!(row.get::<_, bool>(0), "a transfer was refused");
    }
    Ok(())
}

fn tables() -> String {
    format!(
        "create table account (id bigint primary key, balance bigint not null check (balance >= 0));
         create table transfer (id bigint primary key, from_id bigint not null, to_id bigint not null, amount bigint not null);
         insert into account select n, 1000000 from generate_series(0, {}) n;
         create function transfer(t bigint, f bigint, o bigint, a bigint) returns boolean language plpgsql as $$
         begin
           perform 1 from account where id in (f, o) order by id for update;
           update account set balance = balance - a where id = f and balance >= a;
           if not found then return false; end if;
           update account set balance = balance + a where id = o;
           insert into transfer values (t, f, o, a);
           return true;
         end $$;",
        ACCOUNTS - 1
    )
}
