//! What a move by hand costs, and next year's plan made from this year's.

use serde::Serialize;

use crate::model::{Plan, Project};
use crate::outcome::Placed;
use crate::{Error, Limits, Outcome, Quarter, solve};

/// Something that a person wants of one project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// It starts in this quarter.
    To(Quarter),
    /// It is left out.
    Out,
}

/// What a move does to the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MoveCost {
    /// What the plan loses, in thousandths of a point; negative if the search found a better plan than before.
    pub loses: i64,
    /// Other projects that start elsewhere then: before and after.
    pub shifts: Vec<Shift>,
    /// The plan with the move.
    pub outcome: Outcome,
}

/// A project that starts elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shift {
    /// It.
    pub project: String,
    /// Where it started; absent if it was not in the plan.
    pub from: Option<Quarter>,
    /// Where it starts now; absent if it is left out.
    pub to: Option<Quarter>,
}

/// Plans again with one project where a person wants it, and says what that costs.
pub fn move_cost(
    plan: &Plan,
    outcome: &Outcome,
    project: &str,
    wanted: Move,
    limits: &Limits<'_>,
) -> Result<MoveCost, Error> {
    let mut moved = plan.clone();
    let refused = |reason: &str| Error::Move {
        project: project.to_owned(),
        reason: reason.to_owned(),
    };
    let found = moved.projects.iter_mut().find(|it| it.id == project);
    let it = found.ok_or_else(|| refused("the plan doesn't have it: correct the id"))?;
    if it.started.is_some() {
        return Err(refused(
            "it has started: only projects that are still to start can be moved",
        ));
    }
    match wanted {
        Move::To(quarter) => pin(it, quarter),
        Move::Out if it.must => return Err(refused("it must be done: drop its `must` first")),
        Move::Out => {
            let after = i32::try_from(plan.quarters).unwrap_or(i32::MAX);
            it.earliest = Some(plan.first.plus(after));
        }
    }
    let with = solve(&moved, limits)?;
    Ok(MoveCost {
        loses: outcome.value - with.value,
        shifts: shifts(&outcome.placed, &with.placed, project),
        outcome: with,
    })
}

fn pin(project: &mut Project, quarter: Quarter) {
    project.must = true;
    project.earliest = Some(quarter);
    project.finish_by = Some(quarter.plus(i32::try_from(project.quarters).unwrap_or(1) - 1));
}

fn shifts(before: &[Placed], after: &[Placed], but: &str) -> Vec<Shift> {
    let start = |placed: &[Placed], id: &str| {
        let found = placed.iter().find(|it| it.project == id);
        found.map(|it| it.start)
    };
    let mut shifts: Vec<Shift> = Vec::new();
    for it in before.iter().chain(after) {
        let known = shifts.iter().any(|shift| shift.project == it.project);
        let (from, to) = (start(before, &it.project), start(after, &it.project));
        if from != to && !known && it.project != but {
            let project = it.project.clone();
            shifts.push(Shift { project, from, to });
        }
    }
    shifts
}

impl Plan {
    /// The same plan from a later quarter: what is over is gone, what has started stays, what was planned is
    /// where it would rather stay.
    #[must_use]
    pub fn replanned(&self, outcome: &Outcome, first: Quarter) -> Self {
        let mut next = self.clone();
        next.first = first;
        let place = |id: &str| outcome.placed.iter().find(|it| it.project == id);
        let over = |id: &str| place(id).is_some_and(|it| it.end < first);
        next.projects.retain(|it| !over(&it.id));
        for it in &mut next.projects {
            it.after.retain(|id| !over(id));
            let start = place(&it.id).map(|it| it.start);
            it.started = start.filter(|start| *start < first);
            it.planned = start.filter(|start| *start >= first);
        }
        next
    }
}
