//! Real maps where they are at hand, each answer against a plain search over every node; and hostile files.
#![expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of tests: towns are small, points are counted in u32 and lists in usize, and what fails shall panic"
)]

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use street_map::{Answer, FacilityTypes, Question, StreetMap, StreetMapError, analyse, read};
use walk::{Direction, Doors, Network, Reach, Segment, Settings, Walker, nearest};

fn map(name: &str) -> Option<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/osm/");
    std::fs::read(format!("{folder}{name}.osm.pbf")).ok()
}

/// Times from every point to the nearest of some points, plain Dijkstra from each of them, the `keep` least kept at the end.
fn plain(map: &StreetMap, goals: &[u32], keep: usize, limit: u32) -> Vec<Vec<Reach>> {
    let mut near: Vec<Vec<(u32, u32)>> = vec![Vec::new(); map.points.len()];
    for Segment {
        from,
        to,
        length_dm,
        direction,
        ..
    } in &map.segments
    {
        near[*to as usize].push((*from, *length_dm));
        if *direction == Direction::Both {
            near[*from as usize].push((*to, *length_dm));
        }
    }
    let mut answers = vec![Vec::new(); map.points.len()];
    let mut done = vec![u32::MAX; map.points.len()];
    for (facility, goal) in (0..).zip(goals) {
        let mut queue = BinaryHeap::from([Reverse((0, *goal))]);
        while let Some(Reverse((ds, point))) = queue.pop() {
            if ds <= limit && done[point as usize] != facility {
                done[point as usize] = facility;
                answers[point as usize].push(Reach { ds, facility });
                queue.extend(
                    near[point as usize]
                        .iter()
                        .map(|(to, more)| Reverse((ds + more, *to))),
                );
            }
        }
    }
    for answer in &mut answers {
        answer.sort_unstable();
        answer.truncate(keep);
    }
    answers
}

/// Every node of a map and every type, with the facilities moved to the points nearest to them.
fn equals_a_plain_search(name: &str) {
    let Some(file) = map(name) else { return };
    let types = FacilityTypes::builtin().unwrap();
    let map = read(&file, &types).unwrap();
    let network = Network::build(&map.points, &map.segments).unwrap();
    let streets = network.for_walker(Walker::default()).unwrap();
    let count = u32::try_from(map.points.len()).unwrap();
    let place = |point: u32| network.at_point(point).into_iter().collect::<Vec<_>>();
    let doors = Doors::new((0..count).map(place));
    // A facility stands at every so-manieth point, by its own id: far apart and everywhere.
    let goals: Vec<Vec<u32>> = map
        .facilities
        .iter()
        .map(|list| {
            list.iter()
                .map(|facility| {
                    let at = facility.position;
                    (at.lon_e7.unsigned_abs() ^ at.lat_e7.unsigned_abs()) % count
                })
                .collect()
        })
        .collect();
    let facilities: Vec<Vec<_>> = goals
        .iter()
        .map(|list| list.iter().map(|goal| place(*goal)).collect())
        .collect();
    let settings = Settings {
        keep: 5,
        limit_ds: 10_000,
        threads: 2,
    };
    let answers = nearest(&streets, &facilities, &doors, settings).unwrap();
    let mut compared = 0;
    for (goals, answer) in goals.iter().zip(&answers) {
        for (point, expected) in (0..).zip(plain(&map, goals, 5, 10_000)) {
            let got: Vec<Reach> = answer.of(point).collect();
            if network.at_point(point).is_some() {
                assert_eq!(got, expected, "{name}, point {point}");
                compared += got.len();
            }
        }
    }
    assert!(compared > 10_000, "{name} has facilities: {compared}");
}

#[test]
fn a_small_map_answers_as_a_plain_search_node_by_node() {
    equals_a_plain_search("bayfront_singapore");
    equals_a_plain_search("helsinki_centre");
}

/// Minutes in debug: `LINLI_MALTA=1 cargo test -p street-map`.
#[test]
fn malta_answers_as_a_plain_search_node_by_node() {
    if std::env::var_os("LINLI_MALTA").is_some() {
        equals_a_plain_search("malta");
    }
}

#[test]
fn a_real_map_is_analysed_the_same_with_any_number_of_threads() {
    let Some(file) = map("helsinki_centre") else {
        return;
    };
    let types = FacilityTypes::builtin().unwrap();
    let map = read(&file, &types).unwrap();
    let entered = map
        .buildings
        .iter()
        .filter(|building| !building.entrances.is_empty());
    assert!(entered.count() > 50);
    let with = |threads| {
        analyse(
            &map,
            Question {
                threads,
                ..Question::default()
            },
        )
        .unwrap()
    };
    let (one, three) = (with(1), with(3));
    assert_eq!(one.nearest, three.nearest);
    let justice = types
        .types
        .iter()
        .position(|kind| kind.id == "justice")
        .unwrap();
    assert_eq!(
        one.answer(&types, justice, 0),
        Answer::Unknown,
        "no map knows it"
    );
    let cafes = types
        .types
        .iter()
        .position(|kind| kind.id == "catering")
        .unwrap();
    let coverage = one.coverage(&types, cafes);
    assert!(coverage.met > coverage.unmet);
    assert_eq!(
        coverage.met + coverage.unmet + coverage.unknown,
        map.buildings.len()
    );
}

#[test]
fn a_map_cut_off_anywhere_is_refused_or_read_and_never_panics() {
    let types = FacilityTypes::builtin().unwrap();
    assert_eq!(read(&[], &types).unwrap_err(), StreetMapError::NotPbf);
    let Some(file) = map("bayfront_singapore") else {
        return;
    };
    for cut in (0..file.len()).step_by(997).chain([1, 3, 4, 5, 20]) {
        // A cut between two blocks leaves a shorter, sound file.
        if let Err(error) = read(&file[..cut], &types) {
            let told = matches!(
                error,
                StreetMapError::Truncated { .. } | StreetMapError::NotPbf
            );
            assert!(told, "cut at {cut}: {error}");
        }
    }
}

#[test]
fn a_map_with_flipped_bytes_is_refused_or_read_and_never_panics() {
    let types = FacilityTypes::builtin().unwrap();
    let Some(file) = map("bayfront_singapore") else {
        return;
    };
    for at in (0..file.len()).step_by(1201).chain(0..40) {
        let mut damaged = file.clone();
        damaged[at] ^= 0x5A;
        if let Ok(map) = read(&damaged, &types) {
            analyse(&map, Question::default()).unwrap();
        }
    }
}

/// A field of bytes.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![number << 3 | 2];
    out.extend(varint(bytes.len() as u64));
    out.extend(bytes);
    out
}

fn varint(mut number: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while number >= 0x80 {
        out.push((number & 0x7F) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
    out
}

fn zigzag(number: i64) -> Vec<u8> {
    varint(((number << 1) ^ (number >> 63)).cast_unsigned())
}

fn block(kind: &str, blob: &[u8]) -> Vec<u8> {
    let mut header = field(1, kind.as_bytes());
    header.push(3 << 3);
    header.extend(varint(blob.len() as u64));
    let mut out = u32::try_from(header.len()).unwrap().to_be_bytes().to_vec();
    out.extend(header);
    out.extend(blob);
    out
}

fn with_header(data: Vec<u8>) -> Vec<u8> {
    let mut file = block("OSMHeader", &field(1, &[]));
    file.extend(data);
    file
}

#[test]
fn a_block_that_inflates_without_end_is_refused() {
    let types = FacilityTypes::builtin().unwrap();
    let zeros = vec![0_u8; 1 << 20];
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..40 {
        std::io::Write::write_all(&mut zlib, &zeros).unwrap();
    }
    let zlib = zlib.finish().unwrap();
    // It says ten bytes and holds forty megabytes.
    let mut blob = vec![2 << 3, 10];
    blob.extend(field(3, &zlib));
    let refused = read(&with_header(block("OSMData", &blob)), &types).unwrap_err();
    assert!(
        matches!(refused, StreetMapError::Inflate { .. }),
        "{refused}"
    );
    // It says a gigabyte.
    let mut blob = vec![2 << 3];
    blob.extend(varint(1 << 30));
    blob.extend(field(3, &zlib));
    let refused = read(&with_header(block("OSMData", &blob)), &types).unwrap_err();
    assert!(
        matches!(refused, StreetMapError::BlockTooLarge { .. }),
        "{refused}"
    );
    // A block that says it is four gigabytes long.
    let refused = read(&[0xFF; 40], &types).unwrap_err();
    assert!(
        matches!(refused, StreetMapError::BlockTooLarge { .. }),
        "{refused}"
    );
}

/// A way over three nodes, of which the file has the first two; and one that lies beyond the pole.
fn tiny(lat_of_second: i64) -> Vec<u8> {
    let strings: Vec<u8> = ["", "highway", "footway"]
        .iter()
        .flat_map(|text| field(1, text.as_bytes()))
        .collect();
    let node = |id: i64, lat: i64, lon: i64| {
        let mut out = vec![1 << 3];
        out.extend(zigzag(id));
        out.push(8 << 3);
        out.extend(zigzag(lat));
        out.push(9 << 3);
        out.extend(zigzag(lon));
        out
    };
    let mut way = vec![1 << 3, 7];
    way.extend(field(2, &[1]));
    way.extend(field(3, &[2]));
    way.extend(field(8, &[zigzag(1), zigzag(1), zigzag(1)].concat()));
    let mut group = field(1, &node(1, 300_000_000, 1_200_000_000));
    group.extend(field(1, &node(2, lat_of_second, 1_200_000_000)));
    group.extend(field(3, &way));
    let mut inner = field(1, &strings);
    inner.extend(field(2, &group));
    with_header(block("OSMData", &field(1, &inner)))
}

#[test]
fn a_way_with_a_missing_node_is_walked_as_far_as_it_is_known() {
    let types = FacilityTypes::builtin().unwrap();
    let map = read(&tiny(300_010_000), &types).unwrap();
    assert_eq!((map.points.len(), map.segments.len()), (2, 1));
    assert_eq!(map.segments[0].length_dm, 1109);
    assert_eq!(map.missing.nodes, 1);
    assert_eq!(map.missing.objects[0].to_string(), "way/7");
}

#[test]
fn a_node_beyond_the_pole_is_named() {
    let types = FacilityTypes::builtin().unwrap();
    let refused = read(&tiny(1_200_000_000), &types).unwrap_err();
    assert_eq!(refused, StreetMapError::Position { node: 2 });
    assert!(refused.to_string().contains("swapped"));
}
