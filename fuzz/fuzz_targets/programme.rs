//! Any text is read as a building programme and measured, or refused in words.
#![no_main]

use libfuzzer_sys::fuzz_target;
use planning::Check;

fuzz_target!(|text: &str| {
    let done = planning::parse(text)
        .and_then(|programme| planning::check(&programme, Check::default(), policy::builtin()));
    match done {
        Ok(report) => assert!(!planning::render_text(&report).is_empty(), "a report has text"),
        Err(error) => assert!(!error.to_string().is_empty(), "a refusal says why"),
    }
});
