//! How much of each part counts: by which rule, and how much if what is unverified is left aside.

use jiff::civil::Date;
use policy::{Citation, Inputs, Library, Number, Status, Text};
use serde::Serialize;

use crate::programme::{Building, Part, Programme, Vertical};
use crate::{Error, indicators::total};

/// What a rule says of a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ruling {
    /// The policy that was asked.
    pub policy: &'static str,
    /// The share that counts, from 0 to 1; none where the texts held do not settle it.
    pub share: Option<Number>,
    /// The clause, if the rule stands on one.
    pub citation: Option<Citation>,
    /// Where no law speaks: what stands in for it; where it is not settled: why.
    pub because: Option<Text>,
    /// Whether the clause was read in the text of the law.
    pub verified: bool,
}

/// A part with what counts of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Measured {
    /// The building.
    pub building: String,
    /// The part.
    pub part: String,
    /// Its area, all of its kind together, m².
    pub area_m2: Number,
    /// As building area.
    pub building_area: Ruling,
    /// In the floor area ratio.
    pub plot_ratio: Ruling,
    /// What counts as building area, m².
    pub counted_m2: Counted,
    /// What counts in the floor area ratio, m².
    pub in_ratio_m2: Counted,
    /// Whether it stands above the ground in a building that people live in.
    #[serde(skip)]
    pub(crate) lived_in: bool,
}

/// An amount by the rules, and by their strictest reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// By the rules in force; none where they do not settle it.
    pub value: Option<Number>,
    /// Where nothing is left out or halved that rests on an unverified clause or on none that is settled.
    pub strictest: Number,
}

/// What the rules are asked with.
pub(crate) struct Rules<'a> {
    pub(crate) library: &'a Library,
    pub(crate) programme: &'a Programme,
    pub(crate) place: &'a str,
    pub(crate) on: Date,
}

const BUILDING_AREA: &str = "building_area.share";
const PLOT_RATIO: &str = "plot_ratio.share";
const GREEN: &str = "green_ratio.share";

impl Rules<'_> {
    /// What counts of a part.
    pub(crate) fn measure(&self, building: &Building, part: &Part) -> Result<Measured, Error> {
        let what = format!("building {}, part {}", building.id, part.name);
        let area_m2 = Number::integer(i64::from(part.count))
            .and_then(|count| part.area_m2.checked_mul(count))
            .ok_or_else(|| too_large(&what))?;
        let building_area = self.ask(BUILDING_AREA, &what, &self.of_element(part))?;
        let plot_ratio = self.ask(PLOT_RATIO, &what, &self.of_purpose(part))?;
        let counted_m2 = building_area.of(whole(area_m2), &what)?;
        Ok(Measured {
            building: building.id.clone(),
            part: part.name.clone(),
            in_ratio_m2: plot_ratio.of(counted_m2, &what)?,
            area_m2,
            building_area,
            plot_ratio,
            counted_m2,
            lived_in: building.residential && !part.underground,
        })
    }

    /// What counts as green of planting above the ground; the strictest reading counts nothing that is unverified.
    pub(crate) fn green(&self, planting: Vertical) -> Result<(Ruling, Counted), Error> {
        let what = "plot.vertical_green";
        let inputs = self.at().flag("public", planting.public);
        let ruling = self.ask(GREEN, what, &inputs)?;
        let counts = |share: Number| {
            planting
                .area_m2
                .checked_mul(share)
                .ok_or_else(|| too_large(what))
        };
        let value = ruling.share.map(counts).transpose()?;
        let strictest = value.filter(|_| ruling.verified).unwrap_or(Number::ZERO);
        Ok((ruling, Counted { value, strictest }))
    }

    fn at(&self) -> Inputs<'_> {
        Inputs::new()
            .text("place", self.place)
            .flag("future_community", self.programme.future_community)
    }

    fn of_element<'p>(&'p self, part: &'p Part) -> Inputs<'p> {
        let mut inputs = self.at().text("element", &part.element);
        for (field, number) in [("height_m", part.height_m), ("sill_m", part.sill_m)] {
            if let Some(number) = number {
                inputs = inputs.number(field, number);
            }
        }
        for (field, flag) in [
            ("enclosed", part.enclosed),
            ("inside_structure", part.inside_structure),
        ] {
            if let Some(flag) = flag {
                inputs = inputs.flag(field, flag);
            }
        }
        inputs
    }

    fn of_purpose<'p>(&'p self, part: &'p Part) -> Inputs<'p> {
        let inputs = self
            .at()
            .text("purpose", &part.purpose)
            .flag("underground", part.underground);
        match part.width_m {
            Some(width) => inputs.number("width_m", width),
            None => inputs,
        }
    }

    fn ask(&self, policy: &'static str, what: &str, inputs: &Inputs<'_>) -> Result<Ruling, Error> {
        let rule = |reason: policy::Error| Error::Rule {
            what: what.to_owned(),
            reason,
        };
        let edition = self.library.get(policy).and_then(|it| it.on(self.on));
        match edition.and_then(|edition| edition.decide(inputs)) {
            Ok(decision) => {
                let step = decision.record().steps.into_iter().next();
                let (citation, silent) =
                    step.map_or((None, None), |step| (step.citation, step.silent));
                Ok(Ruling {
                    policy,
                    share: Some(decision.number("share").map_err(rule)?),
                    verified: citation
                        .as_ref()
                        .is_some_and(|citation| citation.status == Status::Verified),
                    citation,
                    because: silent,
                })
            }
            Err(policy::Error::Undecidable { reason, .. }) => Ok(Ruling {
                policy,
                share: None,
                citation: None,
                because: Some(*reason),
                verified: false,
            }),
            Err(reason) => Err(rule(reason)),
        }
    }
}

impl Ruling {
    /// What counts of an amount that itself was counted by a rule before.
    fn of(&self, amount: Counted, what: &str) -> Result<Counted, Error> {
        let times = |amount: Number, share: Number| {
            amount.checked_mul(share).ok_or_else(|| too_large(what))
        };
        let value = match (amount.value, self.share) {
            (Some(amount), Some(share)) => Some(times(amount, share)?),
            // Nothing counts of what does not count, whatever the amount.
            (_, Some(Number::ZERO)) | (Some(Number::ZERO), _) => Some(Number::ZERO),
            _ => None,
        };
        // What no rule excludes but common practice does (below ground) stays out: the law is silent, not doubtful.
        let by_practice = self.citation.is_none() && self.share.is_some();
        let strictest = match self.share.filter(|_| self.verified || by_practice) {
            Some(share) => times(amount.strictest, share)?,
            None => amount.strictest,
        };
        Ok(Counted { value, strictest })
    }
}

fn whole(area: Number) -> Counted {
    Counted {
        value: Some(area),
        strictest: area,
    }
}

pub(crate) fn too_large(what: &str) -> Error {
    Error::TooLarge {
        what: what.to_owned(),
    }
}

/// The sum of what counts: unknown where one of them is.
pub(crate) fn sum(
    what: &str,
    all: impl Iterator<Item = Counted> + Clone,
) -> Result<Counted, Error> {
    let known: Option<Vec<Number>> = all.clone().map(|counted| counted.value).collect();
    Ok(Counted {
        value: known
            .map(|known| total(what, known.into_iter()))
            .transpose()?,
        strictest: total(what, all.map(|counted| counted.strictest))?,
    })
}
