//! The nearest facilities of every door, type by type.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::flood::{Flood, label, parts};
use crate::index::{at, number};
use crate::streets::Stand;
use crate::{Snap, Streets, WalkError};

/// The most facilities that are kept for a door.
pub(crate) const MOST_KEPT: usize = 64;
/// The longest search: ten hours.
pub(crate) const LONGEST_DS: u32 = 360_000;
/// No facility.
pub(crate) const NOTHING: u64 = u64::MAX;

/// A facility or a door: every place on the network from which it is entered. None if it could not be snapped.
pub type Place = Vec<Snap>;
/// What one starts from.
pub type Door = Place;

/// All doors, in the order in which they are answered.
#[derive(Debug, Clone, Default)]
pub struct Doors {
    starts: Vec<u32>,
    snaps: Vec<Snap>,
}

impl Doors {
    /// Doors with their places.
    pub fn new(doors: impl IntoIterator<Item = Door>) -> Self {
        let mut all = Self {
            starts: vec![0],
            snaps: Vec::new(),
        };
        for door in doors {
            all.snaps.extend(door);
            all.starts.push(number(all.snaps.len()));
        }
        all
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The places of a door; none if it was not snapped.
    pub fn places(&self, door: u32) -> &[Snap] {
        crate::index::group(&self.starts, &self.snaps, door)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &[Snap]> {
        (0..number(self.len())).map(|door| self.places(door))
    }
}

/// How to search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// How many facilities to keep for a door: 1 to 64.
    pub keep: usize,
    /// The longest walk in deciseconds, at most ten hours.
    pub limit_ds: u32,
    /// How many threads to use; the answer is the same with any number.
    pub threads: usize,
}

/// A facility that is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reach {
    /// The walking time in deciseconds.
    pub ds: u32,
    /// The facility, by its place in the list of its type.
    pub facility: u32,
}

/// The nearest facilities of one type for every door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nearest {
    pub(crate) keep: usize,
    pub(crate) labels: Vec<u64>,
}

impl Nearest {
    /// A door's facilities, the nearest first, ties by facility.
    pub fn of(&self, door: u32) -> impl Iterator<Item = Reach> + '_ {
        let first = at(door).saturating_mul(self.keep);
        let labels = self.labels.get(first..first + self.keep).unwrap_or(&[]);
        labels
            .iter()
            .take_while(|label| **label != NOTHING)
            .map(|label| reach(*label))
    }

    /// The nearest.
    pub fn first(&self, door: u32) -> Option<Reach> {
        self.of(door).next()
    }

    /// How many doors there are.
    pub fn doors(&self) -> usize {
        self.labels.len() / self.keep.max(1)
    }
}

pub(crate) fn reach(label: u64) -> Reach {
    let (ds, facility) = parts(label);
    Reach { ds, facility }
}

/// The nearest facilities of every type for every door: one answer a type, in the order of `types`. Each type is a list of
/// facilities.
///
/// # Errors
/// [`WalkError::Keep`], [`WalkError::Limit`], [`WalkError::Elsewhere`].
pub fn nearest(
    streets: &Streets<'_>,
    types: &[Vec<Place>],
    doors: &Doors,
    settings: Settings,
) -> Result<Vec<Nearest>, WalkError> {
    check(settings)?;
    let stands = doors_on(streets, doors)?;
    let types: Vec<Vec<(u32, Snap, Stand)>> = types
        .iter()
        .map(|facilities| facilities_on(streets, facilities))
        .collect::<Result<_, _>>()?;
    let next = AtomicUsize::new(0);
    let answers: Vec<Mutex<Option<Nearest>>> = types.iter().map(|_| Mutex::new(None)).collect();
    let work = || {
        let mut flood = Flood::new(streets.network.forks(), settings.keep);
        loop {
            let turn = next.fetch_add(1, Ordering::Relaxed);
            let (Some(facilities), Some(slot)) = (types.get(turn), answers.get(turn)) else {
                break;
            };
            let answer = of_type(streets, &mut flood, facilities, &stands, settings);
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
        }
    };
    let threads = settings.threads.clamp(1, types.len().max(1));
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
    let take = |slot: Mutex<Option<Nearest>>| {
        let answer = slot.into_inner().unwrap_or_else(PoisonError::into_inner);
        answer.unwrap_or(Nearest {
            keep: settings.keep,
            labels: vec![NOTHING; doors.len() * settings.keep],
        })
    };
    Ok(answers.into_iter().map(take).collect())
}

pub(crate) fn check(settings: Settings) -> Result<(), WalkError> {
    if !(1..=MOST_KEPT).contains(&settings.keep) {
        return Err(WalkError::Keep {
            keep: settings.keep,
            most: MOST_KEPT,
        });
    }
    if settings.limit_ds > LONGEST_DS {
        return Err(WalkError::Limit {
            limit_ds: settings.limit_ds,
            most_ds: LONGEST_DS,
        });
    }
    Ok(())
}

/// A door's places in times; doors without a place have none.
pub(crate) struct Standing {
    starts: Vec<u32>,
    stands: Vec<(u32, Stand)>,
}

impl Standing {
    pub(crate) fn of(&self, door: u32) -> &[(u32, Stand)] {
        crate::index::group(&self.starts, &self.stands, door)
    }
}

pub(crate) fn doors_on(streets: &Streets<'_>, doors: &Doors) -> Result<Standing, WalkError> {
    let mut stands = Vec::with_capacity(doors.snaps.len());
    for snap in &doors.snaps {
        let stand = streets.stand(*snap);
        stands.push((
            snap.edge,
            stand.ok_or(WalkError::Elsewhere { what: "door" })?,
        ));
    }
    Ok(Standing {
        starts: doors.starts.clone(),
        stands,
    })
}

/// Every place of every facility, by edge.
pub(crate) fn facilities_on(
    streets: &Streets<'_>,
    facilities: &[Place],
) -> Result<Vec<(u32, Snap, Stand)>, WalkError> {
    let mut on = Vec::new();
    for (facility, place) in (0_u32..).zip(facilities) {
        for snap in place {
            let stand = streets.stand(*snap);
            let stand = stand.ok_or(WalkError::Elsewhere { what: "facility" })?;
            on.push((facility, *snap, stand));
        }
    }
    on.sort_by_key(|(facility, snap, stand)| (snap.edge, stand.from_first, *facility));
    Ok(on)
}

fn of_type(
    streets: &Streets<'_>,
    flood: &mut Flood,
    facilities: &[(u32, Snap, Stand)],
    doors: &Standing,
    settings: Settings,
) -> Nearest {
    let sources: Vec<(u32, Stand)> = facilities
        .iter()
        .map(|(facility, _, stand)| (*facility, *stand))
        .collect();
    flood.run(streets, &sources, settings.limit_ds);
    let same_edge = SameEdge::new(facilities, streets.network.edges());
    let count = doors.starts.len().saturating_sub(1);
    let mut labels = vec![NOTHING; count * settings.keep];
    for (door, slots) in (0_u32..).zip(labels.chunks_exact_mut(settings.keep)) {
        for (turn, (edge, stand)) in doors.of(door).iter().enumerate() {
            let last = (flood.at_fork(stand.edge.to), stand.leave_last());
            let first = match stand.leave_first() {
                Some(ds) => (flood.at_fork(stand.edge.from), ds),
                None => (&[][..], 0),
            };
            if turn == 0 {
                merge(slots, first, last, settings.limit_ds);
            } else {
                for (labels, ds) in [first, last] {
                    for walk in labels {
                        enter(slots, *walk, ds, settings.limit_ds);
                    }
                }
            }
            for (facility, there) in same_edge.on(*edge) {
                if let Some(ds) = along(stand, there) {
                    let walk = label(there.off.saturating_add(stand.off), *facility);
                    enter(slots, walk, ds, settings.limit_ds);
                }
            }
        }
    }
    Nearest {
        keep: settings.keep,
        labels,
    }
}

/// Enters a walk that is `ds` longer, if it is within the limit and among the least.
fn enter(slots: &mut [u64], walk: u64, ds: u32, limit_ds: u32) {
    let (onward, facility) = parts(walk);
    let ds = onward.saturating_add(ds);
    if ds <= limit_ds {
        keep_least(slots, label(ds, facility));
    }
}

/// Fills empty slots from two sorted lists, each with a time to add. In the order of labels, so the first walk to a facility is
/// its shortest.
fn merge(slots: &mut [u64], a: (&[u64], u32), b: (&[u64], u32), limit_ds: u32) {
    let longer = |ds: u32| move |walk: &u64| walk.saturating_add(label(ds, 0));
    let mut from_a = a.0.iter().map(longer(a.1)).peekable();
    let mut from_b = b.0.iter().map(longer(b.1)).peekable();
    let mut filled = 0;
    while filled < slots.len() {
        let side = match (from_a.peek(), from_b.peek()) {
            (Some(one), Some(other)) if other < one => from_b.next(),
            (Some(_), _) => from_a.next(),
            (None, _) => from_b.next(),
        };
        let Some(walk) = side.filter(|walk| parts(*walk).0 <= limit_ds) else {
            break;
        };
        let taken = slots.get(..filled).unwrap_or_default();
        let known = taken.iter().any(|label| parts(*label).1 == parts(walk).1);
        if let Some(slot) = slots.get_mut(filled).filter(|_| !known) {
            *slot = walk;
            filled += 1;
        }
    }
}

/// The walk from one place to another on the same edge without leaving it; `None` against a one-way.
pub(crate) fn along(here: &Stand, there: &Stand) -> Option<u32> {
    if there.from_first >= here.from_first {
        return Some(there.from_first - here.from_first);
    }
    here.both().then(|| here.from_first - there.from_first)
}

/// Enters a label among the least; `false` if it is not among them or no better than what is known of its facility.
pub(crate) fn keep_least(slots: &mut [u64], new: u64) -> bool {
    let (_, facility) = parts(new);
    if slots.last().is_none_or(|last| *last <= new) {
        return false;
    }
    let known = slots
        .iter()
        .position(|label| *label != NOTHING && parts(*label).1 == facility);
    let hole = match known {
        Some(place) if slots.get(place).is_some_and(|old| *old <= new) => return false,
        Some(place) => place,
        None => slots.len() - 1,
    };
    if let Some(upto) = slots.get_mut(..=hole) {
        let place = upto.partition_point(|label| *label < new);
        if let Some(moved) = upto.get_mut(place..) {
            moved.rotate_right(1);
        }
        if let Some(slot) = upto.get_mut(place) {
            *slot = new;
        }
    }
    true
}

/// The facilities of a type by edge, for doors on the same edge.
struct SameEdge<'a> {
    facilities: &'a [(u32, Snap, Stand)],
    /// One bit an edge: most have no facility of a type.
    any: Vec<u64>,
}

impl<'a> SameEdge<'a> {
    fn new(facilities: &'a [(u32, Snap, Stand)], edges: usize) -> Self {
        let mut any = vec![0_u64; edges / 64 + 1];
        for (_, snap, _) in facilities {
            if let Some(word) = any.get_mut(at(snap.edge / 64)) {
                *word |= 1 << (snap.edge % 64);
            }
        }
        Self { facilities, any }
    }

    fn on(&self, edge: u32) -> impl Iterator<Item = (&u32, &Stand)> {
        let word = self.any.get(at(edge / 64)).copied().unwrap_or(0);
        let first = if word & (1 << (edge % 64)) == 0 {
            self.facilities.len()
        } else {
            self.facilities
                .partition_point(|(_, snap, _)| snap.edge < edge)
        };
        self.facilities
            .get(first..)
            .unwrap_or(&[])
            .iter()
            .take_while(move |(_, snap, _)| snap.edge == edge)
            .map(|(facility, _, stand)| (facility, stand))
    }
}
