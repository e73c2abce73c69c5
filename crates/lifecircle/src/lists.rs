//! A circle's own lists: GeoJSON, CSV or Excel in, features out, and every row that can't be used named with its reason.
//!
//! Columns and properties go by their usual names in Chinese and English, so `stops.txt` of a GTFS feed is a list of stops as it
//! is. Coordinates stay as they were given; their datum is applied when they are used.

use std::collections::HashMap;

use documents::{Limits, Table, read_tables};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use street_map::{FacilityTypes, from_degrees};
use walk::Position;

use crate::Error;
use crate::ground::crosses_itself;
use crate::model::ListKind;

/// The most features of a list.
const MAX_FEATURES: usize = 50_000;
/// The most corners of an outline.
const MAX_CORNERS: usize = 2_000;
/// The most faults that are kept; what is beyond them is counted.
const MAX_FAULTS: usize = 1_000;

/// Under which names a column or property is known.
const NAMES: [(&str, &[&str]); 8] = [
    ("lon", &["lon", "lng", "longitude", "x", "经度", "stop_lon"]),
    ("lat", &["lat", "latitude", "y", "纬度", "stop_lat"]),
    (
        "name",
        &["name", "名称", "名字", "stop_name", "小区", "楼栋"],
    ),
    ("type", &["type", "类型", "设施类型", "kind"]),
    (
        "people",
        &["people", "population", "人口", "人数", "常住人口"],
    ),
    ("elders", &["elders", "老年人", "老年人口", "60岁以上"]),
    ("levels", &["levels", "building:levels", "层数", "楼层"]),
    ("use", &["use", "usage", "用途", "building"]),
];

/// A place of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feature {
    /// Its row or feature in the file, such as `7`.
    pub at: String,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The id of its type of facility.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Its coordinates as they were given, longitude first, in 1e-7 degrees: one for a point, the corners of an outline.
    pub points: Vec<[i32; 2]>,
    /// Who lives there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<u32>,
    /// How many of them are elders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elders: Option<u32>,
    /// Its storeys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub levels: Option<u16>,
    /// What it is used for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<String>,
}

impl Feature {
    /// Its coordinates as they were given.
    pub fn raw(&self) -> impl Iterator<Item = Position> + '_ {
        self.points.iter().map(|[lon_e7, lat_e7]| Position {
            lon_e7: *lon_e7,
            lat_e7: *lat_e7,
        })
    }

    /// Whether it is an outline.
    pub fn is_outline(&self) -> bool {
        self.points.len() > 2
    }
}

/// A row that can't be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Its row or feature in the file.
    pub at: String,
    /// Why: the message `lifecircle-fault-{code}`.
    pub code: String,
    /// What stands there.
    pub value: String,
}

/// What was read of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// What can be used.
    pub features: Vec<Feature>,
    /// What can't.
    pub faults: Vec<Fault>,
    /// Faults beyond those that are kept.
    #[serde(default)]
    pub more_faults: usize,
}

impl List {
    fn fault(&mut self, at: &str, code: &str, value: impl Into<String>) {
        if self.faults.len() >= MAX_FAULTS {
            self.more_faults += 1;
            return;
        }
        let value: String = value.into();
        self.faults.push(Fault {
            at: at.to_owned(),
            code: code.to_owned(),
            value: value.chars().take(80).collect(),
        });
    }
}

/// How rows are understood.
struct Reading<'t> {
    kind: ListKind,
    types: &'t FacilityTypes,
    /// The type of facilities whose row names none.
    otherwise: Option<&'t str>,
    list: List,
}

/// A row's or a feature's words, by the names of [`NAMES`].
type Words = HashMap<&'static str, String>;

/// Reads a list.
///
/// # Errors
/// [`Error::List`] for what is no list, [`Error::NothingUsable`] where no row can be used, [`Error::TooMany`].
pub fn read_list(
    kind: ListKind,
    types: &FacilityTypes,
    otherwise: Option<&str>,
    bytes: &[u8],
) -> Result<List, Error> {
    let mut reading = Reading {
        kind,
        types,
        otherwise,
        list: List::default(),
    };
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(&b'{') {
        reading.geojson(text)?;
    } else {
        let tables = read_tables(bytes, &Limits::default());
        let tables = tables.map_err(|fault| Error::List {
            reason: fault.to_string(),
        })?;
        for table in &tables {
            reading.table(table)?;
        }
    }
    let list = reading.list;
    if list.features.len() > MAX_FEATURES {
        return Err(Error::TooMany {
            what: "features",
            count: list.features.len(),
            max: MAX_FEATURES,
        });
    }
    if list.features.is_empty() {
        let first = list.faults.first();
        return Err(Error::NothingUsable {
            at: first.map_or_else(|| "1".to_owned(), |fault| fault.at.clone()),
            reason: first.map_or_else(
                || "the list is empty".to_owned(),
                |fault| format!("{} {}", fault.code, fault.value),
            ),
        });
    }
    Ok(list)
}

impl Reading<'_> {
    fn table(&mut self, table: &Table) -> Result<(), Error> {
        let columns: Vec<(&'static str, usize)> = NAMES
            .iter()
            .filter_map(|(name, known)| {
                let place = table.header.iter().position(|title| {
                    let title = title.trim().to_lowercase();
                    known.contains(&title.as_str())
                })?;
                Some((*name, place))
            })
            .collect();
        for wanted in ["lon", "lat"] {
            if !table.rows.is_empty() && !columns.iter().any(|(name, _)| *name == wanted) {
                let known = NAMES.iter().find(|(name, _)| *name == wanted);
                let known = known.map_or(String::new(), |(_, known)| known.join(", "));
                return Err(Error::List {
                    reason: format!("sheet {}: no column {known}", table.sheet),
                });
            }
        }
        for row in &table.rows {
            let words: Words = columns
                .iter()
                .map(|(name, place)| (*name, row.cell(*place).trim().to_owned()))
                .filter(|(_, word)| !word.is_empty())
                .collect();
            let at = row.line.to_string();
            if self.kind == ListKind::Districts {
                self.list.fault(&at, "needs-outline", "");
                continue;
            }
            let word = |name| words.get(name).cloned().unwrap_or_default();
            match coordinates(&word("lon"), &word("lat")) {
                Some(point) => self.take(at, vec![point], &words),
                None => self
                    .list
                    .fault(&at, "place", format!("{}, {}", word("lon"), word("lat"))),
            }
        }
        Ok(())
    }

    fn geojson(&mut self, text: &[u8]) -> Result<(), Error> {
        let wrong = |reason: String| Error::List { reason };
        let whole: Value =
            serde_json::from_slice(text).map_err(|fault| wrong(fault.to_string()))?;
        let features = match whole.get("type").and_then(Value::as_str) {
            Some("FeatureCollection") => whole.get("features").and_then(Value::as_array),
            _ => None,
        };
        let features =
            features.ok_or_else(|| wrong("it is no GeoJSON FeatureCollection".to_owned()))?;
        for (number, feature) in (1_usize..).zip(features) {
            self.feature(&number.to_string(), feature);
        }
        Ok(())
    }

    fn feature(&mut self, at: &str, feature: &Value) {
        let properties = feature.get("properties").and_then(Value::as_object);
        let words: Words = NAMES
            .iter()
            .filter_map(|(name, known)| {
                let value = known.iter().find_map(|key| properties?.get(*key))?;
                let word = match value {
                    Value::String(text) => text.trim().to_owned(),
                    Value::Number(number) => number.to_string(),
                    _ => return None,
                };
                (!word.is_empty()).then_some((*name, word))
            })
            .collect();
        let geometry = feature.get("geometry");
        let shape = geometry
            .and_then(|geometry| geometry.get("type"))
            .and_then(Value::as_str);
        let coordinates = geometry.and_then(|geometry| geometry.get("coordinates"));
        let rings: Vec<Option<Vec<[i32; 2]>>> = match shape {
            Some("Point") => vec![coordinates.and_then(point).map(|point| vec![point])],
            Some("Polygon") => vec![coordinates.and_then(|rings| ring(rings.get(0)?))],
            Some("MultiPolygon") => {
                let polygons = coordinates.and_then(Value::as_array);
                let outer = |polygon: &Value| ring(polygon.get(0)?);
                polygons.into_iter().flatten().map(outer).collect()
            }
            _ => {
                self.list.fault(at, "geometry", shape.unwrap_or_default());
                return;
            }
        };
        let several = rings.len() > 1;
        for (part, points) in (1..).zip(rings) {
            let at = if several {
                format!("{at}.{part}")
            } else {
                at.to_owned()
            };
            match points {
                Some(points) => self.outlined(at, points, &words),
                None => self.list.fault(&at, "place", ""),
            }
        }
    }

    fn outlined(&mut self, at: String, points: Vec<[i32; 2]>, words: &Words) {
        if points.len() > 1 {
            if points.len() < 4 {
                return self
                    .list
                    .fault(&at, "outline-short", points.len().to_string());
            }
            if points.len() > MAX_CORNERS {
                return self
                    .list
                    .fault(&at, "outline-long", points.len().to_string());
            }
            let outline: Vec<Position> = points
                .iter()
                .map(|[lon_e7, lat_e7]| Position {
                    lon_e7: *lon_e7,
                    lat_e7: *lat_e7,
                })
                .collect();
            if crosses_itself(&outline) {
                let name = words.get("name").cloned().unwrap_or_default();
                return self.list.fault(&at, "crosses-itself", name);
            }
        } else if self.kind == ListKind::Districts {
            return self.list.fault(&at, "needs-outline", "");
        }
        self.take(at, points, words);
    }

    /// Takes a place, if its words make sense for the list.
    fn take(&mut self, at: String, points: Vec<[i32; 2]>, words: &Words) {
        let word = |name: &str| words.get(name).cloned();
        let kind = match self.kind {
            ListKind::Facilities => {
                let said = word("type").or_else(|| self.otherwise.map(str::to_owned));
                let said = said.unwrap_or_default();
                let found = self
                    .types
                    .types
                    .iter()
                    .find(|kind| [&kind.id, &kind.zh, &kind.en].contains(&&said));
                match found {
                    Some(found) => Some(found.id.clone()),
                    None => return self.list.fault(&at, "type", said),
                }
            }
            _ => None,
        };
        if self.kind == ListKind::Districts && word("name").is_none() {
            return self.list.fault(&at, "no-name", "");
        }
        let mut numbers = [None; 3];
        for (slot, name) in numbers.iter_mut().zip(["people", "elders", "levels"]) {
            if let Some(said) = word(name) {
                match whole(&said) {
                    Some(number) => *slot = Some(number),
                    None => return self.list.fault(&at, name, said),
                }
            }
        }
        let [people, elders, levels] = numbers;
        if let (Some(people), Some(elders)) = (people, elders)
            && elders > people
        {
            return self
                .list
                .fault(&at, "more-elders", format!("{elders} > {people}"));
        }
        self.list.features.push(Feature {
            at,
            name: word("name").map(|name| name.chars().take(120).collect()),
            kind,
            points,
            people,
            elders,
            levels: levels.and_then(|levels| u16::try_from(levels).ok()),
            usage: word("use"),
        });
    }
}

/// A count of at most nine digits; `12.0` as Excel may write it is one too.
fn whole(text: &str) -> Option<u32> {
    let digits = text.strip_suffix(".0").unwrap_or(text);
    let plain =
        !digits.is_empty() && digits.len() <= 9 && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

fn coordinates(lon: &str, lat: &str) -> Option<[i32; 2]> {
    let at = from_degrees(lon.parse().ok()?, lat.parse().ok()?)?;
    Some([at.lon_e7, at.lat_e7])
}

fn point(value: &Value) -> Option<[i32; 2]> {
    let at = from_degrees(value.get(0)?.as_f64()?, value.get(1)?.as_f64()?)?;
    Some([at.lon_e7, at.lat_e7])
}

fn ring(value: &Value) -> Option<Vec<[i32; 2]>> {
    value.as_array()?.iter().map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: ListKind, text: &str) -> Result<List, Error> {
        let types = FacilityTypes::builtin().unwrap();
        read_list(kind, &types, None, text.as_bytes())
    }

    #[test]
    fn bad_rows_are_named_and_good_ones_kept() {
        let list = read(
            ListKind::Facilities,
            "名称,类型,经度,纬度\n东幼,幼儿园,120.58,30.01\n西幼,kindergarten,一百二,30\n南店,神社,120.58,30\n",
        )
        .unwrap();
        assert_eq!(list.features.len(), 1);
        assert_eq!(list.features[0].kind.as_deref(), Some("kindergarten"));
        assert_eq!(list.features[0].points, [[1_205_800_000, 300_100_000]]);
        let faults: Vec<(&str, &str)> = list
            .faults
            .iter()
            .map(|fault| (fault.at.as_str(), fault.code.as_str()))
            .collect();
        assert_eq!(faults, [("3", "place"), ("4", "type")]);
    }

    #[test]
    fn a_gtfs_file_of_stops_is_a_list_as_it_is() {
        let types = FacilityTypes::builtin().unwrap();
        let stops = "stop_id,stop_name,stop_lat,stop_lon\n1,鲁迅故里,30.0,120.58\n";
        let list = read_list(
            ListKind::Facilities,
            &types,
            Some("bus_stop"),
            stops.as_bytes(),
        )
        .unwrap();
        assert_eq!(list.features[0].name.as_deref(), Some("鲁迅故里"));
        assert_eq!(list.features[0].kind.as_deref(), Some("bus_stop"));
    }

    #[test]
    fn an_outline_that_crosses_itself_is_refused_by_name() {
        let feature = |name: &str, ring: &str| {
            format!(
                r#"{{"type":"Feature","properties":{{"name":"{name}","people":12}},"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}"#
            )
        };
        let text = format!(
            r#"{{"type":"FeatureCollection","features":[{},{}]}}"#,
            feature("正", "[[120,30],[121,30],[121,31],[120,30]]"),
            feature("结", "[[120,30],[121,31],[121,30],[120,31],[120,30]]"),
        );
        let list = read(ListKind::Districts, &text).unwrap();
        assert_eq!(list.features.len(), 1);
        assert_eq!(
            (list.faults[0].at.as_str(), list.faults[0].code.as_str()),
            ("2", "crosses-itself")
        );
        assert_eq!(list.faults[0].value, "结");
    }

    #[test]
    fn what_is_no_list_says_so() {
        assert!(matches!(
            read(ListKind::Facilities, "{"),
            Err(Error::List { .. })
        ));
        assert!(matches!(
            read(ListKind::Facilities, "{\"type\":\"Feature\"}"),
            Err(Error::List { .. })
        ));
        assert!(matches!(
            read(ListKind::Buildings, "a,b\n1,2\n"),
            Err(Error::List { .. })
        ));
        let points = "lon,lat,name\n120,30,x\n";
        assert!(matches!(
            read(ListKind::Districts, points),
            Err(Error::NothingUsable { .. })
        ));
        let elders = "lon,lat,people,elders\n120,30,5,6\n";
        assert!(matches!(
            read(ListKind::Buildings, elders),
            Err(Error::NothingUsable { .. })
        ));
    }
}
