//! Any bytes are read as a street map or refused; what is read is analysed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use street_map::{FacilityTypes, Question, analyse, read};

fuzz_target!(|bytes: &[u8]| {
    let Ok(types) = FacilityTypes::builtin() else {
        return;
    };
    let Ok(map) = read(bytes, &types) else { return };
    let _ = analyse(&map, Question::default());
});
