//! A building programme: what an architect enters, read from TOML and checked for what can't be.

use std::collections::BTreeSet;

use jiff::civil::Date;
use policy::Number;
use serde::Deserialize;

use crate::Error;
use crate::number::Written;

/// Storeys of one kind, and buildings, that a programme may have.
const MANY: i64 = 10_000;

/// What is to be built on a plot, and by which rules it is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Programme {
    /// Its name.
    pub name: String,
    /// The division code of its place, such as 330602.
    pub place: String,
    /// The day whose rules hold, if the file names one.
    pub on: Option<Date>,
    /// The climate zone of GB 50180-2018: `I_VII`, `II_VI` or `III_IV_V`.
    pub zone: String,
    /// Whether it is a pilot of the future-community programme.
    pub future_community: bool,
    /// Whether it is laid out dense and low (GB 50180-2018, 4.0.3).
    pub dense_low: bool,
    /// How many people are to live there.
    pub persons: Option<u32>,
    /// The land.
    pub plot: Plot,
    /// The detailed plan's own limits.
    pub plan: Plan,
    /// Parking.
    pub parking: Parking,
    /// What stands on the land.
    pub buildings: Vec<Building>,
}

/// The land of a programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plot {
    /// In m².
    pub land_m2: Number,
    /// Green on the ground, m².
    pub green_m2: Number,
    /// Planting above the ground.
    pub vertical: Vec<Vertical>,
}

/// Planting on roofs, walls and terraces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vertical {
    /// In m².
    pub area_m2: Number,
    /// Whether everybody may go there.
    pub public: bool,
}

/// What the detailed plan of the plot asks, as far as it asks anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Least floor area ratio.
    pub plot_ratio_min: Option<Number>,
    /// Greatest floor area ratio.
    pub plot_ratio_max: Option<Number>,
    /// Greatest share of the land under buildings, in %.
    pub density_max: Option<Number>,
    /// Least share of green, in %.
    pub green_min: Option<Number>,
    /// Greatest height, m.
    pub height_max_m: Option<Number>,
    /// Least number of parking spaces.
    pub parking_min: Option<Number>,
}

/// Parking of a programme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parking {
    /// How many spaces.
    pub spaces: Option<u32>,
}

/// A building.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Building {
    /// Its name, one of its own.
    pub id: String,
    /// Whether people live in it.
    pub residential: bool,
    /// From the ground to where the rules measure, m.
    pub height_m: Number,
    /// The ground that it covers, m².
    pub footprint_m2: Number,
    /// What it is made of.
    pub parts: Vec<Part>,
}

/// A storey, balcony, passage or other part that is measured by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name, such as 2-17F.
    pub name: String,
    /// What it is for the rules of measuring: `storey`, `balcony`… (`building_area.share`).
    pub element: String,
    /// What it is for the rules of the floor area ratio: `ordinary`, `open_storey`… (`plot_ratio.share`).
    pub purpose: String,
    /// The area of one, m².
    pub area_m2: Number,
    /// How many of it there are.
    pub count: u32,
    /// Height of the storey or of the space, m.
    pub height_m: Option<Number>,
    /// Whether it lies below the ground.
    pub underground: bool,
    /// Whether it is closed in.
    pub enclosed: Option<bool>,
    /// Whether it lies within the main structure.
    pub inside_structure: Option<bool>,
    /// The sill of a bay window above the floor, m.
    pub sill_m: Option<Number>,
    /// Its width, m.
    pub width_m: Option<Number>,
}

/// Reads and checks a programme.
///
/// # Errors
/// [`Error::File`] where the text is no programme, and what else [`Error`] names: zero areas, storeys without number,
/// two buildings of one name, more covered ground than land.
pub fn parse(text: &str) -> Result<Programme, Error> {
    let file: File = toml::from_str(text).map_err(|error| Error::File {
        reason: error.to_string().trim_end().to_owned(),
    })?;
    let programme = file.into_programme()?;
    programme.check()?;
    Ok(programme)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    place: String,
    on: Option<String>,
    #[serde(default = "zone_of_zhejiang")]
    zone: String,
    #[serde(default)]
    future_community: bool,
    #[serde(default)]
    dense_low: bool,
    persons: Option<u32>,
    plot: PlotRow,
    #[serde(default)]
    plan: PlanRow,
    #[serde(default)]
    parking: ParkingRow,
    #[serde(default, rename = "building")]
    buildings: Vec<BuildingRow>,
}

fn zone_of_zhejiang() -> String {
    "III_IV_V".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlotRow {
    land_m2: Written,
    green_m2: Written,
    #[serde(default)]
    vertical_green: Vec<VerticalRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VerticalRow {
    area_m2: Written,
    #[serde(default)]
    public: bool,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanRow {
    plot_ratio_min: Option<Written>,
    plot_ratio_max: Option<Written>,
    density_max: Option<Written>,
    green_min: Option<Written>,
    height_max_m: Option<Written>,
    parking_min: Option<Written>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ParkingRow {
    spaces: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BuildingRow {
    id: String,
    #[serde(default = "yes")]
    residential: bool,
    height_m: Written,
    footprint_m2: Written,
    #[serde(default, rename = "part")]
    parts: Vec<PartRow>,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartRow {
    name: String,
    element: String,
    purpose: Option<String>,
    area_m2: Written,
    #[serde(default = "one")]
    count: i64,
    height_m: Option<Written>,
    underground: Option<bool>,
    enclosed: Option<bool>,
    inside_structure: Option<bool>,
    sill_m: Option<Written>,
    width_m: Option<Written>,
}

fn one() -> i64 {
    1
}

impl File {
    fn into_programme(self) -> Result<Programme, Error> {
        let on = self.on.map(|on| {
            on.parse().map_err(|_| Error::Value {
                what: "on".to_owned(),
                given: on.clone(),
                wanted: "a day, YYYY-MM-DD",
            })
        });
        let (plot, plan) = (self.plot, self.plan);
        let number = |written: Option<Written>| written.map(|written| written.0);
        let buildings = self.buildings.into_iter().map(BuildingRow::into_building);
        Ok(Programme {
            name: self.name,
            place: self.place,
            on: on.transpose()?,
            zone: self.zone,
            future_community: self.future_community,
            dense_low: self.dense_low,
            persons: self.persons,
            plot: Plot {
                land_m2: plot.land_m2.0,
                green_m2: plot.green_m2.0,
                vertical: plot
                    .vertical_green
                    .iter()
                    .map(|row| Vertical {
                        area_m2: row.area_m2.0,
                        public: row.public,
                    })
                    .collect(),
            },
            plan: Plan {
                plot_ratio_min: number(plan.plot_ratio_min),
                plot_ratio_max: number(plan.plot_ratio_max),
                density_max: number(plan.density_max),
                green_min: number(plan.green_min),
                height_max_m: number(plan.height_max_m),
                parking_min: number(plan.parking_min),
            },
            parking: Parking {
                spaces: self.parking.spaces,
            },
            buildings: buildings.collect::<Result<_, _>>()?,
        })
    }
}

impl BuildingRow {
    fn into_building(self) -> Result<Building, Error> {
        let parts = self.parts.into_iter().map(|part| part.into_part(&self.id));
        Ok(Building {
            parts: parts.collect::<Result<_, _>>()?,
            id: self.id,
            residential: self.residential,
            height_m: self.height_m.0,
            footprint_m2: self.footprint_m2.0,
        })
    }
}

impl PartRow {
    fn into_part(self, building: &str) -> Result<Part, Error> {
        let count = u32::try_from(self.count)
            .ok()
            .filter(|count| *count > 0 && i64::from(*count) <= MANY)
            .ok_or_else(|| Error::Value {
                what: format!("building {building}, part {}: count", self.name),
                given: self.count.to_string(),
                wanted: "a whole number from 1 to 10000",
            })?;
        let number = |written: Option<Written>| written.map(|written| written.0);
        // What a part is called says what it is for, unless the file says otherwise.
        let purpose = self.purpose.unwrap_or_else(|| {
            match self.element.as_str() {
                "open_storey" => "open_storey",
                "sky_garden" => "sky_garden",
                _ => "ordinary",
            }
            .to_owned()
        });
        Ok(Part {
            underground: self
                .underground
                .unwrap_or(self.element == "basement_storey"),
            name: self.name,
            element: self.element,
            purpose,
            area_m2: self.area_m2.0,
            count,
            height_m: number(self.height_m),
            enclosed: self.enclosed,
            inside_structure: self.inside_structure,
            sill_m: number(self.sill_m),
            width_m: number(self.width_m),
        })
    }
}

impl Programme {
    fn check(&self) -> Result<(), Error> {
        above_zero("plot.land_m2", self.plot.land_m2)?;
        if self.plot.green_m2 > self.plot.land_m2 {
            return Err(Error::Value {
                what: "plot.green_m2".to_owned(),
                given: self.plot.green_m2.to_string(),
                wanted: "at most plot.land_m2",
            });
        }
        if self.persons == Some(0) {
            return Err(Error::Value {
                what: "persons".to_owned(),
                given: "0".to_owned(),
                wanted: "above 0, or left out where it is not known",
            });
        }
        if self.buildings.is_empty() {
            return Err(Error::Nothing {
                what: format!("programme {} has no building", self.name),
                wanted: "enter at least one [[building]]",
            });
        }
        let mut seen = BTreeSet::new();
        for building in &self.buildings {
            if !seen.insert(building.id.as_str()) {
                return Err(Error::Twice {
                    id: building.id.clone(),
                });
            }
            building.check()?;
        }
        Ok(())
    }
}

impl Building {
    fn check(&self) -> Result<(), Error> {
        let named = |field: &str| format!("building {}: {field}", self.id);
        above_zero(&named("height_m"), self.height_m)?;
        above_zero(&named("footprint_m2"), self.footprint_m2)?;
        if self.parts.is_empty() {
            return Err(Error::Nothing {
                what: format!("building {} has no part", self.id),
                wanted: "enter its storeys as [[building.part]]",
            });
        }
        self.parts.iter().try_for_each(|part| {
            let named = |field: &str| named(&format!("part {}: {field}", part.name));
            above_zero(&named("area_m2"), part.area_m2)?;
            part.height_m
                .map_or(Ok(()), |height| above_zero(&named("height_m"), height))
        })
    }
}

fn above_zero(what: &str, number: Number) -> Result<(), Error> {
    if number > Number::ZERO {
        return Ok(());
    }
    Err(Error::Value {
        what: what.to_owned(),
        given: number.to_string(),
        wanted: "above 0",
    })
}
