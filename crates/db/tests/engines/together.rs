//! Commands of a kind, which the lane runs as one where they wait next to each other.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use db::{Answers, Database, Error, Options, Together, Tx, Value};

use crate::lanes::{hold_lane, runtime};
use crate::open::{INSERT, Open, community, count, thing};

on_both_engines!(
    commands_that_wait_together_run_as_one,
    one_that_is_refused_leaves_its_neighbours_alone,
    a_group_with_a_taken_key_is_tried_one_by_one,
    a_group_with_a_panic_is_tried_one_by_one,
    groups_are_of_one_community,
    rows_replace_what_stands_and_are_found_by_the_many,
);

const INSERT_MANY: &str = "insert into thing (community_id, id, name)";
const NAMES: &str = "with asked (place, community_id, id) as (values $rows(bigint, bytea, bigint)) \
    select asked.place, thing.name from asked \
    join thing on thing.community_id = asked.community_id and thing.id = asked.id";
const PUT: &str = "insert into thing (community_id, id, name) values $rows \
    on conflict (community_id, id) do update set name = excluded.name";

/// Puts a thing; how often it ran alone and in which groups is counted.
#[derive(Clone)]
struct Put {
    community: u128,
    id: i64,
    alone: Arc<AtomicUsize>,
    largest: Arc<AtomicUsize>,
}

/// The test's own reasons.
#[derive(Debug, PartialEq)]
enum Refusal {
    Negative,
    Database(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

impl Put {
    fn new() -> Self {
        Self {
            community: 1,
            id: 0,
            alone: Arc::default(),
            largest: Arc::default(),
        }
    }

    fn of(&self, id: i64) -> Self {
        Self { id, ..self.clone() }
    }

    fn check(&self) -> Result<(), Refusal> {
        assert_ne!(self.id, 13, "a defect of the test's own");
        if self.id < 0 {
            return Err(Refusal::Negative);
        }
        Ok(())
    }
}

impl Together for Put {
    type Answer = i64;
    type Error = Refusal;

    fn run(&self, tx: &mut dyn Tx) -> Result<i64, Refusal> {
        self.alone.fetch_add(1, Ordering::SeqCst);
        self.check()?;
        tx.execute(INSERT, &thing(self.community, self.id))?;
        Ok(self.id)
    }

    fn run_together(commands: &[&Self], tx: &mut dyn Tx) -> Answers<Self> {
        for command in commands {
            command.largest.fetch_max(commands.len(), Ordering::SeqCst);
        }
        let checked: Vec<Result<i64, Refusal>> = commands
            .iter()
            .map(|command| command.check().map(|()| command.id))
            .collect();
        let rows: Vec<Vec<Value>> = commands
            .iter()
            .filter(|command| command.id >= 0)
            .map(|command| thing(command.community, command.id).to_vec())
            .collect();
        tx.insert_many(INSERT_MANY, &rows)?;
        Ok(checked)
    }
}

/// Sends them all while the lane is busy, and then lets it work.
fn send(database: &Database, commands: Vec<Put>) -> Vec<Result<i64, Refusal>> {
    let release = hold_lane(database);
    let runtime = runtime();
    let sent: Vec<_> = commands
        .into_iter()
        .map(|command| {
            let database = database.clone();
            let community = community(command.community);
            let answer =
                runtime.spawn(async move { database.write_together(community, command).await });
            // In order: each is in the queue before the next is sent.
            std::thread::sleep(std::time::Duration::from_millis(5));
            answer
        })
        .collect();
    drop(release);
    sent.into_iter()
        .map(|answer| runtime.block_on(answer).unwrap())
        .collect()
}

fn commands_that_wait_together_run_as_one(open: &Open) {
    let database = open(Options::default());
    let put = Put::new();
    let answers = send(&database, (21..=40).map(|id| put.of(id)).collect());
    assert_eq!(answers, (21..=40).map(Ok).collect::<Vec<_>>());
    assert_eq!(count(&database, 1), 20);
    assert!(put.largest.load(Ordering::SeqCst) > 1);
    assert!(put.alone.load(Ordering::SeqCst) < 20);
}

fn one_that_is_refused_leaves_its_neighbours_alone(open: &Open) {
    let database = open(Options::default());
    let put = Put::new();
    let answers = send(&database, [1, -2, 3, 4].map(|id| put.of(id)).to_vec());
    assert_eq!(answers, [Ok(1), Err(Refusal::Negative), Ok(3), Ok(4)]);
    assert_eq!(count(&database, 1), 3);
    assert!(put.largest.load(Ordering::SeqCst) > 1);
}

fn a_group_with_a_taken_key_is_tried_one_by_one(open: &Open) {
    let database = open(Options::default());
    let put = Put::new();
    let answers = send(&database, [1, 2, 1, 3].map(|id| put.of(id)).to_vec());
    assert_eq!(
        (&answers[0], &answers[1], &answers[3]),
        (&Ok(1), &Ok(2), &Ok(3))
    );
    assert!(
        matches!(answers[2], Err(Refusal::Database(Error::Duplicate { .. }))),
        "{answers:?}"
    );
    assert_eq!(count(&database, 1), 3);
}

fn a_group_with_a_panic_is_tried_one_by_one(open: &Open) {
    let database = open(Options::default());
    let put = Put::new();
    let answers = send(&database, [1, 13, 2].map(|id| put.of(id)).to_vec());
    assert_eq!((&answers[0], &answers[2]), (&Ok(1), &Ok(2)));
    assert!(
        matches!(answers[1], Err(Refusal::Database(Error::Panicked { .. }))),
        "{answers:?}"
    );
    assert_eq!(count(&database, 1), 2);
}

fn groups_are_of_one_community(open: &Open) {
    let lanes = 1;
    let database = open(Options {
        lanes,
        ..Options::default()
    });
    let put = Put::new();
    let commands = (1..=8).map(|id| Put {
        community: 1 + u128::from(id % 2 == 0),
        ..put.of(id)
    });
    let answers = send(&database, commands.collect());
    assert_eq!(answers, (1..=8).map(Ok).collect::<Vec<_>>());
    assert_eq!((count(&database, 1), count(&database, 2)), (4, 4));
    assert_eq!(put.largest.load(Ordering::SeqCst), 0);
}

fn rows_replace_what_stands_and_are_found_by_the_many(open: &Open) {
    let database = open(Options::default());
    let here = community(1);
    let row = |id: i64, name: &str| -> Vec<Value> { vec![here.into(), id.into(), name.into()] };
    let first: Vec<_> = (0..100).map(|id| row(id, &format!("old {id}"))).collect();
    let second: Vec<_> = (50..150).map(|id| row(id, &format!("new {id}"))).collect();
    let put = database.write_blocking(here, move |tx| {
        tx.insert_many(PUT, &first)?;
        tx.insert_many(PUT, &second)
    });
    assert_eq!(put, Ok(100));
    let asked: Vec<Vec<Value>> = (0_i64..)
        .zip([149_i64, 10, 999, 60])
        .map(|(place, id)| vec![place.into(), here.into(), id.into()])
        .collect();
    let mut found: Vec<(i64, String)> = database
        .read_blocking(move |read| {
            assert!(read.query_many(NAMES, &[])?.is_empty());
            read.query_many(NAMES, &asked)?
                .iter()
                .map(|row| Ok((row.get(0)?, row.get(1)?)))
                .collect::<Result<_, Error>>()
        })
        .unwrap();
    found.sort();
    let expected = [(0, "new 149"), (1, "old 10"), (3, "new 60")];
    assert_eq!(
        found,
        expected.map(|(place, name)| (place, name.to_owned()))
    );
}
