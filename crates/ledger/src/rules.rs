//! What may happen at all: kinds of account and the routes between them, checked before anything moves.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{Asset, RulesFault};

/// A kind of account: a member's points, a pool, an issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Kind(pub u16);

/// Why something moves: earned, spent, given, expired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Code(pub u16);

/// What holds for accounts of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindRule {
    /// The kind.
    pub kind: Kind,
    /// Its name.
    pub name: &'static str,
    /// What its accounts hold.
    pub asset: Asset,
    /// The least balance; `None` for no least. Zero unless an account may owe.
    pub min: Option<i64>,
    /// The greatest balance; `None` for no greatest. Never zero: such an account could not receive its first transfer.
    pub max: Option<i64>,
    /// Whether its accounts keep lots.
    pub lots: bool,
}

/// A code may move from accounts of one kind to accounts of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Route {
    /// Why.
    pub code: Code,
    /// The giver's kind.
    pub from: Kind,
    /// The receiver's kind.
    pub to: Kind,
}

/// The kinds and routes of a book; none by default, so that nothing may happen.
#[derive(Debug, Default)]
pub struct Rules {
    kinds: BTreeMap<Kind, KindRule>,
    routes: BTreeSet<Route>,
    together: BTreeSet<(Code, Code)>,
}

impl KindRule {
    /// A kind whose accounts hold from zero to anything.
    pub const fn new(kind: Kind, name: &'static str, asset: Asset) -> Self {
        Self {
            kind,
            name,
            asset,
            min: Some(0),
            max: None,
            lots: false,
        }
    }

    /// The same without a least balance: issuers and the world outside.
    #[must_use]
    pub const fn may_owe(mut self) -> Self {
        self.min = None;
        self
    }

    /// The same with a greatest balance.
    #[must_use]
    pub const fn at_most(mut self, balance: i64) -> Self {
        self.max = Some(balance);
        self
    }

    /// The same with a least balance at or below zero: a debt up to there is allowed.
    #[must_use]
    pub const fn at_least(mut self, balance: i64) -> Self {
        self.min = Some(balance);
        self
    }

    /// The same with lots.
    #[must_use]
    pub const fn with_lots(mut self) -> Self {
        self.lots = true;
        self
    }
}

impl Rules {
    /// Rules of these kinds and routes. `together` names pairs of codes that move different assets and may stand in one
    /// linked chain all the same.
    ///
    /// # Errors
    /// [`RulesFault`]: a kind twice or unknown, a route across assets, a pair of codes by which time would become money,
    /// limits by which an account could never be used, lots that may be owed.
    pub fn new(
        kinds: impl IntoIterator<Item = KindRule>,
        routes: impl IntoIterator<Item = Route>,
        together: impl IntoIterator<Item = (Code, Code)>,
    ) -> Result<Self, RulesFault> {
        let mut rules = Self {
            kinds: BTreeMap::new(),
            routes: BTreeSet::new(),
            together: BTreeSet::new(),
        };
        for kind in kinds {
            rules.add_kind(kind)?;
        }
        for route in routes {
            rules.add_route(route)?;
        }
        for (one, other) in together {
            rules.add_pair(one, other)?;
        }
        Ok(rules)
    }

    fn add_kind(&mut self, rule: KindRule) -> Result<(), RulesFault> {
        let name = rule.name;
        if rule.max.is_some_and(|max| max <= 0) || rule.min.is_some_and(|min| min > 0) {
            return Err(RulesFault::UnusableLimits { name });
        }
        if rule.lots && rule.min != Some(0) {
            return Err(RulesFault::LotsOwed { name });
        }
        if self.kinds.insert(rule.kind, rule).is_some() {
            return Err(RulesFault::KindTwice { name });
        }
        Ok(())
    }

    fn add_route(&mut self, route: Route) -> Result<(), RulesFault> {
        let asset = |kind: Kind| {
            let known = self.kinds.get(&kind).map(|rule| rule.asset);
            known.ok_or(RulesFault::UnknownKind { kind })
        };
        if asset(route.from)? != asset(route.to)? {
            return Err(RulesFault::AcrossAssets { route });
        }
        self.routes.insert(route);
        Ok(())
    }

    fn add_pair(&mut self, one: Code, other: Code) -> Result<(), RulesFault> {
        let (ours, theirs) = (self.assets_of(one), self.assets_of(other));
        let is_time_for_money = |a: &BTreeSet<Asset>, b: &BTreeSet<Asset>| {
            a.contains(&Asset::Minutes) && b.contains(&Asset::Fen)
        };
        if is_time_for_money(&ours, &theirs) || is_time_for_money(&theirs, &ours) {
            return Err(RulesFault::TimeForMoney { one, other });
        }
        self.together.insert((one.min(other), one.max(other)));
        Ok(())
    }

    fn assets_of(&self, code: Code) -> BTreeSet<Asset> {
        let routes = self.routes.iter().filter(|route| route.code == code);
        routes
            .filter_map(|route| self.kinds.get(&route.from))
            .map(|kind| kind.asset)
            .collect()
    }

    /// What holds for a kind.
    pub fn kind(&self, kind: Kind) -> Option<&KindRule> {
        self.kinds.get(&kind)
    }

    /// Every kind.
    pub fn kinds(&self) -> impl Iterator<Item = &KindRule> {
        self.kinds.values()
    }

    /// Whether a code may move from one kind to another.
    pub fn allows(&self, code: Code, from: Kind, to: Kind) -> bool {
        self.routes.contains(&Route { code, from, to })
    }

    /// Whether two codes may stand in one linked chain though they move different assets.
    pub fn allows_together(&self, one: Code, other: Code) -> bool {
        self.together.contains(&(one.min(other), one.max(other)))
    }
}
