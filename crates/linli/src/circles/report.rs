//! A life circle's analysis as a summary, a table, and features of a map.

use serde_json::{Map, Value, json};
use street_map::{Analysis, Answer, Facility, FacilityTypes, StreetMap};
use walk::{Position, Reach};

/// How many objects that could not be placed are named.
const MOST_NAMED: usize = 1000;

/// What was read, asked and found.
pub(super) struct Found<'a> {
    pub map: &'a StreetMap,
    pub types: &'a FacilityTypes,
    pub analysis: &'a Analysis,
}

impl Found<'_> {
    /// The summary: the network, the facilities, who is served, what could not be placed.
    pub(super) fn summary(&self) -> Value {
        let network = &self.analysis.network;
        let (islands, _) = network.islands();
        let mut facilities = Map::new();
        let mut served = Map::new();
        for (place, kind) in self.types.types.iter().enumerate() {
            let list = self.map.facilities.get(place);
            facilities.insert(kind.id.clone(), json!(list.map_or(0, Vec::len)));
            served.insert(kind.id.clone(), self.served(place));
        }
        json!({
            "nodes": network.points(),
            "edges": network.segments(),
            "forks": network.forks(),
            "walkable_km": kilometres(network.length_dm()),
            "islands": islands,
            "facilities": facilities,
            "buildings": self.map.buildings.len(),
            "served": served,
            "unsnapped": self.unsnapped(),
            "missing_nodes": self.map.missing.nodes,
            "missing_in": named(&self.map.missing.objects),
            "instrument": self.types.instrument,
            "nearest": self.analysis.question.keep,
            "max_walk_m": self.analysis.question.max_walk_m,
            "speed_mm_per_s": self.analysis.question.walker.mm_per_s,
        })
    }

    fn served(&self, place: usize) -> Value {
        let coverage = self.analysis.coverage(self.types, place);
        let Some(kind) = self.types.types.get(place) else {
            return Value::Null;
        };
        let known = coverage.met + coverage.unmet;
        json!({
            "circle": kind.circle,
            "limit_m": kind.limit_m.min(self.analysis.question.max_walk_m),
            "cite": kind.cite,
            "status": kind.status,
            "served": coverage.met,
            "not_served": coverage.unmet,
            "unknown": coverage.unknown,
            "share": share(coverage.met, known),
        })
    }

    fn unsnapped(&self) -> Value {
        let lost = &self.analysis.unsnapped;
        let buildings = lost.buildings.iter().filter_map(|place| {
            let building = self.map.buildings.get(*place)?;
            Some(json!({
                "what": "building",
                "id": building.object.to_string(),
                "at": lon_lat(building.position),
            }))
        });
        let facilities = lost.facilities.iter().filter_map(|(kind, place)| {
            let facility = self.map.facilities.get(*kind)?.get(*place)?;
            Some(json!({
                "what": self.types.types.get(*kind)?.id,
                "id": facility.object.to_string(),
                "at": lon_lat(facility.position),
            }))
        });
        json!({
            "count": lost.buildings.len() + lost.facilities.len(),
            "buildings": lost.buildings.len(),
            "facilities": lost.facilities.len(),
            "items": facilities.chain(buildings).take(MOST_NAMED).collect::<Vec<_>>(),
        })
    }

    /// A row for each building and type.
    pub(super) fn table(&self) -> anyhow::Result<String> {
        let mut out = csv::Writer::from_writer(Vec::new());
        out.write_record([
            "building", "lon", "lat", "type", "limit_m", "answer", "rank", "facility", "name",
            "metres", "seconds",
        ])?;
        for (number, building) in self.map.buildings.iter().enumerate() {
            for (place, kind) in self.types.types.iter().enumerate() {
                let [lon, lat] = lon_lat(building.position).map(|degrees| degrees.to_string());
                let limit = kind.limit_m.min(self.analysis.question.max_walk_m);
                let answer = word(self.analysis.answer(self.types, place, number));
                let head = [
                    building.object.to_string(),
                    lon,
                    lat,
                    kind.id.clone(),
                    limit.to_string(),
                    answer.to_owned(),
                ];
                let reached = self.analysis.of(place, number);
                if reached.is_empty() {
                    out.write_record(head.iter().map(String::as_str).chain([""; 5]))?;
                }
                for (rank, reach) in (1..).zip(reached) {
                    let facility = self.facility(place, reach);
                    let tail = [
                        i32::to_string(&rank),
                        facility.map_or_else(String::new, |one| one.object.to_string()),
                        facility
                            .and_then(|one| one.name.clone())
                            .unwrap_or_default(),
                        self.analysis.metres(reach).to_string(),
                        seconds(reach).to_string(),
                    ];
                    out.write_record(head.iter().chain(&tail))?;
                }
            }
        }
        Ok(String::from_utf8(out.into_inner()?)?)
    }

    /// A feature for each building, with its answers, and each facility.
    pub(super) fn features(&self) -> Value {
        let mut features = Vec::new();
        for (number, building) in self.map.buildings.iter().enumerate() {
            let mut properties = Map::new();
            properties.insert("kind".to_owned(), json!("building"));
            for (place, kind) in self.types.types.iter().enumerate() {
                let answer = self.analysis.answer(self.types, place, number);
                let first = self.analysis.of(place, number).first().copied();
                let object = first.and_then(|reach| self.facility(place, reach));
                let told = json!({
                    "answer": word(answer),
                    "metres": first.map(|reach| self.analysis.metres(reach)),
                    "seconds": first.map(seconds),
                    "facility": object.map(|facility| facility.object.to_string()),
                });
                properties.insert(kind.id.clone(), told);
            }
            features.push(feature(
                &building.object.to_string(),
                building.position,
                &properties,
            ));
        }
        for (kind, list) in self.types.types.iter().zip(&self.map.facilities) {
            for facility in list {
                let mut properties = Map::new();
                properties.insert("kind".to_owned(), json!("facility"));
                properties.insert("type".to_owned(), json!(kind.id));
                properties.insert("name".to_owned(), json!(facility.name));
                features.push(feature(
                    &facility.object.to_string(),
                    facility.position,
                    &properties,
                ));
            }
        }
        json!({ "type": "FeatureCollection", "features": features })
    }

    fn facility(&self, kind: usize, reach: Reach) -> Option<&Facility> {
        let list = self.map.facilities.get(kind)?;
        list.get(usize::try_from(reach.facility).ok()?)
    }
}

fn feature(id: &str, position: Position, properties: &Map<String, Value>) -> Value {
    json!({
        "type": "Feature",
        "id": id,
        "geometry": { "type": "Point", "coordinates": lon_lat(position) },
        "properties": properties,
    })
}

fn named(objects: &[street_map::Object]) -> Vec<String> {
    objects.iter().map(ToString::to_string).collect()
}

fn word(answer: Answer) -> &'static str {
    match answer {
        Answer::Met => "met",
        Answer::Unmet => "unmet",
        Answer::Unknown => "unknown",
    }
}

fn lon_lat(position: Position) -> [f64; 2] {
    [position.lon_e7, position.lat_e7].map(|e7| f64::from(e7) / 1e7)
}

fn seconds(reach: Reach) -> u32 {
    (reach.ds + 5) / 10
}

/// Kilometres with three digits behind the point.
fn kilometres(length_dm: u64) -> f64 {
    let metres = u32::try_from(length_dm / 10).unwrap_or(u32::MAX);
    f64::from(metres) / 1000.0
}

/// A share with four digits behind the point; nothing where nothing is known.
fn share(part: usize, of: usize) -> Option<f64> {
    let ten_thousandths = (part * 10_000 + of / 2).checked_div(of)?;
    Some(f64::from(u32::try_from(ten_thousandths).ok()?) / 10_000.0)
}
