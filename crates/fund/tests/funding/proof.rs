//! That tables, files and book agree, and that what was changed behind their back is found.

use book::BookInJournal;
use db::Read;
use fund::{Audit, Purse, VoucherKind};
use test_kit::{TestCommunity, on_both_engines};

use crate::grants::{approved, check, pay, show, tranche};
use crate::world::{MAKER, SECOND, TREASURER, World};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    what_was_changed_behind_the_journal_is_found,
}

/// How many rows and transfers stand as journalled, and what does not hold.
fn audited(world: &World) -> (u64, u64, Vec<String>) {
    let (vault, community) = (TestCommunity::vault(), world.id);
    let key = world.journal.signer().verifying_key();
    let proved = world
        .journal
        .database()
        .read_blocking(move |read: &mut dyn Read| {
            let (mut fund, mut stamps) = (Audit::new(), BookInJournal::new());
            journal::audit(read, &vault, &key, community, &mut |seen| {
                fund.see(seen);
                stamps.see(seen);
                Ok(())
            })
            .unwrap();
            stamps.compare(read, community).unwrap();
            Ok::<_, db::Error>(fund.compare(read, community).unwrap())
        });
    let proved = proved.unwrap();
    let findings = proved.findings.lines().collect();
    (proved.rows, proved.transfers, findings)
}

pub(crate) fn prove(world: &World) {
    let (rows, transfers, findings) = audited(world);
    assert_eq!(findings, Vec::<String>::new());
    assert!(rows > 0 && transfers < rows);
}

fn what_was_changed_behind_the_journal_is_found(world: &World) {
    world.booked(VoucherKind::Donation, Purse::General, 9_000, "1");
    let grant = approved(world, Purse::General, &[5_000, 1_000]);
    let one = tranche(world, grant, 0);
    world.must(MAKER, show(one));
    world.must(SECOND, check(one, true));
    world.must(TREASURER, pay(one, None, "P"));
    prove(world);
    let stolen: [(&'static str, &'static str, &str); 5] = [
        (
            "update fund_voucher set amount = amount + 1 where community_id = $1",
            "update fund_voucher set amount = amount - 1 where community_id = $1",
            "is not the transfer of its id",
        ),
        (
            "update fund_tranche set paid = paid + 1 where community_id = $1 and paid is not null",
            "update fund_tranche set paid = paid - 1 where community_id = $1 and paid is not null",
            "is not the book's",
        ),
        (
            "update fund_grant set amount = amount - 1 where community_id = $1",
            "update fund_grant set amount = amount + 1 where community_id = $1",
            "its tranches come to",
        ),
        (
            "update fund_grant set purse = 'operation' where community_id = $1",
            "update fund_grant set purse = 'general' where community_id = $1",
            "not from the money it was granted from",
        ),
        (
            "update fund_file set size = size + 1 where community_id = $1",
            "update fund_file set size = size - 1 where community_id = $1",
            "is not the one that was shown",
        ),
    ];
    for (change, undo, told) in stolen {
        behind_its_back(world, change);
        let (_, _, findings) = audited(world);
        assert!(
            findings.iter().any(|line| line.contains(told)),
            "{change}: {findings:?}"
        );
        behind_its_back(world, undo);
        prove(world);
    }
}

fn behind_its_back(world: &World, sql: &'static str) {
    let community = world.id;
    let changed = world
        .journal
        .database()
        .write_blocking(community, move |tx| tx.execute(sql, &[community.into()]))
        .map_err(|error: db::Error| error);
    assert!(changed.unwrap() > 0);
}
