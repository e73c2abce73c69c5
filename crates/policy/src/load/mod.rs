//! Loading: policy files become a library, or a list of everything that is wrong with them.

mod conditions;
mod fields;
mod golden;
mod instruments;
mod outputs;
mod rows;
mod versions;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::calendar::Calendar;
use crate::error::Report;
use crate::policy::Policy;
use crate::source::{FileKind, InstrumentsFile, Peek, PolicyFile, WorkingDaysFile};
use crate::{Error, Finding, Instrument};

/// Files beyond this size are refused unread.
const MOST_BYTES: usize = 1 << 20;

/// Policies, the instruments they cite, and the working-day calendar.
#[derive(Debug, Clone, Default)]
pub struct Library {
    instruments: BTreeMap<String, Arc<Instrument>>,
    policies: BTreeMap<String, Arc<Policy>>,
    calendar: Calendar,
}

impl Library {
    /// Reads files, given as name and text. Every file is read before the first fault is reported.
    ///
    /// # Errors
    /// [`Error::Refused`] with every finding: unknown keys, gaps, overlaps, missing citations, failing
    /// golden cases, and whatever else would let a decision go wrong silently.
    pub fn from_sources(sources: &[(&str, &str)]) -> Result<Self, Error> {
        let mut library = Self::default();
        library.extend(sources)?;
        Ok(library)
    }

    /// Adds an operator's files. Instruments of the library may be cited; ids may not be used twice.
    /// Nothing is added if anything is refused.
    pub fn extend(&mut self, sources: &[(&str, &str)]) -> Result<(), Error> {
        let mut extended = self.clone();
        let findings = extended.read(sources);
        if !findings.is_empty() {
            return Err(Error::Refused(findings));
        }
        *self = extended;
        Ok(())
    }

    /// The policy with this id.
    pub fn get(&self, id: &str) -> Result<&Policy, Error> {
        let policy = self.policies.get(id).map(Arc::as_ref);
        policy.ok_or_else(|| Error::UnknownPolicy {
            id: id.to_owned(),
            known: self
                .policies
                .keys()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join(", "),
        })
    }

    /// All policies, by id.
    pub fn policies(&self) -> impl Iterator<Item = &Policy> {
        self.policies.values().map(Arc::as_ref)
    }

    /// The instrument with this id.
    pub fn instrument(&self, id: &str) -> Option<&Instrument> {
        self.instruments.get(id).map(Arc::as_ref)
    }

    /// All instruments, by id.
    pub fn instruments(&self) -> impl Iterator<Item = &Instrument> {
        self.instruments.values().map(Arc::as_ref)
    }

    /// The working-day calendar.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    fn read(&mut self, sources: &[(&str, &str)]) -> Vec<Finding> {
        let mut reports: Vec<Report> = sources.iter().map(|(name, _)| Report::new(name)).collect();
        for kind in [
            FileKind::Instruments,
            FileKind::WorkingDays,
            FileKind::Policy,
        ] {
            for ((_, text), report) in sources.iter().zip(&mut reports) {
                if kind == FileKind::Instruments {
                    refuse_unreadable(text, report);
                }
                if report.is_clean() && kind_of(text) == Some(kind) {
                    self.read_file(kind, text, report);
                }
            }
        }
        reports
            .into_iter()
            .flat_map(Report::into_findings)
            .collect()
    }

    fn read_file(&mut self, kind: FileKind, text: &str, report: &mut Report) {
        match kind {
            FileKind::Instruments => {
                if let Some(file) = parse::<InstrumentsFile>(text, report) {
                    instruments::add(file, &mut self.instruments, report);
                }
            }
            FileKind::WorkingDays => {
                if let Some(file) = parse::<WorkingDaysFile>(text, report) {
                    self.calendar.add_year(file, report);
                }
            }
            // Other crates read those.
            FileKind::FacilityTypes | FileKind::Process => {}
            FileKind::Policy => {
                if let Some(file) = parse::<PolicyFile>(text, report) {
                    self.add_policy(file, report);
                }
            }
        }
    }

    fn add_policy(&mut self, file: PolicyFile, report: &mut Report) {
        if self.policies.contains_key(&file.id) {
            report.refuse(
                "",
                format!("policy `{}` exists already; choose another id", file.id),
            );
            return;
        }
        let golden = file.golden.len();
        let (policy, cases) = versions::build(file, &self.instruments, report);
        if !report.is_clean() {
            return;
        }
        golden::run(&policy, &cases, report);
        debug_assert!(golden == cases.len(), "every golden case is run");
        self.policies.insert(policy.id.clone(), Arc::new(policy));
    }
}

fn refuse_unreadable(text: &str, report: &mut Report) {
    if text.len() > MOST_BYTES {
        report.refuse(
            "",
            format!(
                "the file has {} bytes; split it below {MOST_BYTES}",
                text.len()
            ),
        );
        return;
    }
    if let Err(fault) = toml::from_str::<Peek>(text) {
        report.refuse(
            "",
            format!("start with kind = \"policy\", \"instruments\", \"working_days\", \"facility_types\" or \"process\": {fault}"),
        );
    }
}

fn kind_of(text: &str) -> Option<FileKind> {
    toml::from_str::<Peek>(text).ok().map(|peek| peek.kind)
}

fn parse<T: serde::de::DeserializeOwned>(text: &str, report: &mut Report) -> Option<T> {
    match toml::from_str(text) {
        Ok(file) => Some(file),
        Err(fault) => {
            report.refuse("", fault);
            None
        }
    }
}

/// A TOML date as a day, or a finding.
fn day(raw: &toml::value::Datetime, place: &str, report: &mut Report) -> Option<Date> {
    let date = crate::source::date(raw);
    if date.is_none() {
        report.refuse(place, format!("`{raw}` is no date; write YYYY-MM-DD"));
    }
    date
}
