//! Areas that are ten times too large or too small: the most common slip of the keyboard, and one that decides votes.

use std::collections::HashMap;

use units::Area;

use super::plan::ImportPlan;
use super::state::RollState;
use super::{Notes, line};
use crate::model::UnitUse;

/// How many units a median needs to say anything.
const ENOUGH: usize = 3;
/// How many times the median, or the unit's own area so far, asks for a second look: a point that slipped by one place
/// makes ten times of any unit from half the median up, and a tenth of any up to its double. `linli ballot resolution`
/// warns from the same.
const FOLD: i64 = 5;

/// Asks to confirm each new or changed area that is at least five times, or at most a fifth of, the median of its
/// building's units of the same use (of the community's where the building has too few), and each that changes so much.
pub(super) fn look_for_outliers(plan: &ImportPlan, current: &RollState, notes: &mut Notes) {
    let all = areas(plan, current);
    let medians: HashMap<Scope<'_>, i64> = all
        .into_iter()
        .filter_map(|(scope, areas)| Some((scope, median(areas)?)))
        .collect();
    for unit in &plan.units {
        let area = unit.after.exclusive_area;
        if unit
            .current
            .as_ref()
            .is_some_and(|current| current.facts.exclusive_area == area)
        {
            continue;
        }
        let unit_use = unit.after.unit_use;
        let before = unit
            .current
            .as_ref()
            .map(|current| current.facts.exclusive_area);
        if let Some(before) = before.filter(|before| is_far(area.get(), before.get())) {
            notes.confirm(
                &line(unit.line),
                "people-import-area-jump",
                &[("unit", &unit.label), ("area", &area), ("before", &before)],
            );
            continue;
        }
        let building = medians.get(&(Some(unit.label.building.as_str()), unit_use));
        let Some(median) = building.or_else(|| medians.get(&(None, unit_use))) else {
            continue;
        };
        if is_far(area.get(), *median) {
            let median = Area::new(*median).unwrap_or_default();
            notes.confirm(
                &line(unit.line),
                "people-import-area-outlier",
                &[("unit", &unit.label), ("area", &area), ("median", &median)],
            );
        }
    }
}

fn is_far(area: i64, from: i64) -> bool {
    area >= from.saturating_mul(FOLD) || area.saturating_mul(FOLD) <= from
}

/// A building, or with `None` the whole community, and a use.
type Scope<'a> = (Option<&'a str>, UnitUse);

fn areas<'a>(plan: &'a ImportPlan, current: &'a RollState) -> HashMap<Scope<'a>, Vec<i64>> {
    let in_file = plan
        .units
        .iter()
        .map(|unit| (unit.label.building.as_str(), unit.after));
    let planned: std::collections::HashSet<_> = plan.units.iter().map(|unit| &unit.label).collect();
    let on_roll = current
        .units
        .iter()
        .filter(|unit| !planned.contains(&unit.label))
        .map(|unit| (unit.label.building.as_str(), unit.facts));
    let mut areas: HashMap<Scope<'a>, Vec<i64>> = HashMap::new();
    for (building, facts) in in_file.chain(on_roll) {
        for scope in [Some(building), None] {
            areas
                .entry((scope, facts.unit_use))
                .or_default()
                .push(facts.exclusive_area.get());
        }
    }
    areas
}

/// The middle area, the upper of two; `None` of too few.
fn median(mut areas: Vec<i64>) -> Option<i64> {
    if areas.len() < ENOUGH {
        return None;
    }
    let middle = areas.len() / 2;
    Some(*areas.select_nth_unstable(middle).1)
}
