//! Reads a definition and refuses what would strand a case, contradict the law's limits, or lacks its clause.

mod file;
mod limits;
mod steps;

use std::collections::BTreeSet;

use policy::{Library, Status};

use self::file::{File, RawStage};
use crate::definition::{Definition, Extension, Paper, Stage, Unit};
use crate::error::{Error, Finding};
use crate::graph;

/// The longest definition that is read, in bytes.
const MOST_BYTES: usize = 1 << 20;

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
            Some(exchange) => (exchange.codes.into_iter().collect(), exchange.status.into()),
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
                    status: one.status.into(),
                })
                .collect(),
        }
    }
}
