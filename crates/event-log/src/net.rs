//! Conformance by token replay: does what happened fit a process?
//!
//! A process is a Petri net: a transition takes a token from each of its input places and puts one into each output
//! place. A case is replayed activity by activity; a token that is missing is put there and counted, one that is
//! left at the end is counted too. Fitness is ½(1 − missing ⁄ consumed) + ½(1 − remaining ⁄ produced), as Rozinat
//! and van der Aalst define it (Information Systems 33, 2008). Transitions without a label are silent: they fire
//! when that enables the next activity, along the shortest way.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use crate::Trace;

/// How many markings are looked at for a way of silent transitions.
const MOST_MARKINGS: usize = 2_000;

/// A step of a process as a Petri net has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// The activity that it shows as; `None` if nobody sees it fire.
    pub label: Option<String>,
    /// Places that it takes a token from.
    pub takes: Vec<usize>,
    /// Places that it puts a token into.
    pub puts: Vec<usize>,
}

/// A process to replay on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Net {
    /// What it is called.
    pub name: String,
    /// How many places there are, numbered from 0.
    pub places: usize,
    /// The steps.
    pub transitions: Vec<Transition>,
    /// Where tokens lie at the start.
    pub start: Vec<usize>,
    /// Where tokens lie at the end.
    pub end: Vec<usize>,
}

/// How one case fitted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Replayed {
    /// Tokens put into places, those of the start included.
    pub produced: u64,
    /// Tokens taken, those of the end included.
    pub consumed: u64,
    /// Tokens that had to be put in because they were missing.
    pub missing: u64,
    /// Tokens left over.
    pub remaining: u64,
    /// Events that the process does not know.
    pub unknown: u64,
}

/// How a log fits a process.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Conformance {
    /// The process.
    pub process: String,
    /// Fitness of the whole log, 0 to 1.
    pub fitness: f64,
    /// Cases that fit without a missing or remaining token and without an unknown event.
    pub fitting_cases: u64,
    /// Their share.
    pub fitting_share: f64,
    /// Tokens over all cases.
    pub tokens: Replayed,
}

type Marking = Vec<u32>;

impl Net {
    /// Replays one case, given as activities.
    pub fn replay(&self, activities: &[&str]) -> Replayed {
        let by_label = self.by_label();
        let mut marking = vec![0_u32; self.places];
        let mut found = Replayed::default();
        put(&mut marking, &self.start, &mut found);
        for activity in activities {
            let Some(candidates) = by_label.get(activity) else {
                found.unknown += 1;
                continue;
            };
            self.step(&mut marking, candidates, &mut found);
        }
        self.walk_to(&mut marking, &mut found, |marking| {
            holds(marking, &self.end)
        });
        take(&mut marking, &self.end, &mut found);
        found.remaining = marking.iter().map(|tokens| u64::from(*tokens)).sum();
        found
    }

    pub(crate) fn conformance(
        &self,
        names: &[String],
        variants: &FxHashMap<Trace, u64>,
    ) -> Conformance {
        let mut tokens = Replayed::default();
        let (mut fitting, mut all) = (0, 0);
        for (trace, cases) in variants {
            let activities: Vec<&str> = trace
                .iter()
                .filter_map(|number| names.get(usize::try_from(*number).ok()?))
                .map(String::as_str)
                .collect();
            let one = self.replay(&activities);
            tokens.produced += one.produced * cases;
            tokens.consumed += one.consumed * cases;
            tokens.missing += one.missing * cases;
            tokens.remaining += one.remaining * cases;
            tokens.unknown += one.unknown * cases;
            all += cases;
            if one.missing + one.remaining + one.unknown == 0 {
                fitting += cases;
            }
        }
        Conformance {
            process: self.name.clone(),
            fitness: tokens.fitness(),
            fitting_cases: fitting,
            fitting_share: crate::on_time::share(fitting, all.max(1)),
            tokens,
        }
    }

    fn by_label(&self) -> FxHashMap<&str, Vec<usize>> {
        let mut by_label: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for (number, transition) in self.transitions.iter().enumerate() {
            if let Some(label) = &transition.label {
                by_label.entry(label).or_default().push(number);
            }
        }
        by_label
    }

    /// Fires one of the transitions: one that is enabled, or becomes so by silent ones, or else the first by force.
    fn step(&self, marking: &mut Marking, candidates: &[usize], found: &mut Replayed) {
        let enabled = |marking: &Marking| {
            let enabled = candidates
                .iter()
                .filter_map(|number| self.transitions.get(*number));
            enabled
                .into_iter()
                .find(|transition| holds(marking, &transition.takes))
        };
        if enabled(marking).is_none() {
            self.walk_to(marking, found, |marking| enabled(marking).is_some());
        }
        let first = candidates
            .first()
            .and_then(|number| self.transitions.get(*number));
        if let Some(transition) = enabled(marking).or(first) {
            take(marking, &transition.takes, found);
            put(marking, &transition.puts, found);
        }
    }

    /// Fires the fewest silent transitions that reach a goal; none, if no way is found.
    fn walk_to(
        &self,
        marking: &mut Marking,
        found: &mut Replayed,
        reached: impl Fn(&Marking) -> bool,
    ) {
        if reached(marking) {
            return;
        }
        let mut seen: FxHashSet<Marking> = FxHashSet::default();
        let mut waiting: VecDeque<(Marking, Replayed)> = VecDeque::new();
        seen.insert(marking.clone());
        waiting.push_back((marking.clone(), *found));
        while let Some((from, counted)) = waiting.pop_front() {
            for transition in self.transitions.iter().filter(|one| one.label.is_none()) {
                if !holds(&from, &transition.takes) {
                    continue;
                }
                let (mut next, mut counts) = (from.clone(), counted);
                take(&mut next, &transition.takes, &mut counts);
                put(&mut next, &transition.puts, &mut counts);
                if reached(&next) {
                    (*marking, *found) = (next, counts);
                    return;
                }
                if seen.len() < MOST_MARKINGS && seen.insert(next.clone()) {
                    waiting.push_back((next, counts));
                }
            }
        }
    }
}

impl Replayed {
    /// ½(1 − missing ⁄ consumed) + ½(1 − remaining ⁄ produced).
    pub fn fitness(&self) -> f64 {
        let kept = |lost: u64, all: u64| 1.0 - crate::on_time::share(lost, all.max(1));
        0.5 * kept(self.missing, self.consumed) + 0.5 * kept(self.remaining, self.produced)
    }
}

fn put(marking: &mut Marking, places: &[usize], found: &mut Replayed) {
    for place in places {
        if let Some(tokens) = marking.get_mut(*place) {
            *tokens = tokens.saturating_add(1);
            found.produced += 1;
        }
    }
}

/// Takes tokens; one that is missing is counted and thought to have been there.
fn take(marking: &mut Marking, places: &[usize], found: &mut Replayed) {
    for place in places {
        if let Some(tokens) = marking.get_mut(*place) {
            found.consumed += 1;
            match tokens.checked_sub(1) {
                Some(left) => *tokens = left,
                None => found.missing += 1,
            }
        }
    }
}

/// Whether tokens lie in all the places; twice the same place wants two tokens.
fn holds(marking: &Marking, places: &[usize]) -> bool {
    places.iter().all(|place| {
        let wanted = places.iter().filter(|other| *other == place).count();
        marking
            .get(*place)
            .is_some_and(|tokens| usize::try_from(*tokens).is_ok_and(|tokens| tokens >= wanted))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(label: &str, takes: &[usize], puts: &[usize]) -> Transition {
        Transition {
            label: (!label.is_empty()).then(|| label.to_owned()),
            takes: takes.to_vec(),
            puts: puts.to_vec(),
        }
    }

    /// take in, then ask and check in any order, then decide; checking may be passed over.
    fn net() -> Net {
        Net {
            name: "permit".to_owned(),
            places: 6,
            transitions: vec![
                step("take in", &[0], &[1, 2]),
                step("ask", &[1], &[3]),
                step("check", &[2], &[4]),
                step("", &[2], &[4]),
                step("decide", &[3, 4], &[5]),
            ],
            start: vec![0],
            end: vec![5],
        }
    }

    #[test]
    fn what_the_process_allows_fits() {
        for trace in [
            &["take in", "ask", "check", "decide"][..],
            &["take in", "check", "ask", "decide"],
            &["take in", "ask", "decide"],
        ] {
            let replayed = net().replay(trace);
            assert_eq!((replayed.missing, replayed.remaining), (0, 0), "{trace:?}");
            assert!((replayed.fitness() - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn a_step_passed_over_and_one_never_heard_of_are_counted() {
        let replayed = net().replay(&["take in", "check", "decide"]);
        // `decide` lacks the token of `ask`, and that of `take in` stays.
        assert_eq!((replayed.missing, replayed.remaining), (1, 1));
        assert_eq!((replayed.produced, replayed.consumed), (5, 5));
        assert!((replayed.fitness() - 0.8).abs() < 1e-12);
        assert_eq!(
            net().replay(&["take in", "lunch", "ask", "decide"]).unknown,
            1
        );
    }
}
