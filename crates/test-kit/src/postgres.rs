//! A private PostgreSQL server for tests: made in a temporary folder, reached by a Unix socket only, gone with the
//! process that started it, however that ends.

use std::io;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Names a server to use instead of a private one, as `postgres://USER@HOST`, so that many test processes share it.
pub const SERVER_VARIABLE: &str = "LINLI_TEST_POSTGRES";

const PREFIX: &str = "linli-postgres-";

/// What makes a server quick and small; none of it is for data that matters.
const SETTINGS: &str = "\
listen_addresses = ''
max_connections = 400
shared_buffers = 64MB
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
max_wal_size = 1GB
log_min_messages = warning
";

/// A running PostgreSQL server in which a test makes its databases.
pub struct PostgresCluster {
    /// `postgres://user@host`, to which `/name` is added.
    server: String,
    private: Option<Private>,
}

/// A server of our own.
struct Private {
    folder: PathBuf,
    binaries: PathBuf,
    user: Option<User>,
    /// Stops the server and removes the folder as soon as its input ends: when this is dropped, or the process dies.
    watcher: Child,
}

/// Whom the server runs as where the tests run as root, which PostgreSQL refuses.
#[derive(Clone, Debug)]
struct User {
    name: &'static str,
    uid: u32,
}

impl PostgresCluster {
    /// The server that all tests of this process share; `None` where PostgreSQL is not installed.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<PostgresCluster>> = OnceLock::new();
        SHARED.get_or_init(Self::start).as_ref()
    }

    /// Starts a server; `None` where PostgreSQL is not installed.
    ///
    /// # Panics
    ///
    /// If the server is there and does not start: the message holds its words.
    #[expect(clippy::panic, reason = "a test ends where its database can't start")]
    pub fn start() -> Option<Self> {
        if let Ok(server) = std::env::var(SERVER_VARIABLE) {
            return Some(Self {
                server: server.trim_end_matches('/').to_owned(),
                private: None,
            });
        }
        let binaries = binaries()?;
        match Private::start(binaries) {
            Ok(private) => Some(Self {
                server: format!(
                    "postgres://linli@{}",
                    private.folder.display().to_string().replace('/', "%2F")
                ),
                private: Some(private),
            }),
            Err(error) => panic!("PostgreSQL does not start: {error}"),
        }
    }

    /// The address of a new, empty database. Its name begins with `name`; no two are the same.
    ///
    /// # Panics
    ///
    /// If the server refuses: the message holds its words.
    #[expect(clippy::panic, reason = "a test ends where its database can't start")]
    pub fn database(&self, name: &str) -> String {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("{name}_{}_{number}", std::process::id());
        let psql = self
            .private
            .as_ref()
            .map_or_else(|| PathBuf::from("psql"), |own| own.binaries.join("psql"));
        let created = Command::new(psql)
            .args(["--no-psqlrc", "--quiet", "--command"])
            .arg(format!("create database {name} template template0"))
            .arg(format!("{}/postgres", self.server))
            .stdin(Stdio::null())
            .output();
        match created.and_then(|output| said(&output)) {
            Ok(()) => format!("{}/{name}", self.server),
            Err(error) => panic!("PostgreSQL makes no database {name}: {error}"),
        }
    }

    /// Kills the server as a power cut would and starts it again. Does nothing to a server that is not our own.
    ///
    /// # Panics
    ///
    /// If it does not start again: the message holds its words.
    #[expect(clippy::panic, reason = "a test ends where its database can't start")]
    pub fn crash(&self) {
        let restarted = self.private.as_ref().map_or(Ok(()), |own| {
            control(
                &own.binaries,
                own.user.as_ref(),
                &own.folder,
                &["restart", "-m", "immediate"],
            )
        });
        if let Err(error) = restarted {
            panic!("PostgreSQL does not start again: {error}");
        }
    }
}

impl Private {
    fn start(binaries: PathBuf) -> io::Result<Self> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("{PREFIX}{}-{number}", std::process::id()));
        std::fs::create_dir(&folder)?;
        let user = user()?;
        if let Some(user) = &user {
            chown(&folder, Some(user.uid), None)?;
        }
        let watcher = watcher(&binaries, user.as_ref(), &folder)?;
        let private = Self {
            folder,
            binaries,
            user,
            watcher,
        };
        private.make()?;
        Ok(private)
    }

    fn make(&self) -> io::Result<()> {
        let data = self.folder.join("data");
        let mut initdb = command(&self.binaries.join("initdb"), self.user.as_ref());
        initdb
            .args([
                "--no-sync",
                "--auth=trust",
                "--username=linli",
                "--encoding=UTF8",
            ])
            .args(["--locale=C", "--pgdata"])
            .arg(&data);
        said(&initdb.output()?)?;
        let configuration = data.join("postgresql.conf");
        let mut settings = std::fs::read_to_string(&configuration)?;
        settings.push_str(SETTINGS);
        let sockets = self.folder.display();
        settings = format!("{settings}unix_socket_directories = '{sockets}'\n");
        std::fs::write(&configuration, settings)?;
        control(&self.binaries, self.user.as_ref(), &self.folder, &["start"])
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        drop(self.watcher.stdin.take());
        let _ = self.watcher.wait();
    }
}

/// A process that waits for the end of its input, which comes even if this process is killed, and cleans up.
fn watcher(binaries: &Path, user: Option<&User>, folder: &Path) -> io::Result<Child> {
    let script = "read -r _; \
        \"$1/pg_ctl\" stop --silent --mode=immediate --pgdata \"$2/data\" >/dev/null 2>&1; \
        rm -rf \"$2\"";
    let mut shell = command(Path::new("/bin/sh"), user);
    shell
        .args(["-c", script, "linli-postgres-watcher"])
        .arg(binaries)
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // Its own group, so that Ctrl-C ends the tests and not the cleaning up.
        .process_group(0)
        .spawn()
}

fn control(
    binaries: &Path,
    user: Option<&User>,
    folder: &Path,
    arguments: &[&str],
) -> io::Result<()> {
    let mut pg_ctl = command(&binaries.join("pg_ctl"), user);
    // Its output goes nowhere: the server inherits it and would keep a pipe open.
    let status = pg_ctl
        .args(arguments)
        .args(["--silent", "--wait", "--pgdata"])
        .arg(folder.join("data"))
        .arg("--log")
        .arg(folder.join("log"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    if status.success() {
        return Ok(());
    }
    let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
    Err(io::Error::other(log))
}

fn command(program: &Path, user: Option<&User>) -> Command {
    let mut command = match user {
        Some(user) => {
            let mut command = Command::new("runuser");
            command.args(["-u", user.name, "--"]).arg(program);
            command
        }
        None => Command::new(program),
    };
    command.stdin(Stdio::null()).current_dir("/");
    command
}

/// Another user, if this process is root's.
fn user() -> io::Result<Option<User>> {
    if std::fs::metadata("/proc/self")?.uid() != 0 {
        return Ok(None);
    }
    for name in ["postgres", "nobody"] {
        let id = Command::new("id").args(["-u", name]).output()?;
        if let Ok(uid) = String::from_utf8_lossy(&id.stdout).trim().parse() {
            return Ok(Some(User { name, uid }));
        }
    }
    Err(io::Error::other("no user postgres or nobody to run it as"))
}

/// Where the server's programs are: the newest of Debian's, or those on the path.
fn binaries() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql");
    let mut versions: Vec<PathBuf> = debian
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .collect();
    versions.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    versions
        .into_iter()
        .rev()
        .chain(std::env::split_paths(&path))
        .find(|folder| folder.join("initdb").exists() && folder.join("pg_ctl").exists())
}

fn said(output: &Output) -> io::Result<()> {
    if output.status.success() {
        Ok(())
    } else {
        Err(io::Error::other(
            String::from_utf8_lossy(&output.stderr).into_owned(),
        ))
    }
}
