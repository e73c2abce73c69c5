//! A plan's data as people give it: projects, units, budgets, preferences.

use units::Fen;

use crate::Quarter;

/// Everything that a rolling plan is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The first quarter that is planned.
    pub first: Quarter,
    /// How many quarters are planned, 1 to [`Plan::QUARTERS`].
    pub quarters: u32,
    /// Whether a project may end after the last planned quarter; what it needs then is no matter of this plan.
    pub run_over: bool,
    /// What counts for how much.
    pub preferences: Preferences,
    /// Money: by quarter, by year, or both. A period without a budget has no limit.
    pub budgets: Vec<Budget>,
    /// Units that lead projects, with what each can carry at a time.
    pub units: Vec<Unit>,
    /// The projects to choose from.
    pub projects: Vec<Project>,
}

impl Plan {
    /// The longest plan: twenty years.
    pub const QUARTERS: u32 = 80;
    /// The most projects in a plan.
    pub const PROJECTS: usize = 20_000;
}

/// How a project's worth is reckoned.
///
/// A project's full worth is its benefit, of which `easy_first` percent count only as far as the project is
/// easy. Each quarter from the plan's beginning to the project's end takes `delay_permille` of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preferences {
    /// Percent of the benefit that depends on ease (先易后难), 0 to 100.
    pub easy_first: u32,
    /// Thousandths of the worth that are lost for each quarter until the project is done, 0 to 1000.
    pub delay_permille: u32,
    /// Thousandths of the worth that a planned project loses for each quarter it is moved, 0 to 1000.
    pub move_permille: u32,
    /// Thousandths of the worth that are lost where a planned project is dropped, 0 to 1000.
    pub drop_permille: u32,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            easy_first: 50,
            delay_permille: 20,
            move_permille: 20,
            drop_permille: 200,
        }
    }
}

/// What a budget is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// One quarter.
    Quarter(Quarter),
    /// A calendar year; quarters of it outside of the plan count for nothing.
    Year(i32),
}

/// Money that may be spent in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// When.
    pub period: Period,
    /// How much.
    pub amount: Fen,
}

/// A unit and what it can carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its id.
    pub id: String,
    /// How much load it carries in one quarter; a project is a load of 1 unless it says otherwise.
    pub capacity: u32,
}

/// A project to place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Its id.
    pub id: String,
    /// Its name, which may be empty.
    pub name: String,
    /// The unit that leads it.
    pub unit: Option<String>,
    /// What it costs in all.
    pub cost: Fen,
    /// How many quarters it takes.
    pub quarters: u32,
    /// How the cost spreads over its quarters, in parts; even if empty.
    pub spend: Vec<u32>,
    /// What it is good for, in points such as households served.
    pub benefit: u32,
    /// How easy it is, 0 to 100, such as its readiness.
    pub ease: u32,
    /// How much of its unit's capacity it takes.
    pub load: u32,
    /// Projects that must be finished before it starts.
    pub after: Vec<String>,
    /// Whether every plan must have it.
    pub must: bool,
    /// The first quarter it may start in.
    pub earliest: Option<Quarter>,
    /// The last quarter it may end in.
    pub finish_by: Option<Quarter>,
    /// When it started, if it has; then it is no choice any more.
    pub started: Option<Quarter>,
    /// Where the plan before this one put its start.
    pub planned: Option<Quarter>,
}
