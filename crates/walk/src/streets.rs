//! A network with the times that one kind of person takes.

use crate::index::{at, group, grouped};
use crate::network::{Direction, Edge};
use crate::{Network, Snap, WalkError};

/// How a person walks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Walker {
    /// Millimetres a second on the flat.
    pub mm_per_s: u32,
    /// The time on steps, in per cent of the time on the flat.
    pub steps_percent: u32,
}

impl Walker {
    /// The slowest and the fastest, in millimetres a second.
    pub const SPEEDS: (u32, u32) = (100, 5000);

    /// So many decimetres on the flat in deciseconds, rounded half up.
    pub fn time_ds(self, length_dm: u32) -> u32 {
        self.scaled(length_dm, 100)
    }

    /// How far this person comes on the flat, in whole decimetres.
    pub fn distance_dm(self, time_ds: u32) -> u32 {
        let dm = u64::from(time_ds) * u64::from(self.mm_per_s) / 1000;
        u32::try_from(dm).unwrap_or(u32::MAX)
    }

    fn scaled(self, length_dm: u32, percent: u32) -> u32 {
        // dm × 100 mm ÷ (mm/s) × 10 ds/s, times percent ÷ 100.
        let of = u64::from(self.mm_per_s.max(1)) * 100;
        let time = u64::from(length_dm) * 1000 * u64::from(percent);
        u32::try_from((time + of / 2) / of).unwrap_or(u32::MAX)
    }

    fn check(self) -> Result<(), WalkError> {
        let (least, most) = Self::SPEEDS;
        if !(least..=most).contains(&self.mm_per_s) {
            return Err(WalkError::Speed {
                mm_per_s: self.mm_per_s,
                least,
                most,
            });
        }
        if !(100..=1000).contains(&self.steps_percent) {
            return Err(WalkError::Steps {
                percent: self.steps_percent,
            });
        }
        Ok(())
    }
}

impl Default for Walker {
    /// One metre a second, steps no slower: a decisecond is a decimetre, so limits in metres of way can be read as times. GB
    /// 50180-2018 takes 300 m for five minutes and 800 to 1000 m for fifteen.
    fn default() -> Self {
        Self {
            mm_per_s: 1000,
            steps_percent: 100,
        }
    }
}

/// The network as one kind of person walks it.
#[derive(Debug, Clone)]
pub struct Streets<'n> {
    pub(crate) network: &'n Network,
    pub(crate) walker: Walker,
    /// The time from the edge's first bend to each bend.
    pub(crate) until: Vec<u32>,
    /// Where the arcs of each fork begin in `arcs`.
    starts: Vec<u32>,
    /// From where a fork can be reached, and in what time: against the direction of walking.
    arcs: Vec<Arc>,
    forward_starts: Vec<u32>,
    /// Where one comes from a fork; as long as `arcs`.
    forward: Vec<Arc>,
}

/// A way to a neighbouring fork.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arc {
    pub fork: u32,
    pub ds: u32,
    pub edge: u32,
}

/// A place on an edge in a person's times.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stand {
    pub edge: Edge,
    /// From the edge's first fork to the place.
    pub from_first: u32,
    /// From the place to the edge's second fork.
    pub to_last: u32,
    /// From the door to the way.
    pub off: u32,
    /// Whether the place is the edge's first fork itself.
    pub at_first: bool,
    /// Whether it is the second.
    pub at_last: bool,
}

impl Stand {
    pub(crate) fn both(&self) -> bool {
        self.edge.direction == Direction::Both
    }

    /// What it takes from the place to the edge's first fork; `None` against a one-way.
    pub(crate) fn leave_first(&self) -> Option<u32> {
        (self.both() || self.at_first).then(|| self.from_first.saturating_add(self.off))
    }

    /// What it takes from the place to the edge's second fork.
    pub(crate) fn leave_last(&self) -> u32 {
        self.to_last.saturating_add(self.off)
    }

    /// What it takes from the edge's first fork to the place.
    pub(crate) fn arrive_first(&self) -> u32 {
        self.from_first.saturating_add(self.off)
    }

    /// What it takes from the edge's second fork to the place; `None` against a one-way.
    pub(crate) fn arrive_last(&self) -> Option<u32> {
        (self.both() || self.at_last).then(|| self.to_last.saturating_add(self.off))
    }
}

impl<'n> Streets<'n> {
    pub(crate) fn new(network: &'n Network, walker: Walker) -> Result<Self, WalkError> {
        walker.check()?;
        let until = times(network, walker);
        let mut streets = Self {
            network,
            walker,
            until,
            starts: Vec::new(),
            arcs: Vec::new(),
            forward_starts: Vec::new(),
            forward: Vec::new(),
        };
        (streets.starts, streets.arcs) = streets.arcs_between(true);
        (streets.forward_starts, streets.forward) = streets.arcs_between(false);
        Ok(streets)
    }

    /// The network underneath.
    pub fn network(&self) -> &'n Network {
        self.network
    }

    /// Whose times these are.
    pub fn walker(&self) -> Walker {
        self.walker
    }

    fn arcs_between(&self, reversed: bool) -> (Vec<u32>, Vec<Arc>) {
        let edges = &self.network.edges;
        let mut at_fork = Vec::with_capacity(edges.len() * 2);
        let mut arcs = Vec::with_capacity(edges.len() * 2);
        for (number, edge) in (0_u32..).zip(edges) {
            let ds = self.length_ds(number);
            let mut arc = |here, fork| {
                at_fork.push(here);
                arcs.push(Arc {
                    fork,
                    ds,
                    edge: number,
                });
            };
            if edge.direction == Direction::Both || !reversed {
                arc(edge.from, edge.to);
            }
            if edge.direction == Direction::Both || reversed {
                arc(edge.to, edge.from);
            }
        }
        let (starts, order) = grouped(self.network.forks.len(), &at_fork);
        let arcs = order
            .iter()
            .filter_map(|place| arcs.get(at(*place)).copied())
            .collect();
        (starts, arcs)
    }

    /// The forks from which a fork is reached directly.
    pub(crate) fn arcs_into(&self, fork: u32) -> &[Arc] {
        group(&self.starts, &self.arcs, fork)
    }

    /// The forks that are reached directly from a fork.
    pub(crate) fn arcs_out_of(&self, fork: u32) -> &[Arc] {
        group(&self.forward_starts, &self.forward, fork)
    }

    pub(crate) fn length_ds(&self, edge: u32) -> u32 {
        let end = match self.network.edge(edge + 1) {
            Some(next) => next.first,
            None => crate::index::number(self.until.len()),
        };
        let last = at(end).checked_sub(1);
        last.and_then(|last| self.until.get(last))
            .copied()
            .unwrap_or(0)
    }

    /// A snapped place in times; `None` if it is of another network.
    pub(crate) fn stand(&self, snap: Snap) -> Option<Stand> {
        let edge = *self.network.edge(snap.edge)?;
        let bend = self.network.bend(snap.bend)?;
        if bend.edge != snap.edge || snap.along_dm > bend.length_dm {
            return None;
        }
        let before = *self.until.get(at(snap.bend))?;
        let after = self.until.get(at(snap.bend) + 1);
        let stretch = after.map_or(0, |after| after.saturating_sub(before));
        let part = if snap.along_dm == 0 {
            0
        } else {
            let half = u64::from(bend.length_dm) / 2;
            let part = u64::from(stretch) * u64::from(snap.along_dm) + half;
            u32::try_from(part / u64::from(bend.length_dm)).unwrap_or(stretch)
        };
        let from_first = before + part;
        let next_is_last = self
            .network
            .bend(snap.bend + 2)
            .is_none_or(|second| second.edge != snap.edge);
        let is_last = self
            .network
            .bend(snap.bend + 1)
            .is_none_or(|next| next.edge != snap.edge);
        Some(Stand {
            edge,
            from_first,
            to_last: self.length_ds(snap.edge).saturating_sub(from_first),
            off: self.walker.time_ds(snap.off_dm),
            at_first: snap.bend == edge.first && snap.along_dm == 0,
            at_last: is_last || (next_is_last && snap.along_dm == bend.length_dm),
        })
    }
}

fn times(network: &Network, walker: Walker) -> Vec<u32> {
    let mut until = Vec::with_capacity(network.shape.len());
    let (mut edge, mut sum) = (u32::MAX, 0_u32);
    for bend in &network.shape {
        if bend.edge != edge {
            (edge, sum) = (bend.edge, 0);
        }
        until.push(sum);
        let percent = if bend.steps {
            walker.steps_percent
        } else {
            100
        };
        sum = sum.saturating_add(walker.scaled(bend.length_dm, percent));
    }
    until
}
