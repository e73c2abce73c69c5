//! Life circles in the words of those who plan them, and the rules that need no database.

use kernel::{Permission, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use walk::Position;

use crate::Error;

kernel::id! {
    /// A life circle.
    pub struct CircleId;
}
kernel::id! {
    /// A list of a circle's own.
    pub struct OwnId;
}
kernel::id! {
    /// A scenario: what would be built or closed.
    pub struct ScenarioId;
}
db::id_column!(CircleId, OwnId, ScenarioId);

/// See life circles.
pub const READ: Permission = Permission("lifecircle.read");
/// Import maps and lists, change types, save scenarios.
pub const PLAN: Permission = Permission("lifecircle.plan");

/// Who may do what unless the community says otherwise. Planners are staff of the city.
pub const PERMISSIONS: &[(Permission, &[Role])] = &[
    (
        READ,
        &[
            Role::Resident,
            Role::Owner,
            Role::Butler,
            Role::CommitteeMember,
            Role::CityStaff,
            Role::Supervisor,
        ],
    ),
    (PLAN, &[Role::CommitteeMember, Role::CityStaff]),
];

/// The longest name, in characters.
pub const MAX_NAME: usize = 80;
/// The largest street map, in bytes.
pub const MAX_MAP_BYTES: usize = 20 * 1024 * 1024;
/// The most lists of a circle that are in use.
pub const MAX_LISTS: usize = 50;
/// The most changes of a scenario.
pub const MAX_CHANGES: usize = 50;
/// How far a door, a facility or a change may lie from the nearest way, in decimetres.
pub const SNAP_CAP_DM: u32 = 1000;

/// What a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListKind {
    /// Facilities of any type; stops too.
    Facilities,
    /// Buildings with who lives in them.
    Buildings,
    /// Entrances of buildings and facilities that the map has.
    Entrances,
    /// Districts to sum up by.
    Districts,
}

impl ListKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [
        Self::Facilities,
        Self::Buildings,
        Self::Entrances,
        Self::Districts,
    ];

    /// The name in forms, tables and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Facilities => "facilities",
            Self::Buildings => "buildings",
            Self::Entrances => "entrances",
            Self::Districts => "districts",
        }
    }

    /// The kind of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What was read of a street map.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = LifeCircleMapSummary)]
pub struct MapSummary {
    /// Points of ways that are walked.
    pub points: u64,
    /// Pieces of way between them.
    pub segments: u64,
    /// Metres of way.
    pub walkable_m: u64,
    /// Pieces of network that no way connects.
    pub islands: u64,
    /// Buildings.
    pub buildings: u64,
    /// Buildings with an entrance of their own.
    pub entrances: u64,
    /// Facilities, by the id of their type.
    pub facilities: Vec<(String, u64)>,
    /// Buildings and facilities that lie too far from any way.
    pub unsnapped: u64,
    /// Nodes that ways name and the file lacks.
    pub missing_nodes: u64,
}

/// What became of a street map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MapOutcome {
    /// It was read.
    Read(MapSummary),
    /// It could not be read; why, in the reader's words.
    Refused(String),
}

/// What would be built or closed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum PlanChange {
    /// A new facility.
    Facility {
        /// The id of its type.
        kind: String,
        /// Its longitude in 1e-7 degrees, WGS-84.
        lon_e7: i32,
        /// Its latitude.
        lat_e7: i32,
    },
    /// A new way across, such as a bridge or a gate.
    Way {
        /// Where it begins: longitude.
        lon_e7: i32,
        /// Latitude.
        lat_e7: i32,
        /// Where it ends: longitude.
        to_lon_e7: i32,
        /// Latitude.
        to_lat_e7: i32,
    },
    /// A way that is closed, such as a gate.
    Closure {
        /// Its longitude.
        lon_e7: i32,
        /// Its latitude.
        lat_e7: i32,
    },
}

impl PlanChange {
    /// The places that it names, in order.
    pub fn places(&self) -> Vec<Position> {
        let at = |lon_e7: i32, lat_e7: i32| Position { lon_e7, lat_e7 };
        match *self {
            Self::Facility { lon_e7, lat_e7, .. } | Self::Closure { lon_e7, lat_e7 } => {
                vec![at(lon_e7, lat_e7)]
            }
            Self::Way {
                lon_e7,
                lat_e7,
                to_lon_e7,
                to_lat_e7,
            } => {
                vec![at(lon_e7, lat_e7), at(to_lon_e7, to_lat_e7)]
            }
        }
    }

    /// The name of what it is, in messages.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Facility { .. } => "facility",
            Self::Way { .. } => "way",
            Self::Closure { .. } => "closure",
        }
    }
}

/// Refuses a text that is blank or longer than `max` characters.
pub(crate) fn check_text(field: &'static str, text: &str, max: usize) -> Result<(), Error> {
    let length = text.chars().count();
    if text.trim().is_empty() {
        Err(Error::Blank { field })
    } else if length > max {
        Err(Error::TooLong { field, length, max })
    } else {
        Ok(())
    }
}

/// A place as it is typed or linked: longitude and latitude in degrees with a comma or blank between, WGS-84.
pub fn place(text: &str) -> Option<Position> {
    let mut parts = text
        .split([',', '，', ' '])
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let (lon, lat) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    if parts.next().is_some() {
        return None;
    }
    let at = street_map::from_degrees(lon, lat)?;
    (at.lat_e7.unsigned_abs() <= 900_000_000).then_some(at)
}

/// A place as [`place`] reads it, with six digits behind the point: a decimetre.
pub fn place_text(at: Position) -> String {
    let degrees = |e7: i32| f64::from(e7) / 1e7;
    format!("{:.6},{:.6}", degrees(at.lon_e7), degrees(at.lat_e7))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_is_written() {
        let at = place("120.582106, 30.012340").unwrap();
        assert_eq!((at.lon_e7, at.lat_e7), (1_205_821_060, 300_123_400));
        assert_eq!(place(&place_text(at)), Some(at));
        for wrong in ["", "120", "120,x", "120,95", "1,2,3", "NaN,3", "999,3"] {
            assert_eq!(place(wrong), None, "{wrong}");
        }
    }
}
