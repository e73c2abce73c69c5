//! Who is served: by type, by circle, by district and by group of people.

use street_map::Answer;

use crate::found::{Found, GroupFound};

/// Whom to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Buildings.
    Buildings,
    /// People of a group, where lists say how many live in a building.
    People,
}

/// How many are served, are not, and of whom it is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Served.
    pub met: u64,
    /// Not served.
    pub unmet: u64,
    /// Not known.
    pub unknown: u64,
}

impl Share {
    /// Those of whom it is known.
    pub fn known(&self) -> u64 {
        self.met.saturating_add(self.unmet)
    }

    fn add(&mut self, answer: Answer, weight: u64) {
        let sum = match answer {
            Answer::Met => &mut self.met,
            Answer::Unmet => &mut self.unmet,
            Answer::Unknown => &mut self.unknown,
        };
        *sum = sum.saturating_add(weight);
    }
}

/// The share served of each type, in the order of types; of one district, if it is given.
pub fn shares(
    found: &Found,
    group: &GroupFound,
    counted: Counted,
    district: Option<&str>,
) -> Vec<Share> {
    let mut all = vec![Share::default(); found.types.types.len()];
    for building in 0..found.map.buildings.len() {
        if !is_in(found, building, district) {
            continue;
        }
        let weight = weight(found, group, counted, building);
        for (kind, share) in all.iter_mut().enumerate() {
            share.add(group.answer(kind, building), weight);
        }
    }
    all
}

/// The share of a circle: over its types and all that are counted; and how many have every known type of it.
pub(crate) fn circle_share(
    found: &Found,
    group: &GroupFound,
    counted: Counted,
    circle: &str,
) -> (Share, Share) {
    let kinds: Vec<usize> = (0..)
        .zip(&found.types.types)
        .filter(|(_, kind)| kind.circle == circle)
        .map(|(place, _)| place)
        .collect();
    let (mut each, mut whole) = (Share::default(), Share::default());
    for building in 0..found.map.buildings.len() {
        let weight = weight(found, group, counted, building);
        let mut together = Answer::Unknown;
        for kind in &kinds {
            let answer = group.answer(*kind, building);
            each.add(answer, weight);
            together = match (together, answer) {
                (Answer::Unmet, _) | (_, Answer::Unmet) => Answer::Unmet,
                (Answer::Met, _) | (_, Answer::Met) => Answer::Met,
                _ => Answer::Unknown,
            };
        }
        whole.add(together, weight);
    }
    (each, whole)
}

/// The circles that the types belong to, the smallest first.
pub(crate) fn circles(found: &Found) -> Vec<String> {
    let mut names: Vec<String> = found
        .types
        .types
        .iter()
        .map(|kind| kind.circle.clone())
        .collect();
    names.sort_by_key(|name| (name.parse::<u32>().unwrap_or(u32::MAX), name.clone()));
    names.dedup();
    names
}

/// The districts' names, each once, in the order of the lists.
pub(crate) fn districts(found: &Found) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for district in &found.districts {
        if !names.contains(&district.name) {
            names.push(district.name.clone());
        }
    }
    names
}

/// Whether any list says how many of a group live in a building.
pub(crate) fn has_people(found: &Found, group: &GroupFound) -> bool {
    (0..found.map.buildings.len())
        .any(|building| weight(found, group, Counted::People, building) > 0)
}

fn is_in(found: &Found, building: usize, district: Option<&str>) -> bool {
    district.is_none_or(|wanted| {
        let place = found.district_of.get(building).copied().flatten();
        let own = place.and_then(|place| found.districts.get(place));
        own.is_some_and(|own| own.name == wanted)
    })
}

fn weight(found: &Found, group: &GroupFound, counted: Counted, building: usize) -> u64 {
    if counted == Counted::Buildings {
        return 1;
    }
    let residents = found.residents.get(building).copied().unwrap_or_default();
    let people = if group.group.id == "elders" {
        residents.elders
    } else {
        residents.people
    };
    people.map_or(0, u64::from)
}
