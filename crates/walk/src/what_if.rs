//! What a new facility would change: one small search, patched into the answers that are already there.

use crate::flood::{Flood, label, parts};
use crate::index::{at, group, grouped, number};
use crate::nearest::{NOTHING, along, check, facilities_on, keep_least, reach};
use crate::streets::Stand;
use crate::{Doors, Nearest, Place, Reach, Settings, Streets, WalkError};

/// Doors by edge, ready to be asked what would change.
pub struct WhatIf<'s, 'n> {
    streets: &'s Streets<'n>,
    settings: Settings,
    flood: Flood,
    starts: Vec<u32>,
    /// By edge: a door and one of its places.
    doors: Vec<(u32, Stand)>,
    /// When an edge was last looked at, by the number of the question.
    seen: Vec<u32>,
    question: u32,
}

/// What a new facility changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// The doors whose nearest facility becomes another or comes nearer, in the order of doors.
    pub changed: Vec<Change>,
}

/// A door's nearest facility before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The door.
    pub door: u32,
    /// What was nearest.
    pub before: Option<Reach>,
    /// What is nearest.
    pub after: Reach,
}

impl<'s, 'n> WhatIf<'s, 'n> {
    /// Sorts doors by edge. `settings` are those of the answers that will be patched.
    ///
    /// # Errors
    /// As [`nearest`](crate::nearest).
    pub fn new(
        streets: &'s Streets<'n>,
        doors: &Doors,
        settings: Settings,
    ) -> Result<Self, WalkError> {
        check(settings)?;
        let (mut edges, mut all) = (Vec::new(), Vec::new());
        for (door, places) in (0_u32..).zip(doors.iter()) {
            for snap in places {
                let stand = streets.stand(*snap);
                let stand = stand.ok_or(WalkError::Elsewhere { what: "door" })?;
                edges.push(snap.edge);
                all.push((door, stand));
            }
        }
        let (starts, order) = grouped(streets.network.edges(), &edges);
        let ordered = order
            .iter()
            .filter_map(|place| all.get(at(*place)).copied());
        Ok(Self {
            streets,
            settings,
            flood: Flood::new(streets.network.forks(), 1),
            starts,
            doors: ordered.collect(),
            seen: vec![0; streets.network.edges()],
            question: 0,
        })
    }

    /// Adds a facility to the answers of its type, under a number that none of them has yet. The answers are then what a full
    /// search with it would give.
    ///
    /// # Errors
    /// [`WalkError::Elsewhere`].
    pub fn add(
        &mut self,
        answers: &mut Nearest,
        facility: u32,
        place: &Place,
    ) -> Result<Changes, WalkError> {
        let found = self.reached(place)?;
        let mut changed: Vec<Change> = Vec::new();
        for (door, ds) in found {
            let first = at(door).saturating_mul(answers.keep);
            let Some(slots) = answers.labels.get_mut(first..first + answers.keep) else {
                continue;
            };
            let before = slots.first().copied().filter(|label| *label != NOTHING);
            let new = label(ds, facility);
            if keep_least(slots, new) && slots.first() == Some(&new) {
                changed.push(Change {
                    door,
                    before: before.map(reach),
                    after: reach(new),
                });
            }
        }
        Ok(Changes { changed })
    }

    /// Every door within the limit of a place, with its time, in the order of doors: what a site would serve.
    ///
    /// # Errors
    /// [`WalkError::Elsewhere`].
    pub fn reached(&mut self, place: &Place) -> Result<Vec<(u32, u32)>, WalkError> {
        let stands = facilities_on(self.streets, std::slice::from_ref(place))?;
        let sources: Vec<(u32, Stand)> = stands.iter().map(|(_, _, stand)| (0, *stand)).collect();
        self.flood
            .run(self.streets, &sources, self.settings.limit_ds);
        self.question = self.question.wrapping_add(1);
        let mut edges: Vec<u32> = stands.iter().map(|(_, snap, _)| snap.edge).collect();
        for fork in self.flood.touched() {
            // A door at the beginning of a one-way leaves by the fork there, so ways out count too.
            let into = self.streets.arcs_into(*fork).iter();
            let arcs = into.chain(self.streets.arcs_out_of(*fork));
            edges.extend(arcs.map(|arc| arc.edge));
        }
        let mut found = Vec::new();
        for edge in edges {
            let Some(seen) = self.seen.get_mut(at(edge)) else {
                continue;
            };
            if std::mem::replace(seen, self.question) == self.question {
                continue;
            }
            for (door, stand) in group(&self.starts, &self.doors, edge) {
                let here = stands.iter().filter(|(_, snap, _)| snap.edge == edge);
                let same = here.filter_map(|(_, _, there)| {
                    Some(along(stand, there)?.saturating_add(there.off))
                });
                if let Some(ds) = self.time_from(stand, same) {
                    found.push((*door, ds));
                }
            }
        }
        found.sort_unstable();
        found.dedup_by_key(|(door, _)| *door);
        Ok(found)
    }

    /// The least time from a door's place to the facility, over either fork or along its own edge.
    fn time_from(&self, stand: &Stand, same: impl Iterator<Item = u32>) -> Option<u32> {
        let over = |fork: u32, to_fork: u32| {
            let label = self.flood.at_fork(fork).first()?;
            Some(parts(*label).0.saturating_add(to_fork))
        };
        let last = over(stand.edge.to, stand.leave_last());
        let first = stand.leave_first().and_then(|ds| over(stand.edge.from, ds));
        let same = same.map(|ds| ds.saturating_add(stand.off));
        let ds = [last, first].into_iter().flatten().chain(same).min()?;
        (ds <= self.settings.limit_ds).then_some(ds)
    }

    /// How many places of doors there are.
    pub fn places(&self) -> u32 {
        number(self.doors.len())
    }
}
