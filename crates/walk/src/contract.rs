//! Contracts points and segments to forks and the edges between them, in Morton order.
#![expect(
    clippy::indexing_slicing,
    reason = "Network::build checked every point of every segment; all lists here have one entry a point or a segment"
)]

use crate::geometry::Position;
use crate::index::{at, group, grouped, number};
use crate::network::{Bend, Direction, Edge, NOWHERE, Segment};

/// What is left of a network's points.
pub(crate) struct Contracted {
    pub forks: Vec<Position>,
    pub edges: Vec<Edge>,
    pub shape: Vec<Bend>,
    pub bend_of: Vec<u32>,
    pub touched: usize,
}

/// Contracts every chain of points without a fork to one edge.
pub(crate) fn contract(points: &[Position], segments: &[Segment]) -> Contracted {
    let ends: Vec<u32> = segments
        .iter()
        .flat_map(|segment| [segment.from, segment.to])
        .collect();
    let (starts, order) = grouped(points.len(), &ends);
    let mut tracing = Tracing {
        points,
        segments,
        starts,
        ends: order,
        fork_of: vec![NOWHERE; points.len()],
        done: vec![false; segments.len()],
        made: Contracted {
            forks: Vec::new(),
            edges: Vec::new(),
            shape: Vec::with_capacity(segments.len() + segments.len() / 4),
            bend_of: vec![NOWHERE; points.len()],
            touched: 0,
        },
    };
    let mut by_place: Vec<u32> = (0..number(points.len()))
        .filter(|point| !tracing.ends_at(*point).is_empty())
        .collect();
    by_place.sort_by_cached_key(|point| (points[at(*point)].morton(), *point));
    tracing.made.touched = by_place.len();
    tracing.choose_forks(&by_place);
    for point in by_place {
        if tracing.fork_of[at(point)] != NOWHERE {
            tracing.trace_from(point);
        }
    }
    tracing.made
}

struct Tracing<'a> {
    points: &'a [Position],
    segments: &'a [Segment],
    starts: Vec<u32>,
    /// Ends of segments by point: twice the segment, plus one for its second end.
    ends: Vec<u32>,
    fork_of: Vec<u32>,
    done: Vec<bool>,
    made: Contracted,
}

impl Tracing<'_> {
    fn ends_at(&self, point: u32) -> &[u32] {
        group(&self.starts, &self.ends, point)
    }

    /// Every point that does not simply lead on is a fork, and one point of every ring that has none.
    fn choose_forks(&mut self, by_place: &[u32]) {
        let mut ring = Ring::new(self.points.len());
        for segment in self.segments {
            if self.leads_on(segment.from) && self.leads_on(segment.to) {
                ring.join(segment.from, segment.to);
            }
        }
        for point in by_place {
            let closed = self.leads_on(*point) && ring.is_first_of_closed(*point);
            if closed || !self.leads_on(*point) {
                self.fork_of[at(*point)] = number(self.made.forks.len());
                self.made.forks.push(self.points[at(*point)]);
            }
        }
    }

    /// Whether exactly two two-way segments meet at a point.
    fn leads_on(&self, point: u32) -> bool {
        let [first, second] = self.ends_at(point) else {
            return false;
        };
        let (first, second) = (first / 2, second / 2);
        first != second
            && [first, second]
                .iter()
                .all(|segment| self.segments[at(*segment)].direction == Direction::Both)
    }

    fn trace_from(&mut self, fork: u32) {
        for end in self.ends_at(fork).to_vec() {
            let segment = self.segments[at(end / 2)];
            let against_one_way = segment.direction == Direction::Forward && end % 2 == 1;
            if !self.done[at(end / 2)] && !against_one_way {
                self.trace(fork, end);
            }
        }
    }

    /// Follows a chain from a fork to the next.
    fn trace(&mut self, fork: u32, mut end: u32) {
        let edge = number(self.made.edges.len());
        let first = number(self.made.shape.len());
        let direction = self.segments[at(end / 2)].direction;
        let mut point = fork;
        let last = loop {
            let segment = self.segments[at(end / 2)];
            self.done[at(end / 2)] = true;
            self.bend(point, edge, segment.length_dm, segment.steps);
            point = if end.is_multiple_of(2) {
                segment.to
            } else {
                segment.from
            };
            if self.fork_of[at(point)] != NOWHERE {
                break point;
            }
            // A point that leads on has two ends; the other one leads on.
            let arrived = end ^ 1;
            let Some(next) = self.ends_at(point).iter().find(|next| **next != arrived) else {
                break point;
            };
            end = *next;
        };
        self.bend(last, edge, 0, false);
        self.made.edges.push(Edge {
            from: self.fork_of[at(fork)],
            to: self.fork_of[at(last)],
            first,
            direction,
        });
    }

    fn bend(&mut self, point: u32, edge: u32, length_dm: u32, steps: bool) {
        let place = number(self.made.shape.len());
        let slot = &mut self.made.bend_of[at(point)];
        if *slot == NOWHERE {
            *slot = place;
        }
        self.made.shape.push(Bend {
            position: self.points[at(point)],
            edge,
            length_dm,
            steps,
        });
    }
}

/// Finds chains that close upon themselves without a fork.
struct Ring {
    parent: Vec<u32>,
    closed: Vec<bool>,
    taken: Vec<bool>,
}

impl Ring {
    fn new(points: usize) -> Self {
        Self {
            parent: (0..number(points)).collect(),
            closed: vec![false; points],
            taken: vec![false; points],
        }
    }

    fn root(&mut self, mut point: u32) -> u32 {
        while self.parent[at(point)] != point {
            let above = self.parent[at(self.parent[at(point)])];
            self.parent[at(point)] = above;
            point = above;
        }
        point
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            self.closed[at(a)] = true;
        } else {
            self.parent[at(b)] = a;
            self.closed[at(a)] |= self.closed[at(b)];
        }
    }

    fn is_first_of_closed(&mut self, point: u32) -> bool {
        let root = self.root(point);
        self.closed[at(root)] && !std::mem::replace(&mut self.taken[at(root)], true)
    }
}
