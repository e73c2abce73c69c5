//! What a picture of the map shows: a middle and a zoom, and where positions lie in it.

use walk::{Position, distance_dm};

/// The picture's size in tenths of a pixel.
pub(crate) const WIDTH: i64 = 8000;
pub(crate) const HEIGHT: i64 = 6000;
/// The closest zoom; each step shows half as much.
pub(crate) const MAX_ZOOM: u8 = 9;
/// The narrowest picture, in decimetres.
const NARROWEST_DM: i64 = 1500;

/// What is looked at, as an address says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct View {
    /// The middle.
    pub middle: Position,
    /// 0 shows the whole circle.
    pub zoom: u8,
}

/// A view over a circle's bounds: how positions become places in the picture.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    pub view: View,
    /// What the picture's width shows, in decimetres.
    pub width_dm: i64,
    /// Decimetres in 100,000 of 1e-7 degrees, east and north.
    east: i64,
    north: i64,
}

impl Frame {
    /// The frame of a view; the middle of the bounds where none is given.
    pub(crate) fn of(bounds: (Position, Position), middle: Option<Position>, zoom: u8) -> Self {
        let (low, high) = bounds;
        let own = Position {
            lon_e7: i32::midpoint(low.lon_e7, high.lon_e7),
            lat_e7: i32::midpoint(low.lat_e7, high.lat_e7),
        };
        let middle = middle.unwrap_or(own);
        let step = |east: i32, north: i32| {
            let to = Position {
                lon_e7: own.lon_e7.saturating_add(east),
                lat_e7: own.lat_e7.saturating_add(north),
            };
            i64::from(distance_dm(own, to)).max(1)
        };
        let (east, north) = (step(100_000, 0), step(0, 100_000));
        let wide = (i64::from(high.lon_e7) - i64::from(low.lon_e7)) * east / 100_000;
        let tall = (i64::from(high.lat_e7) - i64::from(low.lat_e7)) * north / 100_000;
        let whole = wide.max(tall * WIDTH / HEIGHT) * 21 / 20;
        let width_dm = (whole >> zoom.min(MAX_ZOOM)).max(NARROWEST_DM);
        Self {
            view: View {
                middle,
                zoom: zoom.min(MAX_ZOOM),
            },
            width_dm,
            east,
            north,
        }
    }

    /// Where a position lies in the picture, in tenths of a pixel.
    pub(crate) fn place(&self, at: Position) -> (i64, i64) {
        let east = i64::from(at.lon_e7) - i64::from(self.view.middle.lon_e7);
        let north = i64::from(at.lat_e7) - i64::from(self.view.middle.lat_e7);
        let tenths = |e7: i64, scale: i64| e7 * scale / 100 * WIDTH / self.width_dm / 1000;
        (
            WIDTH / 2 + tenths(east, self.east),
            HEIGHT / 2 - tenths(north, self.north),
        )
    }

    /// The middle moved by so many hundredths of the picture's width east and north.
    pub(crate) fn moved(&self, east: i64, north: i64) -> Position {
        let e7 = |part: i64, scale: i64| {
            let e7 = self.width_dm * part * 1000 / scale;
            i32::try_from(e7).unwrap_or(0)
        };
        let middle = self.view.middle;
        Position {
            lon_e7: middle.lon_e7.saturating_add(e7(east, self.east)),
            lat_e7: middle.lat_e7.saturating_add(e7(north, self.north)),
        }
    }

    /// Whether a place lies in the picture or within `margin` tenths of a pixel around it.
    pub(crate) fn shows((x, y): (i64, i64), margin: i64) -> bool {
        (-margin..=WIDTH + margin).contains(&x) && (-margin..=HEIGHT + margin).contains(&y)
    }

    /// A round number of metres for the scale bar, and how long that is in tenths of a pixel.
    pub(crate) fn scale_bar(&self) -> (i64, i64) {
        let most = self.width_dm / 40;
        let mut metres = 10;
        for step in [20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000] {
            if step <= most {
                metres = step;
            }
        }
        (metres, metres * 10 * WIDTH / self.width_dm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_bounds_hold_lies_in_the_picture_and_moves_the_right_way() {
        let at = |lon_e7, lat_e7| Position { lon_e7, lat_e7 };
        let bounds = (
            at(1_205_000_000, 300_000_000),
            at(1_205_300_000, 300_100_000),
        );
        let whole = Frame::of(bounds, None, 0);
        for corner in [bounds.0, bounds.1] {
            assert!(Frame::shows(whole.place(corner), 0));
        }
        let (x, y) = whole.place(bounds.1);
        assert!(
            x > WIDTH / 2 && y < HEIGHT / 2,
            "north-east is right and up"
        );
        let closer = Frame::of(bounds, Some(whole.moved(25, 25)), 2);
        assert!(closer.view.middle.lon_e7 > whole.view.middle.lon_e7);
        assert!(closer.view.middle.lat_e7 > whole.view.middle.lat_e7);
        assert!(closer.width_dm < whole.width_dm);
    }

    #[test]
    fn a_point_is_a_frame_too() {
        let frame = Frame::of((Position::default(), Position::default()), None, 200);
        assert_eq!(frame.place(Position::default()), (WIDTH / 2, HEIGHT / 2));
    }
}
