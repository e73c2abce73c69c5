//! Policies and their versions: what a rule takes, what it answers, since when.

use std::sync::Arc;

use jiff::civil::Date;

use crate::table::{Fields, Table};
use crate::value::Field;
use crate::{Edition, Error, Instrument, Text};

/// A rule with its versions: what it takes, what it answers, since when.
#[derive(Debug)]
pub struct Policy {
    pub(crate) id: String,
    pub(crate) title: Text,
    pub(crate) about: Option<Text>,
    pub(crate) inputs: Vec<Field>,
    pub(crate) outputs: Vec<Field>,
    pub(crate) versions: Vec<Version>,
}

/// A policy between two days.
#[derive(Debug)]
pub struct Version {
    pub(crate) from: Date,
    pub(crate) to: Option<Date>,
    pub(crate) instrument: Arc<Instrument>,
    pub(crate) gap_before: Option<Text>,
    pub(crate) note: Option<Text>,
    pub(crate) tables: Vec<Table>,
}

impl Policy {
    /// The policy's id, such as `owners_resolution.thresholds`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The policy's title.
    pub fn title(&self) -> &Text {
        &self.title
    }

    /// What the policy is about, and what it leaves open.
    pub fn about(&self) -> Option<&Text> {
        self.about.as_ref()
    }

    /// The declared inputs.
    pub fn inputs(&self) -> &[Field] {
        &self.inputs
    }

    /// The declared outputs.
    pub fn outputs(&self) -> &[Field] {
        &self.outputs
    }

    /// The versions, oldest first.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// The version in force on a day; an old day gets the old version.
    pub fn on(&self, day: Date) -> Result<Edition<'_>, Error> {
        let in_force =
            |version: &&Version| version.from <= day && version.to.is_none_or(|to| day <= to);
        match self.versions.iter().rev().find(in_force) {
            Some(version) => Ok(Edition::new(self, version, day)),
            None => Err(Error::NoVersion {
                policy: self.id.clone(),
                on: day,
                why: self.coverage(day),
            }),
        }
    }

    fn coverage(&self, day: Date) -> String {
        let next = self.versions.iter().find(|version| version.from > day);
        match next {
            Some(version) => match &version.gap_before {
                Some(why) => why.en.clone(),
                None => format!("the texts held start on {}", version.from),
            },
            None => "its last version has ended".to_owned(),
        }
    }

    pub(crate) fn fields(&self) -> Fields<'_> {
        Fields {
            inputs: &self.inputs,
            outputs: &self.outputs,
        }
    }
}

impl Version {
    /// First day in force.
    pub fn from(&self) -> Date {
        self.from
    }

    /// Last day in force; `None` while it is.
    pub fn to(&self) -> Option<Date> {
        self.to
    }

    /// The instrument that the version stands in.
    pub fn instrument(&self) -> &Instrument {
        &self.instrument
    }

    /// What a reader should know about the version.
    pub fn note(&self) -> Option<&Text> {
        self.note.as_ref()
    }

    /// The tables, in the order in which they are decided.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }
}
