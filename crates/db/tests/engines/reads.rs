//! Readers: one snapshot a question, and nothing is written.

use std::sync::atomic::{AtomicU64, Ordering};

use db::{Engine, Error, Options};

use crate::open::{COUNT, INSERT, Open, community, count, thing};

on_both_engines!(
    a_question_sees_one_snapshot_while_others_write,
    a_reader_may_not_write,
    questions_are_answered_beside_each_other,
    a_database_tells_its_size_and_health,
    readers_share_what_they_remember_and_a_transaction_has_none_of_it,
);

fn a_question_sees_one_snapshot_while_others_write(open: &Open) {
    let database = open(Options::default());
    let writer = database.clone();
    let seen = database.read_blocking(move |read| {
        let before: i64 = read
            .query_one(COUNT, &[community(1).into()])?
            .unwrap()
            .get(0)?;
        std::thread::spawn(move || {
            writer.write_blocking(community(1), |tx| tx.execute(INSERT, &thing(1, 1)))
        })
        .join()
        .unwrap()?;
        let after: i64 = read
            .query_one(COUNT, &[community(1).into()])?
            .unwrap()
            .get(0)?;
        Ok::<_, Error>((before, after))
    });
    assert_eq!(seen, Ok((0, 0)));
    assert_eq!(count(&database, 1), 1);
}

fn a_reader_may_not_write(open: &Open) {
    let database = open(Options::default());
    let sql = "insert into thing (community_id, id, name) values ($1, $2, $3) returning id";
    let refused = database.read_blocking(move |read| read.query(sql, &thing(1, 1)));
    assert!(
        matches!(refused, Err(Error::Statement { .. })),
        "{refused:?}"
    );
    assert_eq!(count(&database, 1), 0);
}

fn questions_are_answered_beside_each_other(open: &Open) {
    let database = open(Options {
        readers: 2,
        ..Options::default()
    });
    let inner = database.clone();
    let (sender, receiver) = std::sync::mpsc::channel::<()>();
    let slow = std::thread::spawn(move || {
        inner.read_blocking(move |read| {
            let _ = receiver.recv();
            read.query("select 1", &[]).map(|rows| rows.len())
        })
    });
    for _ in 0..20 {
        assert_eq!(count(&database, 1), 0);
    }
    drop(sender);
    assert_eq!(slow.join().unwrap(), Ok(1));
}

fn a_database_tells_its_size_and_health(open: &Open) {
    let database = open(Options::default());
    assert_eq!(database.check(), Ok(()));
    assert!(database.size_bytes().unwrap() > 4_096);
    let folder = std::env::temp_dir().join(format!("linli-backup-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("copy.sqlite");
    database
        .write_blocking(community(1), |tx| tx.execute(INSERT, &thing(1, 1)))
        .unwrap();
    match database.engine() {
        Engine::Sqlite => {
            database.backup(&path).unwrap();
            let refused = database.backup(&path).unwrap_err();
            assert!(refused.to_string().contains("exists already"), "{refused}");
            let url = format!("sqlite:{}", path.display());
            let copy = db::Database::open(&url, Options::default()).unwrap();
            assert_eq!(count(&copy, 1), 1);
        }
        Engine::Postgres => {
            let refused = database.backup(&path).unwrap_err();
            assert!(refused.to_string().contains("pg_dump"), "{refused}");
        }
    }
    let _ = std::fs::remove_dir_all(&folder);
}

fn readers_share_what_they_remember_and_a_transaction_has_none_of_it(open: &Open) {
    let (database, other) = (open(Options::default()), open(Options::default()));
    let next = |database: &db::Database| {
        let counted = database.read_blocking(|read| {
            let count = read.remembered().unwrap().entry::<AtomicU64>();
            Ok::<_, Error>(count.fetch_add(1, Ordering::Relaxed))
        });
        counted.unwrap()
    };
    assert_eq!(
        [next(&database), next(&database), next(&database)],
        [0, 1, 2]
    );
    assert_eq!(next(&other), 0, "each database has its own");
    let none =
        database.write_blocking(community(1), |tx| Ok::<_, Error>(tx.remembered().is_none()));
    assert_eq!(none, Ok(true));
}
