//! SQLite's write-ahead log: what is committed reaches the database's file while it stays open.

use std::time::{Duration, Instant};

use db::{Database, Options};

use crate::open::{INSERT, SCHEMA, community, thing};

#[test]
fn commits_reach_the_file_of_an_open_database() {
    let folder = std::env::temp_dir().join(format!("linli-db-log-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("linli.db");
    let url = format!("sqlite:{}", path.display());
    let database = Database::open(&url, Options::default()).unwrap();
    database.migrate(SCHEMA).unwrap();
    let length = || std::fs::metadata(&path).unwrap().len();
    let before = length();
    let wrote = database.write_blocking(community(1), |tx| {
        (0..5_000).try_for_each(|id| tx.execute(INSERT, &thing(1, id)).map(drop))
    });
    assert_eq!(wrote, Ok(()));
    let patience = Instant::now() + Duration::from_secs(30);
    while length() < before + 200_000 {
        assert!(Instant::now() < patience, "the log was never moved");
        std::thread::sleep(Duration::from_millis(20));
    }
    database.close();
    std::fs::remove_dir_all(&folder).unwrap();
}
