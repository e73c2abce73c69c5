//! A drawn town: a street on each bank of a river, houses along them, a school on the far side.

use lifecircle::{Inputs, ListKind, OwnList, read_list};
use street_map::{Datum, FacilityTypes, Reading, Sketch};
use walk::Position;

/// The south-west corner.
pub(crate) const WEST: i32 = 1_205_800_000;
pub(crate) const SOUTH: i32 = 300_000_000;

pub(crate) fn at(east: i32, north: i32) -> Position {
    Position {
        lon_e7: WEST + east,
        lat_e7: SOUTH + north,
    }
}

/// A place as lists write it.
pub(crate) fn degrees(at: Position) -> (String, String) {
    let text = |e7: i32| format!("{}.{:07}", e7 / 10_000_000, e7 % 10_000_000);
    (text(at.lon_e7), text(at.lat_e7))
}

/// Two streets of some 480 m, 110 m apart, ten houses along each; a kindergarten and a school north of the river.
pub(crate) fn two_banks(bridge: bool) -> Vec<u8> {
    let mut sketch = Sketch::new();
    let mut banks = Vec::new();
    for north in [0, 10_000] {
        let nodes: Vec<i64> = (0..=10)
            .map(|step| sketch.node(at(step * 5000, north), &[]))
            .collect();
        sketch.way(&nodes, &[("highway", "residential")]);
        banks.push(nodes);
        for step in 0..10 {
            let (east, north) = (step * 5000 + 1500, if north == 0 { -1500 } else { 10_700 });
            let corners: Vec<i64> = [(0, 0), (1200, 0), (1200, 800), (0, 800)]
                .map(|(x, y)| sketch.node(at(east + x, north + y), &[]))
                .to_vec();
            let outline: Vec<i64> = corners.iter().chain(corners.first()).copied().collect();
            sketch.way(&outline, &[("building", "apartments")]);
        }
    }
    if bridge {
        sketch.way(&[banks[0][10], banks[1][10]], &[("highway", "footway")]);
    }
    sketch.node(
        at(500, 10_200),
        &[("amenity", "kindergarten"), ("name", "河北幼儿园")],
    );
    sketch.node(
        at(49_000, 10_200),
        &[("amenity", "school"), ("name", "河北小学")],
    );
    sketch.to_pbf()
}

pub(crate) fn inputs(map: Vec<u8>, lists: Vec<OwnList>) -> Inputs {
    Inputs {
        map,
        types: FacilityTypes::builtin().unwrap(),
        lists,
    }
}

pub(crate) fn own(kind: ListKind, datum: Datum, text: &str) -> OwnList {
    let types = FacilityTypes::builtin().unwrap();
    OwnList {
        kind,
        file_name: "list".to_owned(),
        reading: Reading {
            datum,
            swapped: false,
        },
        features: read_list(kind, &types, None, text.as_bytes())
            .unwrap()
            .features,
    }
}
