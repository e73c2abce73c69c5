//! A map as it would be: with one more way across, or with a way closed.

use walk::{Position, Segment, distance_dm};

use crate::StreetMap;

/// Metres in 1e-7 degrees of latitude, near enough to compare distances a few hundred metres long.
const DM_PER_E7: f64 = 0.111_32;

impl StreetMap {
    /// The map with a way from one place to another, joined to the nearest ways within `cap_dm`; `None` if one end has no way
    /// near it, or both ends are one place.
    #[must_use]
    pub fn with_way(&self, from: Position, to: Position, cap_dm: u32) -> Option<Self> {
        let mut map = self.clone();
        let start = map.join(from, cap_dm)?;
        let end = map.join(to, cap_dm)?;
        let (a, b) = (map.point(start)?, map.point(end)?);
        if start == end {
            return None;
        }
        map.segments
            .push(Segment::both(start, end, distance_dm(a, b)));
        Some(map)
    }

    /// The map without the piece of way nearest to a place, such as a closed gate; `None` if there is none within `cap_dm`.
    #[must_use]
    pub fn without_way(&self, at: Position, cap_dm: u32) -> Option<Self> {
        let (segment, ..) = self.nearest_segment(at, cap_dm)?;
        let mut map = self.clone();
        map.segments.remove(segment);
        Some(map)
    }

    fn point(&self, number: u32) -> Option<Position> {
        self.points.get(usize::try_from(number).ok()?).copied()
    }

    /// The point of the network nearest to a place; the piece of way it lies on is cut in two there.
    fn join(&mut self, at: Position, cap_dm: u32) -> Option<u32> {
        let (place, foot, along) = self.nearest_segment(at, cap_dm)?;
        let segment = *self.segments.get(place)?;
        if along <= 0.0 {
            return Some(segment.from);
        }
        if along >= 1.0 {
            return Some(segment.to);
        }
        let new = u32::try_from(self.points.len()).ok()?;
        self.points.push(foot);
        let first = distance_dm(self.point(segment.from)?, foot).min(segment.length_dm);
        let near = Segment {
            to: new,
            length_dm: first,
            ..segment
        };
        let far = Segment {
            from: new,
            length_dm: segment.length_dm - first,
            ..segment
        };
        *self.segments.get_mut(place)? = near;
        self.segments.push(far);
        Some(new)
    }

    /// The piece of way nearest to a place, the foot of the perpendicular on it, and how far along it that lies, 0 to 1.
    fn nearest_segment(&self, at: Position, cap_dm: u32) -> Option<(usize, Position, f64)> {
        let mut best: Option<(f64, usize, f64)> = None;
        let east = (f64::from(at.lat_e7) * 1e-7).to_radians().cos();
        for (place, segment) in self.segments.iter().enumerate() {
            let (Some(a), Some(b)) = (self.point(segment.from), self.point(segment.to)) else {
                continue;
            };
            let offset = |to: Position| {
                let degrees = |to: i32, from: i32| f64::from(to) - f64::from(from);
                (
                    degrees(to.lon_e7, at.lon_e7) * east * DM_PER_E7,
                    degrees(to.lat_e7, at.lat_e7) * DM_PER_E7,
                )
            };
            let (a, b) = (offset(a), offset(b));
            let (dx, dy) = (b.0 - a.0, b.1 - a.1);
            let square = dx * dx + dy * dy;
            let along = if square > 0.0 {
                (-(a.0 * dx + a.1 * dy) / square).clamp(0.0, 1.0)
            } else {
                0.0
            };
            let off = (a.0 + along * dx).hypot(a.1 + along * dy);
            if best.is_none_or(|(least, ..)| off < least) {
                best = Some((off, place, along));
            }
        }
        let (off, place, along) = best?;
        if off > f64::from(cap_dm) {
            return None;
        }
        let segment = self.segments.get(place)?;
        let (a, b) = (self.point(segment.from)?, self.point(segment.to)?);
        Some((place, between(a, b, along), along))
    }
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "between two positions on the earth, and a cast from f64 saturates"
)]
fn between(a: Position, b: Position, along: f64) -> Position {
    let mix = |from: i32, to: i32| {
        (f64::from(from) + (f64::from(to) - f64::from(from)) * along).round() as i32
    };
    Position {
        lon_e7: mix(a.lon_e7, b.lon_e7),
        lat_e7: mix(a.lat_e7, b.lat_e7),
    }
}

#[cfg(test)]
mod tests {
    use walk::Network;

    use super::*;

    fn at(lon_e7: i32, lat_e7: i32) -> Position {
        Position { lon_e7, lat_e7 }
    }

    /// Two banks of a river, 100 m apart, with no way across.
    fn banks() -> StreetMap {
        let points = vec![at(0, 0), at(20_000, 0), at(0, 9000), at(20_000, 9000)];
        let segments = vec![Segment::both(0, 1, 2226), Segment::both(2, 3, 2226)];
        StreetMap {
            points,
            segments,
            ..StreetMap::default()
        }
    }

    #[test]
    fn a_bridge_joins_two_banks_in_the_middle_of_their_ways() {
        let map = banks();
        let islands = |map: &StreetMap| {
            Network::build(&map.points, &map.segments)
                .unwrap()
                .islands()
                .0
        };
        assert_eq!(islands(&map), 2);
        let joined = map
            .with_way(at(10_000, 100), at(10_000, 8900), 100)
            .unwrap();
        assert_eq!(islands(&joined), 1);
        let length = |map: &StreetMap| map.segments.iter().map(|one| one.length_dm).sum::<u32>();
        assert!(
            length(&joined).abs_diff(length(&map) + 995) <= 3,
            "{}",
            length(&joined)
        );
        assert!(
            map.with_way(at(10_000, 100), at(10_000, 4500), 100)
                .is_none()
        );
        assert!(map.with_way(at(0, 0), at(0, 0), 100).is_none());
    }

    #[test]
    fn a_closed_gate_takes_its_piece_of_way_away() {
        let closed = banks().without_way(at(10_000, 50), 100).unwrap();
        assert_eq!(closed.segments.len(), 1);
        assert!(banks().without_way(at(10_000, 4500), 100).is_none());
    }
}
