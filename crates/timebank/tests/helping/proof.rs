//! That tables, book and journal agree, and that a row changed behind their back is found.

use book::BookInJournal;
use db::Read;
use kernel::CommunityId;
use test_kit::TestCommunity;
use timebank::{Audit, ConfirmVisit, Scheme};

use crate::world::{ELDER, World};

/// How many rows stand as journalled, and what does not hold.
fn audited(world: &World, community: CommunityId) -> (u64, Vec<String>) {
    let vault = TestCommunity::vault();
    let key = world.journal.signer().verifying_key();
    let proved = world
        .journal
        .database()
        .read_blocking(move |read: &mut dyn Read| {
            let (mut hours, mut stamps) = (Audit::new(), BookInJournal::new());
            journal::audit(read, &vault, &key, community, &mut |seen| {
                hours.see(seen);
                stamps.see(seen);
                Ok(())
            })
            .unwrap();
            stamps.compare(read, community).unwrap();
            Ok::<_, db::Error>(hours.compare(read, community).unwrap())
        });
    let proved = proved.unwrap();
    (proved.rows, proved.findings.lines().collect())
}

pub(crate) fn prove(world: &World) {
    prove_in(world, world.id);
}

pub(crate) fn prove_in(world: &World, community: CommunityId) {
    let (rows, findings) = audited(world, community);
    assert_eq!(findings, Vec::<String>::new());
    assert!(rows > 4);
}

pub(crate) fn a_row_changed_behind_the_journal_is_found(world: &World) {
    let town = world.open(Scheme::HangzhouXihu);
    let (_, visit) = world.visited(&town, 60);
    world.must(
        ELDER,
        ConfirmVisit {
            visit,
            longer: false,
        },
    );
    prove(world);
    let community = world.id;
    world
        .journal
        .database()
        .write_blocking(community, move |tx| {
            let stolen = "update timebank_visit set credited = 600 where community_id = $1";
            tx.execute(stolen, &[community.into()])
        })
        .map(|changed: u64| assert_eq!(changed, 1))
        .map_err(|error: db::Error| error)
        .unwrap();
    let (_, findings) = audited(world, world.id);
    assert!(
        findings.iter().any(|line| line.contains("timebank_visit")),
        "{findings:?}"
    );
}
