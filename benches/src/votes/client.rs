//! A load of prepared HTTP requests over kept connections; it does as little as it can, because it shares the cores.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// A request's bytes.
pub(crate) type Request = Vec<u8>;

/// What to send: each connection its own pair of requests, in turn.
pub(crate) struct Load<'a> {
    address: &'a str,
    pairs: &'a [[Request; 2]],
    time: Duration,
    per_second: Option<f64>,
}

/// What came of it.
pub(crate) struct Answered {
    took: Duration,
    latencies: Vec<Duration>,
}

impl Answered {
    /// Answers a second.
    pub(crate) fn per_second(&self) -> f64 {
        f64::from(u32::try_from(self.latencies.len()).unwrap_or(u32::MAX)) / self.took.as_secs_f64()
    }

    /// The latency that this percentage of answers kept.
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        let mut sorted = self.latencies.clone();
        sorted.sort_unstable();
        sorted
            .get(sorted.len() * percent / 100)
            .copied()
            .unwrap_or_default()
    }
}

impl<'a> Load<'a> {
    /// As fast as the answers come.
    pub(crate) const fn full(address: &'a str, pairs: &'a [[Request; 2]], time: Duration) -> Self {
        Self {
            address,
            pairs,
            time,
            per_second: None,
        }
    }

    /// At this rate over all connections; latency counts from when a request was due.
    pub(crate) const fn paced(
        address: &'a str,
        pairs: &'a [[Request; 2]],
        time: Duration,
        per_second: f64,
    ) -> Self {
        Self {
            address,
            pairs,
            time,
            per_second: Some(per_second),
        }
    }

    /// Sends it.
    pub(crate) async fn run(&self) -> anyhow::Result<Answered> {
        let connections = u32::try_from(self.pairs.len())?;
        let every = self
            .per_second
            .map(|rate| Duration::from_secs_f64(f64::from(connections) / rate));
        let mut running = JoinSet::new();
        let started = Instant::now();
        for (place, pair) in (0_u32..).zip(self.pairs) {
            let stream = TcpStream::connect(self.address).await?;
            stream.set_nodelay(true)?;
            let offset = every
                .map(|every| every * place / connections)
                .unwrap_or_default();
            let pace = every.map(|every| (started + offset, every));
            running.spawn(connection(stream, pair.clone(), started + self.time, pace));
        }
        let mut latencies = Vec::new();
        while let Some(done) = running.join_next().await {
            latencies.extend(done??);
        }
        Ok(Answered {
            took: started.elapsed(),
            latencies,
        })
    }
}

async fn connection(
    mut stream: TcpStream,
    pair: [Request; 2],
    until: Instant,
    pace: Option<(Instant, Duration)>,
) -> anyhow::Result<Vec<Duration>> {
    let mut latencies = Vec::new();
    let mut buffer = Vec::with_capacity(4096);
    for (turn, request) in (0_u32..).zip(pair.iter().cycle()) {
        let due = match pace {
            Some((first, every)) => {
                let due = first + every * turn;
                tokio::time::sleep_until(due.into()).await;
                due
            }
            None => Instant::now(),
        };
        if due >= until {
            break;
        }
        stream.write_all(request).await?;
        answer(&mut stream, &mut buffer).await?;
        latencies.push(due.elapsed());
    }
    Ok(latencies)
}

/// Reads one answer with a Content-Length and refuses any that is not a success.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> anyhow::Result<()> {
    buffer.clear();
    loop {
        anyhow::ensure!(
            stream.read_buf(buffer).await? > 0,
            "the server closed the connection"
        );
        let Some(head) = buffer.windows(4).position(|window| window == b"\r\n\r\n") else {
            continue;
        };
        let text = std::str::from_utf8(buffer.get(..head).unwrap_or_default())?;
        anyhow::ensure!(
            text.starts_with("HTTP/1.1 20"),
            "the server answers {}",
            String::from_utf8_lossy(buffer)
        );
        let length = text
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .context("an answer without Content-Length")?;
        let end = head + 4 + length.1.trim().parse::<usize>()?;
        while buffer.len() < end {
            anyhow::ensure!(
                stream.read_buf(buffer).await? > 0,
                "the server closed the connection"
            );
        }
        return Ok(());
    }
}
