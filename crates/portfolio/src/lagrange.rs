//! Upper bounds: what a plan could be worth if resources had prices instead of limits.
//!
//! With a price for every resource and for every quarter in which a prerequisite may hold a job up, each job
//! chooses by itself, and what they choose together, plus the resources at their prices, is no less than any
//! plan's value. Good prices are found in floats by the subgradient method (Held, Wolfe and Crowder 1974, deflected);
//! the bound itself is reckoned in whole numbers from prices rounded to a fixed point, so it is a proof.

use crate::instance::{Instance, UNLIMITED};
use crate::math::{At, Scalar, float, round};

/// Bits behind the point of a price that proves.
const POINT: u32 = 40;
/// No price goes beyond, so that 128 bits hold every sum.
const DEAREST: f64 = 1e17;

/// Which starts each job has left: bit t for a start in quarter t, the highest for none.
pub(crate) type Domains = Vec<u128>;

/// The bit that stands for leaving a job out.
pub(crate) const NONE: u128 = 1 << 127;

/// Every start there is.
pub(crate) fn all(instance: &Instance) -> Domains {
    let jobs = instance.jobs.iter();
    jobs.map(|job| {
        let starts = job
            .starts
            .iter()
            .fold(0, |bits, start| bits | (1 << start.at));
        if job.must { starts } else { starts | NONE }
    })
    .collect()
}

/// Prices of resources and of prerequisites.
#[derive(Clone, Debug)]
pub(crate) struct Prices<N> {
    /// By resource, for one fen or one load.
    pub(crate) resource: Vec<N>,
    /// By edge and quarter.
    edge: Vec<N>,
}

impl Prices<f64> {
    /// Everything is free.
    pub(crate) fn free(instance: &Instance) -> Self {
        Self {
            resource: vec![0.0; instance.limit.len()],
            edge: vec![0.0; instance.edges().count() * instance.horizon],
        }
    }

    fn fixed(&self) -> Prices<i128> {
        let fix = |price: &f64| round(price.clamp(0.0, DEAREST) * 2_f64.powi(40)).max(0);
        Prices {
            resource: self.resource.iter().map(fix).collect(),
            edge: self.edge.iter().map(fix).collect(),
        }
    }
}

/// Prices summed up for quick reading.
pub(crate) struct Bill<N> {
    money: Vec<N>,
    unit: Vec<N>,
    edge: Vec<N>,
    /// By job: edges it waits behind, and edges that wait for it.
    stride: usize,
}

impl<N: Scalar> Bill<N> {
    pub(crate) fn new(instance: &Instance, prices: &Prices<N>) -> Self {
        let horizon = instance.horizon;
        let money = (0..horizon)
            .map(|at| {
                prices.resource.at(at) + prices.resource.at(horizon + instance.year_of.at(at))
            })
            .collect();
        let first_unit = horizon + instance.years.len();
        let units = prices.resource.get(first_unit..).unwrap_or_default();
        let mut unit = Vec::with_capacity(units.len() + units.len() / horizon.max(1));
        for row in units.chunks(horizon.max(1)) {
            let mut sum = N::default();
            unit.push(sum);
            for price in row {
                sum += *price;
                unit.push(sum);
            }
        }
        let mut edge = Vec::with_capacity(prices.edge.len() + prices.edge.len() / horizon.max(1));
        for row in prices.edge.chunks(horizon.max(1)) {
            let from = edge.len();
            edge.resize(from + horizon + 1, N::default());
            let mut sum = N::default();
            for (at, price) in row.iter().enumerate().rev() {
                sum += *price;
                edge.put(from + at, sum);
            }
        }
        Self {
            money,
            unit,
            edge,
            stride: horizon + 1,
        }
    }

    /// What the resources of a start cost.
    pub(crate) fn resources(&self, instance: &Instance, job: usize, at: usize) -> N {
        let Some(it) = instance.jobs.get(job) else {
            return N::default();
        };
        let mut sum = N::default();
        for (fen, price) in it
            .spend
            .iter()
            .zip(self.money.get(at..).unwrap_or_default())
        {
            sum += N::of(*fen) * *price;
        }
        if let Some(unit) = it.unit {
            let end = (at + it.quarters()).min(instance.horizon);
            let row = unit * self.stride;
            sum += N::of(it.load) * (self.unit.at(row + end) - self.unit.at(row + at));
        }
        sum
    }

    fn edges(&self, links: &Links, job: usize, at: usize, long: usize) -> N {
        let mut sum = N::default();
        for edge in links.behind.get(job).into_iter().flatten() {
            sum += self.edge.at(edge * self.stride + at);
        }
        let end = (at + long).min(self.stride - 1);
        for edge in links.ahead.get(job).into_iter().flatten() {
            sum -= self.edge.at(edge * self.stride + end);
        }
        sum
    }
}

/// Which edges concern a job.
#[derive(Clone, Debug)]
struct Links {
    behind: Vec<Vec<usize>>,
    ahead: Vec<Vec<usize>>,
    pairs: Vec<(usize, usize)>,
}

/// What the jobs choose at given prices.
pub(crate) struct Choice<N> {
    pub(crate) bound: N,
    /// By job; `None` is leaving it out.
    pub(crate) start: Vec<Option<usize>>,
    /// What each job's choice is worth to it.
    pub(crate) worth: Vec<N>,
}

/// A proven bound, and which starts can't stand in any better plan.
pub(crate) struct Proven {
    /// No plan within the domains is worth more; `None` if there is no plan in them at all.
    pub(crate) bound: Option<i64>,
    /// The prices it was found with.
    pub(crate) prices: Prices<f64>,
    /// How often each job chose to be left out, and its middle start, over the last steps.
    pub(crate) doubt: Vec<Doubt>,
}

/// How undecided a job was.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Doubt {
    pub(crate) none: u32,
    pub(crate) some: u32,
    pub(crate) first: usize,
    pub(crate) last: usize,
    pub(crate) sum: usize,
}

/// Bounds for one instance.
pub(crate) struct Bounds<'a> {
    instance: &'a Instance,
    links: Links,
    norm: Vec<f64>,
}

impl<'a> Bounds<'a> {
    pub(crate) fn new(instance: &'a Instance) -> Self {
        let jobs = instance.jobs.len();
        let mut links = Links {
            behind: vec![Vec::new(); jobs],
            ahead: vec![Vec::new(); jobs],
            pairs: instance.edges().collect(),
        };
        for (edge, (before, job)) in links.pairs.iter().enumerate() {
            if let Some(behind) = links.behind.get_mut(*job) {
                behind.push(edge);
            }
            if let Some(ahead) = links.ahead.get_mut(*before) {
                ahead.push(edge);
            }
        }
        let norm = instance.limit.iter().map(|limit| float((*limit).max(1)));
        Self {
            instance,
            links,
            norm: norm.collect(),
        }
    }

    /// What each job chooses at some prices; `None` if a job has nothing left to choose.
    pub(crate) fn choose<N: Scalar>(
        &self,
        domains: &Domains,
        prices: &Prices<N>,
        scale: N,
    ) -> Option<Choice<N>> {
        let bill = Bill::new(self.instance, prices);
        let mut bound = N::default();
        for (price, limit) in prices.resource.iter().zip(&self.instance.limit) {
            if *limit != UNLIMITED {
                bound += *price * N::of(*limit);
            }
        }
        let jobs = self.instance.jobs.len();
        let (mut start, mut worth) = (Vec::with_capacity(jobs), Vec::with_capacity(jobs));
        for (job, domain) in domains.iter().enumerate() {
            let (at, best) = self.choice_of(job, *domain, &bill, scale)?;
            bound += best;
            start.push(at);
            worth.push(best);
        }
        Some(Choice {
            bound,
            start,
            worth,
        })
    }

    fn choice_of<N: Scalar>(
        &self,
        job: usize,
        domain: u128,
        bill: &Bill<N>,
        scale: N,
    ) -> Option<(Option<usize>, N)> {
        let it = self.instance.jobs.get(job)?;
        let mut best = (domain & NONE != 0).then(|| (None, N::of(it.none) * scale));
        for start in it
            .starts
            .iter()
            .filter(|start| domain & (1 << start.at) != 0)
        {
            let worth = self.worth(job, start.at, start.value, bill, scale);
            if best.is_none_or(|(_, so_far)| worth > so_far) {
                best = Some((Some(start.at), worth));
            }
        }
        best
    }

    fn worth<N: Scalar>(&self, job: usize, at: usize, value: i64, bill: &Bill<N>, scale: N) -> N {
        let long = self
            .instance
            .jobs
            .get(job)
            .map_or(0, crate::instance::Job::quarters);
        N::of(value) * scale
            - bill.resources(self.instance, job, at)
            - bill.edges(&self.links, job, at, long)
    }

    /// Looks for good prices in some steps, then proves the bound that they give.
    pub(crate) fn improve(
        &self,
        domains: &Domains,
        from: &Prices<f64>,
        goal: i64,
        steps: u32,
        mut see: impl FnMut(u32, &Choice<f64>, &Prices<f64>),
    ) -> Proven {
        let jobs = self.instance.jobs.len();
        let mut search = Search::new(from);
        let mut doubt = vec![Doubt::default(); jobs];
        let mut best: Option<(f64, Prices<f64>)> = None;
        for step in 0..steps {
            let Some(choice) = self.choose(domains, &search.prices, 1.0) else {
                break;
            };
            if step * 2 >= steps {
                note_doubt(&mut doubt, &choice.start);
            }
            see(step, &choice, &search.prices);
            let better = best.as_ref().is_none_or(|(bound, _)| choice.bound < *bound);
            search.judge(better);
            if better {
                best = Some((choice.bound, search.prices.clone()));
            }
            if !self.step(&mut search, &choice, float(goal)) {
                break;
            }
        }
        let prices = best.map_or_else(|| from.clone(), |(_, prices)| prices);
        Proven {
            bound: self
                .prove(domains, &prices)
                .map(|choice| floor(choice.bound)),
            prices,
            doubt,
        }
    }

    /// The choice at prices in whole numbers.
    pub(crate) fn prove(&self, domains: &Domains, prices: &Prices<f64>) -> Option<Choice<i128>> {
        self.choose(domains, &prices.fixed(), 1 << POINT)
    }

    /// Takes from the domains what would bring a plan to `least` or below: no better plan has it.
    pub(crate) fn fix(&self, domains: &mut Domains, prices: &Prices<f64>, least: i64) {
        let fixed = prices.fixed();
        let scale = 1_i128 << POINT;
        let Some(choice) = self.choose(domains, &fixed, scale) else {
            return;
        };
        let bill = Bill::new(self.instance, &fixed);
        let hopeless = |best: i128, worth: i128| floor(choice.bound - best + worth) <= least;
        for (job, it) in self.instance.jobs.iter().enumerate() {
            let best = choice.worth.at(job);
            let mut domain = domains.at(job);
            if hopeless(best, i128::from(it.none) * scale) {
                domain &= !NONE;
            }
            for start in &it.starts {
                let bit = 1 << start.at;
                if domain & bit != 0
                    && hopeless(best, self.worth(job, start.at, start.value, &bill, scale))
                {
                    domain &= !bit;
                }
            }
            domains.put(job, domain);
        }
    }

    /// Moves prices towards what is overdrawn; false if nothing is.
    fn step(&self, search: &mut Search, choice: &Choice<f64>, goal: f64) -> bool {
        let instance = self.instance;
        search.slope.clear();
        search
            .slope
            .extend(instance.limit.iter().map(|limit| -float(*limit)));
        for (job, at) in choice.start.iter().enumerate() {
            if let (Some(at), Some(it)) = (at, instance.jobs.get(job)) {
                let slope = &mut search.slope;
                instance.needs(it, *at, |resource, amount| {
                    slope.add(resource, float(amount));
                });
            }
        }
        let mut square = 0.0;
        for (resource, limit) in instance.limit.iter().enumerate() {
            let norm = self.norm.at(resource);
            let mut slope = search.slope.at(resource) / norm;
            if *limit == UNLIMITED || (slope < 0.0 && search.prices.resource.at(resource) <= 0.0) {
                slope = 0.0;
            }
            let blended = slope + 0.4 * search.before.at(resource);
            search.before.put(resource, blended);
            square += blended * blended;
        }
        square += self.edge_slopes(search, choice);
        if square <= 0.0 {
            return false;
        }
        let room = (choice.bound - goal)
            .max(choice.bound.abs() * 1e-6)
            .max(1e-6);
        let length = search.boldness * room / square;
        for (resource, price) in search.prices.resource.iter_mut().enumerate() {
            let change = length * search.before.at(resource) / self.norm.at(resource);
            *price = (*price + change).clamp(0.0, DEAREST / self.norm.at(resource).max(1.0));
        }
        for (price, slope) in search.prices.edge.iter_mut().zip(&search.edge) {
            *price = (*price + length * slope).clamp(0.0, DEAREST);
        }
        true
    }

    fn edge_slopes(&self, search: &mut Search, choice: &Choice<f64>) -> f64 {
        let horizon = self.instance.horizon;
        let mut square = 0.0;
        for ((before, job), row) in self
            .links
            .pairs
            .iter()
            .zip(search.edge.chunks_mut(horizon.max(1)))
        {
            let long = self
                .instance
                .jobs
                .get(*before)
                .map_or(0, crate::instance::Job::quarters);
            let ends = choice.start.at(*before).map_or(usize::MAX, |at| at + long);
            let begins = choice.start.at(*job).unwrap_or(usize::MAX);
            for (at, slope) in row.iter_mut().enumerate() {
                let held = f64::from(u8::from(begins <= at)) - f64::from(u8::from(ends <= at));
                *slope = held + 0.4 * *slope;
                square += *slope * *slope;
            }
        }
        square
    }
}

/// Where the search for prices stands.
struct Search {
    prices: Prices<f64>,
    slope: Vec<f64>,
    before: Vec<f64>,
    edge: Vec<f64>,
    boldness: f64,
    idle: u32,
}

impl Search {
    fn new(from: &Prices<f64>) -> Self {
        Self {
            prices: from.clone(),
            slope: Vec::with_capacity(from.resource.len()),
            before: vec![0.0; from.resource.len()],
            edge: vec![0.0; from.edge.len()],
            boldness: 1.0,
            idle: 0,
        }
    }

    fn judge(&mut self, better: bool) {
        self.idle = if better { 0 } else { self.idle + 1 };
        if self.idle >= 10 {
            self.boldness *= 0.6;
            self.idle = 0;
        }
    }
}

fn note_doubt(doubt: &mut [Doubt], starts: &[Option<usize>]) {
    for (doubt, at) in doubt.iter_mut().zip(starts) {
        match at {
            None => doubt.none += 1,
            Some(at) => {
                doubt.first = if doubt.some == 0 {
                    *at
                } else {
                    doubt.first.min(*at)
                };
                doubt.last = doubt.last.max(*at);
                doubt.some += 1;
                doubt.sum += at;
            }
        }
    }
}

fn floor(bound: i128) -> i64 {
    i64::try_from(bound >> POINT).unwrap_or(if bound < 0 { i64::MIN } else { i64::MAX })
}
