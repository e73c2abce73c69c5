//! The way that a door's time stands for, as a line on the map.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use crate::index::at;
use crate::nearest::along;
use crate::network::Edge;
use crate::streets::Stand;
use crate::{Position, Reach, Snap, Streets};

/// The quickest way from any place of a door to any place of a facility within `limit_ds`: its time, and its points from the
/// door's place on the network to the facility's. `None` if there is none. `facility` is handed through.
pub fn path(
    streets: &Streets<'_>,
    door: &[Snap],
    facility: (u32, &[Snap]),
    limit_ds: u32,
) -> Option<(Reach, Vec<Position>)> {
    let (number, goals) = facility;
    let mut best: Option<(u32, Vec<Position>)> = None;
    for here in door {
        for there in goals {
            let limit = best
                .as_ref()
                .map_or(Some(limit_ds), |(ds, _)| ds.checked_sub(1));
            if let Some(found) = limit.and_then(|limit| between(streets, *here, *there, limit)) {
                best = Some(found);
            }
        }
    }
    let (ds, line) = best?;
    let facility = number;
    Some((Reach { ds, facility }, line))
}

fn between(
    streets: &Streets<'_>,
    here: Snap,
    there: Snap,
    limit_ds: u32,
) -> Option<(u32, Vec<Position>)> {
    let (start, goal) = (streets.stand(here)?, streets.stand(there)?);
    let direct = (here.edge == there.edge)
        .then(|| along(&start, &goal))
        .flatten()
        .map(|ds| ds.saturating_add(start.off).saturating_add(goal.off));
    let round = around(streets, &start, &goal, limit_ds);
    let ends = |middle: Vec<Position>| {
        let first = streets.network.position(here);
        let last = streets.network.position(there);
        first.into_iter().chain(middle).chain(last).collect()
    };
    match (direct.filter(|ds| *ds <= limit_ds), round) {
        (Some(ds), round) if round.as_ref().is_none_or(|(other, ..)| ds <= *other) => {
            let (low, high) = (here.bend.min(there.bend), here.bend.max(there.bend));
            let mut middle = bends(streets, low + 1, high);
            if here.bend > there.bend {
                middle.reverse();
            }
            Some((ds, ends(middle)))
        }
        (_, Some((ds, first_last, edges))) => {
            let middle = line(streets, (here, start), (there, goal), first_last, &edges);
            Some((ds, ends(middle)))
        }
        _ => None,
    }
}

/// Which fork one leaves the first edge by, and which one enters the last edge by.
type Turns = (u32, u32);

/// An edge of a way, and the fork from which it is entered.
type Entered = (u32, u32);

/// The quickest way over forks, by a plain search: its time, its first and last fork, its edges.
fn around(
    streets: &Streets<'_>,
    start: &Stand,
    goal: &Stand,
    limit_ds: u32,
) -> Option<(u32, Turns, Vec<Entered>)> {
    let mut known: BTreeMap<u32, (u32, Option<(u32, u32)>)> = BTreeMap::new();
    let mut queue = BinaryHeap::new();
    let mut offer = |queue: &mut BinaryHeap<_>, ds: u32, fork: u32, by: Option<(u32, u32)>| {
        let better = known.get(&fork).is_none_or(|(old, _)| ds < *old);
        if ds <= limit_ds && better {
            known.insert(fork, (ds, by));
            queue.push(Reverse((ds, fork)));
        }
        known.get(&fork).map(|(ds, _)| *ds)
    };
    offer(&mut queue, start.leave_last(), start.edge.to, None);
    if let Some(ds) = start.leave_first() {
        offer(&mut queue, ds, start.edge.from, None);
    }
    while let Some(Reverse((ds, fork))) = queue.pop() {
        if offer(&mut queue, u32::MAX, fork, None) != Some(ds) {
            continue;
        }
        for arc in streets.arcs_out_of(fork) {
            offer(
                &mut queue,
                ds.saturating_add(arc.ds),
                arc.fork,
                Some((fork, arc.edge)),
            );
        }
    }
    let by = |fork: u32, on: u32| Some((known.get(&fork)?.0.saturating_add(on), fork));
    let ends = [
        by(goal.edge.from, goal.arrive_first()),
        goal.arrive_last().and_then(|last| by(goal.edge.to, last)),
    ];
    let (ds, end) = ends.into_iter().flatten().min()?;
    let mut edges = Vec::new();
    let mut fork = end;
    while let Some((_, Some((before, edge)))) = known.get(&fork) {
        edges.push((*edge, *before));
        fork = *before;
    }
    edges.reverse();
    (ds <= limit_ds).then_some((ds, (fork, end), edges))
}

fn line(
    streets: &Streets<'_>,
    (here, start): (Snap, Stand),
    (there, goal): (Snap, Stand),
    (first, last): Turns,
    edges: &[Entered],
) -> Vec<Position> {
    let mut points = Vec::new();
    // An edge may begin and end at the same fork; then the shorter side was taken.
    let back = start.leave_first().filter(|_| first == start.edge.from);
    let to_end = first == start.edge.to && back.is_none_or(|back| start.leave_last() <= back);
    points.extend(half(streets, here, start.edge, to_end));
    for (edge, before) in edges {
        let Some(stretch) = streets.network.edge(*edge) else {
            continue;
        };
        let mut shape = bends(streets, stretch.first, end_of(streets, *edge));
        if stretch.from != *before {
            shape.reverse();
        }
        points.extend(shape);
    }
    let behind = goal.arrive_last().filter(|_| last == goal.edge.to);
    let from_end =
        behind.is_some_and(|behind| last != goal.edge.from || behind < goal.arrive_first());
    let mut rest = half(streets, there, goal.edge, from_end);
    rest.reverse();
    points.extend(rest);
    points.dedup();
    points
}

/// The bends from a place to the end or the beginning of its edge.
fn half(streets: &Streets<'_>, snap: Snap, edge: Edge, to_end: bool) -> Vec<Position> {
    if to_end {
        return bends(streets, snap.bend + 1, end_of(streets, snap.edge));
    }
    let mut points = bends(streets, edge.first, snap.bend);
    points.reverse();
    points
}

/// The last bend of an edge.
fn end_of(streets: &Streets<'_>, edge: u32) -> u32 {
    let next = streets.network.edge(edge + 1).map(|next| next.first);
    let end = next.unwrap_or_else(|| crate::index::number(streets.network.shape.len()));
    end.saturating_sub(1)
}

/// The positions of bends `from..=to`.
fn bends(streets: &Streets<'_>, from: u32, to: u32) -> Vec<Position> {
    let shape = streets.network.shape.get(at(from)..=at(to)).unwrap_or(&[]);
    shape.iter().map(|bend| bend.position).collect()
}
