//! What Linli does by the clock: one visit that can't be settled stands in no other's way.

use kernel::CommunityId;
use timebank::{VisitId, due_visits};

use crate::town::{HERE, Town};

#[tokio::test]
async fn a_visit_that_can_not_be_settled_stops_no_other() {
    let town = Town::new().await;
    let (_, broken) = town.visited().await;
    let (_, sound) = town.visited().await;
    town.wait(4 * 86_400);
    assert_eq!(due(&town).await, [broken.clone(), sound]);
    // It left before it came, as after a restored backup.
    let id: VisitId = broken.parse().unwrap();
    let write = town.app.database().write(HERE, move |tx| {
        let sql = "update timebank_visit set came_at = left_at + 1 where community_id = $1 and visit_id = $2";
        tx.execute(sql, &[HERE.into(), id.into()])
    });
    let changed: Result<u64, db::Error> = write.await;
    assert_eq!(changed.unwrap(), 1);
    let app = town.app.clone();
    let settled = tokio::task::spawn_blocking(move || {
        let job = timebank::module().jobs[0];
        (job.run)(&app, app.system_context(HERE).unwrap(), app.now())
    });
    let failure = settled.await.unwrap().unwrap_err();
    assert!(failure.english.contains(&broken), "{}", failure.english);
    assert!(
        failure.english.ends_with("(settled: 1)"),
        "{}",
        failure.english
    );
    assert_eq!(due(&town).await, [broken]);
}

/// The visits that are due; the disputed one of the town is not.
async fn due(town: &Town) -> Vec<String> {
    let ctx = town.app.system_context(HERE).unwrap();
    assert_ne!(ctx.community, CommunityId::CITY);
    let read = town.app.database();
    let due = read.read(move |read| due_visits(read, &ctx)).await.unwrap();
    due.iter().map(ToString::to_string).collect()
}
