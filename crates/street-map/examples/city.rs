//! Reads a map, finds the five nearest facilities of every type for every building and for every point of the network, and tells
//! how long each took: `cargo run --release -p street-map --example city FILE.osm.pbf [THREADS] [TILES]`. With TILES the map is
//! laid down so many times side by side, to see how the cost grows.

use std::time::Instant;

use street_map::{FacilityTypes, Question, StreetMap, analyse, read};
use walk::{Doors, Network, Place, Position, Segment, Settings, WhatIf, nearest};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("give a map, FILE.osm.pbf")?;
    let threads: usize = arguments.next().map_or(Ok(2), |text| text.parse())?;
    let tiles: i32 = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let types = FacilityTypes::builtin()?;
    let bytes = std::fs::read(file)?;

    let started = Instant::now();
    let map = tiled(&read(&bytes, &types)?, tiles)?;
    println!("read: {:?}", started.elapsed());

    let started = Instant::now();
    let analysis = analyse(
        &map,
        Question {
            threads,
            ..Question::default()
        },
    )?;
    println!("{} buildings: {:?}", map.buildings.len(), started.elapsed());

    let started = Instant::now();
    let network = Network::build(&map.points, &map.segments)?;
    let streets = network.for_walker(analysis.question.walker)?;
    println!("build: {:?}", started.elapsed());

    let count = u32::try_from(map.points.len())?;
    let doors = Doors::new((0..count).map(|point| network.at_point(point).into_iter().collect()));
    let settings = Settings {
        keep: 5,
        limit_ds: 10_000,
        threads,
    };
    let started = Instant::now();
    let mut answers = nearest(&streets, &analysis.facilities, &doors, settings)?;
    let facilities: usize = analysis.facilities.iter().map(Vec::len).sum();
    println!(
        "{} points, {} forks, {} types, {facilities} facilities, five nearest of each: {:?}",
        network.points(),
        network.forks(),
        answers.len(),
        started.elapsed()
    );

    let mut what_if = WhatIf::new(&streets, &doors, settings)?;
    let started = Instant::now();
    let place: Place = network.at_point(count / 2).into_iter().collect();
    if let Some(first) = answers.first_mut() {
        let changes = what_if.add(first, u32::MAX - 1, &place)?;
        println!(
            "one more facility, {} doors change: {:?}",
            changes.changed.len(),
            started.elapsed()
        );
    }
    Ok(())
}

/// The map so many times side by side, two degrees apart, with no way between.
fn tiled(map: &StreetMap, tiles: i32) -> Result<StreetMap, Box<dyn std::error::Error>> {
    let mut whole = map.clone();
    for tile in 1..tiles {
        let moved = |at: Position| Position {
            lon_e7: at.lon_e7 + tile * 20_000_000,
            ..at
        };
        let first = u32::try_from(whole.points.len())?;
        whole.points.extend(map.points.iter().copied().map(moved));
        whole
            .segments
            .extend(map.segments.iter().map(|segment| Segment {
                from: segment.from + first,
                to: segment.to + first,
                ..*segment
            }));
        for (all, list) in whole.facilities.iter_mut().zip(&map.facilities) {
            all.extend(list.iter().cloned().map(|mut facility| {
                facility.position = moved(facility.position);
                for at in facility.entrances.iter_mut().chain(&mut facility.corners) {
                    *at = moved(*at);
                }
                facility
            }));
        }
        whole
            .buildings
            .extend(map.buildings.iter().cloned().map(|mut building| {
                building.position = moved(building.position);
                building
                    .entrances
                    .iter_mut()
                    .for_each(|at| *at = moved(*at));
                building
            }));
    }
    Ok(whole)
}
