//! What a log tells: the figures, ready to be printed or drawn.

use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::analyse::{Analyser, EdgeTimes};
use crate::net::Conformance;
use crate::{OnTime, Spread};

/// How many variants are listed, the most frequent first.
const LISTED_VARIANTS: usize = 50;

/// A log's figures. Times are in microseconds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Analysis {
    /// Cases with at least one event.
    pub cases: u64,
    /// Events.
    pub events: u64,
    /// Kinds of activity.
    pub activities: usize,
    /// Different orders of activities.
    pub variants: usize,
    /// Pairs of activities of which one directly followed the other.
    pub dfg_edges: usize,
    /// The share of closed cases that were on time; `None` without due times. Open cases: `on_time_with_open`.
    pub on_time: Option<f64>,
    /// The share on time by three measures, with open cases; `None` without due times.
    pub on_time_with_open: Option<OnTime>,
    /// The first event, microseconds since 1970 UTC.
    pub first_us: Option<i64>,
    /// The last event.
    pub last_us: Option<i64>,
    /// From the first event of a case to its last.
    pub throughput: Spread,
    /// Every activity, the most frequent first.
    pub activity_list: Vec<Activity>,
    /// The directly-follows graph, the most frequent edge first.
    pub dfg: Vec<Edge>,
    /// The edges on which cases spent most time, as places in `dfg`, the worst first.
    pub bottlenecks: Vec<Edge>,
    /// What was done again.
    pub rework: Rework,
    /// The most frequent variants, at most 50.
    pub variant_list: Vec<Variant>,
    /// How the log fits the processes that it was compared with.
    pub conformance: Vec<Conformance>,
    /// What was odd in the log.
    pub warnings: Warnings,
}

/// One kind of activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Activity {
    /// Its name.
    pub name: String,
    /// How often.
    pub events: u64,
    /// In how many cases.
    pub cases: u64,
    /// How many cases began with it.
    pub starts: u64,
    /// How many cases ended with it.
    pub ends: u64,
    /// How often it was done again within a case.
    pub repeats: u64,
    /// In how many cases it was done again.
    pub repeating_cases: u64,
}

/// One activity directly after another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Edge {
    /// The earlier activity.
    pub from: String,
    /// The later one.
    pub to: String,
    /// How often.
    pub count: u64,
    /// The time between, where both have one.
    pub wait: Spread,
    /// Its part of all time between events, 0 to 1.
    pub share_of_time: f64,
}

/// Work done again.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rework {
    /// Cases in which some activity came twice.
    pub cases: u64,
    /// Their share of all cases.
    pub share_of_cases: f64,
    /// Events beyond the first of their activity in their case.
    pub events: u64,
    /// Edges from an activity to itself.
    pub self_loops: usize,
}

/// One order of activities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Variant {
    /// How many cases went so.
    pub cases: u64,
    /// The activities.
    pub activities: Vec<String>,
}

/// What was odd in a log, though it could be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Warnings {
    /// Events without time, or with one that can't be read. They count, but tell nothing about durations.
    pub events_without_time: u64,
    /// Events without activity, left out.
    pub events_without_activity: u64,
    /// Rows without case, left out.
    pub events_without_case: u64,
    /// Cases without an event, left out.
    pub empty_cases: u64,
    /// Cases whose events were put in the order of their times.
    pub cases_out_of_order: u64,
    /// Due or closing times that can't be read.
    pub unreadable_dates: u64,
    /// Cases that are still open.
    pub open_cases: u64,
    /// How the end of a case was told.
    pub end_from: String,
}

pub(crate) fn of(mut gathered: Analyser) -> Analysis {
    let nets = gathered.take_nets();
    let (outcomes, without_due) = gathered.outcomes();
    let on_time = (!outcomes.is_empty()).then(|| OnTime::of(&outcomes, without_due));
    let names: Vec<String> = gathered
        .tallies
        .iter()
        .map(|tally| tally.name.clone())
        .collect();
    let conformance = nets
        .iter()
        .map(|net| net.conformance(&names, &gathered.variants))
        .collect();
    let dfg = edges(std::mem::take(&mut gathered.edges), &names);
    let activity_list = activities(&gathered);
    Analysis {
        cases: gathered.cases,
        events: gathered.events,
        activities: activity_list.len(),
        variants: gathered.variants.len(),
        dfg_edges: dfg.len(),
        on_time: on_time.as_ref().and_then(|on_time| on_time.closed_rate),
        on_time_with_open: on_time,
        first_us: gathered.first,
        last_us: gathered.last,
        throughput: Spread::of(&mut gathered.throughput),
        bottlenecks: bottlenecks(&dfg),
        rework: Rework {
            cases: gathered.reworked_cases,
            share_of_cases: crate::on_time::share(gathered.reworked_cases, gathered.cases),
            events: activity_list.iter().map(|activity| activity.repeats).sum(),
            self_loops: dfg.iter().filter(|edge| edge.from == edge.to).count(),
        },
        variant_list: variants(&gathered.variants, &names),
        activity_list,
        dfg,
        conformance,
        warnings: gathered.warnings,
    }
}

fn activities(gathered: &Analyser) -> Vec<Activity> {
    let mut list: Vec<Activity> = gathered
        .tallies
        .iter()
        .filter(|tally| tally.events > 0)
        .map(|tally| Activity {
            name: tally.name.clone(),
            events: tally.events,
            cases: tally.cases,
            starts: tally.starts,
            ends: tally.ends,
            repeats: tally.repeats,
            repeating_cases: tally.repeating_cases,
        })
        .collect();
    list.sort_by(|one, other| {
        let by_count = other.events.cmp(&one.events);
        by_count.then_with(|| one.name.cmp(&other.name))
    });
    list
}

fn edges(edges: FxHashMap<(u32, u32), EdgeTimes>, names: &[String]) -> Vec<Edge> {
    let mut list: Vec<Edge> = edges
        .into_iter()
        .map(|((from, to), mut times)| Edge {
            from: name(names, from),
            to: name(names, to),
            count: times.count,
            wait: Spread::of(&mut times.waits),
            share_of_time: 0.0,
        })
        .collect();
    let all: i128 = list.iter().map(|edge| i128::from(edge.wait.total_us)).sum();
    let all = u64::try_from(all).unwrap_or_default();
    for edge in &mut list {
        let own = u64::try_from(edge.wait.total_us).unwrap_or_default();
        edge.share_of_time = if all > 0 {
            crate::on_time::share(own, all)
        } else {
            0.0
        };
    }
    list.sort_by(|one, other| {
        let by_count = other.count.cmp(&one.count);
        by_count.then_with(|| (&one.from, &one.to).cmp(&(&other.from, &other.to)))
    });
    list
}

fn bottlenecks(dfg: &[Edge]) -> Vec<Edge> {
    const LISTED: usize = 10;
    let mut worst: Vec<&Edge> = dfg.iter().filter(|edge| edge.wait.total_us > 0).collect();
    worst.sort_by_key(|edge| std::cmp::Reverse(edge.wait.total_us));
    worst.into_iter().take(LISTED).cloned().collect()
}

fn variants(variants: &FxHashMap<crate::Trace, u64>, names: &[String]) -> Vec<Variant> {
    let mut list: Vec<(&crate::Trace, u64)> = variants
        .iter()
        .map(|(trace, cases)| (trace, *cases))
        .collect();
    list.sort_by(|(one, one_cases), (other, other_cases)| {
        other_cases.cmp(one_cases).then_with(|| one.cmp(other))
    });
    list.into_iter()
        .take(LISTED_VARIANTS)
        .map(|(trace, cases)| Variant {
            cases,
            activities: trace.iter().map(|number| name(names, *number)).collect(),
        })
        .collect()
}

fn name(names: &[String], number: u32) -> String {
    let place = usize::try_from(number).unwrap_or(usize::MAX);
    names.get(place).cloned().unwrap_or_default()
}
