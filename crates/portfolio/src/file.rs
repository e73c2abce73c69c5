//! Reads a plan from TOML.

use serde::Deserialize;
use units::Fen;

use crate::model::{Budget, Period, Plan, Preferences, Project, Unit};
use crate::{Error, Quarter, check};

/// Reads and checks a plan. Amounts are in yuan, quarters are written as 2026Q1.
pub fn parse(text: &str) -> Result<Plan, Error> {
    let file: File = toml::from_str(text).map_err(|error| Error::File {
        reason: error.to_string().trim_end().to_owned(),
    })?;
    let plan = file.into_plan()?;
    check::plan(&plan)?;
    Ok(plan)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    first: Quarter,
    quarters: u32,
    #[serde(default)]
    run_over: bool,
    #[serde(default)]
    preferences: PreferencesRow,
    #[serde(default, rename = "budget")]
    budgets: Vec<BudgetRow>,
    #[serde(default, rename = "unit")]
    units: Vec<UnitRow>,
    #[serde(default, rename = "project")]
    projects: Vec<ProjectRow>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct PreferencesRow {
    easy_first: Option<u32>,
    delay_permille: Option<u32>,
    move_permille: Option<u32>,
    drop_permille: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BudgetRow {
    year: Option<i32>,
    quarter: Option<Quarter>,
    yuan: Yuan,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitRow {
    id: String,
    capacity: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProjectRow {
    id: String,
    #[serde(default)]
    name: String,
    unit: Option<String>,
    cost_yuan: Option<Yuan>,
    quarters: u32,
    #[serde(default)]
    spend: Vec<u32>,
    benefit: u32,
    ease: Option<u32>,
    load: Option<u32>,
    #[serde(default)]
    after: Vec<String>,
    #[serde(default)]
    must: bool,
    earliest: Option<Quarter>,
    finish_by: Option<Quarter>,
    started: Option<Quarter>,
    planned: Option<Quarter>,
}

/// An amount in yuan: a whole number, or a text such as "1200000.50"; never a float.
#[derive(Deserialize)]
#[serde(untagged)]
enum Yuan {
    Whole(i64),
    Exact(String),
}

impl Yuan {
    fn fen(&self, what: &str) -> Result<Fen, Error> {
        let (fen, given) = match self {
            Self::Whole(yuan) => (yuan.checked_mul(100).map(Fen::new), yuan.to_string()),
            Self::Exact(text) => (text.parse().ok(), text.clone()),
        };
        fen.ok_or_else(|| Error::Limit {
            what: what.to_owned(),
            given,
            wanted: "an amount in yuan, whole or in quotation marks with at most two decimals"
                .to_owned(),
        })
    }
}

impl File {
    fn into_plan(self) -> Result<Plan, Error> {
        let usual = Preferences::default();
        let preferences = Preferences {
            easy_first: self.preferences.easy_first.unwrap_or(usual.easy_first),
            delay_permille: self
                .preferences
                .delay_permille
                .unwrap_or(usual.delay_permille),
            move_permille: self
                .preferences
                .move_permille
                .unwrap_or(usual.move_permille),
            drop_permille: self
                .preferences
                .drop_permille
                .unwrap_or(usual.drop_permille),
        };
        let units = self.units.into_iter().map(|unit| Unit {
            id: unit.id,
            capacity: unit.capacity,
        });
        let budgets = self.budgets.iter().map(budget);
        let projects = self.projects.into_iter().map(project);
        Ok(Plan {
            first: self.first,
            quarters: self.quarters,
            run_over: self.run_over,
            preferences,
            budgets: budgets.collect::<Result<_, _>>()?,
            units: units.collect(),
            projects: projects.collect::<Result<_, _>>()?,
        })
    }
}

fn budget(row: &BudgetRow) -> Result<Budget, Error> {
    let (period, name) = match (row.year, row.quarter) {
        (Some(year), None) => (Period::Year(year), year.to_string()),
        (None, Some(quarter)) => (Period::Quarter(quarter), quarter.to_string()),
        _ => {
            return Err(Error::Limit {
                what: "a budget's period".to_owned(),
                given: "both or neither".to_owned(),
                wanted: "either `year = 2026` or `quarter = \"2026Q1\"`".to_owned(),
            });
        }
    };
    let amount = row.yuan.fen(&format!("the budget of {name}"))?;
    Ok(Budget { period, amount })
}

fn project(row: ProjectRow) -> Result<Project, Error> {
    let cost = match &row.cost_yuan {
        Some(yuan) => yuan.fen(&format!("the cost of project {}", row.id))?,
        None => return Err(Error::NoCost { project: row.id }),
    };
    Ok(Project {
        id: row.id,
        name: row.name,
        unit: row.unit,
        cost,
        quarters: row.quarters,
        spend: row.spend,
        benefit: row.benefit,
        ease: row.ease.unwrap_or(100),
        load: row.load.unwrap_or(1),
        after: row.after,
        must: row.must,
        earliest: row.earliest,
        finish_by: row.finish_by,
        started: row.started,
        planned: row.planned,
    })
}
