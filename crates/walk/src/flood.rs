//! One bounded search from all facilities of a type at once, against the direction of walking, that keeps the nearest few at
//! every fork.
//!
//! Each fork keeps its `keep` least pairs of (time, facility). A pair that is not among them at a fork can't be among them at
//! a neighbour that is reached through it, because the better pairs arrive there too, each as much later as it. So what is
//! pushed out is never missed, and the lists at the end don't depend on the order of the search.
#![expect(
    clippy::indexing_slicing,
    reason = "the innermost loop; every fork comes from the network's own edges and every time is at most the limit"
)]

use crate::Streets;
use crate::index::{at, number};
use crate::streets::Stand;

/// The end of a chain of waiting labels.
const NONE: u32 = u32::MAX;

/// A search's memory, used again for each type.
pub(crate) struct Flood {
    keep: usize,
    /// `keep` labels a fork, the least first.
    labels: Vec<u64>,
    counts: Vec<u8>,
    touched: Vec<u32>,
    /// The first waiting label of each decisecond.
    heads: Vec<u32>,
    waiting: Vec<Waiting>,
}

#[derive(Clone, Copy)]
struct Waiting {
    fork: u32,
    facility: u32,
    next: u32,
}

/// A time and a facility in one number, so that order is by time and then by facility.
pub(crate) fn label(ds: u32, facility: u32) -> u64 {
    (u64::from(ds) << 32) | u64::from(facility)
}

/// The time and the facility of a label.
pub(crate) fn parts(label: u64) -> (u32, u32) {
    let ds = u32::try_from(label >> 32).unwrap_or(u32::MAX);
    let facility = u32::try_from(label & u64::from(u32::MAX)).unwrap_or(u32::MAX);
    (ds, facility)
}

impl Flood {
    pub(crate) fn new(forks: usize, keep: usize) -> Self {
        Self {
            keep,
            labels: vec![0; forks * keep],
            counts: vec![0; forks],
            touched: Vec::new(),
            heads: Vec::new(),
            waiting: Vec::new(),
        }
    }

    /// Searches from every facility's places, up to `limit_ds`.
    pub(crate) fn run(&mut self, streets: &Streets<'_>, stands: &[(u32, Stand)], limit_ds: u32) {
        for fork in self.touched.drain(..) {
            self.counts[at(fork)] = 0;
        }
        self.waiting.clear();
        self.heads.clear();
        self.heads.resize(at(limit_ds) + 1, NONE);
        for (facility, stand) in stands {
            self.offer(stand.edge.from, *facility, stand.arrive_first(), limit_ds);
            if let Some(last) = stand.arrive_last() {
                self.offer(stand.edge.to, *facility, last, limit_ds);
            }
        }
        for ds in 0..=limit_ds {
            while self.heads[at(ds)] != NONE {
                let place = at(self.heads[at(ds)]);
                let Waiting {
                    fork,
                    facility,
                    next,
                } = self.waiting[place];
                self.heads[at(ds)] = next;
                if self.at_fork(fork).contains(&label(ds, facility)) {
                    for arc in streets.arcs_into(fork) {
                        self.offer(arc.fork, facility, ds.saturating_add(arc.ds), limit_ds);
                    }
                }
            }
        }
    }

    /// The labels of a fork, the least first.
    pub(crate) fn at_fork(&self, fork: u32) -> &[u64] {
        let first = at(fork) * self.keep;
        &self.labels[first..first + usize::from(self.counts[at(fork)])]
    }

    /// The forks that some facility reached.
    pub(crate) fn touched(&self) -> &[u32] {
        &self.touched
    }

    fn offer(&mut self, fork: u32, facility: u32, ds: u32, limit_ds: u32) {
        if ds > limit_ds || !self.accept(fork, facility, ds) {
            return;
        }
        let head = &mut self.heads[at(ds)];
        let next = std::mem::replace(head, number(self.waiting.len()));
        self.waiting.push(Waiting {
            fork,
            facility,
            next,
        });
    }

    /// Enters a label if it is among the least and better than what the fork knows of the facility.
    fn accept(&mut self, fork: u32, facility: u32, ds: u32) -> bool {
        let count = usize::from(self.counts[at(fork)]);
        let first = at(fork) * self.keep;
        let new = label(ds, facility);
        let full = count == self.keep;
        if full && self.labels[first + count - 1] <= new {
            return false;
        }
        if count == 0 {
            self.touched.push(fork);
        }
        let known = self.labels[first..first + count]
            .iter()
            .position(|label| parts(*label).1 == facility);
        let hole = match known {
            Some(place) if self.labels[first + place] <= new => return false,
            Some(place) => place,
            None if full => count - 1,
            None => {
                // `keep` is at most `MOST_KEPT`, which fits.
                self.counts[at(fork)] += 1;
                count
            }
        };
        let mut place = hole;
        while place > 0 && self.labels[first + place - 1] > new {
            self.labels[first + place] = self.labels[first + place - 1];
            place -= 1;
        }
        self.labels[first + place] = new;
        true
    }
}
