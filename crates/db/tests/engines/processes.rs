//! Several openings of one database, as by several processes, and servers that go away.

use db::{Database, Error, Options, Tx};
use test_kit::PostgresCluster;

use crate::open::{COUNT, INSERT, SCHEMA, community, count, is_postgres_here, thing};

/// The next position, as a lane remembers it.
#[derive(Default)]
struct Next(Option<i64>);

/// Appends at the next position, which the primary key guards.
fn append(tx: &mut dyn Tx) -> Result<i64, Error> {
    let next = match tx.cache().entry::<Next>().0 {
        Some(next) => next,
        None => tx
            .query_one(COUNT, &[community(1).into()])?
            .unwrap()
            .get(0)?,
    };
    tx.execute(INSERT, &thing(1, next))?;
    tx.cache().entry::<Next>().0 = Some(next + 1);
    Ok(next)
}

/// Appends as a caller does who is told that another change came in between: tries again. On a busy machine the lane's
/// own repetitions can run out.
fn append_in_the_end(database: &Database) {
    for _ in 0..100 {
        match database.write_blocking(community(1), append) {
            Err(Error::Conflict) => std::thread::yield_now(),
            other => {
                other.unwrap();
                return;
            }
        }
    }
    panic!("a hundred tries met a hundred conflicts");
}

fn append_from_two(url: &str) {
    let options = Options {
        contended_tables: &["thing"],
        ..Options::default()
    };
    let one = Database::open(url, options.clone()).unwrap();
    let two = Database::open(url, options).unwrap();
    one.migrate(SCHEMA).unwrap();
    // In turns, so that each finds its memory out of date.
    for turn in 0..20 {
        let database = if turn % 2 == 0 { &one } else { &two };
        assert_eq!(database.write_blocking(community(1), append), Ok(turn));
    }
    // At once.
    let threads: Vec<_> = [one.clone(), two]
        .into_iter()
        .map(|database| {
            std::thread::spawn(move || {
                for _ in 0..100 {
                    append_in_the_end(&database);
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(count(&one, 1), 220);
}

#[test]
fn two_processes_append_to_one_journal_on_sqlite() {
    let folder = std::env::temp_dir().join(format!("linli-two-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    append_from_two(&format!("sqlite:{}/two.sqlite", folder.display()));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn two_processes_append_to_one_journal_on_postgres() {
    if is_postgres_here() {
        append_from_two(&crate::open::postgres_url());
    }
}

#[test]
fn a_stale_memory_is_noticed_once_without_a_contended_table() {
    if !is_postgres_here() {
        return;
    }
    let url = crate::open::postgres_url();
    let one = Database::open(&url, Options::default()).unwrap();
    let two = Database::open(&url, Options::default()).unwrap();
    one.migrate(SCHEMA).unwrap();
    for turn in 0..10 {
        let database = if turn % 2 == 0 { &one } else { &two };
        assert_eq!(database.write_blocking(community(1), append), Ok(turn));
    }
}

#[test]
fn a_server_that_was_killed_is_found_again_with_all_it_acknowledged() {
    if std::env::var(test_kit::SERVER_VARIABLE).is_ok() {
        return;
    }
    let Some(cluster) = PostgresCluster::start() else {
        return;
    };
    let database = Database::open(&cluster.database("db"), Options::default()).unwrap();
    database.migrate(SCHEMA).unwrap();
    for round in 0..3 {
        for n in 1..=8 {
            let write = database
                .write_blocking(community(n), move |tx| tx.execute(INSERT, &thing(n, round)));
            assert_eq!(write, Ok(1), "round {round}");
        }
        cluster.crash();
        assert_eq!(database.check(), Ok(()), "round {round}");
    }
    for n in 1..=8 {
        assert_eq!(count(&database, n), 3);
    }
}

#[test]
fn a_server_that_is_gone_is_an_error_and_not_a_wait() {
    let Some(cluster) = PostgresCluster::start() else {
        return;
    };
    if std::env::var(test_kit::SERVER_VARIABLE).is_ok() {
        return;
    }
    let database = Database::open(&cluster.database("db"), Options::default()).unwrap();
    database.migrate(SCHEMA).unwrap();
    drop(cluster);
    let write = database.write_blocking(community(1), |tx| tx.execute(INSERT, &thing(1, 1)));
    assert!(matches!(write, Err(Error::Unavailable { .. })), "{write:?}");
    let read = database.read_blocking(|read| read.query("select 1", &[]));
    assert!(matches!(read, Err(Error::Unavailable { .. })), "{read:?}");
}

#[test]
fn a_database_that_can_not_be_opened_says_why() {
    let opened = Database::open("sqlite:/nowhere/at/all.sqlite", Options::default());
    let error = opened.err().unwrap();
    assert!(
        error.to_string().contains("/nowhere/at/all.sqlite"),
        "{error}"
    );
    let opened = Database::open("postgres://nobody@127.0.0.1:1/none", Options::default());
    assert!(matches!(opened.err(), Some(Error::Unavailable { .. })));
}
