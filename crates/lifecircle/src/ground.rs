//! Outlines on the ground, in exact whole numbers: what lies within, what crosses itself.

use walk::{Position, distance_dm};

/// Twice the signed area of the triangle `a`, `b`, `c`: positive if `c` lies to the left.
fn side(a: Position, b: Position, c: Position) -> i128 {
    let offset = |to: Position| {
        (
            i128::from(to.lon_e7) - i128::from(a.lon_e7),
            i128::from(to.lat_e7) - i128::from(a.lat_e7),
        )
    };
    let ((bx, by), (cx, cy)) = (offset(b), offset(c));
    bx * cy - by * cx
}

/// Whether a position lies within an outline, by crossings of a ray (even–odd). The outline may be open or closed.
pub(crate) fn contains(outline: &[Position], at: Position) -> bool {
    let mut inside = false;
    let mut before = outline.last().copied();
    for here in outline.iter().copied() {
        if let Some(from) = before.replace(here)
            && (from.lat_e7 > at.lat_e7) != (here.lat_e7 > at.lat_e7)
        {
            let (low, high) = if from.lat_e7 < here.lat_e7 {
                (from, here)
            } else {
                (here, from)
            };
            inside ^= side(low, high, at) > 0;
        }
    }
    inside
}

/// Whether two pieces of an outline that are not neighbours cross or touch.
pub(crate) fn crosses_itself(outline: &[Position]) -> bool {
    let corners = match outline {
        [first, middle @ .., last] if first == last => {
            let mut corners = vec![*first];
            corners.extend_from_slice(middle);
            corners
        }
        _ => outline.to_vec(),
    };
    let count = corners.len();
    let edges: Vec<(Position, Position)> = corners
        .iter()
        .zip(corners.iter().cycle().skip(1))
        .map(|(a, b)| (*a, *b))
        .collect();
    edges.iter().enumerate().any(|(place, first)| {
        edges
            .iter()
            .enumerate()
            .skip(place + 2)
            .any(|(other, second)| {
                let neighbours = place == 0 && other + 1 == count;
                !neighbours && cross(*first, *second)
            })
    })
}

fn cross((a, b): (Position, Position), (c, d): (Position, Position)) -> bool {
    let sides = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)].map(i128::signum);
    let [c_side, d_side, a_side, b_side] = sides;
    if c_side * d_side < 0 && a_side * b_side < 0 {
        return true;
    }
    let within = |p: Position, q: Position, r: Position| {
        (p.lon_e7.min(q.lon_e7)..=p.lon_e7.max(q.lon_e7)).contains(&r.lon_e7)
            && (p.lat_e7.min(q.lat_e7)..=p.lat_e7.max(q.lat_e7)).contains(&r.lat_e7)
    };
    (c_side == 0 && within(a, b, c))
        || (d_side == 0 && within(a, b, d))
        || (a_side == 0 && within(c, d, a))
        || (b_side == 0 && within(c, d, b))
}

/// The ground that an outline encloses, in square metres, cut off; an outline is small, so its middle's scale holds for all of it.
pub(crate) fn square_metres(outline: &[Position]) -> u64 {
    let Some(at) = middle(outline) else { return 0 };
    let step = |east: i32, north: i32| {
        let to = Position {
            lon_e7: at.lon_e7.saturating_add(east),
            lat_e7: at.lat_e7.saturating_add(north),
        };
        i128::from(distance_dm(at, to))
    };
    let next = outline.iter().cycle().skip(1);
    let doubled: i128 = outline
        .iter()
        .zip(next)
        .map(|(a, b)| side(at, *a, *b))
        .sum();
    // The steps are decimetres for 100,000 of 1e-7 degrees each way.
    let square_dm = doubled.abs() * step(100_000, 0) * step(0, 100_000) / 2 / 10_000_000_000;
    u64::try_from(square_dm / 100).unwrap_or(0)
}

/// The middle of what positions span.
pub(crate) fn middle(positions: &[Position]) -> Option<Position> {
    let (low, high) = span(positions.iter().copied())?;
    Some(Position {
        lon_e7: i32::midpoint(low.lon_e7, high.lon_e7),
        lat_e7: i32::midpoint(low.lat_e7, high.lat_e7),
    })
}

/// The south-west and the north-east corner of what positions span.
pub(crate) fn span(positions: impl Iterator<Item = Position>) -> Option<(Position, Position)> {
    positions.fold(None, |span, at| {
        let (low, high) = span.unwrap_or((at, at));
        let lower = Position {
            lon_e7: low.lon_e7.min(at.lon_e7),
            lat_e7: low.lat_e7.min(at.lat_e7),
        };
        let higher = Position {
            lon_e7: high.lon_e7.max(at.lon_e7),
            lat_e7: high.lat_e7.max(at.lat_e7),
        };
        Some((lower, higher))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(corners: &[(i32, i32)]) -> Vec<Position> {
        let at = |(lon_e7, lat_e7): &(i32, i32)| Position {
            lon_e7: *lon_e7,
            lat_e7: *lat_e7,
        };
        corners.iter().map(at).collect()
    }

    #[test]
    fn a_court_is_not_within_the_building_around_it() {
        let horseshoe = ring(&[
            (0, 0),
            (9, 0),
            (9, 9),
            (6, 9),
            (6, 3),
            (3, 3),
            (3, 9),
            (0, 9),
        ]);
        let at = |lon_e7, lat_e7| Position { lon_e7, lat_e7 };
        assert!(contains(&horseshoe, at(1, 8)) && contains(&horseshoe, at(5, 1)));
        assert!(!contains(&horseshoe, at(5, 8)) && !contains(&horseshoe, at(20, 1)));
        assert!(!contains(&[], at(0, 0)));
    }

    #[test]
    fn a_hundredth_of_a_degree_square_at_30_north_is_as_large_as_the_tables_say() {
        let at = |lon_e7, lat_e7| Position { lon_e7, lat_e7 };
        let (west, south) = (1_200_000_000, 300_000_000);
        let square = [
            at(west, south),
            at(west + 10_000, south),
            at(west + 10_000, south + 10_000),
            at(west, south + 10_000),
        ];
        // 96.49 m east and 110.85 m north.
        let area = square_metres(&square);
        assert!(area.abs_diff(10_696) <= 3, "{area}");
        assert_eq!(square_metres(&square[..2]), 0);
    }

    #[test]
    fn a_bow_tie_crosses_itself_and_a_square_does_not() {
        assert!(crosses_itself(&ring(&[(0, 0), (9, 9), (9, 0), (0, 9)])));
        assert!(!crosses_itself(&ring(&[
            (0, 0),
            (9, 0),
            (9, 9),
            (0, 9),
            (0, 0)
        ])));
        assert!(crosses_itself(&ring(&[(0, 0), (9, 0), (4, 0), (4, 5)])));
    }
}
