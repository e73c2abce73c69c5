//! The life circle of a map: which building has which facility within the distance that its type allows.

use serde::Serialize;
use walk::{
    Doors, Nearest, Network, Place, Position, Reach, Settings, Snap, Snapper, Walker, nearest,
};

use crate::{Building, Facility, FacilityType, FacilityTypes, StreetMap, StreetMapError};

/// What to ask of a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// How many facilities of a type to keep for a building.
    pub keep: usize,
    /// How far to look, in metres; what lies beyond does not count, whatever its type allows.
    pub max_walk_m: u32,
    /// How far a door or a facility may lie from the nearest way, in decimetres.
    pub snap_cap_dm: u32,
    /// Who walks.
    pub walker: Walker,
    /// How many threads to use.
    pub threads: usize,
}

impl Default for Question {
    /// Five nearest within 1,000 m, 100 m from the nearest way, at a metre a second.
    fn default() -> Self {
        Self {
            keep: 5,
            max_walk_m: 1000,
            snap_cap_dm: 1000,
            walker: Walker::default(),
            threads: 1,
        }
    }
}

impl Question {
    fn settings(self) -> Settings {
        Settings {
            keep: self.keep,
            limit_ds: self.walker.time_ds(self.max_walk_m.saturating_mul(10)),
            threads: self.threads,
        }
    }
}

/// Whether a building has a facility of a type near enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Within the distance that the type allows.
    Met,
    /// None within that distance.
    Unmet,
    /// Not known: the map has no facility of the type, or no way near the building.
    Unknown,
}

/// How many buildings are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Buildings with a facility near enough.
    pub met: usize,
    /// Buildings without.
    pub unmet: usize,
    /// Buildings of which it is not known.
    pub unknown: usize,
}

/// What lies too far from any way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsnapped {
    /// Facilities, each with the place of its type and its own in the map's lists.
    pub facilities: Vec<(usize, usize)>,
    /// Buildings, by their place in the map's list.
    pub buildings: Vec<usize>,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// What was asked.
    pub question: Question,
    /// The walking network.
    pub network: Network,
    /// The facilities' places on it, by type.
    pub facilities: Vec<Vec<Place>>,
    /// The buildings' places on it.
    pub doors: Doors,
    /// The nearest facilities of each building, by type.
    pub nearest: Vec<Nearest>,
    /// What could not be placed.
    pub unsnapped: Unsnapped,
    known: Vec<bool>,
}

/// Analyses a map.
///
/// # Errors
/// [`StreetMapError::Walk`] for a network or a question out of range.
pub fn analyse(map: &StreetMap, question: Question) -> Result<Analysis, StreetMapError> {
    let network = Network::build(&map.points, &map.segments)?;
    let snapper = Snapper::new(&network);
    let cap = question.snap_cap_dm;
    let mut unsnapped = Unsnapped {
        facilities: Vec::new(),
        buildings: Vec::new(),
    };
    let mut facilities: Vec<Vec<Place>> = Vec::new();
    for (kind, list) in map.facilities.iter().enumerate() {
        let mut places = Vec::with_capacity(list.len());
        for (number, facility) in list.iter().enumerate() {
            let place = place_of_facility(&snapper, facility, cap);
            if place.is_empty() {
                unsnapped.facilities.push((kind, number));
            }
            places.push(place);
        }
        facilities.push(places);
    }
    let mut doors = Vec::with_capacity(map.buildings.len());
    for (number, building) in map.buildings.iter().enumerate() {
        let door = place_of_building(&snapper, building, cap);
        if door.is_empty() {
            unsnapped.buildings.push(number);
        }
        doors.push(door);
    }
    let doors = Doors::new(doors);
    let streets = network.for_walker(question.walker)?;
    let nearest = nearest(&streets, &facilities, &doors, question.settings())?;
    Ok(Analysis {
        question,
        known: map.facilities.iter().map(|list| !list.is_empty()).collect(),
        network,
        facilities,
        doors,
        nearest,
        unsnapped,
    })
}

/// Where a facility is entered: by every entrance that lies within `cap` decimetres of a way; else by the best of its middle and
/// its corners.
pub fn place_of_facility(snapper: &Snapper<'_>, facility: &Facility, cap: u32) -> Place {
    let by = entrances(snapper, &facility.entrances, cap);
    if !by.is_empty() {
        return by;
    }
    let tries = std::iter::once(&facility.position).chain(&facility.corners);
    let snaps = tries.filter_map(|position| snapper.snap(*position, cap));
    snaps.min_by_key(|snap| snap.off_dm).into_iter().collect()
}

fn place_of_building(snapper: &Snapper<'_>, building: &Building, cap: u32) -> Place {
    let by = entrances(snapper, &building.entrances, cap);
    if by.is_empty() {
        return snapper.snap(building.position, cap).into_iter().collect();
    }
    by
}

fn entrances(snapper: &Snapper<'_>, positions: &[Position], cap: u32) -> Vec<Snap> {
    let snaps = positions.iter();
    snaps
        .filter_map(|position| snapper.snap(*position, cap))
        .collect()
}

impl Analysis {
    /// The nearest facilities of a building, by the place of the type.
    pub fn of(&self, kind: usize, building: usize) -> Vec<Reach> {
        let door = u32::try_from(building).unwrap_or(u32::MAX);
        let list = self.nearest.get(kind);
        list.map_or_else(Vec::new, |list| list.of(door).collect())
    }

    /// The nearest facilities of each building, by type, for another walker. Whoever is slower has as many minutes for fewer
    /// metres, so compare their times with the limit's time at [`Walker::default`].
    ///
    /// # Errors
    /// [`StreetMapError::Walk`] for a walker out of range.
    pub fn at_speed(&self, walker: Walker) -> Result<Vec<Nearest>, StreetMapError> {
        let streets = self.network.for_walker(walker)?;
        let settings = self.settings();
        Ok(nearest(&streets, &self.facilities, &self.doors, settings)?)
    }

    /// How it was searched.
    pub fn settings(&self) -> Settings {
        self.question.settings()
    }

    /// A time as metres of way at the walker's speed.
    pub fn metres(&self, reach: Reach) -> u32 {
        (self.question.walker.distance_dm(reach.ds) + 5) / 10
    }

    /// Whether a building has a facility of a type near enough.
    pub fn answer(&self, types: &FacilityTypes, kind: usize, building: usize) -> Answer {
        let door = u32::try_from(building).unwrap_or(u32::MAX);
        let known = self.known.get(kind).copied().unwrap_or(false);
        if !known || self.doors.places(door).is_empty() {
            return Answer::Unknown;
        }
        let limit = types.types.get(kind).map_or(0, |kind| self.limit_ds(kind));
        let first = self.nearest.get(kind).and_then(|list| list.first(door));
        if first.is_some_and(|reach| reach.ds <= limit) {
            Answer::Met
        } else {
            Answer::Unmet
        }
    }

    /// How many buildings have a facility of a type near enough.
    pub fn coverage(&self, types: &FacilityTypes, kind: usize) -> Coverage {
        let mut coverage = Coverage::default();
        for building in 0..self.doors.len() {
            match self.answer(types, kind, building) {
                Answer::Met => coverage.met += 1,
                Answer::Unmet => coverage.unmet += 1,
                Answer::Unknown => coverage.unknown += 1,
            }
        }
        coverage
    }

    /// What a type allows, never more than was asked for, in the walker's time.
    fn limit_ds(&self, kind: &FacilityType) -> u32 {
        let metres = kind.limit_m.min(self.question.max_walk_m);
        self.question.walker.time_ds(metres.saturating_mul(10))
    }
}
