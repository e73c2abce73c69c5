//! What credentials promise: one signature makes one ballot, which nobody alters, moves or traces.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails panics"
)]

use credential::{Ballot, Device, Error, Issuer, PublicKey};
use sha2::{Digest, Sha256};

const ISSUER: &[u8] = include_bytes!("data/issuer.der");
const OTHER: &[u8] = include_bytes!("data/other.der");

/// A stream of bytes for tests.
fn stream(seed: u64) -> impl FnMut() -> [u8; 32] {
    let mut drawn = 0_u64;
    move || {
        drawn += 1;
        Sha256::digest([seed.to_be_bytes(), drawn.to_be_bytes()].concat()).into()
    }
}

fn issuer() -> Issuer {
    Issuer::from_der(ISSUER).unwrap()
}

fn voted(seed: u64, poll: &str, choice: &str) -> Ballot {
    let (issuer, mut random) = (issuer(), stream(seed));
    let device = Device::new(&mut random).unwrap();
    let public = issuer.public();
    let blinded = public.blind(device.voter_key(), &mut random).unwrap();
    let signed = issuer.sign(blinded.message(), &mut random).unwrap();
    let credential = public
        .unblind(&blinded, device.voter_key(), &signed)
        .unwrap();
    device.ballot(poll, choice, credential)
}

#[test]
fn a_ballot_cast_with_a_credential_is_good_and_survives_json() {
    let ballot = voted(1, "poll", "2,1");
    ballot.check(&issuer().public(), "poll").unwrap();
    let public = PublicKey::from_der(issuer().public().der()).unwrap();
    ballot.check(&public, "poll").unwrap();
    assert_ne!(ballot.serial(), voted(2, "poll", "2,1").serial());
}

#[test]
fn an_altered_ballot_a_moved_one_and_one_of_another_issuer_are_refused() {
    let public = issuer().public();
    let good = voted(3, "poll", "1");
    let with = |change: fn(&mut Ballot)| {
        let mut ballot = good.clone();
        change(&mut ballot);
        ballot.check(&public, "poll").unwrap_err()
    };
    assert_eq!(with(|b| b.choice = "2".to_owned()), Error::Seal);
    assert_eq!(with(|b| b.seal[10] ^= 1), Error::Seal);
    assert_eq!(with(|b| b.seal.clear()), Error::Seal);
    assert_eq!(with(|b| b.credential[0] ^= 1), Error::Credential);
    assert_eq!(with(|b| b.credential.truncate(9)), Error::Credential);
    assert_eq!(with(|b| b.voter_key.truncate(33)), Error::VoterKey);
    assert_eq!(with(|b| b.voter_key[0] = 9), Error::VoterKey);
    assert_eq!(good.check(&public, "another poll"), Err(Error::Seal));
    let other = Issuer::from_der(OTHER).unwrap().public();
    assert_eq!(good.check(&other, "poll"), Err(Error::Credential));
}

#[test]
fn a_credential_fits_no_other_voter_key() {
    let (mine, theirs) = (voted(4, "poll", "1"), voted(5, "poll", "1"));
    let stolen = Ballot {
        credential: theirs.credential,
        ..mine
    };
    assert_eq!(
        stolen.check(&issuer().public(), "poll"),
        Err(Error::Credential)
    );
}

#[test]
fn blinded_garbage_is_refused_or_makes_no_credential() {
    let (issuer, mut random) = (issuer(), stream(6));
    for garbage in [&[][..], &[0; 255], &[0xff; 256], &[1; 257]] {
        assert_eq!(issuer.sign(garbage, &mut random), Err(Error::Blinded));
    }
    // A number below the modulus is signed, and is worth nothing without a message behind it.
    let signed = issuer.sign(&[7; 256], &mut random).unwrap();
    let device = Device::new(&mut random).unwrap();
    let public = issuer.public();
    let blinded = public.blind(device.voter_key(), &mut random).unwrap();
    let taken = public.unblind(&blinded, device.voter_key(), &signed);
    assert_eq!(taken, Err(Error::Credential));
}

#[test]
fn the_same_message_gets_the_same_signature_whatever_the_randomness() {
    let issuer = issuer();
    let one = issuer.sign(&[9; 256], &mut stream(7)).unwrap();
    assert_eq!(issuer.sign(&[9; 256], &mut stream(8)).unwrap(), one);
}

#[test]
fn keys_that_are_none_are_refused() {
    assert_eq!(Issuer::from_der(&ISSUER[..100]).err(), Some(Error::Key));
    assert_eq!(PublicKey::from_der(b"no key").err(), Some(Error::Key));
    let again = Issuer::from_der(&issuer().to_der().unwrap()).unwrap();
    assert_eq!(again.public().der(), issuer().public().der());
}
