//! Datums that coordinates come in, and which of them a list of points really is in.
//!
//! WGS-84 and CGCS2000 differ by centimetres and are taken for one. GCJ-02 is the shifted datum of public maps in China, BD-09
//! Baidu's, shifted once more. Neither has an official formula; these are the published reconstructions (the `eviltransform`
//! project), and the way back is iterated, so that both ways agree to a centimetre.

use walk::{Position, Snapper};

/// The semi-major axis of the Krasovsky ellipsoid in metres, and the square of its eccentricity.
const KRASOVSKY: (f64, f64) = (6_378_245.0, 0.006_693_421_622_965_943);
/// Beyond this rectangle GCJ-02 shifts nothing: west, south, east, north.
const CHINA: [f64; 4] = [72.004, 0.8293, 137.8347, 55.8271];
/// How many points are looked at to tell a datum.
const SAMPLE: usize = 500;
/// The farthest way that counts, in decimetres: beyond it a point lies nowhere near the map.
const FAR_DM: u32 = 5000;
/// A datum is doubted only if its points lie farther from ways than this, in decimetres.
const NEAR_DM: u32 = 150;

/// A datum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Datum {
    /// WGS-84: GPS, OpenStreetMap.
    Wgs84,
    /// CGCS2000: the state's surveys since 2008.
    Cgcs2000,
    /// GCJ-02: Amap, Tencent and other public maps.
    Gcj02,
    /// BD-09: Baidu.
    Bd09,
}

impl Datum {
    /// Every datum.
    pub const ALL: [Self; 4] = [Self::Wgs84, Self::Cgcs2000, Self::Gcj02, Self::Bd09];

    /// The name in forms and files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wgs84 => "wgs84",
            Self::Cgcs2000 => "cgcs2000",
            Self::Gcj02 => "gcj02",
            Self::Bd09 => "bd09",
        }
    }

    /// The datum of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|datum| datum.name() == name)
    }

    /// A position of this datum in WGS-84.
    pub fn to_wgs84(self, position: Position) -> Position {
        let point = degrees(position);
        match self {
            Self::Wgs84 | Self::Cgcs2000 => position,
            Self::Gcj02 => e7(inverse(point, gcj02)),
            Self::Bd09 => e7(inverse(inverse(point, bd09), gcj02)),
        }
    }

    /// A position of WGS-84 in this datum.
    pub fn from_wgs84(self, position: Position) -> Position {
        let point = degrees(position);
        match self {
            Self::Wgs84 | Self::Cgcs2000 => position,
            Self::Gcj02 => e7(gcj02(point)),
            Self::Bd09 => e7(bd09(gcj02(point))),
        }
    }
}

/// A longitude and a latitude in degrees.
type Point = (f64, f64);

fn degrees(position: Position) -> Point {
    (
        f64::from(position.lon_e7) / 1e7,
        f64::from(position.lat_e7) / 1e7,
    )
}

/// Coordinates as they were given, in 1e-7 degrees; `None` for what can be neither a longitude nor a latitude. Whether they lie
/// on the earth the reading tells: [`Reading::position`].
pub fn from_degrees(lon: f64, lat: f64) -> Option<Position> {
    let possible = |degrees: f64| degrees.is_finite() && degrees.abs() <= 180.0;
    (possible(lon) && possible(lat)).then(|| e7((lon, lat)))
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "a cast from f64 saturates, and degrees on the earth fit"
)]
fn e7((lon, lat): Point) -> Position {
    let whole = |degrees: f64| (degrees * 1e7).round() as i32;
    Position {
        lon_e7: whole(lon),
        lat_e7: whole(lat),
    }
}

/// What is mapped to `point`, by steps that each take away what is still wrong.
fn inverse(point: Point, forward: fn(Point) -> Point) -> Point {
    let mut guess = point;
    for _ in 0..30 {
        let there = forward(guess);
        let wrong = (there.0 - point.0, there.1 - point.1);
        guess = (guess.0 - wrong.0, guess.1 - wrong.1);
        if wrong.0.abs() < 1e-10 && wrong.1.abs() < 1e-10 {
            break;
        }
    }
    guess
}

fn gcj02((lon, lat): Point) -> Point {
    use std::f64::consts::PI;
    let [west, south, east, north] = CHINA;
    if !(west..=east).contains(&lon) || !(south..=north).contains(&lat) {
        return (lon, lat);
    }
    let (x, y) = (lon - 105.0, lat - 35.0);
    let wave = |of: f64, terms: [(f64, f64); 2]| {
        let sum: f64 = terms
            .iter()
            .map(|(height, length)| height * (of * PI / length).sin())
            .sum();
        sum * 2.0 / 3.0
    };
    let both = wave(x, [(20.0, 1.0 / 6.0), (20.0, 0.5)]);
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + both
        + wave(y, [(20.0, 1.0), (40.0, 3.0)])
        + wave(y, [(160.0, 12.0), (320.0, 30.0)]);
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + both
        + wave(x, [(20.0, 1.0), (40.0, 3.0)])
        + wave(x, [(150.0, 12.0), (300.0, 30.0)]);
    let (axis, eccentricity) = KRASOVSKY;
    let latitude = lat.to_radians();
    let magic = 1.0 - eccentricity * latitude.sin().powi(2);
    let metres_north = axis * (1.0 - eccentricity) / (magic * magic.sqrt());
    let metres_east = axis / magic.sqrt() * latitude.cos();
    (
        lon + (east / metres_east).to_degrees(),
        lat + (north / metres_north).to_degrees(),
    )
}

fn bd09((lon, lat): Point) -> Point {
    const TURN: f64 = std::f64::consts::PI * 3000.0 / 180.0;
    let far = lon.hypot(lat) + 0.000_02 * (lat * TURN).sin();
    let turn = lat.atan2(lon) + 0.000_003 * (lon * TURN).cos();
    (far * turn.cos() + 0.0065, far * turn.sin() + 0.006)
}

/// How a list of coordinates may be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The datum.
    pub datum: Datum,
    /// Whether longitude and latitude stand in each other's place.
    pub swapped: bool,
}

impl Reading {
    /// The position that coordinates stand for in WGS-84; `None` where they lie nowhere on the earth.
    pub fn position(self, raw: Position) -> Option<Position> {
        let turned = if self.swapped {
            Position {
                lon_e7: raw.lat_e7,
                lat_e7: raw.lon_e7,
            }
        } else {
            raw
        };
        let on_earth = turned.lat_e7.unsigned_abs() <= 900_000_000
            && turned.lon_e7.unsigned_abs() <= 1_800_000_000;
        on_earth.then(|| self.datum.to_wgs84(turned))
    }
}

/// How well coordinates lie on a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    /// Half of the points lie nearer to a way than this, in decimetres, read as was said; at most 500 m is told.
    pub median_dm: u32,
    /// A reading under which they lie much nearer, with its median.
    pub better: Option<(Reading, u32)>,
}

impl Judgement {
    /// Whether half of the points lie nowhere near the map.
    pub fn is_off_the_map(&self) -> bool {
        self.median_dm >= FAR_DM
    }
}

/// Looks whether coordinates lie on a map as was said, or much better under another reading. Doors and facilities stand at
/// ways, so the right datum is the one under which they lie nearest to them. `None` without points.
pub fn judge(snapper: &Snapper<'_>, raw: &[Position], said: Reading) -> Option<Judgement> {
    let step = raw.len().div_ceil(SAMPLE).max(1);
    let sample: Vec<Position> = raw.iter().copied().step_by(step).collect();
    if sample.is_empty() {
        return None;
    }
    let median_dm = median(snapper, &sample, said);
    let distinct = [Datum::Wgs84, Datum::Gcj02, Datum::Bd09];
    let same = |datum: Datum| {
        datum == said.datum || (datum == Datum::Wgs84 && said.datum == Datum::Cgcs2000)
    };
    let others = [false, true].into_iter().flat_map(|swapped| {
        distinct
            .into_iter()
            .filter(move |datum| swapped != said.swapped || !same(*datum))
            .map(move |datum| Reading { datum, swapped })
    });
    let best = others
        .map(|reading| (reading, median(snapper, &sample, reading)))
        .min_by_key(|(_, median)| *median);
    let better = best.filter(|(_, other)| {
        // Two points may lie well by chance.
        sample.len() >= 3 && median_dm > NEAR_DM && other.saturating_mul(2) < median_dm
    });
    Some(Judgement { median_dm, better })
}

fn median(snapper: &Snapper<'_>, sample: &[Position], reading: Reading) -> u32 {
    let mut off: Vec<u32> = sample
        .iter()
        .map(|raw| {
            let snap = reading
                .position(*raw)
                .and_then(|position| snapper.snap(position, FAR_DM));
            snap.map_or(FAR_DM, |snap| snap.off_dm)
        })
        .collect();
    off.sort_unstable();
    off.get(off.len() / 2).copied().unwrap_or(FAR_DM)
}

#[cfg(test)]
mod tests {
    use walk::{Network, Segment};

    use super::*;

    fn at(lat: f64, lon: f64) -> Position {
        e7((lon, lat))
    }

    fn apart_dm(a: Position, b: Position) -> u32 {
        walk::distance_dm(a, b)
    }

    /// Latitude first: the pairs of the eviltransform project, then those of wandergis/coordtransform.
    #[test]
    fn published_pairs_of_points_agree_to_a_decimetre() {
        for (datum, wgs, own) in [
            (
                Datum::Gcj02,
                (31.177_427_6, 121.527_210_6),
                (31.175_303_983_645_97, 121.531_541_859_215),
            ),
            (
                Datum::Gcj02,
                (22.543_847, 113.912_316),
                (22.540_796_131_694_766, 113.917_176_480_836_3),
            ),
            (
                Datum::Gcj02,
                (39.911_954, 116.377_817),
                (39.913_345_455_360_69, 116.384_047_224_556_57),
            ),
            (
                Datum::Gcj02,
                (39.915, 116.404),
                (39.916_404_281_501_64, 116.410_244_499_169_38),
            ),
            (
                Datum::Bd09,
                (39.915, 116.404),
                (39.922_699_552_216_216, 116.416_627_243_787_33),
            ),
        ] {
            let (wgs, own) = (at(wgs.0, wgs.1), at(own.0, own.1));
            assert!(apart_dm(datum.from_wgs84(wgs), own) <= 1, "{wgs:?}");
            assert!(apart_dm(datum.to_wgs84(own), wgs) <= 1, "{own:?}");
        }
        // Published for one step of the way back, which is some metres off.
        let back = Datum::Bd09.to_wgs84(at(39.915, 116.404));
        assert!(apart_dm(back, at(39.907_253_214_522_164, 116.391_383_699_512_5)) <= 50);
    }

    #[test]
    fn there_and_back_is_the_same_centimetre() {
        for step in 0..200 {
            let position = at(20.0 + f64::from(step) * 0.15, 80.0 + f64::from(step) * 0.25);
            for datum in Datum::ALL {
                let back = datum.to_wgs84(datum.from_wgs84(position));
                assert!(
                    back.lon_e7.abs_diff(position.lon_e7) <= 2
                        && back.lat_e7.abs_diff(position.lat_e7) <= 2,
                    "{datum:?} {position:?} {back:?}"
                );
            }
        }
    }

    #[test]
    fn abroad_nothing_is_shifted() {
        let rio = at(-22.9068, -43.1729);
        assert_eq!(Datum::Gcj02.to_wgs84(rio), rio);
    }

    /// Streets every 200 m and more near Shaoxing, and doors 8 m from them.
    #[test]
    fn a_wrong_datum_and_swapped_coordinates_are_noticed() {
        let (lon, lat) = (1_205_800_000, 300_000_000);
        let corner = |x: i32, y: i32| Position {
            lon_e7: lon + x * 20_000 + x * x * 310,
            lat_e7: lat + y * 18_000 + y * y * 270,
        };
        let points: Vec<Position> = (0..20)
            .flat_map(|y| (0..20).map(move |x| corner(x, y)))
            .collect();
        let segments: Vec<Segment> = (0..400_u32)
            .flat_map(|here| {
                let east = (here % 20 < 19).then_some(here + 1);
                let north = (here < 380).then_some(here + 20);
                [east, north]
                    .into_iter()
                    .flatten()
                    .map(move |there| Segment::both(here, there, 2000))
            })
            .collect();
        let network = Network::build(&points, &segments).unwrap();
        let snapper = Snapper::new(&network);
        let doors: Vec<Position> = (0..19)
            .map(|step| {
                let street = corner(step, step * 7 % 19);
                Position {
                    lon_e7: street.lon_e7 + 9000,
                    lat_e7: street.lat_e7 + 720,
                }
            })
            .collect();
        let plain = |datum| Reading {
            datum,
            swapped: false,
        };
        let said = |raw: &[Position], datum| judge(&snapper, raw, plain(datum)).unwrap();
        assert_eq!(said(&doors, Datum::Cgcs2000).better, None);
        for (datum, guess) in [(Datum::Gcj02, Datum::Wgs84), (Datum::Bd09, Datum::Gcj02)] {
            let raw: Vec<Position> = doors.iter().map(|door| datum.from_wgs84(*door)).collect();
            let told = said(&raw, guess);
            assert_eq!(told.better.unwrap().0, plain(datum), "{told:?}");
            assert_eq!(said(&raw, datum).better, None);
        }
        let swapped: Vec<Position> = doors
            .iter()
            .map(|door| Position {
                lon_e7: door.lat_e7,
                lat_e7: door.lon_e7,
            })
            .collect();
        let told = said(&swapped, Datum::Wgs84);
        assert!(told.is_off_the_map());
        assert_eq!(
            told.better.unwrap().0,
            Reading {
                datum: Datum::Wgs84,
                swapped: true
            }
        );
    }
}
