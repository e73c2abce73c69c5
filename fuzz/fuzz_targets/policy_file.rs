//! Any text is loaded as a policy file or refused with findings.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let findings = policy::check(&[("fuzzed.toml", text)]);
    assert!(findings.iter().all(|finding| !finding.message.is_empty()), "a refusal says why");
});
