//! What becomes of one command: committed whole, or without a trace.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use db::{Error, Options};

use crate::open::{COUNT, INSERT, Open, community, count, thing};

on_both_engines!(
    a_write_is_read_as_soon_as_it_is_acknowledged,
    a_refused_command_leaves_no_trace,
    a_swallowed_error_fails_the_command_all_the_same,
    a_panicking_command_leaves_no_trace_and_the_lane_works_on,
    a_command_that_waits_for_another_is_refused,
    the_cache_forgets_what_was_rolled_back,
    a_rule_checked_at_commit_is_answered_to_the_command_that_broke_it,
    a_command_whose_caller_left_runs_all_the_same,
);

/// What a module's error looks like.
#[derive(Debug, PartialEq)]
enum Refusal {
    Closed,
    Database(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

fn a_write_is_read_as_soon_as_it_is_acknowledged(open: &Open) {
    let database = open(Options::default());
    for id in 0..50 {
        let wrote =
            database.write_blocking(community(1), move |tx| tx.execute(INSERT, &thing(1, id)));
        assert_eq!(wrote, Ok(1));
        assert_eq!(count(&database, 1), id + 1);
    }
}

fn a_refused_command_leaves_no_trace(open: &Open) {
    let database = open(Options::default());
    let refused = database.write_blocking(community(1), |tx| {
        tx.execute(INSERT, &thing(1, 1))?;
        Err::<(), _>(Refusal::Closed)
    });
    assert_eq!(refused, Err(Refusal::Closed));
    assert_eq!(count(&database, 1), 0);
}

fn a_swallowed_error_fails_the_command_all_the_same(open: &Open) {
    let database = open(Options::default());
    let answer = database.write_blocking(community(1), |tx| {
        tx.execute(INSERT, &thing(1, 1))?;
        let taken = tx.execute(INSERT, &thing(1, 1));
        assert!(matches!(taken, Err(Error::Duplicate { .. })));
        assert_eq!(tx.query("select 1", &[]).err(), taken.err());
        Ok::<_, Refusal>("done")
    });
    assert!(
        matches!(answer, Err(Refusal::Database(Error::Duplicate { .. }))),
        "{answer:?}"
    );
    assert_eq!(count(&database, 1), 0);
}

fn a_panicking_command_leaves_no_trace_and_the_lane_works_on(open: &Open) {
    let database = open(Options::default());
    let runs = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&runs);
    let answer = database.write_blocking(community(1), move |tx| {
        counted.fetch_add(1, Ordering::SeqCst);
        tx.execute(INSERT, &thing(1, 1))?;
        assert_eq!(1 + 1, 3, "a defect of the test's own");
        Ok::<_, Error>(())
    });
    assert!(
        matches!(&answer, Err(Error::Panicked { message }) if message.contains("own")),
        "{answer:?}"
    );
    assert_eq!(runs.load(Ordering::SeqCst), 1);
    assert_eq!(count(&database, 1), 0);
    let next = database.write_blocking(community(1), |tx| tx.execute(INSERT, &thing(1, 1)));
    assert_eq!(next, Ok(1));
    let read = database.read_blocking(|_| -> Result<(), Error> { panic!("a reader's defect") });
    assert!(matches!(read, Err(Error::Panicked { .. })));
    assert_eq!(count(&database, 1), 1);
}

fn a_command_that_waits_for_another_is_refused(open: &Open) {
    let database = open(Options::default());
    let inner = database.clone();
    let answer = database.write_blocking(community(1), move |_| {
        inner.write_blocking(community(1), |tx| tx.execute(INSERT, &thing(1, 1)))
    });
    assert_eq!(answer, Err(Error::Nested));
}

/// The next number of a journal, as a lane remembers it.
#[derive(Default)]
struct Next(Option<i64>);

fn append(tx: &mut dyn db::Tx) -> Result<i64, Error> {
    let next = match tx.cache().entry::<Next>().0 {
        Some(next) => next,
        None => tx
            .query_one(COUNT, &[community(1).into()])?
            .unwrap()
            .get(0)?,
    };
    tx.execute(INSERT, &thing(1, next))?;
    tx.cache().entry::<Next>().0 = Some(next + 1);
    Ok(next)
}

fn the_cache_forgets_what_was_rolled_back(open: &Open) {
    let database = open(Options::default());
    assert_eq!(database.write_blocking(community(1), append), Ok(0));
    assert_eq!(database.write_blocking(community(1), append), Ok(1));
    let refused = database.write_blocking(community(1), |tx| {
        append(tx)?;
        Err::<(), _>(Refusal::Closed)
    });
    assert_eq!(refused, Err(Refusal::Closed));
    // A refusal without a write, having spoiled the cache.
    let refused = database.write_blocking(community(1), |tx| {
        tx.cache().entry::<Next>().0 = Some(77);
        Err::<(), _>(Refusal::Closed)
    });
    assert_eq!(refused, Err(Refusal::Closed));
    assert_eq!(database.write_blocking(community(1), append), Ok(2));
    assert_eq!(count(&database, 1), 3);
}

fn a_rule_checked_at_commit_is_answered_to_the_command_that_broke_it(open: &Open) {
    let database = open(Options {
        lanes: 1,
        ..Options::default()
    });
    let gate = crate::lanes::hold_lane(&database);
    let (sender, receiver) = std::sync::mpsc::channel();
    let waiting: Vec<_> = (0..8)
        .map(|id| {
            let (database, sender) = (database.clone(), sender.clone());
            std::thread::spawn(move || {
                sender.send(()).unwrap();
                database.write_blocking(community(1), move |tx| {
                    if id == 3 {
                        let part =
                            "insert into part (community_id, thing_id, amount) values ($1, $2, 1)";
                        return tx.execute(part, &[community(1).into(), 99.into()]);
                    }
                    tx.execute(INSERT, &thing(1, id))
                })
            })
        })
        .collect();
    (0..8).for_each(|_| receiver.recv().unwrap());
    std::thread::sleep(std::time::Duration::from_millis(50));
    drop(gate);
    for (id, waiting) in waiting.into_iter().enumerate() {
        let answer = waiting.join().unwrap();
        if id == 3 {
            assert!(
                matches!(answer, Err(Error::Constraint { .. })),
                "{answer:?}"
            );
        } else {
            assert_eq!(answer, Ok(1));
        }
    }
    assert_eq!(count(&database, 1), 7);
}

fn a_command_whose_caller_left_runs_all_the_same(open: &Open) {
    let database = open(Options {
        lanes: 1,
        ..Options::default()
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let gate = crate::lanes::hold_lane(&database);
    runtime.block_on(async {
        let write = database.write(community(1), |tx| tx.execute(INSERT, &thing(1, 1)));
        let mut write = Box::pin(write);
        // One poll hands the command over; then the caller hangs up.
        let polled = std::future::poll_fn(|context| {
            std::task::Poll::Ready(write.as_mut().poll(context).is_ready())
        });
        assert!(!polled.await);
    });
    drop(gate);
    database.check().unwrap();
    assert_eq!(count(&database, 1), 1);
}
