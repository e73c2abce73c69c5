//! Many commands at once.

use std::sync::mpsc;

use db::{Database, Error, Options};

use crate::open::{COUNT, INSERT, Open, community, count, thing};

on_both_engines!(
    two_hundred_and_fifty_six_writers_count_right,
    failing_commands_do_not_spoil_their_neighbours,
    a_full_queue_says_so,
    close_finishes_what_waits_and_takes_no_more,
    dropping_inside_a_command_is_safe,
);

/// Keeps the lane of community 1 busy until the answer is dropped.
pub(crate) fn hold_lane(database: &Database) -> mpsc::Sender<()> {
    let (release, held) = mpsc::channel::<()>();
    let (entered, inside) = mpsc::channel();
    let database = database.clone();
    std::thread::spawn(move || {
        database.write_blocking(community(1), move |_| {
            entered.send(()).unwrap();
            let _ = held.recv();
            Ok::<_, Error>(())
        })
    });
    inside.recv().unwrap();
    release
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap()
}

/// Reads a number and writes it one higher, in the last of this community's things.
fn increment(tx: &mut dyn db::Tx, n: u128) -> Result<i64, Error> {
    let count: i64 = tx
        .query_one(COUNT, &[community(n).into()])?
        .unwrap()
        .get(0)?;
    tx.execute(INSERT, &thing(n, count))?;
    Ok(count)
}

fn two_hundred_and_fifty_six_writers_count_right(open: &Open) {
    let database = open(Options::default());
    let runtime = runtime();
    let writers: Vec<_> = (0..256_u128)
        .map(|writer| {
            let database = database.clone();
            runtime.spawn(async move {
                let n = writer % 8;
                let mut seen = Vec::new();
                for _ in 0..8 {
                    seen.push(
                        database
                            .write(community(n), move |tx| increment(tx, n))
                            .await
                            .unwrap(),
                    );
                }
                (n, seen)
            })
        })
        .collect();
    let mut seen = vec![Vec::new(); 8];
    runtime.block_on(async {
        for writer in writers {
            let (n, numbers) = writer.await.unwrap();
            seen[usize::try_from(n).unwrap()].extend(numbers);
        }
    });
    for (n, mut numbers) in (0..).zip(seen) {
        numbers.sort_unstable();
        assert_eq!(numbers, (0..256).collect::<Vec<i64>>());
        assert_eq!(count(&database, n), 256);
    }
}

fn failing_commands_do_not_spoil_their_neighbours(open: &Open) {
    let database = open(Options {
        lanes: 1,
        ..Options::default()
    });
    let runtime = runtime();
    let gate = hold_lane(&database);
    let waiting: Vec<_> = (0..60)
        .map(|id| {
            let database = database.clone();
            runtime.spawn(async move {
                let answer = database
                    .write(community(1), move |tx| {
                        tx.execute(INSERT, &thing(1, id))?;
                        match id % 6 {
                            1 => Err(Error::Nested),
                            2 => tx.execute(INSERT, &thing(1, id)),
                            3 => panic!("a defect of the test's own"),
                            4 => tx.execute("selekt", &[]),
                            _ => Ok(1),
                        }
                    })
                    .await;
                (id, answer)
            })
        })
        .collect();
    std::thread::sleep(std::time::Duration::from_millis(50));
    drop(gate);
    runtime.block_on(async {
        for waiting in waiting {
            let (id, answer) = waiting.await.unwrap();
            match id % 6 {
                1 => assert_eq!(answer, Err(Error::Nested)),
                2 => assert!(matches!(answer, Err(Error::Duplicate { .. })), "{answer:?}"),
                3 => assert!(matches!(answer, Err(Error::Panicked { .. })), "{answer:?}"),
                4 => assert!(matches!(answer, Err(Error::Statement { .. })), "{answer:?}"),
                _ => assert_eq!(answer, Ok(1)),
            }
        }
    });
    assert_eq!(count(&database, 1), 20);
}

fn a_full_queue_says_so(open: &Open) {
    let database = open(Options {
        lanes: 1,
        queue_max: 4,
        ..Options::default()
    });
    let gate = hold_lane(&database);
    let runtime = runtime();
    let waiting: Vec<_> = (0..12)
        .map(|id| {
            let database = database.clone();
            runtime.spawn(async move {
                database
                    .write(community(1), move |tx| tx.execute(INSERT, &thing(1, id)))
                    .await
            })
        })
        .collect();
    std::thread::sleep(std::time::Duration::from_millis(100));
    drop(gate);
    let answers = runtime.block_on(async {
        let mut answers = Vec::new();
        for waiting in waiting {
            answers.push(waiting.await.unwrap());
        }
        answers
    });
    let busy = answers
        .iter()
        .filter(|answer| **answer == Err(Error::Busy))
        .count();
    let done = answers.iter().filter(|answer| **answer == Ok(1)).count();
    assert_eq!((busy, done), (8, 4));
    assert_eq!(count(&database, 1), 4);
}

fn close_finishes_what_waits_and_takes_no_more(open: &Open) {
    let database = open(Options::default());
    let gate = hold_lane(&database);
    let runtime = runtime();
    let waiting: Vec<_> = (0..20)
        .map(|id| {
            let database = database.clone();
            runtime.spawn(async move {
                database
                    .write(community(1), move |tx| tx.execute(INSERT, &thing(1, id)))
                    .await
            })
        })
        .collect();
    std::thread::sleep(std::time::Duration::from_millis(50));
    let closing = {
        let database = database.clone();
        std::thread::spawn(move || database.close())
    };
    std::thread::sleep(std::time::Duration::from_millis(50));
    drop(gate);
    closing.join().unwrap();
    runtime.block_on(async {
        for waiting in waiting {
            assert_eq!(waiting.await.unwrap(), Ok(1));
        }
    });
    let late = database.write_blocking(community(1), |tx| tx.execute(INSERT, &thing(1, 99)));
    assert!(matches!(late, Err(Error::Unavailable { .. })), "{late:?}");
    assert!(database.check().is_err());
}

fn dropping_inside_a_command_is_safe(open: &Open) {
    let database = open(Options::default());
    let (sender, receiver) = mpsc::channel();
    let mut last = Some(database.clone());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let gate = hold_lane(&database);
    runtime.block_on(async {
        let write = database.write(community(1), move |_| {
            // By now this is the only clone: the lane itself ends the database.
            drop(last.take());
            sender.send(()).unwrap();
            Ok::<_, Error>(())
        });
        let mut write = Box::pin(write);
        let polled = std::future::poll_fn(|context| {
            std::task::Poll::Ready(write.as_mut().poll(context).is_ready())
        });
        assert!(!polled.await);
    });
    drop(database);
    drop(gate);
    receiver
        .recv_timeout(std::time::Duration::from_secs(10))
        .unwrap();
}
