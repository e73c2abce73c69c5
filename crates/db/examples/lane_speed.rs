//! How many commands a second the lanes commit: `cargo run --release -p db --example lane_speed [postgres://…]`.
//!
//! 256 clients, each waiting for its answer before it asks again; a command is one insert, or a small ledger posting
//! of four statements. On SQLite the file lies in a temporary folder, so the figure depends on the disk under it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use db::{Database, Error, Migration, Options, Tx, Value};
use kernel::{CommunityId, Uuid};

const CLIENTS: usize = 256;
const COMMUNITIES: usize = 16;
const LASTING: Duration = Duration::from_secs(5);

const SCHEMA: &[Migration] = &[Migration {
    module: "speed",
    version: 1,
    sql: "
create table entry (
  community_id bytea not null, id bytea not null, at bigint not null, body text not null,
  primary key (community_id, id)
);
create table balance (
  community_id bytea not null, account bigint not null, amount bigint not null,
  primary key (community_id, account)
);
",
}];
const INSERT: &str = "insert into entry (community_id, id, at, body) values ($1, $2, $3, $4)";
const BALANCE: &str = "select amount from balance where community_id = $1 and account = $2";
const POST: &str = "insert into balance (community_id, account, amount) values ($1, $2, $3) \
    on conflict (community_id, account) do update set amount = balance.amount + excluded.amount";

type Work = fn(&mut dyn Tx, CommunityId, u64) -> Result<(), Error>;

fn one_insert(tx: &mut dyn Tx, community: CommunityId, number: u64) -> Result<(), Error> {
    let id = Uuid::from_u64_pair(u64::from(std::process::id()), number);
    let body = "a vote cast: for, on the roof of building 3";
    tx.execute(
        INSERT,
        &[community.into(), id.into(), 1_i64.into(), body.into()],
    )?;
    Ok(())
}

fn posting(tx: &mut dyn Tx, community: CommunityId, number: u64) -> Result<(), Error> {
    let account = i64::try_from(number % 1_000).unwrap_or_default();
    tx.query_one(BALANCE, &[community.into(), account.into()])?;
    tx.execute(
        POST,
        &[community.into(), account.into(), Value::Integer(-5)],
    )?;
    tx.execute(
        POST,
        &[community.into(), (account + 1).into(), Value::Integer(5)],
    )?;
    one_insert(tx, community, number)
}

fn read_one(read: &mut dyn db::Read, number: usize) -> Result<usize, Error> {
    let account = i64::try_from(number % 1_000).unwrap_or_default();
    let community = CommunityId::from_uuid(Uuid::from_u128(1));
    Ok(read
        .query(BALANCE, &[community.into(), account.into()])?
        .len())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Runtime::new()?;
    let folder = std::env::temp_dir().join(format!("linli-lane-speed-{}", std::process::id()));
    std::fs::create_dir(&folder)?;
    let file = format!("sqlite:{}/speed.sqlite", folder.display());
    for url in [file].into_iter().chain(std::env::args().skip(1)) {
        let database = Database::open(&url, Options::default())?;
        database.migrate(SCHEMA)?;
        println!("{}", database.engine());
        let works: [(&str, Work); 2] = [
            ("one insert", one_insert),
            ("ledger posting, 4 statements", posting),
        ];
        for (name, work) in works {
            let began = Instant::now();
            let waits = runtime.block_on(write_for_a_while(&database, work));
            print(name, waits, began.elapsed());
        }
        let began = Instant::now();
        let waits = runtime.block_on(read_for_a_while(&database, CLIENTS));
        print("one read", waits, began.elapsed());
        let began = Instant::now();
        let waits = runtime.block_on(read_for_a_while(&database, 1));
        print("one read, one client", waits, began.elapsed());
        println!("  {} MiB", database.size_bytes()? >> 20);
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

async fn write_for_a_while(database: &Database, work: Work) -> Vec<Duration> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let mut clients = Vec::new();
    for client in 0..CLIENTS {
        let database = database.clone();
        clients.push(tokio::spawn(async move {
            let number = u128::try_from(client % COMMUNITIES).unwrap_or_default();
            let community = CommunityId::from_uuid(Uuid::from_u128(number));
            let mut waits = Vec::new();
            let end = Instant::now() + LASTING;
            while Instant::now() < end {
                let began = Instant::now();
                let number = NUMBER.fetch_add(1, Ordering::Relaxed);
                let done = database
                    .write(community, move |tx| work(tx, community, number))
                    .await;
                if let Err(error) = done {
                    println!("  {error}");
                }
                waits.push(began.elapsed());
            }
            waits
        }));
    }
    gather(clients).await
}

async fn read_for_a_while(database: &Database, clients: usize) -> Vec<Duration> {
    let mut reading = Vec::new();
    for client in 0..clients {
        let database = database.clone();
        reading.push(tokio::spawn(async move {
            let mut waits = Vec::new();
            let end = Instant::now() + LASTING;
            while Instant::now() < end {
                let began = Instant::now();
                let number = client + waits.len();
                if let Err(error) = database.read(move |read| read_one(read, number)).await {
                    println!("  {error}");
                }
                waits.push(began.elapsed());
            }
            waits
        }));
    }
    gather(reading).await
}

async fn gather(clients: Vec<tokio::task::JoinHandle<Vec<Duration>>>) -> Vec<Duration> {
    let mut waits = Vec::new();
    for client in clients {
        waits.extend(client.await.unwrap_or_default());
    }
    waits
}

fn print(name: &str, mut waits: Vec<Duration>, lasted: Duration) {
    waits.sort_unstable();
    let at = |percent: usize| {
        let index = (waits.len() * percent / 100).min(waits.len().saturating_sub(1));
        waits.get(index).copied().unwrap_or_default()
    };
    let count = u128::try_from(waits.len()).unwrap_or_default();
    let rate = count * 1_000 / lasted.as_millis().max(1);
    println!("  {name}: {rate}/s, p50 {:?}, p99 {:?}", at(50), at(99));
}
