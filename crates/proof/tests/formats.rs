//! Entries, keys and heads as bytes and text: one encoding each, known answers, no panics.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use common::{COMMUNITY, entry, key};
use proof::{
    Entry, Error, Hash, Head, HeadFile, Opening, Receipt, Salt, SignedHead, SigningKey,
    VerifyingKey, commit, leaf_hash,
};
use proptest::prelude::*;

fn entries() -> impl Strategy<Value = Entry> {
    (
        any::<([u8; 16], u64, i64, [u8; 16])>(),
        (any::<String>(), any::<String>(), any::<String>()),
        any::<Option<[u8; 32]>>(),
    )
        .prop_map(
            |((community, position, at_us, actor), (kind, subject, public), commitment)| {
                let private_commitment = commitment.map(Hash);
                Entry {
                    community,
                    position,
                    at_us,
                    actor,
                    kind,
                    subject,
                    public,
                    private_commitment,
                }
            },
        )
}

proptest! {
    #[test]
    fn an_entry_survives_its_encoding(entry in entries()) {
        prop_assert_eq!(Entry::decode(&entry.encode()).unwrap(), entry);
    }

    #[test]
    fn an_altered_entry_is_refused_or_is_another_entry(entry in entries(), at in any::<prop::sample::Index>(), flip in 1..=255_u8) {
        let mut bytes = entry.encode();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        if let Ok(other) = Entry::decode(&bytes) {
            prop_assert_ne!(&other, &entry);
            prop_assert_eq!(other.encode(), bytes);
        }
    }

    #[test]
    fn a_cut_or_lengthened_entry_is_refused(entry in entries(), at in any::<prop::sample::Index>()) {
        let mut bytes = entry.encode();
        prop_assert!(Entry::decode(&bytes[..at.index(bytes.len())]).is_err());
        bytes.push(0);
        prop_assert!(Entry::decode(&bytes).is_err());
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut versioned = b"linli-entry/1\n".to_vec();
        versioned.extend(&bytes);
        for input in [&bytes, &versioned] {
            if let Ok(entry) = Entry::decode(input) {
                prop_assert_eq!(&entry.encode(), input);
            }
        }
        prop_assert!(Receipt::from_json(&bytes).is_err());
        prop_assert!(HeadFile::from_json(&bytes).is_err());
    }

    #[test]
    fn arbitrary_text_is_no_note_and_no_key(text in any::<String>()) {
        prop_assert!(SignedHead::from_note(&text).is_err());
        prop_assert!(text.parse::<VerifyingKey>().is_err());
        prop_assert!(SigningKey::from_secret_text(&text).is_err());
    }

    #[test]
    fn an_altered_note_never_verifies(size in any::<u64>(), at in any::<prop::sample::Index>(), with in any::<char>()) {
        let head = Head { origin: Head::origin_of(COMMUNITY), size, root: leaf_hash(b"a"), at_us: -5 };
        let note = head.sign(&key()).to_note();
        let mut characters: Vec<char> = note.chars().collect();
        let at = at.index(characters.len());
        prop_assume!(characters[at] != with);
        characters[at] = with;
        let altered: String = characters.into_iter().collect();
        let verified = SignedHead::from_note(&altered)
            .and_then(|head| head.verify(&key().verifying_key()).cloned());
        prop_assert!(verified.is_err());
    }

    #[test]
    fn a_head_survives_note_and_json(size in any::<u64>(), at_us in any::<i64>(), root in any::<[u8; 32]>()) {
        let signed = Head { origin: "linli/x".to_owned(), size, root: Hash(root), at_us }.sign(&key());
        prop_assert_eq!(&SignedHead::from_note(&signed.to_note()).unwrap(), &signed);
        let json = serde_json::to_string(&signed).unwrap();
        prop_assert_eq!(&serde_json::from_str::<SignedHead>(&json).unwrap(), &signed);
        prop_assert_eq!(signed.verify(&key().verifying_key()).unwrap().size, size);
    }
}

#[test]
fn the_encoding_of_an_entry_stays_what_it_is() {
    let entry = Entry {
        community: [1; 16],
        position: 2,
        at_us: 3,
        actor: [4; 16],
        kind: "k".to_owned(),
        subject: "s".to_owned(),
        public: "{}".to_owned(),
        private_commitment: Some(Hash([5; 32])),
    };
    let mut expected = b"linli-entry/1\n".to_vec();
    expected.extend([1; 16]);
    expected.extend([0, 0, 0, 0, 0, 0, 0, 2]);
    expected.extend([0, 0, 0, 0, 0, 0, 0, 3]);
    expected.extend([4; 16]);
    expected.extend(b"\0\0\0\0\0\0\0\x01k");
    expected.extend(b"\0\0\0\0\0\0\0\x01s");
    expected.extend(b"\0\0\0\0\0\0\0\x02{}");
    expected.push(1);
    expected.extend([5; 32]);
    assert_eq!(entry.encode(), expected);
}

#[test]
fn the_readable_entry_shows_every_field() {
    let shown = entry(4).readable().unwrap();
    assert_eq!(
        shown,
        serde_json::json!({
            "community": "07070707-0707-0707-0707-070707070707",
            "position": 4,
            "at": "2025-11-24T16:00:00.000000Z",
            "at_us": 1_764_000_000_000_000_i64,
            "actor": "03030303-0303-0303-0303-030303030303",
            "kind": "decisions.ballot.cast",
            "subject": "决定 2026-1",
            "public": { "单元": "3幢2单元501", "voted": true },
            "private_commitment": null,
        })
    );
}

#[test]
fn an_entry_whose_public_part_is_not_json_is_not_shown() {
    let entry = Entry {
        public: "{".to_owned(),
        ..entry(0)
    };
    assert!(matches!(
        entry.readable(),
        Err(Error::PublicPartNotJson { position: 0, .. })
    ));
}

/// The key pair of the Go `note` package's documentation (golang.org/x/mod/sumdb/note).
#[test]
fn keys_read_and_sign_as_the_reference_implementation_does() {
    let secret = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    let public = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    let key = SigningKey::from_secret_text(secret).unwrap();
    assert_eq!(key.verifying_key().to_string(), public);
    assert_eq!(key.to_secret_text(), secret);
    assert_eq!(public.parse::<VerifyingKey>().unwrap(), key.verifying_key());
    assert!(
        !format!("{key:?}").contains("AYEKFAL"),
        "the secret stays out of logs"
    );
}

#[test]
fn a_head_is_a_c2sp_checkpoint() {
    let head = Head {
        origin: "linli/x".to_owned(),
        size: 7,
        root: leaf_hash(b""),
        at_us: 12,
    };
    let note = head.sign(&key()).to_note();
    let (text, signature) = note.split_at(note.find("— ").unwrap());
    assert_eq!(
        text,
        "linli/x\n7\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\nat_us 12\n\n"
    );
    assert!(signature.starts_with("— linli.example ") && signature.ends_with("=\n"));
}

#[test]
fn a_head_that_another_key_signed_is_refused() {
    let head = Head {
        origin: "linli/x".to_owned(),
        size: 7,
        root: leaf_hash(b""),
        at_us: 12,
    };
    let other = SigningKey::from_seed("linli.example", &[8; 32])
        .unwrap()
        .verifying_key();
    let signed = head.sign(&key());
    assert!(matches!(
        signed.verify(&other),
        Err(Error::HeadNotSigned { .. })
    ));
    let mut forged = signed;
    forged.signatures[0].key_id = other.key_id();
    assert!(matches!(
        forged.verify(&other),
        Err(Error::HeadAltered { size: 7, .. })
    ));
}

#[test]
fn key_names_have_no_spaces_and_no_plus() {
    for name in ["", "a b", "a+b", "a\u{3000}b"] {
        let refused = SigningKey::from_seed(name, &[1; 32]);
        assert!(
            matches!(refused, Err(Error::InvalidKeyName { .. })),
            "{name:?}"
        );
    }
}

#[test]
fn a_commitment_depends_on_salt_and_value() {
    let opening = Opening {
        salt: Salt([1; 16]),
        value: "赞成".to_owned(),
    };
    assert_eq!(opening.commitment(), commit([1; 16], "赞成".as_bytes()));
    assert_ne!(opening.commitment(), commit([2; 16], "赞成".as_bytes()));
    assert_ne!(opening.commitment(), commit([1; 16], "反对".as_bytes()));
    assert_eq!(
        commit([0; 16], b"").to_string(),
        "cjwfMcPLV7oLf0Pyf1rTUiSFMEbro6g3sCQkNRkXHHs=",
        "published receipts depend on this value"
    );
}
