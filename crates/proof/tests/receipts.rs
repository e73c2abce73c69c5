//! Receipts: a true one verifies as the log grows, and each way of altering one has its answer.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use common::{Log, entry, key};
use proof::{
    ConsistencyProof, Entry, Error, HeadFile, Opening, Receipt, Salt, SigningKey, leaf_hash,
    verify_receipt,
};
use serde_json::json;

const POSITION: u64 = 5;
const RECEIPT_SIZE: u64 = 8;
const HEAD_SIZE: u64 = 21;

fn opening() -> Opening {
    Opening {
        salt: Salt([6; 16]),
        value: r#"{"choice":"for"}"#.to_owned(),
    }
}

fn vote(position: u64) -> Entry {
    Entry {
        private_commitment: Some(opening().commitment()),
        ..entry(position)
    }
}

fn log() -> Log {
    Log::of((0..HEAD_SIZE).map(|position| vote(position).leaf_hash()))
}

fn receipt() -> Receipt {
    let mut log = log();
    let path = log.inclusion(POSITION, RECEIPT_SIZE);
    let head = log.head(RECEIPT_SIZE).sign(&key());
    Receipt::new(&vote(POSITION), Some(opening()), path, head).unwrap()
}

fn head_file() -> HeadFile {
    let mut log = log();
    let hashes = log.consistency(RECEIPT_SIZE, HEAD_SIZE);
    let proofs = vec![ConsistencyProof {
        from: RECEIPT_SIZE,
        hashes,
    }];
    HeadFile::new(
        &log.head(HEAD_SIZE).sign(&key()),
        key().verifying_key(),
        proofs,
    )
}

fn verify(receipt: &Receipt, head: &HeadFile) -> Result<proof::Verified, Error> {
    verify_receipt(receipt, head, Some(&key().verifying_key()))
}

#[test]
fn a_true_receipt_verifies_after_a_round_trip_through_json() {
    let receipt = Receipt::from_json(receipt().to_json().unwrap().as_bytes()).unwrap();
    let head = HeadFile::from_json(head_file().to_json().unwrap().as_bytes()).unwrap();
    let verified = verify(&receipt, &head).unwrap();
    assert_eq!(verified.entry, vote(POSITION));
    assert_eq!(verified.private.as_deref(), Some(r#"{"choice":"for"}"#));
    assert_eq!(
        (verified.receipt_head.size, verified.head.size),
        (RECEIPT_SIZE, HEAD_SIZE)
    );
    assert!(verified.key_trusted);
    assert!(!verify_receipt(&receipt, &head, None).unwrap().key_trusted);
}

#[test]
fn a_receipt_verifies_without_its_private_part_and_under_its_own_head() {
    let receipt = Receipt {
        opening: None,
        ..receipt()
    };
    let own = HeadFile::new(&receipt.head, key().verifying_key(), Vec::new());
    assert_eq!(verify(&receipt, &own).unwrap().private, None);
}

#[test]
fn an_altered_readable_part_is_named() {
    let mut altered = receipt();
    altered.what["public"]["单元"] = json!("3幢2单元502");
    let error = verify(&altered, &head_file()).unwrap_err();
    assert!(matches!(&error, Error::ReceiptMisstates { field } if field == "what.public"));
    altered.what = json!({ "passed": true });
    assert!(matches!(
        verify(&altered, &head_file()),
        Err(Error::ReceiptMisstates { .. })
    ));
}

#[test]
fn a_receipt_for_another_place_or_community_is_refused() {
    let moved = Receipt {
        position: 6,
        ..receipt()
    };
    let error = verify(&moved, &head_file()).unwrap_err();
    assert!(matches!(&error, Error::ReceiptMisstates { field } if field == "position"));

    let elsewhere = Entry {
        community: [8; 16],
        ..vote(POSITION)
    };
    let replayed = Receipt::new(
        &elsewhere,
        Some(opening()),
        receipt().inclusion,
        receipt().head,
    )
    .unwrap();
    assert!(matches!(
        verify(&replayed, &head_file()),
        Err(Error::OtherLog { .. })
    ));
}

#[test]
fn an_entry_that_was_never_appended_is_not_included() {
    let forged = Entry {
        public: r#"{"voted":false}"#.to_owned(),
        ..vote(POSITION)
    };
    let forged = Receipt::new(
        &forged,
        Some(opening()),
        receipt().inclusion,
        receipt().head,
    )
    .unwrap();
    let error = verify(&forged, &head_file()).unwrap_err();
    assert!(matches!(
        error,
        Error::NotIncluded {
            index: POSITION,
            size: RECEIPT_SIZE
        }
    ));
}

#[test]
fn an_altered_private_part_is_refused() {
    let mut altered = receipt();
    altered.opening.as_mut().unwrap().value = r#"{"choice":"against"}"#.to_owned();
    assert!(matches!(
        verify(&altered, &head_file()),
        Err(Error::WrongOpening { position: POSITION })
    ));
    let bare = Receipt::new(&entry(0), Some(opening()), Vec::new(), receipt().head).unwrap();
    assert!(matches!(
        verify(&bare, &head_file()),
        Err(Error::NothingToOpen { position: 0 })
    ));
}

#[test]
fn an_altered_or_foreign_head_is_refused() {
    let mut altered = receipt();
    altered.head.head.size += 1;
    assert!(matches!(
        verify(&altered, &head_file()),
        Err(Error::HeadAltered { .. })
    ));

    let stranger = SigningKey::from_seed("linli.example", &[1; 32]).unwrap();
    let mut foreign = receipt();
    foreign.head = foreign.head.head.sign(&stranger);
    assert!(matches!(
        verify(&foreign, &head_file()),
        Err(Error::HeadNotSigned { .. })
    ));

    let file = HeadFile {
        public_key: stranger.verifying_key(),
        ..head_file()
    };
    assert!(matches!(
        verify(&receipt(), &file),
        Err(Error::UntrustedKey { .. })
    ));
    assert!(matches!(
        verify_receipt(&receipt(), &file, None),
        Err(Error::HeadNotSigned { .. })
    ));
}

#[test]
fn a_missing_consistency_proof_says_what_to_fetch() {
    let file = HeadFile {
        consistency: Vec::new(),
        ..head_file()
    };
    let error = verify(&receipt(), &file).unwrap_err();
    assert!(matches!(
        error,
        Error::ConsistencyMissing {
            from: RECEIPT_SIZE,
            to: HEAD_SIZE
        }
    ));
    assert!(error.to_string().contains("?from=8"), "{error}");
}

#[test]
fn a_rewritten_record_is_found() {
    // The server replaces an earlier entry and signs the new record.
    let mut rewritten = Log::of((0..HEAD_SIZE).map(|position| {
        if position == 2 {
            leaf_hash(b"rewritten")
        } else {
            vote(position).leaf_hash()
        }
    }));
    let hashes = rewritten.consistency(RECEIPT_SIZE, HEAD_SIZE);
    let proofs = vec![ConsistencyProof {
        from: RECEIPT_SIZE,
        hashes,
    }];
    let public = key().verifying_key();
    let file = HeadFile::new(
        &rewritten.head(HEAD_SIZE).sign(&key()),
        public.clone(),
        proofs,
    );
    assert!(matches!(
        verify(&receipt(), &file),
        Err(Error::Inconsistent {
            from: RECEIPT_SIZE,
            to: HEAD_SIZE
        })
    ));

    let same_size = rewritten.head(RECEIPT_SIZE).sign(&key());
    let file = HeadFile::new(&same_size, public.clone(), Vec::new());
    assert!(matches!(
        verify(&receipt(), &file),
        Err(Error::SplitView { size: RECEIPT_SIZE })
    ));

    let shorter = log().head(3).sign(&key());
    let file = HeadFile::new(&shorter, public, Vec::new());
    assert!(matches!(
        verify(&receipt(), &file),
        Err(Error::HeadTooOld {
            receipt: RECEIPT_SIZE,
            head: 3
        })
    ));
}

#[test]
fn a_file_of_another_kind_is_refused() {
    let json = receipt()
        .to_json()
        .unwrap()
        .replace("linli-receipt/1", "linli-receipt/9");
    assert!(matches!(
        Receipt::from_json(json.as_bytes()),
        Err(Error::WrongFormat { .. })
    ));
    let json = receipt()
        .to_json()
        .unwrap()
        .replacen('{', r#"{ "passed": true,"#, 1);
    assert!(matches!(
        Receipt::from_json(json.as_bytes()),
        Err(Error::NotJson { .. })
    ));
    let head = head_file().to_json().unwrap();
    assert!(matches!(
        Receipt::from_json(head.as_bytes()),
        Err(Error::NotJson { .. })
    ));
}

#[test]
fn no_refusal_tells_its_reason_twice() {
    let receipt = receipt().to_json().unwrap();
    let head = head_file().to_json().unwrap();
    let field = |text: &str, name: &str| text.replacen(&format!("\"{name}\""), "\"renamed\"", 1);
    let mut refusals = Vec::new();
    for name in ["what", "entry", "inclusion", "head", "position", "format"] {
        refusals.push(Receipt::from_json(field(&receipt, name).as_bytes()).unwrap_err());
    }
    for name in ["checkpoint", "public_key", "format"] {
        refusals.push(HeadFile::from_json(field(&head, name).as_bytes()).unwrap_err());
    }
    for broken in ["", "{", "[]", "null", "\u{feff}{}", "{\"format\":1}"] {
        refusals.push(Receipt::from_json(broken.as_bytes()).unwrap_err());
        refusals.push(HeadFile::from_json(broken.as_bytes()).unwrap_err());
    }
    for refusal in refusals {
        let mut told = refusal.to_string();
        let mut next = std::error::Error::source(&refusal);
        while let Some(source) = next {
            assert!(!told.contains(&source.to_string()), "{told}: {source}");
            told = format!("{told}: {source}");
            next = source.source();
        }
    }
}
