//! From objects of a map to a walking network, facilities and buildings: three passes over the file, so that only what is
//! needed is ever held.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use walk::{Direction, Position, Segment, distance_dm};

use crate::block::{Tags, Visitor, visit};
use crate::pbf::{blocks, first_block};
use crate::{FacilityTypes, StreetMapError, WalkingRules};

/// How many objects with missing nodes are named.
const MOST_NAMED: usize = 20;
/// How many corners of an outline are tried for a way in.
const MOST_CORNERS: usize = 32;

/// An object of OpenStreetMap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Object {
    /// A node.
    Node(i64),
    /// A way.
    Way(i64),
    /// A relation.
    Relation(i64),
    /// Not of OpenStreetMap: of a city's or a community's own lists, by its number there.
    Own(i64),
}

impl fmt::Display for Object {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Node(id) => write!(out, "node/{id}"),
            Self::Way(id) => write!(out, "way/{id}"),
            Self::Relation(id) => write!(out, "relation/{id}"),
            Self::Own(id) => write!(out, "own/{id}"),
        }
    }
}

/// What was read of a map.
#[derive(Debug, Clone, Default)]
pub struct StreetMap {
    /// Points of ways that are walked.
    pub points: Vec<Position>,
    /// What is walked between them.
    pub segments: Vec<Segment>,
    /// Facilities by type, in the order of the types; each by its object.
    pub facilities: Vec<Vec<Facility>>,
    /// Buildings, by object.
    pub buildings: Vec<Building>,
    /// What the file lacks.
    pub missing: Missing,
}

/// A facility.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facility {
    /// What it is on the map.
    pub object: Object,
    /// Its name.
    pub name: Option<String>,
    /// Its middle.
    pub position: Position,
    /// Entrances and gates on its outline; where there are none, where ways meet its outline.
    pub entrances: Vec<Position>,
    /// Some corners of its outline: for a plot with neither.
    pub corners: Vec<Position>,
}

/// A building.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Building {
    /// What it is on the map.
    pub object: Object,
    /// Its middle.
    pub position: Position,
    /// Its entrances.
    pub entrances: Vec<Position>,
    /// Its name, or its street and number.
    pub name: Option<String>,
    /// What it is used for, in OpenStreetMap's words, where the map says more than that it is a building.
    pub usage: Option<String>,
    /// Its storeys.
    pub levels: Option<u16>,
    /// The corners of its outline in order; none where the outline is made of several ways.
    pub outline: Vec<Position>,
}

/// Nodes that ways name and the file lacks: extracts end somewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Missing {
    /// How often a missing node was named.
    pub nodes: usize,
    /// The first objects that name one.
    pub objects: Vec<Object>,
}

/// Whether bytes begin as a map does: a look at the first block only.
///
/// # Errors
/// [`StreetMapError`] for what is no map.
pub fn begins_as_map(file: &[u8]) -> Result<(), StreetMapError> {
    first_block(file)
}

/// Reads a map.
///
/// # Errors
/// [`StreetMapError`] for what is no map, or a damaged or hostile one.
pub fn read(file: &[u8], types: &FacilityTypes) -> Result<StreetMap, StreetMapError> {
    let builtin;
    let rules = if let Some(rules) = &types.walking {
        rules
    } else {
        builtin = FacilityTypes::builtin()?
            .walking
            .unwrap_or_else(WalkingRules::none);
        &builtin
    };
    let mut areas = Areas {
        types,
        found: Vec::new(),
        members: BTreeMap::new(),
    };
    blocks(file, |block| visit(block, &mut areas))?;
    let mut ways = Ways {
        types,
        rules,
        areas,
        walked: Vec::new(),
        needed: Vec::new(),
    };
    blocks(file, |block| visit(block, &mut ways))?;
    ways.needed.sort_unstable();
    ways.needed.dedup();
    let mut nodes = Nodes::new(types, rules, &ways.needed);
    blocks(file, |block| visit(block, &mut nodes))?;
    if let Some(node) = nodes.nowhere {
        return Err(StreetMapError::Position { node });
    }
    Ok(assemble(types, &ways, nodes))
}

impl WalkingRules {
    fn none() -> Self {
        let none = Vec::new;
        Self {
            highways: none(),
            permission_keys: none(),
            permitted: none(),
            forbidden: none(),
            steps: none(),
            closed_barriers: none(),
        }
    }
}

/// An object with an outline.
struct Area {
    object: Object,
    name: Option<String>,
    building: Option<Described>,
    kinds: Vec<usize>,
    outline: Vec<i64>,
}

/// What a map says of a building.
struct Described {
    name: Option<String>,
    usage: Option<String>,
    levels: Option<u16>,
}

impl Described {
    fn of(tags: &Tags<'_>) -> Option<Self> {
        let value = tags.get("building").filter(|value| *value != "no")?;
        let address = || {
            let street = tags.get("addr:street")?;
            let number = tags.get("addr:housenumber").unwrap_or_default();
            Some(format!("{street} {number}").trim_end().to_owned())
        };
        Some(Self {
            name: tags.get("name").map(str::to_owned).or_else(address),
            usage: (value != "yes").then(|| value.to_owned()),
            levels: tags
                .get("building:levels")
                .and_then(|levels| levels.trim().parse().ok()),
        })
    }
}

impl Area {
    fn of(types: &FacilityTypes, object: Object, tags: &Tags<'_>) -> Option<Self> {
        let building = Described::of(tags);
        let kinds: Vec<usize> = types.of(tags).collect();
        (building.is_some() || !kinds.is_empty()).then(|| Self {
            object,
            name: tags.get("name").map(str::to_owned),
            building,
            kinds,
            outline: Vec::new(),
        })
    }
}

/// First pass: relations that are areas, and their outer ways.
struct Areas<'t> {
    types: &'t FacilityTypes,
    found: Vec<Area>,
    /// Areas by outer way.
    members: BTreeMap<i64, Vec<usize>>,
}

impl Visitor for Areas<'_> {
    fn relation(&mut self, id: i64, outer: &[i64], tags: &Tags<'_>) {
        if tags.get("type") != Some("multipolygon") {
            return;
        }
        if let Some(area) = Area::of(self.types, Object::Relation(id), tags) {
            for way in outer {
                self.members.entry(*way).or_default().push(self.found.len());
            }
            self.found.push(area);
        }
    }
}

/// A way that is walked.
struct WalkedWay {
    id: i64,
    nodes: Vec<i64>,
    steps: bool,
    one_way: Option<bool>,
}

/// Second pass: ways that are walked or areas, and the nodes they need.
struct Ways<'t> {
    types: &'t FacilityTypes,
    rules: &'t WalkingRules,
    areas: Areas<'t>,
    walked: Vec<WalkedWay>,
    needed: Vec<i64>,
}

impl Visitor for Ways<'_> {
    fn way(&mut self, id: i64, nodes: &[i64], tags: &Tags<'_>) {
        for area in self.areas.members.get(&id).into_iter().flatten() {
            if let Some(area) = self.areas.found.get_mut(*area) {
                area.outline.extend_from_slice(nodes);
            }
            self.needed.extend_from_slice(nodes);
        }
        if tags.is_empty() {
            return;
        }
        if let Some(mut area) = Area::of(self.types, Object::Way(id), tags) {
            area.outline.extend_from_slice(nodes);
            self.needed.extend_from_slice(nodes);
            self.areas.found.push(area);
        }
        if self.rules.walked(tags) {
            self.needed.extend_from_slice(nodes);
            self.walked.push(WalkedWay {
                id,
                nodes: nodes.to_vec(),
                steps: self.rules.is_steps(tags),
                one_way: match tags.get("oneway:foot") {
                    Some("yes") => Some(true),
                    Some("-1") => Some(false),
                    _ => None,
                },
            });
        }
    }
}

/// Third pass: where the needed nodes are, and nodes that are facilities, entrances, barriers.
struct Nodes<'t> {
    types: &'t FacilityTypes,
    rules: &'t WalkingRules,
    needed: &'t [i64],
    positions: Vec<Option<Position>>,
    entrances: BTreeSet<i64>,
    blocked: BTreeSet<i64>,
    facilities: Vec<(usize, Facility)>,
    nowhere: Option<i64>,
}

impl<'t> Nodes<'t> {
    fn new(types: &'t FacilityTypes, rules: &'t WalkingRules, needed: &'t [i64]) -> Self {
        Self {
            types,
            rules,
            needed,
            positions: vec![None; needed.len()],
            entrances: BTreeSet::new(),
            blocked: BTreeSet::new(),
            facilities: Vec::new(),
            nowhere: None,
        }
    }

    fn position(&self, node: i64) -> Option<Position> {
        let place = self.needed.binary_search(&node).ok()?;
        *self.positions.get(place)?
    }
}

impl Visitor for Nodes<'_> {
    fn node(&mut self, id: i64, position: Option<Position>, tags: &Tags<'_>) {
        let Some(position) = position else {
            self.nowhere = self.nowhere.or(Some(id));
            return;
        };
        let needed = self.needed.binary_search(&id).ok();
        if let Some(slot) = needed.and_then(|place| self.positions.get_mut(place)) {
            *slot = Some(position);
        }
        if tags.is_empty() {
            return;
        }
        if needed.is_some() {
            let entrance = tags.get("entrance").is_some_and(|value| value != "no");
            if entrance || matches!(tags.get("barrier"), Some("gate" | "entrance")) {
                self.entrances.insert(id);
            }
            if self.rules.blocked(tags) {
                self.blocked.insert(id);
            }
        }
        for kind in self.types.of(tags) {
            let facility = Facility {
                object: Object::Node(id),
                name: tags.get("name").map(str::to_owned),
                position,
                entrances: Vec::new(),
                corners: Vec::new(),
            };
            self.facilities.push((kind, facility));
        }
    }
}

fn assemble(types: &FacilityTypes, ways: &Ways<'_>, mut nodes: Nodes<'_>) -> StreetMap {
    let mut map = StreetMap {
        facilities: vec![Vec::new(); types.types.len()],
        ..StreetMap::default()
    };
    let mut laying = Laying {
        nodes: &nodes,
        point_of: vec![None; nodes.needed.len()],
        map: &mut map,
    };
    for way in &ways.walked {
        laying.way(way);
    }
    let walked = laying.point_of;
    let on_way = |node: i64| {
        let place = nodes.needed.binary_search(&node).ok();
        place.is_some_and(|place| walked.get(place).is_some_and(Option::is_some))
    };
    for area in &ways.areas.found {
        add_area(area, &nodes, on_way, &mut map);
    }
    for (kind, facility) in std::mem::take(&mut nodes.facilities) {
        if let Some(list) = map.facilities.get_mut(kind) {
            list.push(facility);
        }
    }
    for list in &mut map.facilities {
        list.sort_by_key(|facility| facility.object);
    }
    map.buildings.sort_by_key(|building| building.object);
    map
}

fn add_area(area: &Area, nodes: &Nodes<'_>, on_way: impl Fn(i64) -> bool, map: &mut StreetMap) {
    let known: Vec<(i64, Position)> = area
        .outline
        .iter()
        .filter_map(|node| Some((*node, nodes.position(*node)?)))
        .collect();
    let lacking = area.outline.len() - known.len();
    if lacking > 0 {
        map.missing.note(lacking, area.object);
    }
    let Some(position) = middle(&known) else {
        return;
    };
    let at = |wanted: &dyn Fn(i64) -> bool| -> Vec<Position> {
        let mut found: Vec<Position> = known
            .iter()
            .filter(|(node, _)| wanted(*node))
            .map(|(_, position)| *position)
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    };
    let open = |node: i64| !nodes.blocked.contains(&node);
    let entrances = at(&|node| nodes.entrances.contains(&node) && open(node));
    if let Some(described) = &area.building {
        let whole = lacking == 0 && matches!(area.object, Object::Way(_));
        map.buildings.push(Building {
            object: area.object,
            position,
            entrances: entrances.clone(),
            name: described.name.clone(),
            usage: described.usage.clone(),
            levels: described.levels,
            outline: if whole {
                known.iter().map(|(_, at)| *at).collect()
            } else {
                Vec::new()
            },
        });
    }
    if area.kinds.is_empty() {
        return;
    }
    let entrances = if entrances.is_empty() {
        at(&|node| on_way(node) && open(node))
    } else {
        entrances
    };
    let step = known.len().div_ceil(MOST_CORNERS).max(1);
    let corners: Vec<Position> = known.iter().step_by(step).map(|(_, at)| *at).collect();
    for kind in &area.kinds {
        if let Some(list) = map.facilities.get_mut(*kind) {
            list.push(Facility {
                object: area.object,
                name: area.name.clone(),
                position,
                entrances: entrances.clone(),
                corners: corners.clone(),
            });
        }
    }
}

/// The middle of what an outline spans.
fn middle(outline: &[(i64, Position)]) -> Option<Position> {
    let mut corners = outline.iter().map(|(_, position)| *position);
    let first = corners.next()?;
    let (low, high) = corners.fold((first, first), |(low, high), at| {
        let low = Position {
            lon_e7: low.lon_e7.min(at.lon_e7),
            lat_e7: low.lat_e7.min(at.lat_e7),
        };
        let high = Position {
            lon_e7: high.lon_e7.max(at.lon_e7),
            lat_e7: high.lat_e7.max(at.lat_e7),
        };
        (low, high)
    });
    Some(Position {
        lon_e7: i32::midpoint(low.lon_e7, high.lon_e7),
        lat_e7: i32::midpoint(low.lat_e7, high.lat_e7),
    })
}

impl Missing {
    fn note(&mut self, nodes: usize, object: Object) {
        self.nodes += nodes;
        if self.objects.len() < MOST_NAMED {
            self.objects.push(object);
        }
    }
}

/// Lays ways down as points and segments.
struct Laying<'a> {
    nodes: &'a Nodes<'a>,
    point_of: Vec<Option<u32>>,
    map: &'a mut StreetMap,
}

impl Laying<'_> {
    fn way(&mut self, way: &WalkedWay) {
        let mut before: Option<(u32, Position)> = None;
        let mut lacking = 0;
        for node in &way.nodes {
            let Some(here) = self.point(*node) else {
                lacking += 1;
                before = None;
                continue;
            };
            if let Some((from, position)) = before.filter(|(from, _)| *from != here.0) {
                let (from, to) = match way.one_way {
                    Some(false) => (here.0, from),
                    _ => (from, here.0),
                };
                self.map.segments.push(Segment {
                    from,
                    to,
                    length_dm: distance_dm(position, here.1),
                    steps: way.steps,
                    direction: match way.one_way {
                        Some(_) => Direction::Forward,
                        None => Direction::Both,
                    },
                });
            }
            before = if self.nodes.blocked.contains(node) {
                self.fresh(here.1)
            } else {
                Some(here)
            };
        }
        if lacking > 0 {
            self.map.missing.note(lacking, Object::Way(way.id));
        }
    }

    /// A node's point: the same for all ways that meet there, but one of its own on each side of what is closed.
    fn point(&mut self, node: i64) -> Option<(u32, Position)> {
        let place = self.nodes.needed.binary_search(&node).ok()?;
        let position = (*self.nodes.positions.get(place)?)?;
        if let Some(point) = *self.point_of.get(place)? {
            if self.nodes.blocked.contains(&node) {
                return self.fresh(position);
            }
            return Some((point, position));
        }
        let new = self.fresh(position)?;
        *self.point_of.get_mut(place)? = Some(new.0);
        Some(new)
    }

    fn fresh(&mut self, position: Position) -> Option<(u32, Position)> {
        let point = u32::try_from(self.map.points.len()).ok()?;
        self.map.points.push(position);
        Some((point, position))
    }
}
