//! A process after changes: which steps are one, and what each waits for.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, MOST_CHANGES, Refused, Takes};
use crate::{Definition, Error};

/// The changed process, as far as it matters to a case whose way is known.
pub(super) struct Plan {
    /// What is done in one go.
    nodes: Vec<Node>,
    /// In which node each step of the definition is.
    node_of: Vec<usize>,
    /// The nodes, each behind those it waits for.
    pub(super) order: Vec<usize>,
    /// New limits in days, by stage.
    pub(super) limits: BTreeMap<usize, u32>,
}

/// One step, or several merged.
pub(super) struct Node {
    pub(super) time: Time,
    /// Steps that come before, and the outcome that leads here.
    pub(super) before: BTreeSet<(usize, Option<String>)>,
}

/// How long a node takes.
pub(super) enum Time {
    Step(usize),
    Merged(Takes, Box<(Time, Time)>),
}

impl Plan {
    pub(super) fn of(definition: &Definition, changes: &[Change]) -> Result<Self, Error> {
        let mut plan = Self {
            nodes: Vec::new(),
            node_of: (0..definition.steps.len()).collect(),
            order: Vec::new(),
            limits: BTreeMap::new(),
        };
        for (place, step) in definition.steps.iter().enumerate() {
            plan.nodes.push(Node {
                time: Time::Step(place),
                before: step.after.iter().cloned().collect(),
            });
        }
        for (number, change) in changes.iter().enumerate() {
            let applied = if number < MOST_CHANGES {
                plan.apply(definition, change)
            } else {
                Err(Refused::TooMany(changes.len()))
            };
            applied.map_err(|refused| Error::Change {
                change: change.to_string(),
                refused,
            })?;
        }
        plan.order = plan.in_order();
        Ok(plan)
    }

    pub(super) fn node(&self, number: usize) -> Option<&Node> {
        self.nodes.get(number)
    }

    /// The node that a step is in.
    pub(super) fn node_of(&self, step: usize) -> Option<usize> {
        self.node_of.get(step).copied()
    }

    fn apply(&mut self, definition: &Definition, change: &Change) -> Result<(), Refused> {
        let step = |id: &String| {
            let found = definition.step(id).map(|(place, _)| place);
            found.ok_or_else(|| Refused::NoStep(id.clone()))
        };
        match change {
            Change::Merge {
                first,
                second,
                takes,
            } => self.merge(definition, step(first)?, step(second)?, *takes),
            Change::Parallel { first, second } => {
                self.put_beside(definition, step(first)?, step(second)?)
            }
            Change::Limit { stage, days } => self.cut(definition, stage, *days),
        }
    }

    fn merge(
        &mut self,
        definition: &Definition,
        first: usize,
        second: usize,
        takes: Takes,
    ) -> Result<(), Refused> {
        let (one, other) = self.two_nodes(definition, first, second)?;
        self.nothing_between(definition, one, other)?;
        self.nothing_between(definition, other, one)?;
        self.not_chosen(definition, one, other)?;
        self.not_chosen(definition, other, one)?;
        for node in &mut self.node_of {
            if *node == other {
                *node = one;
            }
        }
        let gone = Node {
            time: Time::Step(first),
            before: BTreeSet::new(),
        };
        let Some(merged) = self.nodes.get_mut(other) else {
            return Ok(());
        };
        let taken = std::mem::replace(merged, gone);
        let node_of = self.node_of.clone();
        if let Some(node) = self.nodes.get_mut(one) {
            let own = std::mem::replace(&mut node.time, Time::Step(first));
            node.time = Time::Merged(takes, Box::new((own, taken.time)));
            node.before.extend(taken.before);
            node.before
                .retain(|(step, _)| node_of.get(*step) != Some(&one));
        }
        Ok(())
    }

    fn put_beside(
        &mut self,
        definition: &Definition,
        first: usize,
        second: usize,
    ) -> Result<(), Refused> {
        let (one, other) = self.two_nodes(definition, first, second)?;
        let (earlier, later) = match (self.leads(one, other), self.leads(other, one)) {
            (true, _) => (one, other),
            (false, true) => (other, one),
            (false, false) => return Err(Refused::BesideAlready),
        };
        self.nothing_between(definition, earlier, later)?;
        self.not_chosen(definition, earlier, later)?;
        let inherited = self
            .nodes
            .get(earlier)
            .map(|node| node.before.clone())
            .unwrap_or_default();
        let members = |plan: &Self, wanted: usize| -> Vec<usize> {
            let all = plan.node_of.iter().enumerate();
            all.filter(|(_, node)| **node == wanted)
                .map(|(step, _)| step)
                .collect()
        };
        let (of_earlier, of_later) = (members(self, earlier), members(self, later));
        if let Some(node) = self.nodes.get_mut(later) {
            node.before.retain(|(step, _)| !of_earlier.contains(step));
            node.before.extend(inherited);
        }
        for node in &mut self.nodes {
            if node.before.iter().any(|(step, _)| of_later.contains(step)) {
                node.before
                    .extend(of_earlier.iter().map(|step| (*step, None)));
            }
        }
        Ok(())
    }

    fn cut(&mut self, definition: &Definition, stage: &str, days: u32) -> Result<(), Refused> {
        let mut stages = definition.stages.iter().enumerate();
        let (place, found) = stages
            .find(|(_, one)| one.id == stage)
            .ok_or_else(|| Refused::NoStage(stage.to_owned()))?;
        let now = self.limits.get(&place).copied();
        let now = now.or_else(|| found.limit().map(|limit| limit.days));
        if days == 0 || now.is_some_and(|now| days >= now) {
            return Err(Refused::NoCut(days));
        }
        self.limits.insert(place, days);
        Ok(())
    }

    fn two_nodes(
        &self,
        definition: &Definition,
        first: usize,
        second: usize,
    ) -> Result<(usize, usize), Refused> {
        match (self.node_of(first), self.node_of(second)) {
            (Some(one), Some(other)) if one != other => Ok((one, other)),
            _ => Err(Refused::Same(name(definition, first))),
        }
    }

    /// Refuses two nodes with a way between them that leads through another.
    fn nothing_between(
        &self,
        definition: &Definition,
        from: usize,
        to: usize,
    ) -> Result<(), Refused> {
        for (step, node) in self.node_of.iter().enumerate() {
            if *node != from && *node != to && self.leads(from, *node) && self.leads(*node, to) {
                return Err(Refused::Between(name(definition, step)));
            }
        }
        Ok(())
    }

    /// Refuses a node into which only one outcome of the other leads.
    fn not_chosen(&self, definition: &Definition, from: usize, to: usize) -> Result<(), Refused> {
        let before = self.nodes.get(to).map(|node| &node.before);
        for (step, on) in before.into_iter().flatten() {
            if on.is_some() && self.node_of(*step) == Some(from) {
                return Err(Refused::Chosen(name(definition, *step)));
            }
        }
        Ok(())
    }

    /// Whether a node stands before another, near or far.
    fn leads(&self, from: usize, to: usize) -> bool {
        let (mut seen, mut next) = (BTreeSet::new(), vec![to]);
        while let Some(node) = next.pop() {
            let before = self.nodes.get(node).map(|node| &node.before);
            for (step, _) in before.into_iter().flatten() {
                let Some(node) = self.node_of(*step) else {
                    continue;
                };
                if node == from {
                    return true;
                }
                if seen.insert(node) {
                    next.push(node);
                }
            }
        }
        false
    }

    /// Nodes behind those they wait for. No change makes a circle: what it joins or parts has nothing between.
    fn in_order(&self) -> Vec<usize> {
        let all: BTreeSet<usize> = self.node_of.iter().copied().collect();
        let mut order: Vec<usize> = Vec::new();
        while order.len() < all.len() {
            let ready = all.iter().find(|node| {
                let before = self.nodes.get(**node).map(|node| &node.before);
                let mut waits = before.into_iter().flatten();
                !order.contains(node)
                    && waits.all(|(step, _)| {
                        self.node_of(*step)
                            .is_none_or(|before| order.contains(&before))
                    })
            });
            let Some(ready) = ready else {
                debug_assert!(false, "changes make no circle");
                break;
            };
            order.push(*ready);
        }
        order
    }
}

fn name(definition: &Definition, step: usize) -> String {
    let found = definition.steps.get(step);
    found.map(|step| step.id.clone()).unwrap_or_default()
}
