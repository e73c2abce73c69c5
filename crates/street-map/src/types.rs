//! Which ways are walked and which objects are facilities: data, read from TOML.

use serde::{Deserialize, Serialize};

use walk::Walker;

use crate::StreetMapError;
use crate::block::Tags;

/// The most types at once.
const MOST_TYPES: usize = 200;
/// The longest walk that a type may allow, in metres.
const MOST_METRES: u32 = 20_000;

/// The types of facilities, and the rules of walking.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FacilityTypes {
    /// Always `facility_types`.
    kind: String,
    /// The standard that the rows cite.
    pub instrument: String,
    /// Which ways are walked; the built-in rules where the file has none.
    pub walking: Option<WalkingRules>,
    /// The types.
    #[serde(rename = "type")]
    pub types: Vec<FacilityType>,
    /// Who walks, everyone first; the built-in groups where the file has none.
    #[serde(default, rename = "group")]
    pub groups: Vec<WalkingGroup>,
    /// How near to transit a building is, the nearest first within a mode; the built-in bands where the file has none.
    #[serde(default, rename = "transit_band")]
    pub bands: Vec<TransitBand>,
    /// What buildings are used for; the built-in uses where the file has none.
    #[serde(default, rename = "land_use")]
    pub uses: Vec<LandUse>,
}

/// Buildings so far from transit on foot.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransitBand {
    /// The id of the type of facility that its stops are.
    pub mode: String,
    /// Its name in Chinese.
    pub zh: String,
    /// Its name in English.
    pub en: String,
    /// The longest way to the nearest stop, in metres.
    pub to_m: u32,
    /// The source.
    pub cite: String,
    /// Whether that was read: `verified` or `unverified`.
    pub status: String,
}

/// What buildings are used for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LandUse {
    /// Its name in files.
    pub id: String,
    /// Its name in Chinese.
    pub zh: String,
    /// Its name in English.
    pub en: String,
    /// The words that maps and lists say it with.
    pub values: Vec<String>,
}

/// People who walk alike.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WalkingGroup {
    /// Its name in files: `all` for everyone, `elders` for those whose number a building's list gives.
    pub id: String,
    /// Its name in Chinese.
    pub zh: String,
    /// Its name in English.
    pub en: String,
    /// Millimetres a second on the flat.
    pub mm_per_s: u32,
    /// The time on steps, in per cent of the time on the flat.
    pub steps_percent: u32,
    /// Where the figures come from.
    pub cite: String,
    /// Whether that was read: `verified` or `unverified`.
    pub status: String,
}

impl WalkingGroup {
    /// How they walk.
    pub fn walker(&self) -> Walker {
        Walker {
            mm_per_s: self.mm_per_s,
            steps_percent: self.steps_percent,
        }
    }
}

/// Which ways are walked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WalkingRules {
    /// Values of `highway` that are walked.
    pub highways: Vec<String>,
    /// Keys that permit or forbid; the first that is set decides.
    pub permission_keys: Vec<String>,
    /// Values that permit.
    pub permitted: Vec<String>,
    /// Values that forbid.
    pub forbidden: Vec<String>,
    /// Values of `highway` that are steps.
    pub steps: Vec<String>,
    /// Values of `barrier` on a node that stop a walker where nothing permits passing.
    pub closed_barriers: Vec<String>,
}

/// A type of facility.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FacilityType {
    /// Its name in files.
    pub id: String,
    /// Its name in Chinese.
    pub zh: String,
    /// Its name in English.
    pub en: String,
    /// The life circle that it belongs to: 5, 10, 15 minutes.
    pub circle: String,
    /// How far it may be on foot, in metres.
    pub limit_m: u32,
    /// The clause.
    pub cite: String,
    /// Whether the clause was read: `verified` or `unverified`.
    pub status: String,
    /// What to know about it.
    #[serde(default)]
    pub note: Option<String>,
    /// Tags that make an object such a facility; any one of them.
    #[serde(default)]
    pub tags: Vec<String>,
}

impl FacilityTypes {
    /// The types of `policy/facility_types.toml`.
    ///
    /// # Errors
    /// None; a test reads the built-in file.
    pub fn builtin() -> Result<Self, StreetMapError> {
        Self::parse(include_str!("../../../policy/facility_types.toml"))
    }

    /// Reads types from TOML of the same shape.
    ///
    /// # Errors
    /// [`StreetMapError::Types`] with the line or the type that is wrong.
    pub fn parse(text: &str) -> Result<Self, StreetMapError> {
        let wrong = |what: String| Err(StreetMapError::Types(what));
        let mut read: Self =
            toml::from_str(text).map_err(|fault| StreetMapError::Types(fault.to_string()))?;
        if read.kind != "facility_types" {
            return wrong(format!("kind is `{}`: write `facility_types`", read.kind));
        }
        read.check()?;
        if read.walking.is_none() {
            read.walking = Self::builtin()?.walking;
        }
        if read.groups.is_empty() {
            read.groups = Self::builtin()?.groups;
        }
        if read.bands.is_empty() {
            read.bands = Self::builtin()?.bands;
        }
        if read.uses.is_empty() {
            read.uses = Self::builtin()?.uses;
        }
        Ok(read)
    }

    /// These rules of walking and this instrument, with other types.
    ///
    /// # Errors
    /// [`StreetMapError::Types`] with the type that is wrong.
    pub fn with(&self, types: Vec<FacilityType>) -> Result<Self, StreetMapError> {
        let changed = Self {
            types,
            ..self.clone()
        };
        changed.check()?;
        Ok(changed)
    }

    fn check(&self) -> Result<(), StreetMapError> {
        let wrong = |what: String| Err(StreetMapError::Types(what));
        if self.types.is_empty() || self.types.len() > MOST_TYPES {
            let count = self.types.len();
            return wrong(format!("{count} types: give 1 to {MOST_TYPES}"));
        }
        let mut ids = std::collections::BTreeSet::new();
        for kind in &self.types {
            let id = &kind.id;
            if id.is_empty() || kind.zh.trim().is_empty() {
                return wrong(format!("a type `{id}` without a name: name it"));
            }
            if !ids.insert(id) {
                return wrong(format!("`{id}` stands there twice: choose another id"));
            }
            if kind.limit_m == 0 || kind.limit_m > MOST_METRES {
                let limit = kind.limit_m;
                return wrong(format!(
                    "`{id}`: a limit of {limit} m: give 1 to {MOST_METRES}"
                ));
            }
            if !["verified", "unverified"].contains(&kind.status.as_str()) {
                let status = &kind.status;
                return wrong(format!(
                    "`{id}`: status `{status}`: write verified or unverified"
                ));
            }
            let bad = |tag: &&String| tag.split('&').any(|part| !part.contains('='));
            if let Some(tag) = kind.tags.iter().find(bad) {
                return wrong(format!("`{id}`: tag `{tag}`: write key=value, or key=*"));
            }
        }
        Ok(())
    }

    /// The types, by their place in the list, that an object with these tags is.
    pub(crate) fn of(&self, tags: &Tags<'_>) -> impl Iterator<Item = usize> {
        let matching = move |kind: &FacilityType| {
            let holds = |part: &str| {
                part.split_once('=').is_some_and(|(key, value)| {
                    tags.get(key)
                        .is_some_and(|own| value == "*" || own == value)
                })
            };
            kind.tags.iter().any(|tag| tag.split('&').all(holds))
        };
        let found = self.types.iter().enumerate();
        found.filter_map(move |(place, kind)| matching(kind).then_some(place))
    }
}

impl WalkingRules {
    /// Whether a way with these tags is walked.
    pub(crate) fn walked(&self, tags: &Tags<'_>) -> bool {
        let Some(highway) = tags.get("highway") else {
            return false;
        };
        if tags.get("area") == Some("yes") && tags.get("foot").is_none() {
            // The outline of a square is no way; the ways across it are drawn.
            return contains(&self.highways, highway) && highway == "pedestrian";
        }
        match self.permission(tags) {
            Some(permitted) => permitted && highway != "construction" && highway != "proposed",
            None => contains(&self.highways, highway),
        }
    }

    pub(crate) fn is_steps(&self, tags: &Tags<'_>) -> bool {
        tags.get("highway")
            .is_some_and(|highway| contains(&self.steps, highway))
    }

    /// Whether a node with these tags stops a walker.
    pub(crate) fn blocked(&self, tags: &Tags<'_>) -> bool {
        let Some(barrier) = tags.get("barrier") else {
            return false;
        };
        let permission = self.permission(tags);
        permission.map_or(contains(&self.closed_barriers, barrier), |permitted| {
            !permitted
        })
    }

    fn permission(&self, tags: &Tags<'_>) -> Option<bool> {
        let value = self.permission_keys.iter().find_map(|key| tags.get(key))?;
        if contains(&self.forbidden, value) {
            return Some(false);
        }
        contains(&self.permitted, value).then_some(true)
    }
}

fn contains(list: &[String], value: &str) -> bool {
    list.iter().any(|own| own == value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_walked_is_what_the_rules_say() {
        let types = FacilityTypes::builtin().unwrap();
        let rules = types.walking.unwrap();
        let walked = |tags: &[(&str, &str)]| rules.walked(&Tags::of(tags));
        assert!(walked(&[("highway", "footway")]));
        assert!(!walked(&[("highway", "motorway")]));
        assert!(walked(&[("highway", "motorway"), ("foot", "yes")]));
        assert!(!walked(&[("highway", "footway"), ("access", "private")]));
        assert!(walked(&[
            ("highway", "service"),
            ("access", "private"),
            ("foot", "yes")
        ]));
        let blocked = |tags: &[(&str, &str)]| rules.blocked(&Tags::of(tags));
        assert!(!blocked(&[("barrier", "gate")]));
        assert!(blocked(&[("barrier", "gate"), ("access", "private")]));
        assert!(blocked(&[("barrier", "wall")]));
    }

    #[test]
    fn a_wrong_types_file_says_what_is_wrong() {
        let of = |body: &str| {
            let head = "kind = \"facility_types\"\ninstrument = \"own\"\n";
            FacilityTypes::parse(&format!("{head}{body}")).map(|types| types.types.len())
        };
        let kind = |id: &str, limit: u32, tag: &str| {
            format!(
                "[[type]]\nid = \"{id}\"\nzh = \"甲\"\nen = \"a\"\ncircle = \"5\"\nlimit_m = {limit}\ncite = \"1\"\nstatus = \"unverified\"\ntags = [\"{tag}\"]\n"
            )
        };
        assert_eq!(of(&kind("a", 300, "amenity=bank")), Ok(1));
        let wrong = |body: &str| of(body).unwrap_err().to_string();
        assert!(wrong(&kind("a", 0, "amenity=bank")).contains("a limit of 0 m"));
        assert!(wrong(&kind("a", 300, "bank")).contains("key=value"));
        let twice = format!("{0}{0}", kind("a", 300, "amenity=bank"));
        assert!(wrong(&twice).contains("twice"));
        assert!(wrong("").contains("type"));
    }
}
