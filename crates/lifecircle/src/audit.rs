//! The audit of life circles: every row compared with what the journal tells of it, every file with its SHA-256.

use std::collections::HashMap;

use db::{Read, Value};
use journal::{Audited, Expected, Findings};
use kernel::{CommunityId, Timestamp, Uuid};
use serde::Deserialize;
use street_map::FacilityType;

use crate::Error;
use crate::model::{CircleId, MapOutcome, OwnId, PlanChange, ScenarioId};
use crate::store;

/// The life circles of a community as its journal tells them, gathered while the journal is audited.
pub struct Audit {
    expected: Expected,
    names: HashMap<CircleId, String>,
    lists: HashMap<OwnId, ListTold>,
    scenarios: HashMap<ScenarioId, ScenarioTold>,
    findings: Findings,
}

/// What the comparison came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proved {
    /// Rows of all tables that stand as the journal tells them.
    pub rows: u64,
    /// What does not hold.
    pub findings: Findings,
}

#[derive(Deserialize)]
struct Opened {
    name: String,
}

#[derive(Deserialize)]
struct Imported {
    number: u32,
    file_name: String,
    sha256: String,
}

#[derive(Deserialize)]
struct WasRead {
    number: u32,
    outcome: MapOutcome,
}

#[derive(Deserialize)]
struct TypesTold {
    number: u32,
    types: Vec<FacilityType>,
}

/// A list as its entries tell it so far.
struct ListTold {
    circle: CircleId,
    told: Listed,
    by: Uuid,
    at: Timestamp,
    withdrawn: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Listed {
    list: OwnId,
    kind: String,
    file_name: String,
    sha256: String,
    datum: String,
    swapped: bool,
    features: i64,
    faults: i64,
}

#[derive(Deserialize)]
struct Restated {
    list: OwnId,
    datum: String,
    swapped: bool,
}

#[derive(Deserialize)]
struct Withdrawn {
    list: OwnId,
}

#[derive(Deserialize)]
struct Saved {
    scenario: ScenarioId,
    name: String,
    changes: Vec<PlanChange>,
}

/// A scenario as it was saved.
struct ScenarioTold {
    told: Saved,
    by: Uuid,
    at: Timestamp,
}

#[derive(Deserialize)]
struct Dropped {
    scenario: ScenarioId,
}

impl Default for Audit {
    fn default() -> Self {
        Self::new()
    }
}

impl Audit {
    /// Nothing gathered yet.
    pub fn new() -> Self {
        Self {
            expected: Expected::new(store::audit::TABLES),
            names: HashMap::new(),
            lists: HashMap::new(),
            scenarios: HashMap::new(),
            findings: Findings::default(),
        }
    }

    /// Takes note of an entry; entries come in the journal's order.
    pub fn see(&mut self, seen: &Audited<'_>) {
        if self.tell(seen).is_none() {
            let what = format!(
                "entry {} ({}) can't be read",
                seen.entry.position, seen.entry.kind
            );
            self.findings.add("journal_entry", what);
        }
    }

    /// Expects the rows that an entry tells; `None` if it can't be read.
    fn tell(&mut self, seen: &Audited<'_>) -> Option<()> {
        let entry = seen.entry;
        let Some(kind) = entry.kind.strip_prefix("lifecircle.") else {
            return Some(());
        };
        let id: CircleId = entry.subject.split('/').nth(1)?.parse().ok()?;
        let (position, by, at) = (entry.position, entry.actor, entry.at);
        let public = &entry.public;
        match kind {
            "circle.opened" => {
                let told: Opened = json(public)?;
                let row = [id.into(), told.name.as_str().into(), by.into(), at.into()];
                self.expected.row("life_circle", position, &row);
                self.names.insert(id, told.name);
            }
            "map.imported" => {
                let told: Imported = json(public)?;
                let row = [
                    id.into(),
                    told.number.into(),
                    told.file_name.into(),
                    bytes(&told.sha256)?.into(),
                    by.into(),
                    at.into(),
                ];
                self.expected.row("life_circle_map", position, &row);
            }
            "map.read" => {
                let told: WasRead = json(public)?;
                let outcome = store::json_of(&told.outcome).ok()?;
                let row = [id.into(), told.number.into(), outcome.into(), at.into()];
                self.expected.row("life_circle_reading", position, &row);
            }
            "types.changed" => {
                let told: TypesTold = json(public)?;
                let types = store::json_of(&told.types).ok()?;
                let row = [
                    id.into(),
                    told.number.into(),
                    types.into(),
                    by.into(),
                    at.into(),
                ];
                self.expected.row("life_circle_types", position, &row);
            }
            _ => return self.tell_more(kind, id, seen),
        }
        Some(())
    }

    /// The same for lists and scenarios, whose rows change.
    fn tell_more(&mut self, kind: &str, circle: CircleId, seen: &Audited<'_>) -> Option<()> {
        let entry = seen.entry;
        let (by, at) = (entry.actor, entry.at);
        match kind {
            "list.imported" => {
                let told: Listed = json(&entry.public)?;
                let id = told.list;
                let list = ListTold {
                    circle,
                    told,
                    by,
                    at,
                    withdrawn: None,
                };
                self.lists.insert(id, list);
                self.expect_list(id, entry.position)?;
            }
            "list.restated" => {
                let told: Restated = json(&entry.public)?;
                let list = self.lists.get_mut(&told.list)?;
                list.told.datum = told.datum;
                list.told.swapped = told.swapped;
                self.expect_list(told.list, entry.position)?;
            }
            "list.withdrawn" => {
                let told: Withdrawn = json(&entry.public)?;
                self.lists.get_mut(&told.list)?.withdrawn = Some(at);
                self.expect_list(told.list, entry.position)?;
            }
            "scenario.saved" => {
                let told: Saved = json(&entry.public)?;
                let id = told.scenario;
                self.scenarios.insert(id, ScenarioTold { told, by, at });
                self.expect_scenario(circle, id, None, entry.position)?;
            }
            "scenario.dropped" => {
                let told: Dropped = json(&entry.public)?;
                self.expect_scenario(circle, told.scenario, Some(at), entry.position)?;
            }
            _ => {}
        }
        Some(())
    }

    fn expect_list(&mut self, id: OwnId, position: u64) -> Option<()> {
        let ListTold {
            circle,
            told,
            by,
            at,
            withdrawn,
        } = self.lists.get(&id)?;
        let row = [
            (*circle).into(),
            id.into(),
            told.kind.as_str().into(),
            told.file_name.as_str().into(),
            bytes(&told.sha256)?.into(),
            told.datum.as_str().into(),
            told.swapped.into(),
            told.features.into(),
            told.faults.into(),
            (*by).into(),
            (*at).into(),
            (*withdrawn).into(),
        ];
        self.expected.row("life_circle_own", position, &row);
        Some(())
    }

    fn expect_scenario(
        &mut self,
        circle: CircleId,
        id: ScenarioId,
        dropped: Option<Timestamp>,
        position: u64,
    ) -> Option<()> {
        let ScenarioTold { told, by, at } = self.scenarios.get(&id)?;
        let row = [
            circle.into(),
            id.into(),
            told.name.as_str().into(),
            store::json_of(&told.changes).ok()?.into(),
            (*by).into(),
            (*at).into(),
            dropped.into(),
        ];
        self.expected.row("life_circle_scenario", position, &row);
        Some(())
    }

    /// Compares the tables with what was gathered.
    ///
    /// # Errors
    /// [`Error::Database`] if a table can't be read.
    pub fn compare(self, read: &mut dyn Read, community: CommunityId) -> Result<Proved, Error> {
        let Self {
            expected,
            names,
            mut findings,
            ..
        } = self;
        let named = |_: &mut dyn Read, column: &'static str, value: &Value| {
            Ok(match (column, value) {
                ("circle_id", Value::Bytes(bytes)) => CircleId::from_bytes(bytes)
                    .and_then(|id| names.get(&id))
                    .map(|name| format!("“{name}”")),
                _ => None,
            })
        };
        let (mut maps, mut lists) = (Vec::new(), Vec::new());
        let compared = expected.compare(
            read,
            community,
            &mut { named },
            &mut |table, row, _| {
                let circle = row.get::<CircleId>(0);
                if let ("life_circle_map", Ok(circle), Ok(number)) =
                    (table.name, &circle, row.get::<u32>(1))
                {
                    maps.push((*circle, number));
                }
                if let ("life_circle_own", Ok(circle), Ok(own)) =
                    (table.name, &circle, row.get::<OwnId>(1))
                {
                    lists.push((*circle, own));
                }
            },
            &mut findings,
        )?;
        for (circle, number) in maps {
            if store::audit::map_is_whole(read, community, circle, number)? == Some(false) {
                let what = format!(
                    "map {number} of life circle {circle}: its content does not have its SHA-256"
                );
                findings.add("life_circle_map", what);
            }
        }
        for (circle, own) in lists {
            if store::audit::own_is_whole(read, community, circle, own)? == Some(false) {
                let what = format!(
                    "list {own} of life circle {circle}: its content does not have its SHA-256"
                );
                findings.add("life_circle_own", what);
            }
        }
        Ok(Proved {
            rows: compared.rows,
            findings,
        })
    }
}

fn json<T: serde::de::DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}

/// Bytes of their hex.
fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits = hex.as_bytes().chunks(2);
    digits
        .map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}
