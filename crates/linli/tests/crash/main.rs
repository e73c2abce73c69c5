//! kill -9 while votes come in: after the restart no acknowledged vote is missing, none is counted twice, and the
//! record proves itself. `cargo xtask crash` runs more rounds than these.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unused_self,
    clippy::format_push_string,
    reason = "a test stops at the first surprise"
)]

mod http;
mod load;
mod record;
mod server;

use std::time::Duration;

use crate::load::{Load, Made};
use crate::record::Record;
use crate::server::City;

/// How many rounds a plain `cargo test` runs.
const ROUNDS: u64 = 2;

#[test]
fn kill_nine_loses_and_doubles_no_vote_on_sqlite() {
    try_to_lose_votes(&City::on_sqlite());
}

#[test]
fn kill_nine_loses_and_doubles_no_vote_on_postgresql() {
    let Some(cluster) = test_kit::PostgresCluster::shared() else {
        eprintln!("PostgreSQL is not installed: nothing was tried");
        return;
    };
    try_to_lose_votes(&City::on_postgres(&cluster.database("crash")));
}

fn try_to_lose_votes(city: &City) {
    let rounds =
        std::env::var("LINLI_CRASH_ROUNDS").map_or(ROUNDS, |rounds| rounds.parse().unwrap());
    let mut server = city.serve();
    let load = Load::prepare(city, &server);
    let record = Record::before(city, load.community());
    let mut acknowledged = Vec::new();
    for round in 0..rounds {
        let running = load.start(&server, round);
        // Somewhere within a quarter of a second of full load, elsewhere in each round.
        std::thread::sleep(Duration::from_millis(300 + round.wrapping_mul(7919) % 241));
        server.kill();
        let Made { votes, unanswered } = running.wait();
        assert!(
            !votes.is_empty(),
            "round {round}: nothing was acknowledged before the kill"
        );
        println!(
            "{} round {round}: {} acknowledged, {} unanswered",
            city.name(),
            votes.len(),
            unanswered.len()
        );
        city.verify();
        record.holds_each_once(&votes);
        acknowledged.extend(votes);

        server = city.serve();
        // Whoever got no answer asks again with the same key, and is told once what stands.
        acknowledged.extend(load.repeat(&server, unanswered));
        // Whoever got one and asks again is told the same.
        load.asks_again_and_hears_the_same(&server, &acknowledged);
        record.holds_nothing_but(&acknowledged);
        load.every_owner_sees_their_last_vote(&server, &acknowledged);
    }
    server.stop();
    city.verify();
    record.holds_each_once(&acknowledged);
    record.holds_nothing_but(&acknowledged);
}
