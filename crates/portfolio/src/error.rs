//! What can be wrong with a plan's data, and what to do about it.

use crate::Quarter;

/// Why no plan was made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The file is no TOML, or a field is missing, unknown or of another type.
    #[error("the plan can't be read: {reason}")]
    File {
        /// What the TOML reader says, with line and column.
        reason: String,
    },
    /// A text that names no quarter.
    #[error("`{given}` is no quarter: write a year and a quarter, such as 2026Q1")]
    Quarter {
        /// The text, shortened.
        given: String,
    },
    /// A text that is no gap.
    #[error("`{given}` is no gap: write a percentage from 0% to 100%, such as 1% or 0.5%")]
    Gap {
        /// The text, shortened.
        given: String,
    },
    /// A field that stands outside of its limits.
    #[error("{what} is {given}: it must be {wanted}")]
    Limit {
        /// Which field of what.
        what: String,
        /// The value.
        given: String,
        /// What may stand there.
        wanted: String,
    },
    /// A project has no cost.
    #[error(
        "project {project} has no cost: write cost_yuan above 0; a project that costs nothing needs no place in a budget"
    )]
    NoCost {
        /// The project.
        project: String,
    },
    /// An id stands twice.
    #[error("{what} {id} stands in the plan twice: give each its own id, or remove one")]
    Twice {
        /// Unit, project or budget.
        what: &'static str,
        /// The id or period.
        id: String,
    },
    /// A project names what is not in the plan.
    #[error(
        "project {project} names the {what} {id}, which the plan doesn't have: add it, or correct the id"
    )]
    Unknown {
        /// The project.
        project: String,
        /// Unit or prerequisite.
        what: &'static str,
        /// The id that is missing.
        id: String,
    },
    /// Prerequisites run in a circle.
    #[error("prerequisites run in a circle: {}: remove one of them", .cycle.join(" needs "))]
    Cycle {
        /// The projects in the circle; the first stands at the end again.
        cycle: Vec<String>,
    },
    /// A target date lies before the plan's first quarter.
    #[error(
        "project {project} must be finished by {finish_by}, which is before the plan begins ({first}): set a later date, or start the plan earlier"
    )]
    TargetPast {
        /// The project.
        project: String,
        /// Its target.
        finish_by: Quarter,
        /// The plan's first quarter.
        first: Quarter,
    },
    /// A project that must be done has no quarter to start in.
    #[error("project {project} must be done, and {reason}")]
    NoQuarter {
        /// The project.
        project: String,
        /// Why every quarter is excluded, and what to do.
        reason: String,
    },
    /// What has started already takes more than there is.
    #[error(
        "what has started needs {needed} of {limit}, and there is {available}: raise it, or correct what has started"
    )]
    StartedExceeds {
        /// The budget or capacity with its period.
        limit: String,
        /// What started projects take.
        needed: String,
        /// What there is.
        available: String,
    },
    /// No project fits in the budgets and capacities at all.
    #[error("the budgets allow nothing: {reason}")]
    NothingFits {
        /// What the cheapest project lacks.
        reason: String,
    },
    /// The projects that must be done don't fit together.
    #[error(
        "{} be planned together with all other projects that must be done ({}): raise a budget or capacity, give a later finish_by, or drop a `must`",
        .projects.join(", "),
        if *.proven { "proven" } else { "no way was found in the time given" }
    )]
    MustsDontFit {
        /// Those that found no place.
        projects: Vec<String>,
        /// Whether it is proven, rather than given up.
        proven: bool,
    },
    /// The solver was not compiled in.
    #[error(
        "this program was built without HiGHS: build it with `--features highs`, or use --solver own"
    )]
    NoHighs,
    /// HiGHS failed or answered what does not hold.
    #[error("HiGHS gave no usable answer ({reason}): use --solver own")]
    Highs {
        /// What it said.
        reason: String,
    },
    /// A project that is not in the plan, or not open, was to be moved.
    #[error("project {project} can't be moved: {reason}")]
    Move {
        /// The project.
        project: String,
        /// Why.
        reason: String,
    },
}
