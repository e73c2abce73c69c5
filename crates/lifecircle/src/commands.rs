//! What an actor may do to a life circle: the only ways to change one, each one journal entry.

use std::fmt::Write as _;

use db::Tx;
use journal::{Change, Command, record};
use kernel::{Context, Permission};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use street_map::{Datum, FacilityType, FacilityTypes};

use crate::Error;
use crate::lists::List;
use crate::model::{
    CircleId, ListKind, MAX_CHANGES, MAX_LISTS, MAX_MAP_BYTES, MAX_NAME, MapOutcome, OwnId, PLAN,
    PlanChange, ScenarioId, check_text,
};
use crate::store::{self, NewOwn};

/// Every command with the permission it needs; the permission test goes through this list.
pub const COMMANDS: &[(&str, Permission)] = &[
    (<OpenCircle as journal::Command>::NAME, PLAN),
    (<ImportMap as journal::Command>::NAME, PLAN),
    (<NoteReading as journal::Command>::NAME, PLAN),
    (<ChangeTypes as journal::Command>::NAME, PLAN),
    (<ImportList as journal::Command>::NAME, PLAN),
    (<RestateList as journal::Command>::NAME, PLAN),
    (<WithdrawList as journal::Command>::NAME, PLAN),
    (<SaveScenario as journal::Command>::NAME, PLAN),
    (<DropScenario as journal::Command>::NAME, PLAN),
];

/// The longest file name that is kept, in characters.
const MAX_FILE_NAME: usize = 200;

/// Opens a life circle.
#[derive(Serialize, Deserialize)]
pub struct OpenCircle {
    /// What it is called.
    pub name: String,
}

impl Command for OpenCircle {
    const NAME: &'static str = "lifecircle.circle.open";
    type Outcome = CircleId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<CircleId, Error> {
        ctx.require(PLAN)?;
        check_text("name", &self.name, MAX_NAME)?;
        let id = CircleId::from_uuid(ctx.new_uuid());
        let name = self.name.trim();
        store::insert_circle(tx, ctx, id, name)?;
        let change =
            Change::new("lifecircle.circle.opened", subject(id)).public(json!({ "name": name }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// Imports a street map. It is kept as it came; what it holds is read by itself afterwards.
#[derive(Serialize)]
pub struct ImportMap {
    circle: CircleId,
    file_name: String,
    sha256: [u8; 32],
    #[serde(skip)]
    content: Vec<u8>,
}

impl ImportMap {
    /// A map in this file.
    pub fn new(circle: CircleId, file_name: &str, content: Vec<u8>) -> Self {
        Self {
            circle,
            file_name: file_name.chars().take(MAX_FILE_NAME).collect(),
            sha256: Sha256::digest(&content).into(),
            content,
        }
    }
}

impl Command for ImportMap {
    const NAME: &'static str = "lifecircle.map.import";
    type Outcome = u32;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<u32, Error> {
        ctx.require(PLAN)?;
        if self.content.len() > MAX_MAP_BYTES {
            return Err(Error::MapSize {
                bytes: self.content.len(),
            });
        }
        street_map::begins_as_map(&self.content).map_err(|fault| Error::NotAMap {
            reason: fault.to_string(),
        })?;
        let circle = store::circle(tx, ctx.community, self.circle)?;
        let number = circle
            .maps
            .last()
            .map_or(0, |map| map.number)
            .saturating_add(1);
        let file = (
            self.file_name.as_str(),
            self.sha256,
            self.content.as_slice(),
        );
        store::insert_map(tx, ctx, self.circle, number, file)?;
        let change = Change::new("lifecircle.map.imported", subject(self.circle)).public(json!({
            "number": number,
            "file_name": self.file_name,
            "sha256": hex(&self.sha256),
            "bytes": self.content.len(),
        }));
        record(tx, ctx, change)?;
        Ok(number)
    }
}

/// Keeps what a map held, or why it could not be read. Linli does so by itself once it has read one.
#[derive(Serialize, Deserialize)]
pub struct NoteReading {
    /// The circle.
    pub circle: CircleId,
    /// The map's number.
    pub number: u32,
    /// What became of it.
    pub outcome: MapOutcome,
}

impl Command for NoteReading {
    const NAME: &'static str = "lifecircle.map.note";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(PLAN)?;
        let circle = store::circle(tx, ctx.community, self.circle)?;
        let known = circle.maps.iter().any(|map| map.number == self.number);
        if !known || store::has_reading(tx, ctx, self.circle, self.number)? {
            return Err(Error::NoSuchPart { what: "map" });
        }
        store::insert_reading(tx, ctx, self.circle, self.number, &self.outcome)?;
        let change = Change::new("lifecircle.map.read", subject(self.circle))
            .public(json!({ "number": self.number, "outcome": self.outcome }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Changes the types of facilities of a circle.
#[derive(Serialize, Deserialize)]
pub struct ChangeTypes {
    /// The circle.
    pub circle: CircleId,
    /// All types from now on.
    pub types: Vec<FacilityType>,
}

impl Command for ChangeTypes {
    const NAME: &'static str = "lifecircle.types.change";
    type Outcome = u32;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<u32, Error> {
        ctx.require(PLAN)?;
        let circle = store::circle(tx, ctx.community, self.circle)?;
        FacilityTypes::builtin()
            .and_then(|builtin| builtin.with(self.types.clone()))
            .map_err(|fault| Error::Types {
                reason: fault.to_string(),
            })?;
        let number = circle.types.unwrap_or(0).saturating_add(1);
        store::insert_types(tx, ctx, self.circle, number, &self.types)?;
        let change = Change::new("lifecircle.types.changed", subject(self.circle))
            .public(json!({ "number": number, "types": self.types }));
        record(tx, ctx, change)?;
        Ok(number)
    }
}

/// Imports a list of the circle's own.
#[derive(Serialize, Deserialize)]
pub struct ImportList {
    /// The circle.
    pub circle: CircleId,
    /// What it holds.
    pub kind: ListKind,
    /// Its file's name.
    pub file_name: String,
    /// The datum of its coordinates, by its name.
    pub datum: String,
    /// Whether longitude and latitude stand in each other's place.
    pub swapped: bool,
    /// What was read of it.
    pub list: List,
}

impl Command for ImportList {
    const NAME: &'static str = "lifecircle.list.import";
    type Outcome = OwnId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<OwnId, Error> {
        ctx.require(PLAN)?;
        let circle = store::circle(tx, ctx.community, self.circle)?;
        let count = circle
            .lists
            .iter()
            .filter(|list| list.withdrawn.is_none())
            .count()
            + 1;
        if count > MAX_LISTS {
            return Err(Error::TooMany {
                what: "lists",
                count,
                max: MAX_LISTS,
            });
        }
        let content = store::json_of(&self.list)?;
        let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let file_name: String = self.file_name.chars().take(MAX_FILE_NAME).collect();
        let own = NewOwn {
            id: OwnId::from_uuid(ctx.new_uuid()),
            kind: self.kind,
            file_name: &file_name,
            sha256: Sha256::digest(content.as_bytes()).into(),
            datum: Datum::from_name(&self.datum).ok_or(Error::Blank { field: "datum" })?,
            swapped: self.swapped,
            features: number(self.list.features.len()),
            faults: number(self.list.faults.len() + self.list.more_faults),
            content: &content,
        };
        store::insert_own(tx, ctx, self.circle, &own)?;
        let change = Change::new("lifecircle.list.imported", subject(self.circle)).public(json!({
            "list": own.id,
            "kind": own.kind,
            "file_name": own.file_name,
            "sha256": hex(&own.sha256),
            "datum": own.datum.name(),
            "swapped": own.swapped,
            "features": own.features,
            "faults": own.faults,
        }));
        record(tx, ctx, change)?;
        Ok(own.id)
    }
}

/// Says anew in which datum a list's coordinates are.
#[derive(Serialize, Deserialize)]
pub struct RestateList {
    /// The circle.
    pub circle: CircleId,
    /// The list.
    pub list: OwnId,
    /// The datum, by its name.
    pub datum: String,
    /// Whether longitude and latitude stand in each other's place.
    pub swapped: bool,
}

impl Command for RestateList {
    const NAME: &'static str = "lifecircle.list.restate";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(PLAN)?;
        let datum = Datum::from_name(&self.datum).ok_or(Error::Blank { field: "datum" })?;
        let read = (datum, self.swapped);
        if store::restate_own(tx, ctx, self.circle, self.list, read)? == 0 {
            return Err(Error::NoSuchPart { what: "list" });
        }
        let change = Change::new("lifecircle.list.restated", subject(self.circle)).public(json!({
            "list": self.list,
            "datum": datum.name(),
            "swapped": self.swapped,
        }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Takes a list out of use. It stays on the record.
#[derive(Serialize, Deserialize)]
pub struct WithdrawList {
    /// The circle.
    pub circle: CircleId,
    /// The list.
    pub list: OwnId,
}

impl Command for WithdrawList {
    const NAME: &'static str = "lifecircle.list.withdraw";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(PLAN)?;
        if store::withdraw_own(tx, ctx, self.circle, self.list)? == 0 {
            return Err(Error::NoSuchPart { what: "list" });
        }
        let change = Change::new("lifecircle.list.withdrawn", subject(self.circle))
            .public(json!({ "list": self.list }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Saves a scenario.
#[derive(Serialize, Deserialize)]
pub struct SaveScenario {
    /// The circle.
    pub circle: CircleId,
    /// What it is called.
    pub name: String,
    /// What would be built or closed.
    pub changes: Vec<PlanChange>,
}

impl Command for SaveScenario {
    const NAME: &'static str = "lifecircle.scenario.save";
    type Outcome = ScenarioId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<ScenarioId, Error> {
        ctx.require(PLAN)?;
        check_text("name", &self.name, MAX_NAME)?;
        if self.changes.is_empty() {
            return Err(Error::Blank { field: "changes" });
        }
        if self.changes.len() > MAX_CHANGES {
            let count = self.changes.len();
            return Err(Error::TooMany {
                what: "changes",
                count,
                max: MAX_CHANGES,
            });
        }
        store::circle(tx, ctx.community, self.circle)?;
        let id = ScenarioId::from_uuid(ctx.new_uuid());
        store::insert_scenario(tx, ctx, self.circle, id, (self.name.trim(), &self.changes))?;
        let change = Change::new("lifecircle.scenario.saved", subject(self.circle)).public(json!({
            "scenario": id,
            "name": self.name.trim(),
            "changes": self.changes,
        }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// Drops a scenario. It stays on the record.
#[derive(Serialize, Deserialize)]
pub struct DropScenario {
    /// The circle.
    pub circle: CircleId,
    /// The scenario.
    pub scenario: ScenarioId,
}

impl Command for DropScenario {
    const NAME: &'static str = "lifecircle.scenario.drop";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(PLAN)?;
        if store::drop_scenario(tx, ctx, self.circle, self.scenario)? == 0 {
            return Err(Error::NoSuchPart { what: "scenario" });
        }
        let change = Change::new("lifecircle.scenario.dropped", subject(self.circle))
            .public(json!({ "scenario": self.scenario }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// The subject under which the journal keeps a circle's history.
fn subject(id: CircleId) -> String {
    format!("lifecircle/{id}")
}

/// Bytes in hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
