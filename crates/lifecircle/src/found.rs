//! What an analysis finds: the map with the circle's own lists laid on it, and for every building and type who reaches it.

use std::collections::HashMap;

use street_map::{
    Analysis, Answer, Building, Facility, FacilityTypes, Object, Question, Reading, StreetMap,
    StreetMapError, WalkingGroup, analyse,
};
use walk::{Nearest, Position, Reach, distance_dm};

use crate::Error;
use crate::ground::{contains, middle, span};
use crate::lists::Feature;
use crate::model::{ListKind, MapSummary, PlanChange, SNAP_CAP_DM, place_text};

/// How many facilities of a type are kept for a building.
pub(crate) const KEPT: usize = 5;
/// The farthest walk that is looked at, in metres; beyond it "none near" is told.
pub(crate) const MAX_WALK_M: u32 = 2000;
/// How far an entrance may lie from the building it belongs to, in decimetres.
const ENTRANCE_DM: u32 = 300;
/// The side of a cell in which buildings are looked up, in 1e-7 degrees: about 100 m.
const CELL_E7: i32 = 10_000;

/// A list of the circle's own as it is used.
#[derive(Clone, Debug)]
pub struct OwnList {
    /// What it holds.
    pub kind: ListKind,
    /// The file it came in, to name what could not be placed.
    pub file_name: String,
    /// How its coordinates are read.
    pub reading: Reading,
    /// Its places.
    pub features: Vec<Feature>,
}

/// Everything that an analysis depends on.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// The street map's file.
    pub map: Vec<u8>,
    /// The types.
    pub types: FacilityTypes,
    /// The lists in use, in the order of their import.
    pub lists: Vec<OwnList>,
}

/// Who lives in a building, as far as a list says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Residents {
    /// Everyone.
    pub people: Option<u32>,
    /// Elders among them.
    pub elders: Option<u32>,
}

/// What one group of people reaches.
#[derive(Debug)]
pub struct GroupFound {
    /// Who they are.
    pub group: WalkingGroup,
    /// Their nearest facilities, by type.
    pub nearest: Vec<Nearest>,
    /// Building by building, for each type whether it is near enough.
    answers: Vec<Answer>,
    types: usize,
}

impl GroupFound {
    /// Whether a building has a facility of a type near enough for this group.
    pub fn answer(&self, kind: usize, building: usize) -> Answer {
        let place = building.saturating_mul(self.types).saturating_add(kind);
        self.answers.get(place).copied().unwrap_or(Answer::Unknown)
    }

    /// The nearest facilities of a building.
    pub fn of(&self, kind: usize, building: usize) -> Vec<Reach> {
        let door = u32::try_from(building).unwrap_or(u32::MAX);
        self.nearest
            .get(kind)
            .map_or_else(Vec::new, |list| list.of(door).collect())
    }
}

/// A district of a circle's own.
#[derive(Clone, Debug)]
pub struct District {
    /// Its name.
    pub name: String,
    /// Its outline.
    pub outline: Vec<Position>,
}

/// What was found.
#[derive(Debug)]
pub struct Found {
    /// The map with the circle's own lists.
    pub map: StreetMap,
    /// The types.
    pub types: FacilityTypes,
    /// The search for everyone.
    pub analysis: Analysis,
    /// What each group reaches; everyone first.
    pub groups: Vec<GroupFound>,
    /// Who lives in each building.
    pub residents: Vec<Residents>,
    /// Districts, each name once or more.
    pub districts: Vec<District>,
    /// In which district each building lies.
    pub district_of: Vec<Option<usize>>,
    /// Rows of lists that found no place on the map: the file and the row.
    pub unplaced: Vec<(String, String)>,
    /// The south-west and the north-east corner.
    pub bounds: (Position, Position),
}

/// The steps of an analysis, for whoever waits.
pub(crate) const STEPS: u64 = 4;

impl Found {
    /// Analyses the inputs; `step` is told how far it has come, of four.
    ///
    /// # Errors
    /// Why the map or the types can't be used, in the reader's words.
    pub fn of(inputs: &Inputs, step: &dyn Fn(u64)) -> Result<Self, StreetMapError> {
        let map = street_map::read(&inputs.map, &inputs.types)?;
        step(1);
        let mut laid = Laid::new(map, &inputs.types);
        for list in &inputs.lists {
            laid.list(list);
        }
        step(2);
        let Laid {
            map,
            residents,
            districts,
            unplaced,
            ..
        } = laid;
        Self::search(
            map,
            inputs.types.clone(),
            residents,
            districts,
            unplaced,
            step,
        )
    }

    /// What would be found after these changes.
    ///
    /// # Errors
    /// [`Error::NoWay`] for a change with no way near it, [`Error::Analysis`].
    pub fn changed(&self, changes: &[PlanChange]) -> Result<Self, Error> {
        let mut map = self.map.clone();
        for (number, change) in (1_usize..).zip(changes) {
            let places = change.places();
            let changed = match (change, places.as_slice()) {
                (PlanChange::Facility { kind, .. }, [at]) => {
                    let known = self.types.types.iter().position(|one| one.id == *kind);
                    let place = known.ok_or(Error::NoSuchPart { what: "type" })?;
                    let mut with = map.clone();
                    let id = i64::try_from(number).unwrap_or(i64::MAX);
                    if let Some(list) = with.facilities.get_mut(place) {
                        list.push(facility(Object::Own(-id), None, vec![*at], *at));
                    }
                    Some(with)
                }
                (PlanChange::Way { .. }, [from, to]) => map.with_way(*from, *to, SNAP_CAP_DM),
                (PlanChange::Closure { .. }, [at]) => map.without_way(*at, SNAP_CAP_DM),
                _ => None,
            };
            map = changed.ok_or_else(|| Error::NoWay {
                number,
                place: places
                    .first()
                    .map_or_else(String::new, |at| place_text(*at)),
            })?;
        }
        let found = Self::search(
            map,
            self.types.clone(),
            self.residents.clone(),
            self.districts.clone(),
            self.unplaced.clone(),
            &|_| (),
        );
        found.map_err(|fault| Error::Analysis {
            reason: fault.to_string(),
        })
    }

    fn search(
        map: StreetMap,
        types: FacilityTypes,
        residents: Vec<Residents>,
        districts: Vec<District>,
        unplaced: Vec<(String, String)>,
        step: &dyn Fn(u64),
    ) -> Result<Self, StreetMapError> {
        let question = Question {
            keep: KEPT,
            max_walk_m: MAX_WALK_M,
            snap_cap_dm: SNAP_CAP_DM,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            ..Question::default()
        };
        let analysis = analyse(&map, question)?;
        step(3);
        let mut groups = Vec::with_capacity(types.groups.len());
        for group in &types.groups {
            let nearest = if group.walker() == question.walker {
                analysis.nearest.clone()
            } else {
                analysis.at_speed(group.walker())?
            };
            groups.push(answered(group, nearest, &types, &map, &analysis));
        }
        step(4);
        let district_of = map
            .buildings
            .iter()
            .map(|building| {
                districts
                    .iter()
                    .position(|one| contains(&one.outline, building.position))
            })
            .collect();
        let drawn = map
            .points
            .iter()
            .copied()
            .chain(map.buildings.iter().map(|building| building.position));
        let nowhere = Position::default();
        let bounds = span(drawn).unwrap_or((nowhere, nowhere));
        Ok(Self {
            map,
            types,
            analysis,
            groups,
            residents,
            districts,
            district_of,
            unplaced,
            bounds,
        })
    }

    /// What the map held, to be kept in the journal.
    pub fn summary(&self) -> MapSummary {
        let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let network = &self.analysis.network;
        let with_entrance = self
            .map
            .buildings
            .iter()
            .filter(|one| !one.entrances.is_empty());
        let lost = &self.analysis.unsnapped;
        let types = self.types.types.iter().zip(&self.map.facilities);
        MapSummary {
            points: number(network.points()),
            segments: number(network.segments()),
            walkable_m: network.length_dm() / 10,
            islands: number(network.islands().0),
            buildings: number(self.map.buildings.len()),
            entrances: number(with_entrance.count()),
            facilities: types
                .map(|(kind, list)| (kind.id.clone(), number(list.len())))
                .collect(),
            unsnapped: number(lost.buildings.len() + lost.facilities.len()),
            missing_nodes: number(self.map.missing.nodes),
        }
    }

    /// What everyone reaches.
    pub fn everyone(&self) -> Option<&GroupFound> {
        self.groups.first()
    }

    /// How many types a building lacks for everyone, and how many are not known.
    pub fn lacking(&self, building: usize) -> (usize, usize) {
        let Some(everyone) = self.everyone() else {
            return (0, 0);
        };
        let mut lacking = (0, 0);
        for kind in 0..self.types.types.len() {
            match everyone.answer(kind, building) {
                Answer::Unmet => lacking.0 += 1,
                Answer::Unknown => lacking.1 += 1,
                Answer::Met => {}
            }
        }
        lacking
    }

    /// What a building counts where people are counted: who lives there, or else one.
    pub fn weight(&self, building: usize) -> u64 {
        let people = self.residents.get(building).and_then(|one| one.people);
        people.map_or(1, u64::from)
    }

    /// A facility of a type.
    pub fn facility(&self, kind: usize, reach: Reach) -> Option<&Facility> {
        self.map
            .facilities
            .get(kind)?
            .get(usize::try_from(reach.facility).ok()?)
    }
}

fn answered(
    group: &WalkingGroup,
    nearest: Vec<Nearest>,
    types: &FacilityTypes,
    map: &StreetMap,
    analysis: &Analysis,
) -> GroupFound {
    let standard = Question::default().walker;
    let limits: Vec<(u32, bool)> = types
        .types
        .iter()
        .zip(&map.facilities)
        .map(|(kind, list)| {
            let metres = kind.limit_m.min(MAX_WALK_M);
            (
                standard.time_ds(metres.saturating_mul(10)),
                !list.is_empty(),
            )
        })
        .collect();
    let mut answers = Vec::with_capacity(map.buildings.len() * limits.len());
    for door in 0..map.buildings.len() {
        let door = u32::try_from(door).unwrap_or(u32::MAX);
        let placed = !analysis.doors.places(door).is_empty();
        for ((limit, known), list) in limits.iter().zip(&nearest) {
            answers.push(if !known || !placed {
                Answer::Unknown
            } else if list.first(door).is_some_and(|reach| reach.ds <= *limit) {
                Answer::Met
            } else {
                Answer::Unmet
            });
        }
    }
    GroupFound {
        group: group.clone(),
        nearest,
        answers,
        types: limits.len(),
    }
}

fn facility(
    object: Object,
    name: Option<String>,
    outline: Vec<Position>,
    position: Position,
) -> Facility {
    let corners = if outline.len() > 1 {
        outline
    } else {
        Vec::new()
    };
    Facility {
        object,
        name,
        position,
        entrances: Vec::new(),
        corners,
    }
}

/// A map on which lists are laid.
struct Laid<'t> {
    map: StreetMap,
    types: &'t FacilityTypes,
    residents: Vec<Residents>,
    districts: Vec<District>,
    unplaced: Vec<(String, String)>,
    /// Buildings by the cells that their outlines touch.
    cells: HashMap<(i32, i32), Vec<usize>>,
    next: i64,
}

impl<'t> Laid<'t> {
    fn new(map: StreetMap, types: &'t FacilityTypes) -> Self {
        let mut laid = Self {
            residents: vec![Residents::default(); map.buildings.len()],
            map,
            types,
            districts: Vec::new(),
            unplaced: Vec::new(),
            cells: HashMap::new(),
            next: 1,
        };
        for place in 0..laid.map.buildings.len() {
            laid.enter(place);
        }
        laid
    }

    fn enter(&mut self, place: usize) {
        let Some(building) = self.map.buildings.get(place) else {
            return;
        };
        let all = building.outline.iter().copied().chain([building.position]);
        let Some((low, high)) = span(all) else { return };
        // A building as large as a quarter would fill many cells; its middle is enough then.
        let wide = |from: i32, to: i32| to.saturating_sub(from) / CELL_E7 > 20;
        let (low, high) = if wide(low.lon_e7, high.lon_e7) || wide(low.lat_e7, high.lat_e7) {
            (building.position, building.position)
        } else {
            (low, high)
        };
        let (first, last) = (cell(low), cell(high));
        for column in first.0..=last.0 {
            for row in first.1..=last.1 {
                self.cells.entry((column, row)).or_default().push(place);
            }
        }
    }

    fn list(&mut self, list: &OwnList) {
        for feature in &list.features {
            let read: Option<Vec<Position>> = feature
                .raw()
                .map(|raw| list.reading.position(raw))
                .collect();
            let placed = read.is_some_and(|points| self.feature(list.kind, feature, points));
            if !placed {
                self.unplaced
                    .push((list.file_name.clone(), feature.at.clone()));
            }
            self.next += 1;
        }
    }

    /// Lays a place down; `false` if it has none.
    fn feature(&mut self, kind: ListKind, feature: &Feature, points: Vec<Position>) -> bool {
        let Some(at) = middle(&points) else {
            return false;
        };
        match kind {
            ListKind::Facilities => {
                let known = |one: &street_map::FacilityType| Some(&one.id) == feature.kind.as_ref();
                let Some(place) = self.types.types.iter().position(known) else {
                    return false;
                };
                if let Some(list) = self.map.facilities.get_mut(place) {
                    let object = Object::Own(self.next);
                    list.push(facility(object, feature.name.clone(), points, at));
                }
                true
            }
            ListKind::Buildings => {
                self.building(feature, points, at);
                true
            }
            ListKind::Entrances => self.entrance(at),
            ListKind::Districts => {
                self.districts.push(District {
                    name: feature.name.clone().unwrap_or_default(),
                    outline: points,
                });
                true
            }
        }
    }

    /// Who lives in a building of the map, or a building that the map lacks.
    fn building(&mut self, feature: &Feature, points: Vec<Position>, at: Position) {
        let known = self.around(at).find(|place| {
            let building = self.map.buildings.get(*place);
            building.is_some_and(|building| contains(&building.outline, at))
        });
        let place = known.unwrap_or_else(|| {
            self.map.buildings.push(Building {
                object: Object::Own(self.next),
                position: at,
                entrances: Vec::new(),
                name: None,
                usage: None,
                levels: None,
                outline: if points.len() > 2 { points } else { Vec::new() },
            });
            self.residents.push(Residents::default());
            let place = self.map.buildings.len() - 1;
            self.enter(place);
            place
        });
        if let Some(building) = self.map.buildings.get_mut(place) {
            building.name = feature.name.clone().or_else(|| building.name.take());
            building.usage = feature.usage.clone().or_else(|| building.usage.take());
            building.levels = feature.levels.or(building.levels);
        }
        if let Some(residents) = self.residents.get_mut(place) {
            residents.people = feature.people.or(residents.people);
            residents.elders = feature.elders.or(residents.elders);
        }
    }

    /// An entrance belongs to the building that it lies in or next to.
    fn entrance(&mut self, at: Position) -> bool {
        let near = self.around(at).filter_map(|place| {
            let building = self.map.buildings.get(place)?;
            if contains(&building.outline, at) {
                return Some((0, place));
            }
            let corners = building.outline.iter().chain([&building.position]);
            let off = corners.map(|corner| distance_dm(*corner, at)).min()?;
            (off <= ENTRANCE_DM).then_some((off, place))
        });
        let Some((_, place)) = near.min() else {
            return false;
        };
        if let Some(building) = self.map.buildings.get_mut(place) {
            building.entrances.push(at);
        }
        true
    }

    /// Buildings in the cell of a place and those around it.
    fn around(&self, at: Position) -> impl Iterator<Item = usize> + '_ {
        let (column, row) = cell(at);
        let cells = (-1..=1).flat_map(move |x| (-1..=1).map(move |y| (column + x, row + y)));
        cells
            .filter_map(|cell| self.cells.get(&cell))
            .flatten()
            .copied()
    }
}

fn cell(at: Position) -> (i32, i32) {
    (at.lon_e7.div_euclid(CELL_E7), at.lat_e7.div_euclid(CELL_E7))
}
