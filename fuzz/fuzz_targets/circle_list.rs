//! Any bytes are read as a life circle's own list or refused; what is read lies somewhere in every datum.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lifecircle::{ListKind, read_list};
use street_map::{Datum, FacilityTypes, Reading};

fuzz_target!(|bytes: &[u8]| {
    let Ok(types) = FacilityTypes::builtin() else {
        return;
    };
    for kind in ListKind::ALL {
        let Ok(list) = read_list(kind, &types, Some("bus_stop"), bytes) else {
            continue;
        };
        for raw in list.features.iter().flat_map(|feature| feature.raw()) {
            for datum in Datum::ALL {
                let _ = Reading { datum, swapped: false }.position(raw);
            }
        }
    }
});
