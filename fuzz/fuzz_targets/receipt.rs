//! Any bytes are read as a receipt, a head, a checkpoint or an entry, or refused; what is read is written back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proof::{Entry, HeadFile, Receipt, SignedHead, verify_receipt};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(entry) = Entry::decode(bytes) {
        assert_eq!(entry.encode(), bytes, "an entry has one encoding");
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = SignedHead::from_note(text);
    }
    let middle = bytes.len() / 2;
    if let (Ok(receipt), Ok(head)) = (Receipt::from_json(&bytes[..middle]), HeadFile::from_json(&bytes[middle..])) {
        assert!(verify_receipt(&receipt, &head, None).is_err(), "nobody forges a signature by chance");
    }
});
