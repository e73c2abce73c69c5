//! The plan in the solver's terms: numbered jobs with their possible starts and what each start is worth.

use std::collections::HashMap;

use units::Fen;

use crate::math::{At, count};
use crate::model::{Period, Plan, Project};
use crate::{Error, Quarter};

/// Stands for no limit.
pub(crate) const UNLIMITED: i64 = i64::MAX;

/// One start a job may have.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Start {
    /// Quarters from the plan's first.
    pub(crate) at: usize,
    /// What it is worth, in thousandths of a point.
    pub(crate) value: i64,
}

/// A project that may still be placed.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// Its index among the plan's projects.
    pub(crate) project: usize,
    pub(crate) unit: Option<usize>,
    pub(crate) load: i64,
    /// Fen in each of its quarters.
    pub(crate) spend: Vec<i64>,
    pub(crate) must: bool,
    /// What it is worth to leave it out; without meaning if it is a must.
    pub(crate) none: i64,
    /// Where it may start, by time.
    pub(crate) starts: Vec<Start>,
    /// Jobs that must be finished before.
    pub(crate) before: Vec<usize>,
    /// Jobs that wait for it.
    pub(crate) after: Vec<usize>,
}

impl Job {
    pub(crate) fn quarters(&self) -> usize {
        self.spend.len()
    }

    /// What a start is worth, if it is allowed.
    pub(crate) fn value_at(&self, at: usize) -> Option<i64> {
        let found = self
            .starts
            .binary_search_by_key(&at, |start| start.at)
            .ok()?;
        self.starts.get(found).map(|start| start.value)
    }
}

/// The whole of it. Resources are numbered: each quarter's money, each year's, each unit in each quarter.
#[derive(Clone, Debug)]
pub(crate) struct Instance {
    pub(crate) horizon: usize,
    /// The calendar years of the plan.
    pub(crate) years: Vec<i32>,
    /// Each quarter's index among the years.
    pub(crate) year_of: Vec<usize>,
    /// What is left of each resource after what has started.
    pub(crate) limit: Vec<i64>,
    /// What has started takes.
    pub(crate) taken: Vec<i64>,
    pub(crate) jobs: Vec<Job>,
    /// Jobs so that each comes after its prerequisites.
    pub(crate) order: Vec<usize>,
}

impl Instance {
    pub(crate) fn new(plan: &Plan) -> Result<Self, Error> {
        let mut instance = Self::empty(plan);
        instance.take_started(plan)?;
        instance.add_jobs(plan);
        instance.order_jobs();
        instance.spread_musts();
        instance.add_starts(plan)?;
        instance.check_something_fits(plan)?;
        Ok(instance)
    }

    fn empty(plan: &Plan) -> Self {
        let horizon = usize::try_from(plan.quarters).unwrap_or(0);
        let mut years: Vec<i32> = Vec::new();
        let mut year_of = Vec::with_capacity(horizon);
        for at in 0..horizon {
            let year = quarter_at(plan, at).year();
            if years.last() != Some(&year) {
                years.push(year);
            }
            year_of.push(years.len() - 1);
        }
        let mut limit = vec![UNLIMITED; horizon + years.len()];
        for budget in &plan.budgets {
            let resource = match budget.period {
                Period::Quarter(quarter) => offset(plan, quarter),
                Period::Year(year) => years
                    .iter()
                    .position(|known| *known == year)
                    .map(|year| horizon + year),
            };
            if let Some(resource) = resource {
                limit.put(resource, budget.amount.get());
            }
        }
        for unit in &plan.units {
            limit.extend(std::iter::repeat_n(i64::from(unit.capacity), horizon));
        }
        Self {
            horizon,
            years,
            year_of,
            taken: vec![0; limit.len()],
            limit,
            jobs: Vec::new(),
            order: Vec::new(),
        }
    }

    /// The resource of a unit in a quarter.
    pub(crate) fn unit_resource(&self, unit: usize, at: usize) -> usize {
        self.horizon + self.years.len() + unit * self.horizon + at
    }

    /// Tells what a job needs that starts `at`: resource and amount, money by quarter and by year.
    pub(crate) fn needs(&self, job: &Job, at: usize, mut tell: impl FnMut(usize, i64)) {
        let mut year = (usize::MAX, 0_i64);
        for (now, fen) in (at..self.horizon).zip(&job.spend) {
            tell(now, *fen);
            let this = self.year_of.at(now);
            if this != year.0 {
                if year.1 > 0 {
                    tell(self.horizon + year.0, year.1);
                }
                year = (this, 0);
            }
            year.1 += fen;
            if let Some(unit) = job.unit {
                tell(self.unit_resource(unit, now), job.load);
            }
        }
        if year.1 > 0 {
            tell(self.horizon + year.0, year.1);
        }
    }

    /// Each pair of a prerequisite and the job that waits for it.
    pub(crate) fn edges(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let jobs = self.jobs.iter().enumerate();
        jobs.flat_map(|(job, it)| it.before.iter().map(move |before| (*before, job)))
    }

    fn take_started(&mut self, plan: &Plan) -> Result<(), Error> {
        let units = unit_indices(plan);
        for project in &plan.projects {
            let Some(started) = project.started else {
                continue;
            };
            let skip = plan.first.since(started);
            let at = usize::try_from(-skip).unwrap_or(0);
            let past = usize::try_from(skip).unwrap_or(0);
            let mut job = job_of(0, project, &units);
            job.spend.drain(..past.min(job.spend.len()));
            let mut taken = std::mem::take(&mut self.taken);
            self.needs(&job, at, |resource, amount| {
                let sum: i64 = taken.at(resource);
                taken.put(resource, sum.saturating_add(amount));
            });
            self.taken = taken;
        }
        for resource in 0..self.limit.len() {
            let (limit, taken) = (self.limit.at(resource), self.taken.at(resource));
            if limit == UNLIMITED {
                continue;
            }
            if taken > limit {
                return Err(Error::StartedExceeds {
                    limit: self.resource_name(plan, resource),
                    needed: self.amount(resource, taken),
                    available: self.amount(resource, limit),
                });
            }
            self.limit.put(resource, limit - taken);
        }
        Ok(())
    }

    fn add_jobs(&mut self, plan: &Plan) {
        let units = unit_indices(plan);
        let mut number = HashMap::new();
        for (index, project) in plan.projects.iter().enumerate() {
            if project.started.is_none() {
                number.insert(project.id.as_str(), self.jobs.len());
                self.jobs.push(job_of(index, project, &units));
            }
        }
        let mut edges = Vec::new();
        for (job, it) in self.jobs.iter_mut().enumerate() {
            let after = plan.projects.get(it.project).map(|project| &project.after);
            let before = after.into_iter().flatten();
            it.before = before
                .filter_map(|id| number.get(id.as_str()).copied())
                .collect();
            it.before.sort_unstable();
            it.before.dedup();
            edges.extend(it.before.iter().map(|before| (*before, job)));
        }
        for (before, job) in edges {
            if let Some(it) = self.jobs.get_mut(before) {
                it.after.push(job);
            }
        }
    }

    /// Prerequisites first; there is no circle, [`crate::check`] saw to that.
    fn order_jobs(&mut self) {
        let mut open: Vec<usize> = self.jobs.iter().map(|job| job.before.len()).collect();
        let mut ready: Vec<usize> = (0..open.len()).filter(|job| open.at(*job) == 0).collect();
        while let Some(job) = ready.pop() {
            self.order.push(job);
            for after in self.jobs.get(job).into_iter().flat_map(|it| &it.after) {
                let left: usize = open.at(*after) - 1;
                open.put(*after, left);
                if left == 0 {
                    ready.push(*after);
                }
            }
        }
    }

    /// What a must needs is a must.
    fn spread_musts(&mut self) {
        for job in self.order.iter().rev() {
            let Some(it) = self.jobs.get(*job).filter(|it| it.must) else {
                continue;
            };
            for before in it.before.clone() {
                if let Some(before) = self.jobs.get_mut(before) {
                    before.must = true;
                }
            }
        }
    }

    fn add_starts(&mut self, plan: &Plan) -> Result<(), Error> {
        for job in self.order.clone() {
            let Some(it) = self.jobs.get(job) else {
                continue;
            };
            let Some(project) = plan.projects.get(it.project) else {
                continue;
            };
            let window = self.window(plan, it, project);
            let starts: Vec<Start> = window
                .clone()
                .filter(|at| self.fits_alone(it, *at))
                .map(|at| Start {
                    at,
                    value: value(plan, project, Some(at)),
                })
                .collect();
            if it.must && starts.is_empty() {
                let reason = if window.is_empty() {
                    "no quarter lies between its earliest start, its prerequisites and its finish_by: widen them, or plan more quarters".to_owned()
                } else {
                    self.why_alone(plan, it, window.start)
                };
                return Err(Error::NoQuarter {
                    project: project.id.clone(),
                    reason,
                });
            }
            let none = value(plan, project, None);
            if let Some(it) = self.jobs.get_mut(job) {
                it.starts = starts;
                it.none = none;
            }
        }
        Ok(())
    }

    /// Where a project may start by its dates and its prerequisites.
    fn window(&self, plan: &Plan, job: &Job, project: &Project) -> std::ops::Range<usize> {
        let long = job.quarters();
        let mut from = 0_i64;
        let mut to = count(self.horizon);
        if !plan.run_over {
            to = to - count(long) + 1;
        }
        if let Some(earliest) = project.earliest {
            from = from.max(earliest.since(plan.first).into());
        }
        if let Some(finish_by) = project.finish_by {
            to = to.min(i64::from(finish_by.since(plan.first)) - count(long) + 2);
        }
        for id in &project.after {
            let needed = plan.projects.iter().find(|other| other.id == *id);
            if let Some((needed, started)) = needed.and_then(|it| Some((it, it.started?))) {
                let ends = i64::from(started.since(plan.first)) + i64::from(needed.quarters);
                from = from.max(ends);
            }
        }
        for before in job
            .before
            .iter()
            .filter_map(|before| self.jobs.get(*before))
        {
            match before.starts.first() {
                Some(first) => from = from.max(count(first.at + before.quarters())),
                None => to = 0,
            }
        }
        let (from, to) = (
            usize::try_from(from).unwrap_or(0),
            usize::try_from(to).unwrap_or(0),
        );
        from..to.max(from)
    }

    /// Whether a start holds every limit if nothing else is done.
    fn fits_alone(&self, job: &Job, at: usize) -> bool {
        let mut fits = true;
        self.needs(job, at, |resource, amount| {
            fits &= amount <= self.limit.at(resource);
        });
        fits
    }

    /// Which limit a start breaks even if nothing else is done; empty if none.
    pub(crate) fn why_alone(&self, plan: &Plan, job: &Job, at: usize) -> String {
        let mut why = String::new();
        self.needs(job, at, |resource, amount| {
            let available = self.limit.at(resource);
            if amount > available && why.is_empty() {
                why = format!(
                    "even alone it needs {} of {}, where {} is free: raise it, or spread the project",
                    self.amount(resource, amount),
                    self.resource_name(plan, resource),
                    self.amount(resource, available)
                );
            }
        });
        why
    }

    fn check_something_fits(&self, plan: &Plan) -> Result<(), Error> {
        let cheapest = self
            .jobs
            .iter()
            .min_by_key(|job| job.spend.iter().max().copied().unwrap_or(0));
        let Some(cheapest) = cheapest.filter(|_| self.jobs.iter().all(|job| job.starts.is_empty()))
        else {
            return Ok(());
        };
        let id = plan.projects.get(cheapest.project).map(|it| it.id.as_str());
        let id = id.unwrap_or_default();
        let why = (0..self.horizon)
            .map(|at| self.why_alone(plan, cheapest, at))
            .find(|why| !why.is_empty())
            .unwrap_or_else(|| {
                "its dates leave no quarter: widen them, or plan more quarters".to_owned()
            });
        Err(Error::NothingFits {
            reason: format!(
                "no project has a quarter to start in; the least of them is {id}, and {why}"
            ),
        })
    }

    /// A resource in words.
    pub(crate) fn resource_name(&self, plan: &Plan, resource: usize) -> String {
        match self.resource(resource) {
            Resource::Quarter(at) => format!("the budget of {}", quarter_at(plan, at)),
            Resource::Year(year) => format!("the budget of {year}"),
            Resource::Unit(unit, at) => {
                let id = plan.units.get(unit).map(|unit| unit.id.as_str());
                format!(
                    "the capacity of {} in {}",
                    id.unwrap_or_default(),
                    quarter_at(plan, at)
                )
            }
        }
    }

    /// An amount of a resource in words.
    pub(crate) fn amount(&self, resource: usize, amount: i64) -> String {
        match self.resource(resource) {
            Resource::Unit(..) => amount.to_string(),
            _ => format!("{} yuan", Fen::new(amount)),
        }
    }

    /// What a resource's number stands for.
    pub(crate) fn resource(&self, resource: usize) -> Resource {
        if resource < self.horizon {
            return Resource::Quarter(resource);
        }
        let rest = resource - self.horizon;
        if let Some(year) = self.years.get(rest) {
            return Resource::Year(*year);
        }
        let rest = rest - self.years.len();
        Resource::Unit(rest / self.horizon, rest % self.horizon)
    }
}

/// What can be used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resource {
    /// A quarter's money, by its offset.
    Quarter(usize),
    /// A year's money.
    Year(i32),
    /// A unit's capacity in a quarter.
    Unit(usize, usize),
}

/// The quarter at an offset from the plan's first.
pub(crate) fn quarter_at(plan: &Plan, at: usize) -> Quarter {
    plan.first.plus(i32::try_from(at).unwrap_or(i32::MAX))
}

/// A quarter's offset, if the plan has it.
pub(crate) fn offset(plan: &Plan, quarter: Quarter) -> Option<usize> {
    let at = usize::try_from(quarter.since(plan.first)).ok()?;
    (at < usize::try_from(plan.quarters).ok()?).then_some(at)
}

fn unit_indices(plan: &Plan) -> HashMap<&str, usize> {
    let units = plan.units.iter().enumerate();
    units
        .map(|(index, unit)| (unit.id.as_str(), index))
        .collect()
}

fn job_of(index: usize, project: &Project, units: &HashMap<&str, usize>) -> Job {
    Job {
        project: index,
        unit: project
            .unit
            .as_deref()
            .and_then(|id| units.get(id).copied()),
        load: project.load.into(),
        spend: spread(project),
        must: project.must,
        none: 0,
        starts: Vec::new(),
        before: Vec::new(),
        after: Vec::new(),
    }
}

/// The cost by quarter; what doesn't divide comes as early as its parts say, and the sum is exact.
pub(crate) fn spread(project: &Project) -> Vec<i64> {
    let even;
    let parts = if project.spend.is_empty() {
        even = vec![1; usize::try_from(project.quarters).unwrap_or(0)];
        &even
    } else {
        &project.spend
    };
    let whole: i128 = parts.iter().copied().map(i128::from).sum::<i128>().max(1);
    let (mut so_far, mut spent) = (0_i128, 0_i64);
    parts
        .iter()
        .map(|part| {
            so_far += i128::from(*part);
            let due = (i128::from(project.cost.get()) * so_far + whole - 1) / whole;
            let due = i64::try_from(due).unwrap_or(project.cost.get());
            let now = due - spent;
            spent = due;
            now
        })
        .collect()
}

/// What a start, or leaving it out, is worth, in thousandths of a point.
pub(crate) fn value(plan: &Plan, project: &Project, at: Option<usize>) -> i64 {
    let weigh = &plan.preferences;
    let easy = i64::from(weigh.easy_first);
    let ease = (100 - easy) * 100 + easy * i64::from(project.ease);
    let worth = i64::from(project.benefit) * ease;
    let share = |permille: i64| worth / 10 * permille / 1000;
    let planned = project.planned.map(|planned| planned.since(plan.first));
    match at {
        None if planned.is_some() => -share(weigh.drop_permille.into()),
        None => 0,
        Some(at) => {
            let ends = count(at) + i64::from(project.quarters);
            let kept = (1000 - i64::from(weigh.delay_permille) * ends).max(0);
            let moved = planned.map_or(0, |planned| (count(at) - i64::from(planned)).abs());
            share(kept) - share(i64::from(weigh.move_permille) * moved)
        }
    }
}
