//! From a position to the nearest piece of way: with the offset along it, and never farther than a cap.

use crate::Network;
use crate::geometry::{Frame, Position, between, foot, share, whole};
use crate::index::{at, group, grouped, number};

/// A place on the network: a stretch of an edge, how far along it, and how far the door lies from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Snap {
    pub(crate) edge: u32,
    /// The bend behind which the place lies.
    pub(crate) bend: u32,
    /// The way from that bend, in decimetres.
    pub(crate) along_dm: u32,
    /// From the door to the way, as the crow flies, in decimetres.
    pub off_dm: u32,
}

/// The width and height of a cell, in 1e-7 degrees: about 100 m.
const CELL_E7: i64 = 10_000;

/// Finds the nearest way. Prepared once for a network.
#[derive(Debug, Clone)]
pub struct Snapper<'n> {
    network: &'n Network,
    west: i64,
    south: i64,
    columns: i64,
    rows: i64,
    cell_e7: i64,
    starts: Vec<u32>,
    /// Stretches by cell, each by its first bend.
    stretches: Vec<u32>,
}

impl<'n> Snapper<'n> {
    /// Sorts the network's stretches into cells.
    pub fn new(network: &'n Network) -> Self {
        let bounds = Bounds::of(network);
        // Cells grow for a network that is large and thin, so that there are never many more cells than stretches.
        let most = i64::try_from(network.shape.len().max(64)).unwrap_or(i64::MAX);
        let mut cell_e7 = CELL_E7;
        while (bounds.width / cell_e7 + 1) * (bounds.height / cell_e7 + 1) > most {
            cell_e7 *= 2;
        }
        let mut snapper = Self {
            network,
            west: bounds.west,
            south: bounds.south,
            columns: bounds.width / cell_e7 + 1,
            rows: bounds.height / cell_e7 + 1,
            cell_e7,
            starts: Vec::new(),
            stretches: Vec::new(),
        };
        let (mut cells, mut bends) = (Vec::new(), Vec::new());
        for (bend, [a, b]) in (0_u32..).zip(network.shape.array_windows()) {
            if a.edge == b.edge {
                snapper.cells_between(a.position, b.position, |cell| {
                    cells.push(cell);
                    bends.push(bend);
                });
            }
        }
        let count = usize::try_from(snapper.columns * snapper.rows).unwrap_or(1);
        let (starts, order) = grouped(count, &cells);
        snapper.starts = starts;
        snapper.stretches = order
            .iter()
            .filter_map(|place| bends.get(at(*place)).copied())
            .collect();
        snapper
    }

    /// The nearest way within `cap_dm`, or `None`. Of two at the same distance the one that comes first in the network.
    pub fn snap(&self, position: Position, cap_dm: u32) -> Option<Snap> {
        let frame = Frame::at(position.lat_e7);
        let (reach_east, reach_north) = frame.reach_e7(cap_dm);
        let (lon, lat) = (i64::from(position.lon_e7), i64::from(position.lat_e7));
        let columns = self.column(lon - reach_east)..=self.column(lon + reach_east);
        let mut best: Option<(f64, u32, f64)> = None;
        for row in self.row(lat - reach_north)..=self.row(lat + reach_north) {
            for column in columns.clone() {
                let cell = number(usize::try_from(row * self.columns + column).ok()?);
                for bend in group(&self.starts, &self.stretches, cell) {
                    let Some([a, b]) = self.ends(*bend) else {
                        continue;
                    };
                    let (off, along) = foot(frame.offset(position, a), frame.offset(position, b));
                    let nearer = best.is_none_or(|(least, first, _)| {
                        off < least || (off.total_cmp(&least).is_eq() && *bend < first)
                    });
                    if nearer {
                        best = Some((off, *bend, along));
                    }
                }
            }
        }
        let (off, bend, along) = best?;
        let off_dm = whole(off);
        let stretch = self.network.bend(bend)?;
        (off_dm <= cap_dm).then(|| Snap {
            edge: stretch.edge,
            bend,
            along_dm: share(stretch.length_dm, along),
            off_dm,
        })
    }

    /// Where on the ground a snapped place lies on its way.
    pub fn position(&self, snap: Snap) -> Option<Position> {
        self.network.position(snap)
    }

    fn ends(&self, bend: u32) -> Option<[Position; 2]> {
        let (a, b) = (self.network.bend(bend)?, self.network.bend(bend + 1)?);
        Some([a.position, b.position])
    }

    fn column(&self, lon: i64) -> i64 {
        ((lon - self.west).div_euclid(self.cell_e7)).clamp(0, self.columns - 1)
    }

    fn row(&self, lat: i64) -> i64 {
        ((lat - self.south).div_euclid(self.cell_e7)).clamp(0, self.rows - 1)
    }

    /// Every cell that a stretch may touch: row by row those between where it enters and leaves the row.
    fn cells_between(&self, a: Position, b: Position, mut touch: impl FnMut(u32)) {
        let (a, b) = if a.lat_e7 <= b.lat_e7 { (a, b) } else { (b, a) };
        let (x0, y0) = (i64::from(a.lon_e7), i64::from(a.lat_e7));
        let (x1, y1) = (i64::from(b.lon_e7), i64::from(b.lat_e7));
        for row in self.row(y0)..=self.row(y1) {
            let low = (self.south + row * self.cell_e7).clamp(y0, y1);
            let high = (self.south + (row + 1) * self.cell_e7).clamp(y0, y1);
            let cross = |y: i64| {
                if y1 == y0 {
                    return x1;
                }
                let step = i128::from(x1 - x0) * i128::from(y - y0) / i128::from(y1 - y0);
                x0 + i64::try_from(step).unwrap_or(0)
            };
            let (enter, leave) = if y0 == y1 {
                (x0, x1)
            } else {
                (cross(low), cross(high))
            };
            // One unit more on each side for the division's remainder.
            let columns = self.column(enter.min(leave) - 1)..=self.column(enter.max(leave) + 1);
            for column in columns {
                touch(number(
                    usize::try_from(row * self.columns + column).unwrap_or(0),
                ));
            }
        }
    }
}

impl Network {
    /// Where on the ground a snapped place lies on its way; `None` if it is of another network.
    pub fn position(&self, snap: Snap) -> Option<Position> {
        let here = self.bend(snap.bend)?;
        let next = self.bend(snap.bend + 1).unwrap_or(here);
        Some(between(
            here.position,
            next.position,
            snap.along_dm,
            here.length_dm,
        ))
    }
}

struct Bounds {
    west: i64,
    south: i64,
    width: i64,
    height: i64,
}

impl Bounds {
    fn of(network: &Network) -> Self {
        let range = |values: &mut dyn Iterator<Item = i32>| {
            values.fold(None, |range: Option<(i32, i32)>, value| {
                let (low, high) = range.unwrap_or((value, value));
                Some((low.min(value), high.max(value)))
            })
        };
        let bends = || network.shape.iter().map(|bend| bend.position);
        let (west, east) = range(&mut bends().map(|at| at.lon_e7)).unwrap_or((0, 0));
        let (south, north) = range(&mut bends().map(|at| at.lat_e7)).unwrap_or((0, 0));
        Self {
            west: i64::from(west),
            south: i64::from(south),
            width: i64::from(east) - i64::from(west),
            height: i64::from(north) - i64::from(south),
        }
    }
}
