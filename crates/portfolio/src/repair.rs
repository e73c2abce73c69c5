//! Improves a plan: takes some jobs out, puts jobs in again in another order, keeps what is no worse.
//!
//! Ruin and recreate (Schrimpf et al. 2000) with a falling tolerance; prices of resources steer what is put where.

use crate::lagrange::{Bill, Prices};
use crate::math::{At, Lots, count, float};
use crate::placement::Placement;

/// A running improvement.
pub(crate) struct Repair<'a> {
    pub(crate) best: Placement<'a>,
    now: Placement<'a>,
    lots: Lots,
    idle: u32,
}

impl<'a> Repair<'a> {
    pub(crate) fn new(best: Placement<'a>, seed: u64) -> Self {
        Self {
            now: best.clone(),
            best,
            lots: Lots::new(seed),
            idle: 0,
        }
    }

    /// Hands over a plan found elsewhere.
    pub(crate) fn offer(&mut self, found: Placement<'a>) {
        if found.score() > self.best.score() {
            self.now.clone_from(&found);
            self.best = found;
        }
    }

    /// Tries so many changes; whether the best plan became better.
    pub(crate) fn rounds(&mut self, rounds: u32, prices: &Prices<f64>) -> bool {
        let instance = self.best.instance;
        let bill = Bill::new(instance, prices);
        let before = self.best.score();
        for _ in 0..rounds {
            self.round(&bill);
        }
        self.best.score() > before
    }

    fn round(&mut self, bill: &Bill<f64>) {
        let score = self.now.score();
        let mut left = Vec::new();
        self.ruin(&mut left);
        let came = self.recreate(&left, bill);
        let tolerance = self.tolerance();
        let worse = score - self.now.score();
        if worse <= tolerance {
            if self.now.score() > self.best.score() {
                self.best.clone_from(&self.now);
                self.idle = 0;
            }
        } else {
            self.now.restore(&came, &left);
        }
        self.idle += 1;
        if self.idle > 4000 {
            self.idle = 0;
            self.now.clone_from(&self.best);
        }
    }

    /// What a change may cost: up to a job's mean value, mostly far less.
    fn tolerance(&mut self) -> i128 {
        let mean = self.best.value().unwrap_or(0) / self.best.placed().max(1);
        let luck = self.lots.unit().powi(6) * 0.3;
        crate::math::round(float(mean.max(0)) * luck)
    }

    fn ruin(&mut self, left: &mut Vec<(usize, usize)>) {
        let instance = self.now.instance;
        let jobs = instance.jobs.len();
        let Some(seed) = self.some_placed() else {
            return;
        };
        let wanted = 1 + self.lots.below(8.min(jobs));
        let by_unit = self.lots.below(2) == 0;
        let unit = instance.jobs.get(seed).and_then(|it| it.unit);
        self.now.remove(seed, left);
        for _ in 0..wanted * 8 {
            if left.len() >= wanted {
                break;
            }
            let job = self.lots.below(jobs);
            let same = instance.jobs.get(job).is_some_and(|it| it.unit == unit);
            if !by_unit || same {
                self.now.remove(job, left);
            }
        }
    }

    fn some_placed(&mut self) -> Option<usize> {
        let jobs = self.now.start.len();
        let from = self.lots.below(jobs);
        let turn = (from..jobs).chain(0..from);
        let placed = turn.take(200).find(|job| self.now.start.at(*job).is_some());
        placed.or_else(|| (0..jobs).find(|job| self.now.start.at(*job).is_some()))
    }

    fn recreate(&mut self, left: &[(usize, usize)], bill: &Bill<f64>) -> Vec<usize> {
        let instance = self.now.instance;
        let jobs = instance.jobs.len();
        let mut open: Vec<(f64, usize)> = left.iter().map(|(job, _)| (0.0, *job)).collect();
        if jobs <= 60 {
            let unplaced = (0..jobs).filter(|job| self.now.start.at(*job).is_none());
            open = unplaced.map(|job| (0.0, job)).collect();
        } else {
            for _ in 0..30 {
                let job = self.lots.below(jobs);
                if self.now.start.at(job).is_none() && !open.iter().any(|(_, known)| *known == job)
                {
                    open.push((0.0, job));
                }
            }
        }
        let keen = self.lots.unit();
        for (key, job) in &mut open {
            *key = self.key(*job, keen, bill);
        }
        open.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        let mut came = Vec::new();
        // A second time for those whose prerequisite came later in the first.
        for _ in 0..2 {
            for (_, job) in &open {
                if self.now.start.at(*job).is_none() {
                    self.insert(*job, bill, &mut came);
                }
            }
        }
        came
    }

    fn key(&mut self, job: usize, keen: f64, bill: &Bill<f64>) -> f64 {
        let instance = self.now.instance;
        let Some(it) = instance.jobs.get(job) else {
            return 0.0;
        };
        let Some(first) = it.starts.first() else {
            return f64::MIN;
        };
        let must = if it.must { 1e18 } else { 0.0 };
        let value = float(first.value - it.none);
        let size = float(it.spend.iter().sum::<i64>() / 100 + 1);
        let price = bill.resources(instance, job, first.at);
        let noise = 0.5 + self.lots.unit();
        if keen < 0.4 {
            must + (value - price) * noise
        } else if keen < 0.7 {
            must + value / size * noise * 1e6
        } else {
            must + value * noise - float(count(it.before.len()))
        }
    }

    fn insert(&mut self, job: usize, bill: &Bill<f64>, came: &mut Vec<usize>) {
        let instance = self.now.instance;
        let weight = [0.0, 0.5, 1.0].at(self.lots.below(3));
        let best = self.now.best_start(job, |at| {
            if weight > 0.0 {
                weight * bill.resources(instance, job, at)
            } else {
                0.0
            }
        });
        let Some((at, _)) = best else {
            return;
        };
        let gains = instance.jobs.get(job).is_some_and(|it| {
            it.must || !it.after.is_empty() || it.value_at(at).is_some_and(|value| value > it.none)
        });
        if gains && self.now.place(job, at) {
            came.push(job);
        }
    }
}
