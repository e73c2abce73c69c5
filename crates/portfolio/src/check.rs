//! Checks a plan's data before anything is reckoned.

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;

use crate::Error;
use crate::model::{Period, Plan, Project};

/// The most fen in one amount: a hundred billion yuan.
const MOST_FEN: i64 = 10_000_000_000_000;
/// The most points of benefit a project may have.
const MOST_BENEFIT: u32 = 100_000_000;

/// Refuses what no plan can be made from.
pub(crate) fn plan(plan: &Plan) -> Result<(), Error> {
    within("quarters", plan.quarters.into(), 1..=Plan::QUARTERS.into())?;
    let projects = i64::try_from(plan.projects.len()).unwrap_or(i64::MAX);
    let most = i64::try_from(Plan::PROJECTS).unwrap_or(i64::MAX);
    within("the number of projects", projects, 1..=most)?;
    preferences(plan)?;
    budgets(plan)?;
    units(plan)?;
    ids(plan)?;
    for one in &plan.projects {
        project(plan, one)?;
    }
    circles(&plan.projects)
}

fn within(what: &str, given: i64, wanted: RangeInclusive<i64>) -> Result<(), Error> {
    if wanted.contains(&given) {
        return Ok(());
    }
    Err(Error::Limit {
        what: what.to_owned(),
        given: given.to_string(),
        wanted: format!("{} to {}", wanted.start(), wanted.end()),
    })
}

fn preferences(plan: &Plan) -> Result<(), Error> {
    let preferences = &plan.preferences;
    within("easy_first", preferences.easy_first.into(), 0..=100)?;
    within(
        "delay_permille",
        preferences.delay_permille.into(),
        0..=1000,
    )?;
    within("move_permille", preferences.move_permille.into(), 0..=1000)?;
    within("drop_permille", preferences.drop_permille.into(), 0..=1000)
}

fn budgets(plan: &Plan) -> Result<(), Error> {
    let mut seen = HashSet::new();
    for budget in &plan.budgets {
        let id = match budget.period {
            Period::Quarter(quarter) => quarter.to_string(),
            Period::Year(year) => year.to_string(),
        };
        within(
            &format!("the budget of {id} in fen"),
            budget.amount.get(),
            0..=MOST_FEN,
        )?;
        if !seen.insert(budget.period) {
            return Err(Error::Twice { what: "budget", id });
        }
    }
    Ok(())
}

fn units(plan: &Plan) -> Result<(), Error> {
    let mut seen = HashSet::new();
    for unit in &plan.units {
        let capacity = format!("the capacity of unit {}", unit.id);
        within(&capacity, unit.capacity.into(), 0..=1_000_000)?;
        if !seen.insert(&unit.id) {
            let id = unit.id.clone();
            return Err(Error::Twice { what: "unit", id });
        }
    }
    Ok(())
}

fn ids(plan: &Plan) -> Result<(), Error> {
    let units: HashSet<&str> = plan.units.iter().map(|unit| unit.id.as_str()).collect();
    let mut projects = HashSet::new();
    for project in &plan.projects {
        if project.id.is_empty() || project.id.chars().count() > 100 {
            return Err(Error::Limit {
                what: "a project's id".to_owned(),
                given: format!("`{}`", project.id.chars().take(20).collect::<String>()),
                wanted: "1 to 100 characters".to_owned(),
            });
        }
        if !projects.insert(project.id.as_str()) {
            let id = project.id.clone();
            return Err(Error::Twice {
                what: "project",
                id,
            });
        }
    }
    for project in &plan.projects {
        let unknown = |what, id: &str| Error::Unknown {
            project: project.id.clone(),
            what,
            id: id.to_owned(),
        };
        if let Some(unit) = project.unit.as_deref().filter(|unit| !units.contains(unit)) {
            return Err(unknown("unit", unit));
        }
        if let Some(id) = project
            .after
            .iter()
            .find(|id| !projects.contains(id.as_str()))
        {
            return Err(unknown("prerequisite", id));
        }
    }
    Ok(())
}

fn project(plan: &Plan, project: &Project) -> Result<(), Error> {
    let id = &project.id;
    if project.cost.get() == 0 {
        let project = id.clone();
        return Err(Error::NoCost { project });
    }
    let of = |what: &str| format!("the {what} of project {id}");
    within(&of("cost in fen"), project.cost.get(), 1..=MOST_FEN)?;
    within(
        &of("quarters"),
        project.quarters.into(),
        1..=Plan::QUARTERS.into(),
    )?;
    within(
        &of("benefit"),
        project.benefit.into(),
        0..=MOST_BENEFIT.into(),
    )?;
    within(&of("ease"), project.ease.into(), 0..=100)?;
    within(&of("load"), project.load.into(), 0..=1_000_000)?;
    spend(project)?;
    match project.finish_by {
        Some(finish_by) if finish_by < plan.first && project.started.is_none() => {
            Err(Error::TargetPast {
                project: id.clone(),
                finish_by,
                first: plan.first,
            })
        }
        _ => Ok(()),
    }
}

fn spend(project: &Project) -> Result<(), Error> {
    let parts: u64 = project.spend.iter().copied().map(u64::from).sum();
    let as_long = u32::try_from(project.spend.len()).ok() == Some(project.quarters);
    if project.spend.is_empty() || (as_long && (1..=1_000_000).contains(&parts)) {
        return Ok(());
    }
    Err(Error::Limit {
        what: format!("the spend of project {}", project.id),
        given: format!("{} parts that sum to {parts}", project.spend.len()),
        wanted: format!(
            "{} parts, one for each quarter, that sum to 1 to 1000000",
            project.quarters
        ),
    })
}

/// Walks prerequisites with a stack of its own: a chain may be as long as the plan.
fn circles(projects: &[Project]) -> Result<(), Error> {
    let by_id: HashMap<&str, &Project> = projects
        .iter()
        .map(|project| (project.id.as_str(), project))
        .collect();
    let mut done: HashSet<&str> = HashSet::new();
    for start in projects {
        if done.contains(start.id.as_str()) {
            continue;
        }
        let mut path: Vec<(&Project, usize)> = vec![(start, 0)];
        let mut on_path: HashSet<&str> = HashSet::from([start.id.as_str()]);
        while let Some((project, next)) = path.last_mut() {
            let project: &Project = project;
            let id = project.id.as_str();
            let needed = project.after.get(*next).map(String::as_str);
            *next += 1;
            match needed {
                None => {
                    on_path.remove(id);
                    done.insert(id);
                    path.pop();
                }
                Some(needed) if on_path.contains(needed) => return Err(circle(&path, needed)),
                Some(needed) => {
                    if let Some(project) = by_id.get(needed).filter(|_| !done.contains(needed)) {
                        on_path.insert(needed);
                        path.push((project, 0));
                    }
                }
            }
        }
    }
    Ok(())
}

fn circle(path: &[(&Project, usize)], closing: &str) -> Error {
    let ids = path.iter().map(|(project, _)| project.id.as_str());
    let mut cycle: Vec<String> = ids
        .skip_while(|id| *id != closing)
        .map(str::to_owned)
        .collect();
    cycle.push(closing.to_owned());
    Error::Cycle { cycle }
}
