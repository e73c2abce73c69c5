//! Building near transit (TOD, row 4.1): how far buildings are from stops on foot, and how densely and variedly it is built there.

use street_map::{Question, TransitBand};

use crate::found::Found;
use crate::ground::square_metres;

/// What stands within a band, or beyond the last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BandFound {
    /// Buildings.
    pub buildings: u64,
    /// People, where lists say how many.
    pub people: u64,
    /// Buildings of which nobody says how many live there.
    pub people_unknown: u64,
    /// Floor area in square metres: outline times storeys, where both are known.
    pub floor_m2: u64,
    /// Ground that these buildings cover, in square metres.
    pub ground_m2: u64,
    /// Buildings without an outline or storeys.
    pub floor_unknown: u64,
    /// Floor area by use, in the order of the uses.
    pub by_use: Vec<u64>,
}

impl BandFound {
    /// How varied the uses are, in thousandths: 0 for one use, 1000 for all uses alike (Shannon's entropy over that of so many
    /// uses). `None` where no building's use and floor area are known.
    pub fn mix_permille(&self) -> Option<u32> {
        let total: u64 = self.by_use.iter().sum();
        if total == 0 || self.by_use.len() < 2 {
            return None;
        }
        let float = |number: u64| {
            f64::from(u32::try_from(number.min(u64::from(u32::MAX))).unwrap_or(u32::MAX))
        };
        let entropy: f64 = self
            .by_use
            .iter()
            .filter(|area| **area > 0)
            .map(|area| {
                let part = float(*area) / float(total);
                -part * part.ln()
            })
            .sum();
        let uses = u32::try_from(self.by_use.len()).unwrap_or(u32::MAX);
        Some(permille(entropy / f64::from(uses).ln()))
    }

    /// Floors above each other on the ground that is built on, in hundredths.
    pub fn storeys_hundredths(&self) -> Option<u64> {
        (self.floor_m2 * 100).checked_div(self.ground_m2)
    }
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share between 0 and 1, and a cast from f64 saturates"
)]
fn permille(share: f64) -> u32 {
    (share.clamp(0.0, 1.0) * 1000.0).round() as u32
}

/// What stands how near to the stops of one mode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModeFound {
    /// The place of its type of facility.
    pub kind: usize,
    /// Each band with what stands in it and in none nearer.
    pub bands: Vec<(TransitBand, BandFound)>,
    /// What stands beyond the last band.
    pub beyond: BandFound,
    /// Buildings of which it is not known: no stop on the map, or no way near the building.
    pub unknown: u64,
}

/// Every mode of the bands, in their order.
pub fn transit(found: &Found) -> Vec<ModeFound> {
    let mut modes: Vec<ModeFound> = Vec::new();
    for band in &found.types.bands {
        let Some(kind) = found.types.types.iter().position(|one| one.id == band.mode) else {
            continue;
        };
        let empty = empty(found);
        match modes.iter_mut().find(|mode| mode.kind == kind) {
            Some(mode) => mode.bands.push((band.clone(), empty)),
            None => modes.push(ModeFound {
                kind,
                bands: vec![(band.clone(), empty.clone())],
                beyond: empty,
                unknown: 0,
            }),
        }
    }
    for mode in &mut modes {
        for place in 0..found.map.buildings.len() {
            enter(found, mode, place);
        }
    }
    modes
}

fn empty(found: &Found) -> BandFound {
    BandFound {
        by_use: vec![0; found.types.uses.len()],
        ..BandFound::default()
    }
}

fn enter(found: &Found, mode: &mut ModeFound, place: usize) {
    let door = u32::try_from(place).unwrap_or(u32::MAX);
    let known = found
        .map
        .facilities
        .get(mode.kind)
        .is_some_and(|list| !list.is_empty());
    if !known || found.analysis.doors.places(door).is_empty() {
        mode.unknown += 1;
        return;
    }
    let first = found
        .analysis
        .nearest
        .get(mode.kind)
        .and_then(|list| list.first(door));
    let walker = Question::default().walker;
    let near = |band: &TransitBand| {
        first.is_some_and(|reach| reach.ds <= walker.time_ds(band.to_m.saturating_mul(10)))
    };
    let own = mode.bands.iter_mut().find(|(band, _)| near(band));
    let band = own.map_or(&mut mode.beyond, |(_, band)| band);
    let Some(building) = found.map.buildings.get(place) else {
        return;
    };
    band.buildings += 1;
    match found.residents.get(place).and_then(|one| one.people) {
        Some(people) => band.people += u64::from(people),
        None => band.people_unknown += 1,
    }
    let ground = square_metres(&building.outline);
    let Some(levels) = building.levels.filter(|_| ground > 0) else {
        band.floor_unknown += 1;
        return;
    };
    let floor = ground.saturating_mul(u64::from(levels));
    band.ground_m2 += ground;
    band.floor_m2 += floor;
    let named = |one: &street_map::LandUse| {
        building
            .usage
            .as_ref()
            .is_some_and(|usage| one.values.contains(usage))
    };
    let of_use = found.types.uses.iter().position(named);
    if let Some(sum) = of_use.and_then(|place| band.by_use.get_mut(place)) {
        *sum += floor;
    }
}

#[cfg(test)]
mod tests {
    use super::BandFound;

    #[test]
    fn one_use_is_no_mix_and_equal_uses_are_the_most() {
        let mix = |by_use: &[u64]| {
            BandFound {
                by_use: by_use.to_vec(),
                ..BandFound::default()
            }
            .mix_permille()
        };
        assert_eq!(mix(&[0, 0, 0]), None);
        assert_eq!(mix(&[700, 0, 0]), Some(0));
        assert_eq!(mix(&[5, 5, 5]), Some(1000));
        assert_eq!(mix(&[50, 50, 0, 0]), Some(500), "half of ln 4");
    }
}
