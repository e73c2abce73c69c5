//! Vector tiles (Mapbox Vector Tile 2.1): a square of the map as lines, areas and points with words, for a map that is drawn in
//! the reader's browser.

use std::collections::BTreeMap;

use walk::Position;

use crate::write::{bytes, number, varint, zigzag};

/// The side of a tile in its own units.
const EXTENT: f64 = 4096.0;
/// How far beyond its edge a tile goes on, so that lines meet.
const MARGIN: f64 = 128.0;

/// A square of the web map: zoom, column, row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tile {
    zoom: u8,
    column: u32,
    row: u32,
}

/// A place in a tile's own units.
type Spot = (f64, f64);

impl Tile {
    /// The closest zoom.
    pub const MAX_ZOOM: u8 = 20;

    /// A tile; `None` if there is none of these numbers.
    pub fn new(zoom: u8, column: u32, row: u32) -> Option<Self> {
        let across = 1_u32.checked_shl(u32::from(zoom))?;
        (zoom <= Self::MAX_ZOOM && column < across && row < across).then_some(Self {
            zoom,
            column,
            row,
        })
    }

    /// Where a position lies, by the web's Mercator projection on WGS-84.
    fn spot(self, at: Position) -> Spot {
        let across = f64::from(1_u32 << self.zoom);
        let east = (f64::from(at.lon_e7) / 1e7 + 180.0) / 360.0;
        let latitude = (f64::from(at.lat_e7) / 1e7).clamp(-85.0, 85.0).to_radians();
        let south = (1.0 - latitude.tan().asinh() / std::f64::consts::PI) / 2.0;
        (
            (east * across - f64::from(self.column)) * EXTENT,
            (south * across - f64::from(self.row)) * EXTENT,
        )
    }
}

/// A layer of a tile that is being filled.
#[derive(Debug, Clone)]
pub struct Layer {
    tile: Tile,
    name: &'static str,
    keys: BTreeMap<&'static str, u64>,
    values: BTreeMap<String, u64>,
    features: Vec<Vec<u8>>,
}

impl Layer {
    /// An empty layer.
    pub fn new(tile: Tile, name: &'static str) -> Self {
        Self {
            tile,
            name,
            keys: BTreeMap::new(),
            values: BTreeMap::new(),
            features: Vec::new(),
        }
    }

    /// Draws straight pieces as one feature, each cut at the tile's edge; what is smaller than the grid is left out.
    pub fn lines(
        &mut self,
        pieces: impl Iterator<Item = (Position, Position)>,
        words: &[(&'static str, &str)],
    ) {
        let mut drawing = Drawing::default();
        for (a, b) in pieces {
            if let Some((a, b)) = cut(self.tile.spot(a), self.tile.spot(b)) {
                drawing.line(&[grid(a), grid(b)], false);
            }
        }
        self.feature(None, 2, &drawing, words);
    }

    /// Draws an area, if a part of it may lie in the tile; a dot where it would be smaller than the grid.
    pub fn area(&mut self, id: u64, outline: &[Position], words: &[(&'static str, &str)]) {
        let spots: Vec<Spot> = outline.iter().map(|at| self.tile.spot(*at)).collect();
        let within = |low: f64, high: f64| low <= EXTENT + MARGIN && high >= -MARGIN;
        let span = |of: fn(&Spot) -> f64| {
            let values = spots.iter().map(of);
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                (low.min(value), high.max(value))
            })
        };
        let (west, east) = span(|spot| spot.0);
        let (north, south) = span(|spot| spot.1);
        if !within(west, east) || !within(north, south) {
            return;
        }
        let mut corners: Vec<(i64, i64)> = spots.iter().map(|spot| grid(*spot)).collect();
        corners.dedup();
        if corners.first() == corners.last() {
            corners.pop();
        }
        if corners.len() < 3 {
            return;
        }
        if doubled_area(&corners) < 0 {
            corners.reverse();
        }
        let mut drawing = Drawing::default();
        drawing.line(&corners, true);
        self.feature(Some(id), 3, &drawing, words);
    }

    /// Draws a point, if it lies in the tile.
    pub fn point(&mut self, id: u64, at: Position, words: &[(&'static str, &str)]) {
        let spot = self.tile.spot(at);
        let inside = |value: f64| (-MARGIN..=EXTENT + MARGIN).contains(&value);
        if inside(spot.0) && inside(spot.1) {
            let mut drawing = Drawing::default();
            drawing.go(1, &[grid(spot)]);
            self.feature(Some(id), 1, &drawing, words);
        }
    }

    fn feature(
        &mut self,
        id: Option<u64>,
        shape: u64,
        drawing: &Drawing,
        words: &[(&'static str, &str)],
    ) {
        if drawing.commands.is_empty() {
            return;
        }
        let mut tags = Vec::new();
        for (key, value) in words {
            varint(&mut tags, place(&mut self.keys, key));
            varint(&mut tags, place(&mut self.values, (*value).to_owned()));
        }
        let mut feature = Vec::new();
        if let Some(id) = id {
            number(&mut feature, 1, id);
        }
        bytes(&mut feature, 2, &tags);
        number(&mut feature, 3, shape);
        bytes(&mut feature, 4, &drawing.commands);
        self.features.push(feature);
    }

    fn encoded(&self) -> Vec<u8> {
        let mut layer = Vec::new();
        number(&mut layer, 15, 2);
        bytes(&mut layer, 1, self.name.as_bytes());
        for feature in &self.features {
            bytes(&mut layer, 2, feature);
        }
        for key in in_order(&self.keys) {
            bytes(&mut layer, 3, key.as_bytes());
        }
        for value in in_order(&self.values) {
            let mut text = Vec::new();
            bytes(&mut text, 1, value.as_bytes());
            bytes(&mut layer, 4, &text);
        }
        number(&mut layer, 5, 4096);
        layer
    }
}

/// A tile of these layers, as the format has it.
pub fn tile(layers: &[Layer]) -> Vec<u8> {
    let mut tile = Vec::new();
    for layer in layers.iter().filter(|layer| !layer.features.is_empty()) {
        bytes(&mut tile, 3, &layer.encoded());
    }
    tile
}

/// The place of a word in its list, from 0.
fn place<T: Ord>(words: &mut BTreeMap<T, u64>, word: T) -> u64 {
    let next = u64::try_from(words.len()).unwrap_or(u64::MAX);
    *words.entry(word).or_insert(next)
}

fn in_order<T: AsRef<str>>(words: &BTreeMap<T, u64>) -> Vec<&str> {
    let mut words: Vec<(u64, &str)> = words
        .iter()
        .map(|(word, place)| (*place, word.as_ref()))
        .collect();
    words.sort_unstable();
    words.into_iter().map(|(_, word)| word).collect()
}

/// A feature's geometry: commands with steps from the place before.
#[derive(Default)]
struct Drawing {
    commands: Vec<u8>,
    pen: (i64, i64),
}

impl Drawing {
    /// A line over these spots; an area's outline is closed.
    fn line(&mut self, spots: &[(i64, i64)], close: bool) {
        let [first, rest @ ..] = spots else { return };
        if rest.iter().all(|spot| spot == first) {
            return;
        }
        self.go(1, &[*first]);
        self.go(2, rest);
        if close {
            varint(&mut self.commands, (1 << 3) | 7);
        }
    }

    /// Moves (1) or draws (2) to these spots.
    fn go(&mut self, command: u64, spots: &[(i64, i64)]) {
        let count = u64::try_from(spots.len()).unwrap_or(0);
        varint(&mut self.commands, (count << 3) | command);
        for (x, y) in spots {
            varint(&mut self.commands, zigzag(x - self.pen.0));
            varint(&mut self.commands, zigzag(y - self.pen.1));
            self.pen = (*x, *y);
        }
    }
}

/// Twice the area within corners, positive if they go round clockwise on the screen, as outlines must.
fn doubled_area(corners: &[(i64, i64)]) -> i128 {
    let next = corners.iter().cycle().skip(1);
    corners
        .iter()
        .zip(next)
        .map(|((ax, ay), (bx, by))| {
            i128::from(*ax) * i128::from(*by) - i128::from(*bx) * i128::from(*ay)
        })
        .sum()
}

/// The part of a straight piece that lies in the tile and its margin (Liang and Barsky 1984).
fn cut(a: Spot, b: Spot) -> Option<(Spot, Spot)> {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let (mut from, mut to) = (0.0_f64, 1.0_f64);
    let (low, high) = (-MARGIN, EXTENT + MARGIN);
    for (step, room) in [
        (-dx, a.0 - low),
        (dx, high - a.0),
        (-dy, a.1 - low),
        (dy, high - a.1),
    ] {
        if step == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if step < 0.0 {
            from = from.max(room / step);
        } else {
            to = to.min(room / step);
        }
    }
    let at = |part: f64| (a.0 + dx * part, a.1 + dy * part);
    (from <= to).then(|| (at(from), at(to)))
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "a cast from f64 saturates, and the earth at the closest zoom has 2^32 units"
)]
fn grid((x, y): Spot) -> (i64, i64) {
    (x.round() as i64, y.round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Packed, Value, fields, zigzag as unzigzag};

    const AT: Position = Position {
        lon_e7: 1_205_800_000,
        lat_e7: 300_000_000,
    };

    /// Every feature of a tile: layer, kind of shape, geometry as numbers, words.
    type Read = Vec<(String, u64, Vec<u64>, Vec<(String, String)>)>;

    fn read(bytes: &[u8]) -> Read {
        let mut found = Vec::new();
        fields(bytes, |_, layer| {
            let (mut name, mut keys, mut values) = (String::new(), Vec::new(), Vec::new());
            let mut features = Vec::new();
            fields(layer.bytes()?, |field, value| {
                let text = |value: Value<'_>| {
                    Ok::<_, &str>(String::from_utf8_lossy(value.bytes()?).into_owned())
                };
                match field {
                    1 => name = text(value)?,
                    2 => features.push(value.bytes()?),
                    3 => keys.push(text(value)?),
                    4 => fields(value.bytes()?, |_, value| {
                        values.push(text(value)?);
                        Ok(())
                    })?,
                    _ => {}
                }
                Ok(())
            })?;
            for feature in features {
                let (mut shape, mut drawn, mut tags) = (0, Vec::new(), Vec::new());
                fields(feature, |field, value| {
                    match field {
                        2 => tags = Packed(value.bytes()?).collect::<Result<Vec<u64>, _>>()?,
                        3 => shape = value.number()?,
                        4 => drawn = Packed(value.bytes()?).collect::<Result<Vec<u64>, _>>()?,
                        _ => {}
                    }
                    Ok(())
                })?;
                let word =
                    |list: &[String], place: u64| list[usize::try_from(place).unwrap()].clone();
                let words = tags
                    .chunks(2)
                    .map(|pair| (word(&keys, pair[0]), word(&values, pair[1])));
                found.push((name.clone(), shape, drawn, words.collect()));
            }
            Ok(())
        })
        .unwrap();
        found
    }

    /// The tile that a position lies in, as the web counts them.
    fn around(zoom: u8) -> Tile {
        let world = Tile::new(0, 0, 0).unwrap();
        let (x, y) = world.spot(AT);
        let across = f64::from(1_u32 << zoom);
        let number = |value: f64| grid(((value / EXTENT * across).floor(), 0.0)).0;
        Tile::new(
            zoom,
            u32::try_from(number(x)).unwrap(),
            u32::try_from(number(y)).unwrap(),
        )
        .unwrap()
    }

    #[test]
    fn a_tile_has_the_number_that_the_web_gives_it() {
        // 120.58° E, 30° N: slippy-map tile names, wiki.openstreetmap.org.
        let tile = around(14);
        assert_eq!((tile.column, tile.row), (13679, 6759));
        let (x, y) = tile.spot(AT);
        assert!((0.0..EXTENT).contains(&x) && (0.0..EXTENT).contains(&y));
        assert_eq!(Tile::new(3, 8, 0), None);
        assert_eq!(Tile::new(21, 0, 0), None);
        assert_eq!(Tile::new(64, 0, 0), None);
    }

    #[test]
    fn what_is_drawn_is_read_back_with_its_words() {
        let tile_of = around(14);
        let mut buildings = Layer::new(tile_of, "buildings");
        let corner = |east: i32, north: i32| Position {
            lon_e7: AT.lon_e7 + east,
            lat_e7: AT.lat_e7 + north,
        };
        let outline = [
            corner(0, 0),
            corner(9000, 0),
            corner(9000, 9000),
            corner(0, 9000),
            corner(0, 0),
        ];
        buildings.area(7, &outline, &[("tint", "met"), ("name", "一幢")]);
        buildings.area(
            8,
            &outline.map(|at| Position {
                lon_e7: at.lon_e7 + 50_000_000,
                ..at
            }),
            &[],
        );
        let mut places = Layer::new(tile_of, "facilities");
        places.point(1, AT, &[("name", "一幢")]);
        let empty = Layer::new(tile_of, "ways");
        let found = read(&tile(&[empty, buildings, places]));
        assert_eq!(found.len(), 2, "what lies elsewhere is left out");
        let (layer, shape, drawn, words) = &found[0];
        assert_eq!((layer.as_str(), *shape), ("buildings", 3));
        assert_eq!(
            (drawn[0], drawn[3], *drawn.last().unwrap()),
            (9, (3 << 3) | 2, 15),
            "move, three lines, close"
        );
        assert_eq!(words[1], ("name".to_owned(), "一幢".to_owned()));
        assert_eq!((found[1].1, found[1].2[0]), (1, 9));
    }

    #[test]
    fn lines_end_at_the_edge() {
        let tile_of = around(14);
        let mut ways = Layer::new(tile_of, "ways");
        let far = Position {
            lon_e7: AT.lon_e7 + 90_000_000,
            ..AT
        };
        let (north, south) = (
            Position {
                lat_e7: 320_000_000,
                ..AT
            },
            Position {
                lat_e7: 280_000_000,
                ..AT
            },
        );
        ways.lines(
            [(AT, far), (north, south), (far, far), (AT, AT)].into_iter(),
            &[],
        );
        let found = read(&tile(&[ways]));
        let (mut x, mut y, mut spots) = (0, 0, Vec::new());
        let mut numbers = found[0].2.iter().copied();
        while let Some(command) = numbers.next() {
            for _ in 0..command >> 3 {
                x += unzigzag(numbers.next().unwrap());
                y += unzigzag(numbers.next().unwrap());
                spots.push((x, y));
            }
        }
        assert_eq!(spots.len(), 4, "a piece without length is no line");
        for (x, y) in spots {
            assert!(
                (-128..=4224).contains(&x) && (-128..=4224).contains(&y),
                "{x} {y}"
            );
        }
    }
}
