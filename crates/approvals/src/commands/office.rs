//! What the office keeps: who holds a unit, who follows one, definitions, calendar years.

use db::Tx;
use identity::OrganisationKind;
use journal::{Change, Command, record};
use kernel::{Context, OrganisationId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::model::{MAX_TEXT, ORGANISE, check_text};
use crate::office::Office;
use crate::{Error, calendar, definitions, queries, store};

/// Appoints an organisation to a unit; whoever held it before does so no more.
#[derive(Serialize, Deserialize)]
pub struct AppointUnit {
    /// The unit, by its name in the definitions.
    pub unit: String,
    /// A city department.
    pub organisation: OrganisationId,
}

impl Command for AppointUnit {
    const NAME: &'static str = "approvals.unit.appoint";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(ORGANISE)?;
        known_unit(tx, ctx, &self.unit)?;
        let office = Office::of(tx, ctx.community)?;
        if office.is_dissolved(&self.unit) {
            let unit = self.unit.clone();
            return Err(Error::UnitDissolved { unit });
        }
        let organisation = identity::queries::organisation(tx, ctx, self.organisation)?;
        if organisation.kind != OrganisationKind::CityDepartment {
            return Err(Error::NotADepartment);
        }
        let before = office.holder(&self.unit).map(|one| one.organisation);
        store::end_appointment(tx, ctx, &self.unit)?;
        store::insert_appointment(tx, ctx, &self.unit, self.organisation, &organisation.name)?;
        let change = Change::new("approvals.unit.appointed", format!("unit/{}", self.unit)).public(
            json!({ "organisation": self.organisation, "name": organisation.name, "before": before }),
        );
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Dissolves a unit: all its open tasks, and those to come, go over to the unit that follows it.
#[derive(Serialize, Deserialize)]
pub struct DissolveUnit {
    /// The unit.
    pub unit: String,
    /// Who follows; needed where there are open tasks.
    pub successor: Option<String>,
    /// Why.
    pub reason: String,
}

impl Command for DissolveUnit {
    const NAME: &'static str = "approvals.unit.dissolve";
    type Outcome = usize;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<usize, Error> {
        ctx.require(ORGANISE)?;
        check_text("reason", &self.reason, MAX_TEXT)?;
        known_unit(tx, ctx, &self.unit)?;
        let office = Office::of(tx, ctx.community)?;
        let unit = self.unit.clone();
        if office.is_dissolved(&unit) {
            return Err(Error::UnitDissolved { unit });
        }
        let handed = queries::tasks_of_unit(tx, ctx, &self.unit)?;
        match &self.successor {
            None if !handed.is_empty() => {
                let tasks = handed.len();
                return Err(Error::UnitHasTasks { unit, tasks });
            }
            None => {}
            Some(successor) => {
                known_unit(tx, ctx, successor)?;
                if successor == &unit || office.is_dissolved(successor) {
                    let successor = successor.clone();
                    return Err(Error::SuccessorLoop { successor });
                }
            }
        }
        let successor = self.successor.as_deref().unwrap_or_default();
        store::end_appointment(tx, ctx, &self.unit)?;
        store::insert_succession(tx, ctx, &self.unit, successor, self.reason.trim())?;
        let tasks: Vec<_> = handed
            .iter()
            .map(|one| {
                json!({ "case": one.case, "stage": one.stage, "step": one.step, "kind": one.kind })
            })
            .collect();
        let change = Change::new("approvals.unit.dissolved", format!("unit/{}", self.unit))
            .public(json!({ "successor": self.successor, "tasks": tasks }))
            .private(json!({ "reason": self.reason.trim() }));
        record(tx, ctx, change)?;
        Ok(handed.len())
    }
}

fn known_unit(tx: &mut dyn Tx, ctx: &Context, unit: &str) -> Result<(), Error> {
    let known = definitions::known_definitions(tx, ctx.community)?;
    let mut units = known.iter().flat_map(|one| &one.definition.units);
    if units.any(|one| one.id == unit) {
        return Ok(());
    }
    let unit = unit.chars().take(80).collect();
    Err(Error::NoSuchUnit { unit })
}

/// Brings a new version of a process.
#[derive(Serialize, Deserialize)]
pub struct AddDefinition {
    /// The TOML file.
    pub content: String,
}

impl Command for AddDefinition {
    const NAME: &'static str = "approvals.definition.add";
    type Outcome = (String, String);
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(String, String), Error> {
        ctx.require(ORGANISE)?;
        let definition = definitions::parsed(&self.content)?;
        let (process, version) = (definition.id.clone(), definition.version.clone());
        let known = definitions::known_definitions(tx, ctx.community)?;
        let same = known
            .iter()
            .any(|one| one.definition.id == process && one.definition.version == version);
        if same {
            return Err(Error::VersionKnown { process, version });
        }
        let sha256: [u8; 32] = Sha256::digest(self.content.as_bytes()).into();
        store::insert_definition(tx, ctx, &process, &version, sha256, &self.content)?;
        let subject = format!("process/{process}/{version}");
        let change = Change::new("approvals.definition.added", subject)
            .public(json!({ "sha256": crate::hex(&sha256) }));
        record(tx, ctx, change)?;
        Ok((process, version))
    }
}

/// Brings a year's holiday notice, or a corrected text of one: every due date that it touches is another from now on.
#[derive(Serialize, Deserialize)]
pub struct AddCalendarYear {
    /// The TOML file, as in `policy/working_days`.
    pub content: String,
}

impl Command for AddCalendarYear {
    const NAME: &'static str = "approvals.calendar.add";
    type Outcome = i16;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<i16, Error> {
        ctx.require(ORGANISE)?;
        let year = calendar::check(&self.content)?;
        let known = store::calendar_years(tx, ctx.community)?;
        let before = known.iter().find(|one| one.year == year);
        let revision = before.map_or(0, |one| one.revision) + 1;
        let sha256: [u8; 32] = Sha256::digest(self.content.as_bytes()).into();
        store::insert_calendar_year(tx, ctx, year, revision, sha256, &self.content)?;
        let change = Change::new("approvals.calendar.added", format!("calendar/{year}"))
            .public(json!({ "revision": revision, "sha256": crate::hex(&sha256) }));
        record(tx, ctx, change)?;
        Ok(year)
    }
}
