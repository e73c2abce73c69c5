//! Life circles: the five nearest facilities of every type for every point of Malta's network, how that grows, and what one more
//! facility costs.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use street_map::{FacilityTypes, StreetMap, read};
use walk::{
    Direction, Doors, Nearest, Network, Place, Position, Reach, Segment, Settings, Streets, Walker,
    WhatIf, nearest,
};

use crate::line::{Line, RUNS, median, median_of, milliseconds};

/// On one thread, so that the time is CPU time.
const SETTINGS: Settings = Settings {
    keep: 5,
    limit_ds: 10_000,
    threads: 1,
};

/// Malta as it is and eight times, Helsinki at three sizes, and a what-if.
pub(crate) fn life_circles() -> anyhow::Result<Vec<Line>> {
    let types = FacilityTypes::builtin()?;
    let malta = City::read("malta", &types, 1)?;
    let (once, answers) = malta.timed()?;
    malta.check(&answers)?;
    let (eightfold, _) = City::read("malta", &types, 8)?.timed()?;
    let what_if = malta.what_if(answers)?;
    let mut growth = Vec::new();
    for tiles in [1, 8, 64] {
        growth.push(City::read("helsinki_centre", &types, tiles)?.timed()?.0);
    }
    let [small, middle, large] = growth[..] else {
        anyhow::bail!("three sizes were measured")
    };
    let exponent = (large.as_secs_f64() / small.as_secs_f64()).ln() / 64_f64.ln();
    let points = malta.network.points();
    let kinds = malta.facilities.len();
    let line = |work: String, ours: Duration, goal: Duration| Line {
        work,
        ours: milliseconds(ours),
        reference: String::new(),
        reference_name: String::new(),
        ratio: None,
        goal: format!("< {}", milliseconds(goal)),
        ok: Some(ours < goal),
    };
    let ms = Duration::from_millis;
    let mut measured = vec![
        line(
            format!("life circles, Malta, {points} points, {kinds} types, 5 nearest, 1 thread"),
            once,
            ms(300),
        ),
        line("the same, eight Maltas".to_owned(), eightfold, ms(4000)),
        line("what if: one more facility".to_owned(), what_if, ms(1)),
    ];
    measured.push(Line {
        work: "life circles, Helsinki's centre ×8".to_owned(),
        ours: milliseconds(middle),
        reference: format!("×1 {}, ×64 {}", milliseconds(small), milliseconds(large)),
        reference_name: format!("growth: exponent {exponent:.2}"),
        ratio: None,
        goal: String::new(),
        ok: None,
    });
    Ok(measured)
}

struct City {
    map: StreetMap,
    network: Network,
    /// The points of the facilities, by type: a plain search over points can then check every answer.
    goals: Vec<Vec<u32>>,
    facilities: Vec<Vec<Place>>,
}

impl City {
    fn read(name: &str, types: &FacilityTypes, tiles: i32) -> anyhow::Result<Self> {
        let path = format!(
            "{}/../../shared/data/osm/{name}.osm.pbf",
            env!("CARGO_MANIFEST_DIR")
        );
        let bytes = std::fs::read(&path)
            .with_context(|| format!("{name} is not at hand (shared/data/osm)"))?;
        let one = read(&bytes, types)?;
        let goals = on_points(&one, tiles)?;
        let map = tiled(&one, tiles)?;
        let network = Network::build(&map.points, &map.segments)?;
        let on = |list: &Vec<u32>| list.iter().map(|goal| place(&network, *goal)).collect();
        let facilities = goals.iter().map(on).collect();
        Ok(Self {
            map,
            network,
            goals,
            facilities,
        })
    }

    fn streets(&self) -> anyhow::Result<Streets<'_>> {
        Ok(self.network.for_walker(Walker::default())?)
    }

    fn doors(&self) -> anyhow::Result<Doors> {
        let count = u32::try_from(self.map.points.len())?;
        Ok(Doors::new((0..count).map(|at| place(&self.network, at))))
    }

    fn timed(&self) -> anyhow::Result<(Duration, Vec<Nearest>)> {
        let (streets, doors) = (self.streets()?, self.doors()?);
        let answers = nearest(&streets, &self.facilities, &doors, SETTINGS)?;
        let took = median_of(|| {
            black_box(nearest(&streets, &self.facilities, &doors, SETTINGS)?);
            Ok(())
        })?;
        Ok((took, answers))
    }

    /// Every tenth point against a plain search.
    fn check(&self, answers: &[Nearest]) -> anyhow::Result<()> {
        for (kind, (goals, answer)) in self.goals.iter().zip(answers).enumerate() {
            let expected = plain(&self.map, goals)?;
            for (point, expected) in (0_u32..).zip(expected).step_by(10) {
                let got: Vec<Reach> = answer.of(point).collect();
                let touched = self.network.at_point(point).is_some();
                anyhow::ensure!(
                    !touched || got == expected,
                    "point {point} of type {kind} differs from a plain search"
                );
            }
        }
        Ok(())
    }

    fn what_if(&self, mut answers: Vec<Nearest>) -> anyhow::Result<Duration> {
        let (streets, doors) = (self.streets()?, self.doors()?);
        let mut what_if = WhatIf::new(&streets, &doors, SETTINGS)?;
        let first = answers.first_mut().context("there are types")?;
        let count = u32::try_from(self.map.points.len())?;
        let mut times = Vec::new();
        for run in 0..u32::try_from(RUNS)? {
            let place = place(&self.network, count / 7 * (run + 1));
            let started = Instant::now();
            black_box(what_if.add(first, u32::MAX - 1 - run, &place)?);
            times.push(started.elapsed());
        }
        Ok(median(times))
    }
}

fn place(network: &Network, point: u32) -> Place {
    network.at_point(point).into_iter().collect()
}

/// The point nearest to each facility, by type; again for each tile.
fn on_points(map: &StreetMap, tiles: i32) -> anyhow::Result<Vec<Vec<u32>>> {
    let count = u32::try_from(map.points.len())?;
    let nearest_to = |at: Position| {
        let away = |point: &Position| {
            let lon = i64::from(point.lon_e7) - i64::from(at.lon_e7);
            let lat = i64::from(point.lat_e7) - i64::from(at.lat_e7);
            lon * lon + lat * lat
        };
        let points = (0_u32..).zip(&map.points);
        points
            .min_by_key(|(_, point)| away(point))
            .map(|(at, _)| at)
    };
    let mut goals: Vec<Vec<u32>> = Vec::new();
    for list in &map.facilities {
        let once: Vec<u32> = list
            .iter()
            .filter_map(|facility| nearest_to(facility.position))
            .collect();
        let tiles = 0..u32::try_from(tiles)?;
        goals.push(
            tiles
                .flat_map(|tile| once.iter().map(move |goal| goal + tile * count))
                .collect(),
        );
    }
    Ok(goals)
}

/// The five nearest goals of every point, by a search from each goal.
fn plain(map: &StreetMap, goals: &[u32]) -> anyhow::Result<Vec<Vec<Reach>>> {
    let mut near: Vec<Vec<(u32, u32)>> = vec![Vec::new(); map.points.len()];
    for segment in &map.segments {
        let mut join = |at: u32, from: u32| -> anyhow::Result<()> {
            let list = near.get_mut(usize::try_from(at)?);
            list.context("segments join points")?
                .push((from, segment.length_dm));
            Ok(())
        };
        join(segment.to, segment.from)?;
        if segment.direction == Direction::Both {
            join(segment.from, segment.to)?;
        }
    }
    let mut answers = vec![Vec::new(); map.points.len()];
    let mut done = vec![u32::MAX; map.points.len()];
    for (facility, goal) in (0_u32..).zip(goals) {
        let mut queue = BinaryHeap::from([Reverse((0, *goal))]);
        while let Some(Reverse((ds, point))) = queue.pop() {
            let point = usize::try_from(point)?;
            let seen = done.get_mut(point).context("goals are points")?;
            if ds > SETTINGS.limit_ds || std::mem::replace(seen, facility) == facility {
                continue;
            }
            if let Some(list) = answers.get_mut(point) {
                list.push(Reach { ds, facility });
            }
            let onward = near.get(point).into_iter().flatten();
            queue.extend(onward.map(|(to, more)| Reverse((ds + more, *to))));
        }
    }
    for list in &mut answers {
        list.sort_unstable();
        list.truncate(SETTINGS.keep);
    }
    Ok(answers)
}

/// The network so many times side by side, two degrees apart.
fn tiled(map: &StreetMap, tiles: i32) -> anyhow::Result<StreetMap> {
    let mut whole = map.clone();
    for tile in 1..tiles {
        let moved = |at: Position| Position {
            lon_e7: at.lon_e7.wrapping_add(tile * 20_000_000),
            ..at
        };
        let first = u32::try_from(whole.points.len())?;
        whole.points.extend(map.points.iter().copied().map(moved));
        let segments = map.segments.iter().map(|segment| Segment {
            from: segment.from + first,
            to: segment.to + first,
            ..*segment
        });
        whole.segments.extend(segments);
    }
    Ok(whole)
}
