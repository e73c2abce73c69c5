//! The indicators of a programme, each with its formula, its limits and whether they are met.

use jiff::civil::Date;
use policy::{Citation, Decision, Inputs, Library, Number, Rounding, Text};
use serde::Serialize;

use crate::measure::{Counted, Measured, Rules, sum, too_large};
use crate::{Error, Programme, Ruling};

/// Where and when a programme is judged, where that is not what its file says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Check<'a> {
    /// The division code of the place.
    pub place: Option<&'a str>,
    /// The day whose rules hold, if neither the caller nor the file names one it is an error.
    pub on: Option<Date>,
}

/// All indicators of a programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The programme's name.
    pub programme: String,
    /// The division code that the rules were asked with.
    pub place: String,
    /// The day whose rules hold.
    pub on: Date,
    /// Whether all limits are met: none where one is not settled.
    pub passed: Option<bool>,
    /// The same by the strictest reading.
    pub passed_strictly: Option<bool>,
    /// The indicators.
    pub indicators: Vec<Indicator>,
    /// What each part counts.
    pub parts: Vec<Measured>,
    /// What each planting above the ground counts.
    pub vertical_green: Vec<Ruling>,
}

/// A figure of a programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Indicator {
    /// Its name in code and files.
    pub id: &'static str,
    /// Its title.
    pub title: Text,
    /// Its unit.
    pub unit: &'static str,
    /// By the rules in force; none where they do not settle it, or where something was not entered.
    pub value: Option<Number>,
    /// By the strictest reading: nothing that is unverified leaves anything out, or adds any green.
    pub strictest: Option<Number>,
    /// How it is made, with the numbers in it.
    pub formula: Text,
    /// What it is held against.
    pub limits: Vec<Limit>,
}

/// Something that a figure is held against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Limit {
    /// `plan`, or the policy.
    pub source: &'static str,
    /// From above or below.
    pub bound: Bound,
    /// The limit, in the figure's unit.
    pub limit: Number,
    /// Whether it is met: none where the figure is not known.
    pub met: Option<bool>,
    /// Whether it is met by the strictest reading.
    pub met_strictly: Option<bool>,
    /// The clause; a plan's limit has none.
    pub citation: Option<Citation>,
}

/// Which side of a limit is allowed; the limit itself is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// No more.
    AtMost,
    /// No less.
    AtLeast,
}

const BLOCK: &str = "residential_block.limits";

/// Measures a programme and holds it against its plan and the rules of its day.
///
/// # Errors
/// [`Error::Rule`] where a rule asks for what was not entered, or the day has no rules; [`Error::Covered`].
pub fn check(programme: &Programme, asked: Check<'_>, library: &Library) -> Result<Report, Error> {
    let place = asked.place.unwrap_or(&programme.place);
    let on = asked.on.or(programme.on).ok_or_else(|| Error::Nothing {
        what: "no day is given".to_owned(),
        wanted: "write on = \"YYYY-MM-DD\" into the programme, or give --on",
    })?;
    let rules = Rules {
        library,
        programme,
        place,
        on,
    };
    let mut parts = Vec::new();
    for building in &programme.buildings {
        for part in &building.parts {
            parts.push(rules.measure(building, part)?);
        }
    }
    let mut figures = Figures::of(programme, &parts)?;
    let mut vertical_green = Vec::new();
    for planting in &programme.plot.vertical {
        let (ruling, counted) = rules.green(*planting)?;
        vertical_green.push(ruling);
        figures.vertical.push(counted);
    }
    let indicators = Held {
        programme,
        block: block(&rules, &figures)?,
        figures,
    }
    .indicators()?;
    Ok(Report {
        programme: programme.name.clone(),
        place: place.to_owned(),
        on,
        passed: all(&indicators, |limit| limit.met),
        passed_strictly: all(&indicators, |limit| limit.met_strictly),
        indicators,
        parts,
        vertical_green,
    })
}

/// Whether all are met: one that is not decides, else one that is not known.
fn all(indicators: &[Indicator], met: impl Fn(&Limit) -> Option<bool>) -> Option<bool> {
    let answers: Vec<Option<bool>> = indicators
        .iter()
        .flat_map(|indicator| &indicator.limits)
        .map(met)
        .collect();
    if answers.contains(&Some(false)) {
        return Some(false);
    }
    answers
        .into_iter()
        .collect::<Option<Vec<bool>>>()
        .map(|_| true)
}

/// The sums that indicators are made of.
struct Figures {
    land: Number,
    footprint: Number,
    building_area: Counted,
    in_ratio: Counted,
    height: Option<Number>,
    /// Average storeys of what people live in, as the ratio and rounded.
    storeys: Option<(Number, Number, i64)>,
    vertical: Vec<Counted>,
}

impl Figures {
    fn of(programme: &Programme, parts: &[Measured]) -> Result<Self, Error> {
        let buildings = &programme.buildings;
        let land = programme.plot.land_m2;
        let footprint = total(
            "the sum of footprints",
            buildings.iter().map(|building| building.footprint_m2),
        )?;
        if footprint > land {
            return Err(Error::Covered {
                covered: footprint.to_string(),
                land: land.to_string(),
            });
        }
        let lived_in = || buildings.iter().filter(|building| building.residential);
        Ok(Self {
            land,
            footprint,
            building_area: sum(
                "the building area",
                parts.iter().map(|part| part.counted_m2),
            )?,
            in_ratio: sum(
                "the area in the ratio",
                parts.iter().map(|part| part.in_ratio_m2),
            )?,
            height: lived_in().map(|building| building.height_m).max(),
            storeys: storeys(
                total(
                    "the area that people live in",
                    parts
                        .iter()
                        .filter(|part| part.lived_in)
                        .map(|part| part.counted_m2.strictest),
                )?,
                total(
                    "the footprint of residential buildings",
                    lived_in().map(|building| building.footprint_m2),
                )?,
            ),
            vertical: Vec::new(),
        })
    }
}

/// Area over footprint, and to the nearest whole storey, at least one; none where nobody lives.
fn storeys(area: Number, footprint: Number) -> Option<(Number, Number, i64)> {
    let ratio = area.checked_div(footprint)?;
    let one = Number::integer(1)?;
    let whole = ratio.round(one, Rounding::HalfUp)?.as_integer()?;
    Some((area, footprint, whole.max(1)))
}

/// The limits of a residential block of this height; none where nobody lives there or the table does not reach.
fn block<'l>(rules: &Rules<'l>, figures: &Figures) -> Result<Option<Decision<'l>>, Error> {
    let Some((_, _, storeys)) = figures.storeys else {
        return Ok(None);
    };
    let inputs = Inputs::new()
        .text("zone", &rules.programme.zone)
        .flag("dense_low", rules.programme.dense_low)
        .integer("storeys", storeys);
    let edition = rules.library.get(BLOCK).and_then(|it| it.on(rules.on));
    match edition.and_then(|edition| edition.decide(&inputs)) {
        Ok(decision) => Ok(Some(decision)),
        Err(policy::Error::Undecidable { .. }) => Ok(None),
        Err(reason) => Err(Error::Rule {
            what: "the residential block".to_owned(),
            reason,
        }),
    }
}

/// A programme with its figures and limits.
struct Held<'p, 'l> {
    programme: &'p Programme,
    block: Option<Decision<'l>>,
    figures: Figures,
}

impl Held<'_, '_> {
    fn indicators(&self) -> Result<Vec<Indicator>, Error> {
        let made = [
            self.building_area(),
            self.plot_ratio()?,
            self.density()?,
            self.green()?,
        ];
        let more = [
            self.height(),
            self.storeys(),
            self.land_per_person()?,
            self.parking(),
        ];
        Ok(made.into_iter().chain(more.into_iter().flatten()).collect())
    }

    fn building_area(&self) -> Indicator {
        let Counted { value, strictest } = self.figures.building_area;
        Indicator {
            id: "building_area",
            title: Text::new("建筑面积", "building area"),
            unit: "m²",
            value,
            strictest: Some(strictest),
            formula: Text::new(
                "各部位面积 × 计入比例，求和",
                "each part's area times the share that counts, summed",
            ),
            limits: Vec::new(),
        }
    }

    fn plot_ratio(&self) -> Result<Indicator, Error> {
        let figures = &self.figures;
        let over_land = |area: Number| divide("the floor area ratio", area, figures.land);
        let value = figures.in_ratio.value.map(over_land).transpose()?;
        let strictest = over_land(figures.in_ratio.strictest)?;
        let plan = &self.programme.plan;
        Ok(Indicator {
            id: "plot_ratio",
            title: Text::new("容积率", "floor area ratio"),
            unit: "",
            value,
            strictest: Some(strictest),
            formula: Text::new(
                format!(
                    "计入容积率的建筑面积 {} ÷ 用地面积 {}",
                    shown(figures.in_ratio.value),
                    figures.land
                ),
                format!(
                    "area in the ratio {} ÷ land {}",
                    shown(figures.in_ratio.value),
                    figures.land
                ),
            ),
            limits: self.limits(
                Values {
                    value,
                    strictest: Some(strictest),
                    least: value,
                },
                &[
                    (Bound::AtLeast, plan.plot_ratio_min, "plot_ratio_min"),
                    (Bound::AtMost, plan.plot_ratio_max, "plot_ratio_max"),
                ],
            ),
        })
    }

    fn density(&self) -> Result<Indicator, Error> {
        let figures = &self.figures;
        let value = percent("the building density", figures.footprint, figures.land)?;
        Ok(Indicator {
            id: "density",
            title: Text::new("建筑密度", "building density"),
            unit: "%",
            value: Some(value),
            strictest: Some(value),
            formula: Text::new(
                format!(
                    "建筑基底面积 {} ÷ 用地面积 {}",
                    figures.footprint, figures.land
                ),
                format!("footprints {} ÷ land {}", figures.footprint, figures.land),
            ),
            limits: self.limits(
                Values::same(Some(value)),
                &[(
                    Bound::AtMost,
                    self.programme.plan.density_max,
                    "density_max",
                )],
            ),
        })
    }

    fn green(&self) -> Result<Indicator, Error> {
        let (figures, plot) = (&self.figures, &self.programme.plot);
        let vertical = sum("vertical planting", figures.vertical.iter().copied())?;
        let over_land = |planted: Number| {
            let green = total("the green", [plot.green_m2, planted].into_iter())?;
            percent("the green ratio", green, figures.land)
        };
        let value = vertical.value.map(over_land).transpose()?;
        let strictest = Some(over_land(vertical.strictest)?);
        let formula = |ground: &str, above: &str, land: &str| {
            let planted = shown(vertical.value);
            format!(
                "({ground} {} + {above} {planted}) ÷ {land} {}",
                plot.green_m2, figures.land
            )
        };
        Ok(Indicator {
            id: "green_ratio",
            title: Text::new("绿地率", "green ratio"),
            unit: "%",
            value,
            strictest,
            formula: Text::new(
                formula("地面绿地", "计入的立体绿化", "用地面积"),
                formula(
                    "green on the ground",
                    "vertical planting that counts",
                    "land",
                ),
            ),
            limits: self.limits(
                Values {
                    value,
                    strictest,
                    least: strictest,
                },
                &[(Bound::AtLeast, self.programme.plan.green_min, "green_min")],
            ),
        })
    }

    fn height(&self) -> Option<Indicator> {
        let value = self.figures.height;
        value.map(|_| Indicator {
            id: "height",
            title: Text::new("住宅建筑高度", "height of residential buildings"),
            unit: "m",
            value,
            strictest: value,
            formula: Text::new(
                "各住宅建筑高度的最大值",
                "the highest of the residential buildings",
            ),
            limits: self.limits(
                Values::same(value),
                &[(
                    Bound::AtMost,
                    self.programme.plan.height_max_m,
                    "height_max_m",
                )],
            ),
        })
    }

    fn storeys(&self) -> Option<Indicator> {
        let (area, footprint, whole) = self.figures.storeys?;
        let value = Number::integer(whole);
        Some(Indicator {
            id: "storeys",
            title: Text::new(
                "住宅建筑平均层数",
                "average storeys of residential buildings",
            ),
            unit: "",
            value,
            strictest: value,
            formula: Text::new(
                format!(
                    "住宅地上建筑面积（从严）{area} ÷ 住宅基底面积 {footprint}，四舍五入；取整方法未在标准文本中核对"
                ),
                format!(
                    "residential area above ground (strictest reading) {area} ÷ residential footprints {footprint}, rounded half up; how the standard rounds was not checked"
                ),
            ),
            limits: Vec::new(),
        })
    }

    fn land_per_person(&self) -> Result<Option<Indicator>, Error> {
        let Some(persons) = self.programme.persons else {
            return Ok(None);
        };
        let land = self.figures.land;
        let people = Number::integer(i64::from(persons)).unwrap_or(Number::ZERO);
        let value = Some(divide("the land a person", land, people)?);
        Ok(Some(Indicator {
            id: "land_per_person",
            title: Text::new("人均住宅用地面积", "residential land a person"),
            unit: "m²",
            value,
            strictest: value,
            formula: Text::new(
                format!("用地面积 {land} ÷ 居住人口 {persons}"),
                format!("land {land} ÷ residents {persons}"),
            ),
            limits: self.limits(
                Values::same(value),
                &[(Bound::AtMost, None, "land_per_person_max")],
            ),
        }))
    }

    fn parking(&self) -> Option<Indicator> {
        let (spaces, least) = (
            self.programme.parking.spaces,
            self.programme.plan.parking_min,
        );
        if spaces.is_none() && least.is_none() {
            return None;
        }
        let value = spaces.and_then(|spaces| Number::integer(i64::from(spaces)));
        Some(Indicator {
            id: "parking",
            title: Text::new("机动车停车位", "parking spaces"),
            unit: "",
            value,
            strictest: value,
            formula: Text::new("填报的停车位数", "the spaces entered"),
            limits: self.limits(Values::same(value), &[(Bound::AtLeast, least, "")]),
        })
    }

    /// The plan's limit and the block's, as far as there are any.
    fn limits(
        &self,
        values: Values,
        limits: &[(Bound, Option<Number>, &'static str)],
    ) -> Vec<Limit> {
        let mut held = Vec::new();
        for &(bound, plan, output) in limits {
            if let Some(limit) = plan {
                held.push(values.against("plan", bound, limit, None));
            }
            let Some(block) = &self.block else {
                continue;
            };
            if let Ok(limit) = block.number(output) {
                let citation = block.explanation.citations().into_iter().next();
                held.push(values.against(BLOCK, bound, limit, citation));
            }
        }
        held
    }
}

/// A figure as limits are held against it.
#[derive(Clone, Copy)]
struct Values {
    value: Option<Number>,
    /// What the strictest reading holds against a limit from above.
    strictest: Option<Number>,
    /// What it holds against one from below.
    least: Option<Number>,
}

impl Values {
    fn same(value: Option<Number>) -> Self {
        Self {
            value,
            strictest: value,
            least: value,
        }
    }

    fn against(
        self,
        source: &'static str,
        bound: Bound,
        limit: Number,
        citation: Option<Citation>,
    ) -> Limit {
        let holds = |value: Number| match bound {
            Bound::AtMost => value <= limit,
            Bound::AtLeast => value >= limit,
        };
        let strict = match bound {
            Bound::AtMost => self.strictest,
            Bound::AtLeast => self.least,
        };
        Limit {
            source,
            bound,
            limit,
            met: self.value.map(holds),
            met_strictly: strict.map(holds),
            citation,
        }
    }
}

fn shown(value: Option<Number>) -> String {
    value.map_or_else(|| "?".to_owned(), |value| value.to_string())
}

fn divide(what: &str, part: Number, whole: Number) -> Result<Number, Error> {
    part.checked_div(whole).ok_or_else(|| too_large(what))
}

fn percent(what: &str, part: Number, whole: Number) -> Result<Number, Error> {
    let hundred = Number::integer(100).ok_or_else(|| too_large(what))?;
    divide(what, part, whole)?
        .checked_mul(hundred)
        .ok_or_else(|| too_large(what))
}

/// The sum of all.
pub(crate) fn total(what: &str, mut all: impl Iterator<Item = Number>) -> Result<Number, Error> {
    all.try_fold(Number::ZERO, Number::checked_add)
        .ok_or_else(|| too_large(what))
}
