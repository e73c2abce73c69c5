//! A folder with databases and key files, and the program run in it.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use db::{Database, Options};
use kernel::CommunityId;

/// What the program may take before it counts as running on: a server that should have refused.
const ENDS_WITHIN: Duration = Duration::from_mins(1);

/// A folder, gone with the value.
pub(crate) struct Place(PathBuf);

impl Place {
    pub(crate) fn new(name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("linli-opening-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub(crate) fn path(&self, file: &str) -> String {
        self.0.join(file).display().to_string()
    }

    pub(crate) fn has(&self, file: &str) -> bool {
        self.0.join(file).exists()
    }

    /// The names of what lies in the folder.
    pub(crate) fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    /// What a command that must fail says, with a SQLite file of the folder.
    pub(crate) fn refused(&self, file: &str, keys: &str, arguments: &[&str]) -> String {
        self.refused_at(&format!("sqlite:{}", self.path(file)), keys, arguments)
    }

    /// What a command that must fail says: one sentence to the standard error, and no panic.
    pub(crate) fn refused_at(&self, database: &str, keys: &str, arguments: &[&str]) -> String {
        let output = self.run(database, keys, arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(
            said.contains("linli: ") && !said.contains("panicked"),
            "{said}"
        );
        said
    }

    /// What a command that must succeed prints.
    pub(crate) fn done_at(&self, database: &str, keys: &str, arguments: &[&str]) -> String {
        let output = self.run(database, keys, arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// A community and an administrator, so that something was recorded and sealed.
    pub(crate) fn community(&self, database: &str, keys: &str) {
        self.done_at(
            database,
            keys,
            &[
                "admin",
                "create-community",
                "--name",
                "鉴湖花园",
                "--place",
                "330602",
            ],
        );
        self.done_at(
            database,
            keys,
            &[
                "admin",
                "create-administrator",
                "--login",
                "chen",
                "--name",
                "陈建国",
            ],
        );
    }

    fn run(&self, database: &str, keys: &str, arguments: &[&str]) -> Output {
        // A name in a restore or backup is meant within the folder, where the program runs.
        let mut process = Command::new(env!("CARGO_BIN_EXE_linli"))
            .args(arguments)
            .args(["--database", database, "--keys", keys])
            .args(if arguments == ["serve"] {
                &["--listen", "127.0.0.1:0"][..]
            } else {
                &[]
            })
            .current_dir(&self.0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let password = if keys == "new.keys" {
            "short"
        } else {
            "three lanterns by the canal"
        };
        // Who asks for no password may have ended before it is written.
        let _ = process.stdin.take().unwrap().write_all(password.as_bytes());
        let started = Instant::now();
        while process.try_wait().unwrap().is_none() {
            if started.elapsed() > ENDS_WITHIN {
                process.kill().unwrap();
                panic!("{arguments:?} still runs");
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        process.wait_with_output().unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The same on SQLite and, where it is installed, on PostgreSQL: a new database's address each.
pub(crate) fn both_engines(name: &str, body: impl Fn(&Place, &str)) {
    let place = Place::new(name);
    body(&place, &format!("sqlite:{}", place.path("linli.db")));
    match test_kit::PostgresCluster::shared() {
        Some(cluster) => body(
            &Place::new(&format!("{name}-postgres")),
            &cluster.database(name),
        ),
        None => eprintln!("PostgreSQL is not installed: SQLite alone was tried"),
    }
}

/// Makes a database what versions without the mark of its keys left.
pub(crate) fn as_before_the_mark(database: &str) {
    change(
        database,
        &[
            "drop table journal_keys",
            "delete from schema_migration where module = 'journal' and version = 3",
        ],
    );
}

/// Takes the mark of the keys away.
pub(crate) fn unmarked(database: &str) {
    change(database, &["delete from journal_keys"]);
}

/// Whether the keys of a database are marked.
pub(crate) fn is_marked(database: &str) -> bool {
    let opened = Database::open(database, Options::default()).unwrap();
    let rows = opened.read_blocking(|read| read.query("select 1 from journal_keys", &[]));
    opened.close();
    !rows.unwrap().is_empty()
}

fn change(database: &str, statements: &'static [&'static str]) {
    let opened = Database::open(database, Options::default()).unwrap();
    let changed = opened.write_blocking(CommunityId::CITY, move |tx| {
        for statement in statements {
            tx.execute(statement, &[])?;
        }
        Ok::<_, db::Error>(())
    });
    changed.unwrap();
    opened.close();
}
