//! A plan in the making: what is placed where, and what that uses up.

use crate::instance::Instance;
use crate::math::{At, count};

/// Weighs heavier than any value, so that a plan with fewer musts missing always wins.
const MUST: i128 = 1 << 80;

/// Jobs at their starts; every limit and every prerequisite holds at any time.
#[derive(Clone, Debug)]
pub(crate) struct Placement<'a> {
    pub(crate) instance: &'a Instance,
    pub(crate) used: Vec<i64>,
    pub(crate) start: Vec<Option<usize>>,
    score: i128,
}

impl<'a> Placement<'a> {
    /// Nothing placed.
    pub(crate) fn new(instance: &'a Instance) -> Self {
        Self {
            instance,
            used: vec![0; instance.limit.len()],
            start: vec![None; instance.jobs.len()],
            score: instance
                .jobs
                .iter()
                .map(|job| nothing(job.must, job.none))
                .sum(),
        }
    }

    /// Starts that came from elsewhere, if they hold everything.
    pub(crate) fn of(instance: &'a Instance, starts: &[Option<usize>]) -> Option<Self> {
        let mut made = Self::new(instance);
        for job in &instance.order {
            if let Some(at) = starts.at(*job)
                && !made.place(*job, at)
            {
                return None;
            }
        }
        Some(made)
    }

    /// Higher is better; comparable between plans of the same instance.
    pub(crate) fn score(&self) -> i128 {
        self.score
    }

    /// The value of a plan that leaves out no must.
    pub(crate) fn value(&self) -> Option<i64> {
        i64::try_from(self.score).ok()
    }

    /// Musts that have no place.
    pub(crate) fn missing(&self) -> Vec<usize> {
        let jobs = self.instance.jobs.iter().enumerate();
        jobs.filter(|(job, it)| it.must && self.start.at(*job).is_none())
            .map(|(job, _)| job)
            .collect()
    }

    /// The quarters in which prerequisites and waiting jobs leave room for a start; `None` if a prerequisite is missing.
    pub(crate) fn window(&self, job: usize) -> Option<(usize, usize)> {
        let it = self.instance.jobs.get(job)?;
        let mut from = 0;
        for before in &it.before {
            let at = self.start.at(*before)?;
            from = from.max(at + self.instance.jobs.get(*before)?.quarters());
        }
        let mut to = self.instance.horizon;
        for after in &it.after {
            if let Some(at) = self.start.at(*after) {
                to = to.min((at + 1).checked_sub(it.quarters())?);
            }
        }
        Some((from, to))
    }

    /// Whether the limits leave room for a job that starts `at`.
    pub(crate) fn fits(&self, job: usize, at: usize) -> bool {
        let Some(it) = self.instance.jobs.get(job) else {
            return false;
        };
        let mut fits = true;
        self.instance.needs(it, at, |resource, amount| {
            fits &= amount <= self.instance.limit.at(resource) - self.used.at(resource);
        });
        fits
    }

    /// Places a job, if everything holds.
    pub(crate) fn place(&mut self, job: usize, at: usize) -> bool {
        let instance = self.instance;
        let Some(it) = instance.jobs.get(job) else {
            return false;
        };
        let Some(value) = it.value_at(at) else {
            return false;
        };
        let inside = self
            .window(job)
            .is_some_and(|(from, to)| (from..to).contains(&at));
        if self.start.at(job).is_some() || !inside || !self.fits(job, at) {
            return false;
        }
        let used = &mut self.used;
        instance.needs(it, at, |resource, amount| used.add(resource, amount));
        self.start.put(job, Some(at));
        self.score += i128::from(value) - nothing(it.must, it.none);
        true
    }

    /// Takes a job out, and first whatever waits for it; tells each that left, with its start.
    pub(crate) fn remove(&mut self, job: usize, left: &mut Vec<(usize, usize)>) {
        let instance = self.instance;
        let (Some(it), Some(at)) = (instance.jobs.get(job), self.start.at(job)) else {
            return;
        };
        for after in &it.after {
            self.remove(*after, left);
        }
        self.lift(job, at);
        left.push((job, at));
    }

    /// Takes back what was done to some jobs: they stand again as `were` says.
    pub(crate) fn restore(&mut self, now_placed: &[usize], were: &[(usize, usize)]) {
        for job in now_placed {
            if let Some(at) = self.start.at(*job) {
                self.lift(*job, at);
            }
        }
        // Whatever left last stood before those that wait for it.
        for (job, at) in were.iter().rev() {
            let back = self.place(*job, *at);
            debug_assert!(back, "what stood there stands there again");
        }
    }

    fn lift(&mut self, job: usize, at: usize) {
        let instance = self.instance;
        if let Some(it) = instance.jobs.get(job) {
            let used = &mut self.used;
            instance.needs(it, at, |resource, amount| used.add(resource, -amount));
            self.start.put(job, None);
            let value = it.value_at(at).unwrap_or(0);
            self.score -= i128::from(value) - nothing(it.must, it.none);
        }
    }

    /// The best start of a job as things stand, by value less `price` of the start.
    pub(crate) fn best_start(
        &self,
        job: usize,
        price: impl Fn(usize) -> f64,
    ) -> Option<(usize, f64)> {
        let (from, to) = self.window(job)?;
        let it = self.instance.jobs.get(job)?;
        let mut best: Option<(usize, f64)> = None;
        for start in it
            .starts
            .iter()
            .filter(|start| (from..to).contains(&start.at))
        {
            let worth = crate::math::float(start.value) - price(start.at);
            if best.is_none_or(|(_, so_far)| worth > so_far) && self.fits(job, start.at) {
                best = Some((start.at, worth));
            }
        }
        best
    }

    /// How many jobs are placed.
    pub(crate) fn placed(&self) -> i64 {
        count(self.start.iter().flatten().count())
    }
}

fn nothing(must: bool, none: i64) -> i128 {
    if must { -MUST } else { none.into() }
}
