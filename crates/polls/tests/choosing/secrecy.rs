//! A program that holds the whole database, the poll's secret key and everything that went over the wire tries to link
//! ballots to people, and can't.

use ballot::choosing::Method;
use credential::{Ballot, Issuer};
use num_bigint::BigUint;
use polls::{CountPoll, PollId};
use test_kit::on_both_engines;

use crate::world::{COMMITTEE, KEY, LI, Phone, WANG, World, ZHAO};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    every_blinded_message_fits_every_ballot,
    what_is_kept_of_a_ballot_says_nothing_about_when_or_by_whom_it_was_cast,
    the_journal_tells_that_a_ballot_came_and_nothing_else,
    after_the_count_no_row_is_left_whose_writing_could_be_dated,
}

/// Everybody collects, then everybody casts in the same order; gives the blinded messages and the ballots in that order.
fn an_election(world: &World) -> (PollId, Vec<Vec<u8>>, Vec<Ballot>) {
    let poll = world.open(Method::Single);
    let voters = [(WANG, "101", 1970), (LI, "102", 1985), (ZHAO, "201", 1990)];
    let mut blinded = Vec::new();
    let mut ballots = Vec::new();
    for (place, (who, unit, born)) in (1_u64..).zip(voters) {
        let phone = Phone::new(place);
        let credential = world
            .collect(who, poll, world.elector(unit, born), &phone)
            .unwrap();
        blinded.push(phone.blinded.message().to_vec());
        ballots.push(phone.ballot(poll, &place.to_string(), credential));
    }
    for ballot in &ballots {
        world.cast(poll, ballot.clone()).unwrap();
    }
    (poll, blinded, ballots)
}

/// For each blinded message b and each ballot's credential s there is a blinding factor r with b = s^e r^e, and the device
/// could have drawn it: so the transcript fits every way of matching people and ballots, equally well.
fn every_blinded_message_fits_every_ballot(world: &World) {
    let (_, blinded, ballots) = an_election(world);
    let issuer = Issuer::from_der(KEY).unwrap();
    let public = issuer.public();
    let der = public.der();
    // SubjectPublicKeyInfo ends with the modulus of 256 bytes and the exponent 65537 in five.
    let n = BigUint::from_bytes_be(&der[der.len() - 261..der.len() - 5]);
    let e = BigUint::from(65_537_u32);
    for b in &blinded {
        for ballot in &ballots {
            let message = BigUint::from_bytes_be(&ballot.credential).modpow(&e, &n);
            let quotient = BigUint::from_bytes_be(b) * message.modinv(&n).unwrap() % &n;
            let mut padded = quotient.to_bytes_be();
            padded.splice(0..0, vec![0; 256 - padded.len()]);
            let factor = issuer.sign(&padded, &mut || [1; 32]).unwrap();
            let factor = BigUint::from_bytes_be(&factor);
            let again = message * factor.modpow(&e, &n) % &n;
            assert_eq!(again, BigUint::from_bytes_be(b), "the pair fits");
            assert!(
                factor.modinv(&n).is_some(),
                "and the device could have drawn the factor"
            );
        }
    }
}

const BY_SLOT: &str =
    "select serial from poll_ballot where community_id = $1 and poll_id = $2 order by slot";

/// Over many elections, the place of a ballot in the table is where chance puts it.
fn what_is_kept_of_a_ballot_says_nothing_about_when_or_by_whom_it_was_cast(world: &World) {
    let rounds = 8_usize;
    let mut in_place = 0;
    for _ in 0..rounds {
        let (poll, _, ballots) = an_election(world);
        let community = world.id;
        let serials: Vec<[u8; 32]> = world
            .journal
            .database()
            .read_blocking(move |read| {
                let rows = read.query(BY_SLOT, &[community.into(), poll.into()])?;
                rows.iter()
                    .map(|row| row.get(0))
                    .collect::<Result<_, db::Error>>()
            })
            .unwrap();
        assert_eq!(serials.len(), ballots.len());
        let guessed = serials
            .iter()
            .zip(&ballots)
            .filter(|(slot, cast)| **slot == cast.serial());
        in_place += guessed.count();
        world.set_now(world.now().plus_days(30));
    }
    // Who guesses by order is right once an election on average; three of three each time would be the order itself.
    assert!(
        in_place <= rounds * 2,
        "{in_place} of {} guessed by order",
        rounds * 3
    );
}

fn the_journal_tells_that_a_ballot_came_and_nothing_else(world: &World) {
    let (poll, ..) = an_election(world);
    let (community, subject) = (world.id, format!("poll/{poll}/ballots"));
    let entries = world
        .journal
        .database()
        .read_blocking(move |read| {
            journal::history(read, community, &subject, u64::from(u32::MAX), 100)
        })
        .unwrap();
    let cast: Vec<_> = entries
        .iter()
        .filter(|entry| entry.kind == "polls.ballot.cast")
        .collect();
    assert_eq!(cast.len(), 3);
    for entry in cast {
        assert!(entry.actor.is_nil(), "nobody's name");
        assert_eq!(entry.public, "{}", "no content");
        assert!(entry.commitment.is_none(), "and nothing sealed beside it");
    }
}

/// PostgreSQL tells of each row which transaction wrote it: the board is one row, and the box is empty.
fn after_the_count_no_row_is_left_whose_writing_could_be_dated(world: &World) {
    let (poll, _, ballots) = an_election(world);
    world.close(poll);
    world.must(COMMITTEE, CountPoll { poll });
    let community = world.id;
    let left = world
        .journal
        .database()
        .read_blocking(move |read| read.query(BY_SLOT, &[community.into(), poll.into()]))
        .unwrap();
    assert!(left.is_empty());
    let text = world
        .read(WANG, move |read, ctx| polls::board_text(read, ctx, poll))
        .unwrap();
    let board: polls::Board = serde_json::from_str(&text).unwrap();
    assert_eq!(board.ballots.len(), ballots.len());
    assert!(board.ballots.is_sorted_by_key(|ballot| ballot.code.clone()));
}
