//! The n-th call fails, for every n: what was acknowledged is there, and what was not is not there by half.

use db::{Error, FaultPlan, Options};

use crate::open::{COUNT, Open, community, count, thing};

on_both_engines!(
    no_fault_leaves_half_a_command,
    a_commit_that_fails_acknowledges_nothing,
    a_commit_whose_answer_is_lost_is_not_acknowledged,
);

/// One command of several calls: two things and the count of before.
fn pair(tx: &mut dyn db::Tx, first: i64) -> Result<i64, Error> {
    let before: i64 = tx
        .query_one(COUNT, &[community(1).into()])?
        .unwrap()
        .get(0)?;
    tx.execute(crate::open::INSERT, &thing(1, first))?;
    tx.insert_many(
        "insert into thing (community_id, id, name)",
        &[thing(1, first + 1).to_vec()],
    )?;
    Ok(before)
}

fn no_fault_leaves_half_a_command(open: &Open) {
    let faults = FaultPlan::default();
    let database = open(Options {
        faults: Some(faults.clone()),
        ..Options::default()
    });
    let mut acknowledged = 0;
    let start = faults.calls_made();
    let calls = {
        database
            .write_blocking(community(1), |tx| pair(tx, 0))
            .unwrap();
        acknowledged += 1;
        faults.calls_made() - start
    };
    assert_eq!(calls, 4, "query, execute, insert_many, commit");
    for n in 1..=calls {
        faults.fail_call(n);
        let first = i64::try_from(n * 10).unwrap();
        let answer = database.write_blocking(community(1), move |tx| pair(tx, first));
        assert!(
            matches!(answer, Err(Error::Unavailable { .. })),
            "call {n}: {answer:?}"
        );
        assert_eq!(count(&database, 1), acknowledged * 2, "call {n}");
        // The fault is over, and the lane works on.
        let answer = database.write_blocking(community(1), move |tx| pair(tx, first));
        assert_eq!(answer, Ok(acknowledged * 2), "call {n}");
        acknowledged += 1;
    }
}

fn a_commit_that_fails_acknowledges_nothing(open: &Open) {
    let faults = FaultPlan::default();
    let database = open(Options {
        lanes: 1,
        faults: Some(faults.clone()),
        ..Options::default()
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    let gate = crate::lanes::hold_lane(&database);
    let waiting: Vec<_> = (0..10)
        .map(|id| {
            let database = database.clone();
            runtime.spawn(async move {
                database
                    .write(community(1), move |tx| pair(tx, id * 2))
                    .await
            })
        })
        .collect();
    std::thread::sleep(std::time::Duration::from_millis(50));
    // The held command's commit, then ten commands of three calls, then theirs.
    faults.fail_call(1 + 10 * 3 + 1);
    drop(gate);
    runtime.block_on(async {
        for waiting in waiting {
            let answer = waiting.await.unwrap();
            assert!(
                matches!(answer, Err(Error::Unavailable { .. })),
                "{answer:?}"
            );
        }
    });
    assert_eq!(count(&database, 1), 0);
}

fn a_commit_whose_answer_is_lost_is_not_acknowledged(open: &Open) {
    let faults = FaultPlan::default();
    let database = open(Options {
        faults: Some(faults.clone()),
        ..Options::default()
    });
    faults.lose_answer(4);
    let answer = database.write_blocking(community(1), |tx| pair(tx, 0));
    assert!(
        matches!(answer, Err(Error::Unavailable { .. })),
        "{answer:?}"
    );
    // It was committed, as the caller can't know: tried again, it finds itself done.
    assert_eq!(count(&database, 1), 2);
    let again = database.write_blocking(community(1), |tx| pair(tx, 0));
    assert!(matches!(again, Err(Error::Duplicate { .. })), "{again:?}");
}
