//! A vote through HTTP, with session, permission, transaction and journal, beside an empty handler on the same server.

mod client;
mod site;

use std::time::Duration;

use test_kit::PostgresCluster;

use crate::line::{Line, RUNS, median_number};
use client::{Load, Request};
use site::Site;

/// How long each run loads the server.
const RUN: Duration = Duration::from_secs(3);
/// How many connections vote side by side.
const CONNECTIONS: usize = 256;

/// On SQLite and, where it is installed, on PostgreSQL.
pub(crate) fn through_http() -> anyhow::Result<Vec<Line>> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let folder = std::env::temp_dir().join(format!("linli-bench-votes-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let url = format!("sqlite:{}", folder.join("linli.db").display());
    let mut lines = runtime.block_on(measure("SQLite", &url))?;
    match PostgresCluster::shared() {
        Some(cluster) => {
            lines.extend(runtime.block_on(measure("PostgreSQL", &cluster.database("bench")))?);
        }
        None => eprintln!("not measured: votes on PostgreSQL, which is not installed"),
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(lines)
}

async fn measure(engine: &str, url: &str) -> anyhow::Result<Vec<Line>> {
    let site = Site::open(url, CONNECTIONS).await?;
    let votes: Vec<[Request; 2]> = site.vote_requests();
    let nothing = vec![[site.empty_request(), site.empty_request()]; CONNECTIONS];
    Load::full(&site.address, &votes, RUN / 3).run().await?;
    let (mut ours, mut limit) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        limit.push(
            Load::full(&site.address, &nothing, RUN)
                .run()
                .await?
                .per_second(),
        );
        ours.push(
            Load::full(&site.address, &votes, RUN)
                .run()
                .await?
                .per_second(),
        );
    }
    let (ours, limit) = (median_number(ours), median_number(limit));
    let half = Load::paced(&site.address, &votes, RUN, ours / 2.0)
        .run()
        .await?;
    let p99 = half.percentile(99);
    site.check().await?;
    Ok(vec![
        Line {
            work: format!("vote through HTTP on {engine}, {CONNECTIONS} connections"),
            ours: format!("{ours:.0}/s"),
            reference: format!("{limit:.0}/s"),
            reference_name: "empty handler, same server".to_owned(),
            ratio: Some(ours / limit),
            goal: "≥ 0.35".to_owned(),
            ok: Some(ours / limit >= 0.35),
        },
        Line {
            work: format!("the same at half load on {engine}, p99"),
            ours: format!("{:.1} ms", p99.as_secs_f64() * 1000.0),
            reference: format!("{:.0}/s", half.per_second()),
            reference_name: "paced".to_owned(),
            ratio: None,
            goal: "< 20 ms".to_owned(),
            ok: Some(p99 < Duration::from_millis(20)),
        },
    ])
}
