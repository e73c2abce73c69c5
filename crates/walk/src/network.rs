//! The walking network: points, the segments between them, and the edges between forks that they are contracted to.

use crate::contract::contract;
use crate::geometry::Position;
use crate::{Snap, Streets, WalkError, Walker};

/// The most points and the most segments of one network.
const MOST: usize = 1 << 28;
/// The longest segment: 200 km.
const LONGEST_DM: u32 = 2_000_000;
/// No point: what was given but no segment touches.
pub(crate) const NOWHERE: u32 = u32::MAX;

/// In which direction a segment may be walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Direction {
    /// Both.
    #[default]
    Both,
    /// Only from its first point to its second.
    Forward,
}

/// A straight piece of way between two points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Segment {
    /// The first point, by its place in the list of points.
    pub from: u32,
    /// The second point.
    pub to: u32,
    /// The length on the ground in decimetres. Both ends of a segment of no length are one place, whichever way it is walked.
    pub length_dm: u32,
    /// Whether it is a flight of steps.
    pub steps: bool,
    /// In which direction it may be walked.
    pub direction: Direction,
}

impl Segment {
    /// A flat segment that is walked in both directions.
    pub fn both(from: u32, to: u32, length_dm: u32) -> Self {
        Self {
            from,
            to,
            length_dm,
            steps: false,
            direction: Direction::Both,
        }
    }
}

/// A walking network.
#[derive(Debug, Clone)]
pub struct Network {
    /// Forks and ends, in Morton order.
    pub(crate) forks: Vec<Position>,
    /// Between two forks; their shapes follow each other in `shape`.
    pub(crate) edges: Vec<Edge>,
    /// The points along each edge, both ends included.
    pub(crate) shape: Vec<Bend>,
    /// Where a point as it was given lies in `shape`, or [`NOWHERE`].
    pub(crate) bend_of: Vec<u32>,
    points: usize,
    segments: usize,
    length_dm: u64,
}

/// A stretch between two forks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edge {
    pub from: u32,
    pub to: u32,
    /// Its first bend; the last is the one before the next edge's first.
    pub first: u32,
    pub direction: Direction,
}

/// A point along an edge, and what leads to the next.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bend {
    pub position: Position,
    pub edge: u32,
    /// The length to the next bend; 0 at the last.
    pub length_dm: u32,
    /// Whether steps lead to the next bend.
    pub steps: bool,
}

impl Network {
    /// Builds a network. Points that no segment touches are left out.
    ///
    /// # Errors
    /// [`WalkError::NoSuchPoint`], [`WalkError::TooMany`], [`WalkError::TooLong`].
    pub fn build(points: &[Position], segments: &[Segment]) -> Result<Self, WalkError> {
        check(points, segments)?;
        let contracted = contract(points, segments);
        Ok(Self {
            points: contracted.touched,
            segments: segments.len(),
            length_dm: segments
                .iter()
                .map(|segment| u64::from(segment.length_dm))
                .sum(),
            forks: contracted.forks,
            edges: contracted.edges,
            shape: contracted.shape,
            bend_of: contracted.bend_of,
        })
    }

    /// Points that a segment touches.
    pub fn points(&self) -> usize {
        self.points
    }

    /// Segments.
    pub fn segments(&self) -> usize {
        self.segments
    }

    /// Forks, ends, and where a one-way piece begins or ends.
    pub fn forks(&self) -> usize {
        self.forks.len()
    }

    /// Stretches between forks.
    pub fn edges(&self) -> usize {
        self.edges.len()
    }

    /// The length of all segments in decimetres.
    pub fn length_dm(&self) -> u64 {
        self.length_dm
    }

    /// The place of a point, by its place in the list that the network was built from; `None` if no segment touches it.
    pub fn at_point(&self, point: u32) -> Option<Snap> {
        let bend = *self.bend_of.get(usize::try_from(point).ok()?)?;
        let edge = self.bend(bend)?.edge;
        Some(Snap {
            edge,
            bend,
            along_dm: 0,
            off_dm: 0,
        })
    }

    /// The network with the times of a person's speed.
    ///
    /// # Errors
    /// [`WalkError::Speed`], [`WalkError::Steps`].
    pub fn for_walker(&self, walker: Walker) -> Result<Streets<'_>, WalkError> {
        Streets::new(self, walker)
    }

    pub(crate) fn bend(&self, bend: u32) -> Option<&Bend> {
        self.shape.get(usize::try_from(bend).ok()?)
    }

    pub(crate) fn edge(&self, edge: u32) -> Option<&Edge> {
        self.edges.get(usize::try_from(edge).ok()?)
    }

    /// The islands of the network: how many pieces there are that no way connects, and how many forks the largest has.
    pub fn islands(&self) -> (usize, usize) {
        let mut parent: Vec<usize> = (0..self.forks.len()).collect();
        for edge in &self.edges {
            let (Some(a), Some(b)) = (
                root(&mut parent, crate::index::at(edge.from)),
                root(&mut parent, crate::index::at(edge.to)),
            ) else {
                continue;
            };
            if let Some(slot) = parent.get_mut(a.max(b)) {
                *slot = a.min(b);
            }
        }
        let mut sizes = vec![0_usize; parent.len()];
        for fork in 0..parent.len() {
            if let Some(size) = root(&mut parent, fork).and_then(|root| sizes.get_mut(root)) {
                *size += 1;
            }
        }
        let count = sizes.iter().filter(|size| **size > 0).count();
        (count, sizes.into_iter().max().unwrap_or(0))
    }
}

/// The root of a fork's piece, with the way to it halved.
fn root(parent: &mut [usize], mut fork: usize) -> Option<usize> {
    loop {
        let up = *parent.get(fork)?;
        if up == fork {
            return Some(fork);
        }
        let above = *parent.get(up)?;
        *parent.get_mut(fork)? = above;
        fork = above;
    }
}

fn check(points: &[Position], segments: &[Segment]) -> Result<(), WalkError> {
    for (what, count) in [("points", points.len()), ("segments", segments.len())] {
        if count > MOST {
            return Err(WalkError::TooMany {
                what,
                count,
                limit: MOST,
            });
        }
    }
    for (number, segment) in segments.iter().enumerate() {
        for point in [segment.from, segment.to] {
            if usize::try_from(point).map_or(true, |point| point >= points.len()) {
                return Err(WalkError::NoSuchPoint {
                    segment: number,
                    point,
                    points: points.len(),
                });
            }
        }
        if segment.length_dm > LONGEST_DM {
            return Err(WalkError::TooLong {
                segment: number,
                length_dm: segment.length_dm,
                limit_dm: LONGEST_DM,
            });
        }
    }
    Ok(())
}
