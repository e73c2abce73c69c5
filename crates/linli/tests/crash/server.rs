//! The real binary as a process of its own, over a made-up city.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::http::Client;

const BINARY: &str = env!("CARGO_BIN_EXE_linli");
const STARTS_WITHIN: Duration = Duration::from_mins(1);

/// A demo city's database and keys, in a folder that goes with it.
pub(crate) struct City {
    folder: PathBuf,
    database: String,
}

impl City {
    pub(crate) fn on_sqlite() -> Self {
        let folder = folder();
        let database = format!("sqlite:{}", folder.join("linli.db").display());
        Self { folder, database }.made()
    }

    pub(crate) fn on_postgres(database: &str) -> Self {
        Self {
            folder: folder(),
            database: database.to_owned(),
        }
        .made()
    }

    fn made(self) -> Self {
        let made = Command::new(BINARY)
            .args([
                "demo",
                "--prepare-only",
                "--database",
                &self.database,
                "--data",
            ])
            .arg(&self.folder)
            .output()
            .unwrap();
        succeeded("linli demo", &made);
        self
    }

    /// What the output calls it.
    pub(crate) fn name(&self) -> &str {
        self.database.split(':').next().unwrap()
    }

    /// The database's address.
    pub(crate) fn database(&self) -> &str {
        &self.database
    }

    /// Starts the server and waits until it answers.
    pub(crate) fn serve(&self) -> Server {
        let address = free_address();
        let process = self
            .command(&["serve", "--log", "warn", "--listen", &address.to_string()])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut server = Server { process, address };
        server.wait();
        server
    }

    /// Gives a login the password.
    pub(crate) fn set_password(&self, login: &str, password: &str) {
        let mut process = self
            .command(&[
                "admin",
                "set-password",
                "--reason",
                "crash test",
                "--login",
                login,
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        std::io::Write::write_all(&mut process.stdin.take().unwrap(), password.as_bytes()).unwrap();
        succeeded(
            "linli admin set-password",
            &process.wait_with_output().unwrap(),
        );
    }

    /// `linli verify` proves every community's record, or the test ends.
    pub(crate) fn verify(&self) {
        let proved = self.command(&["verify"]).output().unwrap();
        succeeded("linli verify", &proved);
        assert!(String::from_utf8_lossy(&proved.stdout).contains(" secret ballots, "));
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command
            .args(arguments)
            .args(["--database", &self.database, "--keys"])
            .arg(self.folder.join("linli.keys"));
        command
    }
}

impl Drop for City {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A running server.
pub(crate) struct Server {
    process: Child,
    address: SocketAddr,
}

impl Server {
    /// A connection to it.
    pub(crate) fn client(&self, token: &str) -> Client {
        Client::new(self.address, token)
    }

    /// SIGKILL: no handler runs, no buffer is written.
    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// SIGTERM: finishes what it has taken, then ends well.
    pub(crate) fn stop(mut self) {
        let asked = Command::new("kill")
            .arg(self.process.id().to_string())
            .status()
            .unwrap();
        assert!(asked.success());
        let status = self.process.wait().unwrap();
        assert!(status.success(), "the server ended with {status}");
    }

    fn wait(&mut self) {
        let started = Instant::now();
        while started.elapsed() < STARTS_WITHIN {
            if let Some(status) = self.process.try_wait().unwrap() {
                panic!("the server ended with {status}");
            }
            if self
                .client("")
                .get("/readyz")
                .is_ok_and(|answer| answer.status == 200)
            {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the server is not ready after {STARTS_WITHIN:?}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn folder() -> PathBuf {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("linli-crash-{}-{number}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    folder
}

fn free_address() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
}

fn succeeded(what: &str, output: &Output) {
    let said = [&output.stdout[..], &output.stderr[..]].concat();
    assert!(
        output.status.success(),
        "{what}: {}",
        String::from_utf8_lossy(&said)
    );
}
