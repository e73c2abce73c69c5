//! Receipts and the audit: what was cast can be proved, and what was altered shows.

use ballot::resolution::Choice;
use decisions::CountVotes;
use journal::publish_head;
use proof::verify_receipt;
use test_kit::{TestCommunity, on_both_engines};

use crate::world::{COMMITTEE, LI, WANG, World};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    a_receipt_holds_against_a_later_head,
    the_journal_names_no_person_and_no_choice,
}

fn a_receipt_holds_against_a_later_head(world: &World) {
    let id = world.open();
    let vote = world.cast(WANG, id, "101", Choice::For).unwrap();
    let (community, now, vault) = (world.id, world.now(), TestCommunity::vault());
    let head = |from: Vec<u64>| {
        let signer = world.journal.signer().clone();
        world
            .journal
            .database()
            .write_blocking(community, move |tx| {
                publish_head(tx, &signer, community, now)
            })
            .unwrap();
        let key = world.journal.signer().verifying_key();
        world
            .journal
            .database()
            .read_blocking(move |read| journal::head_file(read, key, community, &from))
            .unwrap()
    };
    head(vec![]);
    let receipt = world
        .journal
        .database()
        .read_blocking(move |read| journal::receipt(read, community, vote.position, Some(&vault)))
        .unwrap()
        .unwrap();
    world.cast(LI, id, "102", Choice::Against).unwrap();
    let later = head(vec![receipt.head.head.size]);
    let verified = verify_receipt(
        &receipt,
        &later,
        Some(&world.journal.signer().verifying_key()),
    )
    .unwrap();
    assert!(verified.key_trusted);
    assert!(verified.private.unwrap().contains("\"choice\":\"for\""));
    let without_proof = head(vec![]);
    assert!(matches!(
        verify_receipt(&receipt, &without_proof, None),
        Err(proof::Error::ConsistencyMissing { .. })
    ));
}

fn the_journal_names_no_person_and_no_choice(world: &World) {
    let id = world.open();
    world.cast(WANG, id, "101", Choice::For).unwrap();
    world.close(id);
    world.must(COMMITTEE, CountVotes { resolution: id });
    let community = world.id;
    let entries = world
        .journal
        .database()
        .read_blocking(move |read| journal::entries(read, community, 0, 1000))
        .unwrap();
    for entry in entries {
        for secret in ["王伟", "李娜", "13900000001"] {
            assert!(
                !entry.public.contains(secret),
                "{} tells {secret}",
                entry.kind
            );
        }
        let units = ["101", "102"].map(|unit| world.unit(unit).to_string());
        let ballots =
            entry.kind == "decisions.vote.cast" || entry.kind == "decisions.ballot.delivered";
        for unit in units.iter().filter(|_| ballots) {
            let told = entry.public.contains(unit) || entry.subject.contains(unit);
            assert!(!told, "{} tells which unit", entry.kind);
        }
        if entry.kind == "decisions.vote.cast" {
            assert!(!entry.public.contains("\"for\""), "{}", entry.public);
        }
    }
}
