//! Positions on the earth in integers, and short distances between them.
#![expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "degrees become decimetres here and nowhere else; every value is bounded by the size of the earth"
)]

/// A position in 1e-7 degrees (WGS-84 or CGCS2000), as OpenStreetMap keeps it: about a centimetre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Position {
    /// Longitude, east positive.
    pub lon_e7: i32,
    /// Latitude, north positive.
    pub lat_e7: i32,
}

impl Position {
    /// The place on a Z-shaped curve through the world: near on the curve is mostly near on the ground.
    pub(crate) fn morton(self) -> u64 {
        let spread = |value: i32| {
            let mut bits = u64::from(value.wrapping_sub(i32::MIN).cast_unsigned());
            bits = (bits | (bits << 16)) & 0x0000_FFFF_0000_FFFF;
            bits = (bits | (bits << 8)) & 0x00FF_00FF_00FF_00FF;
            bits = (bits | (bits << 4)) & 0x0F0F_0F0F_0F0F_0F0F;
            bits = (bits | (bits << 2)) & 0x3333_3333_3333_3333;
            (bits | (bits << 1)) & 0x5555_5555_5555_5555
        };
        spread(self.lon_e7) | (spread(self.lat_e7) << 1)
    }
}

/// The distance in whole decimetres, on the WGS-84 ellipsoid, for what lies a few kilometres apart.
pub fn distance_dm(a: Position, b: Position) -> u32 {
    let middle = i32::midpoint(a.lat_e7, b.lat_e7);
    let (x, y) = Frame::at(middle).offset(a, b);
    x.hypot(y).round() as u32
}

/// Decimetres per 1e-7 degree at a latitude.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    east: f64,
    north: f64,
}

impl Frame {
    /// The series of the length of a degree on WGS-84 (National Geospatial-Intelligence Agency, length of a degree).
    pub(crate) fn at(lat_e7: i32) -> Self {
        let latitude = (f64::from(lat_e7) * 1e-7).to_radians();
        let double = (2.0 * latitude).cos();
        let north = 111_132.954 - 559.822 * double + 1.175 * (4.0 * latitude).cos();
        let east = 111_412.84 * latitude.cos() - 93.5 * (3.0 * latitude).cos()
            + 0.118 * (5.0 * latitude).cos();
        Self {
            east: east.max(0.0) * 1e-6,
            north: north * 1e-6,
        }
    }

    /// How far east and north `b` lies of `a`, in decimetres.
    pub(crate) fn offset(self, a: Position, b: Position) -> (f64, f64) {
        let east = i64::from(b.lon_e7) - i64::from(a.lon_e7);
        let north = i64::from(b.lat_e7) - i64::from(a.lat_e7);
        (east as f64 * self.east, north as f64 * self.north)
    }

    /// So many decimetres in 1e-7 degrees: east, north. Rounded up.
    pub(crate) fn reach_e7(self, dm: u32) -> (i64, i64) {
        let steps = |scale: f64| (f64::from(dm) / scale.max(1e-5)).ceil() as i64;
        (steps(self.east), steps(self.north))
    }
}

/// The foot of a perpendicular from the origin on the stretch from `a` to `b`: its distance, and how far along it lies, from
/// 0 to 1.
pub(crate) fn foot(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let square = dx * dx + dy * dy;
    let along = if square > 0.0 {
        (-(a.0 * dx + a.1 * dy) / square).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let (x, y) = (a.0 + along * dx, a.1 + along * dy);
    (x.hypot(y), along)
}

/// A share of a length, rounded; never more than the length.
pub(crate) fn share(length_dm: u32, along: f64) -> u32 {
    ((f64::from(length_dm) * along).round() as u32).min(length_dm)
}

/// A non-negative distance in whole decimetres.
pub(crate) fn whole(dm: f64) -> u32 {
    dm.round() as u32
}

/// The position at a share of the way from `a` to `b`.
pub(crate) fn between(a: Position, b: Position, part: u32, of: u32) -> Position {
    let mix = |from: i32, to: i32| {
        let step = (i64::from(to) - i64::from(from)) * i64::from(part) / i64::from(of.max(1));
        i32::try_from(i64::from(from) + step).unwrap_or(from)
    };
    Position {
        lon_e7: mix(a.lon_e7, b.lon_e7),
        lat_e7: mix(a.lat_e7, b.lat_e7),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_degree_is_as_long_as_the_tables_say() {
        let at = |lon: i32, lat: i32| Position {
            lon_e7: lon,
            lat_e7: lat,
        };
        // A hundredth of a degree at 30° N: 964.9 m east, 1108.5 m north.
        assert_eq!(
            distance_dm(at(0, 300_000_000), at(100_000, 300_000_000)),
            9649
        );
        assert_eq!(distance_dm(at(0, 300_000_000), at(0, 300_100_000)), 11085);
        assert_eq!(distance_dm(at(5, 5), at(5, 5)), 0);
    }

    #[test]
    fn neighbours_on_the_ground_are_neighbours_on_the_curve() {
        let near = Position {
            lon_e7: 0,
            lat_e7: 0,
        }
        .morton()
            ^ Position {
                lon_e7: 1,
                lat_e7: 1,
            }
            .morton();
        let far = Position {
            lon_e7: 0,
            lat_e7: 0,
        }
        .morton()
            ^ Position {
                lon_e7: 1 << 20,
                lat_e7: 0,
            }
            .morton();
        assert!(near < far);
    }
}
