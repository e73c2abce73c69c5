//! Reads a definition and refuses what would strand a case, contradict the law's limits, or lacks its clause.

use std::collections::{BTreeMap, BTreeSet};

use policy::{Library, Status, Text};
use serde::Deserialize;
use toml::value::Datetime;

use crate::definition::{
    Count, Definition, Extension, Join, Limit, Outcome, Paper, Source, Stage, Step, Supporting,
    Suspension, Unit,
};
use crate::error::{Error, Finding};
use crate::graph;

/// The longest definition that is read, in bytes.
const MOST_BYTES: usize = 1 << 20;

/// The most steps of a process.
const MOST_STEPS: usize = 500;

/// The longest limit, in days.
const MOST_DAYS: u32 = 3_650;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    kind: String,
    id: String,
    title: Text,
    version: String,
    from: Datetime,
    #[serde(default)]
    unit: Vec<RawUnit>,
    #[serde(default)]
    stage: Vec<RawStage>,
    exchange: Option<RawExchange>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawUnit {
    id: String,
    title: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawExchange {
    status: RawStatus,
    codes: BTreeMap<String, u8>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStage {
    id: String,
    title: Text,
    /// Exactly one; the others are supporting.
    lead: String,
    #[serde(default)]
    supporting: Vec<RawSupporting>,
    statutory: Option<RawLimit>,
    promised: Option<RawLimit>,
    correction: Option<RawLimit>,
    extension: Option<RawLimit>,
    #[serde(default)]
    suspension: Vec<RawSuspension>,
    #[serde(default)]
    reminders: Vec<u32>,
    escalate_to: Option<String>,
    #[serde(default)]
    paper: Vec<RawPaper>,
    #[serde(default)]
    step: Vec<RawStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSupporting {
    unit: String,
    reply: RawLimit,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPaper {
    id: String,
    title: Text,
    status: RawStatus,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct RawLimit {
    days: u32,
    count: Count,
    instrument: String,
    clause: Text,
    status: RawStatus,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSuspension {
    ground: String,
    title: Text,
    instrument: String,
    clause: Text,
    status: RawStatus,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStep {
    id: String,
    title: Text,
    unit: Option<String>,
    #[serde(default)]
    after: Vec<String>,
    at_least: Option<RawLimit>,
    #[serde(default)]
    join: Join,
    #[serde(default)]
    outcomes: Vec<RawOutcome>,
}

/// With what it says to people, or by its short name alone.
#[derive(Deserialize, Clone)]
#[serde(
    untagged,
    expecting = "an outcome is { id = \"…\", title = { zh = \"…\", en = \"…\" } }"
)]
enum RawOutcome {
    Titled { id: String, title: Text },
    Named(String),
}

impl RawOutcome {
    fn id(&self) -> &str {
        match self {
            Self::Titled { id, .. } | Self::Named(id) => id,
        }
    }
}

impl From<RawOutcome> for Outcome {
    fn from(raw: RawOutcome) -> Self {
        match raw {
            RawOutcome::Titled { id, title } => Self { id, title },
            RawOutcome::Named(id) => Self {
                title: Text::same(&id),
                id,
            },
        }
    }
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum RawStatus {
    Verified,
    Unverified,
}

/// Everything that is wrong with a definition; empty if it holds together.
pub fn check(text: &str, library: &Library) -> Vec<Finding> {
    match Definition::parse(text, library) {
        Ok(_) => Vec::new(),
        Err(Error::Definition(findings)) => findings,
        Err(other) => vec![Finding {
            place: String::new(),
            message: other.to_string(),
        }],
    }
}

impl Definition {
    /// Reads a definition. Instruments that it cites are looked up in the library.
    ///
    /// # Errors
    /// [`Error::Definition`] with everything that is wrong.
    pub fn parse(text: &str, library: &Library) -> Result<Self, Error> {
        let refuse = |message: String| {
            Error::Definition(vec![Finding {
                place: String::new(),
                message,
            }])
        };
        if text.len() > MOST_BYTES {
            return Err(refuse(format!(
                "the file has {} bytes; more than {MOST_BYTES} are not read",
                text.len()
            )));
        }
        let file: File = toml::from_str(text).map_err(|fault| refuse(fault.to_string()))?;
        let mut loading = Loading {
            library,
            findings: Vec::new(),
        };
        let definition = loading.definition(file);
        match definition {
            Some(definition) if loading.findings.is_empty() => Ok(definition),
            _ => Err(Error::Definition(loading.findings)),
        }
    }
}

struct Loading<'l> {
    library: &'l Library,
    findings: Vec<Finding>,
}

impl Loading<'_> {
    fn refuse(&mut self, place: &str, message: impl Into<String>) {
        self.findings.push(Finding {
            place: place.to_owned(),
            message: message.into(),
        });
    }

    fn definition(&mut self, file: File) -> Option<Definition> {
        if file.kind != "process" {
            self.refuse(
                "",
                format!("kind is `{}`; a process says kind = \"process\"", file.kind),
            );
        }
        if [&file.id, &file.version]
            .iter()
            .any(|name| name.trim().is_empty())
        {
            self.refuse("", "id and version must not be blank");
        }
        let from = file.from.date.and_then(|date| {
            let (year, month, day) = (
                i16::try_from(date.year).ok()?,
                i8::try_from(date.month).ok()?,
                i8::try_from(date.day).ok()?,
            );
            jiff::civil::Date::new(year, month, day).ok()
        });
        if from.is_none() {
            self.refuse("", "`from` is no date; write YYYY-MM-DD");
        }
        let units: Vec<Unit> = file
            .unit
            .into_iter()
            .map(|unit| Unit {
                id: unit.id,
                title: unit.title,
            })
            .collect();
        self.unique("unit", units.iter().map(|unit| unit.id.as_str()));
        self.unique("stage", file.stage.iter().map(|stage| stage.id.as_str()));
        self.unique(
            "step",
            file.stage
                .iter()
                .flat_map(|stage| stage.step.iter().map(|step| step.id.as_str())),
        );
        let steps = self.steps(&file.stage, &units);
        let stages: Vec<Stage> = file
            .stage
            .into_iter()
            .map(|stage| self.stage(stage, &units))
            .collect();
        if stages.is_empty() {
            self.refuse("", "a process has at least one stage");
        }
        let (exchange, exchange_status) = match file.exchange {
            Some(exchange) => (
                exchange.codes.into_iter().collect(),
                status(exchange.status),
            ),
            None => (Vec::new(), Status::Unverified),
        };
        let definition = Definition {
            id: file.id,
            title: file.title,
            version: file.version,
            from: from?,
            units,
            stages,
            steps: steps?,
            exchange,
            exchange_status,
        };
        self.findings.extend(graph::check(&definition));
        Some(definition)
    }

    fn unique<'n>(&mut self, what: &str, names: impl Iterator<Item = &'n str>) {
        let mut seen = BTreeSet::new();
        for name in names {
            if name.trim().is_empty() {
                self.refuse("", format!("a {what} has no id"));
            }
            if !seen.insert(name) {
                self.refuse(name, format!("two {what}s have this id"));
            }
        }
    }

    fn unit(&mut self, place: &str, unit: &str, units: &[Unit]) {
        if !units.iter().any(|known| known.id == unit) {
            self.refuse(place, format!("there is no unit `{unit}`"));
        }
    }

    fn stage(&mut self, raw: RawStage, units: &[Unit]) -> Stage {
        let place = raw.id.clone();
        self.unit(&place, &raw.lead, units);
        if let Some(unit) = &raw.escalate_to {
            self.unit(&place, unit, units);
        }
        if raw.step.is_empty() {
            self.refuse(&place, "a stage has at least one step");
        }
        let supporting = self.supporting(&place, &raw.lead, raw.supporting, units);
        self.unique("paper", raw.paper.iter().map(|one| one.id.as_str()));
        let suspensions = self.suspensions(&place, raw.suspension);
        let statutory = raw.statutory.map(|limit| self.limit(&place, limit));
        let promised = raw.promised.map(|limit| self.limit(&place, limit));
        self.within(&place, promised.as_ref(), statutory.as_ref());
        let extension = raw.extension.map(|limit| self.limit(&place, limit));
        self.extension_fits(&place, extension.as_ref(), statutory.as_ref());
        Stage {
            id: raw.id,
            title: raw.title,
            lead: raw.lead,
            supporting,
            statutory,
            promised,
            correction: raw.correction.map(|limit| self.limit(&place, limit)),
            extension: extension.map(|limit| Extension {
                days: limit.days,
                source: limit.source,
            }),
            suspensions,
            reminders: raw.reminders,
            escalate_to: raw.escalate_to,
            papers: raw
                .paper
                .into_iter()
                .map(|one| Paper {
                    id: one.id,
                    title: one.title,
                    status: status(one.status),
                })
                .collect(),
        }
    }

    /// The units that a stage may ask, each once and none of them its lead.
    fn supporting(
        &mut self,
        place: &str,
        lead: &str,
        raw: Vec<RawSupporting>,
        units: &[Unit],
    ) -> Vec<Supporting> {
        self.unique("supporting unit", raw.iter().map(|one| one.unit.as_str()));
        let mut supporting = Vec::new();
        for one in raw {
            self.unit(place, &one.unit, units);
            if one.unit == lead {
                let message = format!("`{}` leads and supports; one lead a stage", one.unit);
                self.refuse(place, message);
            }
            supporting.push(Supporting {
                unit: one.unit,
                reply: self.limit(place, one.reply),
            });
        }
        supporting
    }

    /// The grounds on which a stage's clock may stop.
    fn suspensions(&mut self, place: &str, raw: Vec<RawSuspension>) -> Vec<Suspension> {
        self.unique("suspension", raw.iter().map(|one| one.ground.as_str()));
        let source = |one: RawSuspension| Suspension {
            ground: one.ground,
            title: one.title,
            source: self.source(place, one.instrument, one.clause, one.status),
        };
        raw.into_iter().map(source).collect()
    }

    /// A promise is no longer than the law allows, and counted in the same days, so that it can be compared.
    fn within(&mut self, place: &str, promised: Option<&Limit>, statutory: Option<&Limit>) {
        let (Some(promised), Some(statutory)) = (promised, statutory) else {
            return;
        };
        if promised.count != statutory.count {
            self.refuse(
                place,
                "the promised limit counts other days than the statutory one; count the same",
            );
        } else if promised.days > statutory.days {
            self.refuse(
                place,
                format!(
                    "{} days are promised, the law allows {}",
                    promised.days, statutory.days
                ),
            );
        }
    }

    fn extension_fits(
        &mut self,
        place: &str,
        extension: Option<&Limit>,
        statutory: Option<&Limit>,
    ) {
        let Some(extension) = extension else { return };
        if statutory.is_none_or(|statutory| statutory.count != extension.count) {
            self.refuse(
                place,
                "an extension needs a statutory limit that counts the same days",
            );
        }
    }

    fn limit(&mut self, place: &str, raw: RawLimit) -> Limit {
        if raw.days == 0 || raw.days > MOST_DAYS {
            self.refuse(
                place,
                format!("a limit has 1 to {MOST_DAYS} days, not {}", raw.days),
            );
        }
        Limit {
            days: raw.days,
            count: raw.count,
            source: self.source(place, raw.instrument, raw.clause, raw.status),
        }
    }

    fn source(&mut self, place: &str, instrument: String, clause: Text, raw: RawStatus) -> Source {
        if clause.zh.trim().is_empty() || clause.en.trim().is_empty() {
            self.refuse(
                place,
                "a clause is blank; say where the number stands, in both languages",
            );
        }
        match self.library.instrument(&instrument) {
            None => self.refuse(
                place,
                format!("there is no instrument `{instrument}` in policy/instruments.toml"),
            ),
            Some(known)
                if known.status == Status::Unverified
                    && matches!(raw, RawStatus::Verified)
                    && known.text.is_none() =>
            {
                self.refuse(
                    place,
                    format!("verified, though the text of `{instrument}` is not held"),
                );
            }
            Some(_) => {}
        }
        Source {
            instrument,
            clause,
            status: status(raw),
        }
    }

    /// The steps in an order in which each stands behind those before it.
    fn steps(&mut self, stages: &[RawStage], units: &[Unit]) -> Option<Vec<Step>> {
        let raw: Vec<(usize, &RawStage, &RawStep)> = stages
            .iter()
            .enumerate()
            .flat_map(|(place, stage)| stage.step.iter().map(move |step| (place, stage, step)))
            .collect();
        if raw.len() > MOST_STEPS {
            self.refuse(
                "",
                format!(
                    "{} steps are more than {MOST_STEPS}; split the process",
                    raw.len()
                ),
            );
            return None;
        }
        let order = self.order(&raw)?;
        let mut steps: Vec<Step> = Vec::new();
        for number in order {
            let Some((stage_place, stage, step)) = raw.get(number) else {
                continue;
            };
            let unit = step.unit.clone().unwrap_or_else(|| stage.lead.clone());
            self.unit(&step.id, &unit, units);
            let after = step
                .after
                .iter()
                .filter_map(|named| {
                    let (before, on) = parted(named);
                    let place = steps.iter().position(|known| known.id == before)?;
                    Some((place, on.map(str::to_owned)))
                })
                .collect();
            self.unique("outcome", step.outcomes.iter().map(RawOutcome::id));
            let at_least = step
                .at_least
                .clone()
                .map(|limit| self.limit(&step.id, limit));
            if at_least
                .as_ref()
                .is_some_and(|limit| limit.count != Count::Calendar)
            {
                self.refuse(
                    &step.id,
                    "what a step takes at the least is counted in calendar days",
                );
            }
            steps.push(Step {
                id: step.id.clone(),
                title: step.title.clone(),
                stage: *stage_place,
                unit,
                after,
                at_least,
                join: step.join,
                outcomes: step.outcomes.iter().cloned().map(Outcome::from).collect(),
            });
        }
        Some(steps)
    }

    /// Places of the steps, each behind those before it; `None` after telling of circles and unknown names.
    fn order(&mut self, raw: &[(usize, &RawStage, &RawStep)]) -> Option<Vec<usize>> {
        let by_name: BTreeMap<&str, &RawStep> = raw
            .iter()
            .map(|(_, _, step)| (step.id.as_str(), *step))
            .collect();
        let mut sound = true;
        for (_, _, step) in raw {
            for named in &step.after {
                let (before, on) = parted(named);
                let message = match (by_name.get(before), on) {
                    (None, _) => format!("it comes after `{before}`, which there is not"),
                    (Some(found), Some(on))
                        if !found.outcomes.iter().any(|outcome| outcome.id() == on) =>
                    {
                        format!("`{before}` has no outcome `{on}`")
                    }
                    _ => continue,
                };
                self.refuse(&step.id, message);
                sound = false;
            }
        }
        let mut order = Vec::new();
        let mut placed: BTreeSet<&str> = BTreeSet::new();
        while order.len() < raw.len() {
            let ready: Vec<usize> = raw
                .iter()
                .enumerate()
                .filter(|(_, (_, _, step))| !placed.contains(step.id.as_str()))
                .filter(|(_, (_, _, step))| {
                    step.after
                        .iter()
                        .all(|named| placed.contains(parted(named).0))
                })
                .map(|(number, _)| number)
                .collect();
            if ready.is_empty() {
                let left: Vec<&str> = raw
                    .iter()
                    .map(|(_, _, step)| step.id.as_str())
                    .filter(|id| !placed.contains(id))
                    .collect();
                if sound {
                    self.refuse(
                        "",
                        format!(
                            "these steps wait for each other in a circle: {}",
                            left.join(", ")
                        ),
                    );
                }
                return None;
            }
            for number in ready {
                if let Some((_, _, step)) = raw.get(number) {
                    placed.insert(&step.id);
                }
                order.push(number);
            }
        }
        sound.then_some(order)
    }
}

/// `step` or `step=outcome`.
fn parted(named: &str) -> (&str, Option<&str>) {
    match named.split_once('=') {
        Some((step, outcome)) => (step.trim(), Some(outcome.trim())),
        None => (named.trim(), None),
    }
}

fn status(raw: RawStatus) -> Status {
    match raw {
        RawStatus::Verified => Status::Verified,
        RawStatus::Unverified => Status::Unverified,
    }
}
