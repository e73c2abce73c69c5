//! The program as a process: start to the first page, memory when idle, size of the binary.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::line::{Line, RUNS, median, milliseconds};

const MEGABYTE: u64 = 1_000_000;

/// Start to the first page with an empty database, memory, size.
pub(crate) fn start() -> anyhow::Result<Vec<Line>> {
    let binary = binary()?;
    let size = std::fs::metadata(&binary)?.len();
    let (mut times, mut memory) = (Vec::new(), 0);
    for _ in 0..RUNS {
        let (took, resident) = one_start(&binary)?;
        times.push(took);
        memory = memory.max(resident);
    }
    let took = median(times);
    let line = |work: &str, ours: String, goal: &str, ok: bool| Line {
        work: work.to_owned(),
        ours,
        reference: String::new(),
        reference_name: String::new(),
        ratio: None,
        goal: goal.to_owned(),
        ok: Some(ok),
    };
    Ok(vec![
        line(
            "start to first page, empty database",
            milliseconds(took),
            "< 500 ms",
            took < Duration::from_millis(500),
        ),
        line(
            "binary size",
            format!("{} MB", size / MEGABYTE),
            "< 60 MB",
            size < 60 * MEGABYTE,
        ),
        line(
            "memory when idle",
            format!("{} MB", memory / MEGABYTE),
            "< 60 MB",
            memory < 60 * MEGABYTE,
        ),
    ])
}

/// `LINLI_BINARY`, or the `linli` beside this program.
fn binary() -> anyhow::Result<PathBuf> {
    let named = std::env::var_os("LINLI_BINARY").map(PathBuf::from);
    let beside = std::env::current_exe()?.with_file_name("linli");
    let binary = named.unwrap_or(beside);
    anyhow::ensure!(
        binary.exists(),
        "there is no {}; build it with cargo build --release -p linli",
        binary.display()
    );
    Ok(binary)
}

fn one_start(binary: &PathBuf) -> anyhow::Result<(Duration, u64)> {
    let folder = std::env::temp_dir().join(format!("linli-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let address = format!("127.0.0.1:{}", free_port()?);
    let started = Instant::now();
    let mut child = Command::new(binary)
        .args(["serve", "--listen", &address])
        .arg("--database")
        .arg(format!("sqlite:{}", folder.join("linli.db").display()))
        .arg("--keys")
        .arg(folder.join("linli.keys"))
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("can't start {}", binary.display()))?;
    let answered = first_page(&address, started);
    let resident = resident_bytes(&child);
    stop(&mut child);
    std::fs::remove_dir_all(&folder)?;
    Ok((answered?, resident?))
}

fn free_port() -> anyhow::Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?
        .local_addr()?
        .port())
}

fn first_page(address: &str, started: Instant) -> anyhow::Result<Duration> {
    while started.elapsed() < Duration::from_secs(20) {
        if let Ok(mut stream) = TcpStream::connect(address) {
            write!(
                stream,
                "GET /sign-in HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
            )?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            anyhow::ensure!(
                answer.starts_with("HTTP/1.1 200"),
                "the first page answers {answer:.40}"
            );
            return Ok(started.elapsed());
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    anyhow::bail!("no page within 20 s")
}

fn resident_bytes(child: &Child) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()))?;
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .context("no VmRSS in /proc")?;
    let kilobytes: u64 = line
        .split_whitespace()
        .nth(1)
        .context("VmRSS has a number")?
        .parse()?;
    Ok(kilobytes * 1024)
}

fn stop(child: &mut Child) {
    // A process that is gone already needs no stopping.
    let _ = child.kill();
    let _ = child.wait();
}
