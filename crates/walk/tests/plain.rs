//! The answers against a plain search over every point, which shares nothing with the engine but its input.
#![expect(
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of tests: towns are small, points are counted in u32 and lists in usize, and what fails shall panic"
)]

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use proptest::prelude::*;
use walk::{
    Direction, Doors, Network, Position, Reach, Segment, Settings, Snap, Snapper, WalkError,
    Walker, WhatIf, distance_dm, nearest, path,
};

/// Times from every point to a facility's point: plain Dijkstra, one facility at a time.
fn plain(
    points: usize,
    segments: &[Segment],
    walker: Walker,
    goal: u32,
    limit: u32,
) -> Vec<Option<u32>> {
    let mut into: Vec<Vec<(u32, u32)>> = vec![Vec::new(); points];
    for segment in segments {
        let percent = if segment.steps {
            walker.steps_percent
        } else {
            100
        };
        let of = u64::from(walker.mm_per_s) * 100;
        let ds = (u64::from(segment.length_dm) * 1000 * u64::from(percent) + of / 2) / of;
        let ds = u32::try_from(ds).unwrap();
        into[segment.to as usize].push((segment.from, ds));
        if segment.direction == Direction::Both {
            into[segment.from as usize].push((segment.to, ds));
        }
    }
    let mut best = vec![None; points];
    let mut queue = BinaryHeap::from([Reverse((0, goal))]);
    while let Some(Reverse((ds, point))) = queue.pop() {
        if ds > limit || best[point as usize].is_some() {
            continue;
        }
        best[point as usize] = Some(ds);
        for (from, more) in &into[point as usize] {
            queue.push(Reverse((ds + more, *from)));
        }
    }
    best
}

/// What `nearest` should say of every point, with facilities at points.
fn expected(
    points: usize,
    segments: &[Segment],
    walker: Walker,
    goals: &[u32],
    settings: Settings,
) -> Vec<Vec<Reach>> {
    let mut answers = vec![Vec::new(); points];
    for (facility, goal) in (0..).zip(goals) {
        let times = plain(points, segments, walker, *goal, settings.limit_ds);
        for (answer, ds) in answers.iter_mut().zip(times) {
            answer.extend(ds.map(|ds| Reach { ds, facility }));
        }
    }
    for answer in &mut answers {
        answer.sort_unstable();
        answer.truncate(settings.keep);
    }
    answers
}

fn at_point(network: &Network, point: u32) -> Vec<Snap> {
    network.at_point(point).into_iter().collect()
}

#[derive(Debug, Clone)]
struct Town {
    points: Vec<Position>,
    segments: Vec<Segment>,
    goals: Vec<u32>,
    walker: Walker,
}

fn town() -> impl Strategy<Value = Town> {
    (2_u32..40).prop_flat_map(|points| {
        let place = (0..3000_i32, 0..3000_i32).prop_map(|(lon_e7, lat_e7)| Position {
            lon_e7: 1_200_000_000 + lon_e7 * 10,
            lat_e7: 300_000_000 + lat_e7 * 10,
        });
        // None of no length: both ends of it are one place, whichever way it is walked.
        let segment = (0..points, 0..points, 1_u32..800, any::<bool>(), 0..5_u8).prop_map(
            |(from, to, length_dm, steps, one_way)| Segment {
                from,
                to,
                length_dm,
                steps,
                direction: if one_way == 0 {
                    Direction::Forward
                } else {
                    Direction::Both
                },
            },
        );
        // Chains are what contraction is for, so there is always one besides the segments by chance.
        let chain = (0_u32..points, 1_u32..300);
        (
            prop::collection::vec(place, points as usize),
            prop::collection::vec(segment, 0..50),
            chain,
            prop::collection::vec(0..points, 1..12),
            (300_u32..2000, 100_u32..300),
        )
            .prop_map(
                move |(places, mut segments, (long, step), goals, (mm_per_s, steps_percent))| {
                    segments.extend(
                        (1..=long.min(points - 1)).map(|to| Segment::both(to - 1, to, step)),
                    );
                    Town {
                        points: places,
                        segments,
                        goals,
                        walker: Walker {
                            mm_per_s,
                            steps_percent,
                        },
                    }
                },
            )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_point_gets_what_a_plain_search_finds(town in town(), keep in 1_usize..6, limit_ds in 0_u32..4000) {
        let settings = Settings { keep, limit_ds, threads: 1 };
        let network = Network::build(&town.points, &town.segments).unwrap();
        let streets = network.for_walker(town.walker).unwrap();
        let count = u32::try_from(town.points.len()).unwrap();
        let doors = Doors::new((0..count).map(|point| at_point(&network, point)));
        let facilities: Vec<_> = town.goals.iter().map(|goal| at_point(&network, *goal)).collect();
        let answers = nearest(&streets, std::slice::from_ref(&facilities), &doors, settings).unwrap();
        let expected = expected(town.points.len(), &town.segments, town.walker, &town.goals, settings);
        for (point, expected) in (0..).zip(expected) {
            let got: Vec<Reach> = answers[0].of(point).collect();
            let touched = network.at_point(point).is_some();
            prop_assert_eq!(got.clone(), if touched { expected } else { Vec::new() });
            // And the way that is shown takes the time that is told.
            for reach in got {
                let goal = (reach.facility, facilities[reach.facility as usize].as_slice());
                let (shown, line) = path(&streets, doors.places(point), goal, limit_ds).unwrap();
                prop_assert_eq!(shown, reach);
                prop_assert_eq!(line.first(), Some(&town.points[point as usize]));
                prop_assert_eq!(line.last(), Some(&town.points[town.goals[reach.facility as usize] as usize]));
            }
        }
    }

    #[test]
    fn the_number_of_threads_changes_nothing(town in town()) {
        let network = Network::build(&town.points, &town.segments).unwrap();
        let streets = network.for_walker(town.walker).unwrap();
        let types: Vec<_> = town.goals.iter().map(|goal| vec![at_point(&network, *goal)]).collect();
        let count = u32::try_from(town.points.len()).unwrap();
        let doors = Doors::new((0..count).map(|point| at_point(&network, point)));
        let with = |threads| nearest(&streets, &types, &doors, Settings { keep: 3, limit_ds: 3000, threads }).unwrap();
        prop_assert_eq!(with(1), with(3));
    }

    #[test]
    fn a_patched_answer_is_the_answer_of_a_full_search(town in town(), keep in 1_usize..4, limit_ds in 0_u32..4000) {
        let settings = Settings { keep, limit_ds, threads: 1 };
        let network = Network::build(&town.points, &town.segments).unwrap();
        let streets = network.for_walker(town.walker).unwrap();
        let snapper = Snapper::new(&network);
        let count = u32::try_from(town.points.len()).unwrap();
        let door = |point: u32| snapper.snap(town.points[point as usize], 500).into_iter().collect();
        let doors = Doors::new((0..count).map(door));
        let mut facilities: Vec<Vec<Snap>> = town.goals.iter().map(|goal| door(*goal)).collect();
        let full = nearest(&streets, std::slice::from_ref(&facilities), &doors, settings).unwrap();
        let added = facilities.pop().unwrap();
        let mut patched = nearest(&streets, &[facilities.clone()], &doors, settings).unwrap();
        let before = patched[0].clone();
        let mut what_if = WhatIf::new(&streets, &doors, settings).unwrap();
        let number = u32::try_from(facilities.len()).unwrap();
        let changes = what_if.add(&mut patched[0], number, &added).unwrap();
        prop_assert_eq!(&patched, &full);
        for door in 0..count {
            let change = changes.changed.iter().find(|change| change.door == door);
            let differs = before.first(door) != full[0].first(door);
            prop_assert_eq!(change.is_some(), differs);
            if let Some(change) = change {
                prop_assert_eq!((change.before, Some(change.after)), (before.first(door), full[0].first(door)));
            }
        }
    }

    #[test]
    fn the_nearest_way_is_found_as_by_looking_at_all(town in town(), lon in -500_i32..3500, lat in -500_i32..3500) {
        let here = Position { lon_e7: 1_200_000_000 + lon * 10, lat_e7: 300_000_000 + lat * 10 };
        let network = Network::build(&town.points, &town.segments).unwrap();
        let snapped = Snapper::new(&network).snap(here, 2000);
        let flat = |at: Position| {
            let east = f64::from(at.lon_e7 - here.lon_e7) * 0.0965;
            (east, f64::from(at.lat_e7 - here.lat_e7) * 0.1109)
        };
        let away = |segment: &Segment| {
            let (a, b) = (flat(town.points[segment.from as usize]), flat(town.points[segment.to as usize]));
            (0..=1000).map(|part| {
                let t = f64::from(part) / 1000.0;
                (a.0 + (b.0 - a.0) * t).hypot(a.1 + (b.1 - a.1) * t)
            }).fold(f64::MAX, f64::min)
        };
        let best = town.segments.iter().map(away).fold(f64::MAX, f64::min);
        match snapped {
            Some(snap) => prop_assert!((f64::from(snap.off_dm) - best).abs() < 5.0, "{} {}", snap.off_dm, best),
            None => prop_assert!(best > 1995.0, "{}", best),
        }
    }
}

/// A street of three points and, across a river, one more street without a bridge.
#[test]
fn across_a_river_without_a_bridge_is_far() {
    let at = |lon_e7, lat_e7| Position { lon_e7, lat_e7 };
    let points = [at(0, 0), at(1000, 0), at(0, 100), at(1000, 100)];
    let segments = [Segment::both(0, 1, 111), Segment::both(2, 3, 111)];
    let network = Network::build(&points, &segments).unwrap();
    assert_eq!(network.islands(), (2, 2));
    let streets = network.for_walker(Walker::default()).unwrap();
    let doors = Doors::new([at_point(&network, 0)]);
    let settings = Settings {
        keep: 1,
        limit_ds: 100_000,
        threads: 2,
    };
    let answers = nearest(&streets, &[vec![at_point(&network, 2)]], &doors, settings).unwrap();
    assert_eq!(answers[0].first(0), None);
}

#[test]
fn a_ring_without_a_fork_is_walked_the_shorter_way_round() {
    let points: Vec<Position> = [(0, 0), (1000, 0), (1000, 1000), (0, 1000)]
        .map(|(lon_e7, lat_e7)| Position { lon_e7, lat_e7 })
        .to_vec();
    let segments: Vec<Segment> = (0..4).map(|n| Segment::both(n, (n + 1) % 4, 100)).collect();
    let network = Network::build(&points, &segments).unwrap();
    assert_eq!(
        (network.points(), network.forks(), network.edges()),
        (4, 1, 1)
    );
    let streets = network.for_walker(Walker::default()).unwrap();
    let doors = Doors::new((0..4).map(|point| at_point(&network, point)));
    let settings = Settings {
        keep: 1,
        limit_ds: 1000,
        threads: 1,
    };
    let answers = nearest(&streets, &[vec![at_point(&network, 3)]], &doors, settings).unwrap();
    let times: Vec<u32> = (0..4)
        .map(|door| answers[0].first(door).unwrap().ds)
        .collect();
    assert_eq!(times, [100, 200, 100, 0]);
}

#[test]
fn what_cannot_be_searched_is_refused_with_a_reason() {
    let points = [Position::default(); 2];
    let refused = Network::build(&points, &[Segment::both(0, 2, 1)]).unwrap_err();
    assert_eq!(
        refused,
        WalkError::NoSuchPoint {
            segment: 0,
            point: 2,
            points: 2
        }
    );
    let far = Network::build(&points, &[Segment::both(0, 1, 3_000_000)]).unwrap_err();
    assert!(matches!(far, WalkError::TooLong { segment: 0, .. }));
    let network = Network::build(&points, &[Segment::both(0, 1, 1)]).unwrap();
    let still = Walker {
        mm_per_s: 0,
        steps_percent: 100,
    };
    assert!(matches!(
        network.for_walker(still),
        Err(WalkError::Speed { .. })
    ));
    let streets = network.for_walker(Walker::default()).unwrap();
    let none = Settings {
        keep: 0,
        limit_ds: 1,
        threads: 1,
    };
    assert!(matches!(
        nearest(&streets, &[], &Doors::default(), none),
        Err(WalkError::Keep { .. })
    ));
    let days = Settings {
        keep: 1,
        limit_ds: u32::MAX,
        threads: 1,
    };
    assert!(matches!(
        nearest(&streets, &[], &Doors::default(), days),
        Err(WalkError::Limit { .. })
    ));
}

#[test]
fn a_grid_town_answers_its_distances() {
    // 30 × 30 crossings, 50 m apart; the distance to the nearest of two corners is known.
    let side = 30_u32;
    let point = |x: u32, y: u32| y * side + x;
    let points: Vec<Position> = (0..side * side)
        .map(|n| Position {
            lon_e7: 5000 * i32::try_from(n % side).unwrap(),
            lat_e7: 5000 * i32::try_from(n / side).unwrap(),
        })
        .collect();
    let mut segments = Vec::new();
    for y in 0..side {
        for x in 0..side {
            if x + 1 < side {
                segments.push(Segment::both(point(x, y), point(x + 1, y), 500));
            }
            if y + 1 < side {
                segments.push(Segment::both(point(x, y), point(x, y + 1), 500));
            }
        }
    }
    let network = Network::build(&points, &segments).unwrap();
    let streets = network.for_walker(Walker::default()).unwrap();
    let doors = Doors::new((0..side * side).map(|n| at_point(&network, n)));
    let corners = vec![at_point(&network, 0), at_point(&network, side * side - 1)];
    let settings = Settings {
        keep: 2,
        limit_ds: 100_000,
        threads: 2,
    };
    let answers = nearest(&streets, &[corners], &doors, settings).unwrap();
    let known: BTreeMap<u32, u32> = (0..side * side)
        .map(|n| {
            (
                n,
                (n % side + n / side).min(2 * (side - 1) - n % side - n / side) * 500,
            )
        })
        .collect();
    for (door, ds) in known {
        assert_eq!(answers[0].first(door).map(|reach| reach.ds), Some(ds));
    }
    assert_eq!(distance_dm(points[0], points[0]), 0);
}
