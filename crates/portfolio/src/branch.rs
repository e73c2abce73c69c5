//! Branch and bound: splits what is undecided until the best plan is proven, best bound first.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::rc::Rc;

use crate::instance::Instance;
use crate::lagrange::{Bounds, Domains, Doubt, NONE, Prices};
use crate::math::{At, float};
use crate::placement::Placement;

/// Steps of the subgradient method at a node.
const STEPS: u32 = 40;
/// The most numbers that open nodes may hold: 512 MB.
const MOST_HELD: usize = 32_000_000;

/// The tree of what is not decided yet.
pub(crate) struct Tree<'a, 'b> {
    bounds: &'b Bounds<'a>,
    instance: &'a Instance,
    open: BinaryHeap<Node>,
}

struct Node {
    bound: i64,
    /// Deeper nodes first among equals: they end sooner.
    depth: u32,
    domains: Domains,
    prices: Rc<Prices<f64>>,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Node {}

impl PartialOrd for Node {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Node {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.bound, self.depth).cmp(&(other.bound, other.depth))
    }
}

impl<'a, 'b> Tree<'a, 'b> {
    pub(crate) fn new(
        bounds: &'b Bounds<'a>,
        instance: &'a Instance,
        domains: Domains,
        bound: i64,
        prices: Prices<f64>,
    ) -> Self {
        let root = Node {
            bound,
            depth: 0,
            domains,
            prices: Rc::new(prices),
        };
        Self {
            bounds,
            instance,
            open: BinaryHeap::from([root]),
        }
    }

    /// What no plan that is not decided yet can exceed; `None` if all is decided.
    pub(crate) fn bound(&self) -> Option<i64> {
        self.open.peek().map(|node| node.bound)
    }

    /// Whether there is no room for more nodes.
    pub(crate) fn full(&self) -> bool {
        self.open.len() * self.instance.jobs.len() > MOST_HELD
    }

    /// Takes the node of the best bound and splits it; gives a plan if one was found that is better than `best`.
    pub(crate) fn step(&mut self, best: Option<i64>) -> Option<Placement<'a>> {
        let mut node = self.open.pop()?;
        let least = best.unwrap_or(i64::MIN);
        if node.bound <= least {
            self.open.clear();
            return None;
        }
        if !propagate(self.instance, &mut node.domains) {
            return None;
        }
        let goal = best.unwrap_or_else(|| node.bound.saturating_sub(node.bound.abs() / 10));
        let (bounds, instance) = (self.bounds, self.instance);
        let proven = bounds.improve(&node.domains, &node.prices, goal, STEPS, |_, _, _| {});
        let bound = proven.bound?.min(node.bound);
        if bound <= least {
            return None;
        }
        let choice = bounds.prove(&node.domains, &proven.prices)?;
        let found = Placement::of(instance, &choice.start)
            .filter(|found| found.value().is_some_and(|value| value > least));
        let least = found.as_ref().and_then(Placement::value).unwrap_or(least);
        if best.is_some() {
            bounds.fix(&mut node.domains, &proven.prices, least);
        }
        if node.domains.contains(&0) {
            return found;
        }
        let Some(job) = self.undecided(&node.domains, &proven.doubt) else {
            let starts: Vec<Option<usize>> = node.domains.iter().copied().map(decided).collect();
            let last = Placement::of(instance, &starts);
            return last.filter(|last| last.value() > Some(least)).or(found);
        };
        let (one, other) = split(node.domains.at(job), &proven.doubt.at(job));
        let prices = Rc::new(proven.prices);
        for domain in [one, other] {
            let mut domains = node.domains.clone();
            domains.put(job, domain);
            self.open.push(Node {
                bound,
                depth: node.depth + 1,
                domains,
                prices: Rc::clone(&prices),
            });
        }
        found
    }

    /// The job whose decision matters most.
    fn undecided(&self, domains: &Domains, doubt: &[Doubt]) -> Option<usize> {
        let mut best: Option<(f64, usize)> = None;
        for (job, domain) in domains
            .iter()
            .enumerate()
            .filter(|(_, domain)| domain.count_ones() > 1)
        {
            let it = self.instance.jobs.get(job)?;
            let doubt = doubt.at(job);
            let value = it.starts.first().map_or(0, |start| start.value);
            let torn = f64::from(doubt.none.min(doubt.some)) * 4.0;
            let spread = f64::from(u32::try_from(doubt.last - doubt.first).unwrap_or(0));
            let weight = (torn + spread + 0.01) * (float(value.max(0)) + 1.0);
            if domain.count_ones() > 1 && best.is_none_or(|(so_far, _)| weight > so_far) {
                best = Some((weight, job));
            }
        }
        best.map(|(_, job)| job)
    }
}

/// Two parts of a domain that make it up; neither is empty.
fn split(domain: u128, doubt: &Doubt) -> (u128, u128) {
    if domain & NONE != 0 && doubt.none > 0 {
        return (domain & !NONE, NONE);
    }
    let starts = domain & !NONE;
    let many = usize::try_from(doubt.some.max(1)).unwrap_or(1);
    let middle = doubt.sum / many;
    let early = starts & ((2_u128 << middle.min(100)) - 1);
    if early != 0 && early != domain {
        return (early, domain & !early);
    }
    let first = domain & domain.wrapping_neg();
    (first, domain & !first)
}

/// Draws what follows from prerequisites and from what is decided; false if nothing is left.
fn propagate(instance: &Instance, domains: &mut Domains) -> bool {
    windows(instance, domains) && room(instance, domains) && windows(instance, domains)
}

fn windows(instance: &Instance, domains: &mut Domains) -> bool {
    for job in &instance.order {
        let Some(it) = instance.jobs.get(*job) else {
            continue;
        };
        for before in &it.before {
            let starts = domains.at(*before) & !NONE;
            let long = instance
                .jobs
                .get(*before)
                .map_or(0, crate::instance::Job::quarters);
            let from = usize::try_from(starts.trailing_zeros()).unwrap_or(128) + long;
            let later = if starts == 0 || from > 126 {
                0
            } else {
                u128::MAX << from
            };
            let left = domains.at(*job) & (later | NONE);
            domains.put(*job, left);
        }
        if domains.at(*job) == 0 {
            return false;
        }
    }
    for job in instance.order.iter().rev() {
        let domain = domains.at(*job);
        if domain & NONE != 0 {
            continue;
        }
        let last = usize::try_from(127 - domain.leading_zeros().min(127)).unwrap_or(0);
        for before in instance
            .jobs
            .get(*job)
            .into_iter()
            .flat_map(|it| &it.before)
        {
            let long = instance
                .jobs
                .get(*before)
                .map_or(0, crate::instance::Job::quarters);
            let until = match last.checked_sub(long) {
                Some(until) => (2_u128 << until.min(100)) - 1,
                None => 0,
            };
            let left = domains.at(*before) & until;
            domains.put(*before, left);
            if left == 0 {
                return false;
            }
        }
    }
    true
}

/// Takes out what no longer fits beside the jobs that are decided.
fn room(instance: &Instance, domains: &mut Domains) -> bool {
    let mut used = vec![0_i64; instance.limit.len()];
    for (job, it) in instance.jobs.iter().enumerate() {
        if let Some(at) = decided(domains.at(job)) {
            instance.needs(it, at, |resource, amount| used.add(resource, amount));
        }
    }
    if used
        .iter()
        .zip(&instance.limit)
        .any(|(used, limit)| used > limit)
    {
        return false;
    }
    for (job, it) in instance.jobs.iter().enumerate() {
        let mut domain = domains.at(job);
        if domain.count_ones() < 2 {
            continue;
        }
        for start in it
            .starts
            .iter()
            .filter(|start| domains.at(job) & (1 << start.at) != 0)
        {
            let mut fits = true;
            instance.needs(it, start.at, |resource, amount| {
                fits &= amount <= instance.limit.at(resource) - used.at(resource);
            });
            if !fits {
                domain &= !(1 << start.at);
            }
        }
        if domain == 0 {
            return false;
        }
        domains.put(job, domain);
    }
    true
}

fn decided(domain: u128) -> Option<usize> {
    let only = domain.is_power_of_two() && domain != NONE;
    only.then(|| usize::try_from(domain.trailing_zeros()).unwrap_or(0))
}
