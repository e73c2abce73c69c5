//! Any bytes are read as PrefLib rankings or refused; what is read gives winners that stand among the options.
#![no_main]

use ballot::choosing::{Method, choose, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(profile) = parse(bytes) else { return };
    for method in Method::ALL {
        if let Ok(chosen) = choose(*method, profile.options.len(), &profile.casts) {
            assert!(chosen.winners.iter().all(|winner| *winner < profile.options.len()));
            assert_eq!(chosen.winners.is_empty(), chosen.ballots == chosen.blank);
        }
    }
});
