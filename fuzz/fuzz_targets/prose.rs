//! Any bytes are read as a Word file or plain text, split into clauses and edited without losing a line, or refused.
#![no_main]

use consultation::{blocks, joined, split};
use documents::{Limits, read_paragraphs};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(paragraphs) = read_paragraphs(bytes, &Limits::default()) {
        let clauses = split(&paragraphs);
        assert_eq!(blocks(&joined(&clauses)), clauses, "what is edited comes back");
    }
});
